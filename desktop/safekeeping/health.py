"""Is the file whole, and does every row show what the journal says? Never asked at an ordinary start.

The file is read after an unclean end, after a restore, and once a week; the rows are compared once a day.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import sqlcipher3.dbapi2 as driver
from sqlalchemy.orm import Session

from desktop.folder import FILE_NAME
from desktop.i18n import _, ngettext, number
from desktop.models import agreement
from desktop.models.local import Meta
from desktop.operations.hall import moment_words
from desktop.store import Store, connect

log = logging.getLogger("loket.health")

EVERY = timedelta(days=7)
COMPARED_EVERY = timedelta(days=1)
COMPARED = "compared"


def is_due(store: Store) -> bool:
    """Whether the file should be looked at now."""
    with store.reading() as session:
        checked = session.get(Meta, "checked_at")
        told = None if checked is None else datetime.fromisoformat(checked.value)
    return store.ended_badly or _is_over(store, told, EVERY)


def _is_over(store: Store, told: datetime | None, span: timedelta) -> bool:
    now = store.clock()
    # A look that lies in the future was noted by a clock that was wrong.
    return told is None or not now - span < told <= now


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


# ---------------------------------------------------------------------------------------------------------------------
# Rows and journal


@dataclass(frozen=True)
class Round:
    """How far a comparison of all rows has come: rows that were mended, and those that could not be."""

    after: int = 0
    mended: int = 0
    unsure: int = 0
    is_over: bool = False


@dataclass(frozen=True)
class Compared:
    """The last whole comparison, and when rows were last mended."""

    at: datetime
    unsure: int
    mended: int
    mended_at: datetime | None


def is_comparison_due(store: Store) -> bool:
    """Whether the rows should be compared with the journal now."""
    with store.reading() as session:
        last = compared(session)
    return _is_over(store, last.at if last is not None else None, COMPARED_EVERY)


def compare(store: Store, so_far: Round) -> Round:
    """Compare the next rows (10 ms of work) and mend those that went astray; the end of the round is noted."""
    with store.reading() as session:
        page = agreement.look(session.connection(), so_far.after)
    if page.astray:
        with store.arriving() as connection:
            agreement.mend(connection, page.astray)
        store.announce(frozenset(table for table, _id in page.astray))
    for table, row_id in sorted(page.astray | page.unsure):
        log.error("a row of %s was not what its entry says: %s (E-15)", table, row_id)
    mended, unsure = so_far.mended + len(page.astray), so_far.unsure + len(page.unsure)
    done = Round(page.last or 0, mended, unsure, is_over=page.last is None)
    if done.is_over:
        _note(store, done)
    return done


def compare_all(store: Store) -> Round:
    """Compare every row at once, where nobody works meanwhile."""
    done = compare(store, Round())
    while not done.is_over:
        done = compare(store, done)
    return done


def compared(session: Session) -> Compared | None:
    """What the last comparison found; None before the first."""
    told = session.get(Meta, COMPARED)
    if told is None:
        return None
    mended_at = told.value["mended_at"]
    return Compared(datetime.fromisoformat(told.value["at"]), told.value["unsure"], told.value["mended"],
                    datetime.fromisoformat(mended_at) if mended_at else None)  # fmt: skip


def _note(store: Store, done: Round) -> None:
    at = store.clock().isoformat()
    with store.saving(None) as session:
        last = compared(session)
        mended, mended_at = (last.mended, last.mended_at) if last is not None else (0, None)
        value = {"at": at, "unsure": done.unsure, "mended": mended,
                 "mended_at": mended_at.isoformat() if mended_at else None}  # fmt: skip
        if done.mended:
            value |= {"mended": done.mended, "mended_at": at}
        session.merge(Meta(name=COMPARED, value=value))


def finding(done: Round) -> str:
    """What a comparison found, for the officer; empty where all was as it should be."""
    if done.unsure:
        words = ngettext(
            "{count} baris data tidak cocok dengan jurnalnya, dan jurnalnya sendiri berubah. Jangan hapus apa pun. "
            "Hubungi admin, sebutkan kode E-15.",
            "{count} baris data tidak cocok dengan jurnalnya, dan jurnalnya sendiri berubah. Jangan hapus apa pun. "
            "Hubungi admin, sebutkan kode E-15.",
            done.unsure,
        )
        return words.format(count=number(done.unsure))
    if done.mended:
        words = ngettext(
            "{count} baris data tidak cocok dengan jurnalnya dan sudah dipulihkan. Data aman. "
            "Beri tahu admin, sebutkan kode E-15.",
            "{count} baris data tidak cocok dengan jurnalnya dan sudah dipulihkan. Data aman. "
            "Beri tahu admin, sebutkan kode E-15.",
            done.mended,
        )
        return words.format(count=number(done.mended))
    return ""


def words(last: Compared | None, local: Callable[[datetime], datetime]) -> str:
    """How the rows stand, for a page that is looked up; moments on the hall's clock."""
    if last is None:
        return _("belum dicocokkan dengan jurnal")
    if last.unsure:
        return finding(Round(unsure=last.unsure))
    told = _("cocok dengan jurnal, {moment}").format(moment=moment_words(local(last.at)))
    if last.mended_at is None:
        return told
    mended = ngettext("{count} baris dipulihkan {moment} (kode E-15)", "{count} baris dipulihkan {moment} (kode E-15)",
                      last.mended)  # fmt: skip
    return f"{told}; {mended.format(count=number(last.mended), moment=moment_words(local(last.mended_at)))}"
