"""What is around every screen: keys, bars, and a look changed at run time."""

from __future__ import annotations

import gc

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QVBoxLayout, QWidget
from shiboken6 import isValid

from desktop import settings as settings_file
from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.settings import Settings
from desktop.ui import style
from desktop.ui.bars import KeyButton
from desktop.ui.choices import ChoiceRow, Option
from desktop.ui.entries import Entry
from desktop.ui.form import Form
from desktop.ui.inputs import TextField
from desktop.ui.nik_field import NikField
from desktop.ui.palettes import DARK, LIGHT
from desktop.ui.screen import Act, Screen
from desktop.ui.settings_screen import SettingsScreen
from tests.ui.conftest import focus, officer_id, press

Key = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier
class Paper(Screen):
    """A screen for these tests: a form, an act that matters, one that is not valid, and a count of what happened."""

    name = "paper"
    title = N_("Printer")
    tables = frozenset({"officer"})

    def build(self):
        self.done, self.refreshed, self.left, self.shown_thing = [], 0, 0, None
        column = QVBoxLayout(self)
        self.form = Form(self.around.feedback)
        self.form.add(NikField("nik"))
        self.form.add(TextField("name", _("Nama petugas")))
        self.form.add(ChoiceRow("whom", _("Peran"), [Option(1, "a"), Option(2, "b")], chosen=1))
        column.addWidget(self.form)
        column.addWidget(self.act_button("F9"))
        column.addWidget(self.act_button("F5"))

    def acts(self):
        return [
            Act("F9", _("Lanjut"), lambda: self.done.append("F9"), kind="good", icon="printer"),
            Act("F5", _("Kembali"), lambda: self.done.append("F5"), enabled=False),
            Act("Ctrl+P", _("Tutup"), lambda: self.done.append("Ctrl+P")),
            Act("Shift+F12", _("Simpan petugas"), lambda: self.done.append("Shift+F12"), in_bar=False),
        ]

    def arrive(self):
        self.form.start()

    def refresh(self):
        self.refreshed += 1

    def leave(self):
        self.left += 1

    def show_thing(self, thing):
        self.shown_thing = thing


class Other(Paper):
    name = "other"


MINE = (
    Entry(N_("Printer"), "printer", Paper, "F2"), Entry(N_("Loket"), "list-checks", Other, "F4", ("officer", "admin")),
    Entry(N_("Pengaturan"), "settings", SettingsScreen),
)


@pytest.fixture
def window(make_window, ready_store):
    return make_window(ready_store, entries=MINE)


def bar(window):
    buttons = window.frame.keys.findChildren(KeyButton)
    return {button.act.key: button for button in buttons if button.isVisibleTo(window)}


# --- keys


@pytest.mark.parametrize(("key", "modifiers", "done"), [
    (Key.Key_F9, Qt.KeyboardModifier.NoModifier, ["F9"]),
    (Key.Key_Return, CONTROL, ["F9"]),
    (Key.Key_Enter, CONTROL | Qt.KeyboardModifier.KeypadModifier, ["F9"]),
    (Key.Key_P, CONTROL, ["Ctrl+P"]),
    (Key.Key_F12, Qt.KeyboardModifier.ShiftModifier, ["Shift+F12"]),
    (Key.Key_F5, Qt.KeyboardModifier.NoModifier, []),
    (Key.Key_F12, Qt.KeyboardModifier.NoModifier, []),
    (Key.Key_P, Qt.KeyboardModifier.NoModifier, []),
])
@pytest.mark.parametrize("field", ["nik", "name", "whom"])
def test_a_key_does_its_act_from_every_field(window, key, modifiers, done, field):
    screen = window.current()
    screen.form.fields[field].setFocus()
    QTest.keyClick(focus(), key, modifiers)
    assert screen.done == done
    assert focus() is screen.form.fields[field].editor


def test_a_key_held_down_is_one_act(window):
    press(focus(), Key.Key_F9)
    for _time in range(20):
        press(focus(), Key.Key_F9, repeated=True)
    assert window.current().done == ["F9"]


