"""A day has more signals than Python has references to True: they must not be used up."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

EMIT = """
from PySide6.QtCore import QObject, Signal
class Bell(QObject):
    rings = Signal(object)
bell = Bell()
bell.rings.connect(lambda thing: None)
for _ in range(100_000):
    bell.rings.emit(1)
print("still here")
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    project = Path(__file__).resolve().parent.parent.parent
    return subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False)


def test_a_hundred_thousand_signals_pass() -> None:
    assert run("import desktop.ui\n" + EMIT).stdout == "still here\n"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True is immortal here")
def test_without_the_guard_python_aborts() -> None:
    assert "still here" not in run(EMIT).stdout
