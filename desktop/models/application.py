"""An application and the acts done to it; acts are written once, and every state is read from them."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Index, String, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from desktop.models.base import Projection, Record
from desktop.models.kinds import Day, Key, Moment, Tree
from desktop.models.local import refresh_applications


class _Act(Record):
    """Something done once to an application: never edited, and the application's state follows from it."""

    __abstract__ = True
    insert_only = True

    @classmethod
    def projections(cls, row: Mapping[str, Any]) -> Iterable[tuple[Projection, str]]:
        application_id = row["application_id"]
        return [(refresh_applications, application_id)] if application_id else []


class Application(Record):
    """Permohonan: one request under one number for its whole life. ``for_whom``: 1 self, 2 child, 3 somebody else by
    power of attorney, 4 company, 5 land, vehicle or another object (users.md 1.4)."""

    __tablename__ = "application"
    insert_only = True

    number: Mapped[str] = mapped_column(String(14), index=True)
    device_code: Mapped[int]
    on_date: Mapped[date] = mapped_column(Day(), index=True)
    serial: Mapped[int]
    agency_id: Mapped[str] = mapped_column(Key())
    service_id: Mapped[str] = mapped_column(Key())
    standard_id: Mapped[str] = mapped_column(Key())
    variant: Mapped[str | None] = mapped_column(String(40), default=None)
    for_whom: Mapped[int]
    counter_id: Mapped[str] = mapped_column(Key())
    received_at: Mapped[datetime] = mapped_column(Moment())
    received_by: Mapped[str] = mapped_column(Key())
    previous_id: Mapped[str | None] = mapped_column(Key(), default=None)
    batch_id: Mapped[str | None] = mapped_column(Key(), default=None)
    is_outage_entry: Mapped[bool] = mapped_column(default=False)

    @classmethod
    def projections(cls, row: Mapping[str, Any]) -> Iterable[tuple[Projection, str]]:
        return [(refresh_applications, row["id"])]


class Visit(_Act):
    """Kunjungan: one coming to the desk, with or without an application. ``parked_s`` is in seconds."""

    __tablename__ = "visit"

    application_id: Mapped[str | None] = mapped_column(Key(), default=None, index=True)
    ordinal: Mapped[int] = mapped_column(default=1)
    counter_id: Mapped[str] = mapped_column(Key())
    officer_id: Mapped[str] = mapped_column(Key())
    served_with: Mapped[str | None] = mapped_column(Key(), default=None)
    standard_id: Mapped[str | None] = mapped_column(Key(), default=None)
    queue_no: Mapped[str | None] = mapped_column(String(12), default=None)
    called_at: Mapped[datetime | None] = mapped_column(Moment(), default=None)
    started_at: Mapped[datetime] = mapped_column(Moment())
    parked_s: Mapped[int] = mapped_column(default=0)
    finished_at: Mapped[datetime] = mapped_column(Moment(), index=True)
    outcome: Mapped[str] = mapped_column(String(14))


class DocumentCheck(_Act):
    """One asked line as it stood at F9. ``state``: present, missing, faulty, not_needed, or unchecked (optional)."""

    __tablename__ = "document_check"

    application_id: Mapped[str] = mapped_column(Key(), index=True)
    visit_id: Mapped[str] = mapped_column(Key())
    requirement_code: Mapped[str] = mapped_column(String(40))
    ordinal: Mapped[int]
    group: Mapped[str | None] = mapped_column(String(40), default=None)
    state: Mapped[str] = mapped_column(String(12))
    fault_code: Mapped[str | None] = mapped_column(String(20), default=None)
    form: Mapped[str] = mapped_column(String(12))
    copies: Mapped[int | None] = mapped_column(default=None)
    is_extra: Mapped[bool] = mapped_column(default=False)
    due_on: Mapped[date | None] = mapped_column(Day(), default=None)
    checked_by: Mapped[str] = mapped_column(Key())
    checked_at: Mapped[datetime] = mapped_column(Moment(), index=True)


