"""Reads a paper back from its bytes, as a person, a scanner and a careful proof-reader would."""

from __future__ import annotations

import ctypes
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations, groupby

import pypdfium2
import pypdfium2.raw as pdfium_c
import zxingcpp

from desktop.papers.raster import Picture, pictures


def text_of(pdf: bytes) -> str:
    """The text of all pages; line ends as in the file, one blank line between pages."""
    document = pypdfium2.PdfDocument(pdf)
    pages = [page.get_textpage().get_text_range() for page in document]
    document.close()
    # PDFium marks a hyphen at the end of a line as a soft one.
    text = "\n\n".join(pages).replace("\r\n", "\n").replace("\x02", "-").replace("\ufffe", "-")
    return "\n".join(line.rstrip() for line in text.splitlines()) + "\n"


def squeezed(text: str) -> str:
    """The letters without the white between them, compatible forms equal: two texts that read the same."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def _symbols(picture: Picture) -> list[zxingcpp.Barcode]:
    return zxingcpp.read_barcodes(memoryview(picture.pixels).cast("B", (picture.height, picture.width)))


def codes(picture: Picture) -> dict[str, str]:
    """What a scanner reads on the page: the payload by kind of symbol."""
    return {str(code.format): code.text for code in _symbols(picture)}


def scans(pdf: bytes, dpi: float, *, dots: bool = False) -> list[dict[str, str]]:
    """The codes on every page, from greys or from black and white dots."""
    pages = pictures(pdf, dpi)
    return [codes(page.black_and_white() if dots else page) for page in pages]


# --- the proof-reader ---------------------------------------------------------------------------------------------

_SLACK = 0.6  # points; the highest accents and the lowest tails may touch


@dataclass(frozen=True)
class Seen:
    """Something drawn on a page: its kind and its bounds in points (left, bottom, right, top)."""

    kind: str
    left: float
    bottom: float
    right: float
    top: float
    text: str = ""
    module: float = 0.0

    def meets(self, other: Seen, slack: float = _SLACK) -> bool:
        return (
            self.left + slack < other.right
            and other.left + slack < self.right
            and self.bottom + slack < other.top
            and other.bottom + slack < self.top
        )

    def grown(self, across: float, up: float) -> Seen:
        return Seen(self.kind, self.left - across, self.bottom - up, self.right + across, self.top + up)


def _seen(page: pypdfium2.PdfPage) -> Iterator[Seen]:
    for thing in page.get_objects(textpage=page.get_textpage()):
        bounds = thing.get_bounds()
        if thing.type == pdfium_c.FPDF_PAGEOBJ_TEXT:
            yield Seen("text", *bounds, text=thing.extract())
        elif thing.type == pdfium_c.FPDF_PAGEOBJ_PATH:
            pieces = pdfium_c.FPDFPath_CountSegments(thing)
            # 31 bars of five segments; a QR symbol has more; everything else is a rule, a box or a tick.
            if pieces < 100:
                yield Seen("path", *bounds)
                continue
            # Code 128 begins with a bar of two modules; a square's lowest row with a finder of seven.
            is_square = abs((bounds[2] - bounds[0]) - (bounds[3] - bounds[1])) < 1
            yield Seen("symbol", *bounds, module=_first_width(thing) / (7 if is_square else 2))


def _first_width(path: pypdfium2.PdfObject) -> float:
    x, y, places = ctypes.c_float(), ctypes.c_float(), []
    for at in range(4):
        pdfium_c.FPDFPathSegment_GetPoint(pdfium_c.FPDFPath_GetPathSegment(path, at), x, y)
        places.append(x.value)
    return max(places) - min(places)


def faults(pdf: bytes, edge: float = 8.0) -> list[str]:
    """Whatever is wrong with the layout: texts over each other, outside the page, or too near to a symbol."""
    found = []
    document = pypdfium2.PdfDocument(pdf)
    for number, page in enumerate(document, start=1):
        width, height = page.get_size()
        seen = list(_seen(page))
        texts = [thing for thing in seen if thing.kind == "text" and thing.right > thing.left]
        # The pale LATIHAN lies behind everything and is the only text that large.
        texts = [thing for thing in texts if thing.top - thing.bottom < 100]
        for text in texts:
            if text.left < edge or text.right > width - edge or text.bottom < 4 or text.top > height - 4:
                found.append(f"page {number}: {text.text!r} leaves the page")
        for one, other in combinations(texts, 2):
            if one.meets(other):
                found.append(f"page {number}: {one.text!r} over {other.text!r}")
        for symbol in (thing for thing in seen if thing.kind == "symbol"):
            is_square = abs((symbol.right - symbol.left) - (symbol.top - symbol.bottom)) < 1
            quiet = (
                symbol.grown(4 * symbol.module, 4 * symbol.module) if is_square else symbol.grown(10 * symbol.module, 1)
            )
            for thing in [*texts, *(thing for thing in seen if thing.kind == "path")]:
                if thing.meets(quiet, 0.1):
                    found.append(f"page {number}: {thing.text or thing.kind!r} on a symbol")
    document.close()
    return found


# --- the dots -----------------------------------------------------------------------------------------------------


def bar_faults(picture: Picture, module: int) -> list[str]:
    """What a bar code would be refused for: bars of uneven width, or too little white beside them."""
    bars = [code for code in _symbols(picture) if code.format == zxingcpp.BarcodeFormat.Code128]
    if not bars:
        return ["no bars"]
    corner, other = bars[0].position.top_left, bars[0].position.bottom_right
    line = (corner.y + other.y) // 2
    row = picture.pixels[line * picture.width : (line + 1) * picture.width]
    runs = [(grey == 0, len(list(dots))) for grey, dots in groupby(row)]
    first = next(at for at, (is_black, _dots) in enumerate(runs) if is_black)
    last = first + 61  # 14 digits: nine characters of six runs, and the stop of seven
    found = [f"a run of {dots} dots" for _black, dots in runs[first:last] if dots % module]
    before, after = sum(dots for _black, dots in runs[:first]), runs[last][1] if len(runs) > last else 0
    return found + [f"only {dots} dots of white" for dots in (before, after) if dots < 10 * module]


def qr_faults(picture: Picture, modules: int) -> list[str]:
    """What blurs a QR symbol: modules that are no whole number of dots, or dots that stray from their module."""
    squares = [code for code in _symbols(picture) if code.format == zxingcpp.BarcodeFormat.QRCode]
    if not squares:
        return ["no QR symbol"]
    # The decoder's corners are a dot or so off: the upper left finder is black at its very corner.
    near = squares[0].position.top_left
    left, top = near.x - 4, near.y - 4
    rows = [picture.pixels[line * picture.width :][left : picture.width] for line in range(top, picture.height)]
    top = next(at for at, row in enumerate(rows) if row[4:40].count(0) > 20)
    left = next(at for at, grey in enumerate(rows[top]) if grey == 0)
    finder = next(at for at, grey in enumerate(rows[top][left:]) if grey) / 7
    if finder % 1:
        return [f"modules of {finder:.2f} dots"]
    dots, found = int(finder), []
    for line in range(modules):
        for column in range(modules):
            cell = {
                row[left + column * dots : left + (column + 1) * dots]
                for row in rows[top + line * dots : top + (line + 1) * dots]
            }
            if cell not in ({b"\x00" * dots}, {b"\xff" * dots}):
                found.append(f"module {line}, {column} is uneven")
    return found


def embedded(pdf: bytes) -> tuple[set[str], bool]:
    """The names of the fonts, and whether the file brings the letters of each of them."""
    names = {name.decode() for name in re.findall(rb"/BaseFont /([^\s/]+)", pdf)}
    return names, pdf.count(b"/FontFile2") == len(names)
