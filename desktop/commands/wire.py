"""A wire on this PC between a counter and the centre, to be cut and healed as a network would be."""

from __future__ import annotations

import contextlib
import socket
import threading


class Wire:
    """Listens on ``port`` and passes everything on, until it is cut: then nothing passes and nothing answers."""

    def __init__(self, to_port: int) -> None:
        self._to = to_port
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self.is_cut = False
        threading.Thread(target=self._serve, name="wire", daemon=True).start()

    def cut(self) -> None:
        """End every connection, and let none begin."""
        self.is_cut = True
        with self._lock:
            ends, self._open = self._open, set()
        for end in ends:
            _end(end)

    def heal(self) -> None:
        """Let connections begin again."""
        self.is_cut = False

    def close(self) -> None:
        """Cut it for good."""
        _end(self._door)
        self.cut()

    def _serve(self) -> None:
        while True:
            try:
                near, _address = self._door.accept()
            except OSError:
                return
            far = None
            with contextlib.suppress(OSError):
                far = None if self.is_cut else socket.create_connection(("127.0.0.1", self._to))
            if far is None:
                _end(near)
                continue
            with self._lock:
                self._open |= {near, far}
            for ends in ((near, far), (far, near)):
                threading.Thread(target=self._pass, args=ends, name="wire", daemon=True).start()

    def _pass(self, near: socket.socket, far: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := near.recv(65536):
                far.sendall(data)
        with self._lock:
            self._open -= {near, far}
        _end(near)
        _end(far)


def _end(end: socket.socket) -> None:
    with contextlib.suppress(OSError):
        end.shutdown(socket.SHUT_RDWR)
    end.close()
