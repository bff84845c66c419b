"""An act is written once, at the centre too: nobody makes something else of another's application, check or print."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

import pytest

from desktop.models.application import Application, Note
from desktop.models.base import new_id, now
from desktop.models.journal import SCHEMA_VERSION
from desktop.sync import central
from tests.sync.hall import AGENCIES, Centre, Pc, shown, shown_at_centre, versions
from tests.sync.test_versions import push_raw, raw_entry

Make = Callable[..., Pc]


@pytest.fixture
def hall(make_admin: Make, make_pc: Make) -> tuple[Pc, Pc, Pc]:
    """The PC whose file it is, the one that would change it, and one that reads both."""
    make_admin()
    owner, attacker, reader = make_pc("owner"), make_pc("attacker"), make_pc("reader")
    made = owner.receive("DKC", "Siti")
    owner.save(lambda session: session.add(Note(
        application_id=made, about_table="application", about_id=made, text="Dokumen asli di map biru",
        officer_id="rini", at=now(session))))  # fmt: skip
    for pc in (owner, attacker, reader):
        pc.sync()
    return owner, attacker, reader


def overwriting(attacker: Pc, table: str, **changes: Any) -> dict[str, Any]:
    """An entry that makes something else of the row that all show."""
    row = shown(attacker)[table][0]
    payload = {name: value for name, value in row.items() if name not in ("ehlc", "eid")} | changes
    entry = raw_entry(attacker, table, payload, SCHEMA_VERSION)
    if table != "note":
        return entry
    return {**entry, "scope": "agency", "agency_id": AGENCIES["DKC"], "lane": f"{attacker.node()}:{AGENCIES['DKC']}"}


@pytest.mark.parametrize(("table", "changes"), [
    ("application", {"number": "2611231079999"}),
    ("application", {"deleted": True}),
    ("application", {"note_of_a_newer_program": "x"}),
    ("status_move", {"to_state": "VOID"}),
    ("note", {"text": "Ditolak"}),
])  # fmt: skip
def test_who_would_overwrite_an_act_is_put_aside(
    hall: tuple[Pc, Pc, Pc], centre: Centre, table: str, changes: dict[str, Any]
) -> None:
    owner, attacker, reader = hall
    before = shown(owner)[table]
    entry = overwriting(attacker, table, **changes)
    honest = raw_entry(attacker, "clock_event", {
        "id": new_id(), "deleted": False, "node_id": attacker.node(), "at": "2026-11-23T01:00:00.000000Z",
        "kind": "step", "wall_ms": 1, "step_ms": 1}, SCHEMA_VERSION)  # fmt: skip
    push_raw(attacker, entry, honest)
    assert centre.rows("SELECT eid, state FROM sync.quarantine") == [(entry["eid"], "LK005")]
    for pc in (attacker, owner, reader):
        pc.sync()
    assert shown(owner)[table] == shown(reader)[table] == before
    assert len(shown(reader)["clock_event"]) == 1, "and what came with it is there"
    assert versions(shown(reader)) == shown_at_centre(centre)
    centre.connection.execute("SELECT sync.retry(NULL)")
    assert centre.rows("SELECT state FROM sync.quarantine") == [("LK005",)]


def test_without_the_rule_the_number_on_paper_is_another_everywhere(
    hall: tuple[Pc, Pc, Pc], centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: the same entry at a centre that takes an act for any other row."""
    _owner, attacker, reader = hall
    monkeypatch.setattr(Application, "insert_only", False)
    centre.connection.execute(central.apply_function(Application).encode())
    push_raw(attacker, overwriting(attacker, "application", number="2611231079999"))
    reader.sync()
    assert [row["number"] for row in shown(reader)["application"]] == ["2611231079999"]


def test_the_same_act_of_another_entry_is_harmless(hall: tuple[Pc, Pc, Pc], centre: Centre) -> None:
    owner, attacker, reader = hall
    again = overwriting(attacker, "application")
    push_raw(attacker, again)
    push_raw(attacker, again)
    assert centre.rows("SELECT 1 FROM sync.quarantine") == []
    owner.sync()
    reader.sync()
    assert shown(owner) == shown(reader)
    assert versions(shown(reader)) == shown_at_centre(centre)


