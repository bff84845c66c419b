"""Diterima saat gangguan at the desk: the rows of the emergency form, by keyboard, and the file they make."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select

from desktop.models.application import Application, StatusMove
from desktop.operations import standards
from desktop.operations.catalog import definition_of, newest_standard
from desktop.store import Store
from desktop.ui.main_window import MainWindow
from tests.conftest import Clock
from tests.ui.conftest import officer_id
from tests.ui.desk import BUDI, KTP, LOST, At


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


def test_the_list_is_that_of_the_papers_day(window: MainWindow, ready_store: Store, clock: Clock) -> None:
    at = At(window)
    at.fills_person().types(KTP).types(LOST).types("*")
    with ready_store.saving(officer_id(ready_store, "Siti Rahmawati")) as session:
        key = at.screen.offer.service_id
        base = newest_standard(session, key)
        made = standards.line_changed(definition_of(base), "KK_FC", {"Lembar": "3"})
        standards.renew(session, window.around.desk, key, made, base_id=base.id, decree=standards.Decree())
    clock.forward(minutes=60)
    at.presses("F9")  # a new applicant is asked by the new one
    assert at.message().startswith("Standar baru berlaku"), at.message()
    at.presses("Ctrl+G").types("231120260800").types("1").presses("F9")  # one of this morning by the one of then
    assert at.message().startswith("Pada Senin, 23 November 2026 berlaku standar lain."), at.message()
    asked = {line.code: line.copies for line in at.screen.standard.definition.requirements}
    assert asked["KK_FC"] == 1
    at.presses("F9")
    with window.store.reading() as session:
        application = session.scalars(select(Application)).one()
        assert application.standard_id == base.id
    assert at.is_clear(), at.message()
    at.fills_person(nik=BUDI).presses("Ctrl+G").types("231120260800").types("1").presses("Enter")
    at.types(KTP).types(LOST)  # the paper first: the right list at once
    asked = {line.code: line.copies for line in at.screen.standard.definition.requirements}
    assert asked["KK_FC"] == 1
