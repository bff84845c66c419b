"""What the desk looks up while somebody stands before it: services, files by number, people, what comes back."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import N_, _, clock_time, day_month, long_date
from desktop.models.access import Officer
from desktop.models.application import Application, DocumentCheck, Visit
from desktop.models.base import now
from desktop.models.catalog import Agency, Service, ServiceStandard
from desktop.models.local import ApplicationNow
from desktop.models.people import Party
from desktop.models.standard import Definition, said
from desktop.operations import earlier, numbering, outage, search, setup, voiding
from desktop.operations.catalog import definition_of, next_start, standard_in_force
from desktop.operations.desk import Desk
from desktop.operations.identity import mask_nik
from desktop.operations.intake_form import IntakeForm, OutageForm, PartyForm
from desktop.operations.requirements import State

# Why there is no NIK on the form; the codes stay, the words may change (users.md 1.5).
NO_NIK_REASONS = {
    "baby": N_("bayi"),
    "foreigner": N_("WNA (paspor)"),
    "lost": N_("KTP hilang"),
    "damaged": N_("KTP rusak"),
    "not_recorded": N_("belum rekam"),
    "refused": N_("tidak bersedia"),
}
VULNERABLE_GROUPS = {
    "elderly": N_("lansia"),
    "disability": N_("penyandang disabilitas"),
    "pregnant": N_("ibu hamil"),
    "toddler": N_("membawa balita"),
}


@dataclass(frozen=True)
class Offer:
    """A service as this counter offers it; ``words`` are what it is found by."""

    service_id: str
    agency_id: str
    agency: str
    name: str
    words: str
    record_only: bool


@dataclass(frozen=True)
class Standard:
    """The standard an intake works by. ``decree`` is empty for a sample; ``next_from``: another one starts soon."""

    id: str
    definition: Definition
    decree: str
    next_from: datetime | None = None

    @property
    def is_sample(self) -> bool:
        return not self.decree


@dataclass(frozen=True)
class Person:
    """Somebody met before, as a line of a list; the NIK stays masked."""

    form: PartyForm
    masked: str
    place: str


@dataclass(frozen=True)
class Recent:
    """A file of this counter as the list beside an empty desk shows it."""

    id: str
    number: str
    applicant: str
    state: str | None

    @property
    def short(self) -> str:
        """ "0041-3": what people say."""
        return search.number_text(self.number)[11:]

    @property
    def state_word(self) -> str:
        return search.state_word(self.state)


@dataclass(frozen=True)
class Accepted:
    """So many lines were found in order on a day, by an officer."""

    count: int
    on: date
    by: str


@dataclass(frozen=True)
class Returning:
    """A short file that comes back: its form, the list of its first visit, and what was accepted when."""

    form: IntakeForm
    number: str
    standard: Standard
    asked: frozenset[str]
    accepted: tuple[Accepted, ...]
    visit_no: int
    first_on: date
    is_older_standard: bool

    @property
    def short(self) -> str:
        return f"{self.number[9:13]}-{self.number[13:]}"


def _found_by(service: Service) -> str:
    # Everybody says "ktp" and "kk", whatever language the screen speaks.
    said_as = (service.slug.replace("_", " "), service.name_id, said(service.name_id, service.name_en))
    return " ".join(dict.fromkeys(said_as))


def offers(session: Session, desk: Desk) -> list[Offer]:
    """The services of this counter, the most asked for first."""
    agencies = {agency.id: agency for agency in session.scalars(select(Agency).where(Agency.id.in_(desk.agency_ids)))}
    return [
        Offer(
            service_id=service.id,
            agency_id=service.agency_id,
            agency=said(agencies[service.agency_id].name_id, agencies[service.agency_id].name_en),
            name=said(service.name_id, service.name_en),
            words=_found_by(service),
            record_only=service.mode == "record_only",
        )
        for service in setup.services(session, desk)
        if service.agency_id in agencies
    ]


def standard_of(session: Session, desk: Desk, service_id: str, paper: OutageForm | None = None) -> Standard:
    """The standard in force for a new file now, or when its emergency form was written. UserError where there is none.

    Where that form does not say yet when, it is the one of now; F9 asks.
    """
    moment = now(session)
    with contextlib.suppress(UserError):
        moment = outage.received_at(paper, desk, moment) if paper else moment
    row = standard_in_force(session, service_id, moment)
    if row is None:
        raise UserError(_("Layanan ini belum punya standar yang berlaku. Hubungi admin."), field="service")
    return _standard(row, next_start(session, row, moment + timedelta(days=2)))


def next_standard_sentence(desk: Desk, standard: Standard, moment: datetime) -> str:
    """ "Standar baru berlaku besok pukul 08.00. Hari ini masih standar lama."; empty where none is near."""
    if standard.next_from is None or standard.next_from <= moment:
        return ""
    start = desk.local(standard.next_from)
    ahead = (start.date() - desk.day(moment)).days
    if ahead > 1:
        return ""
    if ahead == 0:
        return _("Standar baru berlaku hari ini pukul {time}. Sekarang masih standar lama.").format(
            time=clock_time(start)
        )
    return _("Standar baru berlaku besok pukul {time}. Hari ini masih standar lama.").format(time=clock_time(start))


def recent_files(session: Session, desk: Desk, limit: int = 10) -> list[Recent]:
    """The last files of this counter, newest first."""
    rows = session.execute(_RECENT, {"counter": desk.counter_id, "limit": limit})
    return [Recent(id_, number, applicant or "", state) for id_, number, applicant, state in rows]


# Built once, and without the names of services and officers: every F9 asks.
_RECENT = (
    select(ApplicationNow.id, ApplicationNow.number, ApplicationNow.applicant, ApplicationNow.state)
    .where(ApplicationNow.counter_id == bindparam("counter"))
    .order_by(ApplicationNow.received_at.desc(), ApplicationNow.number.desc())
    .limit(bindparam("limit"))
)


def files_by_number(session: Session, desk: Desk, digits: str, limit: int = 8) -> list[search.Found]:
    """The files with this number (14 digits), or whose spoken digits these five are, today's first (users.md 1.1).

    Nobody is named of another agency's file (users.md 1.11).
    """
    column = ApplicationNow.number if len(digits) == 14 else ApplicationNow.said
    query = select(ApplicationNow).where(column == digits).order_by(ApplicationNow.received_at.desc()).limit(limit)
    listed = search.found(session, list(session.scalars(query)))
    return [
        file if file.agency_id in desk.agency_ids else replace(file, applicant="", subject="", nik_masked="")
        for file in listed
    ]


def file_sentence(session: Session, desk: Desk, application_id: str) -> str:
    """How a file that is not short stands, as the answer to a scan (screens.md L3)."""
    row = session.get_one(ApplicationNow, application_id)
    if row.agency_id not in desk.agency_ids:
        agency = session.get_one(Agency, row.agency_id)
        return _("Berkas ini milik {agency}. Arahkan pemohon ke gerainya.").format(
            agency=said(agency.name_id, agency.name_en)
        )
    on = day_month(desk.day(row.state_at)) if row.state_at else ""
    if row.state == "VOID":
        return _void_sentence(session, application_id, on)
    if row.state == "HANDED_OVER":
        return _("Hasil sudah diserahkan pada {date}.").format(date=on)
    if row.state == "READY":
        return _("Hasil siap diambil sejak {date}.").format(date=on)
    if row.promised_at is not None and row.state in ("REGISTERED", "FORWARDED", "IN_PROCESS"):
        return _("Masih diproses. Selesai paling lambat {date}.").format(date=long_date(desk.day(row.promised_at)))
    return _("Keadaan berkas: {state}.").format(state=search.state_word(row.state))


def _void_sentence(session: Session, application_id: str, on: str) -> str:
    move = voiding.void_move(session, application_id)
    told = _("Dibatalkan {date} ({reason}).").format(date=on, reason=voiding.reason_word(move))
    instead = voiding.replacement(session, move)
    more = _("Berkas pengganti: {number}.").format(number=instead) if instead else _("Kertasnya tidak berlaku.")
    return f"{told} {more}"


def unknown_number_sentence(session: Session, desk: Desk, digits: str) -> str:
    """What a number tells whose file is not on this PC."""
    number = numbering.parse(digits)
    if number is None:
        return _("Nomor tidak dikenal atau salah baca. Ketik 4 angka urut dan angka terakhirnya.")
    return numbering.what_a_foreign_number_tells(session, number, desk.day(now(session)))


def people(session: Session, desk: Desk, *, name: str = "", phone: str = "", limit: int = 6) -> list[Person]:
    """People written down before at this counter's agencies, by the beginning of a name or by phone, newest first."""
    query = (
        select(Party)
        .join(Application, Application.id == Party.application_id)
        .where(
            Application.agency_id.in_(desk.agency_ids),
            Party.kind == "person",
            Party.role != "collector",
            ~Party.deleted,
        )
        .order_by(Party.ehlc.desc())
        .limit(limit * 8)
    )
    if phone:
        query = query.where(Party.phone == phone)
    else:
        match = search.name_query(name)
        if not match:
            return []
        query = query.where(
            Party.id.in_(
                select(text("party_id"))
                .select_from(text("search_row JOIN party_fts ON party_fts.rowid = search_row.n"))
                .where(text("party_fts MATCH :sought").bindparams(sought=match))
                .order_by(text("party_fts.rowid DESC"))  # newest first, without looking at the others
                .limit(limit * 8)
            )
        )
    found: dict[str, Person] = {}
    for party in session.scalars(query):
        # Somebody served five times is one line; without a NIK, name and phone have to do.
        key = party.nik or f"{party.full_name.casefold()} {party.phone}"
        if key not in found and len(found) < limit:
            form = earlier.party_form(party)
            found[key] = Person(form, mask_nik(form.nik) if form.nik else "", form.place_text)
    return list(found.values())


