"""Backups and looks at the file's health while the program runs: in a thread of their own, so that no paper waits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.errors import UserError
from desktop.safekeeping import backup, health
from desktop.safekeeping.backup import FOLDER_NAME, LastBackup
from desktop.settings import Settings
from desktop.store import Store
from desktop.ui.background import Background

# The first backup of a start comes when the queue has been let in (milliseconds).
FIRST = 60_000
# Between two pages of a comparison (milliseconds): a file of ten years takes an hour so, and no key press waits.
REST = 100


class Safekeeping(QObject):
    """``changed`` brings how far the backups reach, ``damaged`` that the file is not whole, ``compared`` the end of the
    day's comparison of rows and journal. Training is not kept."""

    changed = Signal(object)
    damaged = Signal()
    compared = Signal(object)

    def __init__(self, store: Store, settings: Settings, background: Background) -> None:
        super().__init__()
        self._store, self._settings, self._background = store, settings, background
        self.last = LastBackup() if settings.training else backup.last(store)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._take_turn)
        self._is_comparing = False

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
    def _take_turn(self) -> None:
        self.keep_up()
        if not (self._is_comparing or self._settings.training) and health.is_comparison_due(self._store):
            self._is_comparing = True
            self._compare(health.Round())

    def _compare(self, so_far: health.Round) -> None:
        self._background.run(self, lambda: health.compare(self._store, so_far), self._went_on, self._broke_off)

    def _went_on(self, done: health.Round) -> None:
        if done.is_over:
            self._is_comparing = False
            self.compared.emit(done)
        else:
            QTimer.singleShot(REST, self, lambda: self._compare(done))

    def _broke_off(self, problem: Exception) -> None:
        """By a full disk or a busy file, which is told where it hurts; the next turn tries again."""
        self._is_comparing = False
        if not isinstance(problem, UserError):
            raise problem

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
