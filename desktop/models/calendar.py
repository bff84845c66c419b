"""Which days are worked: holidays of the country and the hall, and each agency's week."""

from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Record
from desktop.models.kinds import Day, Key, Tree


class Holiday(Record):
    """Hari libur nasional, cuti bersama, or a local day off. ``is_tentative``: the date may still move."""

    __tablename__ = "holiday"
    written_by = "admin"

    on_date: Mapped[date] = mapped_column(Day(), index=True)
    kind: Mapped[str] = mapped_column(String(20))  # national | joint_leave | local
    name: Mapped[str] = mapped_column(String(200))
    decree_no: Mapped[str | None] = mapped_column(String(120), default=None)
    is_tentative: Mapped[bool] = mapped_column(default=False)


class WorkingWeek(Record):
    """The week of an agency from a day on (Ramadan hours, a six-day week). ``weekdays`` are ISO numbers."""

    __tablename__ = "working_week"
    written_by = "admin"

    agency_id: Mapped[str] = mapped_column(Key())
    from_date: Mapped[date] = mapped_column(Day())
    weekdays: Mapped[list[int]] = mapped_column(Tree())
    hours: Mapped[dict[str, Any]] = mapped_column(Tree(), default=dict)
