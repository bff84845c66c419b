"""Seeded days of a hall that never was, for the demo, the tour, tests, pictures and measurements.

The same seed gives the same people, papers and minutes. No NIK here can be a person's: there is no province 99.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy.orm import Session

from desktop.models.catalog import Service
from desktop.models.standard import Definition
from desktop.operations import correcting, earlier, intake, issuing, setup, voiding
from desktop.operations.case import BY_PROXY, CHILD, FOR_COMPANY, SELF, Case, questions
from desktop.operations.catalog import definition_of, standard_in_force
from desktop.operations.desk import Desk
from desktop.operations.intake_form import SLIP, IntakeForm, Outcome, PartyForm
from desktop.operations.promise import load_working_days
from desktop.operations.requirements import Check, Fault, State, assess
from desktop.operations.undo import undo
from desktop.store import Store

WOMEN = (
    "Siti", "Sri", "Dewi", "Nur", "Rina", "Wati", "Indah", "Lestari", "Ratna", "Yuni", "Aminah", "Kartika", "Fitri",
    "Endang", "Puji", "Tutik", "Anisa", "Wulan", "Retno", "Maryam",
)  # fmt: skip
MEN = (
    "Agus", "Bambang", "Budi", "Dwi", "Eko", "Hadi", "Joko", "Slamet", "Sutrisno", "Wahyu", "Ahmad", "Muhammad",
    "Nugroho", "Prasetyo", "Santoso", "Setiawan", "Susilo", "Widodo", "Yusuf", "Zaenal",
)  # fmt: skip
SURNAMES = (
    "Rahmawati", "Wibowo", "Lestari", "Hidayat", "Nugroho", "Saputra", "Handayani", "Kurniawan", "Wijayanti", "Ma'ruf",
    "Prasetyo", "Utami", "Purnomo", "Astuti", "Hartono", "Safitri", "Maulana", "Suryani", "Kusuma", "Aini",
)  # fmt: skip

OPENING, CLOSING = time(8, 2), time(14, 40)
SHORT_SHARE = 0.18
PROXY_SHARE = 0.12
COMES_BACK_SHARE = 0.6
# Which file of a day has a mistake in it; the second every other day, today among them.
MISTYPED, DOUBLE = 5, 11
PUT_RIGHT_AFTER = timedelta(minutes=3)


@dataclass(frozen=True)
class Offer:
    """A service with the standard in force, and how much it is asked for."""

    service: Service
    definition: Definition
    weight: int


class Hall:
    """The luck of a training hall: people, cases and days drawn from one seed."""

    def __init__(self, seed: int = 3319) -> None:
        self.luck = random.Random(seed)

    def person(self, today: date, *, child: bool = False) -> PartyForm:
        """Somebody with a name, a NIK of nobody, a phone (most of them) and a village of Kudus."""
        luck = self.luck
        is_woman = luck.random() < 0.55
        years = luck.randint(0, 15) if child else luck.randint(18, 78)
        born = today - timedelta(days=years * 365 + luck.randint(5, 360))
        name = f"{luck.choice(WOMEN if is_woman else MEN)} {luck.choice(SURNAMES)}"
        return PartyForm(
            name=name,
            nik=f"9901{luck.randint(1, 9):02}{born.day + 40 * is_woman:02}{born:%m%y}{luck.randint(1, 9999):04}",
            phone="" if luck.random() < 0.15 else f"0812{luck.randint(10_000_000, 99_999_999)}",
            birth_date=born,
            village_code=f"33.19.{luck.randint(1, 9):02}.{2001 + luck.randint(0, 9)}",
        )

    def form(self, offer: Offer, today: date, *, is_short: bool | None = None) -> IntakeForm:
        """A whole case at the desk: who, for whom, every question answered, every paper looked at."""
        luck, definition = self.luck, offer.definition
        for_whom = definition.default_for_whom
        if for_whom == SELF and definition.proxy_allowed and luck.random() < PROXY_SHARE:
            for_whom = BY_PROXY
        case = Case(
            variant=luck.choice(definition.variants).code if definition.variants else None,
            for_whom=for_whom,
            answers={},
            on=today,
        )
        applicant = self.person(today)
        subject = proxy = None
        if for_whom == BY_PROXY:
            proxy = replace(self.person(today), phone="", village_code=None)
        elif for_whom != SELF:
            subject = self._subject(for_whom, today)
        case = replace(
            case, applicant_birth=applicant.birth_date, subject_birth=subject.birth_date if subject else None
        )
        while left := [q for q in questions(definition, case) if q.code not in case.answers]:
            case = replace(case, answers={**case.answers, left[0].code: luck.random() < 0.4})
        checks = self._checks(definition, case, luck.random() < SHORT_SHARE if is_short is None else is_short)
        return IntakeForm(
            service_id=offer.service.id,
            applicant=applicant,
            subject=subject,
            proxy=proxy,
            for_whom=for_whom,
            variant=case.variant,
            answers=case.answers,
            checks=checks,
            unchecked_is_missing=True,
        )

    def _subject(self, for_whom: int, today: date) -> PartyForm:
        if for_whom == CHILD:
            return replace(self.person(today, child=True), nik="", no_nik_reason="baby", phone="", village_code=None)
        if for_whom == FOR_COMPANY:
            return PartyForm(name=f"CV {self.luck.choice(SURNAMES)} Jaya", kind="company")
        return PartyForm(name=f"K {self.luck.randint(1000, 9999)} {self.luck.choice('ABCDE')}K", kind="object")

    def _checks(self, definition: Definition, case: Case, is_short: bool) -> dict[str, Check]:
        lines = assess(definition, case, {}).lines
        checks = {line.code: Check(State.PRESENT, copies=line.copies_wanted or None) for line in lines}
        blocking = [line for line in lines if not line.optional]
        if is_short and blocking:
            for line in self.luck.sample(blocking, k=min(len(blocking), self.luck.choice((1, 1, 1, 2)))):
                checks[line.code] = (
                    Check(State.FAULTY, self.luck.choice((Fault.UNREADABLE, Fault.EXPIRED, Fault.DATA_DIFFER)))
                    if self.luck.random() < 0.3
                    else Check(State.MISSING)
                )
        return checks

    def minutes(self, day: date, desk: Desk, count: int) -> Iterator[datetime]:
        """When ``count`` people finish on a day: busy in the morning, quiet at noon."""
        first, last = (datetime.combine(day, at, desk.zone) for at in (OPENING, CLOSING))
        span = (last - first).total_seconds()
        yield from sorted(first + timedelta(seconds=span * self.luck.betavariate(1.2, 1.7)) for _ in range(count))


def offers(session: Session, desk: Desk) -> list[Offer]:
    """What this desk offers, the common services more often."""
    found = []
    for place, service in enumerate(setup.services(session, desk)):
        standard = standard_in_force(session, service.id, session.info["now"])
        if standard is not None:
            found.append(Offer(service, definition_of(standard), max(1, 12 - place)))
    return found


def fill(store: Store, desk: Desk, *, days: int, per_day: int = 26, seed: int = 3319) -> int:
    """Live ``days`` calendar days up to yesterday, and this morning, at this desk; returns the applications made.

    Closed days stay empty. Some come back with what was missing; names are put right, files made void, papers lost.
    """
    hall = Hall(seed)
    today = desk.day(store.clock())
    with store.reading() as session:
        offered = offers(session, desk)
        calendar = load_working_days(session, offered[0].service.agency_id)
    waiting: list[tuple[date, Outcome]] = []
    made = 0
    for back in range(days, -1, -1):
        day = today - timedelta(days=back)
        if not calendar.is_working(day):
            continue
        due = [outcome for when, outcome in waiting if when <= day]
        waiting = [(when, outcome) for when, outcome in waiting if when > day]
        count = hall.luck.randint(per_day * 2 // 3, per_day * 4 // 3)
        mistakes: list[tuple[datetime, PutRight, Outcome]] = []
        with store.saving(desk.officer_id) as session:
            for place, finished in enumerate(hall.minutes(day, desk, count)):
                if finished > store.clock():
                    break
                session.info["now"] = finished
                if due and hall.luck.random() < 0.3:
                    _come_back(session, desk, hall, due.pop())
                    continue
                outcome = _receive(session, desk, hall, offered, day)
                made += 1
                if place == MISTYPED:
                    mistakes.append((finished, _mistyped, outcome))
                elif place == DOUBLE and back % 2 == 0:
                    mistakes.append((finished, _double, outcome))
                elif outcome.paper == SLIP and hall.luck.random() < COMES_BACK_SHARE:
                    waiting.append((day + timedelta(days=hall.luck.randint(1, 5)), outcome))
                elif made % 157 == 0:
                    mistakes.append((finished, undo, outcome))
                elif made % 89 == 0:
                    issuing.reprint(session, desk, outcome.application_id, "lost")
                elif hall.luck.random() < 0.06:
                    intake.record_visit(session, desk, hall.luck.choice(intake.VISIT_OUTCOMES))
            for job in issuing.waiting_prints(session):
                job.state = "sent"
        for finished, put_right, outcome in mistakes:
            with store.saving(desk.officer_id) as session:
                session.info["now"] = min(finished + PUT_RIGHT_AFTER, store.clock())
                put_right(session, desk, outcome)
                for job in issuing.waiting_prints(session):
                    job.state = "sent"
    return made


PutRight = Callable[[Session, Desk, Outcome], None]


def _mistyped(session: Session, desk: Desk, outcome: Outcome) -> None:
    seen = correcting.opened(session, desk, outcome.application_id)[0]
    edit = (seen, replace(seen.form, name=f"{seen.form.name}, S.E."))
    if correcting.correct(session, desk, outcome.application_id, [edit], "asked"):
        issuing.reprint(session, desk, outcome.application_id, issuing.CORRECTED)


def _double(session: Session, desk: Desk, outcome: Outcome) -> None:
    voiding.void(session, desk, outcome.application_id, "double")


def _receive(session: Session, desk: Desk, hall: Hall, offered: Sequence[Offer], day: date) -> Outcome:
    offer = hall.luck.choices(offered, weights=[offer.weight for offer in offered])[0]
    form = hall.form(offer, day)
    started = session.info["now"] - timedelta(seconds=hall.luck.lognormvariate(5.3, 0.5))
    return intake.receive(session, desk, replace(form, started_at=started))


def _come_back(session: Session, desk: Desk, hall: Hall, outcome: Outcome) -> None:
    form = earlier.resume(session, desk, outcome.application_id)
    codes = earlier.asked_codes(session, outcome.application_id)
    checks = {code: Check(State.PRESENT) for code in codes}
    started = session.info["now"] - timedelta(seconds=hall.luck.lognormvariate(4.6, 0.4))
    intake.receive(session, desk, replace(form, checks=checks, started_at=started, unchecked_is_missing=True))


PIN = "240816"


def make_hall(store: Store, agency_codes: tuple[str, ...] = ("DKC",)) -> tuple[str, Desk]:
    """A training hall in an empty store: returns the officer's id and the desk. The officer's PIN is ``PIN``."""
    plan = setup.FirstRun(
        hall_name="Mal Pelayanan Publik Kabupaten Contoh",
        agency_codes=agency_codes,
        counter_name="Loket 7",
        booth="Loket 5–8",
        floor="Lantai 1",
        officer_name="Siti Rahmawati",
        pin=PIN,
        letterhead={"hours": "Senin–Kamis 08.00–15.00, Jumat 08.00–11.00", "phone": "0291-000000",
                    "complaint_phone": "0291-000000"},
    )  # fmt: skip
    with store.saving(None) as session:
        _counter_id, officer_id = setup.first_run(session, plan, setup.shipped_catalogue())
    with store.reading() as session:
        return officer_id, setup.desk_for(session, officer_id, training=True)
