"""The versions of a service's standard: which counts, which waits, and how the next one is made.

A version is one row that is never changed (model.md 1.6): an edit, a decree, an import each make the next version, and
files already begun keep theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.errors import Conflict, UserError
from desktop.i18n import N_, _, clock_time, join_words, plain_date
from desktop.models.base import now
from desktop.models.catalog import Agency, Service, ServiceStandard
from desktop.models.soundness import problems
from desktop.models.standard import Definition, Requirement, said
from desktop.operations import access
from desktop.operations.catalog import DECREED, SAMPLE, definition_of, newest_standard, standard_in_force
from desktop.operations.cleaning import clean, clean_text
from desktop.operations.desk import Desk
from desktop.operations.rule_words import Names
from desktop.operations.standard_rows import (
    CHOICES,
    COMPONENT_LIMIT,
    LINES,
    NUMBER,
    SERVICES,
    SORTS,
    Choice,
    ServiceFacts,
    changes_in,
    choices_of,
    row_of,
    service_facts,
    with_names,
)

IN_FORCE, WAITING, REPLACED = "in_force", "waiting", "replaced"
STANDINGS = {IN_FORCE: N_("Berlaku"), WAITING: N_("Menunggu"), REPLACED: N_("Tidak berlaku lagi")}


@dataclass(frozen=True)
class Version:
    """A version as the tree lists it."""

    id: str
    number: int
    state: str
    standing: str
    decree: str
    valid_from: datetime


@dataclass(frozen=True)
class Decree:
    """What makes a version official: ``number`` empty = as the version before; ``valid_from`` None = at once."""

    number: str = ""
    day: date | None = None
    valid_from: datetime | None = None


def versions(session: Session, service_id: str) -> list[Version]:
    """Every version of the service's standard, the newest first."""
    moment = now(session)
    current = standard_in_force(session, service_id, moment)
    rows = session.scalars(
        select(ServiceStandard)
        .where(ServiceStandard.service_id == service_id, ~ServiceStandard.deleted)
        .order_by(ServiceStandard.version_no.desc(), ServiceStandard.id)
    )
    return [
        Version(
            row.id,
            row.version_no,
            row.state,
            IN_FORCE if current is not None and row.id == current.id
            else WAITING if row.valid_from > moment else REPLACED,
            row.decree_no or "",
            row.valid_from,
        )
        for row in rows
    ]  # fmt: skip


def definition_by_id(session: Session, standard_id: str) -> Definition:
    """What that version says."""
    return definition_of(session.get_one(ServiceStandard, standard_id))


def renew(
    session: Session, desk: Desk, service_id: str, definition: Definition, *, base_id: str | None, decree: Decree
) -> ServiceStandard:
    """The next version of a standard, made from the version ``base_id`` (None: the service had none).

    Without a number it stays what the version before was, a sample or under its decree. It never begins in the past:
    what was received until now was received under the old one. Conflict where somebody made a version meanwhile.
    """
    access.require_admin(session, desk)
    base = newest_standard(session, service_id)
    if (base.id if base else None) != base_id:
        raise Conflict(_("Standar layanan ini baru saja diubah dari tempat lain. Buka lagi, lalu ulangi perubahannya."))
    wrong = problems(definition)
    if wrong:
        raise UserError(wrong[0].sentence)
    number = clean_text(decree.number, 120, field="decree_no")
    if number and decree.day is None:
        raise UserError(_("Isi tanggal penetapannya."), field="decree_date")
    if decree.day is not None and not number:
        raise UserError(_("Isi nomor penetapannya."), field="decree_no")
    document = definition.document()
    if base is not None and document == base.definition and not number:
        raise UserError(_("Tidak ada yang berubah."))
    last = session.scalars(
        select(func.max(ServiceStandard.version_no)).where(ServiceStandard.service_id == service_id)
    ).one()
    moment = now(session)
    row = ServiceStandard(
        service_id=service_id,
        version_no=(last or 0) + 1,
        state=DECREED if number else base.state if base else SAMPLE,
        decree_no=number or (base.decree_no if base else None),
        decree_date=decree.day or (base.decree_date if base else None),
        valid_from=max(decree.valid_from or moment, moment),
        definition=document,
    )
    session.add(row)
    session.flush()
    return row


def begins_words(desk: Desk, valid_from: datetime, moment: datetime) -> str:
    """From when, in words: "berlaku sekarang", "berlaku mulai 1 Desember 2026 pukul 08.00"."""
    if valid_from <= moment:
        return _("berlaku sekarang")
    start = desk.local(valid_from)
    return _("berlaku mulai {date} pukul {time}").format(date=plain_date(start.date()), time=clock_time(start))


def line_changed(definition: Definition, code: str, row: Mapping[str, str]) -> Definition:
    """The standard with one line as these words say it (by the titles of LINES; what is not named stays).

    UserError, with the title as its field, where a word cannot be meant or the standard would be unsound.
    """
    names = Names.of(definition)
    line = next(line for line in definition.requirements if line.code == code)
    before = row_of(LINES, line, names)
    faults: list[UserError] = []
    row = {title: clean(text) for title, text in row.items()}
    changed = changes_in(
        LINES, {**before, **row}, names, before, lambda title, words: faults.append(UserError(words, field=title))
    )
    if faults:
        raise faults[0]
    edited = Requirement.model_validate(line.model_dump(by_alias=True) | with_names(changed, line))
    lines = tuple(edited if one.code == code else one for one in definition.requirements)
    made = definition.model_copy(update={"requirements": lines})
    if wrong := problems(made):
        raise UserError(wrong[0].sentence)
    return made


