"""The parts of the administrator's page: days off, weeks, officers, counters, letterhead, pledges.

To add a part: a Section here and its line in SECTIONS.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from PySide6.QtGui import QKeyEvent

from desktop.i18n import N_, _, long_date, plain_date, weekday
from desktop.operations import access, upkeep
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.hours import PAGE_KEYS
from desktop.ui.inputs import DateField, DigitsField, Field, TextField
from desktop.ui.note_field import NoteField
from desktop.ui.rows import Column, Table
from desktop.ui.section import Section

# A Monday, to name the days of the week from.
MONDAY = date(2026, 11, 23)


class YearTable(Table):
    """PgUp and PgDown change the year, as they change the day elsewhere."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in PAGE_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)


def _yes_no(name: str, title: str, yes: str, no: str) -> ChoiceRow:
    return ChoiceRow(name, title, [Option(True, yes), Option(False, no)], chosen=True)


class Holidays(Section):
    """Days off, a year at a time."""

    title, name, removes, table_kind = N_("Hari libur"), "holidays", True, YearTable
    year = 0

    def columns(self) -> list[Column]:
        return [
            Column(_("Tanggal"), lambda row: long_date(row.on_date), 210),
            Column(_("Nama"), lambda row: row.name),
            Column(_("Macam"), lambda row: _("perkiraan") if row.is_tentative else _(upkeep.KINDS[row.kind]), 130,
                   mark=lambda row: ("warning", "") if row.is_tentative else ("", "")),
        ]

    def fields(self) -> list[Field]:
        return [
            DateField("on_date", _("Tanggal")),
            ChoiceRow("kind", _("Macam"), [Option(kind, _(words)) for kind, words in upkeep.KINDS.items()]),
            TextField("name", _("Nama"), limit=200),
            ChoiceRow("is_tentative", _("Tanggalnya"), [Option(False, _("pasti")), Option(True, _("perkiraan"))]),
        ]

    def load(self, session: Any) -> Sequence[Any]:
        return upkeep.holidays(session, self.year)

    def values(self, row: Any) -> dict[str, Any]:
        if row is None:
            return {"on_date": None, "kind": "local", "name": "", "is_tentative": False}
        return {"on_date": row.on_date, "kind": row.kind, "name": row.name, "is_tentative": row.is_tentative}

    def save(self, session: Any) -> str:
        return upkeep.save_holiday(session, self.desk, self.chosen.id if self.chosen else None, **self.form.values())

    def remove(self, session: Any) -> str:
        return upkeep.remove_holiday(session, self.desk, self.chosen.id)

    def words(self, row: Any) -> str:
        return f"{long_date(row.on_date)} · {row.name}"


class Weeks(Section):
    """Each agency's working days."""

    title, name, removes = N_("Pekan kerja"), "weeks", True

    def columns(self) -> list[Column]:
        return [
            Column(_("Instansi"), lambda row: row.agency),
            Column(_("Hari kerja"), lambda row: weekday_words(row.weekdays), 200),
            Column(_("Berlaku mulai"), lambda row: plain_date(row.from_date) if row.from_date else "–", 170),
        ]

    def fields(self) -> list[Field]:
        return [
            self._agency_field(),
            TextField("weekdays", _("Hari kerja"), limit=7, allow="1-7", hint=_("1 Senin … 7 Minggu: 12345")),
            DateField("from_date", _("Berlaku mulai"), passes_on=False),
        ]

    def load(self, session: Any) -> Sequence[Any]:
        return upkeep.weeks(session)

    def key(self, row: Any) -> Any:
        return (row.id, row.agency_id)

    def values(self, row: Any) -> dict[str, Any]:
        if row is None:
            return {"agency": None, "weekdays": "12345", "from_date": None}
        digits = "".join(map(str, row.weekdays))
        return {"agency": row.agency_id, "weekdays": digits, "from_date": row.from_date}

    def save(self, session: Any) -> str:
        typed = self.form.values()
        return upkeep.save_week(session, self.desk, agency_id=typed["agency"], weekdays=typed["weekdays"],
                                from_date=typed["from_date"])

    def remove(self, session: Any) -> str:
        return upkeep.remove_week(session, self.desk, self.chosen.id)

    def words(self, row: Any) -> str:
        return f"{row.agency} · {weekday_words(row.weekdays)}"


def weekday_words(days: Sequence[int]) -> str:
    """ "Senin–Jumat", "Senin, Rabu"."""
    names = [weekday(MONDAY.replace(day=22 + day)) for day in days]
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return f"{names[0]}–{names[-1]}"
    return ", ".join(names)


