"""What a code is by its digits, and that no text can break the answer to a scan."""

from __future__ import annotations

import random
from collections.abc import Callable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.operations import scanning
from desktop.operations.numbering import DEVICE_CODES, FileNumber
from desktop.operations.scanning import Shape
from tests.conftest import Hall

numbers = st.builds(
    FileNumber, st.dates(date(2000, 1, 1), date(2099, 12, 31)), st.sampled_from(DEVICE_CODES), st.integers(1, 9999)
)


@given(numbers)
def test_every_number_of_ours_is_seen_coming_from_its_first_digit(number: FileNumber) -> None:
    assert all(scanning.may_begin(number.digits[:count]) for count in range(1, 15))
    assert scanning.shape_of(number.digits) is Shape.NUMBER


@given(numbers, st.integers(6, 13), st.integers(1, 9))
def test_a_wrong_digit_behind_the_day_is_a_misread_number(number: FileNumber, place: int, more: int) -> None:
    digits = number.digits
    wrong = digits[:place] + str((int(digits[place]) + more) % 10) + digits[place + 1 :]
    assert scanning.shape_of(wrong) is Shape.DAMAGED


@given(st.text(max_size=40))
def test_a_code_is_ours_only_with_fourteen_digits(text: str) -> None:
    if scanning.shape_of(text) is not None:
        assert len(text) == 14 and text.isascii() and text.isdigit()


@pytest.mark.parametrize(
    "text", ["3319075203890003", "8991002101234", "A2611231070041", "\uff12" * 14, "26133110700413", ""]
)
def test_foreign_codes_are_not_ours(text: str) -> None:
    assert scanning.shape_of(text) is None


def test_the_number_of_a_test_page_is_no_files() -> None:
    assert scanning.shape_of(FileNumber(date(2026, 11, 23), 907, 0).digits) is Shape.TEST


@pytest.mark.parametrize("code", ["", "\0", "'; DROP TABLE", "9" * 3000, "26112310700413"])
def test_any_text_has_an_answer(hall: Hall, code: str) -> None:
    with hall.store.reading() as session:
        answer = scanning.answer(session, hall.desk, code)
    assert not answer.is_found and answer.sentence


@pytest.mark.timeout(1800)
def test_ten_thousand_codes_that_nobody_printed_are_answered(hall: Hall, rounds: Callable[[int, int], int]) -> None:
    luck = random.Random(20261123)
    alphabet = [*"0123456789" * 3, *"ABCxyz*%+-/.$ ", "\0", "\x1d", "\n", "\ud800", "\uff12", "é", "😀", "' OR 1=1 --"]
    with hall.store.reading() as session:
        for _code in range(rounds(300, 10_000)):
            answer = scanning.answer(session, hall.desk, "".join(luck.choices(alphabet, k=luck.randint(0, 40))))
            assert not answer.is_found and answer.sentence
