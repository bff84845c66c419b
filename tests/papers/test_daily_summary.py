"""The daily summary: figures and tables of a quiet day, a usual one, and one that fills pages."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pypdfium2
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.operations.paperwork import HourTally, MissingTally, SummaryFacts, Tally
from desktop.papers.daily_summary import make_summary
from tests.papers.reading import faults, text_of
from tests.papers.samples import SUMMARY
from tests.papers.test_receipt import _TEXTS


def test_a_day_without_files() -> None:
    facts = replace(
        SUMMARY,
        total=Tally("", 0, 0, 0, 0),
        by_service=(),
        by_officer=(),
        by_hour=(),
        missing=(),
        usual_minutes=None,
        most_minutes=None,
    )
    text = text_of(make_summary(facts))
    assert "Belum ada berkas hari ini." in text
    assert "Per layanan" not in text and "Lama pelayanan" not in text and "%" not in text


def test_sums_that_disagree_are_said_loudly() -> None:
    text = text_of(make_summary(replace(SUMMARY, is_consistent=False)))
    assert "jumlah TIDAK cocok" in text and "jumlah cocok" not in text


def test_a_long_table_repeats_its_heads_and_signatures_never_stand_alone() -> None:
    many = tuple(Tally(f"Layanan nomor {n}", n, n, 0, 0) for n in range(71))
    pages = text_of(make_summary(replace(SUMMARY, by_service=many))).split("\n\n")
    assert len(pages) == 3
    assert [page.count("Layanan Masuk Langsung lengkap") for page in pages] == [1, 1, 0]
    for at, page in enumerate(pages[1:], start=2):
        assert page.startswith(f"RINGKASAN HARIAN Senin, 23 November 2026 Halaman {at} dari 3\n")
    assert "Mengetahui" in pages[2] and "Kekurangan berkas terbanyak" in pages[2]


def test_the_usual_day_is_one_page() -> None:
    assert len(pypdfium2.PdfDocument(make_summary(SUMMARY))) == 1


_COUNT = st.integers(0, 9_999)
_TOTAL = st.builds(
    lambda complete, returned, void: Tally("", complete + returned + void, complete, returned, void),
    _COUNT,
    _COUNT,
    _COUNT,
)
_TALLIES = st.lists(st.builds(Tally, _TEXTS, _COUNT, _COUNT, _COUNT, _COUNT, _COUNT), max_size=30).map(tuple)
_DAYS = st.builds(
    replace,
    st.just(SUMMARY),
    scope=_TEXTS,
    state=_TEXTS,
    total=_TOTAL,
    is_consistent=st.booleans(),
    by_service=_TALLIES,
    by_officer=_TALLIES,
    by_hour=st.lists(st.builds(HourTally, st.integers(0, 23), _COUNT, _COUNT), max_size=24).map(tuple),
    missing=st.lists(st.builds(MissingTally, _TEXTS, _TEXTS, _COUNT), max_size=10).map(tuple),
    signer_position=_TEXTS,
    signer_name=_TEXTS,
    signer_staff_no=_TEXTS,
    place=_TEXTS,
    printed_by=_TEXTS,
    training=st.booleans(),
)


@settings(deadline=None, max_examples=40)
@given(_DAYS)
def test_nothing_overlaps_on_any_day(facts: SummaryFacts) -> None:
    assert faults(make_summary(facts)) == []


def test_printed_on_another_day_it_says_as_of_which() -> None:
    assert "keadaan pukul 14.05" in text_of(make_summary(SUMMARY))
    later = replace(SUMMARY, as_of=SUMMARY.as_of + timedelta(days=2))
    text = text_of(make_summary(later))
    assert "keadaan 25 November pukul 14.05 WIB" in text and "keadaan pukul" not in text
    text = text_of(make_summary(replace(later, total=Tally("", 0, 0, 0, 0))))
    assert "Tidak ada berkas pada tanggal ini." in text and "hari ini." not in text


def test_a_day_that_was_not_open_shows_a_dash_and_never_nought() -> None:
    closed = replace(SUMMARY, total=Tally("", 0, 0, 0, 0), completed_later=0, reprints=0, corrections=0, is_open=False)
    text = text_of(make_summary(replace(closed, visits_without_file=0, extra_demands=0)))
    assert "Loket tidak buka pada tanggal ini." in text and "Belum ada berkas" not in text
    figures = text.partition("keadaan pukul")[2].partition("jumlah cocok")[0]
    assert figures.count("–") == 10 and not any(word == "0" for word in figures.split())
