"""A whole hall that is thrown away: a centre of its own and counters that joined it, each behind a wire to be cut."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import psycopg

from desktop import sample, settings
from desktop.commands import demo
from desktop.commands.wire import Wire
from desktop.models.base import new_id
from desktop.models.catalog import Counter
from desktop.operations import access, setup
from desktop.settings import Settings
from desktop.store import Store, utc_now
from desktop.sync import address, central
from desktop.sync.address import DATABASE, Address
from desktop.sync.join import join
from desktop.sync.link import Link
from desktop.sync.server import Server

OFFICERS = ("Rini Astuti", "Bambang Santoso", "Dewi Lestari", "Agus Wibowo", "Sri Handayani")
FIRST_NAME = 7  # the first counter is "Loket 7", as in the hall of one counter


class TrainingHall:
    """``counters``: the folder of each counter's program by its name; ``wires``: how each reaches the centre."""

    def __init__(self, folder: Path, server: Server, *, database: str = DATABASE) -> None:
        self.folder, self.server, self.database = folder, server, database
        self.counters: dict[str, Path] = {}
        self.officers: dict[str, str] = {}
        self.wires: dict[str, Wire] = {}

    def make(self, counters: int, *, days: int, told: Settings | None = None,
             clock: Callable[[], datetime] = utc_now) -> None:  # fmt: skip
        """Fill the first counter with so many days, make it the centre's, and let the others join it."""
        with psycopg.connect(self.server.dsn(), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{self.database}"')
        first, name = self.folder / "1", f"Loket {FIRST_NAME}"
        self.officers[name] = demo.prepare(first, days, told=told, clock=clock)
        with psycopg.connect(self.server.dsn(self.database), autocommit=True) as centre:
            central.install(centre)
            store = Store.open(first, clock=clock)
            try:
                desks = self._desks(store, name, counters)
                self._let_in(centre, store, name, desks[name], is_admin=True)
            finally:
                store.close()
            for place, (other, desk) in enumerate(list(desks.items())[1:], start=1):
                self._join(centre, self.folder / str(place + 1), other, desk, OFFICERS[place - 1], told, clock)

    def close(self) -> None:
        """Cut every wire; the server is whose it was."""
        for wire in self.wires.values():
            wire.close()

    def _desks(self, store: Store, name: str, count: int) -> dict[str, Counter]:
        with store.saving(None) as session:
            first = session.get_one(Counter, settings_counter(store, self.officers[name]))
            desks = {name: first}
            for place in range(1, count):
                made = Counter(
                    id=new_id(), hall_id=first.hall_id, name=f"Loket {FIRST_NAME + place}",
                    agency_ids=list(first.agency_ids), booth=first.booth, floor=first.floor,
                )  # fmt: skip
                session.add(made)
                desks[made.name] = made
                access.add_officer(session, name=OFFICERS[place - 1], role="supervisor", pin=sample.PIN,
                                   agency_id=first.agency_ids[0])  # fmt: skip
        return desks

    def _let_in(self, centre: psycopg.Connection[tuple[object, ...]], store: Store, name: str, desk: Counter, *,
                is_admin: bool = False) -> None:  # fmt: skip
        made = central.enrol(centre, label=name, agency_ids=desk.agency_ids, is_admin=is_admin, counter_id=desk.id)
        wire = self.wires[name] = Wire(self.server.port)
        where = address.save(store.folder, Address(
            "same machine", ("127.0.0.1",), wire.port, made.db_role, made.secret, database=self.database,
            node_id=made.node_id))  # fmt: skip
        link = Link(where.connect())
        try:
            join(store, link, made.node_id, app_version=setup.APP_VERSION)
        finally:
            link.close()
        self.counters[name] = store.folder

    def _join(self, centre: psycopg.Connection[tuple[object, ...]], folder: Path, name: str, desk: Counter,
              officer: str, told: Settings | None, clock: Callable[[], datetime]) -> None:  # fmt: skip
        store = Store.open(folder, clock=clock)
        try:
            self._let_in(centre, store, name, desk)
            with store.saving(None) as session:
                setup.load_villages(session)
                found = next(one for one in access.without_pin(session, desk.agency_ids) if one.display_name == officer)
                access.let_in(session, found.id, sample.PIN, given_by=None)
                self.officers[name] = found.id
        finally:
            store.close()
        chosen = (told or Settings()).model_copy(update={"training": True, "last_officer_id": self.officers[name]})
        settings.save(folder, chosen)


def settings_counter(store: Store, officer_id: str) -> str:
    """The counter the first program stands at."""
    with store.reading() as session:
        return setup.desk_for(session, officer_id).counter_id


