"""Enter is always the next field, a digit too many is nobody's, and a UserError finds its field."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.errors import UserError
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.feedback import Feedback
from desktop.ui.form import Form
from desktop.ui.inputs import DateField, TextField
from desktop.ui.list_field import ListField, within
from desktop.ui.nik_field import NikField
from tests.ui.conftest import focus, press

Key = Qt.Key


@pytest.fixture
def form(qtbot):
    feedback = Feedback()
    form = Form(feedback)
    form.feedback = feedback
    form.add(NikField("nik"))
    form.add(TextField("name", "Nama", limit=60))
    form.add(ChoiceRow("for_whom", "Untuk", [Option(1, "sendiri"), Option(2, "anak")], chosen=1))
    form.add(TextField("hidden", "Tersembunyi"))
    form.add(ListField("village", "Desa", within([Option("1", "Barongan"), Option("2", "Demaan")])))
    form.add(DateField("birth", "Tanggal lahir"))
    form.set_shown("hidden", False)
    qtbot.addWidget(form)
    qtbot.addWidget(feedback)
    form.resize(500, 400)
    form.show()
    qtbot.waitUntil(form.isActiveWindow)
    form.start()
    return form


def here(form):
    return next((name for name, field in form.fields.items() if field.editor is focus()), None)


def test_enter_walks_every_field_that_is_shown_and_then_tells(qtbot, form):
    walked = [here(form)]
    for _step in range(4):
        QTest.keyClick(focus(), Key.Key_Return)
        walked.append(here(form))
    assert walked == ["nik", "name", "for_whom", "village", "birth"]
    with qtbot.waitSignal(form.finished):
        QTest.keyClick(focus(), Key.Key_Return)


def test_tab_walks_the_same_way(form):
    walked = [here(form)]
    for _step in range(4):
        QTest.keyClick(focus(), Key.Key_Tab)
        walked.append(here(form))
    assert walked == ["nik", "name", "for_whom", "village", "birth"]


def test_a_full_nik_goes_on_and_the_digit_too_many_is_lost(form):
    QTest.keyClicks(focus(), "3319071205890003")
    assert here(form) == "name"
    QTest.keyClicks(focus(), "9")
    assert form.values()["name"] == ""
    QTest.keyClicks(focus(), "Budi 2")
    assert form.values()["name"] == "Budi 2"


def test_a_digit_typed_after_coming_back_counts(form):
    QTest.keyClicks(focus(), "3319071205890003")
    QTest.keyClick(focus(), Key.Key_Return)
    QTest.keyClick(focus(), Key.Key_Backtab)
    assert here(form) == "name"
    QTest.keyClicks(focus(), "9")
    assert form.values()["name"] == "9"


def test_up_and_down_walk_and_a_numpad_arrow_does_not(form):
    QTest.keyClick(focus(), Key.Key_Down)
    assert here(form) == "name"
    QTest.keyClick(focus(), Key.Key_Up)
    assert here(form) == "nik"
    press(focus(), Key.Key_Down, Qt.KeyboardModifier.KeypadModifier)
    assert here(form) == "nik"
    assert form.values()["nik"] == "2"


def test_an_error_goes_to_its_field(form):
    assert form.show_error(UserError("Isi nama.", field="name"))
    assert here(form) == "name"
    assert form.fields["name"].sentence() == "Isi nama."


def test_an_error_of_no_shown_field_is_left_to_the_caller(form):
    assert not form.show_error(UserError("Disk penuh."))
    assert not form.show_error(UserError("Isi.", field="hidden"))


def test_values_go_in_and_out(form):
    form.set_values({"nik": "3319071205890003", "name": "Siti", "for_whom": 2, "village": "2"})
    values = form.values()
    assert [values[name] for name in ("nik", "name", "for_whom", "village")] == ["3319071205890003", "Siti", 2, "2"]
    form.clear()
    assert form.values()["name"] == ""
    assert form.values()["village"] is None


def test_changed_names_the_field(qtbot, form):
    with qtbot.waitSignal(form.changed) as told:
        QTest.keyClicks(focus(), "3")
    assert told.args == ["nik"]


def test_numlock_is_noticed_once(form):
    press(focus(), Key.Key_End, Qt.KeyboardModifier.KeypadModifier)
    assert form.feedback.text() == "NumLock mati. Tombol angka tetap dibaca sebagai angka."
    form.feedback.clear()
    press(focus(), Key.Key_End, Qt.KeyboardModifier.KeypadModifier)
    assert form.feedback.text() == ""
    assert form.values()["nik"] == "11"


def test_two_fields_of_one_name_are_refused(form):
    with pytest.raises(ValueError, match="name"):
        form.add(TextField("name", "Nama"))
