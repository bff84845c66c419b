"""Two counters change the same person: one version wins everywhere, the other is kept, and one choice settles it."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest

from desktop.models.people import Party
from desktop.operations.conflicts import Met, open_conflicts, settle
from desktop.operations.desk import Desk
from tests.sync.hall import AGENCIES, Make, Pc, shown, two


def test_two_edits_of_one_person_end_alike_everywhere_and_the_loser_stays_visible(
    make_admin: Make, make_pc: Make
) -> None:
    _admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "Siti")
    a.sync()
    b.sync()
    [party] = a.parties()
    a.clock.forward(seconds=5)
    a.rename(party, "Siti Aminah")
    b.clock.forward(seconds=9)
    b.rename(party, "Siti Aminah Rahayu")
    for pc in (a, b, a):
        pc.sync()
    assert shown(a)["party"] == shown(b)["party"]
    assert shown(a)["party"][0]["full_name"] == "Siti Aminah Rahayu"
    [met] = conflicts_of(a)
    assert (met.winner.values["full_name"], met.loser.values["full_name"]) == ("Siti Aminah Rahayu", "Siti Aminah")
    assert met.fields == ("full_name",)
    assert [(one.row_id, one.loser.eid) for one in conflicts_of(b)] == [(party, met.loser.eid)]


def conflicts_of(pc: Pc) -> list[Met]:
    with pc.store.reading() as session:
        return open_conflicts(session)


@pytest.mark.parametrize(("take_loser", "name"), [(False, "Siti B"), (True, "Siti A2")])
def test_a_conflict_is_settled_everywhere_by_one_choice(
    make_admin: Make, make_pc: Make, take_loser: bool, name: str
) -> None:
    _admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "Siti")
    a.sync()
    b.sync()
    [party] = a.parties()
    a.rename(party, "Siti A1")
    a.rename(party, "Siti A2")
    b.clock.forward(seconds=9)
    b.rename(party, "Siti B")
    for pc in (a, b, a):
        pc.sync()
    desk = Desk("h", "c", tuple(AGENCIES.values()), "rini", 101, ZoneInfo("Asia/Jakarta"))
    [met] = conflicts_of(a)
    assert met.loser.values["full_name"] == "Siti A2", "the last of what was lost, not its first step"
    a.save(lambda session: settle(session, desk, met, take_loser=take_loser))
    a.sync()
    b.sync()
    assert conflicts_of(a) == conflicts_of(b) == []
    assert shown(a)["party"] == shown(b)["party"]
    assert shown(b)["party"][0]["full_name"] == name


def test_a_deleted_person_edited_elsewhere_ends_alike(make_admin: Make, make_pc: Make) -> None:
    _admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "Siti")
    a.sync()
    b.sync()
    [party] = a.parties()
    a.save(lambda session: setattr(session.get_one(Party, party), "deleted", True))
    b.clock.forward(seconds=3)
    b.rename(party, "Siti Aminah")
    for pc in (a, b, a):
        pc.sync()
    assert shown(a)["party"] == shown(b)["party"]
