"""A file and a centre of every released version are kept in tests/files; today's program opens and upgrades them."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict
from sqlalchemy import func, select

from desktop.models import journal
from desktop.models.application import Application
from desktop.models.local import ApplicationNow
from desktop.models.migrations import HEAD
from desktop.operations import access, daily, setup
from desktop.operations.figures import Figure, Pick
from desktop.store import Store
from desktop.sync import central
from desktop.sync.server import Server
from tests.conftest import Clock

RELEASES = sorted((Path(__file__).parent.parent / "files").glob("release-*"))
# What each of them holds, as it was when it was made.
APPLICATIONS = {"release-1": 12}
DAY = date(2026, 11, 20)


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_file_of_a_release_opens_whole_and_goes_on(release: Path, tmp_path: Path) -> None:
    for name in ("loket.db", "loket.key"):
        shutil.copy(release / name, tmp_path / name)
    os.chmod(tmp_path / "loket.key", 0o600)
    clock = Clock(datetime(2026, 11, 23, 4, 0, tzinfo=UTC))
    store = Store.open(tmp_path, clock=clock)
    try:
        with store.reading() as session:
            revision = session.connection().exec_driver_sql("SELECT version_num FROM alembic_version").scalar_one()
            assert revision == HEAD
            assert session.scalar(select(func.count()).select_from(Application)) == APPLICATIONS[release.name]
            assert journal.verify(journal.read_entries(session.connection())) == []
            before = session.execute(select(ApplicationNow.id, ApplicationNow.state, ApplicationNow.missing)).all()
            desk = setup.desk_for(session, access.officers(session)[0].id, training=True)
            assert daily.files_of(session, desk, DAY, Pick(Figure.RECEIVED))
        with store.arriving() as connection:
            journal.rebuild(connection)
        with store.reading() as session:
            after = session.execute(select(ApplicationNow.id, ApplicationNow.state, ApplicationNow.missing)).all()
        assert sorted(after) == sorted(before), "what was added up then is what is added up now"
        with store.saving(desk.officer_id) as session:
            access.add_officer(session, name="Rini", role="officer", pin="739154", agency_id=desk.agency_ids[0])
    finally:
        store.close()
    assert (tmp_path / "loket.db.before-0001").exists(), "an upgrade copies the file first"


@pytest.mark.parametrize("release", RELEASES, ids=lambda path: path.name)
def test_a_centre_of_a_release_is_upgraded_with_all_it_holds(
    release: Path, postgres: Server, new_database: Callable[..., str]
) -> None:
    dsn = new_database()
    told = conninfo_to_dict(dsn)
    with psycopg.connect(dsn, autocommit=True) as connection:
        central.make_roles(connection)
        command = [postgres.programs / "pg_restore", "-h", told["host"], "-p", str(told["port"]), "-U", told["user"],
                   "-d", told["dbname"], release / "centre.dump"]  # fmt: skip
        done = subprocess.run(
            [str(part) for part in command], env={**os.environ, "PGPASSWORD": str(told["password"])},
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        before = connection.execute("SELECT count(*) FROM sync.journal").fetchone()
        central.install(connection)
        assert central.plan(connection) == []
        assert connection.execute("SELECT count(*) FROM sync.journal").fetchone() == before
        assert connection.execute("SELECT full_name FROM record.party").fetchall() == [("Siti Aminah Rahayu",)]
        assert central.status(connection).refused == 0


def test_the_releases_are_here() -> None:
    assert [path.name for path in RELEASES] == list(APPLICATIONS)
