"""The one command that decides whether the project is in order must notice whatever is not."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent
PASSING = "import pytest\n\n\n@pytest.mark.xcb\ndef test_one():\n    assert True\n"

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not shutil.which("xvfb-run"), reason="the key tests need an X display"),
]


def check(folder, *arguments, **files):
    """Run every check on a small project: what it printed, its last line and its exit code."""
    for room in ("desktop", "installers", "tests"):
        (folder / room).mkdir()
    shutil.copy(PROJECT / "pyproject.toml", folder)
    shutil.copy(PROJECT / "tests/every_check.py", folder / "tests")
    modules = ("main", "bootstrap", "desktop/__init__", "installers/__init__")
    contents = {**dict.fromkeys(modules, ""), "tests/test_one": PASSING}
    for name, text in (contents | files).items():
        (folder / f"{name}.py").write_text(text)
    result = subprocess.run(
        [sys.executable, str(folder / "tests/every_check.py"), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )
    return result.stdout, result.stdout.splitlines()[-1], result.returncode


def test_a_project_in_order_passes(tmp_path):
    output, last, code = check(tmp_path)
    assert code == 0, output
    assert last == "4 passed, 0 failed, 0 skipped"  # ruff, mypy, the test, and the test on a display


@pytest.mark.parametrize(
    ("files", "culprit"),
    [
        ({"main": "import os\n"}, "ruff"),
        ({"bootstrap": "def f(x):\n    return x\n"}, "mypy"),
        ({"tests/test_two": "def test_two():\n    assert 1 == 2\n"}, "pytest"),
        ({"tests/test_two": "import no_such_module\n"}, "ruff, pytest, pytest, X"),
        ({"tests/test_two": "import pytest\n\n\n@pytest.mark.slow\ndef test_two():\n    assert 1 == 2\n"}, "pytest"),
        ({"tests/test_one": PASSING.replace("@pytest.mark.xcb", "")}, "ruff, pytest, X"),
        ({"tests/test_one": ""}, "pytest, pytest, X"),
    ],
    ids=["style", "type", "test", "import", "slow test", "no key test", "no test"],
)
def test_what_is_not_in_order_fails(tmp_path, files, culprit):
    output, last, code = check(tmp_path, **files)
    assert code == 1
    assert f"\nGagal: {culprit}\n" in output
    assert re.fullmatch(r"\d+ passed, [1-9]\d* failed, \d+ skipped", last)


def test_a_choice_of_tests_may_leave_the_display_out(tmp_path):
    output, last, code = check(tmp_path, "-k", "test_one", **{"tests/test_one": "def test_one():\n    pass\n"})
    assert code == 0, output
    assert last == "3 passed, 0 failed, 0 skipped"


def test_a_choice_of_no_test_fails(tmp_path):
    output, last, code = check(tmp_path, "-k", "no_such_test")
    assert code == 1, output
    assert last == "2 passed, 1 failed, 0 skipped"
