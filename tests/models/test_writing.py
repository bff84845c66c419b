"""How a save is written: new rows at the flush, beside the ORM, and one entry for each at the commit."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy import event, select, text
from sqlalchemy.exc import IntegrityError

from desktop.models import journal
from desktop.models.application import Application, IntakeDetail, Visit
from desktop.models.base import new_id, now, record_classes
from desktop.models.people import Party
from desktop.store import Store
from tests.conftest import Clock
from tests.models.making import AGENCY, entries_of, receive, seed_agency


def bare(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """The rows of every record, byte for byte as the file holds them."""
    with store.reading() as session:
        return {
            name: sorted(map(tuple, session.execute(text(f'SELECT * FROM "{name}"')).all()))
            for name in record_classes()
        }


def detail(application_id: str) -> IntakeDetail:
    """Answers, which are kept as a document."""
    return IntakeDetail(application_id=application_id, visit_id="v", answers={"lost": True, "adult": False})


def test_a_row_stands_here_as_its_entry_makes_it_elsewhere(store: Store, tmp_path_factory: Any) -> None:
    seed_agency(store)
    with store.saving("rini") as session:
        application_id = receive(session, 1, 3, "Siti")
        session.add_all([
            detail(application_id),
            Party(application_id=application_id, role="subject", full_name="Budi", birth_date=date(2020, 2, 29)),
        ])
    other = Store.open(tmp_path_factory.mktemp("other"), clock=Clock())
    try:
        with other.arriving() as connection:
            journal.apply(connection, entries_of(store))
        assert bare(other) == bare(store)
        assert bare(store)["intake_detail"]
    finally:
        other.close()


def test_the_orm_writes_no_new_record_itself(store: Store) -> None:
    """One statement a table; in a savepoint, which has to be able to undo, the ORM does (the control)."""
    seed_agency(store)
    seen: list[str] = []
    event.listen(store._writer, "before_cursor_execute", lambda _c, _cursor, sql, *_rest: seen.append(sql))
    with store.saving("rini") as session:
        receive(session, 1, 3, "Siti")
    ours = [sql for sql in seen if sql.startswith('INSERT INTO "document_check" AS t')]
    assert (len(ours), [sql for sql in seen if sql.startswith("INSERT INTO document_check")]) == (1, [])
    with store.saving("rini") as session, session.begin_nested():
        receive(session, 2, 3, "Siti")
        session.flush()
    assert [sql for sql in seen if sql.startswith("INSERT INTO document_check")]
    assert bare(store)["document_check"] and journal.verify(entries_of(store)) == []


def test_a_record_is_the_sessions_own_after_the_flush(store: Store) -> None:
    seed_agency(store)
    with store.saving("rini") as session:
        application_id = receive(session, 1, 0, "Siti")
        visit = Visit(counter_id="c", officer_id="rini", started_at=now(session), finished_at=now(session),
                      outcome="left")  # fmt: skip
        session.add(visit)
        session.flush()
        assert (visit.ordinal, visit.parked_s, visit.deleted, visit.queue_no) == (1, 0, False, None)
        assert session.get(Visit, visit.id) is visit
        assert session.get_one(Application, application_id).agency_id == AGENCY
        assert not session.dirty and not session.new


def test_what_is_edited_after_the_flush_is_what_the_entry_tells(store: Store) -> None:
    seed_agency(store)
    with store.saving("rini") as session:
        application_id = receive(session, 1, 0, "Siti")
        party = Party(application_id=application_id, role="subject", full_name="Budi")
        session.add(party)
        session.flush()
        party.full_name = "Budi Santoso"
    told = [json.loads(entry["payload"]) for entry in entries_of(store) if entry["row_id"] == party.id]
    assert [one["full_name"] for one in told] == ["Budi Santoso"]
    with store.reading() as session:
        assert session.scalars(select(Party.full_name).where(Party.id == party.id)).one() == "Budi Santoso"


def test_an_id_that_is_there_already_is_refused(store: Store) -> None:
    """A row that arrives may stand on another; one that is made here never."""
    seed_agency(store)
    with store.saving("rini") as session:
        application_id = receive(session, 1, 0, "Siti")
        made = detail(application_id)
        session.add(made)
    before = bare(store)
    with pytest.raises(IntegrityError), store.saving("rini") as session:
        session.add(IntakeDetail(id=made.id, application_id=application_id, visit_id="v", answers={}))
    assert bare(store) == before


@pytest.mark.parametrize(
    ("wrong", "error"),
    [({"started_at": datetime(2026, 11, 23, 8)}, ValueError), ({"ordinal": "1"}, TypeError)],
)


def test_what_could_not_be_read_elsewhere_is_never_kept(store: Store, wrong: Any, error: type[Exception]) -> None:
    """A moment without its zone, a text for a number: the other counters would have an entry and no row."""
    with pytest.raises(error), store.saving("rini") as session:
        right = {"started_at": now(session), "finished_at": now(session), "outcome": "left"}
        session.add(Visit(id=new_id(), counter_id="c", officer_id="rini", **{**right, **wrong}))
    assert bare(store)["visit"] == []
