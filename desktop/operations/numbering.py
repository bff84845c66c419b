"""Nomor berkas: one number for a file's whole life, made on this PC without asking anybody (users.md 1.1)."""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import _, plain_date
from desktop.models.application import Application
from desktop.models.base import now, plain
from desktop.models.catalog import Counter, DeviceCode, Node
from desktop.models.local import Meta

DEVICE_CODES = range(101, 990)
# A PC that never joined a centre draws its code here; the centre gives out the codes below (model.md 1.12).
LONE_CODES = range(900, 990)
LAST_SERIAL = 9999
TEST_SERIAL = 0  # on a test page; no file ever has it

# The quasigroup of H. M. Damm's thesis (2004): totally anti-symmetric, so that every single wrong digit and
# every swap of two neighbours changes the check digit. A weighted or plain sum misses some swaps.
_DAMM = (
    (0, 3, 1, 7, 5, 9, 8, 6, 4, 2),
    (7, 0, 9, 2, 1, 5, 4, 8, 6, 3),
    (4, 2, 0, 6, 8, 7, 1, 3, 5, 9),
    (1, 7, 5, 0, 9, 8, 3, 4, 2, 6),
    (6, 1, 2, 3, 0, 4, 5, 9, 7, 8),
    (3, 6, 7, 4, 2, 0, 9, 5, 8, 1),
    (5, 8, 6, 9, 7, 2, 0, 1, 3, 4),
    (8, 9, 4, 5, 3, 6, 2, 0, 1, 7),
    (9, 4, 3, 8, 6, 1, 7, 2, 0, 5),
    (2, 5, 8, 1, 4, 3, 6, 7, 9, 0),
)
# What stands between the groups on paper, in a chat message, or around a scan.
_BETWEEN = re.compile(r"[\s.\-\u2010-\u2015\u2212]+")
_FULL = re.compile(r"[0-9]{14}")
_SAID = re.compile(r"[0-9]{5}")


def damm(digits: str) -> int:
    """The check digit over ``digits``; over digits that end in their own check digit it is 0."""
    interim = 0
    for digit in digits:
        interim = _DAMM[interim][int(digit)]
    return interim


@dataclass(frozen=True, order=True)
class FileNumber:
    """``YYMMDD-DDD-SSSS-C``: the day, the code of the PC, the serial of that PC and day, the check digit.

    The check digit proves that the number was read right, not that the paper is genuine.
    """

    day: date
    device: int
    serial: int

    @property
    def check(self) -> int:
        return damm(f"{self.day:%y%m%d}{self.device:03}{self.serial:04}")

    @property
    def digits(self) -> str:
        """The 14 digits of the barcode and of the record."""
        return f"{self.day:%y%m%d}{self.device:03}{self.serial:04}{self.check}"

    @property
    def text(self) -> str:
        """As it stands on paper: "261123-107-0041-3"."""
        return f"{self.day:%y%m%d}-{self.device:03}-{self.short}"

    @property
    def short(self) -> str:
        """What people say: "0041-3"."""
        return f"{self.serial:04}-{self.check}"


@dataclass(frozen=True)
class ShortNumber:
    """The five digits people say; days and PCs share them, so they are looked up, never trusted."""

    serial: int
    check: int

    @property
    def digits(self) -> str:
        """As lists find it: "00413"."""
        return f"{self.serial:04}{self.check}"

    @property
    def text(self) -> str:
        """As people write it: "0041-3"."""
        return f"{self.serial:04}-{self.check}"


def parse(text: str) -> FileNumber | None:
    """A full number as typed, pasted or scanned; spaces, hyphens and dots do not matter.

    None for anything else: a day that does not exist, a code no PC can have, serial 0, a wrong check digit.
    """
    number = _read(text)
    return number if number is not None and number.serial != TEST_SERIAL else None


def is_test(text: str) -> bool:
    """Whether this is the number of a test page, read right."""
    number = _read(text)
    return number is not None and number.serial == TEST_SERIAL


def _read(text: str) -> FileNumber | None:
    digits = _BETWEEN.sub("", text)
    if not _FULL.fullmatch(digits):
        return None
    try:
        day = date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:6]))
    except ValueError:
        return None
    device, serial = int(digits[6:9]), int(digits[9:13])
    if device not in DEVICE_CODES or damm(digits) != 0:
        return None
    return FileNumber(day, device, serial)


def parse_short(text: str) -> ShortNumber | None:
    """The five digits people say, "0041-3" or "00413"; None for anything else.

    Its check digit cannot be checked: that needs the day and the PC.
    """
    digits = _BETWEEN.sub("", text)
    if not _SAID.fullmatch(digits) or digits.startswith("0000"):
        return None
    return ShortNumber(int(digits[:4]), int(digits[4]))


def device_code(session: Session) -> int:
    """The code this PC numbers with now: the sync thread may have changed it since the officer signed in."""
    return int(_codes(session)["device_code"])


