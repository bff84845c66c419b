"""What the centre knows of the hall's PCs, kept here so that a day's figures say offline too how complete they are."""

from __future__ import annotations

from typing import Any

from desktop.models.kinds import canon
from desktop.store import Store
from desktop.sync import memory
from desktop.sync.link import Link

# The row of ``meta``, and what news of it is called among the tables that changed.
NAME = "hall"


def take(store: Store, link: Link) -> None:
    """Ask for every PC of the hall, and keep the answer with its moment. Raises Refused or psycopg.Error."""
    with store.reading() as session:
        known = memory.read(session.connection())
    assert known is not None
    pcs = [{**_plain(row), "is_here": row["node_id"] in known.nodes} for row in link.rows("counters", known.node)]
    with store.arriving() as connection:
        connection.exec_driver_sql(
            "INSERT INTO meta (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
            (NAME, canon({"at": store.clock().isoformat(), "pcs": pcs})),
        )
    store.announce(frozenset({NAME}))


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    moments = ("last_push_at", "last_seen_at")
    return {name: row[name].isoformat() if name in moments and row[name] else row[name] for name in row}
