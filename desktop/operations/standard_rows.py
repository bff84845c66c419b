"""A standard as rows of words, and back: what the workbook holds, what the screen shows, what a difference says.

To let the workbook say something more: a Column in LINES, SERVICES or CHOICES. A cell that was not changed leaves what
it stands for exactly as it was, also where its words say less than the standard does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.models.standard import (
    COMPONENTS,
    LOCAL_RULE,
    WRITTEN,
    Condition,
    Definition,
    Duration,
    Fact,
    Fee,
    Requirement,
    atoms,
)
from desktop.operations.catalog_file import listed, one_of
from desktop.operations.cleaning import clean, clean_text
from desktop.operations.rule_words import Names, from_words, in_words

Thing = TypeVar("Thing")

FORMS = {
    "original": N_("asli"), "copy": N_("fotokopi"), "form": N_("formulir"), "photo": N_("foto"), "other": N_("lainnya"),
}  # fmt: skip
HANDLINGS = {
    "shown": N_("diperlihatkan"), "filed": N_("disimpan"), "withdrawn": N_("ditarik"), "given": N_("disebutkan"),
}  # fmt: skip
AGES = {"issued": N_("tanggal terbit"), "expires": N_("masa berlaku habis"), "event": N_("tanggal kejadian")}
UNITS = {
    "minutes": N_("menit"), "hours": N_("jam"), "working_days": N_("hari kerja"), "calendar_days": N_("hari kalender"),
}  # fmt: skip
MODES = {"full": N_("lengkap"), "record_only": N_("catat saja")}
FEES = {
    "free": N_("gratis"), "pnbp": N_("PNBP"), "retribution": N_("retribusi"), "tax": N_("pajak"), "tariff": N_("tarif"),
    "contribution": N_("iuran"), "fine": N_("denda"), "deposit": N_("jaminan"), "duty": N_("bea"),
    "payment": N_("pembayaran"), "third_party": N_("pihak ketiga"),
}  # fmt: skip
APPLICANTS = {
    "person": N_("orang"), "company": N_("badan usaha"), "person,company": N_("orang atau badan usaha"),
    "company,person": N_("badan usaha atau orang"),
}  # fmt: skip
YES, NO = N_("ya"), N_("tidak")
COMPONENT_LIMIT = 2000


@dataclass(frozen=True)
class Column(Generic[Thing]):
    """A column: its title in the file, how a thing reads in it, and what its text changes (None: only shown)."""

    title: str  # marked with N_; Indonesian in the file
    read: Callable[[Thing, Names], str]
    take: Callable[[str, Names], dict[str, Any]] | None = None
    width: int = 16
    needed: bool = False  # a new thing must say it; else an empty cell leaves what is usual
    may_lack: bool = False  # a file of an earlier Loket does not have it: what it stands for stays


@dataclass(frozen=True)
class ServiceFacts:
    """A service and what its standard says beside the lines, one value a field."""

    code: str
    agency: str
    name_id: str
    name_en: str
    is_open: bool = True
    mode: str = "full"
    duration_value: int | None = None
    duration_unit: str = "working_days"
    duration_note: str = ""
    duration_note_en: str = ""
    fee_amount: int | None = 0
    fee_kind: str = "free"
    fee_note_id: str = ""
    fee_note_en: str = ""
    products: tuple[str, ...] = ()
    legal_basis: tuple[str, ...] = ()
    proxy_allowed: bool = True
    applicants: str = "person"
    procedure: str = ""
    complaint_channels: str = ""
    facilities: str = ""
    officer_competence: str = ""
    internal_supervision: str = ""
    staff_count: str = ""
    service_guarantee: str = ""
    safety_guarantee: str = ""
    performance_evaluation: str = ""

    def parts(self) -> dict[str, Any]:
        """The fields of a Definition that this says."""
        lasts = self.duration_value is not None
        return {
            "duration": Duration(
                value=self.duration_value, unit=self.duration_unit,
                note=self.duration_note, note_en=self.duration_note_en,
            ) if lasts else None,
            "fee": Fee(amount=self.fee_amount, kind=self.fee_kind, note_id=self.fee_note_id, note_en=self.fee_note_en),
            "products": self.products,
            "legal_basis": self.legal_basis,
            "proxy_allowed": self.proxy_allowed,
            "applicant_types": tuple(self.applicants.split(",")),
            "components": {code: words for code in WRITTEN if (words := getattr(self, code))},
        }  # fmt: skip


def service_facts(
    code: str, agency: str, name_id: str, name_en: str, is_open: bool, mode: str, definition: Definition
) -> ServiceFacts:
    """The facts of a service with this standard."""
    lasts, fee = definition.duration, definition.fee
    return ServiceFacts(
        code, agency, name_id, name_en, is_open, mode,
        duration_value=lasts.value if lasts else None,
        duration_unit=lasts.unit if lasts else "working_days",
        duration_note=lasts.note if lasts else "",
        duration_note_en=lasts.note_en if lasts else "",
        fee_amount=fee.amount, fee_kind=fee.kind, fee_note_id=fee.note_id, fee_note_en=fee.note_en,
        products=definition.products, legal_basis=definition.legal_basis, proxy_allowed=definition.proxy_allowed,
        applicants=",".join(definition.applicant_types),
        **{code: definition.components.get(code, "") for code in WRITTEN},
    )  # fmt: skip


@dataclass(frozen=True)
class Choice:
    """A kind, a question or a group of lines of one service, as a row."""

    service: str
    sort: str  # variant | question | group
    code: str
    text_id: str
    text_en: str
    because_id: str = ""
    because_en: str = ""
    need: int = 1


SORTS = {"variant": N_("jenis"), "question": N_("pertanyaan"), "group": N_("kelompok")}


def choices_of(service: str, definition: Definition) -> list[Choice]:
    """The kinds, questions and groups of a standard."""
    return [
        *(Choice(service, "variant", v.code, v.name_id, v.name_en, v.because_id, v.because_en)
          for v in definition.variants),
        *(Choice(service, "question", q.code, q.text_id, q.text_en, q.because_id, q.because_en)
          for q in definition.questions),
        *(Choice(service, "group", g.code, g.name_id, g.name_en, need=g.need) for g in definition.groups),
    ]  # fmt: skip


# How a cell is read and what it changes


def _text(name: str, limit: int = 300, *, required: bool = True, empty: Any = "") -> Callable[..., dict[str, Any]]:
    def take(text: str, _names: Names) -> dict[str, Any]:
        text = clean_text(text, limit)
        if required and not text:
            raise UserError(_("belum diisi."))
        return {name: text or empty}

    return take


def _component(code: str) -> Column[ServiceFacts]:
    """One of the 14 parts of a standard, in the decree's own words."""
    take = _text(code, COMPONENT_LIMIT, required=False)
    return Column(COMPONENTS[code], lambda facts, _n: str(getattr(facts, code)), take, 40, may_lack=True)


