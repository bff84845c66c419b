"""Who may do what: officers, their PINs on this PC, and the record of every look at personal data."""

from __future__ import annotations

import itertools
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import event, select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.models.access import AccessEvent, Officer
from desktop.models.base import now
from desktop.models.local import Meta, OfficerSecret
from desktop.operations.cleaning import clean_text
from desktop.operations.desk import Desk

if TYPE_CHECKING:
    from argon2 import PasswordHasher

ROLES = {"officer": N_("Petugas loket"), "supervisor": N_("Pengawas"), "admin": N_("Admin")}
SUPERVISORS = ("supervisor", "admin")
PIN_LENGTH = 6
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_DOUBLING = 12
CONSENT = "consent"
NAME_LIMIT = 80


# What a full disk could not keep of each officer's tries: how many were wrong, and until when to wait.
Unkept = dict[str, tuple[int, datetime | None]]


@dataclass(frozen=True)
class SignIn:
    """The outcome of a PIN: the officer, or the sentence that says why not."""

    officer: Officer | None
    sentence: str | None = None


def officers(session: Session) -> list[Officer]:
    """The officers who can sign in on this PC, by name."""
    query = (
        select(Officer)
        .join(OfficerSecret, OfficerSecret.officer_id == Officer.id)
        .where(Officer.is_active, ~Officer.deleted)
        .order_by(Officer.display_name)
    )
    return list(session.scalars(query))


def works_as(session: Session, officer_id: str, role: str) -> bool:
    """Whether this officer still works here, and still in this role."""
    officer = session.get(Officer, officer_id)
    return officer is not None and officer.is_active and not officer.deleted and officer.role == role


def add_officer(session: Session, *, name: str, role: str, pin: str, agency_id: str, initials: str = "") -> Officer:
    """A new officer of an agency with a PIN on this PC. UserError on the field "name" or "pin"."""
    name = clean_text(name, NAME_LIMIT, field="name")
    if len(name) < 2:
        raise UserError(_("Isi nama petugas, paling sedikit 2 huruf."), field="name")
    if any(officer.display_name.casefold() == name.casefold() for officer in officers(session)):
        raise UserError(
            _("Nama petugas ini sudah ada. Tambahkan pembeda, misalnya huruf awal nama kedua."), field="name"
        )
    check_pin(pin)
    officer = Officer(
        agency_id=agency_id,
        display_name=name,
        initials=(initials or "".join(word[0] for word in name.split()[:2])).upper(),
        role=role,
    )
    session.add(officer)
    session.flush()
    session.add(OfficerSecret(officer_id=officer.id, pin_hash=_hasher().hash(pin)))
    return officer


def without_pin(session: Session, agency_ids: Sequence[str]) -> list[Officer]:
    """The officers of these agencies who came from the centre and cannot sign in on this PC yet, by name."""
    query = (
        select(Officer)
        .outerjoin(OfficerSecret, OfficerSecret.officer_id == Officer.id)
        .where(Officer.agency_id.in_(agency_ids), Officer.is_active, ~Officer.deleted)
        .where(OfficerSecret.officer_id.is_(None))
        .order_by(Officer.display_name)
    )
    return list(session.scalars(query))


def let_in(session: Session, officer_id: str, pin: str, *, given_by: str | None) -> Officer:
    """Let an officer sign in on this PC from now on; ``given_by`` is None only where nobody can yet.

    UserError on "pin", and where an ordinary officer would open the door to somebody who may do more.
    """
    check_pin(pin)
    officer = session.get_one(Officer, officer_id)
    giver = session.get(Officer, given_by) if given_by else None
    is_first = not officers(session)
    may_give = is_first if giver is None else officer.role == "officer" or giver.role != "officer"
    if not may_give or session.get(OfficerSecret, officer_id) is not None:
        raise UserError(_("PIN pengawas atau admin hanya dapat dibuat bila pengawas atau admin yang masuk di PC ini."))
    session.add(OfficerSecret(officer_id=officer_id, pin_hash=_hasher().hash(pin)))
    return officer


def check_pin(pin: str) -> None:
    """Refuse a PIN that is not six digits, or that anybody would try first. UserError on the field "pin"."""
    if len(pin) != PIN_LENGTH or not (pin.isascii() and pin.isdigit()):
        raise UserError(_("PIN terdiri dari 6 angka."), field="pin")
    steps = {int(b) - int(a) for a, b in itertools.pairwise(pin)}
    if len(steps) == 1 and steps <= {0, 1, -1}:
        raise UserError(_("PIN ini terlalu mudah ditebak. Jangan pakai angka kembar atau berurutan."), field="pin")


def proposed_pin() -> str:
    """A PIN at random that passes ``check_pin``."""
    while True:
        pin = f"{secrets.randbelow(10**PIN_LENGTH):0{PIN_LENGTH}}"
        try:
            check_pin(pin)
        except UserError:
            continue
        return pin


