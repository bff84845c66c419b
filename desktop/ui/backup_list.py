"""The backups in a folder, and the rehearsal with one of them: shown by the screen of the keys and by the way back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, tzinfo
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from desktop.i18n import _, clock_time, number, short_date
from desktop.operations.numbering import parse
from desktop.safekeeping.backup import Backup, Contents
from desktop.ui import style
from desktop.ui.rows import Column, Rows, Table


class BackupList(QWidget):
    """When each was made, at which counter, and what it holds. ``picked`` tells of another choice."""

    picked = Signal()

    def __init__(self, zone: tzinfo | None) -> None:
        super().__init__()
        self._zone = zone
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self.table = Table("backups", _("Cadangan"), Rows([
            Column(_("Dibuat"), lambda one: moment_words(one.made_at, self._zone), 140),
            Column(_("Loket"), lambda one: one.contents.counter, 96),
            Column(_("Berkas"), lambda one: number(one.contents.applications), 76, right=True, yields=True),
            Column(_("Nomor terakhir"), lambda one: number_words(one.contents.last_number)),
        ], key=lambda one: one.folder))  # fmt: skip
        self.table.picked.connect(lambda _row: self.picked.emit())
        self.empty = style.label("", "muted")
        self.empty.setObjectName("no_backups")
        self.empty.setWordWrap(True)
        column.addWidget(self.table, 1)
        column.addWidget(self.empty)

    def show_backups(self, found: Sequence[Backup], folder: Path) -> None:
        """List these of a folder, the newest chosen."""
        self.table.show_rows(found)
        if found and self.table.current() is None:
            self.table.select_key(found[0].folder)
        self.empty.setText("" if found else _("Belum ada cadangan di {folder}.").format(folder=folder))
        self.empty.setVisible(not found)
        self.picked.emit()

    def chosen(self) -> Backup | None:
        """The backup under the cursor."""
        chosen: Backup | None = self.table.current()
        return chosen


def moment_words(at: datetime, zone: tzinfo | None) -> str:
    """ "23-11-2026 09.12", in the hall's time, or the PC's where no hall is known yet."""
    local = at.astimezone(zone)
    return f"{short_date(local)} {clock_time(local)}"


def number_words(digits: str) -> str:
    """The last number as it stands on paper."""
    known = parse(digits)
    return known.text if known is not None else "–"


def contents_words(held: Contents) -> str:
    """What a backup holds, in a sentence."""
    return _("{counter}: {count} permohonan, terakhir {number}.").format(
        counter=held.counter or _("loket yang belum diatur"), count=number(held.applications),
        number=number_words(held.last_number),
    )  # fmt: skip


def plain(text: str) -> QLabel:
    """A sentence over several lines."""
    made = style.label(text)
    made.setWordWrap(True)
    return made
