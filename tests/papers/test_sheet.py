"""The flow over pages, and proof that the proof-reader of these tests sees what it is there for."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.papers import blocks
from desktop.papers.blocks import Cell, columns, paragraph
from desktop.papers.formats import A5, FORMATS, ROLL_80MM
from desktop.papers.lettering import wrap
from desktop.papers.marks import Bars, Box, Line, Text
from desktop.papers.receipt import make_receipt
from desktop.papers.sheet import Sheet, to_pdf
from tests.papers.reading import embedded, faults, squeezed, text_of
from tests.papers.samples import RECEIPT

_HEIGHTS = st.lists(st.tuples(st.lists(st.floats(1, 300), min_size=1, max_size=6), st.booleans()), max_size=40)


@settings(deadline=None)
@given(_HEIGHTS, st.sampled_from(list(FORMATS.values())), st.floats(0, 200))
def test_every_line_is_placed_once_in_order_and_none_overlaps(
    asked: list[tuple[list[float], bool]], form: blocks.Format, foot: float
) -> None:
    paper = Sheet(form, "", foot=[Line(foot, (Box(-1, 0, 1, 1),))])
    marks = []
    for heights, with_next in asked:
        block = [Line(height, (Box(len(marks) + at, 0, 1, 1),)) for at, height in enumerate(heights)]
        marks += [line.marks[0] for line in block]
        paper.add(block, with_next=with_next)
    paper.finish()
    known = set(marks)
    assert [line.marks[0] for page in paper.pages for _y, line in page if line.marks[0] in known] == marks
    for page in paper.pages:
        spans = sorted((y, y + line.height) for y, line in page)
        assert all(end <= start + 0.01 for (_, end), (start, _) in pairwise(spans))
        assert not page or form.height is None or spans[-1][1] <= form.height


def test_a_block_is_not_parted_where_a_page_can_hold_it() -> None:
    paper = Sheet(A5, "")
    for _block in range(7):
        paper.add(paragraph(A5, "kata " * 120))
    paper.finish()
    sizes = [sum(isinstance(mark, Text) for _y, line in page for mark in line.marks) for page in paper.pages]
    assert len(sizes) > 1 and sum(size // 8 for size in sizes) >= 7


def test_a_roll_ends_at_a_whole_dot() -> None:
    paper = Sheet(ROLL_80MM, "")
    paper.add(paragraph(ROLL_80MM, "isi"))
    paper.finish()
    assert round(paper.height / ROLL_80MM.dot, 6) % 1 == 0


# --- the proof-reader's own proof ---------------------------------------------------------------------------------


def _paper(*lines: Line) -> bytes:
    paper = Sheet(A5, "")
    paper.add(lines)
    return to_pdf([paper], "")


def _at(text: str, x: float) -> Line:
    return columns(Cell(text, A5.body, x, 300), leading=12)[0]


def test_lines_over_each_other_are_seen() -> None:
    line = _at("Dwi Prasetyo", A5.left)
    assert faults(_paper(line, line)) == []
    assert faults(_paper(Line(4, line.marks), line))[0].startswith("page 1: 'Dwi Prasetyo' over")


def test_a_line_that_leaves_the_page_is_seen() -> None:
    assert faults(_paper(_at("Dwi Prasetyo Nugroho", A5.right - 20))) == [
        "page 1: 'Dwi Prasetyo Nugroho' leaves the page"
    ]


@pytest.mark.parametrize("mark", [Text(100, 30, "nomor", A5.body), Box(20, 0, 5, 30, fill="#000000")])
def test_whatever_stands_on_a_symbol_is_seen(mark: Text | Box) -> None:
    bars = Bars(A5.left, 0, "26112310700413", 0.96, 40)
    assert faults(_paper(Line(60, (bars,)))) == []
    assert "on a symbol" in faults(_paper(Line(60, (bars, mark))))[0]


def test_a_name_that_is_cut_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(blocks, "wrap", lambda text, *rest: [line[:14] for line in wrap(text, *rest)])
    assert squeezed(RECEIPT.applicant) not in squeezed(text_of(make_receipt(RECEIPT, "a5")))


def test_a_font_that_is_not_embedded_is_seen() -> None:
    import io

    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.drawString(50, 50, "x")
    canvas.save()
    assert embedded(out.getvalue()) == ({"Helvetica"}, False)
