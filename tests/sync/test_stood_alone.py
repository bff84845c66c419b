"""A PC that stood alone joins the hall of another regency: its papers come out there, and at every other counter."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import select

from desktop import sample
from desktop.models.base import natural_id
from desktop.models.catalog import Counter, Hall
from desktop.operations import access, correcting, handouts, intake, issuing, setup
from desktop.operations.desk import Desk
from desktop.operations.intake_form import Outcome
from desktop.store import Store
from desktop.sync.join import join
from desktop.sync.link import Link
from desktop.sync.pull import pull
from tests.conftest import Clock
from tests.sync.hall import VERSION, Centre

# Kota Semarang; the wizard of a PC that stands alone knows only Kudus.
SEMARANG = "3374"


class Counters:
    """The administrator's PC of the hall, and one that has saved a file before it joined."""

    def __init__(self, centre: Centre, folder: Path, opened: ExitStack) -> None:
        self.centre, self.opened = centre, opened
        self.admin, self.lone = self.made(folder / "admin", SEMARANG), self.made(folder / "lone", "3319")
        with self.admin.saving(None) as session:
            hall = session.scalars(select(Hall)).one()
            session.add(Counter(id="nine", hall_id=hall.id, name="Loket 9", agency_ids=[natural_id("agency", "DKC")]))
        link = self.joined(self.admin, is_admin=True)
        self.alone = self.receive()
        self.joined(self.lone)
        pull(self.admin, link)

    def made(self, folder: Path, code: str) -> Store:
        store = self.opened.enter_context(closing(Store.open(folder, clock=Clock())))
        plan = setup.FirstRun(hall_name=f"MPP {code}", officer_name=f"Siti {code}", pin="482915", hall_code=code)
        with store.saving(None) as session:
            setup.first_run(session, plan, setup.shipped_catalogue())
        return store

    def joined(self, store: Store, *, is_admin: bool = False) -> Link:
        made = self.centre.enrol(store.folder.name, is_admin=is_admin, counter_id=None if is_admin else "nine")
        link = self.opened.enter_context(closing(Link(self.centre.connect(made))))
        join(store, link, made.node_id, app_version=VERSION)
        return link

    def desk(self, store: Store) -> Desk:
        with store.reading() as session:
            return setup.desk_for(session, access.officers(session)[0].id, training=True)

    def receive(self) -> Outcome:
        store, desk = self.lone, self.desk(self.lone)
        with store.reading() as session:
            form = sample.Hall(1).form(sample.offers(session, desk)[0], desk.day(store.clock()), is_short=False)
        with store.saving(desk.officer_id) as session:
            return intake.receive(session, desk, form)


@pytest.fixture
def counters(centre: Centre, tmp_path: Path) -> Iterator[Counters]:
    with ExitStack() as opened:
        yield Counters(centre, tmp_path, opened)


def test_its_papers_say_the_hall_it_is_in_now(counters: Counters) -> None:
    joined = counters.receive()
    with counters.lone.reading() as session:
        assert session.scalars(select(Hall.code).order_by(Hall.code)).all() == ["3319", SEMARANG], "its own hall stays"
        for print_id in (joined.print_id, counters.alone.print_id):
            facts = issuing.facts_of(session, print_id)
            assert facts.letterhead.hall == f"MPP {SEMARANG}"
            assert facts.officer == "Siti 3319"


def test_what_it_saved_alone_can_be_printed_labelled_and_corrected_elsewhere(counters: Counters) -> None:
    store, desk, file = counters.admin, counters.desk(counters.admin), counters.alone.application_id
    with store.reading() as session:
        label = handouts.label_facts(session, desk, file)
        people = correcting.opened(session, desk, file)
    assert label.counter == "", "its counter was its own"
    with store.saving(desk.officer_id) as session:
        again = issuing.reprint(session, desk, file, "lost")
        facts = issuing.facts_of(session, again)
    assert (facts.letterhead.hall, facts.officer, facts.counter) == (f"MPP {SEMARANG}", "–", "")
    renamed = [(one, replace(one.form, name="Nama Baru")) for one in people[:1]]
    with store.saving(desk.officer_id) as session:
        assert correcting.correct(session, desk, file, renamed, "typing")
