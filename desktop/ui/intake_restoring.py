"""The desk of the intake screen as a whole: emptied, put up again as it was, and carried into a screen built anew."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QApplication, QWidget

from desktop.operations import reception, voiding
from desktop.operations.case import questions
from desktop.operations.intake_form import case_of
from desktop.operations.reception import Returning
from desktop.ui.intake_draft import Desktop

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen


class Restoring(QObject):
    """What the screen is given to hold is emptied, put up and kept here; its ``form`` and ``desktop`` take it down."""

    def __init__(self, screen: IntakeScreen) -> None:
        super().__init__(screen)
        self._screen = screen

    def clear(self) -> None:
        """Nothing and nobody is at the desk."""
        screen = self._screen
        if screen.panel.isAncestorOf(QApplication.focusWidget()):
            # What has the cursor is about to be hidden; Qt would try one field after the other for it.
            screen.walk.to(screen.bar)
        screen.aside.begin()
        screen.offer = screen.standard = screen.returning = screen.assessment = screen.terms = None
        screen.checks, screen.extras = {}, ()
        screen.whom_chosen = screen.asked_once = False
        screen.started_at, screen.parked_s = None, 0
        screen.previous_id, screen.authorised_by, screen.replaces = None, None, ""
        screen.lookup.forget()
        screen.watch.forget()
        screen.people.clear()
        screen.people.whom.setEnabled(True)
        screen.panel.show_service(None, [])
        if screen.is_only_service() and screen.choosing.put_up(screen.panel.offers[0]):
            if screen.standard is not None:
                screen.people.set_whom(screen.standard.definition.default_for_whom)
            screen.choosing.work_out()

    def show(self, desktop: Desktop, returning: Returning | None = None) -> None:
        """Show a whole form: a draft, a further visit, what was undone. ``returning``: it stood on the desk already."""
        screen = self._screen
        form = desktop.form
        if form.application_id is not None:
            with screen.reading() as session:
                screen.returning = returning or reception.returning(session, screen.desk, form.application_id)
            screen.standard = screen.returning.standard
            service_id = screen.returning.form.service_id
        else:
            service_id = form.service_id
        offer = next((offer for offer in screen.panel.offers if offer.service_id == service_id), None)
        if screen.returning is not None and offer is not None:
            screen.offer = offer
            with screen.reading() as session:
                screen.terms = screen.choosing.terms_of(session, offer, screen.returning.standard)
            screen.panel.show_service(offer, screen.returning.standard.definition.variants, fixed=True)
            screen.people.whom.setEnabled(False)
        elif offer is not None:
            screen.choosing.put_up(offer, form.outage)
        screen.panel.variant.set_value(form.variant)
        screen.people.show_form(form)
        for name in desktop.partial.keys() & screen.people.fields.keys():
            screen.people.fields[name].restore(desktop.partial[name])
        if not desktop.whom_chosen and offer is None:
            screen.people.whom.set_value(None)
        screen.whom_chosen = desktop.whom_chosen
        screen.checks, screen.extras = dict(form.checks), tuple(form.extras)
        screen.started_at, screen.parked_s = form.started_at, form.parked_s
        screen.previous_id, screen.authorised_by = form.previous_id, form.authorised_by
        with screen.reading() as session:
            screen.replaces = voiding.to_be_replaced(session, form.previous_id)
        if screen.standard is not None and screen.returning is None:
            # The answers are shown by their rows, and the rows depend on the answers before them.
            case = case_of(replace(screen.form(), answers=form.answers), screen.today())
            screen.panel.show_questions(questions(screen.standard.definition, case), dict(form.answers))
        if screen.standard is not None:
            screen.panel.restore_extra(desktop.partial)
        screen.watch.begin(desktop.opened, screen.returning.form.seen if screen.returning else form.seen)
        screen.lookup.look_for_files()
        screen.choosing.work_out()
        screen.show_state()

    def keep(self) -> Any:
        """All of it, for the screen that is built anew in another language or theme."""
        screen = self._screen
        focus = QApplication.focusWidget()
        name = focus.objectName() if focus is not None and screen.isAncestorOf(focus) else ""
        return {
            "desktop": screen.desktop(), "returning": screen.returning, "draft_id": screen.aside.draft_id,
            "last": screen.file.last, "bar": screen.bar.kept(),
            "focus": name, "asked_once": screen.asked_once, "rows": screen.people.rows_kept(),
            "checklist": screen.panel.checklist.kept(),
        }  # fmt: skip

    def restore(self, kept: Any) -> None:
        """Put that up, with the cursor where it was."""
        screen = self._screen
        screen.file.last = kept["last"]
        self.show(kept["desktop"], kept["returning"])
        screen.aside.begin(kept["draft_id"])
        screen.asked_once = kept["asked_once"]
        screen.bar.restore(kept["bar"])
        screen.people.restore_rows(kept["rows"])
        screen.show_state()
        screen.panel.checklist.restore(kept["checklist"])
        widget = screen.findChild(QWidget, kept["focus"]) if kept["focus"] else None
        if widget is not None:
            widget.setFocus(Qt.FocusReason.ActiveWindowFocusReason)
