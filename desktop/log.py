"""The program's log: one small rotating file that never holds a NIK, a phone number or what was typed."""

from __future__ import annotations

import logging
import logging.handlers
import re
from pathlib import Path

FILE_NAME = "loket.log"

# Six digits and more in a row, with or without separators: NIK, phones, file numbers, keys.
_DIGITS = re.compile(r"\d(?:[ .\-]?\d){5,}")
_HEX = re.compile(r"\b[0-9a-fA-F]{24,}\b")


class _Blank(logging.Formatter):
    """Writes a record with every long run of digits or hex blanked, in messages and tracebacks alike."""

    def format(self, record: logging.LogRecord) -> str:
        return blank(super().format(record))


def blank(text: str) -> str:
    """The text without what could be a person's number or a key."""
    return _HEX.sub("<hex>", _DIGITS.sub("<angka>", text))


class _Handler(logging.handlers.RotatingFileHandler):
    def handleError(self, record: logging.LogRecord) -> None:
        """A line that cannot be written (full disk, folder gone) is left out.

        What logging would do instead is to write it to the terminal as it is, numbers and all.
        """


def start(folder: Path) -> None:
    """Write the log beside the data, at most three files of 512 KiB."""
    handler = _Handler(
        folder / FILE_NAME, maxBytes=512 * 1024, backupCount=2, encoding="utf-8", delay=True
    )
    handler.setFormatter(_Blank("{asctime} {levelname} {name} {message}", "%H:%M:%S", style="{"))
    root = logging.getLogger("loket")
    root.setLevel(logging.INFO)
    root.addHandler(handler)
