"""A field of several lines: Enter goes on, Shift+Enter begins a line."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QFocusEvent, QFontMetrics, QKeyEvent
from PySide6.QtWidgets import QPlainTextEdit

from desktop.i18n import _
from desktop.operations.identity import cover_niks
from desktop.ui import style
from desktop.ui.inputs import UNSEEN, Field
from desktop.ui.keypad import is_enter

AIR = 3  # pixels


class NoteField(Field):
    """A few lines of text; Enter goes on to the next field, Shift+Enter starts a line."""

    def __init__(self, name: str, title: str, *, limit: int = 500, hint: str = "", lines: int = 3) -> None:
        super().__init__(name, title)
        self.limit = limit
        self.box = _Note()
        self.box.setTabChangesFocus(True)
        self.box.setPlaceholderText(hint)
        # What the sheet puts around the words, and Qt around its text; with less than both a single line would scroll.
        self.box.document().setDocumentMargin(AIR)
        around = 2 * (style.px(5) + 2 + AIR)
        self.box.setFixedHeight(QFontMetrics(self.box.font()).lineSpacing() * lines + around)
        self.box.entered.connect(self._done)
        self.box.textChanged.connect(self._tidy)
        self._place(self.box)

    def value(self) -> str:
        return self.box.text().strip()

    def set_value(self, value: Any) -> None:
        self.box.show_text(self._clean("" if value is None else str(value)))

    def _clean(self, text: str) -> str:
        return "\n".join(UNSEEN.sub("", line) for line in text.splitlines() or [""])[: self.limit]

    def _tidy(self) -> None:
        text = self.box.toPlainText()
        tidy = self._clean(text) + ("\n" if text.endswith("\n") and len(text) < self.limit else "")
        too_long = len(text) > self.limit
        if tidy != text:
            at = self.box.textCursor().position()
            self.set_value(tidy)
            cursor = self.box.textCursor()
            cursor.setPosition(min(at, len(self.box.toPlainText())))
            self.box.setTextCursor(cursor)
        self._edited()
        if too_long:
            self.say("warning", _("Paling banyak {limit} huruf; selebihnya tidak dimasukkan.").format(limit=self.limit))


class _Note(QPlainTextEdit):
    entered = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._whole = ""  # what is under the cover, as in a Line

    def text(self) -> str:
        return self._whole or self.toPlainText()

    def show_text(self, text: str) -> None:
        """Show it, unheard; a NIK in it is covered unless the cursor is here."""
        covered = text if self.hasFocus() else cover_niks(text)
        self.blockSignals(True)
        self.setPlainText(covered)
        self.blockSignals(False)
        self._whole = text if covered != text else ""

    def focusInEvent(self, event: QFocusEvent) -> None:
        if self._whole:
            self.show_text(self._whole)
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if cover_niks(self.text()) != self.text():
            self.show_text(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            self.entered.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()
        else:
            super().keyPressEvent(event)
