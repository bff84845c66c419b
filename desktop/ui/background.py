"""The one door to the background: a function goes in, its result or error comes back on the UI thread.

A worker thread takes the pieces of work in turn. "background" is the only one that may use PDFium (model.md 1.21);
"printers" waits for printers.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import Any, Protocol

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

Done = Callable[[Any], None]
Failed = Callable[[Exception], None]


class Background(Protocol):
    """What screens know of it; ``owner`` is who waits: its answer is dropped when it is gone by then."""

    def run(self, owner: QObject, work: Callable[[], Any], done: Done, failed: Failed | None = None) -> None:
        """Do ``work`` elsewhere, then ``done(result)`` or ``failed(problem)`` on the UI thread."""
        ...

    def close(self) -> None:
        """Finish what was given and stop."""
        ...


class Worker(QObject):
    """A background of the real program: one thread.

    All that came with a piece of work travels in a box of its own and is let go of on the UI thread: whoever lets go
    last destroys it, and a widget or timer destroyed in another thread takes the program down.
    """

    _ready = Signal(object)

    def __init__(self, name: str = "background") -> None:
        super().__init__()
        self._work: queue.SimpleQueue[list[Any] | None] = queue.SimpleQueue()
        self._ready.connect(self._deliver, Qt.ConnectionType.QueuedConnection)
        self._thread = threading.Thread(target=self._serve, name=name, daemon=False)
        self._thread.start()

    def run(self, owner: QObject, work: Callable[[], Any], done: Done, failed: Failed | None = None) -> None:
        self._work.put([owner, work, done, failed])

    def close(self) -> None:
        self._work.put(None)
        self._thread.join()

    def _serve(self) -> None:
        while (box := self._work.get()) is not None:
            _perform(box)
            self._ready.emit(box)

    @Slot(object)
    def _deliver(self, box: list[Any]) -> None:
        owner, _work, done, failed, result, problem = box
        box.clear()  # the thread still holds the box
        hand_over(owner, done if problem is None else failed, result, problem)


def _perform(box: list[Any]) -> None:
    """Do the work in the box and put its result and its problem into it."""
    try:
        box += (box[1](), None)
    except Exception as problem:
        box += (problem, problem)


class AtOnce:
    """The background of tests: the work is done before ``run`` returns."""

    def run(self, owner: QObject, work: Callable[[], Any], done: Done, failed: Failed | None = None) -> None:
        try:
            result = work()
        except Exception as problem:
            hand_over(owner, failed, problem, problem)
        else:
            hand_over(owner, done, result, None)

    def close(self) -> None:
        pass


def hand_over(owner: QObject, callback: Callable[[Any], None] | None, result: Any, problem: Exception | None) -> None:
    """Give the answer to who waits for it, if anybody still does; a failure nobody expected is our bug."""
    if callback is None:
        if problem is not None:
            raise problem
    elif isValid(owner):
        callback(result)
