"""Selesai paling lambat: the promise on the receipt and the working days it is counted in (domain.md 2.6)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal, Protocol

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.i18n import _, clock_time, long_date, ngettext
from desktop.models.base import natural_id, plain
from desktop.models.calendar import Holiday

MONDAY_TO_FRIDAY = frozenset({1, 2, 3, 4, 5})
# UU 30/2014 art. 53: where no rule sets a time, five working days after the file is complete.
DEFAULT_WORKING_DAYS = 5

HoursAs = Literal["working_days", "clock"]


class Duration(Protocol):
    """How long a standard allows: ``unit`` is minutes, hours, working_days or calendar_days."""

    @property
    def value(self) -> int: ...
    @property
    def unit(self) -> str: ...


@dataclass(frozen=True)
class WorkingDays:
    """An agency's calendar: its ISO weekdays (1 Monday), the days off, the years whose days off are known."""

    weekdays: frozenset[int] = MONDAY_TO_FRIDAY
    holidays: frozenset[date] = frozenset()
    known_years: frozenset[int] = frozenset()

    def __post_init__(self) -> None:
        if not self.weekdays & set(range(1, 8)):
            raise ValueError("a week without a working day never ends")

    def is_working(self, day: date) -> bool:
        return day.isoweekday() in self.weekdays and day not in self.holidays

    def after(self, day: date, count: int) -> date:
        """The ``count``-th working day after ``day``; with 0, ``day`` or the first working day after it."""
        if count == 0:
            day -= timedelta(days=1)
            count = 1
        while count:
            day += timedelta(days=1)
            count -= self.is_working(day)
        return day


@dataclass(frozen=True)
class Promise:
    """When a complete file is ready at the latest.

    ``due``: a moment for what is done while waiting, else a day. ``due_at``: the same as an instant, the last
    second of a whole day. ``warning``: a sentence for the officer where holidays are not known.
    ``is_default``: the law's five days, because the standard sets none.
    """

    due: date | datetime
    due_at: datetime
    text: str
    warning: str | None = None
    is_default: bool = False

    @property
    def due_on(self) -> date:
        return self.due_at.date()

    @property
    def on_paper(self) -> str:
        """The words of the receipt: "Selasa, 24 November 2026 (1 hari kerja)"."""
        if isinstance(self.due, datetime):
            return _("{date} pukul {time} ({duration})").format(
                date=long_date(self.due), time=clock_time(self.due), duration=self.text
            )
        return _("{date} ({duration})").format(date=long_date(self.due), duration=self.text)


