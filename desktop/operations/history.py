"""A file's card and its story in plain words, read from the acts that were written once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import N_, _, clock_time, join_words, long_date
from desktop.models.access import AccessEvent, Officer
from desktop.models.application import Application, Correction, DocumentCheck, Note, PaperPrint, StatusMove, Visit
from desktop.models.catalog import Agency, Service, ServiceStandard
from desktop.models.local import ApplicationNow, PrintJob, short_lines
from desktop.models.people import Party
from desktop.models.standard import Requirement, said
from desktop.operations import access, issuing, search
from desktop.operations.catalog import definition_of
from desktop.operations.desk import Desk
from desktop.operations.earlier import last_visit
from desktop.operations.identity import cover_niks, mask_nik, show_phone
from desktop.operations.intake_form import DECLINED, EXTRA_NAME, EXTRA_REASON
from desktop.operations.reception import NO_NIK_REASONS
from desktop.operations.requirements import FAULT_LABELS, Fault, State

ROLES = {
    "applicant": N_("Pemohon"),
    "subject": N_("Untuk"),
    "proxy": N_("Penerima kuasa"),
    "collector": N_("Pengambil"),
}
FOR_WHOM = {
    1: N_("sendiri"),
    2: N_("anak"),
    3: N_("orang lain, diwakilkan dengan surat kuasa"),
    4: N_("badan usaha"),
    5: N_("tanah, kendaraan, atau objek lain"),
}
PAPERS = {"receipt": N_("Tanda terima"), "slip": N_("Lembar kekurangan")}
REPRINT_REASONS = {"lost": N_("hilang"), "damaged": N_("rusak"), "not_out": N_("belum keluar")}
SUPERVISORS = ("supervisor", "admin")


@dataclass(frozen=True)
class Person:
    """Somebody in a file as the card shows them: NIK and phone are covered (users.md 1.7)."""

    role: str
    name: str
    nik: str
    phone: str
    place: str


@dataclass(frozen=True)
class Checked:
    """A line of the frozen checklist; ``kind`` is good, warning, bad or muted, ``word`` says the same."""

    ordinal: int
    name: str
    kind: str
    word: str


@dataclass(frozen=True)
class Event:
    """Something that was done to a file, in words; ``at`` is on the hall's clock."""

    at: datetime
    kind: str
    icon: str
    text: str


@dataclass(frozen=True)
class Card:
    """A file as it stands. Of another agency's file only number, state and promise are told (users.md 1.11).

    ``paper`` is the last one issued ("receipt", "slip") or None; moments are on the hall's clock.
    """

    id: str
    number: str
    short: str
    state: str | None
    missing: int
    service: str
    agency: str
    is_ours: bool
    received_at: datetime
    complete_at: datetime | None
    promise: str
    counter: str = ""
    officer: str = ""
    variant: str = ""
    for_whom: str = ""
    standard: str = ""
    visits: int = 1
    paper: str | None = None
    can_resume: bool = False
    people: tuple[Person, ...] = ()
    checks: tuple[Checked, ...] = ()
    events: tuple[Event, ...] = ()

    @property
    def state_word(self) -> str:
        """The state in words, with how many lines are short."""
        word = search.state_word(self.state)
        if self.state == "RETURNED" and self.missing:
            return _("{state}, kurang {count} syarat").format(state=word, count=self.missing)
        return word


def card(session: Session, desk: Desk, application_id: str) -> Card:
    """The card of a file. UserError where its number is all that is known here."""
    row = session.get(ApplicationNow, application_id)
    application = session.get(Application, application_id)
    if row is None or application is None:
        raise UserError(_("Berkas ini belum ada di PC ini. Datanya belum sampai."))
    agency = session.get(Agency, application.agency_id)
    service = session.get(Service, application.service_id)
    is_ours = application.agency_id in desk.agency_ids
    outline = Card(
        id=application_id,
        number=search.number_text(application.number),
        short=search.number_text(application.number)[11:],
        state=row.state,
        missing=row.missing,
        service=said(service.name_id, service.name_en) if service else "",
        agency=said(agency.name_id, agency.name_en) if agency else "",
        is_ours=is_ours,
        received_at=desk.local(application.received_at),
        complete_at=desk.local(row.complete_at) if row.complete_at else None,
        promise=promise_text(desk.local(row.promised_at)) if row.promised_at else "",
    )
    return _Story(session, desk, application).tell(outline) if is_ours else outline


