"""The day's list and a file's card, by keyboard and mouse, on real files."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QScrollArea, QWidget
from sqlalchemy import select

from desktop.models.access import AccessEvent
from desktop.models.application import PaperPrint
from desktop.operations.figures import Figure, Pick
from desktop.store import Store
from desktop.ui.bars import KeySheet
from desktop.ui.entries import Entry
from desktop.ui.file_list import Listing
from desktop.ui.main_window import MainWindow
from desktop.ui.today import TodayScreen
from tests.conftest import Clock
from tests.operations.small_hall import BUDI, KK, KTP, POL, RINI, SARI, SKCK, AtTheDesk, desk_of, furnish
from tests.ui.conftest import paste

pytestmark = pytest.mark.xcb
KEY = Qt.Key
NIK = "3319014107900003"
ENTRIES = (Entry("Hari ini", "list-checks", TodayScreen, "F4"),)


@pytest.fixture
def desk(store: Store) -> AtTheDesk:
    furnish(store)
    return AtTheDesk(store)


@pytest.fixture
def screen(desk: AtTheDesk, clock: Clock, make_window: Callable[..., MainWindow]) -> TodayScreen:
    """Five files: one of yesterday, and today three complete or short ones and a void one; Rini looks at the list."""
    desk.receive(KTP, "Sri Kemarin")
    clock.forward(days=1)
    desk.receive(KTP, "Siti Aminah", nik=NIK, phone="081234567890")
    clock.forward(minutes=5)
    desk.as_officer(BUDI).receive(KTP, "Bambang Santoso", missing=("PHOTO", "POLICE"))
    clock.forward(minutes=5)
    desk.receive(KK, "Nur Aini")
    clock.forward(minutes=5)
    desk.undo(desk.receive(KK, "Keliru"))
    window = make_window(desk.store, signed_in=False, entries=ENTRIES)
    window.sign_in(RINI)
    window.show_screen("today")
    found = window.current()
    assert isinstance(found, TodayScreen)
    return found


def names(screen: TodayScreen) -> list[str]:
    return [row.applicant for row in screen.files.table.rows.rows]


def press(screen: TodayScreen, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier) -> None:
    QTest.keyClick(QApplication.focusWidget() or screen.window(), key, modifiers)


def typed(screen: TodayScreen, text: str) -> None:
    QTest.keyClicks(screen.files.search.line, text)


def test_the_sheet_of_keys_shows_all_of_itself(screen: TodayScreen) -> None:
    press(screen, KEY.Key_F1)
    sheet = screen.window().findChild(KeySheet)
    assert sheet is not None and sheet.isVisible()
    assert sheet.height() < screen.window().height(), "the control: there is room for more"
    bar = sheet.findChild(QScrollArea).verticalScrollBar()
    assert bar.maximum() == 0


def words(root: QWidget) -> str:
    """Everything a person or a screen reader can get out of these widgets."""
    told = []
    for widget in [root, *root.findChildren(QWidget)]:
        told += [widget.toolTip(), widget.accessibleName(), widget.accessibleDescription(), widget.windowTitle()]
        if isinstance(widget, QLabel | QPushButton | QLineEdit):
            told.append(widget.text())
        model = getattr(widget, "rows", None)
        if model is not None:
            told += [column.text(row) for row in model.rows for column in model.columns]
    return "\n".join(told)


def text_of(screen: TodayScreen, name: str) -> str:
    label = screen.findChild(QLabel, name)
    return getattr(label, "whole", "") or label.text()


# The list ------------------------------------------------------------------------------------------------------------


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


# The card ------------------------------------------------------------------------------------------------------------


def opened(screen: TodayScreen, name: str) -> TodayScreen:
    rows = screen.files.table.rows
    screen.files.table.select_key(next(rows.key(row) for row in rows.rows if row.applicant == name))
    press(screen, KEY.Key_Return)
    return screen


def test_enter_opens_the_card_and_esc_comes_back_to_the_row(screen: TodayScreen) -> None:
    opened(screen, "Bambang Santoso")
    assert screen.is_card() and screen.heading() == "Berkas"
    assert text_of(screen, "card_number").startswith("0002-")
    assert screen.card.state.text() == "Belum lengkap, kurang 2 syarat"
    assert [line.word for line in screen.card.checks.rows.rows] == ["Ada", "Belum dibawa", "Belum dibawa"]
    assert screen.card.story.rows.rows[-1].text.startswith("Diterima di Loket 3 oleh Budi: kurang 2 syarat")
    press(screen, KEY.Key_Escape)
    assert not screen.is_card() and screen.files.table.hasFocus()
    assert screen.files.table.current().applicant == "Bambang Santoso"


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


def test_continuing_a_short_file_goes_to_the_intake(screen: TodayScreen, qtbot) -> None:
    assert screen.act("F5") is None
    opened(screen, "Bambang Santoso")
    with qtbot.waitSignal(screen.go) as sent:
        press(screen, KEY.Key_F5)
    assert sent.args == ["intake", screen.card.card.id]
    press(screen, KEY.Key_Escape)
    with qtbot.waitSignal(screen.go):
        press(screen, KEY.Key_F5)
    opened(screen, "Siti Aminah")
    assert screen.act("F5") is None and not screen.card.resume_button.isVisible()


@pytest.mark.parametrize(("key", "copies"), [(KEY.Key_1, [0]), (KEY.Key_2, [0, 1]), (KEY.Key_3, [0, 1])])
def test_a_reprint_asks_why(screen: TodayScreen, store: Store, key: Qt.Key, copies: list[int]) -> None:
    opened(screen, "Siti Aminah")
    press(screen, KEY.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert screen.around.feedback.is_asking()
    press(screen, key)
    with store.reading() as session:
        prints = session.scalars(
            select(PaperPrint).where(PaperPrint.application_id == screen.card.card.id).order_by(PaperPrint.ehlc)
        ).all()
    assert [print_.copy_no for print_ in prints] == copies
    QApplication.processEvents()
    papers = list(Path(screen.around.printing.folder).glob("*tanda-terima*.pdf"))
    assert len(papers) == 1 and ("cetak-ulang" in papers[0].name) is (key != KEY.Key_1)
    last = screen.card.story.rows.rows[0].text
    assert last.startswith("CETAK ULANG ke-1") is (key != KEY.Key_1)


def test_esc_takes_the_reprint_back(screen: TodayScreen, store: Store) -> None:
    press(screen, KEY.Key_P, Qt.KeyboardModifier.ControlModifier)
    press(screen, KEY.Key_Escape)
    assert screen.files.table.hasFocus()
    with store.reading() as session:
        assert all(print_.copy_no == 0 for print_ in session.scalars(select(PaperPrint)))


def test_the_nik_is_seen_only_while_the_button_is_held_and_each_look_is_kept(screen: TodayScreen, store: Store) -> None:
    opened(screen, "Siti Aminah")
    look = screen.card.look
    look.setFocus()
    assert NIK not in words(screen.window()).replace(" ", "") and "34567" not in words(screen.window())
    QTest.keyPress(look, KEY.Key_Space)
    assert "3319 0141 0790 0003" in words(screen.card) and "0812-3456-7890" in words(screen.card)
    QApplication.processEvents()  # the news of the look itself does not take it away
    assert screen.card.is_open()
    QTest.keyRelease(look, KEY.Key_Space)
    assert NIK not in words(screen.window()).replace(" ", "")
    with store.reading() as session:
        (event,) = session.scalars(select(AccessEvent))
    assert (event.act, event.officer_id) == ("reveal", RINI)


def test_a_held_look_ends_by_itself_or_when_the_window_goes(screen: TodayScreen) -> None:
    opened(screen, "Siti Aminah")
    look = screen.card.look
    look.setFocus()
    QTest.mousePress(look, Qt.MouseButton.LeftButton)
    assert screen.card.is_open() and screen.card._timer.isActive()
    screen.card._timer.timeout.emit()
    assert not screen.card.is_open()
    QTest.mouseRelease(look, Qt.MouseButton.LeftButton)
    QTest.mousePress(look, Qt.MouseButton.LeftButton)
    assert screen.card.is_open()
    QApplication.sendEvent(look, QFocusEvent(QEvent.Type.FocusOut, Qt.FocusReason.ActiveWindowFocusReason))
    assert not screen.card.is_open()
    QTest.mouseRelease(look, Qt.MouseButton.LeftButton)


def test_news_refresh_the_open_card(screen: TodayScreen, desk: AtTheDesk, clock: Clock) -> None:
    opened(screen, "Bambang Santoso")
    clock.forward(minutes=30)
    desk.receive(KTP, "Bambang Santoso", file=screen.card.card.id)
    QApplication.processEvents()
    assert screen.card.state.text() == "Terdaftar"
    assert screen.card.promise.text() == "Selesai paling lambat Rabu, 25 November 2026"
    assert screen.act("F5") is None


def test_another_agencys_file_shows_number_state_and_promise(screen: TodayScreen, store: Store) -> None:
    police = AtTheDesk(store, desk_of(agencies=(POL,)))
    outcome = police.receive(SKCK, "Orang Lain", nik=NIK)
    screen.window().show_screen("today", outcome.application_id)
    assert screen.is_card() and screen.card.state.text() == "Terdaftar"
    assert not screen.card.story.isVisible() and not screen.card.look.isVisible()
    assert "Orang Lain" not in words(screen.card)
    press(screen, KEY.Key_Escape)
    assert not screen.is_card()


def test_f4_comes_back_to_the_list(screen: TodayScreen) -> None:
    opened(screen, "Siti Aminah")
    press(screen, KEY.Key_F4)
    assert not screen.is_card() and screen.files.table.hasFocus()


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


# Around it -----------------------------------------------------------------------------------------------------------


def test_the_language_changes_and_what_was_open_stays(screen: TodayScreen) -> None:
    window = screen.window()
    opened(screen, "Bambang Santoso")
    shown = screen.card.card.id
    window.wear(language="en", theme="dark")
    after = window.current()
    assert isinstance(after, TodayScreen) and after is not screen
    assert after.is_card() and after.card.card.id == shown
    press(after, KEY.Key_Escape)
    assert after.files.table.current().id == shown


def test_everything_that_takes_the_focus_has_a_name(screen: TodayScreen) -> None:
    for _page in range(2):
        for widget in screen.findChildren(QWidget):
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
                assert widget.accessibleName(), widget.objectName()
        opened(screen, "Siti Aminah")


def test_tab_goes_through_search_filter_and_list(screen: TodayScreen) -> None:
    screen.files.search.line.setFocus()
    passed = []
    for _stop in range(6):
        passed.append(QApplication.focusWidget().objectName())
        press(screen, KEY.Key_Tab)
    assert passed[0] == "today_search_edit"
    assert {"today_filter_edit", "today_table", "day_before"} <= set(passed)


def test_a_click_beside_the_rows_opens_nothing(screen: TodayScreen) -> None:
    table = screen.files.table
    QTest.mouseDClick(table.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, table.height() - 60))
    assert not screen.is_card()
