"""What a paper of a committed record says, gathered from the rows in a few reads of only what stands on it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, and_, bindparam, func, select
from sqlalchemy.orm import Bundle, Session, aliased

from desktop.i18n import N_, _, clock_time, long_date
from desktop.models.access import Officer
from desktop.models.application import Application, Correction, DocumentCheck, PaperPrint, StatusMove, Visit
from desktop.models.catalog import Agency, Counter, Hall, Service, ServiceStandard
from desktop.models.journal import Entry
from desktop.models.local import Meta, short_lines
from desktop.models.people import Party
from desktop.models.standard import Requirement
from desktop.operations import earlier, identity, promise
from desktop.operations.case import CHILD, FOR_COMPANY, OBJECT, Case
from desktop.operations.catalog import definition_with
from desktop.operations.hall import counter_id
from desktop.operations.intake_form import RECEIPT
from desktop.operations.numbering import FileNumber
from desktop.operations.paper_words import complaint_text, decree_text, fee_text, letterhead_of, to_bring
from desktop.operations.paperwork import Document, FileFacts, Missing, ReceiptFacts, SlipFacts
from desktop.operations.requirements import (
    FAULT_LABELS,
    Assessment,
    Check,
    Extra,
    Fault,
    State,
    assess,
    smallest_sentence,
)

# How long a slip's list is sure to hold; afterwards it is asked anew (users.md 1.2).
SLIP_DAYS = 7
# For whom, as it stands behind the applicant; a proxy has a line of its own.
FOR_WHOM = {CHILD: N_("untuk anak"), FOR_COMPANY: N_("untuk badan usaha"), OBJECT: N_("untuk objek")}

_visit_print, _issue_print = aliased(PaperPrint), aliased(PaperPrint)
_FIRST_OF_VISIT = (
    select(func.min(_visit_print.ehlc))
    .where(_visit_print.application_id == PaperPrint.application_id, _visit_print.visit_id == PaperPrint.visit_id)
    .correlate(PaperPrint)
    .scalar_subquery()
)
_FIRST_OF_ISSUE = (
    select(func.min(_issue_print.ehlc))
    .where(
        _issue_print.application_id == PaperPrint.application_id,
        _issue_print.paper == PaperPrint.paper,
        _issue_print.issue_no == PaperPrint.issue_no,
    )
    .correlate(PaperPrint)
    .scalar_subquery()
)
# When the people on this issue were last corrected; nothing for the issue that F9 made.
_CORRECTED_AT = (
    select(Correction.at)
    .where(
        Correction.application_id == PaperPrint.application_id,
        Correction.ehlc > _FIRST_OF_VISIT,
        Correction.ehlc < _FIRST_OF_ISSUE,
    )
    .order_by(Correction.ehlc.desc())
    .limit(1)
    .correlate(PaperPrint)
    .scalar_subquery()
)
# The print's own entry is written last, so its hash stands for everything before it in the lane.
_HASH = (
    select(Entry.hash)
    .where(Entry.table_name == PaperPrint.__tablename__, Entry.row_id == PaperPrint.id)
    .limit(1)
    .correlate(PaperPrint)
    .scalar_subquery()
)
_HALL_HERE = select(func.json_extract(Meta.value, "$.hall_id")).where(Meta.name == "desk").scalar_subquery()
# One read for all that there is one of: the citizen waits for this paper, and each statement costs its own time.
_PAPER: Select[*tuple[Any, ...]] = (
    select(
        Bundle("print", PaperPrint.paper, PaperPrint.at, PaperPrint.copy_no, PaperPrint.device_code),
        Bundle(
            "application", Application.id, Application.on_date, Application.device_code, Application.serial,
            Application.variant, Application.for_whom, Application.agency_id, Application.standard_id,
        ),
        Bundle("visit", Visit.id, Visit.queue_no, Visit.ordinal, Visit.finished_at),
        Bundle("hall", Hall.name, Hall.timezone, Hall.letterhead),
        Bundle("agency", Agency.name_id, Agency.policies),
        Bundle("counter", Counter.name, Counter.floor, Counter.booth),
        Bundle("standard", ServiceStandard.state, ServiceStandard.decree_no, ServiceStandard.version_no),
        Officer.display_name.label("officer"),
        Service.name_id.label("service"),
        _CORRECTED_AT.label("corrected_at"),
        _HASH.label("hash"),
    )
    .join(Application, Application.id == PaperPrint.application_id)
    .join(Visit, Visit.id == PaperPrint.visit_id)
    .join(Agency, Agency.id == Application.agency_id)
    .join(Service, Service.id == Application.service_id)
    .join(ServiceStandard, ServiceStandard.id == Application.standard_id)
    # A PC that stood alone had a hall, a counter and officers of its own making, which no other PC knows.
    .join(Hall, Hall.id == _HALL_HERE)
    .outerjoin(Counter, Counter.id == Visit.counter_id)
    .outerjoin(Officer, Officer.id == Visit.officer_id)
    .where(PaperPrint.id == bindparam("print"))
)  # fmt: skip
_PEOPLE = select(Party.role, Party.full_name, Party.nik).where(
    Party.application_id == bindparam("application"), ~Party.deleted
)
_LINES = (
    select(
        DocumentCheck.requirement_code, DocumentCheck.ordinal, DocumentCheck.state, DocumentCheck.fault_code,
        DocumentCheck.copies, DocumentCheck.is_extra,
    )
    .where(
        DocumentCheck.application_id == bindparam("application"), DocumentCheck.visit_id == bindparam("visit")
    )
    .order_by(DocumentCheck.ordinal)
)  # fmt: skip
_COMPLETED = select(StatusMove.complete_at, StatusMove.promised_at).where(
    and_(
        StatusMove.application_id == bindparam("application"),
        StatusMove.visit_id == bindparam("visit"),
        StatusMove.complete_at.is_not(None),
    )
)


class Gathering:
    """The rows of one print, and the two papers that can be made of them."""

    def __init__(self, session: Session, print_id: str, *, training: bool) -> None:
        self.session, self.training = session, training
        row = session.execute(_PAPER, {"print": print_id}).one()
        self.print, self.application, self.visit = row.print, row.application, row.visit
        self.hall, self.agency, self.standard, self.service = row.hall, row.agency, row.standard, row.service
        self.officer, self.served_at = row.officer or "–", row.counter.name or ""
        self.counter = row.counter if self.served_at else session.get_one(Counter, counter_id(session))
        self.corrected_at, self.hash = row.corrected_at, row.hash
        self.zone = ZoneInfo(self.hall.timezone)
        self.definition = definition_with(session, self.application.standard_id)
        self.asked = {line.code: line for line in self.definition.requirements}
        self.of_visit = {"application": self.application.id, "visit": self.visit.id}
        self.parties = {party.role: party for party in session.execute(_PEOPLE, self.of_visit)}
        self.lines = session.execute(_LINES, self.of_visit).all()
        self.extras = {}
        if any(line.is_extra for line in self.lines):
            extras = earlier.extra_demands(session, self.application.id, self.visit.id)
            self.extras = {extra.code: extra.name for extra in extras}

    def facts(self) -> ReceiptFacts | SlipFacts:
        """Those of the paper that was issued."""
        return self._receipt() if self.print.paper == RECEIPT else self._slip()

    # What every paper of F9 says ----------------------------------------------------------------------------------

    def _file(self) -> FileFacts:
        application, subject, proxy = self.application, self.parties.get("subject"), self.parties.get("proxy")
        number = FileNumber(application.on_date, application.device_code, application.serial)
        return FileFacts(
            letterhead=letterhead_of(self.hall, self.agency, self.counter),
            number=number.text,
            short=number.short,
            barcode=number.digits,
            qr=number.digits,
            service=self.service,
            variant=next((v.name for v in self.definition.variants if v.code == application.variant), None),
            applicant=self.parties["applicant"].full_name if "applicant" in self.parties else "",
            for_whom_text=_(FOR_WHOM[application.for_whom]) if application.for_whom in FOR_WHOM else None,
            subject=subject.full_name if subject else None,
            proxy=proxy.full_name if proxy else None,
            officer=self.officer,
            counter=self.served_at,
            queue_no=self.visit.queue_no,
            visit_no=self.visit.ordinal,
            standard_text=decree_text(self.standard),
            complaint=complaint_text(self.hall),
            printed_at=self._local(self.print.at),
            record_code=f"{self.hash[:4]}-{self.hash[4:8]}".upper() if self.hash else "",
            corrected_at=self._local(self.corrected_at) if self.corrected_at else None,
            copy_no=self.print.copy_no,
            copy_from=self.print.device_code,
            training=self.training,
        )

    def _local(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone)

    def _requirement(self, code: str) -> Requirement | None:
        return self.asked.get(code)

    def _name(self, line: Any) -> str:
        if line.is_extra:
            return identity.cover_niks(self.extras.get(line.requirement_code, "")) or _("Syarat di luar daftar")
        requirement = self._requirement(line.requirement_code)
        return requirement.name if requirement else line.requirement_code

    # The receipt --------------------------------------------------------------------------------------------------

    def _receipt(self) -> ReceiptFacts:
        move = self.session.execute(_COMPLETED, self.of_visit).one()
        complete_at = self._local(move.complete_at)
        applicant = self.parties.get("applicant")
        brought = [line for line in self.lines if line.state == State.PRESENT]
        return ReceiptFacts(
            **vars(self._file()),
            complete_at=complete_at,
            nik_masked=identity.mask_nik(applicant.nik) if applicant and applicant.nik else "",
            product=", ".join(self.definition.products),
            promise_text=self._promise(complete_at, move.promised_at),
            fee_text=fee_text(self.definition, complaint_text(self.hall)),
            documents=tuple(Document(self._name(line), self._how(line)) for line in brought if not line.is_extra),
            withdrawn=tuple(
                self._name(line)
                for line in brought
                if (found := self._requirement(line.requirement_code)) and found.handling == "withdrawn"
            ),
            extra=tuple(self._name(line) for line in brought if line.is_extra),
            follow_up=str(self.hall.letterhead.get("phone", "")),
        )

    def _promise(self, complete_at: datetime, promised_at: datetime | None) -> str:
        # The day is the one frozen at F9, which needs no calendar; only its words ("1 hari kerja") are the standard's.
        made = promise.promise(
            self.definition.duration,
            complete_at,
            promise.WorkingDays()
            if promised_at
            else promise.load_working_days(self.session, self.application.agency_id, complete_at.date()),
            hours_as=self.definition.policies.get("hours_as", "working_days"),
        )
        due = self._local(promised_at or made.due_at)
        if isinstance(made.due, datetime):
            return _("{date} pukul {time} ({duration})").format(
                date=long_date(due), time=clock_time(due), duration=made.text
            )
        return _("{date} ({duration})").format(date=long_date(due), duration=made.text)

    def _how(self, line: Any) -> str:
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
        short = [line for line in self.lines if line.state in (State.MISSING, State.FAULTY)]
        assessment = self._assessment()
        checked_at = self._local(self.visit.finished_at)
        return SlipFacts(
            **vars(self._file()),
            missing_count=len(short_lines(self.session.connection(), self.visit.id)),
            asked_count=assessment.asked_count,
            checked_at=checked_at,
            missing=tuple(self._missing(line) for line in short),
            accepted=tuple(self._name(line) for line in self.lines if line.state == State.PRESENT),
            smallest=smallest_sentence(assessment),
            come_back=self._come_back(),
            valid_until=checked_at.date() + timedelta(days=SLIP_DAYS),
            is_free=self.definition.fee.amount == 0,
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

    def _missing(self, line: Any) -> Missing:
        requirement = self._requirement(line.requirement_code)
        if requirement is None:
            return Missing(self._name(line), self._why(line, None), clause=_("Syarat di luar daftar"))
        return Missing(
            title=to_bring(requirement),
            why=self._why(line, requirement),
            where=requirement.where,
            clause=_("Syarat {ordinal} · {clause}").format(ordinal=line.ordinal, clause=requirement.clause),
        )

    def _why(self, line: Any, requirement: Requirement | None) -> str:
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
