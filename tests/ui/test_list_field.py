"""A field with a list: what is typed narrows it, and the keys take from it."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.ui.choices import Option
from desktop.ui.inputs import cleaned
from desktop.ui.list_field import ListField, within
from tests.ui.conftest import paste
from tests.ui.fields import HOSTILE, Key

SERVICES = [
    Option("a", "Penerbitan KTP-el baru (WNI)", "Disdukcapil"), Option("b", "KTP-el hilang", "Disdukcapil"),
    Option("c", "Kartu Keluarga", "Disdukcapil", "kk"), Option("d", "SIP perawat", "Dinkes"),
]


def lists(qtbot, **more):
    field = ListField("service", "Layanan", within(SERVICES), **more)
    window = qtbot.kept = QWidget()
    window.resize(600, 400)
    QVBoxLayout(window).addWidget(field)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    field.setFocus()
    return field


def test_what_is_typed_narrows_the_list_and_enter_takes_the_first(qtbot):
    field = lists(qtbot)
    QTest.keyClicks(field.line, "ktp hil")
    assert field.is_open()
    with qtbot.waitSignals([field.changed, field.finished]):
        QTest.keyClick(field.line, Key.Key_Return)
    assert field.value() == "b"
    assert not field.is_open()


def test_arrows_choose_in_the_list(qtbot):
    field = lists(qtbot)
    QTest.keyClicks(field.line, "k")
    QTest.keyClick(field.line, Key.Key_Down)
    QTest.keyClick(field.line, Key.Key_Return)
    assert field.value() == within(SERVICES)("k")[1].value


def test_escape_closes_only_the_list(qtbot):
    field = lists(qtbot)
    QTest.keyClicks(field.line, "k")
    QTest.keyClick(field.line, Key.Key_Escape)
    assert not field.is_open()
    assert field.typed() == "k"


def test_tab_takes_the_lit_line(qtbot):
    field = lists(qtbot)
    QTest.keyClicks(field.line, "perawat")
    QTest.keyClick(field.line, Key.Key_Tab)
    assert field.value() == "d"


def test_a_text_in_no_list_is_said(qtbot):
    field = lists(qtbot)
    QTest.keyClicks(field.line, "zzz")
    QTest.keyClick(field.line, Key.Key_Return)
    assert field.value() is None
    assert field.state == "error"
    assert "zzz" in field.sentence()


def test_a_free_text_is_kept_and_marked(qtbot):
    field = lists(qtbot, free=True)
    QTest.keyClicks(field.line, "Dukuh Sekar")
    QTest.keyClick(field.line, Key.Key_Return)
    assert (field.value(), field.typed(), field.state) == (None, "Dukuh Sekar", "warning")


def test_the_arrow_opens_the_whole_list_and_a_click_takes(qtbot):
    field = lists(qtbot)
    QTest.keyClick(field.line, Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    assert field.is_open()
    view = field._popup._list
    place = view.visualRect(view.model().index(2, 0)).center()
    QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert field.value() == "c"


def test_editing_a_taken_text_takes_it_back(qtbot):
    field = lists(qtbot)
    field.set_value("b")
    field.line.end(False)
    QTest.keyClick(field.line, Key.Key_Backspace)
    assert field.value() is None


@pytest.mark.parametrize("text", HOSTILE)
def test_a_list_takes_any_paste_without_harm(qtbot, text):
    field = lists(qtbot)
    paste(field.line, text)
    QTest.keyClick(field.line, Key.Key_Return)
    assert cleaned(field.typed()) == field.typed()


def test_words_find_in_any_order(qtbot):
    find = within(SERVICES)
    assert [option.value for option in find("hilang ktp")] == ["b"]
    assert [option.value for option in find("kk")] == ["c"]
    assert len(find("")) == len(SERVICES)
    assert find("DINKES")[0].value == "d"
    assert find("tp") == []
