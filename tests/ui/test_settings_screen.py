"""What this PC is told, and the officer's own PIN."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop import settings as settings_file
from desktop.ui import style
from desktop.ui.palettes import DARK
from desktop.ui.settings_screen import SettingsScreen
from tests.ui.conftest import OTHER_PIN, PIN, focus, full_disk, officer_id

Key = Qt.Key


@pytest.fixture
def window(make_window, ready_store):
    window = make_window(ready_store)
    window.show_screen("settings")
    return window


def screen(window) -> SettingsScreen:
    return window.current()


def told(window):
    return settings_file.load(window.store.folder)


def test_look_and_lock_by_digits(window, qtbot):
    QTest.keyClick(focus(), Key.Key_Return)
    QTest.keyClick(focus(), Key.Key_2)
    qtbot.waitUntil(lambda: style.colours() is DARK)
    assert screen(window).findChild(type(screen(window).minutes), "theme").value() == "dark"
    screen(window).minutes.setFocus()
    QTest.keyClick(focus(), Key.Key_1)
    assert told(window).idle_minutes == 3
    assert told(window).theme == "dark"
    assert window.feedback.text() == "Pengaturan disimpan."


def test_the_language_changes_at_once(window, qtbot):
    QTest.keyClick(focus(), Key.Key_2)
    qtbot.waitUntil(lambda: window.around.settings.language == "en")
    assert told(window).language == "en"


def test_printer_and_paper_are_kept(window, tmp_path):
    screen(window).printer.paper.setFocus()
    QTest.keyClick(focus(), Key.Key_3)
    screen(window).printer.folder.setFocus()
    QTest.keyClicks(focus(), str(tmp_path))
    assert (told(window).printer.paper, told(window).printer.folder) == ("80mm", str(tmp_path))


def test_half_a_place_is_not_taken_for_papers_would_come_out_wherever_the_program_was_started(window):
    folder = screen(window).printer.folder
    said = folder.sentence()
    folder.setFocus()
    QTest.keyClicks(focus(), "papers")
    QTest.keyClick(focus(), Key.Key_Return)
    assert folder.state == "error" and folder.sentence().startswith("Tulis tempat lengkapnya, misalnya ")
    assert told(window).printer.folder == "" and window.around.printing.folder.is_absolute()
    folder.clear()
    folder.judge()
    assert (folder.state, folder.sentence()) == ("normal", said) and "tidak terenkripsi" in said


def test_a_second_printer_is_kept_beside_the_first_and_survives_another_language(window, qtbot):
    screen(window).printer.which.setFocus()
    QTest.keyClick(focus(), Key.Key_2)
    QTest.keyClick(focus(), Key.Key_1)
    screen(window).printer.days.setFocus()
    QTest.keyClick(focus(), Key.Key_3)
    first, second = told(window).printer, told(window).second_printer
    assert (first.kind, first.keep_days, second.kind, second.keep_days) == ("pdf", 7, "pdf", 30)
    window.wear(language="en")
    qtbot.waitUntil(lambda: screen(window).printer.kind.isVisible())
    assert (screen(window).printer.which.value(), screen(window).printer.kind.value()) == ("first", "pdf")
    assert told(window).second_printer.keep_days == 30


def test_the_test_page_comes_out(window, qtbot):
    QTest.mouseClick(window.current().findChild(QPushButton, "print_test"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "halaman-uji.pdf" in window.feedback.text())


NEW_PIN = "640817"


def fill_own(window, old, new, again):
    screen(window).own.start()
    for pin in (old, new, again):
        QTest.keyClicks(focus(), pin)
        if len(pin) < 6:
            QTest.keyClick(focus(), Key.Key_Return)
    QTest.keyClick(focus(), Key.Key_F9, Qt.KeyboardModifier.ShiftModifier)


def lets_in(window, pin) -> bool:
    window.lock()
    QTest.keyClicks(window.current().pin, pin)
    return not window.is_locked()


@pytest.mark.parametrize("name", ["Siti Rahmawati", "Rini Astuti"])
def test_everybody_changes_their_own_pin(make_window, ready_store, name):
    window = make_window(ready_store, signed_in=False)
    window.sign_in(officer_id(ready_store, name))
    window.show_screen("settings")
    old = PIN if name.startswith("Siti") else OTHER_PIN
    fill_own(window, old, NEW_PIN, NEW_PIN)
    assert window.feedback.text() == "PIN Anda sudah diganti."
    assert screen(window).own.values() == {"old_pin": "", "new_pin": "", "new_pin_again": ""}
    assert not lets_in(window, old)
    assert lets_in(window, NEW_PIN)


@pytest.mark.parametrize(("old", "new", "again", "field", "sentence"), [
    (OTHER_PIN, NEW_PIN, NEW_PIN, "old_pin", "PIN salah. Sisa 4 kesempatan."),
    (PIN, "123456", "123456", "new_pin", "terlalu mudah"),
    (PIN, NEW_PIN, OTHER_PIN, "new_pin_again", "tidak sama"),
    (PIN, PIN, PIN, "new_pin", "sama dengan PIN lama"),
])
def test_a_pin_that_cannot_be_is_said_under_its_field(window, old, new, again, field, sentence):
    fill_own(window, old, new, again)
    assert sentence in screen(window).own.fields[field].sentence()
    assert screen(window).own.fields[field].editor is focus()
    assert lets_in(window, PIN)


def test_a_half_typed_pin_cannot_be_taken(window):
    fill_own(window, PIN, "64", "64")
    assert "6 angka" in screen(window).own.fields["new_pin"].sentence()
    assert lets_in(window, PIN)


def test_guessing_here_locks_the_sign_in_too(window):
    for _try in range(5):
        fill_own(window, OTHER_PIN, NEW_PIN, NEW_PIN)
        screen(window).own.clear()
    fill_own(window, PIN, NEW_PIN, NEW_PIN)
    assert "Coba lagi dalam 30 detik" in screen(window).own.fields["old_pin"].sentence()
    assert not lets_in(window, PIN)


def test_a_full_disk_keeps_the_old_pin(window):
    with full_disk():
        fill_own(window, PIN, NEW_PIN, NEW_PIN)
        assert window.feedback.text().startswith("Disk PC ini penuh")
    assert lets_in(window, PIN)