def test_every_valid_key_is_a_button_in_the_bar(window):
    buttons = bar(window)
    assert set(buttons) == {"F9", "F5", "Ctrl+P", "F1", "Ctrl+L"}
    assert buttons["F9"].isEnabled()
    assert not buttons["F5"].isEnabled()
    QTest.mouseClick(buttons["Ctrl+P"], Qt.MouseButton.LeftButton)
    assert window.current().done == ["Ctrl+P"]


def test_a_button_on_the_screen_follows_its_act(window):
    screen = window.current()
    button = next(made for key, made in screen._follow if key == "F9")
    assert button.text().replace("&", "") == "Lanjut  (F9)"
    assert button.property("role") == "good"
    screen.acts = lambda: [Act("F9", "Cetak LEMBAR KEKURANGAN (2)", lambda: None, kind="warning")]
    screen.acts_changed.emit()
    assert button.text().replace("&", "") == "Cetak LEMBAR KEKURANGAN (2)  (F9)"
    assert button.property("role") == "warning"
    assert bar(window)["F9"].accessibleName() == "F9 Cetak LEMBAR KEKURANGAN (2)"
    assert "F5" not in bar(window)


def test_entries_are_reached_by_key_and_by_click(window):
    QTest.keyClick(focus(), Key.Key_F4)
    assert window.current().name == "other"
    QTest.mouseClick(window.frame.navigation.buttons["paper"], Qt.MouseButton.LeftButton)
    assert window.current().name == "paper"
    assert window.frame.navigation.buttons["paper"].isChecked()


def test_a_screen_sends_another_one_something(window):
    window.current().go.emit("other", {"id": 7})
    assert window.current().name == "other"
    assert window.current().shown_thing == {"id": 7}


def test_an_entry_is_for_its_roles_only(make_window, ready_store):
    window = make_window(ready_store, entries=MINE, signed_in=False)
    window.sign_in(officer_id(ready_store, "Bambang Santoso"))
    assert set(window.frame.navigation.buttons) == {"paper", "settings"}
    window.show_screen("other")
    assert window.current().name == "paper"
    QTest.keyClick(focus(), Key.Key_F4)
    assert window.current().name == "paper"


def test_the_key_sheet_shows_all_keys_and_goes_with_escape(window):
    QTest.keyClick(focus(), Key.Key_F1)
    keys = {button.act.key for button in window.keys.sheet.findChildren(KeyButton)}
    assert {"F9", "F5", "Ctrl+P", "Shift+F12", "F1", "F11", "Ctrl++", "Ctrl+-", "Ctrl+L", "F2", "F4"} == keys
    assert window.rect().contains(window.keys.sheet.geometry())
    QTest.keyClick(focus(), Key.Key_Escape)
    assert window.keys.sheet is None
    QTest.keyClick(focus(), Key.Key_F1)
    QTest.keyClick(focus(), Key.Key_F1)
    assert window.keys.sheet is None


@pytest.mark.parametrize("size", [9, 11, 16])
def test_the_key_sheet_stays_in_the_window(window, size):
    window.wear(text_size=size)
    screen = window.current()
    words = "Penerbitan KTP-el karena hilang, rusak, perubahan data atau pindah datang " * 2
    screen.acts = lambda: [Act(f"Ctrl+{n}", words, screen.refresh) for n in range(40)]
    QTest.keyClick(focus(), Key.Key_F1)
    QApplication.processEvents()
    assert window.rect().contains(window.keys.sheet.geometry())
    for button in window.keys.sheet.findChildren(KeyButton):
        left = button.mapTo(window.keys.sheet, button.rect().topLeft()).x()
        assert left >= 0 and left + button.width() <= window.keys.sheet.width()


def test_a_change_of_look_takes_the_key_sheet_along(window, qtbot):
    QTest.keyClick(focus(), Key.Key_F1)
    window.wear(theme="dark")
    qtbot.waitUntil(lambda: window.findChild(QWidget, "key_sheet") is None)


def test_an_act_takes_an_open_question_back(window):
    answers, cancelled = [], []
    window.feedback.ask("Sungguh?", ["ya"], answers.append, cancelled=lambda: cancelled.append(1))
    QTest.keyClick(focus(), Key.Key_F9)
    assert (answers, cancelled, window.current().done) == ([], [1], ["F9"])


