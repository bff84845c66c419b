"""Two halls with centres of their own, and a province that sees the day of both and no person."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from desktop.errors import UserError
from desktop.models.application import Visit
from desktop.models.base import natural_id, now
from desktop.models.catalog import Counter, Hall
from desktop.sync import province
from desktop.sync.server import Server
from desktop.sync.site import Site
from tests.sync.administrator import PIN, Administrator, sync
from tests.sync.administrator import receive as receive_at
from tests.sync.hall import AGENCIES, Centre, Pc, make_hall
from tests.sync.test_worker import wait_for

REPLICATES = ("host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256")


@pytest.fixture
def make_server(server_folder: Callable[[], Path]) -> Iterator[Callable[..., Server]]:
    made: list[Server] = []

    def make(**settings: str) -> Server:
        made.append(Server.make(server_folder(), access=REPLICATES, settings={"fsync": "off", **settings}))
        made[-1].start()
        with psycopg.connect(made[-1].dsn(), autocommit=True) as connection:
            connection.execute("CREATE DATABASE loket")
        return made[-1]

    yield make
    for server in made:
        server.stop()


def receive(pc: Pc, outcome: str) -> str:
    made = pc.receive("DKC", "Siti Penanda Rahasia")
    pc.save(lambda session: session.add(Visit(
        application_id=made, counter_id=pc.counter_id, officer_id="rini", started_at=now(session),
        finished_at=now(session), outcome=outcome)))  # fmt: skip
    return made


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_province_sees_the_day_of_its_halls_and_no_person(
    make_server: Callable[..., Server], empty_folder: Path, tmp_path: Path
) -> None:
    halls: list[tuple[Server, Centre, Pc]] = []
    for place in (0, 1):
        server = make_server(wal_level="logical")
        centre = Centre(server.dsn("loket")).install()
        pc = make_hall(empty_folder, tmp_path / str(place), centre)
        if place:
            # The other hall: its own record and counter, and a catalogue made from the same source.
            pc.counter_id = "c2"
            pc.save(other_hall)
        halls.append((server, centre, pc))
    above = make_server(max_logical_replication_workers="8")
    seen = psycopg.connect(above.dsn("loket"), autocommit=True)
    try:
        receive(halls[0][2], "complete")
        halls[0][2].sync()
        for place, (server, centre, _pc) in enumerate(halls):
            login = province.publish(centre.connection)
            source = make_conninfo(server.dsn("loket"), user=login.role, password=login.secret)
            province.subscribe(seen, f"hall{place}", source)
        receive(halls[0][2], "returned")
        receive(halls[1][2], "complete")
        for _server, _centre, pc in halls:
            pc.sync()

        def day() -> list[Any]:
            return seen.execute(
                "SELECT hall_code, received, complete_at_first, returned, void FROM province.day ORDER BY 1"
            ).fetchall()

        wait_for(lambda: day() == [("3319", 2, 1, 1, 0), ("3320", 1, 1, 0, 0)])
        agencies = seen.execute("SELECT count(*) FROM record.agency").fetchone()
        assert agencies == (len(AGENCIES),), "what both halls made from one catalogue is one row"
        for table in ("party", "note", "intake_detail", "officer_private", "access_event"):
            assert seen.execute(f"SELECT count(*) FROM record.{table}").fetchone() == (0,)
        with pytest.raises(psycopg.errors.InsufficientPrivilege), psycopg.connect(source) as stranger:
            stranger.execute("SELECT * FROM record.party")
        assert set(province.lag(seen)) == {"hall0", "hall1"}

        # A hall that is cut off and comes back is caught up by itself.
        halls[1][0].stop()
        receive(halls[0][2], "complete")
        halls[0][2].sync()
        wait_for(lambda: day()[0][1] == 3)
        halls[1][0].start()
        halls[1][1].connection.close()
        halls[1][1].connection = psycopg.connect(halls[1][0].dsn("loket"), autocommit=True)
        receive(halls[1][2], "returned")
        with pytest.raises(psycopg.OperationalError):
            halls[1][2].sync()
        halls[1][2].sync()
        wait_for(lambda: day() == [("3319", 3, 2, 1, 0), ("3320", 2, 1, 1, 0)], 90)

        with pytest.raises(UserError, match="sudah diikuti"):
            province.subscribe(seen, "hall0", source)
        with pytest.raises(UserError, match="tidak terjangkau"):
            province.subscribe(seen, "hall9", make_conninfo(source, password="wrong"))
    finally:
        for name in province.lag(seen):
            seen.execute(f"ALTER SUBSCRIPTION loket_{name} DISABLE")
        seen.close()
        for _server, centre, pc in halls:
            pc.close()
            centre.connection.close()


def other_hall(session: Any) -> None:
    hall_id = natural_id("hall", "3320")
    session.add(Hall(id=hall_id, code="3320", name="MPP Tetangga", region_code="3320"))
    session.add(Counter(id="c2", hall_id=hall_id, name="Loket 1", agency_ids=list(AGENCIES.values())))


def test_a_server_that_keeps_too_little_log_says_what_to_do(make_server: Callable[..., Server]) -> None:
    centre = Centre(make_server(wal_level="replica").dsn("loket")).install()
    with pytest.raises(UserError, match="wal_level = logical"):
        province.publish(centre.connection)
    centre.close()


@pytest.mark.slow
def test_the_two_commands_make_a_province_follow_a_hall(
    administrator: Administrator, tmp_path: Path, server_folder: Callable[[], Path]
) -> None:
    counter = administrator.counter(tmp_path / "pc", "Loket P1")
    number = receive_at(counter)
    assert sync(counter) == 0
    assert "Akan menerbitkan" in administrator.does("publish", "--dry-run")
    assert "diterbitkan" in administrator.does("publish")
    file = administrator.folder / "province.conn"
    assert file.stat().st_mode & 0o077 == 0

    above = Administrator(server_folder(), tmp_path, administrator.monkeypatch, administrator.capsys)
    above.does("init", "--here", "--hall", "Provinsi", "--hall-code", "3300", typed=PIN)
    assert "huruf kecil" in above.refuses("subscribe", "Kudus!", str(file))
    assert "tidak terbaca" in above.refuses("subscribe", "kudus", str(tmp_path / "nothing"))
    assert "Akan mengikuti" in above.does("subscribe", "kudus", str(file), "--dry-run")
    assert "diikuti" in above.does("subscribe", "kudus", str(file))
    site = Site(above.folder)
    with site.connect() as connection:
        wait_for(lambda: connection.execute(
            "SELECT count(*) FROM record.application WHERE number = %s", (number,)).fetchone() == (1,))  # fmt: skip
        assert connection.execute("SELECT count(*) FROM record.party").fetchone() == (0,)
        connection.execute("ALTER SUBSCRIPTION loket_kudus DISABLE")
    above.does("stop")
