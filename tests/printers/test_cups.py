"""Raw jobs through a real CUPS: what comes out, and every way in which a queue takes a job and prints nothing."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from desktop.errors import UserError
from desktop.papers.receipt import make_receipt
from desktop.printers import cups as queue
from desktop.ui.delivery import thermal_bytes
from tests.papers.reading import codes
from tests.papers.samples import RECEIPT
from tests.printers.paper_printer import PaperPrinter, printer
from tests.printers.real_queue import Cups, apart, until

JOB = "261123-107-0041-3-tanda-terima-1.pdf"


@pytest.fixture(scope="module")
def paper() -> bytes:
    return thermal_bytes(make_receipt(RECEIPT, "80mm"), "80mm")


@pytest.fixture(scope="module")
def cups() -> Iterator[Cups]:
    with Cups() as made:
        yield made


@pytest.fixture
def device(cups: Cups, monkeypatch: pytest.MonkeyPatch) -> Iterator[PaperPrinter]:
    monkeypatch.setenv("CUPS_SERVER", cups.server)
    with printer() as made:
        yield made


def test_a_paper_comes_out_of_the_queue_byte_for_byte(cups: Cups, device: PaperPrinter, paper: bytes) -> None:
    cups.add("Termal", device.address)
    apart(queue.send, "Termal", paper, JOB)
    until(lambda: bool(device.printed))
    assert device.printed == [paper]
    assert codes(device.pages()[0])["Code 128"] == RECEIPT.barcode


def test_the_second_job_of_a_name_is_followed_too(cups: Cups, device: PaperPrinter, paper: bytes) -> None:
    cups.add("Dua", device.address)
    for _copy in range(2):
        apart(queue.send, "Dua", paper, JOB)
    until(lambda: len(device.printed) == 2)


def test_a_queue_that_is_not_there_is_named(device: PaperPrinter, paper: bytes) -> None:
    with pytest.raises(UserError, match="Epson Hilang"):
        apart(queue.send, "Epson Hilang", paper, JOB)


def test_a_queue_that_rejects_does_not_look_like_one_that_prints(
    cups: Cups, device: PaperPrinter, paper: bytes
) -> None:
    cups.add("Tolak", device.address)
    cups.reject("Tolak")
    with pytest.raises(UserError, match="menolak"):
        apart(queue.send, "Tolak", paper, JOB)
    assert device.printed == []


def test_a_queue_that_stands_still_does_not_look_like_one_that_prints(
    cups: Cups, device: PaperPrinter, paper: bytes
) -> None:
    cups.add("Henti", device.address)
    cups.stop("Henti")
    with pytest.raises(UserError, match="berhenti"):
        apart(queue.send, "Henti", paper, JOB)
    assert cups.jobs("Henti") == ""


def test_a_job_to_a_printer_that_is_off_is_taken_back(cups: Cups, device: PaperPrinter, paper: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        address = f"127.0.0.1:{gone.getsockname()[1]}"
    cups.add("Mati", address)
    with pytest.raises(UserError, match="berhenti"):
        apart(queue.send, "Mati", paper, JOB, 2)
    # Cancelled: it would come out once the printer is on again, beside the one that is printed anew.
    until(lambda: cups.jobs("Mati") == "")


def test_without_a_print_system_a_queue_is_not_found(monkeypatch: pytest.MonkeyPatch, paper: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{gone.getsockname()[1]}")
    with pytest.raises(UserError, match="tidak ditemukan"):
        apart(queue.send, "Termal", paper, JOB)
