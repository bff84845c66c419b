"""DAFTAR PERSYARATAN: what to bring for a service, what it costs and when it is ready, to be taken home."""

from __future__ import annotations

from desktop.i18n import _
from desktop.operations.paperwork import LeafletFacts
from desktop.papers import blocks, sheet
from desktop.papers.blocks import Cell, columns, heading, paragraph, row
from desktop.papers.formats import FORMATS, Format
from desktop.papers.marks import Line
from desktop.papers.sheet import Sheet
from desktop.settings import PaperSize


def make_leaflet(facts: LeafletFacts, size: PaperSize) -> bytes:
    """The leaflet as PDF; the same facts give the same bytes."""
    made = sheet.fitted(lambda form: _leaflet(facts, form), FORMATS[size])
    return sheet.to_pdf([made], _("Daftar persyaratan"))


def _leaflet(facts: LeafletFacts, form: Format) -> Sheet:
    name = _("DAFTAR PERSYARATAN")
    paper = Sheet(form, name, "", facts.letterhead.accent, facts.training, foot=_foot(facts, form))
    paper.add(blocks.letterhead(form, facts.letterhead))
    paper.add([*columns(Cell(name, form.title, form.left, form.room), leading=20), Line(2)])
    paper.add(paragraph(form, facts.service, form.item))
    paper.add(blocks.chips(form, sheet.remarks(form, facts.training), form.room))
    paper.gap(4)
    paper.add(row(form, _("Hasil layanan"), facts.product))
    paper.add(row(form, _("Jangka waktu"), facts.duration, strong=True))
    paper.add(row(form, _("Biaya"), facts.fee_text))
    paper.add(row(form, _("Datang sendiri"), facts.presence))
    paper.add(heading(form, _("Yang perlu dibawa")), with_next=True)
    for number, document in enumerate(facts.documents, start=1):
        paper.add(blocks.to_bring(form, number, document))
    if facts.procedure:
        paper.add(heading(form, _("Sistem, mekanisme, dan prosedur")), with_next=True)
        paper.add(paragraph(form, facts.procedure))
    if facts.channels:
        paper.add(heading(form, _("Penanganan pengaduan, saran, dan masukan")), with_next=True)
        paper.add(paragraph(form, facts.channels))
    if facts.pledge:
        paper.add(heading(form, _("Maklumat pelayanan")), with_next=True)
        paper.add(paragraph(form, facts.pledge))
    return paper


def _foot(facts: LeafletFacts, form: Format) -> list[Line]:
    words = [
        facts.standard_text or "",
        _("Pengaduan: {where}").format(where=facts.complaint),
        sheet.printed_line(facts.printed_at, ""),
    ]
    return [Line(6), *(line for text in words if text for line in paragraph(form, text, form.small))]