def reveal(session: Session, desk: Desk, application_id: str) -> list[tuple[str, str]]:
    """NIK and phone of everybody in the file, uncovered, in the order of the card; the look is written down."""
    application = session.get(Application, application_id)
    if application is None or application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    access.record_access(session, desk, "reveal", application_id=application_id)
    return [(_nik(party, covered=False), _phone(party, covered=False)) for party in parties(session, application_id)]


Act = TypeVar("Act", Visit, StatusMove, DocumentCheck, PaperPrint, Correction, Note, AccessEvent)


class _Story:
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
        self.undone = {move.visit_id for move in self.moves if move.reason_code == "undo"}

    def tell(self, outline: Card) -> Card:
        checks = [check for check in self.checks if self.last is not None and check.visit_id == self.last.id]
        # The earliest completing move that was not taken back: the legal moment of completeness.
        complete = next((m for m in self.moves if m.complete_at is not None and m.visit_id not in self.undone), None)
        return replace(
            outline,
            missing=len(self._short(self.last)) if self.last is not None else 0,
            complete_at=self.desk.local(complete.complete_at) if complete and complete.complete_at else None,
            promise=promise_text(self.desk.local(complete.promised_at)) if complete and complete.promised_at else "",
            counter=self.called.counters.get(self.application.counter_id, ""),
            officer=self._officer(self.application.received_by),
            variant=self._variant(),
            for_whom=_(FOR_WHOM.get(self.application.for_whom, "")),
            standard=self._standard(),
            visits=len(self.visits),
            paper=issuing.last_paper(self.session, self.application.id),
            can_resume=outline.state == "RETURNED",
            people=tuple(
                Person(
                    _role(party.role, self.application.for_whom),
                    party.full_name,
                    _nik(party, covered=True),
                    _phone(party, covered=True),
                    party.place_text or "",
                )
                for party in parties(self.session, self.application.id)
            ),
            checks=tuple(self._checked(check) for check in checks),
            events=tuple(sorted(self._events(), key=lambda event: event.at)),
        )

    def _acts(self, kind: type[Act], order: Any) -> list[Act]:
        about = kind.application_id == self.application.id
        return list(self.session.scalars(select(kind).where(about).order_by(order, kind.ehlc)))

    def _officer(self, officer_id: str) -> str:
        return self.called.officers.get(officer_id, "–")

    def _variant(self) -> str:
        variants = self.definition.variants if self.definition else ()
        return next((variant.name for variant in variants if variant.code == self.application.variant), "")

    def _standard(self) -> str:
        if self.standard is None:
            return ""
        if self.standard.state != "decreed":
            return _("Contoh (belum ditetapkan)")
        return _("Ditetapkan: {number}").format(number=self.standard.decree_no or "–")

    # The checklist ----------------------------------------------------------------------------------------------

    def _checked(self, check: DocumentCheck) -> Checked:
        kind, word = self._state_of(check)
        return Checked(check.ordinal, self._name(check), kind, word)

    def _short(self, visit: Visit) -> list[DocumentCheck]:
        """The lines that held the file back at this visit, of a group as many as were still needed."""
        codes = short_lines(self.session.connection(), visit.id)
        return [check for check in self.checks if check.visit_id == visit.id and check.requirement_code in codes]

    def _name(self, check: DocumentCheck) -> str:
        if check.is_extra:  # its name is free words, and those stand in a note only
            told = (n.text for n in self.notes if n.about_id == check.id and n.about_table == EXTRA_NAME)
            return cover_niks(next(told, _("Syarat di luar daftar")))
        requirement = self._requirement(check)
        return requirement.name if requirement else check.requirement_code

    def _requirement(self, check: DocumentCheck) -> Requirement | None:
        lines = self.definition.requirements if self.definition else ()
        return next((line for line in lines if line.code == check.requirement_code), None)

    def _state_of(self, check: DocumentCheck) -> tuple[str, str]:
        if check.state == State.FAULTY:
            requirement = self._requirement(check)
            if check.fault_code == Fault.TOO_FEW and requirement and check.copies is not None:
                return "warning", _("Kurang {count} lembar").format(count=requirement.copies - check.copies)
            words = _(FAULT_LABELS[Fault(check.fault_code)]) if check.fault_code else _("lainnya")
            return "warning", words[:1].upper() + words[1:]
        return {
            State.PRESENT: ("good", _("Ada")),
            State.MISSING: ("bad", _("Belum dibawa")),
            State.NOT_NEEDED: ("muted", _("Tidak diperlukan")),
        }.get(State(check.state), ("muted", _("Belum diperiksa")))

    # The story --------------------------------------------------------------------------------------------------

    def _events(self) -> Iterator[Event]:
        # In the order in which things done in one moment follow from each other.
        yield from (self._visit(visit) for visit in self.visits)
        yield from self._papers()
        by_visit = {visit.id for visit in self.visits}
        for move in self.moves:
            if move.reason_code == "undo" or move.visit_id not in by_visit:
                yield self._move(move)
        for correction in self._acts(Correction, Correction.at):
            words = _("Data diperbaiki oleh {officer}.").format(officer=self._officer(correction.officer_id))
            yield self._event(correction.at, "info", "pencil", words)
        for note in self.notes:
            words = _("Catatan {officer}: {text}")
            if note.about_table == EXTRA_NAME:
                words = _("Syarat di luar daftar: {text}")
            elif note.about_table == EXTRA_REASON:
                words = _("Alasan syarat di luar daftar: {text}")
            told = words.format(officer=self._officer(note.officer_id), text=cover_niks(note.text))
            yield self._event(note.at, "muted", "message-square", told)
        reader = self.session.get(Officer, self.desk.officer_id)
        if reader is not None and reader.role in SUPERVISORS:
            for look in self._acts(AccessEvent, AccessEvent.at):
                words = _("Data pribadi dilihat oleh {officer}.").format(officer=self._officer(look.officer_id))
                yield self._event(look.at, "muted", "eye", words)

    def _event(self, at: datetime, kind: str, icon: str, text: str) -> Event:
        return Event(self.desk.local(at), kind, icon, text)

    def _visit(self, visit: Visit) -> Event:
        where = {
            "counter": self.called.counters.get(visit.counter_id, "–"),
            "officer": join_words([self._officer(id_) for id_ in (visit.officer_id, visit.served_with) if id_]),
        }
        short = self._short(visit)
        count, papers = len(short), "; ".join(self._name(check) for check in short)
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
        officer = self._officer(move.officer_id)
        if move.reason_code == "undo" and move.to_state != "VOID":
            words = _("Kunjungan terakhir diurungkan oleh {officer}; berkas kembali belum lengkap.")
            return self._event(move.at, "warning", "undo-2", words.format(officer=officer))
        if move.to_state == "VOID":
            words = _("Dibatalkan oleh {officer}. Nomornya tetap tercatat dan tidak dipakai lagi.")
            if move.reason_code == "undo":
                words = _("Dibatalkan oleh {officer} (diurungkan). Nomornya tetap tercatat dan tidak dipakai lagi.")
            return self._event(move.at, "bad", "ban", words.format(officer=officer))
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
                words = _("CETAK ULANG ke-{count}: {paper} ({reason}), oleh {officer}.").format(
                    count=print_.copy_no,
                    paper=paper.lower(),
                    officer=self._officer(print_.officer_id),
                    reason=_(REPRINT_REASONS.get(print_.reason_code or "", N_("tanpa alasan"))),
                )
                yield self._event(print_.at, "info", "printer", words)
            else:
                yield self._event(print_.at, "muted", "printer", _("{paper} dicetak.").format(paper=paper))


