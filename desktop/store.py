"""Opens the local file; ``reading()`` and ``saving(officer)`` are the only two ways in.

One encrypted SQLite file, one writer and a few readers, durable at every commit (reliability.md 2 e and f). Its key is
in the slots beside it (keys.py).
"""

from __future__ import annotations

import contextlib
import logging
import os
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlcipher3.dbapi2 as driver
from sqlalchemy import URL, Connection, Engine, create_engine, event
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import ORMExecuteState, Session, sessionmaker

from desktop import keys
from desktop.disk import cannot_write, full, in_words
from desktop.errors import UserError
from desktop.folder import FILE_NAME, LOCK_NAME, SLOTS_NAME, WITNESS_NAME, Lock, Witness, finish, size, sync
from desktop.i18n import _
from desktop.keys import KeyRing
from desktop.models import Base, journal, schema, writing
from desktop.models.base import new_id
from desktop.models.kinds import canon
from desktop.models.migrations import HEAD

log = logging.getLogger("loket.store")


# SQLite 3.7.0 to 3.51.2 can corrupt a WAL file that two connections write (wal.html#walresetbug).
SAFE_SQLITE = (3, 51, 3)

Listener = Callable[[frozenset[str]], None]


def utc_now() -> datetime:
    """The wall clock; tests hand another one to the store."""
    return datetime.now(UTC)


