"""A file taken in by hand during an outage: the paper's time counts, today's number is given, and it shows."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import sample
from desktop.errors import UserError
from desktop.models.application import Application, StatusMove, Visit
from desktop.operations import daily, history, intake, outage
from desktop.operations.desk import Desk
from desktop.operations.intake_form import IntakeForm, OutageForm, Outcome
from tests.conftest import MORNING, Hall

# The zone is all that counts here.
DESK = Desk("", "", (), "", ZoneInfo("Asia/Jakarta"))
FRIDAY = date(2026, 11, 20)  # the hall's clock stands on Monday, 23 November, 08.12
PAPER = OutageForm(FRIDAY, "0930", "power_cut")


def form_of(hall: Hall) -> IntakeForm:
    with hall.store.reading() as session:
        offered = sample.offers(session, hall.desk)
    return sample.Hall(3).form(offered[0], hall.desk.day(hall.clock()))


def receive(hall: Hall, form: IntakeForm) -> Outcome:
    with hall.store.saving(hall.desk.officer_id) as session:
        return intake.receive(session, hall.desk, form)


def test_the_papers_time_is_when_it_was_complete_and_the_number_is_todays(hall: Hall) -> None:
    outcome = receive(hall, replace(form_of(hall), outage=replace(PAPER, received_by="somebody")))
    with hall.store.reading() as session:
        application = session.get_one(Application, outcome.application_id)
        move = session.query(StatusMove).one()
        visit = session.query(Visit).one()
        at = hall.desk.local(application.received_at)
        assert (at.date(), at.hour, at.minute) == (FRIDAY, 9, 30)
        assert application.is_outage_entry
        assert application.on_date == date(2026, 11, 23)
        assert (application.received_by, visit.served_with) == ("somebody", "somebody")
        assert visit.officer_id == hall.desk.officer_id
        assert visit.finished_at == hall.clock()
        assert move.complete_at == application.received_at
        assert move.reason_code == "power_cut"
        assert move.promised_at is not None
        promised = move.promised_at
    again = receive(hall, form_of(hall))
    with hall.store.reading() as session:
        move = session.query(StatusMove).filter(StatusMove.application_id == again.application_id).one()
        assert move.reason_code is None
        assert promised < move.promised_at, "the promise counts from the paper's time, not from the typing"


def test_the_files_history_says_so_and_the_day_does_not_time_the_typing(hall: Hall) -> None:
    started = hall.clock()
    hall.clock.forward(minutes=10)
    outcome = receive(hall, replace(form_of(hall), outage=PAPER, started_at=started))
    with hall.store.reading() as session:
        card = history.card(session, hall.desk, outcome.application_id)
        assert any("listrik padam" in event.text for event in card.events)
        facts = daily.summary_facts(session, hall.desk, hall.desk.day(hall.clock()))
        assert facts.total.received == 1
        assert facts.usual_minutes is None
    started = hall.clock()
    hall.clock.forward(minutes=10)
    receive(hall, replace(form_of(hall), started_at=started))
    with hall.store.reading() as session:
        assert daily.summary_facts(session, hall.desk, hall.desk.day(hall.clock())).usual_minutes == 10


@pytest.mark.parametrize(("paper", "field"), [
    (replace(PAPER, day=None), "outage.day"),
    (replace(PAPER, day=date(2026, 11, 24)), "outage.day"),
    (replace(PAPER, day=date(2026, 10, 23)), "outage.day"),
    (replace(PAPER, day=date(2026, 11, 23), clock="0813"), "outage.day"),
    (replace(PAPER, clock=""), "outage.clock"),
    (replace(PAPER, clock="2460"), "outage.clock"),
    (replace(PAPER, clock="930"), "outage.clock"),
    (replace(PAPER, reason=None), "outage.reason"),
    (replace(PAPER, reason="undo"), "outage.reason"),
])  # fmt: skip
def test_what_cannot_be_right_is_asked_again_and_nothing_is_kept(hall: Hall, paper: OutageForm, field: str) -> None:
    with pytest.raises(UserError) as refused:
        receive(hall, replace(form_of(hall), outage=paper))
    assert refused.value.field == field
    with hall.store.reading() as session:
        assert session.query(Application).count() == 0


@given(st.integers(0, outage.MOST_DAYS - 1), st.integers(0, 23), st.integers(0, 59))
def test_every_minute_of_the_last_days_is_taken_as_it_was_written(days: int, hour: int, minute: int) -> None:
    day = DESK.day(MORNING) - timedelta(days=days)
    paper = OutageForm(day, f"{hour:02}{minute:02}", "outage_other")
    try:
        at = DESK.local(outage.received_at(paper, DESK, MORNING))
    except UserError:
        local = DESK.local(MORNING)
        assert days == 0 and (hour, minute) > (local.hour, local.minute)
    else:
        assert (at.date(), at.hour, at.minute) == (day, hour, minute)


def test_a_paper_cannot_be_older_than_the_file_it_continues(hall: Hall) -> None:
    with pytest.raises(UserError, match="mendahului"):
        outage.received_at(PAPER, hall.desk, hall.clock(), not_before=hall.clock())
