"""The middle column of the intake screen: the service, its kind, the questions of its standard, and the checklist."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.i18n import N_, _
from desktop.models.standard import Question, Variant
from desktop.operations.reception import Offer
from desktop.operations.requirements import Extra
from desktop.ui import style
from desktop.ui.bars import Elided
from desktop.ui.card import Card
from desktop.ui.checklist import Checklist
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.entry_bar import ServiceField
from desktop.ui.feedback import Feedback
from desktop.ui.inputs import Field, TextField
from desktop.ui.lines import Keyed, KeyList
from desktop.ui.list_field import within

# Why a paper is asked for beyond the standard (screens.md R5); counted and reported.
EXTRA_REASONS = (
    N_("keadaan berkas ini tidak biasa"),
    N_("diminta pejabat yang berwenang"),
    N_("aturan baru belum masuk standar"),
    N_("data pada berkas meragukan"),
)
# What a service is asked for that only counts visits ("catat saja").
RECORD_OUTCOMES = {
    "complete": N_("dilayani"),
    "consulted": N_("konsultasi"),
    "wrong_counter": N_("salah loket"),
    "outage": N_("sistem instansi sedang gangguan"),
    "left": N_("pulang tanpa berkas"),
}
PINS = 9


class ServicePanel(Card):
    """What is asked for. It tells what was chosen and answered; the screen works out what follows."""

    service_chosen = Signal(str)
    variant_chosen = Signal()
    answered = Signal(str)  # the code of a question
    extra_given = Signal(object)  # an Extra
    extra_typed = Signal()
    recorded = Signal(str)  # an outcome of a service that only counts visits
    on = Signal()  # Enter: whatever comes next

    PINNED, LIST, RECORD = 0, 1, 2

    def __init__(self, offers: Sequence[Offer], feedback: Feedback) -> None:
        super().__init__(_("Layanan dan syarat"))
        self.offers = list(offers)
        self._by_id = {offer.service_id: offer for offer in self.offers}
        self._feedback = feedback
        self._has_variants = False
        column = QVBoxLayout(self)
        column.setSpacing(style.px(8))
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.px(12))
        grid.setVerticalSpacing(style.px(8))
        grid.setColumnMinimumWidth(0, style.em(64))
        grid.setColumnStretch(1, 1)
        self.service = ServiceField(within(self._options()))
        self.service.pinned.connect(self._pin)
        self.service.changed.connect(self._service_edited)
        self.service.finished.connect(lambda _by_itself: self._service_left())
        self._titles: dict[str, QWidget] = {}
        self._add(grid, 0, self.service)
        self.variant = ChoiceRow("variant", _("Jenis"), [])
        self.variant.changed.connect(self.variant_chosen)
        self.variant.finished.connect(lambda _by_itself: self.on.emit())
        self._add(grid, 1, self.variant)
        column.addLayout(grid)
        self._asked = QWidget()
        self._questions_box = QVBoxLayout(self._asked)
        self._questions_box.setContentsMargins(0, 0, 0, 0)
        self._questions_box.setSpacing(style.px(4))
        column.addWidget(self._asked)
        self._answers_line = QWidget()
        line = QHBoxLayout(self._answers_line)
        line.setContentsMargins(0, 0, 0, 0)
        self._answers_words = Elided("muted")
        self._answers_words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        change = style.button(_("Ubah"), "chip")
        change.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        change.clicked.connect(lambda _checked=False: self.unfold())
        line.addWidget(self._answers_words, 1)
        line.addWidget(change)
        column.addWidget(self._answers_line)
        self._answers_line.hide()
        self.questions: dict[str, ChoiceRow] = {}
        self._question_rows: dict[str, QWidget] = {}
        self._stack = QStackedWidget()
        column.addWidget(self._stack, 1)
        self._stack.addWidget(self._pinned_page())
        self._stack.addWidget(self._list_page())
        self._stack.addWidget(self._record_page())
        for field in (self.service, self.variant):
            field.numlock_off.connect(feedback.numlock_is_off)
        self.show_service(None, [])

    # --- what is shown

    def show_service(self, offer: Offer | None, variants: Sequence[Variant], *, fixed: bool = False) -> None:
        """Show this service as chosen; ``fixed`` where a further visit cannot change it."""
        self.service.show_offer(offer)
        self.service.say("normal")
        self.service.line.setReadOnly(fixed)
        self.service.line.setFocusPolicy(Qt.FocusPolicy.NoFocus if fixed else Qt.FocusPolicy.StrongFocus)
        self.variant.setEnabled(not fixed)
        self.variant.set_options([Option(variant.code, variant.name) for variant in variants])
        self.variant.say("normal")
        self._has_variants = bool(variants)
        self._show("variant", self._has_variants)
        self._answers_line.hide()
        self._asked.show()
        page = self.PINNED if offer is None else self.RECORD if offer.record_only else self.LIST
        self._stack.setCurrentIndex(page)
        if offer is None:
            self.checklist.clear()
            self.show_questions([], {})
        self._clear_extra()

    def show_questions(self, questions: Sequence[Question], answers: dict[str, bool]) -> None:
        """The questions of now in their order; those that are still asked keep their row, and the cursor in it."""
        codes = [question.code for question in questions]
        for code in [code for code in self.questions if code not in codes]:
            self.questions.pop(code)
            row = self._question_rows.pop(code)
            self._questions_box.removeWidget(row)
            row.hide()
            row.deleteLater()
        for place, question in enumerate(questions):
            if question.code not in self.questions:
                self._questions_box.insertWidget(place, self._question_row(question))
            else:
                self._questions_box.insertWidget(place, self._question_rows[question.code])
            row = self.questions[question.code]
            row.set_value(answers.get(question.code))
        order = [self.service, *([self.variant] if self._has_variants else []), *self.questions.values()]
        for before, after in itertools.pairwise(order):
            QWidget.setTabOrder(before.editor, after.editor)
        QWidget.setTabOrder(order[-1].editor, self.checklist.list)

    def answers(self) -> dict[str, bool]:
        """What was answered among the questions shown."""
        return {code: row.value() for code, row in self.questions.items() if row.value() is not None}

    def first_open(self) -> Field | None:
        """The first thing here that waits for an answer, or None when the checklist is next."""
        if self.service.value() is None:
            return self.service
        if self._has_variants and self.variant.isEnabled() and self.variant.value() is None:
            return self.variant
        return next((row for row in self.questions.values() if row.value() is None), None)

    def fold_if_tight(self) -> None:
        """Where the list finds no room, what was answered becomes one line above it."""
        bar = self.checklist.list.verticalScrollBar()
        if self.page() != self.LIST or bar.maximum() == 0 or self._answers_line.isVisible():
            return
        parts = [f"{row.title} {_('ya') if row.value() else _('tidak')}" for row in self.questions.values()]
        chosen = next((o.text for o in self.variant.options if o.value == self.variant.value()), "")
        words = " · ".join(part for part in (chosen, *parts) if part)
        if words and self.first_open() is None:
            self._answers_words.show_text(words)
            self._answers_line.show()
            self._asked.hide()
            self._show("variant", False)

    def unfold(self) -> None:
        """Show kind and questions again."""
        if not self._answers_line.isHidden():
            self._answers_line.hide()
            self._asked.show()
            self._show("variant", self._has_variants)

    def page(self) -> int:
        return self._stack.currentIndex()

    def pins(self) -> list[Offer]:
        """The services that one digit chooses."""
        return self.offers[:PINS]

    def field(self, name: str) -> Field | None:
        """The field that a UserError names."""
        if name.startswith("question:"):
            return self.questions.get(name.removeprefix("question:"))
        return {"service": self.service, "variant": self.variant}.get(name)

    # --- a paper beyond the standard

    def open_extra(self) -> None:
        """Ask which paper, then why; what was typed before Esc is still there."""
        self._extra.show()
        self.extra_name.setFocus(Qt.FocusReason.TabFocusReason)

    def close_extra(self) -> bool:
        """False where it was not open."""
        was_open = not self._extra.isHidden()
        self._extra.hide()
        return was_open

    def extra_kept(self) -> dict[str, str]:
        """What is typed of it, by the fields' names; empty where it is not open."""
        if self._extra.isHidden():
            return {}
        return {"extra_name": self.extra_name.kept(), "extra_reason": self.extra_reason.value() or ""}

    def restore_extra(self, kept: Mapping[str, str]) -> None:
        """Ask for it again, as far as it was typed."""
        if "extra_name" in kept:
            self._extra.show()
            self.extra_name.set_value(kept["extra_name"])
            self.extra_reason.set_value(kept.get("extra_reason") or None)

    def _clear_extra(self) -> None:
        self.close_extra()
        self.extra_name.clear()
        self.extra_reason.clear()

    def _extra_done(self) -> None:
        name = self.extra_name.value()
        if len(name) < 3:
            self.extra_name.say("error", _("Tulis nama syaratnya, paling sedikit 3 huruf."))
            self.extra_name.setFocus(Qt.FocusReason.TabFocusReason)
            return
        reason = self.extra_reason.value()
        if reason is None:
            self.extra_reason.say("error", _("Pilih alasan dengan angkanya."))
            return
        self._clear_extra()
        self.extra_given.emit(Extra(code="", name=name, reason=reason))

    # --- building

    def _add(self, grid: QGridLayout, row: int, field: Field) -> None:
        title = style.label(style.literal(field.title))
        title.setBuddy(field.editor)
        title.setContentsMargins(0, style.px(6), 0, 0)
        grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(field, row, 1)
        self._titles[field.objectName()] = title

    def _show(self, name: str, shown: bool) -> None:
        field = self.field(name)
        if field is not None:
            field.setVisible(shown)
            self._titles[name].setVisible(shown)

    def _question_row(self, question: Question) -> QWidget:
        row = QWidget()
        line = QHBoxLayout(row)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(style.px(10))
        words = style.label(question.text)
        words.setWordWrap(True)
        choice = ChoiceRow(
            f"question:{question.code}", question.text, [Option(True, _("ya")), Option(False, _("tidak"))]
        )
        choice.setFixedWidth(style.em(132))
        choice.changed.connect(lambda code=question.code: self.answered.emit(code))
        choice.finished.connect(lambda _by_itself: self.on.emit())
        choice.numlock_off.connect(self._feedback.numlock_is_off)
        line.addWidget(words, 1)
        line.addWidget(choice)
        self.questions[question.code] = choice
        self._question_rows[question.code] = row
        return row

    def _pinned_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(6))
        title = style.label(_("Layanan yang paling sering di loket ini"), "strong")
        title.setWordWrap(True)
        column.addWidget(title)
        several = len({offer.agency_id for offer in self.offers}) > 1
        self.pinned = KeyList("pinned", _("Layanan yang paling sering di loket ini"))
        self.pinned.rows.show(
            [
                # The agency is told where it changes: nine times the same name would only be in the way.
                Keyed(str(digit), offer.name, offer.agency if several and offer.agency_id != before else "")
                for digit, offer, before in zip(
                    range(1, PINS + 1), self.pins(), ["", *(o.agency_id for o in self.pins())], strict=False
                )
            ]
        )
        self.pinned.chosen.connect(lambda key: self._pin(int(key)))
        column.addWidget(self.pinned, 1)
        if len(self.offers) > PINS:
            more = style.label(
                _("{count} layanan lain: ketik beberapa huruf namanya di atas.").format(count=len(self.offers) - PINS),
                "small",
            )
            more.setWordWrap(True)
            column.addWidget(more)
        return page

    def _list_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(6))
        self.checklist = Checklist()
        self.checklist.numlock_off.connect(self._feedback.numlock_is_off)
        column.addWidget(self.checklist, 1)
        self._extra = QFrame()
        self._extra.setProperty("say", "question")
        self._extra.setObjectName("extra")
        inner = QVBoxLayout(self._extra)
        inner.setContentsMargins(style.px(10), style.px(8), style.px(10), style.px(10))
        inner.setSpacing(style.px(6))
        inner.addWidget(style.label(_("Syarat di luar daftar"), "strong"))
        self.extra_name = TextField("extra_name", _("Nama syarat"), limit=120, hint=_("nama syarat"))
        self.extra_reason: ChoiceRow = ChoiceRow(
            "extra_reason", _("Alasan"), [Option(words, _(words)) for words in EXTRA_REASONS]
        )
        for field in (self.extra_name, self.extra_reason):
            field.changed.connect(self.extra_typed)
            field.numlock_off.connect(self._feedback.numlock_is_off)
        self.extra_name.finished.connect(lambda _by_itself: self.extra_reason.setFocus(Qt.FocusReason.TabFocusReason))
        self.extra_reason.finished.connect(lambda _by_itself: self._extra_done())
        inner.addWidget(self.extra_name)
        inner.addWidget(self.extra_reason)
        column.addWidget(self._extra)
        self._extra.hide()
        return page

    def _record_page(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        words = style.label(_("Layanan ini hanya dicatat: pilih hasilnya, tidak ada berkas dan kertas."), "muted")
        words.setWordWrap(True)
        column.addWidget(words)
        self.record = ChoiceRow("record", _("Hasil"), [Option(code, _(name)) for code, name in RECORD_OUTCOMES.items()])
        self.record.finished.connect(lambda _by_itself: self._record())
        column.addWidget(self.record)
        column.addStretch(1)
        return page

    def _record(self) -> None:
        if self.record.value() is not None:
            self.recorded.emit(self.record.value())

    def _options(self) -> list[Option]:
        several = len({offer.agency_id for offer in self.offers}) > 1
        return [
            Option(offer.service_id, offer.name, offer.agency if several else "", offer.words) for offer in self.offers
        ]

    def _pin(self, digit: int) -> None:
        if not 1 <= digit <= len(self.pins()):
            self.service.say("warning", _("Tidak ada layanan nomor {digit}.").format(digit=digit))
            return
        self.service_chosen.emit(self.pins()[digit - 1].service_id)

    def _service_edited(self) -> None:
        if self.service.value() is not None:
            self.service_chosen.emit(self.service.value())

    def _service_left(self) -> None:
        # A choice has moved the cursor on already.
        if self.service.line.hasFocus():
            self.on.emit()
