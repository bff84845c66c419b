"""One flipped row is found, said and mended, whatever was flipped in it; without the comparison nobody sees it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection

from desktop.models import agreement, journal
from desktop.models.base import record_classes
from desktop.models.people import Party
from desktop.safekeeping import health
from desktop.safekeeping.health import Round
from desktop.store import Store
from tests.conftest import Clock

OpenStore = Callable[..., Store]

CLEAN = Round(is_over=True)
FLIPS = {
    "a text": "UPDATE party SET full_name = full_name || 'x' WHERE id = :id",
    "an empty column": "UPDATE party SET rw = '1' WHERE id = :id",
    "a column emptied": "UPDATE party SET nik = NULL WHERE id = :id",
    "whose it is": "UPDATE party SET application_id = (SELECT max(application_id) FROM party) WHERE id = :id",
    "a truth": "UPDATE party SET deleted = NOT deleted WHERE id = :id",
    "the version": "UPDATE party SET eid = 'x' WHERE id = :id",
    "the clock": "UPDATE party SET ehlc = ehlc + 1 WHERE id = :id",
    "the clock, back": "UPDATE party SET ehlc = ehlc - 1 WHERE id = :id",
    "the id": "UPDATE party SET id = 'x' WHERE id = :id",
    "the row is gone": "DELETE FROM party WHERE id = :id",
}


def flip(store: Store, statement: str) -> str:
    """Past the journal, as a fault of disk, memory or program would; the row it was done to."""
    with store.arriving() as connection:
        row_id = connection.exec_driver_sql("SELECT min(id) FROM party").scalar_one()
        done = connection.exec_driver_sql(statement.replace(":id", f"'{row_id}'"))
        assert done.rowcount == 1
    return str(row_id)


def unlocked(store: Store, statement: str) -> None:
    """A change of the journal itself, which its triggers refuse."""
    with store.arriving() as connection:
        for name in connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars().all():
            connection.exec_driver_sql(f"DROP TRIGGER {name}")
        connection.exec_driver_sql(statement)


def all_rows(store: Store) -> dict[str, list[Any]]:
    with store.reading() as session:
        connection = session.connection()
        return {table: rows(connection, table) for table in (*record_classes(), "application_now", "search_row")}


def rows(connection: Connection, table: str) -> list[Any]:
    return sorted(map(tuple, connection.exec_driver_sql(f"SELECT * FROM {table}")), key=str)


@pytest.mark.parametrize("what", FLIPS)
def test_one_flipped_row_is_found_and_shows_its_version_again(open_store: OpenStore, what: str) -> None:
    store = open_store()
    before = all_rows(store)
    assert health.compare_all(store) == CLEAN
    heard: list[frozenset[str]] = []
    flip(store, FLIPS[what])
    assert all_rows(store) != before
    store.listen(heard.append)
    done = health.compare_all(store)
    assert (done.mended, done.unsure) == (1, 0)
    assert "E-15" in health.finding(done) and "1 baris" in health.finding(done)
    assert frozenset({"party"}) in heard, "the screens that show it hear of it"
    assert all_rows(store) == before
    assert health.compare_all(store) == CLEAN


def test_without_the_comparison_nobody_sees_it(open_store: OpenStore) -> None:
    """Negative control: neither the file's own checks nor the chains know what a row should be."""
    store = open_store()
    row_id = flip(store, FLIPS["a text"])
    assert health.is_whole(store)
    with store.reading() as session:
        connection = session.connection()
        assert journal.verify(journal.read_entries(connection)) == []
        shown = connection.exec_driver_sql("SELECT full_name FROM party WHERE id = ?", (row_id,)).scalar_one()
    assert shown.endswith("x")
    store.close()
    assert health.compare_all(open_store()).mended == 1, "a new start does not change that"


def test_every_column_of_every_table_is_compared(open_store: OpenStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store = open_store()
    monkeypatch.setattr(agreement, "PAGE", 10)
    seen = 0
    with store.arriving() as connection:
        for table, record_class in record_classes().items():
            found = connection.exec_driver_sql(
                f"SELECT j.rowid, t.id FROM {table} t JOIN journal j ON j.eid = t.eid ORDER BY j.rowid DESC LIMIT 1"
            ).first()
            if found is None:
                continue
            place, row_id = found
            for column in record_class.payload_columns():
                if column == "id":
                    continue
                was = connection.exec_driver_sql(f'SELECT "{column}" FROM {table} WHERE id = ?', (row_id,)).scalar()
                other = 7 if was in (None, 0, 1) else f"{was}x"
                connection.exec_driver_sql("SAVEPOINT flipped")
                connection.exec_driver_sql(f'UPDATE {table} SET "{column}" = ? WHERE id = ?', (other, row_id))
                assert agreement.look(connection, place - 1).astray == {(table, row_id)}, f"{table}.{column}"
                connection.exec_driver_sql("ROLLBACK TO flipped")
                seen += 1
            assert agreement.look(connection, place - 1).astray == frozenset(), "the control"
    assert seen > 150


def test_what_was_added_up_from_the_wrong_row_is_added_up_again(open_store: OpenStore) -> None:
    store = open_store()
    before = all_rows(store)
    flip(store, FLIPS["whose it is"])
    with store.arriving() as connection:
        journal.rebuild(connection)
    assert all_rows(store)["application_now"] != before["application_now"]
    assert health.compare_all(store).mended == 1
    assert all_rows(store)["application_now"] == before["application_now"]


def test_an_altered_entry_mends_nothing(open_store: OpenStore) -> None:
    store = open_store()
    before = all_rows(store)
    unlocked(store, "UPDATE journal SET payload = json_set(payload, '$.full_name', 'Rini')"
                    " WHERE eid = (SELECT eid FROM party ORDER BY id LIMIT 1)")  # fmt: skip
    done = health.compare_all(store)
    assert (done.mended, done.unsure) == (0, 1)
    assert "jurnalnya sendiri berubah" in health.finding(done)
    assert all_rows(store) == before


def test_what_was_saved_from_a_damaged_file_without_its_entry_is_not_undone(open_store: OpenStore) -> None:
    store = open_store()
    with store.reading() as session:
        party_id = session.connection().exec_driver_sql("SELECT min(id) FROM party").scalar_one()
    with store.saving(None) as session:
        session.get_one(Party, party_id).full_name = "Siti Rahma"
    unlocked(store, "DELETE FROM journal WHERE rowid = (SELECT max(rowid) FROM journal)")
    before = all_rows(store)
    assert health.compare_all(store) == CLEAN
    assert all_rows(store) == before


def test_it_is_due_once_a_day_and_remembers_what_it_mended(open_store: OpenStore, clock: Clock) -> None:
    store = open_store()
    assert health.is_comparison_due(store)
    assert told(store) == "belum dicocokkan dengan jurnal"
    flip(store, FLIPS["a text"])
    health.compare_all(store)
    assert not health.is_comparison_due(store)
    mended = "1 baris dipulihkan 23 November 08.12 (kode E-15)"
    assert told(store) == f"cocok dengan jurnal, 23 November 08.12; {mended}"
    clock.forward(days=1)
    assert health.is_comparison_due(store)
    assert health.compare_all(store) == CLEAN
    assert told(store) == f"cocok dengan jurnal, 24 November 08.12; {mended}", "support hears of it later too"
    clock.forward(days=-3)
    assert health.is_comparison_due(store), "a look that lies in the future was noted by a wrong clock"


def told(store: Store) -> str:
    with store.reading() as session:
        return health.words(health.compared(session), lambda moment: moment + timedelta(hours=7))
