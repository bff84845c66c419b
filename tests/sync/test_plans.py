"""What a push costs the centre beyond its rows: a connection plans its statements once, what a push moves stays where
it is, and a thousand are neither woken nor looked at beside each other."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import psycopg

from desktop.sync.link import Link
from desktop.sync.push import push
from tests.sync.hall import VERSION, Centre, Pc
from tests.sync.test_worker import wait_for

Make = Callable[..., Pc]


def planned(pc: Pc, rounds: int) -> list[int]:
    """How many statements the server planned for each of so many pushes of one file over one connection."""
    heard: list[str] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        heard.append(notice.message_primary or "")

    role = pc.enrolment.db_role
    for setting in ("log_planner_stats = on", "client_min_messages = log"):
        pc.centre.connection.execute(f"ALTER ROLE {role} SET {setting}")
    found = []
    with pc.centre.connect(pc.enrolment) as connection:
        connection.add_notice_handler(hear)
        for place in range(rounds):
            pc.receive("DKC", f"Siti {place}")
            heard.clear()
            push(pc.store, Link(connection), app_version=VERSION)
            found.append(heard.count("PLANNER STATISTICS"))
    return found


def test_a_connection_plans_a_push_once_and_not_for_every_save(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    make_admin()
    first, *later = planned(make_pc("a"), 4)
    # The call itself, and one line that names the function of each of the three tables; more only where the server took
    # new statistics of a table in between.
    assert first > 20 and min(later) == 4
    # The control: as PostgreSQL does it unasked, each of the first five is planned for its values.
    for (function,) in centre.rows(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'sync'::regnamespace"
    ):
        centre.connection.execute(f"ALTER FUNCTION {function} RESET plan_cache_mode")
    assert min(planned(make_pc("b"), 4)) > 20


def passed_over(connection: psycopg.Connection[Any], statement: str, *arguments: Any) -> int:
    """How many pairs of rows the joins of a statement, and of those inside it, looked at in vain."""
    heard: list[str] = []

    def hear(notice: psycopg.errors.Diagnostic) -> None:
        heard.append(notice.message_primary or "")

    connection.add_notice_handler(hear)
    connection.execute(statement, arguments)
    assert any("Query Text" in told for told in heard)
    return sum(int(count) for count in re.findall(r"Rows Removed by Join Filter: (\d+)", "\n".join(heard)))


def test_a_poll_looks_at_each_lane_once_and_not_at_each_beside_every_other(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    pc = make_pc("a")
    explains = {"log_min_duration": "0", "log_nested_statements": "on", "log_analyze": "on", "log_level": "notice"}
    centre.connection.execute(f"ALTER ROLE {pc.enrolment.db_role} SET session_preload_libraries = 'auto_explain'")
    centre.connection.execute("LOAD 'auto_explain'")
    for name, value in explains.items():
        centre.connection.execute(f"ALTER ROLE {pc.enrolment.db_role} SET auto_explain.{name} = '{value}'")
    centre.connection.execute(
        "INSERT INTO sync.lane (name, node_id) SELECT n || ':hall', n::text FROM generate_series(1, 300) n"
    )
    lanes, arrs = (list(told) for told in zip(*centre.rows("SELECT lane_id, last_arr FROM sync.lane"), strict=True))
    with centre.connect(pc.enrolment) as connection:
        poll = "SELECT * FROM sync.pull(%s, %s::int[], %s::bigint[], 1000, false)"
        assert passed_over(connection, poll, pc.node(), lanes, arrs) < len(lanes)
    # The control: a join that may only go row by row.
    for setting in ("enable_hashjoin = off", "enable_mergejoin = off", *(f"auto_explain.{name} = {value}" for name,
                    value in explains.items())):  # fmt: skip
        centre.connection.execute(f"SET {setting}")
    joined = "SELECT count(*) FROM sync.lane l LEFT JOIN unnest(%s::int[]) AS v (lane_id) USING (lane_id)"
    assert passed_over(centre.connection, joined, lanes) > 300 * 290


def left_behind(centre: Centre, pc: Pc) -> int:
    """How many versions of rows of nodes and lanes 30 pushes left that only a vacuum takes away."""
    told = (
        "SELECT sum(n_tup_upd), sum(n_tup_upd - n_tup_hot_upd) FROM pg_stat_user_tables"
        " WHERE schemaname = 'sync' AND relname IN ('node', 'lane')"
    )
    [(moved, before)] = centre.rows(told)
    with centre.connect(pc.enrolment) as connection:
        for place in range(30):
            pc.receive("DKC", f"Siti {place}")
            push(pc.store, Link(connection), app_version=VERSION)
    # The server counts what a connection did when it has ended. Each push moves its node and two lanes.
    wait_for(lambda: centre.rows(told)[0][0] >= moved + 90)
    return int(centre.rows(told)[0][1] - before)


def test_what_a_push_leaves_behind_goes_with_the_next_and_needs_no_vacuum(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    pc = make_pc("a")
    assert left_behind(centre, pc) == 0
    # The control: what a push moves stands in an index.
    centre.connection.execute("CREATE INDEX ON sync.node (last_push_at)")
    assert left_behind(centre, pc) >= 30


def rings(centre: Centre, pc: Pc, *, minutes_ago: int = 1) -> bool:
    """Whether a save of this PC rings the bell, which was rung so long ago."""
    pc.receive("DKC", "Siti")
    heard: list[psycopg.Notify] = []
    with psycopg.connect(centre.dsn, autocommit=True) as ear, centre.connect(pc.enrolment) as connection:
        ear.add_notify_handler(heard.append)
        ear.execute("LISTEN loket")
        ear.execute("UPDATE sync.bell SET rung_at = now() - make_interval(mins => %s)", (minutes_ago,))
        push(pc.store, Link(connection), app_version=VERSION)
        ear.execute("SELECT 1")  # what was rung before comes with the answer
    return bool(heard)


def test_the_bell_rings_for_a_hundred_pcs_and_for_no_more(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    make_admin()
    pc = make_pc("a")
    [(here,)] = centre.rows("SELECT count(*) FROM sync.node WHERE last_seen_at IS NOT NULL")
    others = (
        "INSERT INTO sync.node (node_id, db_role, label, agency_ids, may_write, last_seen_at)"
        " SELECT 'n' || n, 'nobody', 'n', '{}', 'counter', now() FROM generate_series(1, %s) n"
    )
    centre.connection.execute(others, (100 - here,))
    assert rings(centre, pc)
    centre.connection.execute("UPDATE sync.node SET node_id = 'm' || node_id WHERE db_role = 'nobody'")
    centre.connection.execute(others, (1,))
    assert not rings(centre, pc)


def test_a_centre_whose_clock_was_put_back_goes_on_ringing(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    """It rang last in the future, so to speak: else every counter would wait for its poll until then."""
    make_admin()
    assert rings(centre, make_pc("a"), minutes_ago=-60)
