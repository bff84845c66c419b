"""A day read into what its figures count: of each row only that, as plain text, since a day has thousands of them."""

from __future__ import annotations

import json
from collections import Counter as Counting
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, String, bindparam, func, select, type_coerce
from sqlalchemy import text as sql
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from desktop.i18n import _, ngettext
from desktop.models.application import Application, Correction, DocumentCheck, PaperPrint, StatusMove, Visit
from desktop.models.base import now
from desktop.models.catalog import Counter, Service, ServiceStandard
from desktop.models.local import ApplicationNow, Serial
from desktop.operations import correcting, promise, search, voiding
from desktop.operations.catalog import definition_with
from desktop.operations.desk import Desk
from desktop.operations.figures import (
    EXTRA,
    FATES,
    VISIT_OUTCOMES,
    Day,
    Figure,
    Happening,
    SerialCheck,
    Timing,
    serial_sentence,
)
from desktop.operations.hall import completeness
from desktop.operations.requirements import State
from desktop.operations.story import REPRINT_REASONS

_FATE_OF = {"complete": Figure.COMPLETE, "returned": Figure.RETURNED, "conditional": Figure.CONDITIONAL}


def _as_kept(moment: InstrumentedAttribute[Any], name: str) -> Any:
    """A moment as the text that is kept: it sorts as time does, and is read only where its hour is asked for."""
    return type_coerce(moment, String()).label(name)


def _during(moment: InstrumentedAttribute[Any]) -> tuple[Any, Any]:
    return moment >= bindparam("start"), moment < bindparam("end")


_OURS = ApplicationNow.agency_id.in_(bindparam("agencies", expanding=True))
_THAT_DAY = ApplicationNow.on_date == bindparam("day")
_EARLIER = ApplicationNow.on_date < bindparam("day")
# Not the bare column: by its index SQLite would look through the void files of ten years.
_IS_VOID = func.coalesce(ApplicationNow.state, "") == "VOID"
_FILE = (ApplicationNow.id, ApplicationNow.service_id, ApplicationNow.state)
_RECEIVED = select(
    *_FILE,
    _as_kept(ApplicationNow.received_at, "at"),
    ApplicationNow.received_by,
    ApplicationNow.first_outcome,
).where(_THAT_DAY, _OURS)


def _acts(act: Any, moment: Any, officer: Any, *more: Any) -> Select[*tuple[Any, ...]]:
    """Acts with the file that each was done to; those to files of other agencies are left out."""
    columns = (*_FILE, _as_kept(moment, "at"), officer.label("officer_id"), *more)
    return select(*columns).join(act, act.application_id == ApplicationNow.id).where(_OURS)


