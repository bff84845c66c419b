"""A centre on a hall's own PostgreSQL with TLS, by an administrator who is no superuser there."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import psycopg
import pytest

from desktop.errors import UserError
from desktop.sync import address, certificates, server_files
from desktop.sync.server import Server
from desktop.sync.site import Site
from tests.sync.administrator import PIN, Administrator, heal, numbers, only_backup, receive, sync
from tests.sync.conftest import HASTY

NOW = datetime.now(UTC)


@pytest.fixture
def hall_server(server_folder: Callable[[], Path], installed_programs: Path) -> Iterator[Server]:
    """A PostgreSQL that somebody installed, not yet told anything of the centre."""
    server = Server.make(server_folder(), programs=installed_programs, settings=HASTY)
    server.start()
    yield server
    server.stop()


def set_up(server: Server, files: Path) -> None:
    """What BACA-DULU.txt says, by whoever runs the server."""
    for name in ("ca.crt", "server.crt", "server.key", "pg_hba.conf"):
        server.write(name, (files / name).read_bytes())
    lines = (files / "loket.conf").read_text().replace(f"{server_files.HOME}/", "").replace("'*'", "'127.0.0.1'")
    server.write("postgresql.conf", (server.cluster / "postgresql.conf").read_bytes() + lines.encode())
    server.stop()
    server.start()
    told = psycopg.conninfo.conninfo_to_dict(server.dsn())
    variables = {"PGHOST": told["host"], "PGPORT": told["port"], "PGUSER": told["user"], "PGPASSWORD": told["password"]}
    command = [str(server.programs / "psql"), "-X", "-q", "-f", str(files / "owner.sql")]
    subprocess.run(command, env={**os.environ, **variables}, check=True)


@pytest.mark.parametrize("host", ["pusat kudus", "10.0.0.5,evil", "/run/postgresql"])
def test_an_address_that_is_none_makes_nothing(tmp_path: Path, monkeypatch, capsys, host: str) -> None:
    administrator = Administrator(tmp_path / "centre", tmp_path, monkeypatch, capsys)
    assert "Alamat pusat tidak benar" in administrator.refuses("init", "--address", host)
    assert not (tmp_path / "centre" / "server").exists()
    assert not (tmp_path / "centre" / "centre").exists()


@pytest.mark.slow
def test_a_centre_on_a_halls_own_server(
    hall_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From nothing to two counters over TLS, with an administrator who is no superuser; backup and restore too."""
    administrator = Administrator(tmp_path / "centre", tmp_path / "stick", monkeypatch, capsys)
    init = ("init", "--address", "localhost", "--port", str(hall_server.port), "--hall", "MPP Jaringan")
    first = administrator.does(*init)
    assert "BACA-DULU" not in first
    assert "owner.sql" in first
    assert "sama sekali lagi" in first
    assert "E-22" in administrator.refuses(*init), "the server has no TLS yet"
    set_up(hall_server, administrator.folder / "server")
    assert "siap di localhost" in administrator.does(*init, typed=PIN)
    one, two = (administrator.counter(tmp_path / name, name) for name in ("Loket 01", "Loket 02"))
    number = receive(one)
    sync(one)
    sync(two)
    assert number in numbers(two)
    assert address.load(one).kind == "network"

    administrator.does("backup")
    made = only_backup(administrator.folder / "backups")
    assert (made.folder / "authority" / "ca.key").exists()
    with psycopg.connect(hall_server.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP ROLE {address.load(two).role}")  # as on a new server
    later = receive(one)
    sync(one)
    administrator.does("restore", str(made.folder))
    three = administrator.counter(tmp_path / "pc3", "Loket 03")
    assert number in numbers(three)
    assert later not in numbers(three)
    heal(one)
    sync(three)
    assert later in numbers(three)
    heal(two)
    assert later in numbers(two), "with the password it always had"
    administrator.does("revoke", "Loket 01")
    with pytest.raises(UserError) as said:
        sync(one)
    assert said.value.code == "E-21"
    assert "hentikan di sana" in administrator.refuses("stop")
    assert "dari jenis lain" in administrator.refuses("init", "--here")
    renewed = Site.make_for(administrator.folder, ["localhost", "10.0.0.9"], hall_server.port, "MPP Jaringan", now=NOW)
    assert certificates.names_of((renewed.server_files / "server.crt").read_bytes()) == {"localhost", "10.0.0.9"}
