"""How an intake ends: F9 and its paper, taking it back, a visit without a file; and each look at a NIK is kept."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Slot

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.operations import access, drafts, intake
from desktop.operations.amending import ConsentWanted
from desktop.ui import collector
from desktop.ui.nik_field import NikField

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen

VISITS = {
    "consulted": N_("konsultasi"),
    "wrong_counter": N_("salah loket"),
    "outage": N_("sistem instansi sedang gangguan"),
    "left": N_("pulang tanpa berkas"),
}


class Closing(QObject):
    """What is written to the file from the intake screen, apart from drafts."""

    def __init__(self, screen: IntakeScreen) -> None:
        super().__init__(screen)
        self._screen = screen

    @Slot(object)
    def look(self, nik: NikField) -> None:
        """The eye of a covered NIK is held: it opens once the look is written down."""
        if self._log_look():
            nik.uncover()

    def _log_look(self) -> bool:
        screen = self._screen
        try:
            with screen.saving() as session:
                access.record_access(
                    session, screen.desk, "reveal",
                    application_id=screen.returning.form.application_id if screen.returning else None,
                )  # fmt: skip
        except UserError as problem:
            screen.tell(problem)
            return False
        return True

    @Slot(str)
    def record_service(self, outcome: str) -> None:
        """A service that only counts visits: keep its outcome."""
        screen = self._screen
        assert screen.offer is not None and screen.standard is not None
        try:
            with screen.saving() as session:
                intake.record_visit(
                    session, screen.desk, outcome, standard_id=screen.standard.id, started_at=screen.started_at
                )
                self._drop_draft(session)
        except UserError as problem:
            screen.tell(problem)
            return
        name = screen.offer.name
        with screen.at_once():
            screen.clear()
            screen.walk.to(screen.bar)
        screen.say("good", _("Kunjungan dicatat: {service}.").format(service=name))

    def save(self) -> None:
        """F9: keep it, then let the paper come out."""
        self._save(prints=True)

    def save_only(self) -> None:
        """Shift+F9: keep it; the paper waits for Ctrl+P."""
        self._save(prints=False)

    def _save(self, *, prints: bool) -> None:
        screen = self._screen
        if screen.offer is not None and screen.offer.record_only:
            screen.walk.to(screen.panel.record)
            return
        desktop = screen.desktop()
        form = replace(desktop.form, unchecked_is_missing=screen.asked_once)
        try:
            with collector.waiting(), screen.saving() as session:
                outcome = intake.receive(session, screen.desk, form)
                self._drop_draft(session)
        except UserError as problem:
            if isinstance(problem, intake.StandardReplaced):
                screen.choosing.renew()
            screen.watch.heard()
            if not isinstance(problem, ConsentWanted):
                screen.asked_once = problem.field == "checklist" and not isinstance(problem, intake.StandardReplaced)
            screen.tell(problem)
            return
        with screen.at_once():
            screen.clear()
            screen.walk.to(screen.bar)
            screen.file.made(outcome, desktop, prints=prints)

    def _drop_draft(self, session: Any) -> None:
        if self._screen.aside.draft_id is not None:
            drafts.drop(session, self._screen.aside.draft_id)

    def undo(self) -> None:
        """Shift+F12: take the last F9 back; what was typed comes back onto the desk."""
        screen = self._screen
        number = screen.file.last.short if screen.file.last else ""
        has_room = screen.is_empty()
        again = screen.file.undo(None if has_room else screen.aside.park_also)
        if again is None:
            return
        sentence = _("Berkas {number} diurungkan. Jangan serahkan kertas {number}.").format(number=number)
        if has_room:
            screen.show_desktop(again)
            screen.edited()
            screen.walk.go_on()
        else:
            sentence = _("{sentence} Isinya ada di berkas ditunda (Shift+F7).").format(sentence=sentence)
            screen.refresh()
        screen.say("warning", sentence, 20)

    def reprint(self) -> None:
        """Ctrl+P: before F9 a hint; then the papers that wait, or the last one again."""
        screen = self._screen
        if screen.is_empty():
            screen.file.reprint()
        else:
            screen.say("info", _("Kertas keluar setelah disimpan: tekan F9."))

    def record_visit(self) -> None:
        """Shift+F2 and a digit: somebody came, and no file comes of it (users.md 1.8)."""
        self._screen.around.feedback.ask(
            _("Catat kunjungan tanpa berkas:"),
            [_(words) for words in VISITS.values()],
            lambda place: self._record_visit(list(VISITS)[place]),
        )

    def _record_visit(self, outcome: str) -> None:
        screen = self._screen
        try:
            with screen.saving() as session:
                intake.record_visit(session, screen.desk, outcome)
        except UserError as problem:
            screen.tell(problem)
            return
        screen.say("good", _("Kunjungan dicatat: {what}.").format(what=_(VISITS[outcome])))

    def copy(self, what: str) -> None:
        """Put the applicant's NIK or name on the clipboard for the agency's own system; gone after a minute."""
        screen = self._screen
        person = screen.people.applicant()
        if not person.name and not person.nik and screen.file.last is not None:
            person = screen.file.last.desktop.form.applicant
        text = person.nik if what == "nik" else person.name
        if not text:
            screen.say("info", _("Belum ada yang dapat disalin."))
            return
        if what == "nik" and not self._log_look():
            return
        screen.clipping.put(text)
        words = _("NIK disalin; terhapus sendiri sesudah 60 detik.") if what == "nik" else _(
            "Nama disalin; terhapus sendiri sesudah 60 detik.")  # fmt: skip
        screen.say("info", words)