class StatusMove(_Act):
    """A step of an application. ``complete_at`` is the legal moment of completeness (UU 30/2014 art. 53);
    ``promised_at`` is frozen as it was printed; a promise of whole days ends with its last second.
    ``replaced_by`` names the application that replaces a void one; with the reason "undo", the move taken back."""

    __tablename__ = "status_move"
    # Few moves have a reason: those that a day is asked about are found without reading the others. (At the centre the
    # migration says the same; said here, it would cost every PC the import of that dialect.)
    __table_args__ = (
        Index("ix_status_move_reason", "at", sqlite_where=text("reason_code IS NOT NULL")),
    )

    application_id: Mapped[str] = mapped_column(Key(), index=True)
    visit_id: Mapped[str | None] = mapped_column(Key(), default=None)
    to_state: Mapped[str] = mapped_column(String(20))
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
    reason_code: Mapped[str | None] = mapped_column(String(30), default=None)
    officer_id: Mapped[str] = mapped_column(Key())
    authorised_by: Mapped[str | None] = mapped_column(Key(), default=None)
    complete_at: Mapped[datetime | None] = mapped_column(Moment(), default=None, index=True)
    promised_at: Mapped[datetime | None] = mapped_column(Moment(), default=None)
    is_conditional: Mapped[bool] = mapped_column(default=False)
    replaced_by: Mapped[str | None] = mapped_column(Key(), default=None)


class Correction(_Act):
    """A field put right, with the reason; the values stand in the journal."""

    __tablename__ = "correction"

    application_id: Mapped[str] = mapped_column(Key(), index=True)
    about_table: Mapped[str] = mapped_column(String(30))
    about_id: Mapped[str] = mapped_column(Key())
    field: Mapped[str] = mapped_column(String(40))
    reason_code: Mapped[str] = mapped_column(String(30))
    officer_id: Mapped[str] = mapped_column(Key())
    at: Mapped[datetime] = mapped_column(Moment(), index=True)


class PaperPrint(_Act):
    """A paper issued: ``issue_no`` counts new contents, ``copy_no`` reprints of one issue (0 is the first print)."""

    __tablename__ = "paper_print"

    application_id: Mapped[str] = mapped_column(Key(), index=True)
    visit_id: Mapped[str | None] = mapped_column(Key(), default=None)
    paper: Mapped[str] = mapped_column(String(20))
    issue_no: Mapped[int] = mapped_column(default=1)
    copy_no: Mapped[int] = mapped_column(default=0)
    device_code: Mapped[int]
    at: Mapped[datetime] = mapped_column(Moment(), index=True)
    officer_id: Mapped[str] = mapped_column(Key())
    reason_code: Mapped[str | None] = mapped_column(String(30), default=None)
    salted_hash: Mapped[str | None] = mapped_column(String(64), default=None)


class ClockEvent(Record):
    """The PC's clock jumped: ``step_ms`` against the steady clock, ``wall_ms`` since 1970 after the jump."""

    __tablename__ = "clock_event"
    insert_only = True

    node_id: Mapped[str] = mapped_column(Key())
    at: Mapped[datetime] = mapped_column(Moment())
    kind: Mapped[str] = mapped_column(String(12))
    wall_ms: Mapped[int] = mapped_column(BigInteger)
    step_ms: Mapped[int] = mapped_column(BigInteger)


class IntakeDetail(Record):
    """What was answered and noticed at a visit, personal and therefore the agency's own."""

    __tablename__ = "intake_detail"
    scope = "agency"
    insert_only = True

    application_id: Mapped[str] = mapped_column(Key(), index=True)
    visit_id: Mapped[str] = mapped_column(Key())
    answers: Mapped[dict[str, bool]] = mapped_column(Tree(), default=dict)
    vulnerable_group: Mapped[str | None] = mapped_column(String(20), default=None)
    help_needed: Mapped[str | None] = mapped_column(String(20), default=None)

    def lane_agency(self, session: Session) -> str | None:
        return agency_of_application(session, self.application_id)


class Note(Record):
    """Free words about a file; the hall only ever sees codes."""

    __tablename__ = "note"
    scope = "agency"
    insert_only = True

    application_id: Mapped[str] = mapped_column(Key(), index=True)
    about_table: Mapped[str] = mapped_column(String(30))
    about_id: Mapped[str] = mapped_column(Key())
    text: Mapped[str]
    officer_id: Mapped[str] = mapped_column(Key())
    at: Mapped[datetime] = mapped_column(Moment())

    def lane_agency(self, session: Session) -> str | None:
        return agency_of_application(session, self.application_id)


def agency_of_application(session: Session, application_id: str | None) -> str | None:
    """The agency whose service was asked for: it, not the desk, owns the personal rows (model.md 1.4)."""
    application = session.get(Application, application_id) if application_id else None
    return application.agency_id if application else None
