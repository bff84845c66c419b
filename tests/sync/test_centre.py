"""The administrator's commands on real servers: a centre for one PC, and one on a hall's own PostgreSQL with TLS."""

from __future__ import annotations

import io
import os
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from desktop import app, i18n, sample, settings
from desktop.errors import UserError
from desktop.models.application import Application
from desktop.models.catalog import Agency, Counter, Hall
from desktop.operations import access, intake, setup
from desktop.settings import Settings
from desktop.store import Store
from desktop.sync import address, backup, certificates, server_files
from desktop.sync.heal import reconcile
from desktop.sync.link import Link
from desktop.sync.server import Server
from desktop.sync.site import Site
from desktop.sync.worker import sync_once
from tests.sync.conftest import HASTY

PIN = "271828"
NOW = datetime.now(UTC)


@dataclass
class Centre:
    """A centre as its administrator holds it: the commands, what they say, and a stick to carry files on."""

    folder: Path
    stick: Path
    monkeypatch: pytest.MonkeyPatch
    capsys: pytest.CaptureFixture[str]

    def run(self, *arguments: str, typed: str = "") -> tuple[int, str]:
        """One command; its exit code and all it said."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(typed + "\n"))
        code = app.main(["centre", "--folder", str(self.folder), *arguments])
        said = self.capsys.readouterr()
        return code, said.out + said.err

    def does(self, *arguments: str, typed: str = "") -> str:
        """One command that has to work; what it said."""
        code, said = self.run(*arguments, typed=typed)
        assert code == 0, said
        return said

    def refuses(self, *arguments: str, typed: str = "") -> str:
        """One command that has to say why not."""
        code, said = self.run(*arguments, typed=typed)
        assert code == 1, said
        return said

    def enrol(self, name: str, *more: str) -> tuple[Path, str]:
        """A PC's file and its code."""
        said = self.does("enrol", name, "--out", str(self.stick), *more)
        return self.stick / f"{name}.loket", said.partition("Kode: ")[2].split()[0]

    def join(self, profile: Path, file: Path, code: str) -> tuple[int, str]:
        """What the officer does at the counter."""
        self.monkeypatch.setattr("sys.stdin", io.StringIO(code + "\n"))
        done = app.main(["--profile", str(profile), "join", str(file)])
        said = self.capsys.readouterr()
        return done, said.out + said.err

    def counter(self, profile: Path, name: str, *more: str) -> Path:
        """A PC that was enrolled and has joined."""
        code, said = self.join(profile, *self.enrol(name, *(more or ("--agency", "DKC"))))
        assert code == 0, said
        return profile


