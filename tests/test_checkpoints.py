"""The log is folded into the file beside the work, never inside a save."""

from __future__ import annotations

import contextlib
import logging
import resource
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from desktop import checkpoints
from desktop.folder import FILE_NAME
from desktop.store import Store, connect
from tests.test_store import add_agency, names

MakeStore = Callable[[str], Store]


def folded(store: Store, tmp_path: Path) -> int:
    """Saves that stand in the file itself, without its log; -1 where it was copied while a page was written."""
    copy = tmp_path / "copy.db"
    shutil.copyfile(store.folder / FILE_NAME, copy)
    try:
        with contextlib.closing(connect(copy, store.ring.key, frozen=True)) as raw:
            return int(raw.execute("SELECT count(*) FROM agency").fetchone()[0])
    except driver.DatabaseError:
        return -1


def wait_for(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < end, "it never came"
        time.sleep(0.02)


def threads() -> int:
    return sum(thread.name == "checkpoints" for thread in threading.enumerate())


def test_what_was_saved_is_folded_in_soon_and_not_by_the_save(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 1000)
    for _ in range(60):  # about 2,000 pages: a save that folds does so after a thousand
        add_agency(store, "x" * 30_000)
    assert (store.folder / f"{FILE_NAME}-wal").stat().st_size > 4096 * 1000
    assert folded(store, tmp_path) == 0
    store.close()
    monkeypatch.setattr(checkpoints, "EVERY", 1)
    again = Store.open(store.folder, clock=store.clock)
    add_agency(again)
    wait_for(lambda: folded(again, tmp_path) == 61)
    again.close()


def test_entries_that_arrive_are_folded_in_too(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 1)
    add_agency(store)
    wait_for(lambda: folded(store, tmp_path) == 1)
    with store.arriving() as connection:
        connection.exec_driver_sql("DELETE FROM agency")
    wait_for(lambda: folded(store, tmp_path) == 0)


def test_what_cannot_be_folded_now_is_folded_after_the_next_save(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 2)
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    with caplog.at_level(logging.WARNING, "loket.store"):
        add_agency(store)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))  # the kernel itself refuses every write
        try:
            store._checkpoints.fold()
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))
    assert "the log file was not folded in" in caplog.text
    assert (names(store), folded(store, tmp_path)) == (["Dukcapil"], 0)
    add_agency(store)
    wait_for(lambda: folded(store, tmp_path) == 2)


def test_who_only_reads_has_no_thread_and_who_closes_leaves_none(
    new_store: MakeStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checkpoints, "EVERY", 1)
    before = threads()
    store = new_store("pc")
    assert names(store) == []
    assert threads() == before
    add_agency(store)
    assert threads() == before + 1
    store.close()
    assert threads() == before


def test_a_close_at_the_moment_of_folding_is_heard(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """The word to end comes just before what was due is cleared: it was cleared with it, and waited for."""
    monkeypatch.setattr(checkpoints, "EVERY", 1)
    folding = checkpoints.Checkpoints(store._reader)

    class CloseBeforeClear(threading.Event):
        def clear(self) -> None:
            folding._is_closing = True
            self.set()
            super().clear()

    folding._due = CloseBeforeClear()
    folding.due()
    folding._thread.join(timeout=10)
    assert not folding._thread.is_alive()
