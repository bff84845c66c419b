"""A file's story in plain words, newest first, read from the acts that were written once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.i18n import N_, _, join_words
from desktop.models.access import AccessEvent, Officer
from desktop.models.application import Application, Correction, DocumentCheck, Note, PaperPrint, StatusMove, Visit
from desktop.models.catalog import ServiceStandard
from desktop.models.local import PrintJob, short_lines
from desktop.models.standard import Requirement
from desktop.operations import access, correcting, search, voiding
from desktop.operations.catalog import definition_of
from desktop.operations.desk import Desk
from desktop.operations.earlier import last_visit
from desktop.operations.identity import cover_niks
from desktop.operations.intake_form import EXTRA_NAME, EXTRA_REASON
from desktop.operations.outage import REASONS as OUTAGES

ROLES = {
    "applicant": N_("Pemohon"),
    "subject": N_("Untuk"),
    "proxy": N_("Penerima kuasa"),
    "collector": N_("Pengambil"),
}
PAPERS = {"receipt": N_("Tanda terima"), "slip": N_("Lembar kekurangan")}
REPRINT_REASONS = {"lost": N_("hilang"), "damaged": N_("rusak"), "not_out": N_("belum keluar")}
# Words that explain an act stand in the line of the act.
_TOLD_WITH_THEIR_ACT = (Correction.__tablename__, StatusMove.__tablename__)


@dataclass(frozen=True)
class Event:
    """Something that was done to a file, in words; ``at`` is on the hall's clock."""

    at: datetime
    kind: str
    icon: str
    text: str


Act = TypeVar("Act", Visit, StatusMove, DocumentCheck, PaperPrint, Correction, Note, AccessEvent)


