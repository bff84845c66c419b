"""A paper as dots: size, greys, threads, and files that are no PDF."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from desktop.papers.raster import Picture, pictures
from desktop.papers.receipt import make_receipt
from desktop.papers.slip import make_slip
from tests.papers.samples import FULL_RECEIPT, RECEIPT, SLIP


def test_pages_have_the_dots_of_their_size() -> None:
    pages = list(pictures(make_receipt(FULL_RECEIPT, "a5"), 300))
    assert len(pages) == 4
    for page in pages:
        assert (page.width, page.height) == (1749, 2481)
        assert len(page.pixels) == page.width * page.height
        assert page.pixels[-1] == 255


def test_black_and_white_has_no_greys() -> None:
    page = Picture(4, 1, bytes([0, 127, 128, 255]))
    assert page.black_and_white() == Picture(4, 1, bytes([0, 0, 255, 255]))
    assert page.black_and_white(200).pixels == bytes([0, 0, 0, 255])


def test_papers_made_and_drawn_at_once_are_as_those_made_alone() -> None:
    def work(turn: int) -> tuple[bytes, list[Picture]]:
        pdf = make_receipt(RECEIPT, "a5") if turn % 2 else make_slip(SLIP, "80mm")
        return pdf, list(pictures(pdf, 100))

    alone = [work(0), work(1)]
    with ThreadPoolExecutor(6) as pool:
        assert list(pool.map(work, range(24))) == alone * 12


def test_what_is_no_pdf_is_refused() -> None:
    with pytest.raises(Exception, match="PDF"):
        next(pictures(b"no paper", 203))
