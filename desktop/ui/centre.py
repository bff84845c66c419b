"""The sync thread as the window knows it: begun where this PC has a centre, its news told on the UI thread.

Nothing of the network is loaded on a PC that stands alone.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Signal, Slot

from desktop.errors import UserError
from desktop.operations.setup import APP_VERSION
from desktop.store import Store
from desktop.sync import address
from desktop.sync.address import Address
from desktop.ui.background import Background

if TYPE_CHECKING:
    from desktop.sync.enrolment import Enrolment
    from desktop.sync.worker import Standing, Worker

Start = Callable[..., "Worker"]


class Centre(QObject):
    """``standing`` is None while this PC stands alone; ``changed`` tells of every other one, on the UI thread.

    ``fetched`` answers ``ask``: the number, and whether the centre has it.
    """

    changed = Signal()
    fetched = Signal(str, bool)
    _told = Signal(object)
    _answered = Signal(str, bool)

    def __init__(self, store: Store, background: Background) -> None:
        super().__init__()
        self._store, self._background = store, background
        self._worker: Worker | None = None
        self.standing: Standing | None = None
        self.address: Address | None = None
        # Why there is no connection although this PC has an address: it cannot be read.
        self.problem: UserError | None = None
        self._told.connect(self._take, Qt.ConnectionType.QueuedConnection)
        self._answered.connect(self.fetched, Qt.ConnectionType.QueuedConnection)

    def load(self) -> None:
        """Look whether this PC has a centre."""
        try:
            self.address = address.load(self._store.folder)
        except UserError as problem:
            self.problem = problem
            self.changed.emit()

    def begin(self) -> None:
        """Keep in step from now on, if this PC has a centre; what that needs is loaded in the background."""
        before = self.address
        self.load()
        if self.address != before:
            self.close()  # let in anew: the thread has the login that opens nothing any more
        if self.address is not None and self._worker is None:
            self._background.run(self, _load_worker, self._start)

    def join(self, file: Path, code: str, done: Callable[[Any], None], failed: Callable[[Exception], None],
             owner: QObject) -> None:  # fmt: skip
        """Make this PC what the enrolment file says; ``done`` gets what it says, and the hall's entries then come in.

        ``failed`` gets a UserError: wrong code, damaged file, no network, used already.
        """

        def work() -> Enrolment:
            from desktop.sync import enrolment

            return enrolment.take(self._store.folder, file, code, now=self._store.clock())

        self._background.run(owner, work, done, failed)

    def kind(self) -> str:
        """The kind of the standing; empty while this PC stands alone."""
        return self.standing.kind if self.standing is not None else ""

    def pending(self) -> int:
        """How many entries the centre has not acknowledged."""
        return self.standing.pending if self.standing is not None else 0

    def try_now(self) -> None:
        """Look at once, and at the other counters too."""
        if self._worker is not None:
            self._worker.look()

    def ask(self, number: str) -> bool:
        """Fetch a file that is not here; False where there is nobody to ask."""
        if self._worker is None:
            return False
        self._worker.ask(number, partial(self._hear_answer, number))
        return True

    def close(self) -> None:
        """Stop the thread; what is on its way will be sent again."""
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.close()

    @Slot(object)
    def _start(self, start: Start) -> None:
        where = self.address
        if where is None or self._worker is not None:
            return
        self._worker = start(
            self._store, where.connect, self._hear, app_version=APP_VERSION, node_id=where.node_id
        )
        self._take(self._worker.standing)
        self._worker.begin()

    def _hear(self, standing: Standing) -> None:
        # Called in the sync thread; a method of this object keeps it alive, which its signal alone would not.
        self._told.emit(standing)

    def _hear_answer(self, number: str, found: bool) -> None:
        self._answered.emit(number, found)

    @Slot(object)
    def _take(self, standing: Standing) -> None:
        self.standing = standing
        self.changed.emit()


def _load_worker() -> Start:
    # psycopg costs 100 ms to load: a PC that stands alone never pays it.
    from desktop.sync.worker import Worker

    return Worker
