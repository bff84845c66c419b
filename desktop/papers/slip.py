"""LEMBAR KEKURANGAN BERKAS: what was lacking, where to get it, where to come back; no promise, no threat."""

from __future__ import annotations

from desktop.i18n import _, long_date, ngettext
from desktop.operations.paperwork import SlipFacts
from desktop.papers import blocks, sheet
from desktop.papers.blocks import heading, paragraph, row
from desktop.papers.formats import FORMATS, Format
from desktop.papers.marks import Line
from desktop.papers.sheet import Sheet
from desktop.settings import PaperSize


def make_slip(facts: SlipFacts, size: PaperSize) -> bytes:
    """The slip as PDF; the same facts give the same bytes."""
    return sheet.to_pdf([sheet.fitted(lambda form: _slip(facts, form), FORMATS[size])], _("Lembar kekurangan berkas"))


def _slip(facts: SlipFacts, form: Format) -> Sheet:
    name = _("LEMBAR KEKURANGAN BERKAS")
    paper = Sheet(form, name, facts.number, facts.letterhead.accent, facts.training, foot=_foot(facts, form))
    paper.add(blocks.letterhead(form, facts.letterhead))
    state = _("Permohonan BELUM TERDAFTAR. Semua berkas dikembalikan.")
    remarks = sheet.remarks(form, facts.training, facts.copy_no, facts.copy_from, facts.corrected_at)
    paper.add(blocks.title(form, name, facts.short, state, facts.number, remarks))
    lacking = ngettext(
        "kurang {missing} dari {asked} syarat", "kurang {missing} dari {asked} syarat", facts.missing_count
    )
    paper.add(
        blocks.alarm(form, _("BELUM LENGKAP"), lacking.format(missing=facts.missing_count, asked=facts.asked_count))
    )
    _file(paper, facts)
    paper.add(heading(form, _("Yang perlu dibawa")), with_next=True)
    if facts.smallest:
        paper.add([*paragraph(form, facts.smallest, form.strong), Line(3)], with_next=True)
    for number, missing in enumerate(facts.missing, start=1):
        paper.add(blocks.to_bring(form, number, missing))
    if facts.accepted:
        paper.add(heading(form, _("Sudah sesuai, tidak ditanyakan lagi")), with_next=True)
        for accepted in facts.accepted:
            paper.add(blocks.bullet(form, accepted))
    paper.gap(5)
    paper.add(paragraph(form, _come_back(facts)))
    return paper


def _file(paper: Sheet, facts: SlipFacts) -> None:
    form = paper.form
    applicant = ", ".join(filter(None, (facts.applicant, facts.for_whom_text)))
    desk = sheet.desk_line(facts.officer, facts.counter, facts.queue_no, facts.visit_no)
    service = ", ".join(filter(None, (facts.service, facts.variant)))
    paper.add(row(form, _("Layanan"), service))
    paper.add(row(form, _("Pemohon"), applicant, strong=True))
    paper.add(row(form, _("Atas nama"), facts.subject or "", strong=True))
    paper.add(row(form, _("Diwakili oleh"), facts.proxy or ""))
    paper.add(row(form, _("Diperiksa"), f"{sheet.moment(facts.checked_at)} · {desk}"))


def _come_back(facts: SlipFacts) -> str:
    sentences = [_("Bila sudah siap, datang ke {place} dan bawa lembar ini.").format(place=facts.come_back)]
    if facts.goes_first:
        sentences.append(_("Tunjukkan kepada petugas antrean; Anda didahulukan."))
    valid = _("Daftar ini berlaku sampai {date}. Anda tetap dapat mengajukan sesudahnya; syarat mungkin berubah.")
    sentences.append(valid.format(date=long_date(facts.valid_until)))
    return " ".join(sentences)


def _foot(facts: SlipFacts, form: Format) -> list[Line]:
    printed = sheet.printed_line(facts.printed_at, facts.record_code)
    words = (
        _("Tidak dipungut biaya. Bila diminta membayar, lapor: {where}") if facts.is_free else _("Pengaduan: {where}")
    )
    complaint = words.format(where=facts.complaint) if facts.complaint else ""
    texts = [text for text in (complaint, facts.standard_text) if text]
    return blocks.symbols(form, facts.barcode, facts.number, facts.qr, printed, texts)
