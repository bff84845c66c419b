"""Finding files: every way in, and nothing that any text can break."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text as sql
from sqlalchemy.exc import DatabaseError

from desktop import sample
from desktop.models.local import ApplicationNow
from desktop.operations import intake, search
from desktop.store import Store
from tests.conftest import Clock, Hall
from tests.operations.small_hall import DKC, KK, POL, SKCK, AtTheDesk, desk_of

TODAY = date(2026, 11, 23)
NIK = "3319014107900003"


def found(store: Store, text: str, **more: object) -> list[str]:
    with store.reading() as session:
        rows = search.find(session, text, agency_ids=(DKC,), **more)  # type: ignore[arg-type]
    return [row.applicant for row in rows]


@pytest.fixture
def people(desk: AtTheDesk, clock: Clock) -> dict[str, str]:
    """Yesterday Siti, today Muhammad Ma'ruf and Bambang (short); numbers by name."""
    made = {}
    for name, more in (
        ("Siti Aminah", {"nik": NIK, "phone": "081234567890"}),
        ("Muhammad Ma’ruf", {"service_id": KK}),
        ("Bambang Santoso", {"missing": ("POLICE",)}),
    ):
        made[name] = desk.receive(name=name, **more).number  # type: ignore[arg-type]
        clock.forward(days=1 if name.startswith("Siti") else 0, minutes=7)
    return made


def test_by_number(store: Store, people: dict[str, str]) -> None:
    number = people["Siti Aminah"]
    for typed in (number, search.number_text(number), f" {number[:6]} {number[6:9]}-{number[9:]} "):
        assert found(store, typed) == ["Siti Aminah"]
    assert found(store, number[:8]) == ["Siti Aminah"]


def test_the_digits_people_say_bring_todays_file_first(store: Store, desk: AtTheDesk, clock: Clock) -> None:
    """Serial 0001 comes back every day; its check digit too, on one day in ten."""
    numbers = []
    for _day in range(30):
        numbers.append(desk.receive(name=f"Pemohon {len(numbers)}").number)
        clock.forward(days=1)
    said = numbers[4][9:]
    same = [number for number in numbers if number[9:] == said]
    assert len(same) > 1
    with store.reading() as session:
        rows = search.find(session, f"{said[:4]}-{said[4]}", agency_ids=(DKC,), day=date(2026, 11, 27))
    assert [row.number for row in rows] == [numbers[4], *reversed([n for n in same if n != numbers[4]])]
    assert {row.number for row in rows} == set(same)


def test_by_nik_whole_or_begun(store: Store, people: dict[str, str]) -> None:
    for typed in (NIK, "3319 0141 0790 0003", NIK[:4], NIK[:9]):
        assert found(store, typed) == ["Siti Aminah"]
    assert found(store, NIK[:3]) == []
    assert found(store, "3319014107900004") == []


def test_a_common_beginning_of_a_nik_is_walked_from_the_newest(
    store: Store, people: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "MANY", 1)
    assert found(store, NIK[:4]) == found(store, NIK[:9]) == ["Siti Aminah"]
    assert found(store, "33190198") == []


def test_by_name_however_spelt(store: Store, people: dict[str, str]) -> None:
    for typed in ("siti", "SITI AM", "síti  aminah", "siti a"):
        assert found(store, typed) == ["Siti Aminah"], typed
    for typed in ("ma'ruf", "ma’ruf", "Maruf", "muham"):
        assert found(store, typed) == ["Muhammad Ma’ruf"], typed
    assert found(store, "s") == []
    assert found(store, "santosa") == []


def test_by_phone(store: Store, people: dict[str, str]) -> None:
    for typed in ("081234567890", "0812-3456-7890", "+62 812 3456", "62812345"):
        assert found(store, typed) == ["Siti Aminah"], typed


def test_by_service_and_state(store: Store, people: dict[str, str]) -> None:
    assert found(store, "kartu kel") == ["Muhammad Ma’ruf"]
    assert found(store, "belum leng") == ["Bambang Santoso"]
    assert found(store, "terdaftar") == ["Muhammad Ma’ruf", "Siti Aminah"]


def test_newest_first_and_capped(store: Store, desk: AtTheDesk, clock: Clock) -> None:
    for count in range(7):
        desk.receive(name=f"Dewi {count}")
        clock.forward(minutes=5)
    assert found(store, "dewi", limit=3) == ["Dewi 6", "Dewi 5", "Dewi 4"]


def test_another_agencys_files_are_not_found(store: Store, desk: AtTheDesk) -> None:
    police = AtTheDesk(store, desk_of(agencies=(POL,)))
    outcome = police.receive(SKCK, "Siti Aminah", nik=NIK)
    for typed in ("siti", NIK, outcome.number, outcome.number[9:], "skck"):
        assert found(store, typed) == []
        with store.reading() as session:
            assert search.find(session, typed, agency_ids=(POL,)), typed


def test_the_nik_leaves_the_file_covered(store: Store, people: dict[str, str]) -> None:
    with store.reading() as session:
        (row,) = search.find(session, NIK, agency_ids=(DKC,))
    assert row.nik_masked == "3319 •••• •••• 0003"
    assert NIK not in repr(row)


