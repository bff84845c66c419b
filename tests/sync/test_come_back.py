"""A copied disk, an old image, a restored centre, a lost PC: nothing is lost and no number is given twice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from desktop.folder import FILE_NAME
from desktop.safekeeping import salvage
from desktop.store import connect
from desktop.sync import memory, pull
from tests.sync.hall import Centre, Make, Pc, copy_of, shown, shown_at_centre, two, versions
from tests.sync.simulation import put_back, snapshot

PAGE = 4096


def test_a_copied_disk_goes_on_as_a_pc_of_its_own(
    make_admin: Make, make_pc: Make, tmp_path: Path, centre: Centre
) -> None:
    _admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "before")
    a.close()
    clone = copy_of(a, tmp_path / "clone")
    a.open()
    clone.open()
    try:
        a.receive("DKC", "at the first")
        clone.receive("DKC", "at the copy")
        a.sync()
        clone.sync()
        assert clone.node() != a.node()
        for pc in (a, clone, b):
            pc.sync()
        assert shown(a) == shown(clone) == shown(b)
        assert sorted(row["full_name"] for row in shown(b)["party"]) == ["at the copy", "at the first", "before"]
        with a.store.reading() as one, clone.store.reading() as two_:
            assert a.device_code(one) != clone.device_code(two_)
    finally:
        clone.close()


def test_an_old_image_takes_back_what_it_lost(make_admin: Make, make_pc: Make, tmp_path: Path) -> None:
    _admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "kept")
    a.sync()
    a.close()
    old = copy_of(a, tmp_path / "old")
    a.open()
    a.receive("DKC", "saved after the image")
    a.sync()
    old.open()
    try:
        old.receive("DKC", "saved on the restored PC")
        old.sync()
        b.sync()
        old.sync()
        assert shown(old) == shown(b)
        assert len(shown(old)["application"]) == 3
    finally:
        old.close()


def test_a_restored_centre_is_healed_by_the_counters(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "in the backup")
    a.sync()
    b.sync()
    snapshot(centre)
    made = a.receive("DKC", "after the backup")
    a.sync()
    b.sync()
    put_back(centre)
    assert not centre.rows("SELECT 1 FROM record.application WHERE id = %s", made)
    b.receive("DKC", "while it was gone")
    for pc in (b, a, b, admin, a):
        pc.sync()
    assert centre.rows("SELECT 1 FROM record.application WHERE id = %s", made)
    assert shown(a) == shown(b)
    assert versions(shown(a)) == shown_at_centre(centre)


def test_what_a_lost_pc_had_saved_comes_back_from_the_others_once_recovery_is_open(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    _admin, a, b = two(make_admin, make_pc)
    snapshot(centre)
    made = a.receive("DKC", "only at the others now")
    a.sync()
    b.sync()
    put_back(centre)
    # a is gone with its disk; without an administrator's word nobody may speak for it.
    b.sync()
    assert not centre.rows("SELECT 1 FROM record.application WHERE id = %s", made)
    centre.connection.execute("UPDATE sync.about SET recovery_until = now() + interval '1 hour'")
    b.sync()
    assert centre.rows("SELECT 1 FROM record.application WHERE id = %s", made)
    assert centre.rows("SELECT count(*) FROM sync.journal WHERE donor IS NOT NULL") != [(0,)]


def test_what_a_salvaged_file_had_not_sent_is_sent(
    make_admin: Make, make_pc: Make, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fewer rows of the journal come out than lay in it, so the mark of how far was sent stands behind others."""
    _admin, a, b = two(make_admin, make_pc)
    monkeypatch.setattr(pull, "LIMIT", 5)
    for serial in range(5):
        a.receive("DKC", f"sent {serial}")
    a.sync()
    a.receive("DKC", "not sent yet")
    unsent = set(a.journal_column("eid", "arr IS NULL"))
    with a.store.reading() as session:
        known = memory.read(session.connection())
    assert known is not None and known.sent_up_to == len(a.journal_column("eid", "arr > 0"))
    a.close()
    destroy_first_entries(a)
    assert salvage.salvage(a.folder, clock=a.clock).unreadable > 0
    a.open()
    assert unsent <= set(a.journal_column("eid")) and a.pending() == len(unsent)
    a.sync()
    b.sync()
    assert unsent <= centre.eids()
    assert shown(a) == shown(b), "and what was unreadable came back"


def destroy_first_entries(pc: Pc) -> None:
    """One page of the journal, as a bad sector would take it; not the one of the newest entries."""
    path, key = pc.folder / FILE_NAME, pc.store.ring.key
    whole = path.read_bytes()
    for place in range(PAGE, len(whole), PAGE):
        path.write_bytes(whole[:place] + random.Random(1).randbytes(200) + whole[place + 200 :])
        if not reads(path, key, "rowid <= 5") and reads(path, key, "rowid > (SELECT max(rowid) - 3 FROM journal)"):
            return
    raise AssertionError("no such page")


def reads(path: Path, key: str, where: str) -> bool:
    try:
        source = connect(path, key)
    except driver.DatabaseError:
        return False
    try:
        source.execute(f"SELECT payload FROM journal NOT INDEXED WHERE {where}").fetchall()
        return True
    except driver.DatabaseError:
        return False
    finally:
        source.close()
