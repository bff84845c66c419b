"""The journal's promises on real encrypted files: same entries, same tables, whatever the order; no edit unseen."""

from __future__ import annotations

import contextlib
import json
import random
import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select, text, update
from sqlalchemy.exc import DatabaseError

from desktop.models import journal
from desktop.models.application import Application
from desktop.models.base import Record, new_id, record_classes
from desktop.models.catalog import Agency
from desktop.models.kinds import canon
from desktop.models.people import Party
from desktop.store import Store
from tests.conftest import Clock
from tests.models.making import AGENCY, entries_of, live, receive, seed_agency, tables_of

# What a counter may do next: receive (with a number of papers), move on, or put a party or the agency right.
steps = st.lists(
    st.tuples(
        st.sampled_from(("receive", "move", "void", "rename", "agency")),
        st.integers(0, 6),
        st.sampled_from(("Siti Aminah", "H. Ma'ruf", "Dwi 😀", "", "x" * 200)),
        st.sampled_from((0, 1, 90, -3600, 86_400)),
    ),
    min_size=1,
    max_size=12,
)


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("journal")
    Store.open(folder, clock=Clock()).close()
    return folder


@contextlib.contextmanager
def files(template: Path, count: int) -> Iterator[list[tuple[Store, Clock]]]:
    """``count`` empty PCs, each with its own node and clock."""
    with tempfile.TemporaryDirectory() as folder:
        made = []
        for place in range(count):
            target = Path(folder) / str(place)
            shutil.copytree(template, target)
            clock = Clock()
            store = Store.open(target, clock=clock)
            with store.arriving() as connection:
                state = {"hlc": 0, "heads": {}, "node": new_id()}
                connection.execute(text("UPDATE meta SET value = :v WHERE name = 'journal'"), {"v": canon(state)})
            made.append((store, clock))
        try:
            yield made
        finally:
            for store, _ in made:
                store.close()


def deal(entries: list[dict[str, Any]], seed: int) -> list[list[dict[str, Any]]]:
    """The entries shuffled, some of them twice, cut into batches at random."""
    luck = random.Random(seed)
    dealt = entries + luck.choices(entries, k=len(entries) // 3)
    luck.shuffle(dealt)
    batches = []
    while dealt:
        size = luck.randint(1, len(dealt))
        batches.append(dealt[:size])
        dealt = dealt[size:]
    return batches


def take(store: Store, batches: list[list[dict[str, Any]]]) -> None:
    for batch in batches:
        with store.arriving() as connection:
            journal.apply(connection, batch)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ours=steps, theirs=steps, seed=st.integers(0, 2**32))
def test_any_order_any_split_and_twice_give_the_same_tables(
    template: Path, ours: list, theirs: list, seed: int
) -> None:
    with files(template, 3) as pcs:
        (a, clock_a), (b, clock_b), (c, _) = pcs
        for store, clock, history in ((a, clock_a, ours), (b, clock_b, theirs)):
            seed_agency(store)
            live(store, clock, history)
        entries = entries_of(a) + entries_of(b)
        for place, store in enumerate((a, b, c)):
            take(store, deal(entries, seed + place))
        assert tables_of(a) == tables_of(b) == tables_of(c)
        assert sorted(e["eid"] for e in entries_of(c)) == sorted(e["eid"] for e in entries)
        assert journal.verify(entries_of(c)) == []


