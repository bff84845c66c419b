"""What is known of a case: ages read from birth dates, and the questions that still matter."""

from __future__ import annotations

from datetime import date

import pytest

from desktop.operations.case import BY_PROXY, CHILD, FOR_COMPANY, OBJECT, SELF, Case, questions, unanswered_sentence
from desktop.operations.requirements import assess
from tests.operations.small_standards import PRESENT, TODAY, VARIANTS, asking, case, codes, standard

AGED = {"age_of": "subject", "from": 5, "below": 17}


@pytest.mark.parametrize(
    ("birth", "asked"),
    [
        (date(2021, 11, 24), False),  # five tomorrow
        (date(2021, 11, 23), True),  # five today
        (date(2009, 11, 24), True),  # seventeen tomorrow
        (date(2009, 11, 23), False),  # seventeen today
    ],
)


def test_age_is_read_from_the_birth_date(birth: date, asked: bool) -> None:
    rules = standard({"code": "PHOTO", "when": {"fact": "AGE"}}, questions=asking("AGE", derive=AGED))
    # An answer given before the birth date was known does not count against it.
    child = Case(None, CHILD, {"AGE": not asked}, TODAY, applicant_birth=date(1990, 1, 1), subject_birth=birth)
    assert codes(assess(rules, child, {})) == (["PHOTO"] if asked else [])
    assert questions(rules, child) == []


def test_age_is_asked_where_the_birth_date_is_not_known() -> None:
    rules = standard({"code": "PHOTO", "when": {"fact": "AGE"}}, questions=asking("AGE", derive=AGED))
    unknown = Case(None, CHILD, {}, TODAY, applicant_birth=date(1990, 1, 1))
    assert [q.code for q in questions(rules, unknown)] == ["AGE"]
    unborn = Case(None, CHILD, {}, TODAY, subject_birth=date(2027, 1, 1))
    assert [q.code for q in questions(rules, unborn)] == ["AGE"]
    assert codes(assess(rules, Case(None, CHILD, {"AGE": True}, TODAY), {})) == ["PHOTO"]


@pytest.mark.parametrize(
    ("for_whom", "asked"), [(SELF, False), (CHILD, True), (BY_PROXY, True), (FOR_COMPANY, False), (OBJECT, False)]
)


def test_whose_age_counts(for_whom: int, asked: bool) -> None:
    rules = standard({"code": "PHOTO", "when": {"fact": "AGE"}}, questions=asking("AGE", derive=AGED))
    both = Case(None, for_whom, {}, TODAY, applicant_birth=date(1990, 1, 1), subject_birth=date(2016, 1, 1))
    assert codes(assess(rules, both, {})) == (["PHOTO"] if asked else [])


def test_age_of_the_applicant_whoever_it_is_for() -> None:
    derive = {"age_of": "applicant", "below": 18}
    rules = standard({"code": "GUARDIAN", "when": {"fact": "MINOR"}}, questions=asking("MINOR", derive=derive))
    both = Case(None, CHILD, {}, TODAY, applicant_birth=date(1990, 1, 1), subject_birth=date(2016, 1, 1))
    assert codes(assess(rules, both, {})) == []


def test_an_age_that_only_rules_out() -> None:
    """An adult may hold a diploma: a child is not asked, an adult is."""
    derive = {"age_of": "subject", "from": 17, "asks_inside": True}
    rules = standard({"code": "DIPLOMA", "when": {"fact": "GRADUATE"}}, questions=asking("GRADUATE", derive=derive))
    child = Case(None, CHILD, {"GRADUATE": True}, TODAY, subject_birth=date(2026, 11, 1))
    assert questions(rules, child) == [] and codes(assess(rules, child, {})) == []
    adult = Case(None, SELF, {}, TODAY, applicant_birth=date(1990, 1, 1))
    assert [q.code for q in questions(rules, adult)] == ["GRADUATE"]
    assert not assess(rules, adult, {}).is_decided


def test_age_in_days() -> None:
    derive = {"age_of": "subject", "below": 29, "unit": "days"}
    rules = standard({"code": "BIRTH", "when": {"fact": "NEWBORN"}}, questions=asking("NEWBORN", derive=derive))
    for born, asked in ((date(2026, 10, 26), ["BIRTH"]), (date(2026, 10, 25), [])):
        assert codes(assess(rules, Case(None, CHILD, {}, TODAY, subject_birth=born), {})) == asked


# Questions


def test_only_questions_that_matter() -> None:
    rules = standard(
        {"code": "REPORT", "when": {"all": [{"variant": "LOST"}, {"fact": "STOLEN"}]}},
        {"code": "BOOK", "when": {"any": [{"fact": "MARRIED"}, {"fact": "DIVORCED"}]}},
        variants=VARIANTS,
        questions=asking("STOLEN", "MARRIED", "DIVORCED"),
    )

    def shown(**answers: bool) -> list[str]:
        return [q.code for q in questions(rules, case(variant="NEW", **answers))]

    assert shown() == ["MARRIED", "DIVORCED"]
    assert shown(MARRIED=True) == ["MARRIED"]
    assert shown(MARRIED=False) == ["MARRIED", "DIVORCED"]
    # What was answered stays to be corrected, whatever later answers say.
    assert shown(MARRIED=True, DIVORCED=True) == ["MARRIED"]
    assert shown(DIVORCED=True) == ["MARRIED", "DIVORCED"]
    # The other answer already settles the list: nothing is open.
    assert assess(rules, case(variant="NEW", DIVORCED=True), {}).unanswered == ()
    assert [q.code for q in questions(rules, case(variant="LOST"))] == ["STOLEN", "MARRIED", "DIVORCED"]
    # Before the variant is chosen only what no variant changes is asked.
    assert [q.code for q in questions(rules, case())] == ["MARRIED", "DIVORCED"]


def test_an_open_question_keeps_the_file_open() -> None:
    rules = standard({"code": "KTP"}, {"code": "BOOK", "when": {"fact": "MARRIED"}}, questions=asking("MARRIED"))
    found = assess(rules, case(), {"KTP": PRESENT, "BOOK": PRESENT})
    assert [q.code for q in found.unanswered] == ["MARRIED"]
    assert not found.complete and codes(found) == ["KTP"]
    assert unanswered_sentence(found.unanswered[0]) == 'Belum dijawab: "MARRIED?"'
    assert assess(rules, case(MARRIED=False), {"KTP": PRESENT}).complete
