"""Letters on paper: the embedded fonts, what may be printed of a text, how wide it is and where it breaks."""

from __future__ import annotations

import re
import threading
import unicodedata
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

REGULAR, SEMIBOLD, BOLD = "NotoSans-Regular", "NotoSans-SemiBold", "NotoSans-Bold"
FONTS = Path(__file__).resolve().parent.parent.parent / "resources" / "fonts"

# Part of the height of the letters, as Noto Sans has it: a line of capitals is centred by it.
CAP_HEIGHT = 0.714

# Stands where the font has no such letter (an emoji, another script): one sees that something was there.
UNPRINTABLE = "\N{REPLACEMENT CHARACTER}"

# "Loket 7", "asli, 1 lembar" and "(1 hari kerja)" are not broken at their number, and no line begins with a middle dot.
_TIE = "\N{NO-BREAK SPACE}"
_SMALL_NUMBER = re.compile(
    r"(?<=\w) (?=\d{1,2}(?:[ ,;)]|\.?$|\. ))|(?<=\(\d) |(?<=\(\d\d) |(?<=, \d) |(?<=, \d\d) | (?=·)"
)

# Controls, bidi overrides and joiners, lone surrogates: never shown, and never allowed to reorder a name.
_HIDDEN = {"Cc", "Cf", "Cs"}
_VARIATION_SELECTORS = range(0xFE00, 0xFE10)


# The fonts of the PDF engine are shared by all papers and change while one is written: one paper at a time.
ENGINE = threading.RLock()
_faces: dict[str, Any] = {}


def face(font: str) -> Any:
    """The font as the PDF engine knows it; file and engine are loaded at the first paper only."""
    if font not in _faces:
        with ENGINE:
            if font not in _faces:
                _faces[font] = _load(font)
    return _faces[font]


def _load(font: str) -> Any:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    loaded = TTFont(font, str(FONTS / f"{font}.ttf"))
    pdfmetrics.registerFont(loaded)
    return loaded


@cache
def _letters() -> frozenset[int]:
    return frozenset.intersection(*(frozenset(face(font).face.charToGlyph) for font in (REGULAR, SEMIBOLD, BOLD)))


# Most of a paper stands on the one before it: labels, letterhead, names of papers. Those are measured once.
_RECENT = 2048


@lru_cache(_RECENT)
def printable(text: str) -> str:
    """The text as it can be printed: one line, nothing hidden, a visible mark where a letter is lacking."""
    kept = []
    for letter in unicodedata.normalize("NFC", text):
        if letter.isspace():
            kept.append(" ")
        elif unicodedata.category(letter) in _HIDDEN or ord(letter) in _VARIATION_SELECTORS:
            continue
        else:
            kept.append(letter if ord(letter) in _letters() else UNPRINTABLE)
    return " ".join("".join(kept).split())


@lru_cache(_RECENT)
def width(text: str, font: str, size: float) -> float:
    """The width of a printable text in points."""
    return float(face(font).stringWidth(text, size))


@lru_cache(_RECENT)
def wrap(text: str, font: str, size: float, room: float) -> tuple[str, ...]:
    """The text in lines no wider than ``room`` points: broken at spaces, in a word only if too long."""
    lines: list[str] = []
    line = ""
    for word in _words(text, font, size, room):
        longer = f"{line} {word}" if line else word
        if width(longer, font, size) <= room:
            line = longer
            continue
        if line:
            lines.append(line)
        line = word
        while width(line, font, size) > room and len(line) > 1:
            fits = _letters_that_fit(line, font, size, room)
            lines.append(line[:fits])
            line = line[fits:]
    return tuple(line.replace(_TIE, " ") for line in [*lines, line])


def _words(text: str, font: str, size: float, room: float) -> Iterator[str]:
    for word in _SMALL_NUMBER.sub(_TIE, printable(text)).split(" "):
        yield from [word] if width(word, font, size) <= room else word.split(_TIE)


@lru_cache(_RECENT)
def balance(text: str, font: str, size: float, room: float) -> tuple[str, ...]:
    """The text in as few lines as ``wrap`` makes, of like length: for centred lines."""
    lines = wrap(text, font, size, room)
    for hundredths in range(97, 50, -3):
        narrower = wrap(text, font, size, room * hundredths / 100)
        if len(narrower) > len(lines):
            break
        lines = narrower
    return lines


def _letters_that_fit(word: str, font: str, size: float, room: float) -> int:
    fits = 1
    while fits < len(word) and width(word[: fits + 1], font, size) <= room:
        fits += 1
    return fits
