"""The folder from which a centre is looked after: its server or the way to it, its authority, its own small profile.

centre/      the administrator's address on the network        profile/   the centre's own counter file
authority/   ca.crt and ca.key                                  server/    files for whoever runs the server
postgres/    the packaged server, for one PC                    backups/   see backup.py
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from desktop import itself
from desktop.errors import UserError
from desktop.i18n import _
from desktop.sync import address, certificates, private, server_files
from desktop.sync.address import DATABASE, Address, trouble
from desktop.sync.certificates import Authority
from desktop.sync.server import ADDRESS, Server

MAINTENANCE = "postgres"
LEAST_SERVER = 15


class Site:
    """One centre as its administrator holds it."""

    def __init__(self, folder: Path) -> None:
        """UserError where the folder holds no centre."""
        self.folder = folder
        self.profile = folder / "profile"
        self.server_files = folder / "server"
        self.backups = folder / "backups"
        self.server = Server(folder / "postgres") if Server.is_in(folder / "postgres") else None
        self._address = address.load(folder)
        if self.server is None and self._address is None:
            raise UserError(
                _(
                    "Di folder {folder} belum ada pusat data. Mulai dengan {program} centre init --here (satu PC) "
                    "atau --address (jaringan), atau sebutkan foldernya: centre --folder"
                ).format(folder=folder, program=itself.NAME)
            )

    @classmethod
    def make_here(cls, folder: Path, *, programs: Path | None = None, port: int | None = None) -> Site:
        """A centre whose server runs on this PC, for programs of this PC only. Finds it again if it is there."""
        _make_folder(folder)
        if address.load(folder) is not None:
            raise _other_kind(folder)
        if not Server.is_in(folder / "postgres"):
            Server.make(folder / "postgres", programs=programs, port=port)
        return cls(folder)

    @classmethod
    def make_for(cls, folder: Path, hosts: Sequence[str], port: int, hall_name: str, *, now: datetime) -> Site:
        """A centre on a server that somebody runs: writes the files for it. What still holds is kept as it is."""
        _make_folder(folder)
        if Server.is_in(folder / "postgres"):
            raise _other_kind(folder)
        there = address.load(folder)
        (folder / "authority").mkdir(exist_ok=True, mode=0o700)
        authority = Authority.open(folder / "authority", hall_name, now=now)
        secret = there.secret if there is not None else secrets.token_urlsafe(32)
        own = authority.for_role(server_files.ADMIN, now=now)
        kept = Address(
            "network", tuple(hosts), port, server_files.ADMIN, secret,
            authority=authority.certificate.decode(), client=own.joined.decode(),
        )  # fmt: skip
        certificate = folder / "server" / "server.crt"
        if (
            there is None
            or not certificate.exists()
            or certificates.names_of(certificate.read_bytes()) != set(hosts)
            or certificates.runs_out_at(certificate.read_bytes()) - now < certificates.WARN
        ):
            server_files.write(folder / "server", authority, hosts, secret, now=now)
        address.save(folder, kept)
        return cls(folder)

    def refuse_other_kind(self, *, is_here: bool) -> None:
        """UserError where this centre is not of that kind: ``is_here`` for a server of this PC alone."""
        if is_here != (self.server is not None):
            raise _other_kind(self.folder)

    @property
    def hosts(self) -> tuple[str, ...]:
        """Where the counters look for the centre."""
        return self._address.hosts if self._address is not None else (ADDRESS,)

    def conninfo(self, database: str = DATABASE) -> str:
        """How the administrator reaches a database; holds the secret."""
        if self.server is not None:
            return self.server.dsn(database)
        assert self._address is not None
        return psycopg.conninfo.make_conninfo(self._address.conninfo(), dbname=database)

    def connect(self, database: str = DATABASE) -> psycopg.Connection[Any]:
        """A connection of the administrator in autocommit, the own server started first. UserError says why not."""
        if self.server is not None:
            self.server.start()
        try:
            connection = psycopg.connect(self.conninfo(database), autocommit=True)
        except psycopg.OperationalError as problem:
            raise trouble(problem, self._address.spoken if self._address is not None else "") from problem
        if connection.info.server_version < LEAST_SERVER * 10000:
            connection.close()
            raise UserError(
                _("Server memakai PostgreSQL yang terlalu lama; perlu versi {version} atau lebih baru.").format(
                    version=LEAST_SERVER
                )
            )
        return connection

    def make_database(self) -> None:
        """Make the centre's database on the own server, and what its owner may see; harmless when it is there."""
        with self.connect(MAINTENANCE) as connection:
            connection.execute(server_files.VERIFIERS)
            if connection.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is None:
                new_database(connection, DATABASE)

    def address_for(self, role: str, secret: str, node_id: str, *, now: datetime) -> Address:
        """How a PC that was given this login reaches the centre."""
        if self.server is not None:
            return Address("same machine", (ADDRESS,), self.server.port, role, secret, node_id=node_id)
        assert self._address is not None
        authority = Authority.open(self.folder / "authority", "", now=now)
        pair = authority.for_role(role, now=now)
        # Only to see in time when it runs out: the key is kept nowhere but at the counter.
        self._issued.mkdir(exist_ok=True, mode=0o700)
        private.write(self._issued / f"{role}.crt", pair.certificate)
        return Address(
            "network", self._address.hosts, self._address.port, role, secret, node_id=node_id,
            authority=authority.certificate.decode(), client=pair.joined.decode(),
        )  # fmt: skip

    def run_out_before(self, moment: datetime) -> dict[str, datetime]:
        """What has to be renewed by then: roles, or "server", and when their certificates stop being believed."""
        ends = {path.stem: certificates.runs_out_at(path.read_bytes()) for path in self._issued.glob("*.crt")}
        if self._address is not None:
            ends["server"] = certificates.runs_out_at((self.server_files / "server.crt").read_bytes())
            ends[server_files.ADMIN] = certificates.runs_out_at(self._address.client.encode())
        return {name: end for name, end in ends.items() if end <= moment}

    @property
    def _issued(self) -> Path:
        return self.folder / "authority" / "issued"


def new_database(connection: psycopg.Connection[Any], name: str) -> None:
    """An empty database whose order of words no update of the system can change."""
    order = "CREATE DATABASE {} TEMPLATE template0 ENCODING 'UTF8' LOCALE 'C'"
    connection.execute(sql.SQL(order).format(sql.Identifier(name)))


def _other_kind(folder: Path) -> UserError:
    return UserError(
        _(
            "Pusat data di {folder} dari jenis lain (--here atau --address). Tidak ada yang diubah. "
            "Pakai folder lain dengan --folder."
        ).format(folder=folder)
    )


def _make_folder(folder: Path) -> None:
    try:
        # As root another account runs the server and has to pass through; it may read nothing here.
        folder.mkdir(parents=True, exist_ok=True, mode=0o711)
        folder.chmod(0o711 if hasattr(os, "geteuid") and os.geteuid() == 0 else 0o700)
        (folder / "profile").mkdir(exist_ok=True, mode=0o700)
    except OSError as problem:
        raise UserError(
            _("Folder {folder} tidak dapat ditulisi. Periksa izin folder atau ruang disk, lalu ulangi.").format(
                folder=folder
            )
        ) from problem
