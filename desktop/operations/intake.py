"""Receiving an application: the one act the whole program exists for, and taking it back."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.application import Application, DocumentCheck, IntakeDetail, Note, PaperPrint, StatusMove, Visit
from desktop.models.base import new_id, now
from desktop.models.catalog import Service, ServiceStandard
from desktop.models.journal import Entry
from desktop.models.kinds import unpack
from desktop.models.local import ApplicationNow, PrintJob
from desktop.models.people import Party
from desktop.models.standard import Definition
from desktop.operations import promise
from desktop.operations.catalog import definition_of, standard_in_force
from desktop.operations.cleaning import clean, clean_text
from desktop.operations.desk import Desk
from desktop.operations.identity import Nik, Reading, read_name, read_nik, read_phone
from desktop.operations.numbering import next_number
from desktop.operations.requirements import (
    Assessment,
    Case,
    Check,
    Extra,
    Line,
    State,
    as_missing,
    assess,
    refusal,
    unanswered_sentence,
)

RECEIPT, SLIP = "receipt", "slip"
# A declined phone is a value of its own, not an empty field (users.md 1.5).
DECLINED = "declined"
# What a note tells of a paper asked for outside the standard: its name is for the slip, the reason for the agency only.
EXTRA_NAME, EXTRA_REASON = "extra_name", "extra_reason"
QUEUE_NO = re.compile(r"[A-Z]{0,3}[- ]?[0-9]{1,4}")
NOTE_LIMIT, PLACE_LIMIT, IDENTIFIER_LIMIT = 2000, 200, 60


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
class IntakeForm:
    """What stands on the desk at F9. ``application_id`` names the file that a further visit continues."""

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


@dataclass(frozen=True)
class Outcome:
    """What F9 made: ``paper`` is "receipt" or "slip", ``short`` the five digits people say."""

    application_id: str
    visit_id: str
    print_id: str
    number: str
    short: str
    paper: str


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


def promise_for(
    session: Session, desk: Desk, agency_id: str, definition: Definition, complete_at: datetime
) -> promise.Promise:
    """What a file complete at this moment is promised, by the agency's week and the holiday table."""
    return promise.promise(
        definition.duration,
        desk.local(complete_at),
        promise.load_working_days(session, agency_id, desk.day(complete_at)),
        hours_as=definition.policies.get("hours_as", "working_days"),
    )


def receive(session: Session, desk: Desk, form: IntakeForm) -> Outcome:
    """Number and keep what stands on the desk: a receipt when it is complete, a slip when it is not.

    Everything is checked here, whatever the screen let through. UserError (with ``field``) when something has to be put
    right; nothing is kept then and no number is used up. The print job is part of the same transaction, so a paper
    can only come out of a kept record.
    """
    moment = now(session)
    existing = _continued(session, desk, form)
    if existing is not None:  # what was asked for at the first visit stays
        form = replace(form, service_id=existing.service_id, variant=existing.variant, for_whom=existing.for_whom)
    service, standard = _service(session, desk, form, existing, moment)
    definition = definition_of(standard)
    _check_choice(definition, form)
    case = case_of(form, desk.day(moment))
    frozen = asked_codes(session, existing.id) if existing else None
    assessment = assess(definition, case, form.checks, form.extras, frozen)
    _check_answers(assessment)
    if assessment.unchecked:
        if not form.unchecked_is_missing:
            raise UserError(unchecked_sentence(assessment), field="checklist")
        assessment = assess(definition, case, as_missing(assessment, form.checks), form.extras, frozen)
    paper = RECEIPT if assessment.complete else SLIP
    _check_parties(form, definition, desk, moment, needs_identity=paper == RECEIPT)

    application = existing or _new_application(session, desk, form, service, standard, moment)
    visit = Visit(
        id=new_id(),
        application_id=application.id,
        ordinal=_visits(session, application.id) + 1 if existing else 1,
        counter_id=desk.counter_id,
        officer_id=desk.officer_id,
        served_with=form.served_with,
        standard_id=standard.id,
        queue_no=_queue_no(form.queue_no),
        started_at=form.started_at or moment,
        parked_s=form.parked_s,
        finished_at=moment,
        outcome="complete" if paper == RECEIPT else "returned",
    )
    move = StatusMove(
        application_id=application.id,
        visit_id=visit.id,
        to_state="REGISTERED" if paper == RECEIPT else "RETURNED",
        at=moment,
        officer_id=desk.officer_id,
    )
    if paper == RECEIPT:
        move.complete_at = moment
        move.promised_at = promise_for(session, desk, service.agency_id, definition, moment).due_at
    checks = _checks(assessment, application, visit, desk, moment)
    session.add_all([visit, move, *checks])
    _keep_parties(session, desk, application, form, is_new=existing is None)
    session.add(
        IntakeDetail(
            application_id=application.id,
            visit_id=visit.id,
            answers=dict(form.answers),
            vulnerable_group=form.vulnerable_group,
            help_needed=form.help_needed,
        )
    )
    _keep_notes(session, checks, visit, form, desk, moment)
    print_id = issue_paper(session, desk, application.id, visit.id, paper)
    return Outcome(application.id, visit.id, print_id, application.number, application.number[9:], paper)


