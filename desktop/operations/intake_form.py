"""What stands on the desk at F9, and what F9 makes of it: plain values between screens and operations."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from desktop.operations.case import Case
from desktop.operations.requirements import Check, Extra

RECEIPT, SLIP = "receipt", "slip"
# A declined phone is a value of its own, not an empty field (users.md 1.5).
DECLINED = "declined"
# What a note tells of a paper asked for outside the standard: its name is for the slip, the reason for the agency only.
EXTRA_NAME, EXTRA_REASON = "extra_name", "extra_reason"


@dataclass(frozen=True)
class PartyForm:
    """One person, company or thing as typed. ``kind``: person, company or object; ``identifier`` is a passport number,
    NIB, plate or land number with ``id_kind`` saying which."""

    name: str = ""
    nik: str = ""
    no_nik_reason: str | None = None
    phone: str = ""
    phone_declined: bool = False
    birth_date: date | None = None
    village_code: str | None = None
    place_text: str = ""
    kind: str = "person"
    id_kind: str | None = None
    identifier: str = ""


@dataclass(frozen=True)
class OutageForm:
    """What an emergency form says of itself, as typed: the paper's day and clock ("0915"), why, and which officer."""

    day: date | None = None
    clock: str = ""
    reason: str | None = None
    received_by: str | None = None


@dataclass(frozen=True)
class IntakeForm:
    """What stands on the desk at F9. ``application_id`` names the file that a further visit continues.

    ``standard_id`` is the standard whose list the officer looked at. ``authorised_by`` is the supervisor who let the
    file that ``previous_id`` names be made void. ``seen`` is the version of either file when it was opened
    (operations/meanwhile.py), empty where nobody asks.
    """

    service_id: str
    applicant: PartyForm
    for_whom: int = 1
    variant: str | None = None
    subject: PartyForm | None = None
    proxy: PartyForm | None = None
    answers: Mapping[str, bool] = field(default_factory=dict)
    checks: Mapping[str, Check] = field(default_factory=dict)
    extras: tuple[Extra, ...] = ()
    unchecked_is_missing: bool = False
    vulnerable_group: str | None = None
    help_needed: str | None = None
    queue_no: str | None = None
    served_with: str | None = None
    started_at: datetime | None = None
    parked_s: int = 0
    note: str = ""
    application_id: str | None = None
    previous_id: str | None = None
    authorised_by: str | None = None
    outage: OutageForm | None = None
    standard_id: str | None = None
    seen: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What F9 made: ``paper`` is "receipt" or "slip", ``short`` the five digits people say.

    ``takes_back`` names the file ("0041-7") that became void by it, whose paper has to be taken back.
    """

    application_id: str
    visit_id: str
    print_id: str
    number: str
    short: str
    paper: str
    takes_back: str = ""


@dataclass(frozen=True)
class OpenFile:
    """An application of the same subject and service that is not finished."""

    application_id: str
    number: str
    state: str
    missing: int
    received_at: datetime
    applicant: str
    service_id: str


def case_of(form: IntakeForm, on: date) -> Case:
    """What the requirement engine has to know of a form on a day."""
    return Case(
        variant=form.variant,
        for_whom=form.for_whom,
        answers=form.answers,
        on=on,
        applicant_birth=form.applicant.birth_date,
        subject_birth=form.subject.birth_date if form.subject else None,
    )
