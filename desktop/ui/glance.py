"""A moment after the cursor has jumped by itself: what is typed in it was not meant for the new place."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QTimer, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desktop.ui.keypad import digit_of, is_enter

# A key that bounced, or the Enter of a card reader; nobody has read the next field by then (milliseconds).
MOMENT = 70


class Glance(QObject):
    """Swallows digits and Enter within ``owner`` for a moment."""

    def __init__(self, owner: QWidget) -> None:
        super().__init__(owner)
        self._owner = owner
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(MOMENT)
        self._timer.timeout.connect(self.end)

    def begin(self) -> None:
        """The cursor has just jumped."""
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]
        QApplication.instance().installEventFilter(self)  # type: ignore[union-attr]
        self._timer.start()

    @Slot()
    def end(self) -> None:
        """Keys count again."""
        QApplication.instance().removeEventFilter(self)  # type: ignore[union-attr]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and isinstance(watched, QWidget):
            if digit_of(event) or is_enter(event):
                return self._owner.isAncestorOf(watched)
            self.end()
        return False