def parties(session: Session, application_id: str) -> list[Party]:
    """Everybody in a file, the applicant first."""
    found = session.scalars(select(Party).where(Party.application_id == application_id, ~Party.deleted))
    order = list(ROLES)
    return sorted(found, key=lambda party: (order.index(party.role) if party.role in order else 9, party.id))


def promise_text(due: datetime) -> str:
    """ "Selasa, 24 November 2026", with the time where the promise is not the end of a day."""
    if (due.hour, due.minute) == (23, 59):
        return long_date(due)
    return _("{date} pukul {time}").format(date=long_date(due), time=clock_time(due))


def _role(role: str, for_whom: int) -> str:
    subject = {2: _("Anak"), 4: _("Badan usaha"), 5: _("Objek")}
    return subject[for_whom] if role == "subject" and for_whom in subject else _(ROLES.get(role, role))


def _nik(party: Party, *, covered: bool) -> str:
    if party.nik:
        return mask_nik(party.nik) if covered else " ".join(party.nik[at : at + 4] for at in range(0, 16, 4))
    if party.no_nik_reason:
        return _("Tanpa NIK: {reason}").format(reason=_(NO_NIK_REASONS.get(party.no_nik_reason, party.no_nik_reason)))
    return ""


def _phone(party: Party, *, covered: bool) -> str:
    if party.phone == DECLINED:
        return _("tidak punya atau tidak bersedia")
    shown = show_phone(party.phone or "")
    return f"{shown[:4]}-••••-{shown[-3:]}" if covered and len(shown) > 8 else shown
