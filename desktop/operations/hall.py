"""The hall around this PC as the centre last told it: every counter, when it was heard, and what has not come from it.

Zero is not blank: a counter that was not heard is never counted as one without files (screens.md T9).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.i18n import _, clock_time, day_month, ngettext, number
from desktop.models.application import Application
from desktop.models.base import now
from desktop.models.catalog import Counter, DeviceCode, Hall, Node
from desktop.models.journal import Entry
from desktop.models.local import Meta, RefusedEntry
from desktop.operations.desk import Desk

# The row of meta that the sync thread keeps, and its name among the tables that changed.
NEWS = "hall"
SILENT = timedelta(minutes=10)
# Two clocks further apart than this are told to the officer (sync.md, Clock).
MOST_SKEW = timedelta(minutes=2)


@dataclass(frozen=True)
class Pc:
    """A counter's PC as the centre knows it. ``pending``: entries that had not been sent when it was last heard;
    ``serials``: the last number it says it has given, by day and device code."""

    name: str
    heard_at: datetime | None
    skew: timedelta
    pending: int
    serials: Mapping[date, Mapping[int, int]]
    is_here: bool
    is_revoked: bool


@dataclass(frozen=True)
class Neighbours:
    """Every PC of the hall, and when the centre said so."""

    as_of: datetime
    pcs: tuple[Pc, ...]


def neighbours(session: Session) -> Neighbours | None:
    """The hall as it was last told; None where there is no centre, or it has not answered yet.

    What one counter has been under several names (its time alone, a copied disk) counts as one.
    """
    told = session.get(Meta, NEWS)
    if told is None:
        return None
    counters = {counter.id: counter.name for counter in session.scalars(select(Counter))}
    by_name: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for row in told.value["pcs"]:
        by_name[counters.get(row["counter_id"]) or row["label"]].append(row)
    pcs = tuple(_pc(name, rows) for name, rows in sorted(by_name.items(), key=lambda item: item[0].casefold()))
    return Neighbours(datetime.fromisoformat(told.value["at"]), pcs)


def _pc(name: str, rows: list[Mapping[str, Any]]) -> Pc:
    serials: dict[date, dict[int, int]] = defaultdict(dict)
    for row in rows:
        for day, codes in _says(row).get("serials", {}).items():
            for code, last in codes.items():
                serials[date.fromisoformat(day)][int(code)] = last
    heard = [str(row["last_push_at"]) for row in rows if row["last_push_at"]]
    latest = max(rows, key=lambda row: str(row["last_push_at"] or ""))
    return Pc(
        name,
        datetime.fromisoformat(max(heard)) if heard else None,
        timedelta(milliseconds=latest["skew_ms"] or 0),
        _says(latest).get("pending", 0),
        serials,
        is_here=any(row["is_here"] for row in rows),
        is_revoked=all(row["is_revoked"] for row in rows),
    )


def _says(row: Mapping[str, Any]) -> dict[str, Any]:
    return row["says"] or {}


# ---------------------------------------------------------------------------------------------------------------------
# How complete a day is


@dataclass(frozen=True)
class Late:
    """A counter whose day is not whole here: when it was last heard, and how many of its files are known to lack."""

    name: str
    heard_at: datetime | None
    lacking: int


@dataclass(frozen=True)
class Completeness:
    """How much of a day's hall is here; moments are on the hall's clock. ``until``: when the last of the whole ones was
    heard at least."""

    counters: int
    until: datetime | None
    late: tuple[Late, ...]
    is_past: bool

    @property
    def is_whole(self) -> bool:
        """Whether nothing of that day can still come."""
        return self.is_past and not self.late

    def sentence(self) -> str:
        """ "SEMENTARA. Data 5 dari 6 loket lengkap sampai 14.00. Loket 3: data terakhir 11.52; …" """
        whole = self.counters - len(self.late)
        if self.is_whole:
            return _("Data semua {counters} loket lengkap.").format(counters=self.counters)
        parts = [_("SEMENTARA.")]
        if self.until is not None and not self.is_past:
            words = _("Data {whole} dari {counters} loket lengkap sampai {time}.")
            parts.append(words.format(whole=whole, counters=self.counters, time=clock_time(self.until)))
        else:
            parts.append(_("Data {whole} dari {counters} loket lengkap.").format(whole=whole, counters=self.counters))
        return " ".join([*parts, *(self._late(one) for one in self.late)])

    def _late(self, one: Late) -> str:
        last = _("{counter}: belum pernah terhubung").format(counter=one.name)
        if one.heard_at is not None:
            is_same_day = self.until is not None and one.heard_at.date() == self.until.date()
            when = clock_time(one.heard_at) if is_same_day else moment_words(one.heard_at)
            last = _("{counter}: data terakhir {when}").format(counter=one.name, when=when)
        if not one.lacking:
            return last + "."
        words = ngettext(
            "{last}; sedikitnya {count} berkas belum masuk.", "{last}; sedikitnya {count} berkas belum masuk.",
            one.lacking,
        )  # fmt: skip
        return words.format(last=last, count=number(one.lacking))


def moment_words(moment: datetime) -> str:
    """ "24 November 15.02": a moment of another day, on the hall's clock."""
    return f"{day_month(moment.date())} {clock_time(moment)}"


