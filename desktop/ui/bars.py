"""The window's edges: navigation at the left, head above, keys and status below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import _
from desktop.ui import style
from desktop.ui.feedback import Feedback
from desktop.ui.screen import Act


class NavButton(QPushButton):
    """A line of the navigation: icon, words, and its key at the right."""

    def __init__(self, name: str, words: str, icon_name: str, key: str) -> None:
        super().__init__(style.literal(words))
        self.setObjectName(f"nav_{name}")
        self.setAccessibleName(words)
        self.setProperty("role", "nav")
        self.setCheckable(True)
        self.setAutoExclusive(True)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._icon = icon_name
        self._words = words
        self._key = style.label(key, "navkey")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, style.px(10), 0)
        row.addStretch(1)
        row.addWidget(self._key)
        self._key.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.toggled.connect(self._ink)
        self._ink(False)

    def _ink(self, chosen: bool) -> None:
        style.set_icon(self, self._icon, "on_accent" if chosen else "accent")
        style.set_role(self._key, "chosen", "true" if chosen else "false")

    def fold(self, folded: bool) -> None:
        """Only the icon, where the window is narrow for its text; the words are then in the tip."""
        self.setText("" if folded else style.literal(self._words))
        style.tip(self, f"{self._words} ({self._key.text()})" if self._key.text() else self._words)
        self._key.setVisible(not folded)
        self._ink(self.isChecked())
        self.updateGeometry()

    def sizeHint(self) -> QSize:
        key = self._key.sizeHint().width() + style.px(16) if self._key.isVisibleTo(self) else 0
        return super().sizeHint() + QSize(key, 0)


class Navigation(QFrame):
    """The screens of the program; arrows walk it, and it never takes the focus by Tab from a form."""

    chosen = Signal(str)

    def __init__(self, lines: Sequence[tuple[str, str, str, str]]) -> None:
        super().__init__()
        self.setProperty("role", "side")
        self.buttons: dict[str, NavButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(8), style.px(10), style.px(8), style.px(10))
        column.setSpacing(style.px(2))
        for name, words, icon_name, key in lines:
            made = NavButton(name, words, icon_name, key)
            made.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
            made.clicked.connect(lambda _checked=False, name=name: self.chosen.emit(name))
            column.addWidget(made)
            self.buttons[name] = made
        column.addStretch(1)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Expanding)
        self.fold(False)

    def fold(self, folded: bool) -> None:
        """Give the room to the screen."""
        for made in self.buttons.values():
            made.fold(folded)
        self.setMinimumWidth(0 if folded else style.em(200))

    def show_chosen(self, name: str) -> None:
        """Light the line of the screen that is up."""
        if name in self.buttons:
            self.buttons[name].setChecked(True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        names = list(self.buttons)
        here = next((i for i, name in enumerate(names) if self.buttons[name].hasFocus()), None)
        if not step or here is None:
            super().keyPressEvent(event)
        elif 0 <= here + step < len(names):
            self.buttons[names[here + step]].setFocus(Qt.FocusReason.OtherFocusReason)
            self.chosen.emit(names[here + step])


class KeyButton(QPushButton):
    """An act in the bar: its key drawn as a cap, its words beside it. The keyboard has the key itself, so no focus."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "key")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self._cap = style.label("", "keycap")
        self._words = style.label()
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(style.px(6), style.px(3), style.px(7), style.px(3))
        self._row.setSpacing(style.px(6))
        for part in (self._cap, self._words):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            self._row.addWidget(part)
        self.act = Act("", "", lambda: None)

    def show_act(self, act: Act, most: int = 0) -> None:
        """Become the button of this act; ``most`` pixels of its words are shown (0: all)."""
        self.act = act
        self._cap.setText(act.key)
        self._cap.setVisible(bool(act.key))
        elided = self.fontMetrics().elidedText(act.label, Qt.TextElideMode.ElideRight, most or 10_000)
        self._words.setText(elided)
        style.tip(self, act.label if elided != act.label else "")
        style.set_role(self._words, "role", {"primary": "heading", "good": "good", "warning": "warning"}.get(
            act.kind if act.enabled else "", "" if act.enabled else "muted"))
        style.set_role(self._cap, "off", "false" if act.enabled else "true")
        self.setEnabled(act.enabled)
        self.setAccessibleName(f"{act.key} {act.label}".strip())

    def sizeHint(self) -> QSize:
        return self._row.sizeHint()

    def minimumSizeHint(self) -> QSize:
        return self._row.minimumSize()