def issue_paper(
    session: Session,
    desk: Desk,
    application_id: str,
    visit_id: str | None,
    paper: str,
    *,
    copy_of: int | None = None,
    reason: str | None = None,
) -> str:
    """Write down that a paper is issued and queue it for the printer; returns the print's id.

    A new content is a new issue; ``copy_of`` repeats an issue and counts its copies (model.md 1.15).
    """
    with session.no_autoflush:  # the rows of this save need no flush of their own yet: one is cheaper than three
        earlier = session.scalars(select(PaperPrint).where(PaperPrint.application_id == application_id)).all()
        if copy_of is None:  # what no longer says how things stand must not come out any more
            _call_back(session, [print_.id for print_ in earlier])
    same = [print_ for print_ in earlier if print_.paper == paper]
    issue = copy_of if copy_of is not None else max((p.issue_no for p in same), default=0) + 1
    print_ = PaperPrint(
        id=new_id(),
        application_id=application_id,
        visit_id=visit_id,
        paper=paper,
        issue_no=issue,
        copy_no=sum(p.issue_no == issue for p in same),
        device_code=desk.device_code,
        at=now(session),
        officer_id=desk.officer_id,
        reason_code=reason,
    )
    session.add_all([print_, PrintJob(print_id=print_.id, at=now(session))])
    return print_.id


def undo(session: Session, desk: Desk, outcome: Outcome) -> None:
    """Take back the last F9: a first visit becomes a void number, a further one leaves the file as it was before.

    Nothing is removed: the number stays and says why (gaps come only from recorded voids). UserError when another
    act has followed.
    """
    moves = list(
        session.scalars(
            select(StatusMove).where(StatusMove.application_id == outcome.application_id).order_by(StatusMove.ehlc)
        )
    )
    if not moves or moves[-1].visit_id != outcome.visit_id or moves[-1].reason_code == "undo":
        raise UserError(
            _("Berkas {number} sudah berubah sesudah disimpan, jadi tidak dapat diurungkan.").format(
                number=outcome.short[:4] + "-" + outcome.short[4:]
            )
        )
    last = moves[-1]
    application = session.get_one(Application, outcome.application_id)
    if application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    if desk.day(last.at) != desk.day(now(session)):
        raise UserError(_("Yang disimpan kemarin atau sebelumnya tidak dapat diurungkan."))
    session.add(
        StatusMove(
            application_id=outcome.application_id,
            visit_id=outcome.visit_id,
            to_state="VOID" if len(moves) == 1 else "RETURNED",
            at=now(session),
            reason_code="undo",
            officer_id=desk.officer_id,
            replaced_by=last.id,
        )
    )
    prints = select(PaperPrint.id).where(PaperPrint.visit_id == outcome.visit_id)
    _call_back(session, session.scalars(prints).all())
    if len(moves) > 1:
        _restore_parties(session, outcome.application_id, moves[-2])


def _call_back(session: Session, print_ids: Sequence[str]) -> None:
    """Take papers that have not come out yet off the printer's list."""
    open_jobs = select(PrintJob).where(PrintJob.print_id.in_(print_ids), PrintJob.state.in_(("waiting", "failed")))
    for job in session.scalars(open_jobs):
        job.state = "out"


