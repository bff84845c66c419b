"""Letters: what of a text is printed, and that breaking it into lines loses nothing."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.papers.lettering import REGULAR, UNPRINTABLE, balance, printable, width, wrap
from tests.papers.reading import squeezed

ANY_TEXT = st.text(st.characters(codec=None), max_size=80)


@pytest.mark.parametrize(
    ("typed", "printed"),
    [
        ("Siti Aminah", "Siti Aminah"),
        ("H. Muhammad Ma’ruf, S.Kep.", "H. Muhammad Ma’ruf, S.Kep."),
        ("Nguyễn Thị Ánh", "Nguyễn Thị Ánh"),
        ("  dua\tspasi\r\ndan baris\u2028baru ", "dua spasi dan baris baru"),
        ("evil\u202egnirts\u2066\u200b", "evilgnirts"),
        ("nol\x00bel\x07 \ud800", "nolbel"),
        ("Budi 😀 Santoso", f"Budi {UNPRINTABLE} Santoso"),
        ("<b>Budi</b> & ${x} %s {0}", "<b>Budi</b> & ${x} %s {0}"),
        ("e\u0301", "é"),
        ("", ""),
    ],
)
def test_printable(typed: str, printed: str) -> None:
    assert printable(typed) == printed


@given(ANY_TEXT)
def test_printed_text_is_plain_and_stays_as_it_is(text: str) -> None:
    printed = printable(text)
    assert printable(printed) == printed
    assert not any(unicodedata.category(letter) in ("Cc", "Cf", "Cs") for letter in printed)
    assert width(printed, REGULAR, 9) >= 0


@settings(deadline=None)
@given(ANY_TEXT, st.floats(12, 400))
@pytest.mark.parametrize("breaks", [wrap, balance])
def test_broken_lines_fit_and_lose_nothing(breaks: type, text: str, room: float) -> None:
    lines = breaks(text, REGULAR, 9, room)
    assert squeezed("".join(lines)) == squeezed(printable(text))
    assert all(width(line, REGULAR, 9) <= room or len(line) == 1 for line in lines)


def test_small_numbers_stay_with_their_word() -> None:
    for text in ("Senin pukul 09.20 · Siti R. · Loket 7", "Selasa, 24 November 2026 (1 hari kerja)"):
        for room in range(60, 200, 3):
            for line in wrap(text, REGULAR, 9, room):
                assert not line.startswith(("7", "·", "hari")), (room, line)


def test_centred_lines_are_of_like_length() -> None:
    first, second = balance("Mal Pelayanan Publik Kabupaten Kudus", REGULAR, 11, 195)
    assert abs(width(first, REGULAR, 11) - width(second, REGULAR, 11)) < 40
