"""A day of a desk's agencies read into its figures, and the day as the supervisor signs it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.i18n import _, clock_time, day_month
from desktop.models.access import Officer, OfficerPrivate
from desktop.models.catalog import Agency, Counter, Hall
from desktop.models.local import ApplicationNow
from desktop.models.standard import said
from desktop.operations import access, search
from desktop.operations.access import SUPERVISORS
from desktop.operations.day_reading import DayReading
from desktop.operations.desk import Desk
from desktop.operations.figures import NAMES, Day, Figure, Happening, Pick, Share
from desktop.operations.paper_words import letterhead_of
from desktop.operations.paperwork import HourTally, MissingTally, SummaryFacts, Tally
from desktop.operations.search import Found


def day_of(session: Session, desk: Desk, day: date) -> Day:
    """A day of the desk's agencies; an officer who is neither supervisor nor admin sees what is their own."""
    whole = DayReading(session, desk, day).whole()
    officer = session.get(Officer, desk.officer_id)
    may_see_all = officer is not None and officer.role in SUPERVISORS
    return whole if may_see_all else whole.of_officer(desk.officer_id)


def files_of(session: Session, desk: Desk, day: date, pick: Pick) -> list[Found]:
    """The list behind a number of the day's summary: as many lines as the number says."""
    return lines(session, day_of(session, desk, day), pick)


def lines(session: Session, told: Day, pick: Pick) -> list[Found]:
    """The happenings that a pick counts as lists show them, newest first: each when it was done and by whom."""
    picked = told.of(pick)
    rows = search.files_where(session, ApplicationNow.id.in_({happening.file_id for happening in picked}))
    names = search.Names(session)
    files = {file.id: file for file in names.found(rows)}
    shown = [
        replace(
            files[happening.file_id] if happening.file_id else _without_file(happening, told.day, names),
            at=datetime.fromisoformat(happening.at),
            officer_id=happening.officer_id,
            officer=names.officers.get(happening.officer_id, ""),
            remark=happening.remark,
        )
        for happening in picked
    ]
    return sorted(shown, key=lambda line: (line.at, line.number), reverse=True)


def _without_file(visit: Happening, day: date, names: search.Names) -> Found:
    return Found(
        id=None,
        number="",
        on_date=day,
        at=datetime.fromisoformat(visit.at),
        agency_id=visit.agency_id,
        service_id=visit.service_id,
        service=names.services.get(visit.service_id, ""),
        counter_id=visit.counter_id,
        counter=names.counters.get(visit.counter_id, ""),
        officer_id=visit.officer_id,
        officer="",
        state="",
    )


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
        is_open=told.is_open,
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


def _tally(share: Share) -> Tally:
    return Tally(share.name, share.received, share.complete, share.returned, share.void, conditional=share.conditional)
