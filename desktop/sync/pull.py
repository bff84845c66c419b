"""Takes what the other counters saved, and the acknowledgement of what was saved here."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
from sqlalchemy import Connection, text

from desktop.models import journal
from desktop.store import Store
from desktop.sync import memory
from desktop.sync.link import Link

LIMIT = 1000
# Characters of contents after which the centre ends a page.
FULL = 4_000_000
# Entries a transaction: a save at the desk waits for one such piece at most (9 ms at p99 beside a bulk pull).
PIECE = 50


def pull(
    store: Store, link: Link, *, piece: int = PIECE, progress: Callable[[int], None] = lambda _came: None
) -> int:
    """Read every lane this PC may see to its end; how many entries came. Listeners hear of each piece.

    The first load is the same with larger pieces, while nobody works yet; ``progress`` hears how many have come.

    Raises Refused or psycopg.Error; what was taken until then is kept, and the next call goes on there.
    """
    came = 0
    with ThreadPoolExecutor(1, "sync-ahead") as ahead:
        known, had = _where(store)
        page = _page(link, known, had)
        while True:
            had = _check_unbroken(page, had)
            is_last = len(page) < LIMIT and sum(len(row["payload"] or "") for row in page) < FULL
            # The centre looks for the next page while this one is written.
            coming = None if is_last else ahead.submit(_page, link, known, had)
            if not _take_page(store, page, piece):
                # own entries were lost here: the same page again, with their contents
                known, had = _where(store)
                page = _page(link, known, had)
                continue
            came += len(page)
            progress(came)
            if coming is None:
                _all_read(store)
                return came
            page = coming.result()


def _where(store: Store) -> tuple[memory.Memory, dict[int, int]]:
    """Who this PC is at the centre, and the arrival number up to which it has each lane."""
    with store.reading() as session:
        known = memory.read(session.connection())
        lanes, arrs, _digs = memory.positions(session.connection())
    assert known is not None
    return known, dict(zip(lanes, arrs, strict=True))


def _page(link: Link, known: memory.Memory, had: dict[int, int]) -> list[dict[str, Any]]:
    return link.rows("pull", known.node, list(had), list(had.values()), LIMIT, known.wants_own)


def _check_unbroken(page: Sequence[dict[str, Any]], had: dict[int, int]) -> dict[int, int]:
    """Arrival numbers of a lane have no gap: a page that had one would move the position past what never came.

    Returns how far the page leads.
    """
    reached = dict(had)
    for row in page:
        if row["arr"] != reached.get(row["lane_id"], 0) + 1:
            raise psycopg.DataError("a page of the centre has a gap")
        reached[row["lane_id"]] = row["arr"]
    return reached


def _take_page(store: Store, page: Sequence[dict[str, Any]], piece: int) -> bool:
    for place in range(0, len(page), piece):
        with store.arriving() as connection:
            tables = _take(connection, page[place : place + piece])
        if tables is None:
            return False
        store.announce(tables)
    return True


def ask_for(store: Store, link: Link, number: str) -> bool:
    """Fetch the hall-wide part of a file that is not here yet, by its 14 digits; whether the centre has it."""
    with store.reading() as session:
        known = memory.read(session.connection())
    assert known is not None
    entries = link.rows("find", known.node, number)
    if entries:
        with store.arriving() as connection:
            tables = journal.apply(connection, entries)
        store.announce(tables)
    return bool(entries)


def take_healed(store: Store, link: Link) -> int:
    """Entries that were put aside and have become rows at the centre since become rows here too; how many."""
    with store.reading() as session:
        known = memory.read(session.connection())
        waiting = list(session.execute(text("SELECT eid FROM refused_entry")).scalars())
    if not waiting or known is None:
        return 0
    entries = link.rows("healed", known.node, waiting)
    if entries:
        with store.arriving() as connection:
            tables = journal.apply(connection, entries)
            connection.execute(
                text("DELETE FROM refused_entry WHERE eid IN (SELECT value FROM json_each(:eids))"),
                {"eids": json.dumps([entry["eid"] for entry in entries])},
            )
        store.announce(tables | {"refused_entry"})
    return len(entries)


def _take(connection: Connection, rows: Sequence[dict[str, Any]]) -> frozenset[str] | None:
    """One piece in one transaction; None if own entries came without contents that this file does not have."""
    known = memory.read(connection)
    assert known is not None
    own = [row for row in rows if row["is_own"]]
    if own and not known.wants_own and _lacks(connection, own):
        known.wants_own = True
        memory.write(connection, known)
        return None
    # Stamps first: where one moved, the row is decided again among what is here, and then against what arrives.
    known_before = rows if known.is_reconciling else own
    if known_before:
        if any(row["ehlc"] < row["hlc"] for row in own) and not known.clock_ran_ahead:
            known.clock_ran_ahead = True
            memory.write(connection, known)
        journal.acknowledge(connection, [(row["arr"], _stamp(row), row["eid"]) for row in known_before])
    # A file restored from an old image takes back what it lost, as if it were anybody's.
    foreign = [row for row in rows if not row["is_own"] and row["state"] is None]
    lost = [{**row, "ehlc": _stamp(row)} for row in own] if known.wants_own else []
    tables = journal.apply(connection, [*foreign, *lost]) | {"journal"}
    refused = [(row["eid"], row["state"], row["is_own"]) for row in rows if row["state"] is not None]
    if refused:
        connection.exec_driver_sql(
            "INSERT OR REPLACE INTO refused_entry (eid, state, is_own) VALUES (?, ?, ?)", refused
        )
        tables |= {"refused_entry"}
    memory.move_on(connection, {row["lane_id"]: (row["arr"], row["dig"]) for row in rows})
    return tables


def _stamp(row: dict[str, Any]) -> int:
    """What the centre has put aside loses against every version it shows, here too."""
    return int(row["ehlc"]) if row["state"] is None else -1


def _lacks(connection: Connection, own: Sequence[dict[str, Any]]) -> bool:
    here = connection.execute(
        text("SELECT count(*) FROM journal WHERE eid IN (SELECT value FROM json_each(:eids))"),
        {"eids": json.dumps([row["eid"] for row in own])},
    ).scalar_one()
    return bool(here < len(own))


def _all_read(store: Store) -> None:
    """Every lane is at its end: put down what was only needed on the way, if anything was."""
    with store.reading() as session:
        known = memory.read(session.connection())
        assert known is not None
        is_calm = memory.pending(session.connection(), known) == 0
        mark = memory.first_unsent(session.connection(), known)
    has_news = known.wants_own or (is_calm and (known.clock_ran_ahead or known.is_reconciling))
    # Where to look for unsent entries is kept now and then only: a durable commit after each save would cost the desk.
    if not has_news and mark < known.sent_up_to + LIMIT:
        return
    with store.arriving() as connection:
        known = memory.read(connection)
        assert known is not None
        known.wants_own = False
        known.sent_up_to = memory.first_unsent(connection, known)
        if memory.pending(connection, known) == 0:
            if known.clock_ran_ahead:
                # Else a PC that was once in 2076 would stay there, and win every edit.
                connection.exec_driver_sql(
                    "UPDATE meta SET value = json_set(value, '$.hlc', (SELECT coalesce(max(ehlc), 0) FROM journal))"
                    " WHERE name = 'journal'"
                )
            known.clock_ran_ahead = known.is_reconciling = False
        memory.write(connection, known)

