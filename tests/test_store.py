"""The local file against the world: missing, locked, read-only, damaged, newer, full; each a sentence, nothing lost."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError, IntegrityError, OperationalError

from desktop.errors import UserError
from desktop.folder import FILE_NAME, SLOTS_NAME
from desktop.models import Base, journal
from desktop.models.catalog import Agency
from desktop.models.local import Serial
from desktop.models.migrations import HEAD
from desktop.operations import drafts
from desktop.store import Store, connect
from tests.conftest import MORNING, Clock

MakeStore = Callable[[str], Store]


def add_agency(store: Store, name: str = "Dukcapil") -> None:
    with store.saving("rini") as session:
        session.add(Agency(hall_id="h", code="DKC", name_id=name, name_en="Registry", level="regency"))


def names(store: Store) -> list[str]:
    with store.reading() as session:
        return list(session.scalars(select(Agency.name_id).order_by(Agency.id)))


def refused(folder: Path) -> UserError:
    with pytest.raises(UserError) as caught:
        Store.open(folder, clock=Clock()).close()
    return caught.value


def test_a_new_folder_gets_a_file_that_says_what_is_in_it(tmp_path: Path) -> None:
    store = Store.open(tmp_path / "new", clock=Clock())
    add_agency(store)
    store.close()
    again = Store.open(tmp_path / "new", clock=Clock())
    assert names(again) == ["Dukcapil"]
    again.close()


def test_nothing_in_the_folder_can_be_read_without_the_key(store: Store) -> None:
    add_agency(store, "Rahasia sekali")
    store.close()
    for path in store.folder.iterdir():
        assert b"Rahasia" not in path.read_bytes(), path
        assert path.name == SLOTS_NAME or b"SQLite format" not in path.read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX file modes")
def test_the_key_is_for_this_account_only(store: Store) -> None:
    assert (store.folder / SLOTS_NAME).stat().st_mode & 0o077 == 0


def test_a_second_program_is_told_the_first_one_is_open(store: Store) -> None:
    assert refused(store.folder).code == "E-01"
    store.close()
    Store.open(store.folder, clock=Clock()).close()  # the control: once closed, it opens


def test_a_killed_program_leaves_no_lock_behind(new_store: MakeStore) -> None:
    store = new_store("killed")
    store.close()
    program = (
        "import os, signal, sys; from pathlib import Path; from desktop.store import Store;"
        "Store.open(Path(sys.argv[1])); os.kill(os.getpid(), 9)"
    )
    if sys.platform == "win32":
        program = program.replace("os.kill(os.getpid(), 9)", "os._exit(9)")
    subprocess.run([sys.executable, "-c", program, str(store.folder)], check=False, cwd=Path(__file__).parent.parent)
    Store.open(store.folder, clock=Clock()).close()


def test_a_lost_key_is_named_and_the_data_are_left_alone(store: Store) -> None:
    add_agency(store)
    store.close()
    key = (store.folder / SLOTS_NAME).read_bytes()
    (store.folder / SLOTS_NAME).unlink()
    before = (store.folder / FILE_NAME).read_bytes()
    assert refused(store.folder).code == "E-04"
    assert (store.folder / FILE_NAME).read_bytes() == before
    assert not (store.folder / SLOTS_NAME).exists(), "a new key would lock the data out for ever"
    (store.folder / SLOTS_NAME).write_bytes(key)
    again = Store.open(store.folder, clock=Clock())
    assert names(again) == ["Dukcapil"]
    again.close()


@pytest.mark.parametrize("told", [b"", b"{", b"{}", b"[]", b"\xff\xfe", b'{"key": "abc"}', b'{"key": 3}'])
def test_a_key_file_that_is_no_key_is_named(store: Store, told: bytes) -> None:
    store.close()
    (store.folder / SLOTS_NAME).write_bytes(told)
    assert refused(store.folder).code == "E-04"
    assert (store.folder / SLOTS_NAME).read_bytes() == told


@pytest.mark.parametrize("damage", [Path.unlink, lambda path: path.write_bytes(b"")])
def test_a_database_that_is_gone_never_becomes_a_new_hall(store: Store, damage: Callable[[Path], object]) -> None:
    store.close()
    damage(store.folder / FILE_NAME)
    assert refused(store.folder).code == "E-08"


@pytest.mark.parametrize("name", ["50%20x", "a?b", "Loket é 7", "a#b"])
def test_a_folder_may_have_any_name(tmp_path: Path, name: str) -> None:
    Store.open(tmp_path / name, clock=Clock()).close()
    assert (tmp_path / name / FILE_NAME).exists()
    assert [path.name for path in tmp_path.iterdir()] == [name]
    Store.open(tmp_path / name, clock=Clock()).close()


def test_a_listener_that_fails_does_not_make_a_save_look_undone(store: Store) -> None:
    def fails(_tables: frozenset[str]) -> None:
        raise ZeroDivisionError

    store.listen(fails)
    add_agency(store)
    assert names(store) == ["Dukcapil"]


def test_a_file_that_is_closed_twice_closes_nothing_else(store: Store, tmp_path: Path) -> None:
    store.close()
    others = [os.open(tmp_path, os.O_RDONLY) for _ in range(30)]  # one of them under the number that the lock had
    store.close()
    for other in others:
        os.close(other)


def test_a_file_whose_writer_is_still_held_is_given_back_all_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    add_agency(store)
    monkeypatch.setattr(store._writer.pool, "_timeout", 0.1)
    held = store._writer.connect()
    store.close()
    again = Store.open(store.folder, clock=Clock())
    assert names(again) == ["Dukcapil"]
    again.close()
    held.close()


def test_another_files_key_and_a_destroyed_head_give_the_same_sentence(new_store: MakeStore, tmp_path: Path) -> None:
    a, b = new_store("a"), Store.open(tmp_path / "made anew", clock=Clock())
    a.close()
    b.close()
    (a.folder / SLOTS_NAME).write_bytes((b.folder / SLOTS_NAME).read_bytes())
    assert refused(a.folder).code == "E-02"
    with (b.folder / FILE_NAME).open("r+b") as file:
        file.write(os.urandom(4096))
    problem = refused(b.folder)
    assert problem.code == "E-02"
    assert "Jangan hapus" in problem.message


def test_damage_that_only_the_question_of_the_witness_meets_is_named(store: Store) -> None:
    """The page by which one entry of the journal is found; the start reads no other entry."""
    add_agency(store)
    raw = connect(store.folder / FILE_NAME, store.ring.key)
    page = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'sqlite_autoindex_journal_1'").fetchone()[0]
    size = int(raw.execute("PRAGMA page_size").fetchone()[0])
    raw.close()
    store.close()
    with (store.folder / FILE_NAME).open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(bytes(64))
    assert refused(store.folder).code == "E-02"


def test_a_file_of_a_newer_program_is_refused_and_not_touched(store: Store) -> None:
    with store.arriving() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    store.close()
    before = (store.folder / FILE_NAME).read_bytes()
    assert refused(store.folder).code == "E-03"
    assert (store.folder / FILE_NAME).read_bytes() == before


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="root writes everywhere")
def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    assert refused(tmp_path / "no").code == "E-05"


def test_a_file_in_place_of_the_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    assert refused(tmp_path / "file").code == "E-05"


def test_every_save_is_whole_or_not_there_when_the_disk_fills_at_any_page(store: Store) -> None:
    """The page limit is moved one page at a time through a whole save: SQLite's own disk-full, at every write."""
    add_agency(store)
    refusals = 0
    for extra in range(40):
        with store._writer.connect() as connection:
            connection.rollback()
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
            pages = raw.execute("PRAGMA page_count").fetchone()[0]
            raw.execute(f"PRAGMA max_page_count = {pages + extra // 8}").fetchall()
        kept = names(store)
        try:
            add_agency(store, "x" * 3000)
        except UserError as problem:
            assert problem.code == "E-06"
            refusals += 1
            assert names(store) == kept
        else:
            assert len(names(store)) == len(kept) + 1
        with store.reading() as session:
            assert journal.verify(journal.read_entries(session.connection())) == []
            assert session.execute(text("PRAGMA quick_check")).scalar() == "ok"
    assert refusals, "the control: a full disk was really met"
    with store._writer.connect() as connection:
        connection.exec_driver_sql("PRAGMA max_page_count = 1073741823")
    add_agency(store, "sesudah ada ruang")
    assert "sesudah ada ruang" in names(store)


