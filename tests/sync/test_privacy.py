"""A whole marked day at one agency: no table, page, journal or log of another agency's counter holds a mark."""

from __future__ import annotations

import logging
import shutil
from pathlib import Path

import pytest
from sqlalchemy import text

from desktop import sample
from desktop.operations import access, notes, setup
from desktop.store import Store
from desktop.sync import central
from tests.conftest import Clock
from tests.sync.hall import Centre, Pc

PERSONAL = ("party", "note", "intake_detail", "officer_private", "access_event")


def everything(store: Store) -> str:
    """Every value of every table of this file, the full-text index among them."""
    said = []
    with store.reading() as session:
        tables = session.execute(text("SELECT name FROM sqlite_master WHERE type = 'table'")).scalars().all()
        for table in tables:
            if not table.startswith("party_fts"):
                said += [str(tuple(row)) for row in session.execute(text(f'SELECT * FROM "{table}"'))]
    return "\n".join(said)


def marks_of(store: Store) -> set[str]:
    """Names, NIK, phones and the words of notes as they were typed at a desk."""
    with store.reading() as session:
        rows = session.execute(text("SELECT full_name, nik, phone FROM party")).all()
        words = session.execute(text("SELECT text FROM note")).scalars()
        found = {value for row in rows for value in row if value and value != "declined"} | set(words)
    return {mark for mark in found if len(mark) > 5}


def test_a_marked_day_leaves_no_mark_at_another_agencys_counter(
    centre: Centre, hall_folder: Path, empty_folder: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    for name, source in (("busy", hall_folder), ("quiet", empty_folder)):
        shutil.copytree(source, tmp_path / name)
    busy = Pc(tmp_path / "busy", centre, centre.enrol("busy", ("DKC", "PTS"), is_admin=True), Clock()).open()
    quiet = None
    try:
        with busy.store.reading() as session:
            desk = setup.desk_for(session, access.officers(session)[0].id, training=True)
            third = session.execute(text("SELECT id FROM agency WHERE code NOT IN ('DKC', 'PTS') LIMIT 1")).scalar_one()
        sample.fill(busy.store, desk, days=3, per_day=20)
        with busy.store.saving(desk.officer_id) as session:
            file = session.execute(text("SELECT id FROM application LIMIT 1")).scalar_one()
            notes.add_note(session, desk, file, "Penanda rahasia dalam catatan")
        busy.join()
        made = central.enrol(
            centre.connection, label="quiet", agency_ids=[third], is_admin=False, counter_id=desk.counter_id
        )
        with caplog.at_level(logging.DEBUG, "loket"):
            quiet = Pc(tmp_path / "quiet", centre, made, Clock()).open().join()
            quiet.sync()
        marks = marks_of(busy.store)
        assert len(marks) > 50
        with quiet.store.reading() as session:
            files = session.execute(text("SELECT count(*) FROM application")).scalar_one()
            assert files > 20, "every counter can answer a scan and count the hall"
            for table in PERSONAL:
                assert session.execute(text(f"SELECT count(*) FROM {table}")).scalar_one() == 0
        here, there = everything(busy.store), everything(quiet.store)
        assert all(mark in here for mark in marks), "the search finds what is there"
        assert [mark for mark in marks if mark in there or mark in caplog.text] == []
        assert centre.rows("SELECT count(*) FROM record.party") != [(0,)], "and the centre has them"
    finally:
        busy.close()
        if quiet is not None:
            quiet.close()