def sign_in(session: Session, officer_id: str, pin: str, unkept: Unkept | None = None) -> SignIn:
    """Check a PIN. Wrong tries are counted in the file, so that a restart does not forgive them.

    Five are free; then the wait is 30 s and doubles with every further wrong one (screens.md L0). ``unkept`` remembers
    the count until the session is committed: where the disk is full the outcome holds all the same, right or wrong,
    and the next save that succeeds writes what was counted meanwhile.
    """
    officer = session.get(Officer, officer_id)
    secret = session.get(OfficerSecret, officer_id)
    moment = now(session)
    if officer is None or secret is None:
        return SignIn(None, _("Belum ada petugas di loket ini. Hubungi admin, atau buka Pengaturan awal."))
    if not officer.is_active:
        return SignIn(None, _("Akun Anda dinonaktifkan. Hubungi admin."))
    if unkept is not None:
        secret.wrong_tries, secret.wait_until = unkept.get(officer_id, (secret.wrong_tries, secret.wait_until))
    outcome = _judged(officer, secret, pin, moment)
    if unkept is not None:
        unkept[officer_id] = secret.wrong_tries, secret.wait_until
        event.listen(session, "after_commit", lambda _session: unkept.pop(officer_id, None), once=True)
    return outcome


@cache
def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher  # with the first PIN, not at every start

    # OWASP's least setting for Argon2id: 19 MiB, two passes (reliability.md, Passwords); 20 ms at every sign-in.
    return PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def _judged(officer: Officer, secret: OfficerSecret, pin: str, moment: datetime) -> SignIn:
    # A clock that was wrong when the PIN was must not lock the officer out for years.
    longest = FIRST_WAIT * 2 ** min(max(secret.wrong_tries - FREE_TRIES, 0), LONGEST_DOUBLING)
    if secret.wait_until is not None and secret.wait_until - moment > longest:
        secret.wait_until = moment + longest
    if secret.wait_until is not None and moment < secret.wait_until:
        seconds = round((secret.wait_until - moment).total_seconds())
        return SignIn(None, _("Terlalu banyak PIN salah. Coba lagi dalam {seconds} detik.").format(seconds=seconds))
    from argon2.exceptions import VerifyMismatchError

    try:
        _hasher().verify(secret.pin_hash, pin)
    except VerifyMismatchError:
        secret.wrong_tries += 1
        left = FREE_TRIES - secret.wrong_tries
        if left > 0:
            return SignIn(None, _("PIN salah. Sisa {left} kesempatan.").format(left=left))
        wait = FIRST_WAIT * 2 ** min(-left, LONGEST_DOUBLING)
        secret.wait_until = moment + wait
        return SignIn(
            None,
            _("Terlalu banyak PIN salah. Coba lagi dalam {seconds} detik.").format(seconds=round(wait.total_seconds())),
        )
    secret.wrong_tries = 0
    secret.wait_until = None
    secret.last_sign_in_at = moment
    return SignIn(officer)


def change_pin(session: Session, officer_id: str, old: str, new: str, unkept: Unkept | None = None) -> SignIn:
    """Another PIN for who knows the one of now. UserError on the field "pin" where the new one is too easy or no other.

    The old one is a try like any other at the sign-in: a wrong one is counted, so it is told and not raised.
    """
    check_pin(new)
    if new == old:
        raise UserError(_("PIN baru sama dengan PIN lama. Pilih yang lain."), field="pin")
    outcome = sign_in(session, officer_id, old, unkept)
    if outcome.officer is not None:
        session.get_one(OfficerSecret, officer_id).pin_hash = _hasher().hash(new)
    return outcome


def give_pin(session: Session, officer_id: str, pin: str) -> None:
    """A PIN on this PC from an administrator, also for who was added elsewhere. UserError where it is too easy."""
    check_pin(pin)
    secret = session.get(OfficerSecret, officer_id)
    if secret is None:
        session.add(OfficerSecret(officer_id=officer_id, pin_hash=_hasher().hash(pin)))
        return
    secret.pin_hash = _hasher().hash(pin)
    secret.wrong_tries, secret.wait_until = 0, None


def require(session: Session, officer_id: str, *roles: str) -> None:
    """UserError unless the officer has one of the roles."""
    officer = session.get(Officer, officer_id)
    if officer is None or officer.role not in roles:
        raise UserError(_("Bagian ini untuk pengawas atau admin. Minta yang berwenang untuk masuk."))


def may_administer(session: Session, desk: Desk) -> bool:
    """Whether this officer may change at this PC what is written for the whole hall.

    In a hall that has a centre only an administrator's PC may: from any other the centre puts such records aside.
    """
    officer = session.get(Officer, desk.officer_id)
    return officer is not None and officer.is_active and officer.role == "admin" and not _is_plain_counter(session)


def require_admin(session: Session, desk: Desk) -> None:
    """UserError unless ``may_administer``."""
    if _is_plain_counter(session):
        raise UserError(
            _("Data mal diubah di PC admin, bukan di loket: pusat tidak menerimanya dari sini. Tidak ada yang berubah.")
        )
    if not may_administer(session, desk):
        raise UserError(_("Bagian ini untuk admin. Minta admin untuk masuk; tidak ada yang berubah."))


def _is_plain_counter(session: Session) -> bool:
    joined = session.get(Meta, "sync")
    return joined is not None and joined.value["may_write"] != "admin"


def record_access(
    session: Session,
    desk: Desk,
    act: str,
    *,
    application_id: str | None = None,
    filter: Mapping[str, Any] | None = None,
    row_count: int | None = None,
) -> None:
    """Write down a look at personal data: act is reveal, export or search (UU 27/2022 art. 31), without its values.

    Or a supervisor's consent to what another officer does (amending.py).
    """
    session.add(
        AccessEvent(
            officer_id=desk.officer_id,
            at=now(session),
            act=act,
            application_id=application_id,
            filter=dict(filter) if filter else None,
            row_count=row_count,
        )
    )
