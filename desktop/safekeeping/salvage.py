"""What can still be read of a damaged file, row by row, in a new one; and in words, what could not.

Rows and journal make each other whole: a row that is gone comes back from its entries, and what neither holds is lost.
"""

from __future__ import annotations

import contextlib
import json
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import Connection, text

from desktop.disk import cannot_write
from desktop.errors import UserError
from desktop.folder import FILE_NAME, SLOTS_NAME, WORK_NAME, exchange, finish
from desktop.i18n import _, number
from desktop.keys import KeyRing, read
from desktop.models import Base, journal
from desktop.models.kinds import canon
from desktop.safekeeping.backup import STAMP
from desktop.safekeeping.restore import ASIDE_NAME, number_anew
from desktop.store import Store, alone, connect, utc_now
from desktop.sync import memory

# What is made again from the rest; and how far the centre was read: what was lost of it must come once more.
_LEFT_OUT = frozenset({"application_now", "requirement_line", "search_row", "lane_position"})
_FIRST_STEP = 4096  # rows asked for at once while all is well


@dataclass(frozen=True)
class Saved:
    """What came out: entries and applications that are whole again, and how many places of the file were unreadable."""

    entries: int
    applications: int
    broken_chain: int  # entries whose neighbours are missing
    unreadable: int  # rows that could not be read

    def words(self) -> str:
        """For the person who has to decide what to write down again."""
        told = _("{count} permohonan dan {entries} catatan diselamatkan.").format(
            count=number(self.applications), entries=number(self.entries)
        )
        if not self.unreadable and not self.broken_chain:
            return told + " " + _("Tidak ada yang terlihat hilang.")
        lost = _("{count} baris tidak terbaca; sebagian mungkin sudah kembali dari catatan lain.").format(
            count=number(self.unreadable)
        )
        check = _("Cocokkan berkas hari ini dengan kertasnya. Berkas yang rusak tetap disimpan.")
        return f"{told} {lost} {check}"


def salvage(folder: Path, secret: str | None = None, *, clock: Callable[[], datetime] = utc_now) -> Saved:
    """Make a new file of what is readable and put it in place; the damaged one stays aside.

    UserError where the file cannot be opened at all (E-02, E-04), or there is no room for a second one (E-05, E-06).
    """
    with alone(folder):
        finish(folder)
        ring = read(folder / SLOTS_NAME)
        key = _key(folder / FILE_NAME, ring.candidates(secret, clock()))
        try:
            saved = _make_anew(folder, ring, key, clock)
            exchange(folder, f"{ASIDE_NAME}-{clock():{STAMP}}")
        except OSError as problem:
            raise cannot_write(folder) from problem
    return saved


def _make_anew(folder: Path, ring: KeyRing, key: str, clock: Callable[[], datetime]) -> Saved:
    work = folder / WORK_NAME
    shutil.rmtree(work, ignore_errors=True)
    store = _empty(work, ring, key, clock)
    try:
        with contextlib.closing(_Source(folder / FILE_NAME, key)) as source:
            with store.arriving() as connection:
                _carry(source, connection)
                _make_whole(connection)
            number_anew(store)
            saved = _look(store, source.unreadable)
    finally:
        store.close()
    # The new file opened with the bare key only; from here on the slots are again as they were.
    made, ring.path = read(work / SLOTS_NAME), work / SLOTS_NAME
    ring.spent_codes = sorted({*ring.spent_codes, *made.spent_codes})
    ring.save()
    return saved


def _key(path: Path, candidates: list[str]) -> str:
    for key in candidates:
        try:
            connect(path, key).close()
        except driver.DatabaseError:
            continue
        return key
    raise UserError(
        _("Bagian awal berkas data rusak; isinya tidak dapat diselamatkan dari sini. Pulihkan dari cadangan."),
        code="E-02",
    )


def _empty(work: Path, ring: KeyRing, key: str, clock: Callable[[], datetime]) -> Store:
    work.mkdir()
    KeyRing(work / SLOTS_NAME, this_pc=key, spent_codes=ring.spent_codes).save()
    return Store.open(work, clock=clock)


