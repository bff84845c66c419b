"""What every part of *Kelola balai* is: a table, a form beside it, and what is done with a row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from PySide6.QtCore import QModelIndex, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.operations import upkeep
from desktop.operations.desk import Desk
from desktop.ui import style
from desktop.ui.choices import Option
from desktop.ui.feedback import Feedback
from desktop.ui.form import Form
from desktop.ui.inputs import Field
from desktop.ui.list_field import ListField, within
from desktop.ui.rows import Column, Rows, Table


class Section(QWidget):
    """A list and the form of what is chosen in it; ``chosen`` is None while something new is typed."""

    title: ClassVar[str] = ""  # marked with N_
    name: ClassVar[str] = ""
    adds: ClassVar[bool] = True
    removes: ClassVar[bool] = False
    table_kind: ClassVar[type[Table]] = Table

    altered = Signal()

    def __init__(self, feedback: Feedback, desk: Desk) -> None:
        super().__init__()
        self.desk = desk
        self.chosen: Any = None
        self._is_adding = False
        self._agencies: list[Option] = []
        self.form = Form(feedback, title_width=128)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(style.px(16))
        self.table = self.table_kind(f"upkeep_{self.name}", _(self.title), Rows(self.columns(), key=self.key))
        self.table.picked.connect(self._picked)
        self.table.opened.connect(lambda _row: self.form.start())
        row.addWidget(self.table, 4)
        right = QVBoxLayout()
        self.heading = style.label("", "heading")
        right.addWidget(self.heading)
        for field in self.fields():
            self.form.add(field)
        self.form.changed.connect(lambda _name: self.altered.emit())
        right.addWidget(self.form)
        self.below = QHBoxLayout()
        self.below.addStretch(1)
        right.addLayout(self.below)
        right.addStretch(1)
        row.addLayout(right, 3)

    # --- what a part says

    def columns(self) -> list[Column]:
        """The columns of the list."""
        raise NotImplementedError

    def fields(self) -> list[Field]:
        """The fields of the form."""
        raise NotImplementedError

    def load(self, session: Any) -> Sequence[Any]:
        """The rows of the list."""
        raise NotImplementedError

    def key(self, row: Any) -> Any:
        """Which row is which across a refresh."""
        return row.id

    def values(self, row: Any) -> dict[str, Any]:
        """What the form shows of a row; of None, what a new one begins with."""
        raise NotImplementedError

    def save(self, session: Any) -> str:
        """Keep what was typed; the sentence says what it alters."""
        raise NotImplementedError

    def remove(self, session: Any) -> str:
        """Take the chosen row away; the sentence says what that alters."""
        raise NotImplementedError

    def words(self, row: Any) -> str:
        """How a row is called in a question."""
        raise NotImplementedError

    # --- what the screen asks

    def refresh(self, session: Any) -> None:
        """Read the list anew; a form that was altered is never overwritten."""
        self._agencies = [Option(one.id, one.name_id, one.code, one.code) for one in upkeep.agencies(session)]
        was_typed = self.is_typed()
        self.table.blockSignals(True)
        self.table.show_rows(self.load(session))
        if self.table.current() is None and self.table.rows.rows and not self._is_adding:
            self.table.selectRow(0)
        self.table.blockSignals(False)
        if not was_typed:
            self.show_row(None if self._is_adding else self.table.current())
        elif self.chosen is not None:
            self._follow(self.key(self.chosen))

    def _follow(self, key: Any) -> None:
        """Fields that nobody typed in show what was changed elsewhere: F9 must not take that back."""
        for row in [row for row in self.table.rows.rows if self.key(row) == key]:
            for name, value in self.values(row).items():
                field = self.form.fields[name]
                if field.kept() == self._shown[name]:
                    field.set_value(value)
                    self._shown[name] = field.kept()
            self.chosen = row

    def show_row(self, row: Any) -> None:
        """Put a row (None: a new one) into the form."""
        self.chosen = row
        self.form.clear()
        self.form.set_values(self.values(row))
        self._shown = self._kept()
        self.heading.setText(_("Baru") if row is None else self.words(row))
        self.altered.emit()

    def begin_new(self) -> None:
        """Type something new."""
        self._is_adding = True
        self.table.clearSelection()
        self.table.setCurrentIndex(QModelIndex())
        self.show_row(None)
        self.form.start()

    def is_typed(self) -> bool:
        """Whether the form says otherwise than what was put into it."""
        return self._kept() != getattr(self, "_shown", self._kept())

    def keep(self) -> Any:
        """What must survive being built anew."""
        return self._kept() if self.is_typed() else None, self.key(self.chosen) if self.chosen is not None else None

    def restore(self, kept: Any) -> None:
        """Show again what ``keep`` gave."""
        typed, key = kept
        if key is not None:
            self.table.select_key(key)
        elif typed:
            self.begin_new()
        for name, value in (typed or {}).items():
            self.form.fields[name].restore(value)
        self.altered.emit()

    def _kept(self) -> dict[str, Any]:
        return {name: field.kept() for name, field in self.form.fields.items()}

    def _picked(self, row: Any) -> None:
        if row is not None:
            self._is_adding = False
            self.show_row(row)

    def _agency_field(self) -> ListField:
        return ListField("agency", _("Instansi"), lambda typed: within(self._agencies)(typed),
                         hint=_("Ketik sebagian nama"))