def _restore_parties(session: Session, application_id: str, until: StatusMove) -> None:
    """Put the people back as they stood after the move ``until``: the journal still holds that version."""
    # The paper is written down last, so its stamp closes the save that the move was part of.
    closing = select(func.max(PaperPrint.ehlc)).where(PaperPrint.visit_id == until.visit_id)
    last_stamp = session.scalar(closing) or until.ehlc
    changed = select(Party).where(Party.application_id == application_id, Party.ehlc > last_stamp)
    for party in session.scalars(changed).all():
        base = session.get(Entry, session.get_one(Entry, party.eid).base or "")
        if base is None or base.payload is None:
            party.deleted = True
            continue
        before = json.loads(base.payload)
        for name in Party.payload_columns():
            if name in before:
                setattr(party, name, unpack(Party.__table__.columns[name].type, before[name]))


VISIT_OUTCOMES = ("consulted", "wrong_counter", "outage", "left")


def record_visit(
    session: Session, desk: Desk, outcome: str, *, standard_id: str | None = None, started_at: datetime | None = None
) -> Visit:
    """A coming to the desk without a file: consulted, wrong_counter, outage (back system down) or left (no paper)."""
    if outcome not in (*VISIT_OUTCOMES, "complete"):
        raise ValueError(outcome)
    moment = now(session)
    visit = Visit(
        counter_id=desk.counter_id,
        officer_id=desk.officer_id,
        standard_id=standard_id,
        started_at=started_at or moment,
        finished_at=moment,
        outcome=outcome,
    )
    session.add(visit)
    return visit


# ---------------------------------------------------------------------------------------------------------------------
# Who is it, and have they been here before


def known_person(session: Session, nik: str, agency_ids: Collection[str]) -> PartyForm | None:
    """The person of this NIK as last written down by these agencies, to be copied into a new form.

    Reuse between agencies is out (users.md 1.11).
    """
    party = session.scalars(
        select(Party)
        .join(Application, Application.id == Party.application_id)
        .where(Party.nik == nik, ~Party.deleted, Application.agency_id.in_(agency_ids))
        .order_by(Party.ehlc.desc())
        .limit(1)
    ).first()
    return None if party is None else party_form(party)


def open_files(
    session: Session,
    agency_ids: Collection[str],
    *,
    nik: str = "",
    service_id: str | None = None,
    subject: str = "",
    except_id: str | None = None,
) -> list[OpenFile]:
    """Unfinished files of a person, newest first; of one service and one subject where those are given (users.md 1.4).

    Twins and village registrars are normal, so the same applicant with another subject is no duplicate.
    """
    if not nik:
        return []
    query = (
        select(ApplicationNow)
        .where(
            ApplicationNow.nik == nik,
            ApplicationNow.agency_id.in_(agency_ids),
            ApplicationNow.state.in_(("RETURNED", "REGISTERED", "FORWARDED", "IN_PROCESS")),
        )
        .order_by(ApplicationNow.received_at.desc())
    )
    if service_id is not None:
        query = query.where(ApplicationNow.service_id == service_id)
    rows = [row for row in session.scalars(query) if row.id != except_id]
    if service_id is not None:
        rows = [row for row in rows if (row.subject or "").casefold() == subject.casefold()]
    return [
        OpenFile(row.id, row.number, row.state or "", row.missing, row.received_at, row.applicant or "", row.service_id)
        for row in rows
    ]


def resume(session: Session, desk: Desk, application_id: str) -> IntakeForm:
    """The form of a further visit: what was accepted stays accepted, what was missing is to be looked at again.

    UserError when the file is not short, or belongs to an agency this counter does not serve (users.md 1.11).
    """
    row = session.get(ApplicationNow, application_id)
    application = session.get(Application, application_id)
    if row is None or application is None:
        raise UserError(_("Nomor tidak dikenal atau salah baca. Ketik 4 angka urut dan angka terakhirnya."))
    if application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    if row.state != "RETURNED":
        raise UserError(_("Berkas ini tidak menunggu kelengkapan, jadi tidak ada yang perlu dilengkapi."))
    parties = {
        p.role: party_form(p)
        for p in session.scalars(select(Party).where(Party.application_id == application_id, ~Party.deleted))
    }
    last = last_visit(session, application_id)
    detail = session.scalars(select(IntakeDetail).where(IntakeDetail.visit_id == last.id)).first() if last else None
    extras = extra_demands(session, last.id) if last else ()
    return IntakeForm(
        service_id=application.service_id,
        variant=application.variant,
        for_whom=application.for_whom,
        applicant=parties.get("applicant", PartyForm()),
        subject=parties.get("subject"),
        proxy=parties.get("proxy"),
        answers=dict(detail.answers) if detail else {},
        checks=accepted_checks(session, application_id),
        extras=extras,
        vulnerable_group=detail.vulnerable_group if detail else None,
        help_needed=detail.help_needed if detail else None,
        application_id=application_id,
    )


