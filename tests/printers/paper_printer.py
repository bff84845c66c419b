"""A thermal printer without paper: it speaks ESC/POS over a socket, and what it prints can be looked at."""

from __future__ import annotations

import contextlib
import select
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop.papers.raster import Picture

READY, OFFLINE, COVER, PAPER_STOP, KNIFE, NO_PAPER = 0x12, 0x1A, 0x16, 0x32, 0x1A, 0x72


def decode(data: bytes, *, margin: int = 40) -> list[Picture]:
    """The pages in a stream of ESC/POS, with the white edges that the head does not reach.

    AssertionError where a real printer would print rubbish: a command unknown, a block cut short.
    """
    pages: list[Picture] = []
    rows: list[bytes] = []
    at = 0
    while at < len(data):
        if data[at : at + 2] == b"\x1b@":
            rows, at = [], at + 2
        elif data[at : at + 4] == b"\x1dv0\0":
            across, count = (int.from_bytes(data[at + n : at + n + 2], "little") for n in (4, 6))
            block = data[at + 8 : at + 8 + across * count]
            assert len(block) == across * count, "a block is cut short"
            rows += [_dots(block[n : n + across], margin) for n in range(0, len(block), across)]
            at += 8 + len(block)
        elif data[at : at + 2] == b"\x1bd":
            at += 3
        elif data[at : at + 3] == b"\x1dVB":
            pages.append(Picture(len(rows[0]), len(rows), b"".join(rows)))
            rows, at = [], at + 4
        else:
            raise AssertionError(f"unknown command {data[at : at + 4]!r} at {at}")
    assert not rows, "the last page was not cut"
    return pages


# The greys of the eight dots of a byte.
_EIGHT = [bytes(0 if byte >> bit & 1 else 255 for bit in range(7, -1, -1)) for byte in range(256)]


def _dots(row: bytes, margin: int) -> bytes:
    white = b"\xff" * margin
    return white + b"".join(map(_EIGHT.__getitem__, row)) + white


@dataclass
class Mood:
    """How the printer is: what it answers to DLE EOT 1 to 4, and how it fails its users."""

    answers: dict[int, int] = field(default_factory=lambda: dict.fromkeys((1, 2, 3, 4), READY))
    done: int = 0x00
    is_mute: bool = False
    late: float = 0  # seconds before an answer
    dies_after: int | None = None  # bytes, then the connection breaks
    stops_after: int | None = None  # bytes, then nothing is taken any more
    answers_then: dict[int, int] | None = None  # what it answers once it stopped
    pause: float = 0  # seconds between two mouthfuls


class PaperPrinter:
    """A server on a port of this machine; ``printed`` are the finished streams."""

    def __init__(self, mood: Mood | None = None) -> None:
        self.mood = mood or Mood()
        self.printed: list[bytes] = []
        self.asked = 0
        self._server = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self._server.getsockname()[1]}"
        self._is_on = True
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def pages(self) -> list[Picture]:
        return [page for job in self.printed for page in decode(job)]

    def close(self) -> None:
        self._is_on = False
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while self._is_on:
            try:
                connection, _who = self._server.accept()
            except OSError:
                return
            with connection, contextlib.suppress(OSError):
                self._serve_one(connection)

    def _serve_one(self, connection: socket.socket) -> None:
        taken, mood = bytearray(), self.mood
        while True:
            if not select.select([connection], [], [], 0.05)[0]:
                if not self._is_on:
                    return
                continue
            if mood.stops_after is not None and len(taken) >= mood.stops_after:
                self._answer_only(connection)
                return
            heard = connection.recv(2048)
            if not heard:
                break
            time.sleep(mood.pause)
            taken += self._answer(connection, heard)
            if taken.endswith(b"\x1dr\x01"):  # it may have come in two pieces
                del taken[-3:]
                connection.sendall(bytes([mood.done]))
            if mood.dies_after is not None and len(taken) >= mood.dies_after:
                return
        if taken:
            self.printed.append(bytes(taken))

    def _answer_only(self, connection: socket.socket) -> None:
        """The buffer is full: nothing more is taken but the questions a printer answers at once."""
        answers = self.mood.answers_then or self.mood.answers
        while self._is_on:
            time.sleep(0.02)
            waiting = connection.recv(1 << 20, socket.MSG_PEEK)
            if not waiting:
                return
            if waiting.endswith((b"\x10\x04\x01", b"\x10\x04\x02", b"\x10\x04\x03", b"\x10\x04\x04")):
                connection.recv(len(waiting))
                connection.sendall(bytes([answers[waiting[-1]]]))

    def _answer(self, connection: socket.socket, heard: bytes) -> bytes:
        """Answer if it was a question; what is left is to be printed."""
        mood = self.mood
        for question in (1, 2, 3, 4):
            if heard == b"\x10\x04" + bytes([question]):
                self.asked += 1
                time.sleep(mood.late)
                if not mood.is_mute:
                    connection.sendall(bytes([mood.answers[question]]))
                return b""
        return heard


@contextlib.contextmanager
def printer(mood: Mood | None = None) -> Iterator[PaperPrinter]:
    made = PaperPrinter(mood)
    try:
        yield made
    finally:
        made.close()
