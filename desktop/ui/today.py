"""The day's files: filtered by a digit, searched over all days, each opened as a card with its story."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.i18n import N_, _, clock_time, long_date, number
from desktop.operations import daily, history, search
from desktop.operations.figures import Pick
from desktop.operations.identity import cover_niks
from desktop.operations.search import Found
from desktop.ui import style
from desktop.ui.amending import AmendPage
from desktop.ui.application import ApplicationCard, mark_of
from desktop.ui.bars import Elided
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.conflicts import ConflictLines
from desktop.ui.day_bar import DayBar
from desktop.ui.file_acts import FileActs
from desktop.ui.handouts import Handouts
from desktop.ui.inputs import TextField
from desktop.ui.keypad import digit_of
from desktop.ui.rows import Column, Rows, Table
from desktop.ui.screen import Act, Screen
from desktop.ui.today_rows import CHIPS, counted, nothing, status, who

WHO_COLUMN, NIK_COLUMN, SERVICE_COLUMN, TIME_COLUMN, OFFICER_COLUMN = range(1, 6)


@dataclass(frozen=True)
class Listing:
    """The list behind a number of the summary; Esc goes back to it."""

    day: date
    pick: Pick
    title: str


class TodayScreen(Screen):
    """``show_thing`` takes a file's id and opens its card, or a Listing of the summary."""

    name = "today"
    title = N_("Hari ini")
    tables = frozenset({
        "application", "visit", "status_move", "document_check", "party", "paper_print", "print_job", "note",
        "correction", "access_event", "officer", "counter", "service",
    })  # fmt: skip

    def build(self) -> None:
        self._day: date | None = None  # None is today, also after midnight
        self._listing: Listing | None = None
        self._found: list[Found] = []
        self._was_sent = False
        self._pages = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(20), style.px(4), style.px(20), style.px(12))
        column.addWidget(self._pages)
        self._pages.addWidget(self._list_page())
        self._handouts = Handouts(self)
        self.card = ApplicationCard()
        self.card.looking.connect(self._look)
        self.card.looked.connect(self.refresh)
        self.card.resume.connect(self._resume)
        self.about_file = FileActs(self)
        self.card.reprint.connect(self.about_file.ask_reprint)
        self.card.menu.connect(self.about_file.menu)
        self.card.chosen.connect(self.about_file.correct)
        self._pages.addWidget(self.card)
        self.amending = AmendPage([self.act_button("F9"), self.act_button("Esc")])
        self._pages.addWidget(self.amending)
        self.card.walked.connect(self.acts_changed)
        self.conflicts = ConflictLines(self.around)
        self.card.notices.addWidget(self.conflicts)
        self.card.shown.connect(self.conflicts.show_file)
        self.card.shown.connect(self.acts_changed)
        self.refresh()

    def _list_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
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
        self.days.moved.connect(self._move_day)
        top.addWidget(self.days)
        column.addLayout(top)
        below = QHBoxLayout()
        self.chips = ChoiceRow("today_filter", _("Tampilkan"), self._options(), chosen="all")
        self.chips.changed.connect(self._show_rows)
        self.chips.finished.connect(lambda _by_itself: self._to_table())
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
        self.table.opened.connect(self._open_row)
        self.table.picked.connect(lambda _row: self.acts_changed.emit())
        self._empty, self._empty_words = nothing()
        self._shown = QStackedWidget()
        self._shown.addWidget(self.table)
        self._shown.addWidget(self._empty)
        column.addWidget(self._shown, 1)
        self.search.line.installEventFilter(self)
        self.table.installEventFilter(self)
        return page

    # --- what is shown

    def today(self) -> date:
        """The hall's day now."""
        assert self.around.desk is not None
        return self.around.desk.day(self.around.store.clock())

    def heading(self) -> str:
        if self.is_card() or self.is_amending():
            return _("Berkas")
        return _(self.title) if self._shown_day() == self.today() and not self._listing else _("Daftar berkas")

    def is_amending(self) -> bool:
        """Whether a form that changes the file of the card is up."""
        return self._pages.currentWidget() is self.amending

    def show_form(self) -> None:
        """Bring up the form that changes the file of the card."""
        self.card.cover()
        self._pages.setCurrentWidget(self.amending)
        self.acts_changed.emit()

    def is_card(self) -> bool:
        """Whether a file's card is up, and not the list."""
        return self._pages.currentWidget() is self.card

    def refresh(self) -> None:
        desk = self.around.desk
        if desk is None or self.card.is_open():  # a held look is not taken away by news; letting go refreshes
            return
        with self.reading() as session:
            self.about_file.tell_of_change(session)
            if self.is_card() and self.card.card is not None:
                self.card.show_card(history.card(session, desk, self.card.card.id))
            if self._listing is not None:
                self._found = daily.files_of(session, desk, self._listing.day, self._listing.pick)
            elif self._text():
                self._found = search.find(session, self._text(), agency_ids=desk.agency_ids, day=self._shown_day())
            else:
                self._found = search.day_list(session, desk, self._shown_day())
        self._show_rows()

    def _text(self) -> str:
        return self.search.value()

    def _shown_day(self) -> date:
        return self._day or self.today()

    def _options(self) -> list[Option]:
        me = self.around.desk.officer_id if self.around.desk else ""
        counts = [sum(chip.meets(row, me) for row in self._found) for chip in CHIPS]
        return [
            Option(chip.value, f"{_(chip.words)}  {number(count)}") for chip, count in zip(CHIPS, counts, strict=True)
        ]

    def _show_rows(self) -> None:
        me = self.around.desk.officer_id if self.around.desk else ""
        wanted = self.chips.value() or "all"
        self.chips.set_options(self._options())
        self.chips.set_value(wanted)
        meets = next(chip.meets for chip in CHIPS if chip.value == wanted)
        rows = [row for row in self._found if meets(row, me)]
        self.table.show_rows(rows)
        self._fit_columns()
        self.count.setText(counted(len(rows), len(self._found)))
        self._empty_words.setText(self._why_empty())
        had_focus = self.table.hasFocus()
        self._shown.setCurrentWidget(self.table if rows else self._empty)
        if had_focus and not rows:
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
        self.what.show_text(self._listing.title if self._listing else _("Di semua hari") if self._text() else "")
        self.days.setVisible(self._listing is None and not self._text())
        self.days.show_day(self._shown_day(), self.today())
        self.acts_changed.emit()

    def _fit_columns(self) -> None:
        """People and services share what is left; where that is little, the officer gives way."""
        self.table.setColumnHidden(NIK_COLUMN, not self._is_about_nik())
        self.table.setColumnWidth(TIME_COLUMN, style.em(64 if self._is_one_day(self.table.rows.rows) else 108))
        fixed = [place for place in range(len(self.table.rows.columns)) if place not in (WHO_COLUMN, SERVICE_COLUMN)]
        self.table.setColumnHidden(OFFICER_COLUMN, False)
        room = self.table.viewport().width() - sum(self.table.columnWidth(place) for place in fixed)
        if room < style.em(340):
            self.table.setColumnHidden(OFFICER_COLUMN, True)
            room = self.table.viewport().width() - sum(self.table.columnWidth(place) for place in fixed)
        self.table.setColumnWidth(WHO_COLUMN, max(style.em(120), round(room * 0.42)))

    def _is_about_nik(self) -> bool:
        bare = "".join(c for c in self._text() if c.isalnum())
        return bare.isdigit() and len(bare) >= search.LEAST_NIK

    def _is_one_day(self, rows: Sequence[Found]) -> bool:
        desk = self.around.desk
        return desk is None or all(desk.day(row.at) == self._shown_day() for row in rows)

    def _when(self, row: Found) -> str:
        assert self.around.desk is not None
        at = self.around.desk.local(row.at)
        if at.date() == (self._listing.day if self._listing else self._shown_day()):
            return clock_time(at)
        return f"{at:%d-%m}  {clock_time(at)}"  # the year stands in the number

    def _why_empty(self) -> str:
        if self._found:
            return _("Tidak ada berkas dengan status ini. Tekan 1 untuk melihat semuanya.")
        if self._listing:
            return _("Tidak ada yang dihitung di sini.")
        if self._text():
            words = _("Tidak ada yang cocok dengan “{typed}”. Periksa ketikannya, atau cari dengan nomor atau NIK.")
            return words.format(typed=cover_niks(self._text()))
        if self._shown_day() == self.today():
            return _("Belum ada berkas hari ini. Tekan F2 untuk berkas baru, atau pindai barcode.")
        return _("Tidak ada berkas pada {date}.").format(date=long_date(self._shown_day()))

    # --- acts and keys

    def acts(self) -> list[Act]:
        if self.is_amending():
            return self.about_file.form_acts()
        if self.is_card():
            return [
                *self._conflict_act(),
                *self.about_file.card_acts(self._resume),
                *self._label_act(),
                Act("F3", _("Cari"), self._to_search),
                Act("Esc", _("Kembali ke daftar"), self._close_card),
            ]
        row = self._current()
        acts = [
            Act("Enter", _("Buka berkas"), lambda: self._open_row(self._current()), row is not None, "primary"),
            Act("F3", _("Cari"), self._to_search),
        ]
        if row is not None and row.state == "RETURNED":
            acts.append(Act("F5", _("Lanjutkan"), self._resume))
        if row is not None:
            acts.append(Act("Ctrl+P", _("Cetak ulang"), self.about_file.ask_reprint))
            acts += self._label_act()
        if self._listing is None:
            acts += [
                Act("Ctrl+PgUp", _("Hari sebelumnya"), lambda: self._move_day(-1), in_bar=False),
                Act("Ctrl+PgDown", _("Hari berikutnya"), lambda: self._move_day(1), in_bar=False),
            ]
        else:
            acts.append(Act("Esc", _("Kembali ke ringkasan"), self._back_to_summary))
        return acts

    def help(self) -> list[str]:
        return [
            _("Angka 1 sampai 6 memilih status. Mengetik huruf, atau F3, mencari di semua hari."),
            _("Enter membuka berkas; Esc kembali."),
            _("Pada berkas: Tab ke data pemohon lalu Enter membetulkan; F12 lalu angka = betulkan, batalkan, ganti "
              "layanan, cetak ulang, catatan, riwayat."),
            _("NIK dan nomor HP hanya terlihat selama tombolnya ditahan, dan setiap kali dicatat."),
        ]

    def arrive(self) -> None:
        # Who comes by the navigation wants the list; who was sent here, what they were sent to.
        if self.is_amending():
            self.about_file.to_form()
            return
        if not self._was_sent:
            self._listing = None
            self._pages.setCurrentIndex(0)
        self._was_sent = False
        self.refresh()
        if self.is_card():
            self._to_card()
        elif not self._text():
            self._to_table()
        else:
            self._to_search()

    def show_thing(self, thing: Any) -> None:
        if not self.about_file.may_leave():
            return
        self._was_sent = True
        if isinstance(thing, Listing):
            self.search.clear()  # which ends the list before
            self._listing = thing
            self.chips.set_value("all")
            self._pages.setCurrentIndex(0)
            self.refresh()
        elif isinstance(thing, str):
            self.open(thing)

    def step_back(self) -> bool:
        if self.is_card():
            self._close_card()
        elif self._listing is not None:
            self._back_to_summary()
        elif self._text():
            self.search.clear()
            self._to_search()
        elif self.chips.value() != "all":
            self.chips.set_value("all")
            self._show_rows()
        elif self._day is not None:
            self._day = None
            self.refresh()
        else:
            return False
        return True

    def leave(self) -> None:
        self.card.cover()

    def is_half_done(self) -> bool:
        return self.is_amending()

    def keep(self) -> Any:
        card = self.card.card if self.is_card() or self.is_amending() else None
        row = self.table.current()
        return {
            **super().keep(), "day": self._day, "listing": self._listing, "card": card.id if card else None,
            "row": self.table.rows.key(row) if row is not None else None, "form": self.about_file.kept(),
        }  # fmt: skip

    def restore(self, kept: Any) -> None:
        self._day, self._listing = kept["day"], kept["listing"]
        if kept["card"]:
            self.open(kept["card"])
        self.about_file.restore(kept["form"])
        super().restore(kept)
        self.refresh()
        if kept["row"] is not None and not self.is_amending():
            self.table.select_key(kept["row"])

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.table and event.type() == QEvent.Type.Resize:
            self._fit_columns()
        elif isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if watched is self.table:
                digit = digit_of(event)
                if digit and 1 <= int(digit) <= len(CHIPS):
                    self.chips.set_value(CHIPS[int(digit) - 1].value)
                    self._show_rows()
                    self._to_table()
                    return True
                if event.text().isalpha() and not event.modifiers() & ~Qt.KeyboardModifier.ShiftModifier:
                    self._to_search()  # whoever begins to type a name is looking for it
                    self.search.line.end(False)
                    self.search.line.insert(event.text())
                    return True
                if event.key() == Qt.Key.Key_Up and self.table.currentIndex().row() <= 0 and not digit:
                    self._to_search()
                    return True
            elif event.key() == Qt.Key.Key_Down and not digit_of(event):
                self._to_table()
                return True
        return super().eventFilter(watched, event)

    def _sought(self, _text: str) -> None:
        self._listing = None
        self.refresh()
        if self._found:
            self.table.selectRow(0)

    def _enter_search(self, _by_itself: bool) -> None:
        # A scanner types a whole number and Enter: then the file itself is wanted.
        whole = "".join(c for c in self._text() if c.isdigit())
        if len(self._found) == 1 and self._found[0].number == whole:
            self._open_row(self._found[0])
        else:
            self._to_table()

    def _to_search(self) -> None:
        if self.is_card():
            self._close_card()
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _to_table(self) -> None:
        if self._shown.currentWidget() is not self.table:
            self._to_search()
            return
        if self.table.current() is None:
            self.table.selectRow(0)
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _move_day(self, by: int) -> None:
        day = min(self._shown_day() + timedelta(days=by), self.today())
        self._day = None if day == self.today() else day
        self.refresh()
        self._to_table()

    def _back_to_summary(self) -> None:
        self._listing = None
        self.refresh()
        self.go.emit("summary", None)

    # --- the card

    def _current(self) -> Found | None:
        """The file the acts are about."""
        row: Found | None = self.table.current() if self._shown.currentWidget() is self.table else None
        return row if row is not None and row.id is not None else None

    def _open_row(self, row: Found | None) -> None:
        if row is not None and row.id is not None:
            self.open(row.id)
        elif row is not None:
            self.say("info", _("Kunjungan ini tanpa berkas, jadi tidak ada yang dapat dibuka."))

    def open(self, application_id: str) -> None:
        """Show the card of a file."""
        assert self.around.desk is not None
        try:
            with self.reading() as session:
                card = history.card(session, self.around.desk, application_id)
        except UserError as problem:
            self.around.feedback.tell(problem)
            return
        self.card.show_card(card)
        self._pages.setCurrentWidget(self.card)
        self._to_card()
        self.acts_changed.emit()

    def _to_card(self) -> None:
        focus = self.focusWidget()
        if self.card.story.isVisibleTo(self.card):
            self.card.story.setFocus(Qt.FocusReason.OtherFocusReason)
        elif focus is not None:
            focus.clearFocus()

    def _close_card(self) -> None:
        self.card.cover()
        shown = self.card.card
        self._pages.setCurrentIndex(0)
        self.refresh()
        if shown is not None:
            row = next((row for row in self.table.rows.rows if row.id == shown.id), None)
            if row is not None:
                self.table.select_key(self.table.rows.key(row))
        self._to_table()
        self.acts_changed.emit()

    def about(self) -> str | None:
        """The file the acts are about."""
        if self.is_card():
            return self.card.card.id if self.card.card is not None else None
        row = self._current()
        return row.id if row is not None else None

    def _look(self) -> None:
        application_id = self.about()
        if application_id is None or self.around.desk is None:
            return
        try:
            with self.saving() as session:
                told = history.reveal(session, self.around.desk, application_id)
        except UserError as problem:
            self.around.feedback.tell(problem)
            return
        self.card.uncover(told)

    def _resume(self) -> None:
        application_id = self.about()
        if application_id is not None:
            self.go.emit("intake", application_id)

    def _conflict_act(self) -> list[Act]:
        if not self.conflicts.met:
            return []
        return [Act("F6", _("Lihat keduanya"), self.conflicts.ask, kind="warning")]

    def _label_act(self) -> list[Act]:
        card = self.card.card
        is_ours = not self.is_card() or (card is not None and card.is_ours)
        return [Act("Ctrl+Shift+B", _("Label map"), self._give_label)] if is_ours else []

    def _give_label(self) -> None:
        application_id = self.about()
        if application_id is not None:
            self._handouts.label(application_id)