def accepted_checks(session: Session, application_id: str) -> dict[str, Check]:
    """The lines found in order at the last visit; they are not asked for again."""
    last = last_visit(session, application_id)
    if last is None:
        return {}
    rows = session.scalars(select(DocumentCheck).where(DocumentCheck.visit_id == last.id))
    return {
        row.requirement_code: Check(State(row.state), copies=row.copies)
        for row in rows
        if row.state in (State.PRESENT, State.NOT_NEEDED)
    }


def extra_demands(session: Session, visit_id: str) -> tuple[Extra, ...]:
    """The papers asked for outside the standard at a visit; they are asked for until they are brought."""
    told = {
        (note.about_table, note.about_id): note.text
        for note in session.scalars(
            select(Note)
            .join(DocumentCheck, DocumentCheck.id == Note.about_id)
            .where(DocumentCheck.visit_id == visit_id, Note.about_table.in_((EXTRA_NAME, EXTRA_REASON)))
        )
    }
    rows = session.scalars(
        select(DocumentCheck)
        .where(DocumentCheck.visit_id == visit_id, DocumentCheck.is_extra)
        .order_by(DocumentCheck.ordinal)
    )
    return tuple(
        Extra(row.requirement_code, told.get((EXTRA_NAME, row.id), ""), told.get((EXTRA_REASON, row.id), ""))
        for row in rows
    )


def asked_codes(session: Session, application_id: str) -> frozenset[str]:
    """The lines asked at the first visit: these and no others are asked at every later one (screens.md R5)."""
    return frozenset(
        session.scalars(
            select(DocumentCheck.requirement_code).where(
                DocumentCheck.application_id == application_id, ~DocumentCheck.is_extra
            )
        )
    )


def last_visit(session: Session, application_id: str) -> Visit | None:
    """The latest visit of a file that was not taken back."""
    undone = select(StatusMove.visit_id).where(
        StatusMove.application_id == application_id, StatusMove.reason_code == "undo", StatusMove.to_state != "VOID"
    )
    return session.scalars(
        select(Visit)
        .where(Visit.application_id == application_id, Visit.id.not_in(undone))
        .order_by(Visit.ehlc.desc())
        .limit(1)
    ).first()


def party_form(party: Party) -> PartyForm:
    """A kept party as a form shows it."""
    return PartyForm(
        name=party.full_name,
        nik=party.nik or "",
        no_nik_reason=party.no_nik_reason,
        phone="" if party.phone in (None, DECLINED) else str(party.phone),
        phone_declined=party.phone == DECLINED,
        birth_date=party.birth_date,
        village_code=party.village_code,
        place_text=party.place_text or "",
        kind=party.kind,
        id_kind=party.id_kind,
        identifier=party.id_no or "",
    )


# ---------------------------------------------------------------------------------------------------------------------
# The parts of receive


def _continued(session: Session, desk: Desk, form: IntakeForm) -> Application | None:
    if form.application_id is None:
        return None
    resume(session, desk, form.application_id)  # the same conditions hold at F9 as when the file was opened
    return session.get_one(Application, form.application_id)


def _service(
    session: Session, desk: Desk, form: IntakeForm, existing: Application | None, moment: datetime
) -> tuple[Service, ServiceStandard]:
    service = session.get(Service, form.service_id)
    # A service that was closed since still finishes what it began.
    if service is None or service.deleted or not (service.is_open or existing):
        raise UserError(_("Pilih layanan."), field="service")
    if service.agency_id not in desk.agency_ids:
        raise UserError(_("Layanan ini milik instansi yang tidak dilayani loket ini."), field="service")
    if existing is not None:  # the first visit's list stays (screens.md R5)
        return service, session.get_one(ServiceStandard, existing.standard_id)
    standard = standard_in_force(session, service.id, moment)
    if standard is None:
        raise UserError(_("Layanan ini belum punya standar yang berlaku. Hubungi admin."), field="service")
    return service, standard


