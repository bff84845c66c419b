"""What is known of a case at the desk, and which questions could still change what it must bring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from desktop.i18n import _, join_words
from desktop.models.standard import (
    COMPANY,
    LOCAL_RULE,
    PROXY,
    AllOf,
    AnyOf,
    Condition,
    Definition,
    Derive,
    Fact,
    IsVariant,
    Not,
    Question,
    Requirement,
    atoms,
    truth,
)
from desktop.operations.identity import age_on

# "Untuk" (users.md 1.4)
SELF, CHILD, BY_PROXY, FOR_COMPANY, OBJECT = 1, 2, 3, 4, 5


@dataclass(frozen=True)
class Case:
    """Who asks for what, on which day, and what was answered.

    ``for_whom``: 1 self, 2 child, 3 somebody else by power of attorney, 4 company, 5 object.
    ``subject_birth`` is the birth date of the person the service is about in 2 and 3.
    """

    variant: str | None
    for_whom: int
    answers: Mapping[str, bool]
    on: date
    applicant_birth: date | None = None
    subject_birth: date | None = None


def questions(definition: Definition, case: Case) -> list[Question]:
    """The questions to show for this case, answered or not, in the standard's order.

    One is shown only if it can change the list, given the answers to those before it; what a birth date,
    "Untuk" or the variant already says is never asked.
    """
    shown: list[Question] = []
    known: dict[str, bool] = {}
    for question in definition.questions:
        if question.code in open_facts(definition, replace(case, answers=known)):
            shown.append(question)
            if question.code in case.answers:
                known[question.code] = case.answers[question.code]
    return shown


def unanswered_sentence(question: Question) -> str:
    """What is said when F9 finds this question open."""
    return _('Belum dijawab: "{question}"').format(question=question.text)


class Facts:
    """What is known of a case, and what is not yet."""

    def __init__(self, definition: Definition, case: Case) -> None:
        self.case = case
        self.questions = {question.code: question for question in definition.questions}
        self.variants = {variant.code: variant for variant in definition.variants}
        # A draft may name a variant that a newer standard no longer has: then none is chosen.
        self.variant = case.variant if case.variant in self.variants else None

    def fact(self, code: str) -> bool | None:
        if code == PROXY:
            return self.case.for_whom == BY_PROXY
        if code == COMPANY:
            return self.case.for_whom == FOR_COMPANY
        question = self.questions.get(code)
        if question is None:
            return None
        by_age = _by_age(question.derive, self.case)
        return by_age if by_age is not None else self.case.answers.get(code)

    def is_variant(self, code: str) -> bool | None:
        return None if self.variant is None and self.variants else code == self.variant

    def asks(self, requirement: Requirement) -> bool | None:
        """Whether the line is asked here; None if not yet known."""
        if not requirement.enabled and not requirement.local_rule:
            return False
        return self.holds(requirement, requirement.when)

    def holds(self, requirement: Requirement, condition: Condition | None) -> bool | None:
        """Whether a condition of this line holds; None if not yet known."""
        return truth(
            condition,
            lambda code: requirement.enabled if code == LOCAL_RULE else self.fact(code),
            self.is_variant,
        )

    def because(self, requirement: Requirement, condition: Condition, value: bool = True) -> list[str]:
        """What made the condition come out as ``value``, in words that may follow "karena"."""
        match condition:
            case Fact():
                return [self._because_of_fact(condition.fact, value)]
            case IsVariant():
                variant = self.variants.get(condition.variant)
                return [variant.because] if variant is not None and value else []
            case Not():
                return self.because(requirement, condition.part, not value)
            case AllOf() | AnyOf():
                parts = [self.because(requirement, part, value) for part in condition.parts]
                if isinstance(condition, AllOf) is value:
                    return list(dict.fromkeys(reason for part in parts for reason in part))
                # One part was enough. Where the answers are not at hand (a frozen list) all that could be are
                # told.
                for part, reasons in zip(condition.parts, parts, strict=True):
                    if self.holds(requirement, part) is value and reasons:
                        return reasons
                ways = [join_words(reasons) for reasons in parts if reasons]
                return [_(" atau ").join(ways)] if ways else []

    def _because_of_fact(self, code: str, value: bool) -> str:
        if code == PROXY:
            return _("pemohon diwakilkan dengan surat kuasa") if value else _("pemohon datang sendiri")
        if code == COMPANY:
            return _("pemohonnya badan usaha") if value else _("pemohonnya perorangan")
        if code == LOCAL_RULE:
            return _("ada ketentuan setempat")
        return self.questions[code].because(value)


def _by_age(rule: Derive | None, case: Case) -> bool | None:
    """What the birth date says: None if it is not known, or if the age alone does not decide."""
    if rule is None:
        return None
    of_subject = rule.age_of == "subject" and case.for_whom in (CHILD, BY_PROXY)
    birth = case.subject_birth if of_subject else case.applicant_birth
    if birth is None or birth > case.on:
        return None
    age = (case.on - birth).days if rule.unit == "days" else age_on(birth, case.on)
    inside = (rule.least is None or age >= rule.least) and (rule.below is None or age < rule.below)
    return None if inside and rule.asks_inside else inside


def open_facts(definition: Definition, case: Case) -> set[str]:
    """The facts whose answer could still change the list."""
    facts = Facts(definition, case)
    found: set[str] = set()
    for requirement in definition.requirements:
        if facts.asks(requirement) is False:
            continue
        for condition in requirement.conditions():
            # While no variant is chosen, what hangs on one is not asked: the choice may make it idle.
            if facts.variant is None and any(isinstance(atom, IsVariant) for atom in atoms(condition)):
                continue
            found.update(_undecided(facts, requirement, condition))
    return found


def _undecided(facts: Facts, requirement: Requirement, condition: Condition) -> Iterator[str]:
    if facts.holds(requirement, condition) is not None:
        return
    match condition:
        case Fact():
            yield condition.fact
        case Not():
            yield from _undecided(facts, requirement, condition.part)
        case AllOf() | AnyOf():
            for part in condition.parts:
                yield from _undecided(facts, requirement, part)
