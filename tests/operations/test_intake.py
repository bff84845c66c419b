"""F9 from below: what is kept, what is refused, what is taken back. Real catalogue, real encrypted file."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from desktop.errors import UserError
from desktop.models import journal
from desktop.models.application import Application, DocumentCheck, StatusMove, Visit
from desktop.models.base import natural_id
from desktop.models.catalog import Service
from desktop.models.local import PrintJob, Serial
from desktop.models.people import Party
from desktop.operations import earlier, intake, issuing, numbering
from desktop.operations.catalog import definition_of, standard_in_force
from desktop.operations.intake_form import RECEIPT, SLIP, IntakeForm, PartyForm
from desktop.operations.paperwork import ReceiptFacts, SlipFacts
from desktop.operations.requirements import Check, Extra, Fault, State
from tests.conftest import Hall
from tests.operations.forms import (
    SITI,
    come_back,
    looked_at,
    looked_at_without,
    lost_card,
    now_of,
    receive,
    refused,
    service_id,
    short_file,
)


def test_a_complete_file_is_registered_numbered_and_promised(hall: Hall) -> None:
    outcome = receive(hall, looked_at(hall, lost_card(hall)))
    assert outcome.paper == RECEIPT
    number = numbering.parse(outcome.number)
    assert number is not None
    with hall.store.reading() as session:
        own = numbering.device_code(session)
    assert (number.day, number.serial, number.device) == (date(2026, 11, 23), 1, own)
    row = now_of(hall, outcome)
    assert (row.state, row.missing, row.first_outcome) == ("REGISTERED", 0, "complete")
    assert row.complete_at == hall.clock()
    assert row.promised_at is not None
    assert hall.desk.day(row.promised_at) == date(2026, 11, 24)
    with hall.store.reading() as session:
        assert session.scalars(select(PrintJob.state)).all() == ["waiting"]
        facts = issuing.facts_of(session, outcome.print_id)
    assert isinstance(facts, ReceiptFacts)
    assert facts.promise_text == "Selasa, 24 November 2026 (1 hari kerja)"
    assert facts.nik_masked == "9901 •••• •••• 0003"
    assert facts.standard_text is None, "a sample standard names no decree"
    assert len(facts.record_code) == 9


def test_a_short_file_is_returned_and_its_clock_never_starts(hall: Hall) -> None:
    form = looked_at(
        hall, lost_card(hall), SURAT_HILANG=Check(State.MISSING), KK_FC=Check(State.FAULTY, Fault.UNREADABLE)
    )
    outcome = receive(hall, form)
    assert outcome.paper == SLIP
    row = now_of(hall, outcome)
    assert (row.state, row.missing, row.complete_at, row.promised_at) == ("RETURNED", 2, None, None)
    with hall.store.reading() as session:
        facts = issuing.facts_of(session, outcome.print_id)
    assert isinstance(facts, SlipFacts)
    assert [line.why for line in facts.missing] == ["Tidak terbaca.", "Belum dibawa."]
    assert (facts.missing_count, facts.asked_count) == (2, 3)
    assert facts.valid_until == date(2026, 11, 30)


def test_the_asked_list_is_frozen_line_by_line(hall: Hall) -> None:
    outcome = receive(hall, looked_at(hall, lost_card(hall), KK_FC=Check(State.FAULTY, Fault.TOO_FEW, copies=0)))
    with hall.store.reading() as session:
        lines = session.scalars(
            select(DocumentCheck).where(DocumentCheck.visit_id == outcome.visit_id).order_by(DocumentCheck.ordinal)
        ).all()
        assert [(line.requirement_code, line.state, line.fault_code, line.copies) for line in lines] == [
            ("F_1_02", "present", None, 1),
            ("KK_FC", "faulty", "too_few", 0),
            ("SURAT_HILANG", "present", None, 1),
        ]


def test_grey_lines_stop_once_and_count_as_missing_the_second_time(hall: Hall) -> None:
    form = lost_card(hall, checks={"F_1_02": Check(State.PRESENT)})
    problem = refused(hall, form)
    assert (problem.message, problem.field) == ("2 syarat belum diperiksa. F9 lagi = dianggap tidak ada", "checklist")
    outcome = receive(hall, replace(form, unchecked_is_missing=True))
    assert (outcome.paper, now_of(hall, outcome).missing) == (SLIP, 2)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"service_id": "nowhere"}, "service"),
        ({"variant": None}, "variant"),
        ({"variant": "STOLEN"}, "variant"),
        ({"for_whom": 9}, "for_whom"),
        ({"for_whom": 2}, "subject.name"),
        ({"for_whom": 3}, "proxy.name"),
        ({"applicant": PartyForm(nik=SITI.nik)}, "applicant.name"),
        ({"applicant": replace(SITI, nik="3319")}, "applicant.nik"),
        ({"applicant": replace(SITI, nik="9901013102900003")}, "applicant.nik"),
        ({"applicant": replace(SITI, phone="12")}, "applicant.phone"),
        ({"applicant": replace(SITI, nik="")}, "applicant.nik"),
        ({"applicant": replace(SITI, name="x" * 10_000)}, "applicant.name"),
    ],
)


def test_what_is_wrong_is_named_by_its_field_and_nothing_is_kept(hall: Hall, changes: dict, field: str) -> None:
    good = looked_at(hall, lost_card(hall))
    assert refused(hall, replace(good, unchecked_is_missing=True, **changes)).field == field


def test_a_refused_save_leaves_no_gap(hall: Hall) -> None:
    good = looked_at(hall, lost_card(hall))
    first = receive(hall, good)
    refused(hall, replace(good, variant=None))
    second = receive(hall, good)
    assert int(second.number[9:13]) == int(first.number[9:13]) + 1


def test_a_slip_needs_a_name_only(hall: Hall) -> None:
    form = looked_at(hall, lost_card(hall, applicant=PartyForm(name="Siti")), KK_FC=Check(State.MISSING))
    assert receive(hall, form).paper == SLIP


def test_a_baby_without_a_nik_has_a_reason_instead(hall: Hall) -> None:
    form = looked_at(hall, lost_card(hall, applicant=PartyForm(name="Bayi Ny. Siti", no_nik_reason="baby")))
    assert receive(hall, form).paper == RECEIPT


def test_where_presence_is_required_a_proxy_is_refused_with_a_sentence(hall: Hall) -> None:
    form = IntakeForm(service_id(hall, "DKC-01"), SITI, for_whom=3, proxy=PartyForm(name="Budi"))
    problem = refused(hall, form)
    assert problem.field == "for_whom"
    assert "tidak dapat diwakilkan" in problem.message


def test_another_agencys_service_is_not_received_here(hall: Hall) -> None:
    desk = replace(hall.desk, agency_ids=(natural_id("agency", "PTS"),))
    with pytest.raises(UserError, match="instansi"), hall.store.saving(desk.officer_id) as session:
        intake.receive(session, desk, looked_at(hall, lost_card(hall)))


def test_an_extra_demand_blocks_and_its_reason_is_kept(hall: Hall) -> None:
    form = looked_at(hall, lost_card(hall), X1=Check(State.MISSING))
    outcome = receive(hall, replace(form, extras=(Extra("X1", "Surat RT", "diminta kepala seksi"),)))
    assert outcome.paper == SLIP
    with hall.store.reading() as session:
        facts = issuing.facts_of(session, outcome.print_id)
    assert isinstance(facts, SlipFacts)
    assert facts.missing[0].title == "Surat RT"
    assert "kepala seksi" not in str(facts), "the officer's reason is not for the citizen's paper"
    hall.clock.forward(hours=1)
    with hall.store.reading() as session:
        again = earlier.resume(session, hall.desk, outcome.application_id)
    assert [extra.name for extra in again.extras] == ["Surat RT"]
    assert "1 syarat belum diperiksa" in refused(hall, again).message, "it is asked for until it is brought"
    brought = replace(again, checks={**again.checks, "X1": Check(State.PRESENT)})
    assert receive(hall, brought).paper == RECEIPT


def test_the_second_visit_completes_the_same_number(hall: Hall) -> None:
    first = short_file(hall)
    hall.clock.forward(days=2)
    second = come_back(hall, first)
    assert (second.number, second.paper) == (first.number, RECEIPT)
    row = now_of(hall, second)
    assert (row.state, row.visits, row.complete_at, row.first_outcome) == ("REGISTERED", 2, hall.clock(), "returned")
    assert (row.applicant, row.nik) == (SITI.name, SITI.nik)
    with hall.store.reading() as session:
        assert session.scalar(select(func.count()).select_from(Party)) == 1
        assert session.scalars(select(Visit.ordinal).order_by(Visit.ordinal)).all() == [1, 2]


def test_the_first_visits_list_stays_though_the_standard_has_changed(hall: Hall) -> None:
    first = short_file(hall)
    from desktop.models.catalog import ServiceStandard

    with hall.store.saving(None) as session:
        old = standard_in_force(session, service_id(hall, "DKC-02"), hall.clock())
        assert old is not None
        harder = json.loads(json.dumps(old.definition))
        harder["requirements"].append(
            {
                **harder["requirements"][0],
                "code": "BARU",
                "ordinal": 99,
                "name_id": "Surat baru",
                "name_en": "New letter",
            }
        )
        session.add(
            ServiceStandard(service_id=old.service_id, version_no=2, valid_from=hall.clock(), definition=harder)
        )
    hall.clock.forward(hours=1)
    assert come_back(hall, first).paper == RECEIPT
    # The control: a new applicant is asked for it.
    assert "1 syarat belum diperiksa" in refused(hall, looked_at_without(hall, "BARU")).message


def test_a_registered_file_takes_no_further_visit(hall: Hall) -> None:
    outcome = receive(hall, looked_at(hall, lost_card(hall)))
    with pytest.raises(UserError, match="tidak menunggu"), hall.store.reading() as session:
        earlier.resume(session, hall.desk, outcome.application_id)
    refused(hall, replace(looked_at(hall, lost_card(hall)), application_id=outcome.application_id))


def test_a_service_closed_since_still_finishes_what_it_began(hall: Hall) -> None:
    first = short_file(hall)
    with hall.store.saving(None) as session:
        session.get_one(Service, service_id(hall, "DKC-02")).is_open = False
    hall.clock.forward(hours=1)
    assert come_back(hall, first).paper == RECEIPT
    assert refused(hall, looked_at(hall, lost_card(hall))).field == "service"


def test_a_queue_number_can_hold_nothing_personal(hall: Hall) -> None:
    form = looked_at(hall, lost_card(hall))
    assert refused(hall, replace(form, queue_no="Siti Aminah 9901")).field == "queue_no"
    receive(hall, replace(form, queue_no=" b-118 "))
    with hall.store.reading() as session:
        assert session.scalars(select(Visit.queue_no)).all() == ["B-118"]


def test_an_optional_paper_that_was_not_brought_is_never_counted_as_missing(hall: Hall) -> None:
    form = IntakeForm(service_id(hall, "PTS-01"), SITI, variant="PERSON")
    outcome = receive(hall, looked_at(hall, form, NPWP=Check(State.MISSING)))
    assert (outcome.paper, now_of(hall, outcome).missing) == (RECEIPT, 0)


def test_a_lost_serial_does_not_give_a_number_twice(hall: Hall) -> None:
    first = receive(hall, looked_at(hall, lost_card(hall)))
    with hall.store.saving(None) as session:
        session.delete(session.scalars(select(Serial)).one())
    assert receive(hall, looked_at(hall, lost_card(hall))).number != first.number


def test_a_person_seen_before_is_known_by_nik(hall: Hall) -> None:
    receive(hall, looked_at(hall, lost_card(hall)))
    with hall.store.reading() as session:
        known = earlier.known_person(session, SITI.nik, hall.desk.agency_ids)
        assert known is not None
        assert (known.name, known.phone) == (SITI.name, "+6281234567890")
        assert earlier.known_person(session, "9901014102900004", hall.desk.agency_ids) is None
        assert earlier.known_person(session, SITI.nik, ("another agency",)) is None


def test_the_same_application_is_warned_of_by_subject_and_service(hall: Hall) -> None:
    receive(hall, looked_at(hall, lost_card(hall)))
    with hall.store.reading() as session:
        service = service_id(hall, "DKC-02")
        assert len(earlier.open_files(session, hall.desk.agency_ids, nik=SITI.nik, service_id=service)) == 1
        assert earlier.open_files(session, ("another agency",), nik=SITI.nik, service_id=service) == []
        assert earlier.open_files(session, hall.desk.agency_ids, nik=SITI.nik, service_id=service, subject="Adik") == []
        birth = service_id(hall, "DKC-05")
        assert earlier.open_files(session, hall.desk.agency_ids, nik=SITI.nik, service_id=birth) == []
        assert earlier.open_files(session, hall.desk.agency_ids, nik="") == []


def test_no_entry_that_the_whole_hall_may_hold_names_a_person(hall: Hall) -> None:
    marked = PartyForm(name="Penanda Rahasia", nik="9901014102909999", phone="081299998888")
    form = looked_at(hall, lost_card(hall, applicant=marked, note="Penanda Rahasia"), X1=Check(State.MISSING))
    receive(hall, replace(form, extras=(Extra("X1", "Penanda Rahasia", "Penanda Rahasia"),)))
    with hall.store.reading() as session:
        entries = journal.read_entries(session.connection())
    marks = ("Penanda", marked.nik, "81299998888")
    found = {entry["scope"] for entry in entries if any(mark in (entry["payload"] or "") for mark in marks)}
    assert found == {"agency"}, "the control: the marks are there, but only in the agency's own lane"


def test_a_visit_without_a_file_is_counted_without_a_person(hall: Hall) -> None:
    with hall.store.saving(hall.desk.officer_id) as session:
        intake.record_visit(session, hall.desk, "consulted")
        assert session.scalars(select(Application.id)).all() == []
    with pytest.raises(ValueError, match="coffee"), hall.store.saving(None) as session:
        intake.record_visit(session, hall.desk, "coffee")


def test_a_promise_over_the_holidays(hall: Hall) -> None:
    """Complete on Friday 13 March 2026 and five working days: Nyepi and Lebaran lie between (domain.md 2.6)."""
    hall.clock.moment = datetime(2026, 3, 13, 2, 0, tzinfo=UTC)
    form = IntakeForm(service_id(hall, "PTS-07"), SITI, variant="NEW", answers={"ON_BUILDING": False})
    with hall.store.saving(None) as session:
        standard = session.scalars(select(Service).where(Service.code == "PTS-07")).one()
        row = standard_in_force(session, standard.id, datetime(2026, 11, 23, 5, tzinfo=UTC))
        assert row is not None
        promise = intake.promise_for(session, hall.desk, standard.agency_id, definition_of(row), hall.clock())
    assert form.variant == "NEW"
    assert promise.due_on == date(2026, 3, 27)


hostile = st.one_of(
    st.text(max_size=200),
    st.sampled_from([
        "", " ", "'; DROP TABLE party; --", "<b>x</b><img src=/etc/passwd>", "=1+1", "\x00\x01", "\u202eabc", "👩‍👩‍👧",
        "A" * 10_000, "\ud800", "%s%n", "{name}", "\\", "NULL", "../../x", "\u200b\u200b",
    ]),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=hostile, nik=hostile, phone=hostile, note=hostile, place=hostile)
def test_whatever_is_typed_is_kept_clean_or_refused_with_a_sentence(
    hall: Hall, name: str, nik: str, phone: str, note: str, place: str
) -> None:
    person = PartyForm(name=name, nik=nik, phone=phone, place_text=place)
    form = looked_at(hall, lost_card(hall, applicant=person, note=note), KK_FC=Check(State.MISSING))
    try:
        outcome = receive(hall, form)
    except UserError as problem:
        assert problem.message
        assert problem.field is not None
        return
    with hall.store.reading() as session:
        party = session.scalars(select(Party).where(Party.application_id == outcome.application_id)).one()
        assert party.full_name.encode()
        assert "\x00" not in party.full_name
        assert isinstance(issuing.facts_of(session, outcome.print_id), SlipFacts)
        moves = session.scalars(select(StatusMove).where(StatusMove.application_id == outcome.application_id)).all()
        assert [move.to_state for move in moves] == ["RETURNED"]
