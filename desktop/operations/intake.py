"""Receiving an application: the one act the whole program exists for."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.application import Application, DocumentCheck, IntakeDetail, Note, PaperPrint, StatusMove, Visit
from desktop.models.base import new_id, now
from desktop.models.catalog import Service, ServiceStandard
from desktop.models.local import OPEN_JOBS, PrintJob
from desktop.models.people import Party
from desktop.models.standard import Definition
from desktop.operations import promise
from desktop.operations.catalog import definition_of, standard_in_force
from desktop.operations.cleaning import clean, clean_text
from desktop.operations.desk import Desk
from desktop.operations.earlier import asked_codes, resume
from desktop.operations.identity import Nik, Reading, read_birth, read_name, read_nik, read_phone
from desktop.operations.intake_form import (
    DECLINED,
    EXTRA_NAME,
    EXTRA_REASON,
    RECEIPT,
    SLIP,
    IntakeForm,
    Outcome,
    PartyForm,
    case_of,
)
from desktop.operations.numbering import device_code, number_here
from desktop.operations.requirements import (
    Assessment,
    Line,
    State,
    as_missing,
    assess,
    refusal,
    unanswered_sentence,
)

QUEUE_NO = re.compile(r"[A-Z]{0,3}[- ]?[0-9]{1,4}")
NOTE_LIMIT, PLACE_LIMIT, IDENTIFIER_LIMIT = 2000, 200, 60


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

    # Looked up while nothing waits to be written: the question would have it flushed piece by piece.
    promised = promise_for(session, desk, service.agency_id, definition, moment) if paper == RECEIPT else None
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
    if promised is not None:
        move.complete_at = moment
        move.promised_at = promised.due_at
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
            call_back(session, [print_.id for print_ in earlier])
    same = [print_ for print_ in earlier if print_.paper == paper]
    issue = copy_of if copy_of is not None else max((p.issue_no for p in same), default=0) + 1
    print_ = PaperPrint(
        id=new_id(),
        application_id=application_id,
        visit_id=visit_id,
        paper=paper,
        issue_no=issue,
        copy_no=sum(p.issue_no == issue for p in same),
        device_code=device_code(session),
        at=now(session),
        officer_id=desk.officer_id,
        reason_code=reason,
    )
    session.add_all([print_, PrintJob(print_id=print_.id, at=now(session))])
    return print_.id


def call_back(session: Session, print_ids: Sequence[str]) -> None:
    """Take papers that have not come out yet off the printer's list."""
    open_jobs = select(PrintJob).where(PrintJob.print_id.in_(print_ids), PrintJob.state.in_(OPEN_JOBS))
    for job in session.scalars(open_jobs):
        job.state = "out"


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
        _accept(read_name(person.name, is_object=person.kind == "object"), f"{role}.name")
        if person.nik:
            _accept(_read_nik(person, role, desk, moment), f"{role}.nik")
        _accept(read_phone(person.phone), f"{role}.phone")
    if form.subject is not None and form.subject.birth_date is not None:
        _accept(read_birth(form.subject.birth_date, desk.day(moment)), "subject.birth_date")
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
    number = number_here(session, desk.day(moment))
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
        party.full_name = clean(person.name)
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
