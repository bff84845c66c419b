"""Raw bytes to a print queue of Windows, through winspool."""

from __future__ import annotations

import ctypes
import sys
import time
from ctypes import POINTER, Structure, byref, c_int, c_ubyte, c_void_p, c_wchar_p
from typing import Any

from desktop.errors import UserError
from desktop.i18n import _
from desktop.printers.queue import missing, stopped

assert sys.platform == "win32"  # for mypy: nothing below is looked at elsewhere

DWORD = ctypes.c_ulong  # of 32 bits on Windows
SECONDS = 15.0
BLOCKED = 0x0002 | 0x0020 | 0x0040 | 0x0200 | 0x0400  # error, offline, paper out, blocked, a person is needed
NO_PAPER = 0x0040
CANCEL = 3


class _Document(Structure):
    _fields_ = [("name", c_wchar_p), ("file", c_wchar_p), ("kind", c_wchar_p)]


class _SystemTime(Structure):
    _fields_ = [("words", ctypes.c_ushort * 8)]


class _Job(Structure):
    _fields_ = [("id", DWORD), ("printer", c_wchar_p), ("machine", c_wchar_p), ("user", c_wchar_p),
                ("document", c_wchar_p), ("kind", c_wchar_p), ("words", c_wchar_p), ("status", DWORD),
                ("priority", DWORD), ("position", DWORD), ("total", DWORD), ("printed", DWORD),
                ("submitted", _SystemTime)]  # fmt: skip


def _library() -> Any:
    library = ctypes.WinDLL("winspool.drv", use_last_error=True)
    for name, *arguments in (
        ("OpenPrinterW", c_wchar_p, POINTER(c_void_p), c_void_p),
        ("StartDocPrinterW", c_void_p, DWORD, POINTER(_Document)),
        ("StartPagePrinter", c_void_p),
        ("WritePrinter", c_void_p, ctypes.c_char_p, DWORD, POINTER(DWORD)),
        ("EndPagePrinter", c_void_p),
        ("EndDocPrinter", c_void_p),
        ("GetJobW", c_void_p, DWORD, DWORD, c_void_p, DWORD, POINTER(DWORD)),
        ("SetJobW", c_void_p, DWORD, DWORD, c_void_p, DWORD),
        ("ClosePrinter", c_void_p),
    ):
        function = getattr(library, str(name))
        function.restype, function.argtypes = c_int, arguments
    return library


def send(name: str, data: bytes, title: str, seconds: float = SECONDS) -> None:
    """Give raw bytes to the queue and see them through. UserError where it is not there or does not print."""
    library, printer = _library(), c_void_p()
    if not library.OpenPrinterW(name, byref(printer), None):
        raise missing(name)
    try:
        job = library.StartDocPrinterW(printer, 1, byref(_Document(title, None, "RAW")))
        if not job:
            raise stopped(name)
        written = DWORD()
        is_taken = library.StartPagePrinter(printer) and library.WritePrinter(printer, data, len(data), byref(written))
        library.EndPagePrinter(printer)
        library.EndDocPrinter(printer)
        if not is_taken or written.value != len(data):
            raise stopped(name)
        _watch(library, printer, job, name, seconds)
    finally:
        library.ClosePrinter(printer)


def _watch(library: Any, printer: c_void_p, job: int, name: str, seconds: float) -> None:
    """Follow the job until the queue has forgotten it, which is how Windows says that it is printed."""
    end, status = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        needed = DWORD()
        library.GetJobW(printer, job, 1, None, 0, byref(needed))
        room = (c_ubyte * max(needed.value, 1))()
        if not library.GetJobW(printer, job, 1, room, len(room), byref(needed)):
            return
        status = int(_Job.from_buffer(room).status)
        time.sleep(0.2)
    if status & BLOCKED:
        # It shall not come out by itself later, beside the one that is printed again.
        library.SetJobW(printer, job, 0, None, CANCEL)
        raise UserError(_("Kertas printer habis. Isi kertas.")) if status & NO_PAPER else stopped(name)