class KeyBar(QFrame):
    """The keys that are valid now, each a button, on one line or two; F1 lists those that find no room at all."""

    pressed = Signal(object)  # the Act
    lines = 2

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setObjectName("key_bar")
        self.acts: list[Act] = []
        self._buttons: list[KeyButton] = []
        self._ends: list[KeyButton] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_acts(self, acts: Sequence[Act], always: Sequence[Act]) -> None:
        """Show the acts of the screen, and at the right those of the window."""
        self.acts = [act for act in acts if act.in_bar]
        self._fill(self._buttons, self.acts)
        self._fill(self._ends, list(always))
        self._lay()

    def _fill(self, buttons: list[KeyButton], acts: list[Act]) -> None:
        while len(buttons) < len(acts):
            made = KeyButton()
            made.setParent(self)
            made.clicked.connect(lambda _checked=False, made=made: self.pressed.emit(made.act))
            buttons.append(made)
        while len(buttons) > len(acts):
            gone = buttons.pop()
            gone.hide()
            gone.deleteLater()
        for made, act in zip(buttons, acts, strict=True):
            made.show_act(act)

    def _lay(self) -> None:
        edge, gap = style.px(6), style.px(2)
        tall = max((made.sizeHint().height() for made in [*self._buttons, *self._ends]), default=style.px(26))
        right = self.width() - edge
        for made in reversed(self._ends):
            right -= made.sizeHint().width()
            made.setGeometry(right, style.px(3), made.sizeHint().width(), tall)
            made.show()
            right -= gap
        x, line, ends = edge, 0, right
        for made in self._buttons:
            wide = made.sizeHint().width()
            if x + wide > ends and x > edge:
                x, line, ends = edge, line + 1, self.width() - edge
            made.setVisible(line < self.lines)
            made.setGeometry(x, style.px(3) + line * (tall + gap), wide, tall)
            x += wide + gap
        self.setFixedHeight(style.px(6) + min(line + 1, self.lines) * (tall + gap))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay()


# What the network and a wrong clock have to say is a sentence (pixels at 11 pt).
WIDEST = {"network": 600, "clock": 420}


class StatusLine(QFrame):
    """The last line: what the program says at the left; network, backup, printer, count, desk and clock at the right.

    While a question is asked it has the line to itself. ``pressed`` tells which cell was clicked.
    """

    pressed = Signal(str)

    def __init__(self, feedback: Feedback) -> None:
        super().__init__()
        self.setProperty("role", "bar")
        self.setObjectName("status_line")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, style.px(12), 0)
        row.setSpacing(style.px(16))
        row.addWidget(feedback, 1)
        self.cells: dict[str, style.Mark] = {}
        for name in ("network", "backup", "printer", "today", "desk", "clock"):
            cell = style.Mark()
            cell.setObjectName(f"status_{name}")
            self.cells[name] = cell
            row.addWidget(cell, 0, Qt.AlignmentFlag.AlignTop)
            cell.setContentsMargins(0, style.px(6), 0, style.px(6))
            cell.hide()
        self.cells["network"].setCursor(Qt.CursorShape.PointingHandCursor)
        self._feedback = feedback
        self._covered = False
        feedback.asked.connect(self._make_room)
        feedback.said.connect(self._make_room)

    def show_cell(self, name: str, kind: str, text: str, icon_name: str = "") -> None:
        """Change one of the cells; an empty text takes it away, a long one ends in dots."""
        cell = self.cells[name]
        widest = min(style.em(WIDEST.get(name, 240)), self.window().width() * 3 // 5)
        short = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, widest)
        if (cell.kind, cell.text()) != (kind, short):
            cell.show_state(kind, short, icon_name=icon_name)
            style.tip(cell, text if short != text else "")
            self._make_room()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        for name, cell in self.cells.items():
            if cell.isVisible() and cell.geometry().contains(at):
                self.pressed.emit(name)
        super().mousePressEvent(event)

    def cover(self, covered: bool) -> None:
        """Show only what tells nothing of the desk: nobody is signed in."""
        self._covered = covered
        self._make_room()

    def _make_room(self, *_what: object) -> None:
        # What can be read elsewhere, or changes least, gives way to a sentence that has to be read.
        seen = [name for name, cell in self.cells.items() if cell.text() and not (self._covered and name != "network")]
        wanted = self.width() if self._feedback.is_asking() else self._feedback.room()
        # The empty line of words keeps a little room of its own; without it the last letters of a cell went unseen.
        has_words = bool(self._feedback.text())
        room = self.window().width() - self._feedback.minimumSizeHint().width()
        for name in ("desk", "network", "today", "printer", "backup", "clock"):
            taken = sum(self.cells[one].sizeHint().width() + style.px(16) for one in seen) + style.px(12)
            is_short = wanted + taken > self.width() if has_words else taken > room and name != "network"
            if is_short and name in seen:
                seen.remove(name)
        for name, cell in self.cells.items():
            cell.setVisible(name in seen)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()


