"""Carries the store's news of changed tables to the UI thread, several saves at once as one."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.store import Store


class Changes(QObject):
    """``happened`` brings a frozenset of table names on the UI thread, never in the middle of the act that saved."""

    happened = Signal(object)
    _heard = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._tables: set[str] = set()
        self._lock = threading.Lock()
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        # A method of this object, not `signal.emit`: the store keeps it alive by it.
        store.listen(self.hear)

    def hear(self, tables: frozenset[str]) -> None:
        """Called by the store in whatever thread saved."""
        with self._lock:
            first = not self._tables
            self._tables |= tables
        if first:
            self._heard.emit()

    @Slot()
    def _tell(self) -> None:
        with self._lock:
            tables, self._tables = frozenset(self._tables), set()
        if tables:
            self.happened.emit(tables)
