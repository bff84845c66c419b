"""Folds the log of the local file into it beside the desk's work: done inside a commit, every sixteenth F9 would wait
for a thousand pages and a second sync of the disk."""

from __future__ import annotations

import contextlib
import logging
import threading

from sqlalchemy import Engine

log = logging.getLogger("loket.store")

# Commits from one folding to the next. It begins right after a commit, when the next one is farthest: a sync of the
# file under an F9 would hold it up as much as the folding itself.
EVERY = 12


class Checkpoints:
    """A thread that folds what has been committed, each time that ``due`` has counted enough.

    It never waits for a reader and nobody waits for it: what it could not fold now, it folds the next time. Where
    it fails, as on a full disk, nothing is lost, for the log holds all.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._due, self._is_closing = threading.Event(), False
        self._commits = 0
        self._thread = threading.Thread(target=self._run, name="checkpoints", daemon=True)

    def due(self) -> None:
        """Something was committed. The first folding starts the thread, since who only reads needs none."""
        self._commits += 1
        if self._commits < EVERY:
            return
        self._commits = 0
        self._due.set()
        if self._thread.ident is None:
            with contextlib.suppress(RuntimeError):  # another thread's first save has just started it
                self._thread.start()

    def close(self) -> None:
        """End; waits for a folding that is under way."""
        self._is_closing = True
        self._due.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        while True:
            self._due.wait()
            self._due.clear()
            if self._is_closing:  # asked after the clear: what was cleared may have been the word to end
                return
            self.fold()

    def fold(self) -> None:
        """Fold now what no reader still needs as it was; never raises."""
        try:
            with contextlib.closing(self._engine.raw_connection()) as connection:
                connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
        except Exception:
            log.warning("the log file was not folded in", exc_info=True)
