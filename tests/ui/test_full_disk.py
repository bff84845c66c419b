"""A disk that takes nothing more: what stands on the desk stays there, it is said so, and nothing is called a fault."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import func, select

from desktop.models.access import AccessEvent
from desktop.models.local import OfficerSecret
from desktop.operations import drafts
from desktop.operations.intake_form import IntakeForm, PartyForm
from desktop.store import Store
from desktop.ui import main_window
from desktop.ui.join_front import JoinScreen
from desktop.ui.screen import Surroundings
from desktop.ui.sign_in import SignInScreen
from tests.conftest import Clock
from tests.ui.conftest import OTHER_PIN, PIN, Seconds, focus, full_disk, officer_id
from tests.ui.desk import SITI, At

FULL = "Disk PC ini penuh atau bermasalah. Yang terakhir belum tersimpan; data sebelumnya aman."
WRONG = "111222"


@pytest.fixture
def half(at: At) -> At:
    """A person half typed, nothing of it in the file yet."""
    return at.presses("Enter").types(SITI).types("Siti Aminah").presses("Enter")


def kept(at: At, *, is_parked: bool | None = None) -> int:
    with at.window.store.reading() as session:
        return len(drafts.drafts(session, is_parked=is_parked))


def looks(at: At) -> int:
    with at.window.store.reading() as session:
        return session.scalar(select(func.count()).select_from(AccessEvent)) or 0


def parks_one(at: At) -> None:
    at.types("Budi Santoso").presses("Enter", "F7")


class TestNothingLeavesTheDesk:
    @pytest.mark.parametrize("key", ["F2", "F7", "F6"])
    def test_what_cannot_be_put_aside_stays(self, at: At, key: str) -> None:
        at.types("Siti Aminah").presses("Enter")
        with full_disk():
            at.presses(key)
            assert at.value("applicant.name") == "Siti Aminah"
            assert at.message().startswith(FULL)
            assert at.window.feedback.kind == "bad"
        at.presses(key)
        assert at.message() == "Berkas Siti Aminah ditunda. Shift+F7 membukanya lagi."
        assert at.value("applicant.name") == ("Siti Aminah" if key == "F6" else "")
        assert kept(at, is_parked=True) == 1

    def test_a_parked_file_waits_while_the_desk_cannot_be_kept(self, at: At) -> None:
        parks_one(at)
        at.types("Siti Aminah").presses("Enter", "Shift+F7")
        with full_disk():
            at.presses("Enter")
            assert at.value("applicant.name") == "Siti Aminah"
            assert at.message().startswith(FULL)
        at.presses("Shift+F7", "Enter")
        assert at.value("applicant.name") == "Budi Santoso"

    def test_the_people_of_another_file_do_not_come_over_it(self, at: At) -> None:
        at.types("Siti Aminah").presses("Enter")
        with full_disk():
            at.screen.show_thing(IntakeForm(service_id="", applicant=PartyForm(name="Budi Santoso")))
            assert at.value("applicant.name") == "Siti Aminah"
            assert at.message().startswith(FULL)
        at.screen.show_thing(IntakeForm(service_id="", applicant=PartyForm(name="Budi Santoso")))
        assert at.value("applicant.name") == "Budi Santoso"
        assert kept(at, is_parked=True) == 1

    def test_a_short_file_is_not_opened_over_it(self, at: At) -> None:
        at.fills_person().types("23").types("*").types("-2").presses("F9")
        at.types(SITI).looks().types("2")
        assert at.screen.offer is not None
        at.screen.lookup.duplicates = []
        number = at.screen.file.last.outcome.application_id
        with full_disk():
            at.screen.lookup.open_returning(number)
            assert at.screen.returning is None
            assert at.value("applicant.nik") == SITI
            assert at.message().startswith(FULL)

    def test_it_is_said_once_and_kept_as_soon_as_there_is_room(self, half: At) -> None:
        with full_disk():
            half.types("08123")
            half.screen.aside.keep()
            assert half.message().startswith(FULL)
            half.window.feedback.clear()
            half.presses("Enter", "Enter")
            assert half.message() == ""
            assert half.screen.aside.is_dirty
        half.presses("Esc")
        with half.window.store.reading() as session:
            (draft,) = drafts.drafts(session)
        assert draft.content["form"]["applicant"]["phone"] == "08123"

    def test_emptying_a_drafted_name_is_no_fault_of_the_program(self, at: At) -> None:
        at.types("Siti").presses("Enter", "Down")
        assert kept(at) == 1
        draft = at.screen.aside.draft_id
        with full_disk():
            at.presses(*["Backspace"] * 4, "Enter", "Enter")
            assert at.message().startswith(FULL)
            assert at.screen.aside.draft_id == draft, "it is still there, so it is still ours"
        at.types("Budi").presses("Enter")
        assert kept(at) == 1

    def test_a_counted_visit_and_its_draft_go_together(self, at: At) -> None:
        with full_disk():
            at.presses("Shift+F2").types("1")
            assert at.message().startswith(FULL)


class TestCoveredNik:
    def test_a_look_that_cannot_be_written_down_shows_nothing(self, at: At) -> None:
        at.fills_person().types("23").types("*").presses("F9")
        at.types(SITI).looks()
        nik = at.screen.people.nik
        nik.set_value(SITI)
        with full_disk():
            QTest.mousePress(nik._eye, Qt.MouseButton.LeftButton)
            assert nik.line.text() == "3319 •••• •••• 0003"
            assert at.message().startswith(FULL)
            QTest.mouseRelease(nik._eye, Qt.MouseButton.LeftButton)
        assert looks(at) == 0
        QTest.mousePress(nik._eye, Qt.MouseButton.LeftButton)
        assert nik.line.text() == "3319 0752 0389 0003"
        QTest.mouseRelease(nik._eye, Qt.MouseButton.LeftButton)
        assert looks(at) == 1

    def test_a_copy_that_cannot_be_written_down_copies_nothing(self, half: At) -> None:
        with full_disk():
            half.presses("Ctrl+Shift+N")
            assert half.message().startswith(FULL)
            assert QApplication.clipboard().text() == ""
        half.presses("Ctrl+Shift+N")
        assert QApplication.clipboard().text() == SITI


class TestClosing:
    def test_the_first_close_is_refused_and_the_second_goes_through(self, half: At) -> None:
        with full_disk():
            assert not half.window.close()
            assert half.window.isVisible()
            assert half.message().startswith(FULL)
            assert "Tutup sekali lagi" in half.message()
            assert half.value("applicant.name") == "Siti Aminah"
            assert half.window.close()

    def test_a_close_much_later_is_a_first_one_again(self, half: At, seconds: Seconds) -> None:
        with full_disk():
            assert not half.window.close()
            seconds.now += main_window.CLOSE_AGAIN + 1
            assert not half.window.close()
        assert half.window.close()
        assert kept(half) == 1

    def test_an_empty_desk_closes_at_once(self, at: At) -> None:
        with full_disk():
            assert at.window.close()

    def test_the_end_of_the_session_is_not_held_up(self, half: At) -> None:
        with full_disk():
            half.window._session_ends(None)
            assert half.window.close()


class TestSignIn:
    @pytest.fixture
    def locked(self, half: At) -> At:
        half.screen.aside.keep()
        half.types("0812").presses("Ctrl+L")
        assert half.window.is_locked()
        return half

    def test_the_officer_of_the_desk_comes_in(self, locked: At) -> None:
        with full_disk():
            QTest.keyClicks(focus(), PIN)
            assert not locked.window.is_locked()
            assert locked.value("applicant.phone") == "0812"
            assert locked.message().startswith(FULL)

    def test_another_officer_does_not_wipe_out_what_cannot_be_kept(self, locked: At) -> None:
        with full_disk():
            press_tile(locked, "Rini Astuti")
            QTest.keyClicks(focus(), OTHER_PIN)
            assert locked.window.is_locked()
            assert "hanya petugas terakhir" in locked.message()
            press_tile(locked, "Siti Rahmawati")
            QTest.keyClicks(focus(), PIN)
            assert locked.value("applicant.phone") == "0812"

    def test_another_officer_comes_to_an_empty_desk(self, at: At) -> None:
        at.presses("Ctrl+L")
        with full_disk():
            press_tile(at, "Rini Astuti")
            QTest.keyClicks(focus(), OTHER_PIN)
            assert not at.window.is_locked()

    def test_wrong_tries_count_in_memory_and_then_in_the_file(self, locked: At, clock: Clock) -> None:
        store = locked.window.store
        with full_disk():
            for left in (4, 3, 2, 1):
                QTest.keyClicks(focus(), WRONG)
                assert verdict(locked) == f"PIN salah. Sisa {left} kesempatan."
            QTest.keyClicks(focus(), WRONG)
            assert "30 detik" in verdict(locked)
            QTest.keyClicks(focus(), PIN)
            assert locked.window.is_locked(), "even the right one has to wait"
            locked.window.wear(text_size=12)  # the screen is built anew, the count stays
            QTest.keyClicks(focus(), PIN)
            assert locked.window.is_locked()
        assert tries(store) == 0, "the control: nothing of it is in the file"
        QTest.keyClicks(focus(), WRONG)
        assert tries(store) == 5
        assert "30 detik" in verdict(locked)
        clock.forward(seconds=31)
        QTest.keyClicks(focus(), PIN)
        assert not locked.window.is_locked()
        assert tries(store) == 0


def verdict(at: At) -> str:
    front = at.window.current()
    assert isinstance(front, SignInScreen)
    return front.verdict.text()


def press_tile(at: At, name: str) -> None:
    front = at.window.current()
    assert isinstance(front, SignInScreen)
    tile = next(tile for tile in front._tiles if tile.person.name == name)
    QTest.mouseClick(tile, Qt.MouseButton.LeftButton)


def tries(store: Store) -> int:
    siti = officer_id(store, "Siti Rahmawati")
    with store.reading() as session:
        return session.get_one(OfficerSecret, siti).wrong_tries


def test_the_officer_of_a_pc_that_joined_is_asked_for_all_the_same(around: Surroundings, qtbot) -> None:
    wizard = JoinScreen(around)
    qtbot.addWidget(wizard)
    with full_disk():
        wizard.joining.joined.emit()
    assert wizard.act("F9").label == "Mulai"