def _word(name: str, words: Mapping[str, str]) -> Callable[..., dict[str, Any]]:
    def take(text: str, _names: Names) -> dict[str, Any]:
        for code, word in words.items():
            if text.casefold() in (word.casefold(), code.casefold()):
                return {name: code}
        raise UserError(_("{text} tidak dikenal. Pilihannya: {choices}.").format(
            text=text[:60] or _("kosong"), choices=", ".join(words.values())))

    return take


def _flag(name: str) -> Callable[..., dict[str, Any]]:
    def take(text: str, _names: Names) -> dict[str, Any]:
        return {name: yes(text)}

    return take


def yes(text: str) -> bool:
    """Whether the cell says yes; UserError where it says neither."""
    if text.casefold() not in (YES, NO):
        raise UserError(_("tulis ya atau tidak, bukan {text}.").format(text=text[:60] or _("kosong")))
    return text.casefold() == YES


def whole_number(text: str, least: int, most: int) -> int:
    """The number in a cell ("10.000" and "Rp10.000" are ten thousand); UserError outside the bounds."""
    digits = text.removeprefix("Rp").strip()
    if re.fullmatch(r"[0-9]{1,3}(\.[0-9]{3})+", digits):
        digits = digits.replace(".", "")
    if not re.fullmatch(r"[0-9]{1,13}", digits) or not digits.isascii():
        raise UserError(_("tulis bilangan bulat, bukan {text}.").format(text=text[:60] or _("kosong")))
    if not least <= int(digits) <= most:
        raise UserError(_("paling sedikit {least}, paling banyak {most}.").format(least=least, most=most))
    return int(digits)


def _count(name: str, least: int, most: int, *, required: bool = True) -> Callable[..., dict[str, Any]]:
    def take(text: str, _names: Names) -> dict[str, Any]:
        return {name: whole_number(text, least, most) if text or required else None}

    return take


def _said(words: Mapping[str, str], code: str) -> str:
    return words.get(code, code)


def _number(value: int | None) -> str:
    return "" if value is None else str(value)


def _yes_no(value: bool) -> str:
    return YES if value else NO


def _when(text: str, names: Names) -> dict[str, Any]:
    rule = from_words(text, names)
    named = atoms(rule) if rule is not None else ()
    return {"when": rule, "local_rule": any(isinstance(atom, Fact) and atom.fact == LOCAL_RULE for atom in named)}


