"""A conversation with a thermal printer over any line: may it print, here is the paper, did it come out?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from desktop.errors import UserError
from desktop.i18n import _
from desktop.printers import escpos

CHUNK = 4096


@dataclass(frozen=True)
class Patience:
    """Seconds to wait: for a connection, for an answer, for the next bytes to be taken, for the paper to be out."""

    connect: float = 4
    answer: float = 1
    progress: float = 8
    finish: float = 20


PATIENCE = Patience()


class Line(Protocol):
    """Bytes there and back. Both raise OSError when the line is dead, ``send`` TimeoutError when nothing moves."""

    def send(self, data: bytes, seconds: float) -> None:
        """Give the printer all of it; so many seconds without progress are too many."""
        ...

    def hear(self, seconds: float) -> int | None:
        """The next byte it says, None when it stays silent."""
        ...


def print_over(line: Line, data: bytes, patience: Patience = PATIENCE) -> None:
    """Print, and look whether it came out. UserError with the cause where it did not.

    A printer that answers no question (many cheap ones do not) is believed to print what it took.
    """
    try:
        answers = _status(line, patience)
        _refuse(answers)
        try:
            for at in range(0, len(data), CHUNK):
                line.send(data[at : at + CHUNK], patience.progress)
        except TimeoutError:
            _refuse(_status(line, patience))
            raise
        if answers:
            _see_it_out(line, patience)
    except OSError as problem:
        raise UserError(_("Printer berhenti menjawab. Periksa kertas, daya, dan kabelnya.")) from problem


def _status(line: Line, patience: Patience) -> dict[int, int]:
    answers: dict[int, int] = {}
    for question in (1, 2, 3, 4):
        line.send(escpos.WHAT_IS_WRONG + bytes([question]), patience.answer)
        heard = line.hear(patience.answer)
        if heard is None or not escpos.is_status(heard):
            break
        answers[question] = heard
    return answers


def _refuse(answers: dict[int, int]) -> None:
    if (problem := escpos.trouble(answers)) is not None:
        raise problem


def _see_it_out(line: Line, patience: Patience) -> None:
    line.send(escpos.WHEN_DONE, patience.progress)
    done = line.hear(patience.finish)
    if done is None:
        _refuse(_status(line, patience))
        raise TimeoutError
    if escpos.is_out_of_paper(done):
        raise UserError(_("Kertas printer habis. Pasang gulungan baru."))