class Head(QFrame):
    """The title of the screen, and at the right where we are and who is at the desk."""

    pressed_officer = Signal()

    def __init__(self, *, training: bool) -> None:
        super().__init__()
        self.setProperty("role", "page")
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(20), style.px(10), style.px(20), style.px(2))
        row.setSpacing(style.px(12))
        self.title = style.label("", "title")
        self.title.setObjectName("screen_title")
        row.addWidget(self.title)
        if training:
            word = style.label(_("LATIHAN"))
            word.setObjectName("training_word")
            row.addWidget(word, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addStretch(1)
        self.place = Elided("muted")
        self.place.setObjectName("head_place")
        row.addWidget(self.place, 4)
        self.divider = style.label("|", "muted")
        row.addWidget(self.divider)
        row.setSpacing(style.px(9))
        self.officer = style.button("", "flat")
        self.officer.setObjectName("head_officer")
        self.officer.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.officer.clicked.connect(self.pressed_officer)
        row.addWidget(self.officer)

    def show_place(self, place: str, officer: str) -> None:
        """Where and who; both empty when nobody is signed in."""
        self.place.show_text(place)
        short = self.officer.fontMetrics().elidedText(officer, Qt.TextElideMode.ElideRight, style.em(220))
        self.officer.setText(style.literal(short))
        self.officer.setAccessibleName(_("{officer}: kunci atau ganti petugas").format(officer=officer))
        style.tip(self.officer, _("Kunci / ganti petugas (Ctrl+L)"))
        for part in (self.place, self.divider, self.officer):
            part.setVisible(bool(officer))


class Elided(QLabel):
    """One line that gives way: what does not fit ends in three dots, and the tip has it whole."""

    def __init__(self, role: str = "") -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("role", role)
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.whole = ""

    def show_text(self, text: str) -> None:
        self.whole = text
        self.setAccessibleName(text)
        self._fit()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        short = self.fontMetrics().elidedText(self.whole, Qt.TextElideMode.ElideRight, self.width())
        self.setText(short)
        style.tip(self, self.whole if short != self.whole else "")


class KeySheet(QFrame):
    """F1: every key of this screen with its words, each also a button, over the screen and gone with Esc."""

    pressed = Signal(object)

    def __init__(self, parent: QWidget, title: str, sentences: Sequence[str], acts: Sequence[Act]) -> None:
        super().__init__(parent)
        self.setProperty("role", "popup")
        self.setObjectName("key_sheet")
        self.setAccessibleName(title)
        # At the largest text the list is longer than the window: then it scrolls.
        self._page = QWidget()
        self._page.setObjectName("scrolled")
        area = QScrollArea()
        area.setWidget(self._page)
        area.setWidgetResizable(True)
        area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(2, 2, 2, 2)
        outer.addWidget(area)
        column = QVBoxLayout(self._page)
        column.setContentsMargins(style.px(22), style.px(16), style.px(22), style.px(18))
        column.setSpacing(style.px(8))
        column.addWidget(style.label(title, "title"))
        for sentence in sentences:
            words = style.label(sentence)
            words.setWordWrap(True)
            column.addWidget(words)
        grid = QGridLayout()
        grid.setHorizontalSpacing(style.px(10))
        grid.setVerticalSpacing(style.px(2))
        rows = (len(acts) + 1) // 2
        for place, act in enumerate(acts):
            made = KeyButton()
            made.show_act(act, parent.width() // 2 - style.em(160))
            made.clicked.connect(lambda _checked=False, act=act: self.pressed.emit(act))
            grid.addWidget(made, place % rows, place // rows, Qt.AlignmentFlag.AlignLeft)
        column.addLayout(grid)
        column.addWidget(style.label(_("Esc atau F1 menutup lembar ini."), "small"))

    def sizeHint(self) -> QSize:
        wide = self._page.sizeHint().width()
        high = max(self._page.heightForWidth(wide), self._page.sizeHint().height())
        return QSize(wide + style.px(16), high + style.px(8))
