"""Where a PC sits: the counter it is, and the codes it numbers from, once the centre has granted them."""

from __future__ import annotations

from typing import Any

from desktop.i18n import _
from desktop.models.base import now
from desktop.models.catalog import Counter, DeviceCode, Node
from desktop.models.local import Meta
from desktop.store import Store
from desktop.sync import memory
from desktop.sync.link import Refused


def is_seated(store: Store, node_id: str = "") -> bool:
    """Whether this file is a node of a centre to the end: an interrupted ``join`` or ``part`` is not.

    Nor is one whose address names another node (``node_id``) than it ever was: it was let in anew.
    """
    with store.reading() as session:
        known = memory.read(session.connection())
        if known is None or (node_id and node_id not in known.nodes):
            return False
        return session.get(Node, known.node) is not None


def sit(store: Store, granted: dict[str, Any], *, app_version: str) -> None:
    """Write down which counter this PC is now, and number from the codes it was granted."""
    with store.saving(None) as session:
        if session.get(Node, granted["node_id"]) is not None:
            return
        desk = session.get(Meta, "desk")
        where = desk.value if desk is not None else {}
        counter_id = granted.get("counter_id") or where.get("counter_id")
        # The hall of the counter: a PC that stood alone may have called its own by another code.
        counter = session.get(Counter, counter_id) if counter_id is not None else None
        hall_id = counter.hall_id if counter is not None else None
        if hall_id is None or counter_id is None:
            raise Refused(
                _("Pusat data ini belum berisi data mal dan loket. Minta admin menyelesaikan pengaturannya.")
            )
        value = {
            **where,
            "hall_id": hall_id,
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
