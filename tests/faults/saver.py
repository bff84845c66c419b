"""A counter that receives so many applicants, recorded by test_power_cut.py.

It says "saved NUMBER ENTRIES" once a save is durable: its number, and how long the journal is with it.
"""

from __future__ import annotations

import random
import sys
from pathlib import Path

from sqlalchemy import func, select

from desktop import sample
from desktop.models import journal
from desktop.operations import access, intake, setup
from desktop.store import Store


def main(folder: Path, saves: int, *pragmas: str) -> None:
    store = Store.open(folder)
    with store._writer.connect() as connection:
        connection.rollback()
        for pragma in pragmas:
            raw = connection.connection.dbapi_connection
            assert raw is not None
            raw.execute(f"PRAGMA {pragma}").fetchall()
    with store.reading() as session:
        desk = setup.desk_for(session, access.officers(session)[0].id, training=True)
        offered = sample.offers(session, desk)
    hall, luck = sample.Hall(1), random.Random(1)
    for _save in range(saves):
        form = hall.form(luck.choice(offered), desk.day(store.clock()))
        with store.saving(desk.officer_id) as session:
            outcome = intake.receive(session, desk, form)
        with store.reading() as session:
            entries = session.scalar(select(func.count()).select_from(journal.Entry))
        print(f"saved {outcome.number} {entries}", flush=True)
    store.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), *sys.argv[3:])
