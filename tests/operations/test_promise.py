"""The promise on the receipt: right over Nyepi and Lebaran, never on a day off, honest where holidays are unknown."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import i18n
from desktop.models.base import natural_id
from desktop.models.calendar import Holiday, WorkingWeek
from desktop.models.catalog import Agency
from desktop.operations.promise import (
    MONDAY_TO_FRIDAY,
    Promise,
    WorkingDays,
    load_working_days,
    promise,
    seed_holidays,
)
from desktop.store import Store

WIB = ZoneInfo("Asia/Jakarta")


@dataclass(frozen=True)
class For:
    """A duration as a standard states it."""

    value: int
    unit: str


def at(day: int, month: int, hour: int = 9, minute: int = 12, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=WIB)


@pytest.fixture(scope="module")
def calendar_2026() -> WorkingDays:
    """The days off of the SKB for 2026, written down by hand."""
    off = {1: [1, 16], 2: [16, 17], 3: [18, 19, 20, 21, 22, 23, 24], 4: [3, 5], 5: [1, 14, 15, 27, 28, 31]}
    off |= {6: [1, 16], 8: [17, 25], 12: [24, 25]}
    holidays = frozenset(date(2026, month, day) for month, days_off in off.items() for day in days_off)
    return WorkingDays(holidays=holidays, known_years=frozenset({2026}))


@pytest.mark.parametrize(
    ("complete_at", "allowed", "on_paper"),
    [
        # Nyepi and Lebaran with their joint leave: 18 to 24 March are off
        (at(13, 3), For(5, "working_days"), "Jumat, 27 Maret 2026 (5 hari kerja)"),
        (at(23, 11), For(1, "working_days"), "Selasa, 24 November 2026 (1 hari kerja)"),
        (at(23, 11, 16, 59), For(1, "working_days"), "Selasa, 24 November 2026 (1 hari kerja)"),
        (at(20, 11), For(1, "working_days"), "Senin, 23 November 2026 (1 hari kerja)"),
        (at(22, 11), For(1, "working_days"), "Senin, 23 November 2026 (1 hari kerja)"),  # desk open on Sunday
        (at(23, 12), For(1, "working_days"), "Senin, 28 Desember 2026 (1 hari kerja)"),
        (at(17, 3), For(28, "working_days"), "Selasa, 5 Mei 2026 (28 hari kerja)"),
        (at(23, 11), For(0, "working_days"), "Senin, 23 November 2026 (0 hari kerja)"),
        (at(23, 11), For(15, "minutes"), "Senin, 23 November 2026 pukul 09.27 (15 menit)"),
        (at(23, 11, 23, 50), For(15, "minutes"), "Selasa, 24 November 2026 pukul 00.05 (15 menit)"),
        (at(23, 11), For(2, "hours"), "Senin, 23 November 2026 pukul 11.12 (2 jam)"),
        (at(20, 11, 14, 0), For(24, "hours"), "Senin, 23 November 2026 (1 x 24 jam)"),
        (at(23, 11, 14, 0), For(24, "hours"), "Selasa, 24 November 2026 (1 x 24 jam)"),
        (at(20, 11, 14, 0), For(72, "hours"), "Rabu, 25 November 2026 (3 x 24 jam)"),
        (at(20, 11, 14, 0), For(36, "hours"), "Selasa, 24 November 2026 (36 jam)"),
        (at(20, 11, 20, 0), For(6, "hours"), "Senin, 23 November 2026 (6 jam)"),  # past midnight: nobody is there
        (at(23, 11), For(3, "calendar_days"), "Kamis, 26 November 2026 (3 hari kalender)"),
        (at(19, 11), For(3, "calendar_days"), "Senin, 23 November 2026 (3 hari kalender)"),  # Sunday is closed
        (at(16, 3), For(3, "calendar_days"), "Rabu, 25 Maret 2026 (3 hari kalender)"),
        (at(13, 3), None, "Jumat, 27 Maret 2026 (5 hari kerja)"),
    ],
)
def test_what_the_receipt_says(
    calendar_2026: WorkingDays, complete_at: datetime, allowed: For | None, on_paper: str
) -> None:
    made = promise(allowed, complete_at, calendar_2026)
    assert made.on_paper == on_paper
    assert made.warning is None
    assert made.is_default == (allowed is None)


def test_hours_by_the_clock_where_a_service_says_so(calendar_2026: WorkingDays) -> None:
    made = promise(For(24, "hours"), at(20, 11, 14, 0), calendar_2026, hours_as="clock")
    assert made.on_paper == "Sabtu, 21 November 2026 pukul 14.00 (1 x 24 jam)"


def test_an_agency_with_six_days_promises_earlier(calendar_2026: WorkingDays) -> None:
    six = WorkingDays(MONDAY_TO_FRIDAY | {6}, calendar_2026.holidays, calendar_2026.known_years)
    assert promise(For(1, "working_days"), at(20, 11), six).due == date(2026, 11, 21)


def test_a_whole_day_is_due_with_its_last_second(calendar_2026: WorkingDays) -> None:
    whole = promise(For(1, "working_days"), at(23, 11), calendar_2026)
    assert whole.due_at == datetime(2026, 11, 24, 23, 59, 59, tzinfo=WIB)
    moment = promise(For(15, "minutes"), at(23, 11), calendar_2026)
    assert moment.due == moment.due_at == at(23, 11, 9, 27)
    assert moment.due_on == date(2026, 11, 23)


@pytest.mark.parametrize(
    ("complete_at", "allowed", "years"),
    [
        (at(30, 12), For(1, "working_days"), None),
        (at(30, 12), For(2, "working_days"), "2027"),
        (at(3, 1, year=2028), For(1, "working_days"), "2028"),
        (at(3, 1, year=2028), None, "2028"),
        (at(3, 1, year=2028), For(24, "hours"), "2028"),
        (at(3, 1, year=2028), For(1, "calendar_days"), "2028"),
        (at(30, 12), For(300, "working_days"), "2027, 2028"),
        (at(3, 1, year=2028), For(15, "minutes"), None),
    ],
)
def test_a_year_without_holidays_is_said_never_guessed(
    calendar_2026: WorkingDays, complete_at: datetime, allowed: For | None, years: str | None
) -> None:
    made = promise(allowed, complete_at, calendar_2026)
    if years is None:
        assert made.warning is None
    else:
        assert made.warning is not None
        assert made.warning.startswith(f"Hari libur tahun {years} belum diisi.")
    assert made.due_on >= complete_at.date()


def test_the_citizen_reads_it_in_english(calendar_2026: WorkingDays) -> None:
    with i18n.speaking("en"):
        assert "24 November 2026" in promise(For(1, "working_days"), at(23, 11), calendar_2026).on_paper


def test_nonsense_is_our_bug_not_a_promise(calendar_2026: WorkingDays) -> None:
    with pytest.raises(ValueError, match="zone"):
        promise(None, datetime(2026, 11, 23, 9), calendar_2026)
    with pytest.raises(ValueError, match="fortnights"):
        promise(For(1, "fortnights"), at(23, 11), calendar_2026)
    with pytest.raises(ValueError, match="never ends"):
        WorkingDays(weekdays=frozenset())


# ---------------------------------------------------------------------------------------------------------------
# Rules that hold for every calendar

days = st.dates(date(2026, 1, 1), date(2027, 12, 31))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2027, 6, 30), timezones=st.just(WIB))
calendars = st.builds(
    WorkingDays,
    weekdays=st.frozensets(st.integers(1, 7), min_size=1),
    holidays=st.frozensets(days, max_size=60),
    known_years=st.frozensets(st.sampled_from([2026, 2027]), max_size=2),
)
durations = st.builds(For, st.integers(1, 30), st.sampled_from(["working_days", "calendar_days", "hours", "minutes"]))


def counted_day_by_day(start: date, count: int, calendar: WorkingDays) -> date:
    """What a clerk does with a wall calendar."""
    day = start
    crossed = 0
    while crossed < count:
        day = date.fromordinal(day.toordinal() + 1)
        if day.isoweekday() in calendar.weekdays and day not in calendar.holidays:
            crossed += 1
    return day


def is_whole_day(made: Promise) -> bool:
    return not isinstance(made.due, datetime)


@given(moments, st.integers(1, 40), calendars)
def test_working_days_equal_the_wall_calendar(moment: datetime, count: int, calendar: WorkingDays) -> None:
    due = promise(For(count, "working_days"), moment, calendar).due
    assert due == counted_day_by_day(moment.date(), count, calendar)


@given(moments, durations, calendars)
def test_a_promised_day_is_a_working_day(moment: datetime, allowed: For, calendar: WorkingDays) -> None:
    made = promise(allowed, moment, calendar)
    assert made.due_at >= moment
    assert not is_whole_day(made) or calendar.is_working(made.due_on)


@given(moments, moments, durations, calendars)
def test_who_comes_later_is_never_promised_earlier(
    one: datetime, other: datetime, allowed: For, calendar: WorkingDays
) -> None:
    first, second = sorted([one, other])
    assert promise(allowed, first, calendar).due_at <= promise(allowed, second, calendar).due_at


@given(moments, durations, st.integers(1, 30), calendars)
def test_more_time_is_never_less(moment: datetime, allowed: For, more: int, calendar: WorkingDays) -> None:
    longer = For(allowed.value + more, allowed.unit)
    assert promise(allowed, moment, calendar).due_at <= promise(longer, moment, calendar).due_at


@given(moments, durations, calendars, days)
def test_one_more_holiday_is_never_earlier(
    moment: datetime, allowed: For, calendar: WorkingDays, holiday: date
) -> None:
    with_it = WorkingDays(calendar.weekdays, calendar.holidays | {holiday}, calendar.known_years)
    assert promise(allowed, moment, calendar).due_at <= promise(allowed, moment, with_it).due_at


@given(moments, durations, calendars)
def test_the_warning_names_just_the_years_crossed(moment: datetime, allowed: For, calendar: WorkingDays) -> None:
    made = promise(allowed, moment, calendar)
    crossed = set(range(moment.year, made.due_on.year + 1)) if is_whole_day(made) else set()
    unknown = crossed - calendar.known_years
    assert bool(made.warning) == bool(unknown)
    assert all(str(year) in (made.warning or "") for year in unknown)


# ---------------------------------------------------------------------------------------------------------------
# The table


@pytest.fixture
def agency(store: Store) -> str:
    with store.saving(None) as session:
        row = Agency(hall_id="h", code="DKC", name_id="Dinas", name_en="Office", level="regency")
        session.add(row)
        session.flush()
        return row.id


def test_seeded_holidays_are_those_of_the_decree(store: Store, calendar_2026: WorkingDays, agency: str) -> None:
    with store.saving(None) as session:
        assert seed_holidays(session, [2026]) == {2026}
    with store.reading() as session:
        loaded = load_working_days(session, agency, date(2026, 3, 13))
    assert loaded == calendar_2026
    assert promise(For(5, "working_days"), at(13, 3), loaded).due == date(2026, 3, 27)


@pytest.mark.parametrize("year", [2026, 2027])
def test_two_sources_agree_on_every_day_and_kind(store: Store, year: int) -> None:
    from lokal.holidays import get_holidays

    with store.saving(None) as session:
        seed_holidays(session, [year])
        seeded = {(row.on_date.isoformat(), row.kind) for row in session.query(Holiday)}
    kinds = {"libur_nasional": "national", "cuti_bersama": "joint_leave"}
    assert seeded == {(day.date, kinds[day.type]) for day in get_holidays(year).holidays}


def test_a_year_without_a_decree_is_not_filled(store: Store, agency: str) -> None:
    with store.saving(None) as session:
        assert seed_holidays(session, [2027, 2060]) == {2027}
    with store.reading() as session:
        assert load_working_days(session, agency).known_years == {2027}


def test_islamic_dates_may_still_move(store: Store) -> None:
    with store.saving(None) as session:
        seed_holidays(session, [2027])
        lebaran = session.get_one(Holiday, natural_id("holiday", date(2027, 3, 10), "national"))
        assert (lebaran.name, lebaran.is_tentative) == ("Hari Raya Idul Fitri", True)
        christmas = session.get_one(Holiday, natural_id("holiday", date(2027, 12, 25), "national"))
        assert not christmas.is_tentative


def test_seeding_again_leaves_the_administrators_edits(store: Store, agency: str) -> None:
    nyepi = natural_id("holiday", date(2026, 3, 19), "national")
    with store.saving(None) as session:
        seed_holidays(session, [2026])
        count = session.query(Holiday).count()
    with store.saving(None) as session:
        session.get_one(Holiday, nyepi).name = "Nyepi (diubah)"
        session.get_one(Holiday, natural_id("holiday", date(2026, 12, 24), "joint_leave")).deleted = True
    with store.saving(None) as session:
        seed_holidays(session, [2026])
        assert session.query(Holiday).count() == count
        assert session.get_one(Holiday, nyepi).name == "Nyepi (diubah)"
        assert date(2026, 12, 24) not in load_working_days(session, agency).holidays


def test_a_local_day_off_counts_but_does_not_make_a_year_known(store: Store, agency: str) -> None:
    with store.saving(None) as session:
        session.add(Holiday(on_date=date(2028, 1, 4), kind="local", name="Pilkada"))
    with store.reading() as session:
        loaded = load_working_days(session, agency)
    made = promise(For(1, "working_days"), at(3, 1, year=2028), loaded)
    assert made.due == date(2028, 1, 5)
    assert made.warning is not None


def test_the_week_in_force_that_day(store: Store, agency: str) -> None:
    with store.saving(None) as session:
        session.add(WorkingWeek(agency_id=agency, from_date=date(2026, 6, 1), weekdays=[1, 2, 3, 4, 5, 6]))
        session.add(WorkingWeek(agency_id=agency, from_date=date(2026, 12, 1), weekdays=[1, 2, 3, 4]))
        session.add(WorkingWeek(agency_id="another", from_date=date(2026, 7, 1), weekdays=[7]))

    def week(on: date | None) -> frozenset[int]:
        with store.reading() as session:
            return load_working_days(session, agency, on).weekdays

    assert week(date(2026, 5, 31)) == MONDAY_TO_FRIDAY
    assert week(date(2026, 6, 1)) == {1, 2, 3, 4, 5, 6}
    assert week(date(2026, 12, 24)) == week(None) == {1, 2, 3, 4}


@pytest.mark.parametrize("broken", [[], [0, 8, 9]])
def test_a_week_that_says_nothing_is_monday_to_friday(store: Store, agency: str, broken: list[int]) -> None:
    with store.saving(None) as session:
        session.add(WorkingWeek(agency_id=agency, from_date=date(2026, 1, 1), weekdays=broken))
    with store.reading() as session:
        assert load_working_days(session, agency).weekdays == MONDAY_TO_FRIDAY
        assert load_working_days(session, "nobody").weekdays == MONDAY_TO_FRIDAY


def test_hall_time_rules_not_the_pcs() -> None:
    late = datetime(2026, 11, 23, 17, 30, tzinfo=UTC).astimezone(WIB)  # already Tuesday in the hall
    assert promise(For(1, "working_days"), late, WorkingDays()).due == date(2026, 11, 25)
