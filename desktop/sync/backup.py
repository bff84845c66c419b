"""A copy of the centre that is proven when it is made, and the way back: into a new database that takes the place.

A backup is a folder: ``centre.dump`` (pg_dump's custom format), ``logins.json`` (the PCs' password verifiers),
``about.json`` (when, of what, how many rows in each table), and the authority's files, for this account only.
"""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from desktop.errors import UserError
from desktop.i18n import _
from desktop.sync import central, private, server
from desktop.sync.address import DATABASE, FOLDER_NAME
from desktop.sync.site import MAINTENANCE, Site, new_database

SCHEMAS = ("record", "sync")
NAME = "%Y%m%d-%H%M%S"
# The newest of each of so many days, weeks and months stays.
KEEP: Sequence[tuple[str, int]] = (("%Y%m%d", 7), ("%G%V", 5), ("%Y%m", 13))
DUMP, LOGINS, ABOUT = "centre.dump", "logins.json", "about.json"
# When the last backup was made, beside the centre's own files.
LAST = "last-backup"
# The database that a restore put aside, until the next one.
ASIDE = f"{DATABASE}_before_"


@dataclass(frozen=True)
class Backup:
    """One backup that was read to its end: every table had as many rows as it should."""

    folder: Path
    made_at: datetime
    hall_name: str
    rows: Mapping[str, int]
    # How many of them are entries of the journal.
    entries: int
    digest: str


def make(site: Site, *, now: datetime, into: Path | None = None, programs: Path | None = None) -> Backup:
    """Make a backup, prove it, and remove what the rule no longer keeps. UserError says why there is none."""
    home = into or site.backups
    tools = _tools(site, programs)
    with site.connect() as connection:
        hall_name = central.status(connection).hall_name or ""
        version = connection.info.server_version // 10000
        if int(server.version(tools, "pg_dump").partition(".")[0]) < version:
            raise UserError(
                _(
                    "pg_dump di {folder} lebih tua daripada server (PostgreSQL {version}). Tidak ada cadangan dibuat. "
                    "Pasang postgresql-client-{version}, atau tunjukkan foldernya dengan --programs."
                ).format(folder=tools, version=version)
            )
        with _draft(home) as draft:
            rows = _dump(site, connection, tools, draft / DUMP)
            with site.connect(MAINTENANCE) as maintenance:
                logins = maintenance.execute("SELECT role, verifier, may_login FROM loket.verifiers()").fetchall()
            private.write(draft / LOGINS, json.dumps(logins).encode())
            about = {
                "made_at": now.isoformat(), "hall_name": hall_name, "rows": rows, "sha256": _digest(draft / DUMP)
            }  # fmt: skip
            private.write(draft / ABOUT, json.dumps(about, indent=1).encode())
            for name in ("authority", FOLDER_NAME):
                if (site.folder / name).exists():
                    shutil.copytree(site.folder / name, draft / name)
            read(draft, tools)
            final = home / now.strftime(NAME)
            draft.rename(final)
            private.write(site.folder / LAST, now.isoformat().encode())
    prune(home)
    return read_about(final)


def read(folder: Path, programs: Path) -> Backup:
    """Read a backup to its end. UserError where it is no backup, damaged, or lacks a row."""
    found = read_about(folder)
    listed = server.run([programs / "pg_restore", "--list", folder / DUMP], folder)
    # The rows prove what was written, the digest that it is still that: not every byte of a dump has a sum of its own.
    if listed.returncode == 0 and _rows_in(folder / DUMP, programs) == found.rows:
        with suppress(OSError):
            if _digest(folder / DUMP) == found.digest:
                return found
    raise UserError(
        _("Cadangan {folder} rusak atau tidak lengkap, jadi tidak dipakai. Pakai cadangan lain.").format(folder=folder)
    )


