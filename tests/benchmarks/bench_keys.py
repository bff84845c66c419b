"""The keys each flow costs, counted from real key events: the flows of the tests, walked through once more."""

from __future__ import annotations

from tests.benchmarks import windows
from tests.benchmarks.measuring import Figure
from tests.ui import flows
from tests.ui.desk import At

FLOWS = (
    ("keys, new applicant", flows.new_applicant, flows.NEW),
    ("keys, two papers missing", flows.short_applicant, flows.SHORT),
    ("keys, known applicant", flows.known_applicant, flows.REPEAT),
    ("keys, next service", flows.next_service, flows.NEXT),
    ("keys, second visit", flows.second_visit, flows.SECOND_VISIT),
)


def run(quick: bool) -> list[Figure]:
    """Key presses, each flow in a window of its own."""
    figures = []
    for name, flow, most in FLOWS:
        with windows.shown() as window:
            keys = flow(At(window))
        figures.append(Figure(name, "keys", keys, goal=f"<= {most}", holds=keys <= most))
    return figures
