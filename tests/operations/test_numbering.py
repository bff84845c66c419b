"""Numbers: every misreading is noticed, no number is given twice, an undone save leaves no gap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.errors import UserError
from desktop.models.catalog import Counter, DeviceCode, Node
from desktop.models.local import Meta, Serial
from desktop.operations.numbering import (
    DEVICE_CODES,
    LONE_CODES,
    FileNumber,
    ShortNumber,
    damm,
    next_number,
    number_anew,
    number_here,
    parse,
    parse_short,
    what_a_foreign_number_tells,
)
from desktop.store import Store
from tests.conftest import Hall

MONDAY = date(2026, 11, 23)
thirteen = st.text("0123456789", min_size=13, max_size=13)
numbers = st.builds(
    FileNumber,
    st.dates(date(2000, 1, 1), date(2099, 12, 31)),
    st.integers(DEVICE_CODES.start, DEVICE_CODES.stop - 1),
    st.integers(1, 9999),
)


def every_single_error(digits: str) -> list[str]:
    return [
        digits[:place] + wrong + digits[place + 1 :]
        for place in range(len(digits))
        for wrong in "0123456789"
        if wrong != digits[place]
    ]


def every_swap(digits: str) -> list[str]:
    return [
        digits[:place] + digits[place + 1] + digits[place] + digits[place + 2 :]
        for place in range(len(digits) - 1)
        if digits[place] != digits[place + 1]
    ]


def plain_sum(digits: str) -> int:
    """The check digit that would not do."""
    return -sum(map(int, digits)) % 10


def test_the_check_digit_of_the_published_example() -> None:
    assert damm("572") == 4


@given(thirteen)
def test_every_single_error_and_every_swap_is_caught(body: str) -> None:
    whole = body + str(damm(body))
    assert damm(whole) == 0
    assert all(damm(wrong) != 0 for wrong in every_single_error(whole))
    assert all(damm(wrong) != 0 for wrong in every_swap(whole))


@given(thirteen.filter(lambda body: every_swap(body)))
def test_a_plain_sum_would_miss_every_swap(body: str) -> None:
    whole = body + str(plain_sum(body))
    assert all(sum(map(int, wrong)) % 10 == 0 for wrong in every_swap(whole))


@given(numbers)
def test_no_misread_number_is_taken_for_another(number: FileNumber) -> None:
    assert parse(number.digits) == number
    assert not any(map(parse, every_single_error(number.digits) + every_swap(number.digits)))


def test_a_number_on_paper() -> None:
    number = FileNumber(MONDAY, 107, 41)
    assert number.digits[:13] == "2611231070041"
    assert number.text == f"261123-107-0041-{number.check}"
    assert number.short == f"0041-{number.check}"
    assert number.digits == number.text.replace("-", "")


@given(numbers, st.text(" -.\t\n‐–—", max_size=3), st.text(" \r\n\t", max_size=2))
def test_spaces_hyphens_and_dots_do_not_matter(number: FileNumber, between: str, around: str) -> None:
    assert parse(around + between.join(number.text.split("-")) + around) == number
    assert parse(between.join(number.digits)) == number


@given(st.text() | st.text("0123456789- .", max_size=20))
def test_anything_else_is_no_number(text: str) -> None:
    found = parse(text)
    assert found is None or "".join(filter(str.isdigit, text)) == found.digits


@pytest.mark.parametrize(
    "body",
    [
        "2602301070041",  # 30 February
        "2613011070041",  # month 13
        "2600001070041",
        "2611230990041",  # codes of no PC
        "2611239900041",
        "2611231000041",
        "2611231070000",  # serial 0
    ],
)
def test_a_right_check_digit_does_not_save_an_impossible_number(body: str) -> None:
    assert parse(body + str(damm(body))) is None


@given(st.lists(numbers, max_size=6))
def test_numbers_sort_by_day_as_text_too(several: list[FileNumber]) -> None:
    assert sorted(several, key=lambda number: number.digits) == sorted(several)


@pytest.mark.parametrize("said", ["0041-3", "00413", "0041 3", " 0041.3 ", "0041–3", "0 0 4 1 3"])
def test_the_five_digits_people_say(said: str) -> None:
    assert parse_short(said) == ShortNumber(41, 3)
    assert ShortNumber(41, 3).text == "0041-3"
    assert ShortNumber(41, 3).digits == "00413"


@pytest.mark.parametrize("said", ["", "0041", "004133", "0000-0", "0041-x", "0041/3", "０0413", "Ⅷ0041"])
def test_anything_else_is_not_said(said: str) -> None:
    assert parse_short(said) is None


def test_numbers_follow_each_other_per_pc_and_day(store: Store) -> None:
    with store.saving(None) as session:
        today = [next_number(session, 107, MONDAY).serial for _ in range(3)]
        other_pc = next_number(session, 108, MONDAY).serial
    with store.saving(None) as session:
        today.append(next_number(session, 107, MONDAY).serial)
        tomorrow = next_number(session, 107, MONDAY + timedelta(days=1))
    assert today == [1, 2, 3, 4]
    assert other_pc == 1
    assert tomorrow.text.startswith("261124-107-0001-")


def test_an_undone_save_takes_its_number_back(store: Store) -> None:
    with pytest.raises(UserError), store.saving(None) as session:
        lost = next_number(session, 107, MONDAY)
        session.flush()
        raise UserError("Belum lengkap.")
    with store.saving(None) as session:
        assert next_number(session, 107, MONDAY) == lost


def test_a_clock_set_back_goes_on_where_that_day_stopped(store: Store) -> None:
    seen = []
    for day in (MONDAY, MONDAY + timedelta(days=1), MONDAY, MONDAY + timedelta(days=1), MONDAY):
        with store.saving(None) as session:
            seen.append(next_number(session, 107, day))
    assert len(set(seen)) == 5
    assert [number.serial for number in seen] == [1, 1, 2, 2, 3]


def test_numbers_survive_closing_the_program(new_store: Callable[[str], Store]) -> None:
    store = new_store("pc")
    with store.saving(None) as session:
        next_number(session, 107, MONDAY)
    store.close()
    again = Store.open(store.folder, clock=store.clock)
    try:
        with again.saving(None) as session:
            assert next_number(session, 107, MONDAY).serial == 2
    finally:
        again.close()


def test_after_the_last_serial_comes_a_sentence_and_nothing_else(store: Store) -> None:
    with store.saving(None) as session:
        session.add(Serial(device_code=107, on_date=MONDAY, last=9998))
    with store.saving(None) as session:
        assert next_number(session, 107, MONDAY).short.startswith("9999-")
    with pytest.raises(UserError, match=r"sudah habis \(9999\)"), store.saving(None) as session:
        next_number(session, 107, MONDAY)
    with store.reading() as session:
        assert session.get_one(Serial, (107, MONDAY)).last == 9999
    with store.saving(None) as session:  # the spare code serves on
        assert next_number(session, 108, MONDAY).serial == 1


def test_the_code_is_that_of_now_and_the_spare_one_serves_after_the_last_serial(store: Store) -> None:
    with store.saving(None) as session:
        session.add(Meta(name="desk", value={"device_code": 107}))
    with store.saving(None) as session:
        assert number_here(session, MONDAY).device == 107
    with store.saving(None) as session:  # what the sync thread does to a copied disk
        session.get_one(Meta, "desk").value = {"device_code": 108}
        session.add(Serial(device_code=108, on_date=MONDAY, last=9999))
    with pytest.raises(UserError, match="sudah habis"), store.saving(None) as session:
        number_here(session, MONDAY)
    with store.saving(None) as session:
        session.get_one(Meta, "desk").value = {"device_code": 108, "spare_code": 109}
    with store.saving(None) as session:
        assert [number_here(session, MONDAY) for _ in range(2)] == [FileNumber(MONDAY, 109, n) for n in (1, 2)]
        assert number_here(session, MONDAY + timedelta(days=1)) == FileNumber(MONDAY + timedelta(days=1), 108, 1)


def test_a_clock_in_another_century_is_said_not_printed(store: Store) -> None:
    with pytest.raises(UserError, match="Betulkan jam PC"), store.saving(None) as session:
        next_number(session, 107, date(1970, 1, 1))
    with pytest.raises(ValueError, match="100"), store.saving(None) as session:
        next_number(session, 100, MONDAY)


def test_a_foreign_number_tells_its_counter_and_day(store: Store) -> None:
    at = datetime(2026, 11, 1, tzinfo=UTC)
    with store.saving(None) as session:
        counter = Counter(hall_id="h", name="Loket 3")
        session.add(counter)
        session.flush()
        node = Node(counter_id=counter.id, label="PC", app_version="1")
        session.add(node)
        session.flush()
        session.add(DeviceCode(code=107, node_id=node.id, since=at))
    with store.reading() as session:
        tell = lambda number, today=MONDAY: what_a_foreign_number_tells(session, number, today)  # noqa: E731
        here, elsewhere = FileNumber(MONDAY, 107, 41), FileNumber(MONDAY, 555, 41)
        assert tell(here) == "Nomor ini dibuat di Loket 3 hari ini. Datanya belum masuk ke PC ini."
        assert tell(here, date(2026, 11, 25)) == (
            "Nomor ini dibuat di Loket 3 pada 23 November 2026. Datanya belum masuk ke PC ini."
        )
        assert "PC lain (kode 555)" in tell(elsewhere)
        assert "555" not in tell(here)
        assert "belum tiba" in tell(here, date(2026, 11, 22))


def test_a_pc_restored_more_often_than_there_are_codes_still_numbers_from_another(hall: Hall) -> None:
    with hall.store.saving(None) as session:
        before = session.get_one(Meta, "desk").value["device_code"]
        code = number_anew(session, LONE_CODES)
    assert code in LONE_CODES
    assert code != before
