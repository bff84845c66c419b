"""A file that opens nothing without its code, works for one PC once, and says why it does not."""

from __future__ import annotations

import json
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from psycopg.conninfo import conninfo_to_dict

from desktop.errors import UserError
from desktop.sync import address, enrolment, scram
from desktop.sync.address import Address
from desktop.sync.enrolment import Enrolment
from desktop.sync.server import Server

NOW = datetime(2026, 11, 25, 1, 0, tzinfo=UTC)
SECRET = "the-first-secret"


@pytest.fixture
def pc(postgres: Server) -> Iterator[Enrolment]:
    """A PC that the centre expects."""
    told = conninfo_to_dict(postgres.dsn())
    where = Address(
        "same machine", ("127.0.0.1",), int(told["port"]), "loket_new", SECRET, database="postgres", node_id="node-7"
    )
    with psycopg.connect(postgres.dsn(), autocommit=True) as admin:
        admin.execute(f"CREATE ROLE loket_new LOGIN PASSWORD '{SECRET}'")
        yield Enrolment(where, "Mal Pelayanan Publik Kabupaten Kudus", "Loket 07")
        admin.execute("DROP ROLE loket_new")


SOMEWHERE = Enrolment(
    Address("network", ("pusat",), 5432, "loket_x", SECRET, node_id="n", authority="CA", client="KEY"),
    "MPP",
    "Loket 07",
)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    path = tmp_path_factory.mktemp("usb") / "Loket 07.loket"
    return path, enrolment.write(path, SOMEWHERE, now=NOW)


def test_the_file_says_nothing_to_who_finds_it(written: tuple[Path, str]) -> None:
    path, code = written
    assert enrolment.read(path, code, now=NOW) == SOMEWHERE
    found = path.read_text()
    assert not [
        word for word in (SECRET, "loket_x", "pusat", "CA", "KEY", code, code.replace("-", "")) if word in found
    ]
    assert path.stat().st_mode & 0o777 == 0o600
    again = enrolment.write(path.with_name("again.loket"), SOMEWHERE, now=NOW)
    assert again != code
    assert json.loads(path.read_text())["sealed"] != json.loads(path.with_name("again.loket").read_text())["sealed"]


def test_the_code_is_taken_as_people_type_it(written: tuple[Path, str]) -> None:
    path, code = written
    typed = code.lower().replace("0", "o").replace("1", "l").replace("-", "")
    assert enrolment.read(path, f" {typed[:3]} {typed[3:]} ", now=NOW) == SOMEWHERE


def test_another_code_opens_nothing(written: tuple[Path, str]) -> None:
    path, code = written
    other = code[:-1] + ("A" if code[-1] != "A" else "B")
    for wrong in (other, "", code + code[-1], code[::-1] if code != code[::-1] else "0"):
        with pytest.raises(UserError, match="Kode tidak cocok") as said:
            enrolment.read(path, wrong, now=NOW)
        assert said.value.field == "code"


def test_a_file_is_good_for_seven_days(written: tuple[Path, str]) -> None:
    path, code = written
    assert enrolment.read(path, code, now=NOW + timedelta(days=7)) == SOMEWHERE
    with pytest.raises(UserError, match="lewat 7 hari"):
        enrolment.read(path, code, now=NOW + timedelta(days=7, seconds=1))


