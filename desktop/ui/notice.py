"""The line under the entry bar of the intake screen, with the key that answers it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout

from desktop.ui import style
from desktop.ui.bars import Elided


class Notice(QFrame):
    """The line under the entry bar: the one warning that matters now, with the key that answers it. Never moves."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("notice")
        self._do: Callable[[], None] | None = None
        row = QHBoxLayout(self)
        row.setContentsMargins(style.px(12), style.px(3), style.px(6), style.px(3))
        row.setSpacing(style.px(6))
        self._picture = style.label()
        row.addWidget(self._picture)
        self._words = Elided()
        self._words.setObjectName("notice_words")
        self._words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._words, 1)
        self._button = style.button("", "chip")
        self._button.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._button.clicked.connect(self._act)
        row.addWidget(self._button)
        self.setFixedHeight(style.em(28) + style.px(9))

    def say(self, kind: str, text: str, *, act: str = "", do: Callable[[], None] | None = None) -> None:
        """``kind`` is "muted", "info", "warning" or "bad"; ``act`` the words of a button beside it."""
        style.set_role(self, "say", "" if kind == "muted" else kind)
        name = "info" if kind == "muted" else style.KINDS[kind]
        self._picture.setPixmap(style.pixmap(name, kind, 16, self.devicePixelRatioF()))
        style.set_role(self._words, "role", kind)
        self._words.show_text(text)
        self._do = do
        self._button.setText(style.literal(act))
        self._button.setAccessibleName(act)
        self._button.setVisible(bool(act))
        self.setAccessibleDescription(text)

    def text(self) -> str:
        return self._words.whole

    def _act(self) -> None:
        if self._do is not None:
            self._do()
