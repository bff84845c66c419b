"""One of a few: chips in a row, each taken by its digit, by arrows or by a click."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLayout, QLayoutItem, QPushButton, QSizePolicy, QWidget

from desktop.ui import style
from desktop.ui.inputs import Field
from desktop.ui.keypad import digit_of, is_enter, keypad_digit

# Down to here a chip gives way (pixels at 11 pt).
NARROWEST = 130


@dataclass(frozen=True)
class Option:
    """One thing that can be chosen: what it stands for, how it reads, a remark beside it, more words to find it by."""

    value: Any
    text: str
    detail: str = ""
    words: str = ""


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
        self._chips: list[Chip] = []
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


class Chip(QPushButton):
    """A choice with the key that takes it, muted before its words; the row it stands in has the focus.

    In a place narrower than its words these end in dots, and the tip has them whole.
    """

    def __init__(self, key: str, words: str) -> None:
        super().__init__()
        self.setProperty("role", "chip")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(words)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._key, self._words = style.label(key, "chipkey"), _ChipWords(words)
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
        whole = self._row.sizeHint()
        return whole.boundedTo(QSize(style.em(NARROWEST), whole.height()))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        style.tip(self, self.words() if self.width() < self.sizeHint().width() else "")


class _ChipWords(style.Words):
    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.setProperty("role", "chipword")

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        if self.width() >= self.sizeHint().width():
            super().paintEvent(event)
            return
        short = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        align = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
        self.style().drawItemText(
            QPainter(self), self.rect(), align, self.palette(), self.isEnabled(), short, self.foregroundRole()
        )


class Flow(QLayout):
    """Lays widgets in lines like words, so that a row of choices never runs out of its place."""

    def __init__(self, parent: QWidget | None = None, gap: int = 6) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self._heights: dict[int, int] = {}
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
        # Every layout around this one asks again and again, with the same few widths.
        if width not in self._heights:
            self._heights[width] = self._lay(QRect(0, 0, width, 0), move=False)
        return self._heights[width]

    def invalidate(self) -> None:
        self._heights.clear()
        super().invalidate()

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
            hint.setWidth(max(item.minimumSize().width(), min(hint.width(), inner.width())))
            if x > inner.x() and x + hint.width() > inner.right() + 1:
                x, y, tall = inner.x(), y + tall + self.spacing(), 0
            if move:
                item.setGeometry(QRect(QPoint(x, y), hint))
            x += hint.width() + self.spacing()
            tall = max(tall, hint.height())
        return y + tall - place.y() + margins.bottom()
