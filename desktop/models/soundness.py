"""What makes a service's standard unsound, found before it is kept."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from functools import partial
from operator import eq
from typing import NamedTuple

from desktop.i18n import _, join_words
from desktop.models.standard import (
    COMPANY,
    COMPONENTS,
    LOCAL_RULE,
    PROXY,
    UNASKED,
    Definition,
    Fact,
    IsVariant,
    Question,
    Requirement,
    atoms,
    truth,
)


class Problem(NamedTuple):
    """What is wrong in a definition and where: a path such as ("requirements", "KTP_FC", "when")."""

    path: tuple[str, ...]
    sentence: str


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
