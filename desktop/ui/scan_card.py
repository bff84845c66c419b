"""The answer to a scan, beside what stands on the screen: number, state, promise, and what Enter would do."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.operations.scanning import Answer
from desktop.operations.search import number_text
from desktop.ui import style
from desktop.ui.application import mark_of

# Nobody looks at it any longer; the next Enter is meant for the field again.
SHOWN_MS = 20_000


class ScanCard(QFrame):
    """Lies over the right side of the window and never takes the cursor: what is half typed stays as it is."""

    opened = Signal()  # its button
    closed = Signal()

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("scan_card")
        self.setProperty("role", "popup")
        self.setAccessibleName(_("Hasil pindai"))
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SHOWN_MS)
        self._timer.timeout.connect(self.closed)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(18), style.px(14), style.px(18), style.px(16))
        column.setSpacing(style.px(5))
        head = QHBoxLayout()
        picture = style.label()
        picture.setPixmap(style.pixmap("scan-barcode", "accent", 20, self.devicePixelRatioF()))
        head.addWidget(picture)
        head.addWidget(style.label(_("Hasil pindai"), "heading"), 1)
        column.addLayout(head)
        self._number = self._words("scan_number", "huge")
        self._whole = self._words("scan_whole", "small")
        self._state = style.Mark(wrap=True)
        self._state.setObjectName("scan_state")
        column.addWidget(self._state)
        self._about = self._words("scan_about", "strong")
        self._sentence = self._words("scan_sentence")
        self._days = self._words("scan_days", "muted")
        self._open = style.button("", "primary")
        self._open.setObjectName("scan_open")
        self._open.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._open.clicked.connect(self.opened)
        close = style.button(_("Kembali") + "  (Esc)")
        close.setObjectName("scan_close")
        close.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        close.clicked.connect(self.closed)
        column.addSpacing(style.px(6))
        column.addWidget(self._open)
        column.addWidget(close)
        self._before = self._words("scan_before", "small")
        self.hide()

    def _words(self, name: str, role: str = "") -> QLabel:
        made = style.label("", role)
        made.setObjectName(name)
        made.setWordWrap(True)
        layout = self.layout()
        assert layout is not None
        layout.addWidget(made)
        return made

    def show_answer(self, answer: Answer, act: str, before: Sequence[Answer]) -> None:
        """``act`` is what Enter does, empty where it does nothing; ``before`` are the scans just before this one."""
        card = answer.card
        text = number_text(answer.code)
        self._number.setText(answer.short)
        self._whole.setText(text)
        if card is not None:
            kind, icon = mark_of(card.state)
        else:
            kind, icon = ("good", "circle-check") if answer.is_found else ("warning", "triangle-alert")
        self._state.show_state(kind, card.state_word if card is not None else answer.sentence, icon_name=icon)
        who = card.people[0].name if card is not None and card.people else ""
        _say(self._about, " · ".join(part for part in (who, card.service) if part) if card is not None else "")
        _say(self._sentence, answer.sentence if card is not None else "")
        _say(self._days, answer.days_words)
        self._open.setText(style.literal(f"{act}  (Enter)"))
        self._open.setAccessibleName(act)
        self._open.setVisible(bool(act))
        _say(self._before, "\n".join(f"{one.short}  {one.word}" for one in before))
        self.setAccessibleDescription(f"{text}. {answer.sentence}")
        self.place()
        self.show()
        self.raise_()
        self._timer.start()

    def place(self) -> None:
        """At the right, under the head of the window."""
        room = self.parentWidget().rect()
        wide = min(style.em(340), room.width())
        tall = min(self.heightForWidth(wide), room.height())
        top = min(style.em(52), room.height() - tall)
        self.setGeometry(room.width() - wide - style.px(16), top, wide, tall)


def _say(label: QLabel, text: str) -> None:
    label.setText(text)
    label.setVisible(bool(text))
