"""The file with which a PC comes into a hall: carried on a USB stick, opened by a code typed once at the counter.

Whoever finds the stick has nothing without the code (AES-GCM under a key that Argon2id makes of it). The first PC to
use the file changes the password in it at the centre, so that afterwards file and code together open nothing either.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from psycopg import sql

from desktop.errors import UserError
from desktop.i18n import _
from desktop.sync import address, private, scram
from desktop.sync.address import REVOKED_CODE, UNREACHABLE, Address, trouble

SUFFIX = ".loket"
FORMAT, VERSION = "loket-enrolment", 1
DAYS = 7
LARGEST = 64 * 1024
# No I, L, O, U: what is read from paper is typed right.
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
CODE_LENGTH = 10
_AS_WRITTEN = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})
# The address while its password is being changed: after a power cut either of the two may hold.
_PENDING = "pending.json"


@dataclass(frozen=True)
class Enrolment:
    """What the file says: how to reach the centre, of which hall, as which PC."""

    address: Address
    hall_name: str
    label: str


def write(path: Path, enrolment: Enrolment, *, now: datetime) -> str:
    """Write the file and return the code that opens it ("K7QM2-X9T4B"). UserError where the folder refuses."""
    code = "".join(secrets.choice(LETTERS) for _number in range(CODE_LENGTH))
    told = asdict(enrolment)
    del told["address"]["folder"]
    told["expires_at"] = (now + timedelta(days=DAYS)).astimezone(UTC).isoformat()
    salt, nonce = secrets.token_bytes(16), secrets.token_bytes(12)
    sealed = AESGCM(_key(code, salt)).encrypt(nonce, json.dumps(told).encode(), FORMAT.encode())
    parts = {name: base64.b64encode(part).decode() for name, part in zip(_PARTS, (salt, nonce, sealed), strict=True)}
    whole = {"format": FORMAT, "version": VERSION, **parts, "check": _check(salt, nonce, sealed)}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        private.write(path, json.dumps(whole, indent=1).encode())
    except OSError as problem:
        raise UserError(
            _("Berkas pendaftaran tidak dapat ditulis di {folder}. Periksa folder atau USB, lalu ulangi.").format(
                folder=path.parent
            )
        ) from problem
    return f"{code[:5]}-{code[5:]}"


def read(path: Path, code: str, *, now: datetime) -> Enrolment:
    """What the file says. UserError: gone, damaged, made by a newer program, wrong code, more than 7 days old."""
    salt, nonce, sealed = _parts(path)
    try:
        plain = AESGCM(_key(code, salt)).decrypt(nonce, sealed, FORMAT.encode())
    except InvalidTag:
        raise UserError(
            _("Kode tidak cocok dengan berkas pendaftaran ini. Periksa kode dari admin, lalu ketik lagi."), field="code"
        ) from None
    told = json.loads(plain)
    if now > datetime.fromisoformat(told.pop("expires_at")):
        raise UserError(
            _(
                "Berkas pendaftaran ini sudah lewat {days} hari. Periksa tanggal PC; bila benar, minta yang baru."
            ).format(days=DAYS)
        )
    where = told["address"]
    return Enrolment(Address(**{**where, "hosts": tuple(where["hosts"])}), told["hall_name"], told["label"])


def take(profile: Path, path: Path, code: str, *, now: datetime) -> Enrolment:
    """Make this profile the PC the file was written for; it can be done once, and again where it was cut off.

    UserError as ``read`` says, and where the centre does not answer, or the file was used already.
    """
    enrolment = read(path, code, now=now)
    there = address.load(profile)
    if there is not None and there.role != enrolment.address.role and not _is_shut_out(there, enrolment.address):
        raise UserError(
            _(
                "PC ini sudah terdaftar, dan berkas ini untuk PC lain ({label}). Tidak ada yang diubah. "
                "Bila PC ini perlu izin baru, minta admin: centre enrol --renew"
            ).format(label=enrolment.label)
        )
    begun = address.load(profile, _PENDING)
    if begun is None or begun.role != enrolment.address.role or not _opens(begun):
        begun = _with_own_secret(profile, enrolment.address)
    kept = address.save(profile, begun)
    (profile / address.FOLDER_NAME / _PENDING).unlink()
    return replace(enrolment, address=kept)


def _is_shut_out(there: Address, anew: Address) -> bool:
    """Whether the login this PC has opens nothing any more, or its centre is gone and another address stands for it."""
    try:
        there.connect().close()
    except UserError as said:
        return said.code == REVOKED_CODE or (said.code == UNREACHABLE and there.hosts != anew.hosts)
    return False


def _with_own_secret(profile: Path, first: Address) -> Address:
    entering = address.save(profile, first, _PENDING)
    own = address.save(profile, replace(entering, secret=scram.new_secret()), _PENDING)
    try:
        with entering.connect() as connection:
            order = "ALTER ROLE CURRENT_USER PASSWORD {}"
            connection.execute(sql.SQL(order).format(sql.Literal(scram.verifier(own.secret))))
    except psycopg.Error as problem:
        raise trouble(problem, first.spoken) from problem
    except UserError as said:
        if said.code != REVOKED_CODE:
            raise
        raise UserError(
            _("Berkas pendaftaran ini sudah dipakai, atau izinnya dicabut. Minta admin membuat yang baru.")
        ) from said
    return own


def _opens(begun: Address) -> bool:
    try:
        begun.connect().close()
    except UserError:
        return False
    return True


_PARTS = ("salt", "nonce", "sealed")


def _parts(path: Path) -> list[bytes]:
    try:
        if path.stat().st_size > LARGEST:
            raise ValueError("too large")
        whole: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        if whole["format"] != FORMAT:
            raise ValueError("another format")
        if whole["version"] > VERSION:
            raise UserError(
                _("Berkas pendaftaran ini dibuat oleh Loket yang lebih baru. Pasang Loket versi terbaru, lalu ulangi.")
            )
        parts = [base64.b64decode(whole[name], validate=True) for name in _PARTS]
        if _check(*parts) != whole["check"]:
            raise ValueError("damaged")
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as problem:
        raise UserError(
            _(
                "{path} tidak terbaca, rusak, atau bukan berkas pendaftaran Loket. Salin lagi atau minta yang baru."
            ).format(path=path),
            field="file",
        ) from problem
    return parts


def _check(*parts: bytes) -> str:
    """Tells a damaged file from a wrong code; it protects nothing."""
    return hashlib.sha256(b"".join(parts)).hexdigest()[:16]


def _key(code: str, salt: bytes) -> bytes:
    typed = code.upper().translate(_AS_WRITTEN).encode()
    return hash_secret_raw(typed, salt, time_cost=3, memory_cost=65536, parallelism=1, hash_len=32, type=Type.ID)
