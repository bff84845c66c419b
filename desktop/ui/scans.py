"""Scans of the whole window, answered one after the other: a tone, a line, and the file where it can be opened."""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QWindow
from PySide6.QtWidgets import QApplication, QWidget

from desktop.i18n import _
from desktop.operations import scanning
from desktop.operations.scanning import Answer, Shape
from desktop.ui.feedback import announce
from desktop.ui.intake import IntakeScreen
from desktop.ui.intake_walk import field_of
from desktop.ui.keypad import IS_PIN, is_enter
from desktop.ui.scan_card import ScanCard
from desktop.ui.scanner import MODIFIERS, Scanner
from desktop.ui.serial_scanner import SerialScanner
from desktop.ui.sign_in import PinBoxes
from desktop.ui.today import TodayScreen
from desktop.ui.tones import Tones

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow

# So many scans before the last one are still told on the card.
REMEMBERED = 9


class Scans(QObject):
    """``answered`` brings every Answer in the order of the scans.

    While the card shows what Enter would open, Enter and Esc are the card's; any other key puts it away and is typed.
    """

    answered = Signal(object)

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._handle: QWindow | None = None
        self.scanner = Scanner(window, window.around.settings)
        self.scanner.scanned.connect(self.take)
        self.scanner.strange.connect(self._say_strange)
        self._tones = Tones(self)
        self._serial: SerialScanner | None = None
        self._waiting: deque[str] = deque()
        self._told: deque[Answer] = deque(maxlen=REMEMBERED)
        window.centre.fetched.connect(self._fetched)
        self.card: ScanCard | None = None
        self.shown: Answer | None = None
        self._sought = ""  # the number the centre was asked for last

    def watch(self, handle: QWindow | None) -> None:
        """Listen to the keys of the window; the scanner has the first say, then the card."""
        if handle is not None and handle is not self._handle:
            handle.installEventFilter(self)
            self.scanner.watch(handle)
            self._handle = handle

    def begin(self) -> None:
        """Somebody signed in: from now on the serial port is read, if there is one."""
        if self._serial is None:
            self.read_port()

    @Slot()
    def read_port(self) -> None:
        """Read the serial port of the settings, or none; may be called again when it was changed."""
        self.close_port()
        if self._window.around.settings.scanner.port:
            self._serial = SerialScanner(self, self._window.around.settings.scanner.port)
            self._serial.scanned.connect(self.take)
            self._serial.strange.connect(self._say_strange)
            self._serial.lost.connect(self._say_lost)
            self._serial.begin()

    def close_port(self) -> None:
        """Give the serial port back, if one is read."""
        if self._serial is not None:
            self._serial.close()
            self._serial.deleteLater()
            self._serial = None

    @Slot(str)
    def take(self, code: str) -> None:
        """A code was scanned: it is answered after those before it."""
        self._waiting.append(code)
        # Not within the key that ended it: what is opened now must not get the rest of that key.
        QTimer.singleShot(0, self, self._answer_next)

    @Slot()
    def close_card(self) -> None:
        """Put the card away; the screen is as it was."""
        card, self.card, self.shown = self.card, None, None
        self._told.clear()
        if card is not None:
            card.hide()
            card.deleteLater()

    def place(self) -> None:
        """The window has another size."""
        if self.card is not None:
            self.card.place()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if self.card is None or event.type() != QEvent.Type.KeyPress or not isinstance(event, QKeyEvent):
            return False
        if event.key() == Qt.Key.Key_Escape:
            self.close_card()
            return True
        if is_enter(event) and self._act():
            if not event.isAutoRepeat():
                self.open_shown()
            return True
        if event.key() not in MODIFIERS:
            self.close_card()
        return False

    @Slot()
    def open_shown(self) -> None:
        """Enter on the card: the file's missing lines, with what stood on the desk put aside; or the file itself."""
        answer = self.shown
        self.close_card()
        if answer is None or answer.card is None:
            return
        if self._window.feedback.is_asking():
            self._window.feedback.cancel()
        self._open(answer)

    # --- answering

    @Slot()
    def _answer_next(self) -> None:
        code, window = self._waiting.popleft(), self._window
        desk = window.around.desk
        if desk is None or window.is_locked():
            self._tone(found=False)
            window.feedback.say("warning", _("Masuk dahulu, lalu pindai lagi."))
            return
        with window.store.reading() as session:
            answer = scanning.answer(session, desk, code)
        self._tone(found=answer.is_found)
        if answer.is_open and not window.is_busy():
            self.close_card()
            self._open(answer)
            self._say(answer)
        else:
            self._show(answer)
            if answer.shape is Shape.NUMBER and not answer.is_found:
                self.seek(code)
        announce(window, f"{answer.short}. {answer.sentence}")
        self.answered.emit(answer)

    def seek(self, code: str) -> None:
        """Ask the centre for a file that is not here; its answer shows number, state and promise beside the screen."""
        if self._window.centre.ask(code):
            self._sought = code

    @Slot(str, bool)
    def _fetched(self, code: str, found: bool) -> None:
        desk = self._window.around.desk
        if code != self._sought or not found or desk is None or self._window.is_locked():
            return
        self._sought = ""
        with self._window.store.reading() as session:
            answer = scanning.answer(session, desk, code)
        if self.shown is not None and self.shown.code == code:
            self.shown = None  # what was said before the centre knew better
        self._tone(found=answer.is_found)
        self._show(answer)
        announce(self._window, f"{answer.short}. {answer.sentence}")
        self.answered.emit(answer)

    def _show(self, answer: Answer) -> None:
        if self.shown is not None:
            self._told.appendleft(self.shown)
        if self.card is None:
            self.card = ScanCard(self._window)
            self.card.opened.connect(self.open_shown)
            self.card.closed.connect(self.close_card)
        self.shown = answer
        self.card.show_answer(answer, self._act(), list(self._told))

    def _act(self) -> str:
        """What Enter does with the answer that is shown; empty where there is nothing to open."""
        if self.shown is None or self.shown.card is None or not self.shown.card.is_ours:
            return ""
        return _("Tunda yang di meja, buka ini") if self.shown.is_open else _("Buka berkas ini")

    def _open(self, answer: Answer) -> None:
        assert answer.card is not None
        screen = IntakeScreen if answer.is_open else TodayScreen
        self._window.show_screen(screen.name, answer.card.id)

    def _say(self, answer: Answer) -> None:
        if not self._window.feedback.is_asking():
            kind = "info" if answer.is_found else "warning"
            self._window.feedback.say(kind, f"{answer.short} · {answer.sentence}")

    def _tone(self, *, found: bool) -> None:
        if self._window.around.settings.scanner.sound:
            self._tones.play(found=found)

    @Slot(str)
    def _say_lost(self, port: str) -> None:
        self._window.feedback.say_once(
            f"scanner {port}",
            "warning",
            _("Pemindai di {port} tidak terjangkau. Periksa kabelnya; nomor tetap dapat diketik.").format(port=port),
        )

    @Slot()
    def _say_strange(self) -> None:
        self._tone(found=False)
        place = QApplication.focusWidget()
        if place is not None and place.property(IS_PIN):
            self._empty_pin(place)
        elif not self._window.feedback.is_asking():
            self._window.feedback.say(
                "warning", _("Yang dipindai bukan nomor berkas, jadi tidak dimasukkan. Isian tidak berubah.")
            )

    def _empty_pin(self, place: QWidget) -> None:
        """Its first digits were in before it was known as a scan."""
        pin = place if isinstance(place, PinBoxes) else field_of(place)
        if pin is not None:
            pin.clear()
        is_locked = self._window.around.desk is None or self._window.is_locked()
        words = _("Masuk dahulu, lalu pindai lagi.") if is_locked else _("Di sini PIN diketik. Pindai sesudahnya.")
        self._window.feedback.say("warning", words)
