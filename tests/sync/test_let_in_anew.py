"""PCs that come in once more: forgotten by a restored centre, revoked by mistake, or copied before they joined."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from desktop.errors import UserError
from desktop.models.local import Meta
from desktop.sync import central, enrolment, memory
from desktop.sync.address import Address
from desktop.sync.enrolment import Enrolment
from desktop.sync.link import Link, Refused
from desktop.sync.seat import is_seated
from tests.conftest import Clock
from tests.sync.hall import AGENCIES, Centre, Pc, copy_of, make_lone, shown, shown_at_centre, versions
from tests.sync.simulation import put_back, snapshot
from tests.sync.test_attacks import state_of
from tests.sync.test_versions import push_raw, raw_entry

Make = Callable[..., Pc]


def let_in_anew(pc: Pc, label: str, agencies: tuple[str, ...] = ("DKC",)) -> Pc:
    """What an administrator and the file do: another login for the same PC, which then joins."""
    if pc._line is not None:
        pc._line.close()
    pc.enrolment = pc.centre.enrol(label, agencies, counter_id="c")
    assert not is_seated(pc.store, pc.enrolment.node_id)
    pc.join()
    assert is_seated(pc.store, pc.enrolment.node_id)
    return pc


def code_of(pc: Pc) -> int:
    with pc.store.reading() as session:
        return pc.device_code(session)


def test_a_pc_that_the_restored_centre_never_knew_comes_back_with_all_it_had(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    admin, reader = make_admin(), make_pc("reader")
    snapshot(centre)
    pc = make_pc("Loket 7")
    before, code = pc.node(), code_of(pc)
    pc.receive("DKC", "sent to the centre that is lost")
    pc.sync()
    pc.receive("DKC", "not sent")
    put_back(centre)
    centre.connection.execute(f'DROP ROLE "{pc.enrolment.db_role}"')
    assert pc._line is not None
    pc._line.close()
    with pytest.raises(psycopg.OperationalError, match="authentication failed"):
        pc.sync()
    let_in_anew(pc, "Loket 7")
    assert pc.pending() == 0
    assert pc.saved <= centre.eids()
    assert centre.rows("SELECT DISTINCT db_role FROM sync.node WHERE node_id = %s", before) == [(pc.enrolment.db_role,)]
    for one in (reader, admin, pc, reader):
        one.sync()
    assert shown(pc) == shown(reader)
    assert {row["full_name"] for row in shown(reader)["party"]} == {"sent to the centre that is lost", "not sent"}
    assert versions(shown(reader)) == shown_at_centre(centre)
    # The code on its papers is nobody else's.
    owners = centre.rows("SELECT db_role FROM sync.node WHERE %s IN (device_code, spare_code)", code)
    assert owners == [(pc.enrolment.db_role,)]


def test_a_pc_revoked_by_mistake_comes_back_under_its_name_only(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    pc, thief, reader = make_pc("Loket 7"), make_pc("thief"), make_pc("reader")
    pc.receive("DKC", "sent")
    pc.sync()
    central.revoke(centre.connection, "Loket 7")
    pc.receive("DKC", "saved while it was shut out")
    former = pc.node()
    link = Link(thief.centre.connect(thief.enrolment))
    with pytest.raises(Refused) as caught:
        link.call("adopt", thief.node(), former, None, None)
    assert state_of(caught.value) == "LK102"
    link.close()
    let_in_anew(pc, "Loket 7")
    reader.sync()
    pc.sync()
    assert pc.pending() == 0
    assert {row["full_name"] for row in shown(reader)["party"]} == {"sent", "saved while it was shut out"}
    assert shown(pc) == shown(reader)


def test_cut_off_while_it_comes_back_it_goes_on(
    make_admin: Make, make_pc: Make, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_admin()
    pc = make_pc("Loket 7")
    central.revoke(centre.connection, "Loket 7")
    pc.receive("DKC", "Siti")
    pc.enrolment = centre.enrol("Loket 7", counter_id="c")

    def torn(*_arguments: object, **_more: object) -> None:
        raise psycopg.OperationalError("the connection was reset")

    with monkeypatch.context() as patch, pytest.raises(psycopg.OperationalError):
        patch.setattr("desktop.sync.join.push", torn)
        pc.join()
    assert not is_seated(pc.store, pc.enrolment.node_id)
    pc.join()
    assert is_seated(pc.store, pc.enrolment.node_id)
    assert pc.pending() == 0 and pc.saved <= centre.eids()
    with pc.store.reading() as session:
        known = memory.read(session.connection())
    assert known is not None and len(known.nodes) == len(set(known.nodes)) == 2


@pytest.fixture
def alone(centre: Centre, empty_folder: Path, tmp_path: Path) -> Pc:
    """A PC that has worked without a centre."""
    pc = make_lone(empty_folder, tmp_path / "alone", centre, "Loket 8")
    pc.receive("DKC", "before the copy")
    return pc


def test_two_copies_of_a_pc_that_stood_alone_both_come_in_and_nothing_is_lost(
    make_admin: Make, make_pc: Make, centre: Centre, alone: Pc, tmp_path: Path
) -> None:
    make_admin()
    reader = make_pc("reader")
    alone.close()
    twin = copy_of(alone, tmp_path / "twin")
    twin.enrolment = centre.enrol("Loket 9", counter_id="c")
    twin.saved = set()
    alone.open()
    twin.open()
    try:
        alone.receive("DKC", "at the first")
        twin.receive("DKC", "at the second")
        alone.join()
        twin.join()
        for pc in (alone, twin, reader, alone):
            pc.sync()
        assert alone.pending() == twin.pending() == 0
        assert alone.saved | twin.saved <= centre.eids()
        assert {row["full_name"] for row in shown(reader)["party"]} == {
            "before the copy", "at the first", "at the second"}  # fmt: skip
        assert shown(alone) == shown(twin) == shown(reader)
        assert code_of(alone) != code_of(twin)
        assert alone.node() != twin.node()
        # And once more after a centre that has forgotten both.
        snapshot(centre)
        twin.receive("DKC", "later")
        twin.sync()
        put_back(centre)
        for pc in (twin, alone, reader):
            pc.sync()
        assert {row["full_name"] for row in shown(reader)["party"]} >= {"later"}
    finally:
        alone.close()
        twin.close()


def test_who_shares_a_node_has_no_right_by_it(make_admin: Make, make_pc: Make, centre: Centre, alone: Pc) -> None:
    make_admin()
    other = make_pc("other", ("PTS",))
    with alone.store.reading() as session:
        node = session.get_one(Meta, "journal").value["node"]
    alone.join()
    link = Link(other.centre.connect(other.enrolment))
    link.call("adopt", other.node(), node, None, None)
    told = link.rows("pull", other.node(), [], [], 1000, True)
    persons = [row for row in told if row["table_name"] == "party"]
    assert persons and not [row for row in persons if row["payload"] or row["salt"]], "no word of its persons"
    with pytest.raises(Refused) as caught:
        link.call("adopt", other.node(), alone.node(), None, None)
    assert state_of(caught.value) == "LK102", "nor is a node of the centre's own shared"
    link.close()
    lane = f"{node}:{AGENCIES['DKC']}"
    row = {**shown(alone)["party"][0], "full_name": "Penanda"}
    forged = {**raw_entry(other, "party", row, 1), "origin": node, "lane": lane, "scope": "agency",
              "agency_id": AGENCIES["DKC"]}  # fmt: skip
    push_raw(other, forged)
    assert centre.rows("SELECT eid, state FROM sync.quarantine") == [(forged["eid"], "LK002")]
    assert centre.rows("SELECT donor FROM sync.journal WHERE eid = %s", forged["eid"]) == [(other.enrolment.db_role,)]
    centre.connection.execute("SELECT sync.retry(NULL)")
    alone.sync()
    assert "Penanda" not in str(shown(alone))
    alone.close()


def test_only_a_pc_that_is_shut_out_takes_another_file(
    make_admin: Make, make_pc: Make, centre: Centre, tmp_path: Path
) -> None:
    make_admin()
    pc = make_pc("Loket 7")
    told = psycopg.conninfo.conninfo_to_dict(centre.dsn)

    def file_of(made: central.Enrolment, host: str = "127.0.0.1", port: int = 0) -> tuple[Path, str]:
        where = Address(
            "same machine", (host,), port or int(str(told["port"])), made.db_role, made.secret,
            database=str(told["dbname"]), node_id=made.node_id)  # fmt: skip
        path = tmp_path / f"{made.db_role}.loket"
        return path, enrolment.write(path, Enrolment(where, "MPP", "Loket 7"), now=Clock()())

    def take(made: central.Enrolment, **more: int | str) -> Enrolment:
        return enrolment.take(pc.folder, *file_of(made, **more), now=Clock()())  # type: ignore[arg-type]

    first = take(pc.enrolment).address.role
    again = centre.enrol("Loket 7", counter_id="c")
    with pytest.raises(UserError, match="sudah terdaftar"):
        take(again)
    central.revoke(centre.connection, pc.enrolment.node_id)
    assert take(again).address.role == again.db_role != first
    # A centre that is gone for good: its successor has another address.
    kept = enrolment.address.load(pc.folder)
    assert kept is not None
    third = centre.enrol("Loket 7 baru", counter_id="c")
    enrolment.address.save(pc.folder, enrolment.replace(kept, port=1))
    with pytest.raises(UserError, match="sudah terdaftar"):
        take(third)
    assert take(third, host="localhost").address.role == third.db_role
