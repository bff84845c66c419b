"""A column of titles and fields: Enter always goes to the next field, a UserError goes to the field it names."""

from __future__ import annotations

from typing import Any, TypeVar

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.ui import style
from desktop.ui.feedback import Feedback
from desktop.ui.inputs import DigitsField, Field, Line
from desktop.ui.keypad import keypad_digit

AnyField = TypeVar("AnyField", bound=Field)


class Form(QWidget):
    """Titles at the left, fields at the right, in the order in which Enter and Tab walk them.

    ``finished`` is told when Enter leaves the last field; the form itself decides nothing. ``title_width`` (pixels at
    11 pt) is what the titles get; a longer one goes on in the next line, so that the fields keep theirs.
    """

    changed = Signal(str)  # the name of the field that was altered by hand
    finished = Signal()

    def __init__(self, feedback: Feedback | None = None, *, title_width: int = 0) -> None:
        super().__init__()
        self.fields: dict[str, Field] = {}
        self._titles: dict[str, QLabel] = {}
        self._feedback = feedback
        self._title_width = style.em(title_width)
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(style.px(12))
        self._grid.setVerticalSpacing(style.px(9))
        self._grid.setColumnStretch(1, 1)

    def add(self, field: AnyField) -> AnyField:
        """Append a field with its title; gives the field back."""
        name = field.objectName()
        if name in self.fields:
            raise ValueError(f"two fields named {name}")
        title = style.label(style.literal(field.title))
        title.setBuddy(field.editor)
        title.setContentsMargins(0, style.px(7), 0, 0)
        if self._title_width:
            title.setWordWrap(True)
            title.setFixedWidth(self._title_width)
        row = self._grid.rowCount()
        self._grid.addWidget(title, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(field, row, 1)
        if self.fields:
            QWidget.setTabOrder(list(self.fields.values())[-1].editor, field.editor)
        self.fields[name] = field
        self._titles[name] = title
        field.changed.connect(lambda name=name: self.changed.emit(name))
        field.finished.connect(lambda by_itself, name=name: self.next_after(name, by_itself=by_itself))
        if self._feedback is not None:
            field.numlock_off.connect(self._feedback.numlock_is_off)
        return field

    def add_below(self, widget: QWidget) -> None:
        """Append something that is no field, under the fields' column."""
        self._grid.addWidget(widget, self._grid.rowCount(), 1)

    def values(self) -> dict[str, Any]:
        """Every field's value by its name, shown or not."""
        return {name: field.value() for name, field in self.fields.items()}

    def set_values(self, values: dict[str, Any]) -> None:
        """Show these; fields not named stay as they are."""
        for name, value in values.items():
            field = self.fields[name]
            field.set_value(value)
            if isinstance(field.editor, Line) and not field.editor.hasFocus():
                field.editor.setCursorPosition(0)  # a long text is read from its beginning

    def clear(self) -> None:
        """Empty every field."""
        for field in self.fields.values():
            field.clear()

    def set_shown(self, name: str, shown: bool) -> None:
        """Show or hide a field with its title; Enter passes over a hidden one."""
        self.fields[name].setVisible(shown)
        self._titles[name].setVisible(shown)

    def set_title(self, name: str, title: str) -> None:
        """Another title for a field (it keeps no Alt letter)."""
        self.fields[name].title = title
        self.fields[name].editor.setAccessibleName(title)
        self._titles[name].setText(style.literal(title))

    def walk(self) -> list[Field]:
        """The fields that can be reached now, in order."""
        return [field for field in self.fields.values() if field.isVisibleTo(self) and field.isEnabled()]

    def start(self) -> None:
        """Put the cursor in the first field."""
        walk = self.walk()
        if walk:
            walk[0].setFocus(Qt.FocusReason.TabFocusReason)

    def next_after(self, name: str, *, by_itself: bool = False) -> None:
        """Go to the field after this one, or tell that the form is through."""
        walk = self.walk()
        place = next((i for i, field in enumerate(walk) if field.objectName() == name), -1)
        if place + 1 >= len(walk):
            self.finished.emit()
            return
        field = walk[place + 1]
        field.setFocus(Qt.FocusReason.TabFocusReason)
        if by_itself and isinstance(field.editor, Line) and not isinstance(field, DigitsField):
            # Whoever types on did not see that the field was full: a digit too many is nobody's name.
            field.editor.swallow_digits = True

    def show_error(self, problem: UserError) -> bool:
        """Put the sentence under the field it names and the cursor there; False where no such field is shown."""
        field = self.fields.get(problem.field or "")
        if field is None or not field.isVisibleTo(self):
            return False
        field.setFocus(Qt.FocusReason.TabFocusReason)
        field.say("error", problem.message)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Up and Down walk the column where a field has no use for them itself.
        step = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}.get(Qt.Key(event.key()), 0)
        if not step or keypad_digit(event) or event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier:
            super().keyPressEvent(event)
            return
        walk = self.walk()
        here = next((i for i, field in enumerate(walk) if field.editor.hasFocus()), None)
        if here is not None and 0 <= here + step < len(walk):
            walk[here + step].setFocus(Qt.FocusReason.TabFocusReason)

def at_top(form: QWidget) -> QWidget:
    """A page whose rows stay together, however tall it is."""
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(form)
    column.addStretch(1)
    return page
