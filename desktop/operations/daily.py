"""The figures of a day, each defined once: a card, a table, a list and the printed summary count the same happenings.

To add a figure: a member of Figure with its name, and its happenings in ``_Reading.whole``.
"""

from __future__ import annotations

import json
from collections import Counter as Counting
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from math import ceil, floor
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from desktop.i18n import N_, _, clock_time, day_month, ngettext
from desktop.models.access import Officer, OfficerPrivate
from desktop.models.application import Application, Correction, DocumentCheck, PaperPrint, StatusMove, Visit
from desktop.models.base import now
from desktop.models.catalog import Agency, Counter, Hall, Service, ServiceStandard
from desktop.models.local import ApplicationNow, Serial
from desktop.models.standard import said
from desktop.operations import issuing, promise, search
from desktop.operations.catalog import definition_of
from desktop.operations.desk import Desk
from desktop.operations.history import REPRINT_REASONS
from desktop.operations.paperwork import HourTally, MissingTally, SummaryFacts, Tally
from desktop.operations.requirements import State
from desktop.operations.search import Found


class Figure(StrEnum):
    """What is counted of a day (screens.md 8, users.md 3)."""

    RECEIVED = "received"  # applications whose first visit is that day
    COMPLETE = "complete"  # of them, complete at their first F9
    RETURNED = "returned"  # of them, given back with a slip at their first F9
    CONDITIONAL = "conditional"  # of them, accepted with a promise of the applicant
    VOID = "void"  # of them, void by now; counted here only
    UNKNOWN = "unknown"  # of them, those whose first visit has not arrived here
    LATER = "later"  # files of earlier days completed that day
    VISITS = "visits"  # comings to the desk without a file
    REPRINTS = "reprints"  # papers issued again because they were lost or damaged
    CORRECTIONS = "corrections"  # fields put right
    EXTRAS = "extras"  # papers asked for outside the standard


NAMES = {
    Figure.RECEIVED: N_("Permohonan masuk"),
    Figure.COMPLETE: N_("Langsung lengkap"),
    Figure.RETURNED: N_("Dikembalikan"),
    Figure.CONDITIONAL: N_("Diterima bersyarat"),
    Figure.VOID: N_("Dibatalkan"),
    Figure.UNKNOWN: N_("Data belum sampai"),
    Figure.LATER: N_("Berkas lama yang dilengkapi hari ini"),
    Figure.VISITS: N_("Kunjungan tanpa berkas"),
    Figure.REPRINTS: N_("Cetak ulang"),
    Figure.CORRECTIONS: N_("Data diperbaiki"),
    Figure.EXTRAS: N_("Syarat di luar daftar"),
}
_FATE_OF = {"complete": Figure.COMPLETE, "returned": Figure.RETURNED, "conditional": Figure.CONDITIONAL}
# One of these, and only one, is what became of a received application.
FATES = (Figure.COMPLETE, Figure.RETURNED, Figure.CONDITIONAL, Figure.VOID, Figure.UNKNOWN)
# Papers beyond the standard have no code of their own; they count as one kind.
EXTRA = "*"
VISIT_OUTCOMES = {
    "consulted": N_("Konsultasi"),
    "wrong_counter": N_("Salah loket"),
    "outage": N_("Sistem pusat terganggu"),
    "left": N_("Pulang tanpa kertas"),
    "complete": N_("Dicatat saja"),
}


Act = TypeVar("Act", PaperPrint, Correction, DocumentCheck)


@dataclass(frozen=True)
class Pick:
    """Which happenings a number counts, and so the very list it opens: a figure, narrowed where a part is given.

    ``requirement`` is (service id, code) of a paper that was lacking; ``outcome`` that of a visit without a file.
    """

    figure: Figure
    service_id: str | None = None
    officer_id: str | None = None
    hour: int | None = None
    requirement: tuple[str, str] | None = None
    outcome: str | None = None


@dataclass(frozen=True)
class Happening:
    """One thing of the day that a figure counts, and the line it has in lists."""

    figure: Figure
    row: Found
    hour: int
    outcome: str = ""
    lacking: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Timing:
    """One visit with a file: seconds from its start to F9, and how many of them it lay parked."""

    officer_id: str
    seconds: float
    parked: int


