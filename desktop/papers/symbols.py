"""Code 128 and QR as vectors on the canvas, every module a whole number of printer dots."""

from __future__ import annotations

from typing import Any

import segno
from barcode.codex import Code128
from barcode.writer import BaseWriter

# Modules of white that a scanner needs around a symbol (ISO/IEC 18004).
QR_QUIET = 4


class _VectorWriter(BaseWriter):  # type: ignore[misc]
    """Adds each bar of a python-barcode symbol to a path of the reportlab canvas; measures in points."""

    def __init__(self, path: Any, x: float, y: float, module: float, height: float) -> None:
        super().__init__(None, self._bar, None, lambda: None)
        self._path, self._x, self._y = path, x, y
        self._module, self._height = module, height

    def _bar(self, x: float, _y: float, width: float, colour: str) -> None:
        if colour == self.foreground:
            self._path.rect(self._x + x * self._module, self._y, width * self._module, self._height)


def bars_width(payload: str) -> int:
    """Modules of a digits-only Code 128 symbol, quiet zones apart: start, pairs of digits, check, stop."""
    return 11 + 11 * (len(payload) // 2) + 11 + 13


def draw_bars(canvas: Any, payload: str, x: float, y: float, module: float, height: float) -> None:
    """Draw an even number of digits as Code 128 (set C), lower left corner at ``x``, ``y``; sizes in points.

    Raises ValueError for a payload that could not be read back: python-barcode 0.16.1 loses a leading "99",
    an odd number of digits would leave set C. Our payloads begin with the year.
    """
    if not (payload.isascii() and payload.isdigit()) or len(payload) % 2 or payload.startswith("99"):
        raise ValueError(f"not a payload for our barcodes: {payload!r}")
    path = canvas.beginPath()
    # The symbol is laid out in whole modules and scaled once, so that no rounding adds up along the bars.
    # A fresh object each time: build() changes the one it is called on.
    layout = {"module_width": 1, "quiet_zone": 0, "font_size": 0, "write_text": False}
    Code128(payload, _VectorWriter(path, x, y, module, height)).render(layout)
    canvas.drawPath(path, stroke=0, fill=1)


def qr_matrix(payload: str) -> list[list[bool]]:
    """The modules of a QR symbol, error correction M, row by row, quiet zone apart."""
    code = segno.make_qr(payload, error="m", boost_error=False)
    return [[bool(module) for module in row] for row in code.matrix]


def draw_qr(canvas: Any, matrix: list[list[bool]], x: float, y: float, module: float) -> None:
    """Draw a QR symbol, lower left corner at ``x``, ``y``; ``module`` in points."""
    path = canvas.beginPath()
    for line, row in enumerate(reversed(matrix)):
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end]:
                end += 1
            if end > start:
                path.rect(x + start * module, y + line * module, (end - start) * module, module)
            start = end + 1
    # One path for all: seams between separately filled squares would show as hairlines.
    canvas.drawPath(path, stroke=0, fill=1)
