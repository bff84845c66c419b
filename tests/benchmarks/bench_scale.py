"""10, 100 and 1,000 counters on one centre: what an entry costs the server, what a connection holds, how long a push
takes. The counters are connected and hear the bell; a few threads push for them, one save after the other."""

from __future__ import annotations

import contextlib
import os
import statistics
import threading
import time
from pathlib import Path

from tests.benchmarks.hall import Bench, Pusher, a_save, bench_centre, lived
from tests.benchmarks.measuring import Figure, percentile

THREADS = 2


def run(quick: bool) -> list[Figure]:
    """Microseconds of the server's processor an entry, MB a connection, milliseconds of a push."""
    sizes = (10, 100) if quick else (10, 100, 1000)
    during = 6.0 if quick else 30.0
    figures: list[Figure] = []
    with bench_centre() as bench:
        store, _desk, _officer = lived(bench, "a", days=5, per_day=10)
        agencies, save = bench.agencies(store), a_save(store)
        bench.join(store, "A", agencies, is_admin=True).close()
        store.close()
        pushers: list[Pusher] = []
        first = 0.0
        for size in sizes:
            while len(pushers) < size:
                pushers.append(Pusher(bench, f"counter {len(pushers)}", agencies, save))
                pushers[-1].push()  # they have been here since the morning: known to the bell, and warm
            cost, taken = pushed(bench, pushers, during)
            first = first or cost
            note = f"{len(taken) / during:.0f} saves/s, {held(bench):.1f} MB a connection"
            late = percentile(taken, 0.95)
            name = f"scale, {size} counters"
            figures.append(Figure(name, "us/entry", cost, first, goal="<= 1.2 x 10 counters", holds=cost <= 1.2 * first,
                                  note=f"{note}, push p95 {late:.0f} ms"))  # fmt: skip
        for pusher in pushers:
            pusher.link.close()
    return figures


def pushed(bench: Bench, pushers: list[Pusher], during: float) -> tuple[float, list[float]]:
    bench.tidy()
    for pusher in pushers:
        pusher.push()  # new statistics let every connection plan anew: in a hall once in weeks, not once in a minute
    taken: list[float] = []
    end = time.monotonic() + during

    def go(mine: list[Pusher]) -> None:
        place = 0
        while time.monotonic() < end:
            begin = time.perf_counter()
            mine[place % len(mine)].push()
            taken.append((time.perf_counter() - begin) * 1000)
            place += 1

    before = processor(bench)
    threads = [threading.Thread(target=go, args=(pushers[place::THREADS],)) for place in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return (processor(bench) - before) * 1e6 / (len(taken) * pushers[0].entries), taken


def processes(bench: Bench) -> list[Path]:
    """The server's process and its children."""
    [told] = bench.connection.execute("SELECT pg_read_file('postmaster.pid')").fetchone() or [""]
    head = int(told.split()[0])
    children = Path(f"/proc/{head}/task/{head}/children").read_text().split()
    return [Path("/proc") / str(pid) for pid in (head, *children)]


def processor(bench: Bench) -> float:
    """Seconds of the processor that the server has used, its connections and its own work together."""
    ticks = 0
    for process in processes(bench):
        fields = (process / "stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def held(bench: Bench) -> float:
    """MB that a connection has of its own, at the median."""
    own = []
    for process in processes(bench)[1:]:
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):  # the server's own helpers come and go
            if b"loket" in (process / "cmdline").read_bytes():
                told = dict(line.split(":", 1) for line in (process / "smaps_rollup").read_text().splitlines()[1:])
                own.append(sum(int(told[name].split()[0]) for name in ("Private_Clean", "Private_Dirty")) / 1024)
    return statistics.median(own)
