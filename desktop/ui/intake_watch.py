"""A further visit while other counters work: what they change in its file is said, and taken over by one key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations import correcting, meanwhile, reception
from desktop.operations.intake_form import IntakeForm
from desktop.operations.meanwhile import Meanwhile
from desktop.ui.intake_draft import Desktop

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen


class Watch(QObject):
    """``opened`` is the form as the fields showed it before anything was typed; ``changed`` is what came since."""

    def __init__(self, screen: IntakeScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.forget()

    def forget(self) -> None:
        """No further visit stands on the desk."""
        self.opened: IntakeForm | None = None
        self.changed: Meanwhile | None = None

    def begin(self, opened: IntakeForm | None) -> None:
        """A further visit stands on the desk; a draft says what it was ``opened`` as, a new one is what is shown."""
        screen = self._screen
        if screen.returning is None:
            return
        opened = opened or screen.form()
        self.opened = opened if opened.seen else replace(opened, seen=screen.returning.form.seen)
        self.look()

    def look(self) -> None:
        """See whether the file is still as it was opened."""
        if self.opened is None or self.opened.application_id is None:
            return
        with self._screen.reading() as session:
            self.changed = meanwhile.changed_since(session, self.opened.application_id, self.opened.seen)

    def heard(self) -> None:
        """There is news; say it where it is about this file."""
        before = self.changed
        self.look()
        if self.changed != before:
            self._screen.show_notice()

    def go_on(self) -> None:
        """F5: the file as it stands now, with what is typed here; a file that is done is shown on its card."""
        changed = self.changed
        if changed is None:
            return
        if not changed.is_short:
            self._screen.go.emit("today", changed.application_id)
            return
        try:
            self._catch_up(changed)
        except UserError as problem:
            self._screen.tell(problem)

    def _catch_up(self, changed: Meanwhile) -> None:
        screen, opened = self._screen, self.opened
        assert opened is not None
        with screen.reading() as session:
            fresh = reception.returning(session, screen.desk, changed.application_id)
        kept, mine = screen.keep(), screen.form()
        screen.clear()
        screen.show_desktop(Desktop(form=fresh.form, whom_chosen=True), fresh)
        form, both = meanwhile.caught_up(opened, mine, fresh.form)
        desktop = replace(kept["desktop"], form=form, opened=self.opened)
        screen.clear()
        screen.restore(kept | {"desktop": desktop, "returning": fresh, "asked_once": False})
        screen.edited()
        said = [_("{changed} Yang terbaru sudah dipakai; ketikan Anda tetap di sini.").format(
            changed=changed.words(screen.desk))]  # fmt: skip
        said += [
            _("{what}: kini {theirs}, Anda mengetik {mine}.").format(
                what=_(correcting.LABELS[one.field]),
                theirs=correcting.shown_form(one.field, one.theirs) or "–",
                mine=correcting.shown_form(one.field, one.mine) or "–",
            )
            for one in both
        ]
        screen.say("warning" if both else "info", " ".join(said), 20)
