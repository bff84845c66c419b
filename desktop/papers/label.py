"""LABEL MAP: what stands on the folder of a file, so that it is found by eye and by scanner."""

from __future__ import annotations

from desktop.i18n import _
from desktop.operations.paperwork import LabelFacts
from desktop.papers import blocks, sheet
from desktop.papers.blocks import paragraph, row
from desktop.papers.formats import FORMATS
from desktop.papers.sheet import Sheet
from desktop.settings import PaperSize


def make_label(facts: LabelFacts, size: PaperSize) -> bytes:
    """The label as PDF; the same facts give the same bytes."""
    form, name = FORMATS[size], _("LABEL MAP")
    paper = Sheet(form, name, facts.number, facts.letterhead.accent, facts.training)
    received = _("Diterima {moment}").format(moment=sheet.moment(facts.received_at))
    remarks = sheet.remarks(form, facts.training)
    paper.add(blocks.title(form, name, facts.short, received, facts.number, remarks))
    paper.add(paragraph(form, facts.applicant or facts.subject or "–", form.title))
    paper.gap(4)
    paper.add(row(form, _("Atas nama"), facts.subject or "", strong=True))
    paper.add(row(form, _("Layanan"), facts.service, strong=True))
    paper.add(row(form, _("Instansi"), facts.letterhead.agency))
    paper.add(row(form, _("Loket"), facts.counter))
    # Right below, not at the foot of the page: what is glued on a folder is cut out of it.
    paper.gap(6)
    paper.add(blocks.symbols(form, facts.barcode, facts.number, facts.qr, facts.letterhead.hall, []))
    return sheet.to_pdf([paper], _("Label map"))