@pytest.fixture(scope="module")
def here(server_folder: Callable[[], Path], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a centre for one PC, made once for the tests of this file."""
    folder = server_folder()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sys.stdin", io.StringIO(PIN + "\n"))
        assert app.main(["centre", "--folder", str(folder), "init", "--here", "--hall", "MPP Uji"]) == 0
    yield folder
    Site(folder).server.stop()


@pytest.fixture
def centre(here: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Centre:
    return Centre(here, tmp_path / "stick", monkeypatch, capsys)


def receive(profile: Path) -> str:
    """An applicant at this counter; the number on the paper."""
    store = Store.open(profile)
    try:
        with store.saving(None) as session:
            agency = session.scalars(select(Agency).where(Agency.code == "DKC")).one()
            known = access.officers(session) or [
                access.add_officer(session, name="Rini", role="officer", pin=PIN, agency_id=agency.id)
            ]
            desk = setup.desk_for(session, known[0].id, training=True)
            offered = sample.offers(session, desk)
            seed = session.scalar(select(func.count()).select_from(Application))
        form = sample.Hall(seed).form(offered[0], desk.day(store.clock()))
        with store.saving(desk.officer_id) as session:
            return intake.receive(session, desk, form).number
    finally:
        store.close()


def sync(profile: Path) -> int:
    """The program of this PC, open for a moment; how many entries still wait."""
    store = Store.open(profile)
    try:
        return sync_once(store, address.load(profile).connect, app_version="1.0.0")
    finally:
        store.close()


def numbers(profile: Path) -> set[str]:
    store = Store.open(profile)
    try:
        with store.reading() as session:
            return set(session.scalars(select(Application.number)))
    finally:
        store.close()


def test_a_centre_and_two_counters(centre: Centre, tmp_path: Path) -> None:
    first = centre.counter(tmp_path / "pc1", "Loket A1")
    second = centre.counter(
        tmp_path / "pc2", "Loket A2", "--agency", "DKC", "PTS", "--booth", "Gerai 3", "--floor", "1"
    )
    number = receive(first)
    assert sync(first) == 0
    sync(second)
    assert number in numbers(second)
    store = Store.open(second)
    with store.reading() as session:
        counter = session.scalars(select(Counter).where(Counter.name == "Loket A2")).one()
        assert (counter.booth, counter.floor, len(counter.agency_ids)) == ("Gerai 3", "1", 2)
    store.close()


def test_what_is_done_is_not_done_twice(centre: Centre) -> None:
    before = centre.does("status")
    assert "tidak ada yang perlu diubah" in centre.does("init", "--here", "--dry-run")
    centre.does("init", "--here")
    assert centre.does("status").splitlines()[3:] == before.splitlines()[3:], "no second hall, no second node"
    assert "MPP Uji" in before


def test_nothing_is_changed_by_a_dry_run(centre: Centre, tmp_path: Path) -> None:
    centre.enrol("Loket D1", "--agency", "DKC")
    kept = {path for path in centre.folder.rglob("*") if "postgres" not in path.parts}
    before = centre.does("status")
    said = [
        centre.does("enrol", "Loket D2", "--agency", "DKC", "--out", str(tmp_path), "--dry-run"),
        centre.does("revoke", "Loket D1", "--dry-run"),
        centre.does("backup", "--dry-run"),
        centre.does("recovery", "open", "--dry-run"),
        Centre(tmp_path / "new", tmp_path, centre.monkeypatch, centre.capsys).does("init", "--here", "--dry-run"),
    ]
    assert all(said)
    assert "1 PC bernama Loket D1" in said[1]
    assert centre.does("status") == before
    assert {path for path in centre.folder.rglob("*") if "postgres" not in path.parts} == kept
    assert list(tmp_path.iterdir()) == [tmp_path / "stick"]


def test_a_wrong_name_agency_or_folder_is_said(centre: Centre, tmp_path: Path) -> None:
    assert "Pilih instansi dari: " in centre.refuses("enrol", "Loket W1", "--agency", "NIX")
    assert "Pilih instansi dari: " in centre.refuses("enrol", "Loket W1")
    assert "paling sedikit 2 huruf" in centre.refuses("enrol", "W", "--agency", "DKC")
    assert "Tidak ada PC bernama Loket W1" in centre.refuses("enrol", "Loket W1", "--renew")
    assert "Tidak ada PC bernama Loket W1" in centre.refuses("revoke", "Loket W1")
    assert "Tidak ada PC bernama Loket W1" in centre.refuses("recovery", "admit", "Loket W1")
    assert "bukan cadangan" in centre.refuses("restore", str(tmp_path))
    assert "bukan cadangan" in centre.refuses("restore", str(tmp_path), "--dry-run")
    assert "dari jenis lain" in centre.refuses("init", "--address", "localhost")
    elsewhere = Centre(tmp_path / "nothing", tmp_path, centre.monkeypatch, centre.capsys)
    for act in (["status"], ["backup"], ["start"], ["enrol", "Loket W1"], ["revoke", "x"], ["recovery", "close"]):
        assert "belum ada pusat data" in elsewhere.refuses(*act)
    assert "Loket W1" not in centre.does("status")


def test_a_renewed_pc_goes_on_and_its_old_way_in_is_closed(centre: Centre, tmp_path: Path) -> None:
    profile = centre.counter(tmp_path / "pc", "Loket R1")
    number = receive(profile)
    assert "tambahkan --renew" in centre.refuses("enrol", "Loket R1", "--agency", "DKC", "--out", str(centre.stick))
    old = address.load(profile)
    file, code = centre.enrol("Loket R1", "--renew")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(old.conninfo())
    assert centre.join(profile, file, code)[0] == 0
    assert sync(profile) == 0
    other = centre.counter(tmp_path / "other", "Loket R2")
    sync(other)
    assert number in numbers(other)
    assert centre.does("status").count("Loket R1") == 1, "the same PC, not a second one"


def test_a_revoked_pc_is_out_at_once_and_what_it_sent_stays(centre: Centre, tmp_path: Path) -> None:
    profile = centre.counter(tmp_path / "pc", "Loket V1")
    number = receive(profile)
    sync(profile)
    opened = address.load(profile).connect()
    assert opened.execute("SELECT 1").fetchone() == (1,), "the control"
    centre.does("revoke", "Loket V1")
    with pytest.raises(psycopg.OperationalError):
        opened.execute("SELECT 1")
    opened.close()
    with pytest.raises(UserError) as said:
        sync(profile)
    assert said.value.code == "E-21"
    assert "Loket V1: dicabut" in centre.does("status")
    other = centre.counter(tmp_path / "other", "Loket V2")
    assert number in numbers(other)
    assert "Tidak ada PC bernama Loket V1" in centre.refuses("revoke", "Loket V1")
    again = centre.counter(tmp_path / "new-pc", "Loket V1")
    assert number in numbers(again), "a new PC at the same counter"


def test_the_administrators_own_desk_is_not_shut_out_by_a_slip(centre: Centre) -> None:
    for more in ((), ("--dry-run",)):
        assert "tidak dicabut" in centre.refuses("revoke", "Administrasi", *more)
    centre.enrol("Loket S1", "--agency", "DKC")


def test_a_lost_profile_of_the_administrator_is_made_anew(centre: Centre) -> None:
    (centre.folder / "profile").rename(centre.folder / "lost")
    assert "belum selesai disiapkan" in centre.refuses("enrol", "Loket L1", "--agency", "DKC")
    centre.does("init", "--here")
    centre.enrol("Loket L1", "--agency", "DKC")
    store = Store.open(centre.folder / "profile")
    with store.reading() as session:
        assert len(session.scalars(select(Hall)).all()) == 1
        assert len(session.scalars(select(Counter).where(Counter.name == "Administrasi")).all()) == 1
    store.close()


def test_a_program_that_is_open_and_a_wrong_code_use_nothing_up(centre: Centre, tmp_path: Path) -> None:
    file, code = centre.enrol("Loket J1", "--agency", "DKC")
    profile = tmp_path / "pc"
    store = Store.open(profile)
    assert "Program sedang terbuka" in centre.join(profile, file, code)[1]
    store.close()
    assert "Kode tidak cocok" in centre.join(profile, file, "AAAAA-AAAAA")[1]
    assert centre.join(profile, file, code)[0] == 0
    assert "sudah dipakai" in centre.join(tmp_path / "second", file, code)[1]


def test_a_centre_that_stands_still_starts_again_by_itself(centre: Centre) -> None:
    assert "berhenti" in centre.does("stop")
    assert not Site(centre.folder).server.is_running()
    assert "berjalan" in centre.does("start")
    centre.does("stop")
    assert "MPP Uji" in centre.does("status")


def test_a_centre_is_restored_and_the_counters_heal_it(centre: Centre, tmp_path: Path) -> None:
    profile = centre.counter(tmp_path / "pc", "Loket B1")
    earlier = receive(profile)
    sync(profile)
    site = Site(centre.folder)
    centre.does("backup")
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

    assert "Akan memulihkan" in centre.does("restore", str(made.folder), "--dry-run")
    said = centre.does("restore", str(made.folder))
    assert "loket_before_" in said
    fresh = centre.counter(tmp_path / "fresh", "Loket B2")
    assert earlier in numbers(fresh)
    assert later not in numbers(fresh), "the control: the backup does not know it"
    heal(profile)
    sync(fresh)
    assert {earlier, later} <= numbers(fresh)

    centre.does("restore", str(made.folder))
    with site.connect() as connection:
        aside = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'loket_before_%'").fetchone()
    assert aside == (1,), "only what the last restore put aside is kept"
    heal(profile)


def only_backup(home: Path) -> backup.Backup:
    """What was made in this folder."""
    (folder,) = home.iterdir()
    return backup.read_about(folder)


def heal(profile: Path) -> None:
    """What the program's own thread does when it finds that the centre has lost something."""
    store = Store.open(profile)
    link = Link(address.load(profile).connect())
    try:
        reconcile(store, link, is_recovering=False)
    finally:
        link.close()
        store.close()
    assert sync(profile) == 0


@pytest.mark.parametrize("damage", ["a byte", "cut short", "a row less"])
def test_a_damaged_backup_is_never_restored(centre: Centre, tmp_path: Path, damage: str) -> None:
    centre.does("backup", "--out", str(tmp_path / "copies"))
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
    assert "rusak atau tidak lengkap" in centre.refuses("restore", str(made.folder))
    with Site(centre.folder).connect() as connection:
        left = connection.execute("SELECT count(*) FROM pg_database WHERE datname LIKE 'loket_new_%'").fetchone()
    assert left == (0,)
    dump.write_bytes(whole)
    about.write_text(told)
    assert backup.read(made.folder, Site(centre.folder).server.programs) == made, "the control"


def test_a_backup_that_cannot_be_written_is_said(centre: Centre, tmp_path: Path) -> None:
    (tmp_path / "full").write_text("no folder")
    assert "tidak dapat ditulis" in centre.refuses("backup", "--out", str(tmp_path / "full"))
    assert "tidak ada PostgreSQL" in centre.refuses("backup", "--programs", str(tmp_path))


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


def test_the_window_for_the_dead_is_opened_and_closed(centre: Centre) -> None:
    assert "diterima dari PC lain sampai" in centre.does("recovery", "open", "--hours", "2")
    assert "terbuka sampai" in centre.does("status")
    centre.does("recovery", "close")
    assert "terbuka sampai" not in centre.does("status")
    assert "0 catatan Administrasi diterapkan" in centre.does("recovery", "admit", "Administrasi")
    with pytest.raises(SystemExit):
        centre.run("recovery", "open", "--hours", "0")


# A hall's own server


@pytest.fixture
def hall_server(server_folder: Callable[[], Path], installed_programs: Path) -> Iterator[Server]:
    """A PostgreSQL that somebody installed, not yet told anything of the centre."""
    server = Server.make(server_folder(), programs=installed_programs, settings=HASTY)
    server.start()
    yield server
    server.stop()


def set_up(server: Server, files: Path) -> None:
    """What BACA-DULU.txt says, by whoever runs the server."""
    for name in ("ca.crt", "server.crt", "server.key", "pg_hba.conf"):
        server.write(name, (files / name).read_bytes())
    lines = (files / "loket.conf").read_text().replace(f"{server_files.HOME}/", "").replace("'*'", "'127.0.0.1'")
    server.write("postgresql.conf", (server.cluster / "postgresql.conf").read_bytes() + lines.encode())
    server.stop()
    server.start()
    told = psycopg.conninfo.conninfo_to_dict(server.dsn())
    variables = {"PGHOST": told["host"], "PGPORT": told["port"], "PGUSER": told["user"], "PGPASSWORD": told["password"]}
    command = [str(server.programs / "psql"), "-X", "-q", "-f", str(files / "owner.sql")]
    subprocess.run(command, env={**os.environ, **variables}, check=True)


@pytest.mark.slow
def test_a_centre_on_a_halls_own_server(
    hall_server: Server, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """From nothing to two counters over TLS, with an administrator who is no superuser; backup and restore too."""
    centre = Centre(tmp_path / "centre", tmp_path / "stick", monkeypatch, capsys)
    init = ("init", "--address", "localhost", "--port", str(hall_server.port), "--hall", "MPP Jaringan")
    first = centre.does(*init)
    assert "BACA-DULU" not in first
    assert "owner.sql" in first
    assert "sama sekali lagi" in first
    assert "E-22" in centre.refuses(*init), "the server has no TLS yet"
    set_up(hall_server, centre.folder / "server")
    assert "siap di localhost" in centre.does(*init, typed=PIN)
    one, two = (centre.counter(tmp_path / name, name) for name in ("Loket 01", "Loket 02"))
    number = receive(one)
    sync(one)
    sync(two)
    assert number in numbers(two)
    assert address.load(one).kind == "network"

    centre.does("backup")
    made = only_backup(centre.folder / "backups")
    assert (made.folder / "authority" / "ca.key").exists()
    with psycopg.connect(hall_server.dsn(), autocommit=True) as connection:
        connection.execute(f"DROP ROLE {address.load(two).role}")  # as on a new server
    later = receive(one)
    sync(one)
    centre.does("restore", str(made.folder))
    three = centre.counter(tmp_path / "pc3", "Loket 03")
    assert number in numbers(three)
    assert later not in numbers(three)
    heal(one)
    sync(three)
    assert later in numbers(three)
    heal(two)
    assert later in numbers(two), "with the password it always had"
    centre.does("revoke", "Loket 01")
    with pytest.raises(UserError) as said:
        sync(one)
    assert said.value.code == "E-21"
    assert "hentikan di sana" in centre.refuses("stop")
    assert "dari jenis lain" in centre.refuses("init", "--here")
    renewed = Site.make_for(centre.folder, ["localhost", "10.0.0.9"], hall_server.port, "MPP Jaringan", now=NOW)
    assert certificates.names_of((renewed.server_files / "server.crt").read_bytes()) == {"localhost", "10.0.0.9"}


@pytest.mark.parametrize("host", ["pusat kudus", "10.0.0.5,evil", "/run/postgresql"])
def test_an_address_that_is_none_makes_nothing(tmp_path: Path, monkeypatch, capsys, host: str) -> None:
    centre = Centre(tmp_path / "centre", tmp_path, monkeypatch, capsys)
    assert "Alamat pusat tidak benar" in centre.refuses("init", "--address", host)
    assert not (tmp_path / "centre" / "server").exists()
    assert not (tmp_path / "centre" / "centre").exists()


def test_the_help_speaks_the_language_of_this_pc(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "400")
    for language, words in (("id", "daftarkan satu PC"), ("en", "enrol one PC")):
        settings.save(tmp_path, Settings(language=language))
        with pytest.raises(SystemExit):
            app.main(["--profile", str(tmp_path), "centre", "--help"])
        assert words in capsys.readouterr().out
    i18n.use("id")
