"""The questions about printers, asked by the first run and by the settings alike, with a page that proves each."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtPrintSupport import QPrinterInfo
from PySide6.QtWidgets import QSizePolicy

from desktop.errors import UserError
from desktop.i18n import N_, _, ngettext
from desktop.operations import numbering
from desktop.operations.paperwork import TestPageFacts
from desktop.papers.test_page import make_test_page
from desktop.printers import device, network
from desktop.settings import LEAST_MS, MOST_MS, PaperSize, Printer, Settings
from desktop.ui import style
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.feedback import Feedback
from desktop.ui.folder_field import FolderField
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

KINDS = {
    "pdf": N_("Berkas PDF"),
    "system": N_("Printer A4/A5"),
    "thermal": N_("Printer rol, kabel"),
    "network": N_("Printer rol, jaringan"),
}
SHEETS: dict[PaperSize, str] = {"a5": N_("A5"), "a4": N_("A4")}
ROLLS: dict[PaperSize, str] = {"80mm": N_("Rol 80 mm"), "58mm": N_("Rol 58 mm")}
PAPERS: dict[str, dict[PaperSize, str]] = {
    "pdf": SHEETS | ROLLS,
    "system": SHEETS,
    "thermal": ROLLS,
    "network": ROLLS,
    "none": {},
}
DAYS = (1, 7, 30)


class PrinterForm(Form):
    """Where papers come out, on what; and where they go when that printer fails. Each answer is taken at once.

    ``facts`` gives what the test page says, from the printer's name.
    """

    altered = Signal()

    def __init__(self, settings: Settings, printing: Printing, feedback: Feedback,
                 facts: Callable[[str], TestPageFacts], *, title_width: int = 0) -> None:
        super().__init__(feedback, title_width=title_width)
        self._settings, self._printing, self._facts, self._say = settings, printing, facts, feedback
        self._printers: list[str] | None = None
        self.which = self.add(ChoiceRow("printer_which", _("Printer"), [
            Option("first", _("Printer utama")), Option("second", _("Printer kedua")),
        ], chosen="first"))
        self.kind = self.add(ChoiceRow("printer_kind", _("Hasil cetak"), []))
        self.folder = self.add(FolderField(
            "printer_folder", _("Folder PDF"), hint=str(printing.folder),
            about=_("Berkas PDF tidak terenkripsi: siapa pun yang membuka folder ini dapat membacanya."),
        ))
        self.days = self.add(ChoiceRow("printer_days", _("Hapus sesudah"), [
            Option(count, ngettext("{count} hari", "{count} hari", count).format(count=count)) for count in DAYS
        ]))
        self.device = self.add(ListField("printer_name", _("Nama printer"), self._find, hint=_("Pilih dari daftar")))
        self.address = self.add(TextField("printer_address", _("Alamat"), limit=100, hint="192.168.1.50"))
        self.address.check = _address_verdict
        self.paper = self.add(ChoiceRow("printer_paper", _("Ukuran kertas"), []))
        self.test = style.button(_("Cetak halaman uji"), "", "printer")
        self.test.setObjectName("print_test")
        self.test.clicked.connect(self._print_test)
        self.test.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.add_below(self.test)
        self.scan_back = self.add(ScanBack("scan_back", _("Pindai kembali")))
        self.scan_back.learned.connect(self._learned)
        self.set_shown("scan_back", False)
        self.changed.connect(self._taken)
        self.restore_shown()

    @property
    def printer(self) -> Printer:
        """The one of the two that is asked about now."""
        return self._settings.second_printer if self.which.value() == "second" else self._settings.printer

    def summary(self) -> str:
        """The answers about the first printer in a line: "A5, printer Epson LX"."""
        printer = self._settings.printer
        words = (SHEETS | ROLLS)[printer.paper]
        paper = _(words)
        name = printer.address if printer.kind == "network" else printer.name
        if printer.kind != "pdf" and name:
            return _("{paper}, printer {name}").format(paper=paper, name=name)
        return _("{paper}, berkas PDF di {folder}").format(paper=paper, folder=self._printing.folder)

    @Slot()
    def restore_shown(self) -> None:
        """Show what the settings say of the printer that is asked about."""
        kinds = [Option(kind, _(words)) for kind, words in KINDS.items()]
        if self.which.value() == "second":
            kinds.append(Option("none", _("tidak ada")))
        printer = self.printer
        self.kind.set_options(kinds)
        self.kind.set_value(printer.kind)
        self.folder.set_value(printer.folder)
        self.days.set_value(printer.keep_days)
        self.device.set_option(Option(printer.name, printer.name) if printer.name else None)
        self.address.set_value(printer.address)
        self._show_where()

    def _show_where(self) -> None:
        printer = self.printer
        self.paper.set_options([Option(size, _(words)) for size, words in PAPERS[printer.kind].items()])
        self.paper.set_value(printer.paper)
        self.set_shown("printer_folder", printer.kind == "pdf")
        self.set_shown("printer_days", printer.kind == "pdf")
        self.set_shown("printer_name", printer.kind in ("system", "thermal"))
        self.set_shown("printer_address", printer.kind == "network")
        self.set_shown("printer_paper", printer.kind != "none")
        self.test.setVisible(printer.kind != "none")
        self.folder.judge()
        self.device.say("normal")
        if printer.kind in ("system", "thermal") and not self._find("") and not printer.name:
            self.device.say("warning", _("Belum ada printer di PC ini. Pasang printer dahulu, atau pakai berkas PDF."))

    @Slot(str)
    def _taken(self, name: str) -> None:
        if name == "printer_which":
            self.set_shown("scan_back", False)
            self.restore_shown()
            return
        if name == "scan_back":
            return
        printer = self.printer
        if name == "printer_kind":
            printer.kind = self.kind.value()
            if printer.paper not in PAPERS[printer.kind]:
                printer.paper = next(iter(PAPERS[printer.kind]), "a5")
            self._show_where()
        if self.folder.is_whole():
            printer.folder = self.folder.value()
        printer.keep_days = self.days.value() or printer.keep_days
        printer.name = self.device.value() or ""
        printer.address = self.address.value()
        printer.paper = self.paper.value() or printer.paper
        self.altered.emit()

    def _find(self, typed: str) -> list[Option]:
        if self._printers is None:
            # Asked of the system only when somebody wants a printer: it may take seconds.
            self._printers = list(QPrinterInfo.availablePrinterNames())
        cables = device.devices() if self.printer.kind == "thermal" and sys.platform != "win32" else []
        return within([Option(name, name) for name in [*cables, *self._printers]])(typed)

    @Slot()
    def _print_test(self) -> None:
        printer = self.printer
        name = {"pdf": "PDF", "network": printer.address}.get(printer.kind, printer.name)
        facts = self._facts(name)
        self.test.setEnabled(False)
        self._printing.send(lambda size: make_test_page(facts, size), "halaman-uji.pdf", self, self._sent,
                            self._not_sent, only=printer)

    @Slot(int)
    def _learned(self, gap_ms: int) -> None:
        self._settings.scanner.gap_ms = gap_ms
        self.altered.emit()
        self._say.say("good", _("Printer, barcode, dan pemindai berfungsi."), 20)

    def _sent(self, path: object) -> None:
        self.test.setEnabled(True)
        self.scan_back.clear()
        self.set_shown("scan_back", True)
        self.scan_back.setFocus(Qt.FocusReason.OtherFocusReason)
        if isinstance(path, Path):
            self._say.say("good", _("Halaman uji disimpan: {path}").format(path=path), 20)
        else:
            self._say.say("good", _("Halaman uji dikirim ke printer. Pindai barcode pada kertas yang baru keluar."), 20)

    def _not_sent(self, problem: Exception) -> None:
        self.test.setEnabled(True)
        if not isinstance(problem, UserError):
            raise problem
        if not self.show_error(problem):
            self._say.tell(problem)


def _address_verdict(typed: str) -> Verdict | None:
    try:
        network.read_address(typed)
    except UserError as problem:
        return Verdict("error", problem.message)
    return None
