"""Brings a catalogue into the local file, and answers which standard a service had at a moment."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desktop.models.base import natural_id, now, plain
from desktop.models.catalog import Agency, Hall, Service, ServiceStandard
from desktop.models.kinds import canon, moment_text
from desktop.models.standard import Definition

if TYPE_CHECKING:
    from desktop.operations.catalog_file import AgencyEntry, Catalogue, ServiceEntry

SAMPLE = "sample"
DECREED = "decreed"


@dataclass
class Imported:
    """What an import did, for the preview and the notice afterwards."""

    new_agencies: int = 0
    changed_agencies: int = 0
    new_services: int = 0
    changed_services: int = 0
    new_standards: int = 0
    unchanged: int = 0


def import_catalogue(
    session: Session, catalogue: Catalogue, *, hall_id: str | None = None, valid_from: datetime | None = None
) -> Imported:
    """Add the agencies, services and standards of a catalogue that was found sound; nothing is ever removed.

    Standards come in as samples, a new version only where the document differs from the last sample; ``valid_from``
    is the moment it counts from (else the file's own date for a first version, and now for a later one). The same
    file twice changes nothing. With ``session.info["seed"]`` the rows are what every PC makes for itself: they have
    the same ids everywhere, and what an administrator edited since is left alone.
    """
    counts = Imported()
    hall = hall_id or session.scalars(select(Hall.id).order_by(Hall.id)).first()
    hall = hall or natural_id("hall", catalogue.region_code)
    agencies = {row.code: row for row in session.scalars(select(Agency).order_by(Agency.deleted.desc()))}
    services = {row.code: row for row in session.scalars(select(Service).order_by(Service.deleted.desc()))}
    for agency in catalogue.agencies:
        agencies[agency.code] = _agency(session, agencies.get(agency.code), agency, hall, counts)
    for service in catalogue.services:
        owner = agencies[service.agency]
        row = services[service.code] = _service(session, services.get(service.code), service, owner.id, counts)
        _standard(session, row, service, catalogue, valid_from, counts)
    session.flush()
    return counts


def standard_in_force(session: Session, service_id: str, at: datetime) -> ServiceStandard | None:
    """The standard that counts for this service at that moment: the last one decided of those that have begun.

    A sample never replaces a decreed one.
    """
    return session.scalars(_IN_FORCE, {"service": service_id, "at": at}).first()


def in_force_since(session: Session, service_id: str, at: datetime) -> tuple[str, datetime] | None:
    """The id of that standard and its beginning, without its document, which ``definition_with`` knows."""
    for row in plain(session, _IN_FORCE_SINCE, service_id, moment_text(at)):
        return row.id, datetime.fromisoformat(row.valid_from)
    return None


def newest_standard(session: Session, service_id: str) -> ServiceStandard | None:
    """The version that the next one is made from: the last one decided, whether in force or still waiting."""
    return session.scalars(_DECIDED, {"service": service_id}).first()


# Built once: every F9 asks, and to build a query costs as much as to run it.
_DECIDED = (
    select(ServiceStandard)
    .where(ServiceStandard.service_id == bindparam("service"), ServiceStandard.deleted.is_(False))
    .order_by(
        (ServiceStandard.state == DECREED).desc(),
        ServiceStandard.version_no.desc(),
        ServiceStandard.valid_from.desc(),
        ServiceStandard.id,
    )
    .limit(1)
)
_IN_FORCE = _DECIDED.where(ServiceStandard.valid_from <= bindparam("at"))
_IN_FORCE_SINCE = (
    "SELECT id, valid_from FROM service_standard WHERE service_id = ? AND NOT deleted AND valid_from <= ?"
    f" ORDER BY state = '{DECREED}' DESC, version_no DESC, valid_from DESC, id LIMIT 1"
)


def next_start(session: Session, current: ServiceStandard, until: datetime) -> datetime | None:
    """When the standard in force now is replaced by a later one, if that is before ``until``."""
    rank = (current.state == DECREED, current.version_no)
    coming = session.execute(
        select(ServiceStandard.valid_from, ServiceStandard.state, ServiceStandard.version_no)
        .where(
            ServiceStandard.service_id == current.service_id,
            ServiceStandard.valid_from > now(session),
            ServiceStandard.valid_from < until,
            ServiceStandard.deleted.is_(False),
        )
        .order_by(ServiceStandard.valid_from)
    )
    return next((start for start, state, number in coming if (state == DECREED, number) > rank), None)


# A standard's row is never changed, so what was read from it once stays right.
_definitions: dict[str, Definition] = {}


def definition_of(row: ServiceStandard) -> Definition:
    """The standard's document, checked and ready for the rules."""
    known = _definitions.get(row.id)
    if known is None:
        known = _definitions[row.id] = Definition.model_validate(row.definition)
    return known


def definition_with(session: Session, standard_id: str) -> Definition:
    """The same by the standard's id: a version never changes, so its row is read the first time only."""
    return _definitions.get(standard_id) or definition_of(session.get_one(ServiceStandard, standard_id))


def _agency(session: Session, row: Agency | None, entry: AgencyEntry, hall: str, counts: Imported) -> Agency:
    values = {
        "name_id": entry.name_id,
        "name_en": entry.name_en,
        "level": entry.level,
        "queue_prefix": entry.queue_prefix,
    }
    if row is None:
        row = Agency(id=natural_id("agency", entry.code), hall_id=hall, code=entry.code, **values)
        session.add(row)
        counts.new_agencies += 1
    elif _take_over(session, row, values):
        counts.changed_agencies += 1
    return row


def _service(session: Session, row: Service | None, entry: ServiceEntry, agency_id: str, counts: Imported) -> Service:
    values = {
        "agency_id": agency_id,
        "slug": entry.slug,
        "name_id": entry.name_id,
        "name_en": entry.name_en,
        "category": entry.category,
        "mode": entry.mode,
    }
    if row is None:
        row = Service(id=natural_id("service", entry.code), code=entry.code, **values)
        session.add(row)
        counts.new_services += 1
    elif _take_over(session, row, values):
        counts.changed_services += 1
    return row


def _take_over(session: Session, row: Agency | Service, values: dict[str, Any]) -> bool:
    """Give the row what the file says; a seed and a row that was taken away are left as they are."""
    if session.info.get("seed") or row.deleted:
        return False
    changed = {name: value for name, value in values.items() if getattr(row, name) != value}
    for name, value in changed.items():
        setattr(row, name, value)
    return bool(changed)


def _standard(
    session: Session,
    service: Service,
    entry: ServiceEntry,
    catalogue: Catalogue,
    valid_from: datetime | None,
    counts: Imported,
) -> None:
    document = entry.definition.document()
    versions = list(
        session.scalars(
            select(ServiceStandard)
            .where(ServiceStandard.service_id == service.id)
            .order_by(ServiceStandard.version_no, ServiceStandard.id)
        )
    )
    samples = [row.definition for row in versions if row.state == SAMPLE]
    if document in (samples if session.info.get("seed") else samples[-1:]):
        counts.unchanged += 1
        return
    number = versions[-1].version_no + 1 if versions else 1
    moment = valid_from or now(session)
    if valid_from is None and catalogue.valid_from is not None:
        start = datetime.combine(catalogue.valid_from, time(), UTC)
        moment = start if not versions else max(start, moment)
    digest = hashlib.sha256(canon(document).encode()).hexdigest()
    session.add(
        ServiceStandard(
            id=natural_id("service_standard", entry.code, number, digest),
            service_id=service.id,
            version_no=number,
            state=SAMPLE,
            valid_from=moment,
            definition=document,
        )
    )
    counts.new_standards += 1
