"""A supervisor's PIN at an officer's desk: one act is done with it, both stand in the records, nobody is signed out."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from PySide6.QtWidgets import QLineEdit

from desktop.models.access import AccessEvent
from desktop.models.application import Application, Correction, StatusMove
from desktop.models.journal import Entry
from desktop.models.local import Draft
from desktop.operations import access
from desktop.operations.intake_form import Outcome
from desktop.store import Store
from desktop.ui.amending import CorrectionForm, VoidForm
from desktop.ui.consent import ConsentForm
from desktop.ui.main_window import MainWindow
from tests.conftest import Clock
from tests.operations.small_hall import KTP, RINI, SARI, AtTheDesk, furnish
from tests.ui.card import ENTRIES, Card, kept
from tests.ui.gun import Gun

pytestmark = pytest.mark.xcb
PIN, WRONG = "482915", "739154"


@pytest.fixture
def desk(store: Store) -> AtTheDesk:
    furnish(store)
    with store.saving(None) as session:
        access.give_pin(session, SARI, PIN)
    return AtTheDesk(store)


@pytest.fixture
def file(desk: AtTheDesk, clock: Clock) -> Outcome:
    outcome = desk.receive(KTP, "Siti Amina", nik="3319014107900003", phone="081234567890")
    clock.forward(minutes=20)  # Rini may not put it right alone any more
    return outcome


@pytest.fixture
def card(desk: AtTheDesk, file: Outcome, make_window: Callable[..., MainWindow]) -> Card:
    window = make_window(desk.store, signed_in=False, entries=ENTRIES)
    window.sign_in(RINI)
    return Card(window, file)


def is_asking(card: Card) -> bool:
    return isinstance(card.screen.amending.form, ConsentForm)


def signer(desk: AtTheDesk, eid: str) -> str | None:
    with desk.store.reading() as session:
        return session.get_one(Entry, eid).officer_id


def test_the_sixth_digit_of_the_pin_opens_what_was_asked_for(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("2")
    assert is_asking(card) and card.at.focus() == "supervisor_pin_edit"
    assert card.said() == "Sudah lewat 10 menit sejak disimpan. Perlu persetujuan pengawas untuk mengubahnya."
    card.types(PIN)
    assert isinstance(card.screen.amending.form, VoidForm)
    card.types("1").presses("F9")
    (move,) = [move for move in kept(desk, StatusMove) if move.to_state == "VOID"]
    assert (move.officer_id, move.authorised_by, signer(desk, move.eid)) == (RINI, SARI, RINI)
    assert card.newest().endswith("tidak dipakai lagi. Disetujui Sari dengan PIN di loket.")
    assert card.screen.around.desk is not None and card.screen.around.desk.officer_id == RINI


def test_a_correction_names_both(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("1").types(PIN)
    assert isinstance(card.screen.amending.form, CorrectionForm)
    card.types("Siti Aminah").presses("F9").types("1").presses("F9")
    (correction,) = kept(desk, Correction)
    assert (correction.officer_id, signer(desk, correction.eid)) == (RINI, RINI)
    assert [event.officer_id for event in kept(desk, AccessEvent) if event.act == access.CONSENT] == [SARI]
    told = [row.text for row in card.screen.card.story.rows.rows]
    assert "Perbaikan disetujui Sari dengan PIN di loket." in told


def test_it_is_for_one_act_only(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("1").types(PIN).presses("Esc")
    assert card.screen.is_card()
    card.presses("F12").types("1")
    assert is_asking(card)
    card.presses("Esc")
    assert card.screen.is_card() and kept(desk, Correction) == []


def test_another_service_is_consented_to_before_its_form_is_filled(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("3")
    assert is_asking(card)
    card.types(PIN)
    assert card.at.notice().startswith("Pengganti berkas")
    card.at.types("keluarga").presses("Enter").types("*").presses("F9")
    first, second = kept(desk, Application)
    (move,) = [move for move in kept(desk, StatusMove) if move.to_state == "VOID"]
    assert (move.application_id, move.replaced_by) == (first.id, second.id)
    assert (move.officer_id, move.authorised_by) == (RINI, SARI)


def test_what_is_put_aside_keeps_no_consent(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("3").types(PIN)
    card.at.types("keluarga").presses("Enter").types("*")
    card.window.wear(theme="dark")
    assert card.at.screen.authorised_by == SARI, "another dress is not put aside"
    card.at.presses("F7")
    (draft,) = kept(desk, Draft)
    assert draft.content["form"]["authorised_by"] is draft.content["opened"]["authorised_by"] is None
    card.at.presses("Shift+F7", "Enter")
    assert is_asking(card) and card.at.focus() == "supervisor_pin_edit"
    assert card.said() == "Sudah lewat 10 menit sejak disimpan. Perlu persetujuan pengawas untuk mengubahnya."
    card.presses("Esc", "F2")  # it waits at the desk as it is
    card.at.presses("F7", "Shift+F7", "Enter")
    card.types(WRONG)
    assert is_asking(card)
    card.types(PIN)
    assert card.at.notice().startswith("Pengganti berkas")
    assert card.said() == "Pengawas setuju. F9 menyimpan berkas pengganti ini."
    card.at.presses("F9")
    (move,) = [move for move in kept(desk, StatusMove) if move.to_state == "VOID"]
    assert (move.officer_id, move.authorised_by) == (RINI, SARI)
    assert len(kept(desk, Application)) == 2


def test_f9_asks_for_the_consent_that_is_missing(card: Card, desk: AtTheDesk) -> None:
    """Begun within the ten minutes, or opened again and left: nothing is void before a supervisor says so."""
    card.presses("F12").types("3").types(PIN)
    card.at.types("keluarga").presses("Enter").types("*").presses("F7").presses("Shift+F7", "Enter", "Esc")
    card.window.show_screen("intake")
    card.at.presses("F9")
    assert is_asking(card) and len(kept(desk, Application)) == 1
    card.types(PIN)
    assert card.at.states()[0] == "Ada", "what was marked stays"
    card.at.presses("F9")
    assert len(kept(desk, Application)) == 2


def test_a_wrong_pin_opens_nothing_and_five_lock_it_at_the_sign_in_too(
    card: Card, desk: AtTheDesk, clock: Clock
) -> None:
    card.presses("F12").types("2")
    form = card.screen.amending.form
    assert isinstance(form, ConsentForm)
    for left in (4, 3, 2, 1):
        card.types(WRONG)
        assert form.pin.sentence() == f"PIN salah. Sisa {left} kesempatan." and form.pin.value() == ""
    card.types(WRONG).types(PIN)
    assert is_asking(card) and form.pin.sentence().startswith("Terlalu banyak PIN salah.")
    with desk.store.saving(None) as session:
        assert access.sign_in(session, SARI, PIN).officer is None
    clock.forward(seconds=31)
    card.types(PIN)
    assert isinstance(card.screen.amending.form, VoidForm)


def test_half_a_pin_is_no_try(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("2").types(PIN[:4]).presses("F9")
    form = card.screen.amending.form
    assert isinstance(form, ConsentForm) and form.pin.sentence() == "PIN terdiri dari 6 angka."
    card.types(WRONG)
    assert form.pin.sentence() == "PIN salah. Sisa 4 kesempatan."


def test_a_scan_is_no_try_of_a_pin(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("2")
    gun = Gun(card.window)
    gun.shoots(card.file.number)
    gun.rests()
    form = card.screen.amending.form
    assert isinstance(form, ConsentForm) and form.pin.value() == "" and form.pin.sentence() == ""
    assert card.said() == "Di sini PIN diketik. Pindai sesudahnya."
    card.types(WRONG)
    assert form.pin.sentence() == "PIN salah. Sisa 4 kesempatan."


def test_what_was_typed_while_the_ten_minutes_ended_waits_for_the_consent(
    desk: AtTheDesk, clock: Clock, make_window: Callable[..., MainWindow]
) -> None:
    file = desk.receive(KTP, "Siti Amina", nik="3319014107900003")
    window = make_window(desk.store, signed_in=False, entries=ENTRIES)
    window.sign_in(RINI)
    card = Card(window, file).presses("F12").types("1").types("Siti Aminah")
    assert isinstance(card.screen.amending.form, CorrectionForm), "within the ten minutes nobody is asked"
    clock.forward(minutes=20)
    card.presses("F9").types("1").presses("F9")
    assert is_asking(card) and card.at.focus() == "supervisor_pin_edit"
    card.types(PIN)
    assert card.form.fields["applicant.name"].value() == "Siti Aminah" and card.form.reason.value() == "typing"
    card.presses("F9")
    assert kept(desk, Correction)[0].field == "name"


def test_where_several_may_one_is_chosen(
    desk: AtTheDesk, file: Outcome, make_window: Callable[..., MainWindow]
) -> None:
    with desk.store.saving(None) as session:
        agency_id = desk.desk.agency_ids[0]
        access.add_officer(session, name="Bambang", role="admin", pin=WRONG, agency_id=agency_id)
    window = make_window(desk.store, signed_in=False, entries=ENTRIES)
    window.sign_in(RINI)
    card = Card(window, file).presses("F12").types("2")
    assert card.at.focus() == "supervisor_edit"
    card.presses("F9")
    assert card.screen.amending.form is not None
    assert card.screen.amending.form.fields["supervisor"].sentence() == "Pilih pengawas dari daftar."
    card.types("bam").presses("Enter").types(WRONG)
    assert isinstance(card.screen.amending.form, VoidForm)


def test_digits_are_covered_and_everything_has_a_name(card: Card) -> None:
    card.presses("F12").types("2").types(PIN[:3])
    form = card.screen.amending.form
    assert isinstance(form, ConsentForm)
    assert form.pin.line.echoMode() is QLineEdit.EchoMode.Password and form.pin.line.accessibleName() == "PIN 6 angka"
    assert [act.label for act in card.screen.acts()] == ["Setujui", "Kembali ke berkas"]
    card.window.wear(language="en", theme="dark")
    assert card.screen.is_card()  # half a PIN is not carried into another language
