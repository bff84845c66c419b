"""The slots that open the data: one random key, handed to whoever may have it (reliability.md 2 c).

Beside the database lies one small file. The slot "this PC" holds the key as it is: it guards against another account
of this PC, not against a thief who takes the PC whole. Every other slot (an officer's password, the recovery sheet)
holds the key sealed to a public key whose private half is only ever computed from the secret, so that a new key can be
given to every slot without asking for anybody's password.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import re
import secrets
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from desktop import folder, sealing
from desktop.errors import UserError
from desktop.i18n import _

KEY_DIGITS = 64
CODE_GROUPS, GROUP_DIGITS = 10, 5
CODE_DIGITS = CODE_GROUPS * GROUP_DIGITS
LEAST_PASSWORD = 10
FREE_TRIES = 5
FIRST_WAIT = timedelta(seconds=30)
LONGEST_DOUBLING = 12

class Locked(UserError):
    """The data open with a secret only: a password, or the code of the recovery sheet."""


@dataclass
class Slot:
    """A way in besides "this PC". ``public`` is what the key is sealed to; nothing here opens anything by itself."""

    id: str
    kind: Literal["password", "recovery"]
    officer_id: str | None
    made_at: str
    salt: str
    public: str
    sealed: str
    # Made with the key itself: a slot put in by somebody who never had the key gets no new one.
    proof: str


@dataclass
class Next:
    """The key that a change of key, begun and perhaps interrupted, was going to give the file."""

    this_pc: str | None
    sealed: dict[str, str]


@dataclass
class KeyRing:
    """The slots of one database and the file that holds them. What a function changes is durable when it returns."""

    path: Path
    this_pc: str | None = None
    slots: list[Slot] = field(default_factory=list)
    is_strict: bool = False  # chosen: a password before anything is shown
    made: bool = False  # there once was a database that this key opens
    wants_new_key: bool = False
    wrong_tries: int = 0
    wait_until: str | None = None
    # Device codes drawn after a restore: the file restored next time has forgotten them, paper has not.
    spent_codes: list[int] = field(default_factory=list)
    next: Next | None = None

    def __post_init__(self) -> None:
        # What is found out while opening: the key of the file, whose secret was given, and what lies on the disk.
        self.key = ""
        self.opened_by: Slot | None = None
        self._next_key: str | None = None
        self._written: dict[str, Any] | None = None

    # --- opening

    def candidates(self, secret: str | None, now: datetime) -> list[str]:
        """The keys that may open the file: one, or two where a change of key was interrupted.

        ``secret`` is a password or a recovery code; without one only the slot "this PC" is tried. Raises Locked
        when a secret is needed, wrong, or must wait: five wrong ones are free, then the wait is 30 s and doubles.
        """
        if secret is None:
            if self.this_pc is None:
                raise Locked(_("Data di PC ini dibuka dengan kata sandi. Ketik kata sandi Anda."), code="E-09")
            self._next_key = self.next.this_pc if self.next else None
            return [key for key in (self._next_key, self.this_pc) if key]
        self._refuse_while_waiting(now)
        # Counted before it is tried, so that a kill in between forgives nothing.
        self.wrong_tries += 1
        if self.wrong_tries >= FREE_TRIES:
            self.wait_until = (now + self._wait()).isoformat()
        self.save()
        found = self.keys_of(secret)
        if not found:
            left = FREE_TRIES - self.wrong_tries
            if left > 0:
                raise Locked(_("Kata sandi atau kode salah. Sisa {left} kesempatan.").format(left=left), code="E-09")
            raise _must_wait(self._wait())
        self.wrong_tries, self.wait_until = 0, None
        self.save()
        return found

    def keys_of(self, secret: str) -> list[str]:
        """The keys that a secret opens here, uncounted: for the slots of a backup, which lie open to any guess."""
        matched = self._match(secret)
        if matched is None:
            return []
        self.opened_by, private = matched
        if self.next is not None and self.opened_by.id in self.next.sealed:
            self._next_key = sealing.unseal(private, self.next.sealed[self.opened_by.id])
        return [key for key in (self._next_key, sealing.unseal(private, self.opened_by.sealed)) if key]

    def settle(self, key: str) -> None:
        """This key does open the file: finish or forget an interrupted change of key, and write down what is new."""
        self.key = key
        if self.next is not None and key == self._next_key:
            sealed, self.this_pc, self.wants_new_key = self.next.sealed, self.next.this_pc, False
            self.slots = [slot for slot in self.slots if slot.id in sealed]
            for slot in self.slots:
                slot.sealed, slot.proof = sealed[slot.id], sealing.proof(key, slot.id, slot.public)
        self.next, self.made = None, True
        if self.told() != self._written:
            self.save()

    def begin_new_key(self) -> str:
        """Seal a new key to every proven slot, beside the old one; ``settle`` with either key ends the change."""
        self._next_key = secrets.token_hex(KEY_DIGITS // 2)
        self.next = Next(
            self._next_key if self.this_pc else None,
            {
                slot.id: sealing.seal(slot.public, self._next_key)
                for slot in self.slots
                if hmac.compare_digest(slot.proof, sealing.proof(self.key, slot.id, slot.public))
            },
        )
        self.save()
        return self._next_key

    def _match(self, secret: str) -> tuple[Slot, Any] | None:
        digits = code_digits(secret)
        kind, text = ("recovery", digits) if len(digits) == CODE_DIGITS else ("password", secret)
        for slot in self.slots:
            if slot.kind == kind:
                private = sealing.private_key(text, slot.salt)
                if private.public_key().public_bytes_raw().hex() == slot.public:
                    return slot, private
        return None

    def _wait(self) -> timedelta:
        over = self.wrong_tries - FREE_TRIES
        return FIRST_WAIT * 2 ** min(over, LONGEST_DOUBLING) if over >= 0 else timedelta()

    def _refuse_while_waiting(self, now: datetime) -> None:
        if self.wait_until is None:
            return
        left = datetime.fromisoformat(self.wait_until) - now
        # A clock that was wrong when the secret was must not lock everybody out for years.
        if left > self._wait():
            left = self._wait()
            self.wait_until = (now + left).isoformat()
            self.save()
        if left > timedelta():
            raise _must_wait(left)

    # --- the slots

    def slot_of(self, officer_id: str) -> Slot | None:
        """The officer's password slot."""
        return next((slot for slot in self.slots if slot.officer_id == officer_id), None)

    @property
    def recovery(self) -> Slot | None:
        """The slot of the recovery sheet."""
        return next((slot for slot in self.slots if slot.kind == "recovery"), None)

    def set_password(self, officer_id: str, password: str, now: datetime) -> None:
        """Give the officer a password, or another one. UserError on the field "password" where it is too easy."""
        check_password(password)
        old = self.slot_of(officer_id)
        self.slots = [slot for slot in self.slots if slot is not old]
        self.slots.append(_new_slot("password", officer_id, password, self.key, now))
        # Whoever learned the old password may have kept the old file: a new key shuts it out.
        self.wants_new_key = self.wants_new_key or old is not None
        self.save()

    def set_recovery(self, code: str, now: datetime) -> None:
        """Make this code the one that opens the data; a sheet printed earlier opens them no longer."""
        old = self.recovery
        self.slots = [slot for slot in self.slots if slot is not old]
        self.slots.append(_new_slot("recovery", None, code_digits(code), self.key, now))
        self.wants_new_key = self.wants_new_key or old is not None
        self.save()

    def remove(self, slot: Slot) -> None:
        """Close this way in, and ask for a new key at the next start. UserError where nobody could open any more."""
        left = [other for other in self.slots if other is not slot]
        if self.this_pc is None and not {"password", "recovery"} <= {other.kind for other in left}:
            raise UserError(
                _("Ini jalan masuk terakhir dari jenisnya. Kembalikan dahulu ke buka otomatis di PC ini."),
                code="E-10",
            )
        self.slots, self.wants_new_key = left, True
        self.save()

    def ask_for_password(self) -> None:
        """Close the slot "this PC": from the next start on, nothing is shown before a password was given.

        UserError unless there is a password and a recovery sheet: one forgotten word must not cost the data.
        """
        if not {"password", "recovery"} <= {slot.kind for slot in self.slots}:
            raise UserError(
                _("Buat dahulu lembar pemulihan dan kata sandi Anda; tanpa keduanya data dapat terkunci selamanya."),
                code="E-10",
            )
        self.this_pc, self.is_strict, self.wants_new_key = None, True, True
        self.save()

    def open_by_itself(self) -> None:
        """The data open on this PC without a password again."""
        self.this_pc, self.is_strict = self.key, False
        self.save()

    def spend(self, code: int | None) -> None:
        """Remember that numbers of this device code may be on paper."""
        if code is not None:
            self.spent_codes = sorted({*self.spent_codes, code})
            self.save()

    # --- the file

    def told(self, *, for_backup: bool = False) -> dict[str, Any]:
        """What the file says. A backup leaves the bare key at home as soon as the recovery sheet can open it."""
        this_pc = None if for_backup and self.recovery is not None else self.this_pc
        return {
            "form": 2,
            "made": self.made,
            "this_pc": this_pc,
            "is_strict": self.is_strict,
            "slots": [asdict(slot) for slot in self.slots],
            "wants_new_key": self.wants_new_key and not for_backup,
            "wrong_tries": 0 if for_backup else self.wrong_tries,
            "wait_until": None if for_backup else self.wait_until,
            "spent_codes": self.spent_codes,
            "next": asdict(self.next) if self.next and not for_backup else None,
        }

    def save(self, path: Path | None = None, *, for_backup: bool = False) -> None:
        """Write the file for this account only: after a power cut it is the old one or the new one, never half."""
        path = path or self.path
        told = self.told(for_backup=for_backup)
        draft = path.with_suffix(".tmp")
        try:
            handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(handle, "w", encoding="utf-8") as out:
                json.dump({**told, "check": _check(told)}, out)
                out.flush()
                os.fsync(out.fileno())
            os.replace(draft, path)
            folder.sync(path.parent)
        except OSError as problem:
            raise UserError(
                _(
                    "Kunci data tidak dapat ditulis di folder {folder}. Data yang sudah ada tidak berubah. "
                    "Periksa izin folder atau ruang disk, lalu ulangi."
                ).format(folder=path.parent),
                code="E-05",
            ) from problem
        if path == self.path:
            self._written = told

    def _seen(self, told: dict[str, Any] | None) -> KeyRing:
        self._written = told
        return self


