"""Rules in words: whatever a standard says can be written down, read, and comes back the same."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.errors import UserError
from desktop.models.standard import COMPANY, LOCAL_RULE, PROXY, AllOf, AnyOf, Fact, IsVariant, Not
from desktop.operations.rule_words import MAX_DEPTH, Names, from_words, in_words
from desktop.operations.setup import shipped_catalogue

NAMES = Names.of_texts({"LOST": "Hilang", "BROKEN": "Rusak"}, {"MARRIED": "Pemohon sudah kawin?"})


def test_every_rule_of_the_shipped_catalogue_comes_back_the_same() -> None:
    count = 0
    for service in shipped_catalogue().services:
        names = Names.of(service.definition)
        for line in service.definition.requirements:
            for condition in line.conditions():
                assert from_words(in_words(condition, names), names) == condition
                count += 1
    assert count > 230


CODES = ["A", "B", "C"]
WORDS = st.text(alphabet='ab "“”()?é,;ß', min_size=1, max_size=12).filter(str.strip)


def conditions(variants: list[str], questions: list[str]) -> st.SearchStrategy[Any]:
    leaf = st.one_of(
        st.sampled_from(variants).map(lambda code: IsVariant(variant=code)),
        st.sampled_from([*questions, PROXY, COMPANY, LOCAL_RULE]).map(lambda code: Fact(fact=code)),
    )
    return st.recursive(
        leaf,
        lambda inner: st.one_of(
            inner.map(lambda part: Not(part=part)),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: AllOf(parts=tuple(parts))),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: AnyOf(parts=tuple(parts))),
        ),
        max_leaves=6,
    )


@given(conditions(CODES, CODES), st.lists(WORDS, min_size=3, max_size=3), st.lists(WORDS, min_size=3, max_size=3))
def test_any_rule_with_any_names_comes_back_the_same(condition: Any, kinds: list[str], asked: list[str]) -> None:
    names = Names.of_texts(dict(zip(CODES, kinds, strict=True)), dict(zip(CODES, asked, strict=True)))
    assert from_words(in_words(condition, names), names) == condition


@given(st.text(max_size=60))
def test_whatever_is_typed_is_understood_or_refused_in_words(text: str) -> None:
    try:
        from_words(text, NAMES)
    except UserError as problem:
        assert problem.message


@pytest.mark.parametrize(("words", "meant"), [
    ("", None),
    ('JENIS "hilang" Atau jenis “Rusak”', AnyOf(parts=(IsVariant(variant="LOST"), IsVariant(variant="BROKEN")))),
    ('jenis "LOST"', IsVariant(variant="LOST")),
    ('jawaban "pemohon  sudah kawin?" tidak', Not(part=Fact(fact="MARRIED"))),
    ('((badan usaha))', Fact(fact=COMPANY)),
])  # fmt: skip
def test_what_people_write_is_understood(words: str, meant: Any) -> None:
    assert from_words(words, NAMES) == meant


@pytest.mark.parametrize(("words", "said"), [
    ('jenis "Baru"', 'Jenis permohonan "Baru" tidak dikenal.'),
    ("jenis Hilang", "tanda petik"),
    ('jenis "Hilang', "tidak ditutup"),
    ('jawaban "Pemohon sudah kawin?"', '"ya" atau "tidak"'),
    ('diwakilkan dan badan usaha atau diwakilkan', "tanda kurung"),
    ("diwakilkan dan", "terputus"),
    ("(diwakilkan", '")"'),
    ("diwakilkan diwakilkan", 'Kata "diwakilkan"'),
    ("tidak diwakilkan", '"("'),
    ("=1+1", 'Kata "=1+1"'),
    ("(" * (MAX_DEPTH + 2) + "diwakilkan", "terlalu dalam"),
])  # fmt: skip
def test_what_cannot_be_meant_is_said(words: str, said: str) -> None:
    with pytest.raises(UserError) as caught:
        from_words(words, NAMES)
    assert said in caught.value.message


def test_a_name_that_two_kinds_share_gives_way_to_their_codes() -> None:
    names = Names.of_texts({"A": "Baru", "B": "baru"}, {})
    assert in_words(IsVariant(variant="B"), names) == 'jenis "B"'
    assert from_words('jenis "B"', names) == IsVariant(variant="B")


def test_a_former_name_still_means_the_same_while_it_is_there() -> None:
    renamed = Names.of_texts({"LOST": "Kehilangan"}, {}, former=NAMES)
    assert from_words('jenis "Hilang"', renamed) == IsVariant(variant="LOST")
    with pytest.raises(UserError):
        from_words('jenis "Rusak"', renamed)
