"""A day of a desk's agencies read into its figures, and the day as the supervisor signs it."""

from __future__ import annotations

import json
from collections import Counter as Counting
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from desktop.i18n import _, clock_time, day_month, ngettext
from desktop.models.access import Officer, OfficerPrivate
from desktop.models.application import Application, Correction, DocumentCheck, PaperPrint, StatusMove, Visit
from desktop.models.base import now
from desktop.models.catalog import Agency, Counter, Hall, Service, ServiceStandard
from desktop.models.local import ApplicationNow, Serial
from desktop.models.standard import said
from desktop.operations import access, correcting, promise, search, voiding
from desktop.operations.access import SUPERVISORS
from desktop.operations.catalog import definition_of
from desktop.operations.desk import Desk
from desktop.operations.figures import (
    EXTRA,
    FATES,
    NAMES,
    VISIT_OUTCOMES,
    Day,
    Figure,
    Happening,
    Pick,
    SerialCheck,
    Share,
    Timing,
)
from desktop.operations.hall import completeness
from desktop.operations.paper_words import letterhead_of
from desktop.operations.paperwork import HourTally, MissingTally, SummaryFacts, Tally
from desktop.operations.requirements import State
from desktop.operations.search import Found
from desktop.operations.story import REPRINT_REASONS

Act = TypeVar("Act", PaperPrint, Correction, DocumentCheck)
_FATE_OF = {"complete": Figure.COMPLETE, "returned": Figure.RETURNED, "conditional": Figure.CONDITIONAL}


def day_of(session: Session, desk: Desk, day: date) -> Day:
    """A day of the desk's agencies; an officer who is neither supervisor nor admin sees what is their own."""
    whole = _Reading(session, desk, day).whole()
    officer = session.get(Officer, desk.officer_id)
    may_see_all = officer is not None and officer.role in SUPERVISORS
    return whole if may_see_all else whole.of_officer(desk.officer_id)


def files_of(session: Session, desk: Desk, day: date, pick: Pick) -> list[Found]:
    """The list behind a number of the day's summary: as many lines as the number says."""
    return day_of(session, desk, day).rows(pick)


def summary_facts(session: Session, desk: Desk, day: date) -> SummaryFacts:
    """The day as the supervisor signs it on paper. UserError for anybody else."""
    access.require(session, desk.officer_id, *SUPERVISORS)
    told = day_of(session, desk, day)
    hall = session.get_one(Hall, desk.hall_id)
    counter = session.get_one(Counter, desk.counter_id)
    agencies = [session.get_one(Agency, agency_id) for agency_id in desk.agency_ids]
    officer = session.get_one(Officer, desk.officer_id)
    private = session.scalars(select(OfficerPrivate).where(OfficerPrivate.officer_id == officer.id)).first()
    return SummaryFacts(
        letterhead=letterhead_of(hall, agencies[0] if agencies else None, counter),
        day=day,
        as_of=told.as_of,
        scope=" · ".join((counter.name, *(said(agency.name_id, agency.name_en) for agency in agencies))),
        state=" ".join((scope_sentence(told), *told.problems)),
        total=_tally(told.total()),
        completed_later=told.count(Figure.LATER),
        reprints=told.count(Figure.REPRINTS),
        corrections=told.count(Figure.CORRECTIONS),
        is_consistent=told.is_consistent,
        by_service=tuple(_tally(share) for share in told.by_service()),
        by_officer=tuple(_tally(share) for share in told.by_officer()),
        by_hour=tuple(
            HourTally(int(share.name), share.complete + share.conditional, share.returned) for share in told.by_hour()
        ),
        missing=tuple(MissingTally(line.name, line.service, line.count) for line in told.lacking()),
        printed_at=told.as_of,
        printed_by=officer.display_name,
        visits_without_file=told.count(Figure.VISITS),
        voided_later=told.count(Figure.VOIDED_LATER),
        reasons=tuple(reason_sentences(told)),
        extra_demands=told.count(Figure.EXTRAS),
        usual_minutes=told.usual_minutes(),
        most_minutes=told.most_minutes(),
        place=str(hall.letterhead.get("place", "")),
        signer_position=(private.position or "") if private else "",
        signer_name=private.full_name if private else "",
        signer_staff_no=(private.staff_no or "") if private else "",
        training=desk.training,
    )


