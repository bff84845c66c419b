"""The sizes of paper, with the letters and colours that each of them takes.

To add a size: a Format below, and its name in FORMATS.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from desktop.papers.lettering import BOLD, REGULAR, SEMIBOLD

MM = 72 / 25.4


@dataclass(frozen=True)
class Type:
    """Letters of one kind: font, size in points, colour."""

    font: str
    size: float
    colour: str


@dataclass(frozen=True)
class Palette:
    """The colours of a paper; a thermal printer has one."""

    ink: str
    muted: str
    line: str
    alarm: str
    alarm_fill: str
    alarm_line: str
    good: str
    ghost: str


COLOURS = Palette("#111827", "#566072", "#cbd5e1", "#7c2d12", "#fff7ed", "#fdba74", "#166534", "#e9edf3")
BLACK = Palette("#000000", "#000000", "#000000", "#000000", "#ffffff", "#000000", "#000000", "#000000")


@dataclass(frozen=True)
class Format:
    """A size of paper: measures in points, dots of the printer it is meant for; a roll has no height."""

    name: str
    width: float
    height: float | None
    left: float
    room: float  # width between the margins
    top: float
    bottom: float
    dot: float
    bar_dots: int
    bar_height: float
    qr_dots: int  # at most, per module
    qr_side: float  # at most
    label_room: float
    leading: float
    palette: Palette
    sizes: tuple[float, float, float, float, float, float]

    @property
    def is_roll(self) -> bool:
        """Whether the paper ends where its content ends."""
        return self.height is None

    @property
    def right(self) -> float:
        """Where the right margin begins."""
        return self.left + self.room

    def snap(self, length: float) -> float:
        """The length in whole dots, rounded up."""
        return math.ceil(length / self.dot - 1e-6) * self.dot

    def _type(self, font: str, size: int, colour: str) -> Type:
        return Type(font, self.sizes[size], colour)

    @property
    def title(self) -> Type:
        return self._type(BOLD, 0, self.palette.ink)

    @property
    def heading(self) -> Type:
        return self._type(BOLD, 3, self.palette.ink)

    @property
    def hall(self) -> Type:
        return self._type(BOLD, 2, self.palette.ink)

    @property
    def body(self) -> Type:
        return self._type(REGULAR, 3, self.palette.ink)

    @property
    def strong(self) -> Type:
        return self._type(SEMIBOLD, 3, self.palette.ink)

    @property
    def label(self) -> Type:
        return self._type(REGULAR, 4, self.palette.muted)

    @property
    def prose(self) -> Type:
        return Type(REGULAR, self.sizes[3] - 0.2, self.palette.ink)

    @property
    def note(self) -> Type:
        return Type(REGULAR, self.sizes[4] - 0.3, self.palette.muted)

    @property
    def small(self) -> Type:
        return self._type(REGULAR, 5, self.palette.muted)

    @property
    def alarm(self) -> Type:
        return self._type(BOLD, 1, self.palette.alarm)


# Laser printers have 300, 600 or 1200 dots an inch: a bar of 4/300 inch (0.339 mm) is whole on all of them.
A5 = Format(
    name="a5",
    width=148 * MM,
    height=210 * MM,
    left=142 * 0.24,
    room=1464 * 0.24,
    top=22,
    bottom=16,
    dot=0.24,
    bar_dots=4,
    bar_height=14 * MM,
    qr_dots=99,
    qr_side=26 * MM,
    label_room=99,
    leading=12.5,
    palette=COLOURS,
    sizes=(15, 20, 11, 9, 8.3, 7.1),
)
# Thermal rolls of 80 mm print 576 dots of 1/203 inch in the middle.
_DOT = 72 / 203
ROLL_80MM = Format(
    name="80mm",
    width=640 * _DOT,
    height=None,
    left=32 * _DOT,
    room=576 * _DOT,
    top=10,
    bottom=14,
    dot=_DOT,
    bar_dots=3,
    bar_height=14 * MM,
    qr_dots=6,
    qr_side=25 * MM,
    label_room=66,
    leading=12,
    palette=BLACK,
    sizes=(13, 20, 10.6, 9, 8.4, 7.6),
)
A4 = Format(
    name="a4",
    width=210 * MM,
    height=297 * MM,
    left=50,
    room=495.2,
    top=26,
    bottom=30,
    dot=0.24,
    bar_dots=4,
    bar_height=14 * MM,
    qr_dots=99,
    qr_side=26 * MM,
    label_room=120,
    leading=12.8,
    palette=COLOURS,
    sizes=(18, 20, 12.5, 9.2, 8.6, 7.6),
)
FORMATS = {form.name: form for form in (A5, ROLL_80MM)}
