"""The card of people at the desk: scrolled where the letters are large, with the field of the cursor in sight."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.ui import style
from desktop.ui.card import Card
from desktop.ui.inputs import Field
from desktop.ui.people_form import PeopleForm


class PeopleCard(Card):
    """The form of people in its card."""

    def __init__(self, form: PeopleForm) -> None:
        super().__init__(_("Data pemohon"))
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        holder = QWidget()
        holder.setObjectName("scrolled")
        inner = QVBoxLayout(holder)
        inner.setContentsMargins(0, 0, style.px(4), 0)
        inner.addWidget(form)
        inner.addStretch(1)
        self._scroll.setWidget(holder)
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(8), style.px(6), style.px(4), style.px(6))
        column.addWidget(self._scroll)

    def bring_into_sight(self, field: Field | None) -> None:
        """Scroll to the whole field: the sentence under it belongs to it."""
        if field is not None:
            # After the sentence has found its place.
            QTimer.singleShot(0, field, lambda: self._scroll.ensureWidgetVisible(field, 0, style.px(6)))