def test_full_screen_goes_on_and_off(window):
    QTest.keyClick(focus(), Key.Key_F11)
    assert window.isFullScreen()
    QTest.keyClick(focus(), Key.Key_F11)
    assert not window.isFullScreen()


# --- the look, changed while somebody types


def type_something(window):
    form = window.current().form
    QTest.keyClicks(focus(), "3319071205890003")
    QTest.keyClicks(focus(), "Siti <b>Aminah</b> ")
    form.fields["whom"].set_value(2)
    return form


def is_as_typed(window):
    values = window.current().form.values()
    return (values["nik"], values["name"], values["whom"]) == ("3319071205890003", "Siti <b>Aminah</b>", 2)


@pytest.mark.parametrize("change", [
    {"language": "en"}, {"theme": "dark"}, {"text_size": 16}, {"text_size": 9},
    {"language": "en", "theme": "dark", "text_size": 13},
])
def test_a_change_of_look_keeps_what_is_typed(window, change):
    type_something(window)
    before = window.current()
    window.wear(**change)
    assert window.current() is not before
    assert is_as_typed(window)
    assert focus() is window.current().form.fields["name"].editor
    QTest.keyClicks(focus(), "x")
    assert window.current().form.values()["name"].endswith("x")


def test_text_size_by_key(window, qtbot):
    for key in (Key.Key_Plus, Key.Key_Equal):
        QTest.keyClick(focus(), key, CONTROL)
        qtbot.wait(1)
    assert window.around.settings.text_size == 13
    for _time in range(6):
        QTest.keyClick(focus(), Key.Key_Minus, CONTROL)
        qtbot.wait(1)
    assert window.around.settings.text_size == 9
    assert QApplication.font().pointSize() == 9


def test_what_is_typed_on_another_screen_waits_there(window):
    type_something(window)
    window.show_screen("other")
    window.wear(theme="dark", language="en")
    assert set(window._screens) == {"other"}
    window.show_screen("paper")
    assert is_as_typed(window)


def test_what_only_waits_to_be_built_is_put_aside_too(window, ready_store, monkeypatch):
    left = []
    monkeypatch.setattr(Paper, "leave", lambda self: left.append(self.form.values()["name"]))
    type_something(window)
    window.show_screen("settings")
    window.wear(theme="dark")
    assert "paper" not in window._screens
    window.lock()
    window.sign_in(officer_id(ready_store, "Rini Astuti"))
    assert left == ["Siti <b>Aminah</b>"]


def test_the_look_is_kept_for_the_next_start(window):
    window.wear(theme="dark", text_size=12, language="en")
    told = settings_file.load(window.store.folder)
    assert (told.theme, told.text_size, told.language) == ("dark", 12, "en")


def test_an_old_screen_is_gone_after_a_change(window, qtbot):
    before, frame = window.current(), window.frame
    window.wear(theme="dark")
    qtbot.wait(1)
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    gc.collect()
    assert not isValid(before)
    assert not isValid(frame)
    assert isValid(window.feedback)
    window.say = window.feedback.say("good", "Masih ada.")
    assert window.feedback.isVisible()


def test_settings_that_cannot_be_written_are_said(window, monkeypatch):
    def full(*_what):
        raise OSError("disk full")

    monkeypatch.setattr(settings_file, "save", full)
    window.wear(theme="dark")
    assert "Periksa ruang disk" in window.feedback.text()
    assert style.colours() is DARK


@pytest.mark.parametrize(("language", "words"), [("id", {"Salin", "Tempel"}), ("en", {"Copy", "Paste"})])
def test_the_menu_of_a_field_speaks_the_language(window, language, words):
    window.wear(language=language)
    menu = window.current().form.fields["name"].line.createStandardContextMenu()
    shown = {action.text().split("\t")[0].replace("&", "") for action in menu.actions()}
    menu.deleteLater()
    assert words <= shown


# --- news


