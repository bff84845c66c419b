"""Tiles, a PIN that is tried as soon as it is whole, the growing wait, and the lock that shows nothing."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget

from desktop import settings as settings_file
from desktop.i18n import N_
from desktop.models.access import Officer
from desktop.models.local import OfficerSecret
from desktop.operations import setup
from desktop.settings import Settings
from desktop.ui import style
from desktop.ui.entries import Entry
from desktop.ui.screen import Screen
from desktop.ui.settings_screen import SettingsScreen
from desktop.ui.sign_in import PinBoxes, SignInScreen, Tile
from tests.ui.conftest import OTHER_PIN, PIN, focus, officer_id, press

PROJECT = Path(__file__).resolve().parents[2]
Key = Qt.Key
NIK = "3319071205890003"


class Data(Screen):
    """A screen full of what a locked window must not show."""

    name = "data"
    title = N_("Loket")

    def build(self):
        self.line = QLineEdit(NIK, self)
        self.line.setAccessibleName("NIK")
        self.left = 0

    def arrive(self):
        self.line.setFocus()

    def leave(self):
        self.left += 1


MINE = (Entry(N_("Loket"), "list-checks", Data, "F4"), Entry(N_("Pengaturan"), "settings", SettingsScreen))


@pytest.fixture
def front(make_window, ready_store):
    told = Settings(last_officer_id=officer_id(ready_store, "Siti Rahmawati"))
    return make_window(ready_store, signed_in=False, settings=told, entries=MINE)


def change_officer(store, name, **change):
    found = officer_id(store, name)
    with store.saving(None) as session:
        officer = session.get_one(Officer, found)
        for field, value in change.items():
            setattr(officer, field, value)
    QApplication.processEvents()


def type_pin(pin):
    QTest.keyClicks(focus(), pin)


def words(window):
    return " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_the_last_officer_is_chosen_and_six_digits_are_enough(front):
    assert isinstance(front.current(), SignInScreen)
    assert front.current().chosen().name == "Siti Rahmawati"
    assert isinstance(focus(), PinBoxes)
    type_pin(PIN)
    assert front.current().name == "data"
    assert not front.is_locked()


def test_the_officer_is_remembered(front, ready_store):
    QTest.keyClick(focus(), Key.Key_Left)
    type_pin(OTHER_PIN)
    assert settings_file.load(ready_store.folder).last_officer_id == officer_id(ready_store, "Rini Astuti")


def test_arrows_and_clicks_choose_an_officer(front):
    QTest.keyClick(focus(), Key.Key_Up)
    assert front.current().chosen().name == "Bambang Santoso"
    tile = next(tile for tile in front.findChildren(Tile) if tile.person.name == "Rini Astuti")
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)
    assert front.current().chosen().name == "Rini Astuti"
    assert isinstance(focus(), PinBoxes)
    type_pin(OTHER_PIN)
    assert not front.is_locked()


def test_a_wrong_pin_says_how_many_tries_are_left(front):
    type_pin("111112")
    assert front.current().verdict.text() == "PIN salah. Sisa 4 kesempatan."
    type_pin("111112")
    assert front.current().verdict.text() == "PIN salah. Sisa 3 kesempatan."
    type_pin(PIN)
    assert not front.is_locked()


def test_the_wait_grows_and_a_restart_does_not_forgive(front, make_window, ready_store, clock):
    for _time in range(5):
        type_pin("111112")
    assert front.current().verdict.text() == "Terlalu banyak PIN salah. Coba lagi dalam 30 detik."
    type_pin(PIN)
    assert front.is_locked()
    clock.forward(seconds=31)
    type_pin("111112")
    assert "60 detik" in front.current().verdict.text()
    front.close()
    again = make_window(ready_store, signed_in=False, settings=front.around.settings, entries=MINE)
    again.activateWindow()
    QTest.keyClicks(again.current().pin, PIN)
    assert again.is_locked()
    clock.forward(seconds=61)
    QTest.keyClicks(again.current().pin, PIN)
    assert not again.is_locked()


def test_the_pin_is_never_shown_nor_spoken(front):
    type_pin("4829")
    boxes = focus()
    assert boxes.count() == 4
    assert "4829" not in words(front) + boxes.accessibleName() + boxes.accessibleDescription()
    QTest.keyClick(boxes, Key.Key_Backspace)
    assert boxes.count() == 3


def test_every_box_keeps_its_frame_while_digits_come(front):
    boxes = focus()
    type_pin("4829")
    picture = boxes.grab().toImage()
    wide, gap = style.em(46), style.px(8)
    for place in range(6):
        inks = [picture.pixelColor(place * (wide + gap) + x, boxes.height() // 2).lightness() for x in range(4)]
        assert min(inks) < 200 < max(inks), place


def test_a_pin_by_numpad_without_numlock(front):
    keys = {"4": Key.Key_Left, "8": Key.Key_Up, "2": Key.Key_Down, "9": Key.Key_PageUp, "1": Key.Key_End,
            "5": Key.Key_Clear}
    for digit in PIN:
        press(focus(), keys[digit], Qt.KeyboardModifier.KeypadModifier)
    assert not front.is_locked()


def test_a_key_held_down_is_one_digit(front):
    press(focus(), Key.Key_4, text="4")
    for _time in range(9):
        press(focus(), Key.Key_4, text="4", repeated=True)
    assert focus().count() == 1


def test_nobody_can_sign_in_yet(make_window, ready_store):
    with ready_store.saving(None) as session:
        for name in ("Siti Rahmawati", "Rini Astuti", "Bambang Santoso"):
            session.delete(session.get(OfficerSecret, officer_id(ready_store, name)))
    window = make_window(ready_store, signed_in=False)
    assert window.current().verdict.text() == (
        "Belum ada petugas di loket ini. Hubungi admin, atau buka Pengaturan awal.")


# --- the lock


@pytest.fixture
def desk(make_window, ready_store):
    return make_window(ready_store, entries=MINE)


def check_nothing_is_seen(window):
    assert window.is_locked()
    seen = [widget for widget in window.findChildren(QWidget) if widget.isVisible()]
    texts = [
        text for widget in seen
        for text in (getattr(widget, "text", str)(), widget.toolTip(), widget.accessibleName())
        if isinstance(text, str)
    ]
    assert not any(NIK in text or "0003" in text for text in texts)
    assert not any(isinstance(widget, QLineEdit) for widget in seen)
    assert "Hari ini" not in words(window)
    assert window.feedback.text() == ""


def test_ctrl_l_covers_everything_at_once(desk):
    desk.feedback.say("good", f"Berkas {NIK} tersimpan.")
    shown = desk.grab().toImage()
    QTest.keyClick(focus(), Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    check_nothing_is_seen(desk)
    assert desk.grab().toImage() != shown


def test_the_officer_in_the_head_locks_too(desk):
    QTest.mouseClick(desk.frame.head.officer, Qt.MouseButton.LeftButton)
    check_nothing_is_seen(desk)


def test_no_key_reaches_a_locked_screen(desk):
    desk.lock()
    for key in (Key.Key_F4, Key.Key_F9, Key.Key_F2):
        QTest.keyClick(focus(), key)
    QTest.keyClick(focus(), Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    check_nothing_is_seen(desk)
    desk.show_screen("data")
    check_nothing_is_seen(desk)


def test_the_same_officer_finds_what_he_typed(desk):
    screen = desk.current()
    desk.lock()
    assert desk.current().chosen().name == "Siti Rahmawati"
    type_pin(PIN)
    assert desk.current() is screen
    assert screen.line.text() == NIK
    assert screen.left == 0
    assert focus() is screen.line


def test_another_officer_gets_a_desk_of_his_own(desk, ready_store):
    screen = desk.current()
    desk.lock()
    QTest.keyClick(focus(), Key.Key_Left)
    type_pin(OTHER_PIN)
    assert screen.left == 1
    assert desk.current() is not screen
    assert desk.around.desk.officer_id == officer_id(ready_store, "Rini Astuti")
    with ready_store.reading() as session:
        assert setup.place(session, desk.around.desk).officer == "Rini Astuti"
    assert desk.frame.head.officer.text() == "Rini Astuti"


def test_the_lock_comes_when_nobody_types(desk, seconds):
    seconds.now += 10 * 60 - 1
    desk.idle.look()
    assert not desk.is_locked()
    seconds.now += 1
    desk.idle.look()
    check_nothing_is_seen(desk)


def test_every_key_and_move_puts_the_lock_off(desk, seconds):
    for touch in (lambda: QTest.keyClick(desk.windowHandle(), Key.Key_A),
                  lambda: QTest.mouseClick(desk.windowHandle(), Qt.MouseButton.LeftButton)):
        seconds.now += 9 * 60
        touch()
        seconds.now += 9 * 60
        desk.idle.look()
        assert not desk.is_locked()
    seconds.now += 60
    desk.idle.look()
    assert desk.is_locked()


def test_the_minutes_of_the_settings_count_at_once(desk, seconds):
    desk.around.settings.idle_minutes = 3
    seconds.now += 3 * 60
    desk.idle.look()
    assert desk.is_locked()


def test_the_wait_begins_anew_after_signing_in(desk, seconds):
    seconds.now += 10 * 60
    desk.idle.look()
    type_pin(PIN)
    desk.idle.look()
    assert not desk.is_locked()


def test_a_locked_window_can_change_its_look(desk):
    desk.lock()
    desk.wear(theme="dark", text_size=13)
    check_nothing_is_seen(desk)
    type_pin(PIN)
    assert desk.current().name == "data"


@pytest.mark.parametrize("change", [{"is_active": False}, {"role": "officer"}, {"deleted": True}])
def test_whoever_may_no_longer_work_here_is_shown_out_at_once_and_what_was_typed_is_put_aside(
    desk, ready_store, change
):
    screen = desk.current()
    screen.line.setText("half typed")
    change_officer(ready_store, "Siti Rahmawati", display_name="Siti R.")
    assert not desk.is_locked(), "a new name takes no right away"
    change_officer(ready_store, "Siti R.", **change)
    assert desk.is_locked() and desk.feedback.text() == (
        "Akun Anda dinonaktifkan atau perannya berubah. Hubungi admin."
    )
    desk.sign_in(officer_id(ready_store, "Rini Astuti"))
    assert screen.left == 1


def test_another_officers_account_locks_nobody(desk, ready_store):
    change_officer(ready_store, "Rini Astuti", is_active=False)
    assert not desk.is_locked() and desk.feedback.text() == ""


def test_a_new_role_holds_from_the_next_sign_in(desk, ready_store):
    assert desk.role == "admin"
    change_officer(ready_store, "Siti Rahmawati", role="officer")
    type_pin(PIN)
    assert not desk.is_locked() and desk.role == "officer"


def test_the_lock_of_the_pc_locks_the_desk(desk):
    desk.system_lock.saver_changed(False)
    assert not desk.is_locked()
    desk.system_lock.saver_changed(True)
    check_nothing_is_seen(desk)


@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="no D-Bus here")
def test_the_screen_saver_of_the_session_is_heard():
    """Told by a real session bus; an unlocked screen saver tells nothing."""
    program = """
import subprocess, sys
from PySide6.QtCore import QCoreApplication, QTimer
from desktop.ui.system_lock import SystemLock
app = QCoreApplication([])
lock, heard = SystemLock(app), []
lock.locked.connect(lambda: (heard.append(1), app.quit()))
def tell(state):
    subprocess.run(["dbus-send", "--type=signal", "/org/freedesktop/ScreenSaver",
                    "org.freedesktop.ScreenSaver.ActiveChanged", "boolean:" + state], check=True)
QTimer.singleShot(0, lambda: (tell("false"), tell("true")))
QTimer.singleShot(20_000, app.quit)
app.exec()
print(len(heard))
"""
    run = subprocess.run(["dbus-run-session", "--", sys.executable, "-c", program], cwd=PROJECT, capture_output=True,
                         text=True, check=False)
    assert run.stdout == "1\n", run.stderr
