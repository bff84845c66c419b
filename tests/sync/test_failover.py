"""A standby takes over while counters save: nothing acknowledged is missing, and the old server gets nothing more."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from desktop.sync import address, link, worker
from desktop.sync.server import Server
from desktop.sync.worker import Worker
from tests.sync import hall
from tests.sync.hall import VERSION, Centre, Pc, make_hall, shown
from tests.sync.test_worker import wait_for

REPLICATES = ("host all all 127.0.0.1/32 scram-sha-256", "host replication all 127.0.0.1/32 scram-sha-256")


class Pair:
    """A primary and its streaming standby, each with its data in a folder of its own."""

    def __init__(self, make_folder: Callable[[], Path], *, synchronous: bool) -> None:
        self.primary = Server.make(make_folder(), access=REPLICATES, settings={"fsync": "off"})
        self.primary.start()
        folder = make_folder()
        note = json.loads((self.primary.folder / "server.json").read_text())
        (folder / "server.json").write_text(json.dumps({**note, "port": note["port"] + 1}))
        os.chmod(folder, 0o711)
        self.standby = Server(folder)
        source = make_conninfo(self.primary.dsn(), application_name="standby")
        owner = self.primary.cluster.stat()
        os.chown(folder, owner.st_uid, owner.st_gid)
        done = self.standby._run("pg_basebackup", "-R", "-X", "stream", "-c", "fast", "-d", source)
        assert done.returncode == 0, done.stdout
        conf = (self.standby.cluster / "postgresql.conf").read_bytes()
        self.standby.write("postgresql.conf", conf + f"\nport = {note['port'] + 1}\n".encode())
        self.standby.start()
        if synchronous:
            with psycopg.connect(self.primary.dsn(), autocommit=True) as connection:
                connection.execute("ALTER SYSTEM SET synchronous_standby_names = 'standby'")
                connection.execute("SELECT pg_reload_conf()")

    def kill_primary(self) -> None:
        os.kill(int((self.primary.cluster / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)

    def promote(self) -> None:
        assert self.standby._run("pg_ctl", "promote", "-w").returncode == 0

    def close(self) -> None:
        for server in (self.primary, self.standby):
            if server.is_running():
                server.stop()


@pytest.fixture
def make_pair(server_folder: Callable[[], Path]) -> Iterator[Callable[..., Pair]]:
    made: list[Pair] = []

    def make(*, synchronous: bool) -> Pair:
        made.append(Pair(server_folder, synchronous=synchronous))
        return made[-1]

    yield make
    for pair in made:
        pair.close()


def connect_to(pair: Pair, pc: Pc) -> Callable[[], psycopg.Connection[Any]]:
    told = make_conninfo(
        pc.centre.dsn, user=pc.enrolment.db_role, password=pc.enrolment.secret, host="127.0.0.1,127.0.0.1",
        port=f"{pair.primary.port},{pair.standby.port}", target_session_attrs="read-write", connect_timeout=3,
    )  # fmt: skip

    def connect() -> psycopg.Connection[Any]:
        try:
            return psycopg.connect(told, autocommit=True)
        except psycopg.OperationalError as problem:
            raise address.trouble(problem) from problem

    return connect


@pytest.mark.slow
@pytest.mark.timeout(0)
@pytest.mark.parametrize("synchronous", [False, True])
def test_a_standby_takes_over_and_nothing_is_missing_for_good(
    make_pair: Callable[..., Pair], empty_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch,
    synchronous: bool, rounds: Callable[[int, int], int],
) -> None:  # fmt: skip
    monkeypatch.setattr(link, "DEADLINE", 3.0)
    monkeypatch.setattr(worker, "FIRST_PAUSE", 0.1)
    monkeypatch.setattr(worker, "LONGEST_PAUSE", 0.5)
    for round_ in range(rounds(1, 100)):
        pair = make_pair(synchronous=synchronous)
        fail_over(pair, empty_folder, tmp_path / str(round_), synchronous=synchronous)
        pair.close()
        print(f"{round_ + 1} failovers, nothing missing")


def fail_over(pair: Pair, empty_folder: Path, tmp_path: Path, *, synchronous: bool) -> None:
    """Counters save, the primary is killed, its standby takes over, and the old one comes back."""
    with psycopg.connect(pair.primary.dsn(), autocommit=True) as connection:
        connection.execute("CREATE DATABASE hall")
    centre = Centre(pair.primary.dsn("hall")).install()
    pcs = [make_hall(empty_folder, tmp_path / "0", centre)]
    pcs += [hall.make_pc(empty_folder, tmp_path / str(n), centre, f"Loket {n}") for n in (1, 2, 3)]
    workers = [Worker(pc.store, connect_to(pair, pc), lambda _standing: None, app_version=VERSION) for pc in pcs]
    stop, centres = threading.Event(), [centre]

    def save_until_stopped(pc: Pc) -> None:
        while not stop.is_set():
            pc.receive("DKC", "Siti")
            time.sleep(0.05)

    hands = [threading.Thread(target=save_until_stopped, args=(pc,)) for pc in pcs]
    try:
        for one in (*workers, *hands):
            one.begin() if isinstance(one, Worker) else one.start()
        wait_for(lambda: all(len(pc.saved) > 30 and pc.journal_column("eid", "arr > 0 AND hlc > 0") for pc in pcs))
        acknowledged = {eid for pc in pcs for eid in pc.journal_column("eid", "arr > 0")}
        pair.kill_primary()
        pair.promote()
        after = Centre(pair.standby.dsn("hall"))
        centres.append(after)
        if synchronous:
            assert acknowledged <= after.eids(), "what a synchronous standby acknowledged it has"
        went_on = [len(pc.saved) + 30 for pc in pcs]
        wait_for(lambda: all(len(pc.saved) >= enough for pc, enough in zip(pcs, went_on, strict=True)))
        stop.set()
        for hand in hands:
            hand.join()
        wait_for(lambda: all(one.standing.kind == "in_step" and pc.pending() == 0
                             for one, pc in zip(workers, pcs, strict=True)), 90)  # fmt: skip
        assert set().union(*(pc.saved for pc in pcs)) <= after.eids()
        wait_for(lambda: len({len(shown(pc)["application"]) for pc in pcs}) == 1)
        assert [shown(pc) for pc in pcs[2:]] == [shown(pcs[1])] * 2

        # The old one comes back beside its successor, and is the first in everybody's list.
        pair.primary.start()
        old = Centre(pair.primary.dsn("hall"))
        centres.append(old)
        before = old.eids()
        pcs[1].receive("DKC", "Budi")
        pair.standby.stop()
        wait_for(lambda: workers[1].standing.kind == "refused", 60)
        problem = workers[1].standing.problem
        assert problem is not None and problem.code == "E-28"
        assert old.eids() == before
    finally:
        stop.set()
        for one in workers:
            one.close()
        for pc in pcs:
            pc.close()
        for one_centre in centres:
            one_centre.connection.close()
