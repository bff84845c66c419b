"""The journal: an entry for every saved record (writing.py), and the one rule by which entries become rows.

The entry's id names the change; (ehlc, eid) orders changes; each lane (node and scope) is a chain of hashes that shows
any later edit, drop or reorder. See sync.md section 1 and foundation.md section 6 for the protocol this serves.
"""

import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import BigInteger, Connection, Index, String, select, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, Projection, Record, record_classes
from desktop.models.kinds import Key, canon, pack, stored, stored_as_it_is

log = logging.getLogger("loket.journal")

SCHEMA_VERSION = 1
GENESIS = ""


class Entry(Base):
    """A line of the journal; see ``COLUMNS`` for their order on the way in."""

    __tablename__ = "journal"
    # Two edits of one version met: few entries have a base, so looking for pairs costs nothing.
    __table_args__ = (Index("ix_journal_base", "base", sqlite_where=text("base IS NOT NULL")),)

    eid: Mapped[str] = mapped_column(Key(), primary_key=True)
    lane: Mapped[str] = mapped_column(String(80), index=True)
    scope: Mapped[str] = mapped_column(String(8))
    agency_id: Mapped[str | None] = mapped_column(Key())
    origin: Mapped[str] = mapped_column(Key())
    start_id: Mapped[str] = mapped_column(Key())
    hlc: Mapped[int] = mapped_column(BigInteger)
    ehlc: Mapped[int] = mapped_column(BigInteger)
    table_name: Mapped[str] = mapped_column(String(40))
    row_id: Mapped[str] = mapped_column(Key(), index=True)
    op: Mapped[str] = mapped_column(String(8))
    base: Mapped[str | None] = mapped_column(Key())
    schema_v: Mapped[int]
    officer_id: Mapped[str | None] = mapped_column(Key())
    payload: Mapped[str | None]
    salt: Mapped[str | None] = mapped_column(String(32))
    body_hash: Mapped[str] = mapped_column(String(64))
    prev: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(String(64), index=True)
    # The centre's arrival number in the lane; null until it has acknowledged the entry, 0 if it never travels, and
    # negative when the centre lost what it had acknowledged.
    arr: Mapped[int | None] = mapped_column(BigInteger)


COLUMNS = tuple(column.key for column in Entry.__table__.columns)
_in_order = itemgetter(*COLUMNS)
# Everything the counter set, in one order for every program that checks a chain; ehlc and arr are the centre's.
_SIGNED = (
    "eid",
    "lane",
    "scope",
    "agency_id",
    "origin",
    "start_id",
    "hlc",
    "table_name",
    "row_id",
    "op",
    "base",
    "schema_v",
    "officer_id",
    "body_hash",
    "prev",
)
INSERT = f"INSERT INTO journal ({', '.join(COLUMNS)}) VALUES ({', '.join('?' * len(COLUMNS))})"
# An entry that is known gets its place at the centre, and the stamp that is the same for all.
_TAKE = (
    f"{INSERT} ON CONFLICT (eid) DO UPDATE SET ehlc = excluded.ehlc, arr = excluded.arr"
    " WHERE excluded.arr IS NOT NULL"
)


def body_hash(salt: str, payload: str) -> str:
    """The hash that stays when payload and salt are erased at the end of retention."""
    return hashlib.sha256(f"{salt}\n{payload}".encode()).hexdigest()


def entry_hash(entry: Mapping[str, Any]) -> str:
    """The link: over the body's hash, the previous link of the lane and every column set at the counter."""
    return hashlib.sha256(canon([entry[name] for name in _SIGNED]).encode()).hexdigest()


def refresh(connection: Connection, stale: Mapping[Projection, Collection[str]]) -> None:
    """Bring these keys of each projection up to date."""
    for projection, keys in stale.items():
        projection(connection, keys)


# ---------------------------------------------------------------------------------------------------------------------
# Applying: entries of any origin, in any order, as often as they come


