"""One bar takes everything: what each input is, and that none of them can surprise it."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from desktop.operations.entry import Guess, Kind, guess, rank_services
from desktop.operations.numbering import FileNumber, ShortNumber, parse

TABLE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("entry_bar.yaml").read_text(encoding="utf-8"))
SERVICES: dict[str, str] = TABLE["services"]
anything = st.text(st.characters(exclude_categories=()), max_size=40)
digits_and_signs = st.text("0123456789 -.+()/", max_size=24)


def test_the_table_is_as_long_as_promised() -> None:
    assert len(TABLE["inputs"]) >= 200


@pytest.mark.parametrize(("text", "kind", "value"), [(*case, None)[:3] for case in TABLE["inputs"]])
def test_what_was_given(text: str, kind: str, value: str | None) -> None:
    found = guess(text, SERVICES)
    assert (found.kind, found.is_whole) == (kind.removesuffix("…"), not kind.endswith("…"))
    if value is not None:
        assert (found.services[0] if found.kind is Kind.SERVICE else found.value) == value
    if found.kind is Kind.BAD_NUMBER:
        assert found.sentence == ("Nomor tidak dikenal atau salah baca. Ketik 4 angka urut dan angka terakhirnya.")


def test_a_number_comes_with_its_parts() -> None:
    assert guess("261123-107-0041-3").number == FileNumber(date(2026, 11, 23), 107, 41)
    assert guess("0041-3").short == ShortNumber(41, 3)
    assert guess("3319015203900003").number is None


@given(anything | digits_and_signs)
def test_the_bar_never_fails(text: str) -> None:
    found = guess(text, SERVICES)
    found.value.encode("utf-8")
    assert (found.number is not None) == (found.kind is Kind.NUMBER and found.is_whole)
    assert (found.short is not None) == (found.kind is Kind.SHORT_NUMBER and found.is_whole)
    assert bool(found.services) == (found.kind is Kind.SERVICE)
    if found.kind is not Kind.PHONE:
        # what a list or a log shows of it is understood the same again
        assert guess(found.value, SERVICES).kind is found.kind or found.kind in (Kind.NUMBER, Kind.BAD_NUMBER)


@given(st.text("0123456789", min_size=16, max_size=16))
def test_sixteen_digits_are_always_a_nik(digits: str) -> None:
    assert guess(digits) == Guess(Kind.NIK, digits)


@given(st.text("0123456789", min_size=14, max_size=14))
def test_fourteen_digits_are_a_number_only_if_they_are_one(digits: str) -> None:
    found = guess(digits)
    assert (found.kind is Kind.NUMBER) == (parse(digits) is not None)


@given(st.from_regex(r"3319(0[1-9])([04][1-9]|[1256][0-9])(0[1-9]|1[0-2])[0-9]{6}", fullmatch=True))
def test_no_nik_of_kudus_acts_before_its_last_digit(nik: str) -> None:
    for length in range(1, 16):
        found = guess(nik[:length])
        assert found.kind is (Kind.SHORT_NUMBER if length == 5 else Kind.NIK)
        assert found.is_whole == (length == 5)


def test_services_are_ranked() -> None:
    assert rank_services("kartu", SERVICES)[0] == "NKR-01"  # the word that stands first
    assert rank_services("hilang", SERVICES)[:2] == ("IMI-01", "DKC-02")
    assert rank_services("surat izin", SERVICES) == ("PTS-05", "PTS-04")
    assert rank_services("", SERVICES) == rank_services("k", SERVICES) == rank_services("xyz", SERVICES) == ()


@given(st.sampled_from(sorted(SERVICES)), st.randoms(use_true_random=False), st.integers(2, 8))
def test_beginnings_of_words_in_any_order_find_the_service(key: str, random: Any, length: int) -> None:
    words = [word for word in SERVICES[key].replace("(", " ").replace(")", " ").replace(",", " ").split()]
    some = random.sample(words, min(2, len(words)))
    typed = " ".join(word[:length] for word in some)
    assert key in rank_services(typed, SERVICES)
