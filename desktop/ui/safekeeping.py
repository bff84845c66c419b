"""Backups and looks at the file's health while the program runs: in a thread of their own, so that no paper waits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.safekeeping import backup, health
from desktop.safekeeping.backup import FOLDER_NAME, LastBackup
from desktop.settings import Settings
from desktop.store import Store
from desktop.ui.background import Background

# The first backup of a start comes when the queue has been let in (milliseconds).
FIRST = 60_000


class Safekeeping(QObject):
    """``changed`` brings how far the backups reach, ``damaged`` that the file is not whole. Training is not kept."""

    changed = Signal(object)
    damaged = Signal()

    def __init__(self, store: Store, settings: Settings, background: Background) -> None:
        super().__init__()
        self._store, self._settings, self._background = store, settings, background
        self.last = LastBackup() if settings.training else backup.last(store)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.keep_up)

    @property
    def folder(self) -> Path:
        """Where backups go."""
        named = self._settings.backups.folder
        return Path(named) if named else self._store.folder / FOLDER_NAME

    def start(self) -> None:
        """Begin to keep watch."""
        if self._settings.training:
            return
        self._timer.start(FIRST)
        if health.is_due(self._store):
            self._background.run(self, lambda: health.is_whole(self._store), self._looked)

    @Slot()
    def keep_up(self) -> None:
        """Make a backup now if there is anything new, and the next one in its time."""
        if self._settings.training:
            return
        self._timer.start(self._settings.backups.every_minutes * 60_000)
        folder = self.folder
        self._background.run(self, lambda: backup.keep_up(self._store, folder), self._kept)

    def run(self, owner: QObject, work: Any, done: Any, failed: Any) -> None:
        """Any other work with backups, in turn with them."""
        self._background.run(owner, work, done, failed)

    @Slot(object)
    def _kept(self, last: LastBackup) -> None:
        self.last = last
        self.changed.emit(last)

    @Slot(object)
    def _looked(self, is_whole: bool) -> None:
        if not is_whole:
            self.damaged.emit()
