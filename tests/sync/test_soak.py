"""Counters that work side by side for a day, each with the program's own sync thread: one state, and nothing grows."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from desktop.folder import FILE_NAME, size
from tests.conftest import Clock
from tests.sync.hall import Centre, Pc, shown, shown_at_centre, versions
from tests.sync.test_worker import Running, hasty, run, wait_for
from tests.sync.working_hall import Desks, join_counter, open_hall, rows

__all__ = ["hasty", "run"]  # fixtures
Rounds = Callable[[int, int], int]
HOURS, CUT_OFF = 8, 2
MOST_LOG = 16 * 2**20
# Readers and a writer keep pages of the file in memory, as far as there are any.
CONNECTIONS = 4


class Day:
    """The hall from opening to closing."""

    def __init__(self, counters: list[Pc], run: Callable[..., Running], clock: Clock) -> None:
        self.counters, self.clock, self.desks, self._run = counters, clock, Desks(12), run
        self.running = [run(pc) for pc in counters]
        self.saves: list[float] = []

    def hour(self, people: int) -> None:
        for _person in range(people):
            for pc in self.counters:
                self.clock.forward(seconds=3600 / people / len(self.counters))
                begin = time.thread_time()
                self.desks.receive(pc)
                self.saves.append((time.thread_time() - begin) * 1000)

    def trouble(self, hour: int) -> None:
        """What the next hour begins with."""
        first, second = self.running[0], self.running[1]
        if hour == 1:
            for one in self.running:
                one.proxy.drop_all()
        elif hour == CUT_OFF:
            first.proxy.fault = "refuse"
            first.proxy.drop_all()
        elif hour == CUT_OFF + 1:
            first.proxy.fault = "none"
            second.proxy.fault = "cut"
        elif hour == CUT_OFF + 2:
            second.proxy.fault = "none"
            first.pc.centre.rows("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()"
                                 " AND datname = current_database()")  # fmt: skip
        elif hour == CUT_OFF + 3:
            second.close()
            second.pc.store.close()
            second.pc.open()
            self.running[1] = self._run(second.pc)

    def comes_together(self) -> None:
        want = len(self.desks.numbers)
        wait_for(lambda: all(one.worker.standing.pending == 0 for one in self.running))
        wait_for(lambda: all(len(shown(pc)["application"]) == want for pc in self.counters))

    def data(self) -> int:
        return sum(size(pc.folder / FILE_NAME) for pc in self.counters)

    def logs(self) -> int:
        return max(size(pc.folder / f"{FILE_NAME}-wal") for pc in self.counters)


def held() -> tuple[int, int, int]:
    """Bytes of memory, open files and threads of this process."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * 4096, len(os.listdir("/proc/self/fd")), threading.active_count()


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_day_of_all_counters_ends_in_one_state(
    hall_folder: Path, empty_folder: Path, tmp_path: Path, centre: Centre, run: Callable[..., Running], rounds: Rounds
) -> None:
    clock = Clock()
    admin = open_hall(hall_folder, tmp_path / "admin", centre, clock)
    counters = [join_counter(empty_folder, tmp_path / f"pc{n}", admin, f"Loket {n}", clock)
                for n in range(rounds(3, 12))]  # fmt: skip
    day, found = Day(counters, run, clock), []
    for hour in range(HOURS):
        day.trouble(hour)
        day.hour(rounds(2, 20))
        if hour == CUT_OFF:
            assert len(shown(counters[0])["application"]) < len(day.desks.numbers), "the control: it is behind"
        else:
            day.comes_together()
        assert day.logs() <= MOST_LOG
        found.append((*held(), day.data()))
        print(f"hour {hour}: {found[-1]}", flush=True)
    for one in day.running:
        one.close()
    for _turn in range(2):
        for pc in (admin, *counters):
            pc.sync()
    first = rows(counters[0])
    assert all(rows(pc) == first for pc in counters)
    assert versions(shown(counters[0])) == shown_at_centre(centre)
    numbers = {row["number"] for row in shown(counters[0])["application"]}
    assert numbers == set(day.desks.numbers) and len(numbers) == len(day.desks.numbers)
    (memory, files, threads, data), (memory_then, files_then, threads_then, data_then) = found[-1], found[CUT_OFF + 1]
    assert memory - memory_then < 0.05 * memory_then + CONNECTIONS * (data - data_then), found
    assert files <= files_then + len(counters) and threads <= threads_then + len(counters), found
    saves = sorted(day.saves)
    print(f"{len(saves)} files; a save p50 {saves[len(saves) // 2]:.1f} ms, p99 {saves[len(saves) * 99 // 100]:.1f} ms")
    for pc in (admin, *counters):
        pc.close()
