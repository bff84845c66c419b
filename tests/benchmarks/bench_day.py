"""F9 over a whole day through the real window, power cut and printer trouble included; against the entries of the same
saves written by hand, each in one durable transaction of a file beside.

*kept* is what performance.md gives 20 ms: from the key to the durable commit, with every rule, number and the journal.
*F9* goes on until the window can take the next key: the desk emptied, the number painted, and all done that the save
has set going in the window. Nothing is left out because it was put off: a timer of no length delays the next key too.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.benchmarks.measuring import Figure, percentile
from tests.conftest import MORNING
from tests.faults.day import Hall, set_up
from tests.faults.nursery import Nursery
from tests.faults.reckoning import is_flat, reckon

MOST = 20  # milliseconds for the slowest of a hundred
SHARES = (0.5, 0.95, 0.99)


def run(quick: bool) -> list[Figure]:
    """Milliseconds of F9 and of its first part, by the wall and by the processor;
    and the memory at the end of the last run against that after its thirtieth person."""
    with tempfile.TemporaryDirectory(prefix="loket-day-", ignore_cleanup_errors=True) as name:
        set_up(Path(name) / "pc")
        nursery = Nursery()
        hall = Hall(Path(name) / "pc", nursery, seed=300, people=40 if quick else 300, how="measure")
        try:
            book = hall.live()
        finally:
            hall.close()
            nursery.close()
        reckon(book, hall.folder, hall.printer.printed, hall.tray, MORNING.date(), spoiled=1)
    note = f"{len(book.f9)} files, every number accounted for"
    figures = []
    parts = (("kept", "kept", 0), ("kept, processor", "kept", 1), ("F9", "shown", 0), ("F9, processor", "shown", 1))
    for title, part, clock in parts:
        for share in SHARES:
            ours, by_hand = (percentile([one[which][clock] for one in book.f9], share) for which in (part, "by_hand"))
            is_judged = title == "kept" and share == SHARES[-1]
            figures.append(Figure(f"day, {title}, p{share * 100:.0f}", "ms", ours, by_hand, note=note,
                                  goal=f"<= {MOST} ms" if is_judged else "",
                                  holds=ours <= MOST if is_judged else None))  # fmt: skip
    held = book.lives[-1]
    since, log = min(30, len(held) // 2), book.log_bytes / 2**20
    figures.append(Figure("day, memory", "MB", held[-1] / 1e6, held[since] / 1e6, goal="grows by < 5 %",
                          holds=is_flat(book, since),
                          note=f"after {since} people and {len(held)}; log {log:.1f} MiB"))  # fmt: skip
    return figures