def _check_choice(definition: Definition, form: IntakeForm) -> None:
    codes = [variant.code for variant in definition.variants]
    if codes and form.variant not in codes:
        raise UserError(_("Pilih jenis permohonan."), field="variant")
    if form.for_whom not in range(1, 6):
        raise UserError(_("Pilih untuk siapa permohonan ini."), field="for_whom")
    refused = refusal(definition, form.for_whom)
    if refused:
        raise UserError(refused, field="for_whom")


def _check_answers(assessment: Assessment) -> None:
    if assessment.unanswered:
        question = assessment.unanswered[0]
        raise UserError(unanswered_sentence(question), field=f"question:{question.code}")


def unchecked_sentence(assessment: Assessment) -> str:
    """What the first F9 says while lines are grey (users.md 1.3)."""
    return _("{count} syarat belum diperiksa. F9 lagi = dianggap tidak ada").format(count=len(assessment.unchecked))


def _check_parties(
    form: IntakeForm, definition: Definition, desk: Desk, moment: datetime, *, needs_identity: bool
) -> None:
    """A slip needs a name only; a receipt what the standard asks (users.md 1.5)."""
    for role, person in _people(form):
        _accept(read_name(person.name), f"{role}.name")
        if person.nik:
            _accept(_read_nik(person, role, desk, moment), f"{role}.nik")
        _accept(read_phone(person.phone), f"{role}.phone")
    if needs_identity:
        _check_needs(form, definition)
    if form.for_whom == 3 and form.proxy is None:
        raise UserError(_("Isi nama orang yang diberi kuasa."), field="proxy.name")
    if form.for_whom in (2, 4, 5) and form.subject is None:
        raise UserError(
            {
                2: _('Isi nama anak; bila belum bernama, tulis "bayi" dan nama ibunya.'),
                4: _("Isi nama badan usaha."),
                5: _("Isi objek permohonan, misalnya nomor polisi atau nomor tanah."),
            }[form.for_whom],
            field="subject.name",
        )


def _check_needs(form: IntakeForm, definition: Definition) -> None:
    applicant, subject = form.applicant, form.subject
    lacking = {
        "applicant_identity": (
            applicant.kind == "person" and not applicant.nik and not applicant.no_nik_reason,
            "applicant.nik",
            _("Isi NIK, atau pilih alasan tanpa NIK."),
        ),
        "applicant_phone": (
            not applicant.phone and not applicant.phone_declined,
            "applicant.phone",
            _("Isi nomor HP, atau tekan Enter bila tidak punya atau tidak bersedia."),
        ),
        "applicant_village": (
            not applicant.village_code and not applicant.place_text,
            "applicant.village",
            _("Isi desa atau kelurahan."),
        ),
        "subject_birth_date": (
            subject is not None and subject.birth_date is None,
            "subject.birth_date",
            _("Isi tanggal lahir."),
        ),
    }
    for need in definition.needs:
        is_lacking, where, sentence = lacking.get(need, (False, "", ""))
        if is_lacking:
            raise UserError(sentence, field=where)


def _people(form: IntakeForm) -> list[tuple[str, PartyForm]]:
    roles = (("applicant", form.applicant), ("subject", form.subject), ("proxy", form.proxy))
    return [(role, person) for role, person in roles if person is not None]


def _read_nik(person: PartyForm, role: str, desk: Desk, moment: datetime) -> Nik:
    return read_nik(
        person.nik,
        desk.day(moment),
        is_child=role == "subject",
        known_birth=person.birth_date,
        is_training=desk.training,
    )


def _accept(reading: Reading, where: str) -> str:
    if reading.errors:
        raise UserError(reading.errors[0], field=where)
    return reading.value


