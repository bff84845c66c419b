"""The centre from the administrator's side: installed and upgraded, PCs enrolled and revoked, its state read.

Every function takes a psycopg connection of the database's owner (a superuser, or a role with CREATEROLE that may
create schemas in it). Counters never come here: they only have the functions of central.sql.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.rows import class_row
from sqlalchemy import Connection, create_engine
from sqlalchemy.pool import StaticPool

from desktop import itself
from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.base import record_classes
from desktop.models.journal import SCHEMA_VERSION
from desktop.sync import scram
from desktop.sync.applying import apply_function

# The oldest program that may still push; raise it when an entry of an older one could no longer be understood.
LEAST_SCHEMA_VERSION = 1
CENTRAL_SQL = Path(__file__).with_name("central.sql")
ROLES = ("loket_owner", "loket_counter", "loket_report")
# All that a counter's login may do.
FOR_COUNTERS = ("hello", "push", "pull", "healed", "stale", "missing", "adopt", "part", "find", "counters")
ROLE_SETTINGS = {
    "statement_timeout": "30s",
    "lock_timeout": "5s",
    "idle_in_transaction_session_timeout": "10s",
}
CONNECTION_LIMIT = 4


@dataclass(frozen=True)
class Enrolment:
    """What a PC needs to come in: its node, its login, and the two codes for its numbers."""

    node_id: str
    db_role: str
    secret: str
    device_code: int
    spare_code: int


@dataclass(frozen=True)
class Node:
    """A PC as the centre knows it. ``skew_ms``: how far its clock is ahead; ``refused``: its entries put aside."""

    node_id: str
    db_role: str
    label: str
    counter_id: str | None
    agency_ids: list[str]
    may_write: str
    device_code: int | None
    revoked_at: datetime | None
    forked_from: str | None
    last_push_at: datetime | None
    last_seen_at: datetime | None
    skew_ms: int | None
    app_version: str | None
    refused: int


@dataclass(frozen=True)
class Status:
    """How the centre stands; ``size_bytes`` is the whole database on disk."""

    hall_name: str | None
    schema_version: int
    server_version: str
    size_bytes: int
    entries: int
    refused: int
    recovery_until: datetime | None
    nodes: list[Node]
    timezone: str  # the hall's; Jakarta's while there is none


# ---------------------------------------------------------------------------------------------------------------------
# Installing


def plan(connection: psycopg.Connection[Any]) -> list[str]:
    """What ``install`` would do now, in sentences; nothing is changed. UserError if the centre is newer."""
    with _reading(connection):
        there = _revision(connection)
    if there is None:
        return [_("Membuat tabel, fungsi, dan peran pusat data.")]
    head, known = _revisions()
    if there not in known:
        raise _newer()
    return [] if there == head else [_("Memperbarui tabel pusat data dari {old} ke {new}.").format(old=there, new=head)]


def install(connection: psycopg.Connection[Any]) -> None:
    """Create or upgrade the whole centre in one transaction; harmless when all is there.

    Entries that an older centre had to put aside are tried again. UserError if the centre is newer than this program.
    """
    head, known = _revisions()
    with _reading(connection):
        there = _revision(connection)
    if there is not None and there not in known:
        raise _newer()
    with _one_transaction(connection) as shared:
        if there is not None:
            # Counters go on pushing, and each begins here: a lock that grows while they do would break one of us off.
            connection.execute("LOCK TABLE sync.node")
        make_roles(connection)
        connection.execute("SET LOCAL ROLE loket_owner")
        connection.execute("CREATE SCHEMA IF NOT EXISTS record")
        connection.execute("CREATE SCHEMA IF NOT EXISTS sync")
        if there != head:
            _migrate(connection, shared)
        connection.execute(CENTRAL_SQL.read_text(encoding="utf-8").encode())
        for record_class in record_classes().values():
            connection.execute(apply_function(record_class).encode())
        _describe(connection)
        _grant(connection)
        connection.execute("SELECT sync.retry(NULL)")
        connection.execute("RESET ROLE")


@contextmanager
def _one_transaction(connection: psycopg.Connection[Any]) -> Iterator[Connection]:
    """A transaction that psycopg's statements and alembic's share, so that an upgrade is whole or not at all."""
    was_autocommit = connection.autocommit
    connection.set_autocommit(False)
    try:
        engine = create_engine("postgresql+psycopg://", creator=lambda: connection, poolclass=StaticPool)
        with engine.begin() as shared:
            yield shared
    finally:
        connection.set_autocommit(was_autocommit)


def make_roles(connection: psycopg.Connection[Any]) -> None:
    """The groups that own, read and fill a centre, and what they may do in this database."""
    for role in ROLES:
        if connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            connection.execute(sql.SQL("CREATE ROLE {} NOLOGIN").format(sql.Identifier(role)))
    connection.execute(
        sql.SQL(
            "REVOKE ALL ON DATABASE {0} FROM PUBLIC; GRANT CONNECT ON DATABASE {0} TO loket_counter, loket_report;"
            "GRANT CREATE ON DATABASE {0} TO loket_owner; REVOKE ALL ON SCHEMA public FROM PUBLIC"
        ).format(sql.Identifier(connection.info.dbname))
    )


def _migrate(connection: psycopg.Connection[Any], shared: Connection) -> None:
    # alembic costs 190 ms to import: only an installation pays it.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", "desktop.models:migrations")
    connection.execute("SET LOCAL search_path = record")
    config.attributes["connection"] = shared
    command.upgrade(config, "head")
    connection.execute("SET LOCAL search_path = DEFAULT")


def _describe(connection: psycopg.Connection[Any]) -> None:
    connection.execute(
        "INSERT INTO sync.about (schema_v, least_schema_v) VALUES (%(now)s, %(least)s)"
        " ON CONFLICT (one) DO UPDATE SET schema_v = %(now)s, least_schema_v = %(least)s",
        {"now": SCHEMA_VERSION, "least": LEAST_SCHEMA_VERSION},
    )
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO sync.kind (table_name, scope, written_by) VALUES (%s, %s, %s)"
            " ON CONFLICT (table_name) DO UPDATE SET scope = excluded.scope, written_by = excluded.written_by",
            [(table, one.scope, one.written_by) for table, one in record_classes().items()],
        )


def _grant(connection: psycopg.Connection[Any]) -> None:
    connection.execute("REVOKE ALL ON ALL FUNCTIONS IN SCHEMA sync FROM PUBLIC")
    connection.execute("GRANT USAGE ON SCHEMA sync TO loket_counter")
    for (signature,) in connection.execute(
        "SELECT oid::regprocedure::text FROM pg_proc WHERE pronamespace = 'sync'::regnamespace AND proname = ANY (%s)",
        (list(FOR_COUNTERS),),
    ).fetchall():
        connection.execute(f"GRANT EXECUTE ON FUNCTION {signature} TO loket_counter")
    connection.execute("GRANT USAGE ON SCHEMA record TO loket_report")
    for table, one in record_classes().items():
        name = sql.Identifier("record", table)
        if one.scope == "hall":
            connection.execute(sql.SQL("GRANT SELECT ON {} TO loket_report").format(name))
        else:
            # A second fence: even a grant by mistake shows nobody a person.
            connection.execute(sql.SQL("ALTER TABLE {} ENABLE ROW LEVEL SECURITY").format(name))


def _revision(connection: psycopg.Connection[Any]) -> str | None:
    if connection.execute("SELECT to_regclass('record.alembic_version')").fetchone() == (None,):
        return None
    row = connection.execute("SELECT version_num FROM record.alembic_version").fetchone()
    return row[0] if row is not None else None


def _revisions() -> tuple[str, set[str]]:
    from alembic.config import Config
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "desktop.models:migrations")
    scripts = ScriptDirectory.from_config(config)
    return scripts.get_current_head() or "", {script.revision for script in scripts.walk_revisions()}


def _newer() -> UserError:
    return UserError(
        _(
            "Pusat data ini dibuat oleh Loket yang lebih baru. Datanya tidak diubah. "
            "Pasang Loket versi terbaru di PC ini, lalu ulangi."
        ),
        code="E-26",
    )


# ---------------------------------------------------------------------------------------------------------------------
# PCs


def enrol(
    connection: psycopg.Connection[Any],
    *,
    label: str,
    agency_ids: Sequence[str],
    is_admin: bool,
    counter_id: str | None = None,
) -> Enrolment:
    """Let a PC in: a login of its own with a random secret, a node, two device codes.

    UserError when no device code is left (399 PCs).
    """
    role = f"loket_{secrets.token_hex(6)}"
    secret = scram.new_secret()
    with connection.transaction():
        _make_login(connection, role, scram.verifier(secret))
        try:
            made = connection.execute(
                "SELECT node_id, device_code, spare_code FROM sync.add_node(%s, %s, %s, %s, %s, NULL)",
                (role, label, counter_id, list(agency_ids), "admin" if is_admin else "counter"),
            ).fetchone()
        except psycopg.Error as problem:
            if problem.sqlstate != "LK106":
                raise
            raise UserError(_("Kode nomor sudah habis: pusat data ini melayani paling banyak 399 PC.")) from problem
    assert made is not None
    return Enrolment(made[0], role, secret, made[1], made[2])


def renew(connection: psycopg.Connection[Any], label_or_node: str) -> Enrolment:
    """A new secret for a PC that is enrolled already; the old one is void at once. UserError if unknown or revoked."""
    found = connection.execute(
        "SELECT node_id, db_role, device_code, spare_code FROM sync.node WHERE db_role ="
        " (SELECT db_role FROM sync.node WHERE (label = %(who)s OR node_id = %(who)s) AND revoked_at IS NULL LIMIT 1)"
        " AND device_code IS NOT NULL ORDER BY enrolled_at DESC LIMIT 1",
        {"who": label_or_node},
    ).fetchone()
    if found is None:
        raise _unknown(label_or_node)
    node_id, role, device_code, spare_code = found
    secret = scram.new_secret()
    order = sql.SQL("ALTER ROLE {} PASSWORD {}")
    connection.execute(order.format(sql.Identifier(role), sql.Literal(scram.verifier(secret))))
    return Enrolment(node_id, role, secret, device_code, spare_code)


def bring_back_logins(connection: psycopg.Connection[Any], logins: Iterable[tuple[str, str, bool]]) -> int:
    """Make those logins (role, verifier, may it sign in) that a lost server took along; how many."""
    made = 0
    for role, verifier, may_login in logins:
        if connection.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)).fetchone() is None:
            _make_login(connection, role, verifier, may_login=may_login)
            made += 1
    return made


def _make_login(connection: psycopg.Connection[Any], role: str, verifier: str, *, may_login: bool = True) -> None:
    # The verifier, not the secret: the server's log must never have seen it.
    name = sql.Identifier(role)
    order = "CREATE ROLE {} {} NOBYPASSRLS CONNECTION LIMIT {} PASSWORD {} IN ROLE loket_counter"
    may = sql.SQL("LOGIN" if may_login else "NOLOGIN")
    connection.execute(sql.SQL(order).format(name, may, sql.Literal(CONNECTION_LIMIT), sql.Literal(verifier)))
    for setting, value in ROLE_SETTINGS.items():
        connection.execute(sql.SQL("ALTER ROLE {} SET {} = {}").format(name, sql.SQL(setting), sql.Literal(value)))


def _unknown(name: str) -> UserError:
    return UserError(_("Tidak ada PC bernama {name} yang masih terdaftar.").format(name=name))


def revoke(connection: psycopg.Connection[Any], label_or_node: str) -> None:
    """Shut a PC out at once, also on the connection it has open. What it has sent stays. UserError if unknown."""
    roles = connection.execute(
        "SELECT DISTINCT db_role FROM sync.node WHERE (label = %s OR node_id = %s) AND revoked_at IS NULL",
        (label_or_node, label_or_node),
    ).fetchall()
    if not roles:
        raise _unknown(label_or_node)
    for (role,) in roles:
        with connection.transaction():
            connection.execute("UPDATE sync.node SET revoked_at = now() WHERE db_role = %s", (role,))
            connection.execute(sql.SQL("ALTER ROLE {} NOLOGIN").format(sql.Identifier(role)))
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = %s", (role,))


def serve(connection: psycopg.Connection[Any], label_or_node: str, agency_ids: Sequence[str]) -> int:
    """From now on a PC takes and gets the records of these agencies and of no others.

    What it had sent of them and was put aside becomes rows: how many. UserError if unknown or revoked.
    """
    with connection.transaction():
        found = connection.execute(
            "UPDATE sync.node SET agency_ids = %(agencies)s WHERE db_role IN (SELECT db_role FROM sync.node"
            " WHERE (label = %(who)s OR node_id = %(who)s) AND revoked_at IS NULL) RETURNING 1",
            {"who": label_or_node, "agencies": list(agency_ids)},
        ).fetchone()
        if found is None:
            raise _unknown(label_or_node)
        row = connection.execute("SELECT sync.retry(NULL)").fetchone()
    assert row is not None
    return int(row[0])


def admit(connection: psycopg.Connection[Any], node_id: str) -> int:
    """Apply the administrator's records (counter, officers) that a PC brought from its time alone; how many."""
    row = connection.execute("SELECT sync.retry(%s)", (node_id,)).fetchone()
    assert row is not None
    return int(row[0])


