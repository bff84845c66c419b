"""What only this PC keeps: counters of numbers, drafts, print jobs, secrets, and projections of the records.

A projection holds nothing of its own: it is made again from the records of its keys whenever one of them is saved or
arrives, so it is right in any order of arrival (model.md 1.10).
"""

import json
from collections.abc import Collection
from datetime import date, datetime
from typing import Any

from sqlalchemy import BigInteger, Connection, Index, Integer, String, text
from sqlalchemy.orm import Mapped, mapped_column

from desktop.models.base import Base, new_id
from desktop.models.kinds import Day, Key, Moment, Tree
from desktop.models.names import fold


class Meta(Base):
    """A named fact about this file: its node, its clock and chain heads, its device code."""

    __tablename__ = "meta"

    name: Mapped[str] = mapped_column(String(40), primary_key=True)
    value: Mapped[Any] = mapped_column(Tree())


class Serial(Base):
    """The last serial used with a device code on a day."""

    __tablename__ = "serial"

    device_code: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    on_date: Mapped[date] = mapped_column(Day(), primary_key=True)
    last: Mapped[int]


class Draft(Base):
    """A half-typed intake: kept on every pause so that a power cut loses nothing; never numbered."""

    __tablename__ = "draft"

    id: Mapped[str] = mapped_column(Key(), primary_key=True, default=new_id)
    officer_id: Mapped[str] = mapped_column(Key())
    at: Mapped[datetime] = mapped_column(Moment())
    is_parked: Mapped[bool] = mapped_column(default=False)
    content: Mapped[dict[str, Any]] = mapped_column(Tree())


# A paper that has not come out yet; of one that was being sent when the program was killed nobody knows.
OPEN_JOBS = ("waiting", "sending", "failed")


class PrintJob(Base):
    """A paper on its way to the printer. ``state``: waiting, sending, sent, failed, or out (seen by the officer)."""

    __tablename__ = "print_job"

    id: Mapped[str] = mapped_column(Key(), primary_key=True, default=new_id)
    print_id: Mapped[str] = mapped_column(Key(), index=True)
    at: Mapped[datetime] = mapped_column(Moment())
    state: Mapped[str] = mapped_column(String(10), default="waiting", index=True)
    tries: Mapped[int] = mapped_column(default=0)
    message: Mapped[str | None] = mapped_column(default=None)


class OfficerSecret(Base):
    """An officer's PIN verifier and tries on this PC; secrets never travel."""

    __tablename__ = "officer_secret"

    officer_id: Mapped[str] = mapped_column(Key(), primary_key=True)
    pin_hash: Mapped[str]
    wrong_tries: Mapped[int] = mapped_column(default=0)
    wait_until: Mapped[datetime | None] = mapped_column(Moment(), default=None)
    last_sign_in_at: Mapped[datetime | None] = mapped_column(Moment(), default=None)


class Village(Base):
    """Desa or kelurahan, with its Kemendagri code PP.KK.CC.DDDD."""

    __tablename__ = "village"

    code: Mapped[str] = mapped_column(String(13), primary_key=True)
    name: Mapped[str] = mapped_column(String(80))
    district: Mapped[str] = mapped_column(String(80))
    postal_code: Mapped[str | None] = mapped_column(String(5), default=None)


class ApplicationNow(Base):
    """How each application stands: its acts added up, for lists and figures."""

    __tablename__ = "application_now"
    __table_args__ = (
        # with the service, so that what is asked for most is counted without reading a file
        Index("ix_application_now_day", "on_date", "agency_id", "service_id"),
        Index("ix_application_now_counter", "counter_id", "received_at"),
    )

    id: Mapped[str] = mapped_column(Key(), primary_key=True)
    number: Mapped[str] = mapped_column(String(14), index=True)
    # serial and check digit, the five digits people say
    said: Mapped[str] = mapped_column(String(5), index=True)
    on_date: Mapped[date] = mapped_column(Day())
    agency_id: Mapped[str] = mapped_column(Key())
    service_id: Mapped[str] = mapped_column(Key(), index=True)
    variant: Mapped[str | None] = mapped_column(String(40))
    counter_id: Mapped[str] = mapped_column(Key())
    received_at: Mapped[datetime] = mapped_column(Moment())
    received_by: Mapped[str] = mapped_column(Key())
    state: Mapped[str | None] = mapped_column(String(20), index=True)
    state_at: Mapped[datetime | None] = mapped_column(Moment())
    complete_at: Mapped[datetime | None] = mapped_column(Moment())
    promised_at: Mapped[datetime | None] = mapped_column(Moment())
    visits: Mapped[int]
    first_outcome: Mapped[str | None] = mapped_column(String(14))
    missing: Mapped[int]
    # personal columns are empty where this counter does not hold the persons
    applicant: Mapped[str | None] = mapped_column(String(200))
    nik: Mapped[str | None] = mapped_column(String(16), index=True)
    subject: Mapped[str | None] = mapped_column(String(200))


