"""Standards written for one rule each, and any small standard at all."""

from __future__ import annotations

from datetime import date
from typing import Any

from hypothesis import strategies as st

from desktop.models.standard import Definition
from desktop.operations.case import BY_PROXY, SELF, Case
from desktop.operations.requirements import Assessment, Check, Fault, State

TODAY = date(2026, 11, 23)
PRESENT = Check(State.PRESENT)
MISSING = Check(State.MISSING)


def standard(*lines: dict[str, Any], **more: Any) -> Definition:
    requirements = [
        {
            "ordinal": number,
            "name_id": f"Surat {line['code']}",
            "name_en": f"Paper {line['code']}",
            "form": "copy",
            "copies": 1,
            "clause": "PP 1/2020",
            **line,
        }
        for number, line in enumerate(lines, 1)
    ]
    return Definition.model_validate({"legal_basis": ["PP 1/2020"], "requirements": requirements, **more})


def asking(*codes: str, **more: Any) -> list[dict[str, Any]]:
    return [{"code": code, "text_id": f"{code}?", "text_en": f"{code}?", **more} for code in codes]


def case(for_whom: int = SELF, variant: str | None = None, **answers: bool) -> Case:
    return Case(variant, for_whom, answers, TODAY)


def codes(found: Assessment) -> list[str]:
    return [line.code for line in found.lines]


VARIANTS = [
    {"code": "NEW", "name_id": "Baru", "name_en": "New"},
    {"code": "LOST", "name_id": "Hilang", "name_en": "Lost", "because_id": "kartu hilang"},
]


@st.composite
def small_standards(draw: st.DrawFn) -> tuple[Definition, Case, dict[str, Check]]:
    groups = draw(st.dictionaries(st.sampled_from(["G", "H"]), st.integers(1, 3), max_size=2))
    when = st.sampled_from(
        [
            None,
            {"fact": "Q"},
            {"not": {"fact": "R"}},
            {"all": [{"fact": "Q"}, {"fact": "R"}]},
            {"any": [{"fact": "PROXY"}, {"fact": "R"}]},
        ]
    )
    lines = []
    for number in range(draw(st.integers(1, 7))):
        group = draw(st.sampled_from([None, *groups]))
        optional = group is None and draw(st.booleans())
        lines.append(
            {
                "code": f"L{number}",
                "when": draw(when),
                "group": group,
                "optional": optional,
                "not_needed_allowed": group is None and draw(st.booleans()),
                "copies": draw(st.integers(0, 2)),
            }
        )
    definition = standard(
        *lines,
        groups=[{"code": c, "name_id": c, "name_en": c, "need": n} for c, n in groups.items()],
        questions=asking("Q", "R"),
    )
    answers = {"Q": draw(st.booleans()), "R": draw(st.booleans())}
    check = st.builds(Check, st.sampled_from(State), st.none() | st.sampled_from(Fault), st.none() | st.integers(0, 2))
    checks = draw(st.dictionaries(st.sampled_from([line["code"] for line in lines]), check))
    return definition, case(draw(st.sampled_from([SELF, BY_PROXY])), **answers), checks