def read_about(folder: Path) -> Backup:
    """What a backup says of itself. UserError where the folder is none."""
    try:
        told = json.loads((folder / ABOUT).read_text(encoding="utf-8"))
        rows = {str(table): int(count) for table, count in told["rows"].items()}
        made_at = datetime.fromisoformat(told["made_at"])
        return Backup(folder, made_at, told["hall_name"], rows, rows["sync.journal"], told["sha256"])
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise UserError(_("Folder {folder} bukan cadangan pusat data.").format(folder=folder)) from problem


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def restore(
    site: Site, folder: Path, *, now: datetime, programs: Path | None = None, tell: Callable[[str], None] = print
) -> str | None:
    """Put a backup in the place of the centre's database; returns the name under which the old one was put aside.

    What counters sent since then they send again by themselves. Until the last moment nothing is changed: UserError.
    """
    tools = _tools(site, programs)
    found = read(folder, tools)
    tell(_("Cadangan utuh: {count} catatan. Memulihkan ke basis data baru …").format(count=found.entries))
    fresh = f"{DATABASE}_new_{now.strftime(NAME)}"
    with site.connect(MAINTENANCE) as maintenance:
        new_database(maintenance, fresh)
        try:
            with site.connect(fresh) as connection:
                central.make_roles(connection)
                logins = [tuple(login) for login in json.loads((folder / LOGINS).read_text(encoding="utf-8"))]
                central.bring_back_logins(connection, logins)
            _pg_restore(site, tools, folder / DUMP, fresh)
            with site.connect(fresh) as connection:
                if _rows(connection) != found.rows:
                    raise UserError(_("Pemulihan tidak lengkap. Pusat data yang lama tidak diubah."))
                central.install(connection)
                _keep_nodes(site, connection)
            return _swap(maintenance, fresh, now)
        except BaseException:
            maintenance.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(fresh)))
            raise


def prune(home: Path) -> list[Path]:
    """Remove the backups that the rule does not keep; which they were."""
    made = sorted(_made_in(home), reverse=True)
    kept: set[Path] = set()
    for span, count in KEEP:
        newest: dict[str, Path] = {}
        for path in made:
            newest.setdefault(datetime.strptime(path.name, NAME).strftime(span), path)
        kept |= set(list(newest.values())[:count])
    gone = [path for path in made if path not in kept]
    for path in gone:
        shutil.rmtree(path)
    return gone


def last_made_at(site: Site) -> datetime | None:
    """When the last backup was made, wherever it was put."""
    try:
        return datetime.fromisoformat((site.folder / LAST).read_text())
    except (OSError, ValueError):
        return None


def _made_in(home: Path) -> list[Path]:
    """Our own backups: a folder that merely has such a name is nobody's to remove."""
    return [path.parent for path in home.glob(f"*/{ABOUT}") if re.fullmatch(r"\d{8}-\d{6}", path.parent.name)]


def _dump(site: Site, connection: psycopg.Connection[Any], tools: Path, path: Path) -> dict[str, int]:
    """Dump, and count the rows of the very same moment."""
    connection.set_autocommit(False)
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    with connection.transaction():
        moment = connection.execute("SELECT pg_export_snapshot()").fetchone()
        assert moment is not None
        rows = _rows(connection)
        options = ["--format=custom", f"--snapshot={moment[0]}", *(f"--schema={name}" for name in SCHEMAS)]
        with _way_in(site, DATABASE, path.parent) as conninfo:
            done = server.run([tools / "pg_dump", *options, f"--file={path}", f"--dbname={conninfo}"], path.parent)
    if done.returncode:
        raise _failed(done.stdout)
    path.chmod(0o600)
    return rows


def _pg_restore(site: Site, tools: Path, dump: Path, database: str) -> None:
    with tempfile.TemporaryDirectory() as work, _way_in(site, database, Path(work)) as conninfo:
        options = ["--exit-on-error", "--single-transaction", f"--dbname={conninfo}"]
        done = server.run([tools / "pg_restore", *options, dump], Path(work))
    if done.returncode:
        raise _failed(done.stdout)


def _keep_nodes(site: Site, fresh: psycopg.Connection[Any]) -> None:
    """PCs that came since the backup stay, and what was decided about the others, where the old database still tells.

    Else a device code would be given again, a PC that was let in anew would be shut out of its own lane, and what they
    saved could never be sent.
    """
    try:
        with site.connect() as old:
            nodes = old.execute("SELECT to_jsonb(n)::text FROM sync.node n").fetchall()
    except (UserError, psycopg.Error):
        return
    with fresh.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO sync.node SELECT * FROM jsonb_populate_record(NULL::sync.node, %s) ON CONFLICT DO NOTHING",
            nodes,
        )
        cursor.executemany(
            "UPDATE sync.node n SET (db_role, shared_by, agency_ids, may_write, revoked_at) ="
            " (o.db_role, o.shared_by, o.agency_ids, o.may_write, o.revoked_at)"
            " FROM jsonb_populate_record(NULL::sync.node, %s) o WHERE o.node_id = n.node_id",
            nodes,
        )