def scope_sentence(day: Day) -> str:
    """Whose figures these are, and how complete: one's own, this PC's, or those of a hall with a centre."""
    if day.is_own:
        return _("Angka Anda sendiri di loket ini.")
    return day.hall.sentence() if day.hall is not None else _("Angka loket ini saja.")


def as_of_sentence(day: Day) -> str:
    """ "keadaan pukul 14.05", with the date where it is another day's."""
    if day.as_of.date() == day.day:
        return _("keadaan pukul {time}").format(time=clock_time(day.as_of))
    return _("keadaan {date} pukul {time}").format(date=day_month(day.as_of.date()), time=clock_time(day.as_of))


def length_sentence(day: Day) -> str:
    """ "umumnya 4 menit; 9 dari 10 di bawah 11 menit", or nothing on a day without a visit."""
    usual, most = day.usual_minutes(), day.most_minutes()
    if usual is None or most is None:
        return ""
    return _("umumnya {usual} menit; 9 dari 10 di bawah {most} menit").format(usual=usual, most=most)


def reason_sentences(day: Day) -> Iterator[str]:
    """Why files were made void, data corrected and papers printed again: "Cetak ulang: 2 hilang, 1 rusak."."""
    for figure in (Figure.VOID, Figure.VOIDED_LATER, Figure.CORRECTIONS, Figure.REPRINTS):
        told = ", ".join(f"{count} {word}" for word, _pick, count in day.parts(figure))
        if told:
            yield _("{figure}: {reasons}.").format(figure=_(NAMES[figure]), reasons=told)


def serial_sentence(check: SerialCheck) -> str:
    """The serials of one PC in words: how many, which void, which missing."""
    parts = [_("Nomor urut 0001–{last:04}: {count} terbit").format(last=check.last, count=check.issued)]
    if check.void:
        parts.append(_("{count} dibatalkan ({numbers})").format(count=len(check.void), numbers=_listed(check.void)))
    if check.missing:
        numbers = _listed(f"{serial:04}" for serial in check.missing)
        parts.append(_("{count} tanpa catatan ({numbers})").format(count=len(check.missing), numbers=numbers))
    else:
        parts.append(_("tidak ada yang hilang"))
    return ", ".join(parts) + "."


def _void_remark(move: StatusMove) -> str:
    return _("Dibatalkan ({reason})").format(reason=voiding.reason_word(move))


def _tally(share: Share) -> Tally:
    return Tally(share.name, share.received, share.complete, share.returned, share.void, conditional=share.conditional)


def _listed(numbers: Iterable[str], most: int = 5) -> str:
    shown = list(numbers)
    more = [_("dan {count} lagi").format(count=len(shown) - most)] if len(shown) > most else []
    return ", ".join([*shown[:most], *more])


# How the same sums come out of the records themselves, without the projection that lists and figures are read from.
_FROM_RECORDS = sql("""
SELECT count(*), sum(is_void), sum(NOT is_void AND first = 'complete'), sum(NOT is_void AND first = 'returned') FROM (
    SELECT EXISTS (SELECT 1 FROM status_move m WHERE m.application_id = a.id AND m.to_state = 'VOID') AS is_void,
        (SELECT v.outcome FROM visit v WHERE v.application_id = a.id ORDER BY v.ehlc, v.eid LIMIT 1) AS first
    FROM application a WHERE a.on_date = :day AND a.agency_id IN (SELECT value FROM json_each(:agencies)))
""")


# Plain rows, and of each only what is counted: a day has thousands, and each moment in them costs.
_VISITS = select(
    Visit.id, Visit.application_id, Visit.standard_id, Visit.counter_id, Visit.officer_id, Visit.outcome,
    Visit.started_at, Visit.finished_at, Visit.parked_s,
)  # fmt: skip
_ORDER_OF_VISITS = select(Visit.id, Visit.application_id, Visit.standard_id, Visit.ehlc, Visit.eid)
_CHECKS = select(
    DocumentCheck.application_id, DocumentCheck.is_extra, DocumentCheck.group, DocumentCheck.requirement_code
)
_COMPLETING = select(
    StatusMove.application_id, StatusMove.visit_id, StatusMove.officer_id, StatusMove.at, StatusMove.complete_at
)


