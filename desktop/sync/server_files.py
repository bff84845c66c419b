"""What a hall's own PostgreSQL (Debian's, EDB's) is told, as files for whoever runs it; nothing is done by itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from desktop.errors import UserError
from desktop.i18n import _
from desktop.sync import private, scram
from desktop.sync.address import DATABASE
from desktop.sync.certificates import Authority
from desktop.sync.server import QUIET_LOG

ADMIN = "loket_admin"
STANDBY = "loket_standby"
# Where the certificates are put on Debian; on Windows the data folder itself serves (a relative name is of it).
HOME = "/etc/postgresql/loket"
# A worker asks every 5 s: who has been silent for so long is gone.
IDLE = "15min"

# What a backup keeps of the PCs' passwords, so that none is enrolled anew after a server is lost: the verifiers,
# which only a superuser may read. In the maintenance database, because the centre's own is replaced by a restore.
VERIFIERS = """
CREATE SCHEMA IF NOT EXISTS loket;
CREATE OR REPLACE FUNCTION loket.verifiers() RETURNS TABLE (role text, verifier text, may_login bool)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS
$$SELECT rolname::text, rolpassword, rolcanlogin FROM pg_authid WHERE rolname ~ '^loket_[0-9a-f]{12}\\Z'$$;
REVOKE ALL ON FUNCTION loket.verifiers() FROM PUBLIC;
"""

_ANYWHERE = ("0.0.0.0/0", "::/0")
# Over TLS, with a certificate that carries the name of the very role, and its password.
_PROVEN = "scram-sha-256 clientcert=verify-full"


def access() -> list[str]:
    """The lines of pg_hba.conf: the server's own administrator on the spot, the centre's roles, nobody else."""
    rules = [
        ("local", "all", "postgres", "", "peer"),
        *(("host", "all", "postgres", here, "scram-sha-256") for here in ("127.0.0.1/32", "::1/128")),
    ]
    for database, roles in ((DATABASE, "+loket_counter,+loket_report"), ("all", ADMIN), ("replication", STANDBY)):
        rules += [("hostssl", database, roles, net, _PROVEN) for net in _ANYWHERE]
    rules += [("host", "all", "all", net, "reject") for net in _ANYWHERE]
    return [f"{kind:<8}{database:<13}{roles:<29}{net:<14}{how}" for kind, database, roles, net, how in rules]


def settings(home: str = HOME) -> dict[str, str]:
    """The lines of postgresql.conf; the certificates lie in ``home``."""
    return {
        "listen_addresses": "'*'",
        # One for each of the 399 PCs a centre has number codes for, which may hold four for a moment, and some for
        # administration and a standby.
        "max_connections": "500",
        "ssl": "on",
        "ssl_ca_file": f"'{home}/ca.crt'",
        "ssl_cert_file": f"'{home}/server.crt'",
        "ssl_key_file": f"'{home}/server.key'",
        "ssl_min_protocol_version": "'TLSv1.3'",
        "password_encryption": "scram-sha-256",
        "timezone": "UTC",
        "log_timezone": "UTC",
        **QUIET_LOG,
        "idle_session_timeout": IDLE,
        "idle_in_transaction_session_timeout": "30s",
        "client_connection_check_interval": "5s",
        "tcp_keepalives_idle": "30",
        "tcp_keepalives_interval": "10",
        "tcp_keepalives_count": "3",
        # What a standby and its way back after a failover need.
        "wal_level": "replica",
        "wal_log_hints": "on",
    }


def owner_sql(secret: str) -> str:
    """What the server's administrator runs once in psql: the database and the role that looks after it.

    ``loket_admin`` is no superuser: it owns the centre's database and may make logins for its PCs.
    """
    # A name in the braces of psql's \gexec is text here and an identifier there: only our own constants come in.
    ensure = "SELECT 'CREATE ROLE {0} {1}' WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '{0}') \\gexec"
    return "\n".join(
        [
            "\\set ON_ERROR_STOP on",
            *(ensure.format(role, "NOLOGIN") for role in ("loket_owner", "loket_counter", "loket_report")),
            ensure.format(ADMIN, "NOLOGIN"),
            f"ALTER ROLE {ADMIN} LOGIN CREATEROLE CREATEDB CONNECTION LIMIT 10 PASSWORD '{scram.verifier(secret)}';",
            f"GRANT loket_owner TO {ADMIN};",
            f"GRANT loket_counter, loket_report TO {ADMIN} WITH ADMIN OPTION;",
            f"GRANT pg_signal_backend TO {ADMIN};",
            f"SELECT 'CREATE DATABASE {DATABASE} OWNER {ADMIN} TEMPLATE template0 ENCODING ''UTF8'' LOCALE ''C'''",
            f"WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = '{DATABASE}') \\gexec",
            "\\connect postgres",
            VERIFIERS,
            f"GRANT USAGE ON SCHEMA loket TO {ADMIN};",
            f"GRANT EXECUTE ON FUNCTION loket.verifiers() TO {ADMIN};",
            "",
        ]
    )


def write(folder: Path, authority: Authority, hosts: Sequence[str], secret: str, *, now: datetime) -> None:
    """Write all of it into ``folder`` with a page that says what to do. UserError where the folder refuses."""
    server = authority.for_server(hosts, now=now)
    files = {
        "ca.crt": authority.certificate,
        "server.crt": server.certificate,
        "server.key": server.key,
        "standby.pem": authority.for_role(STANDBY, now=now).joined,
        "owner.sql": owner_sql(secret).encode(),
        "pg_hba.conf": _lines("# " + _("Gantikan pg_hba.conf server dengan berkas ini."), access()),
        "loket.conf": _lines(
            "# " + _("Letakkan di conf.d, atau tambahkan ke postgresql.conf."),
            [f"{name} = {value}" for name, value in settings().items()],
        ),
        _("BACA-DULU.txt"): ("\n".join(steps(folder)) + "\n").encode(),
    }
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        for name, content in files.items():
            private.write(folder / name, content)
    except OSError as problem:
        raise UserError(
            _("Folder {folder} tidak dapat ditulisi. Periksa izin folder atau ruang disk, lalu ulangi.").format(
                folder=folder
            )
        ) from problem


def steps(folder: Path) -> list[str]:
    """What whoever runs the server does with the files, line by line."""
    return [
        _("Di server (Debian/Ubuntu; 15 = versi PostgreSQL), sebagai root, dari folder {folder}:").format(
            folder=folder
        ),
        f"  install -d {HOME}",
        f"  install -m 644 ca.crt server.crt {HOME}",
        f"  install -m 600 -o postgres -g postgres server.key {HOME}",
        "  install -m 644 loket.conf /etc/postgresql/15/main/conf.d/",
        "  install -m 640 -o postgres -g postgres pg_hba.conf /etc/postgresql/15/main/",
        "  systemctl restart postgresql",
        "  su postgres -c psql < owner.sql",
        _("Buka port 5432 hanya untuk jaringan loket, misalnya:"),
        "  ufw allow from 10.0.0.0/24 to any port 5432 proto tcp",
        _(
            "Windows (EDB): salin ca.crt, server.crt, server.key ke folder data; tambahkan isi loket.conf ke "
            "postgresql.conf dan hapus '{home}/' di dalamnya; ganti pg_hba.conf; mulai ulang layanannya; "
            "jalankan owner.sql dengan psql sebagai postgres."
        ).format(home=HOME),
        _("Sesudah itu jalankan perintah centre init yang sama sekali lagi."),
    ]


def _lines(first: str, lines: Sequence[str]) -> bytes:
    return "\n".join([first, *lines, ""]).encode()