def apply(connection: Connection, entries: Iterable[Mapping[str, Any]]) -> frozenset[str]:
    """Take entries into the journal and let each row show its greatest version; returns the tables touched.

    Order, repetition and the split into calls make no difference. Keys an entry does not know keep the row's value,
    keys this program does not know are kept in ``extra``. Entries of unknown tables, and those that make no row here,
    are only journalled: one bad entry must not keep out what follows. ``filled`` is what the centre completed of an
    older program's row. The local clock moves past every stamp heard, so that what is saved next comes later than all
    that is known here.
    """
    classes = record_classes()
    batch = list(entries)
    if not batch:
        return frozenset()
    connection.exec_driver_sql(_TAKE, [_in_order(entry) for entry in batch])
    stale: dict[Projection, set[str]] = defaultdict(set)
    by_shape: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = defaultdict(list)
    for entry in batch:
        record_class = classes.get(entry["table_name"])
        if record_class is None or entry["payload"] is None:
            continue
        try:
            payload, present, row = _row(record_class, entry)
        except UNFIT as problem:
            log.warning("an entry of %s makes no row here: %s", entry["table_name"], type(problem).__name__)
            continue
        by_shape[entry["table_name"], present].append(row)
        for projection, key in record_class.projections(payload):
            stale[projection].add(key)
    for (table, present), rows in by_shape.items():
        connection.exec_driver_sql(_upsert(classes[table], present).statement, rows)
    _hear(connection, max(entry["ehlc"] for entry in batch))
    refresh(connection, stale)
    return frozenset(table for table, _ in by_shape)


# What a value raises that this program cannot keep; the centre, which reads otherwise, may well have taken it.
UNFIT = (ValueError, TypeError, AttributeError, RecursionError)


def _row(
    record_class: type[Record], entry: Mapping[str, Any]
) -> tuple[dict[str, Any], tuple[str, ...], tuple[Any, ...]]:
    """The row an entry makes: whole, the columns it names, and as ``_Upsert`` stores it. One of UNFIT if none."""
    payload = json.loads(entry["payload"])
    if entry.get("filled"):
        payload = {**json.loads(entry["filled"]), **payload}
    # Which row it is says the entry, as at the centre: an id inside could name another.
    payload["id"] = entry["row_id"]
    present = record_class.payload_columns()
    extra = None
    if len(payload) != len(present) or not all(map(payload.__contains__, present)):
        present = tuple(name for name in present if name in payload)
        unknown = {name: value for name, value in payload.items() if name not in present}
        extra = canon(unknown) if unknown else None
    return payload, present, (*_upsert(record_class, present).values(payload), entry["ehlc"], entry["eid"], extra)


class _Upsert:
    """INSERT with the model's defaults for missing columns; UPDATE only what the entry names, if it is the greater.

    Written out, and its values stored as they travel: through SQLAlchemy's kinds every moment would be read and
    written again, and a first load take twice as long.
    """

    def __init__(self, record_class: type[Record], present: tuple[str, ...]) -> None:
        table = record_class.__table__
        kinds = [(name, table.columns[name].type) for name in present]
        self._kept = [(name, stored_as_it_is(kind), stored(kind)) for name, kind in kinds]
        self._defaults = []
        missing = []
        for column in table.columns:
            default: Any = column.default
            if column.key not in present and default is not None:
                value = default.arg if default.is_scalar else default.arg(None)
                missing.append(column.key)
                self._defaults.append(None if value is None else stored(column.type)(pack(value)))
        names = (*present, *missing, "ehlc", "eid", "extra")
        changes = ", ".join(f'"{name}" = excluded."{name}"' for name in (*present, *names[-3:]) if name != "id")
        self.insert = (
            f'INSERT INTO "{record_class.__tablename__}" AS t ({", ".join(map(_quoted, names))})'
            f" VALUES ({', '.join('?' * len(names))})"
        )
        self.statement = (
            f"{self.insert} ON CONFLICT (id) DO UPDATE SET {changes}"
            " WHERE (excluded.ehlc, excluded.eid) > (t.ehlc, t.eid) OR excluded.eid = t.eid"
        )

    def values(self, payload: Mapping[str, Any]) -> list[Any]:
        """What stands before ehlc, eid and extra."""
        return [
            value if (value := payload[name]) is None or type(value) is kind else keep(value)
            for name, kind, keep in self._kept
        ] + self._defaults


def _quoted(name: str) -> str:
    return f'"{name}"'


_upsert = lru_cache(maxsize=256)(_Upsert)


def insert(
    connection: Connection, record_class: type[Record], made: Sequence[tuple[Record, Mapping[str, Any]]]
) -> None:
    """The rows of new records of one class, each with its payload, as they come to stand at every other counter."""
    shape = _upsert(record_class, record_class.payload_columns())
    rows = [
        (*shape.values(payload), record.ehlc, record.eid, canon(record.extra) if record.extra else None)
        for record, payload in made
    ]
    connection.exec_driver_sql(shape.insert, rows)


