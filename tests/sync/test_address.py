"""Two kinds of address, each all or nothing; whatever libpq and the server say becomes a sentence with a code."""

from __future__ import annotations

import json
import logging
import stat
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from desktop.errors import UserError
from desktop.sync import address
from desktop.sync.address import Address
from desktop.sync.server import Server

SECRET = "s3cret-of-the-counter"


def network(**other) -> Address:
    told = {"kind": "network", "hosts": ("pusat.mpp.example", "10.0.0.6"), "port": 5432, "role": "loket_c07"}
    return Address(**{**told, "secret": SECRET, "authority": "CA", "client": "PEM", **other})


def same_machine(server: Server, **other) -> Address:
    told = conninfo_to_dict(server.dsn())
    here = {"kind": "same machine", "hosts": (told["host"],), "port": int(told["port"]), "database": "postgres"}
    return Address(**{**here, "role": told["user"], "secret": told["password"], **other})


def test_the_network_is_told_everything_that_keeps_strangers_out(tmp_path: Path) -> None:
    told = conninfo_to_dict(address.save(tmp_path, network()).conninfo())
    assert told["host"] == "pusat.mpp.example,10.0.0.6"
    asked = {
        "sslmode": "verify-full",
        "channel_binding": "require",
        "require_auth": "scram-sha-256",
        "ssl_min_protocol_version": "TLSv1.3",
        "target_session_attrs": "read-write",
        "keepalives_idle": "10",
        "keepalives_interval": "5",
        "keepalives_count": "3",
        "tcp_user_timeout": "15000",
        "connect_timeout": "5",
    }
    assert {name: told[name] for name in asked} == asked
    assert Path(told["sslrootcert"]).read_text() == "CA"
    assert Path(told["sslcert"]).read_text() == "PEM"
    assert told["sslkey"] == told["sslcert"]


def test_the_same_machine_never_leaves_it(postgres: Server, tmp_path: Path) -> None:
    kept = address.save(tmp_path, same_machine(postgres))
    with kept.connect() as connection:
        assert connection.execute("SELECT current_user").fetchone() == ("postgres",)
    for elsewhere in ("10.0.0.5", "pusat.mpp.example", "", "127.0.0.1.example", "/run/postgresql,10.0.0.5"):
        with pytest.raises(UserError, match="Alamat pusat tidak benar"):
            same_machine(postgres, hosts=(elsewhere,))
    assert same_machine(postgres, hosts=("/run/postgresql",)).hosts == ("/run/postgresql",), "the control"


@pytest.mark.parametrize(
    "host", ["", "a b", "x,y", "-x", "pusat host=evil", "'", "a..b", "/run/postgresql", "é", "a" * 64]
)
def test_a_host_is_a_name_or_a_number(host: str) -> None:
    with pytest.raises(UserError) as said:
        network(hosts=("pusat.mpp.example", host))
    assert said.value.field == "address"


@pytest.mark.parametrize("wrong", [{"hosts": ()}, {"port": 0}, {"port": 65536}])
def test_an_address_has_a_host_and_a_port(wrong: dict) -> None:
    with pytest.raises(UserError):
        network(**wrong)
    assert network(hosts=("fd00::5", "pusat"), port=65535).port == 65535, "the control"


@given(
    secret=st.text(st.characters(blacklist_characters="\0", blacklist_categories=("Cs",))),
    role=st.text("loket_c' \\=", min_size=1),
)
def test_no_secret_and_no_name_can_add_an_option(secret: str, role: str) -> None:
    told = conninfo_to_dict(Address("same machine", ("127.0.0.1",), 5432, role, secret).conninfo())
    assert (told["password"], told["user"], told["host"], told["sslmode"]) == (secret, role, "127.0.0.1", "disable")


def test_what_is_kept_is_for_this_account_only_and_comes_back(tmp_path: Path) -> None:
    assert address.load(tmp_path) is None, "a PC that never joined"
    kept = address.save(tmp_path, network())
    assert address.load(tmp_path) == kept == network()
    files = sorted((tmp_path / "centre").iterdir())
    assert [path.name for path in files] == ["address.json", "ca.crt", "client.pem"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}
    assert stat.S_IMODE((tmp_path / "centre").stat().st_mode) == 0o700
    (tmp_path / "centre" / "client.pem").write_text("half")
    again = address.save(tmp_path, network(hosts=("pusat2",)))
    assert again.hosts == ("pusat2",)
    assert (tmp_path / "centre" / "client.pem").read_text() == "PEM", "what libpq reads follows the one file"


def test_the_secret_shows_nowhere(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    kept = address.save(tmp_path, network(hosts=("127.0.0.1",), port=1))
    assert SECRET not in repr(kept)
    with pytest.raises(UserError) as said:
        kept.connect()
    assert SECRET not in str(said.value) + str(said.value.__cause__) + caplog.text
    assert SECRET in kept.conninfo(), "the control: it is there where it is needed"


def test_a_damaged_file_is_said_and_left_alone(tmp_path: Path) -> None:
    address.save(tmp_path, network())
    path = tmp_path / "centre" / "address.json"
    whole = json.loads(path.read_text())
    for damaged in (
        "",
        "{",
        "[]",
        "{}",
        json.dumps({**whole, "kind": "carrier pigeon"}),
        json.dumps({**whole, "hosts": 3}),
    ):
        path.write_text(damaged)
        with pytest.raises(UserError) as said:
            address.load(tmp_path)
        assert said.value.code == "E-24"
        assert path.read_text() == damaged
    path.write_text(json.dumps(whole))
    assert address.load(tmp_path) == network(), "the control"


def test_a_folder_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / "centre").write_text("a file in the way")
    with pytest.raises(UserError, match="tidak dapat disimpan"):
        address.save(tmp_path, network())


def code_of(one: Address) -> str | None:
    """What is said of an address that does not connect."""
    with pytest.raises(UserError) as said:
        one.connect()
    return said.value.code


def test_an_address_that_does_not_answer_is_named(postgres: Server) -> None:
    with pytest.raises(UserError) as said:
        same_machine(postgres, hosts=("127.0.0.1",), port=1).connect()
    assert said.value.message.startswith("Pusat tidak terjangkau (127.0.0.1 port 1). Pelayanan tetap jalan")
    assert network().spoken == "pusat.mpp.example, 10.0.0.6 port 5432"
    assert address.trouble(psycopg.OperationalError("lost")).message.startswith("Pusat tidak terjangkau. ")


def test_no_answer_wrong_password_and_a_crowd_have_their_words(postgres: Server) -> None:
    assert code_of(same_machine(postgres, port=1)) == "E-20"
    assert code_of(same_machine(postgres, secret="guess")) == "E-21"
    with psycopg.connect(postgres.dsn(), autocommit=True) as admin:
        admin.execute("CREATE ROLE one_at_a_time LOGIN CONNECTION LIMIT 1 PASSWORD 'x'")
        try:
            single = same_machine(postgres, role="one_at_a_time", secret="x")
            with single.connect():
                assert code_of(single) == "E-23"
            admin.execute("ALTER ROLE one_at_a_time NOLOGIN")
            assert code_of(single) == "E-21"
        finally:
            admin.execute("DROP ROLE one_at_a_time")
