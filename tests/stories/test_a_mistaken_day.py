"""A morning of mistakes: a name misheard, a lost paper, the wrong service, a file entered twice; nothing disappears."""

from __future__ import annotations

from collections.abc import Callable

from desktop.operations.figures import Figure
from desktop.ui.summary import SummaryScreen
from desktop.ui.today import TodayScreen
from tests.stories.conftest import Booth

SITI, BUDI = "3319075203890003", "3319011107850002"


def test_a_mistaken_day(open_booth: Callable[..., Booth]) -> None:
    booth = open_booth("DKC")

    # The name is misheard, and seen on the paper: F12, 1, the name again, 1 for a typing mistake, F9, Enter.
    booth.begins().asks_nik(SITI).writes("Siti Amina", "081234567890", "baro", "")
    number = file_lost_card(booth)
    assert "Siti Amina" in booth.last_paper()
    card = opens(booth, number)
    booth.at.presses("F12").types("1").types("Siti Aminah")
    form = card.amending.form
    assert form is not None
    form.fields["reason"].setFocus()
    booth.types("1").at.presses("F9")
    assert booth.at.message() == "Data pada kertas berubah. Cetak lagi? Enter = ya, Esc = tidak"
    booth.at.presses("Enter")
    corrected = booth.last_paper()
    assert "Siti Aminah" in corrected and number in corrected and "Diperbaiki" in corrected
    assert "CETAK ULANG" not in corrected

    # She loses it on the stairs: now it is a copy.
    booth.clock.forward(minutes=2)
    booth.at.presses("Ctrl+P")
    booth.types("2")
    assert "CETAK ULANG ke-1" in booth.last_paper()

    # It was her family card that she had lost: another service, one F9, the old number void and named.
    booth.clock.forward(minutes=2)
    booth.at.presses("F12")
    booth.types("3")
    assert f"Pengganti berkas {number}" in booth.at.notice()
    assert booth.at.value("applicant.name") == "Siti Aminah"
    booth.chooses_service("keluarga hil").chooses_kind("7").looks_at_papers("*")
    booth.at.presses("F9")
    assert f"tarik kertas {number} dari pemohon" in booth.at.message()
    new = booth.at.screen.file.last
    assert new is not None and new.short != number

    # Budi is entered twice; the second one is void.
    booth.begins().asks_nik(BUDI).writes("Budi Santoso", "", "baro", "")
    file_lost_card(booth)
    booth.begins().asks_nik(BUDI)
    twice = file_lost_card(booth)
    opens(booth, twice)
    booth.at.presses("F12")
    booth.types("2").types("2").at.presses("F9")
    assert booth.at.message() == f"Berkas {twice} dibatalkan. Tarik kertas {twice} dari pemohon."

    # Everything is told again, newest first.
    card = opens(booth, number).card.card
    assert card is not None
    told = [event.text for event in card.events]
    assert "(salah layanan)" in told[0] and f"Berkas pengganti: {new.short}." in told[0]
    assert "Nama pemohon diperbaiki oleh Siti Rahmawati (salah ketik): Siti Amina → Siti Aminah" in told
    assert told[-1].startswith("Diterima di Loket 07 oleh Siti Rahmawati: lengkap")

    # The supervisor finds each of them counted, with its reason, and behind each number its list.
    booth.window.show_screen("summary")
    summary = booth.window.current()
    assert isinstance(summary, SummaryScreen)
    assert summary.check.text() == "jumlah cocok"
    counted = (Figure.VOID, Figure.CORRECTIONS, Figure.REPRINTS)
    assert {figure: summary.cards[figure].part.whole for figure in counted} == {
        Figure.VOID: "50% · 1 berkas ganda · 1 salah layanan",
        Figure.CORRECTIONS: "1 salah ketik",
        Figure.REPRINTS: "1 hilang",
    }
    summary.cards[Figure.VOID].click()
    listed = booth.window.current()
    assert isinstance(listed, TodayScreen)
    remarks = {row.remark for row in listed.files.table.rows.rows}
    assert remarks == {"Dibatalkan (berkas ganda)", "Dibatalkan (salah layanan)"}


def file_lost_card(booth: Booth) -> str:
    booth.chooses_service("ktp hil").chooses_kind("1").looks_at_papers("123")
    return booth.finishes()


def opens(booth: Booth, number: str) -> TodayScreen:
    """F4, the number, Enter on it."""
    booth.at.presses("F4", "F3")
    booth.at.types(number.replace("-", "")).presses("Enter", "Enter")
    screen = booth.window.current()
    assert isinstance(screen, TodayScreen) and screen.is_card(), screen.files.table.rows.rows
    assert screen.card.short.text() == number
    return screen
