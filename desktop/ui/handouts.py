"""Papers that a screen gives out beside those of F9: what to bring, the label of a folder, the emergency form."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from PySide6.QtCore import QObject

from desktop.errors import UserError
from desktop.i18n import _, speaking
from desktop.operations import handouts
from desktop.papers.emergency_form import make_emergency_form
from desktop.papers.label import make_label
from desktop.papers.leaflet import make_leaflet
from desktop.settings import PaperSize
from desktop.ui.screen import Screen

Facts = TypeVar("Facts")


class Handouts(QObject):
    """Gives them out for one screen, and says how it went."""

    def __init__(self, screen: Screen) -> None:
        super().__init__(screen)
        self._screen = screen

    def leaflet(self, service_id: str) -> None:
        """What to bring for this service."""
        self._give(
            lambda session: handouts.leaflet_facts(session, self._screen.around.desk, service_id),
            make_leaflet, "daftar-persyaratan.pdf",
        )  # fmt: skip

    def label(self, application_id: str) -> None:
        """The label of this file's folder."""
        self._give(
            lambda session: handouts.label_facts(session, self._screen.around.desk, application_id),
            make_label, "{number}-label.pdf",
        )  # fmt: skip

    def emergency_form(self) -> None:
        """A blank form to have at hand before it is needed."""
        self._give(
            lambda session: handouts.emergency_facts(session, self._screen.around.desk),
            make_emergency_form, "formulir-darurat.pdf",
        )  # fmt: skip

    def _give(
        self, gather: Callable[[Any], Facts], paper: Callable[[Facts, PaperSize], bytes], name: str
    ) -> None:
        try:
            with self._screen.reading() as session:
                facts = gather(session)
        except UserError as problem:
            self._screen.around.feedback.tell(problem)
            return

        def make(size: PaperSize) -> bytes:
            with speaking("id"):
                return paper(facts, size)

        self._screen.say("info", _("Kertas sedang dicetak."))
        name = name.format(number=getattr(facts, "number", ""))
        self._screen.around.printing.send(make, name, self, self._out, self._not_out)

    def _out(self, answer: object) -> None:
        if isinstance(answer, Path):
            self._screen.say("good", _("Kertas disimpan: {path}").format(path=answer), 15)
        else:
            self._screen.say("good", str(answer))

    def _not_out(self, problem: Exception) -> None:
        if not isinstance(problem, UserError):
            raise problem
        self._screen.around.feedback.tell(problem)
