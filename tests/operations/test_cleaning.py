"""Whatever is typed, pasted or scanned: the text that is kept can be stored, sent, printed and read."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.errors import UserError
from desktop.operations.cleaning import clean, clean_text

# Hypothesis leaves surrogates out unless told; halves of emoji do arrive from clipboards.
anything = st.text(st.characters(exclude_categories=()), max_size=60)


@given(anything)
@example("\ud83d")
@example("e\u0301\u200d\u0301")
@example("\u1100\u3164\u1161")
def test_cleaning_holds_for_every_text(text: str) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert cleaned.encode("utf-8").decode("utf-8") == cleaned
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned


@given(st.text(st.characters(categories=("L", "Nd", "P", "Sm")), max_size=60))
def test_nothing_that_is_seen_is_lost(text: str) -> None:
    blank = set("\u115f\u1160\u3164\uffa0")
    visible = unicodedata.normalize("NFC", "".join(c for c in text if c not in blank))
    assert clean(text) == visible


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", ""),
        ("   ", ""),
        ("Siti Aminah", "Siti Aminah"),
        ("  Siti \t\n Aminah\r\n", "Siti Aminah"),
        ("Siti\u00a0Aminah", "Siti Aminah"),
        ("Siti\u2028Aminah\u3000Sari", "Siti Aminah Sari"),
        ("Siti\x00Aminah", "SitiAminah"),
        ("a\x01\x1b[31mb\x7f\x9fc", "a[31mbc"),
        ("a\x85b", "a b"),
        ("Siti\u202eanimA\u202c", "SitianimA"),
        ("\u2066Siti\u2069\u200f", "Siti"),
        ("\ufeffSiti\u200b\u200d\u2060\u00ad", "Siti"),
        ("Siti\ud83d", "Siti"),
        ("\ude00\ud83dSiti", "Siti"),
        ("Siti 😀", "Siti 😀"),
        ("👩\u200d👩", "👩👩"),
        ("\u3164\u2800\u1160", ""),
        ("\ufffe\uffff\ufdd0", ""),
        ("Rene\u0301", "René"),
        ("Ma’ruf, S.Pd.", "Ma’ruf, S.Pd."),
        ("'; DROP TABLE party; --", "'; DROP TABLE party; --"),
        ("<img src=x onerror=alert(1)>", "<img src=x onerror=alert(1)>"),
        ("=cmd|'/C calc'!A0", "=cmd|'/C calc'!A0"),
        ("\U000e0041\U000e0042", ""),
    ],
)
def test_what_is_kept(typed: str, kept: str) -> None:
    assert clean(typed) == kept


def test_a_text_over_the_limit_is_said_never_cut() -> None:
    assert clean_text(" a" * 50, 99) == " ".join("a" * 50)
    with pytest.raises(UserError, match=r"Paling banyak 100 huruf; sekarang 10\.000") as raised:
        clean_text("x" * 10_000, 100, field="applicant_name")
    assert raised.value.field == "applicant_name"


@given(anything, st.integers(1, 40))
def test_within_the_limit_or_a_sentence(text: str, limit: int) -> None:
    try:
        assert len(clean_text(text, limit)) <= limit
    except UserError as problem:
        assert str(limit) in problem.message
        assert len(clean(text)) > limit
