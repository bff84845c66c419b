"""The list of a day in a real window: five files, a keyboard at it, and what can be read there."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QPushButton, QWidget

from desktop.ui.entries import Entry
from desktop.ui.main_window import MainWindow
from desktop.ui.today import TodayScreen
from tests.conftest import Clock
from tests.operations.small_hall import BUDI, KK, KTP, RINI, AtTheDesk

KEY = Qt.Key
NIK = "3319014107900003"
ENTRIES = (Entry("Hari ini", "list-checks", TodayScreen, "F4"),)


def todays_list(desk: AtTheDesk, clock: Clock, make_window: Callable[..., MainWindow]) -> TodayScreen:
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


def opened(screen: TodayScreen, name: str) -> TodayScreen:
    rows = screen.files.table.rows
    screen.files.table.select_key(next(rows.key(row) for row in rows.rows if row.applicant == name))
    press(screen, KEY.Key_Return)
    return screen
