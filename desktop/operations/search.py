"""Finding files again over all days, by number, NIK, name, phone, service or state; and the list of one day."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy import text as sql
from sqlalchemy.orm import Session

from desktop.i18n import N_, _
from desktop.models.access import Officer
from desktop.models.application import Visit
from desktop.models.base import now
from desktop.models.catalog import Counter, Service
from desktop.models.kinds import moment_text
from desktop.models.local import ApplicationNow
from desktop.models.names import fold, meets, wanted
from desktop.models.people import Party
from desktop.models.standard import said
from desktop.operations.cleaning import clean
from desktop.operations.desk import Desk
from desktop.operations.entry import rank_services
from desktop.operations.identity import mask_nik

# The words of a list for each state (domain.md 2.2, users.md 3), in the order a file goes through them.
STATES: dict[str, str] = {
    "RETURNED": N_("Belum lengkap"),
    "REGISTERED": N_("Terdaftar"),
    "FORWARDED": N_("Diteruskan"),
    "IN_PROCESS": N_("Diproses"),
    "FIELD_CHECK": N_("Peninjauan lapangan"),
    "APPLICANT_FIX": N_("Perlu perbaikan"),
    "AWAITING_PAYMENT": N_("Menunggu pembayaran"),
    "AWAITING_STOCK": N_("Menunggu blangko"),
    "READY": N_("Siap diambil"),
    "HANDED_OVER": N_("Sudah diserahkan"),
    "REJECTED": N_("Ditolak"),
    "WITHDRAWN": N_("Dicabut pemohon"),
    "LAPSED": N_("Gugur"),
    "VOID": N_("Dibatalkan"),
}
# More words in a query make it slower and never clearer.
MOST_WORDS = 8
MOST_LETTERS = 200
# So many files of a search are listed; whoever wants another one types more of it.
MOST_FOUND = 50
LEAST_NIK = 4
LEAST_PHONE = 7
# Words of services and states are looked for in the lists of so many days; numbers and people in all.
DAYS_OF_WORDS = 400
# Beyond so many holders of a NIK's first digits, walking from the newest file finds a page of them sooner.
MANY = 5_000

_BETWEEN = re.compile(r"[\s().\-\u2010-\u2015\u2212]+")


@dataclass(frozen=True)
class Found:
    """A file as lists show it: the NIK is covered already; ``at`` (UTC) is the moment the list is about.

    ``id`` is None for a visit without a file; ``remark`` says what the list wants to add; ``also`` is who else in the
    file was meant, where it was not the applicant.
    """

    id: str | None
    number: str
    on_date: date
    at: datetime
    agency_id: str
    service_id: str
    service: str
    counter_id: str
    counter: str
    officer_id: str
    officer: str
    state: str | None
    missing: int = 0
    applicant: str = ""
    subject: str = ""
    nik_masked: str = ""
    remark: str = ""
    also: str = ""

    @property
    def number_text(self) -> str:
        """ "261123-107-0041-3", or nothing for a visit without a file."""
        return number_text(self.number)

    @property
    def short(self) -> str:
        """ "0041-3": what people say."""
        return self.number_text[11:]

    @property
    def state_word(self) -> str:
        """The state as a list says it."""
        return state_word(self.state)


def number_text(digits: str) -> str:
    """The 14 digits as they stand on paper."""
    return f"{digits[:6]}-{digits[6:9]}-{digits[9:13]}-{digits[13:]}" if digits else ""


def state_word(state: str | None) -> str:
    """ "Belum lengkap" for RETURNED, and so on; a file whose acts have not arrived says so."""
    if state is None:
        return _("Data belum sampai")
    return _(STATES[state]) if state in STATES else state


# ------------------------------------------------------------------------------------------------------------
# Over all days


def find(
    session: Session, text: str, *, agency_ids: Collection[str], day: date | None = None, limit: int = MOST_FOUND
) -> list[Found]:
    """The files of these agencies that ``text`` may mean: those of ``day`` first, then the newest, at most ``limit``.

    Understood are a number (whole, begun, or the digits people say), a NIK or its first digits (4 or more), a phone
    number, a name however it is spelt, and the words of a service or a state. Any text is safe; one that means nothing
    finds nothing.
    """
    sought = clean(text[:MOST_LETTERS])
    digits = _BETWEEN.sub("", sought)
    is_digits = re.fullmatch(r"\+?[0-9]+", digits) is not None
    ways = _by_digits if is_digits else _by_words
    places = {"agencies": json.dumps(sorted(agency_ids)), "most": limit, "day": (day or date.min).isoformat()}
    meant = ways(session, digits if is_digits else sought, agency_ids)
    ids = {id_ for way in meant for id_ in way(session, places)}
    rows = files_where(session, ApplicationNow.id.in_(sorted(ids)))
    nearest = sorted(rows, key=lambda row: (row.on_date == day, row.received_at, row.number), reverse=True)[:limit]
    listed = found(session, nearest)
    others = _others_meant(session, nearest, digits if is_digits else sought)
    return [replace(row, also=others[row.id]) if row.id in others else row for row in listed]


def files_where(session: Session, *conditions: Any) -> Sequence[Any]:
    """The files of which this is true, as plain rows: lists are long, and nobody edits them."""
    return session.execute(_FILES.where(*conditions)).all()


# What a list or a figure reads of a file, and no more: each moment that is read costs as much as ten words.
_FILES = select(
    ApplicationNow.id, ApplicationNow.number, ApplicationNow.on_date, ApplicationNow.received_at,
    ApplicationNow.received_by, ApplicationNow.agency_id, ApplicationNow.service_id, ApplicationNow.counter_id,
    ApplicationNow.state, ApplicationNow.first_outcome, ApplicationNow.missing, ApplicationNow.applicant,
    ApplicationNow.subject, ApplicationNow.nik,
)  # fmt: skip


_Way = Callable[[Session, Mapping[str, Any]], Iterable[str]]

_OURS = "a.agency_id IN (SELECT value FROM json_each(:agencies))"
_NUMBER = f"""
SELECT a.id FROM application_now a WHERE a.number >= :low AND a.number < :high AND {_OURS}
ORDER BY a.number DESC LIMIT :most"""
_SAID = f"""
SELECT a.id FROM application_now a WHERE a.said >= :low AND a.said < :high AND {_OURS}
ORDER BY a.on_date = :day DESC, a.on_date DESC, a.received_at DESC LIMIT :most"""
# The index holds at most four people of a file, and gives the newest first without looking at the others.
_PEOPLE = f"""
SELECT s.application_id FROM party_fts CROSS JOIN search_row s ON s.n = party_fts.rowid
CROSS JOIN application_now a ON a.id = s.application_id
WHERE party_fts MATCH :match AND {_OURS} ORDER BY party_fts.rowid DESC LIMIT 4 * :most"""
_NIK_FEW = f"""
SELECT a.id FROM party p CROSS JOIN application_now a ON a.id = p.application_id
WHERE p.nik >= :low AND p.nik < :high AND NOT p.deleted AND {_OURS}
ORDER BY a.received_at DESC LIMIT 4 * :most"""
_NIK_MANY = f"""
SELECT s.application_id FROM party_fts CROSS JOIN search_row s ON s.n = party_fts.rowid
CROSS JOIN party p ON p.id = s.party_id CROSS JOIN application_now a ON a.id = s.application_id
WHERE party_fts MATCH :match AND p.nik >= :low AND p.nik < :high AND {_OURS}
ORDER BY party_fts.rowid DESC LIMIT 4 * :most"""
_NIK_COUNT = "SELECT count(*) FROM (SELECT 1 FROM party WHERE nik >= :low AND nik < :high LIMIT :many)"
_LISTED = f"""
SELECT a.id FROM application_now a INDEXED BY ix_application_now_day
WHERE a.on_date >= :since AND {_OURS} AND a.%s IN (SELECT value FROM json_each(:wanted))
ORDER BY a.on_date DESC, a.agency_id, a.received_at DESC LIMIT :most"""


def _by_digits(session: Session, digits: str, agency_ids: Collection[str]) -> list[_Way]:
    bare = digits.lstrip("+")
    ways = []
    if len(bare) in (4, 5):
        ways.append(_ids(_SAID, **_begins(bare)))
    if 6 <= len(bare) <= 14:
        ways.append(_ids(_NUMBER, **_begins(bare)))
    if LEAST_NIK <= len(bare) <= 16 and bare == digits:
        ways.append(lambda session, places: _by_nik(session, bare, places))
    if len(bare) >= LEAST_PHONE:
        # kept as 62812…, typed as 0812…, 62812… or +62812…
        kept = bare[2:] if bare.startswith("00") else "62" + bare[1:] if bare.startswith("0") else bare
        ways.append(_ids(_PEOPLE, match=f'phone : "{kept}" *'))
    return ways


def _by_nik(session: Session, begun: str, places: Mapping[str, Any]) -> Iterable[str]:
    range_ = _begins(begun)
    few = session.execute(sql(_NIK_COUNT), {**range_, "many": MANY}).scalar_one() < MANY
    query = _NIK_FEW if few else _NIK_MANY
    return _ids(query, **range_, match=f'nik : "{begun[:LEAST_NIK]}" *')(session, places)


def _by_words(session: Session, sought: str, agency_ids: Collection[str]) -> list[_Way]:
    ways = []
    match = name_query(sought)
    if match:
        ways.append(_ids(_PEOPLE, match=match))
    since = (now(session) - timedelta(days=DAYS_OF_WORDS)).date().isoformat()
    services = {
        service.id: f"{service.name_id} {service.name_en} {service.code}"
        for service in session.scalars(select(Service).where(Service.agency_id.in_(agency_ids)))
    }
    meant = rank_services(sought, services)
    if meant:
        ways.append(_ids(_LISTED % "service_id", wanted=json.dumps(meant), since=since))
    states = states_meant(sought)
    if states:
        ways.append(_ids(_LISTED % "state", wanted=json.dumps(states), since=since))
    return ways


def _others_meant(session: Session, rows: Sequence[Any], sought: str) -> dict[str | None, str]:
    """Who was meant in the files whose applicant was not: a child, the one who holds the power of attorney."""
    looked_for = wanted(sought)

    def is_meant(name: str | None, nik: str | None) -> bool:
        return (nik or "").startswith(sought) or meets(looked_for, fold(name or ""))

    ids = [row.id for row in rows if not is_meant(row.applicant, row.nik)]
    parties = session.scalars(
        select(Party).where(Party.application_id.in_(ids), Party.role != "applicant", ~Party.deleted).order_by(Party.id)
    )
    return {party.application_id: party.full_name for party in parties if is_meant(party.full_name, party.nik)}


def _ids(query: str, **values: Any) -> _Way:
    return lambda session, places: session.scalars(sql(query), {**places, **values})


def _begins(digits: str) -> dict[str, str]:
    # ":" is the character after "9"
    return {"low": digits, "high": digits + ":"}


def name_query(words: str) -> str:
    """The full-text question for a name as far as it is typed, or nothing where too little is.

    Every word is quoted, so that no sign of the index's own language is ever understood (reliability.md 3).
    """
    typed = list(wanted(words)[:MOST_WORDS])
    if sum(len(spellings[0]) for spellings in typed) < 2:
        return ""
    # One letter at the end fits a third of all people and costs as much: the next letter decides.
    if len(typed) > 1 and len(typed[-1][0]) == 1:
        typed.pop()
    # Only the last word is still being typed; whole words are far cheaper to look up.
    asked = [" OR ".join(_quoted(spelt) for spelt in spellings) for spellings in typed[:-1]]
    asked.append(" OR ".join(f"{_quoted(spelt)} *" for spelt in typed[-1]))
    return f"name : ({' AND '.join(f'({one})' for one in asked)})"


def _quoted(word: str) -> str:
    return '"' + word.replace('"', '""') + '"'


def states_meant(words: str) -> list[str]:
    """The states whose words begin with what is typed ("belum", "batal" too, from the third letter)."""
    typed = words.casefold().split()
    if len("".join(typed)) < 3:
        return []
    meant = []
    for state, word in STATES.items():
        told = {*word.casefold().split(), *_(word).casefold().split()}
        told |= {part.removeprefix("di") for part in told}
        if all(any(part.startswith(begun) for part in told) for begun in typed):
            meant.append(state)
    return meant


# ------------------------------------------------------------------------------------------------------------
# One day


def day_list(session: Session, desk: Desk, day: date) -> list[Found]:
    """The files a day of the hall was about, newest first: received that day, or come back to that day.

    ``at`` of a file that came back is the end of its visit; of all others the moment it was received.
    """
    start, end = day_bounds(desk, day)
    came_back = {
        application_id: moment
        for application_id, moment in session.execute(
            select(Visit.application_id, Visit.finished_at)
            .where(Visit.finished_at >= start, Visit.finished_at < end, Visit.application_id.is_not(None))
            .order_by(Visit.finished_at)
        )
    }
    rows = files_where(
        session,
        ApplicationNow.agency_id.in_(desk.agency_ids),
        or_(ApplicationNow.on_date == day, ApplicationNow.id.in_(sorted(filter(None, came_back)))),
    )
    moments = {row.id: row.received_at if row.on_date == day else came_back[row.id] for row in rows}
    shown = sorted(rows, key=lambda row: (moments[row.id], row.number), reverse=True)
    return Names(session).found(shown, moments)


_COUNT = f"""
SELECT count(*) FROM application_now a WHERE {_OURS} AND (a.on_date = :day OR a.id IN (
    SELECT v.application_id FROM visit v WHERE v.finished_at >= :start AND v.finished_at < :end))"""


def day_count(session: Session, desk: Desk, day: date) -> int:
    """How long the list of a day is, without reading it: every news asks for it again."""
    start, end = (moment_text(moment) for moment in day_bounds(desk, day))
    places = {"agencies": json.dumps(sorted(desk.agency_ids)), "day": day.isoformat(), "start": start, "end": end}
    return int(session.execute(sql(_COUNT), places).scalar_one())


def day_bounds(desk: Desk, day: date) -> tuple[datetime, datetime]:
    """Beginning and end of a day of the hall (aware); a day in which the clocks change is not 24 hours."""
    return tuple(datetime.combine(d, time(), desk.zone) for d in (day, day + timedelta(days=1)))  # type: ignore[return-value]


class Names:
    """How services, counters and officers are called here, each by its id; those no longer in use too."""

    def __init__(self, session: Session) -> None:
        named = session.execute(select(Service.id, Service.name_id, Service.name_en))
        self.services = {id_: said(indonesian, english) for id_, indonesian, english in named}
        self.counters = dict(session.execute(select(Counter.id, Counter.name)).all())
        self.officers = dict(session.execute(select(Officer.id, Officer.display_name)).all())

    def found(self, rows: Iterable[Any], moments: Mapping[str, datetime] | None = None) -> list[Found]:
        """Applications as lists show them, in the order given."""
        return [
            Found(
                id=row.id,
                number=row.number,
                on_date=row.on_date,
                at=(moments or {}).get(row.id, row.received_at),
                agency_id=row.agency_id,
                service_id=row.service_id,
                service=self.services.get(row.service_id, ""),
                counter_id=row.counter_id,
                counter=self.counters.get(row.counter_id, ""),
                officer_id=row.received_by,
                officer=self.officers.get(row.received_by, ""),
                state=row.state,
                missing=row.missing,
                applicant=row.applicant or "",
                subject=row.subject or "",
                nik_masked=mask_nik(row.nik) if row.nik else "",
            )
            for row in rows
        ]


def found(session: Session, rows: Iterable[Any]) -> list[Found]:
    """Applications as lists show them, in the order given."""
    return Names(session).found(rows)