def open_recovery(connection: psycopg.Connection[Any], until: datetime) -> None:
    """Until then, accept entries of PCs that are gone from counters that still hold them."""
    connection.execute("UPDATE sync.about SET recovery_until = %s", (until,))


def close_recovery(connection: psycopg.Connection[Any]) -> None:
    """Accept from each PC only its own entries again."""
    connection.execute("UPDATE sync.about SET recovery_until = NULL")


def nodes(connection: psycopg.Connection[Any]) -> list[Node]:
    """Every PC, by name."""
    with connection.cursor(row_factory=class_row(Node)) as cursor:
        return cursor.execute(
            "SELECT node_id, db_role, label, counter_id, agency_ids, may_write, device_code, revoked_at, forked_from,"
            " last_push_at, last_seen_at, skew_ms, app_version,"
            " (SELECT count(*) FROM sync.quarantine q JOIN sync.journal j USING (eid)"
            " WHERE j.origin = node_id) AS refused FROM sync.node ORDER BY label, enrolled_at"
        ).fetchall()


def status(connection: psycopg.Connection[Any]) -> Status:
    """How the centre stands. UserError where there is none in this database."""
    if _revision(connection) is None:
        raise UserError(
            _("Di basis data ini belum ada pusat data. Jalankan: {program} centre init").format(program=itself.NAME)
        )
    row = connection.execute(
        "SELECT (SELECT name FROM record.hall ORDER BY id LIMIT 1), schema_v, current_setting('server_version'),"
        " pg_database_size(current_database()), (SELECT count(*) FROM sync.journal),"
        " (SELECT count(*) FROM sync.quarantine), recovery_until,"
        " coalesce((SELECT timezone FROM record.hall ORDER BY id LIMIT 1), 'Asia/Jakarta') FROM sync.about"
    ).fetchone()
    assert row is not None
    hall_name, schema_version, server_version, size, entries, refused, recovery_until, zone = row
    return Status(
        hall_name, schema_version, server_version, size, entries, refused, recovery_until, nodes(connection), zone
    )


@contextmanager
def _reading(connection: psycopg.Connection[Any]) -> Iterator[None]:
    """A look that leaves no transaction open."""
    with connection.transaction():
        yield
