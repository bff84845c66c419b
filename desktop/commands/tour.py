"""A walk through the real window by real keys: pictures and papers for the README, and a test that all of it works."""

from __future__ import annotations

import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from desktop import sample
from desktop.commands import demo, tour_hall
from desktop.i18n import _
from desktop.settings import Printer, Settings
from desktop.ui import program
from desktop.ui.background import AtOnce
from desktop.ui.typist import Typist, save_paper_picture

# A Monday at 10.40 in the hall; the clock moves only with the walk.
MORNING = datetime(2026, 11, 23, 3, 40, tzinfo=UTC)
DAYS = 8
MOTHER, WORKER = "9901014510920007", "9901021203880011"


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
        self.seen: set[Path] = set(self.papers.glob("*.pdf"))

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
        """A birth; the letter of birth was not brought and the family card cannot be read: a slip."""
        hands = self.hands
        self.later(2)
        hands.press("F2")
        hands.type(MOTHER)
        hands.type("Siti Aminah")
        hands.press("Enter", "Enter")
        hands.type("jati w")
        hands.press("Enter")
        hands.type("2")
        hands.type("Bayi Siti Aminah")
        hands.press("Enter")
        hands.type("20112026")
        hands.press("Enter")
        hands.type("kelahiran")
        hands.press("Enter")
        hands.type("1")
        self.picture("intake-questions")
        hands.type("12")
        hands.type("*")
        hands.type("-2")
        hands.type("-4")
        self.picture("intake-fault")
        hands.type("1")
        self.picture("intake-short")
        self.later(4)
        hands.press("F9")
        self.paper("slip")

    def repeat(self) -> None:
        """The worker of the morning again: one NIK, and the rest is known."""
        hands = self.hands
        self.later(4)
        hands.press("F2")
        hands.type(WORKER)
        self.picture("intake-known")
        hands.type("ktp hil")  # by name: which services are frequent is the training hall's affair
        hands.press("Enter")
        hands.type("2")
        hands.type("*")
        self.later(1)
        hands.press("F9")
        self.paper("receipt-repeat")

    def reprint(self) -> None:
        """The receipt got wet on the way out: a copy that says so."""
        hands = self.hands
        self.later(1)
        hands.press("Ctrl+P")
        self.picture("reprint-question")
        hands.type("3")
        self.paper("receipt-copy")

    def lists(self) -> None:
        """What the day looks like, to the officer and to the supervisor."""
        hands = self.hands
        hands.press("F4")
        self.picture("today")
        hands.press("Down", "Enter")
        self.picture("application")
        hands.press("Esc")
        self.window.show_screen("summary")
        self.picture("summary")
        self.window.show_screen("settings")
        self.picture("settings")
        self.window.show_screen("intake")

    def dark(self) -> None:
        self.window.wear(theme="dark")
        self.picture("intake-dark")
        self.window.wear(theme="light")

    def paper(self, name: str) -> None:
        """The paper that came out last, as a picture."""
        new = set(self.papers.glob("*.pdf")) - self.seen
        if len(new) != 1:
            raise RuntimeError(f"{name}: {len(new)} papers came out where one should")
        self.seen |= new
        save_paper_picture(new.pop().read_bytes(), self.folder / f"{name}.png")
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
            walk.repeat()
            walk.reprint()
            walk.lists()
            walk.dark()
        finally:
            walk.close()
    walk.taken += tour_hall.walk(folder)
    print(_("{count} gambar disimpan di {folder}").format(count=len(walk.taken), folder=folder))
    return 0
