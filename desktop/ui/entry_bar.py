"""The entry bar and the service field: the two places where typing decides by itself what is meant."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton

from desktop.i18n import _
from desktop.operations import reception
from desktop.operations.desk import Desk
from desktop.operations.entry import Guess, Kind, guess
from desktop.operations.identity import cover_niks, show_phone
from desktop.operations.reception import Offer
from desktop.ui import style
from desktop.ui.choices import Option
from desktop.ui.keypad import digit_of, keypad_digit
from desktop.ui.list_field import ListField
from desktop.ui.scanner import DIGITS_DECIDE


class EntryBar(ListField):
    """Takes a NIK, a number, a phone, a name or a service, decided by its shape alone (operations/entry.py).

    A whole NIK acts by itself; everything else waits for Enter, which takes the line that is lit. ``picked`` brings
    ("file", Found), ("service", id), ("person", Person), ("phone", kept number) or ("name", words).
    """

    nik_given = Signal(str)
    given = Signal(object)  # a Guess, where no line was lit
    picked = Signal(object)  # the value of a line
    passed = Signal()  # Enter on the empty bar

    def __init__(self, offers: Sequence[Offer], desk: Desk, reading: Callable[[], AbstractContextManager[Any]]) -> None:
        super().__init__(
            "entry_bar", _("Ketik NIK, nomor berkas, atau nama; atau pindai barcode"), self._find, limit=120, free=True
        )
        self._offers = {offer.service_id: offer for offer in offers}
        self._words = {offer.service_id: offer.words for offer in offers}
        self._desk, self._reading = desk, reading
        self.line.setObjectName("entry_bar")
        self.line.setPlaceholderText(self.title)
        for action in self.line.actions():
            self.line.removeAction(action)
        self.line.setFixedHeight(style.em(42))
        self.line.addAction(style.icon("scan-barcode", "muted", 20), QLineEdit.ActionPosition.LeadingPosition)
        self.line.findChild(QToolButton).setAccessibleName(self.title)

    def guess(self) -> Guess:
        """What stands in the bar."""
        return guess(self.line.text(), self._words)

    def empty(self) -> None:
        """Nothing in the bar, nothing said."""
        self.clear()
        self._close()

    def _find(self, typed: str) -> Sequence[Option]:
        return self._lines(guess(typed, self._words)) if typed.strip() else []

    def _lines(self, found: Guess) -> Sequence[Option]:
        """What may be meant, most likely first; a name is a new person's unless an old one is chosen."""
        if found.kind in (Kind.NUMBER, Kind.SHORT_NUMBER) and found.is_whole:
            with self._reading() as session:
                files = reception.files_by_number(session, self._desk, found.value)
            return [
                Option(("file", file), f"{file.number_text} · {file.applicant or file.service}", file.state_word)
                for file in files
            ]
        if found.kind is Kind.PHONE and found.is_whole:
            take = Option(("phone", found.value), _("Nomor HP: {phone}").format(phone=show_phone(found.value)))
            return [take, *self._people(phone=found.value)]
        if found.kind not in (Kind.NAME, Kind.SERVICE):
            return []
        several = len({offer.agency_id for offer in self._offers.values()}) > 1
        services = [self._offers[id_] for id_ in found.services[:6]]
        name = Option(("name", found.value), _("Nama: {name}").format(name=cover_niks(found.value)), _("orang baru"))
        return [
            *(Option(("service", o.service_id), o.name, o.agency if several else "") for o in services),
            name,
            *self._people(name=found.value),
        ]

    def _people(self, *, name: str = "", phone: str = "") -> list[Option]:
        with self._reading() as session:
            people = reception.people(session, self._desk, name=name, phone=phone)
        return [Option(("person", person), person.form.name, person.masked) for person in people]

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
        self.line.setProperty(DIGITS_DECIDE, True)
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
