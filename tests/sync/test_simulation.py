"""The seeded life of whole halls, and the defences without which it must fail."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from desktop.models import journal
from desktop.sync import heal, memory, retention
from desktop.sync import pull as pull_module
from desktop.sync.server import Server
from tests.sync import simulation
from tests.sync.hall import Centre, make_hall, make_pc
from tests.sync.simulation import World, put_back, snapshot

RUNS, LONG_RUNS, CHUNKS = 300, 5000, 10
STEPS = 25


@pytest.fixture(scope="module")
def make_world(
    postgres: Server, centre_template: str, empty_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[int], World]]:
    """Makes worlds by seed; all begin as the same hall of an administrator and two counters."""
    import psycopg

    name = "simulation"
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {centre_template} STRATEGY file_copy")
    centre = Centre(postgres.dsn(name))
    image = tmp_path_factory.mktemp("image")
    pcs = [make_hall(empty_folder, image / "0", centre)]
    pcs += [make_pc(empty_folder, image / str(place), centre, f"Loket {place}") for place in (1, 2)]
    for pc in (*pcs, *pcs):
        pc.sync()
    for pc in pcs:
        pc.close()
    snapshot(centre)
    centre.connection.execute("ALTER SCHEMA kept RENAME TO beginning")

    def make(seed: int) -> World:
        centre.connection.execute("DROP SCHEMA IF EXISTS kept CASCADE")
        centre.connection.execute("ALTER SCHEMA beginning RENAME TO kept")
        put_back(centre)
        centre.connection.execute("ALTER SCHEMA kept RENAME TO beginning")
        folder = tmp_path_factory.mktemp(f"world{seed}")
        return World(seed, folder, image, centre, [pc.enrolment for pc in pcs])

    yield make
    centre.close()
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


def live(make_world: Callable[[int], World], seed: int) -> list[str]:
    world = make_world(seed)
    try:
        return simulation.run(world, STEPS)
    finally:
        shutil.rmtree(world.folder)


@pytest.mark.slow
@pytest.mark.parametrize("chunk", range(CHUNKS))
@pytest.mark.timeout(3600)
def test_nothing_is_lost_and_all_copies_agree(
    make_world: Callable[[int], World], chunk: int, pytestconfig: pytest.Config
) -> None:
    for seed in range(chunk, LONG_RUNS if pytestconfig.getoption("--long") else RUNS, CHUNKS):
        assert live(make_world, seed) == [], f"seed {seed}"


# ---------------------------------------------------------------------------------------------------------------------
# Without one defence


def acknowledged_by_the_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """A push that returned counts as kept for ever: what a restored centre lost is not looked for."""
    monkeypatch.setattr(heal, "reconcile", lambda store, link, *, is_recovering: 0)


def own_stamps_not_read_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The centre bounds a clock that runs ahead, and the author goes on with its own stamp."""
    real = journal.acknowledge

    def keeps_its_own(connection: Any, stamps: Any) -> None:
        kept = [(arr, _hlc_of(connection, eid, ehlc), eid) for arr, ehlc, eid in stamps]
        real(connection, kept)

    monkeypatch.setattr(pull_module.journal, "acknowledge", keeps_its_own)


def _hlc_of(connection: Any, eid: str, otherwise: int) -> int:
    found = connection.exec_driver_sql("SELECT ehlc FROM journal WHERE eid = ?", (eid,)).scalar()
    return int(found) if found is not None else otherwise


def vector_before_its_entries(monkeypatch: pytest.MonkeyPatch) -> None:
    """The position is kept in a transaction of its own, before the rows: a kill between the two skips them."""
    real = pull_module._take_page

    def positions_first(store: Any, page: Any, piece: int) -> bool:
        if page:
            with store.arriving() as connection:
                memory.move_on(connection, {row["lane_id"]: (row["arr"], row["dig"]) for row in page})
        return real(store, page, piece)

    monkeypatch.setattr(pull_module, "_take_page", positions_first)


def last_arrival_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows show what came last instead of what is greatest."""

    def unguarded(record_class: Any, present: Any) -> Any:
        made = journal._Upsert(record_class, present)
        made.statement = made.statement.partition(" WHERE ")[0]
        return made

    monkeypatch.setattr(journal, "_upsert", unguarded)


def lost_tail_not_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """An old image believes that it holds all of its own."""
    monkeypatch.setattr(pull_module, "_lacks", lambda connection, own: False)


def one_cursor_for_all_lanes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every lane is read from the greatest position of any."""

    def together(connection: Any) -> Any:
        lanes, arrs, digs = memory.positions(connection)
        return lanes, [max(arrs, default=0)] * len(lanes), digs

    # Only where pull asks: reconcile, which compares digests, would notice and read every lane afresh.
    monkeypatch.setattr(pull_module, "memory", SimpleNamespace(**{**vars(memory), "positions": together}))


def emptied_by_age_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """The centre lets go all that is old, also what a row still shows."""
    later = "(later.ehlc, later.eid) > (j.ehlc, j.eid)"
    assert later in retention._EMPTY
    monkeypatch.setattr(retention, "_EMPTY", retention._EMPTY.replace(later, "true"))


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.parametrize("without", [
    acknowledged_by_the_answer, own_stamps_not_read_back, vector_before_its_entries, last_arrival_wins,
    lost_tail_not_asked_for, one_cursor_for_all_lanes, emptied_by_age_alone,
])  # fmt: skip
def test_without_one_defence_the_simulation_fails(
    make_world: Callable[[int], World], without: Callable[[pytest.MonkeyPatch], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    without(monkeypatch)
    assert any(live(make_world, seed) for seed in range(60)), "60 lives went well without it"
