"""Walks every service of the shipped catalogue through every variant, "Untuk" and answer that matters."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml

from desktop.i18n import speaking
from desktop.models.soundness import problems
from desktop.models.standard import UNASKED, Definition
from desktop.operations.case import BY_PROXY, FOR_COMPANY, Case, questions
from desktop.operations.catalog_file import read_yaml
from desktop.operations.requirements import Check, State, assess, refusal, smallest_sentence

CATALOGUE = Path(__file__).parents[2] / "resources" / "catalogue" / "kudus.yaml"
RAW: dict[str, Any] = yaml.load(CATALOGUE.read_text(encoding="utf-8"), yaml.CSafeLoader)
SERVICES: list[dict[str, Any]] = RAW["services"]
CODES = [service["code"] for service in SERVICES]
DEFINITIONS: dict[str, Definition] = {s.code: s.definition for s in read_yaml(CATALOGUE).services}
TODAY = date(2026, 11, 23)
PRESENT = Check(State.PRESENT)


def raw(code: str) -> dict[str, Any]:
    return SERVICES[CODES.index(code)]


# A second reading of the file, straight from its words and without the program's own


def holds(rule: Any, variants: set[str], variant: str | None, facts: set[str]) -> bool:
    if isinstance(rule, str):
        return rule == variant if rule in variants else rule in facts
    if isinstance(rule, list):
        return any(holds(part, variants, variant, facts) for part in rule)
    ((word, inner),) = rule.items()
    if word == "all":
        return all(holds(part, variants, variant, facts) for part in inner)
    if word == "any":
        return any(holds(part, variants, variant, facts) for part in inner)
    if word == "not":
        return not holds(inner, variants, variant, facts)
    return inner in facts if word == "fact" else inner == variant


def read_again(service: dict[str, Any], case: Case) -> tuple[list[str], set[str]]:
    """The codes asked, and those of them "bila ada"."""
    variants = {variant["code"] for variant in service.get("variants", [])}
    facts = {tag for tag, answer in case.answers.items() if answer}
    facts |= {"PROXY"} if case.for_whom == BY_PROXY else set()
    facts |= {"COMPANY"} if case.for_whom == FOR_COMPANY else set()
    asked, optional = [], set()
    for line in service["requirements"]:
        switched = facts | ({"LOCAL_RULE"} if line.get("enabled", False) else set())
        if line.get("when") is None or holds(line["when"], variants, case.variant, switched):
            asked.append(line["code"])
            if line.get("optional") or (
                line.get("optional_when") and holds(line["optional_when"], variants, case.variant, facts)
            ):
                optional.add(line["code"])
    return asked, optional


def tags(rule: Any) -> Iterator[str]:
    if isinstance(rule, str):
        yield rule
    elif isinstance(rule, list | dict):
        for part in rule if isinstance(rule, list) else rule.values():
            yield from tags(part)


def walk(service: dict[str, Any]) -> Iterator[Case]:
    """Every combination of variant, "Untuk" and answers of the service."""
    variants = [variant["code"] for variant in service.get("variants", [])]
    used = {
        tag
        for line in service["requirements"]
        for key in ("when", "optional_when", "not_needed_when")
        for tag in tags(line.get(key))
    }
    facts = sorted(used - set(variants) - UNASKED)
    for variant, for_whom in itertools.product(variants or [None], range(1, 6)):
        for answers in itertools.product((False, True), repeat=len(facts)):
            yield Case(variant, for_whom, dict(zip(facts, answers, strict=True)), TODAY)


def test_the_whole_catalogue_is_there() -> None:
    assert (len(RAW["agencies"]), len(SERVICES)) == (28, 71)
    assert sum(len(service["requirements"]) for service in SERVICES) == 487
    assert sum(1 for service in SERVICES for case in walk(service)) > 500
    assert all(problems(definition) == [] for definition in DEFINITIONS.values())


@pytest.mark.parametrize("code", CODES)
def test_every_combination(code: str) -> None:
    service, definition = raw(code), DEFINITIONS[code]
    for case in walk(service):
        asked, optional = read_again(service, case)
        found = assess(definition, case, {})
        assert [line.code for line in found.lines] == asked, case
        assert {line.code for line in found.lines if line.optional} == optional, case
        assert found.is_decided and found.smallest == tuple(c for c in asked if c not in optional), case
        assert all(line.why.endswith(".") and line.clause for line in found.lines), case
        assert smallest_sentence(found) is None, case

        everything = {line: PRESENT for line in asked}
        assert assess(definition, case, everything).complete, case
        for line in found.smallest:
            short = assess(definition, case, {**everything, line: Check(State.MISSING)})
            assert not short.complete and short.smallest == (line,), (case, line)

        shown = {question.code for question in questions(definition, case)}
        assert shown <= set(case.answers)
        for tag in case.answers:
            rest = {key: answer for key, answer in case.answers.items() if key != tag}
            without = assess(definition, Case(case.variant, case.for_whom, rest, TODAY), everything)
            other = Case(case.variant, case.for_whom, {**rest, tag: not case.answers[tag]}, TODAY)
            matters = read_again(service, other) != (asked, optional)
            if matters:
                assert tag in shown and not without.complete, (case, tag)
                assert tag in {question.code for question in without.unanswered}, (case, tag)


@pytest.mark.parametrize("code", CODES)
def test_both_languages_and_whom(code: str) -> None:
    service, definition = raw(code), DEFINITIONS[code]
    assert (refusal(definition, BY_PROXY) is None) is service["proxy_allowed"]
    assert refusal(definition, definition.default_for_whom) is None
    if definition.default_for_whom == FOR_COMPANY:
        assert "company" in definition.applicant_types
    with speaking("en"):
        for case in walk(service):
            for line in assess(definition, case, {}).lines:
                assert line.why and line.requirement.name[0].isupper()
                assert " jawaban " not in line.why and " permohonan " not in line.why, line.why


def test_nobody_is_asked_what_untuk_says() -> None:
    for definition in DEFINITIONS.values():
        assert not {question.code for question in definition.questions} & (UNASKED | {"OPTIONAL"})


def test_switches_are_off_until_somebody_switches_them_on() -> None:
    local = [line for definition in DEFINITIONS.values() for line in definition.requirements if line.local_rule]
    assert len(local) == 9 and not any(line.enabled for line in local)
    assert all(line.enabled for d in DEFINITIONS.values() for line in d.requirements if not line.local_rule)


def test_questions_read_as_decided() -> None:
    texts = {question.text_id for definition in DEFINITIONS.values() for question in definition.questions}
    assert {
        "Dokumen lama hilang?",
        "Untuk pabrik?",
        "Untuk anak di bawah 17 tahun?",
        "Pemohon berstatus cerai?",
        "Pemohon sudah kawin?",
        "Menjadi WNI lewat pewarganegaraan?",
        "Dihadiri banyak orang di tempat terbuka?",
    } <= texts
    assert not {"Hilang?", "Pabrik?", "Newborn", "Pemohon cerai?", "Pemohon kawin?"} & texts


def birth_case(code: str, variant: str | None, for_whom: int, **more: Any) -> list[str]:
    found = assess(DEFINITIONS[code], Case(variant, for_whom, more.pop("answers", {}), TODAY, **more), {})
    return [line.code for line in found.lines]


def test_birth_dates_answer_the_age_questions() -> None:
    baby, pupil, grown = date(2026, 11, 1), date(2016, 5, 4), date(1990, 5, 4)
    parents = {"FIRST_CHILD": False, "NO_MARRIAGE_CERT": False}
    for born, diploma in ((baby, False), (pupil, False)):
        late = Case("LATE", 2, parents, TODAY, subject_birth=born)
        assert questions(DEFINITIONS["DKC-05"], late) and assess(DEFINITIONS["DKC-05"], late, {}).is_decided
        assert ("IJAZAH_FC" in birth_case("DKC-05", "LATE", 2, answers=parents, subject_birth=born)) is diploma
    adult = Case("LATE", 1, parents, TODAY, applicant_birth=grown)
    assert "ADULT_WITH_DIPLOMA" in {q.code for q in questions(DEFINITIONS["DKC-05"], adult)}
    assert "PASFOTO_2X3" in birth_case("DKC-07", "NEW", 2, subject_birth=pupil)
    assert "PASFOTO_2X3" not in birth_case("DKC-07", "NEW", 2, subject_birth=baby)
    assert "AKTA_LAHIR" in birth_case("BKS-01", None, 2, subject_birth=baby)
    assert "AKTA_LAHIR" not in birth_case("BKS-01", None, 2, subject_birth=pupil)
    assert "PENETAPAN_WALI" in birth_case("TSP-02", "ACTIVE", 2, subject_birth=date(2009, 1, 1))
    assert "PENETAPAN_WALI" not in birth_case("TSP-02", "ACTIVE", 1, applicant_birth=grown)
    assert "KTP_ORTU" in birth_case("IMI-01", "NEW", 2, subject_birth=pupil)
    assert "KTP_ORTU" not in birth_case("IMI-01", "NEW", 1, applicant_birth=grown)
    assert questions(DEFINITIONS["DKC-01"], Case(None, 1, {}, TODAY, applicant_birth=grown)) == []


def test_papers_that_grow_old() -> None:
    limits = {
        (code, line.code): (line.max_age_days, line.age_counts_from)
        for code, definition in DEFINITIONS.items()
        for line in definition.requirements
        if line.max_age_days is not None
    }
    assert limits[("POL-01", "SKCK_LAMA")] == (365, "expires")
    assert limits[("BCK-01", "BOARDING_PASS")] == (60, "event")
    old = Case("RENEWAL", 1, {"ABROAD": False}, TODAY)
    codes = [line.code for line in assess(DEFINITIONS["POL-01"], old, {}).lines]
    for ran_out, good in ((date(2026, 1, 5), True), (date(2025, 11, 22), False)):
        checks = {c: PRESENT for c in codes} | {"SKCK_LAMA": Check(State.PRESENT, dated=ran_out)}
        assert assess(DEFINITIONS["POL-01"], old, checks).complete is good


def test_one_of_lines_stay_one_line() -> None:
    for definition in DEFINITIONS.values():
        for line in definition.requirements:
            if line.name_id.startswith("Salah satu:"):
                assert len(line.substitutes) >= 3 and line.group is None
