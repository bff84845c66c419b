"""A workbook that comes back: the file, everything that would change in words, and the decree it comes with."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QStandardPaths, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.operations.spreadsheet import Fault
from desktop.operations.standard_import import Plan
from desktop.ui import style
from desktop.ui.catalog_forms import DecreeForm
from desktop.ui.choices import Option
from desktop.ui.feedback import Feedback
from desktop.ui.list_field import ListField, within
from desktop.ui.rows import Column, Rows, Table

MARKS = {
    "added": ("good", "file-plus"), "removed": ("bad", "circle-minus"), "changed": ("info", "pencil"),
    "fault": ("bad", "circle-x"),
}  # fmt: skip


class ImportPage(QWidget):
    """Enter in the file's field reads it; the preview is a list, and F9 of the screen carries it out."""

    read = Signal(object)  # the path to read
    altered = Signal()

    def __init__(self, folder: Path, feedback: Feedback) -> None:
        super().__init__()
        self._folder = folder
        self.plan: Plan | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        row = QHBoxLayout()
        title = style.label(_("Berkas"))
        self.file = ListField("import_file", _("Berkas"), self._files, free=True, limit=400,
                              hint=_("pilih, atau ketik tempat berkas .xlsx, lalu Enter"))
        title.setBuddy(self.file.editor)
        row.addWidget(title)
        row.addWidget(self.file, 1)
        column.addLayout(row)
        self.outcome = style.Mark(wrap=True)
        self.outcome.setObjectName("import_outcome")
        column.addWidget(self.outcome)
        self.preview = Table("import_preview", _("Yang akan berubah"), Rows([
            Column(_("Layanan"), lambda row: row[0], 300),
            Column(_("Perubahan"), lambda row: row[2], 0, mark=lambda row: MARKS[row[1]]),
        ]))
        self.preview.setWordWrap(True)
        column.addWidget(self.preview, 1)
        self.decree = DecreeForm(feedback, _("kosong = tetap seperti standar sebelumnya"))
        column.addWidget(self.decree)
        self.file.changed.connect(self._file_altered)
        self.file.finished.connect(lambda _by_itself: self._chosen())

    def begin(self) -> None:
        """Empty, with the cursor in the file's field."""
        self.file.clear()
        self.decree.clear()
        self._file_altered()
        self.file.setFocus()

    def show_plan(self, plan: Plan) -> None:
        """Everything the file would change."""
        self.plan = plan
        rows = [(change.name, one.kind, one.sentence) for change in plan.changes for one in change.differences]
        self.preview.show_rows(rows)
        self.preview.resizeRowsToContents()
        if plan.changes:
            self.outcome.show_state("info", _(
                "{count} layanan akan mendapat versi baru; {rest} layanan tidak berubah. F9 bila sudah benar."
            ).format(count=len(plan.changes), rest=plan.unchanged))
        else:
            self.outcome.show_state("good", _("Tidak ada bedanya dengan standar sekarang."))
        self.altered.emit()
        (self.preview if plan.changes else self.file).setFocus()
        if rows:
            self.preview.selectRow(0)

    def show_faults(self, sentence: str, faults: list[Fault]) -> None:
        """Why the file was refused, each with its place."""
        self.plan = None
        self.preview.show_rows([("", "fault", fault.words) for fault in faults])
        self.preview.resizeRowsToContents()
        self.outcome.show_state("bad", sentence)
        self.altered.emit()

    def _file_altered(self) -> None:
        self.plan = None
        self.preview.show_rows([])
        self.outcome.show_state("muted", _("Loket menunjukkan semua bedanya dahulu; belum ada yang berubah."))
        self.altered.emit()

    def _chosen(self) -> None:
        path = self.file.value() or (Path(self.file.typed().strip('"')).expanduser() if self.file.typed() else None)
        if path is not None:
            self.file.say("normal")
            self.read.emit(path)

    def _files(self, typed: str) -> list[Option]:
        places = [self._folder]
        for kind in (QStandardPaths.StandardLocation.DownloadLocation,
                     QStandardPaths.StandardLocation.DocumentsLocation):
            places += [Path(place) for place in QStandardPaths.standardLocations(kind)]
        found: list[tuple[float, Path]] = []
        for place in dict.fromkeys(places):
            try:
                found += [(path.stat().st_mtime, path) for path in place.glob("*.xlsx") if path.is_file()]
            except OSError:
                continue  # a folder that cannot be read offers nothing
        newest = [path for _at, path in sorted(found, reverse=True)[:30]]
        return within([Option(path, path.name, str(path.parent)) for path in newest])(typed)
