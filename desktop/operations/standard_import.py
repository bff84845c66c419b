"""What a workbook of standards that comes back would change, and doing so.

All or nothing, each fault with sheet, row and column. A service that is not in the file stays as it is; nothing is ever
removed by leaving it out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import Conflict
from desktop.i18n import _
from desktop.models.base import natural_id
from desktop.models.catalog import Agency, Service
from desktop.models.soundness import problems
from desktop.models.standard import Definition, Group, Question, Requirement, Variant, is_code
from desktop.operations import access, standards
from desktop.operations.case import FOR_COMPANY, SELF
from desktop.operations.desk import Desk
from desktop.operations.rule_words import Names
from desktop.operations.spreadsheet import Fault, Row, Sheet, SpreadsheetError, read_sheets
from desktop.operations.standard_rows import (
    AGENCY,
    CHOICE_CODE,
    CHOICES,
    CODE,
    LINES,
    NAME,
    NUMBER,
    SERVICE,
    SERVICES,
    SORT,
    SORTS,
    TEXT,
    Choice,
    ServiceFacts,
    changes_in,
    choices_of,
    code_from,
    row_of,
    with_names,
)
from desktop.operations.standard_workbook import CHOICE_SHEET, GUIDE, SERVICE_SHEET, Kept, services_as_kept, titles_of
from desktop.operations.standards import Decree, Difference


@dataclass(frozen=True)
class Change:
    """What the workbook does to one service; ``service_id`` and ``base_id`` are None for a new one."""

    service_id: str | None
    base_id: str | None
    name: str
    facts: ServiceFacts
    definition: Definition
    differences: tuple[Difference, ...]
    renews: bool


@dataclass(frozen=True)
class Plan:
    """Everything a workbook would change, for the preview."""

    changes: tuple[Change, ...] = ()
    unchanged: int = 0


def read_plan(session: Session, source: Path | bytes) -> Plan:
    """What the workbook would change. SpreadsheetError where anything in it cannot be meant; nothing is kept here."""
    return _Reading(session, read_sheets(source)).plan()


@dataclass
class _Part:
    """What the file says of one service, and where."""

    row: Row
    choices: list[Row] = field(default_factory=list)
    lines: list[Row] = field(default_factory=list)


class _Reading:
    """Makes standards of rows and notes what cannot be meant, each with its place."""

    def __init__(self, session: Session, sheets: list[Sheet]) -> None:
        self.faults: list[Fault] = []
        self.kept = services_as_kept(session)
        self.agencies = {row.code: row for row in session.scalars(select(Agency).where(~Agency.deleted))}
        self.parts: dict[str, _Part] = {}
        self.sheet_of: dict[str, str] = {}
        self._take(sheets)

    def plan(self) -> Plan:
        changes = [self._change(code, part) for code, part in self.parts.items() if part.lines]
        if self.faults:
            raise SpreadsheetError(sorted(self.faults))
        made = tuple(change for change in changes if change is not None and change.differences)
        return Plan(made, len(changes) - len(made))

    def note(self, sheet: str, row: int, column: str, sentence: str) -> None:
        self.faults.append(Fault(sheet, row, column, sentence))

    # The sheets

    def _take(self, sheets: list[Sheet]) -> None:
        by_name = {sheet.name.strip().casefold(): sheet for sheet in sheets}
        services = by_name.pop(SERVICE_SHEET.casefold(), None)
        choices = by_name.pop(CHOICE_SHEET.casefold(), None)
        by_name.pop(GUIDE.casefold(), None)
        for wanted, sheet in ((SERVICE_SHEET, services), (CHOICE_SHEET, choices)):
            if sheet is None:
                self.note(wanted, 0, "", _("lembar ini tidak ada dalam berkas."))
        if services is None or choices is None:
            raise SpreadsheetError(self.faults)
        self._take_services(services)
        if self._has_titles(choices, titles_of(CHOICES)):
            for row in choices.rows:
                if (part := self._part(choices, row)) is not None:
                    part.choices.append(row)
        for sheet in by_name.values():
            self._take_lines(sheet)
        for code, part in self.parts.items():
            if not part.lines and not self.faults:
                self.note(SERVICE_SHEET, part.row.number, SERVICE, _(
                    "layanan {code} tidak punya satu pun syarat pada lembar instansinya.").format(code=code))

    def _take_services(self, sheet: Sheet) -> None:
        if not self._has_titles(sheet, titles_of([column for column in SERVICES if not column.may_lack])):
            raise SpreadsheetError(self.faults)
        for row in sheet.rows:
            code = row.cells[SERVICE]
            if not code:
                self.note(sheet.name, row.number, SERVICE, _("belum diisi."))
            elif code in self.parts:
                self.note(sheet.name, row.number, SERVICE, _("kode {code} dipakai dua kali.").format(code=code))
            elif row.cells[AGENCY] not in self.agencies:
                self.note(sheet.name, row.number, AGENCY,
                          _("instansi {code} tidak dikenal.").format(code=row.cells[AGENCY] or _("kosong")))
            else:
                self.parts[code] = _Part(row)

    def _take_lines(self, sheet: Sheet) -> None:
        agency = sheet.name.split()[0] if sheet.name.split() else ""
        if agency not in self.agencies:
            self.note(sheet.name, 0, "", _("lembar ini tidak dikenal. Namanya harus dimulai dengan kode instansi."))
            return
        if not self._has_titles(sheet, {SERVICE: 0} | titles_of(LINES)):
            return
        for row in sheet.rows:
            part = self._part(sheet, row)
            if part is None:
                continue
            code = row.cells[SERVICE]
            if part.row.cells[AGENCY] != agency or self.sheet_of.setdefault(code, sheet.name) != sheet.name:
                self.note(sheet.name, row.number, SERVICE,
                          _("layanan {code} bukan milik lembar ini.").format(code=code))
            else:
                part.lines.append(row)

    def _part(self, sheet: Sheet, row: Row) -> _Part | None:
        code = row.cells[SERVICE]
        if code not in self.parts:
            self.note(sheet.name, row.number, SERVICE, _("layanan {code} tidak ada pada lembar Layanan.").format(
                code=code or _("kosong")))
        return self.parts.get(code)

    def _has_titles(self, sheet: Sheet, wanted: Mapping[str, int]) -> bool:
        missing = [title for title in wanted if title not in sheet.titles]
        double = [title for title in wanted if sheet.titles.count(title) > 1]
        for title in missing:
            self.note(sheet.name, 1, title, _("kolom ini tidak ada."))
        for title in double:
            self.note(sheet.name, 1, title, _("kolom ini ada dua kali."))
        return not missing and not double

    # One service

    def _change(self, code: str, part: _Part) -> Change | None:
        known, kept = len(self.faults), self.kept.get(code)
        facts = self._facts(code, part.row, kept)
        sheet = self.sheet_of.get(code, SERVICE_SHEET)
        base = kept.definition if kept else None
        choices = self._choices(code, part.choices, base)
        names = _all_names(base, choices)
        lines = self._lines(sheet, part.lines, base, names)
        if len(self.faults) > known:
            return None
        try:
            definition = _definition(base, facts, choices, lines)
        except ValidationError:
            self.note(SERVICE_SHEET, part.row.number, "", _("isinya tidak dapat dipakai."))
            return None
        for problem in problems(definition):
            where = {line.code: row.number for line, row in zip(lines, part.lines, strict=True)}
            place = where.get(problem.path[1], 0) if len(problem.path) > 1 and problem.path[0] == "requirements" else 0
            self.note(sheet if place else SERVICE_SHEET, place or part.row.number, "", problem.sentence)
        before = (kept.facts, kept.definition) if kept else None
        return Change(
            kept.row.id if kept else None,
            kept.standard_id if kept else None,
            facts.name_id,
            facts,
            definition,
            tuple(standards.differences(before, (facts, definition))),
            base is None or definition.document() != base.document(),
        )

    def _facts(self, code: str, row: Row, kept: Kept | None) -> ServiceFacts:
        agency = row.cells[AGENCY]
        facts = kept.facts if kept else ServiceFacts(code, agency, "", "")
        if facts.agency != agency:
            self.note(SERVICE_SHEET, row.number, AGENCY, _("layanan tidak dapat pindah instansi lewat berkas."))
        before = row_of(SERVICES, facts, Names()) if kept else {}
        changed = changes_in(SERVICES, row.cells, Names(), before, self._wrong(SERVICE_SHEET, row))
        facts = replace(facts, **changed)
        return replace(facts, name_en=facts.name_en or facts.name_id)

    def _choices(self, code: str, rows: list[Row], base: Definition | None) -> list[Choice]:
        old = {(choice.sort, choice.code): choice for choice in choices_of(code, base)} if base else {}
        sorts = {word: sort for sort, word in SORTS.items()}
        found: dict[tuple[str, str], Choice] = {}
        for row in rows:
            sort = sorts.get(row.cells[SORT].casefold())
            if sort is None:
                self.note(CHOICE_SHEET, row.number, SORT, _("{text} tidak dikenal. Pilihannya: {choices}.").format(
                    text=row.cells[SORT] or _("kosong"), choices=", ".join(SORTS.values())))
                continue
            given = row.cells[CHOICE_CODE]
            if given and not is_code(given):
                self.note(CHOICE_SHEET, row.number, CHOICE_CODE, _("isinya tidak dapat dipakai."))
                continue
            taken = {key for _sort, key in {**old, **found}}
            key = (sort, given or code_from(row.cells[TEXT], taken, sort.upper()))
            if key in found:
                self.note(CHOICE_SHEET, row.number, CHOICE_CODE, _("kode {code} dipakai dua kali.").format(code=given))
                continue
            choice = old.get(key) or Choice(code, sort, key[1], "", "")
            before = row_of(CHOICES, choice, Names()) if key in old else {}
            changed = changes_in(CHOICES, row.cells, Names(), before, self._wrong(CHOICE_SHEET, row))
            choice = replace(choice, **changed)
            found[key] = replace(choice, text_en=choice.text_en or choice.text_id)
        return list(found.values())

    def _lines(self, sheet: str, rows: list[Row], base: Definition | None, names: Names) -> list[Requirement]:
        old = {line.code: line for line in base.requirements} if base else {}
        old_names = Names.of(base) if base else Names()
        found: dict[str, Requirement] = {}
        numbers: set[int] = set()
        for row in rows:
            given = row.cells[CODE]
            code = given or code_from(row.cells[NAME], {*old, *found}, "SYARAT")
            line = self._line(sheet, row, code, old.get(code), names, old_names)
            if line is None:
                continue
            if code in found:
                self.note(sheet, row.number, CODE, _("kode {code} dipakai dua kali.").format(code=given))
            elif line.ordinal in numbers:
                self.note(sheet, row.number, NUMBER, _("nomor {number} dipakai dua kali.").format(number=line.ordinal))
            found[code] = line
            numbers.add(line.ordinal)
        return list(found.values())

    def _line(
        self, sheet: str, row: Row, code: str, base: Requirement | None, names: Names, old_names: Names
    ) -> Requirement | None:
        known = len(self.faults)
        before = row_of(LINES, base, old_names) if base else {}
        changed = with_names(changes_in(LINES, row.cells, names, before, self._wrong(sheet, row)), base)
        if len(self.faults) > known:
            return None
        values = base.model_dump(by_alias=True) if base else {"code": code}
        try:
            return Requirement.model_validate(values | changed)
        except ValidationError as error:
            key = str(error.errors(include_url=False)[0]["loc"][0])
            self.note(sheet, row.number, CODE if key == "code" else "", _("isinya tidak dapat dipakai."))
            return None

    def _wrong(self, sheet: str, row: Row) -> Callable[[str, str], None]:
        return lambda title, sentence: self.note(sheet, row.number, title, sentence)


def _all_names(base: Definition | None, choices: Sequence[Choice]) -> Names:
    """What the rules may call kinds and questions: as the file says them now, and as they were called before."""
    def called(sort: str) -> dict[str, str]:
        return {choice.code: choice.text_id for choice in choices if choice.sort == sort}

    return Names.of_texts(called("variant"), called("question"), Names.of(base) if base else None)


def _definition(
    base: Definition | None, facts: ServiceFacts, choices: Sequence[Choice], lines: Sequence[Requirement]
) -> Definition:
    variants = {v.code: v for v in base.variants} if base else {}
    questions = {q.code: q for q in base.questions} if base else {}

    def of(sort: str) -> list[Choice]:
        return [choice for choice in choices if choice.sort == sort]

    parts = facts.parts()
    parts["legal_basis"] = parts["legal_basis"] or tuple(dict.fromkeys(line.clause for line in lines))
    parts["requirements"] = tuple(sorted(lines, key=lambda line: line.ordinal))
    parts["groups"] = tuple(Group(code=c.code, name_id=c.text_id, name_en=c.text_en, need=c.need) for c in of("group"))
    parts["variants"] = tuple(
        Variant(**_over(variants.get(c.code), code=c.code, name_id=c.text_id, name_en=c.text_en,
                        because_id=c.because_id, because_en=c.because_en))
        for c in of("variant")
    )
    parts["questions"] = tuple(
        Question(**_over(questions.get(c.code), code=c.code, text_id=c.text_id, text_en=c.text_en,
                         because_id=c.because_id, because_en=c.because_en))
        for c in of("question")
    )
    if base is None:
        return Definition(**parts, default_for_whom=FOR_COMPANY if facts.applicants == "company" else SELF)
    return base.model_copy(update=parts)


def _over(base: Variant | Question | None, **values: Any) -> dict[str, Any]:
    return {**(base.model_dump(by_alias=True) if base else {}), **values}


def carry_out(session: Session, desk: Desk, plan: Plan, decree: Decree) -> int:
    """Keep what the preview showed: each changed service gets a new version; returns how many.

    Conflict where a standard was changed since the preview; nothing is kept then.
    """
    access.require_admin(session, desk)
    count = 0
    for change in plan.changes:
        service = _service(session, desk, change)
        if change.renews:
            standards.renew(session, desk, service.id, change.definition, base_id=change.base_id, decree=decree)
            count += 1
    return count


def _service(session: Session, desk: Desk, change: Change) -> Service:
    facts = change.facts
    if change.service_id is not None:
        service = session.get_one(Service, change.service_id)
        for name in ("name_id", "name_en", "is_open", "mode"):
            if getattr(service, name) != getattr(facts, name):
                setattr(service, name, getattr(facts, name))
        return service
    key = natural_id("service", facts.code)
    if session.get(Service, key) is not None:
        raise Conflict(_("Layanan {code} baru saja dibuat dari tempat lain. Impor lagi.").format(code=facts.code))
    agency = session.scalars(select(Agency).where(Agency.code == facts.agency, ~Agency.deleted)).one()
    service = Service(
        id=key, agency_id=agency.id, code=facts.code, slug=code_from(facts.name_id, set(), "LAYANAN").lower(),
        name_id=facts.name_id, name_en=facts.name_en, category="other", is_open=facts.is_open, mode=facts.mode,
    )  # fmt: skip
    session.add(service)
    session.flush()
    return service