class Store:
    """The open local file. Made by ``Store.open``; ``close()`` gives the file back."""

    def __init__(self, folder: Path, ring: KeyRing, lock: Lock, clock: Callable[[], datetime]) -> None:
        self.folder = folder
        self.clock = clock
        self.ring = ring
        self.start_id = new_id()
        self.ended_badly = self.lost_entries = False
        self._lock = lock
        self._gate = _Gate()
        self._witness = Witness(folder / WITNESS_NAME)
        self._listeners: list[Listener] = []
        path = folder / FILE_NAME
        self._writer = _engine(path, ring.key, readonly=False)
        self._reader = _engine(path, ring.key, readonly=True)
        self._saving = sessionmaker(self._writer, expire_on_commit=False)
        self._reading = sessionmaker(self._reader, expire_on_commit=False, autoflush=False)
        event.listen(self._saving, "before_flush", _note_tables)
        event.listen(self._saving, "do_orm_execute", _note_statement)
        writing.attach(self._saving)

    @classmethod
    def open(cls, folder: Path, *, secret: str | None = None, clock: Callable[[], datetime] = utc_now) -> Store:
        """Open the file in ``folder``, making or upgrading it first; ``secret`` is a password or a recovery code.

        Raises UserError with what is wrong, whether the data are safe, and what to do: already open (code E-01), not
        readable (E-02), made by a newer program (E-03), key gone (E-04), folder not writable (E-05), disk full (E-06),
        data gone (E-08); and keys.Locked (E-09) where a secret is needed or wrong.
        """
        if tuple(map(int, driver.sqlite_version.split("."))) < SAFE_SQLITE:
            raise RuntimeError(f"SQLite {driver.sqlite_version} can damage the file; {SAFE_SQLITE} is needed")
        try:
            folder.mkdir(parents=True, exist_ok=True)
            lock = Lock(folder / LOCK_NAME)
        except OSError as problem:
            raise cannot_write(folder) from problem
        try:
            finish(folder)
            # A program that was closed leaves no log file: one with something in it tells of a kill or a power cut.
            ended_badly = size(folder / f"{FILE_NAME}-wal") > 0
            with in_words():
                ring = _unlocked(folder, secret, clock())
                store = cls(folder, ring, lock, clock)
                store._prepare()
                store.ended_badly, store.lost_entries = ended_badly, not store._holds(store._witness.told())
            ring.settle(ring.key)
        except OSError as problem:
            lock.release()
            raise cannot_write(folder) from problem
        except BaseException:
            lock.release()
            raise
        return store

    @contextlib.contextmanager
    def saving(self, officer_id: str | None) -> Iterator[Session]:
        """A session whose commit is durable and journalled; on any error nothing of it is kept.

        Listeners hear which tables changed after the commit. A full disk or a damaged file raises UserError.
        """
        with in_words(), self._gate.urgent(), self._saving() as session:
            session.info.update(now=self.clock(), officer=officer_id, start_id=self.start_id, tables=set())
            with session.begin():
                yield session
            tables = frozenset(session.info["tables"])
            if "head" in session.info:
                self._witness.tell(session.info["head"])
        self.announce(tables)

    @contextlib.contextmanager
    def reading(self) -> Iterator[Session]:
        """A session that can only look; close it soon, an old reader lets the log file grow."""
        with in_words(), self._reading() as session:
            session.info["now"] = self.clock()
            yield session

    def listen(self, listener: Listener) -> None:
        """Call ``listener`` with the changed tables after every save, in the saving thread."""
        self._listeners.append(listener)

    def announce(self, tables: frozenset[str]) -> None:
        """Tell the listeners that these tables changed."""
        for listener in self._listeners if tables else ():
            try:
                listener(tables)
            except Exception:
                # The save is done and durable: whoever fails to hear of it must not make it look undone.
                log.exception("a listener failed")

    @contextlib.contextmanager
    def arriving(self) -> Iterator[Connection]:
        """The writer's own connection, for journal entries that come from elsewhere (never a second writer engine).

        Keep it short (50 entries): a save at the desk goes first, and waits no longer than one such piece.
        """
        self._gate.give_way()
        with in_words(), self._writer.begin() as connection:
            yield connection

    def close(self) -> None:
        """Fold the log file into the database and let another program open it."""
        # Where another thread still holds the writer, the next start folds it in.
        with contextlib.suppress(SQLAlchemyError, driver.DatabaseError), self._writer.connect() as connection:
            raw = connection.connection.dbapi_connection
            connection.rollback()
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        self._writer.dispose()
        self._reader.dispose()
        self._lock.release()

    def _holds(self, eid: str) -> bool:
        """Whether the entry that was saved last on this PC is in the file; one that is not tells of an older copy."""
        with self._reader.connect() as connection:
            found = connection.exec_driver_sql("SELECT 1 FROM journal WHERE eid = ?", (eid,)).first()
        return not eid or found is not None

    def _prepare(self) -> None:
        """Bring the file to the newest tables."""
        with self._writer.begin() as connection:
            revision = _revision(connection)
        if revision != HEAD:
            self._migrate(revision)
        with self._writer.begin() as connection:
            schema.ensure(connection)
            # The clock of the file may be ahead of the PC's; the node is this file's name in every lane.
            connection.exec_driver_sql(
                "INSERT OR IGNORE INTO meta (name, value) VALUES ('journal', ?)",
                (canon({"hlc": 0, "heads": {}, "node": new_id(), "schema_v": journal.SCHEMA_VERSION}),),
            )
            # What newer programs sent before this update is understood now.
            journal.replay(connection)

    def _migrate(self, revision: str | None) -> None:
        # alembic costs 190 ms to import: only the start after an update pays it.
        from alembic import command
        from alembic.config import Config
        from alembic.script import ScriptDirectory

        config = Config()
        config.set_main_option("script_location", "desktop.models:migrations")
        if revision is not None:
            known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
            if revision not in known:
                raise UserError(
                    _(
                        "Data di PC ini dibuat oleh Loket yang lebih baru. Data aman dan tidak diubah. "
                        "Pasang Loket versi terbaru, lalu buka lagi."
                    ),
                    code="E-03",
                )
            self._copy_before(revision)
        # A connection of its own: foreign keys can only be switched off before the transaction begins.
        engine = _engine(self.folder / FILE_NAME, self.ring.key, readonly=False, foreign_keys=False)
        try:
            with engine.begin() as connection:
                config.attributes["connection"] = connection
                command.upgrade(config, "head")
                if connection.exec_driver_sql("PRAGMA foreign_key_check").first() is not None:
                    raise RuntimeError("the upgrade would leave a dangling reference")
        finally:
            engine.dispose()

    def _copy_before(self, revision: str) -> None:
        source, copy = self.folder / FILE_NAME, self.folder / f"{FILE_NAME}.before-{revision}"
        with self._writer.connect() as connection:
            connection.rollback()
            connection.connection.dbapi_connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # type: ignore[union-attr]
        draft = copy.with_suffix(".tmp")
        try:
            shutil.copy2(source, draft)
            with draft.open("r+b") as made:
                os.fsync(made.fileno())  # or a power cut after the update leaves a way back with holes in it
            os.replace(draft, copy)
            sync(self.folder)
        except OSError as problem:
            raise full() from problem


def _note_tables(session: Session, _context: object, _instances: object) -> None:
    tables: set[str] = session.info["tables"]
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Base):
            tables.add(row.__tablename__)


def _note_statement(state: ORMExecuteState) -> None:
    if not state.is_select and state.bind_mapper is not None:
        state.session.info["tables"].add(state.bind_mapper.class_.__tablename__)


