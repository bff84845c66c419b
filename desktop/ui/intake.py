"""Permohonan baru: the one screen of the desk, from the first key to the paper (screens.md L1 and L4, users.md).

The screen shows and asks; what a list of papers means, what is complete and what may be kept is said by the operations.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.operations import access, reception, setup, upkeep
from desktop.operations.amending import ConsentWanted
from desktop.operations.intake_form import IntakeForm
from desktop.operations.reception import Offer, Returning, Standard
from desktop.operations.requirements import Assessment, Check, Extra
from desktop.operations.search import number_text
from desktop.ui import intake_acts, style
from desktop.ui import intake_hints as hints
from desktop.ui.choices import Option
from desktop.ui.entry_bar import EntryBar
from desktop.ui.handouts import Handouts
from desktop.ui.intake_choosing import Choosing
from desktop.ui.intake_closing import Closing
from desktop.ui.intake_draft import Desktop
from desktop.ui.intake_entry import Entries
from desktop.ui.intake_lookup import Lookup
from desktop.ui.intake_parking import Parking
from desktop.ui.intake_restoring import Restoring
from desktop.ui.intake_service import ServicePanel
from desktop.ui.intake_summary import Side, Terms
from desktop.ui.intake_walk import Walk
from desktop.ui.intake_watch import Watch
from desktop.ui.last_file import LastFile
from desktop.ui.notice import Notice
from desktop.ui.people_card import PeopleCard
from desktop.ui.people_form import PeopleForm
from desktop.ui.screen import Act, Screen, Surroundings
from desktop.ui.set_aside import SetAside
from desktop.ui.village_field import Place


class IntakeScreen(Screen):
    """L1 Meja kerja."""

    name = "intake"
    title = N_("Permohonan baru")
    tables = frozenset({"application", "status_move", "draft", "party"})

    def __init__(self, around: Surroundings) -> None:
        self.offer: Offer | None = None
        self.standard: Standard | None = None
        self.returning: Returning | None = None
        self.assessment: Assessment | None = None
        self.checks: dict[str, Check] = {}
        self.extras: tuple[Extra, ...] = ()
        self.terms: Terms | None = None
        self.whom_chosen = False
        self.asked_once = False
        self.started_at: datetime | None = None
        self.parked_s = 0
        self.previous_id: str | None = None
        self.authorised_by: str | None = None
        self.replaces = ""  # the number ("0041-7") of the file that F9 makes void
        self._has_arrived = False
        self.is_changing = False
        self._shown_acts: object = None
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
        self.clipping = around.clipping
        self.file = LastFile(self, around, self.tell)
        self.file.changed.connect(self.show_around)
        self.clear()

    # --- building

    def build(self) -> None:
        with self.reading() as session:
            offers = reception.offers(session, self.desk)
            places = [Place(v.code, v.name, v.district) for v in setup.villages(session)]
            officers = [Option(one.id, one.display_name) for one in access.officers(session)]
        self._column = column = QVBoxLayout(self)
        column.setSpacing(style.px(6))
        self.bar = EntryBar(offers, self.desk, self.reading)
        self.notice = Notice()
        self.people = PeopleForm(self.around.feedback, places, self.today, is_training=self.desk.training,
                                 officers=officers)
        self.people_card = PeopleCard(self.people)
        self.panel = ServicePanel(offers, self.around.feedback)
        self.side = Side(self.panel.checklist.choice)
        row = QHBoxLayout()
        row.setSpacing(style.px(10))
        row.addWidget(self.people_card)
        row.addWidget(self.panel, 1)
        row.addWidget(self.side)
        column.addWidget(self.bar)
        column.addWidget(self.notice)
        column.addLayout(row, 1)
        self.walk, self.entries, self.lookup = Walk(self), Entries(self), Lookup(self)
        self.choosing, self.closing, self.parking = Choosing(self), Closing(self), Parking(self)
        self.restoring, self.watch, self.handouts = Restoring(self), Watch(self), Handouts(self)
        self._wire()

    def _wire(self) -> None:
        bar, people, panel, checklist, side = self.bar, self.people, self.panel, self.panel.checklist, self.side
        bar.numlock_off.connect(self.around.feedback.numlock_is_off)
        bar.nik_given.connect(self.entries.take_nik)
        bar.given.connect(self.entries.take_guess)
        bar.picked.connect(self.entries.take_line)
        bar.passed.connect(lambda: self.walk.to(self.people.nik))
        people.changed.connect(self.person_edited)
        people.finished.connect(self.walk.people_done)
        people.nik_read.connect(self.lookup.nik_read)
        people.proxy_read.connect(self.lookup.proxy_read)
        people.whom_chosen.connect(self._whom_edited)
        people.looking.connect(self.closing.look)
        panel.service_chosen.connect(self.choosing.choose)
        panel.variant_chosen.connect(self.edited)
        panel.answered.connect(lambda _code: self.edited())
        panel.extra_given.connect(self.choosing.add_extra)
        panel.extra_typed.connect(self.edited)
        panel.recorded.connect(self.closing.record_service)
        panel.on.connect(self.walk.go_on)
        checklist.checked.connect(self.choosing.found)
        checklist.left.connect(self.walk.leave_checklist)
        checklist.note_wanted.connect(people.open_note)
        checklist.extra_wanted.connect(panel.open_extra)
        checklist.refused.connect(lambda sentence: self.say("warning", sentence))
        checklist.meaning_changed.connect(self.show_around)
        side.waiting.parked_opened.connect(self.parking.open_parked)
        side.waiting.file_opened.connect(lambda found: self.go.emit("today", found.id))
        side.last_paper.undo_wanted.connect(self.closing.undo)
        side.last_paper.again_wanted.connect(self.closing.reprint)
        side.save_button.clicked.connect(lambda _checked=False: self.do("F9"))

    # --- what the window asks

    def acts(self) -> list[Act]:
        return intake_acts.acts(self) if hasattr(self, "side") else []

    def step_back(self) -> bool:
        return self.walk.step_back()

    def heading(self) -> str:
        if self.returning is None:
            return _("Permohonan baru")
        return _("Kunjungan ke-{count} · {number}").format(
            count=self.returning.visit_no, number=number_text(self.returning.number)
        )

    def help(self) -> list[str]:
        with self.reading() as session:
            pledges = upkeep.pledges(session, self.desk)
        return [*pledges, *intake_acts.help_lines()]

    def refresh(self) -> None:
        with self.reading() as session:
            recent = reception.recent_files(session, self.desk)
        self.watch.heard()
        self.parking.rows = [self.parking.row(id_, desktop) for id_, desktop in self.aside.parked()]
        self.side.waiting.show_rows(self.parking.rows, recent)
        self.show_around()

    def show_thing(self, thing: Any) -> None:
        """An application's id: continue that file. A form: the people of a file that it shall stand in for."""
        if isinstance(thing, str):
            self.lookup.open_returning(thing)
        elif isinstance(thing, IntakeForm):
            self.lookup.open_instead(thing)

    def arrive(self) -> None:
        is_first, self._has_arrived = not self._has_arrived, True
        if is_first:
            self.refresh()
            self.parking.recover()
        if self.is_empty():
            self.bar.setFocus(Qt.FocusReason.TabFocusReason)
        else:
            self.walk.go_on()
        if is_first:
            self.file.ask_unsure()  # last, for it takes the cursor: a digit that answers must not turn a line

    def is_half_done(self) -> bool:
        return not self.is_empty()

    def leave(self) -> None:
        self.aside.park()

    def keep(self) -> Any:
        return self.restoring.keep()

    def restore(self, kept: Any) -> None:
        self.restoring.restore(kept)

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
            checks=dict(self.checks),
            extras=self.extras,
            unchecked_is_missing=self.asked_once,
            vulnerable_group=self.people.vulnerable.value() or None,
            queue_no=self.people.queue.value() or None,
            started_at=self.started_at,
            parked_s=self.parked_s,
            note=self.people.note.value(),
            application_id=self.returning.form.application_id if self.returning else None,
            previous_id=self.previous_id,
            authorised_by=self.authorised_by,
            outage=self.people.outage(),
            standard_id=self.standard.id if self.standard and self.returning is None else None,
            seen=self.watch.opened.seen if self.watch.opened else (),
        )

    def desktop(self) -> Desktop:
        """The form and what else must not be lost."""
        birth = self.people.birth
        half = {} if birth.value() else {birth.objectName(): str(birth.kept())}
        return Desktop(
            form=replace(self.form(), unchecked_is_missing=False),
            partial={name: digits for name, digits in half.items() if digits} | self.panel.extra_kept(),
            whom_chosen=self.whom_chosen,
            start_id=self.around.store.start_id,
            opened=self.watch.opened,
        )

    def is_empty(self) -> bool:
        """Whether nothing stands here that could be lost."""
        chose = self.offer is not None and not self.is_only_service()
        asks_more = bool(self.extras) or any(self.panel.extra_kept().values())
        return self.people.is_empty() and not (chose or self.checks or asks_more or self.returning)

    def _answers(self) -> dict[str, bool]:
        return dict(self.returning.form.answers) if self.returning else self.panel.answers()

    def is_only_service(self) -> bool:
        """Whether this counter serves nothing else."""
        return len(self.panel.offers) == 1

    # --- what changed

    @Slot(str)
    def person_edited(self, name: str) -> None:
        """Something of the person of this field changed."""
        if name == "applicant.nik" and not self.people.nik.is_full():
            self.lookup.duplicates, self.lookup.short_files = [], []
        self.edited()

    @Slot()
    def _whom_edited(self) -> None:
        self.whom_chosen = True
        self.choosing.say_refusal()
        self.lookup.look_for_files()
        self.edited()

    def touch(self) -> None:
        """Somebody is being served from now on."""
        if self.started_at is None:
            self.started_at = self.around.store.clock()

    @Slot()
    def edited(self) -> None:
        """Something was typed or chosen: work it out anew, and keep the draft at the next pause."""
        if not self.is_empty():
            self.touch()
        self.lookup.said = None
        self.aside.touched()
        self.choosing.work_out()
        self.show_state()

    # --- what is shown

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """What changes inside is shown when all of it has changed: each field that is emptied and each place the
        cursor passes would have the whole screen shown anew."""
        if self.is_changing:
            yield
            return
        self.is_changing = True
        try:
            yield
        finally:
            self.is_changing = False
        self.show_state()

    def show_state(self) -> None:
        """Show what was worked out."""
        if self.is_changing:
            return
        if self.assessment is not None:
            accepted, words = frozenset[str](), ""
            if self.returning is not None:
                # What was accepted elsewhere since a draft was put aside is folded once F5 took it over.
                accepted = frozenset(self.returning.form.checks.keys() & self.checks.keys())
                words = hints.accepted_words(self.returning)
            self.panel.checklist.show_assessment(self.assessment, accepted=accepted, fold_text=words)
        self.side.summary.show_state(self.assessment, self.terms)
        self.show_around()

    @Slot()
    def show_around(self) -> None:
        """Show what follows from where the cursor is, too: the page at the right, the last paper, the line under the
        entry bar, what digits mean, and the keys that are valid."""
        if self.is_changing:
            return
        waiting, is_empty = self.side.waiting, self.is_empty()
        if self.panel.checklist.is_asking():
            self.side.show_page("choice")
        elif is_empty or self.window().focusWidget() in (waiting.parked, waiting.recent):
            self.side.show_page("waiting")
        else:
            self.side.show_page("summary")
        self.file.show_on(self.side.last_paper, large=is_empty)
        self.walk.tell_meaning()
        hint = self.lookup.hint()
        act = _("F5  {act}").format(act=hint.act) if hint.file is not None else ""
        self.notice.say(hint.kind, hint.text, act=act, do=self.lookup.open_hinted if hint.file is not None else None)
        self._tell_acts()

    def _tell_acts(self) -> None:
        label, kind = intake_acts.save_label(self.assessment)
        self.side.say_act(label, kind or "primary", enabled=intake_acts.can_save(self))
        now = [(act.key, act.label, act.enabled, act.kind) for act in self.acts()]
        if (now, self.heading()) != self._shown_acts:
            self._shown_acts = (now, self.heading())
            self.acts_changed.emit()

    def tell(self, problem: UserError) -> None:
        """Say it where it belongs, and put the cursor there; a supervisor is asked at the card of the file."""
        if isinstance(problem, ConsentWanted) and self.previous_id is not None:
            self.go.emit("today", self.form())
            return
        field = problem.field or ""
        if field == "checklist":
            self.walk.to(self.panel.checklist)
            self.say("warning", problem.message, 15)
            return
        if self.people.show_error(problem):
            self.say("warning", problem.message, 10)
            return
        self.panel.unfold()
        target = self.panel.field(field)
        if target is not None and target.isVisibleTo(self):
            self.walk.to(target)
            target.say("error", problem.message)
            return
        self.around.feedback.tell(problem)

    # --- the whole desk

    def clear(self) -> None:
        """An empty desk; nothing is kept or dropped by it."""
        with self.at_once():
            self.restoring.clear()

    def show_desktop(self, desktop: Desktop, returning: Returning | None = None) -> None:
        """Show a whole form: a draft, a further visit, what was undone. ``returning``: it stood on the desk already."""
        self.restoring.show(desktop, returning)

    # --- Qt

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # The side columns give way first, down to what a NIK and the label of F9 need.
        room = self.width()
        edge = style.px(20 if room > style.em(960) else 8)
        self._column.setContentsMargins(edge, style.px(4), edge, style.px(10))
        self.people_card.setFixedWidth(max(style.em(326), min(style.em(362), round(room * 0.325))))
        self.side.setFixedWidth(max(style.em(228), min(style.em(264), round(room * 0.24))))
