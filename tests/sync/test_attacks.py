"""What a counter's own login could try against the centre is refused; a weak twin shows that the attack is real."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import psycopg
import pytest

from desktop.models.base import new_id
from desktop.sync.link import Link, Refused
from desktop.sync.server import Server
from tests.sync.hall import AGENCIES, Centre, Pc, shown
from tests.sync.simulation import put_back, snapshot
from tests.sync.test_versions import push_raw, raw_entry

Make = Callable[..., Pc]

REFUSED = [
    "SELECT * FROM sync.journal",
    "SELECT * FROM sync.node",
    "SELECT * FROM sync.quarantine",
    "SELECT * FROM record.party",
    "SELECT * FROM record.application",
    "INSERT INTO sync.journal (eid) VALUES ('x')",
    "INSERT INTO record.officer (id) VALUES ('x')",
    "UPDATE sync.node SET may_write = 'admin'",
    "UPDATE sync.about SET recovery_until = now() + interval '1 day'",
    "DELETE FROM sync.journal",
    "DELETE FROM sync.quarantine",
    "TRUNCATE sync.journal",
    "LOCK TABLE sync.journal",
    "LOCK TABLE sync.node IN ACCESS EXCLUSIVE MODE",
    "SELECT * FROM record.party FOR UPDATE",
    "MERGE INTO record.party p USING (SELECT 1) s ON false WHEN NOT MATCHED THEN INSERT (id) VALUES ('x')",
    "COPY sync.journal TO '/tmp/journal'",
    "COPY sync.journal FROM PROGRAM 'id'",
    "SELECT sync.add_node('x', 'x', NULL, '{}', 'admin', NULL)",
    "SELECT sync.take('{}', 0, true)",
    "SELECT sync.apply('party', '{}')",
    "SELECT sync.apply_party('{}')",
    "SELECT sync.retry('x')",
    "SELECT sync.ring()",
    "SELECT sync.me('x')",
    "SET ROLE loket_owner",
    "SET SESSION AUTHORIZATION postgres",
    "SET session_replication_role = replica",
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE CURRENT_USER CONNECTION LIMIT 100",
    "ALTER TABLE record.party DISABLE ROW LEVEL SECURITY",
    "DROP TABLE sync.journal",
    "DROP FUNCTION sync.hello(text)",
    "CREATE POLICY p ON record.party",
    "CREATE TABLE public.x (a int)",
    "CREATE TEMP TABLE x (a int)",
    "CREATE SCHEMA evil",
    "CREATE FUNCTION public.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.f() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE ROLE evil",
    "GRANT loket_owner TO CURRENT_USER",
    "SELECT pg_read_file('/etc/passwd')",
    "SELECT lo_import('/etc/passwd')",
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'postgres'",
    "SELECT pg_reload_conf()",
    "SELECT pg_switch_wal()",
    "SELECT passwd FROM pg_shadow",
    "SELECT rolpassword FROM pg_authid",
    "SELECT * FROM sync.lane",
    "SELECT * FROM sync.about",
    "SELECT * FROM sync.kind",
    "SELECT * FROM record.officer_private",
    "SELECT * FROM record.access_event",
    "INSERT INTO sync.node (node_id) VALUES ('x')",
    "INSERT INTO record.application (id) VALUES ('x') ON CONFLICT (id) DO UPDATE SET number = 'x'",
    "UPDATE record.application SET number = 'x'",
    "UPDATE record.party SET full_name = 'x'",
    "UPDATE sync.journal SET payload = NULL",
    "UPDATE sync.bell SET rung_at = now() + interval '1 year'",
    "DELETE FROM record.status_move",
    "DELETE FROM sync.node",
    "TRUNCATE record.application",
    "SELECT setval('sync.lane_lane_id_seq', 1)",
    "SELECT nextval('sync.lane_lane_id_seq')",
    "ALTER FUNCTION sync.hello(text) SECURITY INVOKER",
    "ALTER SCHEMA sync RENAME TO stolen",
    "CREATE OR REPLACE FUNCTION sync.hello(p_node text) RETURNS jsonb LANGUAGE sql AS 'SELECT NULL::jsonb'",
    "CREATE TRIGGER t AFTER INSERT ON sync.journal FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE r AS ON INSERT TO sync.journal DO INSTEAD NOTHING",
    "CREATE VIEW record.v AS SELECT * FROM record.party",
    "CREATE LANGUAGE evil HANDLER plpgsql_call_handler",
    "CREATE PUBLICATION p FOR TABLE record.party",
    "CREATE SUBSCRIPTION s CONNECTION 'dbname=x' PUBLICATION p WITH (connect = false)",
    "DROP ROLE loket_report",
    "GRANT SELECT ON record.party TO PUBLIC",
    "GRANT EXECUTE ON FUNCTION sync.add_node(name, text, text, text[], text, text) TO PUBLIC",
    "ALTER DEFAULT PRIVILEGES FOR ROLE loket_owner GRANT SELECT ON TABLES TO PUBLIC",
    "REASSIGN OWNED BY loket_owner TO CURRENT_USER",
    "ALTER ROLE loket_owner LOGIN PASSWORD 'x'",
    "COPY (SELECT 1) TO PROGRAM 'id'",
    "COPY (SELECT 1) TO '/tmp/loket-attack'",
    "SELECT lo_export(1, '/tmp/loket-attack')",
    "SELECT pg_ls_dir('/')",
    "SELECT pg_stat_file('/etc/passwd')",
    "SELECT pg_create_restore_point('x')",
    "SELECT pg_promote()",
    "REINDEX TABLE sync.journal",
    "COMMENT ON TABLE sync.journal IS 'x'",
    "SET lo_compat_privileges = on",
    "SET log_statement = 'all'",
    "SET row_security = off; SELECT * FROM record.party",
]
# What PostgreSQL does in no transaction.
REFUSED_ALONE = ["CREATE DATABASE evil", "ALTER SYSTEM SET fsync = off", "DROP DATABASE postgres"]


@pytest.fixture
def attacker(make_admin: Make, make_pc: Make) -> Pc:
    """A PC of one agency in a hall where another has a person on file."""
    admin = make_admin()
    admin.receive("PTS", "Penanda Rahasia")
    admin.sync()
    return make_pc("attacker")


def test_a_counters_login_may_only_call_its_functions(attacker: Pc, centre: Centre) -> None:
    role = attacker.enrolment.db_role
    with attacker.centre.connect(attacker.enrolment) as connection:
        for statement in REFUSED:
            with pytest.raises(psycopg.Error) as caught, connection.transaction():
                connection.execute(statement)
            assert caught.value.sqlstate in ("42501", "22023", "0LP01"), (statement, caught.value)
        for statement in REFUSED_ALONE:
            with pytest.raises(psycopg.errors.InsufficientPrivilege):
                connection.execute(statement)
        assert len(REFUSED) + len(REFUSED_ALONE) >= 69
    # The weak twin: the same login where somebody made it a superuser falls to them.
    centre.connection.execute(f'ALTER ROLE "{role}" SUPERUSER')
    fell = []
    with attacker.centre.connect(attacker.enrolment) as connection:
        for statement in REFUSED:
            if "terminate" in statement or "promote" in statement:
                continue  # they would end or change the very server that is asked
            try:
                with connection.transaction(force_rollback=True):
                    connection.execute(statement)
                    fell.append(statement)
            except psycopg.Error:
                continue
    assert len(fell) >= 69, set(REFUSED) - set(fell)


def test_an_object_in_the_callers_path_is_never_found(centre: Centre, attacker: Pc) -> None:
    """A function named like one that the centre calls, in a schema before it: the centre's own is used; a twin without
    the pinned path takes the attacker's."""
    centre.connection.execute(
        "CREATE SCHEMA evil; GRANT USAGE ON SCHEMA evil TO PUBLIC;"
        "CREATE FUNCTION evil.clock_timestamp() RETURNS timestamptz LANGUAGE sql AS"
        " $$ SELECT '2001-01-01'::timestamptz $$;"
        "CREATE FUNCTION sync.weak() RETURNS timestamptz LANGUAGE plpgsql SECURITY DEFINER AS"
        " $$ BEGIN RETURN clock_timestamp(); END $$; GRANT EXECUTE ON FUNCTION sync.weak() TO PUBLIC"
    )
    with centre.connect(attacker.enrolment) as connection:
        connection.execute("SET search_path = evil, pg_catalog")
        [weak] = connection.execute("SELECT extract(year FROM sync.weak())").fetchone() or [None]
        [answer] = connection.execute("SELECT sync.hello(%s)", (attacker.node(),)).fetchone() or [None]
    assert weak == 2001, "the attack is real"
    assert answer["now_ms"] > 1_700_000_000_000


