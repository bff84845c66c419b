"""A page as ESC/POS and back; answers of printers in words."""

from __future__ import annotations

import itertools
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.papers.receipt import make_receipt
from desktop.papers.slip import make_slip
from desktop.printers import escpos
from desktop.ui.delivery import thermal_bytes
from tests.papers.reading import bar_faults, codes, qr_faults
from tests.papers.samples import FULL_RECEIPT, RECEIPT, SLIP
from tests.printers.paper_printer import decode


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 9), st.integers(1, 300), st.integers(0), st.integers(0, 300))
def test_every_dot_comes_back(eighths: int, height: int, seed: int, white: int) -> None:
    width = 8 * eighths
    pixels = bytes(Random(seed).choices((0, 255), k=width * height))
    pixels = pixels[: width * max(0, height - white)].ljust(width * height, b"\xff")
    (page,) = decode(escpos.page_bytes(width, height, pixels), margin=0)
    assert page.pixels == pixels[: len(page.pixels)]
    assert set(pixels[len(page.pixels) :]) <= {255}, "only white may be left out"


@pytest.mark.parametrize(("width", "height", "size"), [(7, 1, 7), (8, 2, 8)])
def test_dots_that_make_no_page_are_refused(width: int, height: int, size: int) -> None:
    with pytest.raises(ValueError, match="dots"):
        escpos.page_bytes(width, height, bytes(size))


@pytest.mark.parametrize(("size", "across"), [("80mm", 576), ("58mm", 384)])
@pytest.mark.parametrize("paper", ["receipt", "slip"])
def test_both_symbols_are_read_from_what_the_head_burns(paper: str, size: str, across: int) -> None:
    pdf = make_receipt(RECEIPT, size) if paper == "receipt" else make_slip(SLIP, size)  # type: ignore[arg-type]
    facts = RECEIPT if paper == "receipt" else SLIP
    (page,) = decode(thermal_bytes(pdf, size))  # type: ignore[arg-type]
    assert page.width == across + 80
    assert codes(page) == {"Code 128": facts.barcode, "QR Code": facts.qr}
    assert bar_faults(page, 3) == []
    assert qr_faults(page, 21 if len(facts.qr) < 34 else 25) == []


def test_two_copies_are_cut_apart() -> None:
    assert len(decode(thermal_bytes(make_receipt(FULL_RECEIPT, "58mm"), "58mm"))) == 2


def test_a_page_of_another_size_is_not_forced_onto_the_roll() -> None:
    assert thermal_bytes(make_receipt(RECEIPT, "a5"), "80mm") == b""
    assert thermal_bytes(make_receipt(RECEIPT, "a4"), "a4") == b""


def test_every_bit_that_means_trouble_has_its_sentence_and_no_other_bit_does() -> None:
    telling = {(1, 3), (2, 2), (2, 5), (2, 6), (3, 3), (3, 5), (4, 5), (4, 6)}
    for question, bit in itertools.product((1, 2, 3, 4), range(8)):
        said = escpos.trouble({question: 0x12 | 1 << bit})
        assert (said is not None) == ((question, bit) in telling), (question, bit)


def test_the_cause_is_told_before_the_consequence() -> None:
    offline_by_cover = escpos.trouble({1: 0x1A, 2: 0x16, 3: 0x12, 4: 0x12})
    assert offline_by_cover is not None and "Tutup" in offline_by_cover.message


@given(st.integers(0, 255))
def test_only_an_answer_is_taken_for_one(byte: int) -> None:
    assert escpos.is_status(byte) == (byte & 1 == 0 and byte & 2 == 2 and byte & 16 == 16 and byte & 128 == 0)
