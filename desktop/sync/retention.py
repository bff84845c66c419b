"""What the centre lets go in time: the contents of versions that were replaced long ago.

Of such an entry stay its id, its place in the lane, its stamp and its hashes, so lanes, digests and chains are as they
were. What a row shows is never emptied: a first load, or a PC that was away for years, needs no path of its own, since
every row that is in force still comes through its lane.
"""

from __future__ import annotations

from typing import Any

import psycopg

# Both have been here so long: a correction that came late is shown as long as any other, and of the monthly backups
# that are kept each knows the later version too. What was put aside is nobody's version, and may still become one.
_EMPTY = """
WITH emptied AS (
    UPDATE sync.journal j SET payload = NULL, salt = NULL, filled = NULL
    WHERE j.received_at < now() - interval '13 months' AND j.payload IS NOT NULL
      AND NOT EXISTS (SELECT 1 FROM sync.quarantine q WHERE q.eid = j.eid)
      AND EXISTS (
        SELECT 1 FROM sync.journal later
        WHERE later.row_id = j.row_id AND later.table_name = j.table_name AND (later.ehlc, later.eid) > (j.ehlc, j.eid)
          AND later.received_at < now() - interval '13 months' AND later.payload IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM sync.quarantine q WHERE q.eid = later.eid))
    RETURNING 1)
SELECT count(*) FROM emptied
"""


def let_go(connection: psycopg.Connection[Any], *, is_trial: bool = False) -> int:
    """Empty the versions that were replaced more than 13 months ago; how many, or how many it would be."""
    with connection.transaction(force_rollback=is_trial):
        row = connection.execute(_EMPTY).fetchone()
    assert row is not None
    return int(row[0])
