"""What the window says of its own PC: papers that wait, backups, the day's files, damage."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.i18n import _, ngettext, number
from desktop.operations import issuing, search
from desktop.safekeeping import health
from desktop.ui.printing import Printing
from desktop.ui.safekeeping import Safekeeping

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow


class PcNews(QObject):
    """Keeps its cells of the status line, and says once what cannot wait."""

    def __init__(self, window: MainWindow, printing: Printing, safekeeping: Safekeeping) -> None:
        super().__init__(window)
        self._window = window
        printing.trouble.connect(self._not_printed)
        safekeeping.changed.connect(self.show_backup)
        safekeeping.damaged.connect(self._damaged)
        safekeeping.compared.connect(self._compared)

    def show_all(self) -> None:
        """Every cell anew, for who has just signed in."""
        self.show_count()
        self.show_printer()
        self.show_backup()

    def heard(self, tables: frozenset[str]) -> None:
        """These tables changed."""
        self.show_count()
        if "print_job" in tables:
            self.show_printer()

    @Slot(str, str)
    def _not_printed(self, _print_id: str, sentence: str) -> None:
        count = self.show_printer()
        # A question waits for its answer; the status line tells of the paper meanwhile.
        if not self._window.feedback.is_asking() and not self._window.is_locked():
            words = _("{sentence} {count} lembar menunggu; tekan Ctrl+P bila sudah siap.")
            self._window.feedback.say("warning", words.format(sentence=sentence, count=number(count)), 0)

    def show_printer(self) -> int:
        """The printer's cell; returns how many papers wait."""
        if self._window.around.desk is None:
            return 0
        with self._window.store.reading() as session:
            count = issuing.count_waiting(session)
        if count:
            self._window.frame.status.show_cell(
                "printer", "warning", _("{count} lembar belum tercetak").format(count=number(count)), "printer")
        else:
            is_pdf = self._window.around.settings.printer.kind == "pdf"
            words = _("Cetak ke PDF") if is_pdf else _("Printer siap")
            self._window.frame.status.show_cell("printer", "muted", words, "printer")
        return count

    @Slot()
    def show_backup(self) -> None:
        """The cell of the backups, where there is something to say."""
        around, moment = self._window.around, self._window.store.clock()
        last, words = around.safekeeping.last, ""
        if not around.settings.training and last.at is not None and last.is_old(moment):
            days = (moment - last.at).days
            words = ngettext("Cadangan terakhir {count} hari lalu", "Cadangan terakhir {count} hari lalu", days)
            words = words.format(count=number(days))
        elif last.trouble:
            words = _("Cadangan tidak jalan")
        self._window.frame.status.show_cell("backup", "warning", words, "save")

    @Slot()
    def _damaged(self) -> None:
        words = _("Berkas data di PC ini rusak sebagian. Tulis di kertas dahulu, lalu panggil admin: Tutup, pulihkan.")
        self._window.feedback.say("bad", words, 0, act=_("Tutup dan pulihkan"), do=self._window.rescue)

    @Slot(object)
    def _compared(self, done: health.Round) -> None:
        if words := health.finding(done):
            self._window.feedback.say("bad" if done.unsure else "warning", words, 0)

    def show_count(self) -> None:
        """How many files the day has."""
        desk = self._window.around.desk
        if desk is not None and not self._window.is_locked():
            with self._window.store.reading() as session:
                count = search.day_count(session, desk, desk.day(self._window.store.clock()))
            words = _("Hari ini: {count}").format(count=number(count))
            self._window.frame.status.show_cell("today", "muted", words, "list-checks")
