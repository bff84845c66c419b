"""A line that takes the whole place of a folder: it must not depend on where the program was started from."""

from __future__ import annotations

import sys
from pathlib import Path

from desktop.i18n import _
from desktop.ui.inputs import TextField, Verdict

EXAMPLE = r"D:\Loket" if sys.platform == "win32" else "/media/loket"


class FolderField(TextField):
    """May be empty; ``about`` is said under it while nothing is wrong."""

    def __init__(self, name: str, title: str, *, hint: str, about: str = "") -> None:
        super().__init__(name, title, limit=300, hint=hint)
        self._about = about
        self.check = self._verdict

    def is_whole(self) -> bool:
        """Whether this can be taken: a whole place, or nothing."""
        return not self.value() or Path(self.value()).is_absolute()

    def _verdict(self, _typed: str) -> Verdict:
        if self.is_whole():
            return Verdict("normal", self._about)
        words = _("Tulis tempat lengkapnya, misalnya {example}. Sampai itu tempat yang lama dipakai.")
        return Verdict("error", words.format(example=EXAMPLE))
