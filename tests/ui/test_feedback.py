"""Messages, questions answered by a digit, and the last resort."""

import logging
import sys
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.ui.choices import Chip
from desktop.ui.feedback import Feedback, code_of, details
from tests.ui.conftest import focus, press

Key = Qt.Key


@pytest.fixture
def desk(qtbot):
    """A field being typed in, and the line that speaks under it."""
    window = QWidget()
    column = QVBoxLayout(window)
    window.field, window.feedback = QLineEdit(), Feedback()
    column.addWidget(window.field)
    column.addWidget(window.feedback)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(window.isActiveWindow)
    window.field.setFocus()
    return window


def ask(desk, **more):
    answers = []
    desk.feedback.ask("Alasan cetak ulang?", ["belum keluar", "hilang", "rusak"], answers.append, **more)
    return answers


def test_a_message_goes_by_itself(qtbot, desk):
    desk.feedback.say("good", "Tersimpan.", 0.01)
    assert desk.feedback.text() == "Tersimpan."
    assert desk.feedback.property("say") == "good"
    qtbot.waitUntil(lambda: desk.feedback.text() == "")


def test_a_message_shows_markup_literally(desk):
    desk.feedback.say("info", "<b>Budi</b> & <img src=x>")
    assert desk.feedback.text() == "<b>Budi</b> & <img src=x>"


def test_a_message_takes_no_focus_and_its_act_can_be_clicked(qtbot, desk):
    done = []
    desk.feedback.say("good", "Tersimpan.", act="Urungkan", do=lambda: done.append(True))
    assert focus() is desk.field
    button = next(b for b in desk.feedback.findChildren(QPushButton) if b.text() == "Urungkan")
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert done == [True]
    assert desk.feedback.text() == ""


def test_a_refusal_is_said_with_its_code(desk):
    desk.feedback.tell(UserError("Disk penuh. Data aman.", code="E-06"))
    assert desk.feedback.text() == "Disk penuh. Data aman. (kode E-06)"


def test_a_digit_answers_and_the_focus_comes_back(desk):
    answers = ask(desk)
    assert focus() is desk.feedback
    QTest.keyClick(desk.feedback, Key.Key_2)
    assert answers == [1]
    assert focus() is desk.field
    assert not desk.feedback.is_asking()


def test_a_numpad_without_numlock_answers(desk):
    answers = ask(desk)
    press(desk.feedback, Key.Key_PageDown, Qt.KeyboardModifier.KeypadModifier)
    assert answers == [2]


def test_a_click_answers(desk):
    answers = ask(desk)
    chip = next(chip for chip in desk.feedback.findChildren(Chip) if chip.words() == "rusak")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert answers == [2]


def test_escape_takes_the_question_back(desk):
    cancelled = []
    answers = ask(desk, cancelled=lambda: cancelled.append(True))
    QTest.keyClick(desk.feedback, Key.Key_Escape)
    assert (answers, cancelled) == ([], [True])
    assert focus() is desk.field


@pytest.mark.parametrize("key", [Key.Key_9, Key.Key_0, Key.Key_X, Key.Key_Return, Key.Key_Space])
def test_what_is_no_answer_changes_nothing(desk, key):
    answers = ask(desk)
    QTest.keyClick(desk.feedback, key)
    assert answers == []
    assert desk.feedback.is_asking()
    assert desk.field.text() == ""


def test_enter_answers_only_where_it_is_offered(desk):
    answers = ask(desk, enter=0)
    QTest.keyClick(desk.feedback, Key.Key_Return)
    assert answers == [0]


def test_a_question_out_of_a_question(desk):
    answers = []
    desk.feedback.ask("Satu?", ["ya"], lambda _n: desk.feedback.ask("Dua?", ["ya"], answers.append))
    QTest.keyClick(desk.feedback, Key.Key_1)
    assert desk.feedback.text() == "Dua?"
    QTest.keyClick(desk.feedback, Key.Key_1)
    assert answers == [0]
    assert focus() is desk.field


def test_what_is_said_in_the_place_of_a_question_gives_the_cursor_back_where_it_was(desk):
    QTest.keyClicks(desk.field, "Siti")
    ask(desk)
    desk.feedback.say("bad", "Berkas data rusak sebagian.")
    assert focus() is desk.field
    QTest.keyClicks(focus(), " A")
    assert desk.field.text() == "Siti A", "and nothing that stands there is selected, to be typed over"


def test_more_answers_than_digits_are_refused(desk):
    with pytest.raises(ValueError, match="nine"):
        desk.feedback.ask("?", ["a"] * 10, lambda _n: None)


def broken():
    raise ValueError("NIK 3319071205890003 Budi")


def fault():
    try:
        broken()
    except ValueError as problem:
        return problem


def test_the_last_resort_says_four_things_and_nothing_private(desk):
    problem = fault()
    desk.feedback.trouble(problem)
    words = " ".join(label.text() for label in desk.feedback.findChildren(type(desk.feedback._line._words)))
    for part in (code_of(problem), "kesalahan program", "aman", "hubungi admin"):
        assert part in words
    assert "3319" not in words
    assert "Budi" not in details(problem)
    assert "test_feedback.py" in details(problem)
    assert focus() is desk.field


def test_the_admin_gets_the_details(desk):
    desk.feedback.trouble(fault())
    QTest.mouseClick(desk.feedback.findChild(QPushButton, "copy_details"), Qt.MouseButton.LeftButton)
    copied = QApplication.clipboard().text()
    assert "ValueError" in copied
    assert "3319" not in copied


def test_one_fault_has_one_code():
    assert code_of(fault()) == code_of(fault())
    assert len(code_of(fault())) == 8


@pytest.fixture
def catching(desk, monkeypatch):
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    desk.feedback.catch_everything()
    return desk


def test_whatever_nobody_handles_ends_here(catching, qtbot, caplog):
    with caplog.at_level(logging.ERROR):
        sys.excepthook(ValueError, fault(), None)
    qtbot.waitUntil(lambda: catching.feedback.kind == "trouble")
    assert "unexpected" in caplog.text


def test_also_from_another_thread(catching, qtbot, caplog):
    thread = threading.Thread(target=broken)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: catching.feedback.kind == "trouble")


def test_the_worlds_trouble_is_never_called_a_fault_of_the_program(desk):
    desk.feedback.trouble(UserError("Disk penuh.", code="E-06"))
    assert desk.feedback.text() == "Disk penuh. (kode E-06)"
    assert desk.feedback.kind == "bad"
