"""The way back: a backup is tried beside the data, and only what was proven there takes their place.

Nothing is deleted: what was in place before lies aside in a folder of its own.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path

import sqlcipher3.dbapi2 as driver
from sqlalchemy import text

from desktop import keys
from desktop.errors import UserError
from desktop.folder import FILE_NAME, SLOTS_NAME, WORK_NAME, exchange, finish
from desktop.i18n import _
from desktop.keys import KeyRing, Locked
from desktop.models import journal
from desktop.operations import numbering
from desktop.safekeeping.backup import STAMP, Backup, Contents, contents
from desktop.store import Store, alone, connect, opens, utc_now

ASIDE_NAME = "disisihkan"  # with the moment: the folder of what was in place before


def key_for(backup: Path, folder: Path, secret: str | None = None, known: str = "") -> KeyRing:
    """The slots that shall go with a backup's file once it is in place, with its key found.

    The slots of this PC where they fit (passwords of now stay), else those of the backup, opened by ``secret`` if need
    be; ``known`` is a key that may fit. UserError: keys.Locked where a password or the recovery code is needed or
    wrong, E-04 without any slots.
    """
    rings = [ring for ring in (_ring(folder / SLOTS_NAME), _ring(backup / SLOTS_NAME)) if ring is not None]
    for ring in rings:
        after = ring.next.this_pc if ring.next else None
        for key in [known, ring.this_pc, after, *(ring.keys_of(secret) if secret else ())]:
            if key and opens(backup / FILE_NAME, key):
                ring.key = key
                return ring
    if not any(ring.slots for ring in rings):
        raise keys.unreadable(backup / SLOTS_NAME)
    if secret:
        raise Locked(_("Kata sandi atau kode ini tidak membuka cadangan itu."), code="E-09")
    raise Locked(
        _("Cadangan ini dibuka dengan kode pada lembar pemulihan, atau dengan kata sandi petugas."), code="E-09"
    )


def drill(backup: Backup, folder: Path, secret: str | None = None, *, known: str = "") -> Contents:
    """Restore into a throw-away folder and look at everything; the data in place are not touched.

    UserError says what is wrong with the backup; the answer is what would be there after the real thing.
    """
    with tempfile.TemporaryDirectory(prefix="loket-coba-", dir=folder, ignore_cleanup_errors=True) as name:
        ring = key_for(backup.folder, folder, secret, known)
        with _room(folder):
            return _make_ready(backup, Path(name) / "data", ring, utc_now, opens_alone=True)


def restore(
    backup: Backup, folder: Path, secret: str | None = None, *, clock: Callable[[], datetime] = utc_now
) -> Contents:
    """Put a backup in the place of the data of ``folder``. UserError: nothing has changed; E-01 while it is open.

    From then on the numbers carry another device code, and the file is marked "restored".
    """
    with alone(folder):
        finish(folder)
        work = folder / WORK_NAME
        shutil.rmtree(work, ignore_errors=True)
        ring, here = key_for(backup.folder, folder, secret), _ring(folder / SLOTS_NAME)
        # It opens as it did before: neither the code of the sheet nor a new PC undoes the stricter choice.
        opens_alone = not ring.slots or not (ring.is_strict or (here is not None and here.is_strict))
        ring.spent_codes = sorted({*ring.spent_codes, *(here.spent_codes if here else ())})
        with _room(folder):
            held = _make_ready(backup, work, ring, clock, opens_alone=opens_alone)
            exchange(folder, f"{ASIDE_NAME}-{clock():{STAMP}}")
    return held


def _make_ready(
    backup: Backup, work: Path, ring: KeyRing, clock: Callable[[], datetime], *, opens_alone: bool
) -> Contents:
    """Copy into ``work``, open as the program would (older files are upgraded), check all, and number anew."""
    key, ring.path = ring.key, work / SLOTS_NAME
    wants_new_key = ring.wants_new_key or not opens_alone
    ring.this_pc, ring.next, ring.wants_new_key = key, None, False
    work.mkdir(parents=True)
    shutil.copyfile(backup.folder / FILE_NAME, work / FILE_NAME)
    ring.save()
    store = Store.open(work, clock=clock)
    try:
        _check(store, backup)
        number_anew(store)
        store.ring.this_pc, store.ring.wants_new_key = key if opens_alone else None, wants_new_key
        store.ring.is_strict = not opens_alone
        store.ring.save()
    finally:
        store.close()
    made_ready = connect(work / FILE_NAME, key)
    try:
        return contents(made_ready)
    finally:
        made_ready.close()


def number_anew(store: Store) -> int | None:
    """Let an open file that is older than this PC's papers number from another device code; gives the code."""
    with store.saving(None) as session:
        code = numbering.number_anew(session, store.ring.spent_codes)
    store.ring.spend(code)
    return code


def _check(store: Store, backup: Backup) -> None:
    try:
        with store.reading() as session:
            connection = session.connection()
            sound = session.execute(text("PRAGMA cipher_integrity_check")).first() is None
            sound = sound and session.execute(text("PRAGMA quick_check")).scalar() == "ok"
            entries = journal.read_entries(connection)
    except UserError as problem:
        raise _not_whole(backup) from problem
    if not sound or len(entries) < backup.contents.entries or journal.verify(entries):
        raise _not_whole(backup)


def give_keys_back(folder: Path, backups: Iterable[Backup], secret: str | None = None) -> Backup | None:
    """Where only the slots are lost or damaged: those of a backup that open the data as they are. None: none does."""
    for backup in backups:
        ring = _ring(backup.folder / SLOTS_NAME)
        if ring is None:
            continue
        for key in [ring.this_pc, *(ring.keys_of(secret) if secret else ())]:
            if key and opens(folder / FILE_NAME, key):
                path = folder / SLOTS_NAME
                if path.exists():
                    os.replace(path, path.with_suffix(".rusak"))
                ring.path, ring.this_pc = path, None if ring.is_strict else key
                ring.save()
                return backup
    return None


def _ring(path: Path) -> KeyRing | None:
    try:
        return keys.read(path)
    except (UserError, FileNotFoundError):
        return None


def _not_whole(backup: Backup) -> UserError:
    words = _("Cadangan ini tidak utuh. Data di PC ini tidak diubah. Pilih cadangan yang lain.")
    return UserError(words, code="E-13")


@contextlib.contextmanager
def _room(folder: Path) -> Iterator[None]:
    """Say what the disk refused; nothing has taken the place of the data yet."""
    try:
        yield
    except (OSError, driver.DatabaseError) as problem:
        words = _(
            "Cadangan tidak dapat disalin ke {folder}. Data di PC ini tidak diubah. Kosongkan ruang disk, lalu ulangi."
        )
        raise UserError(words.format(folder=folder), code="E-06") from problem
