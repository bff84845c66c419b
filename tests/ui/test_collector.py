"""Python's collector may run in any thread: nothing that Qt still holds alive may be among what it finds."""

from __future__ import annotations

import gc
from collections import Counter
from collections.abc import Callable

from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot
from shiboken6 import isValid, ownedByPython

from desktop.store import Store
from desktop.ui.entries import ENTRIES
from desktop.ui.main_window import MainWindow
from tests.ui.desk import At


def alive_in_the_garbage() -> Counter[str]:
    """What a collection would destroy in Qt, by class; the collection itself is put off."""
    gc.set_debug(gc.DEBUG_SAVEALL)
    gc.collect()
    gc.set_debug(0)
    found = Counter(
        type(thing).__name__
        for thing in gc.garbage
        if isinstance(thing, QObject) and isValid(thing) and ownedByPython(thing)
    )
    gc.garbage.clear()
    return found


def test_screens_that_were_built_anew_leave_nothing_alive_behind(
    make_window: Callable[..., MainWindow], ready_store: Store, qtbot: QtBot
) -> None:
    gc.collect()
    gc.disable()
    try:
        window = make_window(ready_store)
        At(window).fills_person()
        for entry in ENTRIES:
            window.show_screen(entry.screen.name)
            qtbot.wait(5)
        window.wear(language="en", theme="dark")
        qtbot.wait(20)
        assert alive_in_the_garbage() == Counter()
    finally:
        gc.enable()


def test_a_timer_in_a_ring_would_be_found(qtbot: QtBot) -> None:
    gc.collect()
    lonely = QObject()
    lonely.ring = lonely  # type: ignore[attr-defined]
    del lonely
    assert alive_in_the_garbage() == Counter(QObject=1)
