"""Making a file void: its number stays and says why, and its paper is to be taken back."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.models.application import Application, PaperPrint, StatusMove
from desktop.models.base import new_id, now
from desktop.models.local import ApplicationNow
from desktop.operations.amending import amendable
from desktop.operations.desk import Desk
from desktop.operations.earlier import kept_form, last_visit
from desktop.operations.intake_form import IntakeForm
from desktop.operations.meanwhile import refuse_changed, version_of
from desktop.operations.notes import keep_words
from desktop.operations.print_jobs import call_back
from desktop.operations.search import number_text

# In the order of their digits; the codes stay, the words may change.
REASONS = {
    "typing": N_("salah ketik"),
    "double": N_("berkas ganda"),
    "wrong_person": N_("salah orang"),
    "other": N_("lainnya"),
}
# Given by other acts: a change of service, and Shift+F12.
WRONG_SERVICE = "wrong_service"
ALL_REASONS = {**REASONS, WRONG_SERVICE: N_("salah layanan"), "undo": N_("diurungkan")}


def void(session: Session, desk: Desk, application_id: str, reason: str, words: str = "") -> str:
    """Make a file void for one of REASONS; returns its number as people say it, for its paper to be taken back.

    ``words`` explain the reason and stay with the agency; "other" needs some. UserError where ``amendable`` says no,
    or on the field "reason" or "words".
    """
    if reason not in REASONS:
        raise UserError(_("Pilih alasannya dengan angka."), field="reason")
    return _void(session, desk, application_id, reason, words)


def replace_file(session: Session, desk: Desk, application_id: str, by: str, seen: tuple[str, ...]) -> str:
    """Make the file void that the application ``by`` stands in for: the service was the wrong one.

    Returns its number as people say it, or nothing where it was void before. UserError where ``amendable`` says no,
    Conflict where the file no longer shows ``seen``.
    """
    refuse_changed(session, desk, application_id, seen, _("F5 = ambil yang terbaru."))
    number = to_be_replaced(session, application_id)
    return _void(session, desk, application_id, WRONG_SERVICE, "", replaced_by=by) if number else ""


def instead_of(session: Session, desk: Desk, application_id: str) -> IntakeForm:
    """The form of a file that shall stand in for this one: the same people, no service yet.

    UserError where ``amendable`` says no; F9 asks it again. A supervisor's consent goes with the form.
    """
    application = amendable(session, desk, application_id)
    last = last_visit(session, application_id)
    form = kept_form(session, application, last)
    return replace(
        form,
        service_id="",
        variant=None,
        answers={},
        queue_no=last.queue_no if last else None,
        previous_id=application_id,
        authorised_by=desk.authorised_by,
        seen=version_of(session, application_id),
    )


def to_be_replaced(session: Session, application_id: str | None) -> str:
    """The number ("0041-7") of a file that is not void yet; else nothing."""
    row = session.get(ApplicationNow, application_id) if application_id else None
    return number_text(row.number)[11:] if row is not None and row.state != "VOID" else ""


def void_move(session: Session, application_id: str) -> StatusMove | None:
    """What made a file void: the first such move, wherever two counters did it."""
    moves = select(StatusMove).where(StatusMove.application_id == application_id, StatusMove.to_state == "VOID")
    return session.scalars(moves.order_by(StatusMove.ehlc, StatusMove.eid).limit(1)).first()


def reason_word(move: StatusMove | None) -> str:
    """Why a file is void."""
    code = move.reason_code or "" if move else ""
    return _(ALL_REASONS.get(code, code or "–"))


def replacement(session: Session, move: StatusMove | None) -> str:
    """The number ("0042-5") of the file that stands in for a void one; nothing where there is none."""
    other = session.get(Application, move.replaced_by) if move and move.replaced_by else None
    return number_text(other.number)[11:] if other else ""


def _void(
    session: Session, desk: Desk, application_id: str, reason: str, words: str, *, replaced_by: str | None = None
) -> str:
    application: Application = amendable(session, desk, application_id)
    move = StatusMove(
        id=new_id(),
        application_id=application.id,
        to_state="VOID",
        at=now(session),
        reason_code=reason,
        officer_id=desk.officer_id,
        authorised_by=desk.authorised_by,
        replaced_by=replaced_by,
    )
    session.add(move)
    is_told = keep_words(session, desk, application.id, StatusMove.__tablename__, move.id, words, field="words")
    if reason == "other" and not is_told:
        raise UserError(_("Tulis alasannya dengan singkat."), field="words")
    prints = select(PaperPrint.id).where(PaperPrint.application_id == application.id)
    call_back(session, session.scalars(prints).all())
    return number_text(application.number)[11:]
