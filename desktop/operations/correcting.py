"""Correcting the people of a kept file: the old value stays readable, with who changed it, when and why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import Conflict, UserError
from desktop.i18n import N_, _
from desktop.models.access import Officer
from desktop.models.application import Application, Correction
from desktop.models.base import new_id, now
from desktop.models.catalog import ServiceStandard
from desktop.models.journal import Entry
from desktop.models.kinds import pack
from desktop.models.people import Party
from desktop.operations import issuing
from desktop.operations.amending import amendable, note_consent
from desktop.operations.catalog import definition_of
from desktop.operations.conflicts import SETTLED
from desktop.operations.desk import Desk
from desktop.operations.earlier import party_form
from desktop.operations.identity import cover_niks
from desktop.operations.intake_form import DECLINED, RECEIPT, IntakeForm, PartyForm
from desktop.operations.notes import keep_words
from desktop.operations.people import check_parties, shown_birth, shown_nik, shown_phone, write_party

# In the order of their digits; the codes stay, the words may change.
REASONS = {
    "typing": N_("salah ketik"),
    "asked": N_("pemohon meminta"),
    "wrong_service": N_("salah layanan"),
    "other": N_("lainnya"),
}
# Two counters corrected the same person, and somebody chose: one line about the whole row (operations/conflicts.py).
ALL_REASONS = {**REASONS, SETTLED: N_("dua perubahan yang bertemu")}
# What can be corrected of a person, and the columns that hold it.
FIELDS = {
    "name": ("full_name",),
    "nik": ("nik", "no_nik_reason"),
    "identifier": ("id_no",),
    "birth_date": ("birth_date",),
    "phone": ("phone",),
    "village": ("village_code", "place_text"),
}
LABELS = {
    "name": N_("Nama"),
    "nik": N_("NIK"),
    "identifier": N_("Nomor identitas"),
    "birth_date": N_("Tanggal lahir"),
    "phone": N_("HP"),
    "village": N_("Alamat"),
}


@dataclass(frozen=True)
class Opened:
    """Somebody of a file as a correction finds them; ``version`` is what the form was filled from."""

    party_id: str
    role: str
    version: str
    form: PartyForm


@dataclass(frozen=True)
class Change:
    """What a correction replaced, covered as everywhere; ``was`` and ``became`` are empty where nothing stood."""

    role: str
    field: str
    was: str
    became: str


def opened(session: Session, desk: Desk, application_id: str) -> tuple[Opened, ...]:
    """The people of a file, to be corrected by this officer now. UserError where ``amendable`` says no."""
    amendable(session, desk, application_id)
    return tuple(_opened(party) for party in _parties(session, application_id))


def correct(
    session: Session,
    desk: Desk,
    application_id: str,
    edits: Sequence[tuple[Opened, PartyForm]],
    reason: str,
    words: str = "",
) -> bool:
    """Put people of a file right; True where its paper no longer says how things stand.

    Each edit is a person as the form found them and as they shall be; one line is kept per field that changed.
    ``words`` explain the reason and stay with the agency; "other" needs some. Raises Conflict, with both values, when
    a person was changed since the form was opened, and UserError with ``field`` where something has to be put right.
    """
    if reason not in REASONS:
        raise UserError(_("Pilih alasannya dengan angka."), field="reason")
    application = amendable(session, desk, application_id)
    edits = [(seen, form) for seen, form in edits if form != seen.form]
    kept = {party.id: party for party in _parties(session, application_id)}
    for seen, form in edits:
        _refuse_stale(session, desk, kept.get(seen.party_id), seen, form)
    paper = issuing.last_print(session, application_id)
    before = issuing.facts_of(session, paper.id) if paper else None
    _check(session, desk, application, kept.values(), edits, is_receipt=paper is not None and paper.paper == RECEIPT)
    changed = []
    for seen, form in edits:
        party = kept[seen.party_id]
        old = _values(party)
        write_party(session, desk, party, form)
        changed += [(party, field) for field in FIELDS if _differs(field, old, _values(party))]
    if not changed:
        raise UserError(_("Belum ada yang diubah."))
    note_consent(session, desk, application_id)
    session.flush()  # the people are stamped before what is said about them: ``change_of`` finds them by that
    for party, field in changed:
        correction = Correction(
            id=new_id(),
            application_id=application_id,
            about_table=Party.__tablename__,
            about_id=party.id,
            field=field,
            reason_code=reason,
            officer_id=desk.officer_id,
            at=now(session),
        )
        session.add(correction)
        is_told = keep_words(
            session, desk, application_id, Correction.__tablename__, correction.id, words, field="words"
        )
        if reason == "other" and not is_told:
            raise UserError(_("Tulis alasannya dengan singkat."), field="words")
    return paper is not None and issuing.facts_of(session, paper.id) != before


def changed_by(session: Session, people: Sequence[Opened]) -> str:
    """Who changed one of these people after a form was filled from them; nothing where nobody did."""
    for seen in people:
        party = session.get(Party, seen.party_id)
        if party is not None and party.eid != seen.version:
            return _writer(session, party)
    return ""


def change_of(session: Session, correction: Correction) -> Change | None:
    """What a correction replaced, out of the journal; None where its entries are not, or no longer, here."""
    said = session.get(Entry, correction.eid)
    if said is None or correction.field not in FIELDS:
        return None
    # The person's version of the same save: the newest of the same PC before the line about it.
    version = session.scalars(
        select(Entry)
        .where(Entry.row_id == correction.about_id, Entry.origin == said.origin, Entry.hlc < said.hlc)
        .order_by(Entry.hlc.desc())
        .limit(1)
    ).first()
    base = session.get(Entry, version.base) if version is not None and version.base else None
    if version is None or base is None or version.payload is None or base.payload is None:
        return None
    became = json.loads(version.payload)
    was = shown(correction.field, json.loads(base.payload))
    return Change(became["role"], correction.field, was, shown(correction.field, became))


def shown(field: str, values: Mapping[str, Any]) -> str:
    """A field of a person as it may be read over a shoulder; ``values`` are columns as a payload packs them."""
    if field == "nik":
        return shown_nik(values.get("nik"), values.get("no_nik_reason"))
    if field == "phone":
        return shown_phone(values.get("phone"))
    if field == "birth_date":
        return shown_birth(values.get("birth_date"))
    return cover_niks(str(values.get(FIELDS[field][-1]) or ""))


def title(correction: Correction) -> str:
    """What was corrected, in a word."""
    return _(LABELS.get(correction.field, N_("Data")))


def shown_form(field: str, form: PartyForm) -> str:
    """The same for a person as a form has them."""
    columns: dict[str, dict[str, Any]] = {
        "name": {"full_name": form.name},
        "nik": {"nik": form.nik, "no_nik_reason": form.no_nik_reason},
        "identifier": {"id_no": form.identifier},
        "birth_date": {"birth_date": pack(form.birth_date)},
        "phone": {"phone": DECLINED if form.phone_declined else form.phone},
        "village": {"place_text": form.place_text},
    }
    return shown(field, columns[field])


def _parties(session: Session, application_id: str) -> list[Party]:
    order = ("applicant", "subject", "proxy")
    found = session.scalars(
        select(Party).where(Party.application_id == application_id, Party.role.in_(order), ~Party.deleted)
    )
    return sorted(found, key=lambda party: (order.index(party.role), party.id))


def _opened(party: Party) -> Opened:
    return Opened(party.id, party.role, party.eid, party_form(party))


def _values(party: Party) -> dict[str, Any]:
    return {column: pack(getattr(party, column)) for columns in FIELDS.values() for column in columns}


def _differs(field: str, one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return any(one[column] != other[column] for column in FIELDS[field])


def _check(
    session: Session,
    desk: Desk,
    application: Application,
    kept: Iterable[Party],
    edits: Sequence[tuple[Opened, PartyForm]],
    *,
    is_receipt: bool,
) -> None:
    """What F9 asks of people, a correction asks too."""
    people = {party.role: party_form(party) for party in kept} | {seen.role: form for seen, form in edits}
    form = IntakeForm(
        service_id=application.service_id,
        applicant=people.get("applicant", PartyForm()),
        subject=people.get("subject"),
        proxy=people.get("proxy"),
        for_whom=application.for_whom,
    )
    standard = session.get_one(ServiceStandard, application.standard_id)
    check_parties(form, definition_of(standard), desk, now(session), needs_identity=is_receipt)


def _refuse_stale(session: Session, desk: Desk, party: Party | None, seen: Opened, form: PartyForm) -> None:
    if party is not None and party.eid == seen.version:
        return
    if party is None:
        raise UserError(_("Orang ini tidak ada lagi dalam berkas. Tutup formulir dan buka lagi."))
    mine = Party(application_id=party.application_id, role=party.role)
    write_party(session, desk, mine, form)
    theirs, typed = _values(party), _values(mine)
    values = tuple(
        (_(LABELS[field]), shown(field, theirs), shown(field, typed))
        for field in FIELDS
        if _differs(field, theirs, typed)
    )
    if not values:
        return  # both wrote the same: nothing is lost
    told = "; ".join(
        _("{what}: kini {theirs}, Anda mengetik {mine}").format(what=what, theirs=there or "–", mine=here or "–")
        for what, there, here in values
    )
    words = _(
        "Data ini sudah diubah {officer} sesudah formulir dibuka ({values}). Belum ada yang disimpan. "
        "F9 lagi = pakai ketikan Anda, Esc = biarkan."
    )
    raise Conflict(words.format(officer=_writer(session, party), values=told), values)


def _writer(session: Session, party: Party) -> str:
    entry = session.get(Entry, party.eid)
    officer = session.get(Officer, entry.officer_id) if entry is not None and entry.officer_id else None
    return officer.display_name if officer else _("loket lain")