class RequirementLine(Base):
    """A line of a standard, for reports that count missing papers by name."""

    __tablename__ = "requirement_line"

    standard_id: Mapped[str] = mapped_column(Key(), primary_key=True)
    code: Mapped[str] = mapped_column(String(40), primary_key=True)
    ordinal: Mapped[int]
    name_id: Mapped[str] = mapped_column(String(300))
    name_en: Mapped[str] = mapped_column(String(300))


class SearchRow(Base):
    """The row number under which a party stands in the full-text index ``party_fts``."""

    __tablename__ = "search_row"

    n: Mapped[int] = mapped_column(BigInteger().with_variant(Integer, "sqlite"), primary_key=True)
    party_id: Mapped[str] = mapped_column(Key(), unique=True)
    application_id: Mapped[str] = mapped_column(Key())


class LanePosition(Base):
    """How far a lane of the centre has been read; ``dig`` is the centre's digest of its history up to there."""

    __tablename__ = "lane_position"

    lane: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    arr: Mapped[int] = mapped_column(BigInteger)
    dig: Mapped[int] = mapped_column(BigInteger)


class RefusedEntry(Base):
    """An entry the centre keeps but has not applied; ``state`` is its SQLSTATE. Own ones are told to the officer."""

    __tablename__ = "refused_entry"

    eid: Mapped[str] = mapped_column(Key(), primary_key=True)
    state: Mapped[str] = mapped_column(String(5))
    is_own: Mapped[bool]


# The lines that a visit lacked: each that holds the file back, and of a group as many as its standard still needs. It
# is the smallest set of operations/requirements.py, read from the frozen rows: list, card, story and slip count these.
# A group whose standard has not arrived yet counts once.
_SHORT_LINES = """
SELECT code FROM (
    SELECT c.requirement_code AS code, c.ordinal AS ordinal, c.state IN ('missing', 'faulty') AS lacks,
        row_number() OVER (
            PARTITION BY coalesce(c."group", c.requirement_code), c.state IN ('missing', 'faulty') ORDER BY c.ordinal
        ) AS place,
        CASE WHEN c."group" IS NULL THEN 1 ELSE coalesce(min(count(*) OVER same,
            (SELECT coalesce(g.value ->> 'need', 1) FROM visit w JOIN service_standard s ON s.id = w.standard_id,
                json_each(s.definition, '$.groups') g WHERE w.id = c.visit_id AND g.value ->> 'code' = c."group"))
            - count(*) FILTER (WHERE c.state IN ('present', 'not_needed')) OVER same, 1) END AS short
    FROM document_check c WHERE c.application_id = {application} AND c.visit_id = {visit}
    WINDOW same AS (PARTITION BY coalesce(c."group", c.requirement_code))
) WHERE lacks AND place <= short ORDER BY ordinal"""

_OF_VISIT = "(SELECT v.application_id FROM visit v WHERE v.id = :visit)"
# The last visit of an application "a" that was not taken back.
_LAST_VISIT = """(SELECT v.id FROM visit v WHERE v.application_id = a.id AND v.id NOT IN (
    SELECT u.visit_id FROM status_move u WHERE u.application_id = a.id AND u.reason_code = 'undo'
        AND u.to_state <> 'VOID')
    ORDER BY v.ehlc DESC, v.eid DESC LIMIT 1)"""

