"""What a case must bring: from a standard, the applicant and the answers to lines, and what they lack.

Pure rules: no session, no screen. One call serves checklist, label of F9, slip and second visit.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import StrEnum

from desktop.i18n import N_, _, join_words
from desktop.models.standard import Definition, Form, Group, Question, Requirement
from desktop.operations.case import BY_PROXY, Case, Facts, open_facts
from desktop.operations.identity import cover_niks


class State(StrEnum):
    """How a line stands at the desk."""

    UNCHECKED = "unchecked"
    PRESENT = "present"
    MISSING = "missing"
    FAULTY = "faulty"
    NOT_NEEDED = "not_needed"


class Fault(StrEnum):
    """Why a paper that was brought does not count, in the order of the desk's digits."""

    UNREADABLE = "unreadable"
    EXPIRED = "expired"
    DATA_DIFFER = "data_differ"
    TOO_FEW = "too_few"
    NO_ORIGINAL = "no_original"
    UNSIGNED = "unsigned"
    NO_STAMP = "no_stamp"
    NOT_LEGALISED = "not_legalised"
    OTHER = "other"


FAULT_LABELS = {
    Fault.UNREADABLE: N_("tidak terbaca"),
    Fault.EXPIRED: N_("masa berlaku habis"),
    Fault.DATA_DIFFER: N_("data tidak sama"),
    Fault.TOO_FEW: N_("jumlah lembar kurang"),
    Fault.NO_ORIGINAL: N_("dokumen asli tidak dibawa"),
    Fault.UNSIGNED: N_("belum ditandatangani atau distempel"),
    Fault.NO_STAMP: N_("belum bermeterai"),
    Fault.NOT_LEGALISED: N_("belum dilegalisasi"),
    Fault.OTHER: N_("lainnya"),
}


@dataclass(frozen=True)
class Check:
    """What the officer found: ``copies`` sheets seen, ``dated`` as the line's ``age_counts_from`` says."""

    state: State
    fault: Fault | None = None
    copies: int | None = None
    dated: date | None = None
    is_extra: bool = False


@dataclass(frozen=True)
class Extra:
    """Syarat di luar daftar: a paper the desk asks for beyond the standard, and the reason given for it."""

    code: str
    name: str
    reason: str
    form: Form = "original"
    copies: int = 1


@dataclass(frozen=True)
class Line:
    """One asked line as it stands. ``blocks``: it holds the file back now."""

    requirement: Requirement
    ordinal: int
    state: State
    fault: Fault | None
    why: str
    optional: bool
    not_needed_allowed: bool
    copies_seen: int | None
    is_extra: bool = False
    blocks: bool = False

    @property
    def code(self) -> str:
        return self.requirement.code

    @property
    def clause(self) -> str:
        return self.requirement.clause

    @property
    def group(self) -> str | None:
        return self.requirement.group

    @property
    def copies_wanted(self) -> int:
        return self.requirement.copies

    @property
    def copies_short(self) -> int:
        """Sheets still to be brought where some were; 0 otherwise."""
        if self.fault is not Fault.TOO_FEW or self.copies_seen is None:
            return 0
        return max(self.copies_wanted - self.copies_seen, 0)

    @property
    def is_settled(self) -> bool:
        return self.state in (State.PRESENT, State.NOT_NEEDED)


@dataclass(frozen=True)
class GroupState:
    """A group as asked here: ``need`` of its ``codes`` are enough, ``have`` are there."""

    group: Group
    need: int
    have: int
    codes: tuple[str, ...]

    @property
    def is_met(self) -> bool:
        return self.have >= self.need


