"""When histories no longer fit: what a restored centre lost comes back whatever is cut off on the way, and only a copy
is taken for a copy."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop.safekeeping import health
from desktop.sync import heal, memory
from desktop.sync.link import Link
from tests.conftest import Clock
from tests.sync.hall import Centre, Pc, copy_of, make_lone, shown, shown_at_centre, versions
from tests.sync.simulation import put_back, snapshot

Make = Callable[..., Pc]


def all_sent(pc: Pc) -> None:
    """As after a day: where to look for unsent entries has moved past all there are."""
    with pc.store.arriving() as connection:
        known = memory.read(connection)
        assert known is not None
        known.sent_up_to = memory.first_unsent(connection, known)
        memory.write(connection, known)


def test_what_was_marked_before_the_line_broke_is_sent_all_the_same(
    make_admin: Make, make_pc: Make, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_admin()
    a = make_pc("a")
    snapshot(centre)
    a.receive("DKC", "after the backup")
    a.sync()
    all_sent(a)
    put_back(centre)
    real = heal._acknowledged

    def torn(*arguments: Any, **more: Any) -> Iterator[list[str]]:
        yield from real(*arguments, **more)
        raise psycopg.OperationalError("the connection was reset")

    monkeypatch.setattr(heal, "_acknowledged", torn)
    with pytest.raises(psycopg.OperationalError):
        a.sync()
    monkeypatch.undo()
    a.sync()
    assert a.saved <= centre.eids()
    assert a.pending() == 0


def test_a_recovery_closed_too_early_does_not_stop_those_who_helped(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    a, b = make_pc("a"), make_pc("b")
    snapshot(centre)
    made = a.receive("DKC", "only at the others now")
    a.sync()
    b.sync()
    put_back(centre)
    centre.connection.execute("UPDATE sync.about SET recovery_until = now() + interval '1 hour'")
    link = Link(centre.connect(b.enrolment))
    heal.greet(b.store, link)
    link.close()
    centre.connection.execute("UPDATE sync.about SET recovery_until = NULL")
    b.receive("DKC", "its own")
    b.sync()
    assert b.saved <= centre.eids()
    assert b.pending() == 0
    centre.connection.execute("UPDATE sync.about SET recovery_until = now() + interval '1 hour'")
    b.sync()
    assert centre.rows("SELECT 1 FROM record.application WHERE id = %s", made)


def test_what_was_saved_alone_comes_back_to_a_centre_that_forgot_the_joining(
    make_admin: Make, centre: Centre, empty_folder: Path, tmp_path: Path, clock: Clock
) -> None:
    make_admin()
    pc = make_lone(empty_folder, tmp_path / "alone", centre, "Loket 9", clock)
    try:
        pc.receive("DKC", "from the time alone")
        snapshot(centre)
        pc.join()
        pc.sync()
        put_back(centre)
        pc.sync()
        assert pc.saved <= centre.eids()
        assert pc.pending() == 0
    finally:
        pc.close()


def test_a_backup_older_than_this_program_start_makes_nobody_a_copy(
    make_admin: Make, make_pc: Make, centre: Centre, tmp_path: Path
) -> None:
    make_admin()
    a = make_pc("a")
    a.sync()
    a.close()
    clone = copy_of(a, tmp_path / "clone")
    snapshot(centre)
    a.open()
    a.sync()
    node = a.node()
    put_back(centre)
    a.receive("DKC", "after the backup")
    a.sync()
    assert a.node() == node
    clone.open()
    try:
        clone.sync()
        assert clone.node() != node, "a copy is found as before"
    finally:
        clone.close()


def test_a_row_flipped_at_a_counter_is_seen_by_no_exchange_and_mended_from_its_own_journal(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    a, b = make_pc("a"), make_pc("b")
    a.receive("DKC", "Siti")
    for pc in (a, b):
        pc.sync()
    whole = shown(b)
    with b.store.arriving() as connection:
        connection.exec_driver_sql("UPDATE party SET full_name = 'Sitl'")
    assert a.astray() == frozenset(), "the control: it is this PC's row alone"
    for pc in (a, b):
        pc.store.close()
        pc.open()
        pc.sync()
    assert versions(shown(b)) == shown_at_centre(centre), "digests and versions do not tell"
    assert shown(b) != whole == shown(a)
    assert health.compare_all(b.store).mended == 1
    assert shown(b) == whole
    assert b.pending() == 0, "nothing was saved for it, so nothing has to be sent"
