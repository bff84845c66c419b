"""What the program holds in memory after a day's work, page caches included; against an empty window."""

from __future__ import annotations

import statistics

from tests.benchmarks import million, programs
from tests.benchmarks.measuring import Figure

MOST = 120
DAY = """
from desktop import sample
from desktop.operations import intake, search
store = opened.store
with store.reading() as session:
    from desktop.operations import setup
    desk = setup.desk_for(session, {officer!r}, training=True)
    offered = sample.offers(session, desk)
luck = sample.Hall(3)
for place in range({files}):
    with store.saving(desk.officer_id) as session:
        intake.receive(session, desk, luck.form(offered[place % len(offered)], desk.day(store.clock())))
    if place % 10 == 0:
        for text in ("siti", "9901", "sri han", "0812"):
            with store.reading() as session:
                search.find(session, text, agency_ids=desk.agency_ids)
        for name in ("today", "summary", "intake"):
            window.show_screen(name)
            qt.processEvents()
"""


def run(quick: bool) -> list[Figure]:
    """MB beside those of the empty window."""
    large = million.large(million.QUICK if quick else million.FULL)
    files, rounds = (60, 1) if quick else (300, 3)
    ours = (programs.OURS + DAY).format(folder=str(large.folder), officer=large.officer_id, files=files)
    held = statistics.median(programs.resident(ours) for _ in range(rounds)) / 1e6
    empty = statistics.median(programs.resident(programs.EMPTY) for _ in range(rounds)) / 1e6
    return [Figure("memory", "MB", held, empty, goal=f"<= +{MOST} MB", holds=held - empty <= MOST,
                   note=f"{files} files received, {large.applications:,} applications")]  # fmt: skip
