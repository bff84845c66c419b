"""The day knows its hall: which counters' data are whole until when, and how many files are known to lack."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from desktop.models.local import Meta
from desktop.operations import daily, hall
from tests.conftest import MORNING, Hall

TODAY, YESTERDAY = date(2026, 11, 23), date(2026, 11, 22)


def pc(label: str, minutes_ago: float, serials: Mapping[date, Mapping[int, int]], **more: Any) -> dict[str, Any]:
    heard = (MORNING - timedelta(minutes=minutes_ago)).isoformat()
    says = {"serials": {day.isoformat(): {str(code): last for code, last in codes.items()}
                        for day, codes in serials.items()}, "pending": 0}
    return {"node_id": label, "counter_id": None, "label": label, "last_push_at": heard, "last_seen_at": heard,
            "skew_ms": 0, "says": says, "is_revoked": False, "is_here": False, **more}


def tell(known: Hall, *pcs: dict[str, Any]) -> None:
    with known.store.saving(None) as session:
        session.merge(Meta(name=hall.NEWS, value={"at": MORNING.isoformat(), "pcs": list(pcs)}))


def sentence(known: Hall, day: date = TODAY) -> str:
    with known.store.reading() as session:
        return daily.scope_sentence(daily.day_of(session, known.desk, day))


def test_without_a_centre_the_figures_are_this_pcs(hall: Hall) -> None:
    assert sentence(hall) == "Angka loket ini saja."


def test_a_silent_counter_and_its_missing_files_are_named(hall: Hall) -> None:
    here = pc("Loket 1", 0, {TODAY: {101: 0}}, is_here=True)
    others = [pc(f"Loket {n}", 2, {TODAY: {100 + n: 0}}) for n in (2, 4, 5, 6)]
    tell(hall, here, *others, pc("Loket 3", 140, {TODAY: {103: 7}}))
    assert sentence(hall) == (
        "SEMENTARA. Data 5 dari 6 loket lengkap sampai 08.10. "
        "Loket 3: data terakhir 05.52; sedikitnya 7 berkas belum masuk."
    )


@pytest.mark.parametrize(("minutes", "late"), [(9, False), (11, True)])
def test_ten_minutes_make_a_counter_silent(hall: Hall, minutes: int, late: bool) -> None:
    tell(hall, pc("Loket 1", 0, {TODAY: {101: 0}}, is_here=True), pc("Loket 2", minutes, {TODAY: {102: 0}}))
    assert ("Loket 2: data terakhir" in sentence(hall)) is late


def test_a_past_day_is_whole_once_everybody_was_heard_after_it(hall: Hall) -> None:
    tell(hall, pc("Loket 1", 0, {TODAY: {101: 0}}, is_here=True), pc("Loket 2", 5, {YESTERDAY: {102: 0}}))
    assert sentence(hall, YESTERDAY) == "Data semua 2 loket lengkap."
    tell(hall, pc("Loket 1", 0, {TODAY: {101: 0}}, is_here=True), pc("Loket 2", 60 * 24, {YESTERDAY: {102: 2}}))
    assert sentence(hall, YESTERDAY) == (
        "SEMENTARA. Data 1 dari 2 loket lengkap. Loket 2: data terakhir 22 November 08.12; "
        "sedikitnya 2 berkas belum masuk."
    )


def test_shut_out_and_never_used_pcs_take_no_part_and_one_counter_is_one(hall: Hall) -> None:
    tell(
        hall,
        pc("Loket 1", 0, {TODAY: {101: 0}}, is_here=True),
        pc("Loket 1", 9000, {YESTERDAY: {955: 0}}),  # the same counter, from its time alone
        pc("Loket 2", 5000, {TODAY: {102: 0}}, is_revoked=True),
        pc("Administrasi", 5000, {}),
    )
    with hall.store.reading() as session:
        told = daily.day_of(session, hall.desk, TODAY).hall
    assert told is not None
    assert (told.counters, told.late) == (1, ())


def test_a_day_without_the_files_of_a_pc_that_was_shut_out_is_not_called_whole(hall: Hall) -> None:
    tell(
        hall,
        pc("Loket 1", 0, {TODAY: {101: 0}}, is_here=True),
        pc("Loket 2", 60 * 24, {YESTERDAY: {102: 3}}, is_revoked=True),
    )
    assert sentence(hall, YESTERDAY) == (
        "SEMENTARA. Data 1 dari 2 loket lengkap. Loket 2: data terakhir 22 November 08.12; "
        "sedikitnya 3 berkas belum masuk."
    )
    assert sentence(hall).startswith("SEMENTARA. Data 1 dari 1 loket lengkap"), "of today nothing lacks"
