"""The list of a day, of a search or of a figure, by keyboard and mouse, on real files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from desktop.operations import search
from desktop.operations.figures import Figure, Pick
from desktop.ui.file_list import Listing
from desktop.ui.main_window import MainWindow
from desktop.ui.today import TodayScreen
from tests.conftest import Clock
from tests.operations.small_hall import KK, SARI, AtTheDesk
from tests.ui.conftest import paste
from tests.ui.todays_list import KEY, NIK, names, opened, press, text_of, todays_list, typed, words

pytestmark = pytest.mark.xcb


@pytest.fixture
def screen(desk: AtTheDesk, clock: Clock, make_window: Callable[..., MainWindow]) -> TodayScreen:
    return todays_list(desk, clock, make_window)


def test_the_list_is_todays_newest_first_and_ready_for_keys(screen: TodayScreen) -> None:
    assert names(screen) == ["Keliru", "Nur Aini", "Bambang Santoso", "Siti Aminah"]
    assert screen.files.table.hasFocus() and screen.files.table.current().applicant == "Keliru"
    row = screen.files.table.rows
    shown = [column.text(row.rows[2]) for column in row.columns]
    assert shown[0].startswith("261124-907-0002-")
    assert shown[3:] == ["KTP-el hilang", "08.17", "Budi", "Belum lengkap · kurang 2"]
    assert row.columns[-1].mark(row.rows[2]) == ("warning", "triangle-alert")


def test_a_digit_filters_and_one_shows_all_again(screen: TodayScreen) -> None:
    for key, expected in (
        (KEY.Key_2, ["Bambang Santoso"]),
        (KEY.Key_3, ["Nur Aini", "Siti Aminah"]),
        (KEY.Key_5, ["Keliru"]),
        (KEY.Key_6, ["Keliru", "Nur Aini", "Siti Aminah"]),
        (KEY.Key_1, ["Keliru", "Nur Aini", "Bambang Santoso", "Siti Aminah"]),
    ):
        press(screen, key)
        assert names(screen) == expected
        assert screen.files.table.hasFocus()
    assert screen.files.chips.options[1].text == "Belum lengkap  1"
    assert text_of(screen, "today_count") == "4 berkas"


def test_a_filter_without_files_says_how_to_see_them_all(screen: TodayScreen) -> None:
    press(screen, KEY.Key_4)
    assert text_of(screen, "today_empty") == "Tidak ada berkas dengan status ini. Tekan 1 untuk melihat semuanya."
    assert screen.files.search.line.hasFocus()
    press(screen, KEY.Key_Escape)
    assert len(names(screen)) == 4


def test_a_chip_is_clicked(screen: TodayScreen) -> None:
    chips = screen.files.chips.findChildren(QPushButton)
    chip = next(b for b in chips if b.accessibleName().startswith("Belum lengkap"))
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert names(screen) == ["Bambang Santoso"]


def test_typing_searches_all_days(screen: TodayScreen) -> None:
    press(screen, KEY.Key_F3)
    assert screen.files.search.line.hasFocus()
    typed(screen, "sri")
    assert names(screen) == ["Sri Kemarin"]
    assert text_of(screen, "today_what") == "Di semua hari"
    assert screen.files.table.rows.columns[4].text(screen.files.table.rows.rows[0]) == "23-11  08.12"
    press(screen, KEY.Key_Escape)
    assert len(names(screen)) == 4


@pytest.mark.parametrize(("most", "count", "chip"), [
    (3, "3 berkas", "Semua  3"), (2, "2 berkas, masih ada yang lain", "Semua  2+"),
])  # fmt: skip
def test_a_search_that_lists_only_the_newest_says_so(
    screen: TodayScreen, monkeypatch: pytest.MonkeyPatch, most: int, count: str, chip: str
) -> None:
    monkeypatch.setattr(search, "MOST_FOUND", most)
    press(screen, KEY.Key_F3)
    typed(screen, "ktp")
    assert len(names(screen)) == most
    assert text_of(screen, "today_count") == count and screen.files.chips.options[0].text == chip


def test_a_name_is_typed_straight_into_the_list(screen: TodayScreen) -> None:
    QTest.keyClick(screen.files.table, "s")
    typed(screen, "ri")
    assert screen.files.search.line.text() == "sri" and names(screen) == ["Sri Kemarin"]


def test_searching_a_nik_shows_the_covered_niks(screen: TodayScreen) -> None:
    assert screen.files.table.isColumnHidden(2)
    press(screen, KEY.Key_F3)
    typed(screen, NIK[:6])
    assert names(screen) == ["Siti Aminah"] and not screen.files.table.isColumnHidden(2)
    assert "3319 •••• •••• 0003" in words(screen.files.table) and NIK not in words(screen.files.table)


def test_nothing_found_is_said_with_what_was_typed(screen: TodayScreen) -> None:
    press(screen, KEY.Key_F3)
    typed(screen, "<b>zz</b>")
    assert text_of(screen, "today_empty").startswith("Tidak ada yang cocok dengan “<b>zz</b>”.")
    assert screen.findChild(QLabel, "today_empty").textFormat() == Qt.TextFormat.PlainText


def test_hostile_text_in_the_search_finds_nothing_and_breaks_nothing(screen: TodayScreen) -> None:
    hostile = ["x" * 10_000, "9" * 10_000, "😀" * 99, "0" * 14, "\u202eitis\u0000", "\t\r\n", "%_%", "<img src=x>"]
    hostile += ["'; DROP TABLE party; --", 'siti" OR name:*', "=HYPERLINK(1)", "NEAR(a b)"]
    for text in hostile:
        screen.files.search.line.clear()
        screen.files.search.line.setFocus()
        paste(screen.files.search.line, text)
        assert names(screen) == [] or not screen.files.search.value()
        assert len(screen.files.search.line.text()) <= 200
    screen.files.search.line.clear()
    assert len(names(screen)) == 4


def test_a_day_without_files_says_so(screen: TodayScreen, clock: Clock) -> None:
    clock.forward(days=1)
    screen.refresh()
    assert text_of(screen, "today_empty").startswith("Belum ada berkas hari ini. Tekan F2")
    for _day in range(3):
        press(screen, KEY.Key_PageUp, Qt.KeyboardModifier.ControlModifier)
    assert text_of(screen, "day_shown") == "Minggu, 22 November 2026"
    assert text_of(screen, "today_empty") == "Tidak ada berkas pada Minggu, 22 November 2026."
    press(screen, KEY.Key_PageDown, Qt.KeyboardModifier.ControlModifier)
    assert names(screen) == ["Sri Kemarin"]
    press(screen, KEY.Key_Escape)
    assert text_of(screen, "day_shown") == "Rabu, 25 November 2026"


def test_news_come_in_and_the_chosen_row_stays(screen: TodayScreen, desk: AtTheDesk, clock: Clock) -> None:
    screen.files.table.select_key(screen.files.table.rows.key(screen.files.table.rows.rows[2]))
    clock.forward(minutes=5)
    desk.receive(KK, "Baru Datang")
    QApplication.processEvents()
    assert names(screen)[0] == "Baru Datang"
    assert screen.files.table.current().applicant == "Bambang Santoso"


def test_arrows_go_from_search_to_list_and_back(screen: TodayScreen) -> None:
    press(screen, KEY.Key_Up)
    assert screen.files.search.line.hasFocus()
    press(screen, KEY.Key_Down)
    assert screen.files.table.hasFocus() and screen.files.table.current().applicant == "Keliru"


def test_a_scanned_number_opens_its_file(screen: TodayScreen) -> None:
    number = screen.files.table.rows.rows[3].number
    press(screen, KEY.Key_F3)
    typed(screen, number)
    press(screen, KEY.Key_Return)
    assert screen.is_card() and screen.card.card.id == screen.files.found[0].id


def test_enter_after_a_name_goes_to_the_list_and_opens_nothing(screen: TodayScreen) -> None:
    press(screen, KEY.Key_F3)
    typed(screen, "siti")
    press(screen, KEY.Key_Return)
    assert screen.files.table.hasFocus() and not screen.is_card()


def test_the_list_of_a_figure(screen: TodayScreen, qtbot) -> None:
    window = screen.window()
    window.sign_in(SARI)  # an officer's own list would be empty: it was Budi who received the file
    window.show_screen("today", Listing(date(2026, 11, 24), Pick(Figure.RETURNED), "Dikembalikan"))
    screen = window.current()
    assert names(screen) == ["Bambang Santoso"] and text_of(screen, "today_what") == "Dikembalikan"
    assert screen.heading() == "Daftar berkas"
    opened(screen, "Bambang Santoso")
    press(screen, KEY.Key_Escape)
    assert names(screen) == ["Bambang Santoso"]
    with qtbot.waitSignal(screen.go) as sent:
        press(screen, KEY.Key_Escape)
    assert sent.args == ["summary", None]
    assert len(names(screen)) == 4


def test_a_search_of_before_does_not_hide_the_list_of_a_figure(screen: TodayScreen) -> None:
    press(screen, KEY.Key_F3)
    typed(screen, "siti")
    screen.window().show_screen("today", Listing(date(2026, 11, 24), Pick(Figure.VOID), "Dibatalkan"))
    assert names(screen) == ["Keliru"] and text_of(screen, "today_what") == "Dibatalkan"


def test_a_visit_without_a_file_is_listed_and_opens_nothing(screen: TodayScreen, desk: AtTheDesk) -> None:
    desk.visit("consulted")
    screen.window().show_screen("today", Listing(date(2026, 11, 24), Pick(Figure.VISITS), "Kunjungan tanpa berkas"))
    (row,) = screen.files.table.rows.rows
    assert [column.text(row) for column in screen.files.table.rows.columns] == [
        "–",
        "–",
        "–",
        "–",
        "08.27",
        "Rini",
        "Konsultasi",
    ]
    press(screen, KEY.Key_Return)
    assert not screen.is_card()
    assert screen.around.feedback.text() == "Kunjungan ini tanpa berkas, jadi tidak ada yang dapat dibuka."


def test_a_click_beside_the_rows_opens_nothing(screen: TodayScreen) -> None:
    table = screen.files.table
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, table.height() - 60))
    assert not screen.is_card()
