"""A PC is lost, and another takes its place: from last night's backup, an old one or none, and the centre."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.safekeeping import backup, restore
from desktop.safekeeping.backup import Backup
from tests.conftest import Clock
from tests.sync.hall import Centre, Pc
from tests.sync.working_hall import Desks, join_counter, open_hall, rows


class Lost:
    """What a counter held when it was lost, and what is left: its backups, its neighbours and the centre."""

    def __init__(self, hall_folder: Path, empty_folder: Path, folder: Path, centre: Centre) -> None:
        clock, desks, self.folder = Clock(), Desks(5), folder
        self.admin = open_hall(hall_folder, folder / "admin", centre, clock)
        self.neighbour = join_counter(empty_folder, folder / "neighbour", self.admin, "Loket 2", clock)
        self.pc = join_counter(empty_folder, folder / "pc", self.admin, "Loket 1", clock)
        self.backups: list[Backup] = []
        (folder / "stick").mkdir()
        for _day in range(3):
            for _person in range(4):
                clock.forward(minutes=9)
                desks.receive(self.pc)
                desks.receive(self.neighbour)
            self.pc.rename(self.pc.parties()[0], f"Nama Baru {len(self.backups)}")
            self.neighbour.rename(self.neighbour.parties()[1], f"Nama Lain {len(self.backups)}")
            for pc in (self.pc, self.neighbour, self.pc):
                pc.sync()
            self.backups.append(backup.make(self.pc.store, folder / "stick"))
            clock.forward(days=1)
        for _person in range(3):
            desks.receive(self.pc)
        for pc in (self.pc, self.neighbour, self.pc):
            pc.sync()
        self.held, self.desks = rows(self.pc), desks
        self.pc.close()
        shutil.rmtree(self.pc.folder)

    def close(self) -> None:
        self.admin.close()
        self.neighbour.close()

    def restored(self, place: int, folder: Path) -> Pc:
        """Another PC with the same login and this backup, not yet in touch with the centre."""
        folder.mkdir()
        restore.restore(self.backups[place], folder, clock=self.pc.clock)
        return Pc(folder, self.pc.centre, self.pc.enrolment, self.pc.clock, self.pc.agencies).open()

    def missing(self, other: Pc) -> dict[str, int]:
        """How many rows of the lost file are not, byte for byte, in that one."""
        got = rows(other)
        return {table: len(left) for table, held in self.held.items() if (left := held - got[table])}

    def more(self, other: Pc) -> dict[str, int]:
        """How many are there that it had not."""
        return {table: len(come) for table, found in rows(other).items() if (come := found - self.held[table])}

    def goes_on(self, other: Pc) -> None:
        """The next number is one that no paper carries, and the neighbour comes to hold what this PC holds."""
        given = set(self.desks.numbers)
        self.desks.receive(other)
        assert self.desks.numbers[-1] not in given
        for pc in (other, self.neighbour, other):
            pc.sync()
        assert rows(other) == rows(self.neighbour)


@pytest.fixture
def lost(hall_folder: Path, empty_folder: Path, tmp_path: Path, centre: Centre) -> Iterator[Lost]:
    made = Lost(hall_folder, empty_folder, tmp_path, centre)
    yield made
    made.close()


@pytest.mark.parametrize("place", [-1, 0])
def test_last_nights_backup_or_an_old_one_and_the_centre_give_every_row_back(
    lost: Lost, tmp_path: Path, place: int
) -> None:
    other = lost.restored(place, tmp_path / "other")
    assert lost.missing(other)["application"] >= 3, "the control: what came after the backup is not in it"
    other.sync()
    assert (lost.missing(other), lost.more(other)) == ({}, {})
    lost.goes_on(other)
    other.close()


def test_a_second_pc_from_the_same_backup_goes_on_under_another_name(lost: Lost, tmp_path: Path) -> None:
    one, other = lost.restored(0, tmp_path / "one"), lost.restored(0, tmp_path / "other")
    one.sync()
    other.sync()
    assert (lost.missing(other), lost.missing(one), lost.more(one)) == ({}, {}, {})
    assert lost.more(other) == {"node": 1, "device_code": 2, "journal": 3}, "only what says who it is now"
    lost.desks.receive(one)
    one.sync()
    other.sync()
    lost.goes_on(other)
    one.close()
    other.close()


def test_the_centre_alone_gives_every_row_back(lost: Lost, empty_folder: Path, tmp_path: Path) -> None:
    other = join_counter(empty_folder, tmp_path / "other", lost.admin, "Loket 1", lost.pc.clock)
    assert lost.missing(other) == {}
    assert set(lost.more(other)) == {"node", "device_code", "journal"}
    lost.goes_on(other)
    other.close()