def components_changed(definition: Definition, typed: Mapping[str, str]) -> Definition:
    """The standard with these of its written components in other words; an empty one is taken away."""
    words = {code: clean_text(text, COMPONENT_LIMIT, field=code) for code, text in typed.items()}
    kept = {code: text for code, text in (definition.components | words).items() if text}
    return definition.model_copy(update={"components": kept})


def decree(session: Session, desk: Desk, service_ids: Sequence[str], given: Decree) -> int:
    """Put the newest standards of these services under a decree; returns how many there were."""
    if not given.number.strip():
        raise UserError(_("Isi nomor penetapannya."), field="decree_no")
    count = 0
    for service_id in service_ids:
        base = newest_standard(session, service_id)
        if base is not None:
            renew(session, desk, service_id, definition_of(base), base_id=base.id, decree=given)
            count += 1
    return count


# The catalogue as a tree


@dataclass(frozen=True)
class Branch:
    """A service in the tree: what it is called, whether it is open, and whether its standard is a sample."""

    service_id: str
    code: str
    name: str
    is_open: bool
    is_sample: bool


def tree(session: Session) -> list[tuple[Agency, list[Branch]]]:
    """Every agency with services, by name, and its services by code."""
    decreed = set(session.scalars(select(ServiceStandard.service_id).where(ServiceStandard.state == DECREED)))
    branches: dict[str, list[Branch]] = {}
    for one in session.scalars(select(Service).where(~Service.deleted).order_by(Service.code)):
        name = said(one.name_id, one.name_en)
        branch = Branch(one.id, one.code, name, one.is_open, one.id not in decreed)
        branches.setdefault(one.agency_id, []).append(branch)
    agencies = session.scalars(select(Agency).where(~Agency.deleted).order_by(Agency.name_id))
    return [(agency, branches[agency.id]) for agency in agencies if agency.id in branches]


# What is different, in words


@dataclass(frozen=True)
class Difference:
    """One sentence of a preview; ``kind`` is added, removed or changed."""

    kind: str
    sentence: str


def facts_of(service: Service, definition: Definition, agency_code: str) -> ServiceFacts:
    """The service as the workbook's second sheet has it."""
    return service_facts(
        service.code, agency_code, service.name_id, service.name_en, service.is_open, service.mode, definition
    )


def differences(
    before: tuple[ServiceFacts, Definition] | None, after: tuple[ServiceFacts, Definition]
) -> list[Difference]:
    """What the second says otherwise than the first, in words (None: the service is new)."""
    facts, definition = after
    if before is None:
        return [Difference("added", _("Layanan baru dengan {count} syarat.").format(
            count=len(definition.requirements)))]
    old_facts, old = before
    found = list(_altered("", _rows(SERVICES, [old_facts], Names()), _rows(SERVICES, [facts], Names())))
    old_names, names = Names.of(old), Names.of(definition)
    found += _altered_parts(
        {(choice.sort, choice.code): choice for choice in choices_of("", old)},
        {(choice.sort, choice.code): choice for choice in choices_of("", definition)},
    )
    before_lines = {line.code: row_of(LINES, line, old_names) for line in old.requirements}
    after_lines = {line.code: row_of(LINES, line, names) for line in definition.requirements}
    titles = {line.code: line.name_id for line in (*old.requirements, *definition.requirements)}
    found += [Difference("removed", _("Syarat dihapus: {name}.").format(name=titles[code]))
              for code in before_lines if code not in after_lines]
    # A line that only moved down because one was added above it is no change worth a sentence.
    moved = [code for code in before_lines if code in after_lines] != [c for c in after_lines if c in before_lines]
    for code, row in after_lines.items():
        if code not in before_lines:
            found.append(Difference("added", _("Syarat baru: {name}.").format(name=titles[code])))
            continue
        skipped = {NUMBER: row[NUMBER]} if not moved else {}
        found += _altered(titles[code], {code: before_lines[code] | skipped}, {code: row})
    return found  # fmt: skip


def _rows(columns: Any, things: Sequence[Any], names: Names) -> dict[str, dict[str, str]]:
    return {str(place): row_of(columns, thing, names) for place, thing in enumerate(things)}


def _altered(name: str, before: dict[str, dict[str, str]], after: dict[str, dict[str, str]]) -> Iterator[Difference]:
    for key, row in after.items():
        told = [
            _("{title} {old} menjadi {new}").format(
                title=_(title).lower(), old=_shown(before[key][title]), new=_shown(text))
            for title, text in row.items() if before[key][title] != text
        ]  # fmt: skip
        if told:
            words = join_words(told)
            yield Difference("changed", f"{name}: {words}." if name else f"{words[:1].upper()}{words[1:]}.")


def _shown(text: str) -> str:
    return f"“{_(text)}”" if text else _("kosong")


def _altered_parts(before: dict[Any, Choice], after: dict[Any, Choice]) -> Iterator[Difference]:
    for key, choice in before.items():
        if key not in after:
            words = _("{sort} dihapus: {name}.").format(sort=_(SORTS[choice.sort]).capitalize(), name=choice.text_id)
            yield Difference("removed", words)
    for key, choice in after.items():
        if key not in before:
            words = _("{sort} baru: {name}.").format(sort=_(SORTS[choice.sort]).capitalize(), name=choice.text_id)
            yield Difference("added", words)
        else:
            yield from _altered(choice.text_id, _rows(CHOICES, [before[key]], Names()),
                                _rows(CHOICES, [choice], Names()))  # fmt: skip
