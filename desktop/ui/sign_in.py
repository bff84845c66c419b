"""Who is at the desk: tiles of officers, a PIN that is tried as soon as it is whole, and the lock when nobody types."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QFocusEvent, QFont, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QWindow
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.operations import access, setup
from desktop.settings import Settings
from desktop.ui import style
from desktop.ui.choices import Flow
from desktop.ui.keypad import IS_PIN, digit_of, keypad_digit
from desktop.ui.screen import Screen, Surroundings


@dataclass(frozen=True)
class Person:
    """An officer as the tile shows him."""

    id: str
    name: str
    initials: str
    role: str


class SignInScreen(Screen):
    """L0 Masuk. Digits go to the PIN wherever the focus is; arrows choose the officer."""

    name = "sign_in"
    title = N_("Masuk ke Loket")

    signed_in = Signal(str)

    def __init__(self, around: Surroundings) -> None:
        self.people: list[Person] = []
        self._tiles: list[Tile] = []
        super().__init__(around)

    def build(self) -> None:
        middle = QHBoxLayout(self)
        middle.addStretch(1)
        column = QVBoxLayout()
        middle.addLayout(column)
        middle.addStretch(1)
        column.addStretch(2)
        card = QFrame()
        card.setProperty("role", "card")
        card.setFixedWidth(style.em(556) + style.px(64))
        column.addWidget(card)
        column.addStretch(3)
        inner = QVBoxLayout(card)
        inner.setContentsMargins(style.px(32), style.px(26), style.px(32), style.px(26))
        inner.setSpacing(style.px(14))
        is_locked = self.around.desk is not None
        self._title = style.label(_("Loket ini terkunci") if is_locked else _("Siapa yang bertugas?"), "title")
        inner.addWidget(self._title)
        self._where = style.label("", "muted")
        self._where.setWordWrap(True)
        inner.addWidget(self._where)
        holder = QWidget()
        policy = holder.sizePolicy()
        policy.setHeightForWidth(True)
        holder.setSizePolicy(policy)
        self._flow = Flow(holder, gap=10)
        inner.addWidget(holder)
        self.pin = PinBoxes()
        self.pin.whole.connect(self._try)
        self.pin.stepped.connect(self._step)
        self.pin.numlock_off.connect(self.around.feedback.numlock_is_off)
        self._pin_title = style.label(_("PIN 6 angka"), "strong")
        inner.addWidget(self._pin_title)
        inner.addWidget(self.pin)
        self.verdict = style.Mark(wrap=True)
        self.verdict.setObjectName("pin_verdict")
        self.verdict.setMinimumHeight(style.em(24))
        inner.addWidget(self.verdict)
        self._load()

    def help(self) -> list[str]:
        return [_("Pilih nama dengan tanda panah atau klik, lalu ketik PIN 6 angka. Tidak perlu Enter.")]

    def arrive(self) -> None:
        self.pin.clear()
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    def keep(self) -> str:
        chosen = self.chosen()
        return chosen.id if chosen else ""

    def restore(self, kept: str) -> None:
        self._choose(next((i for i, person in enumerate(self.people) if person.id == kept), 0))

    def chosen(self) -> Person | None:
        """The officer whose tile is lit."""
        return next((tile.person for tile in self._tiles if tile.isChecked()), None)

    def _load(self) -> None:
        with self.reading() as session:
            self.people = [
                Person(one.id, one.display_name, one.initials, _(access.ROLES.get(one.role, one.role)))
                for one in access.officers(session)
            ]
            if self.people:
                place = setup.place(session, setup.desk_for(session, self.people[0].id))
                self._where.setText(f"{place.counter} · {place.hall}")
        for at, person in enumerate(self.people):
            tile = Tile(person)
            tile.clicked.connect(lambda _checked=False, at=at: self._choose(at))
            self._flow.addWidget(tile)
            self._tiles.append(tile)
        last = self.around.settings.last_officer_id
        self._choose(next((i for i, person in enumerate(self.people) if person.id == last), 0))
        self.pin.setEnabled(bool(self.people))
        if not self.people:
            self.verdict.show_state(
                "warning", _("Belum ada petugas di loket ini. Hubungi admin, atau buka Pengaturan awal."))

    def _choose(self, place: int) -> None:
        for i, tile in enumerate(self._tiles):
            tile.setChecked(i == place)
        if self.people:
            self.pin.setAccessibleName(_("PIN {name}").format(name=self.people[place].name))
            self.verdict.show_state("", "")
        self.pin.clear()
        self.pin.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _step(self, by: int) -> None:
        here = next((i for i, tile in enumerate(self._tiles) if tile.isChecked()), 0)
        if 0 <= here + by < len(self._tiles):
            self._choose(here + by)

    @Slot(str)
    def _try(self, pin: str) -> None:
        person = self.chosen()
        if person is None:
            return
        outcome = trouble = None
        try:
            # Saved, not only read: a wrong try is counted in the file.
            with self.around.store.saving(person.id) as session:
                outcome = access.sign_in(session, person.id, pin, self.around.unkept)
        except UserError as problem:
            trouble = problem
        if outcome is None:
            self.pin.clear()
            self.verdict.show_state("bad", trouble.message if trouble else "")
        elif outcome.officer is None:
            self.pin.shake()
            self.verdict.show_state("bad", outcome.sentence or "")
        else:
            # A disk that takes nothing is no reason to keep the officer from what stands on the desk.
            if trouble is not None:
                self.around.feedback.tell(trouble)
            self.signed_in.emit(person.id)


class Tile(QPushButton):
    """An officer: initials in a disc, name and role. Clicking it leaves the keyboard with the PIN."""

    def __init__(self, person: Person) -> None:
        super().__init__()
        self.person = person
        self.setProperty("role", "tile")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(f"{person.name}, {person.role}")
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(12), style.px(9), style.px(14), style.px(9))
        row.setSpacing(style.px(10))
        row.addWidget(Disc(person.initials))
        words = QVBoxLayout()
        words.setSpacing(0)
        name = style.label(person.name, "strong")
        role = style.label(person.role, "small")
        words.addWidget(name)
        words.addWidget(role)
        row.addLayout(words, 1)
        for label in (name, role):
            label.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFixedSize(style.em(268), row.sizeHint().height())


class Disc(QWidget):
    """Initials on a disc in the accent colour."""

    def __init__(self, initials: str) -> None:
        super().__init__()
        self.initials = initials[:3]
        self.setFixedSize(style.em(40), style.em(40))
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = style.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.accent))
        painter.drawEllipse(QRectF(self.rect()).adjusted(1, 1, -1, -1))
        font = QFont(self.font())
        font.setWeight(QFont.Weight.DemiBold)
        painter.setFont(font)
        painter.setPen(QColor(colours.on_accent))
        painter.drawText(self.rect(), int(Qt.AlignmentFlag.AlignCenter), self.initials)


class PinBoxes(QWidget):
    """Six boxes for six digits; the digits themselves are never drawn, copied or spoken."""

    whole = Signal(str)
    stepped = Signal(int)
    numlock_off = Signal()
    length = access.PIN_LENGTH

    def __init__(self) -> None:
        super().__init__()
        self._typed = ""
        self._wrong = False
        self.setObjectName("pin")
        self.setAccessibleName(_("PIN 6 angka"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setProperty(IS_PIN, True)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def count(self) -> int:
        """How many digits are in."""
        return len(self._typed)

    def clear(self) -> None:
        self._typed, self._wrong = "", False
        self.update()

    def shake(self) -> None:
        """Empty again, framed as wrong until the next digit."""
        self._typed, self._wrong = "", True
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(style.em(46) * self.length + style.px(8) * (self.length - 1), style.em(52))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        steps = {Qt.Key.Key_Left: -1, Qt.Key.Key_Up: -2, Qt.Key.Key_Right: 1, Qt.Key.Key_Down: 2}
        if digit:
            if event.isAutoRepeat():
                return
            if keypad_digit(event):
                self.numlock_off.emit()
            self._wrong = False
            self._typed += digit
            self.repaint()
            if len(self._typed) == self.length:
                pin, self._typed = self._typed, ""
                self.whole.emit(pin)
                self.update()
        elif event.key() in (Qt.Key.Key_Backspace, Qt.Key.Key_Delete):
            self._typed = self._typed[:-1]
            self.update()
        elif Qt.Key(event.key()) in steps and not event.modifiers():
            self.stepped.emit(steps[Qt.Key(event.key())])
        elif event.text() and event.text().isprintable() and not event.modifiers():
            return
        else:
            event.ignore()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.setFocus(Qt.FocusReason.MouseFocusReason)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        colours = style.colours()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        wide, gap = style.em(46), style.px(8)
        for place in range(self.length):
            box = QRectF(place * (wide + gap), 0, wide, self.height()).adjusted(1, 1, -1, -1)
            is_next = place == len(self._typed) and self.hasFocus()
            frame = colours.bad if self._wrong else colours.accent if is_next else colours.edge
            painter.setPen(QPen(QColor(frame), 2 if is_next or self._wrong else 1))
            painter.setBrush(QColor(colours.field))
            painter.drawRoundedRect(box, style.px(6), style.px(6))
            if place < len(self._typed):
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(QColor(colours.text))
                painter.drawEllipse(box.center(), style.em(5), style.em(5))


class IdleWatch(QObject):
    """Tells when nobody has touched keyboard or mouse for the minutes of the settings, at most a second late."""

    expired = Signal()

    def __init__(self, parent: QObject, settings: Settings, monotonic: Callable[[], float]) -> None:
        super().__init__(parent)
        self._settings = settings
        self._monotonic = monotonic
        self._touched = monotonic()
        self._window: QWindow | None = None
        self._timer = QTimer(self)
        self._timer.setInterval(1000)
        self._timer.timeout.connect(self.look)

    def watch(self, window: QWindow | None) -> None:
        """Listen to the input of this window: what the system delivers, before any widget has a say."""
        if window is not None and window is not self._window:
            window.installEventFilter(self)
            self._window = window

    def begin(self) -> None:
        """Somebody signed in: count from now."""
        self._touched = self._monotonic()
        self._timer.start()

    @Slot()
    def look(self) -> None:
        """Is it time?"""
        if self._monotonic() - self._touched >= self._settings.idle_minutes * 60:
            self._timer.stop()
            self.expired.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() in _TOUCHES:
            self._touched = self._monotonic()
        return super().eventFilter(watched, event)


_TOUCHES: Sequence[QEvent.Type] = frozenset({  # type: ignore[assignment]
    QEvent.Type.KeyPress, QEvent.Type.MouseButtonPress, QEvent.Type.MouseMove, QEvent.Type.Wheel,
    QEvent.Type.TouchBegin, QEvent.Type.TabletPress,
})
