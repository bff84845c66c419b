"""Does every row show what its newest entry says? One that was changed past the journal is found, and shows it again.

The journal is this file's own account of its rows, and its entries carry the hash of their contents: so a row can be
judged without a network, and an entry that no longer fits its hash never mends one.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, text

from desktop.models import journal
from desktop.models.base import Record, record_classes
from desktop.models.kinds import stored

Row = Mapping[str, Any]
# As few as leave the interpreter to a key press between two of them: 500 take some 10 ms.
PAGE = 500
_NEWEST = """
SELECT rowid AS n, eid, ehlc, table_name, row_id, payload, salt, body_hash FROM journal j
WHERE rowid > :after AND payload IS NOT NULL AND NOT EXISTS (
    SELECT 1 FROM journal later WHERE later.row_id = j.row_id AND later.table_name = j.table_name
        AND (later.ehlc, later.eid) > (j.ehlc, j.eid) AND later.payload IS NOT NULL)
ORDER BY rowid LIMIT :page
"""


@dataclass(frozen=True)
class Page:
    """``astray``: rows as (table, id) that are not what their newest entry says; ``unsure``: those whose entry is not
    what was written either; ``last``: the journal row to go on after, None at the end."""

    astray: frozenset[tuple[str, str]]
    unsure: frozenset[tuple[str, str]]
    last: int | None


def look(connection: Connection, after: int = 0) -> Page:
    """Compare the rows of the next entries. What this program cannot read, or never kept, is left out."""
    entries = connection.execute(text(_NEWEST), {"after": after, "page": PAGE}).mappings().all()
    by_table: dict[str, list[Row]] = defaultdict(list)
    for found in entries:
        by_table[found["table_name"]].append(dict(found))
    astray: set[tuple[str, str]] = set()
    unsure: set[tuple[str, str]] = set()
    classes = record_classes()
    for table in by_table.keys() & classes.keys():
        ids = json.dumps([entry["row_id"] for entry in by_table[table]])
        rows = connection.exec_driver_sql(
            f'SELECT * FROM "{table}" WHERE id IN (SELECT value FROM json_each(?))', (ids,)
        ).mappings()
        shown: dict[str, Row] = {row["id"]: dict(row) for row in rows}
        for entry in by_table[table]:
            if _is_astray(classes[table], entry, shown.get(entry["row_id"])):
                is_true = entry["body_hash"] == journal.body_hash(entry["salt"] or "", entry["payload"])
                (astray if is_true else unsure).add((table, entry["row_id"]))
    return Page(frozenset(astray), frozenset(unsure), entries[-1]["n"] if len(entries) == PAGE else None)


def mend(connection: Connection, rows: Collection[tuple[str, str]]) -> None:
    """Let these rows show again what the journal says, and make again what was added up from them."""
    classes = record_classes()
    stale = set()
    for table, row_id in rows:
        # The same row under another id is this one, changed: its version says so.
        connection.exec_driver_sql(
            f'DELETE FROM "{table}" WHERE id <> ? AND eid IN (SELECT eid FROM journal WHERE row_id = ?)',
            (row_id, row_id),
        )
        row = connection.exec_driver_sql(f'SELECT * FROM "{table}" WHERE id = ?', (row_id,)).mappings().first()
        if row is not None:
            stale |= set(classes[table].projections(dict(row)))
    journal.restate(connection, rows)
    for projection, key in stale:
        projection(connection, (key,))


def _is_astray(record_class: type[Record], entry: Row, row: Row | None) -> bool:
    try:
        payload = json.loads(entry["payload"])
        kept = _kept(record_class)
        told = {
            name: None if value is None else kept[name](value) for name, value in payload.items() if name in kept
        }
    except journal.UNFIT:
        return False  # it made no row here
    if row is None:
        return True
    if row["eid"] == entry["eid"]:
        return row["ehlc"] != entry["ehlc"] or not _agrees(payload, told, row)
    # A later version whose entry is not here was saved from a damaged file: what it shows is not to be lost.
    return bool(row["ehlc"] <= entry["ehlc"])


def _agrees(payload: Row, told: Row, row: Row) -> bool:
    """On all that the entry names. What else the row holds came from the centre, which completes older programs."""
    if any(row[name] != value for name, value in told.items()):
        return False
    unknown = {name: value for name, value in payload.items() if name not in told and name != "id"}
    if not unknown:
        return True
    try:
        extra = json.loads(row["extra"] or "{}")
    except ValueError:
        return False
    return unknown.items() <= extra.items() if isinstance(extra, dict) else False


@lru_cache(maxsize=64)
def _kept(record_class: type[Record]) -> dict[str, Callable[[Any], Any]]:
    """How each column but the id stores what a payload names."""
    columns = record_class.__table__.columns
    return {name: stored(columns[name].type) for name in record_class.payload_columns() if name != "id"}