def make(path: Path) -> KeyRing:
    """A new random key for data that are not there yet, opened by this PC."""
    ring = KeyRing(path, this_pc=secrets.token_hex(KEY_DIGITS // 2))
    ring.save()
    return ring


def read(path: Path) -> KeyRing:
    """The slots of a file, also of one in the first form (a key and nothing else).

    FileNotFoundError where there is none; UserError E-04 where it cannot be read or one bit of it has changed.
    """
    try:
        told = json.loads(path.read_text(encoding="utf-8"))
        if "form" not in told:
            return KeyRing(path, this_pc=_hex_key(told["key"]), made=bool(told.get("made")))
        if told.pop("check") != _check(told):
            raise ValueError("not as it was written")
        after = told["next"]
        return KeyRing(
            path,
            this_pc=_hex_key(told["this_pc"]) if told["this_pc"] else None,
            slots=[Slot(**slot) for slot in told["slots"]],
            is_strict=told.get("is_strict", False),
            made=told["made"],
            wants_new_key=told["wants_new_key"],
            wrong_tries=told["wrong_tries"],
            wait_until=told["wait_until"],
            spent_codes=told["spent_codes"],
            next=Next(**after) if after else None,
        )._seen(told)
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as problem:
        raise unreadable(path) from problem


def unreadable(path: Path) -> UserError:
    """The sentence for a key file that is gone or damaged."""
    return UserError(
        _(
            "Kunci data {path} tidak ada atau tidak terbaca, jadi data di PC ini tidak dapat dibuka. Jangan hapus "
            "apa pun. Hubungi admin untuk mengembalikan kunci dari cadangan."
        ).format(path=path),
        code="E-04",
    )


def check_password(password: str) -> None:
    """Refuse a password that a thief's program finds first. UserError on the field "password"."""
    if len(password) < LEAST_PASSWORD:
        raise UserError(
            _("Kata sandi paling sedikit {count} huruf. Kalimat pendek paling mudah diingat.").format(
                count=LEAST_PASSWORD
            ),
            field="password",
        )
    if len(set(password)) < LEAST_PASSWORD // 2 or password.isdigit():
        raise UserError(
            _("Kata sandi ini terlalu mudah ditebak. Pakai beberapa kata, bukan angka saja."), field="password"
        )


def new_code() -> str:
    """A recovery code: 10 groups of 4 random digits (132 bits) and a check digit each."""
    while True:
        groups = [f"{secrets.randbelow(10**4):04}" for _group in range(CODE_GROUPS)]
        code = "".join(group + _check_digit(place, group) for place, group in enumerate(groups))
        # Neither of its two barcodes begins with what our barcodes cannot begin with.
        if "99" not in (code[:2], code[26:28]):
            return code


def code_digits(typed: str) -> str:
    """The digits of a code as typed or scanned, without what stands between them; empty where it is no code."""
    digits = re.sub(r"[\s.\-]", "", typed)
    return digits if digits.isascii() and digits.isdigit() else ""


def wrong_groups(typed: str) -> list[int]:
    """The places (from 1) of the whole groups that were misread; a group in another's place is wrong too."""
    digits = code_digits(typed)
    groups = [digits[at : at + GROUP_DIGITS] for at in range(0, len(digits) - GROUP_DIGITS + 1, GROUP_DIGITS)]
    return [place + 1 for place, group in enumerate(groups) if _check_digit(place, group[:-1]) != group[-1]]


def _check_digit(place: int, digits: str) -> str:
    # 7 and 3 have no factor in common with 10: every wrong digit and every group in another's place shows.
    total = sum(int(digit) * weight for digit, weight in zip(digits, (3, 7, 9, 3), strict=True))
    return str((total + 7 * place) % 10)


def _check(told: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _hex_key(text: str) -> str:
    key = bytes.fromhex(text).hex()
    if len(key) != KEY_DIGITS:
        raise ValueError("too short")
    return key


def _must_wait(left: timedelta) -> Locked:
    words = _("Terlalu banyak kata sandi salah. Coba lagi dalam {seconds} detik.")
    return Locked(words.format(seconds=max(1, round(left.total_seconds()))), code="E-09")


def _new_slot(
    kind: Literal["password", "recovery"], officer_id: str | None, secret: str, key: str, now: datetime
) -> Slot:
    salt = secrets.token_hex(16)
    public, id_ = sealing.private_key(secret, salt).public_key().public_bytes_raw().hex(), secrets.token_hex(8)
    sealed, proof = sealing.seal(public, key), sealing.proof(key, id_, public)
    return Slot(id_, kind, officer_id, now.isoformat(), salt, public, sealed, proof)
