"""The sync thread as it runs in the program: what it says, and that it comes through every kind of bad network."""

from __future__ import annotations

import json
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo
from sqlalchemy import func, select

from desktop.errors import UserError
from desktop.models import journal
from desktop.models.application import Application
from desktop.sync import address, central, link, worker
from desktop.sync.worker import Standing, Worker
from tests.sync.hall import VERSION, Centre, Pc, shown
from tests.sync.proxy import Proxy

Make = Callable[..., Pc]


class Running:
    """A PC with its worker, behind a proxy of its own."""

    def __init__(self, pc: Pc, luck: random.Random | None = None) -> None:
        told = conninfo_to_dict(pc.centre.dsn)
        self.pc = pc
        self.proxy = Proxy((str(told["host"]), int(str(told["port"]))), luck)
        self.said: list[Standing] = []
        self.worker = Worker(pc.store, self.connect, self.hear, app_version=VERSION, luck=random.Random(1))
        self.worker.begin()

    def connect(self) -> psycopg.Connection[Any]:
        enrolment = self.pc.enrolment
        told = make_conninfo(
            self.pc.centre.dsn, user=enrolment.db_role, password=enrolment.secret, port=self.proxy.port,
            connect_timeout=5,
        )  # fmt: skip
        try:
            return psycopg.connect(told, autocommit=True)
        except psycopg.OperationalError as problem:
            raise address.trouble(problem) from problem

    def hear(self, standing: Standing) -> None:
        self.said.append(standing)

    def kind(self) -> str:
        return self.worker.standing.kind

    def close(self) -> None:
        self.worker.close()
        self.proxy.close()


