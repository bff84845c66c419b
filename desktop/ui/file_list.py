"""The list of files: a day's, what a search finds, or what a figure of the summary counts; each opened by Enter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.i18n import _, clock_time, long_date, number
from desktop.operations import daily, search
from desktop.operations.desk import Desk
from desktop.operations.figures import Pick
from desktop.operations.identity import cover_niks
from desktop.operations.search import Found
from desktop.ui import style
from desktop.ui.application import mark_of
from desktop.ui.bars import Elided
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.day_bar import DayBar
from desktop.ui.inputs import TextField
from desktop.ui.keypad import digit_of
from desktop.ui.rows import Column, Rows, Table
from desktop.ui.screen import Surroundings
from desktop.ui.today_rows import CHIPS, counted, nothing, status, who

WHO_COLUMN, NIK_COLUMN, SERVICE_COLUMN, TIME_COLUMN, OFFICER_COLUMN = range(1, 6)


@dataclass(frozen=True)
class Listing:
    """The list behind a number of the summary; Esc goes back to it."""

    day: date
    pick: Pick
    title: str


class FileList(QWidget):
    """``opened`` brings the row of Enter; ``wanted`` asks for ``refresh``, ``altered`` means that acts may differ."""

    opened = Signal(object)
    wanted = Signal()
    altered = Signal()

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self.day: date | None = None  # None is today, also after midnight
        self.listing: Listing | None = None
        self.found: list[Found] = []
        self._is_cut = False  # a search found more than is listed
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        top = QHBoxLayout()
        top.setSpacing(style.px(16))
        self.search = TextField(
            "today_search", _("Cari"), limit=search.MOST_LETTERS, hint=_("Nomor, NIK, nama, HP, layanan, atau status")
        )
        self.search.line.addAction(style.icon("search", "muted"), self.search.line.ActionPosition.LeadingPosition)
        self.search.line.setClearButtonEnabled(True)
        for part in self.search.line.children():
            if isinstance(part, QWidget) and part.metaObject().className() == "QLineEditIconButton":
                part.setAccessibleName(_("Kosongkan pencarian"))
        self.search.line.textChanged.connect(self._sought)
        self.search.finished.connect(self._enter_search)
        self.search.setMaximumWidth(style.em(480))
        top.addWidget(self.search, 3)
        self.search.setMinimumWidth(style.em(300))
        self.what = Elided("strong")
        self.what.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self.what.setObjectName("today_what")
        top.addWidget(self.what, 3)
        self.days = DayBar("Ctrl+PgUp", "Ctrl+PgDown")
        self.days.moved.connect(self.move_day)
        top.addWidget(self.days)
        column.addLayout(top)
        below = QHBoxLayout()
        self.chips = ChoiceRow("today_filter", _("Tampilkan"), self._options(), chosen="all")
        self.chips.changed.connect(self._show_rows)
        self.chips.finished.connect(lambda _by_itself: self.to_table())
        below.addWidget(self.chips, 1)
        self.count = style.label("", "muted")
        self.count.setObjectName("today_count")
        below.addWidget(self.count, 0, Qt.AlignmentFlag.AlignVCenter)
        column.addLayout(below)
        self.table = Table("today_table", _("Daftar berkas"), Rows([
            Column(_("Nomor"), lambda row: row.number_text or "–", 168),
            Column(_("Pemohon"), who, 196),
            Column(_("NIK"), lambda row: row.nik_masked or "–", 172),
            Column(_("Layanan"), lambda row: row.service or "–"),
            Column(_("Jam"), self._when, 64),
            Column(_("Petugas"), lambda row: row.officer, 136),
            Column(_("Status"), status, 234, mark=lambda row: ("muted", "") if row.id is None else mark_of(row.state)),
        ], key=lambda row: (row.id, row.at)))  # fmt: skip
        self.table.opened.connect(self.opened)
        self.table.picked.connect(lambda _row: self.altered.emit())
        self._empty, self._empty_words = nothing()
        self._shown = QStackedWidget()
        self._shown.addWidget(self.table)
        self._shown.addWidget(self._empty)
        column.addWidget(self._shown, 1)
        self.search.line.installEventFilter(self)
        self.table.installEventFilter(self)

    @property
    def desk(self) -> Desk:
        """The desk somebody sits at; the list is never up without one."""
        assert self._around.desk is not None
        return self._around.desk

    # --- what is shown

    def today(self) -> date:
        """The hall's day now."""
        return self.desk.day(self._around.store.clock())

    def is_today(self) -> bool:
        """Whether today is listed, and no figure of it."""
        return self.listing is None and self.shown_day() == self.today()

    def refresh(self, session: Any) -> None:
        """Read anew what is listed."""
        if self.listing is not None:
            self.found = daily.files_of(session, self.desk, self.listing.day, self.listing.pick)
        elif self.text():
            self.found = search.find(session, self.text(), agency_ids=self.desk.agency_ids, day=self.shown_day(),
                                     limit=search.MOST_FOUND + 1)
        else:
            self.found = search.day_list(session, self.desk, self.shown_day())
        is_search = self.listing is None and bool(self.text())
        self._is_cut = is_search and len(self.found) > search.MOST_FOUND
        if self._is_cut:
            self.found.pop()
        self._show_rows()

    def text(self) -> str:
        """What is searched for."""
        return self.search.value()

    def shown_day(self) -> date:
        """The day that is listed, where it is not a search."""
        return self.day or self.today()

    def _options(self) -> list[Option]:
        me = self._around.desk.officer_id if self._around.desk else ""
        counts = [sum(chip.meets(row, me) for row in self.found) for chip in CHIPS]
        more = "+" if self._is_cut else ""
        return [
            Option(chip.value, f"{_(chip.words)}  {number(count)}{more}")
            for chip, count in zip(CHIPS, counts, strict=True)
        ]

    def _show_rows(self) -> None:
        me = self._around.desk.officer_id if self._around.desk else ""
        wanted = self.chips.value() or "all"
        self.chips.set_options(self._options())
        self.chips.set_value(wanted)
        meets = next(chip.meets for chip in CHIPS if chip.value == wanted)
        rows = [row for row in self.found if meets(row, me)]
        self.table.show_rows(rows)
        self._fit_columns()
        self.count.setText(counted(len(rows), len(self.found), is_cut=self._is_cut))
        self._empty_words.setText(self._why_empty())
        had_focus = self.window().focusWidget() is self.table
        self._shown.setCurrentWidget(self.table if rows else self._empty)
        if had_focus and not rows:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.what.show_text(self.listing.title if self.listing else _("Di semua hari") if self.text() else "")
        self.days.setVisible(self.listing is None and not self.text())
        self.days.show_day(self.shown_day(), self.today())
        self.altered.emit()

    def _fit_columns(self) -> None:
        """People and services share what is left; where that is little, the officer gives way."""
        self.table.setColumnHidden(NIK_COLUMN, not self._is_about_nik())
        self.table.set_width(TIME_COLUMN, style.em(64 if self._is_one_day(self.table.rows.rows) else 108))
        fixed = [place for place in range(len(self.table.rows.columns)) if place not in (WHO_COLUMN, SERVICE_COLUMN)]
        self.table.setColumnHidden(OFFICER_COLUMN, False)
        room = self.table.viewport().width() - sum(self.table.columnWidth(place) for place in fixed)
        if room < style.em(340):
            self.table.setColumnHidden(OFFICER_COLUMN, True)
            room = self.table.viewport().width() - sum(self.table.columnWidth(place) for place in fixed)
        self.table.set_width(WHO_COLUMN, max(style.em(120), round(room * 0.42)))

    def _is_about_nik(self) -> bool:
        bare = "".join(c for c in self.text() if c.isalnum())
        return bare.isdigit() and len(bare) >= search.LEAST_NIK

    def _is_one_day(self, rows: Sequence[Found]) -> bool:
        desk = self._around.desk
        return desk is None or all(desk.day(row.at) == self.shown_day() for row in rows)

    def _when(self, row: Found) -> str:
        at = self.desk.local(row.at)
        if at.date() == (self.listing.day if self.listing else self.shown_day()):
            return clock_time(at)
        return f"{at:%d-%m}  {clock_time(at)}"  # the year stands in the number

    def _why_empty(self) -> str:
        if self.found:
            return _("Tidak ada berkas dengan status ini. Tekan 1 untuk melihat semuanya.")
        if self.listing:
            return _("Tidak ada yang dihitung di sini.")
        if self.text():
            words = _("Tidak ada yang cocok dengan “{typed}”. Periksa ketikannya, atau cari dengan nomor atau NIK.")
            return words.format(typed=cover_niks(self.text()))
        if self.shown_day() == self.today():
            return _("Belum ada berkas hari ini. Tekan F2 untuk berkas baru, atau pindai barcode.")
        return _("Tidak ada berkas pada {date}.").format(date=long_date(self.shown_day()))

    # --- keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table and event.type() == QEvent.Type.Resize:
            self._fit_columns()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.table:
                digit = digit_of(event)
                if digit and 1 <= int(digit) <= len(CHIPS):
                    self.chips.set_value(CHIPS[int(digit) - 1].value)
                    self._show_rows()
                    self.to_table()
                    return True
                if event.text().isalpha() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
                    self.to_search()  # whoever begins to type a name is looking for it
                    self.search.line.end(False)
                    self.search.line.insert(event.text())
                    return True
                if event.key() == Qt.Key.Key_Up and self.table.currentIndex().row() <= 0 and not digit:
                    self.to_search()
                    return True
            elif event.key() == Qt.Key.Key_Down and not digit_of(event):
                self.to_table()
                return True
        return super().eventFilter(watched, event)

    def _sought(self, _text: str) -> None:
        self.listing = None
        self.wanted.emit()
        if self.found:
            self.table.selectRow(0)

    def _enter_search(self, _by_itself: bool) -> None:
        # A scanner types a whole number and Enter: then the file itself is wanted.
        whole = "".join(c for c in self.text() if c.isdigit())
        if len(self.found) == 1 and self.found[0].number == whole:
            self.opened.emit(self.found[0])
        else:
            self.to_table()

    def to_search(self) -> None:
        """The cursor into the search."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def to_table(self) -> None:
        """The cursor into the list, or where it is empty into the search."""
        if self._shown.currentWidget() is not self.table:
            self.to_search()
            return
        if self.table.current() is None:
            self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def move_day(self, by: int) -> None:
        """So many days on, or back."""
        day = min(self.shown_day() + timedelta(days=by), self.today())
        self.day = None if day == self.today() else day
        self.wanted.emit()
        self.to_table()

    def step_back(self) -> bool:
        """Esc: the search, then the filter, then the day; False where all of it is as at first."""
        if self.text():
            self.search.clear()
            self.to_search()
        elif self.chips.value() != "all":
            self.chips.set_value("all")
            self._show_rows()
        elif self.day is not None:
            self.day = None
            self.wanted.emit()
        else:
            return False
        return True

    def current(self) -> Found | None:
        """The file the acts are about."""
        row: Found | None = self.table.current() if self._shown.currentWidget() is self.table else None
        return row if row is not None and row.id is not None else None

