"""Inputs of a form: each colours itself and says one sentence under itself; none stores anything or decides a rule.

To add a kind of input: a class on Field with ``value``, ``set_value`` and an ``editor`` that can take the focus.
Every input is finished by Enter, cleans what is pasted, and understands the numpad with NumLock off.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.operations.identity import cover_niks
from desktop.ui import style
from desktop.ui.keypad import IS_PIN, digit_of, is_enter, keypad_digit

# What may never be in a line: control characters, bidi overrides and isolates, line separators, lone surrogates.
UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffc]"
)
_BREAKS = re.compile("[\t\r\n\u2028\u2029]+")


def cleaned(text: str) -> str:
    """The text without what cannot be seen; a pasted line break or tab becomes a space."""
    return UNSEEN.sub("", _BREAKS.sub(" ", text))


@dataclass(frozen=True)
class Verdict:
    """What a check says about a value: state "ok", "warning" or "error", and one sentence (may be empty)."""

    state: str
    sentence: str = ""


class Line(QLineEdit):
    """A line edit in which Enter means "next", an act's key passes through, and the numpad always types digits.

    A NIK that was typed where none belongs is covered as soon as the cursor leaves; ``text`` still gives it whole.
    """

    entered = Signal()
    focused = Signal(bool)  # it got the focus, or lost it
    numlock_off = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.swallow_digits = False
        self.covers = True
        self._whole = ""  # what is under the cover
        self.setMinimumWidth(style.em(90))
        self.textChanged.connect(self._altered)

    def text(self) -> str:
        return self._whole or super().text()

    def setText(self, text: str) -> None:
        self._whole = ""
        super().setText(text)
        if not self.hasFocus():
            self._cover()

    def _cover(self) -> None:
        whole = self.text()
        covered = cover_niks(whole)
        if self.covers and covered != whole:
            self._show(covered)
            self._whole = whole

    def _uncover(self) -> None:
        if self._whole:
            self._show(self._whole)
            self._whole = ""

    def _show(self, text: str) -> None:
        # The text is the same, it only looks different: nobody has to hear of it.
        self.blockSignals(True)
        super().setText(text)
        self.blockSignals(False)

    def _altered(self, _text: str) -> None:
        self._whole = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if is_enter(event):
                if not event.isAutoRepeat():
                    self.entered.emit()
            else:
                event.ignore()
            return
        if self.swallow_digits and event.text():
            # The field before this one filled itself and passed on: a digit too many belongs to nobody.
            if digit_of(event):
                return
            self.swallow_digits = False
        digit = keypad_digit(event)
        if digit:
            self.numlock_off.emit()
            event = QKeyEvent(
                QEvent.Type.KeyPress, int(Qt.Key.Key_0) + int(digit), Qt.KeyboardModifier.NoModifier, digit
            )
        super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        self._uncover()
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason,
                              Qt.FocusReason.ShortcutFocusReason, Qt.FocusReason.OtherFocusReason):
            self.selectAll()
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.swallow_digits = False
        super().focusOutEvent(event)
        self._cover()
        self.focused.emit(False)


class Field(QWidget):
    """An input with its sentence beneath. The form puts the title beside it and makes it the accessible name."""

    changed = Signal()  # by the person typing, never by set_value
    finished = Signal(bool)  # Enter; True when it filled itself and passes on
    numlock_off = Signal()
    editor: QWidget

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.title = title
        self.state = "normal"
        self.check: Callable[[Any], Verdict | None] | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(style.px(3))
        self._sentence = style.Mark(wrap=True)
        self._sentence.setObjectName(f"{name}_sentence")
        self._sentence.hide()

    def _place(self, editor: QWidget) -> None:
        self.editor = editor
        editor.setObjectName(f"{self.objectName()}_edit")
        editor.setAccessibleName(self.title)
        self.setFocusProxy(editor)
        self._column.addWidget(editor)
        self._column.addWidget(self._sentence)

    def value(self) -> Any:
        """What was entered, in the shape the operation takes."""
        raise NotImplementedError

    def set_value(self, value: Any) -> None:
        """Show a value; says nothing to listeners."""
        raise NotImplementedError

    def clear(self) -> None:
        """Empty, with nothing said under it."""
        self.set_value(None)
        self.say("normal")

    def kept(self) -> Any:
        """What has to be remembered to show the same again after the screen was built anew."""
        return self.value()

    def restore(self, kept: Any) -> None:
        self.set_value(kept)

    def say(self, state: str, sentence: str = "") -> None:
        """Colour the field ("normal", "ok", "warning", "error") and put one sentence with an icon under it."""
        self.state = state
        style.set_role(self.editor, "state", state)
        kind = {"ok": "good", "warning": "warning", "error": "bad"}.get(state, "muted")
        self._sentence.show_state(kind, sentence, icon_name="info" if kind == "muted" else "")
        self._sentence.setVisible(bool(sentence))
        self.editor.setAccessibleDescription(sentence)

    def sentence(self) -> str:
        """The sentence under the field now."""
        return self._sentence.text()

    def judge(self) -> Verdict | None:
        """Ask the check about the value and show its verdict."""
        if self.check is None:
            return None
        verdict = self.check(self.value())
        if verdict is None:
            self.say("normal")
        else:
            self.say(verdict.state, verdict.sentence)
        return verdict

    def _edited(self) -> None:
        # A complaint disappears while it is being answered, and the check speaks again when the field is left.
        if self.state != "normal" or self.sentence():
            self.say("normal")
        self.changed.emit()

    def _done(self, by_itself: bool = False) -> None:
        self.judge()
        self.finished.emit(by_itself)


class TextField(Field):
    """One line of text of at most ``limit`` characters; ``allow`` (a class of characters) drops all others."""

    def __init__(self, name: str, title: str, *, limit: int = 100, hint: str = "", allow: str = "",
                 password: bool = False) -> None:
        super().__init__(name, title)
        self.limit = limit
        self._was_cut = False
        self._refused = re.compile(f"[^{allow}]") if allow else None
        self.line = Line()
        self.line.setMaxLength(limit)
        self.line.setPlaceholderText(hint)
        if password:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
        self.line.entered.connect(self._done)
        self.line.textEdited.connect(self._tidy)
        self.line.inputRejected.connect(self._too_long)
        self.line.numlock_off.connect(self.numlock_off)
        self._place(self.line)

    def value(self) -> str:
        return self.line.text().strip()

    def set_value(self, value: Any) -> None:
        self.line.setText(self._clean("" if value is None else str(value))[: self.limit])

    def kept(self) -> str:
        return self.line.text()

    def _clean(self, text: str) -> str:
        text = cleaned(text)
        return self._refused.sub("", text) if self._refused else text

    def _tidy(self, text: str) -> None:
        tidy = self._clean(text)
        if tidy != text:
            at = len(self._clean(text[: self.line.cursorPosition()]))
            self.line.setText(tidy)
            self.line.setCursorPosition(at)
        self._edited()
        # Qt rejects what is too much before it tells of the edit.
        if self._was_cut and len(text) >= self.limit:
            self._too_long()
        self._was_cut = False

    def _too_long(self) -> None:
        self._was_cut = True
        self.say(
            "warning", _("Paling banyak {limit} huruf; selebihnya tidak dimasukkan.").format(limit=self.limit)
        )


class DigitsField(Field):
    """Digits only, shown in groups ("3319 0712 0589 0003"); a digit beyond the last is ignored.

    ``passes_on`` goes to the next field by itself when the last digit is typed.
    """

    def __init__(self, name: str, title: str, *, groups: Sequence[int], separator: str = " ", hint: str = "",
                 passes_on: bool = True, password: bool = False) -> None:
        super().__init__(name, title)
        self.groups = tuple(groups)
        self.length = sum(groups)
        self.separator = separator
        self.passes_on = passes_on
        self._digits = ""
        self.line = Line()
        self.line.setPlaceholderText(hint)
        self.line.setInputMethodHints(Qt.InputMethodHint.ImhDigitsOnly)
        if password:
            self.line.setEchoMode(QLineEdit.EchoMode.Password)
            self.line.setProperty(IS_PIN, True)
        self.line.entered.connect(self._done)
        self.line.textEdited.connect(self._take)
        self.line.numlock_off.connect(self.numlock_off)
        self._place(self.line)

    def value(self) -> Any:
        return self._digits

    def set_value(self, value: Any) -> None:
        self._digits = re.sub("[^0-9]", "", str(value or ""))[: self.length]
        self._show(len(self._digits))

    def kept(self) -> str:
        return self._digits

    def restore(self, kept: Any) -> None:
        DigitsField.set_value(self, kept)

    def is_full(self) -> bool:
        return len(self._digits) == self.length

    def grouped(self, digits: str) -> str:
        """The digits as they are shown."""
        parts, rest = [], digits
        for size in self.groups:
            if not rest:
                break
            parts.append(rest[:size])
            rest = rest[size:]
        return self.separator.join(parts)

    def _show(self, digits_before_cursor: int) -> None:
        self.line.setText(self.grouped(self._digits))
        self.line.setCursorPosition(len(self.grouped(self._digits[:digits_before_cursor])))

    def _take(self, text: str) -> None:
        digits = re.sub("[^0-9]", "", text)
        at = len(re.sub("[^0-9]", "", text[: self.line.cursorPosition()]))
        was_full = self.is_full()
        if was_full and len(digits) > self.length:
            # One more in the middle would push a right digit out at the end.
            digits, at = self._digits, min(at, self.length)
        digits = digits[: self.length]
        changed = digits != self._digits
        self._digits = digits
        self._show(min(at, self.length))
        if changed:
            self._edited()
        if re.search(r"[^\W\d_]", text):
            self.say("normal", _("Hanya angka."))
        elif changed and self.passes_on and self.is_full() and not was_full and at == self.length:
            self._done(True)


class DateField(DigitsField):
    """A day typed as eight digits, shown as 23-11-2026; ``value`` is a date or None."""

    def __init__(self, name: str, title: str, *, hint: str = "", passes_on: bool = True) -> None:
        super().__init__(name, title, groups=(2, 2, 4), separator="-", hint=hint or _("tgl-bln-tahun"),
                         passes_on=passes_on)

    def value(self) -> date | None:
        if not self.is_full():
            return None
        try:
            return date(int(self._digits[4:]), int(self._digits[2:4]), int(self._digits[:2]))
        except ValueError:
            return None

    def set_value(self, value: Any) -> None:
        super().set_value(f"{value:%d%m%Y}" if isinstance(value, date) else value)

    def judge(self) -> Verdict | None:
        if self._digits and self.value() is None:
            verdict = Verdict("error", _("Tanggal {typed} tidak ada. Tulis tanggal, bulan, tahun: 23-11-2026.").format(
                typed=self.grouped(self._digits)))
            self.say(verdict.state, verdict.sentence)
            return verdict
        return super().judge()
