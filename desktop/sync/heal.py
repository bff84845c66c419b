"""What a counter does when histories no longer fit: the centre lost some, this file is a copy or an old image."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from sqlalchemy import text

from desktop.i18n import _
from desktop.models.local import Meta
from desktop.store import Store
from desktop.sync import memory
from desktop.sync.link import FELL_BACK, OTHER_HALL, Link, Refused
from desktop.sync.seat import sit

PAGE = 5000


def greet(store: Store, link: Link) -> None:
    """Is it the centre this PC knows, and does it still have what it had? What it lost is marked to be sent again.

    Refused where it is another centre, or an old server beside its successor.
    """
    with store.reading() as session:
        known = memory.read(session.connection())
        desk = session.get(Meta, "desk")
    assert known is not None
    hello = _hello(link, known, desk.value if desk is not None else {})
    if hello["centre_id"] != known.centre_id:
        raise Refused(_(OTHER_HALL), code="E-27")
    if hello["system_id"] == known.system_id and (hello["timeline"] or 0) < known.timeline:
        # What an old primary would take beside its successor is lost at the next change-over.
        raise Refused(_(FELL_BACK), code="E-28")
    fresh = (hello["system_id"], hello["timeline"] or 0, hello["may_write"])
    if fresh != (known.system_id, known.timeline, known.may_write):
        with store.arriving() as connection:
            known = memory.read(connection)
            assert known is not None
            known.system_id, known.timeline, known.may_write = fresh
            memory.write(connection, known)
    reconcile(store, link, is_recovering=hello["is_recovering"])


def _hello(link: Link, known: memory.Memory, desk: dict[str, Any]) -> dict[str, Any]:
    """The centre's answer; a node that it has forgotten since a restore is told to it by one that it knows."""
    try:
        return dict(link.call("hello", known.node))
    except Refused:
        for place in range(len(known.nodes) - 2, -1, -1):
            try:
                link.call("hello", known.nodes[place])
            except Refused:
                continue
            for forgotten in known.nodes[place + 1 :]:
                codes = (desk.get("device_code"), desk.get("spare_code")) if forgotten == known.node else (None, None)
                link.call("adopt", known.nodes[place], forgotten, *codes)
            return dict(link.call("hello", known.node))
        raise


def reconcile(store: Store, link: Link, *, is_recovering: bool) -> int:
    """Find out what the centre no longer has, and mark it to be sent again; how many entries.

    Own entries always; those of others only while an administrator has opened recovery: their PC may be gone.
    """
    with store.reading() as session:
        known = memory.read(session.connection())
        lanes, arrs, digs = memory.positions(session.connection())
    assert known is not None
    if not is_recovering:
        _take_back(store, known)
    stale = [next(iter(row.values())) for row in link.rows("stale", known.node, lanes, arrs, digs)] if lanes else []
    if stale:
        for other in known.nodes[:-1]:
            # The backup may be older than the day on which this one came along.
            link.call("adopt", known.node, other, None, None)
        with store.arriving() as connection:
            memory.forget_lanes(connection, stale)
            known.is_reconciling, known.recovered = True, False
            memory.write(connection, known)
    asks_for_others = is_recovering and not known.recovered
    if not known.is_reconciling and not asks_for_others:
        return 0
    lost = 0
    for eids in _acknowledged(store, known.nodes, with_others=is_recovering):
        missing = [next(iter(row.values())) for row in link.rows("missing", known.node, eids)]
        if missing:
            lost += len(missing)
            with store.arriving() as connection:
                connection.execute(
                    text("UPDATE journal SET arr = -arr WHERE eid IN (SELECT value FROM json_each(:eids)) AND arr > 0"),
                    {"eids": json.dumps(missing)},
                )
                # With the marks, not after them: cut off between the two, nobody would look there again.
                known.sent_up_to, known.is_reconciling = 0, True
                memory.write(connection, known)
    known.recovered = is_recovering
    with store.arriving() as connection:
        memory.write(connection, known)
    return lost


def _take_back(store: Store, known: memory.Memory) -> None:
    """Recovery was closed before all entries of others were sent: they would be refused, and ours with them."""
    others = f"{memory.UNSENT} AND origin NOT IN (SELECT value FROM json_each(:nodes))"
    told = {"mark": known.sent_up_to, "nodes": json.dumps(known.nodes)}
    with store.reading() as session:
        if session.execute(text(f"SELECT 1 FROM journal WHERE {others} LIMIT 1"), told).first() is None:
            return
    with store.arriving() as connection:
        connection.execute(text(f"UPDATE journal SET arr = -arr WHERE {others}"), told)


def _acknowledged(store: Store, nodes: list[str], *, with_others: bool) -> Iterator[list[str]]:
    """The ids of entries that the centre had, in pages."""
    after = 0
    while True:
        with store.reading() as session:
            rows = session.execute(
                text(
                    "SELECT rowid, eid FROM journal WHERE rowid > :after AND arr > 0 AND payload IS NOT NULL"
                    " AND (:others OR origin IN (SELECT value FROM json_each(:nodes))) ORDER BY rowid LIMIT :page"
                ),
                {"after": after, "others": with_others, "nodes": json.dumps(nodes), "page": PAGE},
            ).all()
        if not rows:
            return
        yield [row[1] for row in rows]
        after = rows[-1][0]


def part(store: Store, link: Link, *, app_version: str) -> None:
    """This file turned out to be a copy of another PC's, or an old image of its own: it goes on as a node of its own.

    What is saved from now on stands in new lanes, and its numbers begin with a code that nobody else has.
    """
    with store.reading() as session:
        known = memory.read(session.connection())
    assert known is not None
    granted = link.call("part", known.node)
    with store.arriving() as connection:
        known = memory.read(connection)
        assert known is not None
        known.nodes.append(granted["node_id"])
        known.starts = [store.start_id]
        memory.write(connection, known)
        memory.name_node(connection, granted["node_id"])
    sit(store, granted, app_version=app_version)
