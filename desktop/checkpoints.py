"""Folds the log of the local file into it beside the desk's work: done inside a commit, every sixteenth F9 would wait
for a thousand pages and a second sync of the disk."""

from __future__ import annotations

import contextlib
import logging
import threading

from sqlalchemy import Engine

log = logging.getLogger("loket.store")

# Seconds from a save to the folding: what is saved meanwhile is folded with it.
REST = 0.5


class Checkpoints:
    """A thread that folds what has been committed, some time after ``due`` said that there is something.

    It never waits for a reader and nobody waits for it: what it could not fold now, it folds after the next save. Where
    it fails, as on a full disk, nothing is lost, for the log holds all.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._due, self._closing = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def due(self) -> None:
        """Something was committed; the first call starts the thread, since who only reads needs none."""
        self._due.set()
        if self._thread.ident is None:
            with contextlib.suppress(RuntimeError):  # another thread's first save has just started it
                self._thread.start()

    def close(self) -> None:
        """End; waits for a folding that is under way."""
        self._closing.set()
        self._due.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._due.wait() and not self._closing.wait(REST):
            self._due.clear()
            if self._closing.is_set():  # what was cleared may have been the word to end: it is said once
                break
            self.fold()

    def fold(self) -> None:
        """Fold now what no reader still needs as it was; never raises."""
        try:
            with contextlib.closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except Exception:
            log.warning("the log file was not folded in", exc_info=True)
