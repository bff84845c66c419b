"""Papers of committed records: what each one says, and issuing one again."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _, speaking
from desktop.models.application import Application, Correction, PaperPrint, StatusMove
from desktop.models.base import now
from desktop.models.catalog import Agency, Counter, Hall
from desktop.models.local import OPEN_JOBS, PrintJob
from desktop.models.people import Party
from desktop.operations.conflicts import SETTLED
from desktop.operations.desk import Desk
from desktop.operations.intake_form import RECEIPT
from desktop.operations.numbering import TEST_SERIAL, FileNumber, device_code
from desktop.operations.paper_words import letterhead_of
from desktop.operations.paperwork import ReceiptFacts, RecoveryFacts, SlipFacts, TestPageFacts
from desktop.operations.print_jobs import issue_paper, queue

# Why a paper comes out again: the first was never printed (no copy), or it was lost or damaged (a copy).
REPRINT_REASONS = ("not_out", "lost", "damaged")
CORRECTED = "corrected"


def facts_of(session: Session, print_id: str, *, training: bool = False) -> ReceiptFacts | SlipFacts:
    """What the paper of this print says, from the records as they are kept.

    Always in Indonesian, whatever language the screen speaks: it is the citizen's.
    """
    from desktop.operations.gathering import Gathering  # with the first paper, not at every start

    with speaking("id"):
        return Gathering(session, print_id, training=training).facts()


def test_page_facts(session: Session, desk: Desk, printer: str) -> TestPageFacts:
    """A sheet that proves printer and scanner: it carries serial 0000, which no file has."""
    hall, counter = session.get_one(Hall, desk.hall_id), session.get_one(Counter, desk.counter_id)
    number = FileNumber(desk.day(now(session)), device_code(session), TEST_SERIAL)
    return TestPageFacts(
        letterhead=letterhead_of(hall, session.get(Agency, desk.agency_ids[0]), counter),
        printer=printer,
        counter=counter.name,
        barcode=number.digits,
        qr=number.digits,
        printed_at=desk.local(now(session)),
        training=desk.training,
    )


def recovery_facts(session: Session, desk: Desk, code: str) -> RecoveryFacts:
    """The recovery sheet of this counter's data."""
    hall, counter = session.get_one(Hall, desk.hall_id), session.get_one(Counter, desk.counter_id)
    return RecoveryFacts(
        letterhead=letterhead_of(hall, session.get(Agency, desk.agency_ids[0]), counter),
        counter=counter.name,
        code=code,
        printed_at=desk.local(now(session)),
        training=desk.training,
    )


def reprint(session: Session, desk: Desk, application_id: str, reason: str) -> str:
    """Issue the last paper of a file again; returns the print's id.

    ``not_out``: the printer never gave it, so the same print is sent once more and nothing is counted. ``lost`` or
    ``damaged``: a copy that says CETAK ULANG and is counted (users.md 1.15). ``corrected``, and any reason once what
    stands on the paper was corrected: a new issue that says when (model.md 1.15). UserError where there is no paper.
    """
    if reason not in (*REPRINT_REASONS, CORRECTED):
        raise ValueError(reason)
    application = session.get(Application, application_id)
    if application is not None and application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    last = last_print(session, application_id)
    if last is None:
        raise UserError(_("Berkas ini tidak punya kertas yang berlaku."))
    if reason == CORRECTED or _is_outdated(session, last):
        return issue_paper(session, desk, application_id, last.visit_id, last.paper, reason=reason)
    if reason == "not_out":
        for job in session.scalars(select(PrintJob).where(PrintJob.print_id == last.id, PrintJob.state.in_(OPEN_JOBS))):
            return job.print_id  # it is on its way already: once is enough
        queue(session, last.id)
        return last.id
    return issue_paper(
        session, desk, application_id, last.visit_id, last.paper, copy_of=last.issue_no, reason=reason
    )


def last_paper(session: Session, application_id: str) -> str | None:
    """Which paper of a file holds now: "receipt", "slip", or none."""
    last = last_print(session, application_id)
    return last.paper if last else None


def last_print(session: Session, application_id: str) -> PaperPrint | None:
    """The print of that paper."""
    # A void file has no paper any more, and a visit that was taken back never issued one.
    moves = session.scalars(select(StatusMove).where(StatusMove.application_id == application_id)).all()
    if any(move.to_state == "VOID" for move in moves):
        return None
    undone = [move.visit_id for move in moves if move.reason_code == "undo"]
    return session.scalars(
        select(PaperPrint)
        .where(PaperPrint.application_id == application_id, PaperPrint.visit_id.not_in(undone))
        .order_by(PaperPrint.ehlc.desc())
        .limit(1)
    ).first()


def _is_outdated(session: Session, last: PaperPrint) -> bool:
    """Whether something that stands on this paper was corrected after it was issued."""
    first = _first_of_issue(session, last)
    return any(
        correction.field == "name"
        or correction.reason_code == SETTLED  # anything of the person may be another one now
        or (role == "applicant" and correction.field == "nik" and last.paper == RECEIPT)
        for correction, role in session.execute(
            select(Correction, Party.role)
            .join(Party, Party.id == Correction.about_id)
            .where(Correction.application_id == last.application_id, Correction.ehlc > first)
        )
    )


def _first_of_issue(session: Session, print_: PaperPrint) -> int:
    same = (PaperPrint.application_id == print_.application_id, PaperPrint.paper == print_.paper)
    return session.scalars(
        select(func.min(PaperPrint.ehlc)).where(*same, PaperPrint.issue_no == print_.issue_no)
    ).one()


def is_open(session: Session, print_id: str) -> bool:
    """Whether this print is still to come out."""
    open_jobs = select(PrintJob.id).where(PrintJob.print_id == print_id, PrintJob.state.in_(OPEN_JOBS))
    return session.scalars(open_jobs.limit(1)).first() is not None


def waiting_prints(session: Session) -> list[PrintJob]:
    """Papers that have not left for the printer, oldest first."""
    return list(session.scalars(select(PrintJob).where(PrintJob.state.in_(OPEN_JOBS)).order_by(PrintJob.at)))


def count_waiting(session: Session) -> int:
    """How many there are of them."""
    return session.scalars(select(func.count(PrintJob.id)).where(PrintJob.state.in_(OPEN_JOBS))).one()


def unsure_prints(session: Session) -> list[tuple[str, str]]:
    """Papers that were being sent when the program was killed: the print's id and the whole number, oldest first."""
    query = (
        select(PrintJob.print_id, Application.number)
        .join(PaperPrint, PaperPrint.id == PrintJob.print_id)
        .join(Application, Application.id == PaperPrint.application_id)
        .where(PrintJob.state == "sending")
        .order_by(PrintJob.at)
    )
    return list(dict.fromkeys((print_id, number) for print_id, number in session.execute(query)))


def begin_print(session: Session, print_id: str) -> bool:
    """Write down that the paper is being sent; False where it was called back and must not come out."""
    jobs = session.scalars(select(PrintJob).where(PrintJob.print_id == print_id, PrintJob.state.in_(OPEN_JOBS))).all()
    for job in jobs:
        job.state = "sending"
    return bool(jobs)


def note_print(session: Session, print_id: str, *, sentence: str | None = None) -> None:
    """The printer took the paper, or did not and why."""
    for job in session.scalars(select(PrintJob).where(PrintJob.print_id == print_id, PrintJob.state.in_(OPEN_JOBS))):
        job.tries += 1
        job.state, job.message = ("failed", sentence) if sentence else ("sent", None)
