"""Writing down that a paper is issued, and what the printer is to be given."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from desktop.models.application import PaperPrint
from desktop.models.base import new_id, now
from desktop.models.local import OPEN_JOBS, PrintJob
from desktop.operations.desk import Desk
from desktop.operations.numbering import device_code

_ISSUED = select(
    PaperPrint.id, PaperPrint.paper, PaperPrint.issue_no, PaperPrint.copy_no, PaperPrint.device_code
).where(PaperPrint.application_id == bindparam("application"))


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

    A new content is a new issue; ``copy_of`` repeats an issue and counts its copies, those of this PC: another
    one's may not have arrived (model.md 1.15).
    """
    with session.no_autoflush:  # the rows of this save need no flush of their own yet: one is cheaper than three
        earlier = session.execute(_ISSUED, {"application": application_id}).all()
        if copy_of is None and earlier:  # what no longer says how things stand must not come out any more
            call_back(session, [print_.id for print_ in earlier])
        device = device_code(session)
    same = [print_ for print_ in earlier if print_.paper == paper]
    issue = copy_of if copy_of is not None else max((p.issue_no for p in same), default=0) + 1
    print_ = PaperPrint(
        id=new_id(),
        application_id=application_id,
        visit_id=visit_id,
        paper=paper,
        issue_no=issue,
        copy_no=_copies(same, issue, device) + 1 if copy_of is not None else 0,
        device_code=device,
        at=now(session),
        officer_id=desk.officer_id,
        reason_code=reason,
    )
    session.add_all([print_, PrintJob(print_id=print_.id, at=now(session))])
    return print_.id


def _copies(prints: Sequence[Any], issue: int, device: int) -> int:
    return sum(p.issue_no == issue and p.device_code == device and p.copy_no > 0 for p in prints)


def call_back(session: Session, print_ids: Sequence[str]) -> None:
    """Take papers that have not come out yet off the printer's list."""
    open_jobs = select(PrintJob).where(PrintJob.print_id.in_(print_ids), PrintJob.state.in_(OPEN_JOBS))
    for job in session.scalars(open_jobs):
        job.state = "out"
