"""The demo's switches: a digit cuts one counter's wire and heals it, and a counter starts beside the others."""

from __future__ import annotations

import socket
import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.commands import demo_hall
from desktop.commands.training_hall import TrainingHall
from desktop.commands.wire import Wire
from desktop.errors import UserError
from desktop.ui import program
from desktop.ui.switches import Switches


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
