"""Reads a catalogue file: what it may say, and the standards that are made of it.

Everything that is wrong is told with its line, and nothing of a wrong file is used (reliability.md, crafted catalogue
import). To let the file say something new: a field in its ``_Raw`` class, and where the builder hands it on.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from desktop.i18n import _
from desktop.models import standard
from desktop.models.soundness import problems
from desktop.models.standard import LOCAL_RULE, UNASKED, Code, Definition, LongText, Text
from desktop.operations.catalog_text import MAX_PROBLEMS, CatalogueError, Found, Place, line_of, plain_tree
from desktop.operations.requirements import Fault

# "Bila ada" in the source's tags: a mark of the line, never a fact.
OPTIONAL = "OPTIONAL"


@dataclass(frozen=True)
class AgencyEntry:
    """An agency as the file has it."""

    code: str
    name_id: str
    name_en: str
    level: str
    queue_prefix: str | None


@dataclass(frozen=True)
class ServiceEntry:
    """A service as the file has it, with the standard made of its lines."""

    code: str
    agency: str
    slug: str
    name_id: str
    name_en: str
    category: str
    mode: str
    definition: Definition


@dataclass(frozen=True)
class Catalogue:
    """A whole file, found sound."""

    version: str
    region_code: str
    valid_from: date | None
    agencies: tuple[AgencyEntry, ...]
    services: tuple[ServiceEntry, ...]


def read_yaml(source: Path | bytes) -> Catalogue:
    """The catalogue in this file or these bytes; CatalogueError with every problem and its line otherwise."""
    tree, lines, found = plain_tree(source)
    try:
        raw = _File.model_validate(tree)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        # A list whose items are wrong is also called too short: what is told within it is enough.
        around = {e["loc"][:depth] for e in errors for depth in range(len(e["loc"]))}
        found += [(line_of(lines, e["loc"]), _sentence(e)) for e in errors if e["loc"] not in around]
        raise CatalogueError(found) from None
    catalogue = _Builder(raw, lines, found).catalogue()
    if found:
        raise CatalogueError(found)
    return catalogue


# What a file may say


def _flag(value: Any) -> Any:
    if value not in ("true", "false"):
        raise PydanticCustomError("flag", "true or false")
    return value == "true"


def _count(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"0|[1-9][0-9]{0,14}", value):
        raise PydanticCustomError("count", "a whole number")
    return int(value)


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("day", "a date") from None


Flag = Annotated[bool, BeforeValidator(_flag)]
Count = Annotated[int, BeforeValidator(_count)]
Day = Annotated[date, BeforeValidator(_day)]
AgencyCode = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,10}$")]
ServiceCode = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{0,19}$")]
Word = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,80}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class _Raw(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Meta(_Raw):
    region_code: Annotated[str, Field(pattern=r"^[0-9.]{2,13}$")]
    region: Name
    version: Name
    agencies: Count | None = None
    services: Count | None = None
    valid_from: Day | None = None


class _Source(_Raw):
    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    title: Text
    url: str | None = None


class _Derive(_Raw):
    age_of: Literal["subject", "applicant"] = "subject"
    least: Annotated[Annotated[Count, Field(le=40_000)] | None, Field(alias="from")] = None
    below: Annotated[Count, Field(ge=1, le=40_000)] | None = None
    unit: Literal["years", "days"] = "years"
    asks_inside: Flag = False


class _Fact(_Raw):
    tag: Code
    question_id: Text
    question_en: Text | None = None
    meaning_en: Text | None = None
    because_id: Text | None = None
    because_en: Text | None = None
    because_not_id: Text | None = None
    because_not_en: Text | None = None
    derive: _Derive | None = None


class _Agency(_Raw):
    code: AgencyCode
    name_id: Name
    name_en: Name
    level: Word
    queue_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,4}$")] | None = None
    in_mpp_kudus_2022: Flag = False
    source: Text | None = None
    note: LongText | None = None


class _Variant(_Raw):
    code: Code
    name_id: Text
    name_en: Text
    because_id: Text | None = None
    because_en: Text | None = None


class _Accepted(_Raw):
    name_id: Text
    name_en: Text


class _Group(_Raw):
    code: Code
    name_id: Text
    name_en: Text
    need: Annotated[Count, Field(ge=1, le=40)] = 1


class _Duration(_Raw):
    value: Annotated[Count, Field(ge=1, le=10_000)]
    unit: standard.DurationUnit


class _Requirement(_Raw):
    code: Code
    name_id: Text
    name_en: Text
    kind: standard.Form
    copies: Annotated[Count, Field(le=99)]
    handling: standard.Handling
    condition: LongText | None = None
    when: Any = None
    optional: Flag = False
    optional_when: Any = None
    enabled: Flag | None = None
    reason_id: Text | None = None
    reason_en: Text | None = None
    clause: Text | None = None
    where_to_get: LongText | None = None
    where_to_get_en: LongText | None = None
    group: Code | None = None
    substitutes: tuple[_Accepted, ...] = ()
    max_age_days: Annotated[Count, Field(le=40_000)] | None = None
    age_counts_from: Literal["issued", "expires", "event"] = "issued"
    matched_with_original: Flag = False
    faults: tuple[Fault, ...] | None = None
    not_needed_allowed: Flag = False
    not_needed_when: Any = None
    mapping_note: LongText | None = None
    source: Text | None = None


def _once(kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kinds))


class _Service(_Raw):
    code: ServiceCode
    agency: AgencyCode
    slug: Slug
    name_id: Name
    name_en: Name
    category: Word
    mode: Literal["full", "record_only"] = "full"
    applicant_types: Annotated[tuple[Literal["person", "company"], ...], Field(min_length=1), AfterValidator(_once)]
    default_for_whom: Annotated[Count, Field(ge=1, le=5)] | None = None
    variants: tuple[_Variant, ...] = ()
    groups: tuple[_Group, ...] = ()
    duration: _Duration | None = None
    duration_note_id: LongText | None = None
    duration_note: LongText | None = None
    fee_idr: Annotated[Count, Field(le=10**12)] | None
    fee_kind: Word
    fee_note_id: LongText | None = None
    fee_note: LongText | None = None
    product: Text
    legal_basis: Annotated[tuple[Text, ...], Field(min_length=1)]
    clause: Text | None = None
    channel: tuple[Text, ...] = ()
    back_system: Text | None = None
    proxy_allowed: Flag
    personal_presence_id: LongText | None = None
    personal_presence: LongText | None = None
    validity_id: Text | None = None
    validity: Text | None = None
    notes_id: LongText | None = None
    notes: LongText | None = None
    components: dict[str, LongText] = {}
    needs: tuple[standard.Need, ...] | None = None
    sources: tuple[Text, ...] = ()
    requirements: Annotated[tuple[_Requirement, ...], Field(min_length=1, max_length=99)]


class _File(_Raw):
    meta: _Meta
    sources: tuple[_Source, ...] = ()
    facts: tuple[_Fact, ...] = ()
    agencies: Annotated[tuple[_Agency, ...], Field(min_length=1)]
    services: Annotated[tuple[_Service, ...], Field(min_length=1)]


def _sentence(error: ErrorDetails) -> str:
    """A fault of the file's shape in words."""
    key = next((part for part in reversed(error["loc"]) if isinstance(part, str)), "")[:60]
    context = error.get("ctx", {})
    value = str(error.get("input", ""))[:60]
    match error["type"]:
        case "missing":
            return _("{key} belum diisi.").format(key=key)
        case "extra_forbidden":
            return _("Kunci {key} tidak dikenal.").format(key=key)
        case "literal_error" | "enum":
            return _("{key}: {value} tidak dikenal. Pilihannya: {choices}.").format(
                key=key, value=value, choices=str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            )
        case "string_pattern_mismatch":
            return _("{key}: {value} tidak berbentuk seperti seharusnya.").format(key=key, value=value)
        case "string_too_long":
            return _("{key} lebih panjang dari {count} huruf.").format(key=key, count=context.get("max_length"))
        case "flag":
            return _("{key}: tulis true atau false, bukan {value}.").format(key=key, value=value)
        case "count":
            return _("{key}: tulis bilangan bulat tanpa nol di depan, bukan {value}.").format(key=key, value=value)
        case "day":
            return _("{key}: tulis tanggal seperti 2026-11-23, bukan {value}.").format(key=key, value=value)
        case "greater_than_equal" | "less_than_equal":
            return _("{key}: {value} di luar batas.").format(key=key, value=value)
        case "string_too_short" | "too_short":
            return _("{key} kosong.").format(key=key)
        case "too_long":
            return _("{key}: paling banyak {count}.").format(key=key, count=context.get("max_length"))
        case "string_type" if error.get("input") is None:
            return _("{key} belum diisi.").format(key=key)
        case _:
            return _("{key} salah bentuk.").format(key=key or _("Isi berkas"))


