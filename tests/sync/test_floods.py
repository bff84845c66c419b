"""What one login can do too much of: bells, lanes, connections. The hall goes on beside it."""

from __future__ import annotations

import json
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest

from desktop.models.base import new_id
from desktop.sync import worker
from desktop.sync.link import Link, Refused
from desktop.sync.push import push
from desktop.sync.server import Server
from tests.sync import hall
from tests.sync.conftest import HASTY
from tests.sync.hall import Centre, Pc, make_hall, shown
from tests.sync.test_attacks import entry, state_of
from tests.sync.test_versions import push_raw
from tests.sync.test_worker import Running, hasty, run, wait_for

Make = Callable[..., Pc]
__all__ = ["hasty", "run"]  # fixtures


@contextmanager
def storm(attacker: Pc) -> Iterator[list[int]]:
    """One login rings without end, each time with other words; yields how often it has."""
    rung, over = [0], threading.Event()

    def ring() -> None:
        with attacker.centre.connect(attacker.enrolment) as connection:
            while not over.is_set():
                connection.execute("SELECT pg_notify('loket', gen_random_uuid()::text) FROM generate_series(1, 50)")
                rung[0] += 50

    hand = threading.Thread(target=ring)
    hand.start()
    try:
        yield rung
    finally:
        over.set()
        hand.join()


def pulls_of(monkeypatch: pytest.MonkeyPatch, pc: Pc) -> list[float]:
    """When this PC's worker pulled."""
    moments: list[float] = []
    real = worker.pull

    def noted(store: Any, link: Any) -> int:
        if store is pc.store:
            moments.append(time.monotonic())
        return real(store, link)

    monkeypatch.setattr(worker, "pull", noted)
    return moments