def test_of_two_in_one_push_the_first_holds(hall: tuple[Pc, Pc, Pc], centre: Centre) -> None:
    _owner, attacker, reader = hall
    row = {**overwriting(attacker, "application"), "row_id": new_id()}
    payload = json.loads(row["payload"]) | {"id": row["row_id"]}
    first, second = (
        raw_entry(attacker, "application", {**payload, "number": number}, SCHEMA_VERSION)
        for number in ("2611231070002", "2611231070003")
    )
    push_raw(attacker, first, second)
    assert centre.rows("SELECT eid FROM sync.quarantine") == [(second["eid"],)]
    reader.sync()
    assert {row["number"] for row in shown(reader)["application"]} == {"2611231070001", "2611231070002"}


def test_of_two_at_the_same_moment_one_holds(hall: tuple[Pc, Pc, Pc], centre: Centre) -> None:
    owner, attacker, reader = hall
    payload = json.loads(overwriting(attacker, "application")["payload"]) | {"id": new_id()}
    first, second = (
        raw_entry(pc, "application", {**payload, "number": number}, SCHEMA_VERSION)
        for pc, number in ((owner, "2611231070002"), (attacker, "2611231070003"))
    )
    hand = threading.Thread(target=push_raw, args=(attacker, second))
    with owner.centre.connect(owner.enrolment) as connection, connection.transaction():
        connection.execute(
            "SELECT sync.push(%s, %s, %s, 0, %s, '1', '{}')",
            (owner.node(), [owner.store.start_id], json.dumps([first]), SCHEMA_VERSION),
        )
        hand.start()
        while not centre.rows("SELECT 1 FROM pg_stat_activity WHERE wait_event = 'transactionid'"):
            assert hand.is_alive()
    hand.join()
    assert centre.rows("SELECT eid, state FROM sync.quarantine") == [(second["eid"], "LK005")]
    reader.sync()
    assert "2611231070003" not in {row["number"] for row in shown(reader)["application"]}


def test_an_act_comes_back_to_a_centre_that_lost_it(hall: tuple[Pc, Pc, Pc], centre: Centre) -> None:
    owner, _attacker, reader = hall
    with centre.connection.transaction():
        for table in ("record.application", "record.status_move", "record.note", "sync.quarantine"):
            centre.connection.execute(f"DELETE FROM {table}")
        centre.connection.execute("DELETE FROM sync.journal WHERE origin = %s", (owner.node(),))
        centre.connection.execute(
            "UPDATE sync.lane SET last_arr = 0, last_dig = 0 WHERE node_id = %s", (owner.node(),)
        )
    owner.sync()
    reader.sync()
    assert centre.rows("SELECT 1 FROM sync.quarantine") == []
    assert shown(owner) == shown(reader)
    assert len(shown_at_centre(centre)["application"]) == 1


def test_another_pcs_name_is_said_by_that_pc_alone(hall: tuple[Pc, Pc, Pc], centre: Centre) -> None:
    owner, attacker, reader = hall
    [row] = [row for row in shown(attacker)["node"] if row["id"] == owner.node()]
    payload = {name: value for name, value in row.items() if name not in ("ehlc", "eid")}
    push_raw(attacker, raw_entry(attacker, "node", {**payload, "label": "Loket palsu"}, SCHEMA_VERSION))
    assert centre.rows("SELECT state FROM sync.quarantine") == [("LK004",)]
    push_raw(owner, raw_entry(owner, "node", {**payload, "label": "Loket 1"}, SCHEMA_VERSION))
    reader.sync()
    assert {row["label"] for row in shown(reader)["node"]} >= {"Loket 1"}
    assert "Loket palsu" not in str(shown(reader)["node"])


def test_every_act_of_the_program_is_a_table_that_is_written_once() -> None:
    """model.md section 3: the tables marked I."""
    from desktop.models.base import record_classes

    once = {table for table, record_class in record_classes().items() if record_class.insert_only}
    assert once == {
        "device_code", "service_standard", "application", "visit", "document_check", "correction", "status_move",
        "paper_print", "clock_event", "intake_detail", "note", "access_event",
    }  # fmt: skip
    for table in once:
        assert "LK005" in central.apply_function(record_classes()[table])
    assert "LK005" not in central.apply_function(record_classes()["party"])
