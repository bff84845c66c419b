"""A backup that is proven when it is made, and a restore that loses nothing the counters still have."""

from __future__ import annotations

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Any

import hypothesis
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.errors import UserError
from desktop.sync import address, backup
from desktop.sync.site import Site
from tests.sync.administrator import Administrator, heal, numbers, only_backup, receive, sync


def test_a_centre_is_restored_and_the_counters_heal_it(administrator: Administrator, tmp_path: Path) -> None:
    profile = administrator.counter(tmp_path / "pc", "Loket B1")
    earlier = receive(profile)
    sync(profile)
    site = Site(administrator.folder)
    administrator.does("backup")
    made = only_backup(site.backups)
    assert made.entries > 200
    assert {path.stat().st_mode & 0o777 for path in made.folder.iterdir() if path.is_file()} == {0o600}

    later = receive(profile)
    sync(profile)
    secret = address.load(profile).role
    with site.connect() as connection:
        connection.execute(f"DROP ROLE {secret}")  # as on a new server, which has never heard of this PC
    with pytest.raises(UserError):
        sync(profile)

    assert "Akan memulihkan" in administrator.does("restore", str(made.folder), "--dry-run")
    said = administrator.does("restore", str(made.folder))
    assert "loket_before_" in said
    fresh = administrator.counter(tmp_path / "fresh", "Loket B2")
    assert earlier in numbers(fresh)
    assert later not in numbers(fresh), "the control: the backup does not know it"
    heal(profile)
    sync(fresh)
    assert {earlier, later} <= numbers(fresh)

    administrator.does("restore", str(made.folder))
    with site.connect() as connection:
        aside = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'loket_before_%'").fetchone()
    assert aside == (1,), "only what the last restore put aside is kept"
    heal(profile)


def test_a_pc_enrolled_since_the_backup_stays_in_the_hall(administrator: Administrator, tmp_path: Path) -> None:
    administrator.does("backup", "--out", str(tmp_path / "copies"))
    profile = administrator.counter(tmp_path / "since", "Loket S9")
    made = receive(profile)
    sync(profile)
    administrator.does("restore", str(only_backup(tmp_path / "copies").folder))
    fresh = administrator.counter(tmp_path / "fresh", "Loket S2")
    heal(profile)
    sync(fresh)
    assert made in numbers(fresh)
    with Site(administrator.folder).connect() as connection:
        codes = connection.execute("SELECT code FROM record.device_code GROUP BY code HAVING count(*) > 1").fetchall()
        desks = connection.execute("SELECT name FROM record.counter WHERE name LIKE 'Loket S_'").fetchall()
    assert codes == [], "no device code is given twice"
    assert sorted(desks) == [("Loket S2",), ("Loket S9",)], "what the administrator saved since came back"


def test_what_was_decided_about_a_pc_since_the_backup_holds(administrator: Administrator, tmp_path: Path) -> None:
    """It was shut out and let in anew: a restore that forgot it would leave the PC's own lane with the old login."""
    profile = administrator.counter(tmp_path / "pc", "Loket K1")
    receive(profile)
    sync(profile)
    administrator.does("backup", "--out", str(tmp_path / "copies"))
    administrator.does("revoke", "Loket K1")
    code, said = administrator.join(profile, *administrator.enrol("Loket K1", "--agency", "PTS"))
    assert code == 0, said
    site = Site(administrator.folder)
    asked = "SELECT db_role, agency_ids, revoked_at FROM sync.node WHERE label = 'Loket R1' ORDER BY node_id"
    with site.connect() as connection:
        before = connection.execute(asked).fetchall()
    administrator.does("restore", str(only_backup(tmp_path / "copies").folder))
    assert sync(profile) == 0
    with site.connect() as connection:
        assert connection.execute(asked).fetchall() == before


