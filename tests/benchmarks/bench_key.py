"""A key typed in the entry bar while receipts are printed and the sync thread pulls 10,000 entries; against the same
keys with nothing in the background."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from PySide6.QtWidgets import QApplication

from desktop import sample
from desktop.operations import intake
from desktop.sync.pull import pull
from desktop.ui.main_window import MainWindow
from tests.benchmarks import windows
from tests.benchmarks.hall import Pusher, a_save, bench_centre, lived
from tests.benchmarks.measuring import Figure, percentile
from tests.ui.desk import At

WORDS = "siti aminah"


def run(quick: bool) -> list[Figure]:
    """Milliseconds by the wall from a key to its letter on the screen, for 19 of 20."""
    entries = 2_000 if quick else 10_000
    with bench_centre() as bench:
        store, desk, officer_id = lived(bench, "a", days=5, per_day=10)
        agencies, save = bench.agencies(store), a_save(store)
        link = bench.join(store, "A", agencies, is_admin=True)
        pusher = Pusher(bench, "other", agencies, save)
        for _ in range(entries // pusher.entries):
            pusher.push()
        luck = sample.Hall(5)
        with store.saving(officer_id) as session:
            offered = sample.offers(session, desk)
            made = [intake.receive(session, desk, luck.form(offered[0], desk.day(store.clock()))) for _ in range(30)]
        with windows.shown_on(store, officer_id, in_background=True) as window:
            alone = typed(window, lambda: False)
            pulling = threading.Thread(target=lambda: pull(store, link), name="sync")
            pulling.start()
            for outcome in made:
                window.around.printing.out(outcome.print_id, quietly=True)
            beside = typed(window, pulling.is_alive)
            pulling.join()
        pusher.link.close()
        link.close()
        store.close()
    late = percentile(beside, 0.95)
    return [Figure("key", "ms", late, percentile(alone, 0.95), goal="p95 <= 16 ms", holds=late <= 16,
                   note=f"{len(beside)} keys beside {entries:,} entries and {len(made)} receipts")]  # fmt: skip


def typed(window: MainWindow, goes_on: Callable[[], bool]) -> list[float]:
    """Milliseconds of each key, for as long as something goes on, and for five words at least."""
    at, app = At(window), QApplication.instance()
    assert app is not None
    taken: list[float] = []
    at.presses("F2")
    while goes_on() or len(taken) < 5 * len(WORDS):
        for letter in WORDS:
            begin = time.perf_counter()
            at.types(letter)
            app.processEvents()
            taken.append((time.perf_counter() - begin) * 1000)
            time.sleep(0.05)  # a quick hand
        at.presses("Esc")
    return taken
