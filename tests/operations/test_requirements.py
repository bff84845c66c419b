"""The requirement rules on standards written by hand for each of them, and on all small standards by property."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.i18n import speaking
from desktop.models.standard import Definition
from desktop.operations.case import BY_PROXY, CHILD, FOR_COMPANY, OBJECT, SELF, Case, questions
from desktop.operations.requirements import (
    FAULT_LABELS,
    Check,
    Extra,
    Fault,
    State,
    as_missing,
    assess,
    refusal,
    smallest_sentence,
)
from tests.operations.small_standards import MISSING, PRESENT, VARIANTS, asking, case, codes, small_standards, standard

# Which lines are asked


def test_lines_keep_the_order_of_the_standard() -> None:
    found = assess(standard({"code": "C"}, {"code": "A"}, {"code": "B"}), case(), {})
    assert codes(found) == ["C", "A", "B"]
    assert [line.ordinal for line in found.lines] == [1, 2, 3]


def test_variant_and_fact_bring_lines_about() -> None:
    rules = standard(
        {"code": "FORM"},
        {"code": "REPORT", "when": {"variant": "LOST"}},
        {"code": "BOOK", "when": {"fact": "MARRIED"}},
        variants=VARIANTS,
        questions=asking("MARRIED"),
    )
    assert codes(assess(rules, case(variant="NEW", MARRIED=False), {})) == ["FORM"]
    assert codes(assess(rules, case(variant="LOST", MARRIED=True), {})) == ["FORM", "REPORT", "BOOK"]


def test_without_a_variant_nothing_is_decided() -> None:
    rules = standard({"code": "FORM"}, {"code": "REPORT", "when": {"variant": "LOST"}}, variants=VARIANTS)
    for unknown in (None, "GONE"):
        found = assess(rules, case(variant=unknown), {"FORM": PRESENT})
        assert found.needs_variant and not found.is_decided and not found.complete
    assert assess(rules, case(variant="NEW"), {"FORM": PRESENT}).complete


def test_power_of_attorney_only_for_somebody_else() -> None:
    """A mother is not asked for one, nor is a company (users.md 1.4)."""
    rules = standard({"code": "KTP"}, {"code": "POWER", "when": {"fact": "PROXY"}})
    asked = {whom: codes(assess(rules, case(whom), {})) for whom in (SELF, CHILD, BY_PROXY, FOR_COMPANY, OBJECT)}
    assert asked.pop(BY_PROXY) == ["KTP", "POWER"]
    assert set(map(tuple, asked.values())) == {("KTP",)}
    assert questions(rules, case(BY_PROXY)) == []


def test_company_follows_from_for_whom() -> None:
    rules = standard({"code": "KTP"}, {"code": "DEED", "when": {"fact": "COMPANY"}})
    assert codes(assess(rules, case(FOR_COMPANY), {})) == ["KTP", "DEED"]
    assert codes(assess(rules, case(OBJECT), {})) == ["KTP"]
    assert questions(rules, case(FOR_COMPANY)) == []


def test_local_rule_is_a_switch() -> None:
    line = {"code": "PHOTO", "local_rule": True, "when": {"fact": "LOCAL_RULE"}}
    assert codes(assess(standard({"code": "KTP"}, {**line, "enabled": False}), case(), {})) == ["KTP"]
    found = assess(standard({"code": "KTP"}, {**line, "enabled": True}), case(), {})
    assert codes(found) == ["KTP", "PHOTO"]
    assert found.line("PHOTO").why == "Surat PHOTO diperlukan karena ada ketentuan setempat."


def test_local_rule_beside_a_question() -> None:
    """A vehicle's book: asked where the desk wants it, or where the vehicle is under credit."""
    line = {
        "code": "BOOK",
        "local_rule": True,
        "when": {"any": [{"fact": "LOCAL_RULE"}, {"fact": "ON_CREDIT"}]},
    }
    off = standard({**line, "enabled": False}, questions=asking("ON_CREDIT"))
    on = standard({**line, "enabled": True}, questions=asking("ON_CREDIT"))
    assert codes(assess(off, case(ON_CREDIT=True), {})) == ["BOOK"]
    assert codes(assess(off, case(ON_CREDIT=False), {})) == []
    assert [q.code for q in questions(off, case())] == ["ON_CREDIT"]
    assert codes(assess(on, case(), {})) == ["BOOK"]
    assert questions(on, case()) == []