@pytest.mark.parametrize("damage", ["a byte", "cut short", "a row less"])
def test_a_damaged_backup_is_never_restored(administrator: Administrator, tmp_path: Path, damage: str) -> None:
    administrator.does("backup", "--out", str(tmp_path / "copies"))
    made = only_backup(tmp_path / "copies")
    dump = made.folder / backup.DUMP
    whole = dump.read_bytes()
    about = made.folder / backup.ABOUT
    told = about.read_text()
    if damage == "a row less":
        about.write_text(told.replace(f'"sync.journal": {made.entries}', f'"sync.journal": {made.entries + 1}'))
    else:
        half = len(whole) // 2
        dump.write_bytes(
            whole[:half] + (b"" if damage == "cut short" else bytes([whole[half] ^ 255]) + whole[half + 1 :])
        )
    assert "rusak atau tidak lengkap" in administrator.refuses("restore", str(made.folder))
    with Site(administrator.folder).connect() as connection:
        left = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'loket_new_%'").fetchone()
    assert left == (0,)
    dump.write_bytes(whole)
    about.write_text(told)
    assert backup.read(made.folder, Site(administrator.folder).server.programs) == made, "the control"


def test_a_swap_that_fails_leaves_the_old_centre_in_its_place(
    administrator: Administrator, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = administrator.counter(tmp_path / "pc", "Loket X1")
    administrator.does("backup", "--out", str(tmp_path / "copies"))
    made = only_backup(tmp_path / "copies")
    swap = backup._swap
    with monkeypatch.context() as patch:
        patch.setattr(
            backup, "_swap", lambda maintenance, _fresh, now: swap(maintenance, "a database that is gone", now)
        )
        assert "tidak diubah" in administrator.refuses("restore", str(made.folder))
    assert sync(profile) == 0, "the counter comes in as before"
    with Site(administrator.folder).connect() as connection:
        left = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'loket_new_%'").fetchone()
    assert left == (0,)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(psycopg, "connect", BrokenOff.connect)
        backup.restore(Site(administrator.folder), made.folder, now=datetime(2026, 11, 23))
    assert sync(profile) == 0, "nobody is shut out"
    administrator.does("restore", str(made.folder))  # the control


class BrokenOff(psycopg.Connection[Any]):
    """The administrator presses Ctrl+C while the counters' connections are being ended, which may take ten seconds."""

    def execute(self, query: Any, *more: Any, **told: Any) -> Any:
        done = super().execute(query, *more, **told)
        if "pg_terminate_backend" in str(query):
            raise KeyboardInterrupt
        return done


def test_a_backup_that_cannot_be_written_is_said(administrator: Administrator, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("no folder")
    assert "tidak dapat ditulis" in administrator.refuses("backup", "--out", str(tmp_path / "full"))
    assert "tidak ada PostgreSQL" in administrator.refuses("backup", "--programs", str(tmp_path))


@hypothesis.settings(deadline=None, max_examples=50)
@given(
    st.lists(st.datetimes(datetime(2025, 1, 1), datetime(2026, 12, 31)), unique_by=lambda at: at.strftime(backup.NAME))
)
def test_old_backups_are_kept_by_rule(moments: list[datetime]) -> None:
    with tempfile.TemporaryDirectory() as name:
        home = Path(name)
        strange = [home / "not a backup", home / "20200101-000000"]
        for path in strange:
            path.mkdir()
        for at in moments:
            (home / at.strftime(backup.NAME)).mkdir()
            (home / at.strftime(backup.NAME) / backup.ABOUT).touch()
        backup.prune(home)
        kept = sorted(datetime.strptime(path.parent.name, backup.NAME) for path in home.glob(f"2*/{backup.ABOUT}"))
        assert kept[-1:] == sorted(at.replace(microsecond=0) for at in moments)[-1:], "the newest stays"
        assert len(kept) <= 7 + 5 + 13
        for span, count in backup.KEEP:
            spans = sorted({at.strftime(span) for at in moments})[-count:]
            assert set(spans) <= {at.strftime(span) for at in kept}, "each of the last days, weeks and months has one"
        assert backup.prune(home) == []
        assert all(path.exists() for path in strange)
