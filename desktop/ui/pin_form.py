"""An officer whom the centre knows, and the PIN they sign in with on this PC."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations import access
from desktop.ui.choices import Option
from desktop.ui.feedback import Feedback
from desktop.ui.form import Form
from desktop.ui.inputs import DigitsField
from desktop.ui.list_field import ListField, within

# Id, name and role of everybody who can be chosen.
People = Callable[[], Sequence[tuple[str, str, str]]]


class PinForm(Form):
    """Who, and a PIN twice; ``taken`` gives both."""

    def __init__(self, feedback: Feedback, people: People) -> None:
        super().__init__(feedback, title_width=120)
        self._people = people
        self.who = self.add(ListField("officer", _("Nama petugas"), lambda _typed: [], hint=_("Ketik sebagian nama")))
        self.pin = self.add(DigitsField("hall_pin", _("PIN 6 angka"), groups=(access.PIN_LENGTH,), password=True))
        self.again = self.add(DigitsField("hall_pin_again", _("PIN sekali lagi"), groups=(access.PIN_LENGTH,),
                                          password=True, passes_on=False))
        self.refresh()

    def refresh(self) -> None:
        """Offer those who can be chosen now."""
        people = self._people()
        self.who.find = within([Option(id_, name, role) for id_, name, role in people])
        if not people:
            self.who.say("normal", _(
                "Belum ada petugas untuk loket ini di pusat data. Minta admin menambahkannya; namanya masuk sendiri."))
        elif len(people) == 1 and not self.who.typed():
            self.who.set_value(people[0][0])

    def is_filled(self) -> bool:
        """Whether somebody and a PIN are given."""
        return bool(self.who.value() and self.pin.value())

    def taken(self) -> tuple[str, str]:
        """The officer's id and the PIN. UserError names the field that is not right."""
        if self.who.value() is None:
            raise UserError(_("Pilih petugas dari daftar."), field="officer")
        try:
            access.check_pin(self.pin.value())
        except UserError as problem:
            raise UserError(problem.message, field="hall_pin") from problem
        if self.again.value() != self.pin.value():
            raise UserError(_("Kedua PIN tidak sama. Ketik PIN yang sama sekali lagi."), field="hall_pin_again")
        return self.who.value(), self.pin.value()
