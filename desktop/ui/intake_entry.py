"""What was typed or scanned in the entry bar, brought to where it belongs on the intake screen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from desktop.i18n import _
from desktop.operations import reception
from desktop.operations.entry import Guess, Kind
from desktop.operations.identity import read_nik
from desktop.operations.search import Found
from desktop.ui import intake_hints as hints
from desktop.ui.glance import Glance

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen


class Entries(QObject):
    """A line of the bar, a NIK, or a text that no line stands for."""

    def __init__(self, screen: IntakeScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.glance = Glance(screen)

    @Slot(object)
    def take_line(self, value: tuple[str, Any]) -> None:
        """A line of the bar was picked: a file, service, person, phone or name."""
        screen = self._screen
        kind, what = value
        if kind == "file":
            self._take_file(what)
        elif kind == "service":
            screen.choosing.choose(what)
        elif kind == "person":
            screen.touch()
            screen.people.show_applicant(what.form)
            screen.lookup.look_for_files()
            screen.person_edited("")
            screen.walk.go_on()
        elif kind == "phone":
            screen.touch()
            screen.people.phone.show_kept(what, declined=False)
            screen.person_edited("applicant.phone")
            screen.walk.to(screen.people.nik)
        else:
            screen.touch()
            screen.people.name.set_value(what)
            screen.person_edited("applicant.name")
            screen.walk.to(screen.people.phone if screen.people.nik.value() else screen.people.nik)

    @Slot(object)
    def take_guess(self, found: Guess) -> None:
        """Enter on a text that no line stands for."""
        screen = self._screen
        sentence = found.sentence
        if found.kind is Kind.NIK:
            sentence = read_nik(found.value, screen.today()).errors[0]
        elif found.kind in (Kind.NUMBER, Kind.SHORT_NUMBER) and found.is_whole:
            with screen.reading() as session:
                sentence = reception.unknown_number_sentence(session, screen.desk, found.value)
            if found.kind is Kind.NUMBER:
                screen.sought.emit(found.value)
        elif found.kind is Kind.NAME:
            screen.bar.empty()
            self.take_line(("name", found.value))
            return
        elif found.kind is Kind.SERVICE:
            screen.bar.empty()
            self.take_line(("service", found.services[0]))
            return
        screen.bar.say(
            "warning", sentence or _("Nomor tidak dikenal atau salah baca. Ketik 4 angka urut dan angka terakhirnya.")
        )
        screen.bar.line.selectAll()

    @Slot(str)
    def take_nik(self, digits: str) -> None:
        """A whole NIK."""
        self._screen.touch()
        self.glance.begin()
        self._screen.people.take_nik(digits)

    def _take_file(self, file: Found) -> None:
        screen = self._screen
        if file.state == "RETURNED" and file.agency_id in screen.desk.agency_ids and file.id:
            screen.lookup.open_returning(file.id)
            return
        with screen.reading() as session:
            sentence = reception.file_sentence(session, screen.desk, file.id or "")
        kind = "warning" if file.state in ("VOID", "REJECTED") else "info"
        ours = file.agency_id in screen.desk.agency_ids
        words = f"{file.number_text} · {sentence}"
        screen.lookup.said = hints.Hint(kind, words, file if ours else None, _("Buka berkas ini"))
        screen.show_around()
