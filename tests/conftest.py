"""Real files made cheaply: built once, copied for every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop.store import Store

# A Monday morning in the hall (08.12 WIB).
MORNING = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)


class Clock:
    """The wall clock of a test: it moves only when told to."""

    def __init__(self, moment: datetime = MORNING) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(scope="session")
def empty_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a new, empty local file, to be copied."""
    folder = tmp_path_factory.mktemp("template")
    Store.open(folder, clock=Clock()).close()
    return folder


@pytest.fixture
def new_store(empty_folder: Path, tmp_path: Path, clock: Clock) -> Iterator[Callable[[str], Store]]:
    """Makes empty stores by name, all under the test's clock."""
    made: list[Store] = []

    def make(name: str = "pc") -> Store:
        folder = tmp_path / name
        shutil.copytree(empty_folder, folder)
        store = Store.open(folder, clock=clock)
        made.append(store)
        return store

    yield make
    for store in made:
        store.close()


@pytest.fixture
def store(new_store: Callable[[str], Store]) -> Store:
    return new_store("pc")
