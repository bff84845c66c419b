"""Names as they are searched for: folded so that spelling habits do not hide a person."""

from __future__ import annotations

import unicodedata


def fold(name: str) -> str:
    """The name in capitals without marks, for the search index."""
    plain = unicodedata.normalize("NFKD", name.upper())
    return " ".join(
        "".join(
            c if c.isalnum() else "" if c in "'’‘`ʼ" else " " for c in plain if not unicodedata.combining(c)
        ).split()
    )
