"""From the local file to the centre, applied there; against bare COPY of the same entries, same commits."""

from __future__ import annotations

from typing import Any

import psycopg

from desktop.store import Store
from desktop.sync.link import Link
from desktop.sync.push import LIMIT, push
from tests.benchmarks.hall import VERSION, Bench, bench_centre, entries_of, lived
from tests.benchmarks.measuring import Figure, compared, paired, seconds

COLUMNS = (
    "eid", "lane", "scope", "agency_id", "origin", "start_id", "hlc", "ehlc", "table_name", "row_id", "op", "base",
    "schema_v", "officer_id", "payload", "salt", "body_hash", "prev", "hash",
)  # fmt: skip


def run(quick: bool) -> list[Figure]:
    """Entries a second, every defence on."""
    with bench_centre() as bench:
        store, _desk, _officer = lived(bench, "a", days=20 if quick else 60, per_day=30 if quick else 60)
        link = bench.join(store, "A", bench.agencies(store), is_admin=True)
        count = forget(bench, store)
        entries = entries_of(store, 10**6)
        bench.connection.execute("CREATE TABLE public.plain (" + ", ".join(f"{name} text" for name in COLUMNS) + ")")
        with psycopg.connect(bench.server.dsn("loket")) as copier:
            ours, base = paired(
                lambda: count / pushed(bench, store, link), lambda: len(entries) / copied(bench, copier, entries),
                pairs=3 if quick else 7,
            )  # fmt: skip
        link.close()
        store.close()
    return [compared("push", "entries/s", ours, base, goal=">= 0.5 of bare COPY", holds=lambda ratio: ratio >= 0.5,
                     note=f"{count:,} entries")]  # fmt: skip


def forget(bench: Bench, store: Store) -> int:
    """Centre and file as before the push; how many entries are to be sent."""
    tables = bench.connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'record'").fetchall()
    record = ", ".join(f"record.{name}" for (name,) in tables if name != "alembic_version")
    bench.connection.execute(f"TRUNCATE sync.journal, sync.lane, sync.quarantine, {record}")
    bench.tidy()
    with store.arriving() as connection:
        connection.exec_driver_sql("UPDATE journal SET arr = NULL")
        connection.exec_driver_sql("UPDATE meta SET value = json_set(value, '$.sent_up_to', 0) WHERE name = 'sync'")
        return int(connection.exec_driver_sql("SELECT count(*) FROM journal").scalar_one())


def pushed(bench: Bench, store: Store, link: Link) -> float:
    forget(bench, store)
    return seconds(lambda: push(store, link, app_version=VERSION))


def copied(bench: Bench, connection: psycopg.Connection[Any], entries: list[dict[str, Any]]) -> float:
    bench.connection.execute("TRUNCATE public.plain")
    bench.tidy()

    def work() -> None:
        for place in range(0, len(entries), LIMIT):
            with connection.cursor() as cursor, cursor.copy(f"COPY plain ({', '.join(COLUMNS)}) FROM STDIN") as copy:
                for entry in entries[place : place + LIMIT]:
                    copy.write_row([entry[name] for name in COLUMNS])
            connection.commit()

    return seconds(work)
