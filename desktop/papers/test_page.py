"""LEMBAR UJI CETAK: proves a printer, the size it prints and the scanner in one act."""

from __future__ import annotations

from desktop.i18n import _
from desktop.operations.paperwork import TestPageFacts
from desktop.papers import blocks, sheet
from desktop.papers.blocks import Cell, columns, paragraph, row
from desktop.papers.formats import FORMATS, MM, Format
from desktop.papers.marks import Box, Line, Rule
from desktop.papers.sheet import Sheet
from desktop.settings import PaperSize


def make_test_page(facts: TestPageFacts, size: PaperSize) -> bytes:
    """The test page as PDF; the same facts give the same bytes."""
    form, name = FORMATS[size], _("LEMBAR UJI CETAK")
    printed = sheet.printed_line(facts.printed_at, "")
    foot = blocks.symbols(form, facts.barcode, facts.barcode, facts.qr, printed, [])
    paper = Sheet(form, name, "", facts.letterhead.accent, facts.training, foot=foot)
    paper.add(blocks.letterhead(form, facts.letterhead))
    paper.add([*columns(Cell(name, form.title, form.left, form.room), leading=20), Line(6)])
    paper.add(blocks.chips(form, sheet.remarks(form, facts.training), form.room))
    paper.add(row(form, _("Printer"), facts.printer, strong=True))
    paper.add(row(form, _("Loket"), facts.counter))
    words = {"a5": _("A5"), "a4": _("A4"), "80mm": _("gulungan 80 mm"), "58mm": _("gulungan 58 mm")}
    paper.add(row(form, _("Kertas"), words[size]))
    paper.gap(8)
    length = 50 if form.room > 50 * MM else 40
    paper.add(_ruler(form, length * MM))
    scale = _("Garis di atas harus {length} mm. Bila tidak, cetak dengan skala 100%.").format(length=length)
    paper.add(paragraph(form, scale))
    paper.gap(8)
    paper.add(_ruler(form, form.room))
    paper.add(paragraph(form, _("Garis di atas harus utuh dari ujung ke ujung; bila terpotong, atur tepi kertas.")))
    paper.gap(8)
    paper.add(_stripes(form))
    paper.add(paragraph(form, _("Garis tipis harus tampak terpisah, kotak harus hitam rata.")))
    paper.gap(8)
    paper.add(paragraph(form, _("Sekarang pindai barcode pada kertas yang baru keluar."), form.strong))
    return sheet.to_pdf([paper], _("Lembar uji cetak"))


def _ruler(form: Format, length: float) -> list[Line]:
    ends = (Box(form.left + shift, 1, form.dot * 2, 8, fill=form.palette.ink) for shift in (0, length - form.dot * 2))
    return [Line(11, (*ends, Rule(form.left, 5, length, form.palette.ink, 0.8)))]


def _stripes(form: Format) -> list[Line]:
    """A black square, then stripes of one, two and three dots as far apart as they are wide."""
    marks = [Box(form.left, 0, 40 * form.dot, 14, fill=form.palette.ink)]
    x = form.left + 60 * form.dot
    for dots in (1, 2, 3):
        for _stripe in range(8):
            marks.append(Box(x, 0, dots * form.dot, 14, fill=form.palette.ink))
            x += 2 * dots * form.dot
        x += 20 * form.dot
    return [Line(17, tuple(marks))]
