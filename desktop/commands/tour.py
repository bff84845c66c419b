"""A walk through the real window by real keys: pictures and papers for the README, and a test that all of it works."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop import sample
from desktop.commands import demo
from desktop.i18n import _
from desktop.settings import Printer, Settings
from desktop.ui import program
from desktop.ui.background import AtOnce
from desktop.ui.typist import Typist, save_paper_picture

# A Monday at 10.40 in the hall; the walk's clock moves only with the walk, so that two walks give the same pictures.
MORNING = datetime(2026, 11, 23, 3, 40, tzinfo=UTC)
DAYS = 8
MOTHER, WORKER, SHORT = "9901014510920007", "9901021203880011", "9901036405950019"


class Walk:
    """One walk; every step is what an officer's hands do."""

    def __init__(self, folder: Path, profile: Path) -> None:
        self.folder = folder
        self.now = MORNING
        self.papers = folder / "papers"
        self.officer_id = demo.prepare(
            profile, DAYS, told=Settings(printer=Printer(folder=str(self.papers))), clock=self.clock
        )
        self.program = program.assemble(profile, clock=self.clock, background=AtOnce())
        self.window = self.program.window
        self.window.resize(1366, 768)
        self.window.show()
        self.hands = Typist(self.window)
        self.taken: list[str] = []

    def clock(self) -> datetime:
        return self.now

    def picture(self, name: str) -> None:
        self.hands.picture(self.folder / f"{name}.png")
        self.taken.append(name)

    def later(self, minutes: float) -> None:
        self.now += timedelta(minutes=minutes)

    def sign_in(self) -> None:
        self.picture("sign-in")
        self.hands.type(sample.PIN)

    def complete(self) -> None:
        """A lost KTP-el, for himself, all papers there: a receipt."""
        hands = self.hands
        hands.press("F2")
        self.picture("intake-empty")
        hands.type(WORKER)
        hands.type("Dwi Prasetyo Nugroho")
        hands.press("Enter")
        hands.type("081234567890")
        hands.press("Enter")
        hands.type("baro")
        hands.press("Enter", "Enter")
        hands.type("ktp hil")
        hands.press("Enter")
        hands.type("1")
        self.picture("intake-service")
        hands.type("*")
        self.picture("intake-complete")
        self.later(3)
        hands.press("F9")
        self.picture("intake-saved")
        self.paper("receipt")

    def short(self) -> None:
        """A birth; the hospital's letter was not brought and the family card cannot be read: a slip."""
        hands = self.hands
        self.later(2)
        hands.press("F2")
        hands.type(MOTHER)
        hands.type("Siti Aminah")
        hands.press("Enter", "Enter")
        hands.type("jati w")
        hands.press("Enter", "Enter")
        hands.type("akta lahir")
        hands.press("Enter")
        self.picture("intake-child")

    def dark(self) -> None:
        self.window.wear(theme="dark")
        self.picture("intake-dark")
        self.window.wear(theme="light")

    def paper(self, name: str) -> None:
        """The paper that came out last, as a picture."""
        last = max(self.papers.glob("*.pdf"), key=lambda path: path.stat().st_mtime_ns)
        save_paper_picture(last.read_bytes(), self.folder / f"{name}.png")
        self.taken.append(name)

    def close(self) -> None:
        self.program.close()


def run(folder: Path) -> int:
    """Walk, and leave PNGs and PDFs in ``folder``; no display is needed."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="loket-tour-", ignore_cleanup_errors=True) as profile:
        walk = Walk(folder, Path(profile))
        try:
            walk.sign_in()
            walk.complete()
            walk.short()
        finally:
            walk.close()
    print(_("{count} gambar disimpan di {folder}").format(count=len(walk.taken), folder=folder))
    return 0
