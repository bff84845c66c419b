"""Receiving an application: the one act the whole program exists for."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _, clock_time, long_date
from desktop.models.application import Application, DocumentCheck, IntakeDetail, StatusMove, Visit
from desktop.models.base import new_id, now, plain
from desktop.models.people import Party
from desktop.models.standard import Definition
from desktop.operations import outage, promise, voiding
from desktop.operations.case import unanswered_sentence
from desktop.operations.catalog import definition_with, in_force_since
from desktop.operations.cleaning import clean
from desktop.operations.desk import Desk
from desktop.operations.earlier import asked_codes, short_file
from desktop.operations.intake_form import (
    EXTRA_NAME,
    EXTRA_REASON,
    RECEIPT,
    SLIP,
    IntakeForm,
    Outcome,
    case_of,
)
from desktop.operations.meanwhile import refuse_changed
from desktop.operations.notes import keep_words
from desktop.operations.numbering import number_here
from desktop.operations.people import check_parties, people_of, write_party
from desktop.operations.print_jobs import issue_paper
from desktop.operations.requirements import Assessment, Line, State, as_missing, assess, refusal


class StandardReplaced(UserError):
    """Another standard is in force than the one whose list was looked at: show its list, and ask again."""


QUEUE_NO = re.compile(r"[A-Z]{0,3}[- ]?[0-9]{1,4}")


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
    can only come out of a kept record. A file that stands in another's place makes that one void in the same act.
    """
    moment = now(session)
    existing = _continued(session, desk, form)
    if existing is not None:  # what was asked for at the first visit stays
        form = replace(form, service_id=existing.service_id, variant=existing.variant, for_whom=existing.for_whom)
    paper_at = moment
    if form.outage is not None:
        begun = existing.received_at if existing else None
        paper_at = outage.received_at(form.outage, desk, moment, not_before=begun)
    agency_id, standard_id = _standard(session, desk, form, existing, paper_at)
    definition = definition_with(session, standard_id)
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
    check_parties(form, definition, desk, moment, needs_identity=paper == RECEIPT)

    # Looked up while nothing waits to be written: a question then would have it flushed piece by piece.
    kept = _kept_parties(session, existing)
    promised = promise_for(session, desk, agency_id, definition, paper_at) if paper == RECEIPT else None
    application = existing or _new_application(session, desk, form, agency_id, standard_id, moment, paper_at)
    visit = Visit(
        id=new_id(),
        application_id=application.id,
        ordinal=_visits(session, application.id) + 1 if existing else 1,
        counter_id=desk.counter_id,
        officer_id=desk.officer_id,
        served_with=(form.outage.received_by if form.outage else None) or form.served_with,
        standard_id=standard_id,
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
        reason_code=form.outage.reason if form.outage else None,
    )
    if promised is not None:
        move.complete_at = paper_at
        move.promised_at = promised.due_at
    checks = _checks(assessment, application, visit, desk, moment)
    session.add_all([visit, move, *checks])
    _keep_parties(session, desk, application, form, kept)
    session.add(
        IntakeDetail(
            application_id=application.id,
            visit_id=visit.id,
            answers=dict(form.answers),
            vulnerable_group=form.vulnerable_group,
            help_needed=form.help_needed,
        )
    )
    _keep_notes(session, checks, visit, form, desk)
    takes_back = ""
    if form.previous_id:
        consenting = replace(desk, authorised_by=form.authorised_by)
        takes_back = voiding.replace_file(session, consenting, form.previous_id, application.id, form.seen)
    print_id = issue_paper(session, desk, application.id, visit.id, paper)
    return Outcome(application.id, visit.id, print_id, application.number, application.number[9:], paper, takes_back)


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
    refuse_changed(session, desk, form.application_id, form.seen, _("F5 = ambil yang terbaru."))
    return short_file(session, desk, form.application_id)  # the same holds at F9 as when the file was opened


