"""A centre that commits durably, and PCs with real days in their files, for the measurements of sync."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
from psycopg.conninfo import make_conninfo
from sqlalchemy import text

from desktop import sample
from desktop.models.base import new_id
from desktop.models.journal import SCHEMA_VERSION
from desktop.store import Store
from desktop.sync import central, memory
from desktop.sync.join import join
from desktop.sync.link import Link
from desktop.sync.server import Server

VERSION = "bench"


@dataclass
class Bench:
    """A running centre in a folder that goes away."""

    folder: Path
    server: Server
    connection: psycopg.Connection[Any]

    def login(self, enrolment: central.Enrolment) -> psycopg.Connection[Any]:
        told = make_conninfo(self.server.dsn("loket"), user=enrolment.db_role, password=enrolment.secret)
        return psycopg.connect(told, autocommit=True)

    def new_store(self, name: str) -> Store:
        return Store.open(self.folder / name)

    def agencies(self, store: Store) -> list[str]:
        with store.reading() as session:
            return list(session.execute(text("SELECT id FROM agency")).scalars())

    def enrol(self, label: str, agencies: list[str], *, is_admin: bool = False) -> central.Enrolment:
        """A login of the centre for one PC."""
        counter = None
        if not is_admin:
            found = self.connection.execute("SELECT id FROM record.counter ORDER BY id LIMIT 1").fetchone()
            counter = found[0] if found else None
        return central.enrol(self.connection, label=label, agency_ids=agencies, is_admin=is_admin, counter_id=counter)

    def join(self, store: Store, label: str, agencies: list[str], *, is_admin: bool = False) -> Link:
        """Enrol this file and join with it; the link stays open."""
        return self.enter(store, self.enrol(label, agencies, is_admin=is_admin))

    def enter(self, store: Store, enrolment: central.Enrolment) -> Link:
        """Join with a login that is there already."""
        link = Link(self.login(enrolment))
        join(store, link, enrolment.node_id, app_version=VERSION)
        return link

    def tidy(self) -> None:
        """No round pays for the vacuum of the one before."""
        self.connection.execute("VACUUM (ANALYZE) sync.journal")
        self.connection.execute("CHECKPOINT")


@contextmanager
def bench_centre(**settings: str) -> Iterator[Bench]:
    folder = Path(tempfile.mkdtemp(prefix="loket-bench-"))
    folder.chmod(0o755)
    server = Server.make(folder / "centre", settings={"max_connections": "1200", "shared_buffers": "256MB", **settings})
    server.start()
    try:
        with psycopg.connect(server.dsn(), autocommit=True) as first:
            first.execute("CREATE DATABASE loket")
        with psycopg.connect(server.dsn("loket"), autocommit=True) as connection:
            central.install(connection)
            yield Bench(folder, server, connection)
    finally:
        server.stop()
        shutil.rmtree(folder)


def lived(bench: Bench, name: str, *, days: int, per_day: int) -> tuple[Store, Any, str]:
    """A hall's first PC with real days in its file; not joined yet. Returns store, desk and officer."""
    store = bench.new_store(name)
    officer_id, desk = sample.make_hall(store)
    sample.fill(store, desk, days=days, per_day=per_day)
    return store, desk, officer_id


def entries_of(store: Store, limit: int) -> list[dict[str, Any]]:
    """Entries of this file as they travel."""
    with store.reading() as session:
        connection = session.connection()
        known = memory.read(connection)
        nodes = known.nodes if known else [
            json.loads(connection.exec_driver_sql("SELECT value FROM meta WHERE name='journal'").scalar_one())["node"]]
        found, _count, _last = memory.unsent(connection, memory.Memory(nodes=nodes), 0, limit, 10**9)
    entries: list[dict[str, Any]] = json.loads(found)
    return entries


def a_save(store: Store) -> list[dict[str, Any]]:
    """The longest first visit in this file, which has not joined yet: afterwards none of its entries is unsent.

    Whole, from its application to its paper: else the copies of ``renamed`` would all be visits to one file.
    """
    save: list[dict[str, Any]] = []
    found: list[list[dict[str, Any]]] = []
    for entry in entries_of(store, 10**6):
        if entry["table_name"] == "application":
            save = []
        save.append(entry)
        if entry["table_name"] == "paper_print":
            found.append(save)
            save = []
    whole = [save for save in found if save[0]["table_name"] == "application"]
    if not whole:
        raise RuntimeError("no save in this file is unsent")
    return max(whole, key=len)


class Pusher:
    """A counter without a file: it sends the same save, of so many ``entries``, again and again under new ids."""

    def __init__(self, bench: Bench, label: str, agencies: list[str], entries: list[dict[str, Any]]) -> None:
        self._enrolment = bench.enrol(label, agencies)
        # It prints no number: a thousand of them are more than one centre has number codes for.
        freed = "UPDATE sync.node SET device_code = NULL, spare_code = NULL WHERE node_id = %s"
        bench.connection.execute(freed, (self._enrolment.node_id,))
        self._save, self.entries = entries, len(entries)
        self._start = new_id()
        self.link = Link(bench.login(self._enrolment))
        self.link.listen()

    def push(self) -> None:
        """Send one save; raises as the link does."""
        said = renamed(self._save, self._enrolment.node_id)
        now_ms = round(time.time() * 1000)
        self.link.call("push", self._enrolment.node_id, [self._start], said, now_ms, SCHEMA_VERSION, VERSION, "{}")


def renamed(entries: list[dict[str, Any]], node: str, agency: str | None = None) -> str:
    """The same saves as another node's: new ids throughout, so that nothing is known already."""
    ids = {entry["row_id"]: new_id() for entry in entries}
    said = []
    for entry in entries:
        payload = entry["payload"]
        for old, new in ids.items():
            payload = payload.replace(old, new)
        said.append({
            **entry, "eid": new_id(), "row_id": ids[entry["row_id"]], "origin": node, "payload": payload,
            "lane": f"{node}:{entry['agency_id'] or 'hall'}", "base": None,
        })  # fmt: skip
    return json.dumps(said)
