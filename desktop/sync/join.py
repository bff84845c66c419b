"""How a PC comes into a hall: it takes the node the centre made for it, reads what the hall knows, and sits down."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from sqlalchemy import select, text

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models import journal
from desktop.models.base import now
from desktop.models.catalog import DeviceCode, Hall, Node
from desktop.models.local import Meta
from desktop.store import Store
from desktop.sync import memory
from desktop.sync.link import Link
from desktop.sync.pull import pull
from desktop.sync.push import push


def join(
    store: Store,
    link: Link,
    node_id: str,
    *,
    app_version: str,
    progress: Callable[[int], None] = lambda _came: None,
) -> None:
    """Make this file a node of the centre behind ``link``; what it saved while it stood alone goes along.

    May be called again where it was cut off. ``progress`` hears how many entries have come. UserError when this PC
    belongs to another centre or the hall has no records yet; Refused and psycopg.Error as the link raises them.
    """
    granted = link.call("hello", node_id)
    with store.reading() as session:
        known = memory.read(session.connection())
        state = session.get_one(Meta, "journal").value
        was_used = session.execute(text("SELECT EXISTS (SELECT 1 FROM journal)")).scalar_one()
    if known is not None and known.centre_id != granted["centre_id"]:
        raise UserError(
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
    push(store, link, app_version=app_version, is_greeting=True)
    pull(store, link, piece=1000, progress=progress)
    sit(store, {**granted, "node_id": node_id}, app_version=app_version)
    push(store, link, app_version=app_version)
    pull(store, link)


def is_seated(store: Store) -> bool:
    """Whether this file is a node of a centre to the end: an interrupted ``join`` or ``part`` is not."""
    with store.reading() as session:
        known = memory.read(session.connection())
        return known is not None and session.get(Node, known.node) is not None


def sit(store: Store, granted: dict[str, Any], *, app_version: str) -> None:
    """Write down which counter this PC is now, and number from the codes it was granted."""
    with store.saving(None) as session:
        if session.get(Node, granted["node_id"]) is not None:
            return
        desk = session.get(Meta, "desk")
        hall_id = session.scalars(select(Hall.id).order_by(Hall.id).limit(1)).first()
        where = desk.value if desk is not None else {"hall_id": hall_id}
        counter_id = granted.get("counter_id") or where.get("counter_id")
        if hall_id is None or counter_id is None:
            raise UserError(
                _("Pusat data ini belum berisi data mal dan loket. Minta admin menyelesaikan pengaturannya.")
            )
        value = {
            **where,
            "counter_id": counter_id,
            "device_code": granted["device_code"],
            "spare_code": granted["spare_code"],
        }
        if desk is None:
            session.add(Meta(name="desk", value=value))
        else:
            desk.value = value
        label = granted.get("label") or ""
        session.add(Node(id=granted["node_id"], counter_id=counter_id, label=label, app_version=app_version))
        for code in (granted["device_code"], granted["spare_code"]):
            session.add(DeviceCode(code=code, node_id=granted["node_id"], since=now(session)))


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