def _standard(
    session: Session, desk: Desk, form: IntakeForm, existing: Application | None, received_at: datetime
) -> tuple[str, str]:
    """The service's agency and its standard, as ids; a file of an outage has the standard that was in force when the
    paper was taken in."""
    found = plain(session, "SELECT agency_id, is_open FROM service WHERE id = ? AND NOT deleted", form.service_id)
    # A service that was closed since still finishes what it began.
    if not found or not (found[0].is_open or existing):
        raise UserError(_("Pilih layanan."), field="service")
    agency_id = found[0].agency_id
    if agency_id not in desk.agency_ids:
        raise UserError(_("Layanan ini milik instansi yang tidak dilayani loket ini."), field="service")
    if existing is not None:  # the first visit's list stays (screens.md R5)
        return agency_id, existing.standard_id
    in_force = in_force_since(session, form.service_id, received_at)
    if in_force is None:
        raise UserError(_("Layanan ini belum punya standar yang berlaku. Hubungi admin."), field="service")
    standard_id, valid_from = in_force
    if form.standard_id is not None and standard_id != form.standard_id:
        words = _("Standar baru berlaku sejak pukul {time}. Daftar syarat sudah diganti; periksa lagi, lalu F9.")
        told = words.format(time=clock_time(desk.local(valid_from)))
        if form.outage is not None:
            words = _("Pada {date} berlaku standar lain. Daftar syarat sudah diganti; periksa lagi, lalu F9.")
            told = words.format(date=long_date(desk.day(received_at)))
        raise StandardReplaced(told, field="checklist")
    return agency_id, standard_id


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


def _new_application(
    session: Session, desk: Desk, form: IntakeForm, agency_id: str, standard_id: str, moment: datetime,
    paper_at: datetime,
) -> Application:  # fmt: skip
    number = number_here(session, desk.day(moment))
    application = Application(
        id=new_id(),
        number=number.digits,
        device_code=number.device,
        on_date=number.day,
        serial=number.serial,
        agency_id=agency_id,
        service_id=form.service_id,
        standard_id=standard_id,
        variant=form.variant,
        for_whom=form.for_whom,
        counter_id=desk.counter_id,
        received_at=paper_at,
        received_by=(form.outage.received_by if form.outage else None) or desk.officer_id,
        previous_id=form.previous_id,
        is_outage_entry=form.outage is not None,
    )
    session.add(application)
    return application


def _visits(session: Session, application_id: str) -> int:
    return int(plain(session, "SELECT count(*) AS n FROM visit WHERE application_id = ?", application_id)[0].n)


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


_PARTIES = select(Party).where(Party.application_id == bindparam("application"), ~Party.deleted)


def _kept_parties(session: Session, existing: Application | None) -> dict[str, Party]:
    if existing is None:
        return {}
    return {party.role: party for party in session.scalars(_PARTIES, {"application": existing.id})}


def _keep_parties(
    session: Session, desk: Desk, application: Application, form: IntakeForm, kept: Mapping[str, Party]
) -> None:
    for role, person in people_of(form):
        party = kept.get(role) or Party(application_id=application.id, role=role)
        if role not in kept:
            session.add(party)
        write_party(session, desk, party, person)


def _keep_notes(
    session: Session,
    checks: Sequence[DocumentCheck],
    visit: Visit,
    form: IntakeForm,
    desk: Desk,
) -> None:
    """Free words stay with the agency; the hall only sees codes."""
    extras = {extra.code: extra for extra in form.extras}
    told = [("visit", visit.id, form.note)]
    for check in checks:
        if check.is_extra:
            extra = extras[check.requirement_code]
            told += [(EXTRA_NAME, check.id, extra.name), (EXTRA_REASON, check.id, extra.reason)]
    for about_table, about_id, words in told:
        keep_words(session, desk, visit.application_id or "", about_table, about_id, words, field="note")


def _queue_no(typed: str | None) -> str | None:
    """A queue ticket's number. The whole hall sees it, so nothing else may stand there."""
    number = clean(typed or "").upper()
    if number and not QUEUE_NO.fullmatch(number):
        raise UserError(_("Nomor antrean terdiri dari huruf depan dan angka, misalnya A-118."), field="queue_no")
    return number or None
