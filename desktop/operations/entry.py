"""What the entry bar was given: a NIK, a number, a phone, a service or a name, decided by its shape."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import lru_cache

from desktop.i18n import _
from desktop.operations.cleaning import clean
from desktop.operations.identity import NIK_DIGITS, read_phone
from desktop.operations.numbering import FileNumber, ShortNumber, parse, parse_short

_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015\u2212]+")
_NUMBER_SHAPE = re.compile(r"[0-9]{6}[-\u2010-\u2015\u2212][0-9]{0,3}([-\u2010-\u2015\u2212][0-9]*)*")
# What Indonesian puts before a root: ke-lahir-an, per-nikah-an, peng-ambil-an.
_PREFIXES = ("ke", "pe", "pem", "pen", "peng", "per")


class Kind(StrEnum):
    """What a text in the entry bar is."""

    EMPTY = "empty"
    NIK = "nik"
    NUMBER = "number"
    BAD_NUMBER = "bad_number"
    SHORT_NUMBER = "short_number"
    PHONE = "phone"
    SERVICE = "service"
    NAME = "name"


@dataclass(frozen=True)
class Guess:
    """``value`` is the text as it is looked up: digits, a kept phone number, or the cleaned words.

    ``is_whole``: nothing more has to be typed. Only a whole NIK may act by itself; everything else waits for
    Enter or for the scanner's, because the first five digits of a NIK look like a short number. ``sentence``
    says what is wrong.
    """

    kind: Kind
    value: str
    is_whole: bool = True
    number: FileNumber | None = None
    short: ShortNumber | None = None
    services: tuple[str, ...] = ()
    sentence: str | None = None


def guess(text: str, services: Mapping[str, str] | None = None) -> Guess:
    """Decide what ``text`` is. ``services``: the words of each service by its key; the matches come ranked.

    A text of letters whose every word begins a word of a service is a service, else a name.
    """
    said = clean(text)
    if any(character.isalpha() for character in said):
        matches = rank_services(said, services or {})
        return Guess(Kind.SERVICE if matches else Kind.NAME, said, services=matches)
    digits = _BETWEEN.sub("", said)
    if not re.fullmatch(r"\+?[0-9]+", digits):
        return Guess(Kind.NAME if any(map(str.isalnum, said)) else Kind.EMPTY, said)
    return _guess_digits(said, digits)


def rank_services(text: str, services: Mapping[str, str]) -> tuple[str, ...]:
    """The keys of the services in which every typed word begins a word or its root; the closest first.

    Whole words count most, then words that stand early, then short names. One letter alone finds nothing.
    """
    typed = _words(text)
    if len("".join(typed)) < 2:
        return ()
    ranked = []
    for key, name in services.items():
        words = _words(name)
        places = [place for word in typed if (place := _place(word, words)) is not None]
        if len(places) == len(typed):
            whole = sum(word in words for word in typed)
            ranked.append((-whole, sum(places), len(words), name, key))
    return tuple(key for *_rank, key in sorted(ranked))


def _guess_digits(said: str, digits: str) -> Guess:
    count = len(digits)
    is_number = bool(_NUMBER_SHAPE.fullmatch(said))
    if count in (NIK_DIGITS, NIK_DIGITS + 1) and digits.isdigit() and not is_number:
        return Guess(Kind.NIK, digits[:NIK_DIGITS])  # a 17th key press is ignored
    if number := parse(digits):
        return Guess(Kind.NUMBER, number.digits, number=number)
    if is_number and count < 14:
        return Guess(Kind.NUMBER, digits, is_whole=False)
    if short := parse_short(digits):
        return Guess(Kind.SHORT_NUMBER, short.digits, short=short)
    if digits.startswith("00") and count < 5:
        return Guess(Kind.SHORT_NUMBER, digits, is_whole=False)
    # No regency is coded 62.8x, so 628 is a phone; else 62 begins the NIKs of Kalimantan Tengah.
    if digits.startswith(("+", "0062", "628")) or re.match("0(?!0)", digits):
        phone = read_phone(said)
        sentence = phone.errors[0] if phone.errors else None
        return Guess(Kind.PHONE, phone.value, is_whole=not phone.errors, sentence=sentence)
    is_number = is_number or (count == 14 and _begins_with_a_day(digits))
    if count < NIK_DIGITS and not is_number and digits[0] != "0":
        return Guess(Kind.NIK, digits, is_whole=False)
    return Guess(
        Kind.BAD_NUMBER,
        digits,
        sentence=_("Nomor tidak dikenal atau salah baca. Ketik 4 angka urut dan angka terakhirnya."),
    )


def _begins_with_a_day(digits: str) -> bool:
    # No province is coded 22 to 30, so until 2030 two digits tell a number from a NIK that lacks two.
    if 22 <= int(digits[:2]) <= 30:
        return True
    try:
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return False
    return True


def _place(typed: str, words: Iterable[str]) -> int | None:
    # People say "akta lahir" for the pencatatan kelahiran; shorter roots would find half of all words.
    begins = (typed, *(prefix + typed for prefix in _PREFIXES)) if len(typed) >= 4 else typed
    return next((place for place, word in enumerate(words) if word.startswith(begins)), None)


@lru_cache(maxsize=1024)
def _words(text: str) -> tuple[str, ...]:
    plain = unicodedata.normalize("NFKD", text).casefold()
    words = []
    for written in plain.split():
        pieces = re.findall(r"[^\W_]+", "".join(c for c in written if not unicodedata.combining(c)))
        words += pieces
        if len(pieces) > 1:
            words.append("".join(pieces))  # "ktpel" and "ktp-el" both find KTP-el
    return tuple(words)
