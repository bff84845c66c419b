"""Standar pelayanan as a document: what one version of a service's standard says."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from desktop.i18n import N_, _, language

_CODE = r"^[A-Z0-9][A-Z0-9_]{0,39}$"
Code = Annotated[str, StringConstraints(pattern=_CODE)]
Text = Annotated[str, StringConstraints(min_length=1, max_length=300)]
LongText = Annotated[str, StringConstraints(min_length=1, max_length=2000)]


def is_code(text: str) -> bool:
    """Whether ``text`` may name a line, a kind, a question or a group."""
    return re.fullmatch(_CODE, text) is not None


Form = Literal["original", "copy", "form", "photo", "other"]
Handling = Literal["shown", "filed", "withdrawn", "given"]
DurationUnit = Literal["minutes", "hours", "working_days", "calendar_days"]

# Facts that are never asked at the desk: two follow from "Untuk", the third is an administrator's switch.
PROXY = "PROXY"
COMPANY = "COMPANY"
LOCAL_RULE = "LOCAL_RULE"
UNASKED = frozenset({PROXY, COMPANY, LOCAL_RULE})

# The 14 parts of a standard (PermenPANRB 15/2014): the first six are published, the agency keeps the others.
COMPONENTS: dict[str, str] = {
    "requirements": N_("Persyaratan"),
    "procedure": N_("Sistem, mekanisme, dan prosedur"),
    "duration": N_("Jangka waktu pelayanan"),
    "fee": N_("Biaya atau tarif"),
    "product": N_("Produk pelayanan"),
    "complaint_channels": N_("Penanganan pengaduan, saran, dan masukan"),
    "legal_basis": N_("Dasar hukum"),
    "facilities": N_("Sarana, prasarana, dan fasilitas"),
    "officer_competence": N_("Kompetensi pelaksana"),
    "internal_supervision": N_("Pengawasan internal"),
    "staff_count": N_("Jumlah pelaksana"),
    "service_guarantee": N_("Jaminan pelayanan"),
    "safety_guarantee": N_("Jaminan keamanan dan keselamatan"),
    "performance_evaluation": N_("Evaluasi kinerja pelaksana"),
}
# Those that are words and nothing else; the other five have fields of their own.
WRITTEN = (
    "procedure", "complaint_channels", "facilities", "officer_competence", "internal_supervision", "staff_count",
    "service_guarantee", "safety_guarantee", "performance_evaluation",
)  # fmt: skip


def said(indonesian: str, english: str) -> str:
    """The catalogue's own words in the language spoken now; Indonesian where there are no English ones."""
    return english if language() == "en" and english else indonesian


