"""Intakes made by hand for one service: a lost card, looked at, received, refused, come back to, and taken back."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy import func, select

from desktop.errors import UserError
from desktop.models import journal
from desktop.models.catalog import Service
from desktop.models.local import ApplicationNow
from desktop.operations import earlier, intake
from desktop.operations import undo as taking_back
from desktop.operations.catalog import definition_of, standard_in_force
from desktop.operations.intake_form import IntakeForm, Outcome, PartyForm, case_of
from desktop.operations.requirements import Check, State, assess
from tests.conftest import Hall

SITI = PartyForm(name="Siti Aminah", nik="9901014102900003", phone="081234567890")


def service_id(hall: Hall, code: str) -> str:
    with hall.store.reading() as session:
        return session.scalars(select(Service.id).where(Service.code == code)).one()


def lost_card(hall: Hall, **changes: Any) -> IntakeForm:
    """KTP-el hilang, for herself, nothing looked at yet."""
    return replace(IntakeForm(service_id(hall, "DKC-02"), SITI, variant="LOST"), **changes)


def looked_at(hall: Hall, form: IntakeForm, **states: Check) -> IntakeForm:
    """The same form with every asked line present, but for those named."""
    with hall.store.reading() as session:
        standard = standard_in_force(session, form.service_id, hall.clock())
        assert standard is not None
        lines = assess(definition_of(standard), case_of(form, hall.desk.day(hall.clock())), {}).lines
    checks = {line.code: Check(State.PRESENT, copies=line.copies_wanted or None) for line in lines}
    return replace(form, checks={**checks, **states})


def receive(hall: Hall, form: IntakeForm) -> Outcome:
    with hall.store.saving(hall.desk.officer_id) as session:
        return intake.receive(session, hall.desk, form)


def refused(hall: Hall, form: IntakeForm) -> UserError:
    """Nothing at all is kept of what is refused, and the next number is not used up."""
    before = row_count(hall)
    with pytest.raises(UserError) as caught:
        receive(hall, form)
    assert row_count(hall) == before
    return caught.value


def row_count(hall: Hall) -> int:
    with hall.store.reading() as session:
        return session.scalar(select(func.count()).select_from(journal.Entry)) or 0


def now_of(hall: Hall, outcome: Outcome) -> ApplicationNow:
    with hall.store.reading() as session:
        return session.get_one(ApplicationNow, outcome.application_id)


def short_file(hall: Hall) -> Outcome:
    return receive(hall, looked_at(hall, lost_card(hall, applicant=PartyForm(name="Siti")), KK_FC=Check(State.MISSING)))


def come_back(hall: Hall, first: Outcome, **states: Check) -> Outcome:
    with hall.store.reading() as session:
        form = earlier.resume(session, hall.desk, first.application_id)
    assert "KK_FC" not in form.checks
    assert form.checks["F_1_02"].state is State.PRESENT, "what was accepted is not asked for again"
    checks = {**form.checks, "KK_FC": Check(State.PRESENT, copies=1), **states}
    return receive(hall, replace(form, applicant=SITI, checks=checks))


def looked_at_without(hall: Hall, code: str) -> IntakeForm:
    form = looked_at(hall, lost_card(hall))
    return replace(form, checks={name: check for name, check in form.checks.items() if name != code})


def undo(hall: Hall, outcome: Outcome) -> None:
    with hall.store.saving(hall.desk.officer_id) as session:
        taking_back.undo(session, hall.desk, outcome)
