"""A pair of hands for the real window: types real key events where the focus is, and takes pictures of what is seen."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage, QKeySequence, QPainter, QWindow
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop.papers.raster import colour_picture

# Slower than a scanner ever is, and than the moment in which a bounced key is dropped after the cursor has jumped.
PAUSE_MS = 80


class Typist:
    """Sits before a window; counts the keys it presses."""

    def __init__(self, window: QWidget, *, pause_ms: int = PAUSE_MS) -> None:
        self._window = window
        self._pause_ms = pause_ms
        self.keys = 0

    def type(self, text: str) -> None:
        """Press the keys of a text one after the other."""
        for character in text:
            plain = Qt.KeyboardModifier.NoModifier
            QTest.keyClick(self._keyboard(), character, plain)  # type: ignore[call-overload]
            self._pause()
        self.settle()

    def press(self, *names: str) -> None:
        """Press keys by name: "F9", "Enter", "Ctrl+P"."""
        for name in names:
            combination = QKeySequence(name)[0]  # type: ignore[index]
            QTest.keyClick(self._keyboard(), combination.key(), combination.keyboardModifiers())
            self._pause()
            self.settle()

    def _pause(self) -> None:
        self.keys += 1
        if self._pause_ms:
            QTest.qWait(self._pause_ms)

    def settle(self) -> None:
        """Let the window finish what it has to do."""
        for _round in range(3):
            QApplication.processEvents()
            QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

    def picture(self, path: Path) -> None:
        """Save what the window shows as a PNG."""
        self.settle()
        self._window.grab().save(str(path))

    def _keyboard(self) -> QWindow:
        # To the window, as from a keyboard, which passes them on: a widget may be gone between press and release.
        return self._window.windowHandle()


def save_paper_picture(pdf: bytes, path: Path, dpi: float = 110) -> None:
    """The first page of a paper as a PNG."""
    page = colour_picture(pdf, dpi)
    QImage(page.pixels, page.width, page.height, 3 * page.width, QImage.Format.Format_BGR888).save(str(path))


def save_side_by_side(windows: Sequence[QWidget], path: Path) -> None:
    """What several windows show, in one PNG."""
    QTest.qWait(1100)  # what is counted by the second has been
    seen = [window.grab().toImage() for window in windows]
    whole = QImage(sum(one.width() for one in seen), max(one.height() for one in seen), QImage.Format.Format_RGB32)
    painter, left = QPainter(whole), 0
    for one in seen:
        painter.drawImage(left, 0, one)
        left += one.width()
    painter.end()
    whole.save(str(path))


def wait_for(answer: Callable[[], bool], seconds: float = 60) -> None:
    """Let the windows live until this is so; RuntimeError where it never is."""
    end = time.monotonic() + seconds
    while not answer():
        if time.monotonic() > end:
            raise RuntimeError("it never came")
        QTest.qWait(20)