@pytest.fixture(autouse=True)
def hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same worker with shorter patience, so that a test need not wait for minutes."""
    monkeypatch.setattr(link, "DEADLINE", 1.0)
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(worker, "LONGEST_PAUSE", 0.4)


@pytest.fixture
def run() -> Iterator[Callable[..., Running]]:
    made: list[Running] = []

    def begin(pc: Pc, luck: random.Random | None = None) -> Running:
        made.append(Running(pc, luck))
        return made[-1]

    yield begin
    for one in made:
        one.close()


def wait_for(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Until it is so; a test that waits in vain fails by this, never by a figure."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def test_a_save_here_is_seen_there_and_both_say_that_they_are_in_step(
    make_admin: Make, make_pc: Make, run: Callable[..., Running]
) -> None:
    make_admin()
    a, b = run(make_pc("a")), run(make_pc("b"))
    wait_for(lambda: a.kind() == b.kind() == "in_step")
    heard: list[frozenset[str]] = []
    b.pc.store.listen(heard.append)
    a.pc.receive("DKC", "Siti")
    wait_for(lambda: any("application" in tables for tables in heard))
    wait_for(lambda: a.worker.standing.pending == 0 and a.kind() == "in_step")
    assert [row["full_name"] for row in shown(b.pc)["party"]] == ["Siti"]


def test_a_network_that_is_gone_is_said_and_what_waits_is_counted(
    make_admin: Make, make_pc: Make, run: Callable[..., Running]
) -> None:
    make_admin()
    a = run(make_pc("a"))
    wait_for(lambda: a.kind() == "in_step")
    a.proxy.fault = "refuse"
    a.proxy.drop_all()
    wait_for(lambda: a.kind() == "offline")
    a.pc.receive("DKC", "Siti")
    wait_for(lambda: a.worker.standing.pending == 3)
    assert a.worker.standing.since is not None
    a.proxy.fault = "none"
    wait_for(lambda: a.kind() == "in_step" and a.worker.standing.pending == 0)
    assert a.worker.standing.since is None


@pytest.mark.parametrize("fault", ["stall", "deaf", "half", "reset", "cut"])
def test_a_link_that_dies_in_the_middle_is_noticed_and_nothing_is_taken_twice(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], centre: Centre, fault: str
) -> None:
    make_admin()
    a = run(make_pc("a"))
    wait_for(lambda: a.kind() == "in_step")
    a.proxy.fault = fault
    a.proxy.drop_all()
    a.pc.receive("DKC", "Siti")
    wait_for(lambda: a.proxy.seen[fault] > 0)
    a.proxy.fault = "none"
    wait_for(lambda: a.worker.standing.pending == 0 and a.kind() == "in_step")
    assert a.pc.saved <= centre.eids()
    assert centre.rows("SELECT count(*) FROM record.application") == [(1,)]


def test_a_revoked_pc_says_so_and_goes_on_working(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], centre: Centre
) -> None:
    make_admin()
    a = run(make_pc("a"))
    wait_for(lambda: a.kind() == "in_step")
    central.revoke(centre.connection, "a")
    a.pc.receive("DKC", "Siti")
    wait_for(lambda: a.kind() == "refused")
    problem = a.worker.standing.problem
    assert problem is not None and problem.code == "E-21"
    assert "Data tetap aman" in problem.message
    a.pc.receive("DKC", "Budi")
    assert len(shown(a.pc)["application"]) == 2


def test_the_centre_of_another_hall_gets_nothing(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], centre: Centre
) -> None:
    make_admin()
    pc = make_pc("a")
    centre.connection.execute("UPDATE sync.about SET centre_id = 'another'")
    pc.receive("DKC", "Siti")
    a = run(pc)
    wait_for(lambda: a.kind() == "refused")
    assert a.worker.standing.problem is not None and a.worker.standing.problem.code == "E-27"
    assert centre.rows("SELECT count(*) FROM record.application") == [(0,)]


def test_an_old_server_beside_its_successor_gets_nothing(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], centre: Centre
) -> None:
    from desktop.sync import memory

    make_admin()
    pc = make_pc("a")
    with pc.store.arriving() as connection:
        known = memory.read(connection)
        assert known is not None
        known.timeline = 7  # as after a change-over; the server that answers is on the timeline before
        memory.write(connection, known)
    pc.receive("DKC", "Siti")
    a = run(pc)
    wait_for(lambda: a.kind() == "refused")
    assert a.worker.standing.problem is not None and a.worker.standing.problem.code == "E-28"
    assert centre.rows("SELECT count(*) FROM record.application") == [(0,)]


def test_a_file_that_is_not_here_is_fetched_when_asked_for(
    make_admin: Make, make_pc: Make, run: Callable[..., Running]
) -> None:
    make_admin()
    a, b = make_pc("a"), make_pc("b", ("PTS",))
    made = a.receive("DKC", "Siti")
    a.sync()
    answers: list[bool] = []
    running = run(b)
    wait_for(lambda: running.kind() == "in_step")
    running.worker.ask("2611231070001", answers.append)
    running.worker.ask("2611239990001", answers.append)
    wait_for(lambda: len(answers) == 2)
    assert answers == [True, False]
    assert [row["id"] for row in shown(b)["application"]] == [made]
    assert shown(b)["party"] == []


class LostAnswers:
    """Counts the entries that the centre had kept although the answer to their push never came."""

    def __init__(self, centre: Centre, monkeypatch: pytest.MonkeyPatch) -> None:
        self.count = 0
        self._dsn, self._rows = centre.dsn, link.Link.rows
        self._unsure: dict[str, list[str]] = {}
        monkeypatch.setattr(link.Link, "rows", lambda made, name, *what: self._watched(made, name, *what))

    def _watched(self, made: link.Link, name: str, *arguments: Any) -> Any:
        # By the time the PC speaks again the server has done, or undone, what was under way.
        if name == "hello" or name == "push":
            self._look(str(arguments[0]))
        try:
            return self._rows(made, name, *arguments)
        except psycopg.OperationalError:
            if name == "push":
                self._unsure[str(arguments[0])] = [entry["eid"] for entry in json.loads(arguments[2])]
            raise

    def _look(self, node: str) -> None:
        if eids := self._unsure.pop(node, []):
            with psycopg.connect(self._dsn) as connection:
                found = connection.execute("SELECT count(*) FROM sync.journal WHERE eid = ANY (%s)", (eids,)).fetchone()
            self.count += found[0] if found is not None else 0


def files(pc: Pc) -> int:
    """How many applications this PC holds; counted, since to list them again and again would slow the workers down."""
    with pc.store.reading() as session:
        return session.scalars(select(func.count()).select_from(Application)).one()


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_every_fault_of_a_network_at_once_loses_and_doubles_nothing(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], centre: Centre, rounds: Callable[[int, int], int],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    make_admin()
    saves, faults, entries, patience = rounds(60, 1700), rounds(30, 500), rounds(700, 20_000), rounds(90, 3600)
    lost = LostAnswers(centre, monkeypatch)
    runners = [run(make_pc(name), random.Random(place)) for place, name in enumerate(("a", "b", "c", "d"))]

    def work(one: Running) -> None:
        luck = random.Random(one.proxy.port)
        for serial in range(saves):
            one.pc.receive("DKC", f"Siti {serial}")
            time.sleep(luck.uniform(0, 0.05))
            if serial % 8 == 7:
                one.proxy.drop_all()  # a connection that was dealt no fault would stay for good

    hands = [threading.Thread(target=work, args=(one,)) for one in runners]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    while sum(sum(one.proxy.seen.values()) for one in runners) < faults:
        for one in runners:
            one.proxy.drop_all()
        time.sleep(0.3)
    for one in runners:
        one.proxy.luck, one.proxy.fault = None, "none"
        one.proxy.drop_all()
    wait_for(lambda: all(one.worker.standing.pending == 0 and one.kind() == "in_step" for one in runners), patience)
    wait_for(lambda: all(files(one.pc) == 4 * saves for one in runners), patience)
    assert set().union(*(one.pc.saved for one in runners)) <= centre.eids()
    assert centre.rows("SELECT count(*) FROM record.application") == [(4 * saves,)]
    states = [shown(one.pc) for one in runners]
    assert all(state == states[0] for state in states)
    assert all(journal.verify(one.pc.entries()) == [] for one in runners)
    seen = sum((one.proxy.seen for one in runners), Counter())
    made = sum(len(one.pc.saved) for one in runners)
    print(f"{made} entries, {dict(seen)}, {lost.count} kept whose answer was lost")
    assert len(seen) >= 5 and made >= entries and lost.count >= rounds(1, 1000), "the faults were there"


@pytest.mark.parametrize("fault", [RuntimeError("a mistake"), UserError("Disk penuh.", code="E-06")])
def test_what_fails_on_this_pc_is_said_and_the_thread_goes_on(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch, fault: Exception
) -> None:
    make_admin()
    a = run(make_pc("a"))
    wait_for(lambda: a.kind() == "in_step")

    def fails(*_arguments: object) -> None:
        raise fault

    monkeypatch.setattr(worker, "pull", fails)
    a.pc.receive("DKC", "Siti")
    wait_for(lambda: a.kind() == "broken")
    problem = a.worker.standing.problem
    assert problem is not None and problem.code == ("E-06" if isinstance(fault, UserError) else "E-33")
    monkeypatch.undo()
    wait_for(lambda: a.kind() == "in_step" and a.worker.standing.pending == 0)


def test_who_hears_of_the_standing_and_fails_does_not_end_the_thread(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    make_admin()
    pc = make_pc("a")
    heard = []

    def deaf(_self: Running, standing: Standing) -> None:
        heard.append(standing)
        raise RuntimeError("the window is gone")

    monkeypatch.setattr(Running, "hear", deaf)
    a = run(pc)
    wait_for(lambda: a.kind() == "in_step")
    pc.receive("DKC", "Siti")
    wait_for(lambda: a.kind() == "in_step" and pc.pending() == 0)
    assert heard


def test_a_program_that_closes_does_not_leave_a_call_behind(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else its answer would be written into a file that another program may have opened meanwhile."""
    monkeypatch.setattr(link, "DEADLINE", 30.0)
    make_admin()
    a = run(make_pc("a"))
    wait_for(lambda: a.kind() == "in_step")
    asked = threading.Event()
    real = link.Link.rows

    def stuck(self: link.Link, name: str, *arguments: Any) -> list[dict[str, Any]]:
        if name == "push":
            asked.set()
            self._connection.execute("SELECT pg_sleep(25)")
        return real(self, name, *arguments)

    monkeypatch.setattr(link.Link, "rows", stuck)
    a.pc.receive("DKC", "Siti")
    assert asked.wait(30)
    a.worker.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "sync"]


