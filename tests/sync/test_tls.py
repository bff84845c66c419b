"""The way over the network, with the very files a hall's server is given: a stranger is refused, and only for that."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from desktop.errors import UserError
from desktop.sync import address, server_files
from desktop.sync.address import Address
from desktop.sync.certificates import Authority, Pair
from desktop.sync.server import Server

NOW = datetime.now(UTC)
NAMES = ["localhost", "127.0.0.1"]


@dataclass
class Site:
    """A hall's server with TLS, the authority it trusts, one that it does not, and two counters."""

    server: Server
    authority: Authority
    stranger: Authority
    secrets: dict[str, str]

    def address(self, role: str = "loket_c07", **other) -> Address:
        told = {"kind": "network", "hosts": ("localhost",), "port": self.server.port, "role": role}
        mine = {"secret": self.secrets[role], "authority": self.authority.certificate.decode()}
        return Address(**{**told, **mine, "client": joined(self.authority.for_role(role, now=NOW)), **other})

    def administer(self, order: str) -> None:
        with psycopg.connect(self.server.dsn(), autocommit=True) as connection:
            connection.execute(order)

    def reload(self) -> None:
        """Let the server read its files again, and wait until it has."""
        with psycopg.connect(self.server.dsn(), autocommit=True) as connection:
            before = connection.execute("SELECT pg_conf_load_time()").fetchone()
            connection.execute("SELECT pg_reload_conf()")
            while connection.execute("SELECT pg_conf_load_time()").fetchone() == before:
                pass

    @contextmanager
    def changed(self, **files: bytes) -> Iterator[None]:
        """The server with other files (``server__crt`` for server.crt) for a while."""
        names = {name: name.replace("__", ".") for name in files}
        kept = {name: (self.server.cluster / names[name]).read_bytes() for name in files}
        for name, content in files.items():
            self.server.write(names[name], content)
        self.reload()
        try:
            yield
        finally:
            for name, content in kept.items():
                self.server.write(names[name], content)
            self.reload()

    def settings_with(self, *lines: str) -> bytes:
        return (self.server.cluster / "postgresql.conf").read_bytes() + "\n".join(["", *lines, ""]).encode()


def joined(pair: Pair) -> str:
    return pair.joined.decode()


@pytest.fixture(scope="module")
def site(server_folder: Callable[[], Path], installed_programs: Path, tmp_path_factory) -> Iterator[Site]:
    authority, stranger = (
        Authority.open(tmp_path_factory.mktemp(name), f"Mal Pelayanan Publik {name}", now=NOW) for name in ("a", "b")
    )
    settings = {**server_files.settings(home="."), "listen_addresses": "'127.0.0.1'", "ssl": "off", "fsync": "off"}
    server = Server.make(server_folder(), programs=installed_programs, settings=settings, access=server_files.access())
    place(server, authority.for_server(NAMES, now=NOW), authority)
    server.write("postgresql.conf", (server.cluster / "postgresql.conf").read_bytes() + b"\nssl = on\n")
    server.start()
    secrets = {server_files.ADMIN: "of the administrator", "loket_c07": "of counter 7", "loket_c08": "of counter 8"}
    run_psql(server, server_files.owner_sql(secrets[server_files.ADMIN]))
    made = Site(server, authority, stranger, secrets)
    with database(made, made.address(server_files.ADMIN), tmp_path_factory.mktemp("admin")) as connection:
        for role in ("loket_c07", "loket_c08"):
            connection.execute(f"CREATE ROLE {role} LOGIN CONNECTION LIMIT 4 PASSWORD '{secrets[role]}'")
            connection.execute(f"GRANT loket_counter TO {role}")
    yield made
    server.stop()


def place(server: Server, pair: Pair, authority: Authority) -> None:
    for name, content in {
        "ca.crt": authority.certificate, "server.crt": pair.certificate, "server.key": pair.key,
    }.items():  # fmt: skip
        server.write(name, content)


