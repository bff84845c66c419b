"""A barcode scanner types like a keyboard, only faster than anybody: here its keys are told from those of a hand.

Keys that may be a scanner's are held back until the next one is late, and then delivered as they came. The other way,
to let them through and take them back, cannot be done here: a digit answers a question, turns a line of the checklist
or fills a NIK that goes on by itself, and none of that is text that could be taken out of a field again.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget
from shiboken6 import isValid

from desktop.operations import scanning
from desktop.settings import Settings
from desktop.ui.keypad import IS_PIN, digit_of
from desktop.ui.screen import press_mnemonic

# So many keys, each within the gap of the one before, were never pressed by fingers: two or three may roll over.
MACHINE = 4
# Presses and releases; nothing longer is a number of ours, and the rest of it is nobody's.
MOST_HELD = 128
# Properties by which a line says that a digit in it decides at once, and a field that every key is its own.
DIGITS_DECIDE, READS_KEYS = "digits_decide", "reads_keys"

_KEYS = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
# Whatever else happens in the window comes after the keys that were pressed before it.
_OTHERS = frozenset({
    QEvent.Type.MouseButtonPress, QEvent.Type.TouchBegin, QEvent.Type.Wheel, QEvent.Type.FocusOut, QEvent.Type.Close,
})  # fmt: skip
_ENDS = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Tab)
MODIFIERS = (
    Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr, Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock, Qt.Key.Key_ScrollLock,
)  # fmt: skip
_HELD_DOWN = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier


class Scanner(QObject):
    """Watches the keys of a window. ``scanned`` brings a code that looks like a number of ours, right or misread.

    ``strange`` tells of fast keys where they cannot be text; they are dropped. In PIN and password fields nothing is
    held back; what a machine types where a PIN belongs is dropped too, for each scan would be two wrong tries.
    """

    scanned = Signal(str)
    strange = Signal()

    def __init__(self, parent: QObject, settings: Settings) -> None:
        super().__init__(parent)
        self._settings = settings
        self._window: QWindow | None = None
        self._held: list[QKeyEvent] = []
        self._place: QWidget | None = None  # where the keys of this run belong
        self._run = 0  # keys so far, each within the gap of the one before
        self._last = -1_000_000  # when, on the system's clock for keys (milliseconds)
        self._was_scan = False
        self._is_delivering = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._be_late)
        # Where the program itself was busy, the next key may be waiting already: it is looked at before the clock.
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(0)
        self._idle.timeout.connect(self.let_go)

    def watch(self, window: QWindow | None) -> None:
        """Listen to the keys of this window, before any widget has a say."""
        if window is not None and window is not self._window:
            window.installEventFilter(self)
            self._window = window

    @Slot()
    def let_go(self) -> None:
        """The keys so far were no scan: deliver what is held, and begin anew with the next."""
        self._deliver_held()
        self._run, self._was_scan = 0, False

    def _deliver_held(self) -> None:
        """In its order; of a machine's keys only the text, and only where the run began."""
        self._timer.stop()
        self._idle.stop()
        held, self._held = self._held, []
        if not held:
            return
        is_machine = self._run >= MACHINE
        if is_machine and not self._takes_text():
            self.strange.emit()
            return
        self._is_delivering = True
        try:
            for event in held:
                if not is_machine or (_is_text(event) and QApplication.focusWidget() is self._place):
                    self._deliver(event)
        finally:
            self._is_delivering = False

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        kind = event.type()
        if self._is_delivering:
            return False
        if isinstance(event, QKeyEvent):
            if kind == QEvent.Type.ShortcutOverride:
                return self._override(event)
            if kind in _KEYS:
                return self._pressed(event) if kind == QEvent.Type.KeyPress else self._released(event)
        if kind in _OTHERS:
            self.let_go()
        return False

    # --- one key

    def _override(self, event: QKeyEvent) -> bool:
        # Qt looks for Alt+letter before it tells of the key: claimed here, it comes as a key like the others.
        if self._is_off() or not (event.modifiers() & Qt.KeyboardModifier.AltModifier):
            return False
        event.accept()
        return True

    def _pressed(self, event: QKeyEvent) -> bool:
        if event.isAutoRepeat():
            self.let_go()
            return False
        gap = event.timestamp() - self._last
        if not 0 <= gap <= self._settings.scanner.gap_ms:
            self.let_go()
        self._last = event.timestamp()
        if self._is_off():
            self._deliver_held()
            return self._is_nobodys(event)
        if event.key() in MODIFIERS:
            return self._keep(event) if self._held else False
        if not self._held and self._run < MACHINE:
            self._place = QApplication.focusWidget()
        self._run += 1
        if self._was_scan:
            return True  # a scanner that ends with two keys, CR and LF
        if self._held or self._has_to_wait(event):
            return self._hold(event)
        return self._run >= MACHINE and not (_is_text(event) and QApplication.focusWidget() is self._place)

    def _is_nobodys(self, event: QKeyEvent) -> bool:
        place = QApplication.focusWidget()
        if place is None or not place.property(IS_PIN) or event.key() in MODIFIERS:
            return False
        self._run += 1
        if self._run == MACHINE:
            self.strange.emit()
        return self._run >= MACHINE

    def _released(self, event: QKeyEvent) -> bool:
        # A button that was released before it was pressed would stay down.
        return self._keep(event) if self._held and not event.isAutoRepeat() else False

    def _hold(self, event: QKeyEvent) -> bool:
        if _is_end(event) and self._is_scan():
            return True
        self._keep(event)
        is_ours = scanning.may_begin(self._code()) and bool(_character(event) or _is_act(event))
        is_undecided = self._run < MACHINE and any(map(_is_act, self._held))
        if self._takes_text() and not is_ours and not is_undecided:
            self._deliver_held()
        else:
            self._timer.start(self._settings.scanner.gap_ms)
            self._idle.stop()
        return True

    def _keep(self, event: QKeyEvent) -> bool:
        if len(self._held) < MOST_HELD:
            self._held.append(event.clone())
        return True

    def _is_scan(self) -> bool:
        code = self._code()
        if scanning.shape_of(code) is None:
            return False
        self._timer.stop()
        self._idle.stop()
        self._held = []
        self._was_scan = True
        self.scanned.emit(code)
        return True

    # --- what a key is, and where it would go

    def _has_to_wait(self, event: QKeyEvent) -> bool:
        if _is_act(event):
            return True
        return not self._takes_text() or (self._run == 1 and scanning.may_begin(_character(event)))

    def _code(self) -> str:
        return "".join(map(_character, self._held))

    def _takes_text(self) -> bool:
        place = self._place
        if place is None or not isValid(place):  # the window was built anew under the keys: they are nobody's
            return False
        if isinstance(place, QLineEdit) and place.property(DIGITS_DECIDE):
            return bool(place.text())
        return isinstance(place, QLineEdit | QPlainTextEdit)

    def _is_off(self) -> bool:
        place = QApplication.focusWidget()
        if place is not None and (place.property(READS_KEYS) or place.property(IS_PIN)):
            return True
        return isinstance(place, QLineEdit) and place.echoMode() != QLineEdit.EchoMode.Normal

    def _be_late(self) -> None:
        self._idle.start()

    def _deliver(self, event: QKeyEvent) -> None:
        if event.type() == QEvent.Type.KeyPress and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            owner = self.parent()
            if isinstance(owner, QWidget) and press_mnemonic(owner, event.key()):
                return
        if self._window is not None:
            QApplication.sendEvent(self._window, event)


