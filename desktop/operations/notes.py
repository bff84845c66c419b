"""Free words about a file: they stay with its agency, and its story tells them."""

from __future__ import annotations

from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.application import Application, Note
from desktop.models.base import now
from desktop.operations.cleaning import clean_text
from desktop.operations.desk import Desk

NOTE_LIMIT = 2000
# What a note is about when it is about the file itself.
FILE = "application"


def add_note(session: Session, desk: Desk, application_id: str, words: str) -> None:
    """Write a note on a file of the desk's agencies, whatever became of it. UserError on the field "words"."""
    application = session.get(Application, application_id)
    if application is None or application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    if not keep_words(session, desk, application_id, FILE, application_id, words, field="words"):
        raise UserError(_("Tulis catatannya dahulu."), field="words")


def keep_words(
    session: Session, desk: Desk, application_id: str, about_table: str, about_id: str, words: str, *, field: str
) -> bool:
    """Keep what was written about one row of a file; False where nothing was. Too long a text is a UserError."""
    text = clean_text(words, NOTE_LIMIT, field=field)
    if text:
        session.add(
            Note(
                application_id=application_id,
                about_table=about_table,
                about_id=about_id,
                text=text,
                officer_id=desk.officer_id,
                at=now(session),
            )
        )
    return bool(text)
