"""From a save at one counter to its row at another, through two real sync threads and the centre, while others save;
against one round trip and two durable commits."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

from desktop import sample
from desktop.models.application import Application
from desktop.operations import intake
from desktop.store import Store
from desktop.sync import central
from desktop.sync.worker import Worker
from tests.benchmarks.hall import VERSION, Bench, Pusher, a_save, bench_centre, lived
from tests.benchmarks.measuring import Figure, percentile

# Seconds between two saves of one counter at the busiest hour.
BETWEEN = 20.0


def run(quick: bool) -> list[Figure]:
    """Milliseconds, at the median and for 19 of 20."""
    others, rounds = (10, 25) if quick else (50, 200)
    with bench_centre() as bench:
        store, desk, _officer = lived(bench, "a", days=5, per_day=10)
        agencies, save = bench.agencies(store), a_save(store)
        first = bench.enrol("A", agencies, is_admin=True)
        bench.enter(store, first).close()
        reader = bench.new_store("b")
        second = bench.enrol("B", agencies)
        bench.enter(reader, second).close()
        bench.connection.execute("CREATE TABLE public.plain (word text)")
        luck = sample.Hall(13)
        with store.reading() as session:
            offered = sample.offers(session, desk)
        taken, least = [], []
        with others_saving(bench, agencies, save, others), syncing(bench, store, first), syncing(bench, reader, second):
            for _ in range(rounds):
                form = luck.form(offered[0], desk.day(store.clock()))
                begin = time.perf_counter()
                with store.saving(desk.officer_id) as session:
                    made = intake.receive(session, desk, form)
                while not holds(reader, made.application_id):
                    time.sleep(0.002)
                taken.append((time.perf_counter() - begin) * 1000)
                least.append(floor(bench, reader))
                time.sleep(0.3)
        reader.close()
        store.close()
    late, note = percentile(taken, 0.95), f"{others} others save, each once in {BETWEEN:.0f} s"
    return [
        Figure("fresh, median", "ms", percentile(taken, 0.5), percentile(least, 0.5), note=note),
        Figure("fresh, p95", "ms", late, percentile(least, 0.95), goal="<= 300 ms", holds=late <= 300, note=note),
    ]


def holds(store: Store, application_id: str) -> bool:
    with store.reading() as session:
        return session.get(Application, application_id) is not None


def floor(bench: Bench, store: Store) -> float:
    """A durable commit at the centre and one in the file, milliseconds."""
    begin = time.perf_counter()
    bench.connection.execute("INSERT INTO public.plain VALUES ('x')")
    with store.arriving() as connection:
        connection.exec_driver_sql("UPDATE meta SET value = value WHERE name = 'journal'")
    return (time.perf_counter() - begin) * 1000


@contextmanager
def syncing(bench: Bench, store: Store, enrolment: central.Enrolment) -> Iterator[None]:
    worker = Worker(store, lambda: bench.login(enrolment), lambda _standing: None, app_version=VERSION)
    worker.begin()
    try:
        yield
    finally:
        worker.close()


@contextmanager
def others_saving(bench: Bench, agencies: list[str], save: list[dict[str, object]], count: int) -> Iterator[None]:
    pushers = [Pusher(bench, f"other {place}", agencies, save) for place in range(count)]
    stopping = threading.Event()

    def go() -> None:
        place = 0
        while not stopping.wait(BETWEEN / count):
            pushers[place % count].push()
            place += 1

    thread = threading.Thread(target=go, name="others")
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join()
        for pusher in pushers:
            pusher.link.close()