_COMPLETED = (
    _acts(StatusMove, StatusMove.at, StatusMove.officer_id, StatusMove.visit_id)
    .where(*_during(StatusMove.complete_at), _EARLIER, ~_IS_VOID)
    .order_by(StatusMove.complete_at)
)
# The first move that made a file void, wherever two counters did it.
_VOIDING = (
    _acts(StatusMove, StatusMove.at, StatusMove.officer_id, StatusMove.reason_code)
    .where(StatusMove.to_state == "VOID")
    .order_by(StatusMove.ehlc, StatusMove.eid)
)
_VOIDED = _VOIDING.where(_THAT_DAY, _IS_VOID)
_VOIDED_LATER = _VOIDING.where(*_during(StatusMove.at), _EARLIER)
_REPRINTS = _acts(
    PaperPrint, PaperPrint.at, PaperPrint.officer_id, PaperPrint.copy_no, PaperPrint.reason_code
).where(*_during(PaperPrint.at), PaperPrint.copy_no > 0)
_CORRECTIONS = _acts(
    Correction, Correction.at, Correction.officer_id, Correction.field, Correction.reason_code
).where(*_during(Correction.at))
_EXTRAS = _acts(
    DocumentCheck, DocumentCheck.checked_at, DocumentCheck.checked_by, DocumentCheck.visit_id
).where(*_during(DocumentCheck.checked_at), DocumentCheck.is_extra)
_VISITS = select(
    Visit.id, Visit.application_id, Visit.officer_id, _as_kept(Visit.started_at, "began"),
    _as_kept(Visit.finished_at, "at"), Visit.parked_s, Visit.standard_id, Visit.counter_id, Visit.outcome,
).where(*_during(Visit.finished_at))  # fmt: skip
# What was missing or faulty at the first visit of the returned files; what became of a file is not asked here.
_any_visit = aliased(Visit)
_FIRST_VISIT = (
    select(_any_visit.id)
    .where(_any_visit.application_id == ApplicationNow.id)
    .order_by(_any_visit.ehlc, _any_visit.eid)
    .limit(1)
    .correlate(ApplicationNow)
    .scalar_subquery()
)
_LACKING = (
    select(
        ApplicationNow.id, Visit.standard_id, DocumentCheck.is_extra, DocumentCheck.group,
        DocumentCheck.requirement_code,
    )
    .select_from(ApplicationNow)
    .join(Visit, Visit.id == _FIRST_VISIT)
    .join(DocumentCheck, DocumentCheck.application_id == ApplicationNow.id)
    .where(
        _THAT_DAY, _OURS, ApplicationNow.first_outcome == "returned", DocumentCheck.visit_id == Visit.id,
        DocumentCheck.state.in_((State.MISSING, State.FAULTY)),
    )
)  # fmt: skip
# An act taken back did not happen; whoever takes it back does so afterwards.
_UNDONE = select(StatusMove.visit_id).where(StatusMove.reason_code == "undo", StatusMove.at >= bindparam("start"))
# Typing in an emergency form says nothing of how long its applicant was served.
_BY_HAND = select(Application.id).where(Application.is_outage_entry, Application.on_date == bindparam("day"))
_OF_DAY = Application.on_date == bindparam("day")
_GIVEN = (
    select(Application.device_code, func.max(Application.serial), func.count(Application.serial.distinct()))
    .where(_OF_DAY)
    .group_by(Application.device_code)
)
_GIVEN_BY = select(Application.serial).where(_OF_DAY, Application.device_code == bindparam("code"))
_GIVEN_LAST = select(Serial.device_code, Serial.last).where(Serial.on_date == bindparam("day"))
_VOID_NUMBERS = select(ApplicationNow.number).where(_THAT_DAY, _IS_VOID).order_by(ApplicationNow.number)
# How the same sums come out of the records themselves, without the projection that lists and figures are read from.
# Materialized, or SQLite works every part out again for every sum it stands in.
_FROM_RECORDS = sql("""
WITH kept AS MATERIALIZED (
    SELECT EXISTS (SELECT 1 FROM status_move m WHERE m.application_id = a.id AND m.to_state = 'VOID') AS is_void,
        (SELECT v.outcome FROM visit v WHERE v.application_id = a.id ORDER BY v.ehlc, v.eid LIMIT 1) AS first
    FROM application a WHERE a.on_date = :on AND a.agency_id IN (SELECT value FROM json_each(:agencies)))
SELECT count(*), sum(is_void), sum(NOT is_void AND first = 'complete'), sum(NOT is_void AND first = 'returned')
FROM kept
""")


