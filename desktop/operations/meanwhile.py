"""What another counter did to a file that is open here: seen while it stands on the desk, and never written over.

A file's version is the set of entries that its moves and its people show. A form carries the version it was filled
from; where the file shows another by now, somebody was there meanwhile.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import Conflict
from desktop.i18n import _, clock_time
from desktop.models import clock
from desktop.models.access import Officer
from desktop.models.base import plain
from desktop.models.catalog import Counter, Node
from desktop.models.journal import Entry
from desktop.models.local import ApplicationNow, Meta
from desktop.operations.desk import Desk
from desktop.operations.intake_form import IntakeForm, PartyForm
from desktop.operations.requirements import Check, Extra

# What of a person is typed as one: half of it from here and half from there would be nobody's.
TOGETHER = {
    "name": ("name",),
    "nik": ("nik", "no_nik_reason"),
    "identifier": ("kind", "id_kind", "identifier"),
    "birth_date": ("birth_date",),
    "phone": ("phone", "phone_declined"),
    "village": ("village_code", "place_text"),
}


@dataclass(frozen=True)
class Meanwhile:
    """The last change of a file since it was opened here; ``goes_on`` where the form that stands here still can,
    ``is_here`` where it was made on this PC."""

    application_id: str
    counter: str
    officer: str
    at: datetime
    state: str | None
    goes_on: bool
    is_here: bool

    def words(self, desk: Desk) -> str:
        """ "Diubah di Loket 3 oleh Rini, pukul 10.41." """
        time = clock_time(desk.local(self.at))
        if not self.officer:
            return _("Diubah di {counter}, pukul {time}.").format(counter=self.counter, time=time)
        return _("Diubah di {counter} oleh {officer}, pukul {time}.").format(
            counter=self.counter, officer=self.officer, time=time
        )


@dataclass(frozen=True)
class Both:
    """A field of a person that was changed there and typed here; what was typed stays."""

    field: str
    theirs: PartyForm
    mine: PartyForm


def counter_of(session: Session, origin: str) -> str:
    """The name of the counter whose PC made an entry."""
    name = session.scalars(
        select(Counter.name).join(Node, Node.counter_id == Counter.id).where(Node.id == origin)
    ).first()
    return name or _("PC lain")


def version_of(session: Session, application_id: str) -> tuple[str, ...]:
    """The entries that a file shows now, in one order."""
    return tuple(sorted(row.eid for row in _rows(session, application_id)))


def changed_since(
    session: Session, application_id: str, seen: tuple[str, ...], *, replaced: bool = False
) -> Meanwhile | None:
    """Who changed the file last since it showed ``seen``; None where it still does.

    A further visit goes on while papers are missing, a file in its place (``replaced``) until it is void.
    """
    new = [row for row in _rows(session, application_id) if row.eid not in seen]
    if not new:
        return None
    last = max(new, key=lambda row: (row.ehlc, row.eid))
    entry = session.get(Entry, last.eid)
    officer = session.get(Officer, entry.officer_id) if entry is not None and entry.officer_id else None
    state = session.get_one(ApplicationNow, application_id).state
    return Meanwhile(
        application_id,
        counter_of(session, entry.origin if entry is not None else ""),
        officer.display_name if officer else "",
        clock.wall_time(entry.hlc if entry is not None else last.ehlc),
        state,
        state != "VOID" if replaced else state == "RETURNED",
        entry is not None and entry.origin == session.get_one(Meta, "journal").value["node"],
    )


def refuse_changed(session: Session, desk: Desk, application_id: str, seen: tuple[str, ...], way_on: str) -> None:
    """Conflict where the file no longer shows ``seen``; ``way_on`` says which key goes on from there."""
    changed = changed_since(session, application_id, seen) if seen else None
    if changed is not None:
        words = _("{changed} Belum ada yang disimpan; ketikan Anda tetap di sini. {way_on}")
        raise Conflict(words.format(changed=changed.words(desk), way_on=way_on))


def caught_up(opened: IntakeForm, mine: IntakeForm, theirs: IntakeForm) -> tuple[IntakeForm, tuple[Both, ...]]:
    """A form as the file it is about stands by now, with what was typed since it was ``opened``.

    A paper that was accepted there is accepted; a field that both changed keeps what was typed here and is named.
    """
    marks: dict[str, Check] = {code: check for code, check in mine.checks.items() if code not in opened.checks}
    extras = list(theirs.extras)
    for extra in mine.extras:
        if extra not in opened.extras and extra not in theirs.extras:
            extras.append(_renumbered(extra, extras, marks))
    both: list[Both] = []
    parties: dict[str, Any] = {
        role: _person([getattr(form, role) or PartyForm() for form in (opened, mine, theirs)], both)
        for role in ("applicant", "subject", "proxy")
        if getattr(mine, role) is not None or getattr(theirs, role) is not None
    }
    group = mine if mine.vulnerable_group != opened.vulnerable_group else theirs
    answers = theirs.answers if theirs.application_id else mine.answers
    form = replace(
        mine, checks=marks | dict(theirs.checks), extras=tuple(extras), vulnerable_group=group.vulnerable_group,
        seen=theirs.seen, answers=answers, **parties,
    )  # fmt: skip
    return form, tuple(both)


def _rows(session: Session, application_id: str) -> list[Any]:
    """What can change a file under somebody's hands: every visit, void and hand-over is a move, the rest is people."""
    return [*plain(session, _SHOWN, application_id)]


_SHOWN = (
    "SELECT eid, ehlc FROM status_move WHERE application_id = ?1"
    " UNION ALL SELECT eid, ehlc FROM party WHERE application_id = ?1"
)


def _renumbered(extra: Extra, extras: list[Extra], marks: dict[str, Check]) -> Extra:
    """Both counters give the next number to what they ask for beyond the standard."""
    taken = {known.code for known in extras}
    if extra.code not in taken:
        return extra
    code = next(f"EXTRA_{n}" for n in range(1, 100) if f"EXTRA_{n}" not in taken | marks.keys())
    if extra.code in marks:
        marks[code] = marks.pop(extra.code)
    return replace(extra, code=code)


def _person(forms: Sequence[PartyForm], both: list[Both]) -> PartyForm:
    opened, mine, theirs = forms
    kept: dict[str, Any] = {}
    for field, parts in TOGETHER.items():
        was, here, there = ({part: getattr(form, part) for part in parts} for form in (opened, mine, theirs))
        kept |= there if here == was else here
        if here not in (was, there) and there != was:
            both.append(Both(field, theirs, mine))
    return replace(theirs, **kept)
