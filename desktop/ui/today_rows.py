"""What a line in the list of files says, and which lines a digit leaves in it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from desktop.i18n import N_, _, ngettext, number
from desktop.operations.search import Found
from desktop.ui import style


@dataclass(frozen=True)
class Chip:
    """A state that is listed by its digit; ``meets`` is given a file and the officer at the desk."""

    value: str
    words: str
    meets: Callable[[Found, str], bool]


_DONE = ("RETURNED", "READY", "HANDED_OVER", "REJECTED", "WITHDRAWN", "LAPSED", "VOID", None)
# In the order of their digits.
CHIPS = (
    Chip("all", N_("Semua"), lambda row, me: True),
    Chip("short", N_("Belum lengkap"), lambda row, me: row.state == "RETURNED"),
    Chip("registered", N_("Terdaftar"), lambda row, me: row.state not in _DONE and row.id is not None),
    Chip("ready", N_("Siap diambil"), lambda row, me: row.state == "READY"),
    Chip("void", N_("Dibatalkan"), lambda row, me: row.state == "VOID"),
    Chip("mine", N_("Berkas saya"), lambda row, me: row.officer_id == me),
)


def who(row: Found) -> str:
    """The applicant, and whom else it is about."""
    return f"{row.applicant or '–'} · {row.also}" if row.also else row.applicant or "–"


def status(row: Found) -> str:
    """How it stands, in a word or two."""
    if row.remark:
        return row.remark
    if row.state == "RETURNED" and row.missing:
        return _("{state} · kurang {count}").format(state=row.state_word, count=row.missing)
    return row.state_word


def counted(shown: int, of: int, *, is_cut: bool) -> str:
    """How many files are listed, of how many found; ``is_cut``: there are more than a search lists."""
    if is_cut:
        return _("{shown} berkas, masih ada yang lain").format(shown=number(shown))
    if shown == of:
        return ngettext("{count} berkas", "{count} berkas", of).format(count=number(of))
    return _("{shown} dari {count} berkas").format(shown=number(shown), count=number(of))


def nothing() -> tuple[QFrame, QLabel]:
    """What stands in the table's place when there is nothing to list."""
    frame = QFrame()
    frame.setProperty("role", "card")
    column = QVBoxLayout(frame)
    picture = style.label("")
    picture.setPixmap(style.pixmap("inbox", "muted", 40))
    words = style.label("", "muted")
    words.setObjectName("today_empty")
    words.setWordWrap(True)
    words.setAlignment(Qt.AlignmentFlag.AlignCenter)
    column.addStretch(2)
    column.addWidget(picture, 0, Qt.AlignmentFlag.AlignHCenter)
    column.addWidget(words)
    column.addStretch(3)
    return frame, words
