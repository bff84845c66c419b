"""LEMBAR PEMULIHAN: the code that opens the data when the PC is broken or the password forgotten."""

from __future__ import annotations

from desktop.i18n import _
from desktop.operations.paperwork import RecoveryFacts
from desktop.papers import blocks, sheet
from desktop.papers.blocks import BAR_HEIGHT, Cell, columns, paragraph, row
from desktop.papers.formats import FORMATS, Format, Type
from desktop.papers.lettering import BOLD
from desktop.papers.marks import Bars, Line, Qr
from desktop.papers.sheet import Sheet
from desktop.settings import PaperSize

# The code is too long for one barcode on a roll: it is scanned in two, one after the other.
_FIRST_BAR = 26


def make_recovery_sheet(facts: RecoveryFacts, size: PaperSize) -> bytes:
    """The recovery sheet as PDF; the same facts give the same bytes."""
    form, name = FORMATS[size], _("LEMBAR PEMULIHAN DATA")
    paper = Sheet(form, name, "", facts.letterhead.accent, facts.training)
    paper.add(blocks.letterhead(form, facts.letterhead))
    paper.add([*columns(Cell(name, form.title, form.left, form.room), leading=20), Line(6)])
    paper.add(blocks.chips(form, [_("RAHASIA"), *sheet.remarks(form, facts.training)], form.room))
    paper.add(row(form, _("Loket"), facts.counter, strong=True))
    paper.add(row(form, _("Dibuat"), sheet.moment(facts.printed_at)))
    paper.gap(6)
    paper.add(paragraph(form, _(
        "Kode ini membuka data loket ini bila PC rusak, kuncinya hilang, atau kata sandi terlupa. Siapa pun yang "
        "memegang kode ini dan cadangannya dapat membaca semua data."
    ), form.strong))  # fmt: skip
    paper.gap(8)
    paper.add(_groups(form, facts.code))
    paper.gap(6)
    for digits in (facts.code[:_FIRST_BAR], facts.code[_FIRST_BAR:]):
        paper.add(_bars(form, digits))
    paper.add(paragraph(form, _("Pindai barcode atas, lalu barcode bawah; atau ketik angkanya.")))
    paper.add(_square(form, facts.code))
    paper.add(paragraph(form, _(
        "Simpan dalam amplop tertutup, di tempat terkunci, tidak bersama PC atau cadangannya. Lembar baru membuat "
        "lembar ini tidak berlaku."
    )))  # fmt: skip
    paper.add(blocks.signatures(form, _("Disimpan oleh"), _("Disaksikan oleh")))
    return sheet.to_pdf([paper], _("Lembar pemulihan data"))


def _groups(form: Format, code: str) -> list[Line]:
    """Ten groups of five digits, numbered, two rows of five or five rows of two."""
    across = 2 if form.is_roll else 5
    large = Type(BOLD, form.sizes.body + 4, form.palette.ink)
    room = form.room / across
    lines: list[Line] = []
    for first in range(0, 10, across):
        places = range(first, first + across)
        cells = [(form.left + (place - first) * room, place) for place in places]
        lines += columns(*(Cell(str(place + 1), form.small, x, room) for x, place in cells), leading=9)
        lines += columns(*(Cell(code[place * 5 : place * 5 + 5], large, x, room) for x, place in cells), leading=19)
    return lines


def _bars(form: Format, digits: str) -> list[Line]:
    from desktop.papers.symbols import bars_width

    # Two dots instead of three on the narrow roll.
    dots = min(form.bar_dots, int(form.room / form.dot) // bars_width(digits))
    return [Line(form.snap(BAR_HEIGHT) + 12, (Bars(form.left, 0, digits, dots * form.dot, form.snap(BAR_HEIGHT)),))]


def _square(form: Format, code: str) -> list[Line]:
    from desktop.papers.symbols import QR_QUIET, qr_matrix

    matrix = qr_matrix(code)
    dots = min(int(blocks.QR_SIDE / form.dot / len(matrix)), form.qr_dots or 99)
    module = dots * form.dot
    quiet = Line(form.snap(QR_QUIET * module))
    return [quiet, Line(len(matrix) * module, (Qr(form.left, 0, matrix, module),)), quiet]
