"""A keyboard whose every key has its moment: a scanner's burst or a hand's typing, as the system delivers them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.operations.numbering import FileNumber
from desktop.ui.main_window import MainWindow

NONE = Qt.KeyboardModifier.NoModifier
KEYS = {"\r": Qt.Key.Key_Return, "\n": Qt.Key.Key_Return, "\t": Qt.Key.Key_Tab}


@dataclass(frozen=True)
class Stroke:
    """One key, and how long after the one before it (milliseconds)."""

    gap: int
    text: str = ""
    key: int = 0
    modifiers: Qt.KeyboardModifier = NONE
    repeated: bool = False


class Gun:
    """Sends key events to the window with timestamps of their own; the wall clock has no part in what they mean."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self._handle = window.windowHandle()
        self._now = 10_000

    def send(self, strokes: Iterable[Stroke]) -> None:
        for stroke in strokes:
            self._now += stroke.gap
            key = stroke.key or KEYS.get(stroke.text) or ord(stroke.text.upper())
            for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
                event = QKeyEvent(kind, key, stroke.modifiers, stroke.text, stroke.repeated)
                event.setTimestamp(self._now)
                QApplication.sendEvent(self._handle, event)

    def shoots(self, code: str, end: str = "\r", gap: int = 5) -> None:
        """A scan, after a pause."""
        self.send([Stroke(gap if place else 500, sign) for place, sign in enumerate(code + end)])

    def types(self, text: str, gaps: Callable[[int], int]) -> None:
        """Keys by hand; ``gaps`` gives the pause before each."""
        self.send([Stroke(gaps(place), sign) for place, sign in enumerate(text)])

    def rests(self) -> None:
        """Nothing more comes; everything has been answered."""
        QTest.qWait(self.window.around.settings.scanner.gap_ms + 60)


def with_wrong_check(number: FileNumber) -> str:
    """The same number with a check digit that does not fit."""
    return number.digits[:13] + str((number.check + 1) % 10)