def promise(
    duration: Duration | None,
    complete_at: datetime,
    working_days: WorkingDays,
    *,
    hours_as: HoursAs = "working_days",
) -> Promise:
    """The promise for a file complete at ``complete_at`` (aware, in the hall's time).

    Working days count from the day after. Minutes, and hours that end the same day, are due at that moment.
    Longer hours are working days of 24 hours ("1 x 24 jam" on Friday is Monday), as offices practise it;
    ``hours_as="clock"`` (a service's own policy) takes them by the clock. Calendar days that end on a day off
    move to the next working day, for nobody can collect before. No duration: the law's five working days.
    """
    if complete_at.tzinfo is None:
        raise ValueError("complete_at needs its zone")
    value, unit = (duration.value, duration.unit) if duration else (DEFAULT_WORKING_DAYS, "working_days")
    day = complete_at.date()
    if unit in ("minutes", "hours"):
        span = timedelta(minutes=value) if unit == "minutes" else timedelta(hours=value)
        # Through UTC: arithmetic on a zoned moment is wall-clock arithmetic.
        moment = (complete_at.astimezone(UTC) + span).astimezone(complete_at.tzinfo)
        if unit == "minutes" or hours_as == "clock" or moment.date() == day:
            return Promise(moment, moment, _how_long(value, unit))
        due = working_days.after(day, -(-value // 24))
    elif unit == "working_days":
        due = working_days.after(day, value)
    elif unit == "calendar_days":
        due = working_days.after(day + timedelta(days=value), 0)
    else:
        raise ValueError(f"unknown unit {unit!r}")
    return Promise(
        due=due,
        due_at=datetime.combine(due, time(23, 59, 59), complete_at.tzinfo),
        text=_how_long(value, unit),
        warning=_unknown_years(day, due, working_days),
        is_default=duration is None,
    )


def _how_long(value: int, unit: str) -> str:
    if unit == "minutes":
        return ngettext("{count} menit", "{count} menit", value).format(count=value)
    if unit == "hours" and value % 24 == 0:
        return _("{count} x 24 jam").format(count=value // 24)
    if unit == "hours":
        return ngettext("{count} jam", "{count} jam", value).format(count=value)
    if unit == "working_days":
        return ngettext("{count} hari kerja", "{count} hari kerja", value).format(count=value)
    return ngettext("{count} hari kalender", "{count} hari kalender", value).format(count=value)


def _unknown_years(first: date, last: date, working_days: WorkingDays) -> str | None:
    unknown = [year for year in range(first.year, last.year + 1) if year not in working_days.known_years]
    if not unknown:
        return None
    return _("Hari libur tahun {year} belum diisi. Tanggal selesai dapat bergeser; beri tahu admin.").format(
        year=", ".join(map(str, unknown))
    )


# Where no week was decided, the agency's own counts.
_WEEK = (
    "SELECT coalesce((SELECT weekdays FROM working_week WHERE agency_id = ?1 AND NOT deleted AND from_date <= ?2"
    " ORDER BY from_date DESC, id DESC LIMIT 1), (SELECT week_days FROM agency WHERE id = ?1), '[]') AS days"
)
_HOLIDAYS = "SELECT on_date, kind FROM holiday WHERE NOT deleted AND on_date >= ?"


def load_working_days(session: Session, agency_id: str, on: date | None = None) -> WorkingDays:
    """The agency's calendar with the week in force on ``on``; without a day, the newest week.

    A year is known as soon as it has a national holiday or joint leave; a local day off is not enough. Years before
    that of ``on`` are left out: no promise looks back.
    """
    week = json.loads(plain(session, _WEEK, agency_id, (on or date.max).isoformat())[0].days)
    since = on.replace(month=1, day=1) if on else date.min
    found = plain(session, _HOLIDAYS, since.isoformat())
    holidays = [(date.fromisoformat(row.on_date), row.kind) for row in found]
    return WorkingDays(
        weekdays=frozenset(week) & frozenset(range(1, 8)) or MONDAY_TO_FRIDAY,
        holidays=frozenset(day for day, _kind in holidays),
        known_years=frozenset(day.year for day, kind in holidays if kind != "local"),
    )


def seed_holidays(session: Session, years: Iterable[int]) -> frozenset[int]:
    """Fill in national holidays and joint leave from the ``holidays`` package; returns the years filled.

    Only years whose joint leave is decreed (SKB 3 Menteri): for a later year the package only computes dates,
    and those would silence the warning that its holidays are not known. Days that are there already, edited
    or deleted by an administrator, stay as they are.
    """
    # 100 ms, paid when a calendar is filled and not at every start
    from holidays import GOVERNMENT, PUBLIC, country_holidays

    wanted = sorted(set(years))
    joint_leave = country_holidays("ID", years=wanted, categories=(GOVERNMENT,), language="id")
    decreed = frozenset(day.year for day in joint_leave) & set(wanted)
    national = country_holidays("ID", years=sorted(decreed), categories=(PUBLIC,), language="id")
    there = set(session.scalars(select(Holiday.id)))
    for kind, days in (("national", national), ("joint_leave", joint_leave)):
        for day, name in sorted(days.items()):
            key = natural_id("holiday", day, kind)
            if key in there or day.year not in decreed:
                continue
            session.add(
                Holiday(
                    id=key,
                    on_date=day,
                    kind=kind,
                    name=name.replace(" (perkiraan)", ""),
                    is_tentative="(perkiraan)" in name,
                )
            )
    return decreed
