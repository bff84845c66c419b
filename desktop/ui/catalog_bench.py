"""The test bench of the catalogue: answer as at the counter, and see the checklist that the standard makes of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.models.standard import Definition
from desktop.operations.case import SELF, Case, questions
from desktop.operations.requirements import assess, refusal
from desktop.ui import style
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.for_whom import WHOM
from desktop.ui.lines import LineList, TwoLines


class Bench(QFrame):
    """The real rules on a case of one's own; nothing is kept. ``today`` gives the hall's day."""

    def __init__(self, today: Callable[[], date]) -> None:
        super().__init__()
        self.setProperty("role", "card")
        self._today = today
        self._definition: Definition | None = None
        self._answers: dict[str, bool] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(12), style.px(10), style.px(12), style.px(10))
        column.setSpacing(style.px(6))
        column.addWidget(style.label(_("Coba seperti di loket"), "heading"))
        asked = QWidget()
        asked.setObjectName("scrolled")
        self._box = QVBoxLayout(asked)
        self._box.setContentsMargins(0, 0, style.px(4), 0)
        self._box.setSpacing(style.px(4))
        self.whom = ChoiceRow(
            "bench_whom", _("Untuk"), [Option(code, _(words)) for code, words in WHOM.items()], chosen=SELF
        )
        self.whom.changed.connect(self._work_out)
        self.whom.finished.connect(lambda _by_itself: self._next(self.whom))
        self._box.addWidget(style.label(_("Untuk"), "small"))
        self._box.addWidget(self.whom)
        self.variant = ChoiceRow("bench_variant", _("Jenis"), [])
        self.variant.changed.connect(self._work_out)
        self.variant.finished.connect(lambda _by_itself: self._next(self.variant))
        self._variant_title = style.label(_("Jenis"), "small")
        self._box.addWidget(self._variant_title)
        self._box.addWidget(self.variant)
        self._rows: dict[str, tuple[QWidget, ChoiceRow]] = {}
        self._box.addStretch(1)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setWidget(asked)
        column.addWidget(area, 2)
        self.outcome = style.Mark(wrap=True)
        self.outcome.setObjectName("bench_outcome")
        column.addWidget(self.outcome)
        self.asked = LineList("bench_list", _("Syarat yang diminta"))
        column.addWidget(self.asked, 3)

    def show_standard(self, definition: Definition | None) -> None:
        """Try this standard; answers that still have a question stay."""
        self._definition = definition
        self.setEnabled(definition is not None)
        variants = definition.variants if definition else ()
        self.variant.set_options([Option(variant.code, variant.name) for variant in variants])
        self._variant_title.setVisible(bool(variants))
        self.variant.setVisible(bool(variants))
        self._work_out()

    def lines(self) -> list[str]:
        """The papers that are asked for now."""
        return [row.first for row in self.asked.rows.rows]

    def _case(self) -> Case:
        return Case(self.variant.value(), self.whom.value() or SELF, self._answers, self._today())

    def _work_out(self) -> None:
        definition = self._definition
        if definition is None:
            self.asked.rows.show([])
            self.outcome.show_state("", "")
            return
        shown = questions(definition, self._case())
        self._show_questions({question.code: question.text for question in shown})
        self._answers = {code: row.value() for code, (_w, row) in self._rows.items() if row.value() is not None}
        made = assess(definition, self._case(), {})
        self.asked.rows.show([
            TwoLines(line.code, f"{line.ordinal}. {line.requirement.name}", line.why,
                     "muted" if line.optional else "info", "circle" if line.optional else "circle-dot")
            for line in made.lines
        ])  # fmt: skip
        refused = refusal(definition, self._case().for_whom)
        if refused:
            self.outcome.show_state("bad", refused)
        elif made.needs_variant or made.unanswered:
            self.outcome.show_state("warning", _("Jawab dahulu yang di atas; daftar dapat bertambah."))
        else:
            self.outcome.show_state("good", _("{count} syarat diminta.").format(count=made.asked_count))

    def _show_questions(self, wanted: dict[str, str]) -> None:
        for code in [code for code in self._rows if code not in wanted]:
            row, _choice = self._rows.pop(code)
            row.hide()
            row.deleteLater()
            self._answers.pop(code, None)
        for code, text in wanted.items():
            if code not in self._rows:
                self._rows[code] = self._question(code, text)
                # The stretch stays last.
                self._box.insertWidget(self._box.count() - 1, self._rows[code][0])

    def _question(self, code: str, text: str) -> tuple[QWidget, ChoiceRow]:
        row = QWidget()
        inner = QVBoxLayout(row)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(style.px(3))
        words = style.label(text, "small")
        words.setWordWrap(True)
        choice = ChoiceRow(f"bench:{code}", text, [Option(True, _("ya")), Option(False, _("tidak"))])
        choice.changed.connect(self._work_out)
        choice.finished.connect(lambda _by_itself: self._next(choice))
        inner.addWidget(words)
        inner.addWidget(choice)
        return row, choice

    def _next(self, after: ChoiceRow) -> None:
        rows = [self.whom, *([self.variant] if self.variant.isVisible() else [])]
        rows += [choice for _row, choice in self._rows.values()]
        place = rows.index(after) + 1
        (rows[place] if place < len(rows) else self.asked).setFocus(Qt.FocusReason.TabFocusReason)
