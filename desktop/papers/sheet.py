"""The flow of blocks over the pages of a paper, the PDF at the end, and the words that papers share.

To add a paper: a file beside this one that adds blocks to a Sheet and ends in ``to_pdf``. A block stays on
one page where it can; a line is never cut.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from desktop.i18n import _, clock_time, language, long_date, short_date
from desktop.papers.blocks import Cell, beside, colour_of, columns, training_band
from desktop.papers.formats import A4, Format
from desktop.papers.lettering import BOLD, ENGINE, REGULAR, face, printable, width
from desktop.papers.marks import Box, Ghost, Line, Rule

RUNNING_HEAD = 20  # points, on every page after the first


@dataclass
class Sheet:
    """One copy of a paper: blocks are added from the top; ``foot`` stands at the bottom of the first page."""

    form: Format
    name: str
    number: str = ""
    accent: str = ""
    training: bool = False
    foot: list[Line] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.pages: list[list[tuple[float, Line]]] = [[]]
        self._y = self.form.top
        self._limit = self._bottom - sum(self.form.snap(line.height) for line in self.foot)
        self._waiting: list[Line] = []
        self.repeated: list[Line] = []  # stands at the top of every page that is begun meanwhile
        if self.training and self.form.is_roll:
            self.add(training_band(self.form))

    @property
    def _bottom(self) -> float:
        return math.inf if self.form.height is None else self.form.height - self.form.bottom

    def add(self, lines: Sequence[Line], *, with_next: bool = False) -> None:
        """Put a block under what is there; ``with_next`` keeps it together with the block that follows."""
        if not lines:
            return
        block = [*self._waiting, *lines]
        self._waiting = block if with_next else []
        if not with_next:
            self._place(block)

    def _place(self, block: Sequence[Line]) -> None:
        heights = [self.form.snap(line.height) for line in block]
        fits_a_page = sum(heights) <= self._bottom - self.form.top - RUNNING_HEAD
        if self._y + sum(heights) > self._limit and fits_a_page:
            self._turn()
        for line, height in zip(block, heights, strict=True):
            if self._y + height > self._limit:
                self._turn()
            if line.marks or self.pages[-1]:
                self.pages[-1].append((self._y, line))
                self._y += height

    def gap(self, height: float) -> None:
        """Leave some white, unless a page has just begun."""
        if self._y + height < self._limit and self.pages[-1]:
            self._y += self.form.snap(height)

    def _turn(self) -> None:
        self.pages.append([])
        self._y, self._limit = self.form.top + RUNNING_HEAD, self._bottom
        for line in self.repeated:
            self.pages[-1].append((self._y, line))
            self._y += self.form.snap(line.height)

    def finish(self) -> None:
        """Place the foot, and on paper of more than one page the heads that say which page this is."""
        waiting, self._waiting = self._waiting, []
        self._place(waiting)
        if self.form.is_roll:
            self.add(self.foot)
            if self.training:
                self.add([Line(4), *training_band(self.form)])
            return
        y = self._bottom - sum(self.form.snap(line.height) for line in self.foot)
        for line in self.foot:
            self.pages[0].append((y, line))
            y += self.form.snap(line.height)
        total = len(self.pages)
        for page, placed in enumerate(self.pages, start=1):
            if total == 1:
                return
            of = _("Halaman {page} dari {total}").format(page=page, total=total)
            if page == 1:
                under = columns(Cell(of, self.form.small, self.form.left, self.form.room, "right"), leading=10)
                placed.append((self._bottom + 1, under[0]))
                continue
            words = f"{self.name} {self.number}".strip()
            head = beside(self.form, words, self.form.strong, of, self.form.label, self.form.left, 13)
            rule = Line(6, (Rule(self.form.left, 4, self.form.room, self.form.palette.line),))
            placed[:0] = [(self.form.top - 4, head[0]), (self.form.top + 9, rule)]

    @property
    def height(self) -> float:
        """The height of its pages in points; on a roll as long as the content."""
        return self.form.height or self.form.snap(self._y + self.form.bottom)

    def background(self) -> list[tuple[float, Line]]:
        """What lies behind the lines of every page: the bar at the top, and LATIHAN on a training paper."""
        form = self.form
        behind = []
        if self.accent and not form.is_roll:
            behind.append((0.0, Line(0, (Box(0, 0, form.width, 8.6, fill=colour_of(self.accent)),))))
        if self.training and not form.is_roll:
            word = _("LATIHAN")
            size = 0.6 * math.hypot(form.width, self.height) / width(word, BOLD, 1)
            ghost = Ghost(form.width / 2, self.height * 0.42, word, size, form.palette.ghost)
            behind.append((0.0, Line(0, (ghost,))))
        return behind


def fitted(make: Callable[[Format], Sheet], form: Format) -> Sheet:
    """The paper in its own letters, or in slightly smaller ones where these spare a second page."""
    paper = make(form)
    if len(paper.pages) == 1:
        return paper
    tighter = make(form.tightened)
    return tighter if len(tighter.pages) == 1 else paper


def to_pdf(sheets: Sequence[Sheet], title: str) -> bytes:
    """The sheets as one PDF file, the same bytes for the same content; ``title`` must name nobody."""
    from reportlab.pdfgen.canvas import Canvas

    face(REGULAR)
    out = io.BytesIO()
    with ENGINE:
        canvas = Canvas(out, (A4.width, A4.width), invariant=1, initialFontName=REGULAR, lang=language())
        canvas.setTitle(printable(title))
        canvas.setAuthor("Loket")
        canvas.setCreator("Loket")
        # A symbol printed "to fit" is no longer a whole number of dots.
        canvas.setViewerPreference("PrintScaling", "None")
        for sheet in sheets:
            sheet.finish()
            for page in sheet.pages:
                _draw(canvas, sheet, page)
        canvas.save()
    return out.getvalue()


def _draw(canvas: Any, sheet: Sheet, page: Sequence[tuple[float, Line]]) -> None:
    # Rounded down at the fourth decimal, which is all the file keeps: 640 dots must not be rasterised as 641.
    size = (sheet.form.width, sheet.height)
    canvas.setPageSize(tuple(math.floor(side * 10_000 - 0.5) / 10_000 for side in size))
    for y, line in [*sheet.background(), *page]:
        for mark in line.marks:
            mark.draw(canvas, sheet.height - y)
    canvas.showPage()


def moment(at: datetime) -> str:
    """ "Senin, 23 November 2026 pukul 09.12 WIB"; the moment is already in the hall's time."""
    words = _("{date} pukul {time} {zone}")
    return words.format(date=long_date(at), time=clock_time(at), zone=at.tzname() or "").strip()