class _Source:
    """The damaged file, read around its holes. The connection is made anew after every error it reports."""

    def __init__(self, path: Path, key: str) -> None:
        self._path, self._key = path, key
        self._connection: Any = connect(path, key)
        self.unreadable = 0

    def close(self) -> None:
        self._connection.close()

    def rows(self, table: str, columns: list[str]) -> Iterator[tuple[Any, ...]]:
        """Every row that can be read, in the order of rowid."""
        wanted = ", ".join(f'"{column}"' for column in columns)
        query = f'SELECT rowid, {wanted} FROM "{table}" WHERE rowid BETWEEN ? AND ? ORDER BY rowid'
        span = [(1, self._last(table))]
        while span:
            first, last = span.pop()
            found = self._ask(query, (first, min(last, first + _FIRST_STEP - 1)))
            if found is not None:
                yield from (row[1:] for row in found)
                if first + _FIRST_STEP <= last:
                    span.append((first + _FIRST_STEP, last))
            elif first == last:
                self.unreadable += 1
            else:
                middle = (first + min(last, first + _FIRST_STEP - 1)) // 2
                span += [(middle + 1, last), (first, middle)]

    def _last(self, table: str) -> int:
        # By the table itself, or by an index that names every row of it.
        for query in (f'SELECT max(rowid) FROM "{table}"', f'SELECT max(+rowid) FROM "{table}"'):
            told = self._ask(query, ())
            if told is not None:
                return told[0][0] or 0
        # The last page and the index are gone: as far as two steps in a row hold nothing that can be read.
        far = empty = 0
        while empty < 2:
            there = self._ask(
                f'SELECT 1 FROM "{table}" WHERE rowid BETWEEN ? AND ? LIMIT 1', (far + 1, far + _FIRST_STEP)
            )
            empty = 0 if there else empty + 1
            far += _FIRST_STEP
        return far

    def columns(self, table: str) -> set[str]:
        """The columns the old file knows; an older program's may lack some."""
        return {row[1] for row in self._ask(f'PRAGMA table_info("{table}")', ()) or ()}

    def _ask(self, query: str, values: tuple[Any, ...]) -> list[Any] | None:
        try:
            answer: list[Any] = self._connection.execute(query, values).fetchall()
        except driver.DatabaseError:
            self._connection.close()
            self._connection = connect(self._path, self._key)
            return None
        return answer


def _carry(source: _Source, connection: Connection) -> None:
    """Everything that can be read goes over as it is; the new file's own node makes place for the old one's."""
    for table in Base.metadata.sorted_tables:
        if table.name in _LEFT_OUT:
            continue
        known = source.columns(table.name)
        columns = [column.key for column in table.columns if column.key in known]
        marks = ", ".join("?" * len(columns))
        names = ", ".join(f'"{column}"' for column in columns)
        statement = f'INSERT OR REPLACE INTO "{table.name}" ({names}) VALUES ({marks})'
        if table.name == "journal":
            statement = statement.replace("OR REPLACE", "OR IGNORE")
        for row in source.rows(table.name, columns):
            connection.exec_driver_sql(statement, row)


def _make_whole(connection: Connection) -> None:
    entries = journal.read_entries(connection)
    _set_heads(connection, entries)
    for start in range(0, len(entries), 500):
        journal.apply(connection, entries[start : start + 500])
    journal.rebuild(connection)
    known = memory.read(connection)
    if known is not None:
        # Rows that were unreadable left their places to later ones: what is not sent may lie before the old mark.
        known.sent_up_to = 0
        memory.write(connection, known)
    if connection.exec_driver_sql("SELECT 1 FROM meta WHERE name = 'desk'").first() is None:
        _find_the_desk(connection)


def _set_heads(connection: Connection, entries: list[dict[str, Any]]) -> None:
    """The node, its clock and the ends of its chains, as the entries themselves tell them."""
    state = json.loads(connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'journal'").scalar_one())
    origins = Counter(entry["origin"] for entry in entries)
    if state["node"] not in origins and origins:
        # The page with the node's name is gone: what this PC wrote most is its own.
        state["node"] = origins.most_common(1)[0][0]
    followed = {entry["prev"] for entry in entries}
    for entry in entries:
        if entry["origin"] == state["node"] and entry["hash"] not in followed:
            state["heads"][entry["lane"]] = entry["hash"]
    state["hlc"] = max([state["hlc"], *(entry["ehlc"] for entry in entries)])
    connection.exec_driver_sql("UPDATE meta SET value = ? WHERE name = 'journal'", (canon(state),))


def _find_the_desk(connection: Connection) -> None:
    """Which counter this PC is, from its own records."""
    found = connection.execute(
        text(
            "SELECT c.hall_id, c.id, d.code FROM node n JOIN counter c ON c.id = n.counter_id"
            " JOIN device_code d ON d.node_id = n.id"
            " WHERE n.id = (SELECT value ->> 'node' FROM meta WHERE name = 'journal') ORDER BY d.since DESC LIMIT 1"
        )
    ).first()
    if found is not None:
        desk = {"hall_id": found[0], "counter_id": found[1], "device_code": found[2]}
        connection.exec_driver_sql("INSERT INTO meta (name, value) VALUES ('desk', ?)", (canon(desk),))


def _look(store: Store, unreadable: int) -> Saved:
    with store.reading() as session:
        entries = journal.read_entries(session.connection())
        count = session.execute(text("SELECT count(*) FROM application")).scalar_one()
    return Saved(len(entries), count, len(journal.verify(entries)), unreadable)


