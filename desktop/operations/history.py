"""A file's card: how it stands, who is in it, and the checklist of its last visit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import N_, _, clock_time, long_date
from desktop.models.application import Application, DocumentCheck
from desktop.models.catalog import Agency, Service
from desktop.models.local import ApplicationNow
from desktop.models.people import Party
from desktop.models.standard import said
from desktop.operations import access, correcting, issuing, search, voiding
from desktop.operations.desk import Desk
from desktop.operations.people import shown_nik, shown_phone
from desktop.operations.requirements import FAULT_LABELS, Fault, State
from desktop.operations.story import ROLES, Event, Story, role_word

FOR_WHOM = {
    1: N_("sendiri"),
    2: N_("anak"),
    3: N_("orang lain, diwakilkan dengan surat kuasa"),
    4: N_("badan usaha"),
    5: N_("tanah, kendaraan, atau objek lain"),
}


@dataclass(frozen=True)
class Was:
    """What stood in a field of a person before it was corrected, covered as the field itself; by whom and when."""

    field: str
    value: str
    at: datetime
    officer: str


@dataclass(frozen=True)
class Person:
    """Somebody in a file as the card shows them: NIK and phone are covered (users.md 1.7).

    ``code`` is the role as it is kept, ``role`` as it is said.
    """

    id: str
    code: str
    role: str
    name: str
    nik: str
    phone: str
    place: str
    was: tuple[Was, ...] = ()


@dataclass(frozen=True)
class Checked:
    """A line of the frozen checklist; ``kind`` is good, warning, bad or muted, ``word`` says the same."""

    ordinal: int
    name: str
    kind: str
    word: str


@dataclass(frozen=True)
class Card:
    """A file as it stands. Of another agency's file only number, state and promise are told (users.md 1.11).

    ``paper`` is the last one issued ("receipt", "slip") or None; ``replaces`` and ``replaced_by`` are numbers of files
    of which one stands in for the other; moments are on the hall's clock.
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
    is_for_child: bool = False
    replaces: str = ""
    replaced_by: str = ""
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
    return _tell(Story(session, desk, application), outline) if is_ours else outline


def reveal(session: Session, desk: Desk, application_id: str) -> list[tuple[str, str]]:
    """NIK and phone of everybody in the file, uncovered, in the order of the card; the look is written down."""
    application = session.get(Application, application_id)
    if application is None or application.agency_id not in desk.agency_ids:
        raise UserError(_("Berkas ini milik instansi lain. Arahkan pemohon ke gerainya."))
    access.record_access(session, desk, "reveal", application_id=application_id)
    return [
        (shown_nik(party.nik, party.no_nik_reason, covered=False), shown_phone(party.phone, covered=False))
        for party in parties(session, application_id)
    ]


def _tell(story: Story, outline: Card) -> Card:
    application, desk = story.application, story.desk
    checks = [check for check in story.checks if story.last is not None and check.visit_id == story.last.id]
    # The earliest completing move that was not taken back: the legal moment of completeness.
    complete = next((m for m in story.moves if m.complete_at is not None and m.visit_id not in story.undone), None)
    before = story.session.get(Application, application.previous_id) if application.previous_id else None
    return replace(
        outline,
        missing=len(story.short(story.last)) if story.last is not None else 0,
        complete_at=desk.local(complete.complete_at) if complete and complete.complete_at else None,
        promise=promise_text(desk.local(complete.promised_at)) if complete and complete.promised_at else "",
        counter=story.called.counters.get(application.counter_id, ""),
        officer=story.officer(application.received_by),
        variant=_variant(story),
        for_whom=_(FOR_WHOM.get(application.for_whom, "")),
        standard=_standard(story),
        visits=len(story.visits),
        paper=issuing.last_paper(story.session, application.id),
        can_resume=outline.state == "RETURNED",
        is_for_child=application.for_whom == 2,
        replaces=search.number_text(before.number) if before else "",
        replaced_by=voiding.replacement(story.session, voiding.void_move(story.session, application.id)),
        people=tuple(_person(story, party) for party in parties(story.session, application.id)),
        checks=tuple(_checked(story, check) for check in checks),
        events=tuple(story.events()),
    )


def _person(story: Story, party: Party) -> Person:
    return Person(
        party.id,
        party.role,
        role_word(party.role, story.application.for_whom),
        party.full_name,
        shown_nik(party.nik, party.no_nik_reason),
        shown_phone(party.phone),
        party.place_text or "",
        was=tuple(_replaced(story, party)),
    )


def _replaced(story: Story, party: Party) -> Iterator[Was]:
    """The last value each field had before it was corrected."""
    last = {correction.field: correction for correction in story.corrections if correction.about_id == party.id}
    for field, correction in last.items():
        change = correcting.change_of(story.session, correction)
        if change is not None:
            at = story.desk.local(correction.at)
            yield Was(field, change.was or "–", at, story.officer(correction.officer_id))


def _variant(story: Story) -> str:
    variants = story.definition.variants if story.definition else ()
    return next((variant.name for variant in variants if variant.code == story.application.variant), "")


def _standard(story: Story) -> str:
    if story.standard is None:
        return ""
    if story.standard.state != "decreed":
        return _("Contoh (belum ditetapkan)")
    return _("Ditetapkan: {number}").format(number=story.standard.decree_no or "–")


def _checked(story: Story, check: DocumentCheck) -> Checked:
    kind, word = _state_of(story, check)
    return Checked(check.ordinal, story.name(check), kind, word)


def _state_of(story: Story, check: DocumentCheck) -> tuple[str, str]:
    if check.state == State.FAULTY:
        requirement = story.requirement(check)
        if check.fault_code == Fault.TOO_FEW and requirement and check.copies is not None:
            return "warning", _("Kurang {count} lembar").format(count=requirement.copies - check.copies)
        words = _(FAULT_LABELS[Fault(check.fault_code)]) if check.fault_code else _("lainnya")
        return "warning", words[:1].upper() + words[1:]
    return {
        State.PRESENT: ("good", _("Ada")),
        State.MISSING: ("bad", _("Belum dibawa")),
        State.NOT_NEEDED: ("muted", _("Tidak diperlukan")),
    }.get(State(check.state), ("muted", _("Belum diperiksa")))


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
