"""A supervisor's consent at an officer's desk: a PIN typed there, for one act; who is signed in does not change."""

from __future__ import annotations

from collections.abc import Sequence

from desktop.i18n import N_, _
from desktop.operations import access
from desktop.ui.amending import AmendForm
from desktop.ui.choices import Option
from desktop.ui.feedback import Feedback
from desktop.ui.inputs import DigitsField
from desktop.ui.list_field import ListField, within


class ConsentForm(AmendForm):
    """Which supervisor, and the PIN; the sixth digit is enough, as at the sign-in."""

    title = N_("Persetujuan pengawas")
    label = N_("Setujui")
    explanation = N_(
        "Pengawas mengetik PIN-nya sendiri di sini. Petugas di loket ini tidak berganti; keduanya tercatat di riwayat."
    )
    icon = "user"

    def __init__(self, feedback: Feedback, supervisors: Sequence[tuple[str, str]]) -> None:
        super().__init__(feedback)
        people = [Option(id_, name) for id_, name in supervisors]
        self.who = self.add(
            ListField("supervisor", _("Pengawas"), within(people), hint=_("Ketik sebagian nama"))
        )
        self.pin = self.add(
            DigitsField("supervisor_pin", _("PIN 6 angka"), groups=(access.PIN_LENGTH,), password=True)
        )
        if len(people) == 1:
            self.who.set_option(people[0])

    def start(self) -> None:
        (self.pin if self.who.value() else self.who).setFocus()

    def is_dirty(self) -> bool:
        return False  # half a PIN is nothing to keep

    def refuse(self, sentence: str) -> None:
        """Say why not, and wait for another PIN."""
        self.pin.clear()
        self.pin.setFocus()
        self.pin.say("error", sentence)
