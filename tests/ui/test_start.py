"""What a start must not pay for: libraries of acts that come later, if at all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]
# The centre, certificates, PINs, updates, papers, calendars and workbooks import these when they are needed.
LATER = {
    "alembic", "argon2", "cryptography", "holidays", "psycopg", "pypdfium2", "python_calamine", "reportlab",
    "sqlalchemy.dialects.postgresql", "xlsxwriter",
}  # fmt: skip


def imported_by(program: str) -> set[str]:
    """Which of LATER a program has imported at its end."""
    told = f"{program}\nimport sys\nprint(*(set(sys.modules) & {LATER!r}), sep='\\n')"
    run = subprocess.run([sys.executable, "-c", told], cwd=PROJECT, capture_output=True, text=True, check=True)
    return set(run.stdout.split())


def test_the_window_is_imported_without_them() -> None:
    assert imported_by("import desktop.app, desktop.commands.window") == set()


def test_one_that_is_imported_is_seen() -> None:
    assert imported_by("import desktop.commands.window, argon2") == {"argon2"}
