"""A server in trouble and a line that is slow: it is said, nothing is lost, and it goes on without a new save."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from desktop.sync import link
from tests.sync.hall import Centre, Pc, shown
from tests.sync.test_worker import Running, hasty, run, wait_for  # noqa: F401 - fixtures

Make = Callable[..., Pc]
Rounds = Callable[[int, int], int]

FULL = """
CREATE FUNCTION sync.full() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'No space left on device' USING ERRCODE = 'disk_full'; END $$
"""
TROUBLES = {
    "disk full": (
        [FULL, "CREATE TRIGGER full_disk BEFORE INSERT ON sync.journal EXECUTE FUNCTION sync.full()"],
        ["DROP TRIGGER full_disk ON sync.journal"], "refused", "E-29",
    ),
    "too many connections": (
        ['ALTER ROLE "{role}" CONNECTION LIMIT 0'], ['ALTER ROLE "{role}" CONNECTION LIMIT 4'], "refused", "E-23",
    ),
    "statement timeout": (
        ['ALTER ROLE "{role}" SET statement_timeout = \'1ms\'', "{slow}"],
        ['ALTER ROLE "{role}" SET statement_timeout = \'30s\'', "DROP TRIGGER slow ON sync.journal"], "offline", None,
    ),
}  # fmt: skip
SLOW = """
CREATE FUNCTION sync.slow() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(0.2); RETURN NEW; END $$;
CREATE TRIGGER slow BEFORE INSERT ON sync.journal FOR EACH ROW EXECUTE FUNCTION sync.slow()
"""


@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_server_in_trouble_is_said_and_all_goes_on_when_it_is_over(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], centre: Centre, trouble: str  # noqa: F811
) -> None:
    begins, ends, kind, code = TROUBLES[trouble]
    make_admin()
    a, b = run(make_pc("a")), run(make_pc("b"))
    wait_for(lambda: a.kind() == b.kind() == "in_step")

    def do(orders: list[str]) -> None:
        for order in orders:
            centre.connection.execute(order.format(role=a.pc.enrolment.db_role, slow=SLOW) if "{" in order else order)

    do(begins)
    a.proxy.drop_all()
    a.pc.receive("DKC", "Siti")
    wait_for(lambda: a.kind() == kind)
    problem = a.worker.standing.problem
    assert (problem.code if problem is not None else None) == code, problem
    wait_for(lambda: a.worker.standing.pending == 3)
    assert centre.rows("SELECT count(*) FROM record.application") == [(0,)]
    assert b.kind() == "in_step" or trouble == "disk full", "the others are not held up"
    do(ends)
    a.proxy.drop_all()
    wait_for(lambda: a.kind() == "in_step" and a.worker.standing.pending == 0)
    assert a.pc.saved <= centre.eids()
    wait_for(lambda: [row["full_name"] for row in shown(b.pc)["party"]] == ["Siti"])


@pytest.mark.slow
def test_a_line_that_loses_a_third_and_takes_two_seconds_carries_all(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], centre: Centre, rounds: Rounds,  # noqa: F811
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """What is lost on the way comes with the next try of the system's own: late, and in order."""
    monkeypatch.setattr(link, "DEADLINE", 30.0)
    make_admin()
    a, b = run(make_pc("a")), run(make_pc("b"))
    wait_for(lambda: a.kind() == b.kind() == "in_step")
    delay = rounds(200, 2000) / 1000
    a.proxy.late(delay, 0.3, random.Random(1))
    a.proxy.drop_all()
    for serial in range(20):
        a.pc.receive("DKC", f"Siti {serial}")
    wait_for(lambda: a.pc.saved <= centre.eids(), 240)
    wait_for(lambda: a.worker.standing.pending == 0 and a.kind() == "in_step", 240)
    assert a.proxy.seen["late"] >= 5 and a.proxy.seen["lost"] >= 1, "the line was that bad"
    wait_for(lambda: len(shown(b.pc)["application"]) == 20)
