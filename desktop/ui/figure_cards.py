"""The cards of the daily summary: a figure each, large or small, and how long the desk took."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout

from desktop.i18n import _, number, percent
from desktop.operations import daily, figures
from desktop.operations.figures import Day, Figure
from desktop.ui import style
from desktop.ui.bars import Elided
from desktop.ui.keypad import is_enter, keypad_digit

# Figures that stay away while they are nought: they are exceptions, and a card each would hide the rest.
RARE = (Figure.CONDITIONAL, Figure.VOIDED_LATER, Figure.CORRECTIONS, Figure.EXTRAS)
LARGE = (Figure.RECEIVED, Figure.COMPLETE, Figure.RETURNED, Figure.VOID)
SMALL = (Figure.LATER, Figure.VISITS, Figure.REPRINTS, *RARE)


class Card(QPushButton):
    """One figure: its name, its number, and what it is a part of. Enter or a click opens its list."""

    walked = Signal(int)

    def __init__(self, figure: Figure) -> None:
        super().__init__()
        self.figure = figure
        self.setObjectName(f"figure_{figure.value}")
        self.setProperty("role", "tile")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        accent = style.colours().accent
        self.setStyleSheet(f"QPushButton:focus {{ border: 2px solid {accent}; }}")
        # Cards of a row are equal, whatever stands in them.
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(style.px(14), style.px(7), style.px(14), style.px(7))
        self._column.setSpacing(0)
        top = QHBoxLayout()
        self.value = style.label("", "huge" if figure in LARGE else "title")
        self.part = Elided("muted")
        self.part.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        self.part.setContentsMargins(0, 0, 0, style.px(4 if figure in LARGE else 1))
        top.setSpacing(style.px(8))
        top.addWidget(self.value)
        top.addWidget(self.part, 1)
        name = style.label(_(figures.NAMES[figure]), "" if figure in LARGE else "small")
        name.setWordWrap(True)
        self._column.addLayout(top)
        self._column.addWidget(name)
        for label in (self.value, self.part, name):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def show_day(self, day: Day) -> None:
        """A day that was not open shows a dash, and never 0."""
        count = day.count(self.figure)
        self.value.setText(number(count) if day.is_open else "–")
        self.part.show_text(self._part(day, count))
        self.setVisible(count > 0 or self.figure not in RARE)
        self.setAccessibleName(f"{_(figures.NAMES[self.figure])}: {self.value.text()} {self.part.whole}".strip())

    def _part(self, day: Day, count: int) -> str:
        if not count:
            return ""
        received = day.count(Figure.RECEIVED)
        if self.figure is Figure.COMPLETE:
            return percent(count, received)
        if self.figure is Figure.RETURNED:
            later, share = day.returned_later_completed(), percent(count, received)
            return _("{share} · {count} sudah dilengkapi").format(share=share, count=number(later)) if later else share
        if self.figure not in figures.PARTS:
            return ""
        told = [f"{number(many)} {word.lower()}" for word, _pick, many in day.parts(self.figure)[:2]]
        return " · ".join([percent(count, received), *told] if self.figure is Figure.VOID else told)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 1, Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -1}.get(
            Qt.Key(event.key()), 0
        )
        if is_enter(event):
            if not event.isAutoRepeat():
                self.click()
        elif step and not keypad_digit(event):
            self.walked.emit(step)
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        return self._column.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._column.minimumSize()


class Length(QFrame):
    """How long people were served, in the words a head of section reads."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("figure_length")
        self.setProperty("role", "card")
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(14), style.px(7), style.px(14), style.px(7))
        column.setSpacing(0)
        self.words = style.label("", "strong")
        self.words.setObjectName("summary_length")
        self.words.setWordWrap(True)
        self.name = style.label("", "small")
        self.name.setWordWrap(True)
        column.addWidget(self.words)
        column.addWidget(self.name)

    def show_day(self, day: Day) -> None:
        """The median and the ninth decile; parked time apart."""
        self.words.setText(daily.length_sentence(day) or "–")
        parked = day.parked_minutes()
        words = _("Lama pelayanan")
        if parked:
            words = _("Lama pelayanan (waktu tunda {minutes} menit tidak ikut dihitung)").format(minutes=number(parked))
        self.name.setText(words)
