"""What a start must not pay for: libraries of acts that come later, if at all; and what no key after it must."""

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


IMPORTED = """
import gc
from desktop.app import for_good
with for_good():
    import desktop.commands.window
assert gc.isenabled()
gc.collect()
"""


def looked_at(program: str) -> int:
    """How many objects each full collection walks through at the end of a program."""
    run = subprocess.run([sys.executable, "-c", program + "print(len(gc.get_objects()))"], cwd=PROJECT,
                         capture_output=True, text=True, check=True)  # fmt: skip
    return int(run.stdout)


def test_the_collector_never_looks_at_what_was_imported() -> None:
    assert looked_at(IMPORTED) < 2_000
    # The control: it would look at all of it.
    assert looked_at(IMPORTED.replace("with for_good():", "if True:")) > 50_000
