"""The way of the cursor through the intake screen: what comes next, one step back, and what digits mean there."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QWidget

from desktop.i18n import _
from desktop.ui import intake_hints as hints
from desktop.ui.inputs import Field
from desktop.ui.intake_service import ServicePanel

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen


class Walk(QObject):
    """Enter goes to what is still wanted, Esc one stop back; the card of the cursor says what a digit does."""

    def __init__(self, screen: IntakeScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)

    def step_back(self) -> bool:
        screen = self._screen
        if screen.panel.close_extra():
            screen.panel.checklist.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if screen.panel.checklist.step_back():
            return True
        if screen.side.is_waiting() and not screen.is_empty():
            screen.show_around()
            self.go_on()
            return True
        here = QApplication.focusWidget()
        screen.panel.unfold()
        stops = [screen.bar, *screen.people.walk(), *self._panel_stops()]
        place = next((i for i, stop in enumerate(stops) if here is not None and stop.focusProxy() is here), None)
        if place is None and here is screen.panel.checklist.list:
            place = len(stops)
        if not place:
            if place is None:
                screen.bar.setFocus(Qt.FocusReason.TabFocusReason)
            return place is None
        self.to(stops[place - 1])
        return True

    @Slot()
    def go_on(self) -> None:
        """Put the cursor where something is still wanted: subject, kind, question, and last the checklist."""
        screen = self._screen
        if screen.offer is not None and not screen.people.is_empty() and screen.returning is None:
            gap = screen.people.subject_gap()
            if gap is not None and not gap.editor.hasFocus():
                self.to(gap)
                return
        self.to_panel()

    @Slot()
    def people_done(self) -> None:
        """The last field of the person was left."""
        self._screen.lookup.look_for_files()
        self._screen.edited()
        self.to_panel()

    def to_panel(self) -> None:
        """Put the cursor into the middle column, where its first answer is wanted."""
        screen = self._screen
        if screen.panel.page() == ServicePanel.RECORD:
            self.to(screen.panel.record)
            return
        self.to(screen.panel.first_open() or screen.panel.checklist)

    @Slot()
    def leave_checklist(self) -> None:
        """The checklist was left: what was passed over comes first."""
        screen = self._screen
        gap = screen.people.first_gap()
        if gap is not None:
            self.to(gap)
        elif screen.panel.first_open() is not None:
            self.to_panel()
        else:
            screen.say("info", _("Semua isian sudah dilewati. F9 menyimpan dan mencetak."))

    def _panel_stops(self) -> list[Field]:
        screen = self._screen
        fields: list[Field] = [screen.panel.service, screen.panel.variant, *screen.panel.questions.values()]
        return [field for field in fields if field.isVisibleTo(screen) and field.isEnabled()]

    def to(self, stop: QWidget) -> None:
        """Put the cursor there."""
        stop.setFocus(Qt.FocusReason.TabFocusReason)

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        screen = self._screen
        if screen.is_changing:
            return
        if old is not None and screen.isAncestorOf(old):
            field = field_of(old)
            if field is not None and field is not field_of(new) and field.state == "normal" and field.value():
                field.judge()
        if new is None or not screen.isAncestorOf(new):
            return
        if screen.people.isAncestorOf(new):
            screen.people_card.bring_into_sight(field_of(new))
        if new is screen.panel.checklist.list:
            QTimer.singleShot(0, self, screen.panel.fold_if_tight)
        elif screen.panel.isAncestorOf(new):
            screen.panel.unfold()
        screen.show_around()
        if screen.aside.is_dirty:
            screen.aside.keep()

    def tell_meaning(self) -> None:
        """Say on the card of the cursor what digits do now."""
        screen = self._screen
        focus = QApplication.focusWidget()
        here, words = None, ""
        if focus is screen.panel.checklist.list:
            here = screen.side.card if screen.panel.checklist.is_asking() else screen.panel
            words = screen.panel.checklist.meaning_words()
        elif (field := field_of(focus)) is not None:
            words = hints.meaning_of(field.objectName())
            here = screen.people_card if screen.people_card.isAncestorOf(field) else screen.panel
        for card in (screen.people_card, screen.panel, screen.side.card):
            card.say_meaning(words if card is here else "")


def field_of(widget: QWidget | None) -> Field | None:
    """The input that this widget is a part of."""
    while widget is not None and not isinstance(widget, Field):
        widget = widget.parentWidget()
    return widget
