"""A row of choices under real keys: digits, arrows, clicks, the numpad without NumLock."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.ui.choices import ChoiceRow, Flow, Option
from tests.ui.conftest import press
from tests.ui.fields import KEYPAD, Key, shown


def choice(qtbot):
    return shown(qtbot, ChoiceRow("for_whom", "Untuk", [
        Option(n, words) for n, words in enumerate(("sendiri", "anak", "orang lain"), 1)
    ], chosen=1))


def test_a_digit_chooses_and_goes_on(qtbot):
    row = choice(qtbot)
    with qtbot.waitSignals([row.changed, row.finished]):
        QTest.keyClick(row.editor, Key.Key_2)
    assert row.value() == 2
    assert row.editor.accessibleName() == "Untuk: anak"


def test_a_row_without_options_is_empty(qtbot):
    row = shown(qtbot, ChoiceRow("variant", "Jenis", []))
    for key in (Key.Key_1, Key.Key_Right, Key.Key_Left, Key.Key_Space):
        QTest.keyClick(row.editor, key)
    assert row.value() is None
    row.set_options([Option("a", "baru")])
    QTest.keyClick(row.editor, Key.Key_1)
    assert row.value() == "a"


def test_words_that_no_longer_fit_make_a_row_taller(qtbot):
    page = QWidget()
    flow = Flow(page)
    parts = [QPushButton("satu") for _ in range(4)]
    for part in parts:
        flow.addWidget(part)
    shown(qtbot, page)
    wide = 2 * parts[0].sizeHint().width() + 20
    two_lines = flow.heightForWidth(wide)
    assert flow.heightForWidth(10_000) < two_lines
    parts[0].setText("satu dua tiga empat lima enam tujuh delapan")
    QApplication.processEvents()
    assert flow.heightForWidth(wide) > two_lines, "what was known of the height is forgotten"
    for part in parts[1:]:
        part.hide()
    QApplication.processEvents()
    assert flow.heightForWidth(wide) < two_lines


def test_a_digit_nobody_offers_changes_nothing(qtbot):
    row = choice(qtbot)
    with qtbot.assertNotEmitted(row.changed):
        QTest.keyClick(row.editor, Key.Key_7)
    assert row.value() == 1


def test_enter_goes_on_with_what_is_chosen(qtbot):
    row = choice(qtbot)
    with qtbot.waitSignal(row.finished), qtbot.assertNotEmitted(row.changed):
        QTest.keyClick(row.editor, Key.Key_Return)


def test_arrows_and_clicks_choose_and_stay(qtbot):
    row = choice(qtbot)
    with qtbot.assertNotEmitted(row.finished):
        QTest.keyClick(row.editor, Key.Key_Right)
        assert row.value() == 2
        QTest.mouseClick(row._chips[2], Qt.MouseButton.LeftButton)
        assert row.value() == 3
        QTest.keyClick(row.editor, Key.Key_Left)
        assert row.value() == 2


def test_numpad_without_numlock_chooses(qtbot):
    row = choice(qtbot)
    with qtbot.waitSignal(row.numlock_off):
        press(row.editor, Key.Key_PageDown, KEYPAD)
    assert row.value() == 3


def test_options_can_change(qtbot):
    row = choice(qtbot)
    row.set_value(3)
    row.set_options([Option(1, "ya"), Option(2, "tidak")])
    assert row.value() is None
    assert [chip.words() for chip in row._chips] == ["ya", "tidak"]


def test_a_letter_passes_through_a_choice(qtbot):
    row = choice(qtbot)
    QTest.keyClicks(row.editor, "x")
    assert row.value() == 1
