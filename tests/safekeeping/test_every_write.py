"""A disk that refuses any one write of a backup, an update, a change of key or a restore, or all from that one on."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop import keys
from desktop.errors import UserError
from desktop.folder import FILE_NAME, MARK_NAME, SLOTS_NAME, WORK_NAME
from desktop.models.migrations import HEAD
from desktop.operations import numbering
from desktop.safekeeping import backup, restore, salvage
from desktop.safekeeping.backup import ABOUT_NAME, COPY_NAME, STAMP, Contents
from desktop.store import Store
from tests.conftest import MORNING, Clock
from tests.faults.refusal import FAULTY, FULL, at, files_of, refusing

Rounds = Callable[[int, int], int]
Act = Callable[[Path], object]
RELEASE = Path(__file__).parent.parent / "files" / "release-1"


def next_start(folder: Path) -> Contents:
    """What the next start finds, every page of it read."""
    Store.open(folder, clock=Clock()).close()
    return backup.proven(folder / FILE_NAME, keys.read(folder / SLOTS_NAME).this_pc or "")


def make_backup(folder: Path) -> None:
    store = Store.open(folder, clock=Clock())
    try:
        backup.make(store, folder / "stick")
    finally:
        store.close()


def start(folder: Path) -> None:
    """A start that brings the tables up to date, or changes the key where that was asked for."""
    Store.open(folder, clock=Clock()).close()


def bring_back(folder: Path) -> None:
    restore.restore(backup.backups(folder / "stick")[-1], folder, clock=Clock())


def save_what_is_left(folder: Path) -> None:
    salvage.salvage(folder, clock=Clock())


def of_backups(folder: Path) -> list[Path]:
    (place,) = (folder / "stick").iterdir()
    draft = place / f"{MORNING:{STAMP}}.tmp"
    return [folder / COPY_NAME, *(draft / name for name in (FILE_NAME, "loket.tmp", ABOUT_NAME))]


def of_starts(folder: Path) -> list[Path]:
    return [*files_of(folder), folder / "loket.tmp", folder / "loket.db.tmp"]


def of_exchanges(folder: Path) -> list[Path]:
    work = folder / WORK_NAME
    return [*files_of(work), work / "loket.tmp", work / MARK_NAME, (work / MARK_NAME).with_suffix(".tmp"), folder]


def every_refusal(made: Path, act: Act, files: Callable[[Path], list[Path]], rounds: Rounds) -> list[Path]:
    """The folders that are left, one for each write that was refused; each act did all, or told the world's fault."""
    calm = made.with_name("calm")
    shutil.copytree(made, calm)
    with refusing(files(calm), (), made.with_name("told")) as writes:
        act(calm)
    left, told = [], 0
    for error in (FULL, FAULTY):
        some = random.Random(error).sample(range(len(writes)), min(len(writes), rounds(4, len(writes))))
        for place in sorted({0, *some}):
            folder = made.with_name(f"{error} {place}")
            shutil.copytree(made, folder)
            with refusing(files(folder), at(writes, place, error), made.with_name("told")):
                try:
                    act(folder)
                except UserError as problem:
                    told += 1
                    assert problem.code in ("E-05", "E-06", "E-12", "E-13"), problem.message
            left.append(folder)
    assert told, "the control: some of the refusals stood in the way"
    return left


@pytest.fixture
def worn(folder: Path) -> Path:
    """A counter of four days with its first backup on a stick."""
    (folder / "stick").mkdir()
    store = Store.open(folder, clock=Clock(MORNING.replace(hour=0)))
    backup.make(store, folder / "stick")
    store.close()
    return folder


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_backup(worn: Path, rounds: Rounds) -> None:
    first = next_start(worn)
    for left in every_refusal(worn, make_backup, of_backups, rounds):
        for made in backup.backups(left / "stick"):
            key = keys.read(made.folder / SLOTS_NAME).this_pc or ""
            assert backup.proven(made.folder / FILE_NAME, key) == made.contents == first
        assert next_start(left) == first
        make_backup(left)
        assert len(backup.backups(left / "stick")) >= 2, "with room the next one is made"
        shutil.rmtree(left)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_an_update(tmp_path: Path, rounds: Rounds) -> None:
    shutil.copytree(RELEASE, tmp_path / "pc")
    for left in every_refusal(tmp_path / "pc", start, of_starts, rounds):
        held = next_start(left)
        assert (held.applications, held.schema) == (12, HEAD)
        assert (left / "loket.db.before-0001").exists()
        shutil.rmtree(left)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_change_of_key(worn: Path, rounds: Rounds) -> None:
    first, ring = next_start(worn), keys.read(worn / SLOTS_NAME)
    ring.wants_new_key = True
    ring.save()
    for left in every_refusal(worn, start, of_starts, rounds):
        assert next_start(left) == first
        after = keys.read(left / SLOTS_NAME)
        assert after.this_pc != ring.this_pc and after.next is None, "with room the key is a new one"
        shutil.rmtree(left)


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("act", [bring_back, save_what_is_left])
def test_data_that_are_exchanged(worn: Path, act: Act, rounds: Rounds) -> None:
    first, spent = next_start(worn), device_code(worn)
    for left in every_refusal(worn, act, of_exchanges, rounds):
        held = next_start(left)
        assert (held.applications, held.node) == (first.applications, first.node)
        was_exchanged = any(left.glob("disisihkan-*"))
        assert (device_code(left) != spent) == was_exchanged, "no exchanged file gives old numbers again"
        act(left)
        assert device_code(left) != spent, "with room it is done"
        shutil.rmtree(left)


def device_code(folder: Path) -> int:
    """What stands in the numbers that this counter gives next."""
    store = Store.open(folder, clock=Clock())
    try:
        with store.reading() as session:
            return numbering.device_code(session)
    finally:
        store.close()
