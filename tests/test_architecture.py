"""The rules of the house: who may import whom, what no file may contain, what the locks must hold."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parent.parent

# Written in pieces, so that this file does not contain what it looks for.
ADDRESSES = ["file" + "://", "pypi" + ".org", "python" + "hosted", "npm" + "js.", "unp" + "kg."]
MACHINE_PATH = re.compile(r"(?<![\w.])/(" + "ro" + r"ot|wo" + r"rk|home/\w+)/[\w.]")


def lint_imports(project):
    return subprocess.run(
        [
            sys.executable,
            "-c",
            "from importlinter.cli import lint_imports_command as lint; lint()",
            "--no-cache",
        ],
        cwd=project,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture
def house(tmp_path):
    """A copy of the program's rooms and rules, to break."""
    ignored = shutil.ignore_patterns("__pycache__")
    shutil.copytree(PROJECT / "desktop", tmp_path / "desktop", ignore=ignored)
    shutil.copy(PROJECT / "pyproject.toml", tmp_path)
    return tmp_path


def test_imports_go_one_way():
    result = lint_imports(PROJECT)
    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("file", "line", "complaint"),
    [
        ("stray.py", "", "desktop.stray"),
        (
            "models/stray.py",
            "from desktop.operations import intake",
            "desktop.models.stray -> desktop.operations",
        ),
        ("operations/stray.py", "import desktop.papers", "desktop.operations.stray -> desktop.papers"),
        ("sync/stray.py", "import desktop.operations", "desktop.sync.stray -> desktop.operations"),
        ("papers/stray.py", "import desktop.ui", "desktop.papers.stray -> desktop.ui"),
        ("operations/stray.py", "import PySide6.QtCore", "desktop.operations.stray"),
        ("commands/stray.py", "def draw():\n    from PySide6 import QtGui", "desktop.commands.stray"),
        ("ui/stray.py", "import sqlalchemy", "desktop.ui.stray -> sqlalchemy"),
    ],
)
def test_a_breach_is_noticed(house, file, line, complaint):
    (house / "desktop" / file).write_text(line + "\n")
    result = lint_imports(house)
    assert result.returncode == 1
    assert complaint in result.stdout


def files_of_the_project():
    """All but what starts and checks leave behind."""
    left_behind = {line.strip("/") for line in (PROJECT / ".gitignore").read_text("utf-8").splitlines()} | {".git"}
    for folder, folders, files in os.walk(PROJECT):
        folders[:] = set(folders) - left_behind
        yield from (Path(folder, name) for name in set(files) - left_behind)


def offences(text):
    return [word for word in ADDRESSES if word in text] + [found[0] for found in MACHINE_PATH.finditer(text)]


def test_no_file_names_a_registry_or_this_machine():
    found = {}
    for path in files_of_the_project():
        content = path.read_bytes()
        if b"\0" not in content and (words := offences(content.decode("utf-8"))):
            found[str(path.relative_to(PROJECT))] = words
    assert not found


@pytest.mark.parametrize(
    "text",
    [
        "--index-url https://" + "pypi" + ".org/simple",
        "see " + "/ro" + "ot/.cache/pip",
        "open('" + "/wo" + "rk/main/x')",
        "/ho" + "me/siti/loket",
        "fi" + "le:///opt",
    ],
)
def test_a_registry_or_a_path_is_noticed(text):
    assert offences(text)


def test_ordinary_text_is_no_offence():
    assert not offences("https://www.python.org, framework/root/x, the root/work of it, /usr/bin, C:\\Program Files")


@pytest.mark.parametrize("drawer", ["utils", "util", "helpers", "helper", "common", "misc"])
def test_there_is_no_drawer_for_things_without_a_place(drawer):
    assert not list((PROJECT / "desktop").rglob(f"{drawer}.py")) + list((PROJECT / "desktop").rglob(drawer))


def test_the_plan_of_the_house_is_one_page():
    lines = (PROJECT / "ARCHITECTURE.md").read_text("utf-8").splitlines()
    assert 10 < len(lines) <= 70


def not_in_the_house(page):
    there = {path.name for path in files_of_the_project()}
    return [name for name in re.findall(r"[\w.-]+\.(?:py|sql|md)\b", page) if name not in there]


@pytest.mark.parametrize("name", ["ARCHITECTURE.md", "README.md"])
def test_a_page_names_files_that_are_there(name):
    page = (PROJECT / name).read_text("utf-8")
    assert not not_in_the_house(page)
    assert not_in_the_house(page.replace("main.py", "maine.py")), "the control: a name that is gone is noticed"


def test_the_plan_of_the_house_tells_the_rule_that_is_held():
    contracts = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]["contracts"]
    assert f"`{' > '.join(contracts[0]['layers'])}`" in (PROJECT / "ARCHITECTURE.md").read_text("utf-8")


def test_bootstrap_needs_nothing_but_python():
    imported = re.findall(r"^\s*(?:import|from) (\w+)", (PROJECT / "bootstrap.py").read_text("utf-8"), re.MULTILINE)
    assert imported
    assert not set(imported) - sys.stdlib_module_names


def test_continuous_integration_runs_the_command_of_the_readme():
    lines = (PROJECT / ".ci/run").read_text("utf-8").splitlines()
    assert lines == ["python3 main.py test"]
    assert lines[0] in (PROJECT / "README.md").read_text("utf-8")


# The locks


def pins(lock_name):
    """Each pinned package (with its marker) and its hashes."""
    pinned = {}
    pin = ""
    for line in (PROJECT / lock_name).read_text("utf-8").splitlines():
        if line.strip().startswith("--hash=sha256:"):
            pinned[pin].append(line)
        elif line and not line.lstrip().startswith("#"):
            pin = line.removesuffix(" \\")
            pinned[pin] = []
    return pinned


@pytest.mark.parametrize("lock_name", ["requirements.lock", "requirements-dev.lock"])
def test_lock_pins_every_package_by_hash_for_linux_and_windows(lock_name):
    pinned = pins(lock_name)
    assert pinned
    assert all(re.match(r"[\w.-]+==[\w.]+( ; .+)?$", pin) for pin in pinned)
    assert all(pinned.values())
    assert any("sys_platform == 'win32'" in pin for pin in pinned)


def test_development_lock_adds_to_the_other_and_changes_nothing():
    assert pins("requirements.lock").items() < pins("requirements-dev.lock").items()


@pytest.mark.parametrize(("lock_name", "groups"), [("requirements.lock", []), ("requirements-dev.lock", ["dev"])])
def test_lock_holds_every_dependency(lock_name, groups):
    declared = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))
    wanted = list(declared["project"]["dependencies"])
    for group in groups:
        wanted += declared["dependency-groups"][group]
    names = {re.match(r"[\w.-]+", line)[0].lower().replace("_", "-") for line in wanted}
    assert names <= {pin.partition("==")[0] for pin in pins(lock_name)}