@dataclass(frozen=True)
class Assessment:
    """The checklist of a case and what is lacking.

    ``missing`` and ``unchecked`` are the lines that hold the file back; ``unanswered`` the questions that
    could still change the list, ``needs_variant`` that no variant was chosen: with either the file is neither
    complete nor printable. ``smallest`` are codes that, once present, complete it; nothing smaller does.
    """

    lines: tuple[Line, ...]
    groups: tuple[GroupState, ...]
    unanswered: tuple[Question, ...]
    needs_variant: bool
    smallest: tuple[str, ...]
    asked_count: int
    missing: tuple[Line, ...] = field(default=())
    unchecked: tuple[Line, ...] = field(default=())

    @property
    def is_decided(self) -> bool:
        """Whether the list is final: nothing left to answer."""
        return not self.unanswered and not self.needs_variant

    @property
    def complete(self) -> bool:
        return self.is_decided and not self.smallest

    @property
    def missing_count(self) -> int:
        """How many syarat are lacking or not checked; of a group, how many members are still needed."""
        return len(self.smallest)

    @property
    def has_alternatives(self) -> bool:
        """Whether there is a choice in what to bring."""
        return any(not group.is_met and len(group.codes) > group.need for group in self.groups)

    def line(self, code: str) -> Line:
        """The asked line with this code; KeyError if it is not asked."""
        for line in self.lines:
            if line.code == code:
                return line
        raise KeyError(code)


def refusal(definition: Definition, for_whom: int) -> str | None:
    """Why this service cannot be asked for so, as a sentence; None if it can (users.md 1.4)."""
    if for_whom != BY_PROXY or definition.proxy_allowed:
        return None
    if definition.presence:
        return _("Layanan ini tidak dapat diwakilkan: {reason}. Pemohon harus datang sendiri.").format(
            reason=definition.presence
        )
    return _("Layanan ini tidak memakai surat kuasa. Catat orang yang datang sebagai pemohon (pilihan 1).")


def all_present(assessment: Assessment, among: list[Line]) -> dict[str, Check]:
    """What "semua ada" means: every asked line that is not settled.

    Lines that are only attached "bila ada" are left alone, and so are groups with a choice: which of the papers lies
    on the desk cannot be guessed.
    """
    choice = {group.group.code for group in assessment.groups if len(group.codes) > group.need}
    return {
        line.code: Check(State.PRESENT, is_extra=line.is_extra)
        for line in among
        if not (line.is_settled or line.optional or line.group in choice)
    }


def assess(
    definition: Definition,
    case: Case,
    checks: Mapping[str, Check],
    extras: Sequence[Extra] = (),
    frozen: Collection[str] | None = None,
) -> Assessment:
    """The asked lines of the case with their states, and what would complete the file.

    ``frozen``: codes asked at the first visit; these are asked and nothing else, whatever the answers (R5).
    What holds the file back, optional lines and "not needed" follow from the same rules then.
    """
    facts = Facts(definition, case)
    lines = [
        _line(requirement, facts, checks.get(requirement.code), frozen is not None)
        for requirement in definition.requirements
        if (requirement.code in frozen if frozen is not None else facts.asks(requirement))
    ]
    lines.sort(key=lambda line: line.ordinal)
    last = max((requirement.ordinal for requirement in definition.requirements), default=0)
    lines += [
        _extra_line(extra, last + number, checks.get(extra.code), case.on) for number, extra in enumerate(extras, 1)
    ]

    groups = tuple(_groups(definition, lines))
    met = {group.group.code for group in groups if group.is_met}
    lines = [
        replace(
            line,
            blocks=not (line.optional or line.is_settled or (line.group is not None and line.group in met)),
        )
        for line in lines
    ]
    holding = [line for line in lines if line.blocks]
    smallest = [line.code for line in holding if line.group is None]
    for group in groups:
        lacking = [line.code for line in holding if line.group == group.group.code]
        smallest += lacking[: group.need - group.have]
    order = {line.code: line.ordinal for line in lines}
    open_codes = set() if frozen is not None else open_facts(definition, case)
    return Assessment(
        lines=tuple(lines),
        groups=groups,
        unanswered=tuple(question for question in definition.questions if question.code in open_codes),
        needs_variant=frozen is None and bool(definition.variants) and facts.variant is None,
        smallest=tuple(sorted(smallest, key=order.__getitem__)),
        asked_count=sum(1 for line in lines if line.group is None and not line.optional) + sum(g.need for g in groups),
        missing=tuple(line for line in holding if line.state in (State.MISSING, State.FAULTY)),
        unchecked=tuple(line for line in holding if line.state is State.UNCHECKED),
    )


