"""The card of one file in a real window, with a keyboard at it."""

from __future__ import annotations

from typing import Any

from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from desktop.models.application import Application
from desktop.operations.intake_form import Outcome
from desktop.ui.amending import CorrectionForm
from desktop.ui.entries import Entry
from desktop.ui.intake import IntakeScreen
from desktop.ui.main_window import MainWindow
from desktop.ui.today import TodayScreen
from tests.operations.small_hall import AtTheDesk
from tests.ui.desk import At

ENTRIES = (
    Entry("Permohonan baru", "file-plus", IntakeScreen, "F2"),
    Entry("Hari ini", "list-checks", TodayScreen, "F4"),
)


class Card:
    """The card of a file in a window, with a keyboard."""

    def __init__(self, window: MainWindow, file: Outcome) -> None:
        self.window, self.file = window, file
        self.at = At(window)
        window.show_screen("today", file.application_id)

    @property
    def screen(self) -> TodayScreen:
        screen = self.window.current()
        assert isinstance(screen, TodayScreen), screen
        return screen

    @property
    def form(self) -> CorrectionForm:
        form = self.screen.amending.form
        assert isinstance(form, CorrectionForm)
        return form

    def presses(self, *keys: str) -> Card:
        self.at.presses(*keys)
        return self

    def types(self, text: str) -> Card:
        self.at.types(text)
        return self

    def said(self) -> str:
        return self.window.feedback.text()

    def field(self, name: str) -> QWidget:
        """A field of the card, as it is shown now."""
        return next(w for w in self.screen.card.findChildren(QWidget, name) if w.isVisible())

    def newest(self) -> str:
        return self.screen.card.story.rows.rows[0].text


def kept(desk: AtTheDesk, kind: type[Any]) -> list[Any]:
    """Every row of a table."""
    with desk.store.reading() as session:
        return list(session.scalars(select(kind)))


def at_short(application: Application) -> str:
    """ "0041-3", as people say it."""
    return f"{application.number[9:13]}-{application.number[13]}"
