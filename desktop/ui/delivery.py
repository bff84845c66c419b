"""A paper on its last steps: in the size and shape its printer takes, then to that printer, whatever kind it is.

``make_ready`` runs in the one thread that may use PDFium, ``deliver`` in the one that waits for printers.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QMarginsF, QRectF, QSizeF
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desktop.errors import UserError
from desktop.i18n import _, speaking
from desktop.operations.paperwork import ReceiptFacts, SlipFacts
from desktop.papers.formats import FORMATS, THERMAL_DPI
from desktop.papers.raster import Picture, pictures
from desktop.papers.receipt import make_receipt
from desktop.papers.slip import make_slip
from desktop.printers import cups, device, escpos, folder, network, queue
from desktop.settings import PaperSize, Printer

DOTS_PER_INCH = 300


@dataclass(frozen=True)
class Ready:
    """A paper as its printer takes it: a PDF for a folder, pictures for a sheet printer, bytes for a thermal one."""

    printer: Printer
    name: str
    pdf: bytes = b""
    pages: tuple[Picture, ...] = ()
    data: bytes = b""


def paper_of(facts: ReceiptFacts | SlipFacts, size: PaperSize) -> bytes:
    """The PDF of a receipt or slip; always in Indonesian, whatever language the screen speaks: it is the citizen's."""
    with speaking("id"):
        return make_receipt(facts, size) if isinstance(facts, ReceiptFacts) else make_slip(facts, size)


def name_of(facts: ReceiptFacts | SlipFacts) -> str:
    """A file name without personal data: the number, the kind of paper, the correction and the copy."""
    kind = "tanda-terima" if isinstance(facts, ReceiptFacts) else "kekurangan"
    copy = f"-cetak-ulang-{facts.copy_no}" if facts.copy_no else ""
    corrected = f"-diperbaiki-{facts.corrected_at:%Y%m%d-%H%M%S}" if facts.corrected_at else ""
    return f"{facts.number}-{kind}-{facts.visit_no}{corrected}{copy}.pdf"


def make_ready(make: Callable[[PaperSize], tuple[str, bytes]], printer: Printer) -> Ready:
    """Make the paper in the printer's size, and the dots where it takes dots; ``make`` gives its name and its PDF."""
    told = printer.model_copy()  # the settings may change while the paper waits for its turn
    name, pdf = make(told.paper)
    if told.kind == "system":
        return Ready(told, name, pages=tuple(pictures(pdf, DOTS_PER_INCH)))
    if told.kind in ("thermal", "network"):
        data = thermal_bytes(pdf, told.paper)
        if data:
            return Ready(told, name, data=data)
        told.kind = "pdf"  # a summary of A4 is on no roll: it goes into the folder, and the officer is told where
    return Ready(told, name, pdf=pdf)


def thermal_bytes(pdf: bytes, size: PaperSize) -> bytes:
    """The pages as a thermal printer takes them, only the dots its head reaches; nothing for another size of paper."""
    form, made = FORMATS[size], []
    for page in pictures(pdf, THERMAL_DPI):
        if not form.is_roll or page.width != round(form.width / form.dot):
            return b""
        reached = page.black_and_white().columns(round(form.left / form.dot), round(form.room / form.dot))
        made.append(escpos.page_bytes(reached.width, reached.height, reached.pixels))
    return b"".join(made)


def deliver(ready: Ready, papers: Path) -> Path | None:
    """Print it, or put it into the folder and say where. UserError, in words, where it did not come out."""
    printer = ready.printer
    match printer.kind:
        case "pdf":
            place = Path(printer.folder) if printer.folder else papers
            path = folder.keep(ready.pdf, place, ready.name)
            folder.sweep(place, printer.keep_days)
            return path
        case "system":
            print_pages(ready.pages, printer.name, ready.name)
        case "network":
            network.send(printer.address, ready.data)
        case "thermal" if printer.name.startswith("/dev/"):
            device.send(printer.name, ready.data)
        case "thermal":
            queue.send(printer.name, ready.data, ready.name)
    return None


def print_pages(pages: tuple[Picture, ...], printer_name: str, title: str) -> None:
    """Hand pages to a sheet printer of the system, each as an image in the paper's own size.

    Qt reports only that the job was handed over; on Linux its queue is asked what became of it (model.md 1.21).
    UserError when the printer is not there, refuses, or stands still.
    """
    if sys.platform == "win32":
        _check_windows(printer_name)
    else:
        cups.check(printer_name)
    printer = QPrinter(QPrinterInfo.printerInfo(printer_name), QPrinter.PrinterMode.HighResolution)
    printer.setDocName(title)
    printer.setResolution(DOTS_PER_INCH)
    printer.setFullPage(True)
    painter = QPainter()
    is_well = True
    try:
        for page in pages:
            inches = QSizeF(page.width / DOTS_PER_INCH, page.height / DOTS_PER_INCH)
            size = QPageSize(inches, QPageSize.Unit.Inch, matchPolicy=QPageSize.SizeMatchPolicy.FuzzyMatch)
            printer.setPageSize(size)
            printer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Millimeter)
            is_well = is_well and (printer.newPage() if painter.isActive() else painter.begin(printer))
            if not is_well:
                break
            image = QImage(page.pixels, page.width, page.height, page.width, QImage.Format.Format_Grayscale8)
            painter.drawImage(QRectF(0, 0, page.width, page.height), image)
    finally:
        is_well = painter.end() and is_well
    if not is_well:
        raise UserError(_("Printer tidak mencetak. Periksa kertas."))
    if sys.platform != "win32":
        cups.watch(printer_name, title, cups.SHEET_SECONDS)


def _check_windows(name: str) -> None:
    info = QPrinterInfo.printerInfo(name)
    if info.isNull():
        raise queue.missing(name)
    if info.state() == QPrinter.PrinterState.Error:
        raise UserError(_("Printer tidak mencetak. Periksa kertas."))
