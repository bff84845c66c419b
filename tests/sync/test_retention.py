"""What was replaced long ago is emptied at the centre, and neither a PC that joins nor one that was away notices."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Select, select

from desktop.models import journal
from desktop.models.application import Application
from desktop.models.people import Party
from desktop.store import Store
from desktop.sync import central, retention
from desktop.sync.site import Site
from tests.sync.administrator import Administrator, heal, only_backup, receive, sync
from tests.sync.hall import Centre, Pc, copy_of, shown, shown_at_centre, versions
from tests.sync.test_versions import push_raw, raw_entry

Make = Callable[..., Pc]

KEPT = "SELECT eid, lane_id, arr, dig, ehlc, body_hash, prev, hash FROM sync.journal ORDER BY eid"


def age(centre: Centre, where: str = "true") -> None:
    """Fourteen months pass for these entries."""
    centre.connection.execute(f"UPDATE sync.journal SET received_at = received_at - interval '14 months' WHERE {where}")


def emptied(centre: Centre) -> set[str]:
    return {eid for (eid,) in centre.rows("SELECT eid FROM sync.journal WHERE payload IS NULL")}


@pytest.fixture
def author(make_admin: Make, make_pc: Make) -> Pc:
    """A PC whose applicant was renamed twice, all of it at the centre."""
    make_admin()
    pc = make_pc("author")
    pc.receive("DKC", "Siti")
    [party] = pc.parties()
    for name in ("Siti Aminah", "Siti Rahma"):
        pc.rename(party, name)
    pc.sync()
    return pc


def test_a_first_load_afterwards_brings_every_row_that_is_in_force(author: Pc, make_pc: Make, centre: Centre) -> None:
    [party] = author.parties()
    old = set(author.journal_column("eid", f"row_id = '{party}'")) - {shown(author)["party"][0]["eid"]}
    before = centre.rows(KEPT)
    age(centre)
    assert retention.let_go(centre.connection, is_trial=True) == len(old) == 2
    assert emptied(centre) == set(), "a trial changes nothing"
    assert retention.let_go(centre.connection) == 2
    assert emptied(centre) == old
    assert centre.rows("SELECT DISTINCT salt, filled FROM sync.journal WHERE payload IS NULL") == [(None, None)]
    assert centre.rows(KEPT) == before
    fresh = make_pc("fresh")
    author.sync()
    fresh.sync()
    assert shown(fresh)["party"] == shown(author)["party"]
    assert versions(shown(fresh)) == versions(shown(author)) == shown_at_centre(centre)
    assert journal.verify(fresh.entries()) == [], "the chains hold over what was emptied"
    assert set(fresh.journal_column("eid", "payload IS NULL")) == old
    assert set(author.journal_column("eid", "payload IS NULL")) == set(), "the author keeps its own"
    assert author.pending() == fresh.pending() == 0
    assert retention.let_go(centre.connection) == 0


def test_without_the_rule_a_first_load_lacks_rows(author: Pc, make_pc: Make, centre: Centre) -> None:
    """Negative control: everything old emptied, as a journal by age alone would be."""
    centre.connection.execute("UPDATE sync.journal SET payload = NULL, salt = NULL WHERE table_name = 'party'")
    assert shown(author)["party"]
    assert shown(make_pc("fresh"))["party"] == []


def test_a_pc_that_was_away_for_years_needs_nothing_of_its_own(author: Pc, make_pc: Make, centre: Centre) -> None:
    away, third = make_pc("away"), make_pc("third")
    [party] = author.parties()
    author.clock.forward(days=1)
    author.rename(party, "Siti Rahmawati")
    away.rename(party, "written before, and never sent")
    earlier = away.receive("DKC", "Budi")
    for pc in (author, third):
        pc.sync()
    age(centre)
    assert retention.let_go(centre.connection) == 3
    away.clock.forward(days=500)
    later = away.receive("DKC", "Dewi")
    away.sync()
    assert away.saved <= centre.eids()
    assert away.pending() == 0
    for pc in (author, third):
        pc.sync()
    assert {earlier, later} <= {row["id"] for row in shown(third)["application"]}
    assert {row["full_name"] for row in shown(away)["party"]} == {"Siti Rahmawati", "Budi", "Dewi"}
    assert versions(shown(away)) == versions(shown(third)) == versions(shown(author)) == shown_at_centre(centre)
    assert not {finding.kind for finding in journal.verify(away.entries())} - {"gap"}


def test_an_edit_of_an_emptied_version_wins_by_its_stamp_alone(author: Pc, make_pc: Make, centre: Centre) -> None:
    away = make_pc("away")
    [party] = author.parties()
    author.rename(party, "Siti Rahmawati")
    author.sync()
    age(centre)
    assert retention.let_go(centre.connection) == 3
    away.clock.forward(days=500)
    away.rename(party, "Siti R.")
    away.sync()
    author.sync()
    fresh = make_pc("fresh")
    assert [row["full_name"] for pc in (author, away, fresh) for row in shown(pc)["party"]] == ["Siti R."] * 3
    [(base,)] = centre.rows("SELECT base FROM sync.journal WHERE eid = %s", shown(fresh)["party"][0]["eid"])
    assert base in emptied(centre), "the control: it was made from a version that is no longer held"


def test_an_old_image_of_the_author_gets_its_own_back(author: Pc, centre: Centre, tmp_path: Path) -> None:
    author.close()
    image = copy_of(author, tmp_path / "image")
    author.open()
    [party] = author.parties()
    for name in ("Siti Rahmawati", "Siti R."):
        author.rename(party, name)
    author.sync()
    age(centre)
    retention.let_go(centre.connection)
    author.close()
    shutil.rmtree(author.folder)
    shutil.copytree(image.folder, author.folder)
    author.open()
    author.sync()
    assert [row["full_name"] for row in shown(author)["party"]] == ["Siti R."]
    assert versions(shown(author)) == shown_at_centre(centre)
    assert {*centre.eids()} >= set(author.journal_column("eid")) >= emptied(centre)


# What keeps the middle one of three versions, in the act and in the centre.
GUARDS = {
    "the later one is young": (
        "AND later.received_at < now() - interval '13 months'",
        "UPDATE sync.journal SET received_at = now() WHERE eid = %(last)s"),
    "it came late itself": (
        "j.received_at < now() - interval '13 months' AND",
        "UPDATE sync.journal SET received_at = now() WHERE eid = %(middle)s"),
    "it is put aside": (
        "AND NOT EXISTS (SELECT 1 FROM sync.quarantine q WHERE q.eid = j.eid)",
        "INSERT INTO sync.quarantine VALUES (%(middle)s, '22001')"),
    "the later one is put aside": (
        "AND NOT EXISTS (SELECT 1 FROM sync.quarantine q WHERE q.eid = later.eid)",
        "INSERT INTO sync.quarantine VALUES (%(last)s, '22001')"),
    "the later one is empty": (
        "AND later.payload IS NOT NULL",
        "UPDATE sync.journal SET payload = NULL WHERE eid = %(last)s"),
    "the later one is a row of another table": (
        "AND later.table_name = j.table_name",
        "UPDATE sync.journal SET table_name = 'note' WHERE eid = %(last)s"),
    "the other one is earlier": (
        "AND (later.ehlc, later.eid) > (j.ehlc, j.eid)",
        "UPDATE sync.journal SET ehlc = 0 WHERE eid = %(last)s"),
}  # fmt: skip


@pytest.mark.parametrize("guard", GUARDS)
def test_what_is_or_may_become_a_version_in_force_is_kept(
    author: Pc, centre: Centre, guard: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule, prepare = GUARDS[guard]
    first, middle, last = author.journal_column("eid", "table_name = 'party' ORDER BY ehlc")
    age(centre)
    centre.connection.execute(prepare, {"middle": middle, "last": last})
    retention.let_go(centre.connection)
    assert middle not in emptied(centre) and first in emptied(centre)
    assert rule in retention._EMPTY
    monkeypatch.setattr(retention, "_EMPTY", retention._EMPTY.replace(rule, ""))
    retention.let_go(centre.connection)
    assert middle in emptied(centre), "the control"


def test_nobody_empties_a_row_by_an_entry_without_contents(author: Pc, make_pc: Make, centre: Centre) -> None:
    """It makes no row, so it may not replace one either, however great its stamp is."""
    [row] = shown(author)["party"]
    of_the_row = author.entries()[-1]
    entry = raw_entry(author, "party", {"id": row["id"]}, central.SCHEMA_VERSION)
    entry |= {name: of_the_row[name] for name in ("lane", "scope", "agency_id")}
    push_raw(author, {**entry, "payload": None})
    assert centre.rows("SELECT ehlc > %s FROM sync.journal WHERE eid = %s", row["ehlc"], entry["eid"]) == [(True,)]
    age(centre)
    retention.let_go(centre.connection)
    assert row["eid"] not in emptied(centre)
    assert shown(make_pc("fresh"))["party"] == [row]


def test_a_backup_says_what_it_would_empty_then_does_and_can_be_restored(
    administrator: Administrator, tmp_path: Path
) -> None:
    profile = administrator.counter(tmp_path / "pc", "Loket T1")
    made = receive(profile)
    for name in ("Rini Aminah", "Rini Rahma"):
        rename(profile, made, name)
        sync(profile)
    with Site(administrator.folder).connect() as connection:
        connection.execute("UPDATE sync.journal SET received_at = received_at - interval '14 months'")
        count = retention.let_go(connection, is_trial=True)
        assert count > 0
        assert f"isi {count} versi lama" in administrator.does("backup", "--dry-run")
        assert connection.execute("SELECT count(*) FROM sync.journal WHERE payload IS NULL").fetchone() == (0,)
        assert f"Isi {count} versi" in administrator.does("backup", "--out", str(tmp_path / "before"))
        assert connection.execute("SELECT count(*) FROM sync.journal WHERE payload IS NULL").fetchone() == (count,)
    assert "dikosongkan" not in administrator.does("backup", "--out", str(tmp_path / "after")), "nothing is left to do"
    for copy in ("after", "before"):
        administrator.does("restore", str(only_backup(tmp_path / copy).folder))
        heal(profile)
        fresh = administrator.counter(tmp_path / f"fresh {copy}", f"Loket T {copy}")
        assert applicant(fresh, made) == applicant(profile, made) == "Rini Rahma"


def rename(profile: Path, file_number: str, name: str) -> None:
    store = Store.open(profile)
    with store.saving(None) as session:
        session.scalars(applicants(file_number)).one().full_name = name
    store.close()


def applicant(profile: Path, file_number: str) -> str:
    store = Store.open(profile)
    with store.reading() as session:
        found = session.scalars(applicants(file_number)).one().full_name
    store.close()
    return found


def applicants(file_number: str) -> Select[tuple[Party]]:
    of_the_file = (Party.application_id == Application.id) & (Application.number == file_number)
    return select(Party).join(Application, of_the_file).where(Party.role == "applicant")
