"""What is known from earlier visits: people, their unfinished files, and what a further visit begins with."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.application import Application, DocumentCheck, IntakeDetail, Note, StatusMove, Visit
from desktop.models.base import plain
from desktop.models.local import ApplicationNow
from desktop.models.people import Party
from desktop.operations.desk import Desk
from desktop.operations.intake_form import DECLINED, EXTRA_NAME, EXTRA_REASON, IntakeForm, OpenFile, PartyForm
from desktop.operations.meanwhile import version_of
from desktop.operations.requirements import Check, Extra, State


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


def short_file(session: Session, desk: Desk, application_id: str) -> Application:
    """The file that a further visit may go on with.

    UserError when the file is not short, or belongs to an agency this counter does not serve (users.md 1.11).
    """
    application = session.get(Application, application_id)
    shown = plain(session, "SELECT state FROM application_now WHERE id = ?", application_id)
    if application is None or not shown:
        raise UserError(_("Nomor tidak dikenal atau salah baca. Ketik 4 angka urut dan angka terakhirnya."))
    if application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    if shown[0].state != "RETURNED":
        raise UserError(_("Berkas ini tidak menunggu kelengkapan, jadi tidak ada yang perlu dilengkapi."))
    return application


def resume(session: Session, desk: Desk, application_id: str) -> IntakeForm:
    """The form of a further visit: what was accepted stays accepted, what was missing is to be looked at again.

    UserError as ``short_file`` says.
    """
    application = short_file(session, desk, application_id)
    last = last_visit(session, application_id)
    return replace(
        kept_form(session, application, last),
        checks=accepted_checks(session, application_id),
        extras=extra_demands(session, application_id, last.id) if last else (),
        application_id=application_id,
        seen=version_of(session, application_id),
    )


def kept_form(session: Session, application: Application, last: Visit | None) -> IntakeForm:
    """The people of a file and what was told about them at its last visit; no paper is looked at yet."""
    parties = {
        p.role: party_form(p)
        for p in session.scalars(select(Party).where(Party.application_id == application.id, ~Party.deleted))
    }
    details = select(IntakeDetail).where(IntakeDetail.application_id == application.id)
    detail = session.scalars(details.where(IntakeDetail.visit_id == last.id)).first() if last else None
    return IntakeForm(
        service_id=application.service_id,
        variant=application.variant,
        for_whom=application.for_whom,
        applicant=parties.get("applicant", PartyForm()),
        subject=parties.get("subject"),
        proxy=parties.get("proxy"),
        answers=dict(detail.answers) if detail else {},
        vulnerable_group=detail.vulnerable_group if detail else None,
        help_needed=detail.help_needed if detail else None,
    )


def accepted_checks(session: Session, application_id: str) -> dict[str, Check]:
    """The lines found in order at the last visit; they are not asked for again."""
    last = last_visit(session, application_id)
    if last is None:
        return {}
    rows = session.scalars(
        select(DocumentCheck).where(DocumentCheck.application_id == application_id, DocumentCheck.visit_id == last.id)
    )
    return {
        row.requirement_code: Check(State(row.state), copies=row.copies)
        for row in rows
        if row.state in (State.PRESENT, State.NOT_NEEDED)
    }


def extra_demands(session: Session, application_id: str, visit_id: str) -> tuple[Extra, ...]:
    """The papers asked for outside the standard at a visit; they are asked for until they are brought."""
    rows = session.scalars(
        select(DocumentCheck)
        .where(
            DocumentCheck.application_id == application_id, DocumentCheck.visit_id == visit_id, DocumentCheck.is_extra
        )
        .order_by(DocumentCheck.ordinal)
    ).all()
    notes = select(Note).where(Note.application_id == application_id, Note.about_table.in_((EXTRA_NAME, EXTRA_REASON)))
    told = {(note.about_table, note.about_id): note.text for note in session.scalars(notes)} if rows else {}
    return tuple(
        Extra(row.requirement_code, told.get((EXTRA_NAME, row.id), ""), told.get((EXTRA_REASON, row.id), ""))
        for row in rows
    )


def asked_codes(session: Session, application_id: str) -> frozenset[str]:
    """The lines asked at the first visit: these and no others are asked at every later one (screens.md R5)."""
    asked = "SELECT requirement_code FROM document_check WHERE application_id = ? AND NOT is_extra"
    return frozenset(row.requirement_code for row in plain(session, asked, application_id))


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
