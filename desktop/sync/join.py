"""How a PC comes into a hall: it takes the node the centre made for it, reads what the hall knows, and sits down."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import text

from desktop.i18n import _
from desktop.models import journal
from desktop.models.local import Meta
from desktop.store import Store
from desktop.sync import heal, memory
from desktop.sync.link import Link, Refused
from desktop.sync.pull import pull
from desktop.sync.push import push
from desktop.sync.seat import sit


def join(
    store: Store,
    link: Link,
    node_id: str,
    *,
    app_version: str,
    progress: Callable[[int], None] = lambda _came: None,
) -> None:
    """Make this file a node of the centre behind ``link``; what it saved before, alone or let in once, goes along.

    May be called again where it was cut off. ``progress`` hears how many entries have come. Refused when this PC
    belongs to another centre or the hall has no records yet; Refused and psycopg.Error as the link raises them.
    """
    granted = link.call("hello", node_id)
    with store.reading() as session:
        known = memory.read(session.connection())
        state = session.get_one(Meta, "journal").value
        was_used = session.execute(text("SELECT EXISTS (SELECT 1 FROM journal)")).scalar_one()
    if known is not None and known.centre_id != granted["centre_id"]:
        raise Refused(
            _("PC ini sudah terdaftar pada pusat data lain. Datanya tidak diubah. Hubungi admin."), code="E-27"
        )
    if known is None:
        alone = [state["node"]] if was_used else []
        for old in alone:
            link.call("adopt", node_id, old, None, None)
        known = memory.Memory(
            nodes=[*alone, node_id], may_write=granted["may_write"], centre_id=granted["centre_id"],
            system_id=granted["system_id"], timeline=granted["timeline"] or 0, starts=[store.start_id],
        )  # fmt: skip
        with store.arriving() as connection:
            memory.write(connection, known)
            memory.name_node(connection, node_id)
            if known.may_write != "admin":
                _yield_seeds(connection, alone)
    elif node_id not in known.nodes:
        _come_back(store, link, node_id, known)
    heal.reconcile(store, link, is_recovering=granted["is_recovering"])
    push(store, link, app_version=app_version, is_greeting=True)
    pull(store, link, piece=1000, progress=progress)
    sit(store, {**granted, "node_id": node_id}, app_version=app_version)
    push(store, link, app_version=app_version)
    pull(store, link)


def _come_back(store: Store, link: Link, node_id: str, known: memory.Memory) -> None:
    """This PC was let in anew, under another login: its former nodes become that login's, with their codes."""
    with store.reading() as session:
        row = session.get(Meta, "desk")
    desk = row.value if row is not None else {}
    for old in known.nodes:
        codes = (desk.get("device_code"), desk.get("spare_code")) if old == known.node else (None, None)
        link.call("adopt", node_id, old, *codes)
    with store.arriving() as connection:
        known.nodes.append(node_id)
        known.starts = [store.start_id]
        memory.write(connection, known)
        memory.name_node(connection, node_id)


def _yield_seeds(connection: Any, nodes: list[str]) -> None:
    """The catalogue this PC made for itself gives way to the hall's, and is not sent: it is the same or older."""
    seeds = connection.execute(
        text(
            "SELECT table_name, row_id FROM journal WHERE hlc = 0"
            " AND origin IN (SELECT value FROM json_each(:nodes))"
        ),
        {"nodes": json.dumps(nodes)},
    ).all()
    connection.execute(
        text(
            "UPDATE journal SET arr = 0, ehlc = -1 WHERE hlc = 0"
            " AND origin IN (SELECT value FROM json_each(:nodes))"
        ),
        {"nodes": json.dumps(nodes)},
    )
    journal.restate(connection, {(table, row_id) for table, row_id in seeds})
