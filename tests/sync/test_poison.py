"""What must never be taken for bad data, and what must never be taken for good: poison, deadlocks, a cancelled wait."""

from __future__ import annotations

import contextlib
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from hypothesis import strategies as st
from psycopg.types.json import Json

from desktop.errors import UserError
from desktop.models.journal import SCHEMA_VERSION
from desktop.models.people import Party
from desktop.operations.cleaning import clean_text
from desktop.operations.identity import NAME_LIMIT
from desktop.operations.people import IDENTIFIER_LIMIT, PLACE_LIMIT
from desktop.sync.link import Link
from tests.sync import hall
from tests.sync.hall import AGENCIES, Centre, Pc, make_hall, shown, shown_at_centre, versions
from tests.sync.test_failover import Pair
from tests.sync.test_versions import push_raw, raw_entry

Make = Callable[..., Pc]
Rounds = Callable[[int, int], int]

FIELDS = {"full_name": NAME_LIMIT, "id_no": IDENTIFIER_LIMIT, "place_text": PLACE_LIMIT}


def test_what_the_counter_takes_the_centre_takes_too(
    make_admin: Make, make_pc: Make, centre: Centre, rounds: Rounds
) -> None:
    make_admin()
    writer, reader = make_pc("writer"), make_pc("reader")
    poison: list[dict[str, str]] = []
    # Every character there is, lone surrogates among them, as it comes from a clipboard; and as long as may be.
    odd = st.sampled_from("\U0001f9ff'\\\"{}$%\x01\u202eß")
    some = st.text(st.characters(), max_size=60) | st.text(odd, max_size=200)

    @hypothesis.settings(max_examples=rounds(300, 10_000), deadline=None, database=None)
    @hypothesis.given(st.fixed_dictionaries({field: some for field in FIELDS}))
    def collect(texts: dict[str, str]) -> None:
        with contextlib.suppress(UserError):
            poison.append({field: clean_text(text, FIELDS[field]) for field, text in texts.items()})

    collect()
    assert len(poison) > rounds(300, 10_000) * 0.8
    made = writer.receive("DKC", "Siti")
    for place in range(0, len(poison), 500):
        writer.save(lambda session, place=place: session.add_all(  # type: ignore[misc]
            Party(application_id=made, role="subject", **texts) for texts in poison[place : place + 500]))  # fmt: skip
    writer.sync()
    reader.sync()
    assert centre.rows("SELECT state FROM sync.quarantine") == []
    assert writer.pending() == 0 and writer.saved <= centre.eids()
    assert shown(reader)["party"] == shown(writer)["party"]
    at_centre = centre.rows(f"SELECT {', '.join(FIELDS)} FROM record.party WHERE role = 'subject'")
    assert Counter(at_centre) == Counter(tuple(texts[field] for field in FIELDS) for texts in poison)
    # The control: what a counter never takes is put aside, listed, and blocks nothing.
    writer.receive("DKC", "Si\0ti")
    writer.sync()
    reader.sync()
    assert centre.rows("SELECT state FROM sync.quarantine") == [("22P05",)]
    assert writer.pending() == 0


def hot_entry(pc: Pc, row: dict[str, Any], name: str) -> dict[str, Any]:
    payload = {key: value for key, value in row.items() if key not in ("ehlc", "eid")} | {"full_name": name}
    entry = raw_entry(pc, "party", payload, SCHEMA_VERSION)
    lane = f"{pc.node()}:{AGENCIES['DKC']}"
    return {**entry, "scope": "agency", "agency_id": AGENCIES["DKC"], "lane": lane}


def hot_rows(pc: Pc, count: int) -> list[dict[str, Any]]:
    made = pc.receive("DKC", "Siti 0")
    pc.save(lambda session: session.add_all(
        Party(application_id=made, role="subject", full_name=f"Siti {n}") for n in range(1, count)))  # fmt: skip
    pc.sync()
    return shown(pc)["party"]


