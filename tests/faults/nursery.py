"""A process that has the whole program loaded already; the programs of these tests are forked from it.

Each is a process of its own that is killed like any other, without the second and a half that loading takes.
"""

from __future__ import annotations

import importlib
import json
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any, TextIO

PROJECT = Path(__file__).resolve().parent.parent.parent
PROGRAMS = ("counter", "keeper", "officer")
# What the program itself loads with its first paper.
LATER = ("desktop.papers.receipt", "desktop.papers.raster")
KILLED = -signal.SIGKILL


class Life:
    """One run of a program: its process, what it is told, and what it says."""

    def __init__(self, nursery: Nursery, process: int, told: TextIO, said: TextIO) -> None:
        self._nursery, self.process, self.told, self.said = nursery, process, told, said
        self._code: int | None = None

    @property
    def is_over(self) -> bool:
        return self._code is not None

    def kill(self) -> list[str]:
        """kill -9; the whole lines it said until then. AssertionError where it had ended by itself."""
        os.kill(self.process, signal.SIGKILL)
        lines = self.said.read().splitlines(keepends=True)
        code = self.end()
        assert code == KILLED, f"it came to grief by itself: {code}"
        return [line.rstrip("\n") for line in lines if line.endswith("\n")]

    def end(self) -> int:
        """Tell it nothing more, and give the code it ends with."""
        if self._code is None:
            self.told.close()
            self._code = self._nursery.ask({"wait": self.process})
            self.said.close()
        return self._code


class Nursery:
    """Where lives begin; ``close`` when none is left."""

    def __init__(self) -> None:
        self._line, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with theirs:
            command = [sys.executable, "-m", "tests.faults.nursery", str(theirs.fileno())]
            self._process = subprocess.Popen(command, cwd=PROJECT, pass_fds=[theirs.fileno()])

    def start(self, program: str, *arguments: str) -> Life:
        """A module of this folder, its ``main`` called with these texts."""
        (heard, told), (said, speaks) = os.pipe(), os.pipe()
        try:
            process = self.ask({"start": program, "given": arguments}, heard, speaks)
        finally:
            os.close(heard)
            os.close(speaks)
        return Life(self, process, open(told, "w", encoding="utf-8"), open(said, encoding="utf-8"))

    def ask(self, what: dict[str, Any], *handles: int) -> int:
        socket.send_fds(self._line, [json.dumps(what).encode()], handles)
        return int(self._line.recv(100))

    def close(self) -> None:
        self._line.close()
        assert self._process.wait() == 0


def serve(line: socket.socket) -> None:
    """Fork a program for every "start", until nobody asks any more; returns in every child as well."""
    while True:
        asked, handles, _flags, _address = socket.recv_fds(line, 10_000, 2)
        if not asked:
            return
        what = json.loads(asked)
        if "wait" in what:
            answer = os.waitstatus_to_exitcode(os.waitpid(what["wait"], 0)[1])
        elif (answer := os.fork()) == 0:
            line.close()
            for place, handle in enumerate(handles):  # the first is read from, the second written to
                os.dup2(handle, place)
                os.close(handle)
            sys.modules[f"tests.faults.{what['start']}"].main(*what["given"])
            return
        for handle in handles:
            os.close(handle)
        line.send(str(answer).encode())


def main(handle: int) -> None:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    for module in (*(f"tests.faults.{program}" for program in PROGRAMS), *LATER):
        importlib.import_module(module)
    from sqlalchemy.orm import configure_mappers

    configure_mappers()
    serve(socket.socket(fileno=handle))


if __name__ == "__main__":
    main(int(sys.argv[1]))
