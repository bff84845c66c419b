"""Sends papers out: made from the committed record, in the background, and never in the way of the next applicant."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QMarginsF, QObject, QRectF, QSizeF, Signal
from PySide6.QtGui import QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desktop.errors import UserError
from desktop.i18n import _, speaking
from desktop.operations import issuing
from desktop.operations.paperwork import ReceiptFacts, SlipFacts
from desktop.papers.raster import pictures
from desktop.papers.receipt import make_receipt
from desktop.papers.slip import make_slip
from desktop.settings import Settings
from desktop.store import Store
from desktop.ui.background import Background

log = logging.getLogger("loket.printing")

PAPERS = "kertas"  # the folder of PDF papers, where the settings name no other
DOTS_PER_INCH = 300


class Printing(QObject):
    """The way from a print's id to paper. ``done`` and ``trouble`` tell how it went, on the UI thread."""

    done = Signal(str)
    trouble = Signal(str, str)

    def __init__(self, store: Store, settings: Settings, background: Background) -> None:
        super().__init__()
        self._store, self._settings, self._background = store, settings, background
        self._under_way: set[str] = set()

    def out(self, print_id: str) -> None:
        """Make the paper of a committed print and send it; the record is already safe whatever happens here.

        A print that is under way, or was called back meanwhile, does not come out a second time.
        """
        if print_id in self._under_way:
            return
        self._under_way.add(print_id)

        def work() -> None:
            with self._store.reading() as session:
                if not issuing.is_open(session, print_id):
                    return
                facts = issuing.facts_of(session, print_id, training=self._settings.training)
            self._send(paper_of(facts, self._settings.printer.paper), name_of(facts))
            self._note(print_id, None)

        def done(_result: object) -> None:
            self._under_way.discard(print_id)
            self.done.emit(print_id)

        def failed(problem: Exception) -> None:
            self._under_way.discard(print_id)
            sentence = _("Printer tidak mencetak. Periksa kertas.")
            if isinstance(problem, UserError):
                sentence = problem.message
            else:
                log.error("a paper could not be made", exc_info=problem)
            self._note(print_id, sentence)
            self.trouble.emit(print_id, sentence)

        self._background.run(self, work, done, failed)

    def _note(self, print_id: str, sentence: str | None) -> None:
        # The paper is out or not whether this can be written down or not; at worst it is offered once more.
        try:
            with self._store.saving(None) as session:
                issuing.note_print(session, print_id, sentence=sentence)
        except UserError as problem:
            log.error("the state of a paper could not be kept: %s", problem.code)

    def out_waiting(self) -> int:
        """Send every paper that has not left yet, oldest first; returns how many."""
        with self._store.reading() as session:
            waiting = list(dict.fromkeys(job.print_id for job in issuing.waiting_prints(session)))
        for print_id in waiting:
            self.out(print_id)
        return len(waiting)

    def send(
        self,
        make: Callable[[], bytes],
        name: str,
        owner: QObject,
        done: Callable[[object], None],
        failed: Callable[[Exception], None],
    ) -> None:
        """Any other paper (test page, daily summary): ``make`` gives its PDF in the background."""
        self._background.run(owner, lambda: self._send(make(), name), done, failed)

    def _send(self, pdf: bytes, name: str) -> Path | None:
        printer = self._settings.printer
        if printer.kind == "system":
            print_pdf(pdf, printer.name)
            return None
        return keep_pdf(pdf, self.folder, name)

    @property
    def folder(self) -> Path:
        """Where PDF papers are put."""
        return Path(self._settings.printer.folder) if self._settings.printer.folder else self._store.folder / PAPERS


def paper_of(facts: ReceiptFacts | SlipFacts, size: Literal["a5", "80mm"]) -> bytes:
    """The PDF of a receipt or slip; always in Indonesian, whatever language the screen speaks: it is the citizen's."""
    with speaking("id"):
        return make_receipt(facts, size) if isinstance(facts, ReceiptFacts) else make_slip(facts, size)


def name_of(facts: ReceiptFacts | SlipFacts) -> str:
    """A file name without personal data: the number, the kind of paper, and the copy."""
    kind = "tanda-terima" if isinstance(facts, ReceiptFacts) else "kekurangan"
    copy = f"-cetak-ulang-{facts.copy_no}" if facts.copy_no else ""
    return f"{facts.number}-{kind}-{facts.visit_no}{copy}.pdf"


def keep_pdf(pdf: bytes, folder: Path, name: str) -> Path:
    """Put a PDF into the folder, whole or not at all. UserError when the folder cannot be written."""
    path = folder / name
    draft = path.with_suffix(".tmp")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(pdf)
        os.replace(draft, path)
    except OSError as problem:
        raise UserError(
            _(
                "Kertas tidak dapat disimpan di folder {folder}. Data berkas aman. Periksa folder atau ruang disk, "
                "lalu tekan Ctrl+P."
            ).format(folder=folder)
        ) from problem
    return path


def print_pdf(pdf: bytes, printer_name: str) -> None:
    """Hand a PDF to a system printer, page by page as an image in the paper's own size.

    Qt reports only that the job was handed over, not that it came out (model.md 1.21). UserError when it is not
    there or refuses.
    """
    if printer_name not in QPrinterInfo.availablePrinterNames():
        raise UserError(
            _(
                'Printer "{name}" tidak ditemukan. Data berkas aman. Periksa kabel dan daya printer, atau pilih '
                "printer lain di Pengaturan."
            ).format(name=printer_name)
        )
    info = QPrinterInfo.printerInfo(printer_name)
    printer = QPrinter(info, QPrinter.PrinterMode.HighResolution)
    printer.setResolution(DOTS_PER_INCH)
    printer.setFullPage(True)
    painter = QPainter()
    try:
        is_well = info.state() != QPrinter.PrinterState.Error
        for page in pictures(pdf, DOTS_PER_INCH):
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
