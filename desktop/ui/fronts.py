"""What covers everything until somebody has signed in: sign-in, first run, or joining a centre."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

from desktop.i18n import _
from desktop.operations import access, setup
from desktop.ui.sign_in import SignInScreen

if TYPE_CHECKING:
    from desktop.ui.first_run import FirstRunScreen
    from desktop.ui.join_front import JoinScreen
    from desktop.ui.main_window import MainWindow

    Front = SignInScreen | FirstRunScreen | JoinScreen


class Fronts(QObject):
    """Which of them is ``up``, if any, and how one leads to another."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.up: Front | None = None

    def begin(self) -> None:
        """The one that this PC begins with."""
        window = self._window
        with window.store.reading() as session:
            is_ready, has_officers = setup.is_ready(session), bool(access.officers(session))
        if is_ready and (has_officers or window.centre.address is None):
            self.show(SignInScreen)
            window.around.safekeeping.start()
        elif window.centre.address is not None:
            self._join()  # a PC that was cut off while it joined goes on joining
        else:
            self._first_run()

    def heard(self, tables: Collection[str]) -> None:
        """Cover the desk of an officer whose account was disabled, or given another role, while they sat at it."""
        window, desk = self._window, self._window.around.desk
        if "officer" not in tables or desk is None or self.up is not None:
            return
        with window.store.reading() as session:
            still = access.works_as(session, desk.officer_id, window.role)
        if not still:
            self.show(SignInScreen)
            window.feedback.say("warning", _("Akun Anda dinonaktifkan atau perannya berubah. Hubungi admin."), 0)

    def show(self, kind: type[Front]) -> Front:
        """Cover everything with a new one of this kind."""
        window = self._window
        window.keys.close_sheet()
        window.scans.close_card()
        window.feedback.clear()
        if self.up is not None:
            self.up.deleteLater()
        front = kind(window.around)
        if isinstance(front, SignInScreen):
            front.signed_in.connect(window.sign_in)
        else:
            front.ready.connect(window.begin_anew)
            front.left.connect(self._first_run if front.name == "join" else self._join)
        front.rescue.connect(window.rescue)
        front.worn.connect(window.wear_soon)
        front.acts_changed.connect(window.keys.show_acts)
        self.up = front
        window.frame.stack.addWidget(front)
        window.frame.stack.setCurrentWidget(front)
        window.frame.cover(True)
        window.keys.show_acts()
        front.arrive()
        return front

    def take(self) -> Front | None:
        """The one that was up, which is so no longer."""
        up, self.up = self.up, None
        return up

    # The wizards are read when they are shown: once in the life of a PC.

    @Slot()
    def _join(self) -> None:
        from desktop.ui.join_front import JoinScreen

        self.show(JoinScreen)

    @Slot()
    def _first_run(self) -> None:
        from desktop.ui.first_run import FirstRunScreen

        self.show(FirstRunScreen)