def printed_line(at: datetime, record_code: str) -> str:
    """ "Dicetak 23-11-2026 09.12 · kode catatan 7F3A-91C2"."""
    printed = _("Dicetak {date} {time}").format(date=short_date(at), time=clock_time(at))
    return " · ".join([printed, _("kode catatan {code}").format(code=record_code)] if record_code else [printed])


def desk_line(officer: str, counter: str, queue_no: str | None, visit_no: int) -> str:
    """ "Siti R. · Loket 7", with the queue number and a later visit where there are."""
    queue = _("antrean {number}").format(number=queue_no) if queue_no else ""
    visit = _("kunjungan ke-{number}").format(number=visit_no) if visit_no > 1 else ""
    return " · ".join(filter(None, (officer, counter, queue, visit)))


def remarks(
    form: Format, training: bool, copy_no: int = 0, copy_from: int = 0, corrected_at: datetime | None = None
) -> list[str]:
    """The words in frames: LATIHAN (a roll has its bands), CETAK ULANG ke-n (PC ...), Diperbaiki ..."""
    words = [_("LATIHAN")] if training and not form.is_roll else []
    if copy_no:
        words.append(_("CETAK ULANG ke-{number} (PC {device})").format(number=copy_no, device=copy_from))
    if corrected_at:
        at = _("Diperbaiki {date} {time}")
        words.append(at.format(date=short_date(corrected_at), time=clock_time(corrected_at)))
    return words
