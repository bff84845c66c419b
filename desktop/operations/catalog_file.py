"""Reads a catalogue file (catalog_schema.py says what may stand in it) and makes its standards.

Everything that is wrong is told with its line, and nothing of a wrong file is used (reliability.md, crafted catalogue
import).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from desktop.i18n import _
from desktop.models import standard
from desktop.models.soundness import problems
from desktop.models.standard import LOCAL_RULE, UNASKED, Definition
from desktop.operations import catalog_schema as schema
from desktop.operations.catalog_text import MAX_PROBLEMS, CatalogueError, Found, Place, line_of, plain_tree

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
        raw = schema.File.model_validate(tree)
    except ValidationError as error:
        errors = error.errors(include_url=False)
        # A list whose items are wrong is also called too short: what is told within it is enough.
        around = {e["loc"][:depth] for e in errors for depth in range(len(e["loc"]))}
        found += [(line_of(lines, e["loc"]), schema.sentence(e)) for e in errors if e["loc"] not in around]
        raise CatalogueError(found) from None
    catalogue = _Builder(raw, lines, found).catalogue()
    if found:
        raise CatalogueError(found)
    return catalogue


class _Builder:
    """Makes the standards and notes what cannot be meant, each with its line."""

    def __init__(self, raw: schema.File, lines: Mapping[Place, int], found: list[Found]) -> None:
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

    def _service(self, service: schema.Service, path: Place) -> ServiceEntry:
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

    def _path_in_file(self, service: schema.Service, path: Place, inside: tuple[str, ...]) -> Place:
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
        self, service: schema.Service, variants: set[str], index: int, line: schema.Requirement, path: Place
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


def _duration(service: schema.Service) -> standard.Duration | None:
    if service.duration is None:
        return None
    return standard.Duration(
        value=service.duration.value,
        unit=service.duration.unit,
        note=service.duration_note_id or service.duration_note or "",
        note_en=service.duration_note or "",
    )


def _variant(variant: schema.Variant) -> standard.Variant:
    return standard.Variant(
        code=variant.code,
        name_id=variant.name_id,
        name_en=variant.name_en,
        because_id=variant.because_id or "",
        because_en=variant.because_en or "",
    )


def _question(fact: schema.Fact) -> standard.Question:
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
