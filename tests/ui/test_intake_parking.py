"""What is half typed is put aside, and is there again."""

from __future__ import annotations

import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtWidgets import QWidget
from sqlalchemy import select

from desktop.models.application import Visit
from desktop.models.local import PrintJob
from desktop.operations import drafts
from desktop.store import Store
from tests.conftest import Clock
from tests.ui.conftest import full_disk
from tests.ui.desk import BIRTH, BUDI, CHANGED, KTP, LOST, SITI, At, every, only, serve


class TestSetAside:
    def test_f2_parks_what_is_half_typed(self, at: At) -> None:
        at.types(SITI).looks().types("Siti Aminah").presses("F2")
        assert at.is_clear()
        assert "ditunda" in at.message()
        at.presses("Shift+F7").presses("Enter")
        assert at.value("applicant.name") == "Siti Aminah"
        assert at.value("applicant.nik") == SITI

    def test_news_of_a_paper_leave_the_cursor_on_its_line(self, at: At, clock: Clock) -> None:
        for name in ("Siti Aminah", "Budi Santoso"):
            at.presses("F2").types(SITI).looks().types(name).presses("F7")
            clock.forward(minutes=1)
        at.presses("Shift+F7", "Down")
        at.window.store.announce(frozenset({"print_job"}))
        at.looks()
        at.presses("Enter")
        assert at.value("applicant.name") == "Siti Aminah"

    def test_an_empty_desk_parks_nothing(self, at: At) -> None:
        at.presses("F2", "F2")
        assert at.screen.parking.rows == []

    def test_time_aside_is_not_service(self, at: At, clock: Clock) -> None:
        at.fills_person().types(KTP).types(LOST).types("*").presses("F7")
        clock.forward(minutes=20)
        at.presses("Shift+F7", "Enter").presses("F9")
        visit = only(at.window.store, Visit)
        assert visit.parked_s == 20 * 60
        assert visit.finished_at - visit.started_at == timedelta(minutes=20)

    def test_the_whole_list_comes_back(self, at: At) -> None:
        at.fills_person().types(BIRTH).types("Ananda").presses("Enter").types("01082026").looks()
        at.types("2").types("1").types("2").types("1").types("-23").presses("F7")
        assert at.is_clear()
        at.presses("Shift+F7", "Enter")
        assert at.value("subject.name") == "Ananda"
        assert at.states()[:2] == ["Ada", "Data tidak sama"]
        assert at.screen.panel.answers() == {"FIRST_CHILD": True, "NO_MARRIAGE_CERT": False}

    def test_a_pause_is_enough_for_a_power_cut(
        self, ready_folder: Path, tmp_path: Path, clock: Clock, qtbot, make_window
    ) -> None:
        folder = tmp_path / "cut"
        shutil.copytree(ready_folder, folder)
        store = Store.open(folder, clock=clock)
        window = make_window(store)
        at = At(window)
        at.types(SITI).looks().types("Siti Aminah")
        qtbot.waitUntil(lambda: any(d.content["form"]["applicant"]["name"] for d in every(store, drafts.Draft)))
        # The power goes: nothing is put aside and nothing is closed; the file is taken over as it lies on the disk.
        after = tmp_path / "after"
        shutil.copytree(folder, after)
        revived = Store.open(after, clock=clock)
        try:
            again = At(make_window(revived))
            assert again.message() == "Berkas yang belum selesai sudah dipulihkan (1)."
            assert again.value("applicant.name") == "Siti Aminah"
            assert again.value("applicant.nik") == SITI
            again.window.close()
        finally:
            window.close()
            store.close()
            revived.close()

    def test_news_does_not_close_the_list_while_the_window_is_behind_another(self, at: At, qtbot) -> None:
        at.types(SITI).looks().types("Siti Aminah").presses("F7")
        at.types(BUDI).looks().types("Budi").presses("Shift+F7")
        other = QWidget()
        other.show()
        other.activateWindow()
        qtbot.waitUntil(other.isActiveWindow)
        at.window.store.announce(frozenset({"draft"}))
        at.typist.settle()
        other.close()
        at.window.activateWindow()
        qtbot.waitUntil(at.window.isActiveWindow)
        assert at.screen.side.is_waiting() and at.focus() == "parked"

    @pytest.mark.parametrize(("digit", "state"), [("1", "out"), ("2", "sent")])
    def test_after_a_power_cut_the_digit_answers_the_paper_and_turns_no_line(
        self, at: At, ready_folder: Path, tmp_path: Path, clock: Clock, make_window, digit: str, state: str
    ) -> None:
        number = serve(at)
        at.fills_person(nik=BUDI, name="Budi Santoso").types(KTP).types(CHANGED).types("1")
        states = at.states()
        at.screen.aside.keep()
        with at.window.store.saving(None) as session:
            only_one = session.scalars(select(PrintJob)).one()
            only_one.state = "sending"  # the power went while this paper was at the printer
        after = tmp_path / "after"
        shutil.copytree(at.window.store.folder, after)
        revived = Store.open(after, clock=clock)
        try:
            again = At(make_window(revived))
            asked = f"Kertas nomor {number[9:13]}-{number[13]} sudah keluar dari printer?"
            assert (again.message(), again.window.feedback.is_asking()) == (asked, True)
            if digit == "1":
                with full_disk():
                    again.presses(digit)
                assert again.message().startswith("Disk PC ini penuh")
                again.screen.file.ask_unsure()
            again.presses(digit)
            assert not again.window.feedback.is_asking()
            assert again.states() == states
            assert only(revived, PrintJob).state == state
            assert again.value("applicant.name") == "Budi Santoso"
            assert again.focus() == "checklist_list", "and the work goes on where it was"
            again.window.close()
        finally:
            revived.close()

    def test_closing_parks(self, at: At) -> None:
        at.types(SITI).looks().types("Siti Aminah")
        at.window.close()
        assert only(at.window.store, drafts.Draft).is_parked

    def test_f9_leaves_no_draft_behind(self, at: At, qtbot) -> None:
        at.types(SITI).looks().types("Siti Aminah").presses("Enter")
        qtbot.waitUntil(lambda: bool(every(at.window.store, drafts.Draft)))
        at.presses("Enter", "Enter", "Enter").types(KTP).types(LOST).types("*").presses("F9")
        assert at.screen.file.last is not None
        assert every(at.window.store, drafts.Draft) == []

    def test_another_language_keeps_what_is_typed(self, at: At) -> None:
        at.fills_person().types(KTP).types(CHANGED).types("12")
        at.window.wear(language="en", theme="dark", text_size=13)
        assert at.value("applicant.name") == "Siti Aminah Rahay"
        assert at.screen.form().checks.keys() == {"F_1_02", "KK_FC"}
        assert at.focus() == "checklist_list"
        at.types("*").presses("F9")
        assert at.screen.file.last is not None


class TestTheSamePerson:
    def test_f6_keeps_the_person_and_nothing_else(self, at: At) -> None:
        serve(at)
        at.presses("F6")
        assert at.focus() == "service_edit"
        assert at.value("applicant.name") == "Siti Aminah"
        assert at.screen.form().checks == {}

    def test_f6_on_a_half_done_file_parks_it(self, at: At) -> None:
        at.fills_person().types(KTP).types(LOST).types("1").presses("F6")
        assert len(at.screen.parking.rows) == 1
        assert at.value("applicant.nik") == SITI
        assert at.screen.offer is None
