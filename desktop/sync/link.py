"""The connection to the centre: its functions called under a deadline, its refusals told apart."""

from __future__ import annotations

import contextlib
import re
import socket
import threading
from collections.abc import Iterator
from enum import Enum
from typing import Any

import psycopg
from psycopg.rows import dict_row

from desktop.errors import UserError
from desktop.i18n import N_, _

# A call that has not answered by then never will (seconds); the server gives up at the same time.
DEADLINE = 30.0


class Refusal(Enum):
    """Why the centre does not let this PC go on; everything else is a network that will come back."""

    REVOKED = "E-21"
    NEWER_CENTRE = "E-22"
    OTHER_HALL = "E-23"
    CERTIFICATE = "E-24"
    NOT_KNOWN = "E-25"
    FELL_BACK = "E-26"
    FULL = "E-27"


class Refused(Exception):
    """The centre answered, and the answer is no; ``reason`` says why."""

    def __init__(self, reason: Refusal, detail: str = "") -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.detail = detail


_BY_STATE = {
    "LK101": Refusal.REVOKED,
    "LK102": Refusal.NOT_KNOWN,
    "LK105": Refusal.NEWER_CENTRE,
    "28P01": Refusal.NOT_KNOWN,  # the password is wrong
    "28000": Refusal.NOT_KNOWN,  # no such login, or one that may not come in
    "3D000": Refusal.OTHER_HALL,  # no such database
    "42883": Refusal.NEWER_CENTRE,  # no such function: program and centre are of different times
    "53100": Refusal.FULL,
}
# The first that fits.
_BY_WORDS = {
    r"certificate expired|certificate verify failed|does not match host name|does not support SSL|channel binding"
    r"|authentication method requirement|protocol version|unsupported protocol": Refusal.CERTIFICATE,
    r"authentication failed|not permitted to log in|unknown ca|valid client certificate|no pg_hba.conf entry"
    r"|pg_hba.conf rejects": Refusal.NOT_KNOWN,
    r'database ".*" does not exist': Refusal.OTHER_HALL,
}

# What the administrator's commands and the joining of a PC say of a connection that failed.
SENTENCES = {
    Refusal.CERTIFICATE: N_(
        "Server yang menjawab tidak dapat dibuktikan sebagai pusat, atau masa berlaku sertifikat habis. Tidak ada yang "
        "dikirim; data aman di PC ini. Periksa tanggal PC; bila benar, hubungi admin, sebutkan kode E-24."
    ),
    Refusal.NOT_KNOWN: N_(
        "Izin PC ini di pusat tidak berlaku (lagi). Data tetap aman di PC ini. Hubungi admin, sebutkan kode E-25."
    ),
    Refusal.OTHER_HALL: N_(
        "Di server itu tidak ada pusat data. Data aman di PC ini. Hubungi admin, sebutkan kode E-23."
    ),
}


class Link:
    """An open connection of one PC. Calls raise Refused, or psycopg.Error where the network or the server failed."""

    def __init__(self, connection: psycopg.Connection[Any]) -> None:
        self._connection = connection
        connection.row_factory = dict_row
        connection.autocommit = True

    def call(self, name: str, *arguments: Any) -> Any:
        """The one value of a function of schema sync."""
        rows = self.rows(name, *arguments)
        return next(iter(rows[0].values()))

    def rows(self, name: str, *arguments: Any) -> list[dict[str, Any]]:
        """The rows of a function of schema sync."""
        marks = ", ".join(["%s"] * len(arguments))
        with _refusals(), self._deadline():
            return self._connection.execute(f"SELECT * FROM sync.{name}({marks})", arguments, binary=True).fetchall()

    def listen(self) -> None:
        """Hear the centre's bell from now on."""
        with _refusals(), self._deadline():
            self._connection.execute("LISTEN loket")

    def is_rung(self) -> bool:
        """Whether the bell was rung since the last look; never waits. Raises where the connection is gone."""
        self._connection.pgconn.consume_input()
        rung = False
        while self._connection.pgconn.notifies() is not None:
            rung = True
        return rung

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
        timer = threading.Timer(DEADLINE, self._shut)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()

    def _shut(self) -> None:
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
        reason = refusal_of(problem)
        if reason is not None:
            raise Refused(reason, problem.diag.message_detail or "") from problem
        raise


def refusal_of(problem: psycopg.Error) -> Refusal | None:
    """What a failure means for this PC; None for a network or a server that may come back by itself."""
    if problem.sqlstate is None:
        # Before a session begins libpq only has words; they are English whatever the locale of the server.
        return next((reason for words, reason in _BY_WORDS.items() if re.search(words, str(problem))), None)
    return _BY_STATE.get(problem.sqlstate)


def trouble(problem: psycopg.Error) -> UserError:
    """What a failed connection means, as a sentence with a code; this PC's data are safe in each case."""
    refusal = refusal_of(problem)
    if refusal in SENTENCES:
        return UserError(_(SENTENCES[refusal]), code=refusal.value)
    if re.search(r"too many|remaining connection slots", str(problem)):
        return UserError(_("Pusat sedang penuh. Data aman di PC ini. Tunggu sebentar, lalu ulangi."), code="E-20")
    return UserError(
        _("Pusat tidak terjangkau. Data aman di PC ini. Periksa jaringan dan server, lalu ulangi."), code="E-20"
    )
