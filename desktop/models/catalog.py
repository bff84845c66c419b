"""The hall and what it offers: agencies, counters, services and the standards they promise."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Projection, Record
from desktop.models.kinds import Day, Key, Moment, Tree
from desktop.models.local import refresh_requirement_lines, refresh_short_files


class Hall(Record):
    """Mal Pelayanan Publik: the building and its head on every paper. ``timezone`` rules all local times."""

    __tablename__ = "hall"
    written_by = "admin"

    code: Mapped[str] = mapped_column(String(20))
    name: Mapped[str] = mapped_column(String(200))
    region_code: Mapped[str] = mapped_column(String(13))
    timezone: Mapped[str] = mapped_column(String(40), default="Asia/Jakarta")
    # address, phone, complaint, logo: what the letterhead says beside the name
    letterhead: Mapped[dict[str, Any]] = mapped_column(Tree(), default=dict)


class Agency(Record):
    """Instansi: an institution with desks in the hall. ``week_days`` are ISO weekdays (1 Monday) it works."""

    __tablename__ = "agency"
    written_by = "admin"

    hall_id: Mapped[str] = mapped_column(Key())
    code: Mapped[str] = mapped_column(String(20))
    name_id: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(20))
    queue_prefix: Mapped[str | None] = mapped_column(String(4), default=None)
    week_days: Mapped[list[int]] = mapped_column(Tree(), default=lambda: [1, 2, 3, 4, 5])
    is_open: Mapped[bool] = mapped_column(default=True)
    policies: Mapped[dict[str, Any]] = mapped_column(Tree(), default=dict)
    pledge: Mapped[str | None] = mapped_column(default=None)


class Counter(Record):
    """Loket: one desk with one PC; it may serve several agencies."""

    __tablename__ = "counter"
    written_by = "admin"

    hall_id: Mapped[str] = mapped_column(Key())
    name: Mapped[str] = mapped_column(String(60))
    agency_ids: Mapped[list[str]] = mapped_column(Tree(), default=list)
    booth: Mapped[str | None] = mapped_column(String(80), default=None)
    floor: Mapped[str | None] = mapped_column(String(40), default=None)
    is_open: Mapped[bool] = mapped_column(default=True)


class Node(Record):
    """One local file: a PC of a counter as the journal knows it."""

    __tablename__ = "node"

    counter_id: Mapped[str] = mapped_column(Key())
    label: Mapped[str] = mapped_column(String(80))
    may_write: Mapped[bool] = mapped_column(default=True)
    app_version: Mapped[str] = mapped_column(String(20))


class DeviceCode(Record):
    """The three digits a PC puts into its numbers; never given to another PC."""

    __tablename__ = "device_code"
    insert_only = True

    code: Mapped[int]
    node_id: Mapped[str] = mapped_column(Key())
    since: Mapped[datetime] = mapped_column(Moment())


class Service(Record):
    """Layanan: what the public asks for. ``mode`` record_only counts it without a file."""

    __tablename__ = "service"
    written_by = "admin"

    agency_id: Mapped[str] = mapped_column(Key(), index=True)
    code: Mapped[str] = mapped_column(String(20))
    slug: Mapped[str] = mapped_column(String(80))
    name_id: Mapped[str] = mapped_column(String(200))
    name_en: Mapped[str] = mapped_column(String(200))
    category: Mapped[str] = mapped_column(String(40))
    is_open: Mapped[bool] = mapped_column(default=True)
    mode: Mapped[str] = mapped_column(String(12), default="full")


class ServiceStandard(Record):
    """Standar pelayanan: one immutable version with its whole definition, so that half of one can never arrive.

    ``state`` is "sample" until an administrator enters the decree (users.md 1.9); ``definition`` is the document
    that desktop.models.standard validates.
    """

    __tablename__ = "service_standard"
    written_by = "admin"
    insert_only = True

    service_id: Mapped[str] = mapped_column(Key(), index=True)
    version_no: Mapped[int]
    state: Mapped[str] = mapped_column(String(12), default="sample")
    decree_no: Mapped[str | None] = mapped_column(String(120), default=None)
    decree_date: Mapped[date | None] = mapped_column(Day(), default=None)
    valid_from: Mapped[datetime] = mapped_column(Moment())
    definition: Mapped[dict[str, Any]] = mapped_column(Tree())

    @classmethod
    def projections(cls, row: Mapping[str, Any]) -> Iterable[tuple[Projection, str]]:
        return [(refresh_requirement_lines, row["id"]), (refresh_short_files, row["id"])]
