"""The questions about a printer, asked by the first run and by the settings alike."""

from __future__ import annotations

from pathlib import Path

from platformdirs import user_documents_path
from PySide6.QtCore import Signal
from PySide6.QtPrintSupport import QPrinterInfo

from desktop.i18n import _
from desktop.settings import Settings
from desktop.ui.feedback import Feedback
from desktop.ui.form import Form
from desktop.ui.inputs import ChoiceRow, ListField, Option, TextField, within


class PrinterForm(Form):
    """Where papers come out: a folder of PDF files or a printer of this PC, on A5 or an 80 mm roll."""

    altered = Signal()

    def __init__(self, settings: Settings, feedback: Feedback, *, title_width: int = 0) -> None:
        super().__init__(feedback, title_width=title_width)
        printer = settings.printer
        self._settings = settings
        self.kind = self.add(ChoiceRow("printer_kind", _("Hasil cetak"), [
            Option("pdf", _("Berkas PDF")), Option("system", _("Printer")),
        ], chosen=printer.kind))
        self.folder = self.add(TextField("printer_folder", _("Folder PDF"), limit=300))
        self.folder.set_value(printer.folder or str(default_folder()))
        self.device = self.add(ListField("printer_name", _("Nama printer"), lambda typed: self._find(typed),
                                         hint=_("Pilih dari daftar")))
        if printer.name:
            self.device.set_option(Option(printer.name, printer.name))
        self.paper = self.add(ChoiceRow("printer_paper", _("Ukuran kertas"), [
            Option("a5", _("A5")), Option("80mm", _("Rol 80 mm")),
        ], chosen=printer.paper))
        self._printers: list[str] | None = None
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
        """"A5, berkas PDF di /home/..."."""
        paper = next(option.text for option in self.paper.options if option.value == self.paper.value())
        if self.kind.value() == "system" and self.device.value():
            return _("{paper}, printer {name}").format(paper=paper, name=self.device.value())
        return _("{paper}, berkas PDF di {folder}").format(paper=paper, folder=self.folder.value())

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


def default_folder() -> Path:
    """Where PDF papers go unless somebody says otherwise."""
    return user_documents_path() / "Loket"
