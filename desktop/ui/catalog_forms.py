"""The forms of the catalogue: one line of a standard, and a decree with the moment from which it counts."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.standard import Requirement
from desktop.operations.desk import Desk
from desktop.operations.standard_rows import LINES, NO, YES, Column
from desktop.operations.standards import Decree
from desktop.ui import style
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.feedback import Feedback
from desktop.ui.form import Form
from desktop.ui.inputs import DateField, DigitsField, TextField

# What one line is edited by here; the whole of it is in the workbook.
EDITED = (
    "Syarat", "Syarat (Inggris)", "Lembar", "Umur paling lama (hari)", "Diminta bila", "Bila ada", "Dipakai",
    "Tempat mengurus", "Dasar hukum",
)  # fmt: skip
FLAGS = ("Bila ada", "Dipakai")
OPENING = "0800"


class BeginForm(Form):
    """From when something counts; both empty: at once. A day without a time begins at 08.00."""

    def add_begin(self) -> None:
        """Append the two fields."""
        self.add(DateField("begins_on", _("Berlaku mulai"), hint=_("kosong = sekarang")))
        self.add(DigitsField("begins_at", _("Pukul"), groups=(2, 2), separator=".", hint="08.00", passes_on=False))

    def day(self, name: str) -> date | None:
        """The day in a field; None where it is empty. UserError where what stands there is no day."""
        field = self.fields[name]
        verdict = field.judge()
        if verdict is not None and verdict.state == "error":
            raise UserError(verdict.sentence, field=name)
        day: date | None = field.value()
        return day

    def begins(self, desk: Desk) -> datetime | None:
        """The moment in the hall's time. UserError where a field holds no day or no time."""
        day, digits = self.day("begins_on"), self.fields["begins_at"].value()
        if day is None:
            if digits:
                raise UserError(_("Isi tanggalnya: tanggal, bulan, tahun."), field="begins_on")
            return None
        try:
            clock = datetime.strptime(digits or OPENING, "%H%M").time()
        except ValueError:
            raise UserError(_("Tulis jamnya dengan empat angka, misalnya 08.00."), field="begins_at") from None
        return datetime.combine(day, time(clock.hour, clock.minute), desk.zone)


class LineForm(BeginForm):
    """One line of a standard, by the titles of its columns."""

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(feedback, title_width=130)
        columns = {column.title: column for column in LINES}
        for title in EDITED:
            self.add(self._field(columns[title]))
        self.add_begin()

    def _field(self, column: Column[Requirement]) -> ChoiceRow | TextField:
        if column.title in FLAGS:
            return ChoiceRow(column.title, _(column.title), [])
        digits = column.title in ("Lembar", "Umur paling lama (hari)")
        hint = _("kosong = selalu") if column.title == "Diminta bila" else ""
        return TextField(column.title, _(column.title), limit=5 if digits else 300, allow="0-9" if digits else "",
                         hint=hint)

    def show_line(self, row: Mapping[str, str]) -> None:
        """Show a line as its words."""
        self.clear()
        for title in EDITED:
            field = self.fields[title]
            if isinstance(field, ChoiceRow):
                words = list(dict.fromkeys((YES, NO, row[title])))
                field.set_options([Option(word, _(word)) for word in words])
            field.set_value(row[title])
            if isinstance(field, TextField):
                field.line.setCursorPosition(0)

    def row(self) -> dict[str, str]:
        """What stands in the fields, by title."""
        return {title: self.fields[title].value() or "" for title in EDITED}


class DecreeForm(BeginForm):
    """Number and date of a decree, and from when its standard counts."""

    def __init__(self, feedback: Feedback, hint: str) -> None:
        super().__init__(feedback, title_width=130)
        self.add(TextField("decree_no", _("Nomor SK"), limit=120, hint=hint))
        self.add(DateField("decree_date", _("Tanggal SK")))
        self.add_begin()

    def decree(self, desk: Desk) -> Decree:
        """What was typed. UserError where a field holds no day or no time."""
        return Decree(self.fields["decree_no"].value(), self.day("decree_date"), self.begins(desk))


def filled(page: QWidget, form: Form, button: QWidget, *, air: int = 0) -> QWidget:
    """``page`` with a form, its button below at the right, and ``air`` for a scroll bar beside them."""
    column = QVBoxLayout(page)
    column.setContentsMargins(0, style.px(4), style.px(air), 0)
    column.addWidget(form)
    row = QHBoxLayout()
    row.addStretch(1)
    row.addWidget(button)
    column.addLayout(row)
    column.addStretch(1)
    return page
