"""The file that F9 made last: how its paper fares, its reprint, and taking it back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal, Slot

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.operations import issuing, print_jobs
from desktop.operations.intake_form import RECEIPT, Outcome
from desktop.operations.search import number_text
from desktop.operations.undo import undo
from desktop.ui.intake_draft import Desktop
from desktop.ui.intake_summary import LastPaper
from desktop.ui.screen import Surroundings

# Why a paper comes out again (users.md 1.15), in the order of the digits.
REPRINTS = {
    "not_out": N_("belum keluar dari printer"),
    "lost": N_("hilang"),
    "damaged": N_("rusak"),
}


@dataclass(frozen=True)
class Last:
    """What was kept, what stood on the desk then, and what is known of the paper ("info", "good" or "bad").

    ``state`` is marked with N_, so that it follows the language; what a printer complained of stays as it was said.
    """

    outcome: Outcome
    desktop: Desktop
    kind: str = "info"
    state: str = ""

    @property
    def short(self) -> str:
        """ "0041-7": what people say."""
        return self.outcome.short[:4] + "-" + self.outcome.short[4:]


class LastFile(QObject):
    """Follows one file from F9 until the next one. ``tell`` says a UserError."""

    changed = Signal()

    def __init__(self, owner: QObject, around: Surroundings, tell: Callable[[UserError], None]) -> None:
        super().__init__(owner)
        assert around.desk is not None
        self.last: Last | None = None
        self._around, self._desk, self._tell = around, around.desk, tell
        around.printing.done.connect(self._printed)
        around.printing.trouble.connect(self._trouble)

    def made(self, outcome: Outcome, desktop: Desktop, *, prints: bool) -> None:
        """F9 kept a file; its paper goes out now, or with Ctrl+P."""
        self.last = Last(outcome, desktop)
        if prints:
            words = _("Berkas {number} tersimpan. Kertas sedang dicetak.")
            self._say_state("info", N_("Kertas sedang dicetak."))
        else:
            words = _("Berkas {number} tersimpan. Kertas dicetak nanti dengan Ctrl+P.")
            self._say_state("info", N_("Kertas belum dicetak. Ctrl+P mencetaknya."))
        said = words.format(number=self.last.short)
        if outcome.takes_back:
            said = _("{sentence} Berkas {number} dibatalkan; tarik kertas {number} dari pemohon.").format(
                sentence=said, number=outcome.takes_back
            )
        self._around.feedback.say("warning" if outcome.takes_back else "good", said, 20 if outcome.takes_back else 12)
        if prints:
            self._around.printing.out(outcome.print_id)

    def undo(self, park: Callable[[Any, Desktop], None] | None) -> Desktop | None:
        """Take it back; gives what stood on the desk, ready to be kept anew. None where that is no longer possible.

        ``park`` puts it aside in the same save, where the desk has no room for it.
        """
        last = self.last
        if last is None:
            return None
        again = last.desktop
        if again.form.application_id is None:
            # The number stays as a void one, and the file that replaces it names it.
            form = replace(again.form, previous_id=last.outcome.application_id, seen=())
            again = replace(again, form=form, opened=None)
        elif again.opened is not None:
            # Taking it back changes the file too, and nobody has to be told of what they did themselves.
            again = replace(again, opened=replace(again.opened, seen=()))
        try:
            with self._around.store.saving(self._desk.officer_id) as session:
                undo(session, self._desk, last.outcome)
                if park is not None:
                    park(session, again)
        except UserError as problem:
            self._tell(problem)
            return None
        self.last = None
        self.changed.emit()
        return again

    def reprint(self) -> None:
        """Papers that wait go out; else the last one again, and why."""
        if self.waiting():
            count = self._around.printing.out_waiting()
            self._around.feedback.say("info", _("{count} lembar dikirim ke printer.").format(count=count))
        elif self.last is None:
            words = _("Belum ada kertas yang dapat dicetak ulang. Cari berkasnya dahulu.")
            self._around.feedback.say("info", words)
        else:
            self._around.feedback.ask(
                _("Cetak lagi kertas {number}. Kertas yang pertama:").format(number=self.last.short),
                [_(words) for words in REPRINTS.values()],
                lambda place: self._again(list(REPRINTS)[place]),
            )

    def waiting(self) -> int:
        """How many papers have not left this PC."""
        with self._around.store.reading() as session:
            return len({job.print_id for job in issuing.waiting_prints(session)})

    def ask_unsure(self) -> None:
        """Papers that were being sent when the program was killed: only the officer can see whether they came out."""
        printing = self._around.printing
        with self._around.store.reading() as session:
            unsure = [one for one in issuing.unsure_prints(session) if one[0] not in printing.under_way()]
        if unsure:
            print_id, number = unsure[0]
            words = _("Kertas nomor {number} sudah keluar dari printer?").format(number=f"{number[9:13]}-{number[13]}")
            self._around.feedback.ask(
                words, [_("Sudah"), _("Belum, cetak sekarang")], lambda place: self._looked(print_id, place == 0)
            )

    def _looked(self, print_id: str, is_out: bool) -> None:
        if is_out:
            try:
                with self._around.store.saving(self._desk.officer_id) as session:
                    print_jobs.call_back(session, [print_id])
            except UserError as problem:
                self._tell(problem)  # asked again at the next start
                return
        else:
            self._around.printing.out(print_id)
        self.ask_unsure()

    def show_on(self, paper: LastPaper, *, large: bool) -> None:
        """Show it in the right column; a paper that did not come out is always large, to be written by hand."""
        last = self.last
        if last is None:
            paper.hide()
            return
        kind = _("TANDA TERIMA") if last.outcome.paper == RECEIPT else _("LEMBAR KEKURANGAN")
        about = _("{paper} · {name}").format(paper=kind, name=last.desktop.form.applicant.name)
        number = number_text(last.outcome.number)
        state = _(last.state) if last.state else ""
        paper.show_paper(last.short, number, about, last.kind, state, large=large or last.kind == "bad")

    def _again(self, reason: str) -> None:
        if self.last is None:
            return
        try:
            with self._around.store.saving(self._desk.officer_id) as session:
                print_id = issuing.reprint(session, self._desk, self.last.outcome.application_id, reason)
        except UserError as problem:
            self._tell(problem)
            return
        self.last = replace(self.last, outcome=replace(self.last.outcome, print_id=print_id))
        self._say_state("info", N_("Kertas sedang dicetak."))
        self._around.printing.out(print_id)

    def _say_state(self, kind: str, state: str) -> None:
        if self.last is not None:
            self.last = replace(self.last, kind=kind, state=state)
            self.changed.emit()

    def _is_about(self, print_id: str) -> bool:
        return self.last is not None and self.last.outcome.print_id == print_id

    @Slot(str, str)
    def _printed(self, print_id: str, sentence: str) -> None:
        if self._is_about(print_id):
            self._say_state("good", sentence)

    @Slot(str, str)
    def _trouble(self, print_id: str, sentence: str) -> None:
        if self._is_about(print_id):
            self._say_state(
                "bad", _("{sentence} Tulis nomor ini dengan tangan, lalu Ctrl+P.").format(sentence=sentence)
            )
        if self._around.feedback.is_asking():
            return  # a digit that is about to answer must not land elsewhere; the line of the paper tells it
        words = _("{sentence} {count} lembar menunggu; tekan Ctrl+P bila sudah siap.")
        self._around.feedback.say("bad", words.format(sentence=sentence, count=self.waiting()), 30)