def run_psql(server: Server, script: str) -> None:
    """What the sentences ask of whoever runs the server."""
    told = psycopg.conninfo.conninfo_to_dict(server.dsn())
    variables = {"PGHOST": told["host"], "PGPORT": told["port"], "PGUSER": told["user"], "PGPASSWORD": told["password"]}
    command = [str(server.programs / "psql"), "-X", "-q"]
    for _twice in range(2):  # it may be run again
        subprocess.run(command, input=script, text=True, env={**os.environ, **variables}, check=True)


def database(site: Site, one: Address, profile: Path) -> psycopg.Connection:
    return address.save(profile, one).connect()


def refused(site: Site, one: Address, profile: Path) -> tuple[str, str | None]:
    """What libpq says of an address that does not work, and the code of our sentence."""
    with pytest.raises(UserError) as said:
        database(site, one, profile)
    return str(said.value.__cause__), said.value.code


def works(site: Site, one: Address, profile: Path) -> bool:
    with database(site, one, profile) as connection:
        row = connection.execute(
            "SELECT session_user, version, client_dn FROM pg_stat_ssl WHERE pid = pg_backend_pid()"
        ).fetchone()
    return row == (one.role, "TLSv1.3", f"/CN={one.role}")


def test_a_counter_comes_in_over_tls_with_its_certificate_and_its_password(site: Site, tmp_path: Path) -> None:
    for role in ("loket_c07", "loket_c08", server_files.ADMIN):
        assert works(site, site.address(role), tmp_path)


def test_the_administrator_is_no_superuser(site: Site, tmp_path: Path) -> None:
    with database(site, site.address(server_files.ADMIN), tmp_path) as connection:
        assert connection.execute("SELECT rolsuper, rolbypassrls FROM pg_roles WHERE rolname = user").fetchone() == (
            False,
            False,
        )
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("COPY (SELECT 1) TO PROGRAM 'true'")
        connection.execute("SET ROLE loket_owner")
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("ALTER ROLE loket_admin SUPERUSER")


@pytest.mark.parametrize(
    ("fault", "words", "code"),
    [
        ("another authority here", "certificate verify failed", "E-22"),
        ("no certificate here", "requires a valid client certificate", "E-21"),
        ("another counter's certificate", "authentication failed", "E-21"),
        ("certificate of a stranger", "unknown ca", "E-21"),
        ("certificate that ran out", "certificate expired", "E-25"),
        ("wrong password", "password authentication failed", "E-21"),
        ("a database that is not the centre's", "pg_hba.conf rejects", "E-21"),
    ],
)
def test_a_counter_that_is_not_the_one_is_refused(
    site: Site, tmp_path: Path, fault: str, words: str, code: str
) -> None:
    whole = site.address()
    long_ago = NOW - timedelta(days=6 * 365)
    old = Authority(site.authority._certificate, site.authority._key).for_role("loket_c07", now=long_ago)
    faults = {
        "another authority here": {"authority": site.stranger.certificate.decode()},
        "no certificate here": {"client": ""},
        "another counter's certificate": {"client": joined(site.authority.for_role("loket_c08", now=NOW))},
        "certificate of a stranger": {"client": joined(site.stranger.for_role("loket_c07", now=NOW))},
        "certificate that ran out": {"client": joined(old)},
        "wrong password": {"secret": site.secrets["loket_c08"]},
        "a database that is not the centre's": {"database": "postgres"},
    }
    said, its_code = refused(site, replace(whole, **faults[fault]), tmp_path / "faulty")
    assert words in said
    assert its_code == code
    if fault == "another counter's certificate":
        assert "(loket_c07) and authenticated user name (loket_c08) do not match" in site.server.log.read_text()
    assert works(site, whole, tmp_path / "whole"), "the control: the same connection without the fault"


def certificates(pair: Pair) -> dict[str, bytes]:
    return {"server__crt": pair.certificate, "server__key": pair.key}


def test_a_server_that_is_not_the_centre_is_refused(site: Site, tmp_path: Path) -> None:
    """Whoever answers in the centre's place: under another name, of another authority, out of date, a mere counter."""
    one = site.address()
    for pair, words in (
        (site.authority.for_server(["elsewhere.example"], now=NOW), "does not match host name"),
        (site.stranger.for_server(NAMES, now=NOW), "certificate verify failed"),
        (site.authority.for_server(NAMES, now=NOW - timedelta(days=6 * 365)), "certificate verify failed"),
        (site.authority.for_role("localhost", now=NOW), "certificate verify failed"),
    ):
        with site.changed(**certificates(pair)):
            said, code = refused(site, one, tmp_path)
        assert words in said
        assert code == "E-22"
        assert works(site, one, tmp_path), "the control"


