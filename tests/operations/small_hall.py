"""A hall small enough to keep in mind: two agencies, three services, three officers, and days made at its desk."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from desktop.models.access import Officer
from desktop.models.base import natural_id
from desktop.models.catalog import Agency, Counter, Hall, Service, ServiceStandard
from desktop.models.local import Meta
from desktop.operations import intake
from desktop.operations.desk import Desk
from desktop.operations.intake_form import IntakeForm, Outcome, PartyForm
from desktop.operations.requirements import Check, Fault, State
from desktop.operations.undo import undo
from desktop.store import Store

ZONE = ZoneInfo("Asia/Jakarta")
HALL, DKC, POL = natural_id("hall", "3319"), natural_id("agency", "DKC"), natural_id("agency", "POL")
COUNTER, OTHER_COUNTER = natural_id("counter", "3"), natural_id("counter", "9")
KTP, KK, SKCK = (natural_id("service", name) for name in ("KTP", "KK", "SKCK"))
RINI, BUDI, SARI = (natural_id("officer", name) for name in ("Rini", "Budi", "Sari"))
SERVICES = {
    KTP: (DKC, "KTP-el hilang", ("KK_FC", "POLICE", "PHOTO")),
    KK: (DKC, "Kartu Keluarga baru", ("KK_OLD", "MARRIAGE")),
    SKCK: (POL, "SKCK", ("KTP_FC",)),
}
PAPERS = {
    "KK_FC": ("Kartu Keluarga", "copy", 1),
    "POLICE": ("Surat keterangan kehilangan dari kepolisian", "original", 0),
    "PHOTO": ("Pas foto 3×4", "photo", 2),
    "KK_OLD": ("Kartu Keluarga lama", "original", 0),
    "MARRIAGE": ("Buku nikah", "copy", 1),
    "KTP_FC": ("KTP-el", "copy", 1),
}


def definition(codes: Collection[str]) -> dict[str, Any]:
    """A standard that asks for these papers and for nothing else."""
    lines = []
    for ordinal, code in enumerate(codes, start=1):
        name, form, copies = PAPERS[code]
        lines.append(
            {
                "code": code,
                "ordinal": ordinal,
                "name_id": name,
                "name_en": name,
                "form": form,
                "copies": copies,
                "clause": "Perda 1/2020 pasal 4",
            }
        )
    return {
        "requirements": lines,
        "legal_basis": ["Perda 1/2020"],
        "needs": ["applicant_name"],
        "duration": {"value": 1, "unit": "working_days"},
        "products": ["Dokumen"],
    }


def furnish(store: Store) -> None:
    """Put the hall, its people and its standards into an empty file."""
    with store.saving(None) as session:
        session.add(Hall(id=HALL, code="3319", name="MPP Kabupaten Kudus", region_code="3319"))
        for id_, code, name in ((DKC, "DKC", "Dinas Kependudukan dan Pencatatan Sipil"), (POL, "POL", "Polres Kudus")):
            session.add(Agency(id=id_, hall_id=HALL, code=code, name_id=name, name_en=name, level="regency"))
        session.add(Counter(id=COUNTER, hall_id=HALL, name="Loket 3", agency_ids=[DKC], floor="lantai 1"))
        session.add(Counter(id=OTHER_COUNTER, hall_id=HALL, name="Loket 9", agency_ids=[POL]))
        for id_, name, role in ((RINI, "Rini", "officer"), (BUDI, "Budi", "officer"), (SARI, "Sari", "supervisor")):
            session.add(Officer(id=id_, agency_id=DKC, display_name=name, initials=name[0], role=role))
        for id_, (agency_id, name, codes) in SERVICES.items():
            session.add(
                Service(
                    id=id_,
                    agency_id=agency_id,
                    code=name[:6].upper(),
                    slug=name[:9],
                    name_id=name,
                    name_en=f"{name} (EN)",
                    category="civil",
                )
            )
            session.add(
                ServiceStandard(
                    id=natural_id("standard", id_),
                    service_id=id_,
                    version_no=1,
                    valid_from=datetime(2020, 1, 1, tzinfo=UTC),
                    definition=definition(codes),
                )
            )
        session.add(Meta(name="desk", value={"hall_id": HALL, "counter_id": COUNTER, "device_code": 907}))


def desk_of(officer_id: str = RINI, *, agencies: tuple[str, ...] = (DKC,), counter_id: str = COUNTER) -> Desk:
    """Where an officer sits."""
    return Desk(
        hall_id=HALL,
        counter_id=counter_id,
        agency_ids=agencies,
        officer_id=officer_id,
        zone=ZONE,
    )


@dataclass
class AtTheDesk:
    """One counter's acts, each in its own transaction as the program does them."""

    store: Store
    desk: Desk = field(default_factory=desk_of)

    def as_officer(self, officer_id: str) -> AtTheDesk:
        """The same desk with somebody else at it."""
        return AtTheDesk(self.store, replace(self.desk, officer_id=officer_id))

    def receive(
        self,
        service_id: str = KTP,
        name: str = "Siti Aminah",
        *,
        missing: Collection[str] = (),
        faulty: Collection[str] = (),
        minutes: float = 4,
        file: str | None = None,
        **more: Any,
    ) -> Outcome:
        """F9 on an application of which these papers are missing or faulty; ``file`` for a further visit."""
        checks = {code: Check(State.PRESENT, copies=PAPERS[code][2] or None) for code in SERVICES[service_id][2]}
        checks |= {code: Check(State.MISSING) for code in missing}
        checks |= {code: Check(State.FAULTY, Fault.UNREADABLE) for code in faulty}
        people = {part: more.pop(part) for part in ("nik", "phone") if part in more}
        with self.store.saving(self.desk.officer_id) as session:
            started = session.info["now"] - timedelta(minutes=minutes)
            form = IntakeForm(
                service_id=service_id,
                applicant=PartyForm(name=name, **people),
                checks=checks,
                started_at=started,
                application_id=file,
                **more,
            )
            return intake.receive(session, self.desk, form)

    def undo(self, outcome: Outcome) -> None:
        """Take the last F9 back."""
        with self.store.saving(self.desk.officer_id) as session:
            undo(session, self.desk, outcome)

    def visit(self, outcome: str, **more: Any) -> None:
        """A coming to the desk without a file."""
        with self.store.saving(self.desk.officer_id) as session:
            intake.record_visit(session, self.desk, outcome, **more)
