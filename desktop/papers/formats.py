"""The sizes of paper, with the letters and colours that each of them takes.

To add a size: a Format below, and its name in FORMATS.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import cached_property

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
class Sizes:
    """The heights of the letters, in points."""

    title: float
    alarm: float
    hall: float
    body: float
    label: float
    small: float


@dataclass(frozen=True)
class Format:
    """A size of paper: measures in points, dots of the printer it is meant for; a roll has no height.

    Its letters are made once: a paper asks for them a hundred times.
    """

    name: str
    width: float
    height: float | None
    left: float
    room: float  # width between the margins
    top: float
    bottom: float
    dot: float
    bar_dots: int  # per module of Code 128
    qr_dots: int | None  # per module of a QR symbol at most; None: as large as there is room
    label_room: float  # width of the names of values; 0: they stand above them
    leading: float
    palette: Palette
    sizes: Sizes

    @property
    def is_roll(self) -> bool:
        """Whether the paper ends where its content ends."""
        return self.height is None

    @property
    def right(self) -> float:
        """Where the right margin begins."""
        return self.left + self.room

    @cached_property
    def tightened(self) -> Format:
        """The same paper in slightly smaller letters, for what would spill a few lines onto a second page."""
        small = replace(
            self.sizes, body=self.sizes.body - 0.5, label=self.sizes.label - 0.4, small=self.sizes.small - 0.3
        )
        return replace(self, leading=self.leading - 1.4, sizes=small)

    def snap(self, length: float) -> float:
        """The length in whole dots, rounded up."""
        return math.ceil(length / self.dot - 1e-6) * self.dot

    @cached_property
    def title(self) -> Type:
        """The name of the paper."""
        return Type(BOLD, self.sizes.title, self.palette.ink)

    @cached_property
    def alarm(self) -> Type:
        """The largest letters of a paper."""
        return Type(BOLD, self.sizes.alarm, self.palette.alarm)

    @cached_property
    def hall(self) -> Type:
        """The first line of the letterhead."""
        return Type(BOLD, self.sizes.hall, self.palette.ink)

    @cached_property
    def heading(self) -> Type:
        """The head of a list."""
        return Type(BOLD, self.sizes.body, self.palette.ink)

    @cached_property
    def body(self) -> Type:
        """Values and lists."""
        return Type(REGULAR, self.sizes.body, self.palette.ink)

    @cached_property
    def strong(self) -> Type:
        """Values that the eye shall find first."""
        return Type(SEMIBOLD, self.sizes.body, self.palette.ink)

    @cached_property
    def item(self) -> Type:
        """What to bring, and what was taken in."""
        return Type(BOLD, self.sizes.body + 0.6, self.palette.ink)

    @cached_property
    def prose(self) -> Type:
        """Sentences."""
        return Type(REGULAR, self.sizes.body - 0.2, self.palette.ink)

    @cached_property
    def label(self) -> Type:
        """The names of values, and remarks beside them."""
        return Type(REGULAR, self.sizes.label, self.palette.muted)

    @cached_property
    def note(self) -> Type:
        """Remarks in the head of a paper."""
        return Type(REGULAR, self.sizes.label - 0.3, self.palette.muted)

    @cached_property
    def small(self) -> Type:
        """The foot of a paper."""
        return Type(REGULAR, self.sizes.small, self.palette.muted)


# Laser printers have 300, 600 or 1200 dots an inch: a bar of 4/300 inch (0.339 mm) is whole on all of them.
_LASER = 72 / 300
A5 = Format(
    name="a5",
    width=148 * MM,
    height=210 * MM,
    left=142 * _LASER,
    room=1464 * _LASER,
    top=22,
    bottom=16,
    dot=_LASER,
    bar_dots=4,
    qr_dots=None,
    label_room=99,
    leading=12.5,
    palette=COLOURS,
    sizes=Sizes(title=15, alarm=20, hall=11, body=9, label=8.3, small=7.1),
)
A4 = Format(
    name="a4",
    width=210 * MM,
    height=297 * MM,
    left=208 * _LASER,
    room=2064 * _LASER,
    top=26,
    bottom=30,
    dot=_LASER,
    bar_dots=4,
    qr_dots=None,
    label_room=120,
    leading=12.8,
    palette=COLOURS,
    sizes=Sizes(title=18, alarm=20, hall=12.5, body=9.2, label=8.6, small=7.6),
)
# Thermal rolls of 80 mm print 576 dots of 1/203 inch in the middle, those of 58 mm 384.
THERMAL_DPI = 203
_THERMAL = 72 / THERMAL_DPI
ROLL_80MM = Format(
    name="80mm",
    width=640 * _THERMAL,
    height=None,
    left=32 * _THERMAL,
    room=576 * _THERMAL,
    top=10,
    bottom=14,
    dot=_THERMAL,
    bar_dots=3,
    qr_dots=6,
    label_room=66,
    leading=12,
    palette=BLACK,
    sizes=Sizes(title=13, alarm=20, hall=10.6, body=9, label=8.4, small=7.6),
)
# The bars of a number take 336 of the 384 dots: their quiet zones reach into the margins, where nothing is printed.
ROLL_58MM = Format(
    name="58mm",
    width=464 * _THERMAL,
    height=None,
    left=40 * _THERMAL,
    room=384 * _THERMAL,
    top=8,
    bottom=12,
    dot=_THERMAL,
    bar_dots=3,
    qr_dots=6,
    label_room=0,
    leading=10.8,
    palette=BLACK,
    sizes=Sizes(title=10.6, alarm=15, hall=9, body=8.2, label=7.2, small=6.9),
)
FORMATS = {form.name: form for form in (A5, A4, ROLL_80MM, ROLL_58MM)}
