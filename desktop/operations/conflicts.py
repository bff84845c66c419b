"""Two counters changed the same row without knowing of each other: both versions shown, and one key settles it.

The winner is decided everywhere alike and at once (the greater stamp); this is about the loser, which the journal
keeps. What was settled is a ``correction`` that names the lost entry, so that it is settled at every counter.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from desktop.errors import Conflict as Changed
from desktop.i18n import _
from desktop.models import clock
from desktop.models.access import Officer
from desktop.models.application import Correction
from desktop.models.base import now, record_classes
from desktop.models.kinds import unpack
from desktop.operations.desk import Desk
from desktop.operations.meanwhile import counter_of

SETTLED = "conflict"

# Rows of which two versions were made from the same one; few entries have a base, so this is one look at an index.
_MET = """
SELECT DISTINCT row_id FROM journal WHERE base IN (
    SELECT base FROM journal WHERE base IS NOT NULL GROUP BY base HAVING count(*) > 1)
"""
# Their last versions: those that nobody edited further. What the centre put aside (-1) takes no part.
_TIPS = """
SELECT j.table_name, j.row_id, j.eid, j.ehlc, j.hlc, j.origin, j.officer_id, j.payload FROM journal j
WHERE j.row_id IN (SELECT value FROM json_each(:rows)) AND j.base IS NOT NULL AND j.ehlc >= 0 AND j.payload IS NOT NULL
  AND NOT EXISTS (SELECT 1 FROM journal n WHERE n.base = j.eid)
ORDER BY j.row_id, j.ehlc DESC, j.eid DESC
"""


@dataclass(frozen=True)
class Version:
    """What somebody made of the row: ``counter`` and ``officer`` by name, ``at`` their own clock's time."""

    eid: str
    values: Mapping[str, Any]
    counter: str
    officer: str
    at: datetime


@dataclass(frozen=True)
class Met:
    """A row whose versions met; ``fields`` are the columns in which they differ."""

    table: str
    row_id: str
    application_id: str | None
    winner: Version
    loser: Version
    fields: tuple[str, ...]


def open_conflicts(session: Session, application_id: str | None = None) -> list[Met]:
    """What is not settled, of one file or of all."""
    rows = list(session.execute(text(_MET)).scalars())
    if not rows:
        return []
    settled = set(session.scalars(select(Correction.field).where(Correction.reason_code == SETTLED)))
    by_row: dict[str, list[Any]] = {}
    for tip in session.execute(text(_TIPS), {"rows": json.dumps(rows)}):
        by_row.setdefault(tip.row_id, []).append(tip)
    found = []
    for first, *others in by_row.values():
        winner = _version(session, first)
        for tip in others:
            loser = _version(session, tip)
            fields = tuple(
                name for name in record_classes()[tip.table_name].payload_columns()
                if winner.values.get(name) != loser.values.get(name)
            )  # fmt: skip
            about = winner.values.get("application_id")
            if fields and tip.eid not in settled and application_id in (None, about):
                found.append(Met(tip.table_name, tip.row_id, about, winner, loser, fields))
    return found


def settle(session: Session, desk: Desk, met: Met, *, take_loser: bool) -> None:
    """Keep the winner, or let the loser's values stand after all. Conflict where the row was changed meanwhile."""
    record_class = record_classes()[met.table]
    record = session.get_one(record_class, met.row_id)
    if record.eid != met.winner.eid:
        raise Changed(_("Data ini baru saja diubah lagi. Lihat dahulu yang terbaru."))
    if take_loser:
        columns = record_class.__table__.columns
        for name in met.fields:
            setattr(record, name, unpack(columns[name].type, met.loser.values.get(name)))
    session.add(
        Correction(
            application_id=met.application_id or met.row_id,
            about_table=met.table,
            about_id=met.row_id,
            field=met.loser.eid,
            reason_code=SETTLED,
            officer_id=desk.officer_id,
            at=now(session),
        )
    )


def _version(session: Session, tip: Any) -> Version:
    officer = session.get(Officer, tip.officer_id) if tip.officer_id else None
    return Version(
        tip.eid, json.loads(tip.payload), counter_of(session, tip.origin), officer.display_name if officer else "",
        clock.wall_time(tip.hlc),
    )  # fmt: skip