class Frozen(BaseModel):
    """A part of the document: it never changes, and says no to what it does not know."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_by_name=True, validate_by_alias=True)


class Fact(Frozen):
    """True if the answer to this question is yes (or, for the unasked ones, if the case is so)."""

    fact: Code


class IsVariant(Frozen):
    """True if this variant of the service is asked for."""

    variant: Code


class AllOf(Frozen):
    """True if every part is."""

    parts: Annotated[tuple[Condition, ...], Field(alias="all", min_length=1)]


class AnyOf(Frozen):
    """True if at least one part is."""

    parts: Annotated[tuple[Condition, ...], Field(alias="any", min_length=1)]


class Not(Frozen):
    """True if the part is not."""

    part: Annotated[Condition, Field(alias="not")]


Condition: TypeAlias = Fact | IsVariant | AllOf | AnyOf | Not


def atoms(condition: Condition) -> Iterator[Fact | IsVariant]:
    """Every fact and variant a condition speaks of, left to right."""
    match condition:
        case Fact() | IsVariant():
            yield condition
        case Not():
            yield from atoms(condition.part)
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from atoms(part)


def truth(
    condition: Condition | None, fact: Callable[[str], bool | None], variant: Callable[[str], bool | None]
) -> bool | None:
    """Whether the condition holds; None while what is not known yet could still decide it."""
    match condition:
        case None:
            return True
        case Fact():
            return fact(condition.fact)
        case IsVariant():
            return variant(condition.variant)
        case Not():
            inner = truth(condition.part, fact, variant)
            return None if inner is None else not inner
        case AllOf() | AnyOf():
            settling = isinstance(condition, AnyOf)
            unknown = False
            for part in condition.parts:
                value = truth(part, fact, variant)
                if value is settling:
                    return settling
                unknown = unknown or value is None
            return None if unknown else not settling


class Variant(Frozen):
    """Jenis permohonan: one of the kinds of a service, with the words that say why it asks for a paper."""

    code: Code
    name_id: Text
    name_en: Text
    because_id: str = ""
    because_en: str = ""

    @property
    def name(self) -> str:
        return said(self.name_id, self.name_en)

    @property
    def because(self) -> str:
        return said(self.because_id, self.because_en) or _("jenis permohonannya: {variant}").format(variant=self.name)


class Derive(Frozen):
    """An answer read from a birth date: yes from ``from`` (inclusive) to ``below`` (exclusive), else no.

    ``age_of`` subject is the person the service is about, who may be the applicant. ``asks_inside``: the age
    alone only rules it out; inside the range the question is still asked.
    """

    age_of: Literal["subject", "applicant"] = "subject"
    least: Annotated[int | None, Field(alias="from", ge=0, le=40_000)] = None
    below: Annotated[int | None, Field(ge=1, le=40_000)] = None
    unit: Literal["years", "days"] = "years"
    asks_inside: bool = False


class Question(Frozen):
    """A yes-no question of the standard, with the words that say what the answer brings about."""

    code: Code
    text_id: Text
    text_en: Text
    because_id: str = ""
    because_en: str = ""
    because_not_id: str = ""
    because_not_en: str = ""
    derive: Derive | None = None

    @property
    def text(self) -> str:
        return said(self.text_id, self.text_en)

    def because(self, answer: bool) -> str:
        """Why a line is asked for when the answer is this, as words after "karena"."""
        if answer:
            return said(self.because_id, self.because_en) or _('jawaban untuk "{question}" adalah ya').format(
                question=self.text
            )
        return said(self.because_not_id, self.because_not_en) or _('jawaban untuk "{question}" adalah tidak').format(
            question=self.text
        )


class Group(Frozen):
    """Lines of which ``need`` are enough."""

    code: Code
    name_id: Text
    name_en: Text
    need: Annotated[int, Field(ge=1, le=40)] = 1

    @property
    def name(self) -> str:
        return said(self.name_id, self.name_en)


class Accepted(Frozen):
    """A document accepted in this line: one of several it names, or one in place of it."""

    name_id: Text
    name_en: Text

    @property
    def name(self) -> str:
        return said(self.name_id, self.name_en)


class Requirement(Frozen):
    """Syarat: one line of the checklist.

    ``when``: asked only then (None = always). ``optional`` ("bila ada"): never blocks; ``optional_when``: not
    then. ``enabled``: an administrator's switch, off = not asked; with ``local_rule`` it is the fact LOCAL_RULE in
    ``when`` instead, so that the rest of the rule still holds.
    ``copies``: sheets to hand in (0 = none). ``max_age_days`` counts from what ``age_counts_from`` names.
    ``reason``: fixed words after "karena"; without them the answer that brought the line about is told.
    ``condition_text`` is the source's prose, ``mapping_note`` how it was turned into ``when``.
    """

    code: Code
    ordinal: Annotated[int, Field(ge=1, le=999)]
    name_id: Text
    name_en: Text
    form: Form
    copies: Annotated[int, Field(ge=0, le=99)] = 0
    handling: Handling = "filed"
    when: Condition | None = None
    optional: bool = False
    optional_when: Condition | None = None
    local_rule: bool = False
    enabled: bool = True
    reason_id: str = ""
    reason_en: str = ""
    clause: Text
    where_to_get: str | None = None
    where_to_get_en: str | None = None
    group: Code | None = None
    substitutes: tuple[Accepted, ...] = ()
    max_age_days: Annotated[int | None, Field(ge=0, le=40_000)] = None
    age_counts_from: Literal["issued", "expires", "event"] = "issued"
    matched_with_original: bool = False
    faults: tuple[str, ...] | None = None
    not_needed_allowed: bool = False
    not_needed_when: Condition | None = None
    condition_text: str | None = None
    mapping_note: str | None = None
    source: str | None = None

    @property
    def name(self) -> str:
        return said(self.name_id, self.name_en)

    @property
    def reason(self) -> str:
        return said(self.reason_id, self.reason_en)

    @property
    def where(self) -> str:
        """Where to get it, in words; empty where nobody wrote it down."""
        return said(self.where_to_get or "", self.where_to_get_en or "")

    @property
    def age_limit(self) -> str:
        """How old it may be, in words; empty without a limit."""
        if self.max_age_days is None:
            return ""
        if self.age_counts_from == "expires" and self.max_age_days == 0:
            return _("Harus masih berlaku.")
        sentence = {
            "issued": _("Paling lama {days} hari sejak tanggal terbit."),
            "expires": _("Masa berlakunya boleh habis paling lama {days} hari yang lalu."),
            "event": _("Paling lama {days} hari sejak tanggalnya."),
        }[self.age_counts_from]
        return sentence.format(days=self.max_age_days)

    def conditions(self) -> Iterator[Condition]:
        """Every condition of the line."""
        yield from (c for c in (self.when, self.optional_when, self.not_needed_when) if c is not None)


class Duration(Frozen):
    """Jangka waktu, counted from the moment the file is complete."""

    value: Annotated[int, Field(ge=1, le=10_000)]
    unit: DurationUnit
    note: str = ""
    note_en: str = ""


class Fee(Frozen):
    """Biaya: whole rupiah; None where it is by class, computed, or paid elsewhere (the note says which)."""

    amount: Annotated[int | None, Field(ge=0, le=10**12)] = 0
    kind: str = "free"
    note_id: str = ""
    note_en: str = ""

    @property
    def note(self) -> str:
        return said(self.note_id, self.note_en)


Need = Literal[
    "applicant_name",
    "applicant_identity",
    "applicant_phone",
    "applicant_village",
    "subject_name",
    "subject_birth_date",
]


class Definition(Frozen):
    """One version of a service's standard: the 14 components, and the rules the desk works by."""

    schema_no: Annotated[int, Field(alias="schema")] = 1
    duration: Duration | None = None
    fee: Fee = Fee()
    products: tuple[Text, ...] = ()
    variants: tuple[Variant, ...] = ()
    questions: tuple[Question, ...] = ()
    groups: tuple[Group, ...] = ()
    requirements: tuple[Requirement, ...]
    legal_basis: tuple[Text, ...]
    validity: str | None = None
    validity_en: str | None = None
    back_system: str | None = None
    personal_presence: str | None = None
    personal_presence_en: str | None = None
    proxy_allowed: bool = True
    applicant_types: tuple[Literal["person", "company"], ...] = ("person",)
    channels: tuple[Text, ...] = ()
    default_for_whom: Annotated[int, Field(ge=1, le=5)] = 1
    components: dict[str, str] = {}
    policies: dict[str, Any] = {}
    needs: tuple[Need, ...] = ("applicant_name", "applicant_identity")
    notes_id: str = ""
    notes_en: str = ""
    sources: tuple[str, ...] = ()

    @property
    def presence(self) -> str:
        """Why the applicant must come in person, in words; empty where it is not so."""
        return said(self.personal_presence or "", self.personal_presence_en or "")

    def document(self) -> dict[str, Any]:
        """The definition as plain JSON, defaults left out, so that equal standards give equal documents."""
        return self.model_dump(mode="json", by_alias=True, exclude_defaults=True)
