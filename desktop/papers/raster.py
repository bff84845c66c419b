"""A paper as dots: what printers and previews draw, and what the tests read back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass

# PDFium is not thread-safe: one page at a time in the whole program.
_PDFIUM = threading.Lock()


@dataclass(frozen=True)
class Picture:
    """One page in 256 greys, row after row from the top without padding; 0 is black."""

    width: int
    height: int
    pixels: bytes

    def black_and_white(self, threshold: int = 128) -> Picture:
        """The same page as a thermal head burns it: a dot is black or it is not."""
        table = bytes(0 if grey < threshold else 255 for grey in range(256))
        return Picture(self.width, self.height, self.pixels.translate(table))

    def columns(self, left: int, count: int) -> Picture:
        """A strip of so many columns from ``left``, over the whole height."""
        rows = range(left, len(self.pixels), self.width)
        return Picture(count, self.height, b"".join(self.pixels[at : at + count] for at in rows))


def pictures(pdf: bytes, dpi: float) -> Iterator[Picture]:
    """The pages of a PDF file at so many dots per inch, one after the other."""
    import pypdfium2

    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        total = len(document)
    try:
        for at in range(total):
            with _PDFIUM:
                page = document[at]
                bitmap = page.render(scale=dpi / 72, grayscale=True)
                width, height, stride = bitmap.width, bitmap.height, bitmap.stride
                raw = bytes(bitmap.buffer)
                bitmap.close()
                page.close()
            rows = (raw[line * stride : line * stride + width] for line in range(height))
            yield Picture(width, height, b"".join(rows))
    finally:
        with _PDFIUM:
            document.close()


def colour_picture(pdf: bytes, dpi: float) -> Picture:
    """The first page in colour, three bytes a dot (blue, green, red) without padding: to look at, not to print."""
    import pypdfium2

    with _PDFIUM:
        document = pypdfium2.PdfDocument(pdf)
        bitmap = document[0].render(scale=dpi / 72)
        width, height, stride = bitmap.width, bitmap.height, bitmap.stride
        raw = bytes(bitmap.buffer)
        bitmap.close()
        document.close()
    return Picture(width, height, b"".join(raw[line * stride : line * stride + 3 * width] for line in range(height)))