# What came later is told by the logical clock, never by the wall: a PC whose clock was set back must not undo a visit.
_REFRESH_APPLICATIONS = text(f"""
INSERT OR REPLACE INTO application_now (
    id, number, said, on_date, agency_id, service_id, variant, counter_id, received_at, received_by,
    state, state_at, complete_at, promised_at, visits, first_outcome, missing, applicant, nik, subject)
SELECT a.id, a.number, substr(a.number, 10, 5), a.on_date, a.agency_id, a.service_id, a.variant, a.counter_id,
    a.received_at, a.received_by,
    (SELECT to_state FROM status_move m WHERE m.application_id = a.id
        ORDER BY m.to_state = 'VOID' DESC, m.ehlc DESC, m.eid DESC LIMIT 1),
    (SELECT at FROM status_move m WHERE m.application_id = a.id
        ORDER BY m.to_state = 'VOID' DESC, m.ehlc DESC, m.eid DESC LIMIT 1),
    (SELECT complete_at FROM status_move m WHERE m.application_id = a.id AND m.complete_at IS NOT NULL
        AND m.id NOT IN (
            SELECT u.replaced_by FROM status_move u WHERE u.application_id = a.id AND u.reason_code = 'undo')
        ORDER BY m.complete_at, m.eid LIMIT 1),
    (SELECT promised_at FROM status_move m WHERE m.application_id = a.id AND m.complete_at IS NOT NULL
        AND m.id NOT IN (
            SELECT u.replaced_by FROM status_move u WHERE u.application_id = a.id AND u.reason_code = 'undo')
        ORDER BY m.complete_at, m.eid LIMIT 1),
    (SELECT count(*) FROM visit v WHERE v.application_id = a.id),
    (SELECT outcome FROM visit v WHERE v.application_id = a.id ORDER BY v.ehlc, v.eid LIMIT 1),
    (SELECT count(*) FROM ({_SHORT_LINES.format(application="a.id", visit=_LAST_VISIT)})),
    (SELECT full_name FROM party p WHERE p.application_id = a.id AND p.role = 'applicant' AND NOT p.deleted
        ORDER BY p.id LIMIT 1),
    (SELECT nik FROM party p WHERE p.application_id = a.id AND p.role = 'applicant' AND NOT p.deleted
        ORDER BY p.id LIMIT 1),
    (SELECT full_name FROM party p WHERE p.application_id = a.id AND p.role = 'subject' AND NOT p.deleted
        ORDER BY p.id LIMIT 1)
FROM application a WHERE a.id IN (SELECT value FROM json_each(:keys))
""")
_PARTIES = text(
    "SELECT id, application_id, full_name, nik, phone, deleted FROM party"
    " WHERE id IN (SELECT value FROM json_each(:keys))"
)

_SEARCH_OUT = "DELETE FROM party_fts WHERE rowid IN (SELECT n FROM search_row WHERE party_id = ?)"
_SEARCH_ROW = "INSERT INTO search_row (party_id, application_id) VALUES (?, ?) ON CONFLICT (party_id) DO NOTHING"
_SEARCH_IN = "INSERT INTO party_fts (rowid, name, nik, phone) SELECT n, ?, ?, ? FROM search_row WHERE party_id = ?"


def refresh_applications(connection: Connection, keys: Collection[str]) -> None:
    """Add up the acts of these applications again."""
    connection.execute(_REFRESH_APPLICATIONS, {"keys": json.dumps(sorted(keys))})


def short_lines(connection: Connection, visit_id: str) -> list[str]:
    """The codes of the smallest set that this visit lacked, in the order of the list."""
    query = text(_SHORT_LINES.format(application=_OF_VISIT, visit=":visit"))
    return list(connection.execute(query, {"visit": visit_id}).scalars())


def refresh_short_files(connection: Connection, keys: Collection[str]) -> None:
    """Count again what files lack whose standard says how many of a group are needed, and arrived only now."""
    found = connection.execute(
        text(
            "SELECT n.id FROM service_standard s JOIN application_now n ON n.service_id = s.service_id"
            " WHERE n.missing > 0 AND s.id IN (SELECT value FROM json_each(:keys))"
            " AND EXISTS (SELECT 1 FROM json_each(s.definition, '$.groups') g WHERE g.value ->> 'need' > 1)"
        ),
        {"keys": json.dumps(sorted(keys))},
    ).scalars()
    if ids := list(found):
        refresh_applications(connection, ids)


def refresh_requirement_lines(connection: Connection, keys: Collection[str]) -> None:
    """Unfold the requirement lines of these standards."""
    marked = {"keys": json.dumps(sorted(keys))}
    connection.execute(
        text("DELETE FROM requirement_line WHERE standard_id IN (SELECT value FROM json_each(:keys))"), marked
    )
    connection.execute(
        text(
            "INSERT OR IGNORE INTO requirement_line (standard_id, code, ordinal, name_id, name_en)"
            " SELECT s.id, line.value ->> 'code', line.value ->> 'ordinal', line.value ->> 'name_id',"
            " line.value ->> 'name_en'"
            " FROM service_standard s, json_each(s.definition, '$.requirements') line"
            " WHERE s.id IN (SELECT value FROM json_each(:keys))"
        ),
        marked,
    )


def refresh_search(connection: Connection, keys: Collection[str]) -> None:
    """Index these parties again by folded name, NIK and phone."""
    rows = connection.execute(_PARTIES, {"keys": json.dumps(sorted(keys))}).all()
    if rows:
        connection.exec_driver_sql(_SEARCH_OUT, [(row.id,) for row in rows])
    if kept := [row for row in rows if not row.deleted]:
        connection.exec_driver_sql(_SEARCH_ROW, [(row.id, row.application_id) for row in kept])
        told = [(fold(row.full_name or ""), row.nik or "", (row.phone or "").lstrip("+"), row.id) for row in kept]
        connection.exec_driver_sql(_SEARCH_IN, told)
