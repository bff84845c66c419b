"""Bits that change, disks that fill, strangers who read: each is found or harmless, and ends in a way that works."""

from __future__ import annotations

import random
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from desktop import log, sample
from desktop.errors import UserError
from desktop.folder import FILE_NAME, SLOTS_NAME, WORK_NAME
from desktop.operations import access, intake, setup
from desktop.safekeeping import backup, health, restore, salvage
from desktop.store import Store, connect
from desktop.ui.rescue import CURABLE
from tests.conftest import MORNING, Clock
from tests.safekeeping.conftest import receive
from tests.test_keys import CODE, PASSWORD

Rounds = Callable[[int, int], int]


@pytest.fixture
def pc(hall_folder: Path, tmp_path: Path) -> Path:
    """A counter with three applications, killed before its log was folded in; a stick with a backup beside it."""
    folder = tmp_path / "open"
    shutil.copytree(hall_folder, folder)
    (tmp_path / "stick").mkdir()
    store = Store.open(folder, clock=Clock())
    receive(store)
    backup.make(store, tmp_path / "stick")
    raw = connect(folder / FILE_NAME, store.ring.key)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    raw.close()
    for _more in range(2):
        receive(store)
    shutil.copytree(folder, tmp_path / "pc")
    store.close()
    return tmp_path / "pc"


def count(folder: Path) -> int:
    store = Store.open(folder, clock=Clock())
    try:
        if not health.is_whole(store):
            raise UserError("the weekly look found it", code="E-02")
        if store.lost_entries:
            raise UserError("the witness found it", code="lost")
        with store.reading() as session:
            return backup.contents(session.connection().connection.dbapi_connection).applications
    finally:
        store.close()


