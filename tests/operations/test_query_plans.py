"""A save, a search, a list and a paper cost the same in a file of ten years: no query on their way reads a whole table.

SQLite says how it would go about each statement (EXPLAIN QUERY PLAN); a table that is read from end to end is named
after SCAN there. Only tables that do not grow with the years may be.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Engine, event
from sqlalchemy.orm import Session

from desktop import sample
from desktop.models.local import ApplicationNow
from desktop.operations import daily, earlier, history, intake, issuing, reception, search, undo, voiding
from desktop.operations.figures import Figure, Pick
from desktop.operations.intake_form import Outcome
from tests.conftest import Hall

# What a hall has some of, however long it works; of the serials a PC has one a day.
SMALL = {
    "agency", "counter", "device_code", "hall", "holiday", "meta", "node", "officer", "officer_private", "serial",
    "service", "service_standard", "village", "working_week",
}  # fmt: skip
# A table that makes its own rows (json_each, the full-text index) is scanned where nothing stands after the colon, and
# what a statement has gathered itself (kept) has no index.
_SCAN = re.compile(r"SCAN (?!CONSTANT ROW|\(subquery|json_each|g |line |kept$)(\w+)\b(?! VIRTUAL TABLE INDEX \S*:\S)")
# By its reason alone a move is one of all that were ever taken back: as good as the whole table.
_BY_REASON = re.compile(r"SEARCH (\w+) USING .*\(reason_code=\?\)")


def scanned(plan: list[str], sql: str) -> set[str]:
    """The tables, as the statement calls them, that a plan reads from end to end."""
    names = {name[1] for line in plan if (name := _SCAN.match(line) or _BY_REASON.match(line))} - SMALL
    return {f"{name}: {' '.join(sql.split())[:160]}" for name in names}


@contextmanager
def plans(*engines: Engine) -> Iterator[set[str]]:
    """What was read from end to end meanwhile."""
    found: set[str] = set()

    def look(connection: Any, _cursor: Any, sql: str, values: Any, _context: Any, many: bool) -> None:
        if sql.split(maxsplit=1)[0].upper() in ("SELECT", "WITH", "INSERT", "UPDATE", "DELETE"):
            raw = connection.connection.dbapi_connection
            rows = raw.execute(f"EXPLAIN QUERY PLAN {sql}", values[0] if many else values).fetchall()
            found.update(scanned([row[3] for row in rows], sql))

    for engine in engines:
        event.listen(engine, "before_cursor_execute", look)
    try:
        yield found
    finally:
        for engine in engines:
            event.remove(engine, "before_cursor_execute", look)


class Day:
    """What is done and looked at in a day at the desk."""

    def __init__(self, hall: Hall) -> None:
        self.hall, self.luck = hall, sample.Hall(7)
        with hall.store.reading() as session:
            self.offered = sample.offers(session, hall.desk)
        self.today = hall.desk.day(hall.clock())

    def save(self, *, is_short: bool) -> Outcome:
        form = self.luck.form(self.offered[0], self.today, is_short=is_short)
        return self.saving(lambda session: intake.receive(session, self.hall.desk, form))

    def saving(self, act: Callable[[Session], Any]) -> Any:
        self.hall.clock.forward(minutes=1)
        with self.hall.store.saving(self.hall.desk.officer_id) as session:
            return act(session)

    def reading(self, look: Callable[[Session], Any]) -> Any:
        with self.hall.store.reading() as session:
            return look(session)

    def saves(self) -> None:
        desk = self.hall.desk
        self.save(is_short=False)
        short = self.save(is_short=True)
        self.saving(lambda session: sample._come_back(session, desk, self.luck, short))
        self.saving(lambda session: issuing.reprint(session, desk, short.application_id, "lost"))
        mistake, wrong = self.save(is_short=True), self.save(is_short=False)
        self.saving(lambda session: undo.undo(session, desk, mistake))
        self.saving(lambda session: voiding.void(session, desk, wrong.application_id, "wrong_person"))

    def looks(self) -> None:
        desk, made = self.hall.desk, self.save(is_short=False)
        short = self.save(is_short=True)
        nik = self.reading(lambda session: session.get_one(ApplicationNow, made.application_id).nik)
        for words in ("si", "siti am", nik[:4], nik[:9], nik, "0812345", made.number, made.number[:6], made.short[:4],
                      "belum", "ktp"):  # fmt: skip
            self.reading(lambda s, typed=words: search.find(s, typed, agency_ids=desk.agency_ids, day=self.today))
        self.reading(lambda session: search.day_list(session, desk, self.today))
        self.reading(lambda session: search.day_count(session, desk, self.today))
        self.reading(lambda session: daily.summary_facts(session, desk, self.today))
        self.reading(lambda session: daily.files_of(session, desk, self.today, Pick(Figure.RETURNED)))
        self.reading(lambda session: earlier.known_person(session, nik, desk.agency_ids))
        self.reading(lambda session: earlier.open_files(session, desk.agency_ids, nik=nik))
        for outcome in (made, short):
            self.reading(lambda session, of=outcome: history.card(session, desk, of.application_id))
            self.reading(lambda session, of=outcome: issuing.facts_of(session, of.print_id))
        self.reading(lambda session: sample.offers(session, desk))
        self.reading(issuing.waiting_prints)
        self.reading(issuing.count_waiting)
        self.reading(lambda session: reception.recent_files(session, desk))
        self.reading(issuing.unsure_prints)


@pytest.fixture
def day(hall: Hall) -> Day:
    return Day(hall)


def test_no_save_reads_a_table_from_end_to_end(day: Day) -> None:
    with plans(day.hall.store._writer) as found:
        day.saves()
    assert found == set()


def test_nothing_that_is_looked_at_does_either(day: Day) -> None:
    with plans(day.hall.store._reader) as found:
        day.looks()
    assert found == set()


@pytest.mark.parametrize(
    ("index", "table"),
    [
        ("ix_document_check_application_id", "c"),
        ("ix_status_move_application_id", "m"),
        ("ix_visit_application_id", "v"),
        ("ix_party_application_id", "p"),
    ],
)
def test_without_its_index_a_save_is_caught(day: Day, index: str, table: str) -> None:
    with day.hall.store.arriving() as connection:
        connection.exec_driver_sql(f"DROP INDEX {index}")
    with plans(day.hall.store._writer) as found:
        day.saves()
    assert table in {line.split(":")[0] for line in found}


def test_moves_found_by_their_reason_alone_are_caught(day: Day) -> None:
    with day.hall.store.arriving() as connection:
        connection.exec_driver_sql("CREATE INDEX ix_wrong ON status_move (reason_code, at) WHERE reason_code NOT NULL")
    with plans(day.hall.store._writer) as found:
        day.saves()
    assert any("INSERT OR REPLACE INTO application_now" in line for line in found)


@pytest.mark.parametrize(
    ("index", "table"),
    [
        ("ix_correction_at", "correction"),
        ("ix_access_event_application_id", "access_event"),
        ("ix_application_on_date", "a"),
    ],
)
def test_without_its_index_a_look_is_caught(day: Day, index: str, table: str) -> None:
    with day.hall.store.arriving() as connection:
        connection.exec_driver_sql(f"DROP INDEX {index}")
    with plans(day.hall.store._reader) as found:
        day.looks()
    assert table in {line.split(":")[0] for line in found}
