"""Programs that are measured from outside, each in a process of its own: ours, and an empty window."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

EMPTY = """
from PySide6.QtWidgets import QApplication, QMainWindow
import sqlalchemy.orm
app = QApplication([])
window = QMainWindow()
window.resize(1366, 768)
window.show()
for _ in range(5):
    app.processEvents()
window.grab()
"""
# What main.py does after its arguments, with the officer of the folder at the desk.
OURS = """
import sys
from pathlib import Path
from desktop import app as start
with start.for_good():
    from desktop.commands import window as command
    from desktop.ui import program
qt = program.application()
opened = program.assemble(Path({folder!r}))
window = opened.window
window.show()
window.sign_in({officer!r})
for _ in range(5):
    qt.processEvents()
window.grab()
bar = qt.focusWidget()
assert bar is not None and bar.objectName() == "entry_bar", bar
"""
SAY = "\nimport os\nos.write(1, b'!')\n"
RESIDENT = """
import os
with open("/proc/self/statm") as told:
    print(int(told.read().split()[1]) * os.sysconf("SC_PAGE_SIZE"))
"""


@dataclass(frozen=True)
class Ran:
    """How long a program took until it said that it was there, by the wall and by the processor (seconds)."""

    wall: float
    processor: float


def until_shown(program: str) -> Ran:
    """Run it until it has painted."""
    begin = time.perf_counter()
    process = subprocess.Popen(command(program + SAY + "os._exit(0)"), cwd=ROOT, env=surroundings(),
                               stdout=subprocess.PIPE)  # fmt: skip
    assert process.stdout is not None
    said = process.stdout.read(1)
    wall = time.perf_counter() - begin
    _pid, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stdout.close()
    if said != b"!":
        raise RuntimeError("the program did not come up")
    return Ran(wall, used.ru_utime + used.ru_stime)


def resident(program: str) -> int:
    """Bytes of memory that it holds at its end."""
    run = subprocess.run(command(program + RESIDENT + "os._exit(0) if sys.stdout.flush() is None else None"), cwd=ROOT,
                         env=surroundings(), capture_output=True, text=True, check=True)  # fmt: skip
    return int(run.stdout.split()[-1])


def command(program: str) -> list[str]:
    return [sys.executable, "-c", "import sys\nsys.path.insert(0, '.')\n" + program]


def surroundings() -> dict[str, str]:
    """Those of an officer's PC, which keeps what Python has compiled: from the second start on nothing is."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")}
