"""A printer at an address: what it prints, what it says, and every way in which it leaves its user alone."""

from __future__ import annotations

import socket

import pytest

from desktop.errors import UserError
from desktop.papers.receipt import make_receipt
from desktop.printers import network
from desktop.printers.talk import Patience
from desktop.ui.delivery import thermal_bytes
from tests.papers.reading import codes
from tests.papers.samples import RECEIPT
from tests.printers.paper_printer import COVER, KNIFE, NO_PAPER, OFFLINE, PAPER_STOP, READY, Mood, printer

SHORT = Patience(connect=1, answer=0.3, progress=0.6, finish=2)


@pytest.fixture(scope="module")
def paper() -> bytes:
    return thermal_bytes(make_receipt(RECEIPT, "80mm"), "80mm")


@pytest.mark.parametrize("mood", [Mood(), Mood(is_mute=True), Mood(pause=0.02), Mood(late=0.6)],
                         ids=["answers", "mute", "slow", "late"])
def test_a_paper_comes_out_whole(paper: bytes, mood: Mood) -> None:
    with printer(mood) as device:
        network.send(device.address, paper, Patience(answer=0.3))
    (page,) = device.pages()
    assert codes(page) == {"Code 128": RECEIPT.barcode, "QR Code": RECEIPT.qr}


def test_one_paper_after_the_other(paper: bytes) -> None:
    with printer() as device:
        for _paper in range(3):
            network.send(device.address, paper, SHORT)
    assert len(device.pages()) == 3


@pytest.mark.parametrize(("answers", "words"), [
    ({1: OFFLINE, 2: PAPER_STOP, 3: READY, 4: NO_PAPER}, "Kertas printer habis"),
    ({1: READY, 2: READY, 3: READY, 4: NO_PAPER}, "Kertas printer habis"),
    ({1: OFFLINE, 2: COVER, 3: READY, 4: READY}, "Tutup printer terbuka"),
    ({1: OFFLINE, 2: READY, 3: KNIFE, 4: READY}, "Pisau"),
    ({1: OFFLINE, 2: READY, 3: READY, 4: READY}, "tidak siap"),
])  # fmt: skip
def test_what_is_wrong_is_said_before_anything_is_sent(paper: bytes, answers: dict[int, int], words: str) -> None:
    with printer(Mood(answers=answers)) as device, pytest.raises(UserError, match=words):
        network.send(device.address, paper, SHORT)
    assert device.printed == []


def test_paper_that_ends_in_the_middle_is_told(paper: bytes) -> None:
    out = {1: OFFLINE, 2: PAPER_STOP, 3: READY, 4: NO_PAPER}
    # Larger than every buffer between here and there, so that nothing moves any more.
    much = paper * 200
    with printer(Mood(stops_after=4000, answers_then=out)) as device, pytest.raises(UserError, match=r"menjawab|habis"):
        network.send(device.address, much, SHORT)
    assert device.printed == []


def test_paper_that_ends_with_the_last_line_is_told(paper: bytes) -> None:
    with printer(Mood(done=0x0C)) as device, pytest.raises(UserError, match="Kertas printer habis"):
        network.send(device.address, paper, SHORT)


def test_a_printer_that_dies_in_the_middle_is_not_believed(paper: bytes) -> None:
    with printer(Mood(dies_after=4000)) as device, pytest.raises(UserError, match="berhenti menjawab"):
        network.send(device.address, paper * 50, SHORT)
    assert device.printed == []


def test_a_printer_that_stands_still_and_calls_itself_ready_is_not_believed(paper: bytes) -> None:
    with printer(Mood(stops_after=len(paper) // 2)) as device, pytest.raises(UserError, match="berhenti menjawab"):
        network.send(device.address, paper, SHORT)


def test_a_printer_that_is_off_is_named() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"127.0.0.1:{gone.getsockname()[1]}"
    with pytest.raises(UserError, match=address):
        network.send(address, b"", SHORT)


@pytest.mark.parametrize(("typed", "read"), [
    ("192.168.1.50", ("192.168.1.50", 9100)), (" printer-3:9101 ", ("printer-3", 9101)),
])  # fmt: skip
def test_an_address_is_read(typed: str, read: tuple[str, int]) -> None:
    assert network.read_address(typed) == read


@pytest.mark.parametrize("typed", ["", "  ", ":9100", "a b", "printer:", "printer:0", "printer:99999", "printer:x",
                                   "http://printer", "printer:９１００"])  # fmt: skip
def test_what_is_no_address_is_refused(typed: str) -> None:
    with pytest.raises(UserError) as refused:
        network.read_address(typed)
    assert refused.value.field == "printer_address"
