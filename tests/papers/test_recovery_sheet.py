"""The recovery sheet is read back from paper, by a cheap scanner too, and what is read opens the data."""

from __future__ import annotations

import pytest

from desktop import keys
from desktop.papers.raster import pictures
from desktop.papers.recovery_sheet import make_recovery_sheet
from tests.papers import samples
from tests.papers.reading import _symbols, text_of


@pytest.mark.parametrize(
    ("size", "dpi", "dots"),
    [("a5", 150, False), ("a4", 300, True), ("80mm", 203, True), ("58mm", 203, True)],
)
def test_both_barcodes_and_the_square_give_the_code(size: str, dpi: int, dots: bool) -> None:
    page = next(pictures(make_recovery_sheet(samples.RECOVERY, size), dpi))  # type: ignore[arg-type]
    read = _symbols(page.black_and_white() if dots else page)
    bars = sorted((one for one in read if "Code" in str(one.format) and "QR" not in str(one.format)),
                  key=lambda one: one.position.top_left.y)  # fmt: skip
    assert "".join(one.text for one in bars) == samples.RECOVERY.code
    assert [one.text for one in read if "QR" in str(one.format)] == [samples.RECOVERY.code]


@pytest.mark.parametrize("size", ["a5", "a4", "80mm", "58mm"])
def test_the_groups_are_printed_in_order(size: str) -> None:
    words = text_of(make_recovery_sheet(samples.RECOVERY, size)).split()  # type: ignore[arg-type]
    groups = [word for word in words if word.isdigit() and len(word) == keys.GROUP_DIGITS]
    assert "".join(groups) == samples.RECOVERY.code
    assert keys.wrong_groups(" ".join(groups)) == []
