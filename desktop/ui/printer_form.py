"""The questions about a printer, asked by the first run and by the settings alike, with a page that proves it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QSizePolicy

from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations import numbering
from desktop.operations.paperwork import TestPageFacts
from desktop.papers.test_page import make_test_page
from desktop.settings import LEAST_MS, MOST_MS, Settings
from desktop.ui import style
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.feedback import Feedback
from desktop.ui.form import Form
from desktop.ui.inputs import TextField, Verdict
from desktop.ui.list_field import ListField, within
from desktop.ui.printing import Printing
from desktop.ui.scanner import READS_KEYS

# Three times the longest pause seen: cables, hubs and a busy PC make a scanner stumble, never a hand faster.
LEEWAY = 3


class ScanBack(TextField):
    """Takes the barcode of the test page, and learns how fast the scanner of this PC types. May be left empty."""

    learned = Signal(int)  # the gap to tell its keys from a hand's (milliseconds)

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name, title, limit=20, allow="0-9", hint=_("pindai di sini, atau Enter untuk melewati"))
        self.line.setProperty(READS_KEYS, True)
        self.line.installEventFilter(self)
        self._last = 0
        self._longest = 0
        self.check = self._verdict

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if not self.line.text() or self.line.hasSelectedText():
                self._longest = 0  # the first key
            elif event.text().isdigit():
                self._longest = max(self._longest, event.timestamp() - self._last)
            self._last = event.timestamp()
        return bool(super().eventFilter(watched, event))

    def _verdict(self, code: str) -> Verdict | None:
        if not code:
            return None
        if not numbering.is_test(code):
            return Verdict("warning", _("Bukan barcode lembar uji, atau salah baca. Pindai sekali lagi."))
        if self._longest > MOST_MS:
            return Verdict("warning", _("Angka ini diketik. Pindai barcodenya, atau kosongkan untuk melewati."))
        return Verdict("ok", _("Printer, barcode, dan pemindai berfungsi."))

    def _done(self, by_itself: bool = False) -> None:
        verdict = self.judge()
        if verdict is not None and verdict.state != "ok":
            self.line.selectAll()
            return
        if verdict is not None:
            self.learned.emit(max(LEAST_MS, min(MOST_MS, LEEWAY * self._longest)))
        self.finished.emit(by_itself)


class PrinterForm(Form):
    """Where papers come out: a folder of PDF files or a printer of this PC, on A5 or an 80 mm roll.

    ``facts`` gives what the test page says, from the printer's name.
    """

    altered = Signal()

    def __init__(self, settings: Settings, printing: Printing, feedback: Feedback,
                 facts: Callable[[str], TestPageFacts], *, title_width: int = 0) -> None:
        super().__init__(feedback, title_width=title_width)
        printer = settings.printer
        self._settings, self._printing, self._facts, self._say = settings, printing, facts, feedback
        self._printers: list[str] | None = None
        self.kind = self.add(ChoiceRow("printer_kind", _("Hasil cetak"), [
            Option("pdf", _("Berkas PDF")), Option("system", _("Printer")),
        ], chosen=printer.kind))
        self.folder = self.add(TextField("printer_folder", _("Folder PDF"), limit=300, hint=str(printing.folder)))
        self.folder.set_value(printer.folder)
        self.device = self.add(ListField("printer_name", _("Nama printer"), self._find, hint=_("Pilih dari daftar")))
        if printer.name:
            self.device.set_option(Option(printer.name, printer.name))
        self.paper = self.add(ChoiceRow("printer_paper", _("Ukuran kertas"), [
            Option("a5", _("A5")), Option("80mm", _("Rol 80 mm")),
        ], chosen=printer.paper))
        self.test = style.button(_("Cetak halaman uji"), "", "printer")
        self.test.setObjectName("print_test")
        self.test.clicked.connect(self._print_test)
        self.test.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.add_below(self.test)
        self.scan_back = self.add(ScanBack("scan_back", _("Pindai kembali")))
        self.scan_back.learned.connect(self._learned)
        self.set_shown("scan_back", False)
        self.kind.changed.connect(self._show_where)
        self.changed.connect(lambda _name: self.altered.emit())
        self._show_where()

    def take(self) -> None:
        """Put the answers into the settings."""
        printer = self._settings.printer
        printer.kind = self.kind.value()
        printer.folder = self.folder.value()
        printer.name = self.device.value() or ""
        printer.paper = self.paper.value()

    def summary(self) -> str:
        """The answers in a line: "A5, printer Epson LX"."""
        paper = next(option.text for option in self.paper.options if option.value == self.paper.value())
        if self.kind.value() == "system" and self.device.value():
            return _("{paper}, printer {name}").format(paper=paper, name=self.device.value())
        folder = self.folder.value() or str(self._printing.folder)
        return _("{paper}, berkas PDF di {folder}").format(paper=paper, folder=folder)

    def restore_shown(self) -> None:
        """Show the fields that belong to the kind chosen (after values were put in from outside)."""
        self._show_where()

    @Slot()
    def _show_where(self) -> None:
        is_system = self.kind.value() == "system"
        self.set_shown("printer_name", is_system)
        self.set_shown("printer_folder", not is_system)
        if is_system and not self._find("") and not self.device.value():
            self.device.say("warning", _("Belum ada printer di PC ini. Pasang printer dahulu, atau pakai berkas PDF."))

    def _find(self, typed: str) -> list[Option]:
        if self._printers is None:
            # Asked of the system only when somebody wants a printer: it may take seconds.
            self._printers = list(QPrinterInfo.availablePrinterNames())
        return within([Option(name, name) for name in self._printers])(typed)

    @Slot()
    def _print_test(self) -> None:
        self.take()
        printer = self._settings.printer
        facts = self._facts(printer.name if printer.kind == "system" else "PDF")
        self.test.setEnabled(False)
        self._printing.send(lambda: make_test_page(facts, printer.paper), "halaman-uji.pdf", self, self._sent,
                            self._not_sent)

    @Slot(int)
    def _learned(self, gap_ms: int) -> None:
        self._settings.scanner.gap_ms = gap_ms
        self.altered.emit()
        self._say.say("good", _("Printer, barcode, dan pemindai berfungsi."), 20)

    def _sent(self, path: Any) -> None:
        self.test.setEnabled(True)
        self.scan_back.clear()
        self.set_shown("scan_back", True)
        self.scan_back.setFocus(Qt.FocusReason.OtherFocusReason)
        if path is None:
            self._say.say("good", _("Halaman uji dikirim ke printer. Pindai barcode pada kertas yang baru keluar."), 20)
        else:
            self._say.say("good", _("Halaman uji disimpan: {path}").format(path=path), 20)

    def _not_sent(self, problem: Exception) -> None:
        self.test.setEnabled(True)
        if not isinstance(problem, UserError):
            raise problem
        self._say.tell(problem)
