"""Compares this PC with its centre for support: nothing is changed at either end."""

from __future__ import annotations

import json
from dataclasses import dataclass

import psycopg
from sqlalchemy import text

from desktop.store import Store
from desktop.sync import memory, neighbours
from desktop.sync.address import trouble
from desktop.sync.link import Link
from desktop.sync.worker import Connect

PAGE = 5000


@dataclass(frozen=True)
class Comparison:
    """``pending``: not acknowledged yet; ``lacking``: acknowledged once, and no longer at the centre; ``skew_ms``: how
    far this PC's clock is ahead."""

    pending: int
    lacking: int
    skew_ms: int


def compare(store: Store, connect: Connect) -> Comparison:
    """Ask the centre for what this PC has there. UserError says why there is no answer."""
    with store.reading() as session:
        connection = session.connection()
        known = memory.read(connection)
        pending = memory.pending(connection, known) if known is not None else 0
        eids = list(
            session.execute(
                text("SELECT eid FROM journal WHERE arr > 0 AND origin IN (SELECT value FROM json_each(:nodes))"),
                {"nodes": json.dumps(known.nodes if known is not None else [])},
            ).scalars()
        )
    link = Link(connect())
    try:
        if known is None:
            return Comparison(0, 0, 0)
        now_ms = link.call("hello", known.node)["now_ms"]
        skew = round(store.clock().timestamp() * 1000) - now_ms
        lacking = sum(
            len(link.rows("missing", known.node, eids[place : place + PAGE])) for place in range(0, len(eids), PAGE)
        )
        neighbours.take(store, link)
    except psycopg.Error as problem:
        raise trouble(problem) from problem
    finally:
        link.close()
    return Comparison(pending, lacking, skew)
