"""Permohonan baru: the one screen of the desk, from the first key to the paper (screens.md L1 and L4, users.md).

The screen shows and asks; what a list of papers means, what is complete and what may be kept is said by the operations.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.i18n import N_, _, clock_time
from desktop.operations import access, drafts, intake, reception, setup
from desktop.operations.entry import Guess, Kind
from desktop.operations.identity import Nik, read_nik
from desktop.operations.intake import IntakeForm, OpenFile
from desktop.operations.reception import Offer, Returning, Standard
from desktop.operations.requirements import (
    Assessment,
    Check,
    Extra,
    State,
    assess,
    questions,
    refusal,
)
from desktop.operations.search import Found, number_text
from desktop.ui import intake_hints as hints
from desktop.ui import style
from desktop.ui.clipping import Clipping
from desktop.ui.entry_bar import EntryBar
from desktop.ui.glance import Glance
from desktop.ui.inputs import Field
from desktop.ui.intake_draft import Desktop
from desktop.ui.intake_service import ServicePanel
from desktop.ui.intake_summary import Notice, Parked, Side, Terms
from desktop.ui.last_file import LastFile
from desktop.ui.parties import PeopleCard, PeopleForm, Place, same_person
from desktop.ui.screen import Act, Screen, Surroundings
from desktop.ui.set_aside import SetAside

VISITS = {
    "consulted": N_("konsultasi"),
    "wrong_counter": N_("salah loket"),
    "outage": N_("sistem instansi sedang gangguan"),
    "left": N_("pulang tanpa berkas"),
}


class IntakeScreen(Screen):
    """L1 Meja kerja."""

    name = "intake"
    title = N_("Permohonan baru")
    tables = frozenset(
        {"application", "status_move", "draft", "print_job", "service", "service_standard", "counter", "party"}
    )

    def __init__(self, around: Surroundings) -> None:
        self.offer: Offer | None = None
        self.standard: Standard | None = None
        self.returning: Returning | None = None
        self.assessment: Assessment | None = None
        self._checks: dict[str, Check] = {}
        self._extras: tuple[Extra, ...] = ()
        self._terms: Terms | None = None
        self._whom_chosen = False
        self._asked_once = False
        self._started_at: datetime | None = None
        self._parked_s = 0
        self._previous_id: str | None = None
        self._has_arrived = False
        self._shown_acts: object = None
        self._duplicates: list[OpenFile] = []
        self._short_files: list[OpenFile] = []
        self._hint: hints.Hint | None = None
        self._parked_rows: list[Parked] = []
        assert around.desk is not None
        self.desk = around.desk
        super().__init__(around)
        self.aside = SetAside(
            self,
            around.store,
            self.desk,
            lambda: None if self.is_empty() else self.desktop(),
            around.feedback.tell,
        )
        self.clipping = Clipping(self)
        self.file = LastFile(self, around, self._tell)
        self.file.changed.connect(self._show_last)
        self._glance = Glance(self)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        app.focusChanged.connect(self._focus_moved)
        self._clear()

    # --- building

    def build(self) -> None:
        with self.reading() as session:
            offers = reception.offers(session, self.desk)
            places = [Place(v.code, v.name, v.district) for v in setup.villages(session)]
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(20), style.px(4), style.px(20), style.px(10))
        column.setSpacing(style.px(6))
        self.bar = EntryBar(offers, self.desk, self.reading)
        self.notice = Notice()
        self.people = PeopleForm(self.around.feedback, places, self.today, is_training=self.desk.training)
        self.people_card = PeopleCard(self.people)
        self.panel = ServicePanel(offers, self.around.feedback)
        self.side = Side(self.panel.checklist.choice)
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        row.addWidget(self.people_card)
        row.addWidget(self.panel, 1)
        row.addWidget(self.side)
        column.addWidget(self.bar)
        column.addWidget(self.notice)
        column.addLayout(row, 1)
        self._wire()

    def _wire(self) -> None:
        bar, people, panel, checklist, side = self.bar, self.people, self.panel, self.panel.checklist, self.side
        bar.numlock_off.connect(self.around.feedback.numlock_is_off)
        bar.nik_given.connect(self._take_nik)
        bar.given.connect(self._take_guess)
        bar.picked.connect(self._take_line)
        bar.passed.connect(lambda: self._focus(self.people.nik))
        people.changed.connect(self._person_edited)
        people.finished.connect(self._people_done)
        people.nik_read.connect(self._nik_read)
        people.proxy_read.connect(self._proxy_read)
        people.whom_chosen.connect(self._whom_edited)
        people.revealed.connect(self._log_reveal)
        panel.service_chosen.connect(self._choose_service)
        panel.variant_chosen.connect(self._edited)
        panel.answered.connect(lambda _code: self._edited())
        panel.extra_given.connect(self._add_extra)
        panel.recorded.connect(self._record_service)
        panel.on.connect(self.go_on)
        checklist.checked.connect(self._found)
        checklist.left.connect(self._leave_checklist)
        checklist.note_wanted.connect(people.open_note)
        checklist.extra_wanted.connect(panel.open_extra)
        checklist.refused.connect(lambda sentence: self.say("warning", sentence))
        checklist.meaning_changed.connect(self._tell_meaning)
        side.waiting.parked_opened.connect(self._open_parked)
        side.waiting.file_opened.connect(lambda found: self.go.emit("today", found.id))
        side.last_paper.undo_wanted.connect(self.undo)
        side.last_paper.again_wanted.connect(self.reprint)
        side.save_button.clicked.connect(lambda _checked=False: self.do("F9"))

    # --- what the window asks

    def acts(self) -> list[Act]:
        if not hasattr(self, "side"):
            return []
        busy = not self.is_empty()
        parked = len(self._parked_rows)
        label, kind = self._save_label()
        hint = self._current_hint()
        acts = [
            Act("F9", label, self.save, bool(self.offer), kind, "printer"),
            Act("F2", _("Berkas baru"), self.new),
        ]
        if hint.file is not None:
            acts.append(Act("F5", hint.act, self.open_hinted, kind="warning"))
        acts += [
            Act("F6", _("Layanan lain, pemohon sama"), self.next_service, self._can_repeat()),
            Act("F7", _("Tunda dulu"), self.park, busy),
            Act("Shift+F7", _("Ditunda ({count})").format(count=parked), self.show_parked, parked > 0),
            Act("Shift+F12", _("Urungkan"), self.undo, self.file.last is not None, icon="undo-2"),
            Act("Ctrl+P", _("Cetak ulang"), self.reprint, icon="printer"),
            Act("Shift+F2", _("Catat kunjungan"), self.record_visit),
            Act("Shift+F9", _("Simpan, cetak nanti"), self.save_only, bool(self.offer)),
            Act("Ctrl+T", _("Prioritas, antrean, catatan"), self.people.show_more),
            Act(
                "Shift++", _("Syarat di luar daftar"), self.panel.open_extra, self.assessment is not None, in_bar=False
            ),
            Act("Ctrl+Shift+N", _("Salin NIK"), lambda: self.copy("nik"), in_bar=False),
            Act("Ctrl+Shift+M", _("Salin nama"), lambda: self.copy("name"), in_bar=False),
        ]
        acts += [
            Act(f"Ctrl+{digit}", offer.name, partial(self._choose_service, offer.service_id), in_bar=False)
            for digit, offer in enumerate(self.panel.pins(), start=1)
        ]
        return acts

    def heading(self) -> str:
        if self.returning is None:
            return _("Permohonan baru")
        return _("Kunjungan ke-{count} · {number}").format(
            count=self.returning.visit_no, number=number_text(self.returning.number)
        )

    def help(self) -> list[str]:
        return [
            _("Enter selalu ke isian berikutnya dan tidak pernah memutuskan apa pun."),
            _("Daftar syarat: angka = ada atau tidak ada, * atau S = semua ada, − atau K lalu angka = kurang, "
              ". atau T = tidak diperlukan, / = catatan, Shift dan + = syarat di luar daftar, 0 = baris lain."),
            _("Tanpa angka: panah memilih baris, spasi menandai."),
        ]  # fmt: skip

    def refresh(self) -> None:
        with self.reading() as session:
            recent = reception.recent_files(session, self.desk)
        self._parked_rows = [self._parked_row(id_, desktop) for id_, desktop in self.aside.parked()]
        self.side.waiting.show_rows(self._parked_rows, recent)
        self._show_right()

    def show_thing(self, thing: Any) -> None:
        """An application's id: continue that file."""
        if isinstance(thing, str):
            self.open_returning(thing)

    def arrive(self) -> None:
        if not self._has_arrived:
            self._has_arrived = True
            self.refresh()
            self._recover()
        if self.is_empty():
            self.bar.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.go_on()

    def step_back(self) -> bool:
        if self.panel.close_extra():
            self.panel.checklist.setFocus(Qt.FocusReason.TabFocusReason)
            return True
        if self.panel.checklist.step_back():
            return True
        if self.side.is_waiting() and not self.is_empty():
            self._show_right()
            self.go_on()
            return True
        here = QApplication.focusWidget()
        self.panel.unfold()
        stops = [self.bar, *self.people.walk(), *self._panel_stops()]
        place = next((i for i, stop in enumerate(stops) if here is not None and stop.focusProxy() is here), None)
        if place is None and here is self.panel.checklist.list:
            place = len(stops)
        if not place:
            if place is None:
                self.bar.setFocus(Qt.FocusReason.TabFocusReason)
            return place is None
        self._focus(stops[place - 1])
        return True

    def leave(self) -> None:
        self.aside.park()

    def keep(self) -> Any:
        focus = QApplication.focusWidget()
        name = focus.objectName() if focus is not None and self.isAncestorOf(focus) else ""
        return {
            "desktop": self.desktop(), "draft_id": self.aside.draft_id, "last": self.file.last, "bar": self.bar.kept(),
            "focus": name, "asked_once": self._asked_once,
        }  # fmt: skip

    def restore(self, kept: Any) -> None:
        self.file.last = kept["last"]
        self._show_desktop(kept["desktop"])
        self.aside.begin(kept["draft_id"])
        self._asked_once = kept["asked_once"]
        self.bar.restore(kept["bar"])
        self._show()
        widget = self.findChild(QWidget, kept["focus"]) if kept["focus"] else None
        if widget is not None:
            widget.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    # --- what stands on the desk

    def today(self) -> date:
        """The hall's day."""
        return self.desk.day(self.around.store.clock())

    def form(self) -> IntakeForm:
        """Everything as the operation takes it."""
        return IntakeForm(
            service_id=self.offer.service_id if self.offer else "",
            applicant=self.people.applicant(),
            for_whom=self.people.for_whom(),
            variant=self.panel.variant.value(),
            subject=self.people.subject_form(),
            proxy=self.people.proxy(),
            answers=self._answers(),
            checks=dict(self._checks),
            extras=self._extras,
            unchecked_is_missing=self._asked_once,
            vulnerable_group=self.people.vulnerable.value() or None,
            queue_no=self.people.queue.value() or None,
            started_at=self._started_at,
            parked_s=self._parked_s,
            note=self.people.note.value(),
            application_id=self.returning.form.application_id if self.returning else None,
            previous_id=self._previous_id,
        )

    def desktop(self) -> Desktop:
        """The form and what else must not be lost."""
        birth = self.people.birth
        half = {} if birth.value() else {birth.objectName(): str(birth.kept())}
        return Desktop(
            form=replace(self.form(), unchecked_is_missing=False),
            partial={name: digits for name, digits in half.items() if digits},
            whom_chosen=self._whom_chosen,
            start_id=self.around.store.start_id,
        )

    def is_empty(self) -> bool:
        """Whether nothing stands here that could be lost."""
        chose = self.offer is not None and not self._is_only_service()
        return self.people.is_empty() and not (chose or self._checks or self.returning)

    def _answers(self) -> dict[str, bool]:
        return dict(self.returning.form.answers) if self.returning else self.panel.answers()

    def _is_only_service(self) -> bool:
        return len(self.panel.offers) == 1

    # --- the entry bar

    @Slot(object)
    def _take_line(self, value: tuple[str, Any]) -> None:
        kind, what = value
        if kind == "file":
            self._take_file(what)
        elif kind == "service":
            self._choose_service(what)
        elif kind == "person":
            self._touch()
            self.people.show_applicant(what.form)
            self._look_for_files()
            self._person_edited("")
            self.go_on()
        elif kind == "phone":
            self._touch()
            self.people.phone.show_kept(what, declined=False)
            self._person_edited("applicant.phone")
            self._focus(self.people.nik)
        else:
            self._touch()
            self.people.name.set_value(what)
            self._person_edited("applicant.name")
            self._focus(self.people.phone if self.people.nik.value() else self.people.nik)

    @Slot(object)
    def _take_guess(self, found: Guess) -> None:
        sentence = found.sentence
        if found.kind is Kind.NIK:
            sentence = read_nik(found.value, self.today()).errors[0]
        elif found.kind in (Kind.NUMBER, Kind.SHORT_NUMBER) and found.is_whole:
            with self.reading() as session:
                sentence = reception.unknown_number_sentence(session, self.desk, found.value)
        elif found.kind is Kind.NAME:
            self.bar.empty()
            self._take_line(("name", found.value))
            return
        elif found.kind is Kind.SERVICE:
            self.bar.empty()
            self._take_line(("service", found.services[0]))
            return
        self.bar.say(
            "warning", sentence or _("Nomor tidak dikenal atau salah baca. Ketik 4 angka urut dan angka terakhirnya.")
        )
        self.bar.line.selectAll()

    @Slot(str)
    def _take_nik(self, digits: str) -> None:
        self._touch()
        self._glance.begin()
        self.people.take_nik(digits)

    def _take_file(self, file: Found) -> None:
        if file.state == "RETURNED" and file.agency_id in self.desk.agency_ids and file.id:
            self.open_returning(file.id)
            return
        with self.reading() as session:
            sentence = reception.file_sentence(session, self.desk, file.id or "")
        kind = "warning" if file.state in ("VOID", "REJECTED") else "info"
        ours = file.agency_id in self.desk.agency_ids
        self._hint = hints.Hint(kind, f"{file.number_text} · {sentence}", file if ours else None, _("Buka berkas ini"))
        self._show_notice()

    # --- people

    @Slot(object)
    def _nik_read(self, nik: Nik) -> None:
        self._glance.begin()
        self.people.near_district(nik.district_code or nik.value[:6])
        with self.reading() as session:
            known = None if self.returning else intake.known_person(session, nik.value, self.desk.agency_ids)
        if known is not None:
            self.people.fill_known(known)
        self._look_for_files()
        self._person_edited("applicant.nik")
        if known is not None and self.people.name.value():
            self.go_on()

    @Slot(object)
    def _proxy_read(self, nik: Nik) -> None:
        with self.reading() as session:
            known = intake.known_person(session, nik.value, self.desk.agency_ids)
        if known is not None and not self.people.proxy_name.value():
            self.people.proxy_name.set_value(known.name)
        self._edited()

    def _look_for_files(self) -> None:
        """Unfinished files of this person: of the same service and subject, and short ones of any service."""
        nik = self.people.nik.value() if self.people.nik.is_full() else ""
        self._duplicates, self._short_files = [], []
        if not nik or self.returning is not None:
            return
        ours = {offer.service_id for offer in self.panel.offers}
        subject = self.people.subject_form()
        with self.reading() as session:
            if self.offer is not None:
                self._duplicates = intake.open_files(
                    session,
                    self.desk.agency_ids,
                    nik=nik,
                    service_id=self.offer.service_id,
                    subject=subject.name if subject else "",
                )
            files = intake.open_files(session, self.desk.agency_ids, nik=nik)
        self._short_files = [file for file in files if file.state == "RETURNED" and file.service_id in ours]

    @Slot(str)
    def _person_edited(self, name: str) -> None:
        if name == "applicant.nik" and not self.people.nik.is_full():
            self._duplicates, self._short_files = [], []
        self._edited()

    @Slot()
    def _whom_edited(self) -> None:
        self._whom_chosen = True
        self._say_refusal()
        self._look_for_files()
        self._edited()

    def _say_refusal(self) -> None:
        whom = self.people.whom
        sentence = refusal(self.standard.definition, self.people.for_whom()) if self.standard else None
        if sentence:
            whom.say("error", sentence)
        elif whom.state == "error":
            whom.say("normal")

    def _log_reveal(self) -> None:
        with self.saving() as session:
            access.record_access(
                session, self.desk, "reveal",
                application_id=self.returning.form.application_id if self.returning else None,
            )  # fmt: skip

    # --- the service

    @Slot(str)
    def _choose_service(self, service_id: str) -> None:
        if self.returning is not None:
            return
        offer = next((offer for offer in self.panel.offers if offer.service_id == service_id), None)
        if offer is None or not self._set_service(offer):
            return
        self._touch()
        if not self._whom_chosen and self.standard is not None:
            self.people.set_whom(self.standard.definition.default_for_whom)
        self._say_refusal()
        self._look_for_files()
        self._edited()
        self.go_on()

    def _set_service(self, offer: Offer) -> bool:
        if self.offer is not None and offer.service_id == self.offer.service_id:
            self.panel.service.show_offer(offer)
            return True
        try:
            with self.reading() as session:
                standard = reception.standard_of(session, self.desk, offer.service_id)
                self._terms = self._terms_of(session, offer, standard)
        except UserError as problem:
            self.panel.service.set_option(None)
            self._tell(problem)
            return False
        self.offer, self.standard = offer, standard
        self.people.set_usual(standard.definition.default_for_whom)
        self._checks, self._extras, self._asked_once = {}, (), False
        self.panel.show_questions([], {})
        self.panel.show_service(offer, standard.definition.variants)
        self.panel.variant.set_value(None)
        return True

    def _terms_of(self, session: Any, offer: Offer, standard: Standard) -> Terms:
        moment = self.around.store.clock()
        promised = intake.promise_for(session, self.desk, offer.agency_id, standard.definition, moment)
        coming = reception.next_standard_sentence(self.desk, standard, moment)
        warnings = tuple(sentence for sentence in (promised.warning, coming) if sentence)
        # A promise of minutes counts from F9, so its clock time is not known before.
        when = _("{duration} sesudah lengkap").format(duration=promised.text)
        return Terms(standard.definition, when if isinstance(promised.due, datetime) else promised.on_paper,
                     standard.decree, warnings)  # fmt: skip

    @Slot(object)
    def _found(self, what: dict[str, Check]) -> None:
        for code, check in what.items():
            if check.state is State.UNCHECKED:
                self._checks.pop(code, None)
            else:
                self._checks[code] = check
        self._asked_once = False
        self._edited()

    @Slot(object)
    def _add_extra(self, extra: Extra) -> None:
        taken = {known.code for known in self._extras}
        number = next(n for n in range(1, 100) if f"EXTRA_{n}" not in taken)
        self._extras = (*self._extras, replace(extra, code=f"EXTRA_{number}"))
        self._asked_once = False
        self._edited()
        self._focus(self.panel.checklist)

    @Slot(str)
    def _record_service(self, outcome: str) -> None:
        assert self.offer is not None and self.standard is not None
        try:
            with self.saving() as session:
                intake.record_visit(
                    session, self.desk, outcome, standard_id=self.standard.id, started_at=self._started_at
                )
        except UserError as problem:
            self._tell(problem)
            return
        name = self.offer.name
        self.aside.drop()
        self._clear()
        self._focus(self.bar)
        self.say("good", _("Kunjungan dicatat: {service}.").format(service=name))

    # --- walking

    @Slot()
    def go_on(self) -> None:
        """Put the cursor where something is still wanted: subject, kind, question, and last the checklist."""
        if self.offer is not None and not self.people.is_empty() and self.returning is None:
            gap = self.people.subject_gap()
            if gap is not None and not gap.editor.hasFocus():
                self._focus(gap)
                return
        self._to_panel()

    @Slot()
    def _people_done(self) -> None:
        self._look_for_files()
        self._edited()
        self._to_panel()

    def _to_panel(self) -> None:
        if self.panel.page() == ServicePanel.RECORD:
            self._focus(self.panel.record)
            return
        self._focus(self.panel.first_open() or self.panel.checklist)

    @Slot()
    def _leave_checklist(self) -> None:
        gap = self.people.first_gap()
        if gap is not None:
            self._focus(gap)
        elif self.panel.first_open() is not None:
            self._to_panel()
        else:
            self.say("info", _("Semua isian sudah dilewati. F9 menyimpan dan mencetak."))

    def _panel_stops(self) -> list[Field]:
        fields: list[Field] = [self.panel.service, self.panel.variant, *self.panel.questions.values()]
        return [field for field in fields if field.isVisibleTo(self) and field.isEnabled()]

    def _focus(self, stop: QWidget) -> None:
        stop.setFocus(Qt.FocusReason.TabFocusReason)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The side columns give way first, down to what a NIK and the label of F9 need.
        room = self.width()
        self.people_card.setFixedWidth(max(style.em(306), min(style.em(362), round(room * 0.325))))
        self.side.setFixedWidth(max(style.em(228), min(style.em(264), round(room * 0.24))))

    def _focus_moved(self, old: QWidget | None, new: QWidget | None) -> None:
        if old is not None and self.isAncestorOf(old):
            field = _field_of(old)
            if field is not None and field is not _field_of(new) and field.state == "normal" and field.value():
                field.judge()
        if new is None or not self.isAncestorOf(new):
            return
        if self.people.isAncestorOf(new):
            self.people_card.bring_into_sight(_field_of(new))
        if new is self.panel.checklist.list:
            QTimer.singleShot(0, self, self.panel.fold_if_tight)
        elif self.panel.isAncestorOf(new):
            self.panel.unfold()
        self._tell_meaning()
        if self.aside.is_dirty:
            self.aside.keep()

    @Slot()
    def _tell_meaning(self) -> None:
        focus = QApplication.focusWidget()
        here, words = None, ""
        self._show_right()
        if focus is self.panel.checklist.list:
            here = self.side.card if self.panel.checklist.is_asking() else self.panel
            words = self.panel.checklist.meaning_words()
        elif (field := _field_of(focus)) is not None:
            words = hints.meaning_of(field.objectName())
            here = self.people_card if self.people_card.isAncestorOf(field) else self.panel
        for card in (self.people_card, self.panel, self.side.card):
            card.say_meaning(words if card is here else "")
        self._show_notice()

    # --- what is shown

    def _touch(self) -> None:
        """Somebody is being served from now on."""
        if self._started_at is None:
            self._started_at = self.around.store.clock()

    @Slot()
    def _edited(self) -> None:
        """Something was typed or chosen: work it out anew, and keep the draft at the next pause."""
        if not self.is_empty():
            self._touch()
        self._hint = None
        self.aside.touched()
        self._assess()
        self._show()

    def _assess(self) -> None:
        self.assessment = None
        if self.standard is None or (self.offer is not None and self.offer.record_only):
            return
        definition, frozen = self.standard.definition, self.returning.asked if self.returning else None
        if self.returning is None:
            case = intake.case_of(self.form(), self.today())
            self.panel.show_questions(questions(definition, case), dict(case.answers))
        case = intake.case_of(self.form(), self.today())
        self.assessment = assess(definition, case, self._checks, self._extras, frozen)

    def _show(self) -> None:
        if self.assessment is not None:
            accepted, words = frozenset[str](), ""
            if self.returning is not None:
                accepted = frozenset(self.returning.form.checks)
                words = hints.accepted_words(self.returning)
            self.panel.checklist.show_assessment(self.assessment, accepted=accepted, fold_text=words)
        self.side.summary.show_state(self.assessment, self._terms)
        self._show_right()
        self._show_notice()
        self._show_last()
        self._tell_acts()

    def _show_right(self) -> None:
        waiting = self.side.waiting
        if self.panel.checklist.is_asking():
            self.side.show_page("choice")
        elif self.is_empty() or waiting.parked.hasFocus() or waiting.recent.hasFocus():
            self.side.show_page("waiting")
        else:
            self.side.show_page("summary")
        self._show_last()
        self._tell_acts()

    def _current_hint(self) -> hints.Hint:
        if self._hint is not None:
            return self._hint
        if self._duplicates:
            return hints.duplicate(self.desk, self._duplicates[0])
        if self.returning is not None:
            return hints.returning_file(self.returning)
        if self._short_files and self.offer is None:
            return hints.short_files(self._short_files)
        focus = QApplication.focusWidget()
        field = _field_of(focus)
        if self.is_empty() and (field is None or field is self.bar):
            return hints.ready()
        return hints.way_of("checklist" if focus is self.panel.checklist.list else field.objectName() if field else "")

    def _show_notice(self) -> None:
        hint = self._current_hint()
        act = _("F5  {act}").format(act=hint.act) if hint.file is not None else ""
        self.notice.say(hint.kind, hint.text, act=act, do=self.open_hinted if hint.file is not None else None)
        self._tell_acts()

    @Slot()
    def _show_last(self) -> None:
        self.file.show_on(self.side.last_paper, large=self.is_empty())

    def _save_label(self) -> tuple[str, str]:
        assessment = self.assessment
        if assessment is None or not assessment.is_decided:
            return _("Simpan dan cetak"), "primary"
        if assessment.complete:
            return _("Cetak TANDA TERIMA"), "good"
        words = _("Cetak LEMBAR KEKURANGAN ({count})")
        return words.format(count=assessment.missing_count), "warning"

    def _tell_acts(self) -> None:
        label, kind = self._save_label()
        self.side.say_act(label, kind or "primary", enabled=self.offer is not None)
        now = [(act.key, act.label, act.enabled, act.kind) for act in self.acts()]
        if (now, self.heading()) != self._shown_acts:
            self._shown_acts = (now, self.heading())
            self.acts_changed.emit()

    # --- acts

    def new(self) -> None:
        """F2: put aside what is half typed, and begin with an empty desk."""
        self._put_aside()
        self._clear()
        self.bar.empty()
        self._focus(self.bar)

    def save(self) -> None:
        """F9: keep it, then let the paper come out."""
        self._save(prints=True)

    def save_only(self) -> None:
        """Shift+F9: keep it; the paper waits for Ctrl+P."""
        self._save(prints=False)

    def _save(self, *, prints: bool) -> None:
        if self.offer is not None and self.offer.record_only:
            self._focus(self.panel.record)
            return
        desktop = self.desktop()
        form = replace(desktop.form, unchecked_is_missing=self._asked_once)
        try:
            with self.saving() as session:
                outcome = intake.receive(session, self.desk, form)
                if self.aside.draft_id is not None:
                    drafts.drop(session, self.aside.draft_id)
        except UserError as problem:
            self._asked_once = problem.field == "checklist"
            self._tell(problem)
            return
        self.aside.begin()
        self._clear()
        self._focus(self.bar)
        self.file.made(outcome, desktop, prints=prints)

    def _tell(self, problem: UserError) -> None:
        """Say it where it belongs, and put the cursor there."""
        field = problem.field or ""
        if field == "checklist":
            self._focus(self.panel.checklist)
            self.say("warning", problem.message, 15)
            return
        if self.people.show_error(problem):
            self.say("warning", problem.message, 10)
            return
        self.panel.unfold()
        target = self.panel.field(field)
        if target is not None and target.isVisibleTo(self):
            self._focus(target)
            target.say("error", problem.message)
            return
        self.around.feedback.tell(problem)

    def park(self) -> None:
        """F7: put it aside; the next one begins with an empty desk."""
        self._put_aside()
        self._clear()
        self._focus(self.bar)

    def show_parked(self) -> None:
        """Shift+F7: choose among the parked files."""
        self.side.show_page("waiting")
        self.side.waiting.parked.begin()
        self._focus(self.side.waiting.parked)

    def next_service(self) -> None:
        """F6: the same person asks for something else."""
        if not self.people.is_empty() and self.people.name.value():
            form = self.form()
            self._put_aside()
        elif self.file.last is not None:
            form = self.file.last.desktop.form
        else:
            return
        self._clear()
        again = same_person(form)
        self.people.show_form(again)
        self._whom_chosen = again.for_whom != 1
        if not self._whom_chosen:
            self.people.whom.set_value(None)
        self._touch()
        self._look_for_files()
        self._edited()
        self.go_on()

    def _can_repeat(self) -> bool:
        return bool(self.people.name.value()) or self.file.last is not None

    def open_hinted(self) -> None:
        """F5: the file that the warning names."""
        file = self._current_hint().file
        if isinstance(file, OpenFile):
            if file.state == "RETURNED":
                self.open_returning(file.application_id)
            else:
                self.go.emit("today", file.application_id)
        elif file is not None:
            self.go.emit("today", file.id)

    def open_returning(self, application_id: str) -> None:
        """A further visit of a short file: only what is missing is looked at (screens.md L4)."""
        try:
            with self.reading() as session:
                returning = reception.returning(session, self.desk, application_id)
        except UserError as problem:
            self._tell(problem)
            return
        has_work = bool(self._checks) or (not self.people.is_empty() and self.offer is not None)
        same = self.people.nik.value() and self.people.nik.value() == returning.form.applicant.nik
        if has_work or not same:
            self._put_aside()
        else:
            self.aside.drop()
        self._clear()
        self._show_desktop(Desktop(form=returning.form, whom_chosen=True))
        self._touch()
        self._edited()
        self._focus(self.panel.checklist)

    def undo(self) -> None:
        """Shift+F12: take the last F9 back; what was typed comes back onto the desk."""
        number = self.file.last.short if self.file.last else ""
        again = self.file.undo()
        if again is None:
            return
        sentence = _("Berkas {number} diurungkan. Jangan serahkan kertas {number}.").format(number=number)
        if self.is_empty():
            self._show_desktop(again)
            self._edited()
            self.go_on()
        else:
            self.aside.park_also(again)
            sentence = _("{sentence} Isinya ada di berkas ditunda (Shift+F7).").format(sentence=sentence)
            self.refresh()
        self.say("warning", sentence, 20)

    def reprint(self) -> None:
        """Ctrl+P: before F9 a hint; then the papers that wait, or the last one again."""
        if self.is_empty():
            self.file.reprint()
        else:
            self.say("info", _("Kertas keluar setelah disimpan: tekan F9."))

    def record_visit(self) -> None:
        """Shift+F2 and a digit: somebody came, and no file comes of it (users.md 1.8)."""
        self.around.feedback.ask(
            _("Catat kunjungan tanpa berkas:"),
            [_(words) for words in VISITS.values()],
            lambda place: self._record_visit(list(VISITS)[place]),
        )

    def _record_visit(self, outcome: str) -> None:
        try:
            with self.saving() as session:
                intake.record_visit(session, self.desk, outcome)
        except UserError as problem:
            self._tell(problem)
            return
        self.say("good", _("Kunjungan dicatat: {what}.").format(what=_(VISITS[outcome])))

    def copy(self, what: str) -> None:
        """Put the applicant's NIK or name on the clipboard for the agency's own system; gone after a minute."""
        person = self.people.applicant()
        if not person.name and not person.nik and self.file.last is not None:
            person = self.file.last.desktop.form.applicant
        text = person.nik if what == "nik" else person.name
        if not text:
            self.say("info", _("Belum ada yang dapat disalin."))
            return
        if what == "nik":
            self._log_reveal()
        self.clipping.put(text)
        words = _("NIK disalin; terhapus sendiri sesudah 60 detik.") if what == "nik" else _(
            "Nama disalin; terhapus sendiri sesudah 60 detik.")  # fmt: skip
        self.say("info", words)

    # --- drafts

    def _clear(self) -> None:
        """An empty desk; nothing is kept or dropped by it."""
        self.aside.begin()
        self.offer = self.standard = self.returning = self.assessment = self._terms = None
        self._checks, self._extras = {}, ()
        self._whom_chosen = self._asked_once = False
        self._started_at, self._parked_s, self._previous_id = None, 0, None
        self._duplicates, self._short_files, self._hint = [], [], None
        self.people.clear()
        self.people.whom.setEnabled(True)
        self.panel.show_service(None, [])
        if self._is_only_service() and self._set_service(self.panel.offers[0]):
            if self.standard is not None:
                self.people.set_whom(self.standard.definition.default_for_whom)
            self._assess()
        self._show()

    def _show_desktop(self, desktop: Desktop) -> None:
        """Show a whole form: a draft, a further visit, what was undone."""
        form = desktop.form
        if form.application_id is not None:
            with self.reading() as session:
                self.returning = reception.returning(session, self.desk, form.application_id)
            self.standard = self.returning.standard
            service_id = self.returning.form.service_id
        else:
            service_id = form.service_id
        offer = next((offer for offer in self.panel.offers if offer.service_id == service_id), None)
        if self.returning is not None and offer is not None:
            self.offer = offer
            with self.reading() as session:
                self._terms = self._terms_of(session, offer, self.returning.standard)
            self.panel.show_service(offer, self.returning.standard.definition.variants, fixed=True)
            self.people.whom.setEnabled(False)
        elif offer is not None:
            self._set_service(offer)
        self.panel.variant.set_value(form.variant)
        self.people.show_form(form)
        for name, digits in desktop.partial.items():
            self.people.fields[name].restore(digits)
        if not desktop.whom_chosen and offer is None:
            self.people.whom.set_value(None)
        self._whom_chosen = desktop.whom_chosen
        self._checks, self._extras = dict(form.checks), tuple(form.extras)
        self._started_at, self._parked_s = form.started_at, form.parked_s
        self._previous_id = form.previous_id
        if self.standard is not None and self.returning is None:
            # The answers are shown by their rows, and the rows depend on the answers before them.
            case = intake.case_of(replace(self.form(), answers=form.answers), self.today())
            self.panel.show_questions(questions(self.standard.definition, case), dict(form.answers))
        self._look_for_files()
        self._assess()
        self._show()

    def _put_aside(self) -> None:
        """Park what stands here, if anything does."""
        desktop = self.aside.park()
        if desktop is not None:
            self.aside.begin()
            self.refresh()
            who = desktop.who or _("tanpa nama")
            self.say("info", _("Berkas {name} ditunda. Shift+F7 membukanya lagi.").format(name=who))

    def _parked_row(self, draft_id: str, desktop: Desktop) -> Parked:
        offer = next((o for o in self.panel.offers if o.service_id == desktop.form.service_id), None)
        at = clock_time(self.desk.local(desktop.parked_at)) if desktop.parked_at else ""
        parts = [at, offer.name if offer else ""]
        return Parked(draft_id, desktop.who or _("tanpa nama"), " · ".join(part for part in parts if part))

    @Slot(object)
    def _open_parked(self, row: Parked) -> None:
        self._put_aside()
        desktop = self.aside.open(row.id)
        if desktop is not None:
            self._clear()
            self._open_draft(row.id, desktop)
        self.refresh()

    def _open_draft(self, draft_id: str, desktop: Desktop) -> bool:
        try:
            self._show_desktop(desktop)
        except UserError as problem:
            # The file it continues was finished elsewhere meanwhile.
            self._clear()
            self.aside.forget(draft_id)
            self._tell(problem)
            return False
        self.aside.begin(draft_id)
        self.aside.keep()
        self.go_on()
        return True

    def _recover(self) -> None:
        """What a run of the program that ended badly left behind: the newest comes back, unless the desk is taken."""
        found = self.aside.left_behind()
        shown = found[:1] if self.is_empty() else []
        for id_, desktop in found[len(shown) :]:
            self.aside.park_left(id_, desktop)
        is_shown = bool(shown) and self._open_draft(*shown[0])
        self.refresh()
        words = []
        if found and (is_shown or not shown):
            words.append(_("Berkas yang belum selesai sudah dipulihkan ({count}).").format(count=len(found)))
        elif self._parked_rows:
            words.append(_("{count} berkas ditunda. Shift+F7 membukanya.").format(count=len(self._parked_rows)))
        if waiting := self.file.waiting():
            words.append(_("{count} lembar belum tercetak. Ctrl+P mencetaknya.").format(count=waiting))
        if words:
            self.say("warning" if found or waiting else "info", " ".join(words), 20)


def _field_of(widget: QWidget | None) -> Field | None:
    while widget is not None and not isinstance(widget, Field):
        widget = widget.parentWidget()
    return widget
