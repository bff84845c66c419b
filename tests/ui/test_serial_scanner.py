"""A scanner on a serial port: a pseudo-terminal stands for the cable."""

from __future__ import annotations

import fcntl
import os
import struct
import termios
import tty
from collections.abc import Iterator
from datetime import date

import pytest

from desktop.operations.numbering import FileNumber
from desktop.settings import Settings
from desktop.ui.main_window import MainWindow
from tests.ui.desk import At

CODES = [FileNumber(date(2026, 11, 20), 123, serial).digits for serial in range(1, 11)]


class Cable:
    """The scanner's end of a port, and the port's name."""

    def __init__(self) -> None:
        self._ours, self._theirs = os.openpty()
        tty.setraw(self._theirs)
        self.port = os.ttyname(self._theirs)

    def send(self, data: bytes) -> None:
        os.write(self._ours, data)

    def waiting(self) -> int:
        """How many bytes nobody has read yet."""
        return struct.unpack("i", fcntl.ioctl(self._theirs, termios.FIONREAD, b"\0" * 4))[0]

    def wait_for_reader(self, qtbot) -> None:
        """Whoever opens a port throws away what was sent before: a scan counts from then on."""
        self.send(b"\r")
        qtbot.waitUntil(lambda: self.waiting() == 0)
        qtbot.wait(50)

    def close(self) -> None:
        os.close(self._ours)
        os.close(self._theirs)


@pytest.fixture
def cable() -> Iterator[Cable]:
    made = Cable()
    yield made
    made.close()


@pytest.fixture
def window(make_window, ready_store, cable: Cable, qtbot) -> MainWindow:
    settings = Settings()
    settings.scanner.port = cable.port
    made = make_window(ready_store, settings=settings)
    cable.wait_for_reader(qtbot)
    return made


def test_ten_codes_from_the_port_are_ten_answers(window: MainWindow, cable: Cable, qtbot) -> None:
    heard: list[str] = []
    window.scans.answered.connect(lambda answer: heard.append(answer.code))
    for end, code in zip(["\r", "\n", "\r\n", "\t", "\r"] * 2, CODES, strict=True):
        cable.send((code + end).encode())
    qtbot.waitUntil(lambda: len(heard) == 10)
    assert heard == CODES


def test_a_code_that_comes_in_pieces_is_one(window: MainWindow, cable: Cable, qtbot) -> None:
    heard: list[str] = []
    window.scans.answered.connect(lambda answer: heard.append(answer.code))
    cable.send(CODES[0][:5].encode())
    qtbot.wait(50)
    cable.send((CODES[0][5:] + "\r").encode())
    qtbot.waitUntil(lambda: heard == [CODES[0]])


@pytest.mark.parametrize("noise", [b"\xff\x00\x1b[24~\r", b"8991002101234\r", b"9" * 5000 + b"\r"])
def test_noise_opens_nothing_and_is_said(window: MainWindow, cable: Cable, qtbot, noise: bytes) -> None:
    cable.send(noise)
    qtbot.waitUntil(lambda: "bukan nomor berkas" in At(window).message())
    assert window.scans.card is None


def test_a_port_without_a_scanner_is_said_once(make_window, ready_store, qtbot) -> None:
    settings = Settings()
    settings.scanner.port = "/dev/tty-no-such"
    window = make_window(ready_store, settings=settings)
    qtbot.waitUntil(lambda: "tidak terjangkau" in At(window).message())


def test_the_port_is_given_in_the_settings(make_window, ready_store, cable: Cable, qtbot) -> None:
    window = make_window(ready_store)
    window.show_screen("settings")
    window.current().port.setFocus()
    At(window).types(cable.port).presses("Enter")
    cable.wait_for_reader(qtbot)
    cable.send((CODES[0] + "\r").encode())
    qtbot.waitUntil(lambda: window.scans.shown is not None)
    assert window.scans.shown.code == CODES[0]
