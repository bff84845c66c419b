"""Mistakes put right at the card of a file: by keyboard alone, by click, with what was typed never lost."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

from desktop.models.access import AccessEvent
from desktop.models.application import Application, Correction, PaperPrint, StatusMove
from desktop.models.people import Party
from desktop.operations import correcting, history, voiding
from desktop.operations.intake_form import Outcome, PartyForm
from desktop.ui.amending import NoteForm, VoidForm
from desktop.ui.main_window import MainWindow
from tests.conftest import Clock
from tests.operations.small_hall import BUDI, KK, KTP, RINI, SARI, AtTheDesk
from tests.ui.card import ENTRIES, Card, at_short, kept

pytestmark = pytest.mark.xcb
NIK = "3319014107900003"


@pytest.fixture
def file(desk: AtTheDesk, clock: Clock) -> Outcome:
    outcome = desk.receive(KTP, "Siti Amina", nik=NIK, phone="081234567890")
    clock.forward(minutes=2)
    return outcome


@pytest.fixture
def card(desk: AtTheDesk, file: Outcome, make_window: Callable[..., MainWindow]) -> Card:
    window = make_window(desk.store, signed_in=False, entries=ENTRIES)
    window.sign_in(RINI)
    return Card(window, file)


# Correcting ----------------------------------------------------------------------------------------------------------


def test_a_name_is_put_right_by_keys_alone_and_its_paper_comes_anew(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("1")
    assert card.at.focus() == "applicant.name_edit" and card.screen.is_amending()
    card.types("Siti Aminah")
    was = card.form.findChild(QWidget, "applicant.name_was")
    assert was.isVisible() and was.text() == "Siti Amina"
    card.presses("F9")
    assert card.at.focus() == "reason_edit" and card.form.reason.sentence() == "Pilih alasannya dengan angka."
    card.types("1").presses("F9")
    assert card.said() == "Data pada kertas berubah. Cetak lagi? Enter = ya, Esc = tidak"
    assert card.screen.is_card() and card.newest() == (
        "Nama pemohon diperbaiki oleh Rini (salah ketik): Siti Amina → Siti Aminah"
    )
    card.presses("Enter")
    last = kept(desk, PaperPrint)[-1]
    assert (last.issue_no, last.copy_no, last.reason_code) == (2, 0, "corrected")
    assert card.field("applicant.name_was").text() == "Siti Amina"
    assert "line-through" in card.field("applicant.name_was").styleSheet()
    assert card.field("applicant.name_who").text() == "diperbaiki 23-11-2026 08.14 oleh Rini"


def test_esc_leaves_the_old_paper(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("1").types("Siti Aminah")
    card.form.reason.set_value("asked")
    card.presses("F9").presses("Esc")
    assert card.screen.is_card() and len(kept(desk, PaperPrint)) == 1 and len(kept(desk, Correction)) == 1


def test_enter_on_a_field_opens_that_field(card: Card) -> None:
    assert card.screen.act("Enter") is None
    card.field("applicant.phone").setFocus(Qt.FocusReason.TabFocusReason)
    assert card.screen.act("Enter").label == "Betulkan isian ini"
    card.presses("Enter")
    assert card.at.focus() == "applicant.phone_edit"
    assert card.form.fields["applicant.phone"].value() == "0812-3456-7890"


def test_a_click_on_a_field_does_the_same(card: Card) -> None:
    QTest.mouseClick(card.field("applicant.nik"), Qt.MouseButton.LeftButton)
    assert card.at.focus() == "applicant.nik_edit"
    assert NIK not in card.form.fields["applicant.nik"].line.text().replace(" ", "")


def test_what_a_correction_shows_uncovered_is_a_logged_look(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("1")
    (look,) = kept(desk, AccessEvent)
    assert (look.act, look.application_id) == ("reveal", card.file.application_id)


def test_a_phone_that_no_paper_says_asks_for_none(card: Card, desk: AtTheDesk) -> None:
    card.field("applicant.phone").setFocus()
    card.presses("Enter").types("081298765432")
    card.form.reason.set_value("typing")
    card.presses("F9")
    number = card.screen.card.card.short
    assert card.said() == f"Perbaikan berkas {number} tersimpan."
    assert card.newest() == "HP pemohon diperbaiki oleh Rini (salah ketik): 0812-••••-890 → 0812-••••-432"


def test_a_nik_without_an_end_stays_under_its_field(card: Card, desk: AtTheDesk) -> None:
    card.field("applicant.nik").setFocus()
    card.presses("Enter").types("33190141")
    card.form.reason.set_value("typing")
    card.presses("F9")
    assert card.screen.is_amending() and "baru 8 angka" in card.form.fields["applicant.nik"].sentence()
    assert kept(desk, Correction) == []


def test_what_somebody_else_just_changed_is_not_made_void_unseen(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("2")
    sari = replace(desk.desk, officer_id=SARI)
    with desk.store.saving(SARI) as session:
        (seen,) = correcting.opened(session, sari, card.file.application_id)
        there = replace(seen.form, phone="081298765432")
        correcting.correct(session, sari, card.file.application_id, [(seen, there)], "asked")
    QApplication.processEvents()
    assert " oleh Sari, pukul " in card.said() and card.said().endswith("Ketikan Anda tetap di sini.")
    card.screen.amending.form.reason.set_value("typing")
    card.presses("F9")
    assert card.said().endswith("F9 lagi = tetap batalkan, Esc = biarkan.") and card.screen.is_amending()
    assert kept(desk, StatusMove)[-1].to_state != "VOID"
    card.presses("F9")
    assert kept(desk, StatusMove)[-1].to_state == "VOID"


def test_somebody_else_saved_first_and_both_values_are_shown(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("1").types("Siti Aminah")
    sari = replace(desk.desk, officer_id=SARI)
    with desk.store.saving(SARI) as session:
        (seen,) = correcting.opened(session, sari, card.file.application_id)
        there = replace(seen.form, name="Siti Aminahh", phone="081298765432")
        correcting.correct(session, sari, card.file.application_id, [(seen, there)], "asked")
    QApplication.processEvents()
    assert " oleh Sari, pukul " in card.said() and "F9 menunjukkan keduanya" in card.said()
    card.form.reason.set_value("typing")
    card.presses("F9")
    assert "kini Siti Aminahh, Anda mengetik Siti Aminah" in card.said()
    assert card.screen.is_amending() and card.form.fields["applicant.name"].value() == "Siti Aminah"
    assert card.form.findChild(QWidget, "applicant.name_was").text() == "Siti Aminahh"
    assert card.form.fields["applicant.phone"].value() == "0812-9876-5432"
    card.presses("F9")
    with desk.store.reading() as session:
        told = history.card(session, sari, card.file.application_id)
    (applicant,) = told.people
    assert (applicant.name, applicant.phone) == ("Siti Aminah", "0812-••••-432")


def test_esc_throws_nothing_away_unasked(card: Card) -> None:
    card.presses("F12").types("1").presses("Esc")
    assert card.screen.is_card()
    card.presses("F12").types("1").types("Siti Aminah").presses("Esc")
    assert card.screen.is_amending() and card.said().startswith("Yang diketik belum disimpan.")
    card.presses("Esc")
    assert card.form.fields["applicant.name"].value() == "Siti Aminah"
    card.presses("Esc").types("1")
    assert card.screen.is_card() and card.screen.card.card.people[0].name == "Siti Amina"


def test_going_elsewhere_and_back_finds_the_form(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("1").types("Siti Aminah").presses("F2", "F4")
    assert card.screen.is_amending() and card.form.fields["applicant.name"].value() == "Siti Aminah"
    other = desk.receive(KK, "Orang Lain")
    card.window.show_screen("today", other.application_id)
    assert card.screen.is_amending() and card.said().startswith("Isian ini belum disimpan.")


@pytest.mark.parametrize("is_behind", [False, True])
def test_news_leaves_the_cursor_on_its_field(card: Card, desk: AtTheDesk, qtbot, is_behind: bool) -> None:
    card.presses("Tab", "Tab", "Tab")
    name = card.at.focus()
    assert name.startswith("applicant."), name
    other = QWidget()
    if is_behind:  # the officer is in the agency's own program
        other.show()
        other.activateWindow()
        qtbot.waitUntil(other.isActiveWindow)
    desk.as_officer(SARI).receive(KK, "Orang Lain")
    card.at.typist.settle()
    other.close()
    card.window.activateWindow()
    qtbot.waitUntil(card.window.isActiveWindow)
    assert card.at.focus() == name


def test_another_language_keeps_what_was_typed(card: Card) -> None:
    card.presses("F12").types("1").types("Siti Aminah")
    card.window.wear(language="en", theme="dark")
    assert card.form.fields["applicant.name"].value() == "Siti Aminah" and card.form.is_dirty()
    assert card.screen.act("F9").label == "Save the correction"


def test_child_and_proxy_have_their_own_fields(desk: AtTheDesk, make_window: Callable[..., MainWindow]) -> None:
    file = desk.receive(
        KTP, "Siti", for_whom=3, subject=PartyForm(name="Bayi Siti"), proxy=PartyForm(name="Ahmad", nik=NIK)
    )
    window = make_window(desk.store, signed_in=False, entries=ENTRIES)
    window.sign_in(RINI)
    card = Card(window, file).presses("F12").types("1")
    assert [name for name in card.form.fields if "." in name] == [
        "applicant.name", "applicant.nik", "applicant.no_nik_reason", "applicant.phone", "applicant.village",
        "subject.name", "subject.birth_date", "proxy.name", "proxy.nik",
    ]  # fmt: skip


# Void, note, change --------------------------------------------------------------------------------------------------


def test_void_by_four_keys(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("2")
    assert isinstance(card.screen.amending.form, VoidForm)
    card.types("2").presses("F9")
    number = card.screen.card.card.short
    assert card.said() == f"Berkas {number} dibatalkan. Tarik kertas {number} dari pemohon."
    assert card.screen.card.state.text() == "Dibatalkan" and card.screen.act("Ctrl+P") is None
    assert [m.reason_code for m in kept(desk, StatusMove) if m.to_state == "VOID"] == ["double"]
    card.presses("F12").types("1")
    assert card.said() == "Berkas ini sudah dibatalkan, jadi tidak dapat diubah lagi."


def test_lainnya_asks_for_words_where_they_belong(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("2").types("4").presses("F9")
    assert card.at.focus() == "words_edit"
    card.types("Salah map").presses("F9")
    assert "(lainnya: Salah map)" in card.newest()


def test_who_may_not_is_told_before_a_form_is_filled(card: Card, desk: AtTheDesk, clock: Clock) -> None:
    clock.forward(minutes=20)
    for digit in "123":
        card.presses("F12").types(digit)
        assert card.screen.is_card()  # nobody here has a supervisor's PIN
        assert card.said() == "Sudah lewat 10 menit sejak disimpan. Perlu persetujuan pengawas untuk mengubahnya."
    card.window.sign_in(SARI)
    card.window.show_screen("today", card.file.application_id)
    card.presses("F12").types("2")
    assert isinstance(card.screen.amending.form, VoidForm)


def test_a_note_is_written_by_anybody_of_the_agency(card: Card, desk: AtTheDesk) -> None:
    card.window.sign_in(BUDI)
    card.window.show_screen("today", card.file.application_id)
    card.presses("F12").types("5")
    assert isinstance(card.screen.amending.form, NoteForm)
    card.presses("F9")
    assert card.at.focus() == "words_edit" and card.screen.amending.form.words.sentence() == "Tulis catatannya dahulu."
    card.types("Akan datang lagi Senin").presses("F9")
    assert card.newest() == "Catatan Budi: Akan datang lagi Senin"


def test_another_service_is_a_new_file_and_the_old_one_void(card: Card, desk: AtTheDesk) -> None:
    number = card.screen.card.card.short
    card.presses("F12").types("3")
    at = card.at
    assert at.value("applicant.name") == "Siti Amina" and at.screen.offer is None
    assert at.notice().startswith(f"Pengganti berkas {number}: pilih layanan yang benar.")
    assert at.focus() == "service_edit"
    at.types("keluarga").presses("Enter").types("*").presses("F9")
    assert f"Berkas {number} dibatalkan; tarik kertas {number} dari pemohon." in at.message()
    first, second = kept(desk, Application)
    assert second.previous_id == first.id
    card.window.show_screen("today", first.id)
    assert card.screen.card.state.text() == "Dibatalkan"
    assert card.screen.card.card.replaced_by == at_short(second)


def test_a_parked_change_of_service_remembers_what_it_replaces(card: Card) -> None:
    number = card.screen.card.card.short
    card.presses("F12").types("3")
    card.presses("F7")
    assert card.at.screen.replaces == ""
    card.presses("Shift+F7", "Enter")
    assert card.at.screen.replaces == number


def corrected_meanwhile(desk: AtTheDesk, file: Outcome, phone: str) -> None:
    """Sari puts the phone right while Rini has the people of the file on her desk."""
    sari = desk.as_officer(SARI)
    with desk.store.saving(SARI) as session:
        seen = correcting.opened(session, sari.desk, file.application_id)[0]
        form = replace(seen.form, phone=phone)
        correcting.correct(session, sari.desk, file.application_id, [(seen, form)], "asked")


def test_a_change_of_service_takes_over_what_was_corrected_meanwhile(
    card: Card, desk: AtTheDesk, file: Outcome
) -> None:
    card.presses("F12").types("3")
    at = card.at
    at.types("keluarga").presses("Enter").types("*")
    corrected_meanwhile(desk, file, "+628120000007")
    at.presses("F9")
    assert "oleh Sari" in at.message() and "Belum ada yang disimpan" in at.message()
    assert at.notice().endswith("F5 = ambil yang terbaru") and len(kept(desk, Application)) == 1
    at.presses("F9", "F5")
    assert at.value("applicant.phone") == "0812-0000-007" and "Yang terbaru sudah dipakai" in at.message()
    assert set(at.states()) == {"Ada"}, "what was found of the papers stays"
    at.presses("F9")
    assert at.screen.file.last.outcome.takes_back == at_short(kept(desk, Application)[0])
    assert {party.phone for party in kept(desk, Party)} == {"+628120000007"}


def test_unwatched_a_change_of_service_would_bring_the_old_phone_back(
    card: Card, desk: AtTheDesk, file: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(voiding, "refuse_changed", lambda *_what: None)
    card.presses("F12").types("3").types("keluarga").presses("Enter").types("*")
    corrected_meanwhile(desk, file, "+628120000007")
    card.presses("F9")
    assert {party.phone for party in kept(desk, Party)} == {"+6281234567890", "+628120000007"}


def test_a_file_made_void_meanwhile_is_shown_and_what_is_typed_becomes_a_new_one(
    card: Card, desk: AtTheDesk, file: Outcome
) -> None:
    card.presses("F12").types("3")
    at = card.at
    at.types("keluarga").presses("Enter").types("*")
    sari = desk.as_officer(SARI)
    with desk.store.saving(SARI) as session:
        voiding.void(session, sari.desk, file.application_id, "double")
    at.presses("F9")
    assert "Kini: Dibatalkan" in at.notice() and len(kept(desk, Application)) == 1
    at.presses("F5")
    assert card.screen.card.state.text() == "Dibatalkan"
    card.window.show_screen("intake")
    assert "Diubah" not in at.notice() and set(at.states()) == {"Ada"}
    at.presses("F9")
    assert at.screen.file.last.outcome.takes_back == "" and len(kept(desk, Application)) == 2
    assert [move.reason_code for move in kept(desk, StatusMove) if move.to_state == "VOID"] == ["double"]


def test_a_parked_change_of_service_still_knows_which_version_it_saw(
    card: Card, desk: AtTheDesk, file: Outcome
) -> None:
    card.presses("F12").types("3").types("keluarga").presses("Enter").types("*").presses("F7")
    corrected_meanwhile(desk, file, "+628120000007")
    card.presses("Shift+F7", "Enter")
    assert card.at.notice().startswith("Diubah di ")
    card.presses("F5", "F9")
    assert {party.phone for party in kept(desk, Party)} == {"+628120000007"}


def test_what_was_undone_is_asked_of_no_other_file(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("3").types("keluarga").presses("Enter").types("*").presses("F9", "Shift+F12", "F9")
    assert len(kept(desk, Application)) == 3, card.said()


def test_the_menu_reprints_and_shows_the_story(card: Card, desk: AtTheDesk) -> None:
    card.presses("F12").types("4").types("2")
    assert kept(desk, PaperPrint)[-1].copy_no == 1
    card.presses("F12").types("6")
    assert card.screen.card.story.hasFocus()


def test_the_menu_is_a_button_and_its_lines_are_clicked(card: Card) -> None:
    QTest.mouseClick(card.screen.card.menu_button, Qt.MouseButton.LeftButton)
    chip = next(b for b in card.window.feedback.findChildren(QPushButton) if b.accessibleName() == "Tulis catatan")
    QTest.mouseClick(chip, Qt.MouseButton.LeftButton)
    assert isinstance(card.screen.amending.form, NoteForm)
    back = next(b for b in card.screen.amending.findChildren(QPushButton) if b.accessibleName() == "Kembali ke berkas")
    QTest.mouseClick(back, Qt.MouseButton.LeftButton)
    assert card.screen.is_card()


def test_everything_that_takes_the_focus_has_a_name(card: Card) -> None:
    for digit in "125":
        card.presses("F12").types(digit)
        for widget in card.screen.findChildren(QWidget):
            if widget.focusPolicy() != Qt.FocusPolicy.NoFocus and widget.isVisible():
                assert widget.accessibleName(), widget.objectName()
        card.presses("Esc")