class _Reading:
    """Everything that happened on one day of the hall, read once."""

    def __init__(self, session: Session, desk: Desk, day: date) -> None:
        self.session, self.desk, self.day = session, desk, day
        self.start, self.end = search.day_bounds(desk, day)
        self.called = search.Names(session)
        self.standards: set[str | None] = set()
        self._read: dict[str, Any] = {}
        # An act taken back did not happen; whoever takes it back does so afterwards.
        self.undone = set(
            session.scalars(
                select(StatusMove.visit_id).where(StatusMove.reason_code == "undo", StatusMove.at >= self.start)
            )
        )

    def whole(self) -> Day:
        session = self.session
        received = search.files_where(
            session, ApplicationNow.on_date == self.day, ApplicationNow.agency_id.in_(self.desk.agency_ids)
        )
        self._read = {row.id: row for row in received}
        visits = [
            visit
            for visit in session.execute(_VISITS.where(*self._during(Visit.finished_at)))
            if visit.id not in self.undone
        ]
        happenings = [
            *self._received(received),
            *self._later(),
            *self._voided_later(),
            *self._visits(visits),
            *self._reprints(),
            *self._corrections(),
            *self._extras(),
        ]
        happenings.sort(key=lambda happening: (happening.row.at, happening.row.number), reverse=True)
        serials = self._serials()
        as_of = self.desk.local(now(session))
        return Day(
            day=self.day,
            as_of=as_of,
            is_open=bool(happenings) or (self.day <= as_of.date() and self._should_be_open()),
            is_own=False,
            happenings=tuple(happenings),
            timings=tuple(self._timings(visits)),
            serials=serials,
            problems=tuple(self._problems(happenings, serials)),
            papers=self._papers(),
            hall=completeness(session, self.desk, self.day),
        )

    def _during(self, moment: Any) -> tuple[Any, Any]:
        return moment >= self.start, moment < self.end

    def _happening(self, figure: Figure, row: Found, **more: Any) -> Happening:
        return Happening(figure, row, self.desk.local(row.at).hour, **more)

    def _received(self, rows: Sequence[Any]) -> Iterator[Happening]:
        fates = {
            row.id: Figure.VOID if row.state == "VOID" else _FATE_OF.get(row.first_outcome or "", Figure.UNKNOWN)
            for row in rows
        }
        lacking = self._lacking([id_ for id_, fate in fates.items() if fate is Figure.RETURNED])
        services = {row.id: row.service_id for row in rows}
        voids = self._voids(StatusMove.application_id.in_([id_ for id_, fate in fates.items() if fate is Figure.VOID]))
        for found in self.called.found(rows):
            id_ = found.id or ""
            void = voids.get(id_)
            yield self._happening(
                fates[id_],
                replace(found, remark=_void_remark(void)) if void else found,
                outcome=void.reason_code or "" if void else "",
                lacking=frozenset((services[id_], code) for code in lacking.get(id_, ())),
            )

    def _voids(self, *which: Any) -> dict[str, StatusMove]:
        """The move that made each of these files void: the first one, wherever two counters did it."""
        found: dict[str, StatusMove] = {}
        moves = select(StatusMove).where(StatusMove.to_state == "VOID", *which)
        for move in self.session.scalars(moves.order_by(StatusMove.ehlc, StatusMove.eid)):
            found.setdefault(move.application_id, move)
        return found

    def _voided_later(self) -> Iterator[Happening]:
        voids = self._voids(*self._during(StatusMove.at))
        rows = [row for row in self._files(voids) if row.on_date < self.day]
        for found in self.called.found(rows):
            move = voids[found.id or ""]
            row = replace(self._by(found, move.at, move.officer_id), remark=_void_remark(move))
            yield self._happening(Figure.VOIDED_LATER, row, outcome=move.reason_code or "")

    def _lacking(self, ids: Sequence[str]) -> dict[str, set[str]]:
        """What was missing or faulty at the first visit of each returned application; a group counts as one."""
        firsts: dict[str, Any] = {}
        visits = self.session.execute(_ORDER_OF_VISITS.where(Visit.application_id.in_(ids)))
        for visit in sorted(visits, key=lambda visit: (visit.ehlc, visit.eid)):
            firsts.setdefault(visit.application_id, visit)
        self.standards |= {visit.standard_id for visit in firsts.values()}
        codes: dict[str, set[str]] = {}
        lacked = _CHECKS.where(
            DocumentCheck.application_id.in_(ids),
            DocumentCheck.visit_id.in_([visit.id for visit in firsts.values()]),
            DocumentCheck.state.in_((State.MISSING, State.FAULTY)),
        )
        for check in self.session.execute(lacked):
            code = EXTRA if check.is_extra else check.group or check.requirement_code
            codes.setdefault(check.application_id, set()).add(code)
        return codes

    def _later(self) -> Iterator[Happening]:
        moves: dict[str, Any] = {}
        completing = self.session.execute(_COMPLETING.where(*self._during(StatusMove.complete_at)))
        for move in sorted(completing, key=lambda move: move.complete_at, reverse=True):
            if move.visit_id not in self.undone:
                moves[move.application_id] = move
        rows = [row for row in self._files(moves) if row.on_date < self.day and row.state != "VOID"]
        for found in self.called.found(rows):
            move = moves[found.id or ""]
            yield self._happening(Figure.LATER, self._by(found, move.at, move.officer_id))

    def _visits(self, visits: Iterable[Any]) -> Iterator[Happening]:
        alone = [visit for visit in visits if visit.application_id is None]
        # Without a file only the standard, if one was named, tells the agency; else the counter does.
        services = {
            id_: (service.agency_id, service.id)
            for id_, service in self.session.execute(
                select(ServiceStandard.id, Service)
                .join(Service, Service.id == ServiceStandard.service_id)
                .where(ServiceStandard.id.in_([visit.standard_id for visit in alone]))
            )
        }
        counters = {
            counter.id
            for counter in self.session.scalars(select(Counter))
            if not set(counter.agency_ids).isdisjoint(self.desk.agency_ids)
        }
        for visit in alone:
            agency_id, service_id = services.get(visit.standard_id or "", ("", ""))
            if agency_id in self.desk.agency_ids or (not agency_id and visit.counter_id in counters):
                row = Found(
                    id=None,
                    number="",
                    on_date=self.day,
                    at=visit.finished_at,
                    agency_id=agency_id,
                    service_id=service_id,
                    service=self.called.services.get(service_id, ""),
                    counter_id=visit.counter_id,
                    counter=self.called.counters.get(visit.counter_id, ""),
                    officer_id=visit.officer_id,
                    officer=self.called.officers.get(visit.officer_id, ""),
                    state="",
                    remark=_(VISIT_OUTCOMES.get(visit.outcome, visit.outcome)),
                )
                yield self._happening(Figure.VISITS, row, outcome=visit.outcome)

    def _reprints(self) -> Iterator[Happening]:
        prints = self.session.scalars(select(PaperPrint).where(*self._during(PaperPrint.at), PaperPrint.copy_no > 0))
        for print_, found in self._about(prints):
            remark = _("CETAK ULANG ke-{count} ({reason})").format(
                count=print_.copy_no, reason=_(REPRINT_REASONS.get(print_.reason_code or "", "–"))
            )
            row = replace(self._by(found, print_.at, print_.officer_id), remark=remark)
            yield self._happening(Figure.REPRINTS, row, outcome=print_.reason_code or "")

    def _corrections(self) -> Iterator[Happening]:
        corrections = self.session.scalars(select(Correction).where(*self._during(Correction.at)))
        for correction, found in self._about(corrections):
            remark = _("{what} diperbaiki ({reason})").format(
                what=correcting.title(correction),
                reason=_(correcting.ALL_REASONS.get(correction.reason_code, correction.reason_code)),
            )
            row = replace(self._by(found, correction.at, correction.officer_id), remark=remark)
            yield self._happening(Figure.CORRECTIONS, row, outcome=correction.reason_code)

    def _extras(self) -> Iterator[Happening]:
        checks = self.session.scalars(
            select(DocumentCheck).where(*self._during(DocumentCheck.checked_at), DocumentCheck.is_extra)
        )
        for check, found in self._about(check for check in checks if check.visit_id not in self.undone):
            yield self._happening(Figure.EXTRAS, self._by(found, check.checked_at, check.checked_by))

    def _about(self, acts: Iterable[Act]) -> Iterator[tuple[Act, Found]]:
        """Acts with the file each is about; those of other agencies are left out."""
        acts = list(acts)
        files = {found.id: found for found in self.called.found(self._files({act.application_id for act in acts}))}
        return ((act, files[act.application_id]) for act in acts if act.application_id in files)

    def _files(self, ids: Iterable[str]) -> list[Any]:
        """The files of these ids that belong to the desk's agencies; each is read once."""
        wanted = sorted(ids)
        if unread := [id_ for id_ in wanted if id_ not in self._read]:
            ours = ApplicationNow.agency_id.in_(self.desk.agency_ids)
            self._read |= {row.id: row for row in search.files_where(self.session, ApplicationNow.id.in_(unread), ours)}
        return [self._read[id_] for id_ in wanted if id_ in self._read]

    def _by(self, found: Found, at: datetime, officer_id: str) -> Found:
        """The file as the act's own list shows it: when it was done and by whom."""
        return replace(found, at=at, officer_id=officer_id, officer=self.called.officers.get(officer_id, ""))

    def _timings(self, visits: Iterable[Any]) -> Iterator[Timing]:
        with_file = [visit for visit in visits if visit.application_id is not None]
        counted = {
            row.id for row in self._files({visit.application_id or "" for visit in with_file}) if row.state != "VOID"
        }
        # Typing in an emergency form says nothing of how long its applicant was served.
        by_hand = select(Application.id).where(Application.is_outage_entry, Application.on_date == self.day)
        counted -= set(self.session.scalars(by_hand))
        for visit in with_file:
            if visit.application_id in counted:
                spent = (visit.finished_at - visit.started_at).total_seconds() - visit.parked_s
                yield Timing(visit.officer_id, max(spent, 0.0), visit.parked_s)

    def _serials(self) -> tuple[SerialCheck, ...]:
        session = self.session
        records = session.execute(
            select(Application.device_code, Application.serial, Application.number, ApplicationNow.state)
            .join(ApplicationNow, ApplicationNow.id == Application.id, isouter=True)
            .where(Application.on_date == self.day)
            .order_by(Application.serial)
        ).all()
        last: dict[int, int] = dict(
            session.execute(select(Serial.device_code, Serial.last).where(Serial.on_date == self.day)).all()
        )
        for code, serial, _number, _state in records:
            last[code] = max(serial, last.get(code, 0))
        return tuple(
            SerialCheck(
                code,
                last[code],
                void=tuple(
                    search.number_text(number)[11:]
                    for of, _serial, number, state in records
                    if of == code and state == "VOID"
                ),
                missing=tuple(
                    sorted(set(range(1, last[code] + 1)) - {serial for of, serial, *_rest in records if of == code})
                ),
            )
            for code in sorted(last)
        )

    def _problems(self, happenings: Sequence[Happening], serials: Sequence[SerialCheck]) -> Iterator[str]:
        fates = Counting(happening.figure for happening in happenings)
        received = sum(fates[fate] for fate in FATES)
        counted = (received, fates[Figure.VOID], fates[Figure.COMPLETE], fates[Figure.RETURNED])
        places = {"day": self.day.isoformat(), "agencies": json.dumps(sorted(self.desk.agency_ids))}
        recorded = tuple(value or 0 for value in self.session.execute(_FROM_RECORDS, places).one())
        if counted != recorded:
            yield _("Jumlah pada daftar ({listed}) tidak sama dengan catatan ({recorded}). Beri tahu admin.").format(
                listed=received, recorded=recorded[0]
            )
        if fates[Figure.UNKNOWN]:
            yield ngettext(
                "{count} berkas belum ada data kunjungannya.",
                "{count} berkas belum ada data kunjungannya.",
                fates[Figure.UNKNOWN],
            ).format(count=fates[Figure.UNKNOWN])
        yield from (serial_sentence(check) for check in serials if check.missing)

    def _papers(self) -> dict[tuple[str, str], str]:
        """How the papers that may have been lacking that day are called."""
        papers: dict[tuple[str, str], str] = {}
        for standard_id in self.standards:
            standard = self.session.get(ServiceStandard, standard_id or "")
            if standard is not None:
                definition = definition_of(standard)
                named = [(line.code, line.name) for line in definition.requirements]
                named += [(group.code, group.name) for group in definition.groups]
                papers |= {(standard.service_id, code): name for code, name in named}
        return papers

    def _should_be_open(self) -> bool:
        return any(
            promise.load_working_days(self.session, agency_id, self.day).is_working(self.day)
            for agency_id in self.desk.agency_ids
        )
