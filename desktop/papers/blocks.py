"""The blocks that papers are made of: letterhead, title, rows, lists, frames, symbols; each a list of lines.

A block knows its Format and nothing of pages; what differs between a sheet and a roll is decided here,
and so a paper is described once.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

from desktop.i18n import _
from desktop.operations.paperwork import Letterhead, Missing
from desktop.papers.formats import MM, Format, Type
from desktop.papers.lettering import BOLD, CAP_HEIGHT, REGULAR, SEMIBOLD, balance, printable, width, wrap
from desktop.papers.marks import Bars, Box, Line, Logo, Mark, Qr, Rule, Text, Tick

Align = Literal["left", "right", "centre"]

BAR_HEIGHT = 14 * MM
QR_SIDE = 26 * MM  # at most


@dataclass(frozen=True)
class Cell:
    """A text in a column: from ``x``, wrapped in ``room`` points."""

    text: str
    type: Type
    x: float
    room: float
    align: Align = "left"


def columns(*cells: Cell, leading: float) -> list[Line]:
    """Texts side by side on common baselines, each wrapped in its column; centred lines are alike."""
    size = max(cell.type.size for cell in cells)
    baseline = (leading + CAP_HEIGHT * size) / 2
    wrapped = [
        (balance if cell.align == "centre" else wrap)(cell.text, cell.type.font, cell.type.size, cell.room)
        for cell in cells
    ]
    lines = []
    for at in range(max(map(len, wrapped))):
        marks = []
        for cell, texts in zip(cells, wrapped, strict=True):
            if at < len(texts) and texts[at]:
                spare = cell.room - width(texts[at], cell.type.font, cell.type.size)
                shift = {"left": 0.0, "right": spare, "centre": spare / 2}[cell.align]
                marks.append(Text(cell.x + shift, baseline, texts[at], cell.type))
        lines.append(Line(leading, tuple(marks)))
    return lines


def beside(
    form: Format, left: str, left_type: Type, right: str, right_type: Type, x: float, leading: float
) -> list[Line]:
    """A text from ``x`` and another at the right margin; where both are long they share the width."""
    room, gap = form.right - x, 10.0
    wanted = width(printable(right), right_type.font, right_type.size)
    needed = width(printable(left), left_type.font, left_type.size)
    if needed + gap + wanted > room:
        wanted = min(wanted, max(0.42 * room, room - gap - needed))
    return columns(
        Cell(left, left_type, x, room - gap - wanted),
        Cell(right, right_type, form.right - wanted, wanted + 0.01, "right"),
        leading=leading,
    )


def paragraph(form: Format, text: str, type_: Type | None = None) -> list[Line]:
    """A text over the whole width."""
    chosen = type_ or form.prose
    return columns(Cell(text, chosen, form.left, form.room), leading=max(form.leading, chosen.size * 1.35))


def row(form: Format, label: str, value: str, *, strong: bool = False) -> list[Line]:
    """A label and its value; nothing at all where there is no value."""
    if not value:
        return []
    if not form.label_room:
        type_ = form.strong if strong else form.body
        above = columns(Cell(label, form.label, form.left, form.room), leading=form.leading - 1)
        return [*above, *columns(Cell(value, type_, form.left, form.room), leading=form.leading), Line(2)]
    x = form.left + form.label_room
    cells = (
        Cell(label, form.label, form.left, form.label_room - 6),
        Cell(value, form.strong if strong else form.body, x, form.right - x),
    )
    return [*columns(*cells, leading=form.leading), Line(1.2)]


def heading(form: Format, text: str) -> list[Line]:
    """The head of a list: bold, with a rule under it."""
    rule = Line(5, (Rule(form.left, 1.5, form.room, form.palette.line),))
    return [
        Line(3),
        *columns(Cell(text, form.heading, form.left, form.room), leading=form.leading + 1.5),
        rule,
    ]


def numbered(form: Format, number: int, name: str, note: str = "") -> list[Line]:
    """A numbered line with a note: at the right margin where the last line has room for it, else under the name."""
    indent = form.left + (14 if form.is_roll else 16)
    room = form.right - indent
    figure = Cell(f"{number}.", form.body, form.left, indent - form.left - 1)
    lines = columns(figure, Cell(name, form.body, indent, room), leading=form.leading)
    if printable(note):
        ends = lines[-1].marks[-1]
        end = ends.x + width(ends.text, form.body.font, form.body.size) if isinstance(ends, Text) else indent
        if not form.is_roll and end + 10 + width(printable(note), form.label.font, form.label.size) <= form.right:
            beside_it = columns(Cell(note, form.label, indent, room, "right"), leading=form.leading)[0]
            lines[-1] = Line(form.leading, lines[-1].marks + beside_it.marks)
        else:
            under = Cell(note, form.label, indent, room, "left" if form.is_roll else "right")
            lines += columns(under, leading=form.leading - 1)
    return [*lines, Line(1.2)]


def to_bring(form: Format, number: int, missing: Missing) -> list[Line]:
    """A numbered paper in large letters, with why and where to get it under it."""
    indent = form.left + 17
    room = form.right - indent
    lines = columns(
        Cell(f"{number}.", form.item, form.left, 16),
        Cell(missing.title, form.item, indent, room),
        leading=form.leading + 1,
    )
    what_to_do = " ".join(filter(None, (missing.why, missing.where)))
    if what_to_do:
        lines += columns(Cell(what_to_do, form.body, indent, room), leading=form.leading)
    if missing.clause:
        lines += columns(Cell(missing.clause, form.small, indent, room), leading=form.leading - 1.5)
    return [*lines, Line(4.5)]


def bullet(form: Format, text: str) -> list[Line]:
    """A line with a tick before it."""
    indent = form.left + (14 if form.is_roll else 16)
    lines = columns(Cell(text, form.body, indent, form.right - indent), leading=form.leading)
    tick = Tick(form.left + 1.5, form.leading / 2 + 3, 6.2, form.palette.good)
    return [Line(form.leading, (tick, *lines[0].marks)), *lines[1:]]


def barred(form: Format, lines: Iterable[Line]) -> list[Line]:
    """The same lines with a thick bar along their left edge, for what must not be overlooked."""
    # Each piece reaches a little over the next, else a hairline shows between them.
    return [
        Line(
            line.height,
            (Box(form.left, 0, 3, form.snap(line.height) + 0.4, fill=form.palette.ink), *line.marks),
        )
        for line in lines
    ]


def letterhead(form: Format, head: Letterhead) -> list[Line]:
    """Hall, agency and where to find it, beside the logo or the round mark; centred on a roll."""
    strong = Type(SEMIBOLD, form.body.size, form.palette.ink)
    if form.is_roll:
        centred = [
            columns(Cell(text, type_, form.left, form.room, "centre"), leading=type_.size * 1.3)
            for text, type_ in (
                (head.hall, form.hall),
                (head.agency, strong),
                (head.place_and_hours, form.small),
            )
            if text
        ]
        lines = [line for block in centred for line in block]
        return [*lines, Line(8, (Rule(form.left, 5, form.room, form.palette.line),))]
    side, gap = 40.0, 11.0
    x = form.left + side + gap
    texts = [
        columns(Cell(text, type_, x, form.right - x), leading=leading)
        for text, type_, leading in (
            (head.hall, form.hall, 15),
            (head.agency, strong, 12.5),
            (head.place_and_hours, form.note, 12),
        )
        if text
    ]
    lines = [line for block in texts for line in block]
    spare = max(0.0, side - sum(line.height for line in lines)) / 2
    mark = _mark(form, head, side)
    return [
        Line(spare, mark),
        *lines,
        Line(spare),
        Line(14, (Rule(form.left, 8, form.room, form.palette.line),)),
    ]


def _mark(form: Format, head: Letterhead, side: float) -> tuple[Mark, ...]:
    picture = _picture(head.logo)
    if picture is not None:
        return (Logo(form.left, 0, side, picture),)
    accent = colour_of(head.accent)
    letters, size = printable(head.mark), 10.0
    while width(letters, BOLD, size) > side - 8 and size > 3:
        size -= 0.5
    x = form.left + (side - width(letters, BOLD, size)) / 2
    return (
        Box(form.left, 0, side, side, fill=_tint(accent), radius=side / 2),
        Text(x, (side + CAP_HEIGHT * size) / 2, letters, Type(BOLD, size, accent)),
    )


def _picture(logo: bytes | None) -> Any:
    if not logo:
        return None
    from reportlab.lib.utils import ImageReader

    try:
        picture = ImageReader(io.BytesIO(logo))
        picture.getRGBData()
    except Exception:
        # Whatever is wrong with an administrator's picture, the citizen gets the paper: with the round mark.
        return None
    return picture


def _tint(colour: str) -> str:
    """The colour thinned to a tenth."""
    return "#" + "".join(f"{255 - (255 - int(colour[at : at + 2], 16)) // 10:02x}" for at in (1, 3, 5))


def title(form: Format, words: str, short: str, status: str, number: str, remarks: Sequence[str] = ()) -> list[Line]:
    """The paper's name, the short number people say, its state, the whole number, and remarks in frames."""
    whole = _("Nomor berkas {number}").format(number=number)
    if form.is_roll:
        large = Type(BOLD, form.sizes.alarm, form.palette.ink)
        texts = ((words, form.title, 1.25), (short, large, 1.25), (whole, form.label, 1.4), (status, form.strong, 1.35))
        centred = [
            columns(Cell(text, type_, form.left, form.room, "centre"), leading=type_.size * leading)
            for text, type_, leading in texts
        ]
        return [*(line for block in centred for line in block), Line(5), *chips(form, remarks, form.room)]
    state = Type(REGULAR, form.body.size, form.palette.muted)
    whole_number = columns(Cell(whole, form.note, form.left, form.room, "right"), leading=12)
    framed = chips(form, remarks, form.room - width(whole, form.note.font, form.note.size) - 10)
    if len(framed) == 1:
        beside_it = [mark.lowered(1.5) for mark in whole_number[0].marks]
        last = [Line(2), Line(framed[0].height, (*framed[0].marks, *beside_it))]
    else:
        last = [*whole_number, Line(6), *chips(form, remarks, form.room)]
    return [
        *beside(form, words, form.title, short, form.title, form.left, 20),
        *columns(Cell(status, state, form.left, form.room), leading=13.5),
        *last,
    ]