def _flag_or_rule(flag: str, rule: str) -> Callable[[str, Names], dict[str, Any]]:
    def take(text: str, names: Names) -> dict[str, Any]:
        if text.casefold() in (YES, NO):
            return {flag: text.casefold() == YES, rule: None}
        if not text:
            raise UserError(_("tulis ya, tidak, atau aturannya."))
        return {flag: False, rule: from_words(text, names)}

    return take


def _flag_or_words(is_so: bool, rule: Condition | None, names: Names) -> str:
    return YES if is_so else in_words(rule, names) or NO


def _items(name: str, parts: Callable[[str], tuple[str, ...]], *, required: bool) -> Callable[..., dict[str, Any]]:
    def take(text: str, _names: Names) -> dict[str, Any]:
        items = parts(text)
        if required and not items:
            raise UserError(_("belum diisi."))
        for item in items:
            clean_text(item, 300)
        return {name: items}

    return take


def _by_semicolon(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(";") if part.strip())


NUMBER, CODE = N_("No."), N_("Kode syarat")
SERVICE, SERVICE_NAME, AGENCY = N_("Kode layanan"), N_("Layanan"), N_("Instansi")
NAME, WHEN, GROUP = N_("Syarat"), N_("Diminta bila"), N_("Kelompok")

LINES: tuple[Column[Requirement], ...] = (
    Column(NUMBER, lambda r, _n: str(r.ordinal), _count("ordinal", 1, 999), 5, True),
    Column(CODE, lambda r, _n: r.code, width=18),
    Column(NAME, lambda r, _n: r.name_id, _text("name_id"), 44, True),
    Column(N_("Syarat (Inggris)"), lambda r, _n: r.name_en, _text("name_en", required=False), 34),
    Column(N_("Bentuk"), lambda r, _n: _said(FORMS, r.form), _word("form", FORMS), 11, True),
    Column(N_("Perlakuan"), lambda r, _n: _said(HANDLINGS, r.handling), _word("handling", HANDLINGS), 13),
    Column(N_("Lembar"), lambda r, _n: str(r.copies), _count("copies", 0, 99), 8, True),
    Column(N_("Dicocokkan dengan asli"), lambda r, _n: _yes_no(r.matched_with_original),
           _flag("matched_with_original"), 12),
    Column(N_("Umur paling lama (hari)"), lambda r, _n: _number(r.max_age_days),
           _count("max_age_days", 0, 40_000, required=False), 12),
    Column(N_("Umur dihitung dari"), lambda r, _n: _said(AGES, r.age_counts_from), _word("age_counts_from", AGES), 18),
    Column(WHEN, lambda r, names: in_words(r.when, names), _when, 44),
    Column(N_("Bila ada"), lambda r, names: _flag_or_words(r.optional, r.optional_when, names),
           _flag_or_rule("optional", "optional_when"), 12),
    Column(N_("Boleh tidak diperlukan"),
           lambda r, names: _flag_or_words(r.not_needed_allowed, r.not_needed_when, names),
           _flag_or_rule("not_needed_allowed", "not_needed_when"), 14),
    Column(GROUP, lambda r, _n: r.group or "", lambda text, _n: {"group": text.upper() or None}, 16),
    Column(N_("Dipakai"), lambda r, _n: _yes_no(r.enabled), _flag("enabled"), 9),
    Column(N_("Tempat mengurus"), lambda r, _n: r.where_to_get or "",
           _text("where_to_get", 2000, required=False, empty=None), 36),
    Column(N_("Tempat mengurus (Inggris)"), lambda r, _n: r.where_to_get_en or "",
           _text("where_to_get_en", 2000, required=False, empty=None), 30),
    Column(N_("Dasar hukum"), lambda r, _n: r.clause, _text("clause"), 30, True),
)  # fmt: skip

