"""The input of a phone number, which may also be answered by none."""

from __future__ import annotations

from desktop.i18n import _
from desktop.operations.identity import read_phone, show_phone
from desktop.ui.inputs import Line, TextField, Verdict


class PhoneField(TextField):
    """A phone number, or the answer that there is none: Enter on the empty field (users.md 1.5)."""

    line: Line

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name, title, limit=24, allow=r"0-9+() .\-")
        self.declined = False

    def answered(self) -> None:
        """Something is being typed, so the earlier answer no longer holds."""
        self.declined = False

    def silence(self) -> Verdict | None:
        return Verdict("ok", _("Tidak punya atau tidak bersedia.")) if self.declined else None

    def show_kept(self, phone: str, *, declined: bool) -> None:
        """A number as the file has it (+62…), or that there was none."""
        self.set_value(show_phone(phone))
        self.declined = declined and not phone
        self.judge()

    def kept(self) -> tuple[str, bool]:  # type: ignore[override]
        return super().kept(), self.declined

    def restore(self, kept: tuple[str, bool]) -> None:
        self.set_value(kept[0])
        self.declined = kept[1]

    def _done(self, by_itself: bool = False) -> None:
        self.declined = not self.value()
        reading = read_phone(self.value())
        if self.value() and not reading.errors:
            self.set_value(reading.shown)
        super()._done(by_itself)
