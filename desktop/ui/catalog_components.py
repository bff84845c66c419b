"""The parts of a standard that are words and nothing else, as a form of the catalogue (PermenPANRB 15/2014)."""

from __future__ import annotations

from desktop.i18n import _
from desktop.models.standard import COMPONENTS, WRITTEN, Definition
from desktop.operations.standard_rows import COMPONENT_LIMIT
from desktop.ui.catalog_forms import BeginForm
from desktop.ui.feedback import Feedback
from desktop.ui.note_field import NoteField


class ComponentsForm(BeginForm):
    """Each in its own words, and from when they count."""

    def __init__(self, feedback: Feedback) -> None:
        super().__init__(feedback, title_width=190)
        for code in WRITTEN:
            self.add(NoteField(code, _(COMPONENTS[code]), limit=COMPONENT_LIMIT, lines=1))
        self.add_begin()

    def show_standard(self, definition: Definition) -> None:
        """Show what this version says."""
        self.clear()
        self.set_values({code: definition.components.get(code, "") for code in WRITTEN})

    def words(self) -> dict[str, str]:
        """What stands in the fields, by component."""
        return {code: self.fields[code].value() for code in WRITTEN}
