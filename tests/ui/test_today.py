"""The screen of a day: its list and its card together."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from desktop.ui.bars import KeySheet
from desktop.ui.main_window import MainWindow
from desktop.ui.today import TodayScreen
from tests.conftest import Clock
from tests.operations.small_hall import AtTheDesk
from tests.ui.todays_list import KEY, opened, press, todays_list

pytestmark = pytest.mark.xcb


@pytest.fixture
def screen(desk: AtTheDesk, clock: Clock, make_window: Callable[..., MainWindow]) -> TodayScreen:
    return todays_list(desk, clock, make_window)


def test_the_sheet_of_keys_shows_all_of_itself(screen: TodayScreen) -> None:
    press(screen, KEY.Key_F1)
    sheet = screen.window().findChild(KeySheet)
    assert sheet is not None and sheet.isVisible()
    assert sheet.height() < screen.window().height(), "the control: there is room for more"
    bar = sheet.findChild(QScrollArea).verticalScrollBar()
    assert bar.maximum() == 0


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
