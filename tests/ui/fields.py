"""A field alone in a window, and what no field may be harmed by."""

from PySide6.QtCore import Qt

Key = Qt.Key
KEYPAD = Qt.KeyboardModifier.KeypadModifier
HOSTILE = [
    "", " ", "x" * 10_000, "\x00\x01\x1b[31m", "\u202eabc\u2066", "😀👩‍👩‍👧", "'; DROP TABLE party; --",
    "<img src=/etc/passwd onerror=x>", "=HYPERLINK(1)", "a\r\nb\tc", "\ud800", "%s {name} %(x)s",
]


def shown(qtbot, field):
    # pytest-qt holds widgets weakly, and Python may collect one in the middle of its own painting.
    qtbot.kept = field
    qtbot.addWidget(field)
    field.resize(400, 80)
    field.show()
    qtbot.waitUntil(field.isActiveWindow)
    field.setFocus()
    return field
