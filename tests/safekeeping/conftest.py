"""A counter with some days behind it, to be copied, damaged and brought back."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from desktop import sample
from desktop.operations import access, setup
from desktop.store import Store
from tests.conftest import Clock


@pytest.fixture(scope="session")
def busy_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a counter that worked for four days."""
    folder = tmp_path_factory.mktemp("busy")
    store = Store.open(folder, clock=Clock())
    _officer, desk = sample.make_hall(store, ("DKC",))
    sample.fill(store, desk, days=4)
    store.close()
    return folder


@pytest.fixture
def folder(busy_folder: Path, tmp_path: Path) -> Path:
    """This test's own copy."""
    shutil.copytree(busy_folder, tmp_path / "pc")
    return tmp_path / "pc"


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty USB stick."""
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def open_store(folder: Path, clock: Clock) -> Iterator[Callable[..., Store]]:
    """Opens the counter's file, and closes it when the test ends."""
    made: list[Store] = []

    def make(secret: str | None = None) -> Store:
        made.append(Store.open(folder, secret=secret, clock=clock))
        return made[-1]

    yield make
    for store in made:
        store.close()


def receive(store: Store) -> str:
    """One more application; its number."""
    from desktop.operations import intake

    with store.reading() as session:
        desk = setup.desk_for(session, access.officers(session)[0].id, training=True)
        offered = sample.offers(session, desk)
    form = sample.Hall(7).form(offered[0], desk.day(store.clock()))
    with store.saving(desk.officer_id) as session:
        return intake.receive(session, desk, form).number