def returning(session: Session, desk: Desk, application_id: str) -> Returning:
    """A further visit of a short file. UserError where it cannot be continued here (users.md 1.11)."""
    form = earlier.resume(session, desk, application_id)
    application = session.get_one(Application, application_id)
    standard = session.get_one(ServiceStandard, application.standard_id)
    in_force = standard_in_force(session, application.service_id, now(session))
    visits = list(
        session.scalars(
            select(Visit).where(Visit.application_id == application_id).order_by(Visit.ehlc)
        )
    )
    return Returning(
        form=form,
        number=application.number,
        standard=_standard(standard, None),
        asked=earlier.asked_codes(session, application_id),
        accepted=_accepted(session, desk, application_id, frozenset(form.checks)),
        visit_no=len(visits) + 1,
        first_on=desk.day(application.received_at),
        is_older_standard=in_force is not None and in_force.id != standard.id,
    )


def _accepted(session: Session, desk: Desk, application_id: str, codes: frozenset[str]) -> tuple[Accepted, ...]:
    """Each accepted line counts for the visit that first found it in order: later ones only carried it along."""
    rows = session.scalars(
        select(DocumentCheck)
        .where(
            DocumentCheck.application_id == application_id, DocumentCheck.state.in_((State.PRESENT, State.NOT_NEEDED))
        )
        .order_by(DocumentCheck.ehlc)
    )
    first: dict[str, DocumentCheck] = {}
    for row in rows:
        if row.requirement_code in codes:
            first.setdefault(row.requirement_code, row)
    counts: dict[tuple[date, str], int] = {}
    for row in first.values():
        officer = session.get(Officer, row.checked_by)
        key = (desk.day(row.checked_at), officer.display_name if officer else "")
        counts[key] = counts.get(key, 0) + 1
    return tuple(Accepted(count, on, by) for (on, by), count in counts.items())


def _standard(row: ServiceStandard, coming: datetime | None) -> Standard:
    decree = row.decree_no if row.state == "decreed" and row.decree_no else ""
    return Standard(row.id, definition_of(row), decree, coming)