def test_a_newer_file_asks_for_a_newer_program(written: tuple[Path, str], tmp_path: Path) -> None:
    path, code = written
    newer = tmp_path / "newer.loket"
    newer.write_text(json.dumps(json.loads(path.read_text()) | {"version": 2}))
    with pytest.raises(UserError, match="lebih baru"):
        enrolment.read(newer, code, now=NOW)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"{}", b"\xff\xfe", b'{"format": 1}', b"[" * 60_000, b" " * 70_000]
)
def test_a_file_that_is_none_is_said(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.loket").write_bytes(content)
    for path in (tmp_path / "x.loket", tmp_path / "gone.loket", tmp_path):
        with pytest.raises(UserError, match="bukan berkas pendaftaran"):
            enrolment.read(path, "K7QM2-X9T4B", now=NOW)


@settings(max_examples=60, deadline=None)
@given(at=st.integers(0, 2000), bit=st.integers(0, 7))
def test_a_damaged_file_is_never_taken_for_a_whole_one(written: tuple[Path, str], at: int, bit: int) -> None:
    path, code = written
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1 << bit
    damaged = path.with_name("damaged.loket")
    damaged.write_bytes(content)
    try:
        found = enrolment.read(damaged, code, now=NOW)
    except UserError as said:
        assert said.field == "file" or "lebih baru" in said.message
    else:
        assert found == SOMEWHERE, "only what stands between the parts may change unnoticed"


def test_a_stick_that_refuses_is_said(tmp_path: Path) -> None:
    (tmp_path / "usb").write_text("no folder")
    with pytest.raises(UserError, match="tidak dapat ditulis"):
        enrolment.write(tmp_path / "usb" / "x.loket", SOMEWHERE, now=NOW)


def test_the_first_pc_takes_it_and_the_second_finds_it_used(pc: Enrolment, tmp_path: Path) -> None:
    path = tmp_path / "Loket 07.loket"
    code = enrolment.write(path, pc, now=NOW)
    taken = enrolment.take(tmp_path / "first", path, code, now=NOW)
    assert (taken.label, taken.address.node_id) == ("Loket 07", "node-7")
    assert address.load(tmp_path / "first") == taken.address
    assert taken.address.secret != SECRET
    taken.address.connect().close()
    assert [one.name for one in (tmp_path / "first" / "centre").iterdir()] == ["address.json"]
    with pytest.raises(UserError, match="sudah dipakai"):
        enrolment.take(tmp_path / "second", path, code, now=NOW)
    assert address.load(tmp_path / "second") is None
    with pytest.raises(UserError):
        pc.address.connect()


def test_a_pc_that_joined_takes_a_new_password_but_never_becomes_another(pc: Enrolment, tmp_path: Path) -> None:
    path = tmp_path / "Loket 07.loket"
    first = enrolment.take(tmp_path / "pc", path, enrolment.write(path, pc, now=NOW), now=NOW)
    other = replace(pc, address=replace(pc.address, role="loket_other"), label="Loket 08")
    with pytest.raises(UserError, match=r"untuk PC lain \(Loket 08\)"):
        enrolment.take(tmp_path / "pc", path, enrolment.write(path, other, now=NOW), now=NOW)
    assert address.load(tmp_path / "pc") == first.address
    renewed = replace(pc, address=first.address)  # the same PC with the password that holds now
    again = enrolment.take(tmp_path / "pc", path, enrolment.write(path, renewed, now=NOW), now=NOW)
    assert again.address.secret != first.address.secret
    again.address.connect().close()


class PowerCut(Exception):
    """The PC is off from here on."""


@pytest.mark.parametrize("moment", ["before the password changed", "after the password changed"])
def test_a_power_cut_while_joining_costs_nothing(
    pc: Enrolment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    path = tmp_path / "Loket 07.loket"
    code = enrolment.write(path, pc, now=NOW)
    whole = address.save

    def cut(profile: Path, one: Address, name: str = address.FILE_NAME) -> Address:
        if moment.startswith("after") and name == address.FILE_NAME:
            raise PowerCut
        kept = whole(profile, one, name)
        if moment.startswith("before") and one.secret != SECRET:
            raise PowerCut
        return kept

    with monkeypatch.context() as patch, pytest.raises(PowerCut):
        patch.setattr(address, "save", cut)
        enrolment.take(tmp_path / "pc", path, code, now=NOW)
    assert address.load(tmp_path / "pc") is None
    if moment.startswith("after"):
        shutil.copytree(tmp_path / "pc", tmp_path / "without")
        (tmp_path / "without" / "centre" / "pending.json").unlink()
        with pytest.raises(UserError, match="sudah dipakai"):  # the control: nothing but the note saves it
            enrolment.take(tmp_path / "without", path, code, now=NOW)
    enrolment.take(tmp_path / "pc", path, code, now=NOW).address.connect().close()


def test_the_new_password_is_on_the_disk_before_the_centre_hears_of_it(
    pc: Enrolment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that took another's name has it for good only once its folder was written too."""
    path = tmp_path / "Loket 07.loket"
    code = enrolment.write(path, pc, now=NOW)
    told: list[str] = []
    durable, verifier = os.fsync, scram.verifier

    def synced(handle: int) -> None:
        told.append("folder" if stat.S_ISDIR(os.fstat(handle).st_mode) else "file")
        durable(handle)

    def changed(secret: str) -> str:
        told.append("password")
        return verifier(secret)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(scram, "verifier", changed)
    enrolment.take(tmp_path / "pc", path, code, now=NOW)
    assert told[: told.index("password")][-2:] == ["file", "folder"]


def test_a_centre_that_does_not_answer_uses_nothing_up(pc: Enrolment, tmp_path: Path) -> None:
    path = tmp_path / "Loket 07.loket"
    code = enrolment.write(path, replace(pc, address=replace(pc.address, port=1)), now=NOW)
    with pytest.raises(UserError) as said:
        enrolment.take(tmp_path / "pc", path, code, now=NOW)
    assert said.value.code == "E-20"
    pc.address.connect().close()
