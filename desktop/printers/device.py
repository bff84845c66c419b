"""A thermal printer behind a device file of Linux, such as /dev/usb/lp0."""

from __future__ import annotations

import errno
import os
import select
import stat
import time
from pathlib import Path

from desktop.errors import UserError
from desktop.i18n import _
from desktop.printers.talk import PATIENCE, Patience, print_over


def devices() -> list[str]:
    """The printers that the kernel sees on USB cables now."""
    return sorted(str(path) for path in Path("/dev/usb").glob("lp*"))


def send(path: str, data: bytes, patience: Patience = PATIENCE) -> None:
    """Print on this device. UserError with the cause where it is not there, not ours, or does not print."""
    try:
        # A plain file in its place would swallow paper after paper.
        if not _is_device(path):
            raise FileNotFoundError(errno.ENOENT, path)
        # Without O_NONBLOCK a printer without paper would hold us for ever.
        handle = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_NOCTTY)
    except PermissionError as problem:
        words = _(
            "Akun ini belum boleh memakai printer {path}. Minta admin memasukkan akun ke grup lp, lalu masuk ulang."
        )
        raise UserError(words.format(path=path)) from problem
    except OSError as problem:
        words = _("Printer {path} tidak ada. Periksa kabel dan daya printer.")
        raise UserError(words.format(path=path)) from problem
    try:
        print_over(_Handle(handle), data, patience)
    finally:
        os.close(handle)


def _is_device(path: str) -> bool:
    mode = os.stat(path).st_mode
    return stat.S_ISCHR(mode) or stat.S_ISFIFO(mode)


class _Handle:
    def __init__(self, handle: int) -> None:
        self._handle = handle

    def send(self, data: bytes, seconds: float) -> None:
        rest = memoryview(data)
        while rest:
            self._wait(seconds)
            try:
                rest = rest[os.write(self._handle, rest) :]
            except BlockingIOError:
                time.sleep(0.01)
        self._wait(seconds)  # the kernel drops what is still on its way when the device is closed

    def _wait(self, seconds: float) -> None:
        if not select.select([], [self._handle], [], seconds)[1]:
            raise TimeoutError

    def hear(self, seconds: float) -> int | None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self._handle], [], [], left)[0]:
                return None
            try:
                if heard := os.read(self._handle, 1):
                    return heard[0]
            except BlockingIOError:
                pass
            time.sleep(0.01)  # a printer without a way back reads as empty at once
        return None