def test_a_row_that_breaks_a_rule_is_no_full_disk(store: Store) -> None:
    """The name of a column stands in what SQLite says, and "full_name" is one of ours."""
    with pytest.raises(IntegrityError, match="full_name"), store.saving(None) as session:
        session.execute(text("CREATE TEMP TABLE guest (full_name TEXT NOT NULL)"))
        session.execute(text("INSERT INTO guest VALUES (NULL)"))


def test_readers_cannot_write(store: Store) -> None:
    with pytest.raises(UserError), store.reading() as session:
        session.execute(text("DELETE FROM meta"))


def test_threads_that_read_and_write_never_lose_an_update(store: Store, rounds: Callable[[int, int], int]) -> None:
    """Read-modify-write beside a reader that never ends: none is lost, and none hears that the file is locked.

    With SQLAlchemy's stock transactions a third of these were lost.
    """
    times = rounds(40, 1500)
    with store.saving(None) as session:
        session.add(Serial(device_code=107, on_date=MORNING.date(), last=0))

    def count() -> None:
        for _ in range(times):
            with store.saving(None) as session:
                row = session.get_one(Serial, (107, MORNING.date()))
                row.last += 1

    threads = [threading.Thread(target=count) for _ in range(4)]
    with store.reading() as stuck:
        assert stuck.get_one(Serial, (107, MORNING.date())).last == 0
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    with store.reading() as session:
        assert session.get_one(Serial, (107, MORNING.date())).last == 4 * times


