"""TANDA TERIMA BERKAS: the citizen's proof that a complete file was registered, and by when it is done."""

from __future__ import annotations

from desktop.i18n import _
from desktop.operations.paperwork import ReceiptFacts
from desktop.papers import blocks, sheet
from desktop.papers.blocks import Cell, columns, heading, numbered, paragraph, row
from desktop.papers.formats import FORMATS, Format, Type
from desktop.papers.marks import Line
from desktop.papers.sheet import Sheet
from desktop.settings import PaperSize


def make_receipt(facts: ReceiptFacts, size: PaperSize) -> bytes:
    """The receipt as PDF, one copy or two; the same facts give the same bytes."""
    copies = [_("Lembar 1: untuk pemohon"), _("Lembar 2: untuk arsip")] if facts.two_copies else [""]
    made = [sheet.fitted(lambda form, copy=copy: _receipt(facts, form, copy), FORMATS[size]) for copy in copies]  # type: ignore[misc]
    return sheet.to_pdf(made, _("Tanda terima berkas"))


def _receipt(facts: ReceiptFacts, form: Format, copy: str) -> Sheet:
    name = _("TANDA TERIMA BERKAS")
    paper = Sheet(form, name, facts.number, facts.letterhead.accent, facts.training, foot=_foot(facts, form))
    paper.add(blocks.letterhead(form, facts.letterhead))
    state = _("TERDAFTAR, lengkap {moment}").format(moment=sheet.moment(facts.complete_at))
    remarks = sheet.remarks(form, facts.training, facts.copy_no, facts.copy_from, facts.corrected_at)
    paper.add(blocks.title(form, name, facts.short, state, facts.number, [copy, *remarks] if copy else remarks))
    _file(paper, facts)
    _documents(paper, facts)
    paper.gap(6)
    paper.add(paragraph(form, _keep_it(facts)), with_next=True)
    paper.add(blocks.signatures(form, _("Wakil pemohon") if facts.proxy else _("Pemohon"), _("Petugas")))
    return paper


def _file(paper: Sheet, facts: ReceiptFacts) -> None:
    form = paper.form
    applicant = ", ".join(filter(None, (facts.applicant, facts.for_whom_text)))
    service = ", ".join(filter(None, (facts.service, facts.variant)))
    paper.add(row(form, _("Layanan"), service))
    paper.add(row(form, _("Pemohon"), applicant, strong=True))
    paper.add(row(form, _("NIK"), facts.nik_masked))
    paper.add(row(form, _("Atas nama"), facts.subject or "", strong=True))
    paper.add(row(form, _("Diwakili oleh"), facts.proxy or ""))
    paper.add(row(form, _("Hasil layanan"), facts.product))
    paper.add(row(form, _("Selesai paling lambat"), facts.promise_text, strong=True))
    paper.add(row(form, _("Biaya"), facts.fee_text))
    paper.add(row(form, _("Petugas"), sheet.desk_line(facts.officer, facts.counter, facts.queue_no, facts.visit_no)))


def _documents(paper: Sheet, facts: ReceiptFacts) -> None:
    form = paper.form
    if facts.documents:
        paper.add(heading(form, _("Berkas yang diterima")), with_next=True)
    for number, document in enumerate(facts.documents, start=1):
        paper.add(numbered(form, number, document.name, document.how))
    if facts.extra:
        paper.add(heading(form, _("Syarat di luar daftar")), with_next=True)
        for number, name in enumerate(facts.extra, start=1):
            paper.add(numbered(form, number, name))
    if facts.withdrawn:
        # What the office keeps is gone for the citizen: this paper is the only trace of it in his hands.
        paper.add(heading(form, _("Dokumen asli yang ditarik")), with_next=True)
        for name in facts.withdrawn:
            paper.add(_withdrawn(form, name, form.item, form.leading + 1), with_next=True)
        proof = _("Disimpan instansi, tidak dikembalikan. Lembar ini bukti penyerahannya.")
        paper.add(_withdrawn(form, proof, form.label, form.leading))


def _withdrawn(form: Format, text: str, type_: Type, leading: float) -> list[Line]:
    return blocks.barred(form, columns(Cell(text, type_, form.left + 9, form.room - 9), leading=leading))


def _keep_it(facts: ReceiptFacts) -> str:
    keep = _(
        "Simpan lembar ini. Bawa bersama KTP saat mengambil hasil; bila diwakilkan, bawa surat kuasa dan KTP wakil."
    )
    if not facts.follow_up:
        return keep
    ask = _("Tanya perkembangan: {phone} dengan nomor berkas.").format(phone=facts.follow_up)
    return f"{keep} {ask}"


def _foot(facts: ReceiptFacts, form: Format) -> list[Line]:
    printed = sheet.printed_line(facts.printed_at, facts.record_code)
    complaint = _("Pengaduan: {where}").format(where=facts.complaint) if facts.complaint else ""
    about = " · ".join(filter(None, (complaint, _("Data dipakai hanya untuk layanan ini."))))
    texts = [about, facts.standard_text] if facts.standard_text else [about]
    return blocks.symbols(form, facts.barcode, facts.number, facts.qr, printed, texts)
