"""The connection to the centre: its functions called under a deadline, its refusals told apart."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from typing import Any

import psycopg
from psycopg.rows import dict_row

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.sync.address import REVOKED

# A call that has not answered by then never will (seconds); the server gives up at the same time.
DEADLINE = 30.0


class Refused(UserError):
    """The centre answered, and the answer is no: waiting does not help. Codes E-21, E-26 to E-29, E-31, E-32."""


OLD_PROGRAM = N_(
    "Pusat data memakai Loket yang lebih baru. Pelayanan tetap jalan dan data aman di PC ini, tetapi belum terkirim. "
    "Pasang Loket versi terbaru di PC ini."
)
OLD_CENTRE = N_(
    "Pusat data memakai Loket yang lebih lama. Pelayanan tetap jalan dan data aman di PC ini, tetapi belum terkirim. "
    "Minta admin memperbarui pusat data."
)
OTHER_HALL = N_(
    "Yang menjawab adalah pusat data lain, jadi tidak ada yang dikirim. Data aman di PC ini. Hubungi admin, sebutkan "
    "kode E-27."
)
FELL_BACK = N_(
    "Yang menjawab adalah server pusat yang lama, yang sudah digantikan. Tidak ada yang dikirim; data aman di PC ini. "
    "Hubungi admin, sebutkan kode E-28."
)
NOT_TAKEN = N_(
    "Pusat data tidak menerima kiriman PC ini. Pelayanan tetap jalan dan data aman di PC ini. Hubungi admin, sebutkan "
    "kode E-31."
)
# What the centre raises (central.sql) or PostgreSQL itself -> code and sentence.
REFUSALS = {
    "LK101": ("E-21", REVOKED),
    "LK102": ("E-21", REVOKED),
    "LK105": ("E-26", OLD_PROGRAM),
    "LK103": ("E-31", NOT_TAKEN),
    "LK104": ("E-31", NOT_TAKEN),
    "LK106": (
        "E-32",
        N_(
            "Data PC ini berkali-kali ternyata salinan, dan pusat tidak memberi kode nomor lagi. Pelayanan tetap jalan "
            "dan data aman di PC ini. Hubungi admin, sebutkan kode E-32."
        ),
    ),
    "42883": ("E-26", OLD_CENTRE),  # no such function
    "3D000": ("E-27", OTHER_HALL),  # no such database
    "53100": (
        "E-29",
        N_(
            "Disk server pusat penuh. Pelayanan tetap jalan dan data aman di PC ini. Beri tahu admin, sebutkan "
            "kode E-29."
        ),
    ),
}


class Link:
    """An open connection of one PC. Calls raise Refused, or psycopg.Error where the network or the server failed."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        self._was_warned = False
        connection.row_factory = dict_row
        connection.autocommit = True
        connection.add_notice_handler(self._hear)
        # Bells also come with the answer of a call; without a handler psycopg keeps those where nobody looks.
        self._ringers: set[int] = set()
        connection.add_notify_handler(lambda bell: self._ringers.add(bell.pid))

    def call(self, name: str, *arguments: Any) -> Any:
        """The one value of a function of schema sync."""
        rows = self.rows(name, *arguments)
        return next(iter(rows[0].values()))

    def rows(self, name: str, *arguments: Any) -> list[dict[str, Any]]:
        """The rows of a function of schema sync."""
        marks = ", ".join(["%s"] * len(arguments))
        with _refusals(), self._deadline():
            found = self._connection.execute(f"SELECT * FROM sync.{name}({marks})", arguments, binary=True).fetchall()
        if self._was_warned:
            # Whoever cancelled the wait for a standby made the server answer for what a change-over would lose.
            raise psycopg.OperationalError("the server answered with a warning")
        return found

    def _hear(self, notice: psycopg.errors.Diagnostic) -> None:
        self._was_warned = self._was_warned or notice.sqlstate == "01000"

    def listen(self) -> None:
        """Hear the centre's bell from now on."""
        with _refusals(), self._deadline():
            self._connection.execute("LISTEN loket")

    @property
    def number(self) -> int:
        """Which session of the server this is."""
        return self._connection.info.backend_pid

    def ringers(self) -> set[int]:
        """Whose sessions rang the bell since the last look; never waits. Raises where the connection is gone."""
        self._connection.pgconn.consume_input()
        while (rung := self._connection.pgconn.notifies()) is not None:
            self._ringers.add(rung.be_pid)
        found, self._ringers = self._ringers, set()
        return found

    def fileno(self) -> int:
        """For ``select``: readable when the bell rings or the connection ends."""
        return self._connection.fileno()

    def close(self) -> None:
        """End the connection; harmless when it is gone."""
        with contextlib.suppress(psycopg.Error):
            self._connection.close()

    @contextlib.contextmanager
    def _deadline(self) -> Iterator[None]:
        # Never a cancel: a cancelled wait for a standby reports success for what is lost. A shut socket is an error.
        timer = threading.Timer(DEADLINE, self.shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def shut(self) -> None:
        """Let a call that is under way in another thread fail now."""
        with contextlib.suppress(OSError, psycopg.Error):
            same = socket.socket(fileno=self.fileno())
            try:
                same.shutdown(socket.SHUT_RDWR)
            finally:
                same.detach()  # psycopg closes it


@contextlib.contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except psycopg.Error as problem:
        if problem.sqlstate not in REFUSALS:
            raise
        code, sentence = REFUSALS[problem.sqlstate]
        raise Refused(_(sentence), code=code) from problem
