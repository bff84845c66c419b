"""Who may put a kept file right, and until when; the operations that do it ask here first (screens.md L5)."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.access import Officer
from desktop.models.application import Application
from desktop.models.base import now
from desktop.models.local import ApplicationNow
from desktop.operations.access import SUPERVISORS
from desktop.operations.desk import Desk
from desktop.operations.earlier import last_visit

# So long the officer who kept a file may put it right alone.
FREE = timedelta(minutes=10)


def amendable(session: Session, desk: Desk, application_id: str) -> Application:
    """The file, where the officer at this desk may change it now; else a UserError that says who may.

    Free for ten minutes to the officers of its last visit; afterwards, to others and once the product is handed over
    it takes a supervisor or admin. A void file is changed by nobody.
    """
    row = session.get(ApplicationNow, application_id)
    application = session.get(Application, application_id)
    if row is None or application is None:
        raise UserError(_("Berkas ini belum ada di PC ini. Datanya belum sampai."))
    if application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    if row.state == "VOID":
        raise UserError(_("Berkas ini sudah dibatalkan, jadi tidak dapat diubah lagi."))
    officer = session.get(Officer, desk.officer_id)
    if officer is not None and officer.role in SUPERVISORS:
        return application
    if row.state == "HANDED_OVER":
        raise UserError(_("Hasil berkas ini sudah diserahkan. Minta pengawas masuk (Ctrl+L) untuk mengubahnya."))
    visit = last_visit(session, application_id)
    if visit is None or desk.officer_id not in (visit.officer_id, visit.served_with):
        raise UserError(_("Berkas ini disimpan petugas lain. Minta pengawas masuk (Ctrl+L) untuk mengubahnya."))
    # A clock that was set back must not make the ten minutes longer.
    if not timedelta(0) <= now(session) - visit.finished_at <= FREE:
        raise UserError(_("Sudah lewat 10 menit sejak disimpan. Minta pengawas masuk (Ctrl+L) untuk mengubahnya."))
    return application
