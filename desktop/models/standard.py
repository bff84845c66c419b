"""Standar pelayanan as a document: what one version of a service's standard says, and what makes it sound."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import eq
from typing import Annotated, Any, Literal, NamedTuple, TypeAlias

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from desktop.i18n import N_, _, join_words, language

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


# Problems a standard may have, found before it is kept


class Problem(NamedTuple):
    """What is wrong in a definition and where: a path such as ("requirements", "KTP_FC", "when")."""

    path: tuple[str, ...]
    sentence: str


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


def problems(definition: Definition) -> list[Problem]:
    """What makes the standard unsound: empty if it may be kept.

    Codes given twice, rules on what does not exist, groups that cannot be met, lines that can never be asked,
    questions that change nothing, and lines that contradict themselves.
    """
    found: list[Problem] = []
    for part, items in (
        ("variants", definition.variants),
        ("questions", definition.questions),
        ("groups", definition.groups),
        ("requirements", definition.requirements),
    ):
        found += _twice(part, [item.code for item in items])
    if not definition.requirements:
        found.append(Problem(("requirements",), _("Standar tanpa satu pun syarat.")))
    if not definition.legal_basis:
        found.append(Problem(("legal_basis",), _("Dasar hukum belum diisi.")))
    for name in sorted(set(definition.components) - set(COMPONENTS)):
        found.append(Problem(("components", name), _("Komponen standar {name} tidak dikenal.").format(name=name)))
    for question in definition.questions:
        found += _wrong_question(question)
    for requirement in definition.requirements:
        found += _wrong_requirement(definition, requirement)
    found += _wrong_groups(definition)
    used = {
        atom.fact
        for requirement in definition.requirements
        for condition in requirement.conditions()
        for atom in atoms(condition)
        if isinstance(atom, Fact)
    }
    for question in definition.questions:
        if question.code not in used:
            sentence = _('Pertanyaan "{question}" tidak dipakai oleh satu syarat pun.')
            found.append(Problem(("questions", question.code), sentence.format(question=question.text_id)))
    return found


def _twice(part: str, codes: Sequence[str]) -> Iterator[Problem]:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            yield Problem((part, code), _("Kode {code} dipakai dua kali.").format(code=code))
        seen.add(code)


def _wrong_question(question: Question) -> Iterator[Problem]:
    path = ("questions", question.code)
    if question.code in UNASKED:
        yield Problem(path, _("{code} tidak pernah ditanyakan di loket.").format(code=question.code))
    rule = question.derive
    if rule is not None and rule.least is None and rule.below is None:
        yield Problem((*path, "derive"), _("Aturan umur tanpa batas."))
    if rule is not None and rule.least is not None and rule.below is not None and rule.least >= rule.below:
        yield Problem(
            (*path, "derive"),
            _("Batas umur terbalik: dari {least} sampai di bawah {below}.").format(least=rule.least, below=rule.below),
        )


def _wrong_requirement(definition: Definition, requirement: Requirement) -> Iterator[Problem]:
    path = ("requirements", requirement.code)
    questions = {question.code for question in definition.questions}
    variants = {variant.code for variant in definition.variants}
    unknown = False
    for condition in requirement.conditions():
        for atom in atoms(condition):
            name = atom.fact if isinstance(atom, Fact) else atom.variant
            known = questions | UNASKED if isinstance(atom, Fact) else variants
            if name not in known:
                unknown = True
                yield Problem((*path, "when"), _("Tanda {tag} tidak dikenal.").format(tag=name))
    switched = requirement.when is not None and any(
        isinstance(atom, Fact) and atom.fact == LOCAL_RULE for atom in atoms(requirement.when)
    )
    if switched != requirement.local_rule:
        yield Problem((*path, "local_rule"), _("Sakelar aturan setempat tidak cocok dengan syaratnya."))
    if not unknown and not can_be_asked(definition, requirement):
        sentence = _('Syarat "{name}" tidak mungkin pernah diminta.')
        yield Problem((*path, "when"), sentence.format(name=requirement.name_id))
    if requirement.optional and requirement.optional_when is not None:
        yield Problem((*path, "optional_when"), _("Tanda bila ada tertulis dua kali."))
    if requirement.group is not None:
        if requirement.group not in {group.code for group in definition.groups}:
            yield Problem((*path, "group"), _("Kelompok {code} tidak ada.").format(code=requirement.group))
        if requirement.optional or requirement.optional_when is not None:
            yield Problem((*path, "optional"), _("Anggota kelompok tidak boleh bertanda bila ada."))
        if requirement.not_needed_allowed or requirement.not_needed_when is not None:
            yield Problem((*path, "not_needed_allowed"), _("Anggota kelompok tidak boleh bertanda tidak diperlukan."))


def can_be_asked(definition: Definition, requirement: Requirement) -> bool:
    """Whether some applicant, variant and answers, with every switch on, would bring the line about."""
    if requirement.when is None:
        return True
    named = list(atoms(requirement.when))
    facts = sorted({atom.fact for atom in named if isinstance(atom, Fact)} - UNASKED)
    variants = [None, *sorted({atom.variant for atom in named if isinstance(atom, IsVariant)})]
    whom: list[set[str]] = [set()]
    whom += [{PROXY}] if definition.proxy_allowed else []
    whom += [{COMPANY}] if "company" in definition.applicant_types else []
    # No rule of a real standard comes near this many cases; one that does is taken to be possible.
    if len(whom) * len(variants) * 2 ** len(facts) > 200:
        return True
    for given, variant in itertools.product(whom, variants):
        for answers in itertools.product((False, True), repeat=len(facts)):
            yes = {LOCAL_RULE, *given, *itertools.compress(facts, answers)}
            if truth(requirement.when, yes.__contains__, partial(eq, variant)):
                return True
    return False


def _wrong_groups(definition: Definition) -> Iterator[Problem]:
    for group in definition.groups:
        members = [r.name_id for r in definition.requirements if r.group == group.code]
        if group.need > len(members):
            sentence = _("Kelompok {code} meminta {need}, padahal anggotanya {count}: {members}.")
            yield Problem(
                ("groups", group.code),
                sentence.format(
                    code=group.code, need=group.need, count=len(members), members=join_words(members) or "–"
                ),
            )
