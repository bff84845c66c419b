"""Real files made cheaply: built once, copied for every test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from desktop import sample
from desktop.operations import access, setup
from desktop.operations.desk import Desk
from desktop.store import Store


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="run fault and soak tests at full length")


# A Monday morning in the hall (08.12 WIB).
MORNING = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="session")
def rounds(pytestconfig: pytest.Config) -> Callable[[int, int], int]:
    """How often a random fault is tried: the first number in the check, the second with ``--long``."""
    is_long = pytestconfig.getoption("--long")
    return lambda few, many: many if is_long else few


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


@dataclass
class Hall:
    """A counter that has been set up with the shipped catalogue, and the officer at it."""

    store: Store
    desk: Desk
    clock: Clock


@pytest.fixture(scope="session")
def hall_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a hall whose counter serves the civil registry and the licensing office, to be copied."""
    folder = tmp_path_factory.mktemp("hall")
    store = Store.open(folder, clock=Clock())
    sample.make_hall(store, ("DKC", "PTS"))
    store.close()
    return folder


@pytest.fixture
def hall(hall_folder: Path, tmp_path: Path, clock: Clock) -> Iterator[Hall]:
    """The hall of ``hall_folder``, open, under the test's clock."""
    folder = tmp_path / "hall"
    shutil.copytree(hall_folder, folder)
    store = Store.open(folder, clock=clock)
    with store.reading() as session:
        desk = setup.desk_for(session, access.officers(session)[0].id, training=True)
    yield Hall(store, desk, clock)
    store.close()