def _codes(session: Session) -> dict[str, Any]:
    """What this PC was told to number with."""
    told: dict[str, Any] = json.loads(plain(session, "SELECT value FROM meta WHERE name = 'desk'")[0].value)
    return told


def number_here(session: Session, day: date) -> FileNumber:
    """The next number of this PC on ``day``; after serial 9999 its spare code serves, where a centre gave it one.

    UserError as ``next_number`` says.
    """
    told = _codes(session)
    own, spare = int(told["device_code"]), told.get("spare_code")
    if spare is not None and _last(session, own, day) == LAST_SERIAL:
        own = spare
    return next_number(session, own, day)


def next_number(session: Session, device_code: int, day: date) -> FileNumber:
    """The next number of this PC on ``day`` (the hall's day), within the caller's transaction.

    A save that is undone takes its number back, so only a recorded void leaves a gap. A clock set back to an
    earlier day goes on where that day stopped. Raises UserError after serial 9999.
    """
    if device_code not in DEVICE_CODES:
        raise ValueError(f"no PC has the code {device_code}")
    if not 2000 <= day.year <= 2099:
        raise UserError(
            _(
                "Tanggal PC ini {date}; nomor berkas tidak dapat dibuat. Berkas ini belum tersimpan. "
                "Betulkan jam PC, lalu tekan F9 lagi."
            ).format(date=plain_date(day))
        )
    used = _last(session, device_code, day)
    if used is None:
        # The records know better than a counter that was lost, as after a restored or replayed file.
        known = select(func.max(Application.serial)).where(
            Application.device_code == device_code, Application.on_date == day
        )
        used = session.scalar(known) or 0
    if used >= LAST_SERIAL:
        raise UserError(
            _(
                "Nomor hari ini di PC ini sudah habis (9999). Berkas ini belum tersimpan; data sebelumnya "
                "aman. Lanjutkan di loket lain, dan hubungi admin untuk kode nomor cadangan."
            )
        )
    plain(session, _USE, device_code, day.isoformat(), used + 1)
    return FileNumber(day, device_code, used + 1)


_LAST = "SELECT last FROM serial WHERE device_code = ? AND on_date = ?"
_USE = (
    "INSERT INTO serial (device_code, on_date, last) VALUES (?, ?, ?)"
    " ON CONFLICT (device_code, on_date) DO UPDATE SET last = excluded.last"
)


def _last(session: Session, device_code: int, day: date) -> int | None:
    """The last serial used with this code on this day."""
    for row in plain(session, _LAST, device_code, day.isoformat()):
        return int(row.last)
    return None


def number_anew(session: Session, spent: Collection[int] = ()) -> int | None:
    """Number from another device code at once, none of ``spent``; the code, or None on a PC that was not set up.

    For a file that is older than what this PC has printed (restored, salvaged, its tail lost): numbers it has
    forgotten are on paper. The spare code the centre granted comes first, else one is drawn of those of lone PCs.
    Marks the file "restored", which the centre is told.
    """
    session.merge(Meta(name="restored", value=True))
    desk = session.get(Meta, "desk")
    if desk is None:
        return None
    known = set(session.scalars(select(DeviceCode.code)))
    used = {*spent, desk.value["device_code"]}
    code = desk.value.get("spare_code")
    if code is None or code in used:
        # After ninety times all were spent: they begin again, since a number holds its day too. The present one never.
        choices = (used | known, used, {desk.value["device_code"]})
        left = next(filter(None, ([code for code in LONE_CODES if code not in taken] for taken in choices)))
        code = secrets.choice(left)
    if code not in known:
        node_id = session.get_one(Meta, "journal").value["node"]
        session.add(DeviceCode(code=code, node_id=node_id, since=now(session)))
    desk.value = {name: value for name, value in desk.value.items() if name != "spare_code"} | {"device_code": code}
    return int(code)


def what_a_foreign_number_tells(session: Session, number: FileNumber, today: date) -> str:
    """The sentence for a rightly read number whose file is not on this PC: where and when it was made."""
    counter = session.scalars(
        select(Counter.name)
        .join(Node, Node.counter_id == Counter.id)
        .join(DeviceCode, DeviceCode.node_id == Node.id)
        .where(DeviceCode.code == number.device)
        .order_by(DeviceCode.since.desc())
    ).first()
    if number.day > today:
        return _("Tanggal pada nomor ini belum tiba ({date}). Cocokkan nomor, dan periksa jam PC.").format(
            date=plain_date(number.day)
        )
    # The code of a PC is never shown as "Loket 107": an unknown one is just another PC.
    where = counter or _("PC lain (kode {code})").format(code=number.device)
    if number.day == today:
        return _("Nomor ini dibuat di {where} hari ini. Datanya belum masuk ke PC ini.").format(where=where)
    return _("Nomor ini dibuat di {where} pada {date}. Datanya belum masuk ke PC ini.").format(
        where=where, date=plain_date(number.day)
    )
