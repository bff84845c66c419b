"""The one line in which the program speaks: messages, questions answered by a digit, and the last resort for our bugs.

Nothing here is modal: what was being typed stays where it is.
"""

from __future__ import annotations

import logging
import platform
import sys
import threading
import traceback
import zlib
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path
from types import TracebackType

from PySide6 import __version__ as qt_version
from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent, QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.i18n import _
from desktop.ui import style
from desktop.ui.choices import Chip, Flow
from desktop.ui.keypad import digit_of, is_enter

log = logging.getLogger("loket.ui")


def with_code(problem: UserError) -> str:
    """What the world refused, with the code an administrator asks for; a sentence that names it is left as it is."""
    if not problem.code or problem.code in problem.message:
        return problem.message
    return _("{sentence} (kode {code})").format(sentence=problem.message, code=problem.code)


class Feedback(QFrame):
    """The message line at the bottom of the window.

    ``say`` shows a sentence for a while, ``tell`` shows a UserError, ``ask`` asks a question in place, ``trouble`` is
    the last resort. Kinds: "good", "info", "warning", "bad".
    """

    asked = Signal(bool)  # a question appeared or was answered
    said = Signal()  # what stands in the line changed
    _from_any_thread = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("feedback")
        self.kind = ""
        self._said_once: set[str] = set()
        self._then: Callable[[int], None] | None = None
        self._cancelled: Callable[[], None] | None = None
        self._enter: int | None = None
        self._back_to: QWidget | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.clear)
        self._from_any_thread.connect(self.trouble)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(style.px(12), style.px(3), style.px(8), style.px(3))
        self._column.setSpacing(style.px(6))
        row = QHBoxLayout()
        row.setSpacing(style.px(12))
        self._line = style.Mark(wrap=True)
        self._line.setObjectName("message")
        self._act = style.button("", "chip")
        self._act.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._act.clicked.connect(self._do_act)
        self._act.hide()
        self._do: Callable[[], None] | None = None
        row.addWidget(self._line, 1, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._act)
        self._column.addLayout(row)
        self._more: QWidget | None = None

    # --- messages

    def say(self, kind: str, text: str, seconds: float = 8, *, act: str = "",
            do: Callable[[], None] | None = None) -> None:
        """Show one sentence with its icon for so many seconds (0: until the next); ``act`` is a button beside it."""
        if self.is_asking():
            self._drop_question()
        self._forget_more()
        self.kind = kind
        style.set_role(self, "say", kind)
        self._line.show_state(kind, text)
        self.setAccessibleDescription(text)
        announce(self, text)
        self._do = do
        self._act.setText(style.literal(act))
        self._act.setAccessibleName(act)
        self._act.setVisible(bool(act))
        self._timer.stop()
        if seconds:
            self._timer.start(round(seconds * 1000))
        self.said.emit()

    def say_once(self, topic: str, kind: str, text: str) -> bool:
        """The same, but only the first time since the program started; whether this was it."""
        if topic in self._said_once:
            return False
        self._said_once.add(topic)
        self.say(kind, text, 15)
        return True

    def tell(self, problem: UserError) -> None:
        """Say what the world refused, with its code."""
        self.say("bad", with_code(problem), 20)

    def numlock_is_off(self) -> None:
        """The one notice that the numpad was understood although NumLock is off."""
        self.say_once("numlock", "info", _("NumLock mati. Tombol angka tetap dibaca sebagai angka."))

    def room(self) -> int:
        """The width in which the sentence stands on one line."""
        words = self._line.fontMetrics().horizontalAdvance(self.text())
        return words + style.px(56) + (self._act.sizeHint().width() if self._act.isVisibleTo(self) else 0)

    def text(self) -> str:
        """What is said now."""
        return self._line.text()

    @Slot()
    def clear(self) -> None:
        """Say nothing."""
        if self.is_asking():
            self._drop_question()
        self._forget_more()
        self.kind = ""
        style.set_role(self, "say", "")
        self._line.show_state("", "")
        self._act.hide()
        self._timer.stop()
        self.setAccessibleDescription("")
        self.said.emit()

    def _do_act(self) -> None:
        do = self._do
        self.clear()
        if do is not None:
            do()

    # --- questions

    def ask(self, question: str, answers: Sequence[str], then: Callable[[int], None], *,
            cancelled: Callable[[], None] | None = None, enter: int | None = None) -> None:
        """Ask in place: ``then(n)`` with the answer's place from 0, by its digit or a click.

        Enter gives the answer that ``enter`` names, Esc calls ``cancelled``. The focus comes back to where it was.
        """
        if len(answers) > 9:
            raise ValueError("a digit answers at most nine")
        # Of this window: while another program is in front, nothing has the focus of the whole desk.
        back_to = self._back_to if self.is_asking() else self.window().focusWidget()
        self._back_to = None  # the cursor stays here for this question
        self.clear()
        self._back_to, self._then, self._cancelled, self._enter = back_to, then, cancelled, enter
        self.kind = "question"
        style.set_role(self, "say", "question")
        self._line.show_state("info", question, icon_name="circle-help")
        self._more = QWidget()
        flow = Flow(self._more, gap=6)
        for place, answer in enumerate(answers):
            flow.addWidget(self._answer(str(place + 1), answer, partial(self._answered, place)))
        flow.addWidget(self._answer("Esc", _("batal"), self.cancel))
        self._column.addWidget(self._more)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleDescription(question)
        announce(self, question)
        self.setFocus(Qt.FocusReason.OtherFocusReason)
        self.asked.emit(True)

    def _answer(self, key: str, words: str, do: Callable[[], None]) -> QPushButton:
        made = Chip(key, words)
        made.clicked.connect(lambda _checked=False: do())
        return made

    def is_asking(self) -> bool:
        """Whether a question waits for its digit."""
        return self._then is not None

    def cancel(self) -> None:
        """Take the question back (Esc)."""
        cancelled = self._cancelled
        self._end_question()
        if cancelled is not None:
            cancelled()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        digit = digit_of(event)
        flow = self._more.layout() if self._more is not None else None
        count = flow.count() - 1 if flow is not None else 0
        if not self.is_asking():
            event.ignore()
        elif digit and 1 <= int(digit) <= count:
            self._answered(int(digit) - 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.cancel()
        elif is_enter(event) and self._enter is not None and not event.isAutoRepeat():
            self._answered(self._enter)
        elif event.text() and not event.modifiers() & (
            Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        ):
            return  # a letter is no answer, and must not reach anything behind the question
        else:
            event.ignore()

    def _answered(self, place: int) -> None:
        then = self._then
        self._end_question()
        if then is not None:
            then(place)

    def _end_question(self) -> None:
        self._drop_question()
        self.clear()

    def _drop_question(self) -> None:
        """Answered, or something graver is said in its place: either way the cursor goes back to the work."""
        back_to, has_cursor = self._back_to, self.window().focusWidget() is self
        self._then = self._cancelled = self._back_to = self._enter = None
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._forget_more()
        self.asked.emit(False)
        if has_cursor and back_to is not None and _alive(back_to) and back_to.isVisible():
            # Not as by a jump, which selects what stands there: the next letter would replace it.
            back_to.setFocus(Qt.FocusReason.PopupFocusReason)

    def _forget_more(self) -> None:
        if self._more is not None:
            self._more.hide()
            self._more.deleteLater()
            self._more = None

    # --- the last resort

    @Slot(object)
    def trouble(self, problem: BaseException) -> None:
        """Say that the program itself failed: what happened, whether the data are safe, what to do, and the code."""
        if isinstance(problem, UserError):  # nobody caught it, but it is still the world's trouble and not ours
            self.tell(problem)
            return
        code = code_of(problem)
        self.clear()
        self.kind = "trouble"
        style.set_role(self, "say", "bad")
        self._line.show_state("bad", _("Langkah terakhir tidak selesai karena kesalahan program (kode {code}).").format(
            code=code))
        self._more = QWidget()
        column = QVBoxLayout(self._more)
        column.setContentsMargins(style.px(22), 0, 0, style.px(4))
        column.setSpacing(style.px(4))
        for sentence in (
            _("Data yang sudah tersimpan aman. Yang sedang diketik masih ada di layar."),
            _("Ulangi sekali lagi. Bila terjadi lagi, hubungi admin dan sebutkan kode {code}.").format(code=code),
        ):
            words: QLabel = style.label(sentence)
            words.setWordWrap(True)
            column.addWidget(words)
        row = QHBoxLayout()
        copy = style.button(_("Salin keterangan untuk admin"), "chip", "copy")
        copy.setObjectName("copy_details")
        copy.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        copy.clicked.connect(lambda _checked=False: self._copy(details(problem)))
        close = style.button(_("Tutup"), "chip")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(lambda _checked=False: self.clear())
        row.addWidget(copy)
        row.addWidget(close)
        row.addStretch(1)
        column.addLayout(row)
        self._column.addWidget(self._more)
        self.setAccessibleDescription(self._line.text())

    def _copy(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self.say("good", _("Keterangan sudah disalin. Tempelkan pada pesan untuk admin."))

    def catch_everything(self) -> None:
        """Let every exception that nobody handles, in any thread, end here instead of on a console nobody sees."""

        def caught(kind: type[BaseException], problem: BaseException, trace: TracebackType | None) -> None:
            if issubclass(kind, KeyboardInterrupt):
                sys.__excepthook__(kind, problem, trace)
                return
            log.error("unexpected, code %s", code_of(problem), exc_info=(kind, problem, trace))
            self._from_any_thread.emit(problem)

        sys.excepthook = caught
        threading.excepthook = lambda args: (
            caught(args.exc_type, args.exc_value, args.exc_traceback) if args.exc_value is not None else None
        )


def _alive(widget: QWidget) -> bool:
    from shiboken6 import isValid

    return bool(isValid(widget))


def announce(widget: QWidget, text: str) -> None:
    """Let a screen reader say this now, wherever the cursor is."""
    if text:
        QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(widget, text))


def code_of(problem: BaseException) -> str:
    """"P-3F2A91": the same for the same fault in the same place, so that an admin can count what was reported."""
    where = "".join(f"{Path(f.filename).name}:{f.name};" for f in traceback.extract_tb(problem.__traceback__))
    return f"P-{zlib.crc32(f'{type(problem).__name__};{where}'.encode()):08X}"[:8]


def details(problem: BaseException) -> str:
    """What an admin needs: place and kind of the fault, versions, time; not its message, which may quote a NIK."""
    frames = traceback.extract_tb(problem.__traceback__)
    lines = [f"  {Path(f.filename).name}:{f.lineno} {f.name}" for f in frames]
    return "\n".join([
        f"Loket {code_of(problem)} {datetime.now().astimezone():%Y-%m-%d %H:%M:%S%z}",
        f"Python {platform.python_version()}, Qt {qt_version}, {platform.system()} {platform.release()}",
        type(problem).__name__,
        *lines,
    ])
