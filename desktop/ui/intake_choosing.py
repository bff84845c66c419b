"""Which service is asked for, and what comes with it: its standard, its terms, and what was found of its papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations import intake, reception
from desktop.operations.case import questions
from desktop.operations.intake_form import OutageForm, case_of
from desktop.operations.reception import Offer, Standard
from desktop.operations.requirements import Check, Extra, State, assess, refusal
from desktop.ui.intake_summary import Terms

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen


class Choosing(QObject):
    """Puts a service on the desk and takes down the marks of its checklist."""

    def __init__(self, screen: IntakeScreen) -> None:
        super().__init__(screen)
        self._screen = screen

    def say_refusal(self) -> None:
        """Say under "Untuk" that this service wants the person themselves."""
        screen = self._screen
        whom = screen.people.whom
        sentence = refusal(screen.standard.definition, screen.people.for_whom()) if screen.standard else None
        if sentence:
            whom.say("error", sentence)
        elif whom.state == "error":
            whom.say("normal")

    @Slot(str)
    def choose(self, service_id: str) -> None:
        """The officer chose a service; a further visit keeps its own."""
        screen = self._screen
        if screen.returning is not None:
            return
        offer = next((offer for offer in screen.panel.offers if offer.service_id == service_id), None)
        if offer is None or not self.put_up(offer, screen.people.outage()):
            return
        screen.touch()
        if not screen.whom_chosen and screen.standard is not None:
            screen.people.set_whom(screen.standard.definition.default_for_whom)
        self.say_refusal()
        screen.lookup.look_for_files()
        screen.edited()
        screen.walk.go_on()

    def put_up(self, offer: Offer, paper: OutageForm | None = None) -> bool:
        """Put this service and its standard on the desk; False where it has none that can be used.

        ``paper`` is the emergency form that is being typed in.
        """
        screen = self._screen
        if screen.offer is not None and offer.service_id == screen.offer.service_id:
            screen.panel.service.show_offer(offer)
            return True
        try:
            with screen.reading() as session:
                standard = reception.standard_of(session, screen.desk, offer.service_id, paper)
                screen.terms = self.terms_of(session, offer, standard)
        except UserError as problem:
            screen.panel.service.set_option(None)
            screen.tell(problem)
            return False
        screen.offer, screen.standard = offer, standard
        screen.people.set_usual(standard.definition.default_for_whom)
        screen.checks, screen.extras, screen.asked_once = {}, (), False
        screen.panel.show_questions([], {})
        screen.panel.show_service(offer, standard.definition.variants)
        screen.panel.variant.set_value(None)
        return True

    def work_out(self) -> None:
        """What is asked, and what of it is there."""
        screen = self._screen
        screen.assessment = None
        if screen.standard is None or (screen.offer is not None and screen.offer.record_only):
            return
        definition, frozen = screen.standard.definition, screen.returning.asked if screen.returning else None
        if screen.returning is None:
            case = case_of(screen.form(), screen.today())
            screen.panel.show_questions(questions(definition, case), dict(case.answers))
        case = case_of(screen.form(), screen.today())
        screen.assessment = assess(definition, case, screen.checks, screen.extras, frozen)

    def renew(self) -> None:
        """Show the list of the standard that is in force by now; what was typed and found stays."""
        screen = self._screen
        desktop = screen.desktop()
        screen.offer = None
        screen.show_desktop(desktop)

    def terms_of(self, session: Any, offer: Offer, standard: Standard) -> Terms:
        """What the right column says of the standard."""
        screen = self._screen
        moment = screen.around.store.clock()
        promised = intake.promise_for(session, screen.desk, offer.agency_id, standard.definition, moment)
        coming = reception.next_standard_sentence(screen.desk, standard, moment)
        warnings = tuple(sentence for sentence in (promised.warning, coming) if sentence)
        # A promise of minutes counts from F9, so its clock time is not known before.
        when = _("{duration} sesudah lengkap").format(duration=promised.text)
        return Terms(standard.definition, when if isinstance(promised.due, datetime) else promised.on_paper,
                     standard.decree, warnings)  # fmt: skip

    @Slot(object)
    def found(self, what: dict[str, Check]) -> None:
        """Marks of the checklist."""
        screen = self._screen
        for code, check in what.items():
            if check.state is State.UNCHECKED:
                screen.checks.pop(code, None)
            else:
                screen.checks[code] = check
        screen.asked_once = False
        screen.edited()

    @Slot(object)
    def add_extra(self, extra: Extra) -> None:
        """A paper beyond the standard."""
        screen = self._screen
        taken = {known.code for known in screen.extras}
        number = next(n for n in range(1, 100) if f"EXTRA_{n}" not in taken)
        screen.extras = (*screen.extras, replace(extra, code=f"EXTRA_{number}"))
        screen.asked_once = False
        screen.edited()
        screen.walk.to(screen.panel.checklist)