def test_of_four_starters_exactly_one_gets_the_file(tmp_path: Path, rounds: Callable[[int, int], int]) -> None:
    """Four processes at the same moment, again and again; the winner holds the lock until all have tried."""
    program = (
        "import sys; from pathlib import Path; from desktop.errors import UserError; from desktop.folder import Lock\n"
        "for _ in sys.stdin:\n"
        "    try: lock = Lock(Path(sys.argv[1]))\n"
        "    except UserError: lock = None\n"
        "    print(lock is not None, flush=True); sys.stdin.readline()\n"
        "    if lock: lock.release()\n"
        "    print('free', flush=True)"
    )
    starters = [
        subprocess.Popen([sys.executable, "-c", program, str(tmp_path / "loket.lock")], text=True,
                         stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        for _starter in range(4)
    ]  # fmt: skip
    for _round in range(rounds(5, 200)):
        assert sorted(told(starters)) == ["False", "False", "False", "True"]
        assert told(starters) == ["free"] * 4
    for starter in starters:
        starter.communicate()
        assert starter.returncode == 0


def told(starters: list[subprocess.Popen[str]]) -> list[str]:
    """Push all, then hear all."""
    for starter in starters:
        print(file=starter.stdin, flush=True)
    return [starter.stdout.readline().strip() for starter in starters if starter.stdout is not None]


def test_listeners_hear_of_a_draft_that_was_dropped(store: Store) -> None:
    heard: list[frozenset[str]] = []
    with store.saving(None) as session:
        draft_id = drafts.keep(session, "x", {})
    store.listen(heard.append)
    with store.saving(None) as session:
        assert len(drafts.drafts(session)) == 1
        drafts.drop(session, draft_id)
        assert drafts.drafts(session) == []
    with store.saving(None) as session:
        drafts.drafts(session)
    assert heard == [frozenset({"draft"})]


def test_listeners_hear_what_changed_after_the_commit_and_nothing_of_a_failure(store: Store) -> None:
    heard: list[frozenset[str]] = []

    def listener(tables: frozenset[str]) -> None:
        heard.append(tables)
        names(store)  # the file can be read: its writer is free again

    store.listen(listener)
    add_agency(store)
    with pytest.raises(ZeroDivisionError), store.saving("rini") as session:
        session.add(Agency(hall_id="h", code="X", name_id="x", name_en="x", level="x"))
        raise ZeroDivisionError
    assert heard == [frozenset({"agency"})]


def test_a_database_error_never_prints_the_values(store: Store) -> None:
    with pytest.raises((DatabaseError, OperationalError)) as caught, store.arriving() as connection:
        connection.execute(text("INSERT INTO agency (id, name_id) VALUES (:a, :b)"), {"a": "1", "b": "Siti Rahasia"})
    assert "Siti" not in str(caught.value)


def test_the_migrations_and_the_models_say_the_same(store: Store) -> None:
    from alembic.autogenerate import compare_metadata
    from alembic.config import Config
    from alembic.migration import MigrationContext
    from alembic.script import ScriptDirectory

    config = Config()
    config.set_main_option("script_location", "desktop.models:migrations")
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]
    with store.arriving() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": _ours})
        assert compare_metadata(context, Base.metadata) == []


def _ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith("party_fts"))


@pytest.mark.parametrize("seed", range(3))
def test_random_bytes_in_the_file_are_reported_never_read_as_data(store: Store, seed: int) -> None:
    add_agency(store)
    store.close()
    luck = random.Random(seed)
    path = store.folder / FILE_NAME
    content = bytearray(path.read_bytes())
    for _ in range(40):
        content[luck.randrange(len(content))] ^= 1 << luck.randrange(8)
    path.write_bytes(content)
    try:
        again = Store.open(store.folder, clock=Clock())
    except UserError as problem:
        assert problem.code == "E-02"
        return
    try:
        assert names(again) == ["Dukcapil"]
    except UserError as problem:
        assert problem.code == "E-02"
    finally:
        again.close()