def test_another_pcs_node_is_refused(make_admin: Make, make_pc: Make) -> None:
    make_admin()
    a, b = make_pc("a"), make_pc("b")
    with a.centre.connect(a.enrolment) as connection, pytest.raises(psycopg.Error) as caught:
        connection.execute("SELECT * FROM sync.pull(%s, '{}', '{}', 10, true)", (b.node(),))
    assert caught.value.sqlstate == "LK102"


def entry(pc: Pc, **changes: Any) -> dict[str, Any]:
    row = next(row for row in shown(pc)["node"])
    payload = {name: value for name, value in row.items() if name not in ("ehlc", "eid")} | {"id": new_id()}
    return {**raw_entry(pc, "node", payload, 1), **changes}


def state_of(refused: Refused) -> str | None:
    """What the centre raised."""
    assert isinstance(refused.__cause__, psycopg.Error)
    return refused.__cause__.sqlstate


@pytest.mark.parametrize("changes", [
    {"origin": "somebody-else", "lane": "somebody-else:hall"},
    {"lane": "somebody-else:hall"},
    {"agency_id": "x"},
])  # fmt: skip
def test_a_forged_origin_or_lane_refuses_the_whole_push(attacker: Pc, centre: Centre, changes: dict[str, Any]) -> None:
    before = centre.eids()
    with pytest.raises(Refused) as caught:
        push_raw(attacker, entry(attacker), entry(attacker, **changes))
    assert state_of(caught.value) == "LK103"
    assert centre.eids() == before
    push_raw(attacker, entry(attacker))
    assert len(centre.eids()) == len(before) + 1


