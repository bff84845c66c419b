"""What may be wrong with a line of the checklist, asked beside it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QVBoxLayout

from desktop.i18n import _
from desktop.ui import style
from desktop.ui.lines import Keyed, KeyList


class Choice(QFrame):
    """What may be wrong with the line that was marked, one answer a row; it stands beside the list."""

    chosen = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("fault_choice")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(8))
        self._ask = style.label("", "strong")
        self._ask.setWordWrap(True)
        column.addWidget(self._ask)
        self.answers = KeyList("fault_answers", _("Sebab"))
        self.answers.chosen.connect(self.chosen)
        self.answers.setMinimumHeight(style.em(40))
        column.addWidget(self.answers, 1)

    def ask(self, question: str, answers: list[Keyed]) -> None:
        """Another question with its answers."""
        self._ask.setText(question)
        self.answers.setAccessibleName(question)
        self.answers.rows.show(answers)

    def question(self) -> str:
        """What is asked now."""
        return self._ask.text()