def _new_application(
    session: Session, desk: Desk, form: IntakeForm, service: Service, standard: ServiceStandard, moment: datetime
) -> Application:
    number = next_number(session, desk.device_code, desk.day(moment))
    application = Application(
        id=new_id(),
        number=number.digits,
        device_code=number.device,
        on_date=number.day,
        serial=number.serial,
        agency_id=service.agency_id,
        service_id=service.id,
        standard_id=standard.id,
        variant=form.variant,
        for_whom=form.for_whom,
        counter_id=desk.counter_id,
        received_at=moment,
        received_by=desk.officer_id,
        previous_id=form.previous_id,
    )
    session.add(application)
    return application


def _visits(session: Session, application_id: str) -> int:
    return len(session.scalars(select(Visit.id).where(Visit.application_id == application_id)).all())


def _kept_state(line: Line, met: Collection[str]) -> State:
    """The state as every later count shall read it: only what holds the file back is missing or faulty."""
    if line.is_settled:
        return line.state
    if line.group in met:
        return State.NOT_NEEDED  # of a group that has enough, what was not brought is not needed
    return State.UNCHECKED if line.optional else line.state


def _checks(
    assessment: Assessment, application: Application, visit: Visit, desk: Desk, moment: datetime
) -> list[DocumentCheck]:
    """One row per asked line, whatever its state: the list a citizen was told is frozen (model.md 1.7)."""
    met = {group.group.code for group in assessment.groups if group.is_met}
    return [
        DocumentCheck(
            id=new_id(),
            application_id=application.id,
            visit_id=visit.id,
            requirement_code=line.code,
            ordinal=line.ordinal,
            group=line.group,
            state=_kept_state(line, met).value,
            fault_code=line.fault.value if line.fault else None,
            form=line.requirement.form,
            copies=line.copies_seen,
            is_extra=line.is_extra,
            checked_by=desk.officer_id,
            checked_at=moment,
        )
        for line in assessment.lines
    ]


def _keep_parties(session: Session, desk: Desk, application: Application, form: IntakeForm, *, is_new: bool) -> None:
    kept = (
        {}
        if is_new
        else {
            party.role: party
            for party in session.scalars(select(Party).where(Party.application_id == application.id, ~Party.deleted))
        }
    )
    for role, person in _people(form):
        party = kept.get(role) or Party(application_id=application.id, role=role)
        if role not in kept:
            session.add(party)
        nik = _read_nik(person, role, desk, now(session)) if person.nik else None
        party.kind = person.kind
        party.full_name = read_name(person.name).value
        party.nik = nik.value if nik else None
        party.no_nik_reason = None if nik else person.no_nik_reason
        party.id_kind = person.id_kind
        party.id_no = clean_text(person.identifier, IDENTIFIER_LIMIT, field=f"{role}.identifier") or None
        party.birth_date = person.birth_date or (nik.birth if nik else None)
        party.sex = nik.sex if nik else None
        declined = person.phone_declined and not person.phone
        party.phone = DECLINED if declined else (read_phone(person.phone).value or None)
        party.village_code = person.village_code
        party.place_text = clean_text(person.place_text, PLACE_LIMIT, field=f"{role}.village") or None


def _keep_notes(
    session: Session,
    checks: Sequence[DocumentCheck],
    visit: Visit,
    form: IntakeForm,
    desk: Desk,
    moment: datetime,
) -> None:
    """Free words stay with the agency; the hall only sees codes."""
    extras = {extra.code: extra for extra in form.extras}
    told = [("visit", visit.id, form.note)]
    for check in checks:
        if check.is_extra:
            extra = extras[check.requirement_code]
            told += [(EXTRA_NAME, check.id, extra.name), (EXTRA_REASON, check.id, extra.reason)]
    for about_table, about_id, words in told:
        if text := clean_text(words, NOTE_LIMIT, field="note"):
            session.add(
                Note(
                    application_id=visit.application_id or "",
                    about_table=about_table,
                    about_id=about_id,
                    text=text,
                    officer_id=desk.officer_id,
                    at=moment,
                )
            )


def _queue_no(typed: str | None) -> str | None:
    """A queue ticket's number. The whole hall sees it, so nothing else may stand there."""
    number = clean(typed or "").upper()
    if number and not QUEUE_NO.fullmatch(number):
        raise UserError(_("Nomor antrean terdiri dari huruf depan dan angka, misalnya A-118."), field="queue_no")
    return number or None
