"""Hears when the PC itself is locked (Win+L, the screen saver), so that the desk is locked with it (users.md 1.14)."""

from __future__ import annotations

import sys

from PySide6.QtCore import SLOT, QObject, QTimer, Signal, Slot

# Both speak the freedesktop interface; GNOME kept its own name for it.
_SAVERS = ("org.freedesktop.ScreenSaver", "org.gnome.ScreenSaver")
_EVERY_MS = 1000


class SystemLock(QObject):
    """``locked`` is told when the PC is locked; where the system does not say so, it never is."""

    locked = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        if sys.platform == "win32":
            self._timer = QTimer(self)
            self._timer.timeout.connect(self._look)
            self._timer.start(_EVERY_MS)
        elif sys.platform.startswith("linux"):
            self._listen()

    def _listen(self) -> None:
        from PySide6.QtDBus import QDBusConnection

        bus = QDBusConnection.sessionBus()
        if bus.isConnected():
            for saver in _SAVERS:
                bus.connect("", "", saver, "ActiveChanged", self, SLOT("saver_changed(bool)"))  # type: ignore[call-overload]

    @Slot(bool)
    def saver_changed(self, active: bool) -> None:
        """The screen saver came on or went."""
        if active:
            self.locked.emit()

    @Slot()
    def _look(self) -> None:
        # While Windows shows its own lock screen, the desktop that takes the keys is not ours to open.
        import ctypes
        from ctypes import wintypes

        user = ctypes.windll.user32  # type: ignore[attr-defined,unused-ignore]
        user.OpenInputDesktop.restype = wintypes.HANDLE
        desktop = user.OpenInputDesktop(0, False, 0)
        if desktop:
            user.CloseDesktop(wintypes.HANDLE(desktop))
        else:
            self.locked.emit()