class Story:
    """One file of ours, with all that was done to it."""

    def __init__(self, session: Session, desk: Desk, application: Application) -> None:
        self.session, self.desk, self.application = session, desk, application
        self.called = search.Names(session)
        self.standard = session.get(ServiceStandard, application.standard_id)
        self.definition = definition_of(self.standard) if self.standard is not None else None
        self.last = last_visit(session, application.id)
        self.visits = self._acts(Visit, Visit.ehlc)
        self.moves = self._acts(StatusMove, StatusMove.ehlc)
        self.checks = self._acts(DocumentCheck, DocumentCheck.ordinal)
        self.prints = self._acts(PaperPrint, PaperPrint.ehlc)
        self.notes = self._acts(Note, Note.at)
        self.corrections = self._acts(Correction, Correction.ehlc)
        self.undone = {move.visit_id for move in self.moves if move.reason_code == "undo"}

    def _acts(self, kind: type[Act], order: Any) -> list[Act]:
        about = kind.application_id == self.application.id
        return list(self.session.scalars(select(kind).where(about).order_by(order, kind.ehlc)))

    def officer(self, officer_id: str) -> str:
        """How an officer is called."""
        return self.called.officers.get(officer_id, "–")

    def short(self, visit: Visit) -> list[DocumentCheck]:
        """The lines that held the file back at this visit, of a group as many as were still needed."""
        codes = short_lines(self.session.connection(), visit.id)
        return [check for check in self.checks if check.visit_id == visit.id and check.requirement_code in codes]

    def name(self, check: DocumentCheck) -> str:
        """How an asked paper is called."""
        if check.is_extra:  # its name is free words, and those stand in a note only
            told = (n.text for n in self.notes if n.about_id == check.id and n.about_table == EXTRA_NAME)
            return cover_niks(next(told, _("Syarat di luar daftar")))
        requirement = self.requirement(check)
        return requirement.name if requirement else check.requirement_code

    def requirement(self, check: DocumentCheck) -> Requirement | None:
        """The standard's line that was asked."""
        lines = self.definition.requirements if self.definition else ()
        return next((line for line in lines if line.code == check.requirement_code), None)

    def events(self) -> list[Event]:
        """Everything that was done, newest first."""
        return sorted(self._events(), key=lambda event: event.at)[::-1]

    def _events(self) -> Iterator[Event]:
        # In the order in which things done in one moment follow from each other.
        yield from (self._visit(visit) for visit in self.visits)
        yield from self._papers()
        by_visit = {visit.id for visit in self.visits}
        for move in self.moves:
            if move.reason_code == "undo" or move.visit_id not in by_visit:
                yield self._move(move)
        yield from (self._correction(correction) for correction in self.corrections)
        yield from self._notes()
        reader = self.session.get(Officer, self.desk.officer_id)
        may_see_looks = reader is not None and reader.role in access.SUPERVISORS
        for event in self._acts(AccessEvent, AccessEvent.at):
            officer = self.officer(event.officer_id)
            if event.act == access.CONSENT:
                words = _("Perbaikan disetujui {officer} dengan PIN di loket.").format(officer=officer)
                yield self._event(event.at, "info", "user", words)
            elif may_see_looks:
                words = _("Data pribadi dilihat oleh {officer}.").format(officer=officer)
                yield self._event(event.at, "muted", "eye", words)

    def _why(self, reason: str, about_id: str) -> str:
        """A reason with the words that explain it."""
        return ": ".join([reason, *(cover_niks(note.text) for note in self.notes if note.about_id == about_id)])

    def _correction(self, correction: Correction) -> Event:
        change = correcting.change_of(self.session, correction)
        what = correcting.title(correction)
        reason = _(correcting.ALL_REASONS.get(correction.reason_code, correction.reason_code))
        words = _("{what} diperbaiki oleh {officer} ({reason}).")
        if change is not None:
            words = _("{what} {role} diperbaiki oleh {officer} ({reason}): {was} → {became}")
            if change.was == change.became:  # both are covered alike
                words = _("{what} {role} diperbaiki oleh {officer} ({reason}): angka yang tertutup berubah, {became}")
        told = words.format(
            what=what,
            role=role_word(change.role, self.application.for_whom).lower() if change else "",
            officer=self.officer(correction.officer_id),
            reason=self._why(reason, correction.id),
            was=change.was or "–" if change else "",
            became=change.became or "–" if change else "",
        )
        return self._event(correction.at, "info", "pencil", told)

    def _notes(self) -> Iterator[Event]:
        for note in self.notes:
            if note.about_table in _TOLD_WITH_THEIR_ACT:
                continue
            words = _("Catatan {officer}: {text}")
            if note.about_table == EXTRA_NAME:
                words = _("Syarat di luar daftar: {text}")
            elif note.about_table == EXTRA_REASON:
                words = _("Alasan syarat di luar daftar: {text}")
            told = words.format(officer=self.officer(note.officer_id), text=cover_niks(note.text))
            yield self._event(note.at, "muted", "message-square", told)

    def _event(self, at: datetime, kind: str, icon: str, text: str) -> Event:
        return Event(self.desk.local(at), kind, icon, text)

    def _typed_later(self, visit: Visit) -> Event | None:
        """A visit that was taken in by hand during an outage, as typed in afterwards."""
        move = next((move for move in self.moves if move.visit_id == visit.id and move.reason_code in OUTAGES), None)
        if move is None:
            return None
        words = _("Diterima saat gangguan ({reason}), dengan formulir darurat; dicatat oleh {officer}.")
        kind = "good" if visit.outcome == "complete" else "warning"
        text = words.format(reason=_(OUTAGES[move.reason_code or ""]), officer=self.officer(visit.officer_id))
        return self._event(visit.finished_at, kind, "clock", text)

    def _visit(self, visit: Visit) -> Event:
        if (later := self._typed_later(visit)) is not None:
            return later
        where = {
            "counter": self.called.counters.get(visit.counter_id, "–"),
            "officer": join_words([self.officer(id_) for id_ in (visit.officer_id, visit.served_with) if id_]),
        }
        short = self.short(visit)
        count, papers = len(short), "; ".join(self.name(check) for check in short)
        if visit.outcome == "complete":
            words = _("Diterima di {counter} oleh {officer}: lengkap dan terdaftar.")
            if visit.ordinal > 1:
                words = _("Dilengkapi di {counter} oleh {officer}: lengkap dan terdaftar.")
            return self._event(visit.finished_at, "good", "circle-check", words.format(**where))
        if visit.outcome == "returned":
            words = _("Diterima di {counter} oleh {officer}: kurang {count} syarat ({papers}). Berkas dikembalikan.")
            if visit.ordinal > 1:
                words = _("Datang lagi ke {counter}, oleh {officer}: masih kurang {count} syarat ({papers}).")
            words = words.format(**where, count=count, papers=papers)
            return self._event(visit.finished_at, "warning", "triangle-alert", words)
        words = _("Diterima bersyarat di {counter} oleh {officer}.")
        if visit.outcome != "conditional":
            words = _("Kunjungan di {counter}, dilayani {officer}.")
        return self._event(visit.finished_at, "info", "info", words.format(**where))

    def _move(self, move: StatusMove) -> Event:
        officer = self.officer(move.officer_id)
        if move.reason_code == "undo" and move.to_state != "VOID":
            words = _("Kunjungan terakhir diurungkan oleh {officer}; berkas kembali belum lengkap.")
            return self._event(move.at, "warning", "undo-2", words.format(officer=officer))
        if move.to_state == "VOID":
            reason = self._why(voiding.reason_word(move), move.id)
            words = _("Dibatalkan oleh {officer} ({reason}). Nomornya tetap tercatat dan tidak dipakai lagi.")
            told = words.format(officer=officer, reason=reason)
            if move.authorised_by:
                words = _("{sentence} Disetujui {officer} dengan PIN di loket.")
                told = words.format(sentence=told, officer=self.officer(move.authorised_by))
            number = voiding.replacement(self.session, move)
            if number:
                told = _("{sentence} Berkas pengganti: {number}.").format(sentence=told, number=number)
            return self._event(move.at, "bad", "ban", told)
        words = _("{state}, oleh {officer}.").format(state=search.state_word(move.to_state), officer=officer)
        return self._event(move.at, "info", "circle-dot", words)

    def _papers(self) -> Iterator[Event]:
        states: dict[str, set[str]] = {}
        jobs = select(PrintJob.print_id, PrintJob.state).where(PrintJob.print_id.in_([p.id for p in self.prints]))
        for print_id, state in self.session.execute(jobs):
            states.setdefault(print_id, set()).add(state)
        for print_ in self.prints:
            paper = _(PAPERS.get(print_.paper, print_.paper))
            # Jobs live on the PC that prints: elsewhere nothing is known against it.
            if states.get(print_.id, set()) - {"sent", "out"} and not states[print_.id] & {"sent"}:
                words = _("{paper} belum tercetak.").format(paper=paper)
                yield self._event(print_.at, "warning", "printer", words)
            elif print_.copy_no:
                words = _("CETAK ULANG ke-{count} di PC {device}: {paper} ({reason}), oleh {officer}.").format(
                    count=print_.copy_no,
                    device=print_.device_code,
                    paper=paper.lower(),
                    officer=self.officer(print_.officer_id),
                    reason=_(REPRINT_REASONS.get(print_.reason_code or "", N_("tanpa alasan"))),
                )
                yield self._event(print_.at, "info", "printer", words)
            elif print_.reason_code:  # the record as it is now: a new issue, no copy (model.md 1.15)
                words = _("{paper} yang diperbaiki dicetak oleh {officer}.")
                told = words.format(paper=paper, officer=self.officer(print_.officer_id))
                yield self._event(print_.at, "info", "printer", told)
            else:
                yield self._event(print_.at, "muted", "printer", _("{paper} dicetak.").format(paper=paper))


def role_word(role: str, for_whom: int) -> str:
    """How somebody in a file is called."""
    subject = {2: _("Anak"), 4: _("Badan usaha"), 5: _("Objek")}
    return subject[for_whom] if role == "subject" and for_whom in subject else _(ROLES.get(role, role))
