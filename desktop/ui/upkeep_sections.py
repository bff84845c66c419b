"""The parts of the administrator's page: days off, weeks, officers, counters, letterhead, pledges.

To add a part: a Section here and its line in SECTIONS.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import N_, _, long_date, plain_date, weekday
from desktop.operations import access, upkeep
from desktop.operations.desk import Desk
from desktop.ui import style
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.feedback import Feedback
from desktop.ui.form import Form
from desktop.ui.hours import PAGE_KEYS
from desktop.ui.inputs import DateField, DigitsField, Field, NoteField, TextField
from desktop.ui.list_field import ListField, within
from desktop.ui.rows import Column, Rows, Table

# A Monday, to name the days of the week from.
MONDAY = date(2026, 11, 23)


class YearTable(Table):
    """PgUp and PgDown change the year, as they change the day elsewhere."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in PAGE_KEYS:
            event.ignore()
        else:
            super().keyPressEvent(event)


class Section(QWidget):
    """A list and the form of what is chosen in it; ``chosen`` is None while something new is typed."""

    title: ClassVar[str] = ""  # marked with N_
    name: ClassVar[str] = ""
    adds: ClassVar[bool] = True
    removes: ClassVar[bool] = False
    table_kind: ClassVar[type[Table]] = Table

    altered = Signal()

    def __init__(self, feedback: Feedback, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.chosen: Any = None
        self._is_adding = False
        self._agencies: list[Option] = []
        self.form = Form(feedback, title_width=128)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(16))
        self.table = self.table_kind(f"upkeep_{self.name}", _(self.title), Rows(self.columns(), key=self.key))
        self.table.picked.connect(self._picked)
        self.table.opened.connect(lambda _row: self.form.start())
        row.addWidget(self.table, 4)
        right = QVBoxLayout()
        self.heading = style.label("", "heading")
        right.addWidget(self.heading)
        for field in self.fields():
            self.form.add(field)
        self.form.changed.connect(lambda _name: self.altered.emit())
        right.addWidget(self.form)
        self.below = QHBoxLayout()
        self.below.addStretch(1)
        right.addLayout(self.below)
        right.addStretch(1)
        row.addLayout(right, 3)

    # --- what a part says

    def columns(self) -> list[Column]:
        """The columns of the list."""
        raise NotImplementedError

    def fields(self) -> list[Field]:
        """The fields of the form."""
        raise NotImplementedError

    def load(self, session: Any) -> Sequence[Any]:
        """The rows of the list."""
        raise NotImplementedError

    def key(self, row: Any) -> Any:
        """Which row is which across a refresh."""
        return row.id

    def values(self, row: Any) -> dict[str, Any]:
        """What the form shows of a row; of None, what a new one begins with."""
        raise NotImplementedError

    def save(self, session: Any) -> str:
        """Keep what was typed; the sentence says what it alters."""
        raise NotImplementedError

    def remove(self, session: Any) -> str:
        """Take the chosen row away; the sentence says what that alters."""
        raise NotImplementedError

    def words(self, row: Any) -> str:
        """How a row is called in a question."""
        raise NotImplementedError

    # --- what the screen asks

    def refresh(self, session: Any) -> None:
        """Read the list anew; a form that was altered is never overwritten."""
        self._agencies = [Option(one.id, one.name_id, one.code, one.code) for one in upkeep.agencies(session)]
        was_typed = self.is_typed()
        self.table.blockSignals(True)
        self.table.show_rows(self.load(session))
        if self.table.current() is None and self.table.rows.rows and not self._is_adding:
            self.table.selectRow(0)
        self.table.blockSignals(False)
        if not was_typed:
            self.show_row(None if self._is_adding else self.table.current())

    def show_row(self, row: Any) -> None:
        """Put a row (None: a new one) into the form."""
        self.chosen = row
        self.form.clear()
        self.form.set_values(self.values(row))
        self._shown = self._kept()
        self.heading.setText(_("Baru") if row is None else self.words(row))
        self.altered.emit()

    def begin_new(self) -> None:
        """Type something new."""
        self._is_adding = True
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.show_row(None)
        self.form.start()

    def is_typed(self) -> bool:
        """Whether the form says otherwise than what was put into it."""
        return self._kept() != getattr(self, "_shown", self._kept())

    def keep(self) -> Any:
        """What must survive being built anew."""
        return self._kept() if self.is_typed() else None, self.key(self.chosen) if self.chosen is not None else None

    def restore(self, kept: Any) -> None:
        """Show again what ``keep`` gave."""
        typed, key = kept
        if key is not None:
            self.table.select_key(key)
        elif typed:
            self.begin_new()
        for name, value in (typed or {}).items():
            self.form.fields[name].restore(value)
        self.altered.emit()

    def _kept(self) -> dict[str, Any]:
        return {name: field.kept() for name, field in self.form.fields.items()}

    def _picked(self, row: Any) -> None:
        if row is not None:
            self._is_adding = False
            self.show_row(row)

    def _agency_field(self) -> ListField:
        return ListField("agency", _("Instansi"), lambda typed: within(self._agencies)(typed),
                         hint=_("Ketik sebagian nama"))


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
            Column(_("Singkatan"), lambda row: row.initials, 96),
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