def as_missing(assessment: Assessment, checks: Mapping[str, Check]) -> dict[str, Check]:
    """The checks with each unchecked line that matters taken as not brought: the second F9 (users.md 1.3)."""
    return {
        **checks,
        **{line.code: Check(State.MISSING, is_extra=line.is_extra) for line in assessment.unchecked},
    }


def smallest_sentence(assessment: Assessment) -> str | None:
    """ "Supaya lengkap, cukup bawa: …", only where there is a choice (users.md 1.20)."""
    if not assessment.has_alternatives:
        return None
    names = [assessment.line(code).requirement.name for code in assessment.smallest]
    return _("Supaya lengkap, cukup bawa: {documents}.").format(documents=join_words(names))


def when_words(definition: Definition, requirement: Requirement) -> str:
    """In which cases the line is asked, in words that may follow "bila"; empty where it always is."""
    if requirement.when is None:
        return ""
    facts = Facts(definition, Case(None, 1, {}, date.min))
    return requirement.reason or join_words(facts.because(requirement, requirement.when))


def _line(requirement: Requirement, facts: Facts, check: Check | None, frozen: bool) -> Line:
    optional = requirement.optional or (
        requirement.optional_when is not None and facts.holds(requirement, requirement.optional_when) is True
    )
    allowed = requirement.not_needed_allowed
    if not allowed and requirement.not_needed_when is not None:
        by_rule = facts.holds(requirement, requirement.not_needed_when)
        # A frozen line was judged when the answers were at hand; where they are not, that judgement stands.
        allowed = by_rule is True or (frozen and by_rule is None)
    state, fault = _state(requirement, check, facts.case.on, allowed)
    return Line(
        requirement=requirement,
        ordinal=requirement.ordinal,
        state=state,
        fault=fault,
        why=_why(requirement, facts, optional),
        optional=optional,
        not_needed_allowed=allowed,
        copies_seen=check.copies if check is not None else None,
    )


def _extra_line(extra: Extra, ordinal: int, check: Check | None, on: date) -> Line:
    # What an officer typed is not held to the rules of a catalogue.
    name = cover_niks(extra.name)
    requirement = Requirement.model_construct(
        code=extra.code,
        ordinal=ordinal,
        name_id=name,
        name_en=name,
        form=extra.form,
        copies=extra.copies,
        clause=_("Di luar standar"),
    )
    state, fault = _state(requirement, check, on, False)
    why = _("Diminta di luar standar: {reason}").format(reason=extra.reason)
    copies = check.copies if check is not None else None
    return Line(requirement, ordinal, state, fault, why, False, False, copies, is_extra=True)


def _state(requirement: Requirement, check: Check | None, on: date, not_needed: bool) -> tuple[State, Fault | None]:
    """The state that counts: too old or too few is faulty, "not needed" holds only where it is allowed."""
    if check is None or (check.state is State.NOT_NEEDED and not not_needed):
        return State.UNCHECKED, None
    if check.state is State.FAULTY:
        return State.FAULTY, check.fault or Fault.OTHER
    if check.state is State.PRESENT:
        limit = requirement.max_age_days
        if limit is not None and check.dated is not None and (on - check.dated).days > limit:
            return State.FAULTY, Fault.EXPIRED
        if check.copies is not None and check.copies < requirement.copies:
            return State.FAULTY, Fault.TOO_FEW
    return check.state, None


def _why(requirement: Requirement, facts: Facts, optional: bool) -> str:
    """Why the line is asked, as a sentence that is never empty (R2)."""
    if optional:
        return _("{document} dilampirkan bila ada.").format(document=requirement.name)
    reasons = [requirement.reason] if requirement.reason else []
    if not reasons and requirement.when is not None:
        reasons = facts.because(requirement, requirement.when)
    if not reasons:
        return _("Selalu diminta untuk layanan ini.")
    return _("{document} diperlukan karena {reason}.").format(document=requirement.name, reason=join_words(reasons))


def _groups(definition: Definition, lines: Sequence[Line]) -> Iterator[GroupState]:
    for group in definition.groups:
        members = [line for line in lines if line.group == group.code]
        if members:
            # Where the case asks for fewer members than the group needs, all that are asked are enough.
            need = min(group.need, len(members))
            yield GroupState(group, need, sum(line.is_settled for line in members), tuple(m.code for m in members))
