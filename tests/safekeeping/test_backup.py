"""A backup is whole, encrypted and proven before it has its name; what is in the way is said, the counter goes on."""

from __future__ import annotations

import errno
import json
import os
import shutil
import stat
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.errors import UserError
from desktop.folder import FILE_NAME, SLOTS_NAME
from desktop.safekeeping import backup
from desktop.store import Store
from tests.conftest import MORNING, Clock
from tests.safekeeping.conftest import receive
from tests.test_keys import CODE, PASSWORD

OpenStore = Callable[..., Store]


def test_a_backup_says_what_it_holds_and_opens_as_the_data_do(open_store: OpenStore, stick: Path) -> None:
    store = open_store()
    number = receive(store)
    made = backup.make(store, stick)
    assert made.contents.last_number == number
    assert made.contents.counter == "Loket 7"
    assert made.contents.applications > 10
    assert [found.folder for found in backup.backups(stick)] == [made.folder]
    assert {path.name for path in made.folder.iterdir()} == {FILE_NAME, SLOTS_NAME, "isi.json"}
    again = Store.open(made.folder, clock=Clock())
    with again.reading() as session:
        assert backup.contents(session.connection().connection.dbapi_connection) == made.contents
    again.close()


def test_the_counter_saves_while_a_backup_is_made(open_store: OpenStore, stick: Path) -> None:
    store = open_store()
    receive(store)
    held = store._reader.connect()
    held.exec_driver_sql("SELECT count(*) FROM application").scalar()
    made = backup.make(store, stick)
    later = receive(store)
    held.close()
    assert not (store.folder / "loket.salin").exists()
    assert made.contents.last_number != later


def test_with_a_recovery_sheet_the_backup_does_not_carry_the_bare_key(open_store: OpenStore, stick: Path) -> None:
    store = open_store()
    bare = backup.make(store, stick)
    assert store.ring.key in (bare.folder / SLOTS_NAME).read_text(), "the control: without a sheet it must"
    store.ring.set_recovery(CODE, MORNING)
    store.clock.forward(hours=1)  # type: ignore[attr-defined]
    made = backup.make(store, stick)
    assert store.ring.key not in (made.folder / SLOTS_NAME).read_text()
    for secret in (None, PASSWORD):
        with pytest.raises(UserError):
            Store.open(made.folder, secret=secret, clock=Clock())
    Store.open(made.folder, secret=CODE, clock=Clock()).close()


def test_a_file_that_takes_no_note_of_the_backup_is_told_and_breaks_nothing(open_store: OpenStore, stick: Path) -> None:
    store = open_store()

    with store._writer.connect() as connection:
        writer = connection.connection.dbapi_connection
    writer.execute("PRAGMA query_only = 1")
    assert "tidak dapat ditulis" in backup.keep_up(store, stick).trouble
    assert len(backup.backups(stick)) == 1, "the backup itself is good"
    writer.execute("PRAGMA query_only = 0")
    assert backup.keep_up(store, stick).trouble == "", "the control"


