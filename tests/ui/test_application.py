"""The card of a file, by keyboard and mouse, on real files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from desktop.models.access import AccessEvent
from desktop.models.application import PaperPrint
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from desktop.ui.today import TodayScreen
from tests.conftest import Clock
from tests.operations.small_hall import KTP, POL, RINI, SKCK, AtTheDesk, desk_of
from tests.ui.todays_list import KEY, NIK, opened, press, text_of, todays_list, words

pytestmark = pytest.mark.xcb


@pytest.fixture
def screen(desk: AtTheDesk, clock: Clock, make_window: Callable[..., MainWindow]) -> TodayScreen:
    return todays_list(desk, clock, make_window)


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