def acknowledge(connection: Connection, stamps: Sequence[tuple[int, int, str]]) -> None:
    """Own entries came back from the centre as (arr, ehlc, eid): what it has is durable there.

    Where the centre moved a stamp (a clock that ran ahead), another version may now be the greater one.
    """
    moved = connection.execute(
        text(
            "SELECT j.table_name, j.row_id FROM journal j JOIN json_each(:stamps) s ON j.eid = s.value ->> 2"
            " WHERE j.ehlc <> s.value ->> 1"
        ),
        {"stamps": json.dumps(stamps)},
    ).all()
    connection.exec_driver_sql("UPDATE journal SET arr = ?, ehlc = ? WHERE eid = ?", [tuple(one) for one in stamps])
    if moved:
        restate(connection, {(table, row_id) for table, row_id in moved})


def restate(connection: Connection, rows: Collection[tuple[str, str]]) -> None:
    """Let these rows, as (table, id), show their greatest version again, from the entries that are here."""
    classes = record_classes()
    for table, row_id in rows:
        if table in classes:
            connection.exec_driver_sql(f"UPDATE {table} SET ehlc = -1, eid = '' WHERE id = ?", (row_id,))
    entries = connection.execute(
        text("SELECT * FROM journal WHERE row_id IN (SELECT value FROM json_each(:rows))"),
        {"rows": json.dumps([row_id for _table, row_id in rows])},
    ).mappings()
    apply(connection, [dict(entry) for entry in entries])


def _hear(connection: Connection, stamp: int) -> None:
    connection.exec_driver_sql(
        "UPDATE meta SET value = json_set(value, '$.hlc', max(json_extract(value, '$.hlc'), ?)) WHERE name = 'journal'",
        (stamp,),
    )


def replay(connection: Connection) -> None:
    """After an update: entries of newer programs, whose tables or columns were unknown here, become rows again."""
    before = connection.exec_driver_sql(
        "SELECT coalesce(value ->> 'schema_v', 1) FROM meta WHERE name = 'journal'"
    ).scalar_one()
    if before >= SCHEMA_VERSION:
        return
    newer = connection.execute(text("SELECT * FROM journal WHERE schema_v > :v"), {"v": before}).mappings()
    apply(connection, [dict(entry) for entry in newer])
    connection.exec_driver_sql(
        "UPDATE meta SET value = json_set(value, '$.schema_v', ?) WHERE name = 'journal'", (SCHEMA_VERSION,)
    )


def rebuild(connection: Connection) -> None:
    """Make every projection again from the records."""
    for record_class in record_classes().values():
        stale: dict[Projection, set[str]] = defaultdict(set)
        for row in connection.execute(select(record_class.__table__)).mappings():
            for projection, key in record_class.projections(row):  # type: ignore[arg-type]
                stale[projection].add(key)
        refresh(connection, stale)


# ---------------------------------------------------------------------------------------------------------------------
# Verifying


@dataclass(frozen=True)
class Finding:
    """What is wrong with a chain: ``kind`` is body, link, gap or fork, at the entry ``eid`` of ``lane``."""

    lane: str
    eid: str
    kind: str


def verify(entries: Sequence[Mapping[str, Any]]) -> list[Finding]:
    """Check the chains of these entries (in any order): contents, links, and one unbroken line per lane.

    ``gap``: the entry before is not here (dropped, or not yet arrived); ``fork``: two entries follow the same one,
    as after a copied disk.
    """
    findings = []
    lanes: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for entry in entries:
        lanes[entry["lane"]].append(entry)
    for lane, chain in lanes.items():
        links = {entry["hash"] for entry in chain}
        followed: set[str] = set()
        for entry in chain:
            payload, salt = entry["payload"], entry["salt"]
            if payload is not None and entry["body_hash"] != body_hash(salt or "", payload):
                findings.append(Finding(lane, entry["eid"], "body"))
            if entry["hash"] != entry_hash(entry):
                findings.append(Finding(lane, entry["eid"], "link"))
            if entry["prev"] != GENESIS and entry["prev"] not in links:
                findings.append(Finding(lane, entry["eid"], "gap"))
            if entry["prev"] in followed:
                findings.append(Finding(lane, entry["eid"], "fork"))
            followed.add(entry["prev"])
    return findings


def read_entries(connection: Connection) -> list[dict[str, Any]]:
    """Every entry of this file, oldest first."""
    return [dict(row) for row in connection.execute(text("SELECT * FROM journal ORDER BY rowid")).mappings()]