def chips(form: Format, words: Sequence[str], room: float) -> list[Line]:
    """Short remarks in frames ("CETAK ULANG ke-1"), side by side as far as ``room`` reaches."""
    type_ = Type(BOLD, form.label.size, form.palette.ink)
    height, inset, gap = 15.0, 6.0, 6.0
    lines: list[Line] = []
    marks: list[Mark] = []
    x = form.left
    for word in words:
        across = width(printable(word), type_.font, type_.size) + 2 * inset
        if marks and x + across > form.left + room:
            lines.append(Line(height + 3, tuple(marks)))
            marks, x = [], form.left
        marks.append(Box(x, 0.5, across, height - 1, line=type_.colour, radius=3, thickness=1))
        marks.append(Text(x + inset, (height + CAP_HEIGHT * type_.size) / 2, printable(word), type_))
        x += across + gap
    return [*lines, Line(height + 5, tuple(marks))] if marks else []


def alarm(form: Format, words: str, note: str) -> list[Line]:
    """A frame over the whole width with the paper's largest letters and a note, below where room lacks."""
    inset = 11.0
    small = Type(SEMIBOLD, form.body.size + 0.8, form.palette.alarm)
    loud, quiet = width(words, BOLD, form.alarm.size), width(note, SEMIBOLD, small.size)
    height, lower = 37.0, (37 + CAP_HEIGHT * form.alarm.size) / 2
    texts = (
        Text(form.left + inset, lower, words, form.alarm),
        Text(form.right - inset - quiet, lower - 1, note, small),
    )
    if loud + quiet + 3 * inset > form.room:
        middle = form.left + form.room / 2
        height, lower = 48.0, 25.0
        texts = (
            Text(middle - loud / 2, lower, words, form.alarm),
            Text(middle - quiet / 2, lower + 14, note, small),
        )
    thickness = 1.6 if form.is_roll else 0.9
    frame = Box(
        form.left,
        0.8,
        form.room,
        height - 1.6,
        form.palette.alarm_fill,
        form.palette.alarm_line,
        5,
        thickness,
    )
    return [Line(height, (frame, *texts)), Line(9)]