# From what the file says to standards


class _Builder:
    """Makes the standards and notes what cannot be meant, each with its line."""

    def __init__(self, raw: _File, lines: Mapping[Place, int], found: list[Found]) -> None:
        self.raw = raw
        self.lines = lines
        self.found = found
        self.facts = {fact.tag: fact for fact in raw.facts}
        self.used: set[str] = set()

    def note(self, path: Place, sentence: str) -> None:
        self.found.append((line_of(self.lines, path), sentence))

    def catalogue(self) -> Catalogue:
        raw = self.raw
        self._once("agencies", [agency.code for agency in raw.agencies])
        self._once("services", [service.code for service in raw.services])
        self._once("facts", [fact.tag for fact in raw.facts])
        known = {agency.code for agency in raw.agencies}
        services = []
        for index, service in enumerate(raw.services):
            path = ("services", index)
            if service.agency not in known:
                sentence = _("Instansi {code} tidak ada dalam berkas ini.").format(code=service.agency)
                self.note((*path, "agency"), sentence)
            services.append(self._service(service, path))
            if len(self.found) > MAX_PROBLEMS:
                break  # refused whatever follows; a file made to keep us busy gets no more time
        for index, fact in enumerate(raw.facts):
            if fact.tag not in self.used and fact.tag not in UNASKED and fact.tag != OPTIONAL:
                sentence = _('Pertanyaan "{question}" tidak dipakai oleh satu syarat pun.')
                self.note(("facts", index), sentence.format(question=fact.question_id))
        return Catalogue(
            version=raw.meta.version,
            region_code=raw.meta.region_code,
            valid_from=raw.meta.valid_from,
            agencies=tuple(AgencyEntry(a.code, a.name_id, a.name_en, a.level, a.queue_prefix) for a in raw.agencies),
            services=tuple(services),
        )

    def _once(self, part: str, codes: list[str]) -> None:
        seen: set[str] = set()
        for index, code in enumerate(codes):
            if code in seen:
                self.note((part, index), _("Kode {code} dipakai dua kali.").format(code=code))
            seen.add(code)

    def _service(self, service: _Service, path: Place) -> ServiceEntry:
        variants = {variant.code for variant in service.variants}
        lines = [
            self._requirement(service, variants, index, line, (*path, "requirements", index))
            for index, line in enumerate(service.requirements)
        ]
        asked = dict.fromkeys(
            atom.fact
            for line in lines
            for condition in line.conditions()
            for atom in standard.atoms(condition)
            if isinstance(atom, standard.Fact) and atom.fact not in UNASKED
        )
        definition = Definition(
            duration=_duration(service),
            fee=standard.Fee(
                amount=service.fee_idr,
                kind=service.fee_kind,
                note_id=service.fee_note_id or service.fee_note or "",
                note_en=service.fee_note or "",
            ),
            products=listed(service.product),
            variants=tuple(_variant(variant) for variant in service.variants),
            questions=tuple(_question(self.facts[tag]) for tag in asked if tag in self.facts),
            groups=tuple(standard.Group(**group.model_dump()) for group in service.groups),
            requirements=tuple(lines),
            legal_basis=service.legal_basis,
            validity=service.validity_id or service.validity,
            validity_en=service.validity,
            back_system=service.back_system,
            personal_presence=service.personal_presence_id or service.personal_presence,
            personal_presence_en=service.personal_presence,
            proxy_allowed=service.proxy_allowed,
            applicant_types=service.applicant_types,
            channels=service.channel,
            default_for_whom=service.default_for_whom or (4 if service.applicant_types == ("company",) else 1),
            components=service.components,
            needs=service.needs or Definition.model_fields["needs"].default,
            notes_id=service.notes_id or service.notes or "",
            notes_en=service.notes or "",
            sources=service.sources,
        )
        for problem in problems(definition):
            self.note(self._path_in_file(service, path, problem.path), problem.sentence)
        return ServiceEntry(
            code=service.code,
            agency=service.agency,
            slug=service.slug,
            name_id=service.name_id,
            name_en=service.name_en,
            category=service.category,
            mode=service.mode,
            definition=definition,
        )

    def _path_in_file(self, service: _Service, path: Place, inside: tuple[str, ...]) -> Place:
        """Where in the file a problem of the definition stands: codes become positions, the last of a double one."""
        part = inside[0]
        if len(inside) == 1:
            return (*path, part)
        if part == "questions":
            return next((("facts", index) for index, fact in enumerate(self.raw.facts) if fact.tag == inside[1]), path)
        items = getattr(service, part, ())
        positions = [i for i, item in enumerate(items) if getattr(item, "code", item) == inside[1]]
        return (*path, part, positions[-1], *inside[2:]) if positions else (*path, part, *inside[1:])

    def _requirement(
        self, service: _Service, variants: set[str], index: int, line: _Requirement, path: Place
    ) -> standard.Requirement:
        when, optional = line.when, line.optional
        if isinstance(when, list) and OPTIONAL in when:
            # A list is ANY of its tags: with the mark among them, the line is asked of all and never blocks.
            self.used.update(tag for tag in when if isinstance(tag, str))
            when, optional = None, True
        rule = self._rule(when, variants, (*path, "when"))
        local = rule is not None and any(
            isinstance(atom, standard.Fact) and atom.fact == LOCAL_RULE for atom in standard.atoms(rule)
        )
        return standard.Requirement(
            code=line.code,
            ordinal=index + 1,
            name_id=line.name_id,
            name_en=line.name_en,
            form=line.kind,
            copies=line.copies,
            handling=line.handling,
            when=rule,
            optional=optional,
            optional_when=self._rule(line.optional_when, variants, (*path, "optional_when")),
            local_rule=local,
            enabled=line.enabled if line.enabled is not None else not local,
            reason_id=line.reason_id or "",
            reason_en=line.reason_en or "",
            clause=line.clause or service.clause or service.legal_basis[0],
            where_to_get=line.where_to_get,
            where_to_get_en=line.where_to_get_en,
            group=line.group,
            substitutes=tuple(standard.Accepted(**a.model_dump()) for a in line.substitutes)
            or one_of(line.name_id, line.name_en),
            max_age_days=line.max_age_days,
            age_counts_from=line.age_counts_from,
            matched_with_original=line.matched_with_original,
            faults=line.faults,
            not_needed_allowed=line.not_needed_allowed,
            not_needed_when=self._rule(line.not_needed_when, variants, (*path, "not_needed_when")),
            condition_text=line.condition,
            mapping_note=line.mapping_note,
            source=line.source,
        )

    def _rule(self, raw: Any, variants: set[str], path: Place) -> standard.Condition | None:
        """The condition that this part of the file means; None where there is none, or none that can be meant."""
        if raw is None:
            return None
        if isinstance(raw, str):
            return self._tag(raw, variants, path)
        if isinstance(raw, list):
            return self._parts(raw, variants, path, standard.AnyOf)
        if isinstance(raw, dict) and len(raw) == 1:
            ((word, inner),) = raw.items()
            path = (*path, word)
            if word in ("all", "any") and isinstance(inner, list):
                return self._parts(inner, variants, path, standard.AllOf if word == "all" else standard.AnyOf)
            if word == "not" and inner is not None:
                part = self._rule(inner, variants, path)
                return standard.Not(part=part) if part is not None else None
            if word == "fact" and isinstance(inner, str):
                return self._tag(inner, set(), path)
            if word == "variant" and isinstance(inner, str):
                return self._tag(inner, variants, path, facts=False)
        self.note(path, _("Aturan tidak terbaca: pakai daftar tanda, all, any, not, fact, atau variant."))
        return None

    def _parts(
        self, raw: list[Any], variants: set[str], path: Place, kind: type[standard.AllOf] | type[standard.AnyOf]
    ) -> standard.Condition | None:
        if not raw:
            self.note(path, _("Aturan tanpa isi."))
        parts = [self._rule(part, variants, (*path, index)) for index, part in enumerate(raw)]
        meant = tuple(part for part in parts if part is not None)
        if not meant:
            return None
        return meant[0] if len(meant) == 1 else kind(parts=meant)

    def _tag(
        self, tag: str, variants: set[str], path: Place, facts: bool = True
    ) -> standard.Fact | standard.IsVariant | None:
        if tag in variants:
            return standard.IsVariant(variant=tag)
        if facts and tag in self.facts and tag != OPTIONAL:
            self.used.add(tag)
            return standard.Fact(fact=tag)
        if tag == OPTIONAL:
            self.note(path, _("OPTIONAL adalah tanda bila ada, bukan bagian dari aturan."))
        else:
            self.note(path, _("Tanda {tag} tidak dikenal.").format(tag=tag[:60]))
        return None


