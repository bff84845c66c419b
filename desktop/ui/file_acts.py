"""What can be done with a kept file from its card: the menu of F12, and each of its acts (screens.md 4 and L5)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, Slot

from desktop.errors import Conflict, UserError
from desktop.i18n import N_, _
from desktop.operations import access, amending, correcting, issuing, meanwhile, notes, setup, voiding
from desktop.operations.amending import ConsentWanted
from desktop.operations.correcting import Opened
from desktop.ui.amending import AmendForm, CorrectionForm, NoteForm, VoidForm
from desktop.ui.consent import ConsentForm, Consenting
from desktop.ui.nik_field import NikField
from desktop.ui.screen import Act
from desktop.ui.village_field import Place

if TYPE_CHECKING:
    from desktop.ui.today import TodayScreen

# In the order of the digits, which never change.
MENU = (
    N_("Betulkan data"),
    N_("Batalkan berkas"),
    N_("Ganti layanan"),
    N_("Cetak ulang"),
    N_("Tulis catatan"),
    N_("Lihat riwayat"),
)


class FileActs(QObject):
    """The acts about the file whose card is up; the operations decide who may."""

    def __init__(self, screen: TodayScreen) -> None:
        super().__init__(screen)
        self._screen = screen
        self._consenting = Consenting(screen)
        self._seen: tuple[str, ...] = ()  # the version of the file that the card shows
        screen.card.shown.connect(self._note_version)

    @Slot()
    def menu(self) -> None:
        """F12: each act by its digit."""
        screen = self._screen
        card = screen.card.card
        if card is None or not card.is_ours:
            return
        acts = (self.correct, self.void, self.change_service, self.ask_reprint, self.note, self.to_story)
        screen.around.feedback.ask(
            _("Menu tindakan untuk berkas {number}:").format(number=card.short),
            [_(words) for words in MENU],
            lambda place: acts[place](),
        )

    def card_acts(self, resume: Callable[[], None]) -> list[Act]:
        """What can be done now with the file whose card is up."""
        card = self._screen.card.card
        if card is None or not card.is_ours:
            return []
        acts = [Act("F12", _("Menu tindakan"), self.menu)]
        if card.can_resume:
            acts.insert(0, Act("F5", _("Lanjutkan"), resume, kind="primary"))
        field = self._screen.card.chosen_field()
        if field:
            acts.append(Act("Enter", _("Betulkan isian ini"), lambda: self.correct(field)))
        if card.paper:
            acts.append(Act("Ctrl+P", _("Cetak ulang"), self.ask_reprint))
        return acts

    # --- forms

    def form_acts(self) -> list[Act]:
        """What can be done now with the form that is up."""
        form = self._screen.amending.form
        if form is None:
            return []
        return [
            Act("F9", _(form.label), self.save, kind=form.kind, icon=form.icon),
            Act("Esc", _("Kembali ke berkas"), self.leave),
        ]

    @Slot(str)
    def correct(self, field: str = "") -> None:
        """Open the people of the file; the cursor goes to ``field`` ("applicant.phone")."""
        people = self._opened(partial(self.correct, field))
        if people:
            self.put_up(self._correction_form(people), field)

    @Slot()
    def void(self) -> None:
        """Ask why, before F9 makes it void."""
        if self._may_amend(self.void):
            self.put_up(VoidForm(self._screen.around.feedback))

    @Slot()
    def note(self) -> None:
        """Write a note on it."""
        self.put_up(NoteForm(self._screen.around.feedback))

    def put_up(self, form: AmendForm, field: str = "") -> None:
        """Show this form about the file, with the cursor in ``field`` or where it starts."""
        screen = self._screen
        if screen.card.card is not None:
            screen.amending.show_form(form, screen.card.card.short)
            screen.show_form()
            start = form.fields.get(field)
            if start is not None and start.isVisibleTo(form):
                start.setFocus(Qt.FocusReason.TabFocusReason)
            else:
                form.start()

    def _correction_form(self, people: tuple[Opened, ...]) -> CorrectionForm:
        """The form of a correction, filled with these."""
        screen = self._screen
        card, desk = screen.card.card, screen.around.desk
        assert card is not None and desk is not None
        with screen.reading() as session:
            places = [Place(v.code, v.name, v.district) for v in setup.villages(session)]
        form = CorrectionForm(
            screen.around.feedback, people, places, screen.files.today,
            roles={person.code: person.role for person in card.people},
            is_child=card.is_for_child, is_training=desk.training,
        )  # fmt: skip
        form.looking.connect(self._look)
        return form

    def save(self) -> None:
        """F9: do what the form says; on a refusal it stays as it is."""
        screen = self._screen
        form, card, desk = screen.amending.form, screen.card.card, self._consenting.desk()
        if form is None or card is None or desk is None:
            return
        if isinstance(form, ConsentForm):
            self._consenting.take(form)
            return
        is_outdated, said = False, ""
        try:
            with screen.saving() as session:
                if isinstance(form, CorrectionForm):
                    reason, words = form.reason.value() or "", form.words.value()
                    is_outdated = correcting.correct(session, desk, card.id, form.edits(), reason, words)
                    said = _("Perbaikan berkas {number} tersimpan.").format(number=card.short)
                elif isinstance(form, VoidForm):
                    way_on = _("F9 lagi = tetap batalkan, Esc = biarkan.")
                    meanwhile.refuse_changed(session, desk, card.id, self._seen, way_on)
                    number = voiding.void(session, desk, card.id, form.reason.value() or "", form.words.value())
                    said = _("Berkas {number} dibatalkan. Tarik kertas {number} dari pemohon.").format(number=number)
                else:
                    notes.add_note(session, desk, card.id, form.words.value())
                    said = _("Catatan tersimpan.")
        except Conflict as problem:
            self._note_version(card.id)
            if not isinstance(form, CorrectionForm):
                screen.around.feedback.tell(problem)
            elif people := self._opened(self.correct):
                form.found_anew(people)
                screen.around.feedback.tell(problem)
        except ConsentWanted as problem:  # the ten minutes ended while it was typed
            self._consenting.refused(problem, partial(screen.restore, screen.keep()))
        except UserError as problem:
            if form.show_error(problem):
                screen.say("warning", problem.message, 12)
            else:
                screen.around.feedback.tell(problem)
        else:
            screen.say("warning" if isinstance(form, VoidForm) else "good", said, 20)
            self.close()
            if is_outdated:
                self._ask_new_paper()

    def leave(self) -> None:
        """Esc: back to the card; what was typed is thrown away only on purpose."""
        form = self._screen.amending.form
        if form is not None and form.is_dirty():
            self._screen.around.feedback.ask(
                _("Yang diketik belum disimpan. Esc = kembali mengetik."), [_("buang")], lambda _place: self.close()
            )
        else:
            self.close()

    def close(self) -> None:
        """Back to the card as the file stands now; a consent was for this once."""
        card = self._screen.card.card
        self._consenting.end()
        self._screen.amending.drop()
        if card is not None:
            self._screen.open(card.id)

    def to_form(self) -> None:
        """Put the cursor where typing goes on."""
        form, focus = self._screen.amending.form, self._screen.focusWidget()
        if form is not None and (focus is None or not form.isAncestorOf(focus)):
            form.start()

    def may_leave(self) -> bool:
        """Another file is wanted: an empty form gives way, one with something typed does not."""
        form = self._screen.amending.form
        if form is not None and form.is_dirty():
            self._screen.say("warning", _("Isian ini belum disimpan. F9 menyimpan, Esc kembali ke berkas."))
            return False
        if form is not None:
            self.close()
        return True

    def kept(self) -> Any:
        """What the form was made of, to be made again in another language."""
        form = self._screen.amending.form
        if form is None or isinstance(form, ConsentForm):
            return None
        return type(form), form.people if isinstance(form, CorrectionForm) else (), form.edited

    def restore(self, kept: Any) -> None:
        """Make the form again; its fields are filled by the screen."""
        if kept is not None:
            kind, people, edited = kept
            feedback = self._screen.around.feedback
            form = self._correction_form(people) if kind is CorrectionForm else kind(feedback)
            form.edited |= edited
            self.put_up(form)

    def tell_of_change(self, session: Any) -> None:
        """Say it when another counter changed the file that is up: the card follows, what is typed in a form stays."""
        screen = self._screen
        form, card, desk = screen.amending.form, screen.card.card, self._consenting.desk()
        if card is None or desk is None or not (screen.is_card() or screen.is_amending()):
            return
        changed = meanwhile.changed_since(session, card.id, self._seen)
        if changed is None:
            return
        if form is None:
            if changed.is_here:
                return
            words = _("{changed} Yang tampil sudah yang terbaru.")
        elif form.is_told:
            return
        elif isinstance(form, CorrectionForm) and correcting.changed_by(session, form.people):
            words = _("{changed} Ketikan Anda tetap di sini; F9 menunjukkan keduanya.")
        else:
            words = _("{changed} Ketikan Anda tetap di sini.")
        if form is not None:
            form.is_told = True
        screen.say("info" if form is None else "warning", words.format(changed=changed.words(desk)), 20)

    @Slot(str)
    def _note_version(self, application_id: str) -> None:
        with self._screen.reading() as session:
            self._seen = meanwhile.version_of(session, application_id)

    # --- acts without a form

    @Slot()
    def change_service(self) -> None:
        """The wrong service: a new file for the same people, and this one becomes void with its F9."""
        screen = self._screen
        card, desk = screen.card.card, self._consenting.desk()
        if card is None or desk is None:
            return
        try:
            with screen.reading() as session:
                form = voiding.instead_of(session, desk, card.id)
        except UserError as problem:
            self._consenting.refused(problem, self.change_service)
        else:
            self._consenting.end()
            screen.go.emit("intake", form)

    @Slot()
    def to_story(self) -> None:
        """Put the cursor into the story."""
        self._screen.card.story.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def ask_reprint(self) -> None:
        """Why the paper comes out again, by digit."""
        if self._screen.about() is not None:
            self._screen.around.feedback.ask(
                _("Mengapa dicetak lagi?"),
                [_("belum keluar"), _("hilang"), _("rusak")],
                lambda place: self._reprint(issuing.REPRINT_REASONS[place]),
            )

    # --- inside

    def _opened(self, wanted: Callable[[], None]) -> tuple[Opened, ...]:
        screen = self._screen
        card, desk = screen.card.card, self._consenting.desk()
        if card is None or desk is None:
            return ()
        try:
            with screen.saving() as session:  # what the form shows uncovered is a look, and is written down
                people = correcting.opened(session, desk, card.id)
                access.record_access(session, desk, "reveal", application_id=card.id)
        except UserError as problem:
            self._consenting.refused(problem, wanted)
            return ()
        return people

    def _may_amend(self, wanted: Callable[[], None]) -> bool:
        screen = self._screen
        card, desk = screen.card.card, self._consenting.desk()
        if card is None or desk is None:
            return False
        try:
            with screen.reading() as session:
                amending.amendable(session, desk, card.id)
        except UserError as problem:
            self._consenting.refused(problem, wanted)
            return False
        return True

    def _look(self, nik: NikField) -> None:
        screen = self._screen
        card, desk = screen.card.card, screen.around.desk
        if card is None or desk is None:
            return
        try:
            with screen.saving() as session:
                access.record_access(session, desk, "reveal", application_id=card.id)
        except UserError as problem:  # what cannot be written down is not shown
            screen.around.feedback.tell(problem)
        else:
            nik.uncover()

    def _ask_new_paper(self) -> None:
        self._screen.around.feedback.ask(
            _("Data pada kertas berubah. Cetak lagi? Enter = ya, Esc = tidak"),
            [_("ya, cetak lagi")],
            lambda _place: self._reprint(issuing.CORRECTED),
            enter=0,
        )

    def _reprint(self, reason: str) -> None:
        screen = self._screen
        application_id, desk = screen.about(), screen.around.desk
        if application_id is None or desk is None:
            return
        try:
            with screen.saving() as session:
                print_id = issuing.reprint(session, desk, application_id, reason)
        except UserError as problem:
            screen.around.feedback.tell(problem)
            return
        screen.say("info", _("Kertas sedang dicetak."))
        screen.around.printing.out(print_id)
