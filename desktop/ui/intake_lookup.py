"""What the file knows of the person at the desk: their last answers, and their unfinished files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QApplication

from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations import earlier, reception
from desktop.operations.identity import Nik, read_phone
from desktop.operations.intake_form import IntakeForm, OpenFile
from desktop.operations.meanwhile import Meanwhile
from desktop.ui import intake_hints as hints
from desktop.ui.intake_draft import Desktop
from desktop.ui.intake_walk import field_of

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen


class Lookup(QObject):
    """Known people, duplicates and short files; ``said`` is a hint that goes before all others until the next edit."""

    def __init__(self, screen: IntakeScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self.forget()

    def forget(self) -> None:
        """Nobody is at the desk."""
        self.duplicates: list[OpenFile] = []
        self.short_files: list[OpenFile] = []
        self.said: hints.Hint | None = None

    @Slot(object)
    def nik_read(self, nik: Nik) -> None:
        """The applicant's NIK can be read: fill in what is known of them."""
        screen = self._screen
        screen.entries.glance.begin()
        screen.people.village.near_district(nik.district_code or nik.value[:6])
        with screen.reading() as session:
            known = None if screen.returning else earlier.known_person(session, nik.value, screen.desk.agency_ids)
        if known is not None:
            screen.people.fill_known(known)
        self.look_for_files()
        screen.person_edited("applicant.nik")
        if known is not None and screen.people.name.value():
            screen.walk.go_on()

    @Slot(object)
    def proxy_read(self, nik: Nik) -> None:
        """The same for who came with the power of attorney."""
        screen = self._screen
        with screen.reading() as session:
            known = earlier.known_person(session, nik.value, screen.desk.agency_ids)
        if known is not None and not screen.people.proxy_name.value():
            screen.people.proxy_name.set_value(known.name)
        screen.edited()

    def look_for_files(self) -> None:
        """Unfinished files of this person: of the same service and subject, and short ones of any service."""
        screen = self._screen
        nik = screen.people.nik.value() if screen.people.nik.is_full() else ""
        self.duplicates, self.short_files = [], []
        if not nik or screen.returning is not None:
            return
        ours = {offer.service_id for offer in screen.panel.offers}
        subject = screen.people.subject_form()
        with screen.reading() as session:
            if screen.offer is not None:
                self.duplicates = earlier.open_files(
                    session,
                    screen.desk.agency_ids,
                    nik=nik,
                    service_id=screen.offer.service_id,
                    subject=subject.name if subject else "",
                    except_id=screen.previous_id,
                )
            files = earlier.open_files(session, screen.desk.agency_ids, nik=nik, except_id=screen.previous_id)
        self.short_files = [file for file in files if file.state == "RETURNED" and file.service_id in ours]

    def hint(self) -> hints.Hint:
        """The one line that matters now, most urgent first."""
        screen = self._screen
        if screen.watch.changed is not None:
            return hints.changed_elsewhere(screen.desk, screen.watch.changed)
        if self.said is not None:
            return self.said
        if self.duplicates:
            return hints.duplicate(screen.desk, self.duplicates[0])
        if screen.returning is not None:
            return hints.returning_file(screen.returning)
        if screen.replaces:
            return hints.replacing(screen.replaces)
        if self.short_files and screen.offer is None:
            return hints.short_files(self.short_files)
        focus = QApplication.focusWidget()
        field = field_of(focus)
        if screen.is_empty() and (field is None or field is screen.bar):
            return hints.ready()
        if focus is screen.panel.checklist.list:
            return hints.way_of("checklist")
        return hints.way_of(field.objectName() if field else "")

    def open_hinted(self) -> None:
        """F5: the file that the warning names."""
        file = self.hint().file
        if isinstance(file, OpenFile):
            if file.state == "RETURNED":
                self.open_returning(file.application_id)
            else:
                self._screen.go.emit("today", file.application_id)
        elif isinstance(file, Meanwhile):
            self._screen.watch.go_on()
        elif file is not None:
            self._screen.go.emit("today", file.id)

    def open_instead(self, form: IntakeForm) -> None:
        """The same people with another service; F9 makes the file void that had the wrong one.

        Where it stands on the desk already, it was the consent of a supervisor that was wanted.
        """
        screen = self._screen
        if form.previous_id is not None and screen.previous_id == form.previous_id:
            screen.authorised_by = form.authorised_by
            if form.authorised_by is not None:
                screen.say("good", _("Pengawas setuju. F9 menyimpan berkas pengganti ini."))
            return
        if not screen.parking.put_aside():
            return
        screen.clear()
        screen.show_desktop(Desktop(form=form, whom_chosen=True))
        screen.touch()
        screen.edited()
        screen.walk.go_on()

    def open_returning(self, application_id: str) -> None:
        """A further visit of a short file: only what is missing is looked at (screens.md L4)."""
        screen = self._screen
        try:
            with screen.reading() as session:
                returning = reception.returning(session, screen.desk, application_id)
        except UserError as problem:
            screen.tell(problem)
            return
        has_work = bool(screen.checks) or (not screen.people.is_empty() and screen.offer is not None)
        same = screen.people.nik.value() and screen.people.nik.value() == returning.form.applicant.nik
        if has_work or not same:
            if not screen.parking.put_aside():
                return
            put_right: dict[str, Any] = {}
        else:
            put_right = self._put_right()
            try:
                screen.aside.drop()
            except UserError as problem:
                screen.tell(problem)
                return
        screen.clear()
        screen.show_desktop(Desktop(form=returning.form, whom_chosen=True))
        for name, typed in put_right.items():
            screen.people.fields[name].restore(typed)
        screen.touch()
        screen.edited()
        screen.walk.to(screen.panel.checklist)

    def _put_right(self) -> dict[str, Any]:
        """What was typed over what is known of the person, by its field: it goes along to their file."""
        screen = self._screen
        typed = screen.people.applicant()
        with screen.reading() as session:
            known = earlier.known_person(session, typed.nik, screen.desk.agency_ids)
        if known is None:
            return {}
        is_other = {
            "applicant.name": typed.name != known.name,
            "applicant.phone": (read_phone(typed.phone).value, typed.phone_declined)
            != (known.phone, known.phone_declined),
            "applicant.village": (typed.village_code or typed.place_text) != (known.village_code or known.place_text),
        }
        return {name: screen.people.fields[name].kept() for name, other in is_other.items() if other}
