"""A titled area of the intake screen, which also says what digits do while the cursor is in it."""

from __future__ import annotations

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGroupBox

from desktop.ui import style


class Card(QGroupBox):
    """A titled area; at the right of its title stands in a word what digits mean while the focus is in it."""

    def __init__(self, title: str) -> None:
        super().__init__(style.literal(title))
        self._meaning = style.label("", "keycap")
        self._meaning.setParent(self)
        self._meaning.setObjectName("meaning")
        self._meaning.hide()

    def say_meaning(self, words: str) -> None:
        """ "ANGKA = SYARAT", or nothing."""
        self._meaning.setText(words)
        self._meaning.setVisible(bool(words))
        self._place()

    def meaning(self) -> str:
        return self._meaning.text()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        self._meaning.adjustSize()
        self._meaning.move(self.width() - self._meaning.width() - style.px(12), 0)
        self._meaning.raise_()
