"""What was just saved is taken back, and what stood before stands again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from desktop.errors import UserError
from desktop.models import journal
from desktop.models.base import natural_id
from desktop.models.local import ApplicationNow, PrintJob
from desktop.operations import earlier
from desktop.operations import undo as taking_back
from desktop.operations.intake_form import RECEIPT, PartyForm
from desktop.operations.requirements import Check, State
from tests.conftest import Hall
from tests.operations.forms import SITI, come_back, looked_at, lost_card, now_of, receive, short_file, undo


def test_undoing_a_first_visit_voids_the_number_and_keeps_it(hall: Hall) -> None:
    first = receive(hall, looked_at(hall, lost_card(hall)))
    undo(hall, first)
    row = now_of(hall, first)
    assert (row.state, row.complete_at) == ("VOID", None)
    assert int(receive(hall, looked_at(hall, lost_card(hall))).number[9:13]) == 2
    with pytest.raises(UserError, match="tidak dapat diurungkan"):
        undo(hall, first)
    with hall.store.reading() as session:
        jobs = session.scalars(select(PrintJob.state).where(PrintJob.print_id == first.print_id)).all()
    assert jobs == ["out"], "a paper that has not left yet stays in"


def test_undoing_a_second_visit_leaves_the_file_as_it_was(hall: Hall) -> None:
    first = short_file(hall)
    before = now_of(hall, first)
    hall.clock.forward(hours=3)
    undo(hall, come_back(hall, first))
    after = now_of(hall, first)
    assert (after.state, after.complete_at, after.promised_at, after.missing) == (
        "RETURNED",
        None,
        None,
        before.missing,
    )
    hall.clock.forward(hours=1)
    assert come_back(hall, first).paper == RECEIPT
    assert now_of(hall, first).complete_at == hall.clock()


def test_a_clock_set_back_does_not_make_a_finished_file_look_unfinished(hall: Hall) -> None:
    first = short_file(hall)
    hall.clock.forward(minutes=-30)
    second = come_back(hall, first)
    row = now_of(hall, second)
    assert (row.state, row.missing, row.first_outcome) == ("REGISTERED", 0, "returned")
    hall.clock.forward(minutes=-2)
    undo(hall, second)
    assert (now_of(hall, first).state, now_of(hall, first).missing) == ("RETURNED", 1)


def test_undo_gives_the_people_back_as_they_were(hall: Hall) -> None:
    first = short_file(hall)
    hall.clock.forward(hours=1)
    with hall.store.reading() as session:
        form = earlier.resume(session, hall.desk, first.application_id)
    changed = replace(
        form,
        applicant=replace(SITI, name="Orang Lain"),
        proxy=PartyForm(name="Kuasa Baru"),
        vulnerable_group="elderly",
        checks={**form.checks, "KK_FC": Check(State.PRESENT)},
    )
    undo(hall, receive(hall, changed))
    with hall.store.reading() as session:
        again = earlier.resume(session, hall.desk, first.application_id)
        assert replace(again, seen=form.seen) == form  # what the file went through is another version of it
        assert session.get_one(ApplicationNow, first.application_id).applicant == "Siti"
    assert journal_is_sound(hall)


def journal_is_sound(hall: Hall) -> bool:
    with hall.store.reading() as session:
        return journal.verify(journal.read_entries(session.connection())) == []


def test_only_todays_work_of_ones_own_agency_can_be_undone(hall: Hall) -> None:
    outcome = receive(hall, looked_at(hall, lost_card(hall)))
    stranger = replace(hall.desk, agency_ids=(natural_id("agency", "PTS"),))
    with pytest.raises(UserError, match="instansi lain"), hall.store.saving("x") as session:
        taking_back.undo(session, stranger, outcome)
    hall.clock.forward(days=1)
    with pytest.raises(UserError, match="kemarin"):
        undo(hall, outcome)
    assert now_of(hall, outcome).state == "REGISTERED"


def test_what_others_did_since_cannot_be_undone(hall: Hall) -> None:
    first = short_file(hall)
    hall.clock.forward(hours=1)
    come_back(hall, first)
    with pytest.raises(UserError, match="sudah berubah"):
        undo(hall, first)