@dataclass(frozen=True)
class Share:
    """A line of a table: what it is called, the pick of its applications, and how many met each fate."""

    name: str
    pick: Pick
    received: int
    complete: int
    returned: int
    conditional: int
    void: int


@dataclass(frozen=True)
class Lacking:
    """A paper that was lacking: in how many of the returned files, and the pick that lists them."""

    name: str
    service: str
    count: int
    pick: Pick


@dataclass(frozen=True)
class SerialCheck:
    """The serials of one PC and day: how many were issued, which are void, which have no record at all."""

    device_code: int
    last: int
    void: tuple[str, ...]
    missing: tuple[int, ...]

    @property
    def issued(self) -> int:
        """Numbers with a record, void ones among them."""
        return self.last - len(self.missing)


@dataclass(frozen=True)
class Day:
    """A day of a desk's agencies as this PC knows it; ``as_of`` is on the hall's clock.

    ``is_open``: somebody worked, or should have; a day that was not open shows "–" and never 0 (screens.md T9).
    ``problems`` are sentences; without one the sums agree.
    """

    day: date
    as_of: datetime
    is_open: bool
    is_own: bool
    happenings: tuple[Happening, ...]
    timings: tuple[Timing, ...]
    serials: tuple[SerialCheck, ...]
    problems: tuple[str, ...]
    papers: Mapping[tuple[str, str], str]

    @property
    def is_consistent(self) -> bool:
        """Whether every sum agrees with the records and no serial is without one."""
        return not self.problems

    def of(self, pick: Pick) -> list[Happening]:
        """The happenings a pick counts, newest first."""
        return [happening for happening in self.happenings if _counts(pick, happening)]

    def rows(self, pick: Pick) -> list[Found]:
        """The list that a number opens."""
        return [happening.row for happening in self.of(pick)]

    def count(self, figure: Figure, **narrowed: Any) -> int:
        """How many happenings of a figure there are; narrowed as a Pick is."""
        return len(self.of(Pick(figure, **narrowed)))

    def total(self) -> Share:
        """All applications of the day."""
        return self._share(_("Jumlah"), "service_id", None)

    def by_service(self) -> list[Share]:
        """Applications by service, the most asked for first."""
        shares = self._shares(lambda row: (row.service_id, row.service), "service_id")
        return sorted(shares, key=lambda share: (-share.received, share.name.casefold()))

    def by_officer(self) -> list[Share]:
        """Applications by the officer who received them, by name."""
        shares = self._shares(lambda row: (row.officer_id, row.officer), "officer_id")
        return sorted(shares, key=lambda share: share.name.casefold())

    def by_hour(self) -> list[Share]:
        """Applications by the hour of the hall's clock, with the empty hours between the first and the last."""
        received = self.of(Pick(Figure.RECEIVED))
        if not received:
            return []
        hours = [happening.hour for happening in received]
        return [self._share(f"{hour:02}", "hour", hour) for hour in range(min(hours), max(hours) + 1)]

    def visits_by_outcome(self) -> list[tuple[str, Pick, int]]:
        """What the visits without a file were about: words, pick and count; what did not happen is left out."""
        picks = [(word, Pick(Figure.VISITS, outcome=outcome)) for outcome, word in VISIT_OUTCOMES.items()]
        return [(_(word), pick, count) for word, pick in picks if (count := len(self.of(pick)))]

    def lacking(self, most: int = 10) -> list[Lacking]:
        """The papers that were lacking most often in returned files."""
        counted = Counting(key for happening in self.of(Pick(Figure.RETURNED)) for key in happening.lacking)
        services = {happening.row.service_id: happening.row.service for happening in self.happenings}
        lines = [
            Lacking(self._paper(key), services[key[0]], count, Pick(Figure.RETURNED, requirement=key))
            for key, count in counted.items()
        ]
        return sorted(lines, key=lambda line: (-line.count, line.service.casefold(), line.name))[:most]

    def returned_later_completed(self) -> int:
        """How many of the returned files have been completed since."""
        return sum(h.row.state not in (None, "RETURNED") for h in self.of(Pick(Figure.RETURNED)))

    def usual_minutes(self) -> int | None:
        """The median time from start to F9 in minutes, at least 1; parked time does not count."""
        seconds = sorted(timing.seconds for timing in self.timings)
        if not seconds:
            return None
        middle = len(seconds) // 2
        median = seconds[middle] if len(seconds) % 2 else (seconds[middle - 1] + seconds[middle]) / 2
        return max(1, round(median / 60))

    def most_minutes(self) -> int | None:
        """The least whole number of minutes under which nine of ten visits stay."""
        seconds = sorted(timing.seconds for timing in self.timings)
        return floor(seconds[ceil(0.9 * len(seconds)) - 1] / 60) + 1 if seconds else None

    def parked_minutes(self) -> int:
        """How long files lay parked, told apart from the time of service."""
        return round(sum(timing.parked for timing in self.timings) / 60)

    def of_officer(self, officer_id: str) -> Day:
        """The same day, with what this officer did only."""
        return replace(
            self,
            is_own=True,
            happenings=tuple(h for h in self.happenings if h.row.officer_id == officer_id),
            timings=tuple(timing for timing in self.timings if timing.officer_id == officer_id),
            serials=(),
        )

    def _paper(self, key: tuple[str, str]) -> str:
        return _("Syarat di luar daftar") if key[1] == EXTRA else self.papers.get(key, key[1])

    def _shares(self, key: Callable[[Found], tuple[str, str]], part: str) -> list[Share]:
        keys = {key(happening.row) for happening in self.of(Pick(Figure.RECEIVED))}
        return [self._share(name, part, id_) for id_, name in keys]

    def _share(self, name: str, part: str, value: Hashable) -> Share:
        counts = {figure: self.count(figure, **{part: value}) for figure in (Figure.RECEIVED, *FATES)}
        return Share(
            name, Pick(Figure.RECEIVED, **{part: value}),  # type: ignore[arg-type]
            counts[Figure.RECEIVED], counts[Figure.COMPLETE], counts[Figure.RETURNED], counts[Figure.CONDITIONAL],
            counts[Figure.VOID],
        )


