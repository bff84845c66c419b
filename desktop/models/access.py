"""Who works here, and who looked at what."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from desktop.models.application import agency_of_application
from desktop.models.base import Record
from desktop.models.kinds import Key, Moment, Tree


class Officer(Record):
    """Petugas: only the name shown in the hall; the full name and staff number stay with the agency."""

    __tablename__ = "officer"
    written_by = "admin"

    agency_id: Mapped[str] = mapped_column(Key())
    display_name: Mapped[str] = mapped_column(String(80))
    initials: Mapped[str] = mapped_column(String(4))
    role: Mapped[str] = mapped_column(String(12), default="officer")  # officer | supervisor | admin
    is_active: Mapped[bool] = mapped_column(default=True)
    public_key: Mapped[str | None] = mapped_column(default=None)


class OfficerPrivate(Record):
    """What only the officer's own agency holds of them."""

    __tablename__ = "officer_private"
    written_by = "admin"
    scope = "agency"

    officer_id: Mapped[str] = mapped_column(Key())
    full_name: Mapped[str] = mapped_column(String(200))
    staff_no: Mapped[str | None] = mapped_column(String(30), default=None)
    position: Mapped[str | None] = mapped_column(String(120), default=None)

    def lane_agency(self, session: Session) -> str | None:
        return _agency_of_officer(session, self.officer_id)


class AccessEvent(Record):
    """A look at personal data that the law wants recorded (UU 27/2022 art. 31): reveal, export or search; or consent, a
    supervisor's to a correction by somebody else."""

    __tablename__ = "access_event"
    scope = "agency"
    insert_only = True

    officer_id: Mapped[str] = mapped_column(Key())
    at: Mapped[datetime] = mapped_column(Moment())
    act: Mapped[str] = mapped_column(String(12))
    application_id: Mapped[str | None] = mapped_column(Key(), default=None, index=True)
    filter: Mapped[dict[str, Any] | None] = mapped_column(Tree(), default=None)
    row_count: Mapped[int | None] = mapped_column(default=None)

    def lane_agency(self, session: Session) -> str | None:
        return agency_of_application(session, self.application_id) or _agency_of_officer(session, self.officer_id)


def _agency_of_officer(session: Session, officer_id: str) -> str | None:
    officer = session.get(Officer, officer_id)
    return officer.agency_id if officer else None
