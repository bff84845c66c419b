"""What a scanned code is, and what the desk answers to it wherever the officer is (screens.md L3)."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy.orm import Session

from desktop.i18n import _, ngettext
from desktop.models.base import now
from desktop.models.local import ApplicationNow
from desktop.operations import history, numbering, reception, search
from desktop.operations.desk import Desk

LENGTH = 14
# The agency has the file now, and its promise runs.
UNDER_WAY = ("REGISTERED", "FORWARDED", "IN_PROCESS", "FIELD_CHECK", "AWAITING_STOCK")


class Shape(StrEnum):
    """What a code of ours can be."""

    NUMBER = "number"
    TEST = "test"  # a test page, read right
    DAMAGED = "damaged"


def shape_of(code: str) -> Shape | None:
    """What a code is by its digits alone; None for one that is not ours and belongs where it was typed."""
    if numbering.parse(code):
        return Shape.NUMBER
    if numbering.is_test(code):
        return Shape.TEST
    return Shape.DAMAGED if len(code) == LENGTH and may_begin(code) else None


def may_begin(code: str) -> bool:
    """Whether a number of ours can begin so: a day, then digits; nothing begins none."""
    if not (0 < len(code) <= LENGTH and code.isascii() and code.isdigit()):
        return False
    month, day = code[2:4], code[4:6]
    return (month[:1] in ("", "0", "1") and (len(month) < 2 or 1 <= int(month) <= 12)) and (
        day[:1] in ("", "0", "1", "2", "3") and (len(day) < 2 or 1 <= int(day) <= 31)
    )


@dataclass(frozen=True)
class Answer:
    """What is said to a scan; ``card`` is the file, where it is on this PC."""

    code: str
    shape: Shape
    sentence: str
    card: history.Card | None = None
    days_left: int | None = None  # until the promise, where the file is still worked on; below zero: so many late

    @property
    def short(self) -> str:
        """ "0041-3", as people say it."""
        return search.number_text(self.code)[11:]

    @property
    def days_words(self) -> str:
        """How long it still takes, or how late it is."""
        if self.days_left is None:
            return ""
        if self.days_left < 0:
            late = -self.days_left
            words = ngettext("Lewat batas waktu {count} hari.", "Lewat batas waktu {count} hari.", late)
            return words.format(count=late)
        if self.days_left == 0:
            return _("Batas waktunya hari ini.")
        return ngettext("{count} hari lagi.", "{count} hari lagi.", self.days_left).format(count=self.days_left)

    @property
    def word(self) -> str:
        """How it stands, for a line in a list."""
        if self.card is not None:
            return self.card.state_word
        return {
            Shape.TEST: _("Lembar uji cetak"), Shape.NUMBER: _("Belum ada di PC ini"), Shape.DAMAGED: _("Salah baca"),
        }[self.shape]  # fmt: skip

    @property
    def is_found(self) -> bool:
        """Whether the paper says something, so that the high tone sounds."""
        return self.card is not None or self.shape is Shape.TEST

    @property
    def is_open(self) -> bool:
        """Whether its missing lines can be looked at here and now."""
        return self.card is not None and self.card.can_resume


def answer(session: Session, desk: Desk, code: str) -> Answer:
    """The answer to a scanned code; any text is safe."""
    shape = shape_of(code) or Shape.DAMAGED
    if shape is Shape.TEST:
        return Answer(code, shape, _("Ini lembar uji cetak. Printer, barcode, dan pemindai berfungsi."))
    files = reception.files_by_number(session, desk, code) if shape is Shape.NUMBER else []
    if not files or files[0].id is None:
        return Answer(code, shape, reception.unknown_number_sentence(session, desk, code))
    card = history.card(session, desk, files[0].id)
    if card.can_resume:
        words = _("Belum lengkap. Periksa yang kurang saja.")
    else:
        words = reception.file_sentence(session, desk, card.id)
    row = session.get_one(ApplicationNow, card.id)
    is_promised = row.promised_at is not None and row.state in UNDER_WAY
    left = (desk.day(row.promised_at) - desk.day(now(session))).days if row.promised_at and is_promised else None
    return Answer(code, shape, words, card, left)
