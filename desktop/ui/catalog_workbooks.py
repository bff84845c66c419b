"""Standards out to a workbook and back from one, in the background, with what may be said of it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.errors import UserError
from desktop.i18n import _, number
from desktop.operations import standard_import, standard_workbook, standards
from desktop.operations.spreadsheet import SpreadsheetError
from desktop.operations.standard_import import Plan
from desktop.ui.catalog_import import ImportPage
from desktop.ui.screen import Act

if TYPE_CHECKING:
    from desktop.ui.catalog import CatalogScreen

FOLDER = "katalog"


class Workbooks(QObject):
    """``page`` shows what a workbook would change."""

    def __init__(self, screen: CatalogScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._around = screen.around
        self._folder = screen.around.store.folder / FOLDER
        self.page = ImportPage(self._folder, screen.around.feedback)
        self.page.read.connect(self._read)
        self.page.altered.connect(screen.acts_changed)

    def act(self) -> Act:
        """F9 on the page: carry out what it shows."""
        count = len(self.page.plan.changes) if self.page.plan else 0
        words = _("Terapkan {count} layanan").format(count=count) if count else _("Terapkan")
        return Act("F9", words, self._carry_out, kind="primary", icon="check", enabled=bool(count))

    def export(self) -> None:
        """Write all standards into a workbook."""
        store, folder = self._around.store, self._folder
        name = f"standar-{self._screen.desk.local(store.clock()):%Y-%m-%d-%H%M}.xlsx"

        def work() -> Path:
            with store.reading() as session:
                data = standard_workbook.export(session)
            try:
                folder.mkdir(exist_ok=True)
                draft = folder / f"{name}.tmp"
                draft.write_bytes(data)
                os.replace(draft, folder / name)
            except OSError as problem:
                raise UserError(_("Berkas tidak dapat disimpan. Periksa ruang disk dan izin folder.")) from problem
            return folder / name

        self._screen.say("info", _("Berkas sedang disusun …"), 0)
        self._around.background.run(self, work, self._exported, self._failed)

    def _exported(self, path: Path) -> None:
        words = _("Disimpan: {path}. Ubah dengan program lembar kerja, lalu impor.")
        self._screen.say("good", words.format(path=path), 30)

    @Slot(object)
    def _read(self, path: Path) -> None:
        store = self._around.store

        def work() -> Plan:
            with store.reading() as session:
                return standard_import.read_plan(session, path)

        self._around.background.run(self, work, self.page.show_plan, self._failed)

    def _failed(self, problem: Exception) -> None:
        if isinstance(problem, SpreadsheetError):
            self.page.show_faults(problem.message, problem.faults)
        elif isinstance(problem, UserError):
            self._around.feedback.tell(problem)
        else:
            raise problem

    def _carry_out(self) -> None:
        plan, desk = self.page.plan, self._screen.desk
        if plan is None:
            return
        try:
            given = self.page.decree.decree(desk)
            with self._screen.saving() as session:
                count = standard_import.carry_out(session, desk, plan, given)
        except UserError as problem:
            self._screen.tell(self.page.decree, problem)
            return
        moment = self._around.store.clock()
        words = _("{count} standar mendapat versi baru, {start}. Berkas lama tetap memakai versinya.")
        start = standards.begins_words(desk, given.valid_from or moment, moment)
        self.page.plan = None
        self._screen.finish(words.format(count=number(count), start=start))