@pytest.mark.parametrize(("changes", "state"), [
    ({"table_name": "officer"}, "LK001"),
    ({"table_name": "service_standard"}, "LK001"),
    ({"table_name": "pg_class"}, "LK003"),
    ({"table_name": "node; DROP TABLE sync.journal"}, "LK003"),
    ({"table_name": "party"}, "LK004"),
])  # fmt: skip
def test_what_a_counter_may_not_write_is_kept_and_never_applied(
    attacker: Pc, centre: Centre, changes: dict[str, Any], state: str
) -> None:
    push_raw(attacker, entry(attacker, **changes))
    assert centre.rows("SELECT state FROM sync.quarantine") == [(state,)]
    assert centre.rows("SELECT count(*) FROM sync.journal") != [(0,)]


def test_a_person_of_an_agency_the_pc_does_not_serve_is_not_applied(attacker: Pc, centre: Centre) -> None:
    forged = entry(
        attacker, table_name="party", scope="agency", agency_id=AGENCIES["PTS"],
        lane=f"{attacker.node()}:{AGENCIES['PTS']}",
    )  # fmt: skip
    push_raw(attacker, forged)
    assert centre.rows("SELECT state FROM sync.quarantine") == [("LK002",)]


def test_a_payload_that_is_no_row_is_put_aside_and_blocks_nothing(attacker: Pc, centre: Centre) -> None:
    no_rows = [
        "not json", "[]", "null", '{"id": {"a": 1}}', '{"id": "\\u0000"}', '{"counter_id": "' + "x" * 500 + '"}',
        "{" * 5000,
    ]  # fmt: skip
    good = entry(attacker)
    push_raw(attacker, *[entry(attacker, payload=payload) for payload in no_rows], good)
    assert centre.rows("SELECT count(*) FROM sync.quarantine") == [(len(no_rows),)]
    assert centre.rows("SELECT count(*) FROM record.node WHERE id = %s", good["row_id"]) == [(1,)]


def test_sql_in_a_value_stays_a_value(attacker: Pc, centre: Centre) -> None:
    label = "'); DROP TABLE sync.journal; --"
    row = shown(attacker)["node"][0]
    payload = {name: value for name, value in row.items() if name not in ("ehlc", "eid")} | {"label": label}
    push_raw(attacker, raw_entry(attacker, "node", {**payload, "id": new_id()}, 1))
    assert centre.rows("SELECT count(*) FROM record.node WHERE label = %s", label) == [(1,)]


