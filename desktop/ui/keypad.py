"""What a key means at the desk: a digit on either block, with NumLock on or off, and Enter as "next"."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

# The property of a place where a PIN is typed: a scanner's digits there would be wrong tries.
IS_PIN = "is_pin"

# With NumLock off the numpad sends these keys; the keypad modifier tells them from the real arrows.
_KEYPAD = {
    Qt.Key.Key_Insert: "0", Qt.Key.Key_End: "1", Qt.Key.Key_Down: "2", Qt.Key.Key_PageDown: "3", Qt.Key.Key_Left: "4",
    Qt.Key.Key_Clear: "5", Qt.Key.Key_Right: "6", Qt.Key.Key_Home: "7", Qt.Key.Key_Up: "8", Qt.Key.Key_PageUp: "9",
}


def keypad_digit(event: QKeyEvent) -> str:
    """The digit that a numpad key means although NumLock is off, or an empty string."""
    if event.modifiers() == Qt.KeyboardModifier.KeypadModifier and not event.text().isdigit():
        return _KEYPAD.get(Qt.Key(event.key()), "")
    return ""


def digit_of(event: QKeyEvent) -> str:
    """The digit this key means, typed on either block and with NumLock on or off, or an empty string."""
    if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier):
        return ""
    text = event.text()
    return text if len(text) == 1 and text in "0123456789" else keypad_digit(event)


def is_enter(event: QKeyEvent) -> bool:
    """Enter on either block with no other key held (Ctrl+Enter is an act, not "next")."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
        event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    )
