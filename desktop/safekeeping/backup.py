"""Backups: whole, encrypted, proven copies of the file with its slots, made while the counter works.

A backup is a folder with the same two files as the program's own, and a page that says what they hold.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver

from desktop.errors import UserError
from desktop.folder import FILE_NAME, SLOTS_NAME, size, sync
from desktop.i18n import _
from desktop.models.local import Meta
from desktop.store import Store, connect

FOLDER_NAME = "cadangan"  # where backups go while the settings name no other place
ABOUT_NAME = "isi.json"
STAMP = "%Y%m%d-%H%M%S"
SPARE = 200 * 1024 * 1024  # bytes that a backup leaves free
DAYS, WEEKS, MONTHS = 14, 8, 12
AT_ONCE = 3
OLD = timedelta(days=2)
COPY_NAME = "loket.salin"


@dataclass(frozen=True)
class Contents:
    """What a copy holds, in figures that name nobody."""

    node: str
    counter: str
    entries: int
    applications: int
    last_number: str
    last_at: str  # the moment of the last application, empty where there is none
    schema: str


@dataclass(frozen=True)
class Backup:
    """A finished backup on a disk. ``made_at`` is UTC."""

    folder: Path
    made_at: datetime
    size: int
    contents: Contents


def make(store: Store, into: Path) -> Backup:
    """Copy the open file into the folder ``into``, prove the copy, and thin out the older ones by rule.

    The counter goes on meanwhile: the copy is one moment of the file. UserError (E-12) where the place is missing,
    full or slow to death; nothing half made stays under the name of a backup.
    """
    place, moment = into / f"loket-{_node(store)[-8:]}", store.clock()
    try:
        _look_for_room(store, into)
        while (place / f"{moment:{STAMP}}").exists():
            moment += timedelta(seconds=1)  # a clock that was set back
    except OSError as problem:  # a network folder whose server is gone says so in many ways
        raise _no_backup(into, _("Foldernya tidak dapat ditulis.")) from problem
    draft = place / f"{moment:{STAMP}}.tmp"
    try:
        for left in place.glob("*.tmp"):
            _remove(left)
        draft.mkdir(parents=True)
        held = _copy(store, draft)
        (draft / ABOUT_NAME).write_text(json.dumps(asdict(held)), encoding="utf-8")
        for path in draft.iterdir():
            _sync(path)
        made = draft.with_suffix("")
        os.replace(draft, made)
        sync(place)
        thin(place, store.clock())
        return Backup(made, moment, size(made / FILE_NAME), held)
    except (OSError, driver.DatabaseError, UserError) as problem:
        # What is half made would fill the disk until the next try.
        with contextlib.suppress(OSError):
            _remove(draft)
        said = f"{problem} {problem.__cause__}"
        if any(word in said for word in ("disk is full", "No space", "I/O")):
            reason = _("Ruang disknya tidak cukup.")
        elif not isinstance(problem, driver.DatabaseError):
            reason = _("Foldernya tidak dapat ditulis.")
        else:
            reason = _("Salinannya tidak terbaca kembali.")
        raise _no_backup(into, reason) from problem


def _look_for_room(store: Store, into: Path) -> None:
    if not into.is_dir():
        if into != store.folder / FOLDER_NAME:
            # Made here, it would lie on the disk of the PC while the officer believes it to be on the stick.
            raise _no_backup(into, _("Foldernya tidak ada; colokkan disk atau periksa jaringan."))
        into.mkdir(exist_ok=True)
    # The copy is made on the PC's own disk first, and must not take the room of what the desk saves meanwhile.
    for disk in (into, store.folder):
        if shutil.disk_usage(disk).free < SPARE + size(store.folder / FILE_NAME):
            raise _no_backup(disk, _("Ruang disknya tidak cukup."))


def _copy(store: Store, draft: Path) -> Contents:
    """The file and its slots as they are at one moment, read back; the driver's DatabaseError where they differ."""
    # SQLite writes on the PC's own disk: a network folder need not know its locks, and a slow stick holds up nothing.
    here = store.folder / COPY_NAME
    here.unlink(missing_ok=True)
    source = connect(store.folder / FILE_NAME, store.ring.key)
    try:
        before = contents(source).entries
        source.execute("VACUUM INTO ?", (str(here),))
        shutil.copyfile(here, draft / FILE_NAME)
        store.ring.save(draft / SLOTS_NAME, for_backup=True)
        held = proven(draft / FILE_NAME, store.ring.key)
        if not before <= held.entries <= contents(source).entries:
            raise driver.DatabaseError("the copy holds something else")
    finally:
        source.close()
        here.unlink(missing_ok=True)
    return held


def _node(store: Store) -> str:
    with store.reading() as session:
        node: str = session.get_one(Meta, "journal").value["node"]
    return node


def backups(into: Path) -> list[Backup]:
    """The finished backups in a folder, of every PC that uses it, newest first; a damaged page is left out."""
    return sorted(_found(into), key=lambda backup: backup.made_at, reverse=True)


def _found(into: Path) -> Iterator[Backup]:
    for about in into.glob(f"loket-*/*/{ABOUT_NAME}"):
        try:
            made_at = datetime.strptime(about.parent.name, STAMP).replace(tzinfo=UTC)
            told = Contents(**json.loads(about.read_text(encoding="utf-8")))
            yield Backup(about.parent, made_at, size(about.parent / FILE_NAME), told)
        except (OSError, ValueError, TypeError):
            continue


