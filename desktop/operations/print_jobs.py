"""Writing down that a paper is issued, and what the printer is to be given."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy.orm import Session

from desktop.models.application import PaperPrint
from desktop.models.base import new_id, now, plain
from desktop.models.kinds import moment_text
from desktop.models.local import OPEN_JOBS
from desktop.operations.desk import Desk
from desktop.operations.numbering import device_code

_ISSUED = "SELECT id, paper, issue_no, copy_no, device_code FROM paper_print WHERE application_id = ?"


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
    earlier = plain(session, _ISSUED, application_id)
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
    session.add(print_)
    queue(session, print_.id)
    return print_.id


def _copies(prints: Sequence[Any], issue: int, device: int) -> int:
    return sum(p.issue_no == issue and p.device_code == device and p.copy_no > 0 for p in prints)


def call_back(session: Session, print_ids: Sequence[str]) -> None:
    """Take papers that have not come out yet off the printer's list."""
    plain(session, _CALL_BACK, json.dumps([*print_ids]), changes="print_job")


def queue(session: Session, print_id: str) -> None:
    """Let the printer take this paper as soon as the save is durable."""
    plain(session, _QUEUE, new_id(), print_id, moment_text(now(session)), changes="print_job")


_CALL_BACK = (
    "UPDATE print_job SET state = 'out' WHERE print_id IN (SELECT value FROM json_each(?))"
    f" AND state IN ({', '.join(map(repr, OPEN_JOBS))})"
)
_QUEUE = "INSERT INTO print_job (id, print_id, at, state, tries) VALUES (?, ?, ?, 'waiting', 0)"