def _engine(path: Path, key: str, *, readonly: bool, foreign_keys: bool = True) -> Engine:
    engine = create_engine(
        URL.create("sqlite", database=str(path)),  # as a text, a "?" or "%" in a folder's name would be read as more
        module=driver,
        isolation_level=None,
        pool_size=3 if readonly else 1,
        pool_timeout=16,
        max_overflow=0,
        # A database error never prints the values it was given: they are names and NIK.
        hide_parameters=True,
        connect_args={"check_same_thread": False},
    )

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None
        for pragma in (
            f"key = \"x'{key}'\"",
            "cipher_log_level = NONE",
            *(() if readonly else ("journal_mode = WAL",)),
            "synchronous = FULL",
            "busy_timeout = 15000",
            f"foreign_keys = {'ON' if foreign_keys else 'OFF'}",
            f"cache_size = {-65536 if readonly else -8192}",
            "temp_store = MEMORY",
            "trusted_schema = OFF",
            "cell_size_check = ON",
            "mmap_size = 0",
            "query_only = ON" if readonly else "secure_delete = ON",
            "wal_autocheckpoint = 1000",
        ):
            connection.execute(f"PRAGMA {pragma}").fetchall()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        # A deferred BEGIN fails with "database is locked" when it has to become a writer (measured: 1,500 in 6 s).
        connection.exec_driver_sql("BEGIN" if readonly else "BEGIN IMMEDIATE")

    return engine


def _revision(connection: Connection) -> str | None:
    if connection.exec_driver_sql("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").first() is None:
        return None
    return connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()


@contextlib.contextmanager
def alone(folder: Path) -> Iterator[None]:
    """Hold the folder's lock while its files are changed as a whole. UserError (E-01) while a program has it open."""
    lock = Lock(folder / LOCK_NAME)
    try:
        yield
    finally:
        lock.release()


def connect(path: Path, key: str, *, frozen: bool = False) -> Any:
    """A bare connection to an encrypted file, for what is done to the file as a whole; the caller closes it.

    ``frozen``: nobody changes the file, so it is read without locks, which not every network folder has. Raises the
    driver's DatabaseError where the key does not open it.
    """
    address = f"{path.resolve().as_uri()}?immutable=1" if frozen else str(path)
    connection = driver.connect(address, isolation_level=None, check_same_thread=False, uri=frozen)
    try:
        for pragma in (f"key = \"x'{key}'\"", "cipher_log_level = NONE", "synchronous = FULL", "cell_size_check = ON"):
            connection.execute(f"PRAGMA {pragma}").fetchall()
        connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.DatabaseError:
        connection.close()
        raise
    return connection


def opens(path: Path, key: str) -> bool:
    """Whether this key opens the file (or the file is new)."""
    try:
        connect(path, key).close()
    except driver.DatabaseError:
        return False
    return True


def _unlocked(folder: Path, secret: str | None, now: datetime) -> KeyRing:
    """The slots of this folder with the key of its file, made with the first one, changed where that was asked for.

    UserError where file or slots are gone.
    """
    database = folder / FILE_NAME
    is_there = size(database) > 0
    try:
        ring = keys.read(folder / SLOTS_NAME)
    except FileNotFoundError:
        if is_there:
            raise keys.unreadable(folder / SLOTS_NAME) from None
        ring = keys.make(folder / SLOTS_NAME)
    if ring.made and not is_there:
        # To begin anew silently would look like a new hall, and could give numbers a second time.
        raise UserError(
            _(
                "Berkas data {path} hilang atau kosong, padahal loket ini pernah dipakai. Jangan hapus apa pun. "
                "Hubungi admin untuk mengembalikan data dari cadangan."
            ).format(path=database),
            code="E-08",
        )
    found = ring.candidates(secret, now)
    if len(found) > 1 and not opens(database, found[0]):
        del found[0]
    ring.key = found[0]
    if ring.next is not None and opens(database, ring.key):
        ring.settle(ring.key)
    if ring.wants_new_key and is_there and opens(database, ring.key):
        _change_key(database, ring)
    return ring


def _change_key(database: Path, ring: KeyRing) -> None:
    """Give the file a new key. Killed at any moment, one of the two keys in the slots opens it."""
    after = ring.begin_new_key()
    connection = connect(database, ring.key)
    try:
        connection.execute(f"PRAGMA rekey = \"x'{after}'\"").fetchall()
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except driver.DatabaseError as problem:
        # Undone by SQLite; the next start tries again.
        raise full() from problem
    finally:
        connection.close()
    ring.settle(after)


class _Gate:
    """Lets saves of the desk pass before what arrives: the pool itself is not fair, and would hand the writer back to
    the thread that has just returned it."""

    def __init__(self) -> None:
        self._free = threading.Condition()
        self._waiting = 0

    @contextlib.contextmanager
    def urgent(self) -> Iterator[None]:
        """A save wants the writer, or has it."""
        with self._free:
            self._waiting += 1
        try:
            yield
        finally:
            with self._free:
                self._waiting -= 1
                self._free.notify_all()

    def give_way(self) -> None:
        """Wait until no save is on its way; a moment's rest lets one come that is about to."""
        time.sleep(0.001)
        with self._free:
            self._free.wait_for(lambda: self._waiting == 0)
