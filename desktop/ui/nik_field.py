"""The input of a NIK: seen while it is typed, covered when it is left, shown again only while the eye is held."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QToolButton

from desktop.i18n import _
from desktop.operations.identity import mask_nik
from desktop.ui import style
from desktop.ui.inputs import DigitsField


class NikField(DigitsField):
    """The 16 digits of a NIK: seen while they are typed, masked when the field is left, held open with the eye.

    ``set_value`` shows a NIK that comes from the file: masked until the eye is held down. ``looking`` asks for each
    such look: who owns the screen logs it and calls ``uncover``.
    """

    looking = Signal()

    def __init__(self, name: str, title: str = "", *, hint: str = "") -> None:
        super().__init__(name, title or _("NIK"), groups=(4, 4, 4, 4), hint=hint)
        self._from_file = False
        self._open = False
        self.line.covers = False  # it covers by itself
        self.line.addAction(style.icon("eye", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye = self.line.findChild(QToolButton)
        self._eye.setAccessibleName(_("Tahan untuk melihat NIK"))
        style.tip(self._eye, _("Tahan untuk melihat NIK"))
        self._eye.pressed.connect(self.reveal)
        self._eye.released.connect(self.cover)
        self.line.focused.connect(self._focus_moved)
        self._show(0)

    def set_value(self, value: Any) -> None:
        self._from_file = bool(value)
        super().set_value(value)

    def kept(self) -> Any:
        return (self._digits, self._from_file)

    def restore(self, kept: Any) -> None:
        digits, self._from_file = kept
        DigitsField.set_value(self, digits)

    def is_masked(self) -> bool:
        """Whether the middle digits are covered now."""
        if not self.is_full() or self._open:
            return False
        return self._from_file or not self.line.hasFocus()

    def reveal(self) -> None:
        """The eye is held."""
        if self.is_masked():
            if self._from_file:
                self.looking.emit()
            else:
                self.uncover()

    def uncover(self) -> None:
        """Show the digits until ``cover``."""
        self._open = True
        self._show(self.length)

    def cover(self) -> None:
        if self._open:
            self._open = False
            self._show(self.length)

    def _show(self, digits_before_cursor: int) -> None:
        self._eye.setVisible(self.is_full())
        if self.is_masked():
            self.line.setText(mask_nik(self._digits))
            self.line.setCursorPosition(len(self.line.text()))
        else:
            super()._show(digits_before_cursor)

    def _take(self, text: str) -> None:
        if "•" in text:
            # Half of a covered number cannot be edited: whatever is typed over it starts anew.
            text = "" if len(text) < len(mask_nik(self._digits)) else text.replace("•", "").strip()[-1:]
            self._digits = ""
        elif self._from_file and self.line.text() != mask_nik(self._digits):
            self._digits = "" if not self._open else self._digits
        self._from_file = False
        super()._take(text)

    def _focus_moved(self, here: bool) -> None:
        self._open = False
        self._show(self.length)
        if here:
            self.line.selectAll()
