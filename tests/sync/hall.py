"""A hall of real local files around a real centre: PCs that save, sync, crash, are copied, restored and lost."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import select, text

from desktop.models import agreement, journal
from desktop.models.application import Application, StatusMove
from desktop.models.base import natural_id, new_id, now, record_classes
from desktop.models.catalog import Agency, Counter, Hall
from desktop.models.local import Meta
from desktop.models.people import Party
from desktop.store import Store
from desktop.sync import central, heal, memory
from desktop.sync.central import Enrolment
from desktop.sync.join import join
from desktop.sync.link import Link
from desktop.sync.pull import pull, take_healed
from desktop.sync.push import push
from tests.conftest import Clock

VERSION = "1.0.0"
HALL = natural_id("hall", "3319")
AGENCIES = {code: natural_id("agency", code) for code in ("DKC", "PTS")}


class Centre:
    """The centre of one database, and the logins of its PCs."""

    def __init__(self, dsn: str) -> None:
        self.dsn = dsn
        self.connection = psycopg.connect(dsn, autocommit=True)

    def install(self) -> Centre:
        central.install(self.connection)
        return self

    def enrol(self, label: str, agencies: tuple[str, ...] = ("DKC",), *, is_admin: bool = False,
              counter_id: str | None = None) -> Enrolment:  # fmt: skip
        return central.enrol(
            self.connection, label=label, agency_ids=[AGENCIES[code] for code in agencies], is_admin=is_admin,
            counter_id=counter_id,
        )  # fmt: skip

    def connect(self, enrolment: Enrolment) -> psycopg.Connection[Any]:
        told = make_conninfo(self.dsn, user=enrolment.db_role, password=enrolment.secret)
        return psycopg.connect(told, autocommit=True)

    def rows(self, statement: str, *arguments: Any) -> list[tuple[Any, ...]]:
        return self.connection.execute(statement, arguments or None).fetchall()

    def eids(self) -> set[str]:
        return {row[0] for row in self.rows("SELECT eid FROM sync.journal")}

    def close(self) -> None:
        roles = self.rows("SELECT DISTINCT db_role FROM sync.node")
        self.connection.close()
        # Logins belong to the whole server: those of this database end with it.
        with psycopg.connect(make_conninfo(self.dsn, dbname="postgres"), autocommit=True) as connection:
            for (role,) in roles:
                connection.execute(f'DROP ROLE IF EXISTS "{role}"')


@dataclass
class Pc:
    """One PC: its folder, its login, its clock; ``store`` is open while the program runs."""

    folder: Path
    centre: Centre
    enrolment: Enrolment
    clock: Clock
    agencies: tuple[str, ...] = ("DKC",)
    store: Store = field(init=False)
    # Every entry whose save returned, by its id.
    saved: set[str] = field(default_factory=set)
    acknowledged: set[str] = field(default_factory=set)
    counter_id: str = "c"
    _line: psycopg.Connection[Any] | None = None

    def open(self) -> Pc:
        self.store = Store.open(self.folder, clock=self.clock)
        with self.store.arriving() as connection:
            known = memory.read(connection)
            if known is not None:
                known.note_start(self.store.start_id)
                memory.write(connection, known)
        return self

    def join(self) -> Pc:
        link = Link(self.centre.connect(self.enrolment))
        try:
            join(self.store, link, self.enrolment.node_id, app_version=VERSION)
        finally:
            link.close()
        return self

    def close(self) -> None:
        self.store.close()
        if self._line is not None:
            self._line.close()

    # --- what an officer does

    def save(self, act: Callable[[Any], None]) -> None:
        with self.store.saving("rini") as session:
            act(session)
        self.saved |= self.own_eids() - self.saved

    def receive(self, agency: str, name: str) -> str:
        """A file with its applicant and its first move; returns its id."""
        made = new_id()

        def act(session: Any) -> None:
            session.add_all([
                Application(
                    id=made, number="2611231070001", device_code=self.device_code(session), on_date=date(2026, 11, 23),
                    serial=1, agency_id=AGENCIES[agency], service_id="s", standard_id="t", for_whom=1,
                    counter_id=self.counter_id, received_at=now(session), received_by="rini",
                ),
                Party(application_id=made, role="applicant", full_name=name, nik="3319075203890003"),
                StatusMove(application_id=made, to_state="REGISTERED", at=now(session), officer_id="rini"),
            ])  # fmt: skip

        self.save(act)
        return made

    def device_code(self, session: Any) -> int:
        return int(session.connection().exec_driver_sql(
            "SELECT value ->> 'device_code' FROM meta WHERE name = 'desk'").scalar_one())  # fmt: skip

    def rename(self, party_id: str, name: str) -> None:
        def act(session: Any) -> None:
            session.get_one(Party, party_id).full_name = name

        self.save(act)

    def parties(self) -> list[str]:
        with self.store.reading() as session:
            return list(session.scalars(select(Party.id).where(~Party.deleted).order_by(Party.id)))

    # --- what the sync thread does

    def sync(self, link_of: Callable[[psycopg.Connection[Any]], Link] = Link) -> None:
        """One turn of the worker: greet, push, part if it must, pull, what was healed."""
        if self._line is None or self._line.closed:
            # Kept from turn to turn: a new session costs the server more than all that is said in it.
            self._line = self.centre.connect(self.enrolment)
        link = link_of(self._line)
        try:
            heal.greet(self.store, link)
            if push(self.store, link, app_version=VERSION, is_greeting=True).is_fork:
                heal.part(self.store, link, app_version=VERSION)
                push(self.store, link, app_version=VERSION, is_greeting=True)
            pull(self.store, link)
            take_healed(self.store, link)
        except psycopg.Error:
            link.close()
            raise
        self.acknowledged |= set(self.journal_column("eid", "arr > 0"))

    # --- what can be seen

    def node(self) -> str:
        with self.store.reading() as session:
            known = memory.read(session.connection())
        assert known is not None
        return known.node

    def pending(self) -> int:
        with self.store.reading() as session:
            known = memory.read(session.connection())
            assert known is not None
            return memory.pending(session.connection(), known)

    def own_eids(self) -> set[str]:
        with self.store.reading() as session:
            rows = session.execute(text("SELECT eid FROM journal WHERE start_id = :start"), {
                "start": self.store.start_id})  # fmt: skip
            return {row[0] for row in rows}

    def journal_column(self, name: str, where: str = "1") -> list[Any]:
        with self.store.reading() as session:
            return [row[0] for row in session.execute(text(f"SELECT {name} FROM journal WHERE {where}"))]

    def astray(self) -> frozenset[tuple[str, str]]:
        """The rows that the daily comparison with the journal would mend."""
        with self.store.reading() as session:
            page = agreement.look(session.connection())
        assert page.last is None, "a hall of tests fits one page"
        return page.astray | page.unsure

    def entries(self) -> list[dict[str, Any]]:
        with self.store.reading() as session:
            return journal.read_entries(session.connection())


def make_hall(template: Path, folder: Path, centre: Centre, clock: Clock | None = None) -> Pc:
    """The administrator's PC: the hall, its agencies and a counter are its records, and the centre has them."""
    pc = Pc(folder, centre, centre.enrol("Admin", tuple(AGENCIES), is_admin=True), clock or Clock(), tuple(AGENCIES))
    shutil.copytree(template, folder)
    renew_node(folder)
    pc.open()
    with pc.store.saving(None) as session:
        session.info["seed"] = True
        session.add_all(
            Agency(id=id_, hall_id=HALL, code=code, name_id=code, name_en=code, level="regency")
            for code, id_ in AGENCIES.items()
        )
        session.flush()
        session.info["seed"] = False
        session.add(Hall(id=HALL, code="3319", name="MPP Contoh", region_code="3319"))
        session.add(Counter(id="c", hall_id=HALL, name="Loket 1", agency_ids=list(AGENCIES.values())))
        session.add(Meta(name="desk", value={"hall_id": HALL, "counter_id": "c", "device_code": 901}))
    return pc.join()