def _counts(pick: Pick, happening: Happening) -> bool:
    figure = happening.figure
    return (
        (figure is pick.figure or (pick.figure is Figure.RECEIVED and figure in FATES))
        and pick.service_id in (None, happening.row.service_id)
        and pick.officer_id in (None, happening.row.officer_id)
        and pick.hour in (None, happening.hour)
        and pick.outcome in (None, happening.outcome)
        and (pick.requirement is None or pick.requirement in happening.lacking)
    )


# ------------------------------------------------------------------------------------------------------------
# Reading a day


def day_of(session: Session, desk: Desk, day: date) -> Day:
    """A day of the desk's agencies; an officer who is neither supervisor nor admin sees what is their own."""
    whole = _Reading(session, desk, day).whole()
    officer = session.get(Officer, desk.officer_id)
    may_see_all = officer is not None and officer.role in ("supervisor", "admin")
    return whole if may_see_all else whole.of_officer(desk.officer_id)


def files_of(session: Session, desk: Desk, day: date, pick: Pick) -> list[Found]:
    """The list behind a number of the day's summary: as many lines as the number says."""
    return day_of(session, desk, day).rows(pick)


def summary_facts(session: Session, desk: Desk, day: date) -> SummaryFacts:
    """The day as the supervisor signs it on paper."""
    told = day_of(session, desk, day)
    hall = session.get_one(Hall, desk.hall_id)
    counter = session.get_one(Counter, desk.counter_id)
    agencies = [session.get_one(Agency, agency_id) for agency_id in desk.agency_ids]
    officer = session.get_one(Officer, desk.officer_id)
    private = session.scalars(select(OfficerPrivate).where(OfficerPrivate.officer_id == officer.id)).first()
    return SummaryFacts(
        letterhead=issuing.letterhead_of(session, hall, agencies[0] if agencies else None, counter),
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
    """Whose figures these are; there is no centre yet, so they are this PC's."""
    return _("Angka Anda sendiri di loket ini.") if day.is_own else _("Angka loket ini saja.")


def as_of_sentence(day: Day) -> str:
    """"keadaan pukul 14.05", with the date where it is another day's."""
    if day.as_of.date() == day.day:
        return _("keadaan pukul {time}").format(time=clock_time(day.as_of))
    return _("keadaan {date} pukul {time}").format(date=day_month(day.as_of.date()), time=clock_time(day.as_of))


def length_sentence(day: Day) -> str:
    """"umumnya 4 menit; 9 dari 10 di bawah 11 menit", or nothing on a day without a visit."""
    usual, most = day.usual_minutes(), day.most_minutes()
    if usual is None or most is None:
        return ""
    return _("umumnya {usual} menit; 9 dari 10 di bawah {most} menit").format(usual=usual, most=most)


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


def _tally(share: Share) -> Tally:
    return Tally(
        share.name, share.received, share.complete, share.returned, share.void, conditional=share.conditional
    )


def _listed(numbers: Iterable[str], most: int = 5) -> str:
    shown = list(numbers)
    more = [_("dan {count} lagi").format(count=len(shown) - most)] if len(shown) > most else []
    return ", ".join([*shown[:most], *more])


# How the same sums come out of the records themselves, without the projection that lists and figures are read from.
_FROM_RECORDS = sql("""
SELECT count(*), sum(is_void), sum(NOT is_void AND first = 'complete'), sum(NOT is_void AND first = 'returned') FROM (
    SELECT EXISTS (SELECT 1 FROM status_move m WHERE m.application_id = a.id AND m.to_state = 'VOID') AS is_void,
        (SELECT v.outcome FROM visit v WHERE v.application_id = a.id ORDER BY v.finished_at, v.eid LIMIT 1) AS first
    FROM application a WHERE a.on_date = :day AND a.agency_id IN (SELECT value FROM json_each(:agencies)))
""")


class _Reading:
    """Everything that happened on one day of the hall, read once."""

    def __init__(self, session: Session, desk: Desk, day: date) -> None:
        self.session, self.desk, self.day = session, desk, day
        self.start, self.end = search.day_bounds(desk, day)
        self.called = search.Names(session)
        self.standards: set[str | None] = set()
        # An act taken back did not happen; whoever takes it back does so afterwards.
        self.undone = set(
            session.scalars(
                select(StatusMove.visit_id).where(StatusMove.reason_code == "undo", StatusMove.at >= self.start)
            )
        )

    def whole(self) -> Day:
        session = self.session
        received = list(
            session.scalars(
                select(ApplicationNow)
                .where(ApplicationNow.on_date == self.day, ApplicationNow.agency_id.in_(self.desk.agency_ids))
            )
        )
        visits = [visit for visit in session.scalars(select(Visit).where(*self._during(Visit.finished_at)))
                  if visit.id not in self.undone]
        happenings = [
            *self._received(received),
            *self._later(),
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
        )

    def _during(self, moment: Any) -> tuple[Any, Any]:
        return moment >= self.start, moment < self.end

    def _happening(self, figure: Figure, row: Found, **more: Any) -> Happening:
        return Happening(figure, row, self.desk.local(row.at).hour, **more)

    def _received(self, rows: Sequence[ApplicationNow]) -> Iterator[Happening]:
        fates = {
            row.id: Figure.VOID if row.state == "VOID" else _FATE_OF.get(row.first_outcome or "", Figure.UNKNOWN)
            for row in rows
        }
        lacking = self._lacking([id_ for id_, fate in fates.items() if fate is Figure.RETURNED])
        services = {row.id: row.service_id for row in rows}
        for found in self.called.found(rows):
            id_ = found.id or ""
            yield self._happening(
                fates[id_], found, lacking=frozenset((services[id_], code) for code in lacking.get(id_, ()))
            )

    def _lacking(self, ids: Sequence[str]) -> dict[str, set[str]]:
        """What was missing or faulty at the first visit of each returned application; a group counts as one."""
        firsts: dict[str, Visit] = {}
        visits = select(Visit).where(Visit.application_id.in_(ids))
        for visit in self.session.scalars(visits.order_by(Visit.finished_at, Visit.eid)):
            firsts.setdefault(visit.application_id or "", visit)
        self.standards |= {visit.standard_id for visit in firsts.values()}
        codes: dict[str, set[str]] = {}
        for check in self.session.scalars(
            select(DocumentCheck).where(
                DocumentCheck.visit_id.in_([visit.id for visit in firsts.values()]),
                DocumentCheck.state.in_((State.MISSING, State.FAULTY)),
            )
        ):
            code = EXTRA if check.is_extra else check.group or check.requirement_code
            codes.setdefault(check.application_id, set()).add(code)
        return codes

    def _later(self) -> Iterator[Happening]:
        moves: dict[str, StatusMove] = {}
        for move in self.session.scalars(
            select(StatusMove).where(*self._during(StatusMove.complete_at)).order_by(StatusMove.complete_at.desc())
        ):
            if move.visit_id not in self.undone:
                moves[move.application_id] = move
        rows = [
            row for row in self._files(moves) if row.on_date < self.day and row.state != "VOID"
        ]
        for found in self.called.found(rows):
            move = moves[found.id or ""]
            yield self._happening(Figure.LATER, self._by(found, move.at, move.officer_id))

    def _visits(self, visits: Iterable[Visit]) -> Iterator[Happening]:
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
            counter.id for counter in self.session.scalars(select(Counter))
            if not set(counter.agency_ids).isdisjoint(self.desk.agency_ids)
        }
        for visit in alone:
            agency_id, service_id = services.get(visit.standard_id or "", ("", ""))
            if agency_id in self.desk.agency_ids or (not agency_id and visit.counter_id in counters):
                row = Found(
                    id=None, number="", on_date=self.day, at=visit.finished_at, agency_id=agency_id,
                    service_id=service_id, service=self.called.services.get(service_id, ""),
                    counter_id=visit.counter_id, counter=self.called.counters.get(visit.counter_id, ""),
                    officer_id=visit.officer_id, officer=self.called.officers.get(visit.officer_id, ""),
                    state="", remark=_(VISIT_OUTCOMES.get(visit.outcome, visit.outcome)),
                )
                yield self._happening(Figure.VISITS, row, outcome=visit.outcome)

    def _reprints(self) -> Iterator[Happening]:
        prints = self.session.scalars(
            select(PaperPrint).where(*self._during(PaperPrint.at), PaperPrint.copy_no > 0)
        )
        for print_, found in self._about(prints):
            remark = _("CETAK ULANG ke-{count} ({reason})").format(
                count=print_.copy_no, reason=_(REPRINT_REASONS.get(print_.reason_code or "", "–"))
            )
            yield self._happening(
                Figure.REPRINTS, replace(self._by(found, print_.at, print_.officer_id), remark=remark)
            )

    def _corrections(self) -> Iterator[Happening]:
        corrections = self.session.scalars(select(Correction).where(*self._during(Correction.at)))
        for correction, found in self._about(corrections):
            yield self._happening(Figure.CORRECTIONS, self._by(found, correction.at, correction.officer_id))

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

    def _files(self, ids: Iterable[str]) -> list[ApplicationNow]:
        return list(
            self.session.scalars(
                select(ApplicationNow)
                .where(ApplicationNow.id.in_(sorted(ids)), ApplicationNow.agency_id.in_(self.desk.agency_ids))
            )
        )

    def _by(self, found: Found, at: datetime, officer_id: str) -> Found:
        """The file as the act's own list shows it: when it was done and by whom."""
        return replace(found, at=at, officer_id=officer_id, officer=self.called.officers.get(officer_id, ""))

    def _timings(self, visits: Iterable[Visit]) -> Iterator[Timing]:
        with_file = [visit for visit in visits if visit.application_id is not None]
        counted = {row.id for row in self._files({visit.application_id or "" for visit in with_file})
                   if row.state != "VOID"}
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
                    search.number_text(number)[11:] for of, _serial, number, state in records
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
                "{count} berkas belum ada data kunjungannya.", "{count} berkas belum ada data kunjungannya.",
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
