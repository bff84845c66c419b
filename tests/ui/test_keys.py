"""The keys a whole flow costs, counted from real key events through the real window (performance.md, row "keys")."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.ui import flows
from tests.ui.desk import At

# These run with the rest offscreen, and once more on a real X display: what one platform swallows the other may not.
pytestmark = pytest.mark.xcb


@pytest.mark.parametrize(
    ("flow", "most"),
    [
        (flows.new_applicant, flows.NEW),
        (flows.short_applicant, flows.SHORT),
        (flows.known_applicant, flows.REPEAT),
        (flows.next_service, flows.NEXT),
        (flows.second_visit, flows.SECOND_VISIT),
    ],
)
def test_a_flow_costs_few_keys(at: At, flow: Callable[[At], int], most: int) -> None:
    assert 0 < flow(at) <= most


def test_the_five_digits_people_say_open_the_file_too(at: At) -> None:
    at.fills_person().types(flows.KTP).types(flows.CHANGED).types("*").types("-2").presses("F9")
    assert at.screen.file.last is not None
    at.types(at.screen.file.last.outcome.short).presses("Enter").types("*").presses("F9")
    assert flows.registered(at)
