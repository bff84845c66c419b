"""A condition of a standard in words that an administrator can read and write, and back again without loss.

    jenis "Hilang" atau (jawaban "Pemohon sudah kawin?" ya dan tidak (diwakilkan))

The words are Indonesian in every language of the screen: they are what stands in the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.standard import (
    COMPANY,
    LOCAL_RULE,
    PROXY,
    AllOf,
    AnyOf,
    Condition,
    Definition,
    Fact,
    IsVariant,
    Not,
)

CASES = {PROXY: "diwakilkan", COMPANY: "badan usaha", LOCAL_RULE: "ketentuan setempat"}
# Nobody writes a rule deeper than this; a file made to exhaust the stack is told so.
MAX_DEPTH = 12

_TOKEN = re.compile(r'\s*(?:(?P<text>"(?:[^"]|"")*")|(?P<mark>[()])|(?P<word>[^\s()"]+))')


@dataclass
class Names:
    """What variants and questions are called in rules: by their words, by their code where the words are not unique.

    ``former`` are the names of before, which still mean the same thing where it is still there.
    """

    variants: dict[str, str] = field(default_factory=dict)  # code: what it is called
    questions: dict[str, str] = field(default_factory=dict)
    former: Names | None = None

    @classmethod
    def of(cls, definition: Definition) -> Names:
        """The names in this standard."""
        return cls.of_texts(
            {variant.code: variant.name_id for variant in definition.variants},
            {question.code: question.text_id for question in definition.questions},
        )

    @classmethod
    def of_texts(cls, variants: dict[str, str], questions: dict[str, str], former: Names | None = None) -> Names:
        """The names of kinds and questions with these texts by their codes."""
        return cls(_called(variants), _called(questions), former)

    def variant(self, token: str) -> str:
        """The code of the kind that a quoted name means."""
        return _code(token, self.variants, self.former.variants if self.former else {},
                     _("Jenis permohonan {name} tidak dikenal."))  # fmt: skip

    def question(self, token: str) -> str:
        """The code of the question that a quoted name means."""
        return _code(token, self.questions, self.former.questions if self.former else {},
                     _("Pertanyaan {name} tidak dikenal."))  # fmt: skip


def _called(words: dict[str, str]) -> dict[str, str]:
    folded = [_fold(text) for text in words.values()]
    codes = {_fold(code) for code in words}
    return {
        code: text if folded.count(_fold(text)) == 1 and _fold(text) not in codes else code
        for code, text in words.items()
    }


def _fold(text: str) -> str:
    return " ".join(_straight(text).split()).casefold()


def _straight(text: str) -> str:
    # A spreadsheet's autocorrection makes curly quotes of straight ones.
    return text.replace("“", '"').replace("”", '"')


def in_words(condition: Condition | None, names: Names) -> str:
    """The condition in words; empty where there is none (the line is always asked)."""
    match condition:
        case None:
            return ""
        case IsVariant():
            return f"jenis {_quoted(names.variants.get(condition.variant, condition.variant))}"
        case Fact() if condition.fact in CASES:
            return CASES[condition.fact]
        case Fact():
            return f"jawaban {_quoted(names.questions.get(condition.fact, condition.fact))} ya"
        case Not(part=Fact(fact=code)) if code not in CASES:
            return f"jawaban {_quoted(names.questions.get(code, code))} tidak"
        case Not():
            return f"tidak ({in_words(condition.part, names)})"
        case AllOf() | AnyOf():
            word = " dan " if isinstance(condition, AllOf) else " atau "
            return word.join(
                f"({in_words(part, names)})" if isinstance(part, AllOf | AnyOf) else in_words(part, names)
                for part in condition.parts
            )


def _quoted(text: str) -> str:
    return '"' + _straight(text).replace('"', '""') + '"'


def from_words(text: str, names: Names) -> Condition | None:
    """The condition that these words mean; UserError says which word is not understood. A "(tidak …)" may stand
    anywhere; "dan" and "atau" side by side need brackets, so that nobody has to know which binds first."""
    if not text.strip():
        return None
    reader = _Reader(text, names)
    condition = reader.expression(0)
    reader.end()
    return condition


class _Reader:
    """Reads a rule from left to right."""

    def __init__(self, text: str, names: Names) -> None:
        self._names = names
        self._tokens = list(_tokens(text))
        self._at = 0

    def expression(self, depth: int) -> Condition:
        if depth > MAX_DEPTH:
            raise UserError(_("Aturan bertingkat terlalu dalam."))
        parts = [self._part(depth)]
        joined_by = ""
        while (word := self._peek().casefold()) in ("dan", "atau"):
            if joined_by and word != joined_by:
                raise UserError(_('Pakai tanda kurung bila "dan" serta "atau" dipakai bersama.'))
            joined_by = word
            self._at += 1
            parts.append(self._part(depth))
        if len(parts) == 1:
            return parts[0]
        return AllOf(parts=tuple(parts)) if joined_by == "dan" else AnyOf(parts=tuple(parts))

    def end(self) -> None:
        if self._at < len(self._tokens):
            raise _not_understood(self._peek())

    def _part(self, depth: int) -> Condition:
        token = self._next()
        word = token.casefold()
        if token == "(":
            inner = self.expression(depth + 1)
            self._expect(")")
            return inner
        if word == "tidak":
            self._expect("(")
            inner = self.expression(depth + 1)
            self._expect(")")
            return Not(part=inner)
        if word == "jenis":
            return IsVariant(variant=self._names.variant(self._name()))
        if word == "jawaban":
            name = self._name()
            fact = Fact(fact=self._names.question(name))
            answer = self._next().casefold()
            if answer not in ("ya", "tidak"):
                raise UserError(_('Sesudah pertanyaan {name} tulis "ya" atau "tidak".').format(name=name))
            return fact if answer == "ya" else Not(part=fact)
        for code, words in CASES.items():
            first, *rest = words.split()
            if word == first:
                for other in rest:
                    self._expect(other)
                return Fact(fact=code)
        raise _not_understood(token)

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, wanted: str) -> None:
        token = self._next()
        if token.casefold() != wanted:
            raise UserError(
                _('Pada aturan ditunggu "{wanted}", tertulis "{token}".').format(wanted=wanted, token=token[:60])
            )

    def _name(self) -> str:
        token = self._next()
        if not token.startswith('"'):
            raise UserError(_('Tulis nama di antara tanda petik, misalnya jenis "Hilang".'))
        return token


def _tokens(text: str) -> Iterator[str]:
    text, at = _straight(text).strip(), 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise UserError(_("Tanda petik pada aturan tidak ditutup."))
        at = found.end()
        yield found["text"] or found["mark"] or found["word"]


def _code(token: str, known: dict[str, str], former: dict[str, str], unknown: str) -> str:
    name = _fold(token[1:-1].replace('""', '"'))
    by_former = ((code, called) for code, called in former.items() if code in known)
    for code, called in (*known.items(), *zip(known, known, strict=True), *by_former):
        if _fold(called) == name:
            return code
    raise UserError(unknown.format(name=token[:80]))


def _not_understood(token: str) -> UserError:
    if not token:
        return UserError(_("Aturan terputus di tengah."))
    return UserError(_('Kata "{token}" pada aturan tidak dikenal.').format(token=token[:60]))