def test_more_than_a_push_may_hold_is_refused(attacker: Pc, centre: Centre) -> None:
    with pytest.raises(Refused) as caught:
        push_raw(attacker, *[entry(attacker) for _ in range(1001)])
    assert state_of(caught.value) == "LK104"
    with pytest.raises(Refused) as caught:
        push_raw(attacker, entry(attacker, payload="x" * (9 * 1024 * 1024)))
    assert state_of(caught.value) == "LK104"


def test_a_login_cannot_take_all_device_codes(attacker: Pc) -> None:
    link = Link(attacker.centre.connect(attacker.enrolment))
    with pytest.raises(Refused) as caught:
        for _ in range(30):
            link.call("part", attacker.node())
    assert caught.value.code == "E-32"
    link.close()


def test_a_login_that_never_commits_holds_nobody_up(attacker: Pc, make_pc: Make) -> None:
    other = make_pc("other")
    with attacker.centre.connect(attacker.enrolment) as connection, connection.transaction():
        connection.execute("SELECT sync.part(%s)", (attacker.node(),))
        other.receive("DKC", "Siti")
        other.sync()
        assert other.pending() == 0


def test_a_pc_cannot_say_more_of_itself_than_all_others_will_read(attacker: Pc) -> None:
    link = Link(attacker.centre.connect(attacker.enrolment))
    with pytest.raises(Refused) as caught:
        link.call("push", attacker.node(), ["s"], "[]", 0, 1, "1", json.dumps({"serials": "x" * 100_000}))
    assert caught.value.code == "E-31"
    link.close()


def test_who_takes_a_dead_pcs_name_gets_none_of_its_persons(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    admin, thief = make_admin(), make_pc("thief", ("DKC",))
    snapshot(centre)
    dead = make_pc("dead", ("PTS",))
    dead.receive("PTS", "Penanda Rahasia")
    dead.sync()
    admin.sync()
    put_back(centre)
    centre.connection.execute("UPDATE sync.about SET recovery_until = now() + interval '1 hour'")
    admin.sync()
    assert centre.rows("SELECT 1 FROM sync.journal WHERE payload LIKE '%Penanda%'")
    eids = [eid for (eid,) in centre.rows("SELECT eid FROM sync.journal")]
    with centre.connect(thief.enrolment) as connection:
        connection.execute("SELECT sync.adopt(%s, %s, NULL, NULL)", (thief.node(), dead.node()))
        told = connection.execute("SELECT * FROM sync.pull(%s, '{}', '{}', 1000, true)", (thief.node(),)).fetchall()
        told += connection.execute("SELECT * FROM sync.healed(%s, %s)", (thief.node(), eids)).fetchall()
    assert "dead" in str(told), "what is of the hall does come"
    assert "Penanda" not in str(told)


def test_neither_log_nor_quarantine_hold_a_value_of_a_row(attacker: Pc, centre: Centre, postgres: Server) -> None:
    marker = "PenandaDalamLog"
    bad = entry(attacker, payload=json.dumps({"id": new_id(), "label": marker * 20, "counter_id": marker}))
    push_raw(attacker, bad)
    with pytest.raises(Refused):
        push_raw(attacker, entry(attacker, payload=json.dumps({"label": marker}), lane="x:hall"))
    said = [str(row) for row in centre.rows("SELECT q::text FROM sync.quarantine q")]
    logs = [path.read_text(errors="replace") for path in postgres.folder.rglob("*.log")]
    assert said and logs
    assert not [text for text in (*said, *logs) if marker in text]


def test_the_report_login_reads_the_hall_and_no_person(make_admin: Make, centre: Centre) -> None:
    make_admin().receive("DKC", "Siti")
    centre.connection.execute("DROP ROLE IF EXISTS test_report; CREATE ROLE test_report IN ROLE loket_report")
    try:
        with centre.connection.transaction():
            centre.connection.execute("SET LOCAL ROLE test_report")
            assert centre.rows("SELECT count(*) FROM record.application") is not None
        for table in ("party", "note", "intake_detail", "officer_private", "access_event"):
            with pytest.raises(psycopg.errors.InsufficientPrivilege), centre.connection.transaction():
                centre.connection.execute("SET LOCAL ROLE test_report")
                centre.connection.execute(f"SELECT * FROM record.{table}")
    finally:
        centre.connection.execute("DROP ROLE test_report")
