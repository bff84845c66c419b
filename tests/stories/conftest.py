"""A counter on an ordinary Monday morning, told in the officer's own verbs."""

from __future__ import annotations

from collections.abc import Callable

import pypdfium2
import pytest
from sqlalchemy import select

from desktop.models.catalog import Agency, Counter
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from tests.conftest import Clock
from tests.ui.conftest import (  # noqa: F401  the same real windows as in tests/ui
    dressed,
    make_window,
    ready_folder,
    ready_store,
    seconds,
)
from tests.ui.desk import At


class Booth:
    """One officer's place: who sits there, what lies on the desk, what came out of the printer."""

    def __init__(self, window: MainWindow, clock: Clock) -> None:
        self.at = At(window)
        self.window = window
        self.clock = clock

    # --- what the officer does

    def begins(self) -> Booth:
        self.at.presses("F2")
        return self

    def asks_nik(self, digits: str) -> Booth:
        self.at.types(digits).looks()
        return self

    def writes(self, *words: str) -> Booth:
        """Each on its field; Enter goes on."""
        for word in words:
            self.at.types(word).presses("Enter")
        return self

    def types(self, keys: str) -> Booth:
        self.at.types(keys)
        return self

    def asks_for_whom(self, digit: str) -> Booth:
        assert self.at.meaning() == "ANGKA = UNTUK"
        return self.types(digit)

    def chooses_service(self, words: str) -> Booth:
        assert self.at.focus() == "service_edit", self.at.focus()
        self.at.types(words).presses("Enter")
        return self

    def chooses_kind(self, digit: str) -> Booth:
        assert self.at.meaning() == "ANGKA = JENIS"
        return self.types(digit)

    def hears(self, *answers: str) -> Booth:
        """ya or tidak to each question of the standard."""
        for answer in answers:
            assert self.at.meaning() == "ANGKA = JAWABAN"
            self.types("1" if answer == "ya" else "2")
        return self

    def looks_at_papers(self, keys: str) -> Booth:
        assert self.at.meaning() == "ANGKA = SYARAT"
        return self.types(keys)

    def finishes(self) -> str:
        """F9; gives the number as people say it."""
        self.at.presses("F9")
        last = self.at.screen.file.last
        assert last is not None and self.at.is_clear(), self.at.message()
        return last.short

    def types_number_of_the_slip(self, number: str) -> Booth:
        self.at.types(number).presses("Enter")
        return self

    def reads(self) -> list[tuple[str, str]]:
        """The papers on the list, and how each stands."""
        return [(name, state) for _digit, name, state in self.at.lines()]

    # --- what others do

    def next_day(self) -> Booth:
        self.clock.forward(days=1)
        return self

    def papers(self) -> list[str]:
        """What came out, as file names."""
        folder = self.window.store.folder / "kertas"
        return sorted(path.name for path in folder.glob("*.pdf")) if folder.exists() else []

    def last_paper(self) -> str:
        """The words of the newest paper."""
        folder = self.window.store.folder / "kertas"
        newest = max(folder.glob("*.pdf"), key=lambda path: path.stat().st_mtime_ns)
        document = pypdfium2.PdfDocument(newest)
        try:
            return " ".join(" ".join(page.get_textpage().get_text_bounded() for page in document).split())
        finally:
            document.close()


@pytest.fixture
def open_booth(make_window: Callable[..., MainWindow], ready_store: Store, clock: Clock) -> Callable[..., Booth]:  # noqa: F811
    """A booth that serves these agencies."""

    def make(*codes: str) -> Booth:
        with ready_store.saving(None) as session:
            agencies = {a.code: a.id for a in session.scalars(select(Agency).where(Agency.code.in_(codes)))}
            counter = session.scalars(select(Counter)).one()
            counter.agency_ids = [agencies[code] for code in codes]
        return Booth(make_window(ready_store), clock)

    return make
