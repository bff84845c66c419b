"""A hall with the shipped catalogue around a real centre, whose counters receive people as the program does."""

from __future__ import annotations

import random
import shutil
from pathlib import Path

from sqlalchemy import select, text

from desktop import sample
from desktop.models import Base
from desktop.models.access import Officer
from desktop.models.catalog import Counter
from desktop.operations import intake, setup
from desktop.operations.desk import Desk
from tests.conftest import Clock
from tests.sync.hall import AGENCIES, Centre, Pc

# What is of one PC alone, or tells how it came by what it holds.
OF_THE_PC = ("meta", "serial", "draft", "print_job", "officer_secret", "lane_position")
EVERYTHING = tuple(AGENCIES)


def open_hall(hall_folder: Path, folder: Path, centre: Centre, clock: Clock) -> Pc:
    """The PC on which the hall was set up becomes its administrator's, and the centre has its records."""
    shutil.copytree(hall_folder, folder)
    enrolment = centre.enrol("Admin", EVERYTHING, is_admin=True)
    return Pc(folder, centre, enrolment, clock, EVERYTHING).open().join()


def join_counter(empty_folder: Path, folder: Path, admin: Pc, label: str, clock: Clock) -> Pc:
    """A counter of that hall, joined with an empty file."""
    with admin.store.reading() as session:
        counter_id = session.scalars(select(Counter.id)).first()
    enrolment = admin.centre.enrol(label, EVERYTHING, counter_id=counter_id)
    shutil.copytree(empty_folder, folder)
    return Pc(folder, admin.centre, enrolment, clock, EVERYTHING).open().join()


class Desks:
    """The officers of some PCs and the people who come to them, by a seed."""

    def __init__(self, seed: int) -> None:
        self.luck, self.people = random.Random(seed), sample.Hall(seed)
        self.numbers: list[str] = []

    def receive(self, pc: Pc) -> None:
        """Somebody is served at this PC; the number is on paper from then on."""
        desk = self.desk(pc)
        with pc.store.reading() as session:
            offer = self.luck.choice(sample.offers(session, desk))
        form = self.people.form(offer, desk.day(pc.clock()))
        with pc.store.saving(desk.officer_id) as session:
            self.numbers.append(intake.receive(session, desk, form).number)

    def desk(self, pc: Pc) -> Desk:
        with pc.store.reading() as session:
            return setup.desk_for(session, session.scalars(select(Officer.id)).first() or "", training=True)


def rows(pc: Pc) -> dict[str, set[tuple[object, ...]]]:
    """Every row of every table, and of the index of names, as it lies in the file."""
    found = {}
    with pc.store.reading() as session:
        connection = session.connection()
        for table in Base.metadata.sorted_tables:
            if table.name not in OF_THE_PC:
                # "n" is the place of a row in the index of names.
                names = ", ".join(f'"{column.name}"' for column in table.columns if column.name != "n")
                asked = connection.execute(text(f'SELECT {names} FROM "{table.name}"'))
                found[table.name] = {tuple(row) for row in asked}
        index = "SELECT party_id, name, nik, phone FROM party_fts JOIN search_row ON party_fts.rowid = n"
        found["party_fts"] = {tuple(row) for row in connection.execute(text(index))}
    return found
