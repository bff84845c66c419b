"""What lies in the folder of a counter, and how another set of files takes the place of the data, all or nothing."""

from __future__ import annotations

import contextlib
import errno
import os
import shutil
import sys
import zlib
from pathlib import Path

from desktop.errors import UserError
from desktop.i18n import _

FILE_NAME = "loket.db"
SLOTS_NAME = "loket.key"
LOCK_NAME = "loket.lock"
WITNESS_NAME = "loket.head"
WORK_NAME = "loket.pulih"  # where the data of tomorrow are made ready
MARK_NAME = "siap"  # in it: the exchange has begun, and the name of the folder for what was in place before


def size(path: Path) -> int:
    """Bytes of a file; 0 where there is none."""
    return path.stat().st_size if path.exists() else 0


def sync(folder: Path) -> None:
    """Make a rename in this folder durable; Windows does so by itself."""
    if os.name == "posix":
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as problem:
            # A network folder does not know how.
            if problem.errno not in (errno.EINVAL, errno.ENOTSUP):
                raise
        finally:
            os.close(handle)


def exchange(folder: Path, aside: str) -> Path:
    """Let what lies ready in the work folder take the place of the data; gives the folder of what was there before.

    Nothing is deleted. Killed in between, ``finish`` ends it at the next start. OSError where the disk is full.
    """
    if size(folder / WORK_NAME / f"{FILE_NAME}-wal"):
        # It could not be folded in, and would stay behind with what was saved last: the numbers, begun anew.
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    while (folder / aside).exists():
        aside += "+"
    mark = folder / WORK_NAME / MARK_NAME
    draft = mark.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as out:
        out.write(aside)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, mark)
    sync(mark.parent)
    finish(folder)
    return folder / aside


def finish(folder: Path) -> None:
    """End an exchange that was begun, however often it was interrupted; an ordinary start finds nothing to do."""
    work = folder / WORK_NAME
    mark = work / MARK_NAME
    if not mark.exists():
        return
    aside = folder / mark.read_text(encoding="utf-8")
    aside.mkdir(exist_ok=True)
    # The log of the old file goes first: beside the new one it would be read as the new one's.
    for name in (f"{FILE_NAME}-wal", f"{FILE_NAME}-shm", WITNESS_NAME):
        if (folder / name).exists():
            os.replace(folder / name, aside / name)
    for name in (SLOTS_NAME, FILE_NAME):
        if (work / name).exists():
            if (folder / name).exists():
                os.replace(folder / name, aside / name)
            os.replace(work / name, folder / name)
    sync(folder)
    mark.unlink()
    shutil.rmtree(work, ignore_errors=True)


class Witness:
    """Names the entry saved last, in a file of its own beside the database.

    Costs no second fsync: after a power cut it may name an older entry, which the file then holds as well. An entry
    that the file does not hold was lost with a log file that was damaged, deleted or left out of a copy: without this
    the loss would be silent, and the numbers on paper would be given a second time (reliability.md F11).
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def told(self) -> str:
        """The entry that was told last; empty where there is none, or the file is damaged."""
        try:
            eid, _space, check = self._path.read_text("ascii", "replace").partition(" ")
        except OSError:
            return ""
        return eid if check == f"{zlib.crc32(eid.encode()):08x}" else ""

    def tell(self, eid: str) -> None:
        """Remember this entry: one small write over the last one."""
        # The save is done and durable: a witness that cannot write must not make it look undone.
        with contextlib.suppress(OSError):
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT, 0o600)
            try:
                os.write(handle, f"{eid} {zlib.crc32(eid.encode()):08x}".encode())
            finally:
                os.close(handle)


class Lock:
    """A lock on a file beside the database that the kernel frees however the program ends (reliability.md F12)."""

    def __init__(self, path: Path) -> None:
        self._handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            self._take()
        except OSError as problem:
            os.close(self._handle)
            raise UserError(_("Program sudah terbuka. Jendelanya ditampilkan."), code="E-01") from problem

    def _take(self) -> None:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(self._handle, msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def release(self) -> None:
        # Once: by the second time its number may belong to a file that something else has open.
        handle, self._handle = self._handle, -1
        if handle >= 0:
            with contextlib.suppress(OSError):
                os.close(handle)