def test_a_line_switched_off_is_not_asked_and_asks_nothing() -> None:
    rules = standard(
        {"code": "KTP"}, {"code": "BOOK", "enabled": False, "when": {"fact": "MARRIED"}}, questions=asking("MARRIED")
    )
    assert codes(assess(rules, case(MARRIED=True), {})) == ["KTP"]
    assert questions(rules, case()) == []


# Why


def test_always_asked_lines_say_so() -> None:
    (line,) = assess(standard({"code": "KTP"}), case(), {}).lines
    assert line.why == "Selalu diminta untuk layanan ini." and line.clause == "PP 1/2020"


def test_the_answer_that_brought_it_about_is_told() -> None:
    rules = standard(
        {"code": "BOOK", "name_id": "Fotokopi buku nikah", "when": {"any": [{"fact": "MARRIED"}, {"fact": "CERAI"}]}},
        {"code": "OLD", "when": {"all": [{"variant": "LOST"}, {"not": {"fact": "CERAI"}}]}},
        {"code": "PLAIN", "when": {"variant": "LOST"}, "reason_id": "aturan khusus"},
        variants=VARIANTS,
        questions=[
            {"code": "MARRIED", "text_id": "Kawin?", "text_en": "Married?", "because_id": "pemohon sudah kawin"},
            {"code": "CERAI", "text_id": "Cerai?", "text_en": "Divorced?", "because_en": "the applicant is divorced"},
        ],
    )
    married = assess(rules, case(variant="LOST", MARRIED=True, CERAI=False), {})
    assert [line.why for line in married.lines] == [
        "Fotokopi buku nikah diperlukan karena pemohon sudah kawin.",
        'Surat OLD diperlukan karena kartu hilang dan jawaban untuk "Cerai?" adalah tidak.',
        "Surat PLAIN diperlukan karena aturan khusus.",
    ]
    divorced = assess(rules, case(variant="LOST", MARRIED=False, CERAI=True), {})
    assert divorced.line("BOOK").why == 'Fotokopi buku nikah diperlukan karena jawaban untuk "Cerai?" adalah ya.'
    with speaking("en"):
        english = assess(rules, case(variant="LOST", MARRIED=False, CERAI=True), {})
    assert "the applicant is divorced" in english.line("BOOK").why


def test_a_frozen_line_tells_all_that_could_be() -> None:
    rules = standard(
        {"code": "BOOK", "when": {"any": [{"fact": "MARRIED"}, {"variant": "LOST"}]}},
        variants=VARIANTS,
        questions=asking("MARRIED", because_id="pemohon sudah kawin"),
    )
    (line,) = assess(rules, case(variant="NEW"), {}, frozen={"BOOK"}).lines
    assert line.why == "Surat BOOK diperlukan karena pemohon sudah kawin atau kartu hilang."


# States


def test_four_states_and_what_holds_the_file_back() -> None:
    rules = standard(*({"code": code} for code in "ABC"), {"code": "D", "not_needed_allowed": True})
    checks = {"A": PRESENT, "B": MISSING, "D": Check(State.NOT_NEEDED)}
    found = assess(rules, case(), checks)
    assert [line.state for line in found.lines] == [
        State.PRESENT,
        State.MISSING,
        State.UNCHECKED,
        State.NOT_NEEDED,
    ]
    assert [line.code for line in found.missing] == ["B"]
    assert [line.code for line in found.unchecked] == ["C"]
    assert found.smallest == ("B", "C") and found.missing_count == 2 and found.asked_count == 4
    assert [line.blocks for line in found.lines] == [False, True, True, False]


