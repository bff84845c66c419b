"""A copied disk, an old image, a restored centre, a lost PC: nothing is lost and no number is given twice."""

from __future__ import annotations

from pathlib import Path

from tests.sync.hall import Centre, Make, copy_of, shown, shown_at_centre, two, versions
from tests.sync.simulation import put_back, snapshot


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
