"""The window before the window: a password, the way back, what is left of a damaged file; driven by keys and clicks."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton

from desktop import settings as settings_file
from desktop.commands import window as window_command
from desktop.errors import UserError
from desktop.folder import FILE_NAME, SLOTS_NAME
from desktop.keys import Locked
from desktop.safekeeping import backup, restore
from desktop.safekeeping.backup import ABOUT_NAME, Backup
from desktop.settings import Backups, Settings
from desktop.store import Store
from desktop.ui import program
from desktop.ui.background import AtOnce, Worker
from desktop.ui.main_window import MainWindow
from desktop.ui.rescue import RescueWindow
from tests.conftest import MORNING, Clock
from tests.test_keys import CODE, PASSWORD
from tests.ui.conftest import officer_id

Key = Qt.Key


@pytest.fixture
def folder(ready_folder: Path, tmp_path: Path) -> Path:
    shutil.copytree(ready_folder, tmp_path / "pc")
    (tmp_path / "stick").mkdir()
    settings_file.save(tmp_path / "pc", Settings(backups=Backups(folder=str(tmp_path / "stick"))))
    return tmp_path / "pc"


def backed_up(folder: Path) -> Backup:
    store = Store.open(folder, clock=Clock())
    try:
        return backup.make(store, folder.parent / "stick")
    finally:
        store.close()


def break_head(folder: Path) -> None:
    content = (folder / FILE_NAME).read_bytes()
    (folder / FILE_NAME).write_bytes(b"x" * 4096 + content[4096:])


def problem_of(folder: Path, secret: str | None = None) -> UserError:
    with pytest.raises(UserError) as caught:
        Store.open(folder, secret=secret, clock=Clock()).close()
    return caught.value


@pytest.fixture
def rescue(qtbot, folder: Path) -> Iterator[Callable[..., RescueWindow]]:
    made: list[RescueWindow] = []

    def make(problem: UserError) -> RescueWindow:
        made.append(RescueWindow(folder, problem, AtOnce()))
        made[-1].show()
        made[-1].activateWindow()
        qtbot.waitUntil(made[-1].isActiveWindow)
        return made[-1]

    yield make
    for window in made:
        window.close()
        window.deleteLater()


def click(window: RescueWindow, words: str) -> None:
    button = next(one for one in window.findChildren(QPushButton)
                  if one.accessibleName() == words and one.isVisible())  # fmt: skip
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_damaged_file_is_restored_by_a_click(folder: Path, rescue: Callable[..., RescueWindow]) -> None:
    made = backed_up(folder)
    break_head(folder)
    window = rescue(problem_of(folder))
    assert "E-02" in window.sentence.text()
    assert window.list.chosen() == made
    click(window, "Coba pulihkan")
    assert window.feedback.text().startswith("Cadangan ini utuh")
    assert problem_of(folder).code == "E-02", "a rehearsal changes nothing"
    click(window, "Pulihkan")
    assert window.sentence.text().startswith("Sudah dipulihkan. Loket 07")
    click(window, "Buka Loket")
    assert window.again
    Store.open(folder, clock=Clock()).close()


def test_lost_slots_come_back_alone(folder: Path, rescue: Callable[..., RescueWindow]) -> None:
    backed_up(folder)
    before = (folder / FILE_NAME).read_bytes()
    (folder / SLOTS_NAME).unlink()
    window = rescue(problem_of(folder))
    click(window, "Pulihkan")
    assert "tidak ada yang hilang" in window.sentence.text()
    assert (folder / FILE_NAME).read_bytes() == before
    Store.open(folder, clock=Clock()).close()


def test_what_is_readable_is_saved_where_no_backup_is(folder: Path, rescue: Callable[..., RescueWindow]) -> None:
    content = bytearray((folder / FILE_NAME).read_bytes())
    content[90 * 4096 : 90 * 4096 + 50] = bytes(50)
    (folder / FILE_NAME).write_bytes(content)
    window = rescue(UserError("rusak", code="E-02"))
    assert window.list.empty.isVisible()
    assert not window.bring_back.isEnabled()
    click(window, "Selamatkan yang terbaca")
    assert "diselamatkan" in window.sentence.text()
    Store.open(folder, clock=Clock()).close()


def test_a_backup_that_needs_the_sheet_asks_for_it(folder: Path, rescue: Callable[..., RescueWindow]) -> None:
    store = Store.open(folder, clock=Clock())
    store.ring.set_recovery(CODE, MORNING)
    store.close()
    backed_up(folder)
    shutil.rmtree(folder)
    folder.mkdir()
    window = rescue(UserError("hilang", code="E-08"))
    window.place.set_value(str(folder.parent / "stick"))
    window.place.setFocus()
    QTest.keyClick(QApplication.focusWidget(), Key.Key_Return)
    click(window, "Pulihkan")
    assert "lembar pemulihan" in window.feedback.text()
    assert QApplication.focusWidget() is window.password.line
    QTest.keyClicks(window.password.line, CODE)
    click(window, "Pulihkan")
    assert window.sentence.text().startswith("Sudah dipulihkan")
    Store.open(folder, clock=Clock()).close()


def test_enter_opens_with_the_password(folder: Path, rescue: Callable[..., RescueWindow]) -> None:
    window = rescue(Locked("Ketik kata sandi Anda.", code="E-09"))
    window.password.setFocus()
    QTest.keyClick(window.password.line, Key.Key_Return)
    assert window.isVisible(), "nothing was typed"
    QTest.keyClicks(window.password.line, PASSWORD)
    QTest.keyClick(window.password.line, Key.Key_Return)
    assert (window.again, window.secret, window.isVisible()) == (True, PASSWORD, False)


def test_escape_closes_and_nothing_is_tried_again(folder: Path, rescue: Callable[..., RescueWindow]) -> None:
    window = rescue(Locked("Ketik kata sandi Anda.", code="E-09"))
    QTest.keyClick(window, Key.Key_Escape)
    assert (window.again, window.isVisible()) == (False, False)


@pytest.mark.parametrize("way", ["click", "escape", "frame"])
def test_a_folder_that_does_not_answer_does_not_hold_the_window(folder: Path, qtbot, way: str) -> None:
    slow = folder.parent / "stick" / "loket-1" / "20261125-080000" / ABOUT_NAME
    slow.parent.mkdir(parents=True)
    os.mkfifo(slow)  # whoever reads it waits for who writes it
    background = Worker()
    window = RescueWindow(folder, UserError("rusak", code="E-02"), background)
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert not window.try_out.isEnabled() and window.leave.isEnabled()
    if way == "click":
        click(window, "Tutup")
    elif way == "escape":
        QTest.keyClick(window, Key.Key_Escape)
    else:
        window.close()
    assert not window.isVisible() and background._thread.is_alive(), "gone at once, though the look still waits"
    slow.write_text("{}")
    qtbot.waitUntil(lambda: not background._thread.is_alive())
    assert not window.again


def test_the_program_asks_until_the_password_is_right_and_signs_its_officer_in(
    qapp: QApplication, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = Store.open(folder, clock=Clock())
    siti = officer_id(store, "Siti Rahmawati")
    store.ring.set_password(siti, PASSWORD, MORNING)
    store.ring.set_recovery(CODE, MORNING)
    store.ring.ask_for_password()
    store.close()
    said: list[str] = []
    typed = iter(["salah sama sekali", PASSWORD])

    def types(window: RescueWindow) -> None:
        said.append(window.problem.message)
        window.password.set_value(next(typed))
        window.unlock()

    seen: list[tuple[str, bool]] = []

    def shown(_app: object) -> int:
        window = next(one for one in QApplication.topLevelWidgets() if one.objectName() == "window" and one.isVisible())
        assert isinstance(window, MainWindow) and window.around.desk is not None
        seen.append((window.around.desk.officer_id, window.is_locked()))
        return 0

    monkeypatch.setattr(RescueWindow, "run", types)
    monkeypatch.setattr(QApplication, "exec", shown)
    assert window_command.run(folder) == 0
    assert seen == [(siti, False)], "no PIN after a password: never three secrets"
    assert "Sisa 4" in said[1]
    assert json.loads((folder / SLOTS_NAME).read_text())["this_pc"] is None


def test_a_tail_that_was_lost_is_told_and_numbers_begin_anew(qapp: QApplication, folder: Path) -> None:
    store = Store.open(folder, clock=Clock())
    store._witness.tell("019aaf4b-0000-7000-8000-000000000000")
    store.close()
    made = program.assemble(folder, clock=Clock(), background=AtOnce())
    text = made.window.feedback.text()
    made.close()
    assert "tidak ada nomor kembar" in text


def test_a_new_pc_takes_the_place_of_a_broken_one(make_window, folder: Path, tmp_path: Path) -> None:
    store = Store.open(folder, clock=Clock())
    store.ring.set_recovery(CODE, MORNING)
    store.close()
    made = backed_up(folder)
    new = Store.open(tmp_path / "new pc", clock=Clock())
    window = make_window(new, signed_in=False)
    QTest.keyClick(QApplication.focusWidget(), Key.Key_F8)
    assert window.wants_rescue and not window.isVisible()
    new.close()
    restore.restore(made, tmp_path / "new pc", CODE, clock=Clock())
    again = Store.open(tmp_path / "new pc", clock=Clock())
    assert officer_id(again, "Siti Rahmawati")
    again.close()
