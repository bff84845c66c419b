"""Files that wait while another is served: put aside, opened again, found after a power cut; the same person again."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.errors import UserError
from desktop.i18n import _, clock_time
from desktop.operations import amending
from desktop.operations.case import BY_PROXY, SELF
from desktop.operations.intake_form import IntakeForm
from desktop.ui.intake_draft import Desktop
from desktop.ui.intake_summary import Parked

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen


class Parking(QObject):
    """The acts about drafts; ``set_aside`` keeps them."""

    def __init__(self, screen: IntakeScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.rows: list[Parked] = []

    def new(self) -> None:
        """F2: put aside what is half typed, and begin with an empty desk."""
        screen = self._screen
        if self.put_aside():
            screen.clear()
            screen.bar.empty()
            screen.walk.to(screen.bar)

    def park(self) -> None:
        """F7: put it aside; the next one begins with an empty desk."""
        screen = self._screen
        if self.put_aside():
            screen.clear()
            screen.walk.to(screen.bar)

    def show_parked(self) -> None:
        """Shift+F7: choose among the parked files."""
        screen = self._screen
        screen.side.show_page("waiting")
        screen.side.waiting.parked.begin()
        screen.walk.to(screen.side.waiting.parked)

    def next_service(self) -> None:
        """F6: the same person asks for something else."""
        screen = self._screen
        if not screen.people.is_empty() and screen.people.name.value():
            form = screen.form()
            if not self.put_aside():
                return
        elif screen.file.last is not None:
            form = screen.file.last.desktop.form
        else:
            return
        screen.clear()
        again = same_person(form)
        screen.people.show_form(again)
        screen.whom_chosen = again.for_whom != 1
        if not screen.whom_chosen:
            screen.people.whom.set_value(None)
        screen.touch()
        screen.lookup.look_for_files()
        screen.edited()
        screen.walk.go_on()

    def can_repeat(self) -> bool:
        """Whether there is a person to go on with."""
        return bool(self._screen.people.name.value()) or self._screen.file.last is not None

    def put_aside(self) -> bool:
        """Park what stands here, if anything does; False where it could not be kept and has to stay."""
        screen = self._screen
        try:
            desktop = screen.aside.park()
        except UserError as problem:
            screen.tell(problem)
            return False
        if desktop is not None:
            screen.aside.begin()
            screen.refresh()
            who = desktop.who or _("tanpa nama")
            screen.say("info", _("Berkas {name} ditunda. Shift+F7 membukanya lagi.").format(name=who))
        return True

    def row(self, draft_id: str, desktop: Desktop) -> Parked:
        """How a parked file reads in the list."""
        offer = next((o for o in self._screen.panel.offers if o.service_id == desktop.form.service_id), None)
        at = clock_time(self._screen.desk.local(desktop.parked_at)) if desktop.parked_at else ""
        parts = [at, offer.name if offer else ""]
        return Parked(draft_id, desktop.who or _("tanpa nama"), " · ".join(part for part in parts if part))

    @Slot(object)
    def open_parked(self, row: Parked) -> None:
        """A line of that list was picked."""
        screen = self._screen
        if not self.put_aside():
            return
        desktop = screen.aside.open(row.id)
        is_open = False
        if desktop is not None:
            screen.clear()
            is_open = self._open_draft(row.id, desktop)
        screen.refresh()
        if is_open:
            self._ask_consent()

    def _ask_consent(self) -> None:
        """It stands in for a file that takes a supervisor: the consent ended when it was put aside."""
        screen = self._screen
        if screen.previous_id is None or not screen.replaces:
            return
        try:
            with screen.reading() as session:
                amending.amendable(session, screen.desk, screen.previous_id)
        except UserError as problem:
            screen.tell(problem)

    def _open_draft(self, draft_id: str, desktop: Desktop) -> bool:
        screen = self._screen
        try:
            screen.show_desktop(desktop)
        except UserError as problem:
            # The file it continues was finished elsewhere meanwhile.
            screen.clear()
            screen.tell(problem)
            try:
                screen.aside.forget(draft_id)
            except UserError as trouble:
                screen.tell(trouble)
            return False
        screen.aside.begin(draft_id)
        screen.aside.keep()
        screen.walk.go_on()
        return True

    def recover(self) -> None:
        """What a run of the program that ended badly left behind: the newest comes back, unless the desk is taken."""
        screen = self._screen
        found = screen.aside.left_behind()
        shown = found[:1] if screen.is_empty() else []
        try:
            for id_, desktop in found[len(shown) :]:
                screen.aside.park_left(id_, desktop)
        except UserError as problem:
            screen.tell(problem)  # they stay left behind, and are found again at the next start
        is_shown = bool(shown) and self._open_draft(*shown[0])
        screen.refresh()
        words = []
        if found and (is_shown or not shown):
            words.append(_("Berkas yang belum selesai sudah dipulihkan ({count}).").format(count=len(found)))
        elif self.rows:
            words.append(_("{count} berkas ditunda. Shift+F7 membukanya.").format(count=len(self.rows)))
        if waiting := screen.file.waiting():
            words.append(_("{count} lembar belum tercetak. Ctrl+P mencetaknya.").format(count=waiting))
        if words:
            screen.say("warning" if found or waiting else "info", " ".join(words), 20)


def same_person(form: IntakeForm) -> IntakeForm:
    """A new form with the applicant of this one and nothing else (F6)."""
    return replace(
        IntakeForm(service_id="", applicant=form.applicant), vulnerable_group=form.vulnerable_group,
        queue_no=form.queue_no, proxy=form.proxy if form.for_whom == BY_PROXY else None,
        for_whom=BY_PROXY if form.for_whom == BY_PROXY else SELF,
    )  # fmt: skip
