"""A thermal printer with an address of its own: port 9100, bytes in, answers out."""

from __future__ import annotations

import contextlib
import socket

from desktop.errors import UserError
from desktop.i18n import _
from desktop.printers.talk import PATIENCE, Patience, print_over

PORT = 9100


def read_address(typed: str) -> tuple[str, int]:
    """Host and port of "192.168.1.50" or "printer-3:9101". UserError (field ``printer_address``) where it is none."""
    host, colon, port = typed.strip().partition(":")
    is_port = port.isascii() and port.isdigit() and 0 < int(port) < 65536
    if not host or any(c.isspace() or c == "/" for c in host) or (colon and not is_port):
        raise UserError(
            _("Alamat printer tidak terbaca. Tulis seperti 192.168.1.50; port 9100 tidak perlu ditulis."),
            field="printer_address",
        )
    return host, int(port) if colon else PORT


def send(address: str, data: bytes, patience: Patience = PATIENCE) -> None:
    """Print at this address. UserError with the cause where it cannot be reached or does not print."""
    host, port = read_address(address)
    try:
        connection = socket.create_connection((host, port), patience.connect)
    except OSError as problem:
        words = _("Printer di {address} tidak menjawab. Periksa daya printer, kabel jaringan, dan alamatnya.")
        raise UserError(words.format(address=address.strip())) from problem
    with connection:
        print_over(_Socket(connection), data, patience)
        _part(connection, patience)


def _part(connection: socket.socket, patience: Patience) -> None:
    """Hang up politely: who closes on an answer that came too late has the system take the whole paper back."""
    connection.settimeout(patience.answer)
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        while connection.recv(64):
            pass


class _Socket:
    def __init__(self, connection: socket.socket) -> None:
        self._connection = connection

    def send(self, data: bytes, seconds: float) -> None:
        self._connection.settimeout(seconds)
        self._connection.sendall(data)

    def hear(self, seconds: float) -> int | None:
        self._connection.settimeout(seconds)
        try:
            heard = self._connection.recv(1)
        except TimeoutError:
            return None
        if not heard:
            raise ConnectionResetError
        return heard[0]
