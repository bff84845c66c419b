"""Every check of the project, in order: style, types, tests, and the key tests once more on a real X display.

Run by `main.py test`; its arguments go to pytest, and may choose tests of which none needs the display. Otherwise
a run in which no test ran is a failure too.
The last line counts the tests and the checks together, so that nothing that failed can hide behind the tests.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree as ElementTree
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent
NO_TESTS_RAN = 5  # pytest's exit code
ALL_MARKS = ["-m", ""]  # the slow tests too
ON_DISPLAY = "pytest, X"


def main(arguments: list[str]) -> int:
    totals = {"passed": 0, "failed": 0, "skipped": 0}
    troubles = []
    for name, tool in [("ruff", ["ruff", "check"]), ("mypy", ["mypy"])]:
        print(f"== {name}", flush=True)
        passed = python(tool, {}) == 0
        totals["passed" if passed else "failed"] += 1
        if not passed:
            troubles.append(name)
    for name, options, environment in test_runs(arguments):
        print(f"== {name}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            report = Path(folder, "report.xml")
            code = python([*options, f"--junit-xml={report}"], environment)
            counts = count(report)
        if code and not (code == NO_TESTS_RAN and arguments and name == ON_DISPLAY):
            troubles.append(name)
            counts["failed"] = max(counts["failed"], 1)
        for outcome in totals:
            totals[outcome] += counts[outcome]
    print("Gagal: " + ", ".join(troubles) if troubles else "Semua pemeriksaan lulus.")
    print(", ".join(f"{number} {outcome}" for outcome, number in totals.items()), flush=True)
    return 1 if troubles else 0


def test_runs(arguments: list[str]) -> list[tuple[str, list[str], dict[str, str]]]:
    """Name, arguments and environment of each run of pytest."""
    everything = ["pytest", "-n", "2", *ALL_MARKS, *arguments]
    runs = [("pytest", everything, {"QT_QPA_PLATFORM": os.environ.get("QT_QPA_PLATFORM", "offscreen")})]
    if sys.platform.startswith("linux"):
        # One at a time: two windows on one display would fight for the keyboard.
        on_display = ["pytest", *arguments, "-m", "xcb", "-n", "0"]
        runs.append((ON_DISPLAY, on_display, {"QT_QPA_PLATFORM": "xcb"}))
    return runs


def python(arguments: list[str], environment: dict[str, str]) -> int:
    command = [sys.executable, "-m", *arguments]
    if environment.get("QT_QPA_PLATFORM") == "xcb":
        xvfb_run = shutil.which("xvfb-run") or sys.exit("xvfb-run tidak ada. / There is no xvfb-run.")
        command = [xvfb_run, "-a", "-s", "-screen 0 1366x768x24", *command]
    return subprocess.run(command, cwd=PROJECT, env={**os.environ, **environment}, check=False).returncode


def count(report: Path) -> dict[str, int]:
    """Tests by outcome; none where pytest died before it could report."""
    if not report.exists():
        return {"passed": 0, "failed": 0, "skipped": 0}
    suite = ElementTree.parse(report).getroot()[0]
    tests, failures, errors, skipped = (
        int(suite.attrib[name]) for name in ("tests", "failures", "errors", "skipped")
    )
    failed = failures + errors
    return {"passed": tests - failed - skipped, "failed": failed, "skipped": skipped}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