def test_nothing_of_the_link_is_left_when_the_program_closes(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(worker, "FIRST_PAUSE", 60.0)  # who closes it waits for no pause
    make_admin()
    a = run(make_pc("a"))
    wait_for(lambda: a.kind() == "in_step")
    a.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "sync"]


def test_a_clock_that_was_ahead_does_not_make_a_pc_ask_without_rest(
    make_admin: Make, make_pc: Make, run: Callable[..., Running], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was in step in the future, so to speak; once its clock is put right and the network lost, the pauses grow."""
    make_admin()
    pc = make_pc("a")
    pc.clock.forward(hours=3)
    pauses: list[float] = []
    real = Worker._rest

    def noted(self: Worker, seconds: float) -> bool:
        pauses.append(seconds)
        return real(self, seconds)

    monkeypatch.setattr(Worker, "_rest", noted)
    a = run(pc)
    wait_for(lambda: a.kind() == "in_step")
    pc.clock.forward(hours=-3)
    a.proxy.fault = "refuse"
    a.proxy.drop_all()
    wait_for(lambda: len(pauses) >= 4)
    assert max(pauses) >= 0.8 * worker.LONGEST_PAUSE


def test_a_name_that_is_looked_up_for_longer_than_the_program_lives_harms_nobody(
    make_admin: Make, make_pc: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_admin()
    asked, answered, failed = threading.Event(), threading.Event(), list[object]()
    monkeypatch.setattr(threading, "excepthook", failed.append)

    def connect() -> psycopg.Connection[Any]:
        asked.set()
        answered.wait(60)
        raise UserError("", code=address.UNREACHABLE)

    hangs = Worker(make_pc("a").store, connect, lambda _standing: None, app_version=VERSION)
    hangs.begin()
    assert asked.wait(30)
    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "join", lambda _thread, timeout: None)
        hangs.close()
    answered.set()
    wait_for(lambda: not [thread for thread in threading.enumerate() if thread.name == "sync"])
    assert failed == []
