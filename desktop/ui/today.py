"""The day's files: filtered by a digit, searched over all days, each opened as a card with its story."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.operations import history
from desktop.operations.intake_form import IntakeForm
from desktop.operations.search import Found
from desktop.ui import style
from desktop.ui.amending import AmendPage
from desktop.ui.application import ApplicationCard
from desktop.ui.conflicts import ConflictLines
from desktop.ui.file_acts import FileActs
from desktop.ui.file_list import FileList, Listing
from desktop.ui.handouts import Handouts
from desktop.ui.screen import Act, Screen


class TodayScreen(Screen):
    """``show_thing`` takes a file's id and opens its card, or a Listing of the summary."""

    name = "today"
    title = N_("Hari ini")
    tables = frozenset({
        "application", "visit", "status_move", "document_check", "party", "paper_print", "print_job", "note",
        "correction", "access_event", "officer", "counter", "service",
    })  # fmt: skip

    def build(self) -> None:
        self._was_sent = False
        self._pages = QStackedWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(20), style.px(4), style.px(20), style.px(12))
        column.addWidget(self._pages)
        self.files = FileList(self.around)
        self.files.opened.connect(self._open_row)
        self.files.wanted.connect(self.refresh)
        self.files.altered.connect(self.acts_changed)
        self._pages.addWidget(self.files)
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

    # --- what is shown

    def heading(self) -> str:
        if self.is_card() or self.is_amending():
            return _("Berkas")
        return _(self.title) if self.files.is_today() and not self.files.text() else _("Daftar berkas")

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
            self.files.refresh(session)

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
        row = self.files.current()
        acts = [
            Act("Enter", _("Buka berkas"), lambda: self._open_row(self.files.current()), row is not None, "primary"),
            Act("F3", _("Cari"), self._to_search),
        ]
        if row is not None and row.state == "RETURNED":
            acts.append(Act("F5", _("Lanjutkan"), self._resume))
        if row is not None:
            acts.append(Act("Ctrl+P", _("Cetak ulang"), self.about_file.ask_reprint))
            acts += self._label_act()
        if self.files.listing is None:
            acts += [
                Act("Ctrl+PgUp", _("Hari sebelumnya"), lambda: self.files.move_day(-1), in_bar=False),
                Act("Ctrl+PgDown", _("Hari berikutnya"), lambda: self.files.move_day(1), in_bar=False),
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
            self.files.listing = None
            self._pages.setCurrentIndex(0)
        self._was_sent = False
        self.refresh()
        if self.is_card():
            self._to_card()
        elif not self.files.text():
            self.files.to_table()
        else:
            self._to_search()

    def show_thing(self, thing: Any) -> None:
        if not self.about_file.may_leave():
            return
        self._was_sent = True
        if isinstance(thing, Listing):
            self.files.search.clear()  # which ends the list before
            self.files.listing = thing
            self.files.chips.set_value("all")
            self._pages.setCurrentIndex(0)
            self.refresh()
        elif isinstance(thing, str):
            self.open(thing)
        elif isinstance(thing, IntakeForm) and thing.previous_id is not None:
            self.open(thing.previous_id)
            if self.about() == thing.previous_id:  # what stands in for it waits at the desk for a supervisor
                self.about_file.change_service()

    def step_back(self) -> bool:
        if self.is_card():
            self._close_card()
        elif self.files.listing is not None:
            self._back_to_summary()
        else:
            return self.files.step_back()
        return True

    def leave(self) -> None:
        self.card.cover()

    def is_half_done(self) -> bool:
        return self.is_amending()

    def keep(self) -> Any:
        card = self.card.card if self.is_card() or self.is_amending() else None
        row = self.files.table.current()
        return {
            **super().keep(), "day": self.files.day, "listing": self.files.listing, "card": card.id if card else None,
            "row": self.files.table.rows.key(row) if row is not None else None, "form": self.about_file.kept(),
        }  # fmt: skip

    def restore(self, kept: Any) -> None:
        self.files.day, self.files.listing = kept["day"], kept["listing"]
        if kept["card"]:
            self.open(kept["card"])
        self.about_file.restore(kept["form"])
        super().restore(kept)
        self.refresh()
        if kept["row"] is not None and not self.is_amending():
            self.files.table.select_key(kept["row"])

    def _to_search(self) -> None:
        if self.is_card():
            self._close_card()
        self.files.to_search()

    def _back_to_summary(self) -> None:
        self.files.listing = None
        self.refresh()
        self.go.emit("summary", None)

    # --- the card

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
            row = next((row for row in self.files.table.rows.rows if row.id == shown.id), None)
            if row is not None:
                self.files.table.select_key(self.files.table.rows.key(row))
        self.files.to_table()
        self.acts_changed.emit()

    def about(self) -> str | None:
        """The file the acts are about."""
        if self.is_card():
            return self.card.card.id if self.card.card is not None else None
        row = self.files.current()
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
