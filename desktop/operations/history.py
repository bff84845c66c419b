"""A file's card and its story in plain words, read from the acts that were written once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import N_, _, clock_time, join_words, long_date, ngettext, plain_date
from desktop.models.access import AccessEvent, Officer
from desktop.models.application import Application, Correction, DocumentCheck, Note, PaperPrint, StatusMove, Visit
from desktop.models.catalog import Agency, ServiceStandard
from desktop.models.local import ApplicationNow, PrintJob
from desktop.models.people import Party
from desktop.models.standard import Definition, said
from desktop.operations import access, search
from desktop.operations.catalog import definition_of
from desktop.operations.desk import Desk
from desktop.operations.identity import mask_nik, show_phone
from desktop.operations.intake import DECLINED, last_visit
from desktop.operations.reception import NO_NIK_REASONS
from desktop.operations.requirements import FAULT_LABELS, Fault, State

ROLES = {
    "applicant": N_("Pemohon"),
    "subject": N_("Untuk"),
    "proxy": N_("Penerima kuasa"),
    "collector": N_("Pengambil"),
}
FOR_WHOM = {
    1: N_("Untuk diri sendiri"),
    2: N_("Untuk anak"),
    3: N_("Diwakilkan (dengan surat kuasa)"),
    4: N_("Untuk badan usaha"),
    5: N_("Untuk tanah, kendaraan, atau objek lain"),
}
PAPERS = {"receipt": N_("Tanda terima"), "slip": N_("Lembar kekurangan")}
REPRINT_REASONS = {"lost": N_("hilang"), "damaged": N_("rusak"), "not_out": N_("belum keluar")}
SUPERVISORS = ("supervisor", "admin")


@dataclass(frozen=True)
class Person:
    """Somebody in a file as the card shows them: NIK and phone are covered (users.md 1.7)."""

    role: str
    name: str
    nik: str
    phone: str
    place: str


@dataclass(frozen=True)
class Checked:
    """A line of the frozen checklist; ``kind`` is good, warning, bad or muted, ``word`` says the same."""

    ordinal: int
    name: str
    kind: str
    word: str


@dataclass(frozen=True)
class Event:
    """Something that was done to a file, in words; ``at`` is on the hall's clock."""

    at: datetime
    kind: str
    icon: str
    text: str


@dataclass(frozen=True)
class Card:
    """A file as it stands. Of another agency's file only number, state and promise are told (users.md 1.11).

    ``paper`` is the last one issued ("receipt", "slip") or None; moments are on the hall's clock.
    """

    id: str
    number: str
    short: str
    state: str | None
    missing: int
    service: str
    agency: str
    is_ours: bool
    received_at: datetime
    complete_at: datetime | None
    promise: str
    counter: str = ""
    officer: str = ""
    variant: str = ""
    for_whom: str = ""
    standard: str = ""
    visits: int = 1
    paper: str | None = None
    can_resume: bool = False
    people: tuple[Person, ...] = ()
    checks: tuple[Checked, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def state_word(self) -> str:
        """The state in words, with how many lines are short."""
        word = search.state_word(self.state)
        if self.state == "RETURNED" and self.missing:
            return _("{state}, kurang {count} syarat").format(state=word, count=self.missing)
        return word


def card(session: Session, desk: Desk, application_id: str) -> Card:
    """The card of a file. UserError where its number is all that is known here."""
    row = session.get(ApplicationNow, application_id)
    application = session.get(Application, application_id)
    if row is None or application is None:
        raise UserError(_("Berkas ini belum ada di PC ini. Datanya belum sampai."))
    agency = session.get(Agency, application.agency_id)
    called = search.Names(session)
    is_ours = application.agency_id in desk.agency_ids
    outline = Card(
        id=application_id,
        number=search.number_text(application.number),
        short=search.number_text(application.number)[11:],
        state=row.state,
        missing=row.missing,
        service=called.services.get(application.service_id, ""),
        agency=said(agency.name_id, agency.name_en) if agency else "",
        is_ours=is_ours,
        received_at=desk.local(application.received_at),
        complete_at=desk.local(row.complete_at) if row.complete_at else None,
        promise=_promise(desk.local(row.promised_at)) if row.promised_at else "",
    )
    return _Story(session, desk, application, called).tell(outline) if is_ours else outline


def reveal(session: Session, desk: Desk, application_id: str) -> dict[str, tuple[str, str]]:
    """NIK and phone of everybody in the file by role word, uncovered; the look itself is written down."""
    application = session.get(Application, application_id)
    if application is None or application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    access.record_access(session, desk, "reveal", application_id=application_id)
    return {
        _(ROLES.get(party.role, party.role)): (_in_fours(party.nik or ""), _phone(party, covered=False))
        for party in _parties(session, application_id)
    }


class _Story:
    def __init__(self, session: Session, desk: Desk, application: Application, called: search.Names) -> None:
        self.session, self.desk, self.application, self.called = session, desk, application, called
        self.standard = session.get(ServiceStandard, application.standard_id)
        self.definition = definition_of(self.standard) if self.standard else None
        of_file = {"application_id": application.id}
        self.visits = list(
            session.scalars(select(Visit).filter_by(**of_file).order_by(Visit.finished_at, Visit.ehlc))
        )
        self.moves = list(session.scalars(select(StatusMove).filter_by(**of_file).order_by(StatusMove.at, StatusMove.ehlc)))
        self.checks = list(session.scalars(select(DocumentCheck).filter_by(**of_file).order_by(DocumentCheck.ordinal)))
        self.prints = list(session.scalars(select(PaperPrint).filter_by(**of_file).order_by(PaperPrint.ehlc)))

    def tell(self, outline: Card) -> Card:
        last = last_visit(self.session, self.application.id)
        checks = [check for check in self.checks if last is not None and check.visit_id == last.id]
        decided = [move for move in self.moves if move.complete_at is not None and not self._is_undone(move)]
        return Card(
            **{
                **vars(outline),
                "missing": _short(checks),
                "complete_at": self.desk.local(decided[0].complete_at) if decided and decided[0].complete_at else None,
                "promise": (
                    _promise(self.desk.local(decided[0].promised_at)) if decided and decided[0].promised_at else ""
                ),
            },
            counter=self.called.counters.get(self.application.counter_id, ""),
            officer=self.called.officers.get(self.application.received_by, ""),
            variant=next((v.name for v in self._definition().variants if v.code == self.application.variant), ""),
            for_whom=_(FOR_WHOM.get(self.application.for_whom, "")),
            standard=self._standard(),
            visits=len(self.visits),
            paper=self.prints[-1].paper if self.prints else None,
            can_resume=outline.state == "RETURNED",
            people=tuple(_person(party) for party in _parties(self.session, self.application.id)),
            checks=tuple(self._checked(check) for check in checks),
            events=tuple(self._events()),
        )
