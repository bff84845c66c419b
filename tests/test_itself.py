"""How the program starts itself again, and how it is called, beside its source and in a package."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from desktop import itself


@pytest.fixture
def packaged(monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """The module as a packaged program reads it."""
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", "/usr/lib/loket/loket")
    yield importlib.reload(itself)
    monkeypatch.undo()
    importlib.reload(itself)


def test_beside_its_source_the_command_is_python_with_main() -> None:
    assert itself.command("doctor") == [sys.executable, str(itself.MAIN), "doctor"]
    assert itself.MAIN.exists()
    assert itself.NAME.endswith("main.py")


def test_another_folder_of_data_is_named_to_whoever_types_the_next_command(tmp_path: Path) -> None:
    assert itself.name_for(itself.PROFILE) == itself.NAME
    assert itself.name_for(tmp_path / "loket 1") == f'{itself.NAME} --profile "{tmp_path}/loket 1"'


def test_a_package_is_a_program_of_its_own(packaged: ModuleType) -> None:
    assert packaged.command("--place", "1/2") == ["/usr/lib/loket/loket", "--place", "1/2"]
    assert packaged.NAME == "loket"
