"""Siti has lost her KTP-el and has everything with her; a week later she is back for her family card."""

from __future__ import annotations

from collections.abc import Callable

from tests.stories.conftest import Booth

SITI = "3319075203890003"


def test_a_lost_card_for_herself(open_booth: Callable[..., Booth]) -> None:
    booth = open_booth("DKC")

    booth.begins().asks_nik(SITI)
    assert "Bae, Kudus" in booth.at.under("applicant.nik")  # compared with the police report: her card is gone
    booth.writes("Siti Aminah", "", "baro", "")
    assert booth.at.under("applicant.phone") == "Tidak punya atau tidak bersedia."
    booth.chooses_service("ktp hil").chooses_kind("1")
    assert [name for name, _state in booth.reads()][-1] == "Surat keterangan kehilangan dari kepolisian"
    booth.looks_at_papers("123")
    assert booth.at.label("summary_fee") == "GRATIS (Rp0)"
    assert booth.at.button() == "F9 · Cetak TANDA TERIMA"
    number = booth.finishes()

    receipt = booth.last_paper()
    assert "TANDA TERIMA" in receipt and number in receipt and "3319 •••• •••• 0003" in receipt
    assert "GRATIS" in receipt

    # A man of the same family asks at once; nothing of hers is on the screen.
    assert booth.at.is_clear()

    # A week later the sixteen digits are enough: who she is, and that her card is still in work.
    for _day in range(7):
        booth.next_day()
    booth.begins().asks_nik(SITI)
    assert booth.at.value("applicant.name") == "Siti Aminah"
    booth.chooses_service("keluarga hil").chooses_kind("7").looks_at_papers("*")
    assert booth.finishes() != number
    assert len(booth.papers()) == 2
