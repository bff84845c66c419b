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

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFocusEvent,
    QFontMetrics,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QStandardItem,
    QStandardItemModel,
)
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLayout,
    QLayoutItem,
    QLineEdit,
    QListView,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import _
from desktop.operations.identity import mask_nik
from desktop.ui import style

# What may never be in a line: control characters, bidi overrides and isolates, line separators, lone surrogates.
_UNSEEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ud800-\udfff\ufeff\ufff9-\ufffc]"
)
_BREAKS = re.compile("[\t\r\n\u2028\u2029]+")

# With NumLock off the numpad sends these keys; the keypad modifier tells them from the real arrows.
_KEYPAD = {
    Qt.Key.Key_Insert: "0", Qt.Key.Key_End: "1", Qt.Key.Key_Down: "2", Qt.Key.Key_PageDown: "3", Qt.Key.Key_Left: "4",
    Qt.Key.Key_Clear: "5", Qt.Key.Key_Right: "6", Qt.Key.Key_Home: "7", Qt.Key.Key_Up: "8", Qt.Key.Key_PageUp: "9",
}


def cleaned(text: str) -> str:
    """The text without what cannot be seen; a pasted line break or tab becomes a space."""
    return _UNSEEN.sub("", _BREAKS.sub(" ", text))


def keypad_digit(event: QKeyEvent) -> str:
    """The digit that a numpad key means although NumLock is off, or an empty string."""
    if event.modifiers() == Qt.KeyboardModifier.KeypadModifier and not event.text().isdigit():
        return _KEYPAD.get(Qt.Key(event.key()), "")
    return ""


def digit_of(event: QKeyEvent) -> str:
    """The digit this key means, typed on either block and with NumLock on or off, or an empty string."""
    if event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier):
        return ""
    text = event.text()
    return text if len(text) == 1 and text in "0123456789" else keypad_digit(event)


def is_enter(event: QKeyEvent) -> bool:
    """Enter on either block with no other key held (Ctrl+Enter is an act, not "next")."""
    return event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not (
        event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    )


@dataclass(frozen=True)
class Verdict:
    """What a check says about a value: state "ok", "warning" or "error", and one sentence (may be empty)."""

    state: str
    sentence: str = ""


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen: what it stands for, how it reads, a remark beside it, more words to find it by."""

    value: Any
    text: str
    detail: str = ""
    words: str = ""


class Line(QLineEdit):
    """A line edit in which Enter means "next", an act's key passes through, and the numpad always types digits."""

    entered = Signal()
    focused = Signal(bool)  # it got the focus, or lost it
    numlock_off = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.swallow_digits = False
        self.setMinimumWidth(style.em(90))

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
        super().focusInEvent(event)
        if event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason,
                              Qt.FocusReason.ShortcutFocusReason, Qt.FocusReason.OtherFocusReason):
            self.selectAll()
        self.focused.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self.swallow_digits = False
        super().focusOutEvent(event)
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


