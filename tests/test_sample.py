"""The seeded days have in them what a real day has, so that the demo and the measurements meet it."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import func, select

from desktop import sample
from desktop.models.application import Application, Correction, PaperPrint, StatusMove, Visit
from desktop.operations import daily
from tests.conftest import Hall


def test_a_week_has_second_visits_corrections_voids_and_reprints(hall: Hall) -> None:
    hall.clock.moment = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)  # Tuesday, 14.30 in the hall
    made = sample.fill(hall.store, hall.desk, days=4)
    today = hall.desk.day(hall.clock())
    with hall.store.reading() as session:
        counts = {
            "made": session.scalar(select(func.count()).select_from(Application)),
            "again": session.scalar(select(func.count()).select_from(Visit).where(Visit.ordinal > 1)),
            "corrected": session.scalar(select(func.count()).select_from(Correction)),
            "void": session.scalar(select(func.count()).select_from(StatusMove).where(StatusMove.to_state == "VOID")),
        }
        papers = set(session.scalars(select(PaperPrint.reason_code)))
        facts = daily.summary_facts(session, hall.desk, today)
    assert counts["made"] == made and counts["again"]
    assert counts["corrected"] == 3 and counts["void"] >= 2  # Friday, Monday and today; Friday and today
    assert "corrected" in papers
    assert facts.total.void == 1 and facts.corrections, facts