@pytest.mark.timeout(600)  # with --long
def test_six_pushers_on_forty_hot_rows_lose_nothing_to_a_deadlock(
    make_admin: Make, make_pc: Make, centre: Centre, rounds: Rounds, pytestconfig: pytest.Config,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    make_admin()
    pcs = [make_pc(name) for name in "abcdef"]
    rows = hot_rows(pcs[0], 40)
    sent: list[str] = []
    batches = {
        pc.node(): [[hot_entry(pc, row, f"{pc.node()} {turn}") for row in rows] for turn in range(rounds(3, 30))]
        for pc in pcs
    }
    again = Counter[str]()

    def work(pc: Pc) -> None:
        luck = random.Random(pc.node())
        for batch in batches[pc.node()]:
            luck.shuffle(batch)
            while True:
                try:
                    push_raw(pc, *batch)
                    break
                except (psycopg.errors.DeadlockDetected, psycopg.errors.LockNotAvailable) as problem:
                    again[type(problem).__name__] += 1
            sent.extend(entry["eid"] for entry in batch)

    began = time.monotonic()
    hands = [threading.Thread(target=work, args=(pc,)) for pc in pcs]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    took = time.monotonic() - began
    assert centre.rows("SELECT state FROM sync.quarantine") == [], "none was swallowed"
    assert len(sent) == sum(len(batch) for turns in batches.values() for batch in turns)
    assert set(sent) <= centre.eids()
    for pc in pcs:
        pc.sync()
        assert versions(shown(pc))["party"] == shown_at_centre(centre)["party"]
    if pytestconfig.getoption("--long"):
        with capsys.disabled():
            print(f"\n{len(sent)} entries on 40 hot rows by 6 pushers: {len(sent) / took:.0f}/s, again: {dict(again)}")


@pytest.mark.parametrize("catches", ["data errors", "all errors"])
def test_a_deadlock_is_an_error_and_never_bad_data(
    make_admin: Make, make_pc: Make, centre: Centre, catches: str
) -> None:
    """Two that hold what the other wants: one is told and sends again. The control swallows good entries."""
    make_admin()
    pcs = [make_pc("a"), make_pc("b")]
    first, second = hot_rows(pcs[0], 2)
    if catches == "all errors":
        [weak] = centre.rows("SELECT pg_get_functiondef('sync.apply'::regproc)")[0]
        condition = "data_exception OR integrity_constraint_violation OR SQLSTATE 'LK005'"
        assert condition in weak
        centre.connection.execute(weak.replace(condition, "OTHERS"))
    entries = [hot_entry(pc, row, pc.node()) for pc, row in zip(pcs, (first, second), strict=True)]
    crossed = [hot_entry(pc, row, pc.node()) for pc, row in zip(pcs, (second, first), strict=True)]
    problems: list[str | None] = []

    def push(connection: psycopg.Connection[Any], pc: Pc, entry: dict[str, Any]) -> None:
        connection.execute(
            "SELECT sync.push(%s, %s, %s, 0, %s, '1', '{}')",
            (pc.node(), [pc.store.start_id], Json([entry]), SCHEMA_VERSION),
        )

    def cross(connection: psycopg.Connection[Any], place: int) -> None:
        try:
            push(connection, pcs[place], crossed[place])
            connection.execute("COMMIT")
        except psycopg.Error as problem:
            problems.append(problem.sqlstate)
            connection.execute("ROLLBACK")

    lines = [centre.connect(pc.enrolment) for pc in pcs]
    for line, pc, entry in zip(lines, pcs, entries, strict=True):
        line.execute("BEGIN")
        push(line, pc, entry)
    hands = [threading.Thread(target=cross, args=(line, place)) for place, line in enumerate(lines)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    for line in lines:
        line.close()
    aside = centre.rows("SELECT state FROM sync.quarantine")
    if catches == "all errors":
        assert aside == [("40P01",)], "the fault is real"
        return
    assert problems == ["40P01"] and aside == []
    for pc, entry, other in zip(pcs, entries, crossed, strict=True):
        push_raw(pc, entry, other)
    assert {entry["eid"] for entry in (*entries, *crossed)} <= centre.eids()
    assert centre.rows("SELECT 1 FROM sync.quarantine") == []


@pytest.fixture
def pair(server_folder: Callable[[], Path]) -> Iterator[Pair]:
    made = Pair(server_folder, synchronous=True)
    yield made
    made.close()


class Credulous(Link):
    """The control: a link that takes every answer for one."""

    def _hear(self, notice: Any) -> None:
        pass


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("link", [Link, Credulous])
def test_a_wait_for_a_dead_standby_that_is_cancelled_acknowledges_nothing(
    pair: Pair, empty_folder: Path, tmp_path: Path, link: type[Link]
) -> None:
    with psycopg.connect(pair.primary.dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE hall TEMPLATE template0")
    centre = Centre(pair.primary.dsn("hall")).install()
    admin = make_hall(empty_folder, tmp_path / "admin", centre)
    pc = hall.make_pc(empty_folder, tmp_path / "a", centre, "a")
    pc.sync()
    pair.standby.stop()
    pc.receive("DKC", "Siti")
    said: list[BaseException | None] = []

    def sync() -> None:
        try:
            pc.sync(link)
            said.append(None)
        except psycopg.OperationalError as problem:
            said.append(problem)

    hand = threading.Thread(target=sync)
    hand.start()
    while hand.is_alive():
        # Somebody ends the wait, again and again: each answer then comes with the warning 01000.
        centre.connection.execute(
            "SELECT pg_cancel_backend(pid) FROM pg_stat_activity WHERE wait_event = 'SyncRep' AND usename = %s",
            (pc.enrolment.db_role,),
        )
        time.sleep(0.05)
    hand.join()
    try:
        if link is Credulous:
            assert said == [None] and pc.pending() == 0, "the fault is real"
        else:
            assert isinstance(said[0], psycopg.OperationalError)
            assert pc.pending() > 0, "nothing counts as acknowledged"
        # The standby that never had it takes over; whoever believed the answer sends again all the same.
        pair.kill_primary()
        pair.standby.start()
        pair.promote()
        after = Centre(pair.standby.dsn("hall"))
        assert pc._line is not None
        pc._line.close()
        pc.centre = after
        after.connection.execute("ALTER SYSTEM SET synchronous_standby_names = ''")
        after.connection.execute("SELECT pg_reload_conf()")
        assert not pc.saved <= after.eids()
        pc.sync()
        assert pc.saved <= after.eids() and pc.pending() == 0
        after.connection.close()
    finally:
        pc.close()
        admin.close()
        centre.connection.close()


def test_an_upgrade_beside_a_push_is_never_the_one_that_is_broken_off(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    """A push reads its node's row before it changes it: what the upgrade locks, it has to lock at once and first."""
    make_admin()
    pc = make_pc("a")
    with psycopg.connect(centre.dsn) as pushing, ThreadPoolExecutor(1) as hall:
        pushing.execute("SELECT 1 FROM sync.node WHERE node_id = %s FOR NO KEY UPDATE", (pc.node(),))
        upgrade = hall.submit(centre.install)
        wait_until_locked(centre, upgrade)
        pushing.execute("UPDATE sync.node SET last_push_at = now() WHERE node_id = %s", (pc.node(),))
        pushing.execute("SELECT count(*) FROM record.application")
        pushing.commit()
        upgrade.result()
    assert centre.rows("SELECT schema_v FROM sync.about") == [(SCHEMA_VERSION,)]


def wait_until_locked(centre: Centre, upgrade: Future[Centre]) -> None:
    waits = "SELECT 1 FROM pg_locks WHERE NOT granted AND relation IS NOT NULL"
    with psycopg.connect(centre.dsn, autocommit=True) as look:
        while look.execute(waits).fetchone() is None:
            assert not upgrade.done(), "the control: it has to wait for the push"
            time.sleep(0.01)