@pytest.mark.parametrize("name", [FILE_NAME, f"{FILE_NAME}-wal", SLOTS_NAME])
def test_one_changed_bit_is_found_or_harmless_and_ends_in_a_way_that_works(
    pc: Path, tmp_path: Path, name: str, rounds: Rounds
) -> None:
    luck, found = random.Random(name), 0
    for round_ in range(rounds(12, 340)):
        folder = tmp_path / f"round {round_}"
        shutil.copytree(pc, folder)
        content = bytearray((folder / name).read_bytes())
        at = luck.randrange(len(content) * 8)
        content[at // 8] ^= 1 << at % 8
        (folder / name).write_bytes(content)
        try:
            assert count(folder) == 3, "harmless"
        except UserError as problem:
            found += 1
            if problem.code == "lost":  # the numbers begin anew, and the officer is told
                continue
            assert problem.code in CURABLE, problem.message
            # The first backup brings the counter back; what came after it may still be read from the damaged file.
            made = backup.backups(tmp_path / "stick")
            if not (problem.code == "E-04" and restore.give_keys_back(folder, made)):
                restore.restore(made[0], folder, clock=Clock())
            assert count(folder) in (1, 3)
        shutil.rmtree(folder)
    assert found, "the control: some did harm"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_file_that_ends_too_early_is_told_wherever_it_ends(pc: Path, tmp_path: Path, rounds: Rounds) -> None:
    """Of the log it is the witness that tells, every time; a shorter database is damage."""
    luck, told = random.Random(9), 0
    for name, codes in ((f"{FILE_NAME}-wal", {"lost"}), (FILE_NAME, {"E-02", "E-08"})):
        content = (pc / name).read_bytes()
        for end in [0, *(luck.randrange(len(content)) for _round in range(rounds(8, 330)))]:
            shutil.rmtree(tmp_path / "short", ignore_errors=True)
            shutil.copytree(pc, tmp_path / "short")
            (tmp_path / "short" / name).write_bytes(content[:end])
            try:
                held = count(tmp_path / "short")
                assert (name, held) == (FILE_NAME, 3), "its last pages are in the log as well"
            except UserError as problem:
                told += 1
                assert problem.code in codes, (name, end)
    assert told > rounds(8, 330), "the control: all that is cut off the log is missed, and most of the rest"


def test_without_the_witness_a_damaged_log_loses_saves_in_silence(pc: Path, tmp_path: Path) -> None:
    """Negative control: SQLite drops what follows the damage in its log, and says nothing."""
    content = bytearray((pc / f"{FILE_NAME}-wal").read_bytes())
    content[len(content) // 3] ^= 1
    (pc / f"{FILE_NAME}-wal").write_bytes(content)
    shutil.copytree(pc, tmp_path / "silent")
    (tmp_path / "silent" / "loket.head").unlink()
    assert count(tmp_path / "silent") < 3
    with pytest.raises(UserError) as caught:
        count(pc)
    assert caught.value.code == "lost"


@pytest.mark.parametrize("act", ["restore", "salvage"])
def test_a_full_disk_leaves_the_data_in_place(pc: Path, act: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before = count(pc)
    made = backup.backups(pc.parent / "stick")[0]

    def full(*_given: object, **_more: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copyfile", full)
    monkeypatch.setattr("desktop.keys.os.fsync", full)
    with pytest.raises(UserError) as caught:
        if act == "restore":
            restore.restore(made, pc, clock=Clock())
        else:
            salvage.salvage(pc, clock=Clock())
    monkeypatch.undo()
    assert caught.value.code in ("E-05", "E-06")
    assert count(pc) == before
    restore.restore(made, pc, clock=Clock())
    assert not (pc / WORK_NAME).exists(), "the control: with room it works, and nothing is left lying about"


def test_a_full_disk_while_the_key_is_changed_keeps_the_old_one(pc: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store.open(pc, clock=Clock())
    key = store.ring.key
    store.ring.wants_new_key = True
    store.ring.save()
    store.close()
    monkeypatch.setattr("desktop.folder.os.replace", _full)
    with pytest.raises(UserError):
        Store.open(pc, clock=Clock())
    monkeypatch.undo()
    again = Store.open(pc, clock=Clock())
    assert again.ring.key != key, "the control: with room the change goes through"
    again.close()
    assert count(pc) == 3


def _full(*_given: object) -> None:
    raise OSError(28, "No space left on device")


MARKERS = [f"Zzq{n:02}marker" for n in range(50)]


def test_fifty_names_are_in_no_file_of_the_counter(hall_folder: Path, tmp_path: Path) -> None:
    """Data, log, slots, backup, what was set aside and the program's log: read as a thief would."""
    folder, stick = tmp_path / "pc", tmp_path / "stick"
    shutil.copytree(hall_folder, folder)
    stick.mkdir()
    store = Store.open(folder, clock=Clock())
    log.start(folder)
    store.ring.set_password("siti", PASSWORD, MORNING)
    store.ring.set_recovery(CODE, MORNING)
    with store.reading() as session:
        desk = setup.desk_for(session, access.officers(session)[0].id, training=True)
        offered = sample.offers(session, desk)
    for n in range(0, 50, 5):
        form = sample.Hall(n).form(offered[0], desk.day(store.clock()))
        form = replace(form, applicant=replace(form.applicant, name=" ".join(MARKERS[n : n + 5])))
        with store.saving(desk.officer_id) as session:
            intake.receive(session, desk, form)
    made = backup.make(store, stick)
    shutil.copytree(folder, tmp_path / "killed")  # with its log still unfolded
    with store.reading() as session:
        held = session.connection().exec_driver_sql("SELECT group_concat(full_name) FROM party").scalar_one()
    assert all(marker in held for marker in MARKERS), "the control: they are in there"
    store.close()
    restore.restore(made, folder, clock=Clock())
    seen = 0
    for path in tmp_path.rglob("*"):
        if path.is_file():
            seen += 1
            content = path.read_bytes()
            assert not any(marker.encode() in content for marker in (*MARKERS, PASSWORD, CODE)), path
    assert seen > 10
    assert (tmp_path / "killed" / f"{FILE_NAME}-wal").stat().st_size > 0
