"""The standards as a workbook for a spreadsheet program: its sheets, its guide, and how it is written.

Every cell is a text, so no standard can make a formula. standard_import.py reads it when it comes back.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.models.catalog import Agency, Service
from desktop.models.standard import Definition
from desktop.operations import standards
from desktop.operations.catalog import definition_of, newest_standard
from desktop.operations.rule_words import Names
from desktop.operations.standard_rows import (
    CHOICES,
    LINES,
    SERVICE,
    SERVICE_NAME,
    SERVICES,
    Column,
    ServiceFacts,
    choices_of,
    row_of,
)

# The file speaks Indonesian whatever the screen does: these are names in it, like the titles of the columns.
GUIDE, SERVICE_SHEET, CHOICE_SHEET = "Petunjuk", "Layanan", "Pilihan"
SHEET_NAME_LIMIT = 31

_GUIDE = (
    "Standar pelayanan",
    "",
    "Berkas ini memuat layanan, jangka waktu, biaya, komponen standar, dan persyaratan. Ubah, simpan sebagai .xlsx, "
    "lalu buka lagi di Loket: Katalog, Impor. Loket menunjukkan dahulu semua bedanya; tidak ada yang berubah sebelum "
    "Anda menekan F9.",
    "",
    "Lembar Layanan: satu baris satu layanan. Layanan yang barisnya dihapus dari berkas tidak diubah oleh Loket.",
    "Lembar Pilihan: jenis permohonan, pertanyaan di loket, dan kelompok syarat dari tiap layanan.",
    "Lembar instansi (DKC, PTS, …): satu baris satu syarat. Syarat yang barisnya dihapus tidak diminta lagi.",
    "",
    "Jangan mengubah judul kolom, nama lembar, dan kolom kode. Syarat, pertanyaan, dan jenis yang baru: kosongkan "
    "kodenya, Loket membuatkannya. Jangan menggabungkan sel dan jangan memakai rumus.",
    "",
    "Diminta bila: kosong berarti selalu diminta. Contoh aturan:",
    'jenis "Hilang"',
    'jenis "Hilang" atau jenis "Rusak"',
    'jawaban "Pemohon sudah kawin?" ya',
    'diwakilkan dan jawaban "Pemohon sudah kawin?" tidak',
    'badan usaha atau (jenis "Baru" dan tidak (diwakilkan))',
    "ketentuan setempat",
    "",
    "Bila ada: ya berarti syarat ini tidak pernah menahan berkas. Boleh tidak diperlukan: petugas boleh menandainya "
    "tidak diperlukan. Keduanya diisi ya, tidak, atau aturan seperti di atas.",
    "Dipakai: tidak berarti syarat ini dimatikan; untuk ketentuan setempat, sakelar ketentuan itu.",
    "Kelompok: kode kelompok dari lembar Pilihan; di sana tertulis berapa syarat di antaranya yang cukup.",
    "Berkas yang sudah diterima tetap memakai standar saat kunjungan pertamanya.",
)


@dataclass
class Kept:
    """A service as it is kept now: its row, its newest standard, and both as the workbook says them."""

    row: Service
    standard_id: str
    definition: Definition
    facts: ServiceFacts


def export(session: Session) -> bytes:
    """The newest standard of every service as an .xlsx file."""
    agencies = list(session.scalars(select(Agency).where(~Agency.deleted).order_by(Agency.code)))
    kept = services_as_kept(session)
    book = _Book()
    book.guide()
    book.sheet(SERVICE_SHEET, titles_of(SERVICES), [row_of(SERVICES, one.facts, Names()) for one in kept.values()])
    choices = [choice for one in kept.values() for choice in choices_of(one.row.code, one.definition)]
    book.sheet(CHOICE_SHEET, titles_of(CHOICES), [row_of(CHOICES, choice, Names()) for choice in choices])
    for agency in agencies:
        rows = [
            {SERVICE: one.row.code, SERVICE_NAME: one.row.name_id, **row_of(LINES, line, Names.of(one.definition))}
            for one in kept.values() if one.row.agency_id == agency.id
            for line in one.definition.requirements
        ]  # fmt: skip
        if rows:
            book.sheet(sheet_name(agency), {SERVICE: 12, SERVICE_NAME: 26} | titles_of(LINES), rows)
    return book.bytes()


def sheet_name(agency: Agency) -> str:
    """ "DKC Dinas Kependudukan dan P": the code first, by which the sheet is known when it comes back."""
    name = "".join(" " if c in "[]:*?/\\'" else c for c in f"{agency.code} {agency.name_id}")
    return name[:SHEET_NAME_LIMIT].strip()


def titles_of(columns: Sequence[Column[Any]]) -> dict[str, int]:
    return {column.title: column.width for column in columns}


def services_as_kept(session: Session) -> dict[str, Kept]:
    """Every service with a standard, by its code."""
    agencies = {row.id: row.code for row in session.scalars(select(Agency))}
    found = {}
    for row in session.scalars(select(Service).where(~Service.deleted).order_by(Service.code)):
        standard = newest_standard(session, row.id)
        if standard is not None:
            definition = definition_of(standard)
            facts = standards.facts_of(row, definition, agencies.get(row.agency_id, ""))
            found[row.code] = Kept(row, standard.id, definition, facts)
    return found


class _Book:
    """An .xlsx file being written; nothing in it is ever a number, a link or a formula."""

    def __init__(self) -> None:
        import xlsxwriter  # with the first workbook, not at every start

        self._out = io.BytesIO()
        self._book = xlsxwriter.Workbook(self._out, {"in_memory": True})
        self._book.set_properties({"title": "Standar pelayanan"})
        self._book.set_calc_mode("manual")
        self._cell = self._book.add_format({"text_wrap": True, "valign": "top", "num_format": "@"})
        self._head = self._book.add_format(
            {"bold": True, "text_wrap": True, "valign": "top", "bg_color": "#DCE6F2", "num_format": "@"}
        )

    def guide(self) -> None:
        sheet = self._book.add_worksheet(GUIDE)
        sheet.set_column(0, 0, 100)
        for place, line in enumerate(_GUIDE):
            sheet.write_string(place, 0, line, self._cell if place else self._head)

    def sheet(self, name: str, titles: Mapping[str, int], rows: Iterable[Mapping[str, str]]) -> None:
        sheet = self._book.add_worksheet(name)
        for place, (title, width) in enumerate(titles.items()):
            sheet.set_column(place, place, width, self._cell)
            sheet.write_string(0, place, title, self._head)
        sheet.freeze_panes(1, min(3, len(titles)))
        for number, row in enumerate(rows, 1):
            for place, title in enumerate(titles):
                if row[title]:
                    sheet.write_string(number, place, row[title], self._cell)

    def bytes(self) -> bytes:
        self._book.close()
        return self._out.getvalue()


# Done
