"""The demo's switches: a digit cuts one counter's wire and heals it, and a counter starts beside the others."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.commands import demo_hall
from desktop.commands.training_hall import TrainingHall
from desktop.commands.wire import Wire
from desktop.errors import UserError
from desktop.ui import program
from desktop.ui.switches import Switches
from tests.sync.test_worker import wait_for

PROJECT = Path(__file__).resolve().parent.parent.parent


def echo() -> socket.socket:
    return socket.create_server(("127.0.0.1", 0))


def test_a_digit_cuts_and_heals_one_wire(qtbot) -> None:
    with echo() as centre:
        port = centre.getsockname()[1]
        wires = {name: Wire(port) for name in ("Loket 7", "Loket 8")}
        window = Switches(wires, "PIN")
        qtbot.addWidget(window)
        window.show()
        near = socket.create_connection(("127.0.0.1", wires["Loket 8"].port))
        far, _address = centre.accept()
        near.sendall(b"yes")
        assert far.recv(3) == b"yes"
        QTest.keyClick(window, Qt.Key.Key_2)
        assert (wires["Loket 7"].is_cut, wires["Loket 8"].is_cut) == (False, True)
        assert "TERPUTUS" in window.buttons["Loket 8"].text()
        assert near.recv(1) == b"", "what was open is ended"
        window.buttons["Loket 8"].click()
        assert not wires["Loket 8"].is_cut
        again = socket.create_connection(("127.0.0.1", wires["Loket 8"].port))
        other, _address = centre.accept()
        for end in (near, far, again, other):
            end.close()
        for wire in wires.values():
            wire.close()


def test_a_counter_of_the_demo_opens_beside_the_others(training_hall: TrainingHall, qapp) -> None:
    profile = training_hall.counters["Loket 8"]
    started = demo_hall.start(profile, 1, 2)
    try:
        end = time.monotonic() + 60
        while not program.call_to_front(profile):
            assert time.monotonic() < end and started.poll() is None
            time.sleep(0.1)
    finally:
        started.terminate()
        started.wait()


def test_one_counter_or_twenty_is_no_hall_to_show() -> None:
    for count in (1, 20):
        with pytest.raises(UserError, match="2 sampai 6"):
            demo_hall.run(count)


# The demo's own program, with the shortest of days; it says when its window is there.
DEMO = """
import contextlib, sys
from desktop.commands import demo_hall
from desktop.ui import program
class Told(demo_hall.Switches):
    def showEvent(self, event):
        super().showEvent(event)
        print("shown", flush=True)
demo_hall.DAYS, demo_hall.Switches = 0, Told
if sys.argv[1] == "deaf":
    program.ended_from_outside = lambda _app: contextlib.nullcontext()
sys.exit(demo_hall.run(2))
"""


def ended(moment: str, how: str) -> tuple[Path, Path]:
    """The folder in which a demo worked that was ended from outside at this moment, and its server's process."""
    folder = Path(tempfile.mkdtemp(prefix="loket-ended-"))
    folder.chmod(0o711)
    command = [sys.executable, "-c", DEMO, how]
    with subprocess.Popen(command, cwd=PROJECT, env={**os.environ, "TMPDIR": str(folder)}, stdout=subprocess.PIPE,
                          text=True) as demo:  # fmt: skip
        wait_for(lambda: any("ready" in note.read_text() for note in folder.glob("*/server/cluster/postmaster.pid")))
        [note] = folder.glob("*/server/cluster/postmaster.pid")
        process = Path("/proc", note.read_text().split()[0])
        if moment == "shown":
            assert demo.stdout is not None and "shown\n" in iter(demo.stdout.readline, "")
        demo.terminate()
    return folder, process


def lives(process: Path) -> bool:
    """Whether it runs; in a container nobody may ask for the end of one that does not."""
    return process.exists() and "\nState:\tZ" not in (process / "status").read_text()


@pytest.mark.parametrize("moment", ["preparing", "shown"])
def test_a_demo_that_is_ended_from_outside_leaves_nothing_behind(moment: str) -> None:
    folder, process = ended(moment, "hears")
    assert not lives(process) and list(folder.iterdir()) == []
    folder.rmdir()


def test_without_hearing_it_the_demos_server_would_go_on() -> None:
    folder, process = ended("preparing", "deaf")
    try:
        assert lives(process) and list(folder.iterdir())
    finally:
        os.kill(int(process.name), signal.SIGQUIT)
        wait_for(lambda: not lives(process))
        shutil.rmtree(folder)
