"""A file opened here while other counters work: what they change in it is said, and taken over by one key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations import correcting, meanwhile, reception, voiding
from desktop.operations.intake_form import IntakeForm
from desktop.operations.meanwhile import Meanwhile
from desktop.operations.reception import Returning
from desktop.ui.intake_draft import Desktop

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen


class Watch(QObject):
    """``opened`` is the form of a further visit, or of a file in another's place, as the fields showed it before
    anything was typed; ``changed`` is what came since."""

    def __init__(self, screen: IntakeScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.forget()

    def forget(self) -> None:
        """Nothing of a kept file stands on the desk."""
        self.opened: IntakeForm | None = None
        self.changed: Meanwhile | None = None

    def begin(self, opened: IntakeForm | None, seen: tuple[str, ...]) -> None:
        """A form stands on the desk, about a kept file if it was ``seen`` in some version.

        A draft says what it was ``opened`` as, a new one is what is shown.
        """
        if not seen:
            return
        opened = opened or self._screen.form()
        self.opened = opened if opened.seen else replace(opened, seen=seen)
        self.look()

    def look(self) -> None:
        """See whether the file is still as it was opened."""
        opened = self.opened
        about = (opened.application_id or opened.previous_id) if opened is not None else None
        if opened is None or about is None:
            return
        replaced = opened.application_id is None
        with self._screen.reading() as session:
            self.changed = meanwhile.changed_since(session, about, opened.seen, replaced=replaced)

    def heard(self) -> None:
        """There is news; say it where it is about this file."""
        before = self.changed
        self.look()
        if self.changed != before:
            self._screen.show_around()

    def go_on(self) -> None:
        """F5: the file as it stands now, with what is typed here; a file that is done is shown on its card."""
        changed = self.changed
        if changed is None:
            return
        if not changed.goes_on:
            self._let_go(changed)
            self._screen.go.emit("today", changed.application_id)
            return
        try:
            self._catch_up(changed)
        except UserError as problem:
            self._screen.tell(problem)

    def _let_go(self, changed: Meanwhile) -> None:
        """The file to be replaced is void already: what is typed here makes a new one and no other void."""
        screen, opened = self._screen, self.opened
        if opened is None or opened.application_id is not None:
            return
        with screen.reading() as session:
            self.opened = replace(opened, seen=meanwhile.version_of(session, changed.application_id))
        self.changed, screen.replaces = None, ""
        screen.edited()

    def _catch_up(self, changed: Meanwhile) -> None:
        screen, opened = self._screen, self.opened
        assert opened is not None
        kept, mine = screen.keep(), screen.form()
        fresh: Returning | None = None
        with screen.reading() as session:
            if mine.application_id is None:
                consenting = replace(screen.desk, authorised_by=mine.authorised_by)
                theirs = voiding.instead_of(session, consenting, changed.application_id)
            else:
                fresh = reception.returning(session, screen.desk, mine.application_id)
                theirs = fresh.form
        screen.clear()
        screen.show_desktop(Desktop(form=theirs, whom_chosen=True), fresh)
        form, both = meanwhile.caught_up(opened, mine, theirs)
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
