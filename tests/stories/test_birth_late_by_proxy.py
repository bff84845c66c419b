"""Ibu Sri's daughter is four months old; her brother comes for her, and has to come twice."""

from __future__ import annotations

from collections.abc import Callable

from tests.stories.conftest import Booth

SRI, HER_BROTHER = "3319015203950003", "3319011107850002"


def test_a_late_birth_is_registered_by_proxy(open_booth: Callable[..., Booth]) -> None:
    booth = open_booth("DKC")

    # Monday. The mother is at home; her brother has a power of attorney and most of the papers.
    booth.begins().asks_nik(SRI).writes("Sri Wahyuni", "081234567890", "kali")
    booth.asks_for_whom("3")
    booth.asks_nik(HER_BROTHER).writes("Budi Santoso")
    booth.chooses_service("kelahiran")

    # The service is about a child, whoever comes for it: name and birth date are asked.
    booth.writes("Dewi Lestari").types("20072026")
    booth.chooses_kind("2").hears("ya", "tidak")
    papers = [name for name, _state in booth.reads()]
    assert "Surat kuasa bermeterai Rp10.000" in papers
    assert not any("ijazah" in paper.lower() for paper in papers)  # four months old: nobody asks for a diploma

    kuasa = papers.index("Surat kuasa bermeterai Rp10.000") + 1
    booth.looks_at_papers("*").types(f"-{kuasa}7")  # no duty stamp on it
    assert booth.at.button() == "F9 · Cetak LEMBAR KEKURANGAN (1)"
    number = booth.finishes()
    slip = booth.last_paper()
    assert "BELUM LENGKAP" in slip and "Belum bermeterai." in slip and "BELUM TERDAFTAR" in slip
    assert SRI not in slip.replace(" ", "")

    # Tuesday. He brings the slip; the officer types the five digits and looks at that one paper only.
    booth.next_day().types_number_of_the_slip(number)
    assert booth.reads() == [("Surat kuasa bermeterai Rp10.000", "Belum diperiksa")]
    assert "sudah dinyatakan sesuai pada 23 November oleh Siti Rahmawati" in booth.at.fold()
    booth.looks_at_papers("1")
    assert booth.at.summary() == "LENGKAP"
    assert booth.finishes() == number
    receipt = booth.last_paper()
    assert "TANDA TERIMA" in receipt and "Dewi Lestari" in receipt and "Budi Santoso" in receipt
    assert len(booth.papers()) == 2
