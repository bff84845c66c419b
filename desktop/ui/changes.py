"""Carries the store's news of changed tables to the UI thread, several saves at once as one."""

from __future__ import annotations

import threading
import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot

from desktop.store import Store

# What arrives from elsewhere may come in two hundred pieces: the screens are told of it once a second (milliseconds).
REST = 1000


class Changes(QObject):
    """``happened`` brings a frozenset of table names on the UI thread, never in the middle of the act that saved.

    What the desk itself saved is told at once; what arrives in the sync thread at once too, but then not again for a
    second, so that typing stays smooth beside the first load of a whole hall.
    """

    happened = Signal(object)
    _heard = Signal()
    _arrived = Signal()

    def __init__(self, store: Store) -> None:
        super().__init__()
        self._tables: set[str] = set()
        self._lock = threading.Lock()
        self._thread = threading.get_ident()
        self._told_at = 0.0
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.timeout.connect(self._tell)
        self._heard.connect(self._tell, Qt.ConnectionType.QueuedConnection)
        self._arrived.connect(self._tell_later, Qt.ConnectionType.QueuedConnection)
        # A method of this object, not `signal.emit`: the store keeps it alive by it.
        store.listen(self.hear)

    def hear(self, tables: frozenset[str]) -> None:
        """Called by the store in whatever thread saved."""
        is_own = threading.get_ident() == self._thread
        with self._lock:
            first = not self._tables
            self._tables |= tables
        if is_own:
            self._heard.emit()
        elif first:
            self._arrived.emit()

    @Slot()
    def _tell_later(self) -> None:
        if not self._rest.isActive():
            self._rest.start(max(0, round(self._told_at + REST - time.monotonic() * 1000)))

    @Slot()
    def _tell(self) -> None:
        with self._lock:
            tables, self._tables = frozenset(self._tables), set()
        if tables:
            self._told_at = time.monotonic() * 1000
            self.happened.emit(tables)