def training_band(form: Format) -> list[Line]:
    """White on black over the width of a roll, which has no greys for the pale word of the other papers."""
    white = Type(BOLD, form.strong.size, "#ffffff")
    words = columns(Cell(_("LATIHAN, bukan dokumen pelayanan"), white, form.left, form.room, "centre"), leading=15)
    return [
        *(Line(15, (Box(form.left, 0, form.room, 15.4, fill=form.palette.ink), *line.marks)) for line in words),
        Line(5),
    ]


def signatures(form: Format, *names: str) -> list[Line]:
    """Lines to sign on; a roll has none."""
    if form.is_roll:
        return []
    span, step = 108.0, 136.0
    at = [(form.left + place * step, name) for place, name in enumerate(names)]
    labels = columns(*(Cell(name, form.label, x, span) for x, name in at), leading=form.leading)
    rules = tuple(Rule(x, 27, span, form.palette.line) for x, _name in at)
    return [Line(9), *labels, Line(29, rules)]


@lru_cache(4)  # a paper that needs a second page is laid out once more, in smaller letters
def _qr_of(number: str) -> list[list[bool]]:
    from desktop.papers.symbols import qr_matrix

    return qr_matrix(number)


def symbols(form: Format, barcode: str, number: str, qr: str, left_note: str, foot: Sequence[str]) -> list[Line]:
    """Code 128 with its number, QR, and the small lines at the foot of a paper."""
    from desktop.papers.symbols import QR_QUIET, bars_width

    matrix = _qr_of(qr)
    dots = int(QR_SIDE / form.dot / len(matrix))
    if form.qr_dots:
        dots = min(dots, form.qr_dots)
    module = dots * form.dot
    side, quiet = len(matrix) * module, form.snap(QR_QUIET * module)
    across = bars_width(barcode) * form.bar_dots * form.dot
    reader = _("Kode ini dibaca petugas di loket")
    if form.is_roll:

        def middle(length: float) -> float:
            return form.left + form.snap((form.room - length) / 2)

        bars = Bars(middle(across), 0, barcode, form.bar_dots * form.dot, form.snap(BAR_HEIGHT))
        return [
            Line(8),
            Line(form.snap(BAR_HEIGHT) + 2, (bars,)),
            *columns(Cell(number, form.body, form.left, form.room, "centre"), leading=form.leading),
            Line(quiet),
            Line(side, (Qr(middle(side), 0, matrix, module),)),
            Line(quiet),
            *columns(Cell(reader, form.small, form.left, form.room, "centre"), leading=10),
            Line(3),
            *(
                line
                for text in (left_note, *foot)
                for line in columns(Cell(text, form.small, form.left, form.room, "centre"), leading=10)
            ),
        ]
    bar_top = side - BAR_HEIGHT - 14
    figures = columns(Cell(number, form.body, form.left, across, "centre"), leading=12)[0].marks
    number_mark = [Text(mark.x, side - 1, mark.text, mark.type) for mark in figures if isinstance(mark, Text)]
    return [
        Line(quiet),
        Line(
            side,
            (
                Bars(form.left, bar_top, barcode, form.bar_dots * form.dot, BAR_HEIGHT),
                *number_mark,
                Qr(form.right - side, 0, matrix, module),
            ),
        ),
        Line(quiet - 2),
        *beside(form, left_note, form.small, reader, form.small, form.left, 10.3),
        *(line for text in foot for line in columns(Cell(text, form.small, form.left, form.room), leading=10.3)),
    ]


def colour_of(accent: str) -> str:
    """The colour of the hall, or ours where the setting is no colour."""
    return accent if re.fullmatch(r"#[0-9a-fA-F]{6}", accent) else Letterhead("").accent