def thin(place: Path, now: datetime) -> None:
    """Remove the backups of one PC that the rule does not keep, the oldest first.

    A few at a time: a clock that jumps ahead for an hour must not empty the stick.
    """
    by_moment = {}
    for folder in place.iterdir():
        try:
            by_moment[datetime.strptime(folder.name, STAMP).replace(tzinfo=UTC)] = folder
        except ValueError:
            continue  # not ours
    for moment in sorted(by_moment.keys() - kept(by_moment.keys(), now))[:AT_ONCE]:
        # What cannot be removed is in nobody's way but its own; the new backup is good all the same.
        with contextlib.suppress(OSError):
            _remove(by_moment[moment])


def kept(moments: Collection[datetime], now: datetime) -> set[datetime]:
    """All of today, the last of each day for 14 days, of each week for 8 weeks, of each month for 12; never none.

    Days are those of UTC: in every zone of Indonesia a working day lies within one.
    """
    keep = {moment for moment in moments if moment.date() >= now.date()}
    keep |= set(sorted(moments)[-1:])
    for span, period in (
        (timedelta(days=DAYS), "%Y-%m-%d"),
        (timedelta(weeks=WEEKS), "%G-%V"),
        (timedelta(days=31 * MONTHS), "%Y-%m"),
    ):
        last: dict[str, datetime] = {}
        for moment in sorted(moments):
            if moment > now - span:
                last[moment.strftime(period)] = moment
        keep |= set(last.values())
    return keep


def proven(path: Path, key: str) -> Contents:
    """Read a copy from end to end. UserError (E-02) or the driver's DatabaseError where it is not whole."""
    copy = connect(path, key, frozen=True)
    try:
        if copy.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise driver.DatabaseError("malformed")
        held = contents(copy)
        heads = json.loads(copy.execute("SELECT value FROM meta WHERE name = 'journal'").fetchone()[0])["heads"]
        for head in heads.values():
            if copy.execute("SELECT 1 FROM journal WHERE hash = ?", (head,)).fetchone() is None:
                raise driver.DatabaseError("malformed: the head of the journal is missing")
        return held
    finally:
        copy.close()


def contents(connection: Any) -> Contents:
    """What a file holds."""

    def one(query: str, default: Any = "") -> Any:
        row = connection.execute(query).fetchone()
        return default if row is None or row[0] is None else row[0]

    last = "FROM application ORDER BY ehlc DESC, eid DESC LIMIT 1"
    return Contents(
        node=json.loads(one("SELECT value FROM meta WHERE name = 'journal'"))["node"],
        counter=one(
            "SELECT name FROM counter WHERE id = (SELECT value ->> 'counter_id' FROM meta WHERE name = 'desk')"
        ),
        entries=one("SELECT count(*) FROM journal", 0),
        applications=one("SELECT count(*) FROM application", 0),
        last_number=one(f"SELECT number {last}"),
        last_at=one(f"SELECT received_at {last}"),
        schema=one("SELECT version_num FROM alembic_version"),
    )


@dataclass(frozen=True)
class LastBackup:
    """How far the backups reach: all saved until ``at`` is in ``folder``; ``trouble`` says what is in the way since."""

    at: datetime | None = None
    folder: str = ""
    stamp: int = -1  # the journal's clock then
    trouble: str = ""

    def is_old(self, now: datetime) -> bool:
        """Whether the officer has to be told."""
        return self.at is None or now - self.at > OLD


def last(store: Store) -> LastBackup:
    """What is remembered of the backups of this file."""
    with store.reading() as session:
        found = session.get(Meta, "backup")
    told = found.value if found is not None else {}
    at = told.get("at")
    return LastBackup(**{**told, "at": datetime.fromisoformat(at) if at else None})


def keep_up(store: Store, into: Path) -> LastBackup:
    """Make a backup unless the last one in this folder holds everything; the answer says what the world refused."""
    before = last(store)
    with store.reading() as session:
        stamp = session.get_one(Meta, "journal").value["hlc"]
    there = Path(before.folder)
    if before.stamp == stamp and there.parent.parent == into and os.path.exists(there / FILE_NAME):
        after = replace(before, at=store.clock(), trouble="")
    else:
        try:
            made = make(store, into)
            after = LastBackup(made.made_at, str(made.folder), stamp)
        except UserError as problem:
            after = replace(before, trouble=problem.message)
    told = {**asdict(after), "at": after.at.isoformat() if after.at else None}
    try:
        with store.saving(None) as session:
            session.merge(Meta(name="backup", value=told))
    except UserError as problem:  # a full disk: the next try makes the backup once more
        after = replace(after, trouble=after.trouble or problem.message)
    return after


def _no_backup(into: Path, reason: str) -> UserError:
    words = _("Cadangan di {folder} tidak dapat dibuat. {reason} Pelayanan tetap jalan; data di PC ini aman.")
    return UserError(words.format(folder=into, reason=reason), code="E-12")


def _sync(path: Path) -> None:
    with path.open("r+b") as file:
        os.fsync(file.fileno())


def _remove(folder: Path) -> None:
    # Only what we put there: a folder that somebody else uses as well stays.
    for name in (ABOUT_NAME, SLOTS_NAME, FILE_NAME):
        for path in folder.glob(f"{name}*"):
            path.unlink(missing_ok=True)
    for path in folder.glob("*.tmp"):
        path.unlink(missing_ok=True)
    folder.rmdir()
