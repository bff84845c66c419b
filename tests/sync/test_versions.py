"""Programs of different times in one hall: an older one erases nothing it does not know, an update heals the rest."""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from desktop.errors import UserError
from desktop.models import agreement, journal
from desktop.models.base import new_id
from desktop.models.catalog import Counter
from desktop.models.people import Party
from desktop.sync import central
from desktop.sync.link import Link, Refused
from tests.sync.hall import VERSION, Centre, Pc, shown, shown_at_centre, versions

Make = Callable[..., Pc]


@contextlib.contextmanager
def an_older_program(*without: str) -> Iterator[None]:
    """As if these columns of a party had come with a later release."""
    whole = Party.payload_columns()
    real = journal.SCHEMA_VERSION
    Party._payload_columns = tuple(name for name in whole if name not in without)
    journal.SCHEMA_VERSION = real - 1
    journal._upsert.cache_clear()
    agreement._kept.cache_clear()
    try:
        yield
    finally:
        Party._payload_columns = whole
        journal.SCHEMA_VERSION = real
        journal._upsert.cache_clear()
        agreement._kept.cache_clear()


def party_of(pc: Pc) -> dict[str, Any]:
    [party] = shown(pc)["party"]
    return party


def a_file_with_address(pc: Pc) -> str:
    pc.receive("DKC", "Siti")
    [party] = pc.parties()
    pc.save(lambda session: setattr(session.get_one(Party, party), "address", "Jalan Melati 3"))
    pc.sync()
    return party