def test_second_f9_takes_grey_lines_as_not_brought() -> None:
    rules = standard({"code": "A"}, {"code": "B"}, {"code": "C", "optional": True})
    checks = {"A": PRESENT}
    settled = as_missing(assess(rules, case(), checks), checks)
    assert settled == {"A": PRESENT, "B": MISSING}
    found = assess(rules, case(), settled)
    assert found.unchecked == () and [line.code for line in found.missing] == ["B"]


def test_not_needed_only_where_a_rule_allows() -> None:
    rules = standard({"code": "A"}, {"code": "B", "not_needed_when": {"fact": "ALIEN"}}, questions=asking("ALIEN"))
    marks = {"A": PRESENT, "B": Check(State.NOT_NEEDED)}
    assert assess(rules, case(ALIEN=True), marks).complete
    refused = assess(rules, case(ALIEN=False), marks)
    assert not refused.complete and refused.line("B").state is State.UNCHECKED
    assert not refused.line("B").not_needed_allowed
    assert assess(rules, case(), {**marks, "A": Check(State.NOT_NEEDED)}).line("A").state is State.UNCHECKED
    # The frozen list of another desk has no answers: what was allowed then stands, what never was does not.
    frozen = assess(rules, case(), {**marks, "A": Check(State.NOT_NEEDED)}, frozen={"A", "B"})
    assert (frozen.line("A").state, frozen.line("B").state) == (State.UNCHECKED, State.NOT_NEEDED)


def test_optional_never_blocks() -> None:
    rules = standard({"code": "A"}, {"code": "B", "optional": True})
    for check in (None, MISSING, Check(State.FAULTY, Fault.UNREADABLE), PRESENT):
        found = assess(rules, case(), {"A": PRESENT, **({"B": check} if check else {})})
        assert found.complete and found.missing == () and found.unchecked == ()
    assert found.line("B").why == "Surat B dilampirkan bila ada."
    assert found.asked_count == 1


def test_optional_only_for_some() -> None:
    """A tax number: a person brings it if there is one, a company must."""
    rules = standard({"code": "NPWP", "optional_when": {"not": {"fact": "COMPANY"}}})
    assert assess(rules, case(SELF), {}).complete
    company = assess(rules, case(FOR_COMPANY), {})
    assert not company.complete and company.smallest == ("NPWP",)


def test_every_fault_counts_as_missing_and_has_words() -> None:
    assert set(FAULT_LABELS) == set(Fault) and len(FAULT_LABELS) == 9
    for fault in Fault:
        found = assess(standard({"code": "A"}), case(), {"A": Check(State.FAULTY, fault)})
        assert [line.fault for line in found.missing] == [fault]
    nameless = assess(standard({"code": "A"}), case(), {"A": Check(State.FAULTY)})
    assert nameless.missing[0].fault is Fault.OTHER


def test_too_few_sheets_are_a_number() -> None:
    rules = standard({"code": "PHOTO", "copies": 4})
    found = assess(rules, case(), {"PHOTO": Check(State.PRESENT, copies=3)})
    (line,) = found.missing
    assert (line.state, line.fault) == (State.FAULTY, Fault.TOO_FEW)
    assert (line.copies_wanted, line.copies_seen, line.copies_short) == (4, 3, 1)
    for enough in (4, 5, None):
        assert assess(rules, case(), {"PHOTO": Check(State.PRESENT, copies=enough)}).complete
    said = assess(rules, case(), {"PHOTO": Check(State.FAULTY, Fault.TOO_FEW, copies=1)})
    assert said.missing[0].copies_short == 3


@pytest.mark.parametrize(
    ("limit", "dated", "good"),
    [
        (60, date(2026, 9, 24), True),  # sixty days ago
        (60, date(2026, 9, 23), False),
        (0, date(2026, 11, 23), True),  # runs out today
        (0, date(2026, 11, 22), False),
        (0, date(2027, 1, 1), True),
        (60, None, True),  # nobody typed the date: the officer's word counts
    ],
)