def test_a_storm_of_foreign_bells_costs_a_pull_a_second_and_hides_no_entry(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_admin()
    listener, writer, attacker = make_pc("listener"), make_pc("writer"), make_pc("attacker")
    pulls = pulls_of(monkeypatch, listener)
    running = run(listener)
    wait_for(lambda: running.kind() == "in_step")
    with storm(attacker) as rung:
        began = time.monotonic()
        pulls.clear()
        wait_for(lambda: time.monotonic() - began > 4 and rung[0] > 1000)
        # Besides those of the bell, one after the greeting or the poll and one after the news of joining.
        assert len(pulls) <= (time.monotonic() - began) / worker.DEAF + worker.FALSE_BELLS + 2
        writer.receive("DKC", "Siti")
        writer.sync()
        wait_for(lambda: len(shown(listener)["application"]) == 1)
        # The control: an ear that hears every bell pulls as often as it can.
        monkeypatch.setattr(worker, "DEAF", 0.0)
        began = time.monotonic()
        pulls.clear()
        wait_for(lambda: len(pulls) > (time.monotonic() - began) + worker.FALSE_BELLS + 1)


def test_bells_that_bring_something_are_all_heard(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "POLL", 600.0)
    make_admin()
    listener, writer = make_pc("listener"), make_pc("writer")
    running = run(listener)
    wait_for(lambda: running.kind() == "in_step")
    for serial in range(1, 8):
        writer.receive("DKC", f"Siti {serial}")
        writer.sync()
        wait_for(lambda at_least=serial: len(shown(listener)["application"]) >= at_least)  # type: ignore[misc]


def test_a_bell_that_comes_with_an_answer_is_heard(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_admin()
    listener, writer = make_pc("listener"), make_pc("writer")
    real = worker.pull
    late: list[str] = []

    def pull_before_the_bell(store: Any, link: Link) -> int:
        came = real(store, link)
        if store is listener.store and late:
            late.pop()
            writer.receive("DKC", "Siti")
            writer.sync()
            link.call("hello", listener.node())  # the answer brings the bell along
        return came

    monkeypatch.setattr(worker, "pull", pull_before_the_bell)
    monkeypatch.setattr(worker, "POLL", 600.0)
    running = run(listener)
    wait_for(lambda: running.kind() == "in_step")
    time.sleep(2 * worker.ECHO)  # nothing is due any more
    late.append("once")
    running.worker.wake()
    wait_for(lambda: len(shown(listener)["application"]) == 1)
    # The control: psycopg itself keeps such a bell where neither the door nor its list of bells shows it.
    with listener.centre.connect(listener.enrolment) as deaf:
        deaf.execute("LISTEN loket")
        writer.receive("DKC", "Budi")
        writer.sync()
        deaf.execute("SELECT 1")
        assert not select.select([deaf.fileno()], [], [], 0.5)[0]
        assert deaf.pgconn.notifies() is None


def test_a_push_that_found_the_bell_ringing_and_committed_late_is_seen_too(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch, centre: Centre
) -> None:
    monkeypatch.setattr(worker, "POLL", 600.0)
    make_admin()
    listener, writer, slow = make_pc("listener"), make_pc("writer"), make_pc("slow")
    running = run(listener)
    wait_for(lambda: running.kind() == "in_step")

    def write_both(first: str, second: str) -> None:
        """The slow PC's push rings nothing, since the bell rang just now, and commits after the other's was read."""
        before = len(shown(listener)["application"])
        slow.receive("DKC", first)
        with centre.connect(slow.enrolment) as held:
            link = Link(held)
            held.execute("BEGIN")
            with centre.connection.transaction(force_rollback=True):
                centre.connection.execute("UPDATE sync.bell SET rung_at = clock_timestamp()")
                push(slow.store, link, app_version="1")
            centre.connection.execute("UPDATE sync.bell SET rung_at = clock_timestamp() - interval '1 hour'")
            writer.receive("DKC", second)
            writer.sync()
            wait_for(lambda: len(shown(listener)["application"]) == before + 1)
            held.execute("COMMIT")

    write_both("Siti", "Budi")
    wait_for(lambda: len(shown(listener)["application"]) == 2)
    # The control: without the second look it is not there two seconds later.
    monkeypatch.setattr(worker, "ECHO", 600.0)
    time.sleep(1)
    write_both("Ani", "Tono")
    time.sleep(2)
    assert len(shown(listener)["application"]) == 3


@pytest.fixture
def narrow(server_folder: Callable[[], Path]) -> Iterator[Centre]:
    """A centre whose server's queue of bells is full after half a megabyte (usually 8 gigabytes)."""
    server = Server.make(server_folder(), settings={**HASTY, "max_notify_queue_pages": "64"})
    server.start()
    with psycopg.connect(server.dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE hall TEMPLATE template0")
    centre = Centre(server.dsn("hall")).install()
    yield centre
    centre.close()
    server.stop()


def test_a_queue_that_one_login_has_filled_stops_no_push(
    narrow: Centre, empty_folder: Path, tmp_path: Path
) -> None:
    admin = make_hall(empty_folder, tmp_path / "admin", narrow)
    pc = hall.make_pc(empty_folder, tmp_path / "pc", narrow, "pc")
    attacker = hall.make_pc(empty_folder, tmp_path / "attacker", narrow, "attacker")
    try:
        with narrow.connect(attacker.enrolment) as deaf, narrow.connect(attacker.enrolment) as loud:
            # A listener that never ends its transaction keeps everything that is rung meanwhile.
            deaf.execute("SET idle_in_transaction_session_timeout = 0")
            deaf.execute("LISTEN loket")
            deaf.execute("BEGIN")
            deaf.execute("SELECT 1")
            with pytest.raises(psycopg.errors.ProgramLimitExceeded):
                while True:
                    loud.execute("SELECT pg_notify('other', repeat(gen_random_uuid()::text, 200))")
            made = pc.receive("DKC", "Siti")
            pc.sync()
            admin.sync()
            assert pc.pending() == 0
            assert [row["id"] for row in shown(admin)["application"]] == [made]
            # The control: a bell that does not look before it rings ends the whole push.
            twin = "CREATE OR REPLACE FUNCTION sync.ring() RETURNS void LANGUAGE sql AS 'NOTIFY loket'"
            narrow.connection.execute(twin)
            pc.receive("DKC", "Budi")
            with pytest.raises(psycopg.errors.ProgramLimitExceeded):
                pc.sync()
    finally:
        for one in (admin, pc, attacker):
            one.close()


def lane_of(attacker: Pc, agency: str) -> dict[str, Any]:
    return entry(
        attacker, table_name="party", scope="agency", agency_id=agency, lane=f"{attacker.node()}:{agency}",
        payload=json.dumps({}),
    )  # fmt: skip


def test_a_login_cannot_open_lanes_without_end(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    make_admin()
    attacker, other = make_pc("attacker"), make_pc("other")
    opened = 0
    with pytest.raises(Refused) as caught:
        while opened < 1000:
            push_raw(attacker, *[lane_of(attacker, new_id()) for _ in range(10)])
            opened += 10
    assert state_of(caught.value) == "LK104"
    assert centre.rows("SELECT count(*) < 70 FROM sync.lane WHERE node_id = %s", attacker.node()) == [(True,)]
    # Its own honest lanes stay open, and nobody else is told of the false ones.
    for pc in (attacker, other):
        pc.receive("DKC", "Siti")
        pc.sync()
        assert pc.pending() == 0
    assert {lane for lane in other.journal_column("lane") if attacker.node() in lane} <= {
        f"{attacker.node()}:hall", f"{attacker.node()}:{hall.AGENCIES['DKC']}"}  # fmt: skip


def test_an_honest_pc_never_meets_the_limit_of_its_connections(
    make_admin: Make, make_pc: Make, run: Callable[..., Running]
) -> None:
    make_admin()
    pc = make_pc("a")
    running = run(pc)
    for fault in ("cut", "reset", "half", "stall", "deaf", "cut"):
        wait_for(lambda: running.kind() == "in_step" and running.worker.standing.pending == 0)
        running.proxy.fault = fault
        running.proxy.drop_all()
        pc.receive("DKC", "Siti")
        seen = running.proxy.seen[fault]
        wait_for(lambda seen=seen, fault=fault: running.proxy.seen[fault] > seen)  # type: ignore[misc]
        running.proxy.fault = "none"
    wait_for(lambda: running.kind() == "in_step" and running.worker.standing.pending == 0)
    said = {standing.problem.code for standing in running.said if standing.problem is not None}
    assert "E-23" not in said


def test_a_login_whose_dead_lines_still_stand_gets_in_when_they_end(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], centre: Centre
) -> None:
    make_admin()
    pc = make_pc("a")
    dead = [centre.connect(pc.enrolment) for _ in range(4)]
    running = run(pc)
    wait_for(lambda: running.worker.standing.problem is not None)
    problem = running.worker.standing.problem
    assert problem is not None and problem.code == "E-23", "the control: the limit is there"
    pc.receive("DKC", "Siti")
    dead[0].close()  # as the server's keepalive does within a minute
    wait_for(lambda: running.kind() == "in_step" and running.worker.standing.pending == 0)
    for line in dead:
        line.close()
