"""The document of a standard: it keeps its meaning as JSON, and says what makes it unsound."""

from __future__ import annotations

import itertools
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from desktop.i18n import speaking
from desktop.models.soundness import can_be_asked, problems
from desktop.models.standard import COMPONENTS, AllOf, AnyOf, Condition, Definition, Fact, IsVariant, Not, atoms, truth


def line(code: str, **more: Any) -> dict[str, Any]:
    return {
        "code": code,
        "ordinal": 1,
        "name_id": f"Syarat {code}",
        "name_en": f"Paper {code}",
        "form": "copy",
        "clause": "PP 1/2020",
        **more,
    }


def sound(**more: Any) -> dict[str, Any]:
    """A small standard without a fault, to be spoilt in one place."""
    return {
        "legal_basis": ["PP 1/2020"],
        "variants": [{"code": "NEW", "name_id": "Baru", "name_en": "New"}],
        "questions": [{"code": "MARRIED", "text_id": "Pemohon sudah kawin?", "text_en": "Married?"}],
        "groups": [{"code": "PROOF", "name_id": "Bukti", "name_en": "Proof", "need": 1}],
        "requirements": [
            line("KTP"),
            line("BOOK", when={"all": [{"fact": "MARRIED"}, {"variant": "NEW"}]}),
            line("DEED", group="PROOF"),
            line("WILL", group="PROOF"),
            line("PHOTO", local_rule=True, enabled=False, when={"fact": "LOCAL_RULE"}),
        ],
        **more,
    }


def spoilt(**more: Any) -> list[str]:
    return [problem.sentence for problem in problems(Definition.model_validate(sound(**more)))]


def test_a_sound_standard_has_no_problem() -> None:
    assert spoilt() == []


def with_line(**change: Any) -> list[dict[str, Any]]:
    return [*sound()["requirements"], line("ODD", **change)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"requirements": [*sound()["requirements"], line("KTP")]}, "Kode KTP dipakai dua kali."),
        ({"variants": sound()["variants"] * 2}, "Kode NEW dipakai dua kali."),
        ({"questions": sound()["questions"] * 2}, "Kode MARRIED dipakai dua kali."),
        ({"requirements": with_line(when={"fact": "RICH"})}, "Tanda RICH tidak dikenal."),
        ({"requirements": with_line(when={"variant": "OLD"})}, "Tanda OLD tidak dikenal."),
        (
            {"groups": [{"code": "PROOF", "name_id": "Bukti", "name_en": "Proof", "need": 3}]},
            "Kelompok PROOF meminta 3, padahal anggotanya 2: Syarat DEED dan Syarat WILL.",
        ),
        ({"requirements": with_line(group="NONE")}, "Kelompok NONE tidak ada."),
        (
            {"requirements": with_line(group="PROOF", optional=True)},
            "Anggota kelompok tidak boleh bertanda bila ada.",
        ),
        (
            {"requirements": with_line(group="PROOF", not_needed_allowed=True)},
            "Anggota kelompok tidak boleh bertanda tidak diperlukan.",
        ),
        (
            {"requirements": with_line(when={"all": [{"fact": "MARRIED"}, {"not": {"fact": "MARRIED"}}]})},
            'Syarat "Syarat ODD" tidak mungkin pernah diminta.',
        ),
        (
            {"requirements": with_line(when={"fact": "PROXY"}), "proxy_allowed": False},
            'Syarat "Syarat ODD" tidak mungkin pernah diminta.',
        ),
        (
            {"requirements": with_line(when={"fact": "COMPANY"})},
            'Syarat "Syarat ODD" tidak mungkin pernah diminta.',
        ),
        (
            {"requirements": with_line(when={"fact": "LOCAL_RULE"})},
            "Sakelar aturan setempat tidak cocok dengan syaratnya.",
        ),
        (
            {"requirements": with_line(optional=True, optional_when={"fact": "MARRIED"})},
            "Tanda bila ada tertulis dua kali.",
        ),
        (
            {"requirements": [line("KTP")], "groups": []},
            'Pertanyaan "Pemohon sudah kawin?" tidak dipakai oleh satu syarat pun.',
        ),
        ({"legal_basis": []}, "Dasar hukum belum diisi."),
        ({"components": {"magic": "x"}}, "Komponen standar magic tidak dikenal."),
        (
            {"questions": [{**sound()["questions"][0], "derive": {"from": 17, "below": 5}}]},
            "Batas umur terbalik: dari 17 sampai di bawah 5.",
        ),
        ({"questions": [{**sound()["questions"][0], "derive": {}}]}, "Aturan umur tanpa batas."),
    ],
)
def test_one_spoilt_place_is_told_once(change: dict[str, Any], told: str) -> None:
    assert spoilt(**change) == [told]


