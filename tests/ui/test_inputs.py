"""Inputs under real keys: digits, groups, masks, pastes, the numpad without NumLock."""

from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.ui import style
from desktop.ui.inputs import DateField, DigitsField, TextField, Verdict, cleaned
from desktop.ui.nik_field import NikField
from desktop.ui.note_field import NoteField
from tests.ui.conftest import paste, press
from tests.ui.fields import HOSTILE, KEYPAD, Key, shown


def nik_field(qtbot):
    return shown(qtbot, NikField("nik", "NIK"))


# --- text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_line_takes_any_paste_without_harm(qtbot, text):
    field = shown(qtbot, TextField("name", "Nama", limit=60))
    QTest.keyClicks(field.line, "Siti ")
    paste(field.line, text)
    value = field.line.text()
    assert value.startswith("Siti ")
    assert len(value) <= 60
    assert cleaned(value) == value
    value.encode()


def test_a_paste_that_is_too_long_is_said(qtbot):
    field = shown(qtbot, TextField("name", "Nama", limit=10))
    paste(field.line, "x" * 10_000)
    assert len(field.value()) == 10
    assert field.state == "warning"
    assert "10" in field.sentence()


def test_line_breaks_become_spaces(qtbot):
    field = shown(qtbot, TextField("name", "Nama"))
    paste(field.line, "Siti\nAminah\t binti")
    assert field.value() == "Siti Aminah  binti"


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=300))
def test_cleaning_leaves_only_what_is_seen(text):
    once = cleaned(text)
    assert cleaned(once) == once
    once.encode()
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u202e\u2066\u200b" for c in once)


def test_typing_answers_a_complaint(qtbot):
    field = shown(qtbot, TextField("name", "Nama"))
    field.say("error", "Isi nama.")
    assert field.line.property("state") == "error"
    assert field.line.accessibleDescription() == "Isi nama."
    QTest.keyClicks(field.line, "S")
    assert (field.state, field.sentence()) == ("normal", "")


def test_the_check_speaks_at_enter(qtbot):
    field = shown(qtbot, TextField("phone", "HP"))
    field.check = lambda value: Verdict("warning", "Nomor HP baru 8 angka.") if len(value) < 10 else None
    QTest.keyClicks(field.line, "08123456")
    assert field.sentence() == ""
    with qtbot.waitSignal(field.finished):
        QTest.keyClick(field.line, Key.Key_Return)
    assert field.sentence() == "Nomor HP baru 8 angka."


