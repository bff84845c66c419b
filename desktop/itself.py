"""How this program is started: as ``python3 main.py`` beside its source, or as the program of a package."""

from __future__ import annotations

import sys
from pathlib import Path

PACKAGED = bool(getattr(sys, "frozen", False))
MAIN = Path(__file__).resolve().parent.parent / "main.py"


def _name() -> str:
    """What somebody types before ``centre``, ``join`` or ``doctor``."""
    if PACKAGED:
        # On Windows a program without a console says nothing: its twin in the same folder has one.
        return "loket-cmd" if sys.platform == "win32" else "loket"
    return "py main.py" if sys.platform == "win32" else "python3 main.py"


NAME = _name()


def command(*arguments: str) -> list[str]:
    """The command that starts the program again, as another one beside this."""
    return [sys.executable, *([] if PACKAGED else [str(MAIN)]), *arguments]
