"""The administrator's commands on a real centre for one PC: each does what it says, or says why it does not."""

from __future__ import annotations

import io
import re
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import select

from desktop import app, i18n, itself, settings
from desktop.commands.centre import _first_run
from desktop.errors import UserError
from desktop.models.catalog import Counter, Hall
from desktop.operations import access, counters
from desktop.operations.setup import FirstRun
from desktop.settings import Settings
from desktop.store import Store
from desktop.sync import address
from desktop.sync.site import Site
from tests.sync.administrator import Administrator, numbers, receive, sync


def test_a_centre_and_two_counters(administrator: Administrator, tmp_path: Path) -> None:
    first = administrator.counter(tmp_path / "pc1", "Loket A1")
    second = administrator.counter(
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


def test_what_is_done_is_not_done_twice(administrator: Administrator) -> None:
    before = administrator.does("status")
    assert "tidak ada yang perlu diubah" in administrator.does("init", "--here", "--dry-run")
    administrator.does("init", "--here")
    told = [re.sub(r"\d\d\.\d\d,", "", said).splitlines()[3:] for said in (before, administrator.does("status"))]
    assert told[0] == told[1], "no second hall, no second node"
    assert "MPP Uji" in before


def test_a_pin_that_is_too_easy_is_asked_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Before anything is made; the hall's code and zone, which nothing changes later, are told first."""
    plan = FirstRun(counter_name="Administrasi", officer_name="Admin", hall_code="7371", timezone="Asia/Makassar")
    monkeypatch.setattr("sys.stdin", io.StringIO("123456\n111111\n271828\n"))
    store = Store.open(tmp_path)
    _first_run(store, plan)
    with store.reading() as session:
        assert [one.display_name for one in access.officers(session)] == [plan.officer_name]
    store.close()
    told = capsys.readouterr()
    assert "Kode wilayah 7371, zona waktu Asia/Makassar." in told.out
    assert told.err.count("terlalu mudah") == 2


def test_nothing_is_changed_by_a_dry_run(administrator: Administrator, tmp_path: Path) -> None:
    administrator.enrol("Loket D1", "--agency", "DKC")
    kept = {path for path in administrator.folder.rglob("*") if "postgres" not in path.parts}
    before = administrator.does("status")
    said = [
        administrator.does("enrol", "Loket D2", "--agency", "DKC", "--out", str(tmp_path), "--dry-run"),
        administrator.does("revoke", "Loket D1", "--dry-run"),
        administrator.does("counter", "Loket D1", "--agency", "DKC", "PTS", "--dry-run"),
        administrator.does("backup", "--dry-run"),
        administrator.does("recovery", "open", "--dry-run"),
        Administrator(tmp_path / "new", tmp_path, administrator.monkeypatch, administrator.capsys).does(
            "init", "--here", "--dry-run"
        ),
    ]
    assert all(said)
    assert "1 PC bernama Loket D1" in said[1]
    assert administrator.does("status") == before
    assert {path for path in administrator.folder.rglob("*") if "postgres" not in path.parts} == kept
    assert list(tmp_path.iterdir()) == [tmp_path / "stick"]


def test_a_wrong_name_agency_or_folder_is_said(administrator: Administrator, tmp_path: Path) -> None:
    assert "Pilih instansi dari: " in administrator.refuses("enrol", "Loket W1", "--agency", "NIX")
    assert "Pilih instansi dari: " in administrator.refuses("enrol", "Loket W1")
    assert "paling sedikit 2 huruf" in administrator.refuses("enrol", "W", "--agency", "DKC")
    assert "Tidak ada PC bernama Loket W1" in administrator.refuses("enrol", "Loket W1", "--renew")
    assert "Tidak ada PC bernama Loket W1" in administrator.refuses("revoke", "Loket W1")
    assert "Tidak ada PC bernama Loket W1" in administrator.refuses("recovery", "admit", "Loket W1")
    assert "Tidak ada PC bernama Loket W1" in administrator.refuses("counter", "Loket W1", "--agency", "DKC")
    assert "Pilih instansi dari: " in administrator.refuses("counter", "Administrasi", "--agency", "NIX")
    assert "bukan cadangan" in administrator.refuses("restore", str(tmp_path))
    assert "bukan cadangan" in administrator.refuses("restore", str(tmp_path), "--dry-run")
    for also in ([], ["--dry-run"]):
        assert "dari jenis lain" in administrator.refuses("init", "--address", "localhost", *also)
    elsewhere = Administrator(tmp_path / "nothing", tmp_path, administrator.monkeypatch, administrator.capsys)
    for act in (["status"], ["backup"], ["start"], ["enrol", "Loket W1"], ["revoke", "x"], ["recovery", "close"]):
        assert "belum ada pusat data" in elsewhere.refuses(*act)
    assert "Loket W1" not in administrator.does("status")


def test_a_renewed_pc_goes_on_and_its_old_way_in_is_closed(administrator: Administrator, tmp_path: Path) -> None:
    profile = administrator.counter(tmp_path / "pc", "Loket R1")
    number = receive(profile)
    assert "tambahkan --renew" in administrator.refuses(
        "enrol", "Loket R1", "--agency", "DKC", "--out", str(administrator.stick)
    )
    old = address.load(profile)
    file, code = administrator.enrol("Loket R1", "--renew")
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(old.conninfo())
    done, said = administrator.join(profile, file, code)
    assert done == 0 and said.rstrip().endswith(f'seperti biasa: {itself.NAME} --profile "{profile}"')
    assert sync(profile) == 0
    other = administrator.counter(tmp_path / "other", "Loket R2")
    sync(other)
    assert number in numbers(other)
    assert administrator.does("status").count("Loket R1") == 1, "the same PC, not a second one"


def test_the_next_command_is_told_with_its_folders(administrator: Administrator, tmp_path: Path) -> None:
    """Whoever tries two PCs on one machine copies the lines as they stand."""
    enrol = ["--folder", str(administrator.folder), "enrol", "Loket F1", "--agency", "DKC", "--out", str(tmp_path)]
    assert app.main(["--profile", str(tmp_path / "pc"), "centre", *enrol]) == 0
    said = administrator.capsys.readouterr().out
    assert f'\n  {itself.NAME} --profile "{tmp_path / "pc"}" join "Loket F1.loket"\n' in said
    assert f'\n  {itself.NAME} centre --folder "{administrator.folder}" enrol ' in administrator.does("init", "--here")


def test_a_revoked_pc_is_out_at_once_and_what_it_sent_stays(administrator: Administrator, tmp_path: Path) -> None:
    profile = administrator.counter(tmp_path / "pc", "Loket V1")
    number = receive(profile)
    sync(profile)
    opened = address.load(profile).connect()
    assert opened.execute("SELECT 1").fetchone() == (1,), "the control"
    administrator.does("revoke", "Loket V1")
    with pytest.raises(psycopg.OperationalError):
        opened.execute("SELECT 1")
    opened.close()
    with pytest.raises(UserError) as said:
        sync(profile)
    assert said.value.code == "E-21"
    assert "Loket V1: dicabut" in administrator.does("status")
    other = administrator.counter(tmp_path / "other", "Loket V2")
    assert number in numbers(other)
    assert "Tidak ada PC bernama Loket V1" in administrator.refuses("revoke", "Loket V1")
    again = administrator.counter(tmp_path / "new-pc", "Loket V1")
    assert number in numbers(again), "a new PC at the same counter"


def test_a_pc_gets_another_agency_by_a_command(administrator: Administrator, tmp_path: Path) -> None:
    profile = administrator.counter(tmp_path / "pc", "Loket G1")
    number = receive(administrator.counter(tmp_path / "other", "Loket G2"))
    sync(tmp_path / "other")
    assert "melayani DKC, PTS" in administrator.does("counter", "Loket G1", "--agency", "pts", "dkc")
    sync(profile)
    assert served(profile, "Loket G1") == {"DKC", "PTS"}
    assert number in numbers(profile)
    said = administrator.does("counter", "Loket G1", "--agency", "PTS")
    assert "Data DKC yang sudah ada di PC itu tetap ada di sana" in said
    sync(profile)
    assert served(profile, "Loket G1") == {"PTS"}


def served(profile: Path, name: str) -> set[str]:
    store = Store.open(profile)
    try:
        with store.reading() as session:
            desk = session.scalars(select(Counter).where(Counter.name == name)).one()
            return set(counters.codes(session, desk.agency_ids))
    finally:
        store.close()


def test_the_administrators_own_desk_is_not_shut_out_by_a_slip(administrator: Administrator) -> None:
    for more in ((), ("--dry-run",)):
        assert "tidak dicabut" in administrator.refuses("revoke", "Administrasi", *more)
    administrator.enrol("Loket S1", "--agency", "DKC")


def test_a_lost_profile_of_the_administrator_is_made_anew(administrator: Administrator) -> None:
    (administrator.folder / "profile").rename(administrator.folder / "lost")
    assert "belum selesai disiapkan" in administrator.refuses("enrol", "Loket L1", "--agency", "DKC")
    administrator.does("init", "--here")
    administrator.enrol("Loket L1", "--agency", "DKC")
    store = Store.open(administrator.folder / "profile")
    with store.reading() as session:
        assert len(session.scalars(select(Hall)).all()) == 1
        assert len(session.scalars(select(Counter).where(Counter.name == "Administrasi")).all()) == 1
    store.close()


def test_a_program_that_is_open_and_a_wrong_code_use_nothing_up(administrator: Administrator, tmp_path: Path) -> None:
    file, code = administrator.enrol("Loket J1", "--agency", "DKC")
    profile = tmp_path / "pc"
    store = Store.open(profile)
    assert "Program sedang terbuka" in administrator.join(profile, file, code)[1]
    store.close()
    assert "Kode tidak cocok" in administrator.join(profile, file, "AAAAA-AAAAA")[1]
    assert administrator.join(profile, file, code)[0] == 0
    assert "sudah dipakai" in administrator.join(tmp_path / "second", file, code)[1]


def test_a_centre_that_stands_still_starts_again_by_itself(administrator: Administrator) -> None:
    assert "berhenti" in administrator.does("stop")
    assert not Site(administrator.folder).server.is_running()
    assert "berjalan" in administrator.does("start")
    administrator.does("stop")
    assert "MPP Uji" in administrator.does("status")


def test_the_window_for_the_dead_is_opened_and_closed(administrator: Administrator) -> None:
    assert "diterima dari PC lain sampai" in administrator.does("recovery", "open", "--hours", "2")
    assert "terbuka sampai" in administrator.does("status")
    administrator.does("recovery", "close")
    assert "terbuka sampai" not in administrator.does("status")
    assert "0 catatan Administrasi diterapkan" in administrator.does("recovery", "admit", "Administrasi")
    with pytest.raises(SystemExit):
        administrator.run("recovery", "open", "--hours", "0")


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