def completeness(session: Session, desk: Desk, day: date) -> Completeness | None:
    """How complete ``day`` is here; None without a centre.

    A counter is whole if every number it says it has given is here, and it was heard within the last 10 minutes of what
    the centre told (for an earlier day: after that day). One that was not heard that day and never gave a number takes
    no part: it has not been opened yet. One that was shut out takes part only where files of it lack: the day is not
    whole without them.
    """
    told = neighbours(session)
    if told is None:
        return None
    is_past = day < desk.day(now(session))
    here = _held(session, day, {code for pc in told.pcs for code in pc.serials.get(day, {})})
    counters, until, late = 0, [], []
    for pc in told.pcs:
        heard = desk.local(pc.heard_at) if pc.heard_at is not None else None
        lacking = sum(max(0, last - here.get(code, 0)) for code, last in pc.serials.get(day, {}).items())
        is_shut_out = pc.is_revoked and not lacking
        if is_shut_out or (not pc.serials and (heard is None or heard.date() < day)):
            continue
        counters += 1
        was_heard = heard is not None and (heard.date() > day if is_past else heard > told.as_of - SILENT)
        is_fresh = pc.is_here or was_heard  # what is saved here is here, whoever has heard of it
        if is_fresh and not lacking:
            until.append(desk.local(told.as_of) if pc.is_here or heard is None else heard)
        else:
            late.append(Late(pc.name, heard, lacking))
    return Completeness(counters, min(until, default=None), tuple(late), is_past)


def _held(session: Session, day: date, codes: Collection[int]) -> dict[int, int]:
    query = select(Application.device_code, func.count(func.distinct(Application.serial))).where(
        Application.on_date == day, Application.device_code.in_(codes)
    )
    return {row[0]: row[1] for row in session.execute(query.group_by(Application.device_code))}


# ---------------------------------------------------------------------------------------------------------------------
# What this PC is


@dataclass(frozen=True)
class Self:
    """This PC for a health page and for support. ``refused`` counts its entries by the centre's reason."""

    hall: str
    counter: str
    codes: tuple[int, ...]
    spare: int | None
    entries: int
    refused: Mapping[str, int]
    zone: ZoneInfo


def this_pc(session: Session) -> Self | None:
    """What this PC is; None where it was not set up."""
    desk = session.get(Meta, "desk")
    if desk is None:
        return None
    hall = session.get(Hall, desk.value["hall_id"])
    counter = session.get(Counter, desk.value["counter_id"])
    node_id = session.get_one(Meta, "journal").value["node"]
    spare = desk.value.get("spare_code")
    codes = session.scalars(select(DeviceCode.code).where(DeviceCode.node_id == node_id).order_by(DeviceCode.code))
    refused = session.execute(
        select(RefusedEntry.state, func.count()).where(RefusedEntry.is_own).group_by(RefusedEntry.state)
    )
    return Self(
        hall.name if hall is not None else "",
        counter.name if counter is not None else "",
        (desk.value["device_code"], *(code for code in codes if code not in (desk.value["device_code"], spare))),
        spare,
        session.scalar(select(func.count()).select_from(Entry)) or 0,
        {row[0]: row[1] for row in refused},
        ZoneInfo(hall.timezone) if hall is not None else ZoneInfo("Asia/Jakarta"),
    )


def refusal_words(state: str, count: int, label: str) -> str:
    """What the centre has put aside, why, and what is to be done; the entries are safe here and there."""
    what = ngettext("{count} catatan disisihkan pusat", "{count} catatan disisihkan pusat", count).format(
        count=number(count)
    )
    why = {
        "LK001": _(
            "hanya admin yang boleh mengubahnya (petugas, loket, layanan). Bila memang benar, minta admin: "
            'centre recovery admit "{label}"'
        ).format(label=label),
        "LK002": _(
            "instansinya tidak dilayani PC ini. Bila seharusnya dilayani, minta admin: "
            'centre counter "{label}" --agency KODE …'
        ).format(label=label),
        "LK003": _("pusat belum mengenalnya. Minta admin memperbarui pusat data; sesudah itu masuk sendiri."),
        "LK004": _("isinya tidak sesuai tempatnya. Hubungi admin, sebutkan kode E-30."),
        "LK005": _("akan menimpa yang sudah tercatat; yang lama tetap berlaku. Hubungi admin, sebutkan kode E-30."),
    }.get(state, _("pusat belum dapat membacanya. Minta admin memperbarui pusat data, sebutkan kode E-30."))
    return _("{what}: {why}").format(what=what, why=why)


def is_seated(session: Session) -> bool:
    """Whether this file is a node of a centre to the end."""
    if session.get(Meta, "sync") is None:
        return False
    return session.get(Node, session.get_one(Meta, "journal").value["node"]) is not None


def may_add_officers(session: Session) -> bool:
    """Whether the centre takes new officers from this PC; one that stands alone makes its own."""
    told = session.get(Meta, "sync")
    return told is None or told.value.get("may_write") == "admin"


def counter_id(session: Session) -> str:
    """The counter this PC stands at."""
    return str(session.get_one(Meta, "desk").value["counter_id"])


def agencies_here(session: Session) -> list[str]:
    """The agencies served here; none while the PC has no counter."""
    desk = session.get(Meta, "desk")
    counter = session.get(Counter, desk.value["counter_id"]) if desk is not None else None
    return list(counter.agency_ids) if counter is not None else []


def label_here(session: Session) -> str:
    """The name under which the centre has this PC."""
    node = session.get(Node, session.get_one(Meta, "journal").value["node"])
    return node.label if node is not None else ""
