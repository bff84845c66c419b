"""A day has more signals and calls than Python has references to True and None: they must not be used up."""

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
CALL = """
from PySide6.QtCore import QObject
thing = QObject()
for _ in range(1_000_000):
    thing.setObjectName("x")
print("still here")
"""


def run(program: str) -> subprocess.CompletedProcess[str]:
    project = Path(__file__).resolve().parent.parent.parent
    return subprocess.run([sys.executable, "-c", program], cwd=project, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("program", [EMIT, CALL])
def test_very_many_signals_and_calls_pass(program: str) -> None:
    assert run("import desktop.ui\n" + program).stdout == "still here\n"


@pytest.mark.skipif(sys.version_info >= (3, 12), reason="True and None are immortal here")
@pytest.mark.parametrize("program", [EMIT, CALL])
def test_without_the_guard_python_aborts(program: str) -> None:
    assert "still here" not in run(program).stdout
