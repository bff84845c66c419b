"""The desks of the hall: made by an administrator, one record each, whichever PC later stands there."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.base import new_id
from desktop.models.catalog import Agency, Counter, Hall
from desktop.operations.cleaning import clean_text


def agency_ids(session: Session, codes: Iterable[str]) -> list[str]:
    """The agencies of these codes ("DKC"). UserError on the field "agency" names those there are."""
    there = session.scalars(select(Agency).where(~Agency.deleted).order_by(Agency.code)).all()
    known = {agency.code: agency.id for agency in there}
    wanted = [code.strip().upper() for code in codes]
    if not wanted or not set(wanted) <= known.keys():
        named = ", ".join(f"{agency.code} ({agency.name_id})" for agency in there)
        raise UserError(_("Pilih instansi dari: {codes}.").format(codes=named), field="agency")
    return [known[code] for code in wanted]


def codes(session: Session, ids: Iterable[str]) -> list[str]:
    """The codes of these agencies, in order; one that the hall does not know is left out."""
    return list(session.scalars(select(Agency.code).where(Agency.id.in_(list(ids))).order_by(Agency.code)))


def serve(session: Session, counter_id: str | None, serves: list[str]) -> None:
    """What is asked for at this counter is of these agencies from now on."""
    counter = session.get(Counter, counter_id) if counter_id else None
    if counter is not None:
        counter.agency_ids = serves


def named(session: Session, name: str) -> Counter | None:
    """The counter of this name."""
    return session.scalars(select(Counter).where(Counter.name == name, ~Counter.deleted)).first()


def ensure(session: Session, name: str, serves: list[str], *, booth: str = "", floor: str = "") -> Counter:
    """The counter of this name, made where there is none, serving these agencies.

    UserError on the field "counter_name" where the name is too short.
    """
    name = clean_text(name, 60, field="counter_name")
    if len(name) < 2:
        raise UserError(_("Isi dahulu, paling sedikit 2 huruf."), field="counter_name")
    counter = named(session, name)
    if counter is None:
        hall = session.scalars(select(Hall).order_by(Hall.id)).first()
        if hall is None:
            raise UserError(_("Data mal belum ada. Selesaikan dahulu pengaturan awal."))
        counter = Counter(id=new_id(), hall_id=hall.id, name=name)
        session.add(counter)
    counter.agency_ids = serves
    counter.booth = clean_text(booth, 80, field="booth") or counter.booth
    counter.floor = clean_text(floor, 40, field="floor") or counter.floor
    return counter
