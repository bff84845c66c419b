"""Who may put a kept file right, and until when; the operations that do it ask here first (screens.md L5).

What an officer may not do alone is done at the same desk once a supervisor has typed a PIN there: the officer stays
signed in and signs the journal, the act names who consented.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.access import Officer
from desktop.models.application import Application
from desktop.models.base import now
from desktop.models.local import ApplicationNow
from desktop.operations import access
from desktop.operations.access import SUPERVISORS, SignIn, Unkept
from desktop.operations.desk import Desk
from desktop.operations.earlier import last_visit

# So long the officer who kept a file may put it right alone.
FREE = timedelta(minutes=10)


class ConsentWanted(UserError):
    """Not by this officer alone, but with the consent of a supervisor at this desk."""


def supervisors(session: Session) -> list[Officer]:
    """Who can consent at this PC, by name."""
    return [officer for officer in access.officers(session) if officer.role in SUPERVISORS]


def consent(session: Session, supervisor_id: str, pin: str, unkept: Unkept | None = None) -> SignIn:
    """Check a supervisor's PIN for one act at somebody else's desk; a wrong one counts as at the sign-in."""
    access.require(session, supervisor_id, *SUPERVISORS)
    return access.sign_in(session, supervisor_id, pin, unkept)


def note_consent(session: Session, desk: Desk, application_id: str) -> None:
    """Write down who consented to what this desk now does to the file, where it took anybody's consent."""
    if desk.authorised_by is not None:
        access.record_access(
            session, replace(desk, officer_id=desk.authorised_by), access.CONSENT, application_id=application_id
        )


def amendable(session: Session, desk: Desk, application_id: str) -> Application:
    """The file, where the officer at this desk may change it now; else a UserError that says who may.

    Free for ten minutes to the officers of its last visit; afterwards, to others and once the product is handed over
    it takes a supervisor or admin, at the desk or signed in: ConsentWanted. A void file is changed by nobody.
    """
    row = session.get(ApplicationNow, application_id)
    application = session.get(Application, application_id)
    if row is None or application is None:
        raise UserError(_("Berkas ini belum ada di PC ini. Datanya belum sampai."))
    if application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    if row.state == "VOID":
        raise UserError(_("Berkas ini sudah dibatalkan, jadi tidak dapat diubah lagi."))
    if any(_may_supervise(session, officer_id) for officer_id in (desk.officer_id, desk.authorised_by)):
        return application
    if row.state == "HANDED_OVER":
        raise ConsentWanted(_("Hasil berkas ini sudah diserahkan. Perlu persetujuan pengawas untuk mengubahnya."))
    visit = last_visit(session, application_id)
    if visit is None or desk.officer_id not in (visit.officer_id, visit.served_with):
        raise ConsentWanted(_("Berkas ini disimpan petugas lain. Perlu persetujuan pengawas untuk mengubahnya."))
    # A clock that was set back must not make the ten minutes longer.
    if not timedelta(0) <= now(session) - visit.finished_at <= FREE:
        raise ConsentWanted(_("Sudah lewat 10 menit sejak disimpan. Perlu persetujuan pengawas untuk mengubahnya."))
    return application


def _may_supervise(session: Session, officer_id: str | None) -> bool:
    officer = session.get(Officer, officer_id) if officer_id else None
    return officer is not None and officer.is_active and officer.role in SUPERVISORS