def _swap(maintenance: psycopg.Connection[Any], fresh: str, now: datetime) -> str | None:
    aside = ASIDE + now.strftime(NAME)
    old, new, put_aside = (sql.Identifier(name) for name in (DATABASE, fresh, aside))
    if maintenance.execute("SELECT FROM pg_database WHERE datname = %s", (DATABASE,)).fetchone() is None:
        maintenance.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, old))
        return None
    # Nobody may come back in between: a counter's program tries again within a second.
    maintenance.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT 0").format(old))
    try:
        maintenance.execute(
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = %s", (DATABASE,)
        )
        with maintenance.transaction():
            maintenance.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(old, put_aside))
            maintenance.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(new, old))
    except BaseException:  # Ctrl+C too: the counters would stay shut out
        maintenance.execute(sql.SQL("ALTER DATABASE {} CONNECTION LIMIT -1").format(old))
        raise
    for (name,) in maintenance.execute(
        "SELECT datname FROM pg_database WHERE starts_with(datname, %s) AND datname <> %s", (ASIDE, aside)
    ).fetchall():
        maintenance.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))
    return aside


def _rows(connection: psycopg.Connection[Any]) -> dict[str, int]:
    """How many rows each table of the centre has."""
    names = connection.execute(
        "SELECT schemaname, tablename FROM pg_tables WHERE schemaname = ANY (%s)", (list(SCHEMAS),)
    ).fetchall()
    counted = {}
    for schema, table in names:
        row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(schema, table))).fetchone()
        assert row is not None
        counted[f"{schema}.{table}"] = row[0]
    return counted


def _rows_in(dump: Path, programs: Path) -> dict[str, int]:
    """How many rows of each table a dump holds; reads all of it. Empty where it cannot be read to its end."""
    counted: dict[str, int] = {}
    command = [str(programs / "pg_restore"), "--data-only", "--file=-", str(dump)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as reader:
        assert reader.stdout is not None
        table: str | None = None
        for line in reader.stdout:
            if table is not None:
                if line == b"\\.\n":
                    table = None
                else:
                    counted[table] += 1
            elif line.startswith(b"COPY ") and line.endswith(b" FROM stdin;\n"):
                table = line.split()[1].decode()
                counted[table] = 0
    return counted if reader.returncode == 0 else {}


@contextmanager
def _way_in(site: Site, database: str, work: Path) -> Iterator[str]:
    """A conninfo for PostgreSQL's own programs: the secret is in a file, so that no list of processes shows it."""
    told: dict[str, Any] = conninfo_to_dict(site.conninfo(database))
    # Older programs do not know it; with channel_binding=require no server can ask for less than SCRAM either.
    told.pop("require_auth", None)
    secret = str(told.pop("password")).replace("\\", "\\\\").replace(":", "\\:")
    path = work / "pgpass"
    private.write(path, f"*:*:*:*:{secret}\n".encode())
    try:
        yield make_conninfo(**{**told, "passfile": str(path)})
    finally:
        path.unlink()


@contextmanager
def _draft(home: Path) -> Iterator[Path]:
    """A folder that becomes the backup, or goes."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        draft = Path(tempfile.mkdtemp(dir=home, prefix=".new-"))
        try:
            yield draft
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    except OSError as problem:
        raise UserError(
            _("Cadangan tidak dapat ditulis di {folder}. Periksa izin folder atau ruang disk, lalu ulangi.").format(
                folder=home
            )
        ) from problem


def _tools(site: Site, told: Path | None) -> Path:
    """The folder of pg_dump and pg_restore. On a network they need TLS, which the packaged ones lack."""
    if told is not None or site.server is not None:
        return told or site.server.programs  # type: ignore[union-attr]
    places = [Path("/usr/lib/postgresql"), Path("C:/Program Files/PostgreSQL")]
    found = [path for place in places for path in place.glob("*/bin") if path.parent.name.isdigit()]
    if not found:
        raise UserError(
            _(
                "pg_dump tidak ditemukan di PC ini. Pasang postgresql-client (Windows: PostgreSQL dari EDB), atau "
                "tunjukkan foldernya dengan --programs."
            )
        )
    return max(found, key=lambda path: int(path.parent.name))


def _failed(said: str) -> UserError:
    # The tools quote no rows; what they say is what an administrator needs.
    last = said.strip().splitlines()[-1:] or ["-"]
    if "No space left" in said:
        return UserError(_("Disk penuh. Pusat data tidak diubah. Kosongkan ruang disk, lalu ulangi."))
    return UserError(_("PostgreSQL menolak: {reason} Pusat data tidak diubah.").format(reason=last[0]))
