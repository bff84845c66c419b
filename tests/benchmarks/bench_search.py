"""Each keystroke of a name, a NIK and a number over every file there is; against the one index query by hand."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from desktop.models.local import ApplicationNow
from desktop.operations import search
from desktop.operations.desk import Desk
from tests.benchmarks import million
from tests.benchmarks.measuring import Figure, compared, paired, percentile

_BY_NAME = """
SELECT a.* FROM party_fts f CROSS JOIN search_row s ON s.n = f.rowid 
CROSS JOIN application_now a ON a.id = s.application_id WHERE party_fts MATCH ? ORDER BY f.rowid DESC LIMIT 50"""
_BY_NIK = """
SELECT a.* FROM party p CROSS JOIN application_now a ON a.id = p.application_id
WHERE p.nik >= ? AND p.nik < ? || ':' ORDER BY a.received_at DESC LIMIT 50"""
_BY_NUMBER = "SELECT * FROM application_now WHERE number >= ? AND number < ? || ':' ORDER BY number DESC LIMIT 50"
# Shorter beginnings are found too, but not judged: the third letter is where people begin to look at the list.
FIRST = {"name": 3, "nik": 6, "number": 6}


def run(quick: bool) -> list[Figure]:
    """Milliseconds a keystroke, over the keystrokes of a word."""
    large = million.large(million.QUICK if quick else million.FULL)
    with large.opened() as (store, desk), store.reading() as session:
        last = session.get_one(ApplicationNow, newest(session))
        words = {"name": (last.applicant or "").upper()[:16], "nik": last.nik or "", "number": last.number}
        figures = []
        for kind, word in words.items():
            figures += one(session, desk, kind, [word[:end] for end in range(FIRST[kind], len(word) + 1)],
                           f"{large.applications:,} applications", 5 if quick else 15)  # fmt: skip
    return figures


def newest(session: Session) -> str:
    raw = session.connection().exec_driver_sql(
        "SELECT id FROM application_now WHERE nik IS NOT NULL ORDER BY number DESC LIMIT 1"
    )
    return str(raw.scalar_one())


def one(session: Session, desk: Desk, kind: str, typed: Sequence[str], note: str, pairs: int) -> list[Figure]:
    raw: Any = session.connection().connection.driver_connection
    every: list[float] = []

    def ours() -> float:
        session.expunge_all()
        found = [seconds_of(partial(search.find, session, text, agency_ids=desk.agency_ids)) for text in typed]
        every.extend(found)
        return sum(found) / len(found)

    def by_hand() -> float:
        return sum(seconds_of(partial(hand, raw, kind, text)) for text in typed) / len(typed)

    figure = compared(f"search, {kind}", "ms", *paired(ours, by_hand, pairs=pairs), goal="<= 1.5 x by hand",
                      holds=lambda ratio: ratio <= 1.5, note=note)  # fmt: skip
    late = percentile(every, 0.95)
    return [figure, Figure(f"search, {kind}, p95", "ms", late, goal="<= 16 ms", holds=late <= 16, note=note)]


def hand(raw: Any, kind: str, text: str) -> list[Any]:
    if kind == "name":
        return list(raw.execute(_BY_NAME, (search.name_query(text),)).fetchall())
    query = _BY_NIK if kind == "nik" else _BY_NUMBER
    return list(raw.execute(query, (text, text)).fetchall())


def seconds_of(work: Callable[[], Any]) -> float:
    """Milliseconds of the processor: nothing of a search waits."""
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000
