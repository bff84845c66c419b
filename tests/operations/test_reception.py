"""What the desk looks up: files by number, people met before, and the file that comes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desktop.errors import UserError
from desktop.models.access import Officer
from desktop.models.base import new_id
from desktop.models.catalog import Service, ServiceStandard
from desktop.operations import earlier, intake, reception
from desktop.operations.catalog import definition_of, standard_in_force
from desktop.operations.intake_form import IntakeForm, Outcome, PartyForm, case_of
from desktop.operations.requirements import Check, State, assess
from desktop.operations.undo import undo
from tests.conftest import Hall

SITI = PartyForm(name="Siti Aminah", nik="9901014102900003", phone="081234567890")
MOCH = PartyForm(name="Moch. Ma’ruf", nik="9901011107850002", phone="081298765432")


def service_id(hall: Hall, code: str) -> str:
    with hall.store.reading() as session:
        return session.scalars(select(Service.id).where(Service.code == code)).one()


def receive(hall: Hall, person: PartyForm = SITI, missing: tuple[str, ...] = (), **changes: Any) -> Outcome:
    """KTP-el hilang with these papers missing; the others are there."""
    form = replace(IntakeForm(service_id(hall, "DKC-02"), person, variant="LOST"), **changes)
    with hall.store.saving(hall.desk.officer_id) as session:
        standard = standard_in_force(session, form.service_id, hall.clock())
        assert standard is not None
        lines = assess(definition_of(standard), case_of(form, hall.desk.day(hall.clock())), {}).lines
        checks = {line.code: Check(State.MISSING if line.code in missing else State.PRESENT) for line in lines}
        return intake.receive(session, hall.desk, replace(form, checks=checks))


def test_services_are_found_by_what_people_call_them(hall: Hall) -> None:
    with hall.store.reading() as session:
        offers = reception.offers(session, hall.desk)
    assert {offer.agency_id for offer in offers} == set(hall.desk.agency_ids)
    licence = next(offer for offer in offers if "perawat" in offer.name)
    assert licence.words.startswith("sip perawat")


def test_what_is_asked_for_most_comes_first(hall: Hall) -> None:
    receive(hall)
    with hall.store.reading() as session:
        assert reception.offers(session, hall.desk)[0].service_id == service_id(hall, "DKC-02")


def test_files_are_found_by_fourteen_digits_and_by_five(hall: Hall) -> None:
    outcome = receive(hall)
    with hall.store.reading() as session:
        whole = reception.files_by_number(session, hall.desk, outcome.number)
        said = reception.files_by_number(session, hall.desk, outcome.short)
        assert [file.id for file in whole] == [file.id for file in said] == [outcome.application_id]
        assert reception.files_by_number(session, hall.desk, "26112399999999") == []
        sentence = reception.file_sentence(session, hall.desk, outcome.application_id)
    assert sentence == "Masih diproses. Selesai paling lambat Selasa, 24 November 2026."


def test_the_newest_of_the_same_five_digits_is_first(hall: Hall) -> None:
    receive(hall)
    hall.clock.forward(days=1)
    second = receive(hall, MOCH)
    with hall.store.reading() as session:
        assert reception.recent_files(session, hall.desk)[0].id == second.application_id


def test_a_voided_file_says_so(hall: Hall) -> None:
    outcome = receive(hall)
    with hall.store.saving(hall.desk.officer_id) as session:
        undo(session, hall.desk, outcome)
    with hall.store.reading() as session:
        said = reception.file_sentence(session, hall.desk, outcome.application_id)
    assert said == "Dibatalkan 23 November (diurungkan). Kertasnya tidak berlaku."


@pytest.mark.parametrize("typed", ["siti", "SITI AM", "aminah s", "muhammad maruf", "moch", "ma'ruf"])
def test_people_are_found_however_they_are_spelt(hall: Hall, typed: str) -> None:
    receive(hall)
    receive(hall, MOCH)
    receive(hall, MOCH)
    with hall.store.reading() as session:
        found = reception.people(session, hall.desk, name=typed)
    assert len(found) == 1
    assert "•" in found[0].masked


@pytest.mark.parametrize("typed", ["", "s", "'; DROP TABLE party; --", '"', "*", "(", "NEAR", "😀"])
def test_any_text_is_safe_to_look_for(hall: Hall, typed: str) -> None:
    receive(hall)
    with hall.store.reading() as session:
        assert reception.people(session, hall.desk, name=typed) == []


def test_people_are_found_by_phone(hall: Hall) -> None:
    receive(hall)
    with hall.store.reading() as session:
        assert [p.form.name for p in reception.people(session, hall.desk, phone="+6281234567890")] == ["Siti Aminah"]


def test_each_officer_is_named_for_what_he_accepted(hall: Hall) -> None:
    outcome = receive(hall, missing=("KK_FC", "SURAT_HILANG"))
    hall.clock.forward(days=1)
    with hall.store.saving(None) as session:
        first = session.get_one(Officer, hall.desk.officer_id)
        second = Officer(id=new_id(), agency_id=first.agency_id, display_name="Rini", initials="R", role="officer")
        session.add(second)
    with hall.store.saving(second.id) as session:
        desk = replace(hall.desk, officer_id=second.id)
        form = earlier.resume(session, desk, outcome.application_id)
        checks = {**form.checks, "KK_FC": Check(State.PRESENT), "SURAT_HILANG": Check(State.MISSING)}
        intake.receive(session, desk, replace(form, checks=checks))
    with hall.store.reading() as session:
        found = reception.returning(session, hall.desk, outcome.application_id)
    assert found.visit_no == 3
    assert sorted((part.count, part.on.day, part.by) for part in found.accepted) == [
        (1, 23, first.display_name),
        (1, 24, "Rini"),
    ]
    assert found.asked == {"F_1_02", "KK_FC", "SURAT_HILANG"}
    assert not found.is_older_standard


def test_a_complete_file_cannot_be_continued(hall: Hall) -> None:
    outcome = receive(hall)
    with hall.store.reading() as session, pytest.raises(UserError):
        reception.returning(session, hall.desk, outcome.application_id)


@pytest.mark.parametrize(
    ("ahead", "sentence"),
    [
        (timedelta(hours=2), "Standar baru berlaku hari ini pukul 10.12. Sekarang masih standar lama."),
        (timedelta(hours=24), "Standar baru berlaku besok pukul 08.12. Hari ini masih standar lama."),
        (timedelta(hours=47), ""),
    ],
)
def test_a_standard_that_is_near_is_announced(hall: Hall, ahead: timedelta, sentence: str) -> None:
    id_ = service_id(hall, "DKC-02")
    with hall.store.saving(None) as session:
        old = session.scalars(select(ServiceStandard).where(ServiceStandard.service_id == id_)).one()
        session.add(
            ServiceStandard(
                service_id=id_, version_no=2, valid_from=hall.clock() + ahead, definition=dict(old.definition)
            )
        )
    with hall.store.reading() as session:
        standard = reception.standard_of(session, hall.desk, id_)
        assert standard.is_sample
        assert reception.next_standard_sentence(hall.desk, standard, hall.clock()) == sentence


def test_a_service_without_a_standard_is_said(hall: Hall) -> None:
    with hall.store.reading() as session, pytest.raises(UserError):
        reception.standard_of(session, hall.desk, new_id())
