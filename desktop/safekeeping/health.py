"""Is the file whole? Looked at after an unclean end, after a restore, and once a week; never at an ordinary start."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlcipher3.dbapi2 as driver

from desktop.folder import FILE_NAME
from desktop.models.local import Meta
from desktop.store import Store, connect

EVERY = timedelta(days=7)


def is_due(store: Store) -> bool:
    """Whether the file should be looked at now."""
    with store.reading() as session:
        checked = session.get(Meta, "checked_at")
        told = None if checked is None else datetime.fromisoformat(checked.value)
    now = store.clock()
    # A look that lies in the future was noted by a clock that was wrong.
    return store.ended_badly or told is None or not now - EVERY < told <= now


def is_whole(store: Store) -> bool:
    """Read every page and every row of the file (2 s for 200 MB, beside the counter's work), and note the moment."""
    try:
        connection = connect(store.folder / FILE_NAME, store.ring.key)
        try:
            whole: bool = connection.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        finally:
            connection.close()
    except driver.DatabaseError:
        return False
    if whole:
        with store.saving(None) as session:
            session.merge(Meta(name="checked_at", value=store.clock().isoformat()))
    return whole