def test_an_older_program_edits_a_row_and_keeps_what_it_does_not_know(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    new, third = make_pc("new"), make_pc("third")
    with an_older_program("address"):
        old = make_pc("old")
    party = a_file_with_address(new)
    with an_older_program("address"):
        old.sync()
        old.rename(party, "Siti Aminah")
        old.sync()
    new.sync()
    third.sync()
    assert (party_of(new)["full_name"], party_of(new)["address"]) == ("Siti Aminah", "Jalan Melati 3")
    assert versions(shown(new)) == versions(shown(third)) == shown_at_centre(centre)
    assert shown(new)["party"] == shown(third)["party"]
    assert centre.rows("SELECT full_name, address FROM record.party") == [("Siti Aminah", "Jalan Melati 3")]


def test_a_column_that_is_not_sent_at_all_is_completed_by_the_centre_for_every_reader(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    new, reader = make_pc("new"), make_pc("reader")
    with an_older_program("address"):
        old = make_pc("old")
    party = a_file_with_address(new)
    with an_older_program("address"):
        old.sync()

        def forget_and_rename(session: Any) -> None:
            row = session.get_one(Party, party)
            row.extra, row.full_name = None, "Siti Aminah"

        old.save(forget_and_rename)
        [payload] = old.journal_column("payload", f"row_id = '{party}' AND hlc = (SELECT max(hlc) FROM journal)")
        assert "address" not in json.loads(payload), "the fault is there to be mended"
        old.sync()
    reader.sync()
    new.sync()
    assert [party_of(pc)["address"] for pc in (reader, new)] == ["Jalan Melati 3"] * 2
    assert centre.rows("SELECT filled ->> 'address' FROM sync.journal WHERE filled IS NOT NULL") == [
        ("Jalan Melati 3",)
    ]
    assert reader.astray() == new.astray() == frozenset(), "what the centre completed is no fault of the row"


def test_an_update_turns_what_was_not_understood_into_columns(make_admin: Make, make_pc: Make) -> None:
    make_admin()
    new = make_pc("new")
    with an_older_program("address"):
        old = make_pc("old")
    a_file_with_address(new)
    with an_older_program("address"):
        old.sync()
        with old.store.reading() as session:
            [row] = session.query(Party).all()
            assert row.address is None and row.extra == {"address": "Jalan Melati 3"}
        assert old.astray() == frozenset()
        with old.store.arriving() as connection:
            connection.exec_driver_sql("UPDATE party SET extra = replace(extra, '3', '4')")
        assert old.astray() == {("party", row.id)}, "what this program does not know is compared too"
        with old.store.arriving() as connection:
            agreement.mend(connection, old.astray())
        with old.store.arriving() as connection:
            connection.exec_driver_sql("UPDATE meta SET value = json_set(value, '$.schema_v', 0) WHERE name='journal'")
    old.close()
    old.open()
    assert party_of(old)["address"] == "Jalan Melati 3"


def raw_entry(pc: Pc, table: str, payload: dict[str, Any], schema_v: int) -> dict[str, Any]:
    """An entry such as a program of another time would send from this PC."""
    node, text = pc.node(), journal.canon(payload)
    later = round(time.time() * 1000 + 60_000) << 16
    entry = {
        "eid": new_id(), "lane": f"{node}:hall", "scope": "hall", "agency_id": None, "origin": node, "start_id": "s",
        "hlc": later, "ehlc": later, "table_name": table, "row_id": payload["id"],
        "op": "upsert", "base": None, "schema_v": schema_v, "officer_id": None, "payload": text, "salt": "00",
        "body_hash": journal.body_hash("00", text), "prev": "",
    }  # fmt: skip
    return {**entry, "hash": journal.entry_hash(entry), "is_acknowledged": False}


def push_raw(pc: Pc, *entries: dict[str, Any], schema_v: int = journal.SCHEMA_VERSION) -> dict[str, Any]:
    link = Link(pc.centre.connect(pc.enrolment))
    try:
        answer = link.call("push", pc.node(), [pc.store.start_id], json.dumps(entries), 0, schema_v, VERSION, "{}")
        assert isinstance(answer, dict)
        return answer
    finally:
        link.close()


def test_a_table_of_a_newer_program_waits_for_the_centres_upgrade(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    new, reader = make_pc("new"), make_pc("reader")
    newer = journal.SCHEMA_VERSION + 1
    push_raw(new, raw_entry(new, "queue_ticket", {"id": new_id(), "number": "A1"}, newer), schema_v=newer)
    assert centre.rows("SELECT state FROM sync.quarantine") == [("LK003",)]
    reader.receive("DKC", "Siti")
    reader.sync()
    assert reader.pending() == 0, "and nobody waits for it"
    # The upgrade: the table and its function are there, as central.install makes them.
    centre.connection.execute(
        "CREATE TABLE record.queue_ticket (LIKE record.counter INCLUDING ALL);"
        "INSERT INTO sync.kind VALUES ('queue_ticket', 'hall', 'counter');"
        "CREATE FUNCTION sync.apply_queue_ticket(p_eids text[]) RETURNS void LANGUAGE sql AS 'SELECT'"
    )
    assert centre.rows("SELECT sync.retry(NULL)") == [(1,)]
    reader.sync()
    assert reader.journal_column("eid", "table_name = 'queue_ticket'"), "journalled here, to be replayed by an update"


def test_a_newer_programs_column_reaches_the_centre_and_comes_back(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    new, reader = make_pc("new"), make_pc("reader")
    [row] = [row for row in shown(new)["node"] if row["id"] == new.node()]
    payload = {name: value for name, value in row.items() if name not in ("ehlc", "eid")} | {"screen": "wide"}
    push_raw(new, raw_entry(new, "node", payload, journal.SCHEMA_VERSION + 1), schema_v=journal.SCHEMA_VERSION + 1)
    reader.sync()
    assert centre.rows("SELECT extra FROM record.node WHERE id = %s", row["id"]) == [({"screen": "wide"},)]
    assert [one["screen"] for one in shown(reader)["node"] if one["id"] == row["id"]] == ["wide"]


def test_a_program_too_old_for_the_centre_is_told_so_and_works_on(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    pc = make_pc("old")
    centre.connection.execute("UPDATE sync.about SET least_schema_v = 99")
    pc.receive("DKC", "Siti")
    with pytest.raises(Refused) as caught:
        pc.sync()
    assert caught.value.code == "E-26"
    pc.receive("DKC", "Budi")
    centre.connection.execute("UPDATE sync.about SET least_schema_v = 1")
    pc.sync()
    assert pc.pending() == 0


def test_a_program_older_than_the_centre_does_not_touch_it(centre: Centre) -> None:
    centre.connection.execute("UPDATE record.alembic_version SET version_num = '9999'")
    with pytest.raises(UserError) as caught:
        central.install(centre.connection)
    assert caught.value.code == "E-26"
    with pytest.raises(UserError):
        central.plan(centre.connection)


def test_an_installation_that_fails_leaves_nothing(new_database: Callable[..., str], monkeypatch: Any) -> None:
    empty = Centre(new_database())
    monkeypatch.setattr(central, "apply_function", lambda record_class: "SELECT 1/0")
    with pytest.raises(Exception, match="division by zero"):
        empty.install()
    assert empty.rows("SELECT 1 FROM pg_namespace WHERE nspname IN ('sync', 'record')") == []
    monkeypatch.undo()
    empty.install()
    assert central.plan(empty.connection) == []
    empty.install()
    empty.close()


def test_the_centres_tables_are_those_of_the_models(centre: Centre) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext
    from sqlalchemy import create_engine
    from sqlalchemy.pool import StaticPool

    from desktop.models import Base
    from desktop.models.base import record_classes

    centre.connection.autocommit = False
    centre.connection.execute("SET search_path = record")
    engine = create_engine("postgresql+psycopg://", creator=lambda: centre.connection, poolclass=StaticPool)
    with engine.connect() as connection:
        connection.exec_driver_sql("SET search_path = record")
        context = MigrationContext.configure(connection, opts={
            "include_name": lambda name, kind, _parents: kind != "table" or name in record_classes(),
            "include_object": lambda _object, name, kind, *_: kind != "table" or name in record_classes(),
        })  # fmt: skip
        assert compare_metadata(context, Base.metadata) == []
    centre.connection.rollback()
    centre.connection.autocommit = True
    assert {name for (name,) in centre.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'record'")} == {
        *record_classes(), "alembic_version"}  # fmt: skip
    assert issubclass(Counter, Base)