def test_a_line_that_can_be_asked_is_left_alone() -> None:
    """The negative control of "can never be asked": the same lines where the service allows them."""
    assert spoilt(requirements=with_line(when={"fact": "PROXY"})) == []
    assert spoilt(requirements=with_line(when={"fact": "COMPANY"}), applicant_types=["person", "company"]) == []


def test_proxy_and_company_are_never_questions() -> None:
    asked = [{"code": "PROXY", "text_id": "Diwakilkan?", "text_en": "By proxy?"}, *sound()["questions"]]
    assert "PROXY tidak pernah ditanyakan di loket." in spoilt(questions=asked)


def test_a_rule_beyond_the_bound_is_taken_to_be_possible() -> None:
    many = [f"F{n}" for n in range(9)]
    never: dict[str, Any] = {"all": [{"fact": f} for f in many] + [{"not": {"fact": "F0"}}]}
    definition = Definition.model_validate(sound(requirements=[line("KTP", when=never)]))
    assert can_be_asked(definition, definition.requirements[0])


def test_there_are_fourteen_components() -> None:
    assert len(COMPONENTS) == 14


def test_document_keeps_everything() -> None:
    definition = Definition.model_validate(
        sound(
            duration={"value": 1, "unit": "working_days", "note": "n"},
            fee={"amount": None, "kind": "pnbp"},
            questions=[{**sound()["questions"][0], "derive": {"age_of": "applicant", "from": 5, "below": 17}}],
            components={"procedure": "Ambil nomor"},
        )
    )
    document = json.loads(json.dumps(definition.document()))
    assert Definition.model_validate(document) == definition
    assert document["questions"][0]["derive"] == {"age_of": "applicant", "from": 5, "below": 17}
    # What is not said is not written, so that a field added later changes no document.
    assert "substitutes" not in document["requirements"][0]


def test_unknown_parts_are_refused() -> None:
    with pytest.raises(ValidationError):
        Definition.model_validate(sound(colour="red"))
    with pytest.raises(ValidationError):
        Definition.model_validate(sound(requirements=[line("KTP", when={"fact": "A", "variant": "B"})]))


def test_names_follow_the_language() -> None:
    definition = Definition.model_validate(sound())
    assert definition.requirements[0].name == "Syarat KTP"
    with speaking("en"):
        assert definition.requirements[0].name == "Paper KTP"
        assert definition.questions[0].text == "Married?"


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({}, ""),
        ({"max_age_days": 60}, "Paling lama 60 hari sejak tanggal terbit."),
        ({"max_age_days": 60, "age_counts_from": "event"}, "Paling lama 60 hari sejak tanggalnya."),
        (
            {"max_age_days": 365, "age_counts_from": "expires"},
            "Masa berlakunya boleh habis paling lama 365 hari yang lalu.",
        ),
        ({"max_age_days": 0, "age_counts_from": "expires"}, "Harus masih berlaku."),
    ],
)
def test_age_limit_in_words(change: dict[str, Any], told: str) -> None:
    (requirement,) = Definition.model_validate(sound(requirements=[line("KTP", **change)])).requirements
    assert requirement.age_limit == told


names = st.sampled_from(["A", "B", "C"])
conditions: st.SearchStrategy[Condition] = st.recursive(
    names.map(lambda name: Fact(fact=name)) | names.map(lambda name: IsVariant(variant=name)),
    lambda inner: (
        inner.map(lambda part: Not(part=part))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: AllOf(parts=tuple(parts)))
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: AnyOf(parts=tuple(parts)))
    ),
    max_leaves=6,
)


@given(conditions, st.dictionaries(names, st.booleans()), st.sampled_from([None, "A", "B", "C"]))
def test_what_is_known_early_stays_so(condition: Condition, known: dict[str, bool], variant: str | None) -> None:
    """Three-valued truth never decides what a later answer could turn, and decides once all is known."""
    early = truth(condition, known.get, lambda code: None if variant is None else code == variant)
    for answers in itertools.product((False, True), repeat=3):
        facts = {**dict(zip("ABC", answers, strict=True)), **known}
        for chosen in (variant,) if variant else ("A", "B", "C"):
            late = truth(condition, facts.__getitem__, lambda code, v=chosen: code == v)
            assert late in (True, False)
            assert early is None or early == late


@given(conditions)
def test_conditions_survive_json(condition: Condition) -> None:
    definition = Definition.model_validate(
        sound(requirements=[line("KTP", when=condition.model_dump(mode="json", by_alias=True))])
    )
    kept = Definition.model_validate(json.loads(json.dumps(definition.document())))
    assert kept.requirements[0].when == condition
    assert list(atoms(condition)) == list(atoms(kept.requirements[0].when or condition))