class NikField(DigitsField):
    """The 16 digits of a NIK: seen while they are typed, masked when the field is left, held open with the eye.

    ``set_value`` shows a NIK that comes from the file: masked until the eye is held down, and each such look is told by
    ``revealed`` (it is logged by whoever owns the screen).
    """

    revealed = Signal()

    def __init__(self, name: str, title: str = "", *, hint: str = "") -> None:
        super().__init__(name, title or _("NIK"), groups=(4, 4, 4, 4), hint=hint)
        self._from_file = False
        self._open = False
        self.line.addAction(style.icon("eye", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        self._eye = self.line.findChild(QToolButton)
        self._eye.setAccessibleName(_("Tahan untuk melihat NIK"))
        style.tip(self._eye, _("Tahan untuk melihat NIK"))
        self._eye.pressed.connect(self.reveal)
        self._eye.released.connect(self.cover)
        self.line.focused.connect(self._focus_moved)
        self._show(0)

    def set_value(self, value: Any) -> None:
        self._from_file = bool(value)
        super().set_value(value)

    def kept(self) -> Any:
        return (self._digits, self._from_file)

    def restore(self, kept: Any) -> None:
        digits, self._from_file = kept
        DigitsField.set_value(self, digits)

    def is_masked(self) -> bool:
        """Whether the middle digits are covered now."""
        if not self.is_full() or self._open:
            return False
        return self._from_file or not self.line.hasFocus()

    def reveal(self) -> None:
        """Uncover the digits until ``cover`` (the eye is held)."""
        if self.is_masked():
            if self._from_file:
                self.revealed.emit()
            self._open = True
            self._show(self.length)

    def cover(self) -> None:
        if self._open:
            self._open = False
            self._show(self.length)

    def _show(self, digits_before_cursor: int) -> None:
        self._eye.setVisible(self.is_full())
        if self.is_masked():
            self.line.setText(mask_nik(self._digits))
            self.line.setCursorPosition(len(self.line.text()))
        else:
            super()._show(digits_before_cursor)

    def _take(self, text: str) -> None:
        if "•" in text:
            # Half of a covered number cannot be edited: whatever is typed over it starts anew.
            text = "" if len(text) < len(mask_nik(self._digits)) else text.replace("•", "").strip()[-1:]
            self._digits = ""
        elif self._from_file and self.line.text() != mask_nik(self._digits):
            self._digits = "" if not self._open else self._digits
        self._from_file = False
        super()._take(text)

    def _focus_moved(self, here: bool) -> None:
        self._open = False
        self._show(self.length)
        if here:
            self.line.selectAll()


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


class NoteField(Field):
    """A few lines of text; Enter goes on to the next field, Shift+Enter starts a line."""

    def __init__(self, name: str, title: str, *, limit: int = 500, hint: str = "", lines: int = 3) -> None:
        super().__init__(name, title)
        self.limit = limit
        self.box = _Note()
        self.box.setTabChangesFocus(True)
        self.box.setPlaceholderText(hint)
        self.box.setFixedHeight(QFontMetrics(self.box.font()).lineSpacing() * lines + style.px(18))
        self.box.entered.connect(self._done)
        self.box.textChanged.connect(self._tidy)
        self._place(self.box)

    def value(self) -> str:
        return self.box.toPlainText().strip()

    def set_value(self, value: Any) -> None:
        self.box.blockSignals(True)
        self.box.setPlainText(self._clean("" if value is None else str(value)))
        self.box.blockSignals(False)

    def _clean(self, text: str) -> str:
        return "\n".join(_UNSEEN.sub("", line) for line in text.splitlines() or [""])[: self.limit]

    def _tidy(self) -> None:
        text = self.box.toPlainText()
        tidy = self._clean(text) + ("\n" if text.endswith("\n") and len(text) < self.limit else "")
        too_long = len(text) > self.limit
        if tidy != text:
            at = self.box.textCursor().position()
            self.set_value(tidy)
            cursor = self.box.textCursor()
            cursor.setPosition(min(at, len(self.box.toPlainText())))
            self.box.setTextCursor(cursor)
        self._edited()
        if too_long:
            self.say("warning", _("Paling banyak {limit} huruf; selebihnya tidak dimasukkan.").format(limit=self.limit))


class _Note(QPlainTextEdit):
    entered = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            self.entered.emit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier
        ):
            event.ignore()
        else:
            super().keyPressEvent(event)


class Flow(QLayout):
    """Lays widgets in lines like words, so that a row of choices never runs out of its place."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(0, 0, 0, 0)
        self.setSpacing(style.px(gap))

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._lay(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, place: QRect) -> None:
        super().setGeometry(place)
        self._lay(place, move=True)

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        margins = self.contentsMargins()
        least = QSize()
        for item in self._items:
            least = least.expandedTo(item.minimumSize())
        return least + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _lay(self, place: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        inner = place.marginsRemoved(margins)
        x, y, tall = inner.x(), inner.y(), 0
        for item in self._items:
            if item.widget() and not item.widget().isVisibleTo(self.parentWidget()):
                continue
            hint = item.sizeHint()
            if x > inner.x() and x + hint.width() > inner.right() + 1:
                x, y, tall = inner.x(), y + tall + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x += hint.width() + self.spacing()
            tall = max(tall, hint.height())
        return y + tall - place.y() + margins.bottom()


class Chip(QPushButton):
    """A choice with the key that takes it, muted before its words; the row it stands in has the focus."""

    def __init__(self, key: str, words: str) -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._key, self._words = style.label(key, "chipkey"), style.label(words, "chipword")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(style.px(10), style.px(5), style.px(11), style.px(5))
        self._row.setSpacing(style.px(7))
        for part in (self._key, self._words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._row.addWidget(part)
        self.toggled.connect(lambda _checked: self._ink())
        self._lit = False

    def words(self) -> str:
        """What it says beside its key."""
        return self._words.text()

    def light(self, lit: bool) -> None:
        """The row has the focus."""
        self._lit = lit
        style.set_role(self, "lit", "true" if lit else "false")
        self._ink()

    def _ink(self) -> None:
        ink = ("lit" if self._lit else "chosen") if self.isChecked() else ""
        for part in (self._key, self._words):
            style.set_role(part, "ink", ink)

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._row.sizeHint()


class ChoiceRow(Field):
    """One of a few, answered by its digit ("1 sendiri  2 anak ..."), by arrows or by a click; one stop of the focus.

    A digit chooses and goes on; Enter goes on with what is chosen.
    """

    def __init__(self, name: str, title: str, options: Sequence[Option], *, chosen: Any = None,
                 first_digit: int = 1) -> None:
        super().__init__(name, title)
        self.first_digit = first_digit
        self._value: Any = None
        self._row = _Chips()
        self._row.pressed_key.connect(self._key)
        self._row.lit.connect(self._light)
        self._flow = Flow(self._row, gap=6)
        self._place(self._row)
        self.options: list[Option] = []
        self.set_options(options)
        self.set_value(chosen)

    def set_options(self, options: Sequence[Option]) -> None:
        """Offer these instead; a value no longer offered is dropped."""
        if list(options) == self.options:
            return
        self.options = list(options)
        while self._flow.count():
            item = self._flow.takeAt(0)
            widget = item.widget() if item else None
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._chips = []
        for place, option in enumerate(self.options):
            chip = Chip(str(place + self.first_digit), option.text)
            chip.setCheckable(True)
            chip.clicked.connect(lambda _checked=False, at=place: self._choose(at, passes_on=False))
            self._flow.addWidget(chip)
            self._chips.append(chip)
        self.set_value(self._value)

    def value(self) -> Any:
        return self._value

    def set_value(self, value: Any) -> None:
        self._value = value if any(option.value == value for option in self.options) else None
        self._paint()

    def _paint(self) -> None:
        chosen = ""
        for chip, option in zip(self._chips, self.options, strict=True):
            chip.setChecked(self._value is not None and option.value == self._value)
            chosen = option.text if chip.isChecked() else chosen
        self._row.setAccessibleName(f"{self.title}: {chosen}" if chosen else self.title)

    def _choose(self, place: int, *, passes_on: bool) -> None:
        if not 0 <= place < len(self.options):
            self._paint()
            return
        self._value = self.options[place].value
        self._paint()
        self._edited()
        self._row.setFocus(Qt.FocusReason.OtherFocusReason)
        if passes_on:
            self._done()

    def _key(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        at = next((i for i, option in enumerate(self.options) if option.value == self._value), -1)
        if digit:
            if keypad_digit(event):
                self.numlock_off.emit()
            self._choose(int(digit) - self.first_digit, passes_on=True)
        elif is_enter(event):
            self._done()
        elif event.key() in (Qt.Key.Key_Right, Qt.Key.Key_Space):
            self._choose(min(at + 1, len(self.options) - 1), passes_on=False)
        elif event.key() == Qt.Key.Key_Left:
            self._choose(max(at - 1, 0), passes_on=False)
        else:
            event.ignore()

    def _light(self, on: bool) -> None:
        for chip in self._chips:
            chip.light(on)


class _Chips(QFrame):
    pressed_key = Signal(object)
    lit = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        self.pressed_key.emit(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.lit.emit(True)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.lit.emit(False)


def within(options: Sequence[Option]) -> Callable[[str], list[Option]]:
    """A finder over a fixed list: every typed word begins some word of the option, in any order."""
    pool = [(option, re.findall(r"\w+", f"{option.text} {option.detail} {option.words}".casefold()))
            for option in options]

    def find(typed: str) -> list[Option]:
        asked = re.findall(r"\w+", typed.casefold())
        found = [(option, words) for option, words in pool
                 if all(any(word.startswith(part) for word in words) for part in asked)]
        # Those whose own text begins with what was typed come first; the order is kept otherwise.
        start = typed.strip().casefold()
        found.sort(key=lambda pair: not pair[0].text.casefold().startswith(start))
        return [option for option, _words in found]

    return find


class ListField(Field):
    """Type-ahead: what is typed narrows a list under the field; Enter or Tab takes the line that is lit.

    ``find`` gives the options for a typed text (empty text: what to offer first). ``free`` also takes a text that is in
    no list: ``value`` is then None and ``typed`` has the text.
    """

    find: Callable[[str], Sequence[Option]]  # type: ignore[assignment]  # Qt's own finds windows by number

    def __init__(self, name: str, title: str, find: Callable[[str], Sequence[Option]], *, hint: str = "",
                 limit: int = 100, free: bool = False, lines: int = 8) -> None:
        super().__init__(name, title)
        self.find = find
        self.free = free
        self.lines = lines
        self.chosen: Option | None = None
        self._popup: _Popup | None = None
        self.line = _ListLine()
        self.line.setMaxLength(limit)
        self.line.setPlaceholderText(hint)
        self.line.entered.connect(self._enter)
        self.line.textEdited.connect(self._typed)
        self.line.numlock_off.connect(self.numlock_off)
        arrow = self.line.addAction(style.icon("chevron-down", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        arrow.triggered.connect(self._toggle)
        self.line.findChild(QToolButton).setAccessibleName(_("Buka daftar"))
        self.line.stepped.connect(self._step)
        self.line.asked.connect(self._open)
        self.line.dismissed.connect(self._close)
        self.line.leaving.connect(self._take_lit)
        self.line.focused.connect(self._focus_moved)
        self._place(self.line)

    def value(self) -> Any:
        return self.chosen.value if self.chosen else None

    def typed(self) -> str:
        """The text in the field, in the list or not."""
        return self.line.text().strip()

    def set_value(self, value: Any) -> None:
        """Show the option of that value among those offered for an empty text."""
        self.set_option(next((o for o in self.find("") if value is not None and o.value == value), None))

    def set_option(self, option: Option | None) -> None:
        """Show this option (None: empty)."""
        self.chosen = option
        self.line.setText(option.text if option else "")
        self.line.setCursorPosition(0)

    def set_typed(self, text: str) -> None:
        """Show a text that is in no list."""
        self.chosen = None
        self.line.setText(cleaned(text))

    def kept(self) -> Any:
        return (self.chosen, self.line.text())

    def restore(self, kept: Any) -> None:
        option, text = kept
        if option is not None:
            # Found again by its value, so that it reads in the language spoken now.
            self.set_option(next((o for o in self.find("") if o.value == option.value), option))
        else:
            self.line.setText(text)

    def is_open(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    def _typed(self, text: str) -> None:
        tidy = cleaned(text)
        if tidy != text:
            self.line.setText(tidy)
        self.chosen = None
        self._edited()
        self._offer(tidy)

    def _offer(self, text: str) -> None:
        options = list(self.find(text))
        if not options or not self.line.hasFocus():
            self._close()
            return
        if self._popup is None:
            self._popup = _Popup(self.window())
            self._popup.picked.connect(self._pick)
        self._popup.offer(options, self.line, self.lines)
        self.line.has_list = True

    def _toggle(self) -> None:
        self.line.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.is_open():
            self._close()
        else:
            self._open()

    def _open(self) -> None:
        self._offer("" if self.chosen else self.line.text())

    def _close(self) -> None:
        self.line.has_list = False
        if self._popup is not None:
            self._popup.hide()

    def _pick(self, option: Option) -> None:
        self._close()
        changed = option != self.chosen
        self.set_option(option)
        if changed:
            self.chosen = option
            self._edited()

    def _take_lit(self) -> None:
        if self.is_open() and self._popup is not None and self._popup.lit() is not None and self.line.text().strip():
            self._pick(self._popup.lit())  # type: ignore[arg-type]
        self._close()

    def _settle(self) -> None:
        if self.chosen is None and self.typed():
            same = [o for o in self.find(self.typed()) if o.text.casefold() == self.typed().casefold()]
            if len(same) == 1:
                self._pick(same[0])
            elif self.free:
                self.say("warning", _("Tidak ada dalam daftar; disimpan seperti yang ditulis."))
            else:
                self.say("error", _("Tidak ada yang cocok dengan “{typed}”. Periksa ketikannya.").format(
                    typed=self.typed()))

    def _enter(self) -> None:
        if self.is_open() and not self.line.text().strip() and self._popup is not None and self._popup.moved:
            option = self._popup.lit()
            if option is not None:
                self._pick(option)
        self._take_lit()
        self._settle()
        if self.chosen is not None:
            self.judge()
        self.finished.emit(False)

    def _step(self, by: int) -> None:
        if self._popup is not None:
            self._popup.move_lit(by)

    def _focus_moved(self, here: bool) -> None:
        # A click on the list takes the focus for a moment; the click itself then chooses.
        if not here and not (self._popup is not None and self.is_open() and self._popup.underMouse()):
            self._close()
            self._settle()


class _ListLine(Line):
    """The line of a type-ahead field: arrows, Esc and Tab belong to the list while it is open."""

    stepped = Signal(int)
    asked = Signal()
    dismissed = Signal()
    leaving = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.has_list = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and self.has_list and not keypad_digit(event):
            self.stepped.emit(step)
        elif step == 1 and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.asked.emit()
        elif event.key() == Qt.Key.Key_Escape and self.has_list:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        if forward:
            self.leaving.emit()
        return super().focusNextPrevChild(forward)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.dismissed.emit()


class _Popup(QFrame):
    """The list under a type-ahead field: a child of the window, so no window manager is asked and no focus is taken."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.moved = False
        self._options: list[Option] = []
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_OptionPainter(self._list))
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setProperty("role", "bare")
        self._list.clicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.addWidget(self._list)
        self.hide()

    def offer(self, options: list[Option], under: QWidget, lines: int) -> None:
        self._options = options
        self.moved = False
        self._model.clear()
        for option in options:
            item = QStandardItem(option.text)
            item.setData(option.detail, Qt.ItemDataRole.UserRole)
            self._model.appendRow(item)
        self._list.setCurrentIndex(self._model.index(0, 0))
        tall = self._list.sizeHintForRow(0) * min(len(options), lines) + style.px(6)
        top = under.mapTo(self.parentWidget(), QPoint(0, under.height() + 2))
        room = self.parentWidget().height() - top.y() - 4
        if room < tall:
            above = under.mapTo(self.parentWidget(), QPoint(0, 0)).y() - 2
            if above > room:
                tall = min(tall, above)
                top.setY(above - tall)
            else:
                tall = room
        wanted = max(self._list.sizeHintForColumn(0) + style.px(24), under.width())
        wide = min(wanted, self.parentWidget().width() - top.x() - 8)
        self.setGeometry(QRect(top, QSize(wide, tall)))
        self.show()
        self.raise_()

    def lit(self) -> Option | None:
        row = self._list.currentIndex().row()
        return self._options[row] if 0 <= row < len(self._options) else None

    def move_lit(self, by: int) -> None:
        self.moved = True
        row = max(0, min(self._list.currentIndex().row() + by, len(self._options) - 1))
        self._list.setCurrentIndex(self._model.index(row, 0))

    def _clicked(self, index: QModelIndex) -> None:
        self.picked.emit(self._options[index.row()])


class _OptionPainter(QStyledItemDelegate):
    """A line of the list: the text, and its remark muted at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        colours = style.colours()
        lit = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(option.rect, QColor(colours.chosen if lit else colours.card))
        box = option.rect.adjusted(style.px(10), 0, -style.px(10), 0)
        painter.setFont(option.font)
        metrics = QFontMetrics(option.font)
        detail = str(index.data(Qt.ItemDataRole.UserRole) or "")
        wide = metrics.horizontalAdvance(detail)
        painter.setPen(QColor(colours.text))
        text_box = box.adjusted(0, 0, -(wide + style.px(14)) if detail else 0, 0)
        text = metrics.elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, text_box.width())
        painter.drawText(text_box, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.setPen(QColor(colours.muted))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), detail)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        metrics = QFontMetrics(option.font)
        wide = metrics.horizontalAdvance(f"{index.data() or ''}{index.data(Qt.ItemDataRole.UserRole) or ''}")
        return QSize(wide + style.px(44), metrics.lineSpacing() + style.px(10))
