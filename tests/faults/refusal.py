"""A disk that refuses one chosen write of this very process: strace puts the error in the system call's place."""

from __future__ import annotations

import contextlib
import ctypes
import os
import subprocess
import sys
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from desktop.folder import FILE_NAME, WITNESS_NAME

WRITES = "write,pwrite64,ftruncate,fsync,fdatasync,sendfile,copy_file_range"
# Full: from the chosen write on nothing is taken. Faulty: that one write fails, and no other.
FULL, FAULTY = "ENOSPC", "EIO"
ANYBODY_MAY_TRACE = (0x59616D61, -1)  # PR_SET_PTRACER, PR_SET_PTRACER_ANY


def files_of(folder: Path) -> list[Path]:
    """What a save writes to."""
    return [folder / FILE_NAME, folder / f"{FILE_NAME}-wal", folder / WITNESS_NAME]


@dataclass
class Refusal:
    """How many writes the disk saw, and refused."""

    seen: int = 0
    refused: int = 0


@contextlib.contextmanager
def refusing(paths: Collection[Path], error: str, place: int, told: Path) -> Iterator[Refusal]:
    """Let the write at ``place`` (from 1; 0 lets all pass) to these files fail; ``told`` keeps strace's words."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(*ANYBODY_MAY_TRACE, 0, 0, 0)
    command = ["strace", "-f", "-p", str(os.getpid()), "-o", str(told), "-e", f"trace={WRITES}"]
    for path in paths:
        command += ["-P", str(path)]
    if place:
        command += ["-e", f"inject={WRITES}:error={error}:when={place}{'+' if error == FULL else ''}"]
    tracer = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert tracer.stderr is not None
    while "attached" not in (line := tracer.stderr.readline()):
        assert line, "strace could not begin"
    refusal = Refusal()
    try:
        yield refusal
    finally:
        tracer.terminate()
        tracer.communicate()
        lines = [line for line in told.read_text(errors="replace").splitlines() if "(" in line and "+++" not in line]
        refusal.seen, refusal.refused = len(lines), sum("(INJECTED)" in line for line in lines)
