"""The first start: all of it or nothing, and a working counter with nothing but Enter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import func, select

from desktop.errors import UserError
from desktop.models.calendar import Holiday
from desktop.models.catalog import Agency, Service, ServiceStandard
from desktop.models.journal import Entry
from desktop.models.local import RequirementLine, Village
from desktop.operations import drafts, numbering, setup
from desktop.store import Store

PLAN = setup.FirstRun(pin="240816")


def test_the_defaults_make_a_working_counter_with_the_whole_catalogue(store: Store) -> None:
    with store.saving(None) as session:
        counter_id, officer_id = setup.first_run(session, PLAN, setup.shipped_catalogue())
    with store.reading() as session:
        assert setup.is_ready(session)
        desk = setup.desk_for(session, officer_id)
        assert (desk.counter_id, numbering.device_code(session) in numbering.LONE_CODES) == (counter_id, True)
        counts = [session.scalar(select(func.count()).select_from(table)) for table in (Agency, Service, Village)]
        assert counts == [28, 71, 132]
        assert session.scalar(select(func.count()).select_from(RequirementLine)) == 487
        assert {row.state for row in session.scalars(select(ServiceStandard))} == {"sample"}
        assert {day.year for day in session.scalars(select(Holiday.on_date))} == {2026, 2027}
        assert len(setup.services(session, desk)) == 12


def test_seeds_lose_against_any_later_edit_and_are_the_same_on_every_pc(new_store: Callable[[str], Store]) -> None:
    ids = []
    for name in ("a", "b"):
        store = new_store(name)
        with store.saving(None) as session:
            setup.first_run(session, PLAN, setup.shipped_catalogue())
        with store.reading() as session:
            seeds = session.execute(
                select(Entry.row_id, Entry.payload).where(Entry.table_name.in_(("agency", "service_standard")))
            )
            ids.append(sorted(map(tuple, seeds)))
            assert set(session.scalars(select(Entry.hlc).where(Entry.table_name == "agency"))) == {0}
    assert ids[0] == ids[1]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"hall_name": " "}, "hall_name"),
        ({"counter_name": ""}, "counter_name"),
        ({"officer_name": "x"}, "name"),
        ({"pin": "123456"}, "pin"),
        ({"agency_codes": ()}, "agency"),
        ({"agency_codes": ("NONE",)}, "agency"),
    ],
)
def test_a_wrong_entry_is_named_and_nothing_of_it_is_kept(store: Store, change: dict, field: str) -> None:
    with pytest.raises(UserError) as caught, store.saving(None) as session:
        setup.first_run(session, replace(PLAN, **change), setup.shipped_catalogue())
    assert caught.value.field == field
    with store.reading() as session:
        assert not setup.is_ready(session)
        assert session.scalar(select(func.count()).select_from(Entry)) == 0


def test_it_is_done_once(store: Store) -> None:
    with store.saving(None) as session:
        setup.first_run(session, PLAN, setup.shipped_catalogue())
    with pytest.raises(UserError), store.saving(None) as session:
        setup.first_run(session, PLAN, setup.shipped_catalogue())


def test_drafts_are_kept_replaced_and_dropped(store: Store) -> None:
    with store.saving("rini") as session:
        first = drafts.keep(session, "rini", {"name": "Siti"})
        drafts.keep(session, "rini", {"name": "Budi"}, is_parked=True)
    with store.saving("rini") as session:
        drafts.keep(session, "rini", {"name": "Siti A"}, draft_id=first)
    with store.reading() as session:
        assert [draft.content["name"] for draft in drafts.drafts(session, is_parked=False)] == ["Siti A"]
        assert len(drafts.drafts(session)) == 2
        assert session.scalar(select(func.count()).select_from(Entry)) == 0, "what is half typed never leaves this PC"
    with store.saving("rini") as session:
        drafts.drop(session, first)
        drafts.drop(session, "gone already")
    with store.reading() as session:
        assert len(drafts.drafts(session)) == 1