def test_maximum_age(limit: int, dated: date | None, good: bool) -> None:
    found = assess(standard({"code": "A", "max_age_days": limit}), case(), {"A": Check(State.PRESENT, dated=dated)})
    assert found.complete is good
    assert found.lines[0].fault is (None if good else Fault.EXPIRED)


def test_a_substitute_is_brought_in_the_same_line() -> None:
    """ "Salah satu: a, b" is one line with one key; the document says which are accepted."""
    accepted = [{"name_id": n, "name_en": n} for n in ("Akta kelahiran", "Ijazah")]
    rules = standard({"code": "PROOF", "name_id": "Salah satu: akta kelahiran, ijazah", "substitutes": accepted})
    assert [s.name for s in rules.requirements[0].substitutes] == ["Akta kelahiran", "Ijazah"]
    found = assess(rules, case(), {})
    assert found.asked_count == 1 and found.smallest == ("PROOF",) and smallest_sentence(found) is None
    assert assess(rules, case(), {"PROOF": PRESENT}).complete


# Groups


def grouped(need: int, members: str = "ABC", **more: Any) -> Definition:
    return standard(
        {"code": "KTP"},
        *({"code": code, "group": "PROOF", **more} for code in members),
        groups=[{"code": "PROOF", "name_id": "Bukti", "name_en": "Proof", "need": need}],
        questions=asking("MARRIED") if more else [],
    )


def test_one_of_several() -> None:
    rules = grouped(1)
    found = assess(rules, case(), {"KTP": PRESENT})
    assert found.smallest == ("A",) and found.missing_count == 1 and found.has_alternatives
    assert smallest_sentence(found) == "Supaya lengkap, cukup bawa: Surat A."
    for code in "ABC":
        done = assess(rules, case(), {"KTP": PRESENT, code: PRESENT})
        assert done.complete and not done.missing and not done.unchecked and not done.has_alternatives
    assert done.groups[0].is_met and done.asked_count == 2


def test_two_of_three() -> None:
    rules = grouped(2)
    found = assess(rules, case(), {"KTP": PRESENT, "B": PRESENT, "A": MISSING})
    assert not found.complete and found.smallest == ("A",) and found.missing_count == 1
    assert (found.groups[0].need, found.groups[0].have) == (2, 1)
    assert assess(rules, case(), {"KTP": PRESENT, "B": PRESENT, "C": PRESENT, "A": MISSING}).complete


def test_all_of_a_group_leave_no_choice() -> None:
    found = assess(grouped(3), case(), {})
    assert found.smallest == ("KTP", "A", "B", "C") and not found.has_alternatives


def test_a_group_asks_no_more_than_the_case_has() -> None:
    rules = grouped(2, "AB", when={"fact": "MARRIED"})
    assert assess(rules, case(MARRIED=False), {"KTP": PRESENT}).complete
    narrow = standard(
        {"code": "A", "group": "G"},
        {"code": "B", "group": "G", "when": {"fact": "MARRIED"}},
        groups=[{"code": "G", "name_id": "g", "name_en": "g", "need": 2}],
        questions=asking("MARRIED"),
    )
    assert assess(narrow, case(MARRIED=False), {"A": PRESENT}).complete
    assert not assess(narrow, case(MARRIED=True), {"A": PRESENT}).complete


# Beyond the standard, and the second visit


def test_extra_demand_has_a_reason_and_blocks() -> None:
    extra = Extra("EXTRA_1", "Surat dari RT", "alamat meragukan")
    found = assess(standard({"code": "A"}), case(), {"A": PRESENT}, [extra])
    line = found.line("EXTRA_1")
    assert line.is_extra and line.ordinal == 2 and line.blocks and found.smallest == ("EXTRA_1",)
    assert line.why == "Diminta di luar standar: alamat meragukan" and line.clause == "Di luar standar"
    brought = {"A": PRESENT, "EXTRA_1": Check(State.PRESENT, is_extra=True)}
    assert assess(standard({"code": "A"}), case(), brought, [extra]).complete