class DayReading:
    """Everything that happened on one day of the hall, read once."""

    def __init__(self, session: Session, desk: Desk, day: date) -> None:
        self.session, self.desk, self.day = session, desk, day
        start, end = search.day_bounds(desk, day)
        self.places = {"day": day, "start": start, "end": end, "agencies": desk.agency_ids}
        self.names = search.Names(session)
        self.standards: set[str | None] = set()
        self.hours = _Hours(desk)
        self.undone = set(session.scalars(_UNDONE, self.places))

    def whole(self) -> Day:
        """The day of the whole desk."""
        received, visits = self._rows(_RECEIVED), self._rows(_VISITS)
        happenings = [
            *self._received(received),
            *self._completed(),
            *self._voided_later(),
            *self._visits(visits),
            *self._reprints(),
            *self._corrections(),
            *self._extras(),
        ]
        serials = tuple(self._serials())
        as_of = self.desk.local(now(self.session))
        return Day(
            day=self.day,
            as_of=as_of,
            is_open=bool(happenings) or (self.day <= as_of.date() and self._should_be_open()),
            is_own=False,
            happenings=tuple(happenings),
            timings=tuple(self._timings(received, visits)),
            serials=serials,
            problems=tuple(self._problems(happenings, serials)),
            papers=self._papers(),
            services=self.names.services,
            officers=self.names.officers,
            hall=completeness(self.session, self.desk, self.day),
        )

    def _rows(self, query: Select[*tuple[Any, ...]]) -> Sequence[Any]:
        return self.session.execute(query, self.places).all()

    def _happening(self, figure: Figure, act: Any, outcome: str = "", remark: str = "") -> Happening:
        return Happening(
            figure, act.id, act.at, self.hours[act.at[:16]], act.service_id, act.officer_id, act.state,
            outcome, remark,
        )

    def _received(self, rows: Sequence[Any]) -> Iterator[Happening]:
        lacking, hours = self._lacking(), self.hours
        voided = {move.id: _void(move) for move in reversed(self._rows(_VOIDED))}
        nothing: frozenset[tuple[str, str]] = frozenset()
        for id_, service_id, state, at, officer_id, first in rows:
            fate = Figure.VOID if state == "VOID" else _FATE_OF.get(first, Figure.UNKNOWN)
            lacked, told = nothing, _UNTOLD
            if fate is Figure.RETURNED and id_ in lacking:
                lacked = frozenset((service_id, code) for code in lacking[id_])
            elif fate is Figure.VOID:
                told = voided.get(id_, _UNTOLD)
            yield Happening(fate, id_, at, hours[at[:16]], service_id, officer_id, state, *told, lacked)

    def _lacking(self) -> dict[str, set[str]]:
        """By file; a group counts as one."""
        codes: dict[str, set[str]] = {}
        for check in self._rows(_LACKING):
            self.standards.add(check.standard_id)
            code = EXTRA if check.is_extra else check.group or check.requirement_code
            codes.setdefault(check.id, set()).add(code)
        return codes

    def _completed(self) -> Iterator[Happening]:
        moves = {move.id: move for move in reversed(self._rows(_COMPLETED)) if move.visit_id not in self.undone}
        return (self._happening(Figure.LATER, move) for move in moves.values())

    def _voided_later(self) -> Iterator[Happening]:
        moves = {move.id: move for move in reversed(self._rows(_VOIDED_LATER))}
        return (self._happening(Figure.VOIDED_LATER, move, *_void(move)) for move in moves.values())

    def _visits(self, visits: Sequence[Any]) -> Iterator[Happening]:
        alone = [visit for visit in visits if visit[1] is None and visit.id not in self.undone]
        # Without a file only the standard, if one was named, tells the agency; else the counter does.
        services = {
            standard_id: (agency_id, service_id)
            for standard_id, agency_id, service_id in self.session.execute(
                select(ServiceStandard.id, Service.agency_id, Service.id)
                .join(Service, Service.id == ServiceStandard.service_id)
                .where(ServiceStandard.id.in_({visit.standard_id for visit in alone}))
            )
        }
        counters = {
            id_
            for id_, agency_ids in self.session.execute(select(Counter.id, Counter.agency_ids))
            if not set(agency_ids).isdisjoint(self.desk.agency_ids)
        }
        for visit in alone:
            agency_id, service_id = services.get(visit.standard_id or "", ("", ""))
            if agency_id in self.desk.agency_ids or (not agency_id and visit.counter_id in counters):
                yield Happening(
                    Figure.VISITS, None, visit.at, self.hours[visit.at[:16]], service_id, visit.officer_id, "",
                    visit.outcome, _(VISIT_OUTCOMES.get(visit.outcome, visit.outcome)),
                    agency_id=agency_id, counter_id=visit.counter_id,
                )  # fmt: skip

    def _reprints(self) -> Iterator[Happening]:
        for print_ in self._rows(_REPRINTS):
            remark = _("CETAK ULANG ke-{count} ({reason})").format(
                count=print_.copy_no, reason=_(REPRINT_REASONS.get(print_.reason_code or "", "–"))
            )
            yield self._happening(Figure.REPRINTS, print_, print_.reason_code or "", remark)

    def _corrections(self) -> Iterator[Happening]:
        for correction in self._rows(_CORRECTIONS):
            remark = _("{what} diperbaiki ({reason})").format(
                what=correcting.title(correction),
                reason=_(correcting.ALL_REASONS.get(correction.reason_code, correction.reason_code)),
            )
            yield self._happening(Figure.CORRECTIONS, correction, correction.reason_code, remark)

    def _extras(self) -> Iterator[Happening]:
        checks = (check for check in self._rows(_EXTRAS) if check.visit_id not in self.undone)
        return (self._happening(Figure.EXTRAS, check) for check in checks)

    def _timings(self, received: Sequence[Any], visits: Sequence[Any]) -> Iterator[Timing]:
        counts = {row[0]: row[2] != "VOID" for row in received}
        came_back = [visit[1] for visit in visits if visit[1] is not None and visit[1] not in counts]
        counts |= {id_: state != "VOID" for id_, _service, state in self._files(came_back)}
        counts |= dict.fromkeys(self.session.scalars(_BY_HAND, self.places), False)
        read = datetime.fromisoformat
        for id_, application_id, officer_id, began, at, parked, _standard, _counter, _outcome in visits:
            if counts.get(application_id) and id_ not in self.undone:
                yield Timing(officer_id, max((read(at) - read(began)).total_seconds() - parked, 0.0), parked)

    def _files(self, ids: Sequence[str]) -> Sequence[Any]:
        return self._rows(select(*_FILE).where(ApplicationNow.id.in_(ids), _OURS)) if ids else ()

    def _serials(self) -> Iterator[SerialCheck]:
        session = self.session
        last: dict[int, int] = dict(session.execute(_GIVEN_LAST, self.places).all())
        given = {}
        for code, highest, count in self._rows(_GIVEN):
            last[code] = max(highest, last.get(code, 0))
            given[code] = count
        void = [search.number_text(number) for number in session.scalars(_VOID_NUMBERS, self.places)]
        for code in sorted(last):
            missing: set[int] = set()
            if given.get(code, 0) < last[code]:
                there = session.scalars(_GIVEN_BY, {**self.places, "code": code})
                missing = set(range(1, last[code] + 1)).difference(there)
            of_code = tuple(number[11:] for number in void if number[7:10] == f"{code:03}")
            yield SerialCheck(code, last[code], void=of_code, missing=tuple(sorted(missing)))

    def _problems(self, happenings: Sequence[Happening], serials: Sequence[SerialCheck]) -> Iterator[str]:
        fates = Counting(happening.figure for happening in happenings)
        received = sum(fates[fate] for fate in FATES)
        counted = (received, fates[Figure.VOID], fates[Figure.COMPLETE], fates[Figure.RETURNED])
        places = {"on": self.day.isoformat(), "agencies": json.dumps(sorted(self.desk.agency_ids))}
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
        of_service = select(ServiceStandard.id, ServiceStandard.service_id).where(
            ServiceStandard.id.in_(self.standards)
        )
        for standard_id, service_id in self.session.execute(of_service).all():
            definition = definition_with(self.session, standard_id)
            named = [(line.code, line.name) for line in definition.requirements]
            named += [(group.code, group.name) for group in definition.groups]
            papers |= {(service_id, code): name for code, name in named}
        return papers

    def _should_be_open(self) -> bool:
        return any(
            promise.load_working_days(self.session, agency_id, self.day).is_working(self.day)
            for agency_id in self.desk.agency_ids
        )


class _Hours(dict[str, int]):
    """The hour of the hall's clock by the minute of a moment as it is kept: a day has few, and each is read once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk

    def __missing__(self, minute: str) -> int:
        hour = self[minute] = self.desk.local(datetime.fromisoformat(f"{minute}Z")).hour
        return hour


# The reason and the remark of what has none.
_UNTOLD = ("", "")


def _void(move: Any) -> tuple[str, str]:
    return move.reason_code or "", _("Dibatalkan ({reason})").format(reason=voiding.reason_word(move))
