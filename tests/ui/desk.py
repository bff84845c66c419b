"""A pair of eyes and hands at the intake screen: what a test says is what an officer would do and see."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select

from desktop.models.application import Application
from desktop.operations import intake, reception
from desktop.store import Store
from desktop.ui.checklist_lines import state_of
from desktop.ui.glance import MOMENT
from desktop.ui.intake import IntakeScreen
from desktop.ui.main_window import MainWindow
from desktop.ui.typist import Typist

SITI = "3319075203890003"
BUDI = "3319011107850002"
KTP, LOST, CHANGED, BIRTH, KIA = "2", "1", "3", "5", "7"


class Hand(Typist):
    """Types as slowly as a hand does, without the waiting: what the scanner's watch holds back is let go at once."""

    def _pause(self) -> None:
        self.keys += 1
        self._window.scans.scanner.let_go()


class At:
    """The desk of a window, with a keyboard that counts."""

    def __init__(self, window: MainWindow) -> None:
        self.window = window
        self.typist = Hand(window, pause_ms=0)

    @property
    def screen(self) -> IntakeScreen:
        screen = self.window.current()
        assert isinstance(screen, IntakeScreen), screen
        return screen

    # --- hands

    def types(self, text: str) -> At:
        self.typist.type(text)
        return self

    def presses(self, *keys: str) -> At:
        self.typist.press(*keys)
        return self

    def looks(self) -> At:
        """The moment a person needs to see that the cursor has moved on."""
        QTest.qWait(MOMENT + 30)
        return self

    def keys(self) -> int:
        return self.typist.keys

    def fills_person(self, nik: str = SITI, name: str = "Siti Aminah Rahay", phone: str = "081234567890",
                     village: str = "baro") -> At:  # fmt: skip
        """Name 17 letters, phone 12 digits, village 4 letters: what performance.md pins."""
        self.types(nik).looks().types(name).presses("Enter").types(phone).presses("Enter")
        return self.types(village).presses("Enter").presses("Enter")

    # --- eyes

    def focus(self) -> str:
        widget = QApplication.focusWidget()
        return widget.objectName() if widget is not None else ""

    def message(self) -> str:
        return self.window.feedback.text()

    def notice(self) -> str:
        return self.screen.notice.text()

    def lines(self) -> list[tuple[str, str, str]]:
        """The checklist as read: digit, name, state."""
        rows = self.screen.panel.checklist.list.rows.rows
        return [(row.digit, row.text, state_of(row.line)[2]) for row in rows if row.line is not None]

    def states(self) -> list[str]:
        return [state for _digit, _name, state in self.lines()]

    def fold(self) -> str:
        rows = self.screen.panel.checklist.list.rows.rows
        return next((row.text for row in rows if row.fold), "")

    def summary(self) -> str:
        return self.label("summary_state")

    def label(self, name: str) -> str:
        widget: Any = self.screen.findChild(QWidget, name)
        return widget.text()

    def button(self) -> str:
        return self.screen.side.save_button.text().replace("\n", " ")

    def f9(self) -> str:
        act = self.screen.act("F9")
        assert act is not None
        return act.label

    def meaning(self) -> str:
        cards = (self.screen.people_card, self.screen.panel, self.screen.side.card)
        return next((card.meaning() for card in cards if card.meaning()), "")

    def under(self, field: str) -> str:
        """The sentence under a field."""
        made = self.screen.people.fields.get(field) or self.screen.panel.field(field)
        assert made is not None
        return made.sentence()

    def value(self, field: str) -> Any:
        return self.screen.people.fields[field].value()

    def is_clear(self) -> bool:
        return self.screen.is_empty() and self.focus() == "entry_bar"


def forget(window: MainWindow) -> None:
    """Let Qt end a closed window and what works beside it here and now: Python's collector would end their timers too,
    but in whichever thread it runs (test_collector.py)."""
    around = window.around
    for part in (window, window.changes, around.centre, around.safekeeping, around.printing, around.clipping):
        part.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def only(store: Store, kind: type):
    with store.reading() as session:
        return session.scalars(select(kind)).one()


def every(store: Store, kind: type) -> list:
    with store.reading() as session:
        return list(session.scalars(select(kind)))


def serve(at: At, nik: str = SITI, name: str = "Siti Aminah") -> str:
    """A complete KTP-el hilang; gives the number."""
    at.fills_person(nik=nik, name=name).types(KTP).types(LOST).types("*").presses("F9")
    assert at.screen.file.last is not None, at.message()
    return at.screen.file.last.outcome.number


def serve_short(at: At, missing: str = "2") -> str:
    at.fills_person().types(KTP).types(CHANGED).types("*").types("-" + missing).presses("F9")
    assert at.screen.file.last is not None, at.message()
    return at.screen.file.last.outcome.number


def visited_elsewhere(at: At, phone: str) -> None:
    """The short file is served once more, by somebody else, who is told another phone."""
    store, desk = at.window.store, at.screen.desk
    with store.reading() as session:
        application = session.scalars(select(Application)).one()
        form = reception.returning(session, desk, application.id).form
    there = replace(form.applicant, phone=phone, phone_declined=False)
    with store.saving(desk.officer_id) as session:
        intake.receive(session, desk, replace(form, applicant=there, unchecked_is_missing=True))
    QApplication.processEvents()
