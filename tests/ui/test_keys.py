"""The keys a whole flow costs, counted from real key events through the real window (performance.md, row "keys")."""

from __future__ import annotations

import pytest

from desktop.ui.main_window import MainWindow
from tests.ui.desk import SITI, At

# These run with the rest offscreen, and once more on a real X display: what one platform swallows the other may not.
pytestmark = pytest.mark.xcb

NEW, SHORT, REPEAT, NEXT, SECOND_VISIT = 60, 64, 24, 6, 4
KTP, CHANGED = "2", "3"  # KTP-el, perubahan data: five papers


@pytest.fixture
def at(window: MainWindow) -> At:
    return At(window)


def registered(at: At) -> bool:
    last = at.screen.file.last
    return last is not None and last.outcome.paper == "receipt" and at.is_clear()


def test_a_new_applicant_with_five_papers(at: At) -> None:
    at.presses("F2").fills_person().types(KTP).types(CHANGED)
    assert len(at.lines()) == 5
    at.types("*").presses("F9")
    assert registered(at)
    assert at.keys() <= NEW


def test_a_new_applicant_who_lacks_two_of_five(at: At) -> None:
    at.presses("F2").fills_person().types(KTP).types(CHANGED)
    at.types("*").types("-2").types("-4")
    assert at.states().count("Tidak ada") == 2
    at.presses("F9")
    assert at.screen.file.last is not None and at.screen.file.last.outcome.paper == "slip" and at.is_clear()
    assert at.keys() <= SHORT


def test_somebody_known_whose_nik_is_typed(at: At) -> None:
    at.fills_person().types(KTP).types(CHANGED).types("*").presses("F9")
    before = at.keys()
    at.presses("F2").types(SITI).looks().types("3").looks()
    assert at.focus() == "variant_edit"
    at.types("1").types("2").types("2").types("*").presses("F9")
    assert registered(at)
    assert at.keys() - before <= REPEAT


def test_the_same_person_asks_for_the_next_service(at: At) -> None:
    at.fills_person().types(KTP).types(CHANGED).types("*").presses("F9")
    before = at.keys()
    at.presses("F6").types(KTP).types("1").types("*").presses("F9")
    assert registered(at)
    assert at.keys() - before <= NEXT


def test_the_second_visit_with_its_number(at: At) -> None:
    at.fills_person().types(KTP).types(CHANGED).types("*").types("-2").types("-4").presses("F9")
    assert at.screen.file.last is not None
    number = at.screen.file.last.outcome.number
    at.types(number)
    before = at.keys()
    at.presses("Enter")
    assert [state for digit, _name, state in at.lines() if digit] == ["Belum diperiksa"] * 2
    at.types("*").presses("F9")
    assert registered(at)
    assert at.keys() - before <= SECOND_VISIT


def test_the_five_digits_people_say_open_the_file_too(at: At) -> None:
    at.fills_person().types(KTP).types(CHANGED).types("*").types("-2").presses("F9")
    assert at.screen.file.last is not None
    at.types(at.screen.file.last.outcome.short).presses("Enter").types("*").presses("F9")
    assert registered(at)
