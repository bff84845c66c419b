"""Print queues of Linux through libcups: raw jobs, and what became of a job after the queue took it.

A queue that takes a job has printed nothing yet: only the job's own state tells (users.md 1.15).
"""

from __future__ import annotations

import ctypes
import time
from ctypes import POINTER, Structure, byref, c_char_p, c_int, c_long, c_size_t, c_void_p
from functools import cache
from typing import Any

from desktop.errors import UserError
from desktop.i18n import _
from desktop.printers.queue import missing, stopped

RAW = b"application/vnd.cups-raw"
SECONDS = 15.0  # for a roll; a sheet printer may have to warm up
SHEET_SECONDS = 60.0
ALL_JOBS = -1
STOPPED, CANCELLED, ABORTED, COMPLETED = 6, 7, 8, 9
CONTINUE = 100
# A word in printer-state-reasons that means no paper, whatever its ending (-error, -report, -warning).
_NO_PAPER = ("media-empty", "media-needed")
_OPEN = ("cover-open", "door-open")
_JAM = ("media-jam",)
_AWAY = ("offline", "connecting-to-device", "timed-out", "shutdown")


class _Option(Structure):
    _fields_ = [("name", c_char_p), ("value", c_char_p)]


class _Dest(Structure):
    _fields_ = [("name", c_char_p), ("instance", c_char_p), ("is_default", c_int), ("num_options", c_int),
                ("options", POINTER(_Option))]  # fmt: skip


class _Job(Structure):
    _fields_ = [("id", c_int), ("dest", c_char_p), ("title", c_char_p), ("user", c_char_p), ("format", c_char_p),
                ("state", c_int), ("size", c_int), ("priority", c_int), ("completed", c_long), ("created", c_long),
                ("processed", c_long)]  # fmt: skip


@cache
def _library() -> Any:
    library = ctypes.CDLL("libcups.so.2")
    for name, result, *arguments in (
        ("cupsGetNamedDest", POINTER(_Dest), c_void_p, c_char_p, c_char_p),
        ("cupsGetOption", c_char_p, c_char_p, c_int, POINTER(_Option)),
        ("cupsFreeDests", None, c_int, POINTER(_Dest)),
        ("cupsCreateJob", c_int, c_void_p, c_char_p, c_char_p, c_int, c_void_p),
        ("cupsStartDocument", c_int, c_void_p, c_char_p, c_int, c_char_p, c_char_p, c_int),
        ("cupsWriteRequestData", c_int, c_void_p, c_char_p, c_size_t),
        ("cupsFinishDocument", c_int, c_void_p, c_char_p),
        ("cupsGetJobs2", c_int, c_void_p, POINTER(POINTER(_Job)), c_char_p, c_int, c_int),
        ("cupsFreeJobs", None, c_int, POINTER(_Job)),
        ("cupsCancelJob2", c_int, c_void_p, c_char_p, c_int, c_int),
    ):
        function = getattr(library, str(name))
        function.restype, function.argtypes = result, arguments
    return library


def check(name: str) -> None:
    """UserError where the queue is not there, takes no jobs or stands still."""
    told = _printer(name)
    if told is None:
        raise missing(name)
    if told["printer-is-accepting-jobs"] == "false" or told["printer-state"] == "5":
        raise stopped(name)


def send(name: str, data: bytes, title: str, seconds: float = SECONDS) -> None:
    """Give raw bytes to the queue and see them through. UserError where it does not print."""
    check(name)
    library, queue = _library(), name.encode()
    job = library.cupsCreateJob(None, queue, title.encode(), 0, None)
    if not job:
        raise stopped(name)
    taken = library.cupsStartDocument(None, queue, job, title.encode(), RAW, 1) == CONTINUE
    taken = taken and library.cupsWriteRequestData(None, data, len(data)) == CONTINUE
    if not taken or library.cupsFinishDocument(None, queue) > 0x0100:  # an ok of IPP is below
        library.cupsCancelJob2(None, queue, job, 1)
        raise stopped(name)
    watch(name, title, seconds)


def watch(name: str, title: str, seconds: float = SECONDS) -> None:
    """Follow the newest job of this title until it is out. UserError where it is not in so many seconds, and the job
    is cancelled: it shall not come out by itself later, beside the one that is printed again."""
    begun = time.monotonic()
    problem: UserError | None = None
    while problem is None:
        job, state = _newest(name, title)
        if state == COMPLETED or not job:  # a queue that keeps no history forgets what it has printed
            return
        spent = time.monotonic() - begun
        if state in (STOPPED, CANCELLED, ABORTED) or spent > seconds:
            problem = _reason(name) or stopped(name)
        elif spent > seconds / 3:  # a cause told at once may be that of the job before
            problem = _reason(name)
        time.sleep(0.2)
    _library().cupsCancelJob2(None, name.encode(), job, 0)
    raise problem


def _newest(name: str, title: str) -> tuple[int, int]:
    library, jobs = _library(), POINTER(_Job)()
    count = library.cupsGetJobs2(None, byref(jobs), name.encode(), 0, ALL_JOBS)
    found = [(jobs[at].id, jobs[at].state) for at in range(max(count, 0)) if jobs[at].title == title.encode()]
    library.cupsFreeJobs(max(count, 0), jobs)
    return max(found, default=(0, 0))


def _printer(name: str) -> dict[str, str] | None:
    library = _library()
    dest = library.cupsGetNamedDest(None, name.encode(), None)
    if not dest:
        return None
    told = {}
    for key in ("printer-is-accepting-jobs", "printer-state", "printer-state-reasons"):
        value = library.cupsGetOption(key.encode(), dest.contents.num_options, dest.contents.options)
        told[key] = (value or b"").decode()
    library.cupsFreeDests(1, dest)
    return told


def _reason(name: str) -> UserError | None:
    told = _printer(name)
    if told is None:
        return stopped(name)
    reasons = told["printer-state-reasons"]
    for words, sentence in (
        (_NO_PAPER, _("Kertas printer habis. Isi kertas.")),
        (_OPEN, _("Tutup printer terbuka. Tutup sampai rapat.")),
        (_JAM, _("Kertas macet di printer. Keluarkan kertas yang tersangkut.")),
        (_AWAY, _("Printer tidak menjawab. Periksa daya dan kabelnya.")),
    ):
        if any(word in reasons for word in words):
            return UserError(sentence)
    return stopped(name) if told["printer-state"] == "5" else None