def test_without_the_guard_the_order_of_arrival_would_show(template: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Negative control: an upsert that always overwrites ends differently for two orders."""

    def unguarded(record_class: type[Record], present: tuple[str, ...]) -> journal._Upsert:
        made = journal._Upsert(record_class, present)
        made.statement = made.statement.partition(" WHERE ")[0]
        return made

    with files(template, 3) as pcs:
        (a, clock), (b, _), (c, _) = pcs
        seed_agency(a)
        live(a, clock, [("receive", 1, "Siti", 0), ("rename", 0, "Satu", 1), ("rename", 0, "Dua", 1)])
        entries = entries_of(a)
        monkeypatch.setattr(journal, "_upsert", unguarded)
        take(b, [entries])
        take(c, [list(reversed(entries))])
        assert tables_of(b)["party"] != tables_of(c)["party"]


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=steps)
def test_one_chain_per_lane_and_one_entry_per_saved_record(template: Path, history: list) -> None:
    with files(template, 1) as [(store, clock)]:
        seed_agency(store)
        live(store, clock, history)
        entries = entries_of(store)
        assert journal.verify(entries) == []
        assert {entry["lane"].split(":")[1] for entry in entries} <= {"hall", AGENCY}
        for lane in {entry["lane"] for entry in entries}:
            chain = [entry for entry in entries if entry["lane"] == lane]
            assert [entry["prev"] for entry in chain] == [journal.GENESIS, *(entry["hash"] for entry in chain[:-1])]
        stamps = [entry["hlc"] for entry in entries if entry["hlc"]]
        assert stamps == sorted(set(stamps)), "a clock set back must not make a later save look earlier"
        with store.reading() as session:
            for record_class in record_classes().values():
                for row in session.scalars(select(record_class)):
                    last = max((e for e in entries if e["row_id"] == row.id), key=lambda e: (e["ehlc"], e["eid"]))
                    assert (row.ehlc, row.eid) == (last["ehlc"], last["eid"])
                    assert canon(row.payload()) == last["payload"]


def damaged(entries: list[dict[str, Any]], kind: str, place: int) -> list[dict[str, Any]]:
    copy = [dict(entry) for entry in entries]
    victim = copy[place]
    if kind == "payload":
        victim["payload"] = victim["payload"].replace("rini", "budi", 1)
    elif kind == "officer":
        victim["officer_id"] = "budi"
    elif kind == "drop":
        del copy[place]
    elif kind == "swap":
        follower = copy[place + 1]
        victim["prev"], follower["prev"] = follower["prev"], victim["prev"]
    return copy


@pytest.mark.parametrize(
    ("kind", "found"),
    [
        ("payload", {"body"}),
        ("officer", {"link"}),
        ("drop", {"gap"}),
        ("swap", {"link"}),
    ],
)


def test_an_edit_a_drop_and_a_reorder_are_found_where_they_are(
    template: Path, kind: str, found: set[str], rounds: Callable[[int, int], int]
) -> None:
    with files(template, 1) as [(store, clock)]:
        seed_agency(store)
        live(store, clock, [("receive", 3, "Siti", 1)] * rounds(4, 100))
        entries = [entry for entry in entries_of(store) if entry["scope"] == "hall"]
    tried = 0
    for place in range(1, len(entries) - 1):
        if kind != "payload" or "rini" in entries[place]["payload"]:
            tried += 1
            findings = journal.verify(damaged(entries, kind, place))
            assert {finding.kind for finding in findings} >= found
            assert findings[0].eid == entries[place + (kind == "drop")]["eid"], "of a gap, the entry after it"
    assert tried >= rounds(8, 250), "a thousand of all kinds"
    assert journal.verify(entries) == []


def test_a_copied_disk_shows_as_a_fork(template: Path) -> None:
    with files(template, 1) as [(store, clock)]:
        seed_agency(store)
        live(store, clock, [("receive", 0, "Siti", 1)])
        entries = entries_of(store)
        twin = dict(entries[-1], eid=new_id())
        twin["hash"] = journal.entry_hash(twin)
        assert [finding.kind for finding in journal.verify([*entries, twin])] == ["fork"]


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM journal",
        "UPDATE journal SET officer_id = 'budi'",
        "UPDATE journal SET payload = replace(payload, 'rini', 'budi')",
        "UPDATE journal SET hash = 'x'",
    ],
)


def test_the_file_itself_refuses_to_change_the_journal(store: Store, clock: Clock, statement: str) -> None:
    seed_agency(store)
    live(store, clock, [("receive", 1, "Siti", 0)])
    with pytest.raises(DatabaseError, match="append-only"), store.arriving() as connection:
        connection.exec_driver_sql(statement)
    # Negative control: without the triggers nothing would stop it.
    with store.arriving() as connection:
        connection.exec_driver_sql("DROP TRIGGER journal_is_append_only")
        connection.exec_driver_sql("DROP TRIGGER journal_is_never_deleted")
        assert connection.exec_driver_sql(statement).rowcount > 0


def test_acknowledging_and_erasing_are_allowed_and_leave_the_chain_valid(store: Store, clock: Clock) -> None:
    seed_agency(store)
    live(store, clock, [("receive", 2, "Siti", 0)])
    with store.arriving() as connection:
        connection.exec_driver_sql("UPDATE journal SET arr = rowid, payload = NULL, salt = NULL")
    assert journal.verify(entries_of(store)) == []


def test_nothing_is_kept_of_a_save_that_fails(store: Store, clock: Clock) -> None:
    seed_agency(store)
    before = tables_of(store), entries_of(store)
    with pytest.raises(RuntimeError, match="power"), store.saving("rini") as session:
        receive(session, 1, 3, "Siti")
        session.flush()
        raise RuntimeError("power")
    assert (tables_of(store), entries_of(store)) == before


def test_what_a_savepoint_undid_leaves_no_entry(store: Store) -> None:
    seed_agency(store)
    with store.saving("rini") as session:
        agency = session.get_one(Agency, AGENCY)
        agency.name_id = "Satu"
        session.flush()
        with contextlib.suppress(ZeroDivisionError), session.begin_nested():
            receive(session, 1, 2, "Siti")
            agency.name_id = "Dua"
            session.flush()
            raise ZeroDivisionError
    assert [(e["table_name"], json.loads(e["payload"])["name_id"]) for e in entries_of(store)][1:] == [
        ("agency", "Satu")
    ]
    assert journal.verify(entries_of(store)) == []


def test_a_record_without_a_real_change_leaves_no_entry(store: Store) -> None:
    seed_agency(store)
    with store.saving("rini") as session:
        session.get_one(Agency, AGENCY).name_id = "Dukcapil"
    assert len(entries_of(store)) == 1


def test_acts_are_written_once_and_bulk_statements_are_refused(store: Store, clock: Clock) -> None:
    seed_agency(store)
    live(store, clock, [("receive", 1, "Siti", 0)])
    with pytest.raises(RuntimeError, match="written once"), store.saving("rini") as session:
        session.scalars(select(Application)).one().for_whom = 4
    with pytest.raises(RuntimeError, match="bulk"), store.saving("rini") as session:
        session.execute(update(Party).values(full_name="x"))
    with pytest.raises(RuntimeError, match="never removed"), store.saving("rini") as session:
        session.delete(session.scalars(select(Party)).one())


def test_a_newer_programs_column_survives_an_edit_by_this_one(store: Store, clock: Clock) -> None:
    seed_agency(store)
    sent = dict(entries_of(store)[0])
    payload = {**json.loads(sent["payload"]), "opening_song": "Indonesia Raya", "name_id": "Baru"}
    sent |= {"eid": new_id(), "ehlc": 5, "payload": canon(payload)}
    take(store, [[sent]])
    with store.saving("rini") as session:
        agency = session.get_one(Agency, AGENCY)
        assert agency.extra == {"opening_song": "Indonesia Raya"}
        agency.name_id = "Sesudah"
    assert json.loads(entries_of(store)[-1]["payload"])["opening_song"] == "Indonesia Raya"


def test_an_older_programs_entry_leaves_the_columns_it_does_not_know(store: Store) -> None:
    seed_agency(store)
    with store.saving("rini") as session:
        session.get_one(Agency, AGENCY).pledge = "Kami melayani."
    sent = dict(entries_of(store)[-1])
    payload = json.loads(sent["payload"])
    del payload["pledge"], payload["week_days"]
    sent |= {"eid": new_id(), "ehlc": sent["ehlc"] + 1, "payload": canon({**payload, "name_id": "Lama"})}
    take(store, [[sent]])
    with store.reading() as session:
        agency = session.get_one(Agency, AGENCY)
        assert (agency.name_id, agency.pledge, agency.week_days) == ("Lama", "Kami melayani.", [1, 2, 3, 4, 5])


def test_projections_can_be_made_again_from_the_records(store: Store, clock: Clock) -> None:
    seed_agency(store)
    live(store, clock, [("receive", 3, "Siti", 1), ("rename", 0, "Siti Aminah", 1), ("move", 0, "", 1)])
    before = tables_of(store)
    with store.arriving() as connection:
        connection.exec_driver_sql("DELETE FROM application_now")
    assert tables_of(store) != before
    with store.arriving() as connection:
        journal.rebuild(connection)
    assert tables_of(store) == before
