"""The first start of a PC: hall, agencies, catalogue, counter, first officer; and the desk it works at afterwards."""

from __future__ import annotations

import csv
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.access import Officer
from desktop.models.base import natural_id, now
from desktop.models.catalog import Agency, Counter, DeviceCode, Hall, Node, Service
from desktop.models.local import Meta, Village
from desktop.operations import access, counters, promise
from desktop.operations.catalog import import_catalogue
from desktop.operations.cleaning import clean_text
from desktop.operations.desk import Desk
from desktop.operations.numbering import LONE_CODES

if TYPE_CHECKING:
    from desktop.operations.catalog_file import Catalogue

RESOURCES = Path(__file__).resolve().parent.parent.parent / "resources" / "catalogue"
SHIPPED_CATALOGUE = RESOURCES / "kudus.yaml"
SHIPPED_VILLAGES = RESOURCES / "kudus_villages.csv"
APP_VERSION = "1.0.0"


@dataclass(frozen=True)
class FirstRun:
    """What the wizard asks. The defaults are a working counter, so that Enter all the way gives one."""

    hall_name: str = "Mal Pelayanan Publik Kabupaten Kudus"
    hall_code: str = "3319"
    timezone: str = "Asia/Jakarta"
    agency_codes: tuple[str, ...] = ("DKC",)
    counter_name: str = "Loket 1"
    booth: str = ""
    floor: str = ""
    officer_name: str = "Petugas 1"
    officer_role: str = "admin"
    pin: str = ""
    letterhead: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class AgencyChoice:
    """An agency as the wizard lists it."""

    code: str
    name: str
    services: int


def shipped_catalogue() -> Catalogue:
    """The catalogue that comes with the program: samples until an agency's decree says so (users.md 1.9)."""
    from desktop.operations.catalog_file import read_yaml  # 50 ms that only the first start has to pay

    return read_yaml(SHIPPED_CATALOGUE)


def agency_choices(catalogue: Catalogue) -> list[AgencyChoice]:
    """The agencies of a catalogue, those with services first."""
    counts: dict[str, int] = {}
    for service in catalogue.services:
        counts[service.agency] = counts.get(service.agency, 0) + 1
    choices = [AgencyChoice(agency.code, agency.name_id, counts.get(agency.code, 0)) for agency in catalogue.agencies]
    return sorted(choices, key=lambda choice: choice.services == 0)


def is_ready(session: Session) -> bool:
    """Whether this PC has been set up."""
    return session.get(Meta, "desk") is not None


def first_run(session: Session, plan: FirstRun, catalogue: Catalogue) -> tuple[str, str]:
    """Make hall, agencies, services, holidays, counter and the first officer in one transaction.

    Returns the ids of counter and officer. UserError (with its field) puts a wrong entry right and keeps nothing.
    """
    hall_name = clean_text(plan.hall_name, 200, field="hall_name")
    if len(hall_name) < 2:
        raise UserError(_("Isi dahulu, paling sedikit 2 huruf."), field="hall_name")
    if is_ready(session):
        raise UserError(_("Loket ini sudah diatur."))
    moment = now(session)
    hall = Hall(
        id=natural_id("hall", plan.hall_code),
        code=plan.hall_code,
        name=hall_name,
        region_code=plan.hall_code,
        timezone=plan.timezone,
        letterhead=dict(plan.letterhead),
    )
    session.info["seed"] = True
    import_catalogue(session, catalogue, hall_id=hall.id)
    promise.seed_holidays(session, range(moment.year, moment.year + 2))
    session.flush()
    session.info["seed"] = False
    load_villages(session)

    session.add(hall)
    agencies = counters.agency_ids(session, plan.agency_codes)
    counter = counters.ensure(session, plan.counter_name, agencies, booth=plan.booth, floor=plan.floor)
    journal_state = session.get_one(Meta, "journal").value
    node = Node(id=journal_state["node"], counter_id=counter.id, label=counter.name, app_version=APP_VERSION)
    code = DeviceCode(code=secrets.choice(LONE_CODES), node_id=node.id, since=moment)
    session.add_all([node, code])
    officer = access.add_officer(
        session, name=plan.officer_name, role=plan.officer_role, pin=plan.pin, agency_id=agencies[0]
    )
    session.add(Meta(name="desk", value={"hall_id": hall.id, "counter_id": counter.id, "device_code": code.code}))
    return counter.id, officer.id


def desk_for(session: Session, officer_id: str, *, training: bool = False) -> Desk:
    """The desk of this PC with this officer at it."""
    where = session.get_one(Meta, "desk").value
    counter = session.get_one(Counter, where["counter_id"])
    hall = session.get_one(Hall, where["hall_id"])
    return Desk(
        hall_id=hall.id,
        counter_id=counter.id,
        agency_ids=tuple(counter.agency_ids),
        officer_id=officer_id,
        zone=ZoneInfo(hall.timezone),
        training=training,
    )


def counter_name(session: Session) -> str:
    """How the counter of this PC is called; empty before the PC was set up."""
    where = session.get(Meta, "desk")
    counter = session.get(Counter, where.value["counter_id"]) if where is not None else None
    return counter.name if counter is not None else ""


@dataclass(frozen=True)
class Place:
    """The words for the window's head: "Loket 7", "Dinas Kependudukan …", "Siti Rahmawati"."""

    hall: str
    counter: str
    agency: str
    officer: str
    role: str


def place(session: Session, desk: Desk) -> Place:
    """How this desk and its officer are called."""
    officer = session.get_one(Officer, desk.officer_id)
    names = [session.get_one(Agency, agency_id).name_id for agency_id in desk.agency_ids]
    return Place(
        session.get_one(Hall, desk.hall_id).name,
        session.get_one(Counter, desk.counter_id).name,
        " · ".join(names),
        officer.display_name,
        officer.role,
    )


# Left to itself the planner reads every file there ever was, in the order of their services.
_ASKED_FOR = text("""
SELECT service_id, count(*) FROM application_now INDEXED BY ix_application_now_day
WHERE on_date >= :since AND agency_id IN (SELECT value FROM json_each(:agencies)) GROUP BY service_id
""")


def services(session: Session, desk: Desk) -> list[Service]:
    """What this desk offers, the services asked for most in the last days first."""
    since = desk.day(now(session)) - timedelta(days=45)
    places = {"since": since.isoformat(), "agencies": json.dumps(desk.agency_ids)}
    used: dict[str, int] = dict(session.execute(_ASKED_FOR, places).all())
    found = session.scalars(
        select(Service).where(Service.agency_id.in_(desk.agency_ids), Service.is_open, ~Service.deleted)
    )
    return sorted(found, key=lambda service: (-used.get(service.id, 0), service.code))


def villages(session: Session, first_district: str = "") -> list[Village]:
    """Every village known here, those of one district (its code, "33.19.01") first."""
    found = session.scalars(select(Village).order_by(Village.name))
    return sorted(found, key=lambda village: not (first_district and village.code.startswith(first_district)))


def load_villages(session: Session) -> None:
    """The shipped villages, where none are known here yet: they do not travel."""
    if session.scalar(select(func.count()).select_from(Village)):
        return
    with SHIPPED_VILLAGES.open(encoding="utf-8", newline="") as source:
        rows: Iterable[dict[str, str]] = csv.DictReader(source)
        session.add_all(
            Village(
                code=row["code"],
                name=row["name"],
                district=row["district_name"],
                postal_code=row["postal_code"] or None,
            )
            for row in rows
            if row["type"] in ("desa", "kelurahan")
        )
