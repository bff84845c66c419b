"""How this PC reaches the centre: one of two kinds, chosen when it joined, never one in place of the other.

"same machine": a socket or 127.0.0.1, with a password that is never sent (SCRAM). "network": TLS 1.3 in both directions
against the centre's own authority, and the password bound to that very connection.
Kept in the profile's folder ``centre``, for this account only. The secret is in no argument, variable, URL or log.
"""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.sync import private

if TYPE_CHECKING:
    import psycopg

UNREACHABLE, REVOKED_CODE = "E-20", "E-21"
FOLDER_NAME = "centre"
FILE_NAME = "address.json"
AUTHORITY_NAME, CLIENT_NAME = "ca.crt", "client.pem"
DATABASE = "loket"

LOOPBACK = {"127.0.0.1", "::1", "localhost"}
HOST_NAME = re.compile(
    r"(?=.{1,253}$)[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*"
)

# A dead link is noticed within 25 s (reliability.md 2a); the last one is known to Linux only, others pass over it.
BOTH: Mapping[str, str | int] = {
    "application_name": "loket",
    "connect_timeout": 5,
    "gssencmode": "disable",
    "require_auth": "scram-sha-256",
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 15000,
}
NETWORK: Mapping[str, str | int] = {
    "sslmode": "verify-full",
    "ssl_min_protocol_version": "TLSv1.3",
    "channel_binding": "require",
    "target_session_attrs": "read-write",
}

REVOKED = N_(
    "Izin PC ini di pusat tidak berlaku (lagi). Data tetap aman di PC ini. Minta admin mendaftarkan PC ini lagi, "
    "sebutkan kode E-21; sesudah itu semuanya terkirim."
)
# What libpq or the server said -> code and meaning. The first that fits is said.
TROUBLES = {
    r"certificate expired": (
        "E-25",
        N_("Masa berlaku sertifikat PC ini habis. Data aman di PC ini. Minta admin memperbarui, sebutkan kode E-25."),
    ),
    r"certificate verify failed|does not match host name|does not support SSL|channel binding"
    r"|authentication method requirement|protocol version|unsupported protocol": (
        "E-22",
        N_(
            "Server yang menjawab tidak dapat dibuktikan sebagai pusat, jadi tidak ada yang dikirim. Data aman di PC "
            "ini. Periksa tanggal PC; bila benar, hubungi admin, sebutkan kode E-22."
        ),
    ),
    r"authentication failed|not permitted to log in|unknown ca|valid client certificate|no pg_hba.conf entry"
    r"|pg_hba.conf rejects": ("E-21", REVOKED),
    r"too many connections|too many clients|remaining connection slots": (
        "E-23",
        N_("Pusat sedang penuh. Data aman di PC ini dan dikirim bila sudah longgar."),
    ),
}


@dataclass(frozen=True)
class Address:
    """Where the centre is, and as whom this PC signs in there."""

    kind: Literal["same machine", "network"]
    hosts: tuple[str, ...]
    port: int
    role: str
    secret: str = field(repr=False)
    database: str = DATABASE
    # This PC as the journal knows it; empty for the administrator's own way in.
    node_id: str = ""
    # PEM; ``client`` is this PC's certificate and its key. Empty for the same machine.
    authority: str = field(default="", repr=False)
    client: str = field(default="", repr=False)
    # Where libpq finds the two as files; set when the address is read from its folder.
    folder: Path | None = field(default=None, compare=False)

    def __post_init__(self) -> None:
        """UserError for an address that the kind does not allow."""
        hosts_fit = {"same machine": _is_here, "network": _is_host}[self.kind]
        if not self.hosts or not all(hosts_fit(host) for host in self.hosts) or not 0 < self.port < 65536:
            raise UserError(
                _("Alamat pusat tidak benar: {hosts}, port {port}.").format(
                    hosts=", ".join(self.hosts) or "-", port=self.port
                ),
                field="address",
            )

    @property
    def spoken(self) -> str:
        """ "10.0.0.5 port 5432", as an administrator reads it out."""
        return f"{', '.join(self.hosts)} port {self.port}"

    def conninfo(self) -> str:
        """What libpq is told. It holds the secret: never show or log it."""
        from psycopg.conninfo import make_conninfo

        told: dict[str, Any] = {
            **BOTH,
            "host": ",".join(self.hosts),
            "port": self.port,
            "dbname": self.database,
            "user": self.role,
            "password": self.secret,
        }
        if self.kind == "same machine":
            told["sslmode"] = "disable"
        else:
            if self.folder is None:
                raise RuntimeError("an address on the network is used from its folder, where its certificates are")
            client = str(self.folder / CLIENT_NAME)
            told |= {**NETWORK, "sslrootcert": str(self.folder / AUTHORITY_NAME), "sslcert": client, "sslkey": client}
        return make_conninfo(**told)

    def connect(self) -> psycopg.Connection[Any]:
        """A connection in autocommit. UserError with a code (E-20 to E-25) says why there is none."""
        import psycopg

        try:
            return psycopg.connect(self.conninfo(), autocommit=True)
        except psycopg.OperationalError as problem:
            raise trouble(problem, self.spoken) from problem


def trouble(problem: Exception, tried: str = "") -> UserError:
    """Why the centre cannot be used now, as a sentence with a code; the data are safe in each case.

    ``tried`` is the address that did not answer, for whoever has to see whether it is the right one.
    """
    for pattern, (code, sentence) in TROUBLES.items():
        if re.search(pattern, str(problem)):
            return UserError(_(sentence), code=code)
    words = _(
        "Pusat tidak terjangkau{where}. Pelayanan tetap jalan; data aman di PC ini dan dikirim bila tersambung lagi."
    )
    return UserError(words.format(where=f" ({tried})" if tried else ""), code=UNREACHABLE)


def load(profile: Path, name: str = FILE_NAME) -> Address | None:
    """The address this PC was given when it joined; None where it stands alone. UserError where it is damaged."""
    folder = profile / FOLDER_NAME
    try:
        told = json.loads((folder / name).read_text(encoding="utf-8"))
        address = Address(**{**told, "hosts": tuple(told["hosts"])}, folder=folder)
        # The one file is the truth; these two are how libpq reads it.
        for file_name, pem in ((AUTHORITY_NAME, address.authority), (CLIENT_NAME, address.client)):
            path = folder / file_name
            if pem and not (path.exists() and path.read_text() == pem):
                private.write(path, pem.encode())
        return address
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, ValueError, KeyError, TypeError) as problem:
        raise UserError(
            _(
                "Alamat pusat di {path} tidak terbaca. Data pelayanan tidak terpengaruh. "
                "Minta admin mendaftarkan PC ini lagi, sebutkan kode E-24."
            ).format(path=folder / name),
            code="E-24",
        ) from problem


def save(profile: Path, address: Address, name: str = FILE_NAME) -> Address:
    """Keep the address for this account only; a power cut leaves the old one or the new one. Returns what was kept."""
    folder = profile / FOLDER_NAME
    told = {name: value for name, value in asdict(address).items() if name != "folder"}
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        private.write(folder / name, json.dumps(told).encode())
    except OSError as problem:
        raise UserError(
            _(
                "Alamat pusat tidak dapat disimpan di {folder}. Data yang sudah ada tidak berubah. "
                "Periksa izin folder atau ruang disk, lalu ulangi."
            ).format(folder=profile)
        ) from problem
    kept = load(profile, name)
    assert kept is not None
    return kept


def _is_here(host: str) -> bool:
    return host in LOOPBACK or (host.startswith("/") and "," not in host)


def _is_host(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return HOST_NAME.fullmatch(host) is not None
    return True
