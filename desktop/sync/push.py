"""Sends what was saved here. Sending again changes nothing, so a lost answer is no matter; the acknowledgement is not
the answer but the entry's own return through pull."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import Connection, text

from desktop.models.journal import SCHEMA_VERSION
from desktop.store import Store
from desktop.sync import memory
from desktop.sync.link import Link

LIMIT = 1000
MOST_BYTES = 1_000_000
# Below this (milliseconds) the two clocks are as one: the way there and back is not known better.
SAME_TIME = 500


@dataclass(frozen=True)
class Pushed:
    """What came of it. ``skew_ms``: how far this PC's clock is ahead of the centre's, None if nothing was sent."""

    entries: int = 0
    skew_ms: int | None = None
    is_fork: bool = False


def push(store: Store, link: Link, *, app_version: str, is_greeting: bool = False) -> Pushed:
    """Send every unsent entry, a page at a time; ``is_greeting`` sends a page even if it is empty, to be heard.

    Raises Refused or psycopg.Error; whatever was sent until then is safe to send again.
    """
    sent, skew, is_fork, after = 0, None, False, 0
    while True:
        with store.reading() as session:
            connection = session.connection()
            known = memory.read(connection)
            assert known is not None
            entries, count, last = memory.unsent(connection, known, after, LIMIT, MOST_BYTES)
            # Heard together with this page: what it still lacks then is what comes after it.
            left = memory.pending(connection, known, last)
            says = json.dumps({"serials": _serials(connection), "pending": left})
        if count == 0 and not is_greeting:
            return Pushed(sent, skew, is_fork)
        before = _now_ms(store)
        answer = link.call("push", known.node, known.starts, entries, before, SCHEMA_VERSION, app_version, says)
        # The centre looked at its clock somewhere between: after a slow answer, or a sleep of this PC in the middle of
        # it, what was known before says more than half of the time that it took.
        offset = _offset_ms(store)
        skew = min(max(-offset, before - answer["now_ms"]), _now_ms(store) - answer["now_ms"])
        sent, after, is_greeting = sent + count, last, False
        is_fork = is_fork or answer["is_fork"]
        # Only what changed is written: a push must not cost the desk a durable commit of its own.
        if abs(offset + skew) > SAME_TIME:
            _set_clock(store, -skew)


def _offset_ms(store: Store) -> int:
    with store.reading() as session:
        kept = session.execute(text("SELECT coalesce(value ->> 'offset_ms', 0) FROM meta WHERE name = 'journal'"))
        return int(kept.scalar_one())


def _set_clock(store: Store, offset_ms: int) -> None:
    with store.arriving() as connection:
        connection.exec_driver_sql(
            "UPDATE meta SET value = json_set(value, '$.offset_ms', ?) WHERE name = 'journal'", (offset_ms,)
        )


def _serials(connection: Connection) -> dict[str, dict[str, int]]:
    """The last number given per day and device code, for the last two days: what the centre should have in the end."""
    found: dict[str, dict[str, int]] = {}
    for day, code, last in connection.exec_driver_sql(
        "SELECT on_date, device_code, last FROM serial ORDER BY on_date DESC LIMIT 4"
    ):
        found.setdefault(day, {})[str(code)] = last
    return found


def _now_ms(store: Store) -> int:
    return round(store.clock().timestamp() * 1000)
