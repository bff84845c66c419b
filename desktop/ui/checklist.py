"""The checklist at the desk: a numbered line for each syarat, three states, worked by digits alone (users.md 1.3).

It shows an assessment and says what the officer found; it decides nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from enum import Enum
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import N_, _
from desktop.operations.requirements import FAULT_LABELS, Assessment, Check, Fault, Line, State, all_present
from desktop.ui import style
from desktop.ui.checklist_lines import PAGE, LineList, Row, rows_of
from desktop.ui.choices import Chip, Flow
from desktop.ui.fault_choice import Choice
from desktop.ui.keypad import digit_of, is_enter, keypad_digit
from desktop.ui.line_reason import LineReason
from desktop.ui.lines import Keyed


class Meaning(Enum):
    """What a digit does now."""

    LINE = N_("ANGKA = SYARAT")
    SHORT_LINE = N_("ANGKA = SYARAT YANG KURANG")
    FAULT = N_("ANGKA = SEBAB")
    SHEETS = N_("ANGKA = LEMBAR")


class Checklist(QWidget):
    """The list, what may be wrong with a line, and why the line is asked."""

    checked = Signal(object)  # what was found, by code
    left = Signal()  # Enter: on to the next thing
    note_wanted = Signal()
    extra_wanted = Signal()
    meaning_changed = Signal()
    numlock_off = Signal()
    refused = Signal(str)  # a key that is not valid for this line, and why

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("checklist")
        self.assessment: Assessment | None = None
        self.meaning = Meaning.LINE
        self.page = 0
        self._marked = ""  # the code that a fault or a number of sheets is asked for
        self._offered: set[int] = set()
        self._accepted: frozenset[str] = frozenset()
        self._fold_text = ""
        self._unfolded = False
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(6))
        column.addLayout(self._head())
        self.list = LineList(self)
        column.addWidget(self.list, 1)
        self.choice = Choice()
        self.choice.chosen.connect(self._choice_clicked)
        self._reason = LineReason()
        column.addWidget(self._reason)
        self.setFocusProxy(self.list)

    def _head(self) -> QHBoxLayout:
        head = QHBoxLayout()
        head.setSpacing(style.px(6))
        self._title = style.label("", "strong")
        self._title.setObjectName("checklist_title")
        self._title.setContentsMargins(0, style.px(6), style.px(6), 0)
        head.addWidget(self._title, 0, Qt.AlignmentFlag.AlignTop)
        chips = QWidget()
        policy = chips.sizePolicy()
        policy.setHeightForWidth(True)
        chips.setSizePolicy(policy)
        flow = Flow(chips, gap=6)
        self._all = self._chip("*", _("semua ada"), self._mark_all)
        self._short = self._chip("−", _("kurang / salah"), self._mark_current_short)
        self._spare = self._chip(".", _("tidak diperlukan"), self._mark_not_needed)
        for chip in (self._spare, self._all, self._short):
            flow.addWidget(chip)
        head.addWidget(chips, 1)
        return head

    # --- what is shown

    def show_assessment(
        self, assessment: Assessment, *, accepted: frozenset[str] = frozenset(), fold_text: str = ""
    ) -> None:
        """Show these lines; ``accepted`` ones of an earlier visit are folded under one sentence at the end."""
        before = self.assessment.lines if self.assessment else ()
        same_list = [line.code for line in before] == [line.code for line in assessment.lines]
        current = self.current_code()
        self.assessment, self._accepted, self._fold_text = assessment, accepted, fold_text
        if not same_list:
            self.page = 0
            self._unfolded = False
            self._to_lines()
        elif self._marked and self._marked not in {line.code for line in assessment.lines}:
            self._to_lines()
        self._fill(current)

    def clear(self) -> None:
        """No list at all."""
        self.assessment, self._accepted, self._fold_text = None, frozenset(), ""
        self.page, self._unfolded = 0, False
        self._to_lines()
        self.list.rows.show([])
        self._title.setText("")
        self.tell_why()

    def kept(self) -> dict[str, Any]:
        """Where the officer is: the page and line, and what the next digit answers."""
        return {
            "page": self.page, "unfolded": self._unfolded, "line": self.current_code(),
            "meaning": self.meaning, "marked": self._marked,
        }  # fmt: skip

    def restore(self, kept: Mapping[str, Any]) -> None:
        """Be there again, in a list that was just shown anew."""
        if self.assessment is None:
            return
        self.page, self._unfolded = min(kept["page"], self.pages() - 1), kept["unfolded"]
        self._fill(kept["line"])
        line = self._line(kept["marked"])
        if kept["meaning"] is Meaning.SHORT_LINE:
            self._want_short()
        elif line is not None:
            self._marked = line.code
            ask = self._ask_sheets if kept["meaning"] is Meaning.SHEETS else self._ask_fault
            ask(line)

    def open_lines(self) -> list[Line]:
        """The lines that are worked on, groups kept together, in the order of their digits."""
        if self.assessment is None:
            return []
        lines = [line for line in self.assessment.lines if line.code not in self._accepted]
        place = {line.group: i for i, line in reversed(list(enumerate(lines))) if line.group}
        return sorted(lines, key=lambda line: place.get(line.group, lines.index(line)))

    def current_code(self) -> str:
        """The code of the line under the cursor, or an empty string."""
        row = self.list.row()
        return row.line.code if row and row.line else ""

    def is_asking(self) -> bool:
        """Whether a fault or a number of sheets is asked for now."""
        return self.meaning in (Meaning.FAULT, Meaning.SHEETS)

    def meaning_words(self) -> str:
        """What the digits mean now, as the screen says it."""
        return _(self.meaning.value)

    def pages(self) -> int:
        """How many times nine lines there are."""
        return max(1, -(-len(self.open_lines()) // PAGE))

    def _fill(self, current: str) -> None:
        assert self.assessment is not None
        rows = rows_of(self.assessment, self.open_lines(), self.page)
        if self._fold_text:
            rows.append(Row(None, self._fold_text, fold=True))
            if self._unfolded:
                done = [line for line in self.assessment.lines if line.code in self._accepted]
                rows += [Row(line, line.requirement.name) for line in done]
        self.list.rows.show(rows)
        self.list.unfolded = self._unfolded
        at = next((i for i, row in enumerate(rows) if row.line and row.line.code == current), None)
        if at is None:
            at = next((i for i, row in enumerate(rows) if row.line), 0)
        self.list.go_to(at)
        self._tell_title()
        self.tell_why()

    def _tell_title(self) -> None:
        assert self.assessment is not None
        asked = self.assessment.asked_count
        self._title.setText(
            _("Syarat: {have} dari {asked}").format(have=max(asked - self.assessment.missing_count, 0), asked=asked)
        )
        self._spare.setVisible(any(line.not_needed_allowed for line in self.open_lines()))

    def tell_why(self) -> None:
        """Say why the line under the cursor is asked."""
        row = self.list.row()
        self._reason.show_line(row.line if row else None)

    # --- what is done

    def take_key(self, event: QKeyEvent) -> bool:
        """Whether the key meant something here; if so it is done."""
        if event.modifiers() & (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier):
            return False
        digit = digit_of(event)
        if digit:
            if keypad_digit(event):
                self.numlock_off.emit()
            if not event.isAutoRepeat():
                self._digit(int(digit))
            return True
        if is_enter(event):
            if event.isAutoRepeat():
                return True
            if self.meaning is Meaning.LINE:
                self.left.emit()
            else:
                self._to_lines()
            return True
        return self._sign(event.text().upper(), event)

    def step_back(self) -> bool:
        """Esc: leave a half-made choice; the line stays marked as it is."""
        if self.meaning is Meaning.LINE:
            return False
        self._to_lines()
        return True

    def _sign(self, sign: str, event: QKeyEvent) -> bool:
        if event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            code = self.current_code()
            if code:
                self._found({code: Check(State.UNCHECKED)})
            return True
        acts = {
            "*": self._mark_all, "S": self._mark_all, "-": self._want_short, "K": self._want_short,
            ".": self._mark_not_needed, ",": self._mark_not_needed, "T": self._mark_not_needed,
            "/": self.note_wanted.emit, " ": self._press_current,
        }  # fmt: skip
        if sign == "+":
            # Beside the numpad's Enter a bare plus would be hit by accident.
            if event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self.extra_wanted.emit()
            return True
        if sign not in acts:
            # A letter typed here was meant for a field: it must not reach the list's own search.
            return bool(sign.strip()) and sign.isprintable()
        if not event.isAutoRepeat():
            acts[sign]()
        return True

    def _digit(self, digit: int) -> None:
        if self.meaning is Meaning.FAULT:
            self._choose_fault(digit)
        elif self.meaning is Meaning.SHEETS:
            self._choose_sheets(digit)
        elif digit == 0:
            self._turn()
        else:
            self._reach(digit)

    def _turn(self) -> None:
        if self.pages() > 1:
            self.page = (self.page + 1) % self.pages()
            lines = self.open_lines()
            self._fill(lines[self.page * PAGE].code)

    def _reach(self, digit: int) -> None:
        lines = self.open_lines()
        place = self.page * PAGE + digit - 1
        if place >= len(lines):
            self.refused.emit(_("Tidak ada syarat nomor {digit}.").format(digit=digit))
            return
        line = lines[place]
        self.list.go_to_code(line.code)
        if self.meaning is Meaning.SHORT_LINE:
            self._mark_short(line)
        else:
            self._toggle(line)

    def _toggle(self, line: Line) -> None:
        # Grey becomes "ada"; a line that was looked at changes between "ada" and "tidak ada".
        state = State.MISSING if line.state is State.PRESENT else State.PRESENT
        self._found({line.code: Check(state, is_extra=line.is_extra)})

    def press(self, row: Row) -> None:
        """A click on the number or the state of a row."""
        if row.turns:
            self._turn()
        elif row.fold:
            self._unfolded = not self._unfolded
            self._fill(self.current_code())
        elif row.line is not None and row.line.code not in self._accepted:
            self._to_lines()
            self._toggle(row.line)

    def _press_current(self) -> None:
        row = self.list.row()
        if row is not None:
            self.press(row)

    def _mark_all(self) -> None:
        if self.assessment is None:
            return
        self._to_lines()
        self._found(all_present(self.assessment, self.open_lines()))

    def _want_short(self) -> None:
        self._marked = ""
        self._set_meaning(Meaning.SHORT_LINE)

    def _mark_current_short(self) -> None:
        line = self._line(self.current_code())
        if line is not None and line.code not in self._accepted:
            self._mark_short(line)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _mark_short(self, line: Line) -> None:
        """Not brought, until a digit says that it was and what is wrong with it."""
        self._marked = line.code
        self._found({line.code: Check(State.MISSING, is_extra=line.is_extra)})
        self._ask_fault(line)

    def _ask_fault(self, line: Line) -> None:
        allowed = line.requirement.faults
        faults = [fault for fault in Fault if allowed is None or fault.value in allowed]
        question = _("“{document}” tidak dibawa. Bila dibawa tetapi salah, pilih sebabnya:").format(
            document=line.requirement.name
        )
        answers = [(list(Fault).index(fault) + 1, _(FAULT_LABELS[fault])) for fault in faults]
        self._offer(question, answers, Keyed("Enter", _("tidak dibawa")))
        self._set_meaning(Meaning.FAULT)

    def _choose_fault(self, digit: int) -> None:
        line = self._line(self._marked)
        if line is None or digit not in self._offered:
            return
        fault = list(Fault)[digit - 1]
        if fault is Fault.TOO_FEW and line.copies_wanted > 2:
            self._ask_sheets(line)
            return
        sheets = 1 if fault is Fault.TOO_FEW and line.copies_wanted == 2 else None
        self._to_lines()
        self._found({line.code: Check(State.FAULTY, fault, sheets, is_extra=line.is_extra)})

    def _ask_sheets(self, line: Line) -> None:
        wanted = line.copies_wanted
        question = _("“{document}”: diminta {wanted} lembar. Berapa lembar yang ada?").format(
            document=line.requirement.name, wanted=wanted
        )
        self._offer(question, [(count, _("{count} lembar").format(count=count)) for count in range(1, min(wanted, 10))])
        self._set_meaning(Meaning.SHEETS)

    def _choose_sheets(self, digit: int) -> None:
        line = self._line(self._marked)
        if line is None or digit not in self._offered:
            return
        self._to_lines()
        self._found({line.code: Check(State.FAULTY, Fault.TOO_FEW, digit, is_extra=line.is_extra)})

    def _mark_not_needed(self) -> None:
        line = self._line(self.current_code())
        if line is None or not line.not_needed_allowed:
            self.refused.emit(_("Syarat ini tidak boleh dilewati: standar layanan memintanya."))
            return
        self._to_lines()
        back = line.state is State.NOT_NEEDED
        self._found({line.code: Check(State.UNCHECKED if back else State.NOT_NEEDED)})

    def _offer(self, question: str, answers: list[tuple[int, str]], *more: Keyed) -> None:
        self._offered = {digit for digit, _words in answers}
        self.choice.ask(question, [*(Keyed(str(digit), words) for digit, words in answers), *more])

    def _choice_clicked(self, key: str) -> None:
        if key.isdigit():
            self._digit(int(key))
        else:
            self._to_lines()
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _to_lines(self) -> None:
        self._marked = ""
        self._set_meaning(Meaning.LINE)

    def _set_meaning(self, meaning: Meaning) -> None:
        self.meaning = meaning
        self.meaning_changed.emit()

    def _found(self, what: Mapping[str, Check]) -> None:
        if what:
            self.checked.emit(dict(what))

    def _line(self, code: str) -> Line | None:
        lines = self.assessment.lines if self.assessment else ()
        return next((line for line in lines if line.code == code), None)

    def _chip(self, key: str, words: str, do: Callable[[], None]) -> Chip:
        made = Chip(key, words)
        made.clicked.connect(lambda _checked=False: do())
        return made
