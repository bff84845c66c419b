"""Bars and squares: every payload is read back, and what a scanner would refuse is found."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from desktop.papers.formats import ROLL_80MM
from desktop.papers.raster import Picture, pictures
from desktop.papers.symbols import bars_width, draw_bars, draw_qr, qr_matrix
from tests.papers.reading import bar_faults, codes, qr_faults

DOT = ROLL_80MM.dot


def _page(draw: Any) -> Picture:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(576 * DOT - 1e-4, 300 * DOT - 1e-4), invariant=1)
    draw(canvas)
    canvas.save()
    return next(pictures(out.getvalue(), 203)).black_and_white()


def _bars(payload: str, module: float = 3 * DOT, x: float = 60 * DOT) -> Picture:
    return _page(lambda canvas: draw_bars(canvas, payload, x, 100 * DOT, module, 110 * DOT))


NUMBERS = st.from_regex(r"\A[0-8][0-9]{13}\Z")


@settings(deadline=None, max_examples=40)
@given(NUMBERS)
def test_every_number_is_read_back_from_whole_dots(number: str) -> None:
    page = _bars(number)
    assert codes(page) == {"Code 128": number}
    assert bar_faults(page, 3) == []


@settings(deadline=None, max_examples=40)
@given(st.from_regex(r"\A[0-9]{14,100}\Z"))
def test_every_square_is_read_back(payload: str) -> None:
    matrix = qr_matrix(payload)
    page = _page(lambda canvas: draw_qr(canvas, matrix, 90 * DOT, 40 * DOT, 5 * DOT))
    assert codes(page) == {"QR Code": payload}
    assert qr_faults(page, len(matrix)) == []


@pytest.mark.parametrize("payload", ["99112310700413", "2611231070041", "2611231070041A", "", "٢٦١١٢٣١٠٧٠٠٤١٣"])
def test_a_payload_that_could_not_be_read_back_is_refused(payload: str) -> None:
    with pytest.raises(ValueError, match="payload"):
        _bars(payload) if payload else draw_bars(None, "9", 0, 0, 1, 1)


def test_width_is_what_is_drawn() -> None:
    page = _bars("26112310700413")
    black = [at for at, grey in enumerate(page.pixels[150 * page.width : 151 * page.width]) if grey == 0]
    assert black[-1] + 1 - black[0] == 3 * bars_width("26112310700413")


def test_uneven_bars_are_found() -> None:
    assert any("a run of" in fault for fault in bar_faults(_bars("26112310700413", module=2.7 * DOT), 3))


def test_too_little_white_is_found() -> None:
    assert "only 6 dots of white" in bar_faults(_bars("26112310700413", x=6 * DOT), 3)


def test_an_uneven_square_is_found() -> None:
    matrix = qr_matrix("26112310700413")
    page = _page(lambda canvas: draw_qr(canvas, matrix, 90 * DOT, 40 * DOT, 5.3 * DOT))
    assert qr_faults(page, len(matrix))
