"""What is always around a screen: the navigation at the left, the head above, keys and status below."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout

from desktop.i18n import _
from desktop.ui.bars import Head, KeyBar, Navigation, StatusLine
from desktop.ui.entries import Entry
from desktop.ui.feedback import Feedback


class Frame(QFrame):
    """Made anew whenever language, theme, size or officer change; the screens stand in ``stack``."""

    def __init__(self, entries: Sequence[Entry], feedback: Feedback, *, training: bool) -> None:
        super().__init__()
        if training:
            self.setObjectName("training_frame")
        self._is_training = training
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self.navigation = Navigation([(entry.screen.name, _(entry.label), entry.icon, entry.key) for entry in entries])
        middle.addWidget(self.navigation)
        page = QFrame()
        page.setProperty("role", "page")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        self.head = Head(training=training)
        self.stack = QStackedWidget()
        inner.addWidget(self.head)
        inner.addWidget(self.stack, 1)
        middle.addWidget(page, 1)
        column.addLayout(middle, 1)
        self.keys = KeyBar()
        column.addWidget(self.keys)
        self.status = StatusLine(feedback)
        column.addWidget(self.status)

    def cover(self, covered: bool) -> None:
        """Nothing of the desk is seen while nobody is signed in, not even how many came today."""
        self.navigation.setVisible(not covered)
        self.head.setVisible(not covered or self._is_training)
        self.status.cover(covered)