def _duration(service: _Service) -> standard.Duration | None:
    if service.duration is None:
        return None
    return standard.Duration(
        value=service.duration.value,
        unit=service.duration.unit,
        note=service.duration_note_id or service.duration_note or "",
        note_en=service.duration_note or "",
    )


def _variant(variant: _Variant) -> standard.Variant:
    return standard.Variant(
        code=variant.code,
        name_id=variant.name_id,
        name_en=variant.name_en,
        because_id=variant.because_id or "",
        because_en=variant.because_en or "",
    )


def _question(fact: _Fact) -> standard.Question:
    derive = fact.derive
    return standard.Question(
        code=fact.tag,
        text_id=fact.question_id,
        text_en=fact.question_en or fact.meaning_en or fact.question_id,
        because_id=fact.because_id or "",
        because_en=fact.because_en or "",
        because_not_id=fact.because_not_id or "",
        because_not_en=fact.because_not_en or "",
        derive=standard.Derive(**derive.model_dump()) if derive is not None else None,
    )


def one_of(name_id: str, name_en: str) -> tuple[standard.Accepted, ...]:
    """The documents that a name such as "Salah satu: akta kelahiran, buku nikah" lists; else none."""
    head, colon, papers = name_id.partition(":")
    if not colon or head.strip().casefold() != "salah satu":
        return ()
    here = listed(papers.strip())
    there = listed(name_en.partition(":")[2].strip())
    names = zip(here, there if len(there) == len(here) else here, strict=True)
    return tuple(standard.Accepted(name_id=_capital(a), name_en=_capital(b)) for a, b in names)


def listed(text: str) -> tuple[str, ...]:
    """The items of "a, b (c, d)": commas inside brackets do not part them."""
    return tuple(item for item in (part.strip() for part in re.split(r",(?![^(]*\))", text)) if item)


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