@pytest.mark.parametrize("code", ["gone", "away", "no room", "no room here", "full", "read only"])
def test_what_is_in_the_way_is_said_and_the_counter_goes_on(
    open_store: OpenStore, stick: Path, code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()
    if code == "gone":
        stick.rmdir()
    elif code == "away":
        monkeypatch.setattr(Path, "stat", _not_connected)
    elif code == "no room":
        _leave(monkeypatch, {stick: 1000})
    elif code == "no room here":
        # The copy is made on the PC's own disk first: it must never take the room of what the desk saves.
        _leave(monkeypatch, {store.folder: 1000})
    elif code == "full":
        _fill_the_disk(monkeypatch)
    else:
        monkeypatch.setattr(Path, "mkdir", _refuse)
    told = backup.keep_up(store, stick)
    monkeypatch.undo()
    assert told.at is None
    assert "Pelayanan tetap jalan" in told.trouble
    assert backup.last(store) == told
    assert backup.backups(stick) == []
    receive(store)
    assert not list(stick.glob("loket-*/*/isi.json"))
    stick.mkdir(exist_ok=True)
    assert backup.keep_up(store, stick).trouble == "", "the control: with room and rights it works"
    assert not list(stick.glob("loket-*/*.tmp")), "what was left half made is gone"


def _leave(monkeypatch: pytest.MonkeyPatch, free: dict[Path, int]) -> None:
    real = shutil.disk_usage
    monkeypatch.setattr(shutil, "disk_usage", lambda path: real(path)._replace(free=free.get(path, 10**12)))


def _not_connected(*_given: object, **_more: object) -> None:
    raise OSError(errno.ENOTCONN, "Transport endpoint is not connected")


def _refuse(*_given: object, **_more: object) -> None:
    raise PermissionError(13, "Permission denied")


def _fill_the_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    real = os.fsync

    def full(handle: int) -> None:
        if os.fstat(handle).st_size > 100_000:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", full)


def test_a_copy_that_cannot_be_read_back_never_gets_the_name_of_a_backup(
    open_store: OpenStore, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store()
    real = backup.proven

    def on_a_bad_stick(path: Path, key: str) -> Any:
        content = bytearray(path.read_bytes())
        content[len(content) // 2] ^= 1
        path.write_bytes(content)
        return real(path, key)

    monkeypatch.setattr(backup, "proven", on_a_bad_stick)
    assert "tidak terbaca kembali" in backup.keep_up(store, stick).trouble
    assert backup.backups(stick) == []


def test_nothing_new_makes_no_new_backup_but_says_that_all_is_there(open_store: OpenStore, stick: Path) -> None:
    store = open_store()
    first = backup.keep_up(store, stick)
    store.clock.forward(days=3)  # type: ignore[attr-defined]
    assert first.is_old(store.clock())
    second = backup.keep_up(store, stick)
    assert (second.folder, second.at) == (first.folder, store.clock())
    assert not second.is_old(store.clock())
    receive(store)
    store.clock.forward(minutes=1)  # type: ignore[attr-defined]
    assert backup.keep_up(store, stick).folder != first.folder
    shutil.rmtree(stick)
    stick.mkdir()
    assert len(backup.backups(stick)) == 0
    backup.keep_up(store, stick)
    assert len(backup.backups(stick)) == 1, "a stick that was exchanged gets one although nothing was saved"


@given(st.lists(st.integers(0, 500 * 24), max_size=60), st.integers(0, 23))
def test_the_rule_keeps_today_then_days_weeks_months(hours_ago: list[int], hour: int) -> None:
    now = datetime(2026, 11, 23, hour, tzinfo=MORNING.tzinfo)
    moments = {now - timedelta(hours=ago) for ago in hours_ago}
    keep = backup.kept(moments, now)
    assert keep <= moments
    assert bool(keep) == bool(moments)
    assert {moment for moment in moments if moment.date() == now.date()} <= keep
    for span, period in ((14, "%Y-%m-%d"), (56, "%G-%V"), (372, "%Y-%m")):
        there = {moment for moment in moments if moment > now - timedelta(days=span)}
        assert {moment.strftime(period) for moment in there} <= {moment.strftime(period) for moment in keep}
    assert len(keep) <= len({m for m in moments if m.date() == now.date()}) + 14 + 9 + 13 + 1
    assert backup.kept(keep, now) == keep, "thinning twice removes nothing more"


def test_what_others_put_beside_the_backups_stays(open_store: OpenStore, stick: Path, clock: Clock) -> None:
    store = open_store()
    for _day in range(20):
        receive(store)
        backup.keep_up(store, stick)
        clock.forward(hours=30)
    place = next(stick.glob("loket-*"))
    (place / "foto.jpg").write_bytes(b"x")
    (place / "20200101-000000").mkdir()
    (place / "20200101-000000" / "surat.doc").write_bytes(b"x")
    receive(store)
    told = backup.keep_up(store, stick)
    assert (place / "foto.jpg").exists() and (place / "20200101-000000" / "surat.doc").exists()
    assert told.trouble == ""
    assert 14 <= len(backup.backups(stick)) < 21


def test_a_clock_that_jumps_ahead_does_not_empty_the_stick(open_store: OpenStore, stick: Path, clock: Clock) -> None:
    store = open_store()
    for _hour in range(8):
        receive(store)
        backup.keep_up(store, stick)
        clock.forward(hours=1)
    clock.forward(days=9000)
    receive(store)
    backup.keep_up(store, stick)
    assert len(backup.backups(stick)) == 9 - backup.AT_ONCE


def test_a_network_folder_that_cannot_sync_is_good_enough(
    open_store: OpenStore, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = os.fsync

    def of_files_only(handle: int) -> None:
        if stat.S_ISDIR(os.fstat(handle).st_mode):
            raise OSError(errno.EINVAL, "Invalid argument")
        real(handle)

    monkeypatch.setattr(os, "fsync", of_files_only)
    assert backup.keep_up(open_store(), stick).trouble == ""


def test_a_page_that_is_damaged_is_no_backup(open_store: OpenStore, stick: Path) -> None:
    made = backup.make(open_store(), stick)
    about = made.folder / "isi.json"
    for told in (b"", b"{}", b"[]", b"\xff", json.dumps({"node": 1}).encode()):
        about.write_bytes(told)
        assert backup.backups(stick) == []