class Officers(Section):
    """Who works here, and in which role."""

    title, name = N_("Petugas"), "officers"

    def columns(self) -> list[Column]:
        return [
            Column(_("Nama"), lambda row: row.name, mark=lambda row: ("", "") if row.is_active else ("muted", "ban")),
            Column(_("Singkatan"), lambda row: row.initials, 96, yields=True),
            Column(_("Peran"), lambda row: _(access.ROLES.get(row.role, row.role)), 130),
            Column(_("Instansi"), lambda row: row.agency, 84),
            Column(_("Di PC ini"), self._here, 120),
        ]

    def _here(self, row: Any) -> str:
        if not row.is_active:
            return _("nonaktif")
        return _("dapat masuk") if row.has_pin else _("belum ber-PIN")

    def fields(self) -> list[Field]:
        length = (access.PIN_LENGTH,)
        return [
            TextField("name", _("Nama petugas"), limit=80),
            ChoiceRow("role", _("Peran"), [Option(role, _(words)) for role, words in access.ROLES.items()]),
            self._agency_field(),
            _yes_no("is_active", _("Keadaan"), _("aktif"), _("nonaktif")),
            DigitsField("pin", _("PIN 6 angka"), groups=length, password=True, hint=_("kosong = tidak berubah")),
            DigitsField("pin_again", _("PIN sekali lagi"), groups=length, password=True, passes_on=False),
        ]

    def load(self, session: Any) -> Sequence[Any]:
        return upkeep.officer_lines(session)

    def values(self, row: Any) -> dict[str, Any]:
        if row is None:
            return {"name": "", "role": "officer", "agency": self.desk.agency_ids[0], "is_active": True}
        return {"name": row.name, "role": row.role, "agency": row.agency_id, "is_active": row.is_active}

    def save(self, session: Any) -> str:
        typed = self.form.values()
        typed["agency_id"] = typed.pop("agency")
        return upkeep.save_officer(session, self.desk, self.chosen.id if self.chosen else None, **typed)

    def words(self, row: Any) -> str:
        return str(row.name)


class Counters(Section):
    """The counters: what the papers call them, and whom they serve."""

    title, name = N_("Loket"), "counters"

    def columns(self) -> list[Column]:
        return [
            Column(_("Nama"), lambda row: row[0].name,
                   mark=lambda row: ("", "") if row[0].is_open else ("muted", "ban")),
            Column(_("Gerai"), lambda row: row[0].booth or "–", 140),
            Column(_("Lantai"), lambda row: row[0].floor or "–", 110),
            Column(_("Instansi"), lambda row: row[1], 150),
        ]

    def fields(self) -> list[Field]:
        return [
            TextField("counter_name", _("Nama loket"), limit=60),
            TextField("booth", _("Gerai"), limit=80, hint=_("boleh kosong")),
            TextField("floor", _("Lantai"), limit=40, hint=_("boleh kosong")),
            TextField("agency", _("Instansi"), limit=200, hint=_("kodenya, misalnya DKC, PTS")),
            _yes_no("is_open", _("Keadaan"), _("dibuka"), _("ditutup")),
        ]

    def load(self, session: Any) -> Sequence[Any]:
        return [(one, upkeep.codes_of(session, one)) for one in upkeep.counters(session)]

    def key(self, row: Any) -> Any:
        return row[0].id

    def values(self, row: Any) -> dict[str, Any]:
        if row is None:
            return {"counter_name": "", "booth": "", "floor": "", "agency": "", "is_open": True}
        one, codes = row
        return {"counter_name": one.name, "booth": one.booth, "floor": one.floor, "agency": codes,
                "is_open": one.is_open}

    def save(self, session: Any) -> str:
        typed = self.form.values()
        typed |= {"name": typed.pop("counter_name"), "codes": typed.pop("agency")}
        return upkeep.save_counter(session, self.desk, self.chosen[0].id if self.chosen else None, **typed)

    def words(self, row: Any) -> str:
        return str(row[0].name)


class LetterheadPart(Section):
    """What stands at the head of every paper."""

    title, name, adds = N_("Kop surat"), "letterhead", False

    def columns(self) -> list[Column]:
        return [
            Column(_("Pada kertas"), lambda row: row.name),
            Column(_("Jam pelayanan"), lambda row: row.letterhead.get("hours", "–"), 300),
        ]

    def fields(self) -> list[Field]:
        return [
            TextField("hall_name", _("Nama balai"), limit=200),
            *(TextField(key, _(words), limit=200) for key, words in upkeep.LETTERHEAD.items()),
            TextField("logo", _("Logo"), limit=300, hint=_("letak berkas PNG atau JPEG")),
        ]

    def load(self, session: Any) -> Sequence[Any]:
        return [upkeep.hall_of(session, self.desk)]

    def values(self, row: Any) -> dict[str, Any]:
        told = row.letterhead if row else {}
        kept = {key: told.get(key, "") for key in upkeep.LETTERHEAD}
        return {"hall_name": row.name if row else "", **kept, "logo": _(upkeep.LOGO_KEPT) if told.get("logo") else ""}

    def save(self, session: Any) -> str:
        typed = self.form.values()
        return upkeep.save_letterhead(session, self.desk, typed.pop("hall_name"), typed)

    def words(self, row: Any) -> str:
        return str(row.name)


class Pledges(Section):
    """Maklumat pelayanan of each agency."""

    title, name, adds = N_("Maklumat"), "pledges", False

    def columns(self) -> list[Column]:
        return [
            Column(_("Instansi"), lambda row: row.name_id),
            Column(_("Maklumat"), lambda row: " ".join(row.pledge.split()) if row.pledge else "–", 320),
        ]

    def fields(self) -> list[Field]:
        return [NoteField("pledge", _("Maklumat"), limit=upkeep.PLEDGE_LIMIT, lines=12)]

    def load(self, session: Any) -> Sequence[Any]:
        return upkeep.agencies(session)

    def values(self, row: Any) -> dict[str, Any]:
        return {"pledge": row.pledge if row else ""}

    def save(self, session: Any) -> str:
        key = self.chosen.id if self.chosen else None
        return upkeep.save_pledge(session, self.desk, key, self.form.values()["pledge"])

    def words(self, row: Any) -> str:
        return str(row.name_id)


SECTIONS: tuple[type[Section], ...] = (Holidays, Weeks, Officers, Counters, LetterheadPart, Pledges)
