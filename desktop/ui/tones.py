"""Two tones that answer a scan while the eyes are on the paper: high for found, low and twice for not."""

from __future__ import annotations

import shutil
import sys

from PySide6.QtCore import QObject, QProcess, QTimer
from PySide6.QtWidgets import QApplication

from desktop.ui.style_sheet import RESOURCES

# Whichever this Linux has, from the newest sound system to the oldest; Windows plays files by itself.
_PLAYERS = ("pw-play", "paplay", "aplay")
_BETWEEN_MS = 160


class Tones(QObject):
    """Plays without waiting; a PC without sound beeps, once or twice, and one without a beeper stays silent."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._player = next((found for name in _PLAYERS if (found := shutil.which(name))), "")

    def play(self, *, found: bool) -> None:
        """The tone for what was found, or for what was not."""
        path = str(RESOURCES / "sounds" / ("found.wav" if found else "not_found.wav"))
        if sys.platform == "win32":
            import winsound

            winsound.PlaySound(path, winsound.SND_FILENAME | winsound.SND_ASYNC | winsound.SND_NODEFAULT)
        elif self._player:
            player = QProcess()
            player.setProgram(self._player)
            player.setArguments([path])
            player.setStandardOutputFile(QProcess.nullDevice())
            player.setStandardErrorFile(QProcess.nullDevice())
            player.startDetached()
        else:
            QApplication.beep()
            if not found:
                QTimer.singleShot(_BETWEEN_MS, self, QApplication.beep)
