"""Days off, weeks, officers, counters, letterhead, pledges: kept by an admin only, and each says what it alters."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from desktop.errors import UserError
from desktop.models import journal
from desktop.models.access import Officer
from desktop.models.base import natural_id
from desktop.models.calendar import Holiday
from desktop.models.catalog import Counter
from desktop.models.local import Meta
from desktop.operations import access, issuing, promise, setup, upkeep
from tests.conftest import Hall
from tests.operations.forms import looked_at, lost_card, receive

DKC = natural_id("agency", "DKC")
PROMISED = date(2026, 11, 24)  # KTP-el hilang, received on Monday 23 November: one working day


@pytest.fixture
def admin(hall: Hall) -> Hall:
    with hall.store.saving(None) as session:
        session.get_one(Officer, hall.desk.officer_id).role = "admin"
    return hall


def done(hall: Hall, act: Callable[..., str], *given: Any, **named: Any) -> str:
    with hall.store.saving(hall.desk.officer_id) as session:
        return act(session, hall.desk, *given, **named)


def refused(hall: Hall, act: Callable[..., str], *given: Any, **named: Any) -> UserError:
    with pytest.raises(UserError) as caught:
        done(hall, act, *given, **named)
    return caught.value


NEW_DAY = {"on_date": PROMISED, "kind": "local", "name": "Haul Sunan Kudus"}
SAVES: list[tuple[Callable[..., str], tuple[Any, ...], dict[str, Any]]] = [
    (upkeep.save_holiday, (None,), NEW_DAY),
    (upkeep.remove_holiday, ("x",), {}),
    (upkeep.fill_year, (2027,), {}),
    (upkeep.save_week, (), {"agency_id": DKC, "weekdays": "123456", "from_date": PROMISED}),
    (upkeep.remove_week, ("x",), {}),
    (upkeep.save_officer, (None,), {"name": "Dewi", "role": "officer", "agency_id": DKC, "pin": "739154",
                                    "pin_again": "739154"}),
    (upkeep.save_counter, (None,), {"name": "Loket 9", "booth": "", "floor": "", "codes": "DKC"}),
    (upkeep.save_letterhead, ("MPP", {}), {}),
    (upkeep.save_pledge, (DKC, "Kami sanggup"), {}),
]  # fmt: skip


@pytest.mark.parametrize(("act", "given", "named"), SAVES, ids=lambda one: getattr(one, "__name__", ""))
@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_nobody_but_an_admin_may(admin: Hall, role: str, act: Any, given: Any, named: Any) -> None:
    with admin.store.saving(None) as session:
        session.get_one(Officer, admin.desk.officer_id).role = role
    with admin.store.reading() as session:
        entries = len(session.scalars(select(journal.Entry.eid)).all())
    assert "untuk admin" in refused(admin, act, *given, **named).message
    with admin.store.reading() as session:
        assert len(session.scalars(select(journal.Entry.eid)).all()) == entries


def test_a_day_off_moves_what_is_promised_next_and_leaves_what_is_printed(admin: Hall) -> None:
    receive(admin, looked_at(admin, lost_card(admin)))
    assert done(admin, upkeep.save_holiday, None, **NEW_DAY) == "1 janji yang sudah dicetak tidak berubah."
    with admin.store.reading() as session:
        days = promise.load_working_days(session, DKC, PROMISED)
        assert not days.is_working(PROMISED)
        (day,) = [one for one in upkeep.holidays(session, 2026) if one.name == "Haul Sunan Kudus"]
    moved = {"on_date": date(2026, 12, 3), "kind": "local", "name": "Haul", "is_tentative": True}
    assert "1 janji" in done(admin, upkeep.save_holiday, day.id, **moved)
    assert done(admin, upkeep.remove_holiday, day.id) == "Tidak ada janji tercetak yang terkena."
    with admin.store.reading() as session:
        assert promise.load_working_days(session, DKC, PROMISED).is_working(date(2026, 12, 3))
        entries = session.scalars(select(journal.Entry).where(journal.Entry.row_id == day.id)).all()
        assert len(entries) == 3, "records are edited, never replaced in bulk"
    assert "sudah dicetak" not in done(admin, upkeep.save_holiday, None, **{**NEW_DAY, "on_date": date(2026, 6, 1)})


@pytest.mark.parametrize(("change", "field"), [
    ({"on_date": None}, "on_date"), ({"name": " "}, "name"),
    ({"on_date": date(2026, 12, 25), "kind": "national"}, "on_date"),
])  # fmt: skip
def test_a_wrong_day_off_is_told_at_its_field(admin: Hall, change: dict[str, Any], field: str) -> None:
    assert refused(admin, upkeep.save_holiday, None, **NEW_DAY | change).field == field


def test_a_day_that_was_removed_can_come_back(admin: Hall) -> None:
    done(admin, upkeep.save_holiday, None, **NEW_DAY)
    with admin.store.reading() as session:
        key = session.scalars(select(Holiday.id).where(Holiday.on_date == PROMISED)).one()
    done(admin, upkeep.remove_holiday, key)
    done(admin, upkeep.save_holiday, None, **NEW_DAY)
    with admin.store.reading() as session:
        assert [day.id for day in upkeep.holidays(session, 2026) if day.on_date == PROMISED] == [key]


def test_a_year_is_filled_in_once_and_estimates_are_marked(admin: Hall) -> None:
    assert done(admin, upkeep.fill_year, 2026).startswith("0 hari libur tahun 2026"), "the first run filled it"
    with admin.store.reading() as session:
        count = len(upkeep.holidays(session, 2025))
    assert count == 0
    words = done(admin, upkeep.fill_year, 2025)
    with admin.store.reading() as session:
        found = upkeep.holidays(session, 2025)
        estimates = sum(day.is_tentative for day in upkeep.holidays(session, 2027))
    assert words == f"{len(found)} hari libur tahun 2025 ditambahkan." and len(found) > 15
    assert f"{estimates} tanggal masih perkiraan" in done(admin, upkeep.fill_year, 2027) and estimates
    assert "2045 belum dikenal" in refused(admin, upkeep.fill_year, 2045).message


def test_a_week_counts_from_its_day(admin: Hall) -> None:
    receive(admin, looked_at(admin, lost_card(admin)))
    words = done(admin, upkeep.save_week, agency_id=DKC, weekdays="1234566", from_date=PROMISED)
    assert words == "1 janji yang sudah dicetak tidak berubah."
    done(admin, upkeep.save_week, agency_id=DKC, weekdays="123456", from_date=PROMISED)
    with admin.store.reading() as session:
        saturday = date(2026, 11, 28)
        assert promise.load_working_days(session, DKC, saturday).is_working(saturday)
        assert not promise.load_working_days(session, DKC, date(2026, 11, 23)).is_working(saturday)
        (week,) = [one for one in upkeep.weeks(session) if one.agency_id == DKC and one.id]
    assert week.weekdays == (1, 2, 3, 4, 5, 6)
    assert "24 November 2026" in done(admin, upkeep.remove_week, week.id)
    with admin.store.reading() as session:
        assert not promise.load_working_days(session, DKC, saturday).is_working(saturday)


@pytest.mark.parametrize(("change", "field"), [
    ({"agency_id": None}, "agency"), ({"weekdays": "890"}, "weekdays"), ({"from_date": None}, "from_date"),
])  # fmt: skip
def test_a_wrong_week_is_told_at_its_field(admin: Hall, change: dict[str, Any], field: str) -> None:
    right = {"agency_id": DKC, "weekdays": "12345", "from_date": PROMISED}
    assert refused(admin, upkeep.save_week, **right | change).field == field


def officer(hall: Hall, **values: Any) -> dict[str, Any]:
    return {"name": "Dewi Lestari", "role": "officer", "agency_id": DKC, **values}


def test_an_officer_is_added_changed_given_a_pin_and_switched_off(admin: Hall) -> None:
    pin = {"pin": "739154", "pin_again": "739154"}
    assert done(admin, upkeep.save_officer, None, **officer(admin, **pin)) == (
        "Dewi Lestari sudah dapat masuk di loket ini.")  # fmt: skip
    with admin.store.reading() as session:
        key = next(one.id for one in upkeep.officer_lines(session) if one.name == "Dewi Lestari")
    done(admin, upkeep.save_officer, key, **officer(admin, role="supervisor", pin="482915", pin_again="482915"))
    with admin.store.saving(None) as session:
        assert access.sign_in(session, key, "739154").officer is None
        found = access.sign_in(session, key, "482915").officer
        assert found is not None and found.role == "supervisor"
    words = done(admin, upkeep.save_officer, key, **officer(admin, is_active=False))
    assert words == "Dewi Lestari tidak dapat masuk lagi. Berkas yang diterimanya tetap atas namanya."
    with admin.store.saving(None) as session:
        assert access.sign_in(session, key, "482915").officer is None
        assert key not in {one.id for one in access.officers(session)}


def test_an_officer_who_was_added_elsewhere_gets_a_pin_here(admin: Hall) -> None:
    with admin.store.saving(None) as session:
        session.add(Officer(id="elsewhere", agency_id=DKC, display_name="Rudi", initials="R"))
    done(admin, upkeep.save_officer, "elsewhere", **officer(admin, name="Rudi", pin="739154", pin_again="739154"))
    with admin.store.saving(None) as session:
        assert access.sign_in(session, "elsewhere", "739154").officer is not None


@pytest.mark.parametrize(("change", "field"), [
    ({"pin_again": "739155"}, "pin_again"), ({"pin": "111111", "pin_again": "111111"}, "pin"), ({"name": "D"}, "name"),
    ({"agency_id": None}, "agency"),
])  # fmt: skip
def test_a_wrong_officer_is_told_at_its_field(admin: Hall, change: dict[str, Any], field: str) -> None:
    right = officer(admin, pin="739154", pin_again="739154")
    assert refused(admin, upkeep.save_officer, None, **right | change).field == field


def test_the_last_admin_cannot_lock_everybody_out(admin: Hall) -> None:
    with admin.store.reading() as session:
        me = next(one for one in upkeep.officer_lines(session) if one.id == admin.desk.officer_id)
    mine = {"name": me.name, "agency_id": DKC}
    assert refused(admin, upkeep.save_officer, me.id, **mine, role="officer").field == "role"
    assert refused(admin, upkeep.save_officer, me.id, **mine, role="admin", is_active=False).field == "is_active"
    pin = {"pin": "739154", "pin_again": "739154"}
    done(admin, upkeep.save_officer, None, **officer(admin, role="admin", **pin))
    done(admin, upkeep.save_officer, me.id, **mine, role="officer")  # the control: another admin is there


def test_two_officers_of_one_name_are_refused(admin: Hall) -> None:
    with admin.store.saving(None) as session:
        for name in ("Rudi", "Ani"):
            session.add(Officer(id=name, agency_id=DKC, display_name=name, initials="X"))
    assert refused(admin, upkeep.save_officer, "Ani", **officer(admin, name="rudi")).field == "name"
    done(admin, upkeep.save_officer, "Ani", **officer(admin, name="ANI"))  # the control: its own name is free


def test_a_counter_gets_another_place_and_other_agencies(admin: Hall) -> None:
    values = {"name": "Loket 7", "booth": "Gerai A", "floor": "Lantai 2", "codes": "pts, DKC dkc"}
    assert "Ctrl+L" in done(admin, upkeep.save_counter, admin.desk.counter_id, **values)
    with admin.store.reading() as session:
        desk = setup.desk_for(session, admin.desk.officer_id)
        assert desk.agency_ids == (natural_id("agency", "PTS"), DKC)
        assert issuing.test_page_facts(session, desk, "x").letterhead.place_and_hours.startswith("Lantai 2, Gerai A")
    assert done(admin, upkeep.save_counter, None, **values | {"name": "Loket 8"}) == "Loket 8 disimpan."
    assert refused(admin, upkeep.save_counter, None, **values | {"name": "LOKET 8"}).field == "counter_name"
    assert refused(admin, upkeep.save_counter, None, **values | {"name": "Loket 9", "codes": "XYZ"}).field == "agency"
    assert refused(admin, upkeep.save_counter, None, **values | {"name": "Loket 9", "codes": " "}).field == "agency"
    with admin.store.reading() as session:
        assert [upkeep.codes_of(session, one) for one in upkeep.counters(session)] == ["PTS, DKC", "PTS, DKC"]
        assert session.get_one(Counter, admin.desk.counter_id).booth == "Gerai A"


def test_the_letterhead_is_on_the_next_paper(admin: Hall) -> None:
    done(admin, upkeep.save_letterhead, "MPP Kota Baru", {"hours": "Senin 08.00", "complaint_phone": "0291-1"})
    outcome = receive(admin, looked_at(admin, lost_card(admin)))
    with admin.store.reading() as session:
        facts = issuing.facts_of(session, outcome.print_id)
    assert facts.letterhead.hall == "MPP Kota Baru"
    assert "Senin 08.00" in facts.letterhead.place_and_hours
    assert "0291-1" in facts.complaint
    assert refused(admin, upkeep.save_letterhead, " ", {}).field == "hall_name"


def test_a_pledge_is_shown_at_the_counters_of_its_agency(admin: Hall) -> None:
    assert "disimpan" in done(admin, upkeep.save_pledge, DKC, "Kami sanggup\u200b\nmelayani   Anda.\n")
    with admin.store.reading() as session:
        (pledge,) = upkeep.pledges(session, admin.desk)
        assert pledge.endswith(": Kami sanggup\nmelayani Anda.")
    done(admin, upkeep.save_pledge, DKC, " ")
    with admin.store.reading() as session:
        assert upkeep.pledges(session, admin.desk) == []
    assert refused(admin, upkeep.save_pledge, DKC, "x" * 2001).field == "pledge"


def test_a_counter_of_a_hall_leaves_the_halls_records_to_the_administrators_pc(admin: Hall) -> None:
    with admin.store.saving(None) as session:
        session.add(Meta(name="sync", value={"nodes": ["n"], "may_write": "counter"}))
        assert not access.may_administer(session, admin.desk)
    with pytest.raises(UserError, match="PC admin"), admin.store.saving(None) as session:
        upkeep.save_officer(session, admin.desk, None, **officer(admin, name="Rudi"))
    with admin.store.saving(None) as session:
        session.get_one(Meta, "sync").value = {"nodes": ["n"], "may_write": "admin"}
    with admin.store.reading() as session:
        assert access.may_administer(session, admin.desk), "the control: an administrator's PC may"
