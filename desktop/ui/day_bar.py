"""Which day is shown: its date between two arrows, shared by the day's list and its summary."""

from __future__ import annotations

from datetime import date

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from desktop.i18n import _, long_date
from desktop.ui import style


class DayBar(QWidget):
    """``moved`` says by how many days; a day that has not begun cannot be reached."""

    moved = Signal(int)

    def __init__(self, back_key: str, on_key: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(4))
        self.back = self._arrow("day_before", "arrow-left", _("Hari sebelumnya"), back_key, -1)
        self.words = style.label("", "strong")
        self.words.setObjectName("day_shown")
        self.on = self._arrow("day_after", "arrow-right", _("Hari berikutnya"), on_key, 1)
        for part in (self.back, self.words, self.on):
            row.addWidget(part)

    def show_day(self, day: date, today: date) -> None:
        """Show this day; there is nothing after today."""
        self.words.setText(long_date(day))
        self.on.setEnabled(day < today)
        style.set_icon(self.on, "arrow-right", "muted" if day < today else "line")

    def _arrow(self, name: str, icon: str, words: str, key: str, by: int) -> QPushButton:
        made = style.button("", "flat", icon)
        made.setObjectName(name)
        made.setAccessibleName(words)
        style.tip(made, f"{words} ({key})")
        made.clicked.connect(lambda _checked=False: self.moved.emit(by))
        return made
