"""The flows of a day at the desk by real keys; each returns how many keys it cost (screens.md, section 12)."""

from __future__ import annotations

from tests.ui.desk import SITI, At

NEW, SHORT, REPEAT, NEXT, SECOND_VISIT = 60, 64, 24, 6, 4
KTP, CHANGED = "2", "3"  # KTP-el, perubahan data: five papers


def registered(at: At) -> bool:
    last = at.screen.file.last
    return last is not None and last.outcome.paper == "receipt" and at.is_clear()


def new_applicant(at: At) -> int:
    """Five papers, all there."""
    before = at.keys()
    at.presses("F2").fills_person().types(KTP).types(CHANGED)
    assert len(at.lines()) == 5
    at.types("*").presses("F9")
    assert registered(at)
    return at.keys() - before


def short_applicant(at: At) -> int:
    """Two of five papers are missing: a slip."""
    before = at.keys()
    at.presses("F2").fills_person().types(KTP).types(CHANGED)
    at.types("*").types("-2").types("-4")
    assert at.states().count("Tidak ada") == 2
    at.presses("F9")
    assert at.screen.file.last is not None and at.screen.file.last.outcome.paper == "slip" and at.is_clear()
    return at.keys() - before


def known_applicant(at: At) -> int:
    """Somebody met before, by the NIK."""
    at.fills_person().types(KTP).types(CHANGED).types("*").presses("F9")
    before = at.keys()
    at.presses("F2").types(SITI).looks().types("3").looks()
    assert at.focus() == "variant_edit"
    at.types("1").types("2").types("2").types("*").presses("F9")
    assert registered(at)
    return at.keys() - before


def next_service(at: At) -> int:
    """The same person asks for one service more."""
    at.fills_person().types(KTP).types(CHANGED).types("*").presses("F9")
    before = at.keys()
    at.presses("F6").types(KTP).types("1").types("*").presses("F9")
    assert registered(at)
    return at.keys() - before


def second_visit(at: At) -> int:
    """The two papers that were missing are brought; the number is scanned, so its digits do not count."""
    at.fills_person().types(KTP).types(CHANGED).types("*").types("-2").types("-4").presses("F9")
    assert at.screen.file.last is not None
    at.types(at.screen.file.last.outcome.number)
    before = at.keys()
    at.presses("Enter")
    assert [state for digit, _name, state in at.lines() if digit] == ["Belum diperiksa"] * 2
    at.types("*").presses("F9")
    assert registered(at)
    return at.keys() - before
