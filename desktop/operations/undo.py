"""Taking back the last F9: nothing is removed, what follows says that it did not hold."""

from __future__ import annotations

import json

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.application import Correction, PaperPrint, StatusMove
from desktop.models.base import now
from desktop.models.journal import Entry
from desktop.models.kinds import unpack
from desktop.models.people import Party
from desktop.operations.amending import amendable
from desktop.operations.desk import Desk
from desktop.operations.intake_form import Outcome
from desktop.operations.print_jobs import call_back


def undo(session: Session, desk: Desk, outcome: Outcome) -> None:
    """Take back the last F9: a first visit becomes a void number, a further one leaves the file as it was before.

    Nothing is removed: the number stays and says why (gaps come only from recorded voids). UserError when another
    act has followed, or where a void would be refused too.
    """
    moves = list(
        session.scalars(
            select(StatusMove).where(StatusMove.application_id == outcome.application_id).order_by(StatusMove.ehlc)
        )
    )
    if not moves or moves[-1].visit_id != outcome.visit_id or _is_changed(session, moves[-1]):
        raise UserError(
            _("Berkas {number} sudah berubah sesudah disimpan, jadi tidak dapat diurungkan.").format(
                number=outcome.short[:4] + "-" + outcome.short[4:]
            )
        )
    last = moves[-1]
    amendable(session, desk, outcome.application_id)
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
    prints = select(PaperPrint.id).where(
        PaperPrint.application_id == outcome.application_id, PaperPrint.visit_id == outcome.visit_id
    )
    call_back(session, session.scalars(prints).all())
    if len(moves) > 1:
        _restore_parties(session, outcome.application_id, moves[-2])


def _is_changed(session: Session, last: StatusMove) -> bool:
    """Whether it was taken back already, or its people were put right since: that would be lost."""
    since = select(Correction.id).where(
        Correction.application_id == last.application_id, Correction.ehlc > last.ehlc
    )
    return last.reason_code == "undo" or session.scalars(since.limit(1)).first() is not None


def _restore_parties(session: Session, application_id: str, until: StatusMove) -> None:
    """Put the people back as they stood after the move ``until``: the journal still holds that version."""
    # The paper is written down last, so its stamp closes the save that the move was part of.
    closing = select(func.max(PaperPrint.ehlc)).where(
        PaperPrint.application_id == application_id, PaperPrint.visit_id == until.visit_id
    )
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
