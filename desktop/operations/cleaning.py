"""Typed, pasted and scanned text as it may be kept: nothing invisible, never silently shortened."""

from __future__ import annotations

import unicodedata

from desktop.errors import UserError
from desktop.i18n import _, number

# Letters that show nothing: a "name" made of them would pass every other check and look empty on paper.
_BLANK_LETTERS = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0")
# Control (C0, C1, NUL), format (bidi, zero width, byte order mark, tags) and lone surrogates.
_UNSEEN = frozenset({"Cc", "Cf", "Cs"})


def clean(text: str) -> str:
    """The text without what nobody sees, spaces folded, ends trimmed, composed (NFC).

    Never raises; cleaning twice changes nothing; the result always encodes to UTF-8. A NUL or half an emoji
    in a name would be refused by the centre and block this counter's queue for ever (reliability.md F7).
    """
    if text.isascii() and text.isprintable():  # most of what is typed, and nothing in it can be unseen
        return " ".join(text.split())
    seen = "".join(character for character in text if character.isspace() or _is_seen(character))
    return " ".join(unicodedata.normalize("NFC", seen).split())


def clean_text(text: str, limit: int, *, field: str | None = None) -> str:
    """``clean``; more than ``limit`` characters raise UserError with the limit in words."""
    cleaned = clean(text)
    if len(cleaned) > limit:
        raise UserError(
            _("Paling banyak {limit} huruf; sekarang {count}. Singkatkan dahulu.").format(
                limit=number(limit), count=number(len(cleaned))
            ),
            field=field,
        )
    return cleaned


def _is_seen(character: str) -> bool:
    return (
        unicodedata.category(character) not in _UNSEEN
        and character not in _BLANK_LETTERS
        # U+FFFE and its like are no characters in any text; XML and PostgreSQL's tools refuse them
        and ord(character) & 0xFFFE != 0xFFFE
        and not 0xFDD0 <= ord(character) <= 0xFDEF
    )
