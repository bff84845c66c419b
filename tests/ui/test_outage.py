"""Diterima saat gangguan at the desk: the rows of the emergency form, by keyboard, and the file they make."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from desktop.models.application import Application, StatusMove
from desktop.ui.main_window import MainWindow
from tests.ui.conftest import officer_id
from tests.ui.desk import At
from tests.ui.test_intake import KTP, LOST


def test_an_emergency_form_is_typed_in_with_its_own_time(window: MainWindow) -> None:
    at = At(window)
    at.fills_person().presses("Ctrl+G")
    assert at.focus() == "outage.day_edit"
    at.types("201120260930").types("1").types("rini").presses("Enter")
    at.types(KTP).types(LOST).types("*").presses("F9")
    assert at.screen.file.last is not None, at.message()
    with window.store.reading() as session:
        application = session.scalars(select(Application)).one()
        move = session.scalars(select(StatusMove)).one()
        local = window.around.desk.local(application.received_at)
    assert (local.date(), local.hour, local.minute) == (date(2026, 11, 20), 9, 30)
    assert (application.is_outage_entry, move.reason_code) == (True, "power_cut")
    assert application.received_by == officer_id(window.store, "Rini Astuti")
    assert move.complete_at == application.received_at
    assert at.is_clear()
    assert not at.screen.people.outage_day.isVisible(), "the next file is received now again"


def test_what_is_missing_on_the_form_is_asked_under_its_field(window: MainWindow) -> None:
    at = At(window)
    at.fills_person().types(KTP).types(LOST).types("*").presses("Ctrl+G", "F9")
    assert at.focus() == "outage.day_edit"
    assert "Isi tanggal" in at.under("outage.day")
    at.types("23112026").types("2359").presses("F9")
    assert at.focus() == "outage.reason_edit"
    at.types("2").presses("F9")
    assert "belum tiba" in at.under("outage.day")


def test_the_rows_survive_parking_and_larger_letters_and_go_with_the_key(window: MainWindow) -> None:
    at = At(window)
    at.fills_person().presses("Ctrl+G").types("201120260930")
    at.presses("Ctrl++")
    at = At(window)
    assert at.value("outage.day") == date(2026, 11, 20)
    at.presses("F7", "Shift+F7", "Enter")
    assert (at.value("outage.day"), at.value("outage.clock")) == (date(2026, 11, 20), "0930")
    at.presses("Ctrl+G")
    assert at.screen.form().outage is None
