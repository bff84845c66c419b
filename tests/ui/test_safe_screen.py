"""Backups and keys as an administrator meets them: made, rehearsed, in the way; a password; a sheet typed back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop import keys
from desktop import settings as settings_file
from desktop.safekeeping import backup
from desktop.ui.main_window import MainWindow
from desktop.ui.safe_screen import SafeScreen
from tests.conftest import Clock
from tests.test_keys import PASSWORD
from tests.ui.conftest import focus, officer_id, press

Key = Qt.Key


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return tmp_path / "stick"


@pytest.fixture
def window(make_window, ready_store, stick: Path) -> MainWindow:
    window = make_window(ready_store)
    window.around.settings.backups.folder = str(stick)
    window.show_screen("safe")
    return window


def screen(window: MainWindow) -> SafeScreen:
    shown = window.current()
    assert isinstance(shown, SafeScreen)
    return shown


def cell(window: MainWindow) -> str:
    return window.frame.status.cells["backup"].text()


def test_only_an_admin_comes_here(make_window, ready_store) -> None:
    window = make_window(ready_store, signed_in=False)
    window.sign_in(officer_id(ready_store, "Rini Astuti"))
    assert "safe" not in window.frame.navigation.buttons
    window.show_screen("safe")
    assert window.current().name != "safe"


def test_a_backup_is_made_rehearsed_and_listed(window: MainWindow, stick: Path) -> None:
    press(focus(), Key.Key_F9)
    assert window.feedback.text() == "Cadangan selesai dan sudah dibaca ulang."
    assert screen(window).standing.kind == "good"
    assert len(backup.backups(stick)) == 1
    press(focus(), Key.Key_F5)
    assert window.feedback.text().startswith("Cadangan ini utuh dan dapat dipulihkan. Loket 07")


def test_a_folder_beside_the_data_is_told_to_be_no_safety(window: MainWindow) -> None:
    screen(window).folder.set_value("")
    screen(window).folder.setFocus()
    QTest.keyClick(focus(), Key.Key_Return)
    assert settings_file.load(window.store.folder).backups.folder == ""
    press(focus(), Key.Key_F9)
    assert screen(window).standing.kind == "warning"
    assert "di disk yang sama" in screen(window).standing.text()


def test_half_a_place_is_not_taken_and_the_backup_goes_where_it_went(window: MainWindow, stick: Path) -> None:
    screen(window).folder.set_value("stick")
    screen(window).folder.setFocus()
    QTest.keyClick(focus(), Key.Key_Return)
    assert screen(window).folder.state == "error"
    press(focus(), Key.Key_F9)
    assert len(backup.backups(stick)) == 1 and not Path("stick").exists()


def test_a_stick_that_is_gone_is_said_everywhere_and_named_until_it_is_back(
    window: MainWindow, stick: Path, clock: Clock
) -> None:
    press(focus(), Key.Key_F9)
    shutil.rmtree(stick)
    press(focus(), Key.Key_F9)
    assert "colokkan disk" in window.feedback.text()
    assert "colokkan disk" in screen(window).standing.text()
    assert cell(window) == "Cadangan tidak jalan"
    clock.forward(days=3)
    window.around.safekeeping.keep_up()
    assert cell(window) == "Cadangan terakhir 3 hari lalu"
    stick.mkdir()
    window.around.safekeeping.keep_up()
    assert cell(window) == ""


def test_training_is_not_backed_up(window: MainWindow, stick: Path) -> None:
    window.around.settings.training = True
    press(focus(), Key.Key_F9)
    window.around.safekeeping.keep_up()
    assert backup.backups(stick) == []


def test_damage_found_by_the_weekly_look_offers_the_way_back(window: MainWindow) -> None:
    window.around.safekeeping.damaged.emit()
    assert "rusak sebagian" in window.feedback.text()
    QTest.mouseClick(window.feedback._act, Qt.MouseButton.LeftButton)
    assert window.wants_rescue and not window.isVisible()


def test_the_way_back_asks_before_it_closes(window: MainWindow) -> None:
    press(focus(), Key.Key_F8)
    press(focus(), Key.Key_Escape)
    assert window.isVisible() and not window.wants_rescue
    press(focus(), Key.Key_F8)
    press(focus(), Key.Key_1, text="1")
    assert window.wants_rescue and not window.isVisible()


# --- keys


def test_without_sheet_and_password_the_stricter_choice_is_refused(window: MainWindow) -> None:
    form = screen(window).keys
    form.opening.setFocus()
    press(focus(), Key.Key_2, text="2")
    assert "terkunci selamanya" in window.feedback.text()
    assert form.opening.value() is True
    assert window.store.ring.this_pc is not None


def give_password(window: MainWindow, again: str = PASSWORD) -> None:
    screen(window).keys.password.setFocus()
    QTest.keyClicks(focus(), PASSWORD)
    QTest.keyClick(focus(), Key.Key_Return)
    QTest.keyClicks(focus(), again)
    QTest.keyClick(focus(), Key.Key_Return)


def print_sheet(window: MainWindow) -> tuple[str, Path]:
    form = screen(window).keys
    QTest.mouseClick(form.print, Qt.MouseButton.LeftButton)
    path = window.around.printing.folder / "lembar-pemulihan.pdf"
    assert path.exists() and str(path) in window.feedback.text()
    assert focus() is form.code.line
    return form._code, path


def test_a_password_is_asked_twice(window: MainWindow) -> None:
    give_password(window, again="kopi pahit di dapur")
    assert screen(window).keys.again.sentence().startswith("Kedua kata sandi tidak sama")
    assert window.store.ring.slots == []
    screen(window).keys.form.clear()
    give_password(window)
    assert [way.officer_id for way in window.store.ring.slots] == [window.around.desk.officer_id]
    assert screen(window).keys.password.value() == ""


def test_a_sheet_counts_once_it_was_typed_back_and_leaves_no_copy(window: MainWindow) -> None:
    code, path = print_sheet(window)
    wrong = str((int(code[7]) + 1) % 10)
    QTest.keyClicks(focus(), code[:7] + wrong + code[8:10])
    assert screen(window).keys.code.sentence().startswith("Kelompok ke-2 salah ketik")
    assert window.store.ring.recovery is None
    screen(window).keys.code.clear()
    QTest.keyClicks(focus(), keys.new_code())
    assert "bukan kode dari lembar" in screen(window).keys.code.sentence()
    assert window.store.ring.recovery is None
    screen(window).keys.code.clear()
    QTest.keyClicks(focus(), code[:26])
    QTest.keyClick(focus(), Key.Key_Return)  # as a scanner ends the first barcode
    QTest.keyClicks(focus(), code[26:])
    assert "Lembar pemulihan berlaku" in window.feedback.text()
    assert window.store.ring.keys_of(code) == [window.store.ring.key]
    assert not path.exists()
    for file in window.store.folder.rglob("*"):
        assert not file.is_file() or code.encode() not in file.read_bytes()


def test_a_sheet_that_is_left_alone_is_void(window: MainWindow) -> None:
    _code, path = print_sheet(window)
    screen(window).leave()
    assert not path.exists()
    assert window.store.ring.recovery is None


def test_the_stricter_choice_and_back(window: MainWindow) -> None:
    give_password(window)
    code, _path = print_sheet(window)
    QTest.keyClicks(focus(), code)
    form = screen(window).keys
    form.opening.setFocus()
    press(focus(), Key.Key_2, text="2")
    assert window.store.ring.this_pc is None
    assert "Tidak ada yang tampil" in form.honest.text()
    form.opening.setFocus()
    press(focus(), Key.Key_1, text="1")
    assert window.store.ring.this_pc == window.store.ring.key


def test_a_way_in_is_closed_after_a_question(window: MainWindow) -> None:
    give_password(window)
    form = screen(window).keys
    form.ways.select_key(window.store.ring.slots[0].id)
    QTest.mouseClick(form.remove, Qt.MouseButton.LeftButton)
    assert "Siti Rahmawati" in window.feedback.text()
    press(window.feedback, Key.Key_1, text="1")
    assert window.store.ring.slots == []
    assert window.store.ring.wants_new_key


def test_another_look_does_not_forget_the_sheet_that_was_printed(window: MainWindow) -> None:
    code, path = print_sheet(window)
    window.wear(theme="dark")
    screen(window).keys.code.setFocus()
    QTest.keyClicks(focus(), code)
    assert window.store.ring.recovery is not None
    assert not path.exists()
