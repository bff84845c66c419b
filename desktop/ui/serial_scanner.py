"""A scanner on a serial port (RS-232, or USB as a COM port): read in a thread of its own, only where a port is set."""

from __future__ import annotations

import importlib
import re
import threading
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.operations import scanning

# A cable that was pulled is looked for again after so long (seconds); closing waits no longer than a read.
AGAIN_S, READ_S = 2.0, 0.3
BAUD = 9600  # what such scanners leave the factory with; over USB it does not matter
MOST = 64  # nothing longer is a number of ours

_ENDS = re.compile(rb"[\r\n\t]+")


class SerialScanner(QObject):
    """``scanned`` brings what looks like a number of ours, ``strange`` of other codes, ``lost`` of a dead port."""

    scanned = Signal(str)
    strange = Signal()
    lost = Signal(str)

    def __init__(self, parent: QObject, port: str) -> None:
        super().__init__(parent)
        self._port = port
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="serial scanner", daemon=True)

    def begin(self) -> None:
        """Read from now on; whoever listens is connected before, since a port that is not there is told at once."""
        self._thread.start()

    def close(self) -> None:
        """Give the port back."""
        self._stop.set()
        self._thread.join(4 * READ_S)

    def _work(self) -> None:
        serial = importlib.import_module("serial")
        was_told = False
        while not self._stop.is_set():
            try:
                with serial.Serial(self._port, BAUD, timeout=READ_S) as line:
                    was_told = False
                    self._read(line)
            except (OSError, ValueError):  # SerialException is an OSError
                if not was_told:
                    self.lost.emit(self._port)
                was_told = True
                self._stop.wait(AGAIN_S)

    def _read(self, line: Any) -> None:
        kept = b""
        while not self._stop.is_set():
            *codes, kept = _ENDS.split(kept + line.read(max(1, min(MOST, line.in_waiting))))
            kept = kept[-MOST:]
            for code in filter(None, codes):
                self._tell(code.decode("ascii", "replace").strip())

    def _tell(self, code: str) -> None:
        if scanning.shape_of(code) is None:
            self.strange.emit()
        else:
            self.scanned.emit(code)
