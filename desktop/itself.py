"""How this program is started: as ``python3 main.py`` beside its source, or as the program of a package."""

from __future__ import annotations

import sys
from pathlib import Path

from platformdirs import user_data_path

PACKAGED = bool(getattr(sys, "frozen", False))
MAIN = Path(__file__).resolve().parent.parent / "main.py"
# Where the data of this PC are unless ``--profile`` says otherwise.
PROFILE = user_data_path("loket", appauthor=False)


def _name() -> str:
    """What somebody types before ``centre``, ``join`` or ``doctor``."""
    if PACKAGED:
        # On Windows a program without a console says nothing: its twin in the same folder has one.
        return "loket-cmd" if sys.platform == "win32" else "loket"
    return "py main.py" if sys.platform == "win32" else "python3 main.py"


NAME = _name()


def name_for(profile: Path) -> str:
    """The same, before a command about the data in this folder."""
    return NAME if profile == PROFILE else f'{NAME} --profile "{profile}"'


def command(*arguments: str) -> list[str]:
    """The command that starts the program again, as another one beside this."""
    return [sys.executable, *([] if PACKAGED else [str(MAIN)]), *arguments]