def test_a_server_without_tls_or_with_an_old_one_is_refused(site: Site, tmp_path: Path) -> None:
    one = site.address()
    old = ("ssl_min_protocol_version = 'TLSv1.2'", "ssl_max_protocol_version = 'TLSv1.2'")
    for lines, words in ((("ssl = off",), "does not support SSL"), (old, "protocol version")):
        with site.changed(postgresql__conf=site.settings_with(*lines)):
            said, code = refused(site, one, tmp_path)
        assert words in said
        assert code == "E-22"
        assert works(site, one, tmp_path), "the control"


@pytest.mark.parametrize("method", ["trust", "password"])
def test_a_server_that_asks_for_less_is_refused(site: Site, tmp_path: Path, method: str) -> None:
    """It would hear the password, or could not prove that it knows it."""
    one = site.address()
    with site.changed(
        pg_hba__conf=f"hostssl all loket_c07 0.0.0.0/0 {method}\nhost all postgres 0.0.0.0/0 scram-sha-256\n".encode()
    ):
        said, code = refused(site, one, tmp_path)
    assert "authentication method requirement" in said or "channel binding" in said
    assert code == "E-22"
    assert works(site, one, tmp_path), "the control"


def test_the_server_itself_refuses_a_counter_without_tls_or_with_an_old_one(site: Site, tmp_path: Path) -> None:
    kept = address.save(tmp_path, site.address())
    loose = make_conninfo(kept.conninfo(), channel_binding="disable")
    for options, words in (
        ({"sslmode": "disable"}, "pg_hba.conf rejects"),
        ({"ssl_min_protocol_version": "TLSv1.2", "ssl_max_protocol_version": "TLSv1.2"}, "protocol version"),
    ):
        with pytest.raises(psycopg.OperationalError, match=words):
            psycopg.connect(loose, **options)
    with psycopg.connect(loose) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,), "the control"


def test_a_fifth_connection_of_one_counter_waits_outside(site: Site, tmp_path: Path) -> None:
    opened = [database(site, site.address(), tmp_path) for _number in range(4)]
    said, code = refused(site, site.address(), tmp_path)
    assert "too many connections" in said
    assert code == "E-23"
    opened.pop().close()
    deadline = datetime.now(UTC) + timedelta(seconds=10)
    while not came_in(site, tmp_path):
        assert datetime.now(UTC) < deadline, "the control"
    for one in opened:
        one.close()


def came_in(site: Site, profile: Path) -> bool:
    """The server notices a closed connection a moment later."""
    try:
        return works(site, site.address(), profile)
    except UserError:
        return False


def test_the_packaged_server_has_no_tls_and_is_refused(postgres: Server, site: Site, tmp_path: Path) -> None:
    said, code = refused(site, site.address(port=postgres.port, hosts=("127.0.0.1",)), tmp_path)
    assert "does not support SSL" in said
    assert code == "E-22"


def test_the_files_for_the_server_are_closed_and_hold_no_password(tmp_path: Path, site: Site) -> None:
    server_files.write(tmp_path / "server", site.authority, NAMES, "the secret of the administrator", now=NOW)
    files = {path.name: path for path in (tmp_path / "server").iterdir()}
    assert set(files) == {
        "ca.crt", "server.crt", "server.key", "standby.pem", "owner.sql", "pg_hba.conf", "loket.conf", "BACA-DULU.txt",
    }  # fmt: skip
    for path in files.values():
        assert path.stat().st_mode & 0o777 == 0o600
        assert b"the secret of" not in path.read_bytes()
    said = files["BACA-DULU.txt"].read_text()
    assert all(name in said for name in files if name not in ("BACA-DULU.txt", "standby.pem"))
    assert "ssl = on" in files["loket.conf"].read_text().splitlines()
