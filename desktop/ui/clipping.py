"""What was copied for the agency's own system, and forgotten after a minute."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtGui import QGuiApplication

SECONDS = 60


class Clipping(QObject):
    """Puts a text on the clipboard and takes it away again, unless something else was copied meanwhile.

    It is no screen's: a NIK would stay there when the screen is built anew, or for the next officer.
    """

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self.timer = QTimer(self)
        self.timer.setSingleShot(True)
        self.timer.setInterval(SECONDS * 1000)
        self.timer.timeout.connect(self.forget)

    def put(self, text: str) -> None:
        """Copy it, for a minute."""
        self._text = text
        QGuiApplication.clipboard().setText(text)
        self.timer.start()

    @Slot()
    def forget(self) -> None:
        """Take it off the clipboard if it is still there."""
        self.timer.stop()
        clipboard = QGuiApplication.clipboard()
        if self._text and clipboard.text() == self._text:
            clipboard.clear()
        self._text = ""
