"""Starting: straight to the window, once per folder, with a sentence for what stands in the way."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QMessageBox
from pytestqt.qtbot import QtBot

from desktop.commands import window as window_command
from desktop.folder import FILE_NAME, SLOTS_NAME
from desktop.store import Store
from desktop.ui import program
from desktop.ui.background import AtOnce
from desktop.ui.rescue import RescueWindow
from tests.conftest import Clock

PROJECT = Path(__file__).resolve().parent.parent.parent
Start = Callable[..., subprocess.Popen[str]]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start the real program on a folder; whatever still runs afterwards is stopped."""
    running: list[subprocess.Popen[str]] = []

    def begin(folder: Path) -> subprocess.Popen[str]:
        started = subprocess.Popen(
            [sys.executable, "main.py", "--profile", str(folder)],
            cwd=PROJECT,
            env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        running.append(started)
        return started

    yield begin
    for process in running:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def until(answer: Callable[[], bool], seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if answer():
            return True
        time.sleep(0.05)
    return False


def test_a_second_start_brings_the_first_window_to_the_front(qapp: QApplication, start: Start, tmp_path: Path) -> None:
    first = start(tmp_path)
    assert until(lambda: program.call_to_front(tmp_path)), "the first one answers"
    second = start(tmp_path)
    said, _nothing = second.communicate(timeout=60)
    assert (second.returncode, said.strip()) == (0, "Program sudah terbuka. Jendelanya ditampilkan.")
    assert first.poll() is None
    first.kill()
    first.wait()
    third = start(tmp_path)
    assert until(lambda: program.call_to_front(tmp_path)), "after a kill the next start is clean"
    assert third.poll() is None


def test_what_stands_in_the_way_is_said_in_a_window(
    qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("in the place of the folder")
    shown: list[str] = []
    monkeypatch.setattr(QMessageBox, "exec", lambda box: shown.append(box.text() + box.informativeText()) or 0)
    assert window_command.run(tmp_path / "file") == 1
    assert "E-05" in shown[0]


def test_what_a_backup_can_help_opens_the_way_back(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    Store.open(tmp_path, clock=Clock()).close()
    (tmp_path / SLOTS_NAME).unlink()
    shown: list[RescueWindow] = []

    def run(window: RescueWindow) -> None:
        shown.append(window)
        window.show()
        qtbot.waitUntil(window.close)  # refused while it looks for backups; left open, its thread keeps the process

    monkeypatch.setattr(RescueWindow, "run", run)
    assert window_command.run(tmp_path) == 1
    assert "E-04" in shown[0].sentence.text()
    assert str(tmp_path / SLOTS_NAME) in shown[0].sentence.text()


def test_the_program_is_put_together_and_taken_apart(qapp: QApplication, tmp_path: Path) -> None:
    made = program.assemble(tmp_path, clock=Clock(), background=AtOnce())
    made.window.show()
    made.close()
    assert (tmp_path / FILE_NAME).exists()
    with contextlib.closing(Store.open(tmp_path, clock=Clock())):
        pass  # the control: the file was given back
