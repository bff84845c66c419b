"""FORMULIR DARURAT: filled in by hand while there is no power or no program, and typed in later with its own time."""

from __future__ import annotations

from desktop.i18n import _
from desktop.operations.paperwork import EmergencyFacts
from desktop.papers import blocks, sheet
from desktop.papers.blocks import Cell, columns, heading, paragraph
from desktop.papers.formats import FORMATS, Format
from desktop.papers.marks import Box, Line, Rule
from desktop.papers.sheet import Sheet
from desktop.settings import PaperSize

PAPERS = 5  # lines for what was brought
NIK_DIGITS = 16


def make_emergency_form(facts: EmergencyFacts, size: PaperSize) -> bytes:
    """The blank form as PDF; the same facts give the same bytes."""
    made = sheet.fitted(lambda form: _form(facts, form), FORMATS[size])
    return sheet.to_pdf([made], _("Formulir darurat"))


def _form(facts: EmergencyFacts, form: Format) -> Sheet:
    name = _("FORMULIR DARURAT")
    paper = Sheet(form, name, "", facts.letterhead.accent, facts.training, foot=_for_the_applicant(facts, form))
    paper.add(blocks.letterhead(form, facts.letterhead))
    paper.add([*columns(Cell(name, form.title, form.left, form.room), leading=20), Line(2)])
    words = _("Dipakai saat listrik padam atau program mati. Salin ke program begitu pulih.")
    paper.add(paragraph(form, words))
    paper.add(blocks.chips(form, sheet.remarks(form, facts.training), form.room))
    for label in (_("Tanggal dan pukul"), _("Petugas"), _("Nama pemohon")):
        paper.add(_blank(form, label))
    paper.add(_boxes(form, _("NIK"), NIK_DIGITS))
    for label in (_("HP"), _("Desa/kel."), _("Untuk (bila bukan sendiri)")):
        paper.add(_blank(form, label))
    paper.add(heading(form, _("Layanan (beri tanda)")), with_next=True)
    for at in range(0, len(facts.services), 1 if form.is_roll else 2):
        paper.add(_ticks(form, facts.services[at : at + (1 if form.is_roll else 2)]))
    paper.add(heading(form, _("Berkas yang diterima")), with_next=True)
    for number in range(1, PAPERS + 1):
        paper.add(_blank(form, f"{number}.", 16))
    return paper


def _blank(form: Format, label: str, room: float = 0) -> list[Line]:
    """A label and a line to write on."""
    across = room or form.label_room or 58
    words = columns(Cell(label, form.label, form.left, across - 4), leading=form.leading)
    rule = Rule(form.left + across, form.leading - 1, form.room - across, form.palette.line)
    return [Line(6), *words[:-1], Line(form.leading + 1, (*words[-1].marks, rule))]


def _boxes(form: Format, label: str, count: int) -> list[Line]:
    """A label and a box for each digit."""
    across = form.label_room or 22
    side = min(15.0, (form.room - across) / count)
    boxes = (Box(form.left + across + n * side, 0, side, 15, line=form.palette.ink) for n in range(count))
    words = columns(Cell(label, form.label, form.left, across - 4), leading=15)
    return [Line(7), Line(17, (*words[0].marks, *boxes))]


def _ticks(form: Format, services: tuple[str, ...]) -> list[Line]:
    """Services side by side, a box to tick before each."""
    share = form.room / (1 if form.is_roll else 2)
    at = [form.left + place * share for place in range(len(services))]
    cells = (Cell(words, form.label, x + 13, share - 19) for x, words in zip(at, services, strict=True))
    first, *rest = columns(*cells, leading=form.leading)
    boxes = (Box(x, 2, 7.5, 7.5, line=form.palette.ink) for x in at)
    return [Line(first.height, (*first.marks, *boxes)), *rest, Line(2)]


def _for_the_applicant(facts: EmergencyFacts, form: Format) -> list[Line]:
    """What is cut off and given to the citizen: the only proof until the receipt is printed."""
    words = _("Untuk pemohon. Berkas Anda diterima saat gangguan. Tanda terima bernomor menyusul.")
    if facts.phone:
        ask = _("Tanya: {phone}.").format(phone=facts.phone)
        words = f"{words} {ask}"
    return [
        Line(12, (Rule(form.left, 6, form.room, form.palette.ink, 1.2),)),
        *paragraph(form, words, form.strong),
        *(line for label in (_("Tanggal dan pukul"), _("Petugas")) for line in _blank(form, label)),
        Line(4),
        *paragraph(form, facts.letterhead.hall, form.small),
    ]
