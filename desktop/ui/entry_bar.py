"""The entry bar and the service field: the two places where typing decides by itself what is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit

from desktop.i18n import _
from desktop.operations.entry import Guess, Kind, guess
from desktop.operations.reception import Offer
from desktop.ui import style
from desktop.ui.inputs import ListField, Option, digit_of, keypad_digit


class EntryBar(ListField):
    """Takes a NIK, a number, a phone, a name or a service, decided by its shape alone (operations/entry.py).

    A whole NIK acts by itself; everything else waits for Enter, which takes the line that is lit. ``offer`` gives the
    lines for what was typed so far.
    """

    nik_given = Signal(str)
    given = Signal(object)  # a Guess, where no line was lit
    picked = Signal(object)  # the value of a line
    passed = Signal()  # Enter on the empty bar

    def __init__(self, services: Callable[[], dict[str, str]], offer: Callable[[Guess], Sequence[Option]]) -> None:
        super().__init__(
            "entry_bar", _("Ketik NIK, nomor berkas, atau nama; atau pindai barcode"), self._find, limit=120, free=True
        )
        self._services = services
        self._offer_for = offer
        self.line.setObjectName("entry_bar")
        self.line.setPlaceholderText(self.title)
        for action in self.line.actions():
            self.line.removeAction(action)
        self.line.setFixedHeight(style.em(42))
        self.line.addAction(style.icon("scan-barcode", "muted", 20), QLineEdit.ActionPosition.LeadingPosition)

    def guess(self) -> Guess:
        """What stands in the bar."""
        return guess(self.line.text(), self._services())

    def empty(self) -> None:
        """Nothing in the bar, nothing said."""
        self.clear()
        self._close()

    def _find(self, typed: str) -> Sequence[Option]:
        return self._offer_for(guess(typed, self._services())) if typed.strip() else []

    def _typed(self, text: str) -> None:
        super()._typed(text)
        found = self.guess()
        if found.kind is Kind.NIK and found.is_whole:
            self.empty()
            self.nik_given.emit(found.value)

    def _pick(self, option: Option) -> None:
        self.empty()
        self.picked.emit(option.value)

    def _settle(self) -> None:
        pass  # what is left standing in the bar is nobody's mistake

    def _enter(self) -> None:
        lit = self._popup.lit() if self.is_open() and self._popup is not None else None
        if lit is not None:
            self._pick(lit)
            return
        found = self.guess()
        if found.kind is Kind.EMPTY:
            self.empty()
            self.passed.emit()
        else:
            self.given.emit(found)


class ServiceField(ListField):
    """A service by its words, or by one digit from the list of those asked for most."""

    pinned = Signal(int)

    def __init__(self, find: Callable[[str], Sequence[Option]]) -> None:
        super().__init__("service", _("Layanan"), find, hint=_("angka, atau beberapa huruf nama layanan"), limit=100)
        self._service_shown: Offer | None = None
        self.line.installEventFilter(self)

    def show_offer(self, offer: Offer | None) -> None:
        """Show this service as chosen; a long name ends in dots and is whole in the tip."""
        self._service_shown = offer
        if offer is None:
            self.set_option(None)
        else:
            room = self.line.width() - style.em(52)
            short = self.line.fontMetrics().elidedText(offer.name, Qt.TextElideMode.ElideRight, room)
            self.set_option(Option(offer.service_id, short))
        self.line.setAccessibleDescription(offer.name if offer else "")
        style.tip(self.line, offer.name if offer else "")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._service_shown is not None and self.value() == self._service_shown.service_id:
            self.show_offer(self._service_shown)

    def eventFilter(self, watched: Any, event: QEvent) -> bool:
        if watched is self.line and event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            digit = digit_of(event)
            if digit and not self.line.text():
                if keypad_digit(event):
                    self.numlock_off.emit()
                if digit != "0" and not event.isAutoRepeat():
                    self.pinned.emit(int(digit))
                return True
        return bool(super().eventFilter(watched, event))
