"""A supervisor's consent at an officer's desk: a PIN typed there, for one act; who is signed in does not change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.operations import access, amending
from desktop.operations.amending import ConsentWanted
from desktop.operations.desk import Desk
from desktop.ui.amending import AmendForm
from desktop.ui.choices import Option
from desktop.ui.feedback import Feedback
from desktop.ui.inputs import DigitsField
from desktop.ui.list_field import ListField, within

if TYPE_CHECKING:
    from desktop.ui.today import TodayScreen


class ConsentForm(AmendForm):
    """Which supervisor, and the PIN; the sixth digit is enough, as at the sign-in."""

    title = N_("Persetujuan pengawas")
    label = N_("Setujui")
    explanation = N_(
        "Pengawas mengetik PIN-nya sendiri di sini. Petugas di loket ini tidak berganti; keduanya tercatat di riwayat."
    )
    icon = "user"

    def __init__(self, feedback: Feedback, supervisors: Sequence[tuple[str, str]]) -> None:
        super().__init__(feedback)
        people = [Option(id_, name) for id_, name in supervisors]
        self.who = self.add(
            ListField("supervisor", _("Pengawas"), within(people), hint=_("Ketik sebagian nama"))
        )
        self.pin = self.add(
            DigitsField("supervisor_pin", _("PIN 6 angka"), groups=(access.PIN_LENGTH,), password=True)
        )
        if len(people) == 1:
            self.who.set_option(people[0])

    def start(self) -> None:
        (self.pin if self.who.value() else self.who).setFocus()

    def is_dirty(self) -> bool:
        return False  # half a PIN is nothing to keep

    def refuse(self, sentence: str) -> None:
        """Say why not, and wait for another PIN."""
        self.pin.clear()
        self.pin.setFocus()
        self.pin.say("error", sentence)


@dataclass(frozen=True)
class Consent:
    """A supervisor let this officer do one act to this file."""

    application_id: str
    officer_id: str
    supervisor_id: str


class Consenting(QObject):
    """Asks for a supervisor where an operation wants one; what they allow is done at once, and is done once."""

    def __init__(self, screen: TodayScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._consent: Consent | None = None
        self._wanted: Callable[[], None] | None = None  # what a supervisor is asked for

    def desk(self) -> Desk | None:
        """The desk, with the supervisor who consented to what its officer now does to the file of the card."""
        card, desk, consent = self._screen.card.card, self._screen.around.desk, self._consent
        if card is None or desk is None or consent is None:
            return desk
        is_meant = (consent.application_id, consent.officer_id) == (card.id, desk.officer_id)
        return replace(desk, authorised_by=consent.supervisor_id) if is_meant else desk

    def refused(self, problem: UserError, wanted: Callable[[], None]) -> None:
        """Say it; where a supervisor may let it be done, ask for one."""
        screen = self._screen
        screen.around.feedback.tell(problem)
        if not isinstance(problem, ConsentWanted):
            return
        with screen.reading() as session:
            people = [(one.id, one.display_name) for one in amending.supervisors(session)]
        if people:
            form = ConsentForm(screen.around.feedback, people)
            form.finished.connect(screen.about_file.save)
            self._wanted = wanted
            screen.about_file.put_up(form)

    def take(self, form: ConsentForm) -> None:
        """Look at the PIN; where it is right, what was wanted is done."""
        screen = self._screen
        card, desk, supervisor_id, wanted = screen.card.card, screen.around.desk, form.who.value(), self._wanted
        if card is None or desk is None or wanted is None:
            return
        if supervisor_id is None:
            form.show_error(UserError(_("Pilih pengawas dari daftar."), field="supervisor"))
            return
        if not form.pin.is_full():
            form.refuse(_("PIN terdiri dari 6 angka."))
            return
        try:
            with screen.saving() as session:  # kept even where it is refused: wrong tries are counted
                outcome = amending.consent(session, supervisor_id, form.pin.value(), screen.around.unkept)
        except UserError as problem:
            form.refuse(problem.message)
            return
        if outcome.officer is None:
            form.refuse(outcome.sentence or "")
            return
        screen.about_file.close()
        screen.around.feedback.clear()
        self._consent = Consent(card.id, desk.officer_id, supervisor_id)
        wanted()

    def end(self) -> None:
        """What was consented to is done, or is not wanted any more."""
        self._consent = self._wanted = None
