"""A furnished desk for a test, and one of its own for every example of a property."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop.store import Store
from tests.conftest import Clock
from tests.operations.small_hall import AtTheDesk, furnish


@pytest.fixture
def desk(store: Store) -> AtTheDesk:
    """The small hall, with Rini at its counter."""
    furnish(store)
    return AtTheDesk(store)


@pytest.fixture(scope="module")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("small_hall")
    store = Store.open(folder, clock=Clock())
    furnish(store)
    store.close()
    return folder


@pytest.fixture
def anew(furnished: Path) -> Iterator[Callable[[], AtTheDesk]]:
    """A furnished desk of its own for every example."""
    made: list[tuple[Store, str]] = []

    def make() -> AtTheDesk:
        place = tempfile.mkdtemp()
        store = Store.open(Path(shutil.copytree(furnished, Path(place) / "pc")), clock=Clock())
        made.append((store, place))
        return AtTheDesk(store)

    yield make
    for store, place in made:
        store.close()
        shutil.rmtree(place)
