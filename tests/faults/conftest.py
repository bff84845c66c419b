"""The nursery of a worker's whole run, and a counter with a past."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop import sample
from desktop.safekeeping import backup
from desktop.store import Store
from tests.conftest import MORNING, Clock
from tests.faults.nursery import Nursery
from tests.test_keys import CODE


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    made = Nursery()
    yield made
    made.close()


@pytest.fixture(scope="session")
def worn_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A counter with a recovery sheet and a few days behind it; in "stick" beside it, its first backup."""
    folder = tmp_path_factory.mktemp("worn")
    store = Store.open(folder / "pc", clock=Clock())
    _officer, desk = sample.make_hall(store, ("DKC",))
    sample.fill(store, desk, days=3)
    store.ring.set_recovery(CODE, MORNING)
    (folder / "stick").mkdir()
    backup.make(store, folder / "stick")
    store.close()
    return folder
