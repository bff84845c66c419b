"""Rows as an intake writes them, and what a file then holds."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select, text

from desktop.models import Base, journal
from desktop.models.application import Application, DocumentCheck, StatusMove, Visit
from desktop.models.base import new_id, now, record_classes
from desktop.models.catalog import Agency
from desktop.models.people import Party
from desktop.store import Store
from tests.conftest import Clock

AGENCY = "00000000-0000-5000-8000-000000000001"
PROJECTIONS = ("application_now", "requirement_line")


def seed_agency(store: Store) -> None:
    with store.saving(None) as session:
        session.info["seed"] = True
        session.add(Agency(id=AGENCY, hall_id="h", code="DKC", name_id="Dukcapil", name_en="Registry", level="regency"))


def live(store: Store, clock: Clock, history: list[tuple[str, int, str, int]]) -> None:
    """Let a counter do these steps; its wall clock may jump either way between them."""
    made: list[str] = []
    for serial, (act, count, name, jump) in enumerate(history, start=1):
        clock.forward(seconds=jump)
        with store.saving("rini") as session:
            if act == "receive" or not made:
                made.append(receive(session, serial, count, name))
                continue
            application_id = made[count % len(made)]
            if act in ("move", "void"):
                session.add(
                    StatusMove(
                        application_id=application_id,
                        to_state="VOID" if act == "void" else "READY",
                        at=now(session),
                        officer_id="rini",
                    )
                )
            elif act == "rename":
                party = session.scalars(select(Party).where(Party.application_id == application_id)).one()
                party.full_name = name
                session.flush()
                party.phone = f"+6281{count}"  # a second flush of the same save is still one entry
            else:
                session.get_one(Agency, AGENCY).name_id = name


def receive(session: Any, serial: int, papers: int, name: str) -> str:
    moment = now(session)
    application = Application(
        id=new_id(),
        number=f"261123107{serial:04}3",
        device_code=107,
        on_date=date(2026, 11, 23),
        serial=serial,
        agency_id=AGENCY,
        service_id="s",
        standard_id="t",
        for_whom=1,
        counter_id="c",
        received_at=moment,
        received_by="rini",
    )
    visit = Visit(
        id=new_id(),
        application_id=application.id,
        counter_id="c",
        officer_id="rini",
        started_at=moment,
        finished_at=moment,
        outcome="complete",
    )
    session.add_all(
        [
            application,
            visit,
            StatusMove(
                application_id=application.id,
                visit_id=visit.id,
                to_state="REGISTERED",
                at=moment,
                officer_id="rini",
                complete_at=moment,
            ),
            Party(application_id=application.id, role="applicant", full_name=name, nik="3319010101900001"),
            *(
                DocumentCheck(
                    application_id=application.id,
                    visit_id=visit.id,
                    requirement_code=f"K{n}",
                    ordinal=n,
                    state="missing" if n % 2 else "present",
                    form="copy",
                    checked_by="rini",
                    checked_at=moment,
                )
                for n in range(papers)
            ),
        ]
    )
    return application.id


def entries_of(store: Store) -> list[dict[str, Any]]:
    with store.reading() as session:
        return journal.read_entries(session.connection())


def tables_of(store: Store) -> dict[str, list[tuple[Any, ...]]]:
    """Everything the records and their projections say, in one order."""
    with store.reading() as session:
        found = {
            name: sorted(map(repr, session.execute(Base.metadata.tables[name].select()).all()))
            for name in (*record_classes(), *PROJECTIONS)
        }
        found["found by name"] = sorted(
            session.execute(
                text(
                    "SELECT party_id FROM search_row WHERE n IN"
                    " (SELECT rowid FROM party_fts WHERE party_fts MATCH 'SITI')"
                )
            ).scalars()
        )
        return found
