"""What this PC remembers of its centre between two starts: who it is there, how far it has read, what is not sent."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import asdict, dataclass, field

from sqlalchemy import Connection, text

from desktop.models.kinds import canon

# A centre that is put back from a backup of a month ago still knows this PC by one of them.
KEPT_STARTS = 100


@dataclass
class Memory:
    """Kept as one row of ``meta``.

    ``nodes``: every node of this PC's login, the present one last. ``starts``: its last program starts; a copied disk
    is found by the one that it does not know. ``sent_up_to``: no unsent entry lies before this row of the journal.
    ``wants_own``: own entries were lost here and come back with their contents. ``is_reconciling``: the centre lost
    history, and what it lacks has to be sent again. ``recovered``: others' entries were looked for since recovery was
    opened. ``clock_ran_ahead``: the centre moved a stamp of ours back.
    """

    nodes: list[str] = field(default_factory=list)
    may_write: str = "counter"
    centre_id: str = ""
    system_id: str = ""
    timeline: int = 0
    starts: list[str] = field(default_factory=list)
    sent_up_to: int = 0
    wants_own: bool = False
    is_reconciling: bool = False
    recovered: bool = False
    clock_ran_ahead: bool = False

    def note_start(self, start_id: str) -> None:
        """The program was started once more."""
        self.starts = [*self.starts, start_id][-KEPT_STARTS:]

    @property
    def node(self) -> str:
        """The node that saves of now belong to."""
        return self.nodes[-1]


def read(connection: Connection) -> Memory | None:
    """What is remembered; None on a PC that has not joined a centre."""
    row = connection.exec_driver_sql("SELECT value FROM meta WHERE name = 'sync'").scalar()
    if row is None:
        return None
    known = Memory.__dataclass_fields__
    return Memory(**{name: value for name, value in json.loads(row).items() if name in known})


def write(connection: Connection, memory: Memory) -> None:
    """Keep it, within the caller's transaction."""
    connection.exec_driver_sql(
        "INSERT INTO meta (name, value) VALUES ('sync', ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value",
        (canon(asdict(memory)),),
    )


def name_node(connection: Connection, node_id: str) -> None:
    """What is saved from now on stands in the lanes of this node."""
    connection.exec_driver_sql(
        "UPDATE meta SET value = json_set(value, '$.node', ?) WHERE name = 'journal'", (node_id,)
    )


# ---------------------------------------------------------------------------------------------------------------------
# What is not sent

UNSENT = """
rowid > :mark AND (arr IS NULL AND origin IN (SELECT value FROM json_each(:nodes)) OR arr < 0)
"""


def unsent(connection: Connection, memory: Memory, after: int, limit: int, most_bytes: int) -> tuple[str, int, int]:
    """The next entries for the centre as a JSON text, their number, and the journal row of the last one.

    At most ``limit`` of them, and no more than fit into ``most_bytes`` (but always one).
    """
    row = connection.execute(
        text(
            "WITH page AS (SELECT rowid AS n, *, sum(length(payload) + 600) OVER (ORDER BY rowid) AS size FROM journal"
            f" WHERE {UNSENT} ORDER BY rowid LIMIT :limit)"
            " SELECT json_group_array(json_object('eid', eid, 'lane', lane, 'scope', scope, 'agency_id', agency_id,"
            " 'origin', origin, 'start_id', start_id, 'hlc', hlc, 'ehlc', ehlc, 'table_name', table_name,"
            " 'row_id', row_id, 'op', op, 'base', base, 'schema_v', schema_v, 'officer_id', officer_id,"
            " 'payload', payload, 'salt', salt, 'body_hash', body_hash, 'prev', prev, 'hash', hash,"
            " 'is_acknowledged', json(iif(arr < 0, 'true', 'false')))), count(*), max(n)"
            " FROM page WHERE size <= :most OR n = (SELECT min(n) FROM page)"
        ),
        {"mark": max(memory.sent_up_to, after), "nodes": json.dumps(memory.nodes), "limit": limit, "most": most_bytes},
    ).one()
    return row[0], row[1], row[2] or 0


def pending(connection: Connection, memory: Memory, after: int = 0) -> int:
    """How many entries the centre has not acknowledged, of those after this row of the journal."""
    return int(
        connection.execute(
            text(f"SELECT count(*) FROM journal WHERE {UNSENT}"),
            {"mark": max(memory.sent_up_to, after), "nodes": json.dumps(memory.nodes)},
        ).scalar_one()
    )


def refused_own(connection: Connection) -> int:
    """How many of this PC's entries the centre has put aside."""
    return int(connection.exec_driver_sql("SELECT count(*) FROM refused_entry WHERE is_own").scalar_one())


def first_unsent(connection: Connection, memory: Memory) -> int:
    """The journal row before which nothing waits, to go on from."""
    found = connection.execute(
        text(f"SELECT min(rowid) FROM journal WHERE {UNSENT}"),
        {"mark": memory.sent_up_to, "nodes": json.dumps(memory.nodes)},
    ).scalar()
    if found is not None:
        return int(found) - 1
    return int(connection.exec_driver_sql("SELECT coalesce(max(rowid), 0) FROM journal").scalar_one())


# ---------------------------------------------------------------------------------------------------------------------
# How far the centre was read


def positions(connection: Connection) -> tuple[list[int], list[int], list[int]]:
    """Lanes, arrival numbers and digests, in the same order."""
    rows = connection.execute(text("SELECT lane, arr, dig FROM lane_position ORDER BY lane")).all()
    return [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows]


def move_on(connection: Connection, reached: dict[int, tuple[int, int]]) -> None:
    """These lanes have been read up to (arr, dig)."""
    connection.exec_driver_sql(
        "INSERT INTO lane_position (lane, arr, dig) VALUES (?, ?, ?)"
        " ON CONFLICT (lane) DO UPDATE SET arr = excluded.arr, dig = excluded.dig",
        [(lane, arr, dig) for lane, (arr, dig) in reached.items()],
    )


def forget_lanes(connection: Connection, lanes: Collection[int]) -> None:
    """Read these from their beginning: the centre's history of them is another one now."""
    connection.execute(
        text("DELETE FROM lane_position WHERE lane IN (SELECT value FROM json_each(:lanes))"),
        {"lanes": json.dumps(sorted(lanes))},
    )
