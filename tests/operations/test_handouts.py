"""What the papers without a number say: from the standard, from the file, from the desk."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from desktop import sample
from desktop.errors import UserError
from desktop.models.base import natural_id
from desktop.models.catalog import Agency, Service
from desktop.operations import handouts, intake, setup
from desktop.operations.catalog import definition_of, standard_in_force
from tests.conftest import Hall


def test_every_leaflet_names_every_paper_of_its_standard_and_no_decree_while_it_is_a_sample(hall: Hall) -> None:
    with hall.store.reading() as session:
        for service in setup.services(session, hall.desk):
            standard = standard_in_force(session, service.id, hall.clock())
            assert standard is not None
            facts = handouts.leaflet_facts(session, hall.desk, service.id)
            wanted = [line.name for line in definition_of(standard).requirements if line.enabled or line.local_rule]
            assert len(facts.documents) == len(wanted)
            assert all(any(name in document.title for document in facts.documents) for name in wanted)
            assert facts.standard_text is None
            assert facts.duration and facts.fee_text


def test_a_paper_that_is_not_always_asked_says_when(hall: Hall) -> None:
    with hall.store.reading() as session:
        for service in setup.services(session, hall.desk):
            standard = standard_in_force(session, service.id, hall.clock())
            assert standard is not None
            definition = definition_of(standard)
            facts = handouts.leaflet_facts(session, hall.desk, service.id)
            lines = sorted(definition.requirements, key=lambda line: line.ordinal)
            shown = [line for line in lines if line.enabled or line.local_rule]
            for line, document in zip(shown, facts.documents, strict=True):
                assert ("Hanya bila" in document.why) == (line.when is not None), line.code


def test_the_pledge_is_the_agencys_own(hall: Hall) -> None:
    with hall.store.saving(None) as session:
        agency = session.get_one(Agency, natural_id("agency", "DKC"))
        agency.pledge = "Kami sanggup."
    with hall.store.reading() as session:
        pledges = {
            session.get_one(Agency, service.agency_id).code:
                handouts.leaflet_facts(session, hall.desk, service.id).pledge
            for service in setup.services(session, hall.desk)
        }  # fmt: skip
    assert pledges == {"DKC": "Kami sanggup.", "PTS": ""}


def test_the_label_carries_the_file_and_is_refused_to_another_agency(hall: Hall) -> None:
    with hall.store.reading() as session:
        offered = sample.offers(session, hall.desk)
    with hall.store.saving(hall.desk.officer_id) as session:
        form = sample.Hall(3).form(offered[0], hall.desk.day(hall.clock()))
        outcome = intake.receive(session, hall.desk, form)
    with hall.store.reading() as session:
        facts = handouts.label_facts(session, hall.desk, outcome.application_id)
        assert facts.barcode == outcome.number
        assert facts.applicant == form.applicant.name
        stranger = replace(hall.desk, agency_ids=("x",))
        with pytest.raises(UserError, match="instansi lain"):
            handouts.label_facts(session, stranger, outcome.application_id)


def test_the_emergency_form_offers_what_the_desk_serves(hall: Hall) -> None:
    with hall.store.reading() as session:
        facts = handouts.emergency_facts(session, hall.desk)
        names = session.scalars(select(Service.name_id).where(Service.agency_id.in_(hall.desk.agency_ids)))
        assert list(facts.services) == sorted(names)