def make_pc(template: Path, folder: Path, centre: Centre, label: str, agencies: tuple[str, ...] = ("DKC",), *,
            is_admin: bool = False, clock: Clock | None = None) -> Pc:  # fmt: skip
    """A PC that joins an existing hall with an empty file."""
    enrolment = centre.enrol(label, agencies, is_admin=is_admin, counter_id="c")
    pc = Pc(folder, centre, enrolment, clock or Clock(), agencies)
    shutil.copytree(template, folder)
    renew_node(folder)
    return pc.open().join()


def make_lone(template: Path, folder: Path, centre: Centre, label: str, clock: Clock | None = None) -> Pc:
    """A PC that has worked without a centre, and holds what it needs to join one."""
    shutil.copytree(template, folder)
    renew_node(folder)
    pc = Pc(folder, centre, centre.enrol(label, counter_id="c"), clock or Clock()).open()
    with pc.store.saving(None) as session:
        session.add(Meta(name="desk", value={"hall_id": "h", "counter_id": "c", "device_code": 955}))
    return pc


def renew_node(folder: Path) -> None:
    """A copied template is another PC."""
    store = Store.open(folder, clock=Clock())
    with store.arriving() as connection:
        memory.name_node(connection, new_id())
    store.close()


def copy_of(pc: Pc, folder: Path) -> Pc:
    """The disk of a closed PC, copied: a clone, or an image to be put back."""
    shutil.copytree(pc.folder, folder)
    clock = Clock(pc.clock.moment)
    return Pc(folder, pc.centre, pc.enrolment, clock, pc.agencies, set(), set(pc.acknowledged))


def shown(pc: Pc) -> dict[str, list[dict[str, Any]]]:
    """Every row this PC shows, as the journal would carry it, with its version."""
    result = {}
    with pc.store.reading() as session:
        for table, record_class in record_classes().items():
            found = session.scalars(select(record_class).order_by(record_class.id)).all()
            result[table] = [{**row.payload(), "ehlc": row.ehlc, "eid": row.eid} for row in found]
    return result


def shown_at_centre(centre: Centre) -> dict[str, list[tuple[Any, ...]]]:
    """The versions the centre shows."""
    return {
        table: centre.rows(f"SELECT id, ehlc, eid FROM record.{table} ORDER BY id COLLATE \"C\"")
        for table in record_classes()
    }


def versions(rows: dict[str, list[dict[str, Any]]]) -> dict[str, list[tuple[Any, ...]]]:
    return {table: [(row["id"], row["ehlc"], row["eid"]) for row in found] for table, found in rows.items()}


Make = Callable[..., Pc]


def two(make_admin: Make, make_pc: Make) -> tuple[Pc, Pc, Pc]:
    """An administrator's PC and two counters."""
    admin = make_admin()
    return admin, make_pc("a"), make_pc("b")