def _character(event: QKeyEvent) -> str:
    """The sign that a key press types, or nothing."""
    if event.type() != QEvent.Type.KeyPress or _is_act(event):
        return ""
    return digit_of(event) or (event.text() if event.text().isprintable() else "")


def _is_act(event: QKeyEvent) -> bool:
    """A key that does something wherever the cursor is: with Ctrl or Alt, a function key, Esc."""
    if event.type() != QEvent.Type.KeyPress or event.key() in MODIFIERS:
        return False
    held = event.modifiers() & _HELD_DOWN
    is_sign = held == (Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier) and (
        event.text().isprintable() and bool(event.text())  # AltGr
    )
    is_key = Qt.Key.Key_F1 <= event.key() <= Qt.Key.Key_F35 or event.key() == Qt.Key.Key_Escape
    return (bool(held) and not is_sign) or is_key


def _is_end(event: QKeyEvent) -> bool:
    return (event.key() in _ENDS or event.text() in ("\r", "\n", "\t")) and not event.modifiers() & _HELD_DOWN


def _is_text(event: QKeyEvent) -> bool:
    """What a machine may type: signs and the key that ends them; and every release, which does nothing by itself."""
    return event.type() == QEvent.Type.KeyRelease or bool(_character(event)) or _is_end(event)