SERVICES: tuple[Column[ServiceFacts], ...] = (
    Column(SERVICE, lambda s, _n: s.code, width=14),
    Column(AGENCY, lambda s, _n: s.agency, width=10),
    Column(SERVICE_NAME, lambda s, _n: s.name_id, _text("name_id", 200), 44, True),
    Column(N_("Layanan (Inggris)"), lambda s, _n: s.name_en, _text("name_en", 200, required=False), 34),
    Column(N_("Dibuka"), lambda s, _n: _yes_no(s.is_open), _flag("is_open"), 8),
    Column(N_("Cara mencatat"), lambda s, _n: _said(MODES, s.mode), _word("mode", MODES), 13),
    Column(N_("Waktu"), lambda s, _n: _number(s.duration_value),
           _count("duration_value", 1, 10_000, required=False), 8),
    Column(N_("Satuan waktu"), lambda s, _n: _said(UNITS, s.duration_unit), _word("duration_unit", UNITS), 14),
    Column(N_("Catatan waktu"), lambda s, _n: s.duration_note, _text("duration_note", 2000, required=False), 24),
    Column(N_("Catatan waktu (Inggris)"), lambda s, _n: s.duration_note_en,
           _text("duration_note_en", 2000, required=False), 24),
    Column(N_("Biaya (rupiah)"), lambda s, _n: _number(s.fee_amount),
           _count("fee_amount", 0, 10**12, required=False), 12),
    Column(N_("Jenis biaya"), lambda s, _n: _said(FEES, s.fee_kind), _word("fee_kind", FEES), 12),
    Column(N_("Catatan biaya"), lambda s, _n: s.fee_note_id, _text("fee_note_id", 2000, required=False), 30),
    Column(N_("Catatan biaya (Inggris)"), lambda s, _n: s.fee_note_en,
           _text("fee_note_en", 2000, required=False), 24),
    Column(N_("Hasil layanan"), lambda s, _n: ", ".join(s.products), _items("products", listed, required=False), 30),
    Column(N_("Pemohon"), lambda s, _n: _said(APPLICANTS, s.applicants), _word("applicants", APPLICANTS), 16),
    Column(N_("Boleh diwakilkan"), lambda s, _n: _yes_no(s.proxy_allowed), _flag("proxy_allowed"), 10),
    Column(N_("Dasar hukum layanan"), lambda s, _n: "; ".join(s.legal_basis),
           _items("legal_basis", _by_semicolon, required=False), 40),
    *(_component(code) for code in WRITTEN),
)  # fmt: skip

CHOICES: tuple[Column[Choice], ...] = (
    Column(SERVICE, lambda c, _n: c.service, width=14),
    Column(N_("Macam"), lambda c, _n: SORTS[c.sort], width=12),
    Column(N_("Kode"), lambda c, _n: c.code, width=20),
    Column(N_("Teks"), lambda c, _n: c.text_id, _text("text_id"), 50, True),
    Column(N_("Teks (Inggris)"), lambda c, _n: c.text_en, _text("text_en", required=False), 40),
    Column(N_("Alasan: karena …"), lambda c, _n: c.because_id, _text("because_id", required=False), 36),
    Column(N_("Alasan (Inggris)"), lambda c, _n: c.because_en, _text("because_en", required=False), 36),
    Column(N_("Cukup berapa (kelompok)"), lambda c, _n: str(c.need) if c.sort == "group" else "",
           lambda text, _n: {"need": whole_number(text or "1", 1, 40)}, 12),
)  # fmt: skip
SORT, CHOICE_CODE, TEXT = CHOICES[1].title, CHOICES[2].title, CHOICES[3].title


def row_of(columns: tuple[Column[Thing], ...], thing: Thing, names: Names) -> dict[str, str]:
    """The thing as a row: a text under each title."""
    return {column.title: column.read(thing, names) for column in columns}


def changes_in(
    columns: tuple[Column[Thing], ...],
    row: Mapping[str, str],
    names: Names,
    before: Mapping[str, str],
    wrong: Callable[[str, str], None],
) -> dict[str, Any]:
    """What the row changes: only cells that read otherwise than ``before`` count (empty for a new thing).

    ``wrong(title, sentence)`` hears of each cell that cannot be meant.
    """
    changed: dict[str, Any] = {}
    for column in columns:
        text = row.get(column.title, "")
        if column.may_lack and column.title not in row:
            continue
        if column.take is None or (column.title in before and clean(before[column.title]) == text):
            continue
        try:
            changed |= column.take(text, names)
        except UserError as problem:
            if text or before or column.needed:
                wrong(column.title, problem.message)
    return changed


def with_names(changed: dict[str, Any], base: Requirement | None) -> dict[str, Any]:
    """The same change with what follows from a new name: its English where none is given, and the papers it lists."""
    name_id = changed.get("name_id", base.name_id if base else "")
    name_en = changed.get("name_en", base.name_en if base else "") or name_id
    followed = base is None or base.substitutes == one_of(base.name_id, base.name_en)
    if {"name_id", "name_en"} & set(changed) and followed:
        changed["substitutes"] = one_of(name_id, name_en)
    if "name_en" in changed or base is None:
        changed["name_en"] = name_en
    return changed


def code_from(text: str, taken: set[str], fallback: str) -> str:
    """A code made of a text's words, unlike those taken: "Surat kuasa" gives SURAT_KUASA."""
    stem = "_".join(re.findall(r"[A-Z0-9]+", text.upper()))[:34].strip("_") or fallback
    return next(code for code in (stem, *(f"{stem}_{n}" for n in range(2, 1000))) if code not in taken)
