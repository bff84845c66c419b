"""The day's comparison of rows and journal while officers work: in another thread, by pages, and told if it mends."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtWidgets import QLabel

from desktop.models import agreement
from desktop.safekeeping import health
from desktop.settings import Settings
from desktop.store import Store
from desktop.ui import safekeeping
from desktop.ui.background import Worker
from desktop.ui.main_window import MainWindow
from desktop.ui.safekeeping import Safekeeping
from tests.conftest import Clock
from tests.ui.conftest import full_disk

NAME = "SELECT name_id FROM agency ORDER BY id LIMIT 1"


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No waiting between two pages, of which there are several."""
    monkeypatch.setattr(safekeeping, "REST", 0)
    monkeypatch.setattr(agreement, "PAGE", 40)


@pytest.fixture
def window(make_window, ready_store: Store, tmp_path: Path) -> MainWindow:
    (tmp_path / "stick").mkdir()
    window = make_window(ready_store)
    window.around.settings.backups.folder = str(tmp_path / "stick")
    return window


@pytest.fixture
def worker() -> Iterator[Worker]:
    made = Worker("keeping")
    yield made
    made.close()


def a_turn(window: MainWindow) -> None:
    window.around.safekeeping._timer.timeout.emit()


def flip(store: Store) -> str:
    """The name of an agency changes past the journal; what it was."""
    with store.arriving() as connection:
        was = connection.exec_driver_sql(NAME).scalar_one()
        connection.exec_driver_sql("UPDATE agency SET name_id = 'x' WHERE id = (SELECT min(id) FROM agency)")
    return str(was)


def name(store: Store) -> str:
    with store.reading() as session:
        return str(session.connection().exec_driver_sql(NAME).scalar_one())


def contents(window: MainWindow) -> str:
    """What the page on this PC says of its rows."""
    window.show_screen("health")
    labels = window.current().findChildren(QLabel)
    # The last one: those of the time before are about to go.
    return [label.text() for label in labels if label.accessibleName().startswith("Isi data:")][-1]


def test_a_flipped_row_is_mended_and_said(window: MainWindow, clock: Clock, qtbot: Any) -> None:
    assert contents(window) == "belum dicocokkan dengan jurnal"
    with qtbot.waitSignal(window.around.safekeeping.compared):
        a_turn(window)
    assert "E-15" not in window.feedback.text(), "the control: nothing to say"
    assert contents(window) == "cocok dengan jurnal, 23 November 08.12"
    was = flip(window.store)
    a_turn(window)
    assert name(window.store) == "x", "the control: once a day only"
    clock.forward(days=1)
    with qtbot.waitSignal(window.around.safekeeping.compared):
        a_turn(window)
    assert name(window.store) == was
    assert window.feedback.text().startswith("1 baris data tidak cocok dengan jurnalnya dan sudah dipulihkan.")
    assert window.feedback.kind == "warning"
    assert contents(window).endswith("1 baris dipulihkan 24 November 08.12 (kode E-15)")


def test_it_never_works_in_the_windows_thread(
    ready_store: Store, worker: Worker, monkeypatch: pytest.MonkeyPatch, qtbot: Any, tmp_path: Path
) -> None:
    threads, look = [], agreement.look

    def looking(connection: Any, after: int) -> agreement.Page:
        threads.append(threading.current_thread())
        return look(connection, after)

    monkeypatch.setattr(agreement, "look", looking)
    settings = Settings()
    settings.backups.folder = str(tmp_path)
    monkeypatch.setattr(safekeeping, "FIRST", 0)
    keeping = Safekeeping(ready_store, settings, worker)
    with qtbot.waitSignal(keeping.compared) as heard:
        keeping.start()
    assert heard.args == [health.Round(is_over=True)]
    assert len(threads) > 2 and set(threads) == {worker._thread}
    keeping._timer.stop()


def test_training_is_not_compared(window: MainWindow) -> None:
    window.around.settings.training = True
    a_turn(window)
    assert contents(window) == "belum dicocokkan dengan jurnal"


def test_a_full_disk_breaks_it_off_until_the_next_turn(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch, qtbot: Any
) -> None:
    monkeypatch.setattr(Safekeeping, "keep_up", lambda _self: None)  # what a backup says of a full disk is not asked
    flip(window.store)
    with full_disk():
        a_turn(window)
        qtbot.waitUntil(lambda: not window.around.safekeeping._is_comparing)
    assert name(window.store) == "x"
    with qtbot.waitSignal(window.around.safekeeping.compared):
        a_turn(window)
    assert name(window.store) != "x"
