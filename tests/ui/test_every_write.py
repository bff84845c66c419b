"""A disk that refuses any one write of an act at the desk, or all from that one on: the act is done or not, the screen
says which, nothing is half, and with room it goes on."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from sqlalchemy import func, select, text

from desktop.models import journal
from desktop.models.application import Application, Correction, StatusMove
from desktop.models.base import Record, record_classes
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from tests.conftest import Clock
from tests.faults.refusal import FAULTY, FULL, at, files_of, refusing
from tests.operations.small_hall import KTP, RINI, AtTheDesk, furnish
from tests.ui.card import ENTRIES, Card
from tests.ui.conftest import PIN, focus
from tests.ui.desk import At

Rounds = Callable[[int, int], int]
NOT_SAVED = "Disk PC ini penuh atau bermasalah. Yang terakhir belum tersimpan; data sebelumnya aman."


class Tried:
    """An act that is tried while its disk refuses a write."""

    def __init__(self, store: Store, told: Path) -> None:
        self.store, self._told = store, told

    def ready(self) -> None:
        """Bring the screen to the key before the act."""
        raise NotImplementedError

    def act(self) -> None:
        """Press that key."""
        raise NotImplementedError

    def shown(self) -> bool:
        """Whether the screen says that it was done."""
        raise NotImplementedError

    def kept(self) -> int:
        """How often it was done, by the file."""
        raise NotImplementedError

    def said(self) -> str:
        raise NotImplementedError

    def refused_everywhere(self, rounds: Rounds) -> None:
        """Refuse its writes one after another, and every one from there on."""
        self.ready()
        with refusing(files_of(self.store.folder), (), self._told) as writes:
            self.act()
        assert self.shown() and "fsync" in writes
        luck, failed = random.Random(type(self).__name__), 0
        commit = len(writes) - 1 - writes[::-1].index("fsync")
        for error in (FULL, FAULTY):
            some = luck.sample(range(len(writes)), min(len(writes), rounds(2, len(writes))))
            for place in sorted({0, commit, *some}):
                self.ready()
                before, rows = self.kept(), self._rows()
                with refusing(files_of(self.store.folder), at(writes, place, error), self._told):
                    self.act()
                assert self.kept() == before + self.shown(), (error, place, self.said())
                if not self.shown():
                    failed += 1
                    assert self.said().startswith(NOT_SAVED)
                    assert self._rows() == rows, "nothing is half"
                    self.act()
                    assert self.shown() and self.kept() == before + 1, "with room the same key does it"
        assert failed, "the control: some of the refusals stood in the way"
        self._is_whole()

    def _rows(self) -> dict[str, int]:
        tables = [journal.Entry, *record_classes().values()]
        with self.store.reading() as session:
            return {table.__name__: session.scalar(select(func.count()).select_from(table)) or 0 for table in tables}

    def _is_whole(self) -> None:
        with self.store.reading() as session:
            assert journal.verify(journal.read_entries(session.connection())) == []
            assert session.execute(text("PRAGMA quick_check")).scalar() == "ok"


def person(count: int) -> str:
    """A name that nobody had before."""
    return f"Siti {chr(65 + count // 26)}{chr(65 + count % 26)}"


class Save(Tried):
    def __init__(self, window: MainWindow, told: Path) -> None:
        super().__init__(window.store, told)
        self.at, self._people = At(window), 0

    def ready(self) -> None:
        self._people += 1
        self.at.presses("F2").fills_person(nik=f"331907520389{self._people:04}", name=person(self._people))
        self.at.types("23").types("*")

    def act(self) -> None:
        self.at.presses("F9")

    def shown(self) -> bool:
        return self.at.is_clear() and "tersimpan" in self.said()

    def kept(self) -> int:
        return counted(self.store, Application)

    def said(self) -> str:
        return self.at.message()


class OnTheCard(Tried):
    def __init__(self, desk: AtTheDesk, window: MainWindow, told: Path) -> None:
        super().__init__(desk.store, told)
        self.desk, self.window, self._people = desk, window, 0

    def ready(self) -> None:
        self._people += 1
        file = self.desk.receive(KTP, person(self._people), nik=f"331901410790{self._people:04}")
        self.card = Card(self.window, file).presses("F12")
        self.chooses()

    def chooses(self) -> None:
        raise NotImplementedError

    def act(self) -> None:
        self.card.presses("F9")

    def shown(self) -> bool:
        return self.card.screen.is_card()

    def said(self) -> str:
        return self.card.said()


class Void(OnTheCard):
    def chooses(self) -> None:
        self.card.types("2").types("2")

    def kept(self) -> int:
        with self.store.reading() as session:
            voids = select(func.count()).select_from(StatusMove).where(StatusMove.to_state == "VOID")
            return session.scalar(voids) or 0


class Correct(OnTheCard):
    def chooses(self) -> None:
        self.card.types("1").types("Budi Santoso").presses("F9").types("1")

    def kept(self) -> int:
        return counted(self.store, Correction)


def counted(store: Store, table: type[Record]) -> int:
    with store.reading() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_save(window: MainWindow, tmp_path: Path, rounds: Rounds) -> None:
    Save(window, tmp_path / "told").refused_everywhere(rounds)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("act", [Void, Correct])
def test_a_mistake_put_right(
    act: type[OnTheCard], store: Store, clock: Clock, tmp_path: Path, make_window: Callable[..., MainWindow],
    rounds: Rounds,
) -> None:  # fmt: skip
    furnish(store)
    window = make_window(store, signed_in=False, entries=ENTRIES)
    window.sign_in(RINI)
    act(AtTheDesk(store), window, tmp_path / "told").refused_everywhere(rounds)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_sign_in(window: MainWindow, tmp_path: Path, rounds: Rounds) -> None:
    """The officer of the desk comes in whatever the disk says, and hears of it."""
    at_desk, folder, told = At(window), window.store.folder, tmp_path / "told"
    at_desk.types("Siti Aminah").presses("Enter")

    def comes_in(refused: list[str]) -> list[str]:
        at_desk.presses("Ctrl+L")
        QTest.keyClicks(focus(), "111222")
        with refusing(files_of(folder), refused, told) as writes:
            QTest.keyClicks(focus(), PIN)
        assert not window.is_locked()
        assert at_desk.value("applicant.name") == "Siti Aminah"
        return writes

    writes = comes_in([])
    assert "fsync" in writes, "the control: coming in after a wrong try does write"
    for error in (FULL, FAULTY):
        for place in range(0, len(writes), rounds(9, 1)):
            comes_in(at(writes, place, error))
            assert at_desk.message().startswith(NOT_SAVED) or place >= len(writes) - 3
