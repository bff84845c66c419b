"""From nothing to a painted intake screen that has the cursor, on a file of 100,000 applications; against an empty
window of the same libraries."""

from __future__ import annotations

from tests.benchmarks import million, programs
from tests.benchmarks.measuring import Figure, compared, paired


def run(quick: bool) -> list[Figure]:
    """Seconds by the wall, and by the processor."""
    large = million.large(million.QUICK)
    ours = programs.OURS.format(folder=str(large.folder), officer=large.officer_id)
    ran = paired(lambda: programs.until_shown(ours), lambda: programs.until_shown(programs.EMPTY),
                 pairs=5 if quick else 11)  # fmt: skip
    limit = "<= 1.5 x an empty window"
    return [
        compared(name, "s", *([getattr(one, clock) for one in side] for side in ran), goal=limit,
                 holds=lambda ratio: ratio <= 1.5, note=f"{large.applications:,} applications")
        for name, clock in (("start", "wall"), ("start, processor", "processor"))
    ]  # fmt: skip