SIGNS = "\"'()*:^+-{}[]<>/\\|&~%_;,.?!@#$\x00\n\t" + "NEAR AND OR NOT name phone rowid siti"


MATCH = sql("SELECT rowid FROM party_fts WHERE party_fts MATCH :match")


def hostile_texts(count: int) -> Iterator[str]:
    chance = random.Random(20261123)
    alphabet = [*SIGNS, "NEAR(", " AND ", " OR ", " NOT ", "name:", "phone :", "\ud800", "\u202e", "😀", "٣", "ﬁ", "´"]
    for _text in range(count):
        yield "".join(chance.choices(alphabet, k=chance.randint(1, 14)))


def test_ten_thousand_hostile_texts_break_nothing(store: Store, people: dict[str, str]) -> None:
    count = sql("SELECT count(*) FROM party_fts")
    with store.reading() as session:
        before = session.execute(count).scalar()
        for place, hostile in enumerate(hostile_texts(10_000)):
            match = search.name_query(hostile)
            if match:
                session.execute(MATCH, {"match": match}).all()
            if place % 20 == 0:
                assert len(search.find(session, hostile, agency_ids=(DKC,))) <= 3
        assert session.execute(count).scalar() == before


def test_unquoted_the_same_texts_would_break_it(store: Store, people: dict[str, str]) -> None:
    """The guard is needed: the index's own language refuses most of them."""
    broken = 0
    with store.reading() as session:
        for hostile in hostile_texts(100):
            try:
                session.execute(MATCH, {"match": hostile.encode("utf-8", "ignore").decode().replace("\0", "")}).all()
            except DatabaseError:
                broken += 1
    assert broken > 50


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=400))
def test_any_name_gives_a_question_of_few_quoted_words(typed: str) -> None:
    match = search.name_query(typed)
    assert match.count('"') % 2 == 0
    assert match.count(" AND ") < search.MOST_WORDS


# The day's list ------------------------------------------------------------------------------------------------------


def listed(store: Store, day: date = TODAY) -> list[str]:
    with store.reading() as session:
        return [row.applicant for row in search.day_list(session, desk_of(), day)]


def test_a_days_list_is_its_files_and_those_that_came_back(store: Store, desk: AtTheDesk, clock: Clock) -> None:
    short = desk.receive(name="Siti Aminah", missing=("PHOTO",))
    clock.forward(days=1)
    desk.receive(name="Bambang")
    clock.forward(minutes=9)
    desk.receive(name="Siti Aminah", file=short.application_id)
    assert listed(store) == ["Siti Aminah"]
    with store.reading() as session:
        rows = search.day_list(session, desk_of(), date(2026, 11, 24))
        assert search.day_count(session, desk_of(), date(2026, 11, 24)) == len(rows) == 2
    assert [(row.applicant, row.on_date.day) for row in rows] == [("Siti Aminah", 23), ("Bambang", 24)]
    assert rows[0].at == clock()
    assert listed(store, day=date(2026, 11, 25)) == []


def test_the_halls_day_is_not_the_days_of_the_pc(store: Store, desk: AtTheDesk, clock: Clock) -> None:
    clock.moment = clock.moment.replace(hour=17, minute=30)  # 00.30 of the next day in the hall
    desk.receive(name="Larut")
    assert listed(store) == []
    assert listed(store, day=date(2026, 11, 24)) == ["Larut"]


def test_every_state_has_its_word(store: Store) -> None:
    assert search.state_word("RETURNED") == "Belum lengkap"
    assert search.state_word(None) == "Data belum sampai"
    assert search.state_word("FROM_A_NEWER_PROGRAM") == "FROM_A_NEWER_PROGRAM"
    assert set(search.states_meant("siap")) == {"READY"}
    assert search.states_meant("di") == []
    assert "VOID" in search.states_meant("batal")


def test_a_file_without_its_acts_says_so(store: Store, desk: AtTheDesk) -> None:
    outcome = desk.receive()
    with store.arriving() as connection:
        connection.execute(ApplicationNow.__table__.update().values(state=None))
    with store.reading() as session:
        (row,) = search.find(session, outcome.number, agency_ids=(DKC,))
    assert row.state_word == "Data belum sampai"


@pytest.mark.parametrize("typed", ["moch", "muh rid", "mohammad ridwan", "M. Ridwan", "dr. h. muhamad rid", "ridwan"])
def test_every_spelling_of_a_name_leads_to_the_person(hall: Hall, typed: str) -> None:
    with hall.store.saving(hall.desk.officer_id) as session:
        offered = sample.offers(session, hall.desk)
        form = sample.Hall(1).form(offered[0], hall.desk.day(hall.clock()))
        ridwan = replace(form, applicant=replace(form.applicant, name="H. Moh. Ridwan, S.Pd."))
        intake.receive(session, hall.desk, ridwan)
    with hall.store.reading() as session:
        found = search.find(session, typed, agency_ids=hall.desk.agency_ids)
        assert [row.applicant for row in found] == ["H. Moh. Ridwan, S.Pd."]
        assert search.find(session, "mahmud", agency_ids=hall.desk.agency_ids) == []
