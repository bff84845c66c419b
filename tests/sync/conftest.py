"""One real PostgreSQL for all tests of a run, and a fresh database for each test that asks."""

from __future__ import annotations

import io
import itertools
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from desktop import app
from desktop.sync.server import Server
from desktop.sync.site import Site
from tests.conftest import Clock
from tests.sync import hall
from tests.sync.administrator import PIN, Administrator
from tests.sync.hall import Centre, Pc, make_hall

# What costs time and protects only against a power cut of the test machine.
HASTY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "max_connections": "300"}
# Another PostgreSQL than the packaged one: the folder of its binaries.
PROGRAMS = Path(os.environ["LOKET_TEST_POSTGRES"]) if "LOKET_TEST_POSTGRES" in os.environ else None


@pytest.fixture(scope="session")
def server_folder() -> Iterator[Callable[[], Path]]:
    """Makes folders for servers. pytest's own are closed to the account that runs a server in root's place."""
    made: list[Path] = []

    def make() -> Path:
        made.append(Path(tempfile.mkdtemp(prefix="loket-pg-")))
        return made[-1]

    yield make
    for folder in made:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres(server_folder: Callable[[], Path]) -> Iterator[Server]:
    """The packaged PostgreSQL, or the one whose binaries LOKET_TEST_POSTGRES names, for this worker's whole run."""
    server = Server.make(server_folder(), programs=PROGRAMS, settings=HASTY)
    server.start()
    yield server
    server.stop()


@pytest.fixture
def new_database(postgres: Server) -> Iterator[Callable[..., str]]:
    """Makes databases, empty or like a ``template``; returns how the superuser reaches each. Dropped afterwards."""
    made: list[str] = []

    def make(template: str = "template0") -> str:
        name = f"test_{next(_numbers)}"
        with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
            order = "CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy"
            connection.execute(sql.SQL(order).format(sql.Identifier(name), sql.Identifier(template)))
        made.append(name)
        return postgres.dsn(name)

    yield make
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        for name in made:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


_numbers = itertools.count(1)


@pytest.fixture(scope="session")
def installed_programs() -> Path:
    """The binaries of the PostgreSQL that is installed on this PC: it has TLS inside."""
    return max(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))


@pytest.fixture(scope="session")
def centre_template(postgres: Server) -> Iterator[str]:
    """A database with an empty centre, to be copied."""
    name = "centre_template"
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
    centre = Centre(postgres.dsn(name)).install()
    centre.close()
    yield name
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def centre(new_database: Callable[..., str], centre_template: str) -> Iterator[Centre]:
    """An empty centre of this test's own."""
    # Rights on a database do not come with its template: the installation gives them again.
    made = Centre(new_database(centre_template)).install()
    yield made
    made.close()


@pytest.fixture
def make_admin(centre: Centre, empty_folder: Path, tmp_path: Path) -> Iterator[Callable[..., Pc]]:
    """Makes the administrator's PC of a hall, whose records are then at the centre."""
    made: list[Pc] = []

    def make(name: str = "admin", clock: Clock | None = None) -> Pc:
        made.append(make_hall(empty_folder, tmp_path / name, centre, clock))
        return made[-1]

    yield make
    for pc in made:
        pc.close()


@pytest.fixture
def make_pc(centre: Centre, empty_folder: Path, tmp_path: Path) -> Iterator[Callable[..., Pc]]:
    """Makes PCs by name that join that hall."""
    made: list[Pc] = []

    def make(name: str, agencies: tuple[str, ...] = ("DKC",), **more: Any) -> Pc:
        made.append(hall.make_pc(empty_folder, tmp_path / name, centre, name, agencies, **more))
        return made[-1]

    yield make
    for pc in made:
        pc.close()


@pytest.fixture(scope="session")
def administered_folder(server_folder: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a centre for one PC, as its administrator holds it; made once for all tests of a worker."""
    folder = server_folder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(PIN + "\n"))
        more = ["--programs", str(PROGRAMS)] if PROGRAMS else []
        assert app.main(["centre", "--folder", str(folder), "init", "--here", "--hall", "MPP Uji", *more]) == 0
    yield folder
    Site(folder).server.stop()


@pytest.fixture
def administrator(
    administered_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Administrator:
    """The administrator of that centre, at the command line."""
    return Administrator(administered_folder, tmp_path / "stick", monkeypatch, capsys)
