"""A disk that refuses one chosen write of this very process: strace puts the error in the system call's place."""

from __future__ import annotations

import contextlib
import ctypes
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

from desktop.folder import FILE_NAME, WITNESS_NAME

WRITES = ("write", "pwrite64", "ftruncate", "fsync", "fdatasync", "sendfile", "copy_file_range")
CALL = re.compile(rf"({'|'.join(WRITES)})\(")
# Full: from the chosen write on nothing is taken. Faulty: that one write fails, and no other.
FULL, FAULTY = "ENOSPC", "EIO"
ANYBODY_MAY_TRACE = (0x59616D61, -1)  # PR_SET_PTRACER, PR_SET_PTRACER_ANY


def files_of(folder: Path) -> list[Path]:
    """What a save writes to."""
    return [folder / FILE_NAME, folder / f"{FILE_NAME}-wal", folder / WITNESS_NAME]


def at(writes: Sequence[str], place: int, error: str) -> list[str]:
    """What strace is told to refuse: the write at ``place`` (from 0) of these; it counts every kind of call apart."""
    before = Counter(writes[:place])
    if error == FAULTY:
        return [f"{writes[place]}:error={error}:when={before[writes[place]] + 1}"]
    return [f"{name}:error={error}:when={before[name] + 1}+" for name in WRITES]


@contextlib.contextmanager
def refusing(paths: Collection[Path], refused: Collection[str], told: Path) -> Iterator[list[str]]:
    """Let writes of this thread to these files fail; gives all it wrote by call. ``told`` keeps strace's words."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(*ANYBODY_MAY_TRACE, 0, 0, 0)
    command = ["strace", "-p", str(os.getpid()), "-o", str(told), "-e", f"trace={','.join(WRITES)}"]
    for path in paths:
        command += ["-P", str(path)]
    for rule in refused:
        command += ["-e", f"inject={rule}"]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    while "attached" not in (line := tracer.stderr.readline()):
        assert line, "strace could not begin"
    writes: list[str] = []
    try:
        yield writes
    finally:
        tracer.terminate()
        tracer.communicate()
        writes += CALL.findall(told.read_text(errors="replace"))
