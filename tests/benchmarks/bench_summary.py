"""The daily summary of a day of 1,500 visits, every figure of the screen; against the same figures counted in SQL."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from desktop.operations import daily, search
from tests.benchmarks import million
from tests.benchmarks.measuring import Figure, compared, paired

_DAY = "a.on_date = :day"
# What the screen shows, one query a table: sums, services, officers, hours, papers that lacked, visits, times, serials.
_BY_HAND = (
    f"SELECT count(*), sum(state = 'VOID'), sum(first_outcome = 'complete'), sum(first_outcome = 'returned')"
    f" FROM application_now a WHERE {_DAY}",
    *(
        f"SELECT {by}, count(*), sum(state = 'VOID'), sum(first_outcome = 'complete'), sum(first_outcome = 'returned')"
        f" FROM application_now a WHERE {_DAY} GROUP BY 1"
        for by in ("service_id", "received_by", "substr(received_at, 12, 2)")
    ),
    f"SELECT a.service_id, coalesce(c.\"group\", c.requirement_code), count(DISTINCT a.id) FROM application_now a"
    f" JOIN document_check c ON c.application_id = a.id JOIN visit v ON v.id = c.visit_id AND v.ordinal = 1"
    f" WHERE {_DAY} AND a.first_outcome = 'returned' AND c.state IN ('missing', 'faulty') GROUP BY 1, 2",
    "SELECT m.application_id FROM status_move m JOIN application_now a ON a.id = m.application_id"
    " WHERE m.complete_at >= :start AND m.complete_at < :end AND a.on_date < :day",
    "SELECT outcome, count(*) FROM visit WHERE finished_at >= :start AND finished_at < :end"
    " AND application_id IS NULL GROUP BY 1",
    "SELECT officer_id, started_at, finished_at, parked_s FROM visit"
    " WHERE finished_at >= :start AND finished_at < :end AND application_id IS NOT NULL",
    "SELECT reason_code, count(*) FROM paper_print WHERE at >= :start AND at < :end AND copy_no > 0 GROUP BY 1",
    "SELECT reason_code, count(*) FROM correction WHERE at >= :start AND at < :end GROUP BY 1",
    "SELECT count(*) FROM document_check WHERE checked_at >= :start AND checked_at < :end AND is_extra",
    "SELECT a.device_code, a.serial FROM application a WHERE a.on_date = :day ORDER BY 1, 2",
    # Everything once more from the records themselves, as the check of the sums does.
    "WITH kept AS MATERIALIZED (SELECT EXISTS (SELECT 1 FROM status_move m WHERE m.application_id = a.id"
    " AND m.to_state = 'VOID') AS is_void, (SELECT v.outcome FROM visit v WHERE v.application_id = a.id"
    " ORDER BY v.ehlc, v.eid LIMIT 1) AS first FROM application a WHERE a.on_date = :day)"
    " SELECT count(*), sum(is_void), sum(NOT is_void AND first = 'complete'),"
    " sum(NOT is_void AND first = 'returned') FROM kept",
)


def run(quick: bool) -> list[Figure]:
    """Milliseconds of the processor for the day's figures."""
    large = million.large(million.QUICK if quick else million.FULL)
    with large.opened() as (store, desk), store.reading() as session:
        start, end = search.day_bounds(desk, large.busy_day)
        places = {"day": large.busy_day.isoformat(), "start": f"{start:%Y-%m-%d}", "end": f"{end:%Y-%m-%d}"}
        raw: Any = session.connection().connection.driver_connection

        def ours() -> float:
            session.expunge_all()
            return milliseconds(lambda: shown(daily.day_of(session, desk, large.busy_day)))

        def by_hand() -> float:
            return milliseconds(lambda: [raw.execute(query, places).fetchall() for query in _BY_HAND])

        found = paired(ours, by_hand, pairs=5 if quick else 15)
        count = daily.day_of(session, desk, large.busy_day).total().received
    note = f"{count:,} received, {large.applications:,} applications"
    taken = sorted(found[0])[len(found[0]) // 2]
    return [
        compared("summary", "ms", *found, goal="<= 2 x SQL by hand", holds=lambda ratio: ratio <= 2, note=note),
        Figure("summary, time", "ms", taken, goal="<= 100 ms", holds=taken <= 100, note=note),
    ]


def shown(day: Any) -> None:
    """What the screen asks of a day."""
    day.total(), day.by_service(), day.by_officer(), day.by_hour(), day.lacking()
    day.usual_minutes(), day.most_minutes(), day.parked_minutes(), day.returned_later_completed()


def milliseconds(work: Callable[[], Any]) -> float:
    begin = time.process_time()
    work()
    return (time.process_time() - begin) * 1000
