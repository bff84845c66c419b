"""Words, dates and amounts in the reader's language: Indonesian is the source, English the translation.

To add a language: a file resources/translations/<code>.po, its code in LANGUAGES and in settings.Settings.language.
"""

from __future__ import annotations

import gettext
import io
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time
from functools import lru_cache
from pathlib import Path

LANGUAGES = {"id": "Bahasa Indonesia", "en": "English"}
TRANSLATIONS = Path(__file__).resolve().parent.parent / "resources" / "translations"

# The program's language, and the one a piece of work asks for (papers are made in the background in the citizen's
# language while the screens may be in another).
_default = "id"
_speaking: ContextVar[str | None] = ContextVar("speaking", default=None)


def use(language: str) -> None:
    """Set the language of the screens; an unknown code falls back to Indonesian."""
    global _default
    _default = language if language in LANGUAGES else "id"


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak another language within this block and this thread only."""
    token = _speaking.set(language)
    try:
        yield
    finally:
        _speaking.reset(token)


def language() -> str:
    """The code of the language spoken now."""
    return _speaking.get() or _default


@lru_cache(maxsize=4)
def _catalogue(code: str) -> gettext.NullTranslations:
    path = TRANSLATIONS / f"{code}.po"
    if code == "id" or not path.exists():
        return gettext.NullTranslations()
    # Babel is paid for only by those who read another language; no compiled file has to be kept in step.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    compiled = io.BytesIO()
    with path.open("rb") as source:
        write_mo(compiled, read_po(source))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)


def _(text: str) -> str:
    """The text in the language spoken now; the argument is the Indonesian sentence itself."""
    return _catalogue(language()).gettext(text) if text else ""


def ngettext(one: str, many: str, count: int) -> str:
    """The singular or plural text for ``count`` (Indonesian has one form; English has two)."""
    return _catalogue(language()).ngettext(one, many, count)


def N_(text: str) -> str:
    """Mark a text for translation where it is only stored; ``_()`` translates it where it is shown."""
    return text


_DAYS = {
    "id": ("Senin", "Selasa", "Rabu", "Kamis", "Jumat", "Sabtu", "Minggu"),
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
}
_MONTHS = {
    "id": (
        "Januari",
        "Februari",
        "Maret",
        "April",
        "Mei",
        "Juni",
        "Juli",
        "Agustus",
        "September",
        "Oktober",
        "November",
        "Desember",
    ),
    "en": (
        "January",
        "February",
        "March",
        "April",
        "May",
        "June",
        "July",
        "August",
        "September",
        "October",
        "November",
        "December",
    ),
}


def weekday(day: date) -> str:
    """ "Senin"."""
    return _DAYS[language()][day.weekday()]


def day_month(day: date) -> str:
    """ "11 Juni"."""
    return f"{day.day} {_MONTHS[language()][day.month - 1]}"


def plain_date(day: date) -> str:
    """ "23 November 2026"."""
    return f"{day_month(day)} {day.year}"


def long_date(day: date) -> str:
    """ "Senin, 23 November 2026"."""
    return f"{weekday(day)}, {plain_date(day)}"


def short_date(day: date) -> str:
    """ "23-11-2026"."""
    return f"{day:%d-%m-%Y}"


def clock_time(moment: datetime | time) -> str:
    """ "09.12" in Indonesian, "09:12" in English; the moment is already in the hall's zone."""
    return f"{moment:%H.%M}" if language() == "id" else f"{moment:%H:%M}"


def number(value: int) -> str:
    """ "1.234" in Indonesian, "1,234" in English."""
    text = f"{value:,}"
    return text.replace(",", ".") if language() == "id" else text


def rupiah(value: int) -> str:
    """ "Rp10.000": whole rupiah, as offices write it."""
    return "Rp" + number(value)


def percent(part: int, whole: int) -> str:
    """ "82%", or a dash where there is nothing to divide by."""
    return f"{round(100 * part / whole)}%" if whole else "–"


def join_words(words: Sequence[str]) -> str:
    """ "a, b dan c"."""
    if len(words) < 2:
        return "".join(words)
    return _("{first} dan {last}").format(first=", ".join(words[:-1]), last=words[-1])
