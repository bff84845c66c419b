"""Papers of committed records: what each one says, and issuing one again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _, clock_time, long_date, rupiah, speaking
from desktop.models.access import Officer
from desktop.models.application import Application, Correction, DocumentCheck, PaperPrint, StatusMove, Visit
from desktop.models.base import now
from desktop.models.catalog import Agency, Counter, Hall, Service, ServiceStandard
from desktop.models.journal import Entry
from desktop.models.local import OPEN_JOBS, PrintJob, short_lines
from desktop.models.people import Party
from desktop.models.standard import Definition, Requirement
from desktop.operations import earlier, identity, promise
from desktop.operations.catalog import definition_of
from desktop.operations.conflicts import SETTLED
from desktop.operations.desk import Desk
from desktop.operations.intake_form import RECEIPT
from desktop.operations.logo import logo_of
from desktop.operations.numbering import TEST_SERIAL, FileNumber, device_code
from desktop.operations.paperwork import (
    Document,
    Letterhead,
    Missing,
    ReceiptFacts,
    RecoveryFacts,
    SlipFacts,
    TestPageFacts,
)
from desktop.operations.print_jobs import issue_paper
from desktop.operations.requirements import (
    FAULT_LABELS,
    Assessment,
    Case,
    Check,
    Extra,
    Fault,
    State,
    assess,
    smallest_sentence,
)

COMPLAINT = "lapor.go.id"
# How long a slip's list is sure to hold; afterwards it is asked anew (users.md 1.2).
SLIP_DAYS = 7
# Why a paper comes out again: the first was never printed (no copy), or it was lost or damaged (a copy).
REPRINT_REASONS = ("not_out", "lost", "damaged")
CORRECTED = "corrected"


def facts_of(session: Session, print_id: str, *, training: bool = False) -> ReceiptFacts | SlipFacts:
    """What the paper of this print says, from the records as they are kept.

    Always in Indonesian, whatever language the screen speaks: it is the citizen's.
    """
    with speaking("id"):
        return _Gathering(session, print_id, training).facts()


def letterhead_of(session: Session, hall: Hall, agency: Agency | None, counter: Counter | None) -> Letterhead:
    """The head of every paper of an agency at a counter."""
    told = hall.letterhead
    place = ", ".join(part for part in ((counter.floor, counter.booth) if counter else ()) if part)
    hours = str((agency.policies if agency else {}).get("hours", told.get("hours", "")))
    return Letterhead(
        hall=hall.name,
        agency=agency.name_id if agency else "",
        place_and_hours=" · ".join(part for part in (place, hours) if part),
        logo=logo_of(str(told.get("logo", ""))),
    )


def test_page_facts(session: Session, desk: Desk, printer: str) -> TestPageFacts:
    """A sheet that proves printer and scanner: it carries serial 0000, which no file has."""
    hall, counter = session.get_one(Hall, desk.hall_id), session.get_one(Counter, desk.counter_id)
    number = FileNumber(desk.day(now(session)), device_code(session), TEST_SERIAL)
    return TestPageFacts(
        letterhead=letterhead_of(session, hall, session.get(Agency, desk.agency_ids[0]), counter),
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
        letterhead=letterhead_of(session, hall, session.get(Agency, desk.agency_ids[0]), counter),
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
        session.add(PrintJob(print_id=last.id, at=now(session)))
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


def _corrected_at(session: Session, print_: PaperPrint) -> datetime | None:
    """When the people on this issue were last corrected; None for the issue that F9 made."""
    same = (PaperPrint.application_id == print_.application_id, PaperPrint.visit_id == print_.visit_id)
    first_of_visit = select(func.min(PaperPrint.ehlc)).where(*same).scalar_subquery()
    return session.scalars(
        select(Correction.at)
        .where(
            Correction.application_id == print_.application_id,
            Correction.ehlc > first_of_visit,
            Correction.ehlc < _first_of_issue(session, print_),
        )
        .order_by(Correction.ehlc.desc())
        .limit(1)
    ).first()


def is_open(session: Session, print_id: str) -> bool:
    """Whether this print is still to come out."""
    open_jobs = select(PrintJob.id).where(PrintJob.print_id == print_id, PrintJob.state.in_(OPEN_JOBS))
    return session.scalars(open_jobs.limit(1)).first() is not None


def waiting_prints(session: Session) -> list[PrintJob]:
    """Papers that have not left for the printer, oldest first."""
    return list(session.scalars(select(PrintJob).where(PrintJob.state.in_(OPEN_JOBS)).order_by(PrintJob.at)))


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


@dataclass
class _Gathering:
    session: Session
    print_id: str
    training: bool

    def facts(self) -> ReceiptFacts | SlipFacts:
        session = self.session
        self.print = session.get_one(PaperPrint, self.print_id)
        self.application = session.get_one(Application, self.print.application_id)
        self.visit = session.get_one(Visit, self.print.visit_id)
        self.hall = session.scalars(select(Hall)).one()
        self.zone = ZoneInfo(self.hall.timezone)
        self.agency = session.get_one(Agency, self.application.agency_id)
        self.counter = session.get_one(Counter, self.visit.counter_id)
        self.officer = session.get_one(Officer, self.visit.officer_id)
        self.service = session.get_one(Service, self.application.service_id)
        self.standard = session.get_one(ServiceStandard, self.application.standard_id)
        self.definition = definition_of(self.standard)
        self.parties = {
            party.role: party
            for party in session.scalars(
                select(Party).where(Party.application_id == self.application.id, ~Party.deleted)
            )
        }
        self.lines = list(
            session.scalars(
                select(DocumentCheck)
                .where(DocumentCheck.application_id == self.application.id, DocumentCheck.visit_id == self.visit.id)
                .order_by(DocumentCheck.ordinal)
            )
        )
        extras = earlier.extra_demands(session, self.application.id, self.visit.id)
        self.extras = {extra.code: extra.name for extra in extras}
        return self._receipt() if self.print.paper == RECEIPT else self._slip()

    # What both papers say -----------------------------------------------------------------------------------------

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def _corrected_at(self) -> datetime | None:
        moment = _corrected_at(self.session, self.print)
        return self._local(moment) if moment else None

    @property
    def number(self) -> FileNumber:
        application = self.application
        return FileNumber(application.on_date, application.device_code, application.serial)

    def _requirement(self, code: str) -> Requirement | None:
        return next((line for line in self.definition.requirements if line.code == code), None)

    def _name(self, line: DocumentCheck) -> str:
        if line.is_extra:
            return identity.cover_niks(self.extras.get(line.requirement_code, "")) or _("Syarat di luar daftar")
        requirement = self._requirement(line.requirement_code)
        return requirement.name if requirement else line.requirement_code

    def _variant(self) -> str | None:
        return next((v.name for v in self.definition.variants if v.code == self.application.variant), None)

    def _record_code(self) -> str:
        # The print's own entry is written last, so its hash stands for everything before it in the lane.
        linked = self.session.scalars(
            select(Entry.hash).where(Entry.table_name == "paper_print", Entry.row_id == self.print.id)
        ).first()
        return f"{linked[:4]}-{linked[4:8]}".upper() if linked else ""

    def _for_whom(self) -> tuple[str | None, str | None, str | None]:
        subject, proxy = self.parties.get("subject"), self.parties.get("proxy")
        words = {2: _("untuk anak"), 3: None, 4: _("untuk badan usaha"), 5: _("untuk objek")}
        return (
            words.get(self.application.for_whom),
            subject.full_name if subject else None,
            proxy.full_name if proxy else None,
        )

    def _applicant(self) -> str:
        party = self.parties.get("applicant")
        return party.full_name if party else ""

    # The receipt --------------------------------------------------------------------------------------------------

    def _receipt(self) -> ReceiptFacts:
        moves = select(StatusMove).where(StatusMove.application_id == self.application.id)
        move = self.session.scalars(
            moves.where(StatusMove.visit_id == self.visit.id, StatusMove.complete_at.is_not(None))
        ).one()
        complete_at = self._local(move.complete_at or move.at)
        for_whom, subject, proxy = self._for_whom()
        applicant = self.parties.get("applicant")
        brought = [line for line in self.lines if line.state == State.PRESENT]
        return ReceiptFacts(
            letterhead=letterhead_of(self.session, self.hall, self.agency, self.counter),
            number=self.number.text,
            short=self.number.short,
            barcode=self.number.digits,
            qr=self.number.digits,
            complete_at=complete_at,
            service=self.service.name_id,
            variant=self._variant(),
            applicant=self._applicant(),
            nik_masked=identity.mask_nik(applicant.nik) if applicant and applicant.nik else "",
            for_whom_text=for_whom,
            subject=subject,
            proxy=proxy,
            product=", ".join(self.definition.products),
            promise_text=self._promise(move, complete_at),
            fee_text=fee_text(self.definition, complaint_text(self.hall)),
            officer=self.officer.display_name,
            counter=self.counter.name,
            documents=tuple(Document(self._name(line), self._how(line)) for line in brought if not line.is_extra),
            withdrawn=tuple(
                self._name(line)
                for line in brought
                if (found := self._requirement(line.requirement_code)) and found.handling == "withdrawn"
            ),
            extra=tuple(self._name(line) for line in brought if line.is_extra),
            queue_no=self.visit.queue_no,
            visit_no=self.visit.ordinal,
            standard_text=decree_text(self.standard),
            complaint=complaint_text(self.hall),
            follow_up=str(self.hall.letterhead.get("phone", "")),
            printed_at=self._local(self.print.at),
            record_code=self._record_code(),
            corrected_at=self._corrected_at(),
            copy_no=self.print.copy_no,
            copy_from=self.print.device_code,
            training=self.training,
        )

    def _promise(self, move: StatusMove, complete_at: datetime) -> str:
        # The day is the one frozen at F9; only its words ("1 hari kerja") come from the standard.
        calendar = promise.load_working_days(self.session, self.agency.id, complete_at.date())
        made = promise.promise(
            self.definition.duration,
            complete_at,
            calendar,
            hours_as=self.definition.policies.get("hours_as", "working_days"),
        )
        due = self._local(move.promised_at or made.due_at)
        if isinstance(made.due, datetime):
            return _("{date} pukul {time} ({duration})").format(
                date=long_date(due), time=clock_time(due), duration=made.text
            )
        return _("{date} ({duration})").format(date=long_date(due), duration=made.text)

    def _how(self, line: DocumentCheck) -> str:
        requirement = self._requirement(line.requirement_code)
        if requirement is None:
            return ""
        form = {
            "original": _("asli"),
            "copy": _("fotokopi"),
            "photo": _("foto"),
        }.get(requirement.form, "")
        sheets = line.copies if line.copies is not None else requirement.copies
        if sheets and requirement.form != "original":
            form = " ".join(part for part in (form, _("{count} lembar").format(count=sheets)) if part)
        if requirement.matched_with_original:
            return _("{form}, dicocokkan dengan asli").format(form=form)
        done = {
            "shown": _("diperlihatkan"),
            "filed": _("disimpan"),
            "withdrawn": _("ditarik"),
        }.get(requirement.handling, "")
        return ", ".join(part for part in (form, done) if part)

    # The slip -----------------------------------------------------------------------------------------------------

    def _slip(self) -> SlipFacts:
        for_whom, subject, proxy = self._for_whom()
        short = [line for line in self.lines if line.state in (State.MISSING, State.FAULTY)]
        assessment = self._assessment()
        checked_at = self._local(self.visit.finished_at)
        return SlipFacts(
            letterhead=letterhead_of(self.session, self.hall, self.agency, self.counter),
            number=self.number.text,
            short=self.number.short,
            barcode=self.number.digits,
            qr=self.number.digits,
            missing_count=len(short_lines(self.session.connection(), self.visit.id)),
            asked_count=assessment.asked_count,
            service=self.service.name_id,
            variant=self._variant(),
            applicant=self._applicant(),
            for_whom_text=for_whom,
            subject=subject,
            proxy=proxy,
            checked_at=checked_at,
            officer=self.officer.display_name,
            counter=self.counter.name,
            missing=tuple(self._missing(line) for line in short),
            accepted=tuple(self._name(line) for line in self.lines if line.state == State.PRESENT),
            smallest=smallest_sentence(assessment),
            come_back=self._come_back(),
            valid_until=checked_at.date() + timedelta(days=SLIP_DAYS),
            queue_no=self.visit.queue_no,
            visit_no=self.visit.ordinal,
            standard_text=decree_text(self.standard),
            is_free=self.definition.fee.amount == 0,
            complaint=complaint_text(self.hall),
            printed_at=self._local(self.print.at),
            record_code=self._record_code(),
            corrected_at=self._corrected_at(),
            copy_no=self.print.copy_no,
            copy_from=self.print.device_code,
            training=self.training,
        )

    def _assessment(self) -> Assessment:
        """The list as it stood at F9, from its frozen rows."""
        extras = [line for line in self.lines if line.is_extra]
        return assess(
            self.definition,
            Case(self.application.variant, self.application.for_whom, {}, self.application.on_date),
            {
                line.requirement_code: Check(
                    State(line.state), Fault(line.fault_code) if line.fault_code else None, line.copies
                )
                for line in self.lines
            },
            tuple(Extra(line.requirement_code, self._name(line), "") for line in extras),
            frozenset(line.requirement_code for line in self.lines),
        )

    def _missing(self, line: DocumentCheck) -> Missing:
        requirement = self._requirement(line.requirement_code)
        if requirement is None:
            return Missing(self._name(line), self._why(line, None), clause=_("Syarat di luar daftar"))
        return Missing(
            title=to_bring(requirement),
            why=self._why(line, requirement),
            where=requirement.where,
            clause=_("Syarat {ordinal} · {clause}").format(ordinal=line.ordinal, clause=requirement.clause),
        )

    def _why(self, line: DocumentCheck, requirement: Requirement | None) -> str:
        if line.state == State.MISSING or line.fault_code is None:
            return _("Belum dibawa.")
        fault = Fault(line.fault_code)
        if fault is Fault.TOO_FEW and requirement is not None and line.copies is not None:
            return _("Kurang {count} lembar.").format(count=requirement.copies - line.copies)
        words = _(FAULT_LABELS[fault])
        return f"{words[:1].upper()}{words[1:]}."

    def _come_back(self) -> str:
        place = ", ".join(part for part in (self.counter.floor, self.counter.booth or self.counter.name) if part)
        return _("gerai {agency} ({place})").format(agency=self.agency.name_id, place=place)


def to_bring(requirement: Requirement) -> str:
    """ "Surat keterangan kelahiran, asli, 1 lembar": what is asked, in which form, how many."""
    what = [requirement.name]
    if requirement.form == "original" and "asli" not in requirement.name.casefold().split():
        what.append(_("asli"))
    if requirement.copies:
        what.append(_("{count} lembar").format(count=requirement.copies))
    return ", ".join(what)


def decree_text(standard: ServiceStandard) -> str | None:
    """The decree of a standard; a sample standard names none (users.md 1.9)."""
    if standard.state != "decreed" or not standard.decree_no:
        return None
    return _("Standar pelayanan {number}, versi {version}").format(
        number=standard.decree_no, version=standard.version_no
    )


def complaint_text(hall: Hall) -> str:
    """Where to complain: the hall's desk and phone, and the national channel."""
    phone = str(hall.letterhead.get("complaint_phone", ""))
    return ", ".join(part for part in (_("loket informasi"), phone, COMPLAINT) if part)


def fee_text(definition: Definition, complaint: str) -> str:
    """ "GRATIS (Rp0). Bila diminta membayar, lapor: …", an amount, or how the fee is found."""
    fee = definition.fee
    if fee.amount == 0:
        return _("GRATIS (Rp0). Bila diminta membayar, lapor: {where}").format(where=complaint)
    if fee.amount is None:
        return _("Sesuai ketentuan; tanyakan rincian resminya kepada petugas.")
    return rupiah(fee.amount)
