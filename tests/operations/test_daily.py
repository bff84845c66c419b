"""A day's figures: one definition each, sums that agree, and every number opens the very list it counts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.errors import UserError
from desktop.models.application import StatusMove, Visit
from desktop.models.local import ApplicationNow, Serial
from desktop.operations import daily, issuing, search
from desktop.operations.figures import PARTS, Day, Figure, Pick, Timing
from desktop.operations.requirements import Extra
from desktop.operations.search import Found
from desktop.papers.daily_summary import make_summary
from tests.conftest import Clock
from tests.operations.random_days import ACTS, live
from tests.operations.small_hall import BUDI, DKC, KK, KTP, POL, RINI, SARI, SKCK, AtTheDesk, desk_of

TODAY = date(2026, 11, 23)


def day_at(desk: AtTheDesk, day: date = TODAY, officer: str = SARI) -> Day:
    with desk.store.reading() as session:
        return daily.day_of(session, replace(desk.desk, officer_id=officer), day)


def rows_at(desk: AtTheDesk, day: Day, pick: Pick) -> list[Found]:
    with desk.store.reading() as session:
        return daily.lines(session, day, pick)


def figures(day: Day) -> dict[str, int]:
    """Every figure that is not nought."""
    return {figure.value: count for figure in Figure if (count := day.count(figure))}


# The definitions -----------------------------------------------------------------------------------------------------


def test_a_received_application_counts_by_its_first_visit(desk: AtTheDesk, clock: Clock) -> None:
    desk.receive()
    short = desk.receive(KK, "Bambang", missing=("MARRIAGE",))
    clock.forward(hours=2)
    desk.receive(KK, "Bambang", file=short.application_id)
    assert figures(day_at(desk)) == {"received": 2, "complete": 1, "returned": 1}
    assert day_at(desk).returned_later_completed() == 1


def test_a_void_application_is_counted_as_void_only(desk: AtTheDesk) -> None:
    desk.receive()
    desk.undo(desk.receive(name="Keliru", missing=("PHOTO",)))
    day = day_at(desk)
    assert figures(day) == {"received": 2, "complete": 1, "void": 1}
    assert day.serials[0].void == (rows_at(desk, day, Pick(Figure.VOID))[0].short,)
    assert day.lacking() == []
    assert len(day.timings) == 1


def test_a_file_of_an_earlier_day_is_completed_later(desk: AtTheDesk, clock: Clock) -> None:
    short = desk.receive(KTP, "Siti", missing=("PHOTO", "POLICE"))
    clock.forward(days=2)
    again = desk.as_officer(BUDI).receive(KTP, "Siti", file=short.application_id)
    later = day_at(desk, date(2026, 11, 25))
    assert figures(later) == {"later": 1}
    assert rows_at(desk, later, Pick(Figure.LATER))[0].officer == "Budi"
    assert figures(day_at(desk)) == {"received": 1, "returned": 1}
    desk.as_officer(BUDI).undo(again)
    assert figures(day_at(desk, date(2026, 11, 25))) == {}
    clock.forward(days=1)
    desk.receive(KTP, "Siti", file=short.application_id)
    assert figures(day_at(desk, date(2026, 11, 26))) == {"later": 1}


def test_visits_without_a_file_by_outcome(desk: AtTheDesk) -> None:
    for outcome in ("consulted", "consulted", "wrong_counter"):
        desk.visit(outcome)
    day = day_at(desk)
    assert figures(day) == {"visits": 3}
    assert [(word, count) for word, _pick, count in day.parts(Figure.VISITS)] == [("Konsultasi", 2), ("Salah loket", 1)]
    assert [row.remark for row in rows_at(desk, day, Pick(Figure.VISITS, outcome="wrong_counter"))] == ["Salah loket"]


def test_a_lost_paper_is_a_reprint_and_one_that_never_came_out_is_not(desk: AtTheDesk) -> None:
    outcome = desk.receive()
    for reason in ("not_out", "lost", "damaged"):
        with desk.store.saving(RINI) as session:
            issuing.reprint(session, desk.desk, outcome.application_id, reason)
    day = day_at(desk)
    assert day.count(Figure.REPRINTS) == 2
    assert {row.remark for row in rows_at(desk, day, Pick(Figure.REPRINTS))} == {
        "CETAK ULANG ke-1 (hilang)",
        "CETAK ULANG ke-2 (rusak)",
    }


def test_papers_lacking_most_with_the_files_they_held_back(desk: AtTheDesk) -> None:
    desk.receive(KTP, "Ana", missing=("PHOTO",))
    desk.receive(KTP, "Budi", faulty=("PHOTO",), missing=("KK_FC",))
    desk.receive(KK, "Cici", missing=("MARRIAGE",))
    lines = day_at(desk).lacking()
    assert [(line.name, line.count) for line in lines] == [
        ("Pas foto 3×4", 2),
        ("Buku nikah", 1),
        ("Kartu Keluarga", 1),
    ]
    assert {row.applicant for row in rows_at(desk, day_at(desk), lines[0].pick)} == {"Ana", "Budi"}


def test_the_words_for_the_length_of_service(desk: AtTheDesk) -> None:
    for minutes in (2, 3, 4, 4, 4, 5, 6, 8, 10.5, 30):
        desk.receive(minutes=minutes)
    day = day_at(desk)
    assert daily.length_sentence(day) == "umumnya 4 menit; 9 dari 10 di bawah 11 menit"
    assert daily.length_sentence(day_at(desk, date(2026, 11, 20))) == ""


def test_parked_time_is_told_apart(desk: AtTheDesk) -> None:
    desk.receive(minutes=30, parked_s=25 * 60)
    day = day_at(desk)
    assert (day.usual_minutes(), day.parked_minutes()) == (5, 25)


@given(st.lists(st.floats(0, 20_000), min_size=1, max_size=60))
def test_nine_of_ten_do_stay_under_the_minutes_told(seconds: list[float]) -> None:
    day = Day(TODAY, Clock()(), True, False, (), tuple(Timing("", s, 0) for s in seconds), (), (), {}, {}, {})
    most, usual = day.most_minutes(), day.usual_minutes()
    assert most is not None and usual is not None
    assert sum(s < most * 60 for s in seconds) >= 0.9 * len(seconds)
    assert most == 1 or sum(s < (most - 1) * 60 for s in seconds) < 0.9 * len(seconds)
    assert 1 <= usual <= most


# Whose figures, and which day ----------------------------------------------------------------------------------------


def test_an_officer_sees_their_own_day(desk: AtTheDesk) -> None:
    desk.receive()
    desk.as_officer(BUDI).receive()
    desk.as_officer(BUDI).visit("consulted")
    own, whole = day_at(desk, officer=BUDI), day_at(desk)
    assert (own.is_own, figures(own)) == (True, {"received": 1, "complete": 1, "visits": 1})
    assert (whole.is_own, figures(whole)) == (False, {"received": 2, "complete": 2, "visits": 1})
    assert daily.scope_sentence(own) == "Angka Anda sendiri di loket ini."
    assert daily.scope_sentence(whole) == "Angka loket ini saja."


def test_another_agencys_files_are_not_counted_but_their_serials_are(desk: AtTheDesk) -> None:
    desk.receive()
    AtTheDesk(desk.store, desk_of(agencies=(POL,))).receive(SKCK)
    day = day_at(desk)
    assert figures(day) == {"received": 1, "complete": 1}
    assert (day.serials[0].last, day.serials[0].missing) == (2, ())


def test_the_day_is_the_halls(desk: AtTheDesk, clock: Clock) -> None:
    clock.moment = clock.moment.replace(hour=16, minute=59)  # 23.59 in the hall
    desk.receive()
    clock.forward(minutes=2)
    desk.receive()
    assert day_at(desk).count(Figure.RECEIVED) == day_at(desk, date(2026, 11, 24)).count(Figure.RECEIVED) == 1
    assert [share.name for share in day_at(desk).by_hour()] == ["23"]


def test_nought_is_not_the_same_as_closed(desk: AtTheDesk) -> None:
    assert day_at(desk).is_open  # a working Monday nobody came on
    assert not day_at(desk, date(2026, 11, 22)).is_open  # a Sunday
    with desk.store.reading() as session:
        facts = [daily.summary_facts(session, replace(desk.desk, officer_id=SARI), date(2026, 11, n)) for n in (22, 23)]
    assert [one.is_open for one in facts] == [False, True]
    assert not day_at(desk, date(2026, 11, 24)).is_open  # not yet
    desk.visit("consulted")
    assert day_at(desk).is_open


def test_when_the_figures_were_read(desk: AtTheDesk, clock: Clock) -> None:
    assert daily.as_of_sentence(day_at(desk)) == "keadaan pukul 08.12"
    assert daily.as_of_sentence(day_at(desk, date(2026, 11, 20))) == "keadaan 23 November pukul 08.12"


# The sums, over random histories -------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=25))
def test_sums_agree_and_numbers_open_their_lists(
    anew: Callable[[], AtTheDesk], acts: list[tuple[str, object, object, object]]
) -> None:
    desk = anew()
    live(desk, acts)
    last = desk.desk.day(desk.store.clock())
    received = 0
    for back in range((last - TODAY).days + 1):
        on = TODAY + timedelta(days=back)
        day = day_at(desk, on)
        received += day.count(Figure.RECEIVED)
        assert day.is_consistent, day.problems
        total = daily._tally(day.total())
        assert total.received == total.complete + total.returned + total.conditional + total.void
        for shares in (day.by_service(), day.by_officer(), day.by_hour()):
            for part in ("received", "complete", "returned", "conditional", "void"):
                assert sum(getattr(share, part) for share in shares) == getattr(total, part)
            assert all(len(rows_at(desk, day, share.pick)) == share.received for share in shares)
        for figure in PARTS:
            parts = day.parts(figure)
            assert sum(count for _word, _pick, count in parts) == day.count(figure)
            assert all(len(rows_at(desk, day, pick)) == count > 0 for _word, pick, count in parts)
        assert all(len(rows_at(desk, day, line.pick)) == line.count <= total.returned for line in day.lacking())
        # what one officer sees of their own adds up to the whole
        own = [day.of_officer(officer) for officer in (RINI, BUDI, SARI)]
        for figure in Figure:
            assert sum(part.count(figure) for part in own) == day.count(figure)
            with desk.store.reading() as session:
                rows = daily.files_of(session, replace(desk.desk, officer_id=SARI), on, Pick(figure))
            assert len(rows) == day.count(figure)
        with desk.store.reading() as session:
            assert search.day_count(session, desk.desk, on) == len(search.day_list(session, desk.desk, on))
        issued = sum(check.issued for check in day.serials)
        assert issued == total.received
        assert sum(len(check.void) for check in day.serials) == total.void
    with desk.store.reading() as session:
        assert received == session.query(ApplicationNow).count()


def test_a_sum_that_does_not_agree_is_said(desk: AtTheDesk) -> None:
    """The check is no decoration: a list that lost a file, a number without a record, a visit that did not arrive."""
    outcome = desk.receive()
    desk.receive()
    assert day_at(desk).problems == ()
    with desk.store.arriving() as connection:
        connection.execute(ApplicationNow.__table__.delete().where(ApplicationNow.id == outcome.application_id))
    assert day_at(desk).problems == ("Jumlah pada daftar (1) tidak sama dengan catatan (2). Beri tahu admin.",)
    with desk.store.arriving() as connection:
        connection.execute(Serial.__table__.update().values(last=4))
    day = day_at(desk)
    assert not day.is_consistent
    assert day.problems[-1] == "Nomor urut 0001–0004: 2 terbit, 2 tanpa catatan (0003, 0004)."


def test_a_file_whose_visit_has_not_arrived_counts_as_received_and_says_so(desk: AtTheDesk) -> None:
    desk.receive()
    with desk.store.arriving() as connection:
        connection.execute(Visit.__table__.delete())
        connection.execute(StatusMove.__table__.delete())
        connection.execute(ApplicationNow.__table__.update().values(first_outcome=None, state=None))
    day = day_at(desk)
    assert figures(day) == {"received": 1, "unknown": 1}
    assert day.problems == ("1 berkas belum ada data kunjungannya.",)


# The paper -----------------------------------------------------------------------------------------------------------


def test_the_printed_summary_says_what_the_screen_says(desk: AtTheDesk, clock: Clock) -> None:
    desk.receive(minutes=3)
    desk.receive(KK, "Bambang", missing=("MARRIAGE",))
    desk.undo(desk.receive(name="Keliru"))
    desk.visit("consulted")
    with desk.store.reading() as session:
        facts = daily.summary_facts(session, replace(desk.desk, officer_id=SARI), TODAY)
    day = day_at(desk)
    assert (facts.total.received, facts.total.complete, facts.total.returned, facts.total.void) == (3, 1, 1, 1)
    assert facts.is_consistent and facts.state == "Angka loket ini saja."
    assert facts.scope == "Loket 3 · Dinas Kependudukan dan Pencatatan Sipil"
    assert [tally.name for tally in facts.by_service] == [share.name for share in day.by_service()]
    assert [(line.requirement, line.count) for line in facts.missing] == [("Buku nikah", 1)]
    assert (facts.usual_minutes, facts.most_minutes) == (day.usual_minutes(), day.most_minutes())
    assert facts.printed_by == "Sari"
    assert make_summary(facts).startswith(b"%PDF")


def test_only_a_supervisor_has_the_summary_for_paper(desk: AtTheDesk) -> None:
    with desk.store.reading() as session, pytest.raises(UserError, match="pengawas"):
        daily.summary_facts(session, desk.desk, TODAY)


def test_papers_beyond_the_standard_are_counted(desk: AtTheDesk) -> None:
    extra = Extra("EXTRA_1", "Surat RT", "alamat berbeda")
    desk.receive(KK, extras=(extra,), missing=("EXTRA_1",))
    day = day_at(desk)
    assert figures(day) == {"received": 1, "returned": 1, "extras": 1}
    assert [(line.name, line.count) for line in day.lacking()] == [("Syarat di luar daftar", 1)]


def test_agencies_of_the_desk_are_all_counted(desk: AtTheDesk) -> None:
    both = AtTheDesk(desk.store, desk_of(SARI, agencies=(DKC, POL)))
    both.receive(SKCK)
    both.receive(KTP)
    assert [share.name for share in day_at(both).by_service()] == ["KTP-el hilang", "SKCK"]
