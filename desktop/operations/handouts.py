"""Papers that belong to no number: what to bring, the label of a folder, the form for hours without the program."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _, speaking
from desktop.models.application import Application
from desktop.models.base import now
from desktop.models.catalog import Agency, Counter, Hall, Service
from desktop.models.people import Party
from desktop.models.standard import Definition, Requirement
from desktop.operations import paper_words, setup
from desktop.operations.catalog import definition_of, standard_in_force
from desktop.operations.desk import Desk
from desktop.operations.intake import promise_for
from desktop.operations.numbering import FileNumber
from desktop.operations.paperwork import EmergencyFacts, LabelFacts, LeafletFacts, Letterhead, Missing
from desktop.operations.requirements import when_words


def leaflet_facts(session: Session, desk: Desk, service_id: str) -> LeafletFacts:
    """What to bring for a service, by the standard in force now. UserError where it has none.

    In Indonesian, whatever language the screen speaks: it is the citizen's.
    """
    moment = now(session)
    service = session.get_one(Service, service_id)
    standard = standard_in_force(session, service_id, moment)
    if standard is None:
        raise UserError(_("Layanan ini belum punya standar yang berlaku. Hubungi admin."))
    hall, agency = session.get_one(Hall, desk.hall_id), session.get_one(Agency, service.agency_id)
    definition = definition_of(standard)
    with speaking("id"):
        complaint = paper_words.complaint_text(hall)
        return LeafletFacts(
            letterhead=_letterhead(session, desk, agency),
            service=service.name_id,
            product=", ".join(definition.products),
            duration=promise_for(session, desk, agency.id, definition, moment).text,
            fee_text=paper_words.fee_text(definition, complaint),
            documents=tuple(
                _asked(definition, line)
                for line in sorted(definition.requirements, key=lambda line: line.ordinal)
                if line.enabled or line.local_rule
            ),
            printed_at=desk.local(moment),
            complaint=complaint,
            presence=definition.presence,
            procedure=definition.components.get("procedure", ""),
            channels=definition.components.get("complaint_channels", ""),
            pledge=agency.pledge or "",
            standard_text=paper_words.decree_text(standard),
            training=desk.training,
        )


def label_facts(session: Session, desk: Desk, application_id: str) -> LabelFacts:
    """The label of this file's folder. UserError where the file is another agency's or is not on this PC."""
    application = session.get(Application, application_id)
    if application is None or application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    number = FileNumber(application.on_date, application.device_code, application.serial)
    counter = session.get(Counter, application.counter_id)  # that of a PC that stood alone is known to no other
    people = {
        party.role: party.full_name
        for party in session.scalars(select(Party).where(Party.application_id == application_id, ~Party.deleted))
    }
    return LabelFacts(
        letterhead=_letterhead(session, desk, session.get_one(Agency, application.agency_id)),
        number=number.text,
        short=number.short,
        barcode=number.digits,
        qr=number.digits,
        service=session.get_one(Service, application.service_id).name_id,
        applicant=people.get("applicant", ""),
        subject=people.get("subject"),
        received_at=desk.local(application.received_at),
        counter=counter.name if counter is not None else "",
        training=desk.training,
    )


def emergency_facts(session: Session, desk: Desk) -> EmergencyFacts:
    """The blank form of this desk, with the services it offers."""
    agency = session.get(Agency, desk.agency_ids[0])
    hall = session.get_one(Hall, desk.hall_id)
    return EmergencyFacts(
        letterhead=_letterhead(session, desk, agency),
        services=tuple(sorted(service.name_id for service in setup.services(session, desk))),
        phone=str(hall.letterhead.get("phone", "")),
        training=desk.training,
    )


def _letterhead(session: Session, desk: Desk, agency: Agency | None) -> Letterhead:
    hall, counter = session.get_one(Hall, desk.hall_id), session.get_one(Counter, desk.counter_id)
    return paper_words.letterhead_of(hall, agency, counter)


def _asked(definition: Definition, requirement: Requirement) -> Missing:
    """A line of the leaflet: when it is asked, which others it stands for, and where to get it."""
    told = []
    if when := when_words(definition, requirement):
        told.append(_("Hanya bila {case}.").format(case=when))
    if requirement.optional:
        told.append(_("Bila ada."))
    group = next((group for group in definition.groups if group.code == requirement.group), None)
    if group is not None:
        told.append(_("Pilihan: {group}, cukup {count}.").format(group=group.name, count=group.need))
    told += [words for words in (requirement.age_limit, requirement.where) if words]
    return Missing(paper_words.to_bring(requirement), " ".join(told))
