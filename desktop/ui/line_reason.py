"""Why a line of the checklist is asked, what will do instead, and where to get it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.i18n import _, join_words
from desktop.operations.requirements import Line
from desktop.ui import style
from desktop.ui.bars import Elided


class LineReason(QWidget):
    """Two lines of words under the list."""

    def __init__(self) -> None:
        super().__init__()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(6))
        self._why = style.label()
        self._why.setObjectName("checklist_why")
        self._why.setWordWrap(True)
        self._why.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._source = Elided("small")
        self._source.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        column.addWidget(self._why)
        column.addWidget(self._source)

    def show_line(self, line: Line | None) -> None:
        """Tell it of this line; of none, nothing."""
        if line is None:
            self._why.setText("")
            self._source.show_text("")
            return
        requirement = line.requirement
        # The line itself is lit above: its name need not be said again.
        why = line.why.removeprefix(requirement.name).strip()
        said = [why[:1].upper() + why[1:], requirement.age_limit]
        if requirement.substitutes:
            said.append(
                _("Boleh diganti {documents}.").format(documents=join_words([s.name for s in requirement.substitutes]))
            )
        self._why.setText(" ".join(part for part in said if part))
        self._source.show_text(" · ".join(part for part in (requirement.clause, requirement.where) if part))