def test_only_plain_enter_means_next(qtbot):
    field = shown(qtbot, TextField("name", "Nama"))
    with qtbot.assertNotEmitted(field.finished):
        QTest.keyClick(field.line, Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        press(field.line, Key.Key_Return, repeated=True)
    with qtbot.waitSignal(field.finished):
        QTest.keyClick(field.line, Key.Key_Enter, KEYPAD)


def test_a_note_keeps_its_lines_and_enter_goes_on(qtbot):
    field = shown(qtbot, NoteField("note", "Catatan", limit=20))
    QTest.keyClicks(field.box, "satu")
    QTest.keyClick(field.box, Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    QTest.keyClicks(field.box, "dua")
    assert field.value() == "satu\ndua"
    with qtbot.waitSignal(field.finished):
        QTest.keyClick(field.box, Key.Key_Return)
    paste(field.box, "x" * 100)
    assert len(field.value()) == 20
    assert field.state == "warning"


@pytest.mark.parametrize("size", range(style.SMALLEST, style.LARGEST + 1))
def test_one_line_of_a_note_does_not_scroll(qtbot, qapp, size):
    style.apply(qapp, "light", size)
    field = shown(qtbot, NoteField("note", "Catatan", lines=1))
    field.set_value("Sarana dan prasarana")
    for _focus in (field.setFocus, field.box.clearFocus):
        _focus()
        assert field.box.verticalScrollBar().maximum() == 0
    field.set_value("satu\ndua")
    assert field.box.verticalScrollBar().maximum() > 0, "the control"


# --- digits


def test_nik_is_grouped_while_it_is_typed(qtbot):
    field = nik_field(qtbot)
    QTest.keyClicks(field.line, "331907120589")
    assert field.line.text() == "3319 0712 0589"
    assert field.value() == "331907120589"


def test_sixteen_digits_pass_on_once(qtbot):
    field = nik_field(qtbot)
    passed = []
    field.finished.connect(passed.append)
    QTest.keyClicks(field.line, "3319071205890003")
    assert passed == [True]
    assert field.is_full()


def test_a_seventeenth_digit_is_ignored_wherever_it_is_typed(qtbot):
    field = nik_field(qtbot)
    QTest.keyClicks(field.line, "3319071205890003")
    for place in (19, 0, 7):
        field.line.setCursorPosition(place)
        QTest.keyClick(field.line, Key.Key_9)
        assert field.value() == "3319071205890003"


def test_a_digit_can_be_taken_out_and_put_in_the_middle(qtbot):
    field = nik_field(qtbot)
    QTest.keyClicks(field.line, "3319071205890003")
    field.line.setCursorPosition(7)
    QTest.keyClick(field.line, Key.Key_Backspace)
    assert field.value() == "331901205890003"
    assert field.line.cursorPosition() == 6
    QTest.keyClick(field.line, Key.Key_7)
    assert field.value() == "3319071205890003"


@pytest.mark.parametrize(("text", "digits"), [
    ("3319 0712 0589 0003", "3319071205890003"), ("3319-0712-0589-0003\n", "3319071205890003"),
    ("NIK: 3319.0712.0589.0003", "3319071205890003"), ("9" * 10_000, "9" * 16), ("٣٣١٩", ""), ("abc", ""),
    ("\x00\u202e33", "33"),
])
def test_pasted_digits_are_read_out_of_anything(qtbot, text, digits):
    field = nik_field(qtbot)
    paste(field.line, text)
    assert field.value() == digits


def test_a_letter_is_explained(qtbot):
    field = nik_field(qtbot)
    QTest.keyClicks(field.line, "33a")
    assert field.value() == "33"
    assert field.sentence() == "Hanya angka."


def test_numpad_without_numlock_types_digits(qtbot):
    field = nik_field(qtbot)
    with qtbot.waitSignal(field.numlock_off):
        for key in (Key.Key_End, Key.Key_Down, Key.Key_PageDown, Key.Key_Left, Key.Key_Clear, Key.Key_Right,
                    Key.Key_Home, Key.Key_Up, Key.Key_PageUp, Key.Key_Insert):
            press(field.line, key, KEYPAD)
    assert field.value() == "1234567890"


def test_real_arrows_stay_arrows(qtbot):
    field = nik_field(qtbot)
    QTest.keyClicks(field.line, "12")
    QTest.keyClick(field.line, Key.Key_Left)
    assert field.value() == "12"
    assert field.line.cursorPosition() == 1


def test_the_mask_comes_when_the_field_is_left(qtbot):
    field = nik_field(qtbot)
    QTest.keyClicks(field.line, "3319071205890003")
    assert field.line.text() == "3319 0712 0589 0003"
    field.line.clearFocus()
    assert field.line.text() == "3319 •••• •••• 0003"
    assert field.value() == "3319071205890003"
    field.setFocus()
    assert field.line.text() == "3319 0712 0589 0003"


def test_a_nik_from_the_file_is_seen_only_while_the_eye_is_held(qtbot):
    field = nik_field(qtbot)
    field.set_value("3319071205890003")
    assert field.line.text() == "3319 •••• •••• 0003"
    field.setFocus()
    assert field.line.text() == "3319 •••• •••• 0003"
    QTest.mousePress(field._eye, Qt.MouseButton.LeftButton)
    assert field.line.text() == "3319 •••• •••• 0003", "nobody wrote the look down"
    QTest.mouseRelease(field._eye, Qt.MouseButton.LeftButton)
    field.looking.connect(field.uncover)
    QTest.mousePress(field._eye, Qt.MouseButton.LeftButton)
    assert field.line.text() == "3319 0712 0589 0003"
    QTest.mouseRelease(field._eye, Qt.MouseButton.LeftButton)
    assert field.line.text() == "3319 •••• •••• 0003"
    assert field.value() == "3319071205890003"


def test_looking_at_what_one_typed_oneself_is_no_reveal(qtbot):
    field = nik_field(qtbot)
    QTest.keyClicks(field.line, "3319071205890003")
    field.line.clearFocus()
    with qtbot.assertNotEmitted(field.looking):
        field.reveal()
    assert field.line.text() == "3319 0712 0589 0003"


@pytest.mark.parametrize(("key", "left"), [(Key.Key_5, "5"), (Key.Key_Backspace, ""), (Key.Key_Delete, "")])
def test_typing_over_a_covered_nik_starts_anew(qtbot, key, left):
    field = nik_field(qtbot)
    field.set_value("3319071205890003")
    field.line.end(False)
    if key == Key.Key_Delete:
        field.line.home(False)
    QTest.keyClick(field.line, key)
    assert field.value() == left
    assert "•" not in field.line.text()


def test_typing_while_the_eye_is_held_edits_the_digits(qtbot):
    field = nik_field(qtbot)
    field.set_value("3319071205890003")
    field.uncover()
    field.line.end(False)
    QTest.keyClick(field.line, Key.Key_Backspace)
    assert field.value() == "331907120589000"


def test_a_pin_shows_no_digit(qtbot):
    field = shown(qtbot, DigitsField("pin", "PIN", groups=(6,), password=True))
    QTest.keyClicks(field.line, "482915")
    assert field.value() == "482915"
    assert "4" not in field.line.displayText()


def test_a_date_is_typed_as_eight_digits(qtbot):
    field = shown(qtbot, DateField("birth", "Tanggal lahir"))
    QTest.keyClicks(field.line, "23112026")
    assert field.line.text() == "23-11-2026"
    assert field.value() == date(2026, 11, 23)
    field.set_value(date(1999, 1, 2))
    assert field.line.text() == "02-01-1999"


@pytest.mark.parametrize("typed", ["31022020", "00012020", "01010000", "1"])
def test_a_day_that_is_not_there_is_said(qtbot, typed):
    field = shown(qtbot, DateField("birth", "Tanggal lahir"))
    QTest.keyClicks(field.line, typed)
    QTest.keyClick(field.line, Key.Key_Return)
    assert field.value() is None
    assert field.state == "error"
