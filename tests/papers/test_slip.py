"""The slip: says what to bring, and neither promises nor threatens."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import pypdfium2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.operations.paperwork import Missing, SlipFacts
from desktop.papers.lettering import printable
from desktop.papers.slip import make_slip
from tests.papers.reading import faults, scans, squeezed, text_of
from tests.papers.samples import FULL_SLIP, SLIP
from tests.papers.test_receipt import _MAYBE, _TEXTS, SIZES


def _flat(pdf: bytes) -> str:
    return " ".join(text_of(pdf).split())


@pytest.mark.parametrize("size", SIZES)
def test_belum_lengkap_stands_in_the_largest_letters(size: Any) -> None:
    page = pypdfium2.PdfDocument(make_slip(SLIP, size))[0]
    heights = {}
    for thing in page.get_objects(filter=[1], textpage=page.get_textpage()):
        _left, bottom, _right, top = thing.get_bounds()
        heights[thing.extract().strip()] = top - bottom
    capitals = {text: height for text, height in heights.items() if re.fullmatch(r"[A-Z ]+", text)}
    assert max(capitals, key=lambda text: capitals[text]) == "BELUM LENGKAP"


@pytest.mark.parametrize("size", SIZES)
def test_says_what_it_must_and_nothing_it_must_not(size: Any) -> None:
    text = _flat(make_slip(SLIP, size))
    for words in (
        "LEMBAR KEKURANGAN BERKAS",
        "kurang 2 dari 5 syarat",
        "Permohonan BELUM TERDAFTAR. Semua berkas dikembalikan.",
        "Surat keterangan kelahiran, asli, 1 lembar",
        "Belum dibawa. Diminta dari rumah sakit, bidan, atau balai desa",
        "Syarat 5 · Permendagri 108/2019",
        "datang ke gerai Disdukcapil (lantai 1, Loket 5–8) dan bawa lembar ini.",
        "Daftar ini berlaku sampai Senin, 30 November 2026. Anda tetap dapat mengajukan sesudahnya;",
        "syarat mungkin berubah.",
        "Tidak dipungut biaya. Bila diminta membayar, lapor: 0291-000000",
        "Kode ini dibaca petugas di loket",
    ):
        assert words in text
    assert not re.search(r"paling lambat|Selesai|TANDA TERIMA|batas waktu|didahulukan|Supaya lengkap", text)


@pytest.mark.parametrize("size", SIZES)
def test_the_agencys_own_choices(size: Any) -> None:
    assert "Tunjukkan kepada petugas antrean; Anda didahulukan." in _flat(make_slip(FULL_SLIP, size))
    assert "Supaya lengkap, cukup bawa:" in _flat(make_slip(FULL_SLIP, size))
    paid = _flat(make_slip(replace(SLIP, is_free=False), size))
    assert "Pengaduan: 0291-000000" in paid and "dipungut" not in paid


def test_twenty_lacking_papers_flow_to_more_pages() -> None:
    many = tuple(
        Missing(f"Syarat ke-{n}, asli, 1 lembar", "Belum dibawa.", "Diminta dari balai desa.", f"Syarat {n}")
        for n in range(1, 21)
    )
    pdf = make_slip(replace(SLIP, missing=many, missing_count=20, asked_count=20, accepted=()), "a5")
    pages = text_of(pdf).split("\n\n")
    assert len(pages) > 1 and "Sudah sesuai" not in "".join(pages)
    for at, page in enumerate(pages[1:], start=2):
        assert page.startswith(f"LEMBAR KEKURANGAN BERKAS 261123-107-0042-1 Halaman {at} dari {len(pages)}\n")
    for n in range(1, 21):
        assert any(f"{n}. Syarat ke-{n}, asli, 1 lembar\nBelum dibawa." in page for page in pages)  # kept together
    assert faults(pdf) == []


_SLIPS = st.builds(
    replace,
    st.sampled_from([SLIP, FULL_SLIP]),
    service=_TEXTS,
    applicant=_TEXTS,
    officer=_TEXTS,
    counter=_TEXTS,
    come_back=_TEXTS,
    complaint=_TEXTS,
    missing=st.lists(st.builds(Missing, _TEXTS, _TEXTS, _TEXTS, _TEXTS), max_size=30).map(tuple),
    accepted=st.lists(_TEXTS, max_size=20).map(tuple),
    variant=_MAYBE,
    for_whom_text=_MAYBE,
    subject=_MAYBE,
    proxy=_MAYBE,
    smallest=_MAYBE,
    missing_count=st.integers(0, 99),
    asked_count=st.integers(0, 99),
)


@settings(deadline=None, max_examples=40)
@given(_SLIPS, st.sampled_from(SIZES))
def test_whatever_was_typed_is_printed_whole_and_nothing_overlaps(facts: SlipFacts, size: Any) -> None:
    pdf = make_slip(facts, size)
    text = squeezed(text_of(pdf))
    for words in (facts.applicant, facts.subject, *(missing.title for missing in facts.missing), *facts.accepted):
        assert squeezed(printable(words or "")) in text
    assert faults(pdf) == []
    assert scans(pdf, 203, dots=True)[0] == {"Code 128": facts.barcode, "QR Code": facts.qr}
