"""From the centre into another counter's tables, beside a working desk and as the first load of an empty one; against
executemany of the same rows into the same tables with the same commits."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from desktop.models import Base
from desktop.models.base import record_classes
from desktop.store import Store
from desktop.sync.pull import PIECE, pull
from tests.benchmarks.hall import Bench, bench_centre, lived
from tests.benchmarks.measuring import Figure, compared, paired, seconds

FIRST_LOAD_PIECE = 1000


def run(quick: bool) -> list[Figure]:
    """Entries a second of pull, and of a first load."""
    with bench_centre() as bench:
        store, _desk, _officer = lived(bench, "a", days=20 if quick else 60, per_day=30 if quick else 60)
        agencies = bench.agencies(store)
        bench.join(store, "A", agencies, is_admin=True).close()
        rows = rows_of(store)
        figures = []
        for name, piece in (("pull", PIECE), ("first load", FIRST_LOAD_PIECE)):
            figures.append(one(bench, name, piece, agencies, rows, pairs=3 if quick else 7))
        store.close()
    return figures


def one(bench: Bench, name: str, piece: int, agencies: list[str], rows: dict[str, list[dict[str, Any]]], *,
        pairs: int) -> Figure:  # fmt: skip
    names = itertools.count()
    count = len(rows["journal"])
    reader = bench.new_store(f"{name}-reader")
    link = bench.join(reader, name, agencies)

    def ours() -> float:
        empty(reader)
        return count / seconds(lambda: pull(reader, link, piece=piece))

    def base() -> float:
        store = bench.new_store(f"{name}-plain-{next(names)}")
        try:
            return count / seconds(lambda: write(store, rows, piece))
        finally:
            store.close()

    found = paired(ours, base, pairs=pairs)
    link.close()
    reader.close()
    return compared(name, "entries/s", *found, goal=">= 0.5 of executemany", holds=lambda ratio: ratio >= 0.5,
                    note=f"{count:,} entries, {piece} a commit")  # fmt: skip


def rows_of(store: Store) -> dict[str, list[dict[str, Any]]]:
    """The rows of every record table, and the journal."""
    found = {}
    with store.reading() as session:
        for table in (*record_classes(), "journal"):
            rows = session.execute(text(f'SELECT * FROM "{table}"')).mappings()
            found[table] = [dict(row) for row in rows]
    return found


def write(store: Store, rows: dict[str, list[dict[str, Any]]], piece: int) -> None:
    """Executemany, as many rows a commit as a piece of entries makes."""
    journal = rows["journal"]
    others = [(table, row) for table, found in rows.items() if table != "journal" for row in found]
    share = max(1, round(piece * len(others) / len(journal)))
    for entries, made in itertools.zip_longest(parts(journal, piece), parts(others, share), fillvalue=()):
        with store.arriving() as connection:
            if entries:
                connection.exec_driver_sql(statement("journal"), [tuple(row.values()) for row in entries])
            for table, group in itertools.groupby(made, key=lambda pair: pair[0]):
                connection.exec_driver_sql(statement(table), [tuple(row.values()) for _table, row in group])


def statement(table: str) -> str:
    columns = Base.metadata.tables[table].columns
    return f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(columns))})'


def parts(rows: list[Any], size: int) -> Iterator[list[Any]]:
    return (rows[place : place + size] for place in range(0, len(rows), size))


def empty(store: Store) -> None:
    """The reader has read nothing yet."""
    with store.arriving() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_is_never_deleted")
        local = ("journal", "lane_position", "application_now", "requirement_line", "search_row")
        for table in (*record_classes(), *local):
            connection.exec_driver_sql(f'DELETE FROM "{table}"')
        connection.exec_driver_sql("DELETE FROM party_fts")
        connection.exec_driver_sql(
            "CREATE TRIGGER journal_is_never_deleted BEFORE DELETE ON journal"
            " BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END"
        )


