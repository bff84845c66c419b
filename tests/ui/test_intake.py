"""The intake screen as an officer meets it: real keys in a real window on a real file, with the shipped catalogue."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from desktop.models.application import Visit
from desktop.models.catalog import Service
from desktop.store import Store
from tests.ui.conftest import focus, paste
from tests.ui.desk import KTP, LOST, SITI, At, only, serve


class TestOtherWays:
    def test_a_visit_without_a_file_in_two_keys(self, at: At) -> None:
        at.types(SITI).looks().types("Siti").presses("Shift+F2").types("1")
        visit = only(at.window.store, Visit)
        assert (visit.outcome, visit.application_id) == ("consulted", None)
        assert at.message() == "Kunjungan dicatat: konsultasi."
        assert at.value("applicant.name") == "Siti"

    def test_a_service_that_is_only_counted(self, make_window, ready_store: Store) -> None:
        with ready_store.saving(None) as session:
            session.scalars(select(Service).where(Service.code == "DKC-11")).one().mode = "record_only"
        at = At(make_window(ready_store))
        at.types("legalisir").presses("Enter")
        assert at.meaning() == "ANGKA = HASIL"
        at.types("1")
        visit = only(ready_store, Visit)
        assert visit.outcome == "complete" and visit.standard_id and visit.application_id is None
        assert at.is_clear()

    def test_a_counter_with_one_service_opens_with_its_list(self, make_window, ready_store: Store) -> None:
        with ready_store.saving(None) as session:
            for service in session.scalars(select(Service)):
                service.is_open = service.code == "DKC-11"
        at = At(make_window(ready_store))
        assert len(at.lines()) == 2
        assert at.is_clear()
        at.types(SITI).looks().types("Siti").presses("Enter", "Enter").types("baro").presses("Enter", "Enter")
        assert at.focus() == "checklist_list"
        at.types("*").presses("F9")
        assert at.screen.file.last is not None
        assert len(at.lines()) == 2

    @pytest.mark.parametrize(("key", "text"), [("Ctrl+Shift+N", SITI), ("Ctrl+Shift+M", "Siti Aminah")])
    def test_nik_and_name_are_copied_for_a_minute(self, at: At, key: str, text: str) -> None:
        serve(at)
        at.presses(key)
        assert QApplication.clipboard().text() == text
        timer = at.screen.clipping.timer
        assert timer.isActive() and timer.interval() == 60_000
        timer.timeout.emit()
        assert QApplication.clipboard().text() == ""

    def test_a_copied_nik_is_forgotten_by_a_screen_that_was_built_anew(self, at: At) -> None:
        serve(at)
        at.presses("Ctrl+Shift+N")
        at.window.wear(theme="dark")
        assert at.screen.clipping.timer.isActive()
        at.screen.clipping.timer.timeout.emit()
        assert QApplication.clipboard().text() == ""

    def test_a_copied_nik_does_not_stay_behind_the_program(self, at: At) -> None:
        serve(at)
        at.presses("Ctrl+Shift+N")
        at.window.close()
        assert QApplication.clipboard().text() == ""

    def test_what_somebody_else_copied_stays(self, at: At) -> None:
        serve(at)
        at.presses("Ctrl+Shift+M")
        QApplication.clipboard().setText("another")
        at.screen.clipping.timer.timeout.emit()
        assert QApplication.clipboard().text() == "another"

    def test_priority_is_one_key_away(self, at: At) -> None:
        at.fills_person().presses("Ctrl+T").types("2")
        at.presses("Esc")
        assert at.screen.form().vulnerable_group == "elderly"

    def test_esc_goes_one_step_back_and_loses_nothing(self, at: At) -> None:
        at.fills_person().types(KTP).types(LOST).types("1")
        seen = []
        for _step in range(9):
            seen.append(at.focus())
            at.presses("Esc")
        assert seen[:4] == ["checklist_list", "variant_edit", "service_edit", "for_whom_edit"]
        assert seen[-1] == "entry_bar"
        assert at.screen.form().checks

    def test_every_key_that_is_valid_is_shown(self, at: At) -> None:
        at.fills_person().types(KTP)
        keys = {act.key for act in at.screen.acts()}
        assert keys >= {"F2", "F6", "F7", "F9", "Shift+F2", "Shift+F7", "Shift+F9", "Shift+F12", "Ctrl+P", "Ctrl+T"}
        assert len(keys) == len(at.screen.acts())


HOSTILE = [
    "x" * 10_000,
    "\x00\x01\x1b[31mSiti\x7f\x9f",
    "\u202eitiS\u2066\u200b\ufeff",
    "😀👩‍👩‍👧 Siti 🇮🇩",
    "'; DROP TABLE party; --",
    "<b>Siti</b><img src=x onerror=alert(1)>",
    "=HYPERLINK(\"http://x\")",
    "%s%n{0}{name}\\u0000",
    "a\nb\tc\r\nd",
    "\ud800",
]  # fmt: skip


class TestBadInput:
    @pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
    def test_any_text_in_any_field(self, at: At, text: str) -> None:
        people = at.screen.people
        at.types("ktp hil").presses("Enter").types(LOST)
        people.show_more()
        for whom in ("2", "3", "4"):
            people.whom.setFocus()
            at.types(whom)
            for field in people.walk():
                field.setFocus()
                paste(focus(), text)
                field.judge()
                assert len(str(field.value() or "")) <= 500
        for field in (at.screen.bar, at.screen.panel.service):
            field.setFocus()
            paste(focus(), text)
            at.presses("Enter")
        at.presses("F9", "F9")
        assert at.window.feedback.kind != "trouble"

    def test_a_wrong_digit_in_a_nib_or_a_date_says_so(self, at: At) -> None:
        people = at.screen.people
        people.whom.setFocus()
        at.types("2").types("Anak").presses("Enter").types("31022026")
        assert at.under("subject.birth_date").startswith("Tanggal 31-02-2026 tidak ada")
        people.whom.setFocus()
        at.types("4").types("CV Maju").presses("Enter").types("123").presses("Enter")
        assert at.under("subject.nib").startswith("NIB terdiri dari 13 angka")
        people.phone.setFocus()
        at.types("0812").presses("Enter")
        assert at.under("applicant.phone") == "Nomor HP baru 4 angka (biasanya 10–13). Kosongkan bila tidak punya."

    def test_an_unknown_service_is_said_under_the_field(self, at: At) -> None:
        at.screen.panel.service.setFocus()
        at.types("zzz").presses("Enter")
        assert "Tidak ada yang cocok" in at.under("service")
        assert at.focus() == "service_edit"