def test_what_an_officer_types_as_extra_never_breaks_the_rules() -> None:
    odd = Extra("extra ✓", "", "x" * 5_000)
    assert assess(standard({"code": "A"}), case(), {}, [odd]).line("extra ✓").why


def test_the_first_list_stays_frozen() -> None:
    rules = standard(
        {"code": "A"},
        {"code": "B", "when": {"fact": "MARRIED"}},
        {"code": "C", "when": {"fact": "MARRIED"}},
        questions=asking("MARRIED"),
    )
    found = assess(rules, case(MARRIED=False), {"A": PRESENT}, frozen={"A", "B"})
    assert codes(found) == ["A", "B"] and found.is_decided and found.smallest == ("B",)
    assert assess(rules, case(), {"A": PRESENT, "B": PRESENT}, frozen={"A", "B"}).complete


# Who may ask


def test_presence_refuses_a_proxy_with_its_reason() -> None:
    rules = standard(
        {"code": "A"},
        proxy_allowed=False,
        personal_presence="foto dan sidik jari direkam",
        personal_presence_en="photo and fingerprints are taken",
    )
    assert refusal(rules, BY_PROXY) == (
        "Layanan ini tidak dapat diwakilkan: foto dan sidik jari direkam. Pemohon harus datang sendiri."
    )
    assert all(refusal(rules, whom) is None for whom in (SELF, CHILD, FOR_COMPANY, OBJECT))
    assert refusal(standard({"code": "A"}, proxy_allowed=False), BY_PROXY) is not None
    assert refusal(standard({"code": "A"}), BY_PROXY) is None


# For all small standards


def brought(checks: dict[str, Check], *more: str) -> dict[str, Check]:
    return {**checks, **{code: PRESENT for code in more}}


@given(small_standards())
def test_smallest_set_completes_and_nothing_smaller_does(made: tuple[Definition, Case, dict[str, Check]]) -> None:
    definition, of, checks = made
    found = assess(definition, of, checks)
    assert assess(definition, of, brought(checks, *found.smallest)).complete
    lacking = [line.code for line in found.lines if not line.is_settled]
    for fewer in itertools.combinations(lacking, len(found.smallest) - 1 if found.smallest else 0):
        if found.smallest:
            assert not assess(definition, of, brought(checks, *fewer)).complete
    assert found.complete is (not found.smallest)
    assert found.complete is (not found.missing and not found.unchecked)


@given(small_standards())
def test_more_papers_never_make_a_file_worse(made: tuple[Definition, Case, dict[str, Check]]) -> None:
    definition, of, checks = made
    before = assess(definition, of, checks)
    for line in before.lines:
        after = assess(definition, of, brought(checks, line.code))
        assert len(after.smallest) <= len(before.smallest)
        assert after.complete or not before.complete


@given(small_standards(), st.sampled_from(["Q", "R"]))
def test_a_question_left_out_changes_nothing(made: tuple[Definition, Case, dict[str, Check]], left: str) -> None:
    """A question that is not asked cannot turn the list; one that is can."""
    definition, of, _checks = made
    open_ = Case(of.variant, of.for_whom, {k: v for k, v in of.answers.items() if k != left}, of.on)
    both = [
        codes(assess(definition, Case(of.variant, of.for_whom, {**open_.answers, left: answer}, of.on), {}))
        for answer in (False, True)
    ]
    unanswered = [question.code for question in assess(definition, open_, {}).unanswered]
    assert (left in unanswered) is (both[0] != both[1])


@given(small_standards())
def test_every_line_says_why(made: tuple[Definition, Case, dict[str, Check]]) -> None:
    definition, of, checks = made
    for line in assess(definition, of, checks).lines:
        assert line.why.endswith(".") and line.clause
