"""A device file: a terminal pair stands for the printer's cable, with a person who answers at the other end."""

from __future__ import annotations

import os
import pty
import select
import threading
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.errors import UserError
from desktop.papers.receipt import make_receipt
from desktop.printers import device
from desktop.printers.talk import Patience
from desktop.ui.delivery import thermal_bytes
from tests.papers.reading import codes
from tests.papers.samples import RECEIPT
from tests.printers.paper_printer import NO_PAPER, READY, decode

SHORT = Patience(answer=0.3, progress=0.5, finish=1)


class Cable:
    """Takes what is written to ``path``; answers DLE EOT and GS r as told, or keeps silent, or takes nothing."""

    def __init__(self, answer: int | None, *, takes: bool = True) -> None:
        self._ours, theirs = pty.openpty()
        tty.setraw(theirs)
        self.path = os.ttyname(theirs)
        self._theirs, self._answer, self._takes = theirs, answer, takes
        self.taken = bytearray()
        self._ends = threading.Event()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while not self._ends.is_set():
            if not self._takes or not select.select([self._ours], [], [], 0.05)[0]:
                self._ends.wait(0.01)
                continue
            heard = os.read(self._ours, 4096)
            if heard[:2] == b"\x10\x04" and len(heard) == 3:
                if self._answer is not None:
                    os.write(self._ours, bytes([self._answer]))
            elif heard.endswith(b"\x1dr\x01"):
                self.taken += heard[:-3]
                os.write(self._ours, b"\0")
            else:
                self.taken += heard

    def close(self) -> None:
        self._ends.set()
        self._thread.join(5)
        os.close(self._ours)
        os.close(self._theirs)


@pytest.fixture
def paper() -> bytes:
    return thermal_bytes(make_receipt(RECEIPT, "58mm"), "58mm")


@pytest.fixture
def cables() -> Iterator[list[Cable]]:
    made: list[Cable] = []
    yield made
    for cable in made:
        cable.close()


@pytest.mark.parametrize("answer", [READY, None], ids=["answers", "mute"])
def test_a_paper_goes_down_the_cable_whole(cables: list[Cable], paper: bytes, answer: int | None) -> None:
    cable = Cable(answer)
    cables.append(cable)
    device.send(cable.path, paper, SHORT)
    end = threading.Event()
    while len(cable.taken) < len(paper) and not end.wait(0.02):
        pass
    (page,) = decode(bytes(cable.taken))
    assert codes(page) == {"Code 128": RECEIPT.barcode, "QR Code": RECEIPT.qr}


def test_a_printer_without_paper_says_so(cables: list[Cable], paper: bytes) -> None:
    cables.append(Cable(NO_PAPER))
    with pytest.raises(UserError, match="Kertas printer habis"):
        device.send(cables[0].path, paper, SHORT)
    assert not cables[0].taken


def test_a_printer_that_takes_nothing_does_not_hold_the_program(cables: list[Cable], paper: bytes) -> None:
    cables.append(Cable(READY, takes=False))
    with pytest.raises(UserError, match="berhenti menjawab"):
        device.send(cables[0].path, paper, SHORT)


def test_a_device_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="lp9"):
        device.send(str(tmp_path / "lp9"), b"x")


def test_a_plain_file_is_no_printer(tmp_path: Path) -> None:
    (tmp_path / "lp0").write_bytes(b"")
    with pytest.raises(UserError, match="lp0"):
        device.send(str(tmp_path / "lp0"), b"x")
    assert (tmp_path / "lp0").read_bytes() == b""


def test_a_device_of_somebody_else_names_the_group(cables: list[Cable], monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_args: object) -> int:
        raise PermissionError(13, "Permission denied")

    cables.append(Cable(READY))
    monkeypatch.setattr(os, "open", forbidden)  # root, who may run the tests, is let in everywhere
    with pytest.raises(UserError, match="grup lp"):
        device.send(cables[0].path, b"x")
