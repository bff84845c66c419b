"""Forty cases written by hand from the prose of the catalogue, by someone who had not seen what the rules say."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from desktop.models.standard import Definition
from desktop.operations.case import Case, questions
from desktop.operations.catalog_file import read_yaml
from desktop.operations.requirements import Check, State, assess

HERE = Path(__file__).parent
CATALOGUE = HERE.parents[1] / "resources" / "catalogue" / "kudus.yaml"
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "golden_cases.yaml").read_text(encoding="utf-8"))

# Two answers the writer invented are said otherwise here: the variant of DKC-02 is itself "from another regency", and
# how long ago the old SKCK expired is the age limit of that paper.
SAID_OTHERWISE = {"FROM_OTHER_REGENCY", "OLD_EXPIRED_UNDER_1Y"}


@pytest.fixture(scope="module")
def definitions() -> dict[str, Definition]:
    return {service.code: service.definition for service in read_yaml(CATALOGUE).services}


def test_there_are_forty() -> None:
    assert len(CASES) == 40
    assert len({case["name"] for case in CASES}) == 40


@pytest.mark.parametrize("golden", CASES, ids=[case["name"] for case in CASES])
def test_case(golden: dict[str, Any], definitions: dict[str, Definition]) -> None:
    definition = definitions[golden["service"]]
    case = Case(
        variant=golden["variant"],
        for_whom=golden["for_whom"],
        answers=golden["answers"],
        on=golden["on"],
        applicant_birth=golden["applicant_birth"],
        subject_birth=golden["subject_birth"],
    )
    known = {question.code for question in definition.questions}
    assert set(golden["answers"]) <= known | SAID_OTHERWISE
    assert {question.code for question in questions(definition, case)} <= set(golden["answers"])

    found = assess(definition, case, {})
    assert found.is_decided
    assert {line.code for line in found.lines if not line.optional} == set(golden["expect"])
    assert {line.code for line in found.lines if line.optional} == set(golden["optional"])

    brought = {code: Check(State.PRESENT) for code in golden["expect"]}
    assert assess(definition, case, brought).complete