def test_a_seen_screen_refreshes_and_a_hidden_one_waits(window, qtbot, ready_store):
    seen = window.current()
    window.show_screen("other")
    window.show_screen("paper")
    hidden = window._screens["other"]
    before = (seen.refreshed, hidden.refreshed)
    ready_store.announce(frozenset({"officer", "party"}))
    qtbot.waitUntil(lambda: seen.refreshed == before[0] + 1)
    assert hidden.refreshed == before[1]
    window.show_screen("other")
    assert hidden.refreshed == before[1] + 1
    ready_store.announce(frozenset({"party"}))
    qtbot.wait(5)
    assert hidden.refreshed == before[1] + 1


def test_news_waits_while_a_question_stands(window, qtbot, ready_store):
    seen, answers = window.current(), []
    window.feedback.ask("Hapus?", ["hapus"], answers.append)
    before = seen.refreshed
    ready_store.announce(frozenset({"officer"}))
    qtbot.wait(5)
    assert seen.refreshed == before, "what is asked about is not something else under the digit"
    QTest.keyClick(focus(), Qt.Key.Key_1)
    qtbot.waitUntil(lambda: seen.refreshed == before + 1)
    assert answers == [0]


def test_a_question_does_not_follow_to_another_screen(window):
    window.feedback.ask("Hapus?", ["hapus"], lambda _place: pytest.fail("answered"))
    QTest.mouseClick(window.frame.navigation.buttons["other"], Qt.MouseButton.LeftButton)
    assert not window.feedback.is_asking() and window.current().name == "other"
    QTest.keyClicks(focus(), "1")
    assert window.current().isAncestorOf(focus())


def test_the_status_line_says_where_we_are(window):
    cells = {name: cell.text() for name, cell in window.frame.status.cells.items() if cell.isVisibleTo(window)}
    assert cells == {
        "network": "PC ini berdiri sendiri", "printer": "Cetak ke PDF", "today": "Hari ini: 0",
        "desk": "Loket 07 · Siti Rahmawati", "clock": "08.12",
    }
    assert window.frame.head.place.whole == "Loket 07 · Dinas Kependudukan dan Pencatatan Sipil"
    assert window.frame.head.officer.text() == "Siti Rahmawati"


def test_the_clock_follows_the_hall(window, clock):
    clock.forward(minutes=50)
    window._tick()
    assert window.frame.status.cells["clock"].text() == "09.02"


def test_trouble_with_the_printer_is_said_and_stops_nothing(window):
    window.around.printing.trouble.emit("x", "Printer tidak mencetak. Periksa kertas.")
    assert window.feedback.text() == (
        "Printer tidak mencetak. Periksa kertas. 0 lembar menunggu; tekan Ctrl+P bila sudah siap.")
    window.feedback.ask("Sungguh?", ["ya"], lambda _n: None)
    window.around.printing.trouble.emit("x", "Printer tidak mencetak. Periksa kertas.")
    assert window.feedback.is_asking()


def test_a_long_message_gets_the_room_it_needs(window):
    window.feedback.say("bad", "Disk PC ini penuh atau bermasalah. Yang terakhir belum tersimpan; data sebelumnya "
                               "aman. Kosongkan ruang disk, lalu tekan F9 lagi.")
    assert not window.frame.status.cells["desk"].isVisibleTo(window)
    window.feedback.clear()
    assert window.frame.status.cells["desk"].isVisibleTo(window)


def test_training_is_seen_at_once(make_window, ready_store):
    window = make_window(ready_store, settings=Settings(training=True), entries=MINE)
    assert window.findChild(QLabel, "training_word").text() == "LATIHAN"
    assert window.frame.objectName() == "training_frame"
    assert window.windowTitle() == "Loket · LATIHAN · Loket 07"
    frame = window.grab().toImage().pixelColor(1, window.height() // 2).name()
    assert frame == LIGHT.training


def test_the_title_bar_names_nobody(window):
    assert window.windowTitle() == "Loket"


def test_closing_puts_aside_what_is_half_done(window):
    screen = window.current()
    window.close()
    assert screen.left == 1


def test_trouble_while_closing_keeps_the_window_open_once(window):
    def refuse():
        raise UserError("Disk penuh.")

    window.current().leave = refuse
    assert not window.close()
    assert window.close()
