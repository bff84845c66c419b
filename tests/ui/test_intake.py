"""The intake screen as an officer meets it: real keys in a real window on a real file, with the shipped catalogue."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget
from sqlalchemy import select

from desktop.errors import UserError
from desktop.models.access import AccessEvent
from desktop.models.application import Application, DocumentCheck, Note, StatusMove, Visit
from desktop.models.catalog import Counter, Service, ServiceStandard
from desktop.models.people import Party
from desktop.operations import drafts, intake, issuing, reception, setup
from desktop.store import Store
from desktop.ui import intake_closing
from tests.conftest import Clock
from tests.ui.conftest import focus, officer_id, paste, press
from tests.ui.desk import BUDI, SITI, At

KTP, LOST, CHANGED, BIRTH, KIA = "2", "1", "3", "5", "7"


def only(store: Store, kind: type):
    with store.reading() as session:
        return session.scalars(select(kind)).one()


def every(store: Store, kind: type) -> list:
    with store.reading() as session:
        return list(session.scalars(select(kind)))


def serve(at: At, nik: str = SITI, name: str = "Siti Aminah") -> str:
    """A complete KTP-el hilang; gives the number."""
    at.fills_person(nik=nik, name=name).types(KTP).types(LOST).types("*").presses("F9")
    assert at.screen.file.last is not None, at.message()
    return at.screen.file.last.outcome.number


def serve_short(at: At, missing: str = "2") -> str:
    at.fills_person().types(KTP).types(CHANGED).types("*").types("-" + missing).presses("F9")
    assert at.screen.file.last is not None, at.message()
    return at.screen.file.last.outcome.number


def visited_elsewhere(at: At, phone: str) -> None:
    """The short file is served once more, by somebody else, who is told another phone."""
    store, desk = at.window.store, at.screen.desk
    with store.reading() as session:
        application = session.scalars(select(Application)).one()
        form = reception.returning(session, desk, application.id).form
    there = replace(form.applicant, phone=phone, phone_declined=False)
    with store.saving(desk.officer_id) as session:
        intake.receive(session, desk, replace(form, applicant=there, unchecked_is_missing=True))
    QApplication.processEvents()


class TestEntryBar:
    def test_an_empty_desk_says_it_is_ready(self, at: At) -> None:
        assert at.focus() == "entry_bar"
        assert at.notice() == "Siap. Tekan F2 untuk berkas baru, atau pindai barcode."
        assert at.screen.bar.line.placeholderText() == "Ketik NIK, nomor berkas, atau nama; atau pindai barcode"

    def test_a_whole_nik_goes_to_its_field_by_itself(self, at: At) -> None:
        at.types(SITI)
        assert at.focus() == "applicant.name_edit"
        assert at.value("applicant.nik") == SITI
        assert at.screen.bar.line.text() == ""
        assert "Bae, Kudus" in at.under("applicant.nik")
        assert "perempuan" in at.under("applicant.nik")

    def test_a_seventeenth_digit_is_nobodys_name(self, at: At) -> None:
        at.types(SITI + "7Siti")
        assert at.value("applicant.name") == "Siti"

    def test_the_enter_of_other_programs_does_not_skip_the_name(self, at: At) -> None:
        at.types(SITI).looks().presses("Enter")
        assert at.focus() == "applicant.name_edit"
        at.presses("Enter")
        assert at.focus() == "applicant.phone_edit"

    def test_the_enter_of_a_card_reader_goes_nowhere(self, at: At) -> None:
        at.types(SITI).presses("Enter")
        assert at.focus() == "applicant.name_edit"

    def test_words_of_a_service_choose_it_first(self, at: At) -> None:
        at.types("ktp hil").presses("Enter")
        assert at.screen.offer is not None and "hilang" in at.screen.offer.name
        assert at.focus() == "variant_edit"
        at.types(LOST).types("*").presses("Enter")
        assert at.focus() == "applicant.nik_edit"

    def test_a_name_is_a_new_person_unless_an_old_one_is_chosen(self, at: At) -> None:
        serve(at)
        at.types("Siti Aminah").presses("Enter")
        assert at.value("applicant.name") == "Siti Aminah"
        assert at.value("applicant.nik") == ""
        at.presses("F2").types("siti am").presses("Down", "Enter")
        assert at.value("applicant.nik") == SITI
        assert at.value("applicant.phone") == "0812-3456-7890"
        assert at.focus() == "service_edit"

    def test_a_phone_number_finds_its_owner(self, at: At) -> None:
        serve(at)
        at.types("081234567890").presses("Down", "Enter")
        assert at.value("applicant.name") == "Siti Aminah"
        at.presses("F2").types("081298765432").presses("Enter")
        assert at.value("applicant.phone") == "0812-9876-5432"
        assert at.focus() == "applicant.nik_edit"

    def test_half_a_nik_says_what_is_missing_and_stays(self, at: At) -> None:
        at.types("331907520389").presses("Enter")
        assert "12 angka" in at.screen.bar.sentence()
        assert at.screen.bar.line.text() == "331907520389"

    def test_a_wrong_number_says_how_to_type_it(self, at: At) -> None:
        number = serve_short(at)
        at.types(number[:-1] + str((int(number[-1]) + 1) % 10)).presses("Enter")
        assert at.screen.bar.sentence().startswith("Nomor tidak dikenal atau salah baca.")

    def test_a_file_that_is_not_short_answers_how_it_stands(self, at: At) -> None:
        number = serve(at)
        at.types(number).presses("Enter")
        assert "Masih diproses. Selesai paling lambat Selasa, 24 November 2026" in at.notice()
        at.presses("F5")
        assert at.window.current().name == "today"

    def test_enter_on_the_empty_bar_goes_to_the_nik(self, at: At) -> None:
        at.presses("Enter")
        assert at.focus() == "applicant.nik_edit"


class TestPeople:
    def test_a_nik_that_cannot_be_keeps_the_cursor(self, at: At) -> None:
        at.types("3319073102890003")
        assert at.focus() == "applicant.nik_edit"
        assert at.under("applicant.nik") == (
            "Angka ke-7 sampai ke-12 NIK adalah tanggal lahir; 31-02 tidak ada. Periksa lagi pada KTP."
        )

    def test_what_may_be_right_only_warns(self, at: At) -> None:
        at.types("3319071203150003")
        assert at.under("applicant.nik").endswith("Atau ini nomor KK?")
        assert at.focus() == "applicant.name_edit"

    def test_the_nik_is_covered_once_left(self, at: At) -> None:
        at.types(SITI).types("Siti")
        assert at.screen.people.nik.line.text() == "3319 •••• •••• 0003"

    def test_no_nik_asks_why_by_digit(self, at: At) -> None:
        at.presses("Enter", "Enter")
        assert at.focus() == "applicant.no_nik_reason_edit"
        assert at.meaning() == "ANGKA = ALASAN"
        at.types("2")
        assert at.focus() == "applicant.identifier_edit"
        at.types("A1234567").presses("Enter")
        assert at.focus() == "applicant.name_edit"
        form = at.screen.form()
        assert (form.applicant.no_nik_reason, form.applicant.identifier) == ("foreigner", "A1234567")

    def test_an_empty_phone_is_an_answer(self, at: At) -> None:
        at.types(SITI).looks().types("Siti").presses("Enter", "Enter")
        assert at.under("applicant.phone") == "Tidak punya atau tidak bersedia."
        assert at.screen.form().applicant.phone_declined
        at.presses("Esc").types("081")
        assert not at.screen.form().applicant.phone_declined

    def test_villages_of_the_nik_come_first_and_others_may_be_written(self, at: At) -> None:
        at.types(SITI).looks().types("Siti").presses("Enter", "Enter").types("pa")
        first = at.screen.people.village.find("pa")[0]
        assert (first.text, first.detail) == ("Panjang", "Bae")
        at.presses("Ctrl+A").types("Semarang").presses("Enter")
        assert at.screen.form().applicant.place_text == "Semarang"
        assert "Tidak ada dalam daftar" in at.under("applicant.village")

    def test_rows_come_as_untuk_needs_them(self, at: At) -> None:
        people = at.screen.people
        shown = {name for name, field in people.fields.items() if field.isVisibleTo(people)}
        assert shown == {"applicant.nik", "applicant.name", "applicant.phone", "applicant.village", "for_whom"}
        for digit, rows in (
            ("2", {"subject.name", "subject.birth_date"}), ("3", {"proxy.nik", "proxy.name"}),
            ("4", {"subject.name", "subject.nib"}), ("5", {"subject.name"}),
        ):  # fmt: skip
            people.whom.setFocus()
            at.types(digit)
            assert {n for n, f in people.fields.items() if f.isVisibleTo(people)} == shown | rows

    def test_a_birth_date_that_can_hardly_be_only_warns(self, at: At) -> None:
        at.fills_person().screen.people.whom.setFocus()
        at.types("2").types("Ananda").presses("Enter")
        at.types("01011989")
        assert at.under("subject.birth_date").startswith("Anak ini lahir sebelum pemohon.")
        assert at.focus() != "subject.birth_date_edit", "the cursor has gone on"
        at.screen.people.birth.setFocus()
        at.types("01011899")
        assert at.under("subject.birth_date").startswith("Umur 127 tahun tidak lazim.")
        at.screen.people.birth.setFocus()
        at.types("01012020")
        assert at.under("subject.birth_date") == "Umur 6 tahun."

    def test_the_child_is_looked_at_again_beside_the_nik(self, at: At) -> None:
        at.presses("Enter", "Enter").types("1").screen.people.whom.setFocus()
        at.types("2").types("Ananda").presses("Enter").types("01011960")
        assert at.under("subject.birth_date") == "Umur 66 tahun."
        at.screen.people.nik.setFocus()
        at.types(SITI)
        assert at.under("subject.birth_date").startswith("Anak ini lahir sebelum pemohon.")

    def test_a_service_that_needs_presence_refuses_a_proxy(self, at: At) -> None:
        at.fills_person()
        at.screen.people.whom.setFocus()
        at.types("3")
        at.screen.panel.service.setFocus()
        at.types("1")
        assert at.under("for_whom").startswith("Layanan ini tidak dapat diwakilkan")
        at.screen.people.whom.setFocus()
        at.types("1")
        assert at.under("for_whom") == ""

    def test_somebody_known_is_filled_in_and_the_service_is_next(self, at: At) -> None:
        serve(at)
        at.types(SITI).looks()
        assert at.value("applicant.name") == "Siti Aminah"
        assert at.value("applicant.phone") == "0812-3456-7890"
        assert at.screen.form().applicant.village_code
        assert at.focus() == "service_edit"
        assert at.meaning() == "ANGKA = LAYANAN"

    def test_a_known_proxy_is_filled_in(self, at: At) -> None:
        serve(at, BUDI, "Budi Santoso")
        at.fills_person()
        at.screen.people.whom.setFocus()
        at.types("3").types(BUDI).looks()
        assert at.value("proxy.name") == "Budi Santoso"

    def test_a_look_at_a_covered_nik_is_written_down(self, at: At) -> None:
        serve(at)
        at.types("siti am").presses("Down", "Enter")
        nik = at.screen.people.nik
        nik.reveal()
        assert nik.line.text().replace(" ", "") == SITI
        nik.cover()
        assert only(at.window.store, AccessEvent).act == "reveal"

    def test_no_uncovered_nik_is_anywhere_on_the_screen(self, at: At) -> None:
        serve_short(at)
        at.types(SITI).looks()
        said = "".join(
            f"{w.property('text') or ''} {w.toolTip()} {w.accessibleName()} {w.accessibleDescription()}"
            for w in (at.window, *at.window.findChildren(QWidget))
        )
        assert SITI not in said.replace(" ", "")


class TestOpenFiles:
    def test_a_short_file_is_offered_as_soon_as_the_person_is_known(self, at: At) -> None:
        number = serve_short(at)
        at.types(SITI).looks()
        assert at.notice() == "Siti Aminah Rahay punya 1 berkas belum lengkap (kurang 1 syarat). F5 = lanjutkan"
        at.presses("F5")
        assert at.screen.returning is not None and at.screen.returning.number == number

    def test_the_same_application_warns_and_enter_goes_on(self, at: At) -> None:
        number = serve_short(at)
        at.types(SITI).looks().types(KTP)
        spelt = f"{number[:6]}-{number[6:9]}-{number[9:13]}-{number[13]}"
        assert at.notice() == (
            f"Permohonan yang sama sudah ada: {spelt} (kurang 1 syarat). F5 = buka yang itu · Enter = tetap buat baru"
        )
        at.types(LOST).presses("Enter").types("*").presses("F9")
        assert len(every(at.window.store, Application)) == 2

    def test_another_child_of_the_same_mother_is_no_duplicate(self, at: At) -> None:
        at.fills_person()
        at.types(KIA).types("Anak Satu").presses("Enter").types("01082026").looks().types("1").types("*").presses("F9")
        assert at.screen.file.last is not None, at.message()
        at.types(SITI).looks().types(KIA).types("Anak Dua").presses("Enter").types("01082026").looks()
        assert "sudah ada" not in at.notice()
        at.screen.people.subject.setFocus()
        at.presses("Ctrl+A").types("Anak Satu").presses("Enter", "Enter")
        assert "sudah ada" in at.notice()

    def test_the_second_visit_asks_only_for_what_was_missing(self, at: At, clock: Clock) -> None:
        number = serve_short(at)
        clock.forward(days=1)
        at.types(number).presses("Enter")
        assert at.window.frame.head.title.text().startswith("Kunjungan ke-2")
        assert at.lines() == [("1", "Kartu Keluarga", "Belum diperiksa")] or at.lines()[0][2] == "Belum diperiksa"
        assert len(at.lines()) == 1
        assert at.fold() == "4 syarat sudah dinyatakan sesuai pada 23 November oleh Siti Rahmawati"
        at.types("1").presses("F9")
        assert at.screen.file.last is not None and at.screen.file.last.outcome.paper == "receipt"
        assert len(every(at.window.store, Application)) == 1
        assert len(every(at.window.store, Visit)) == 2

    def test_a_shorter_slip_at_the_second_visit(self, at: At) -> None:
        at.fills_person().types(KTP).types(CHANGED).types("*").types("-2-4").presses("F9")
        number = at.screen.file.last.outcome.number
        at.types(number).presses("Enter").types("1").presses("F9", "F9")
        assert at.screen.file.last.outcome.paper == "slip"
        at.types(number).presses("Enter")
        assert [line[2] for line in at.lines()] == ["Belum diperiksa"]

    def test_a_newer_standard_is_said_and_not_used(self, at: At, clock: Clock) -> None:
        number = serve_short(at)
        with at.window.store.saving(None) as session:
            old = session.scalars(
                select(ServiceStandard).join(Service, Service.id == ServiceStandard.service_id)
                .where(Service.code == "DKC-02")
            ).one()
            changed = {**old.definition, "requirements": old.definition["requirements"][:1]}
            start = clock() + timedelta(hours=1)
            session.add(ServiceStandard(service_id=old.service_id, version_no=2, valid_from=start, definition=changed))
        clock.forward(hours=2)
        at.types(number).presses("Enter")
        assert at.notice() == "Berkas ini memakai standar yang berlaku saat kunjungan pertama, 23 November."
        at.types("*").presses("F9")
        assert at.screen.file.last.outcome.paper == "receipt"

    def test_what_both_typed_keeps_mine_and_names_theirs(self, at: At) -> None:
        at.types(serve_short(at)).presses("Enter")
        at.screen.people.phone.setFocus()
        at.presses("Ctrl+A").types("081200000008")
        visited_elsewhere(at, "+628120000007")
        assert "Ketikan Anda tetap di sini. F5 = ambil yang terbaru" in at.notice()
        at.presses("F5")
        assert at.value("applicant.phone") == "081200000008"
        assert at.message().endswith("HP: kini 0812-••••-007, Anda mengetik 0812-••••-008.")
        at.screen.walk.to(at.screen.panel.checklist)
        at.types("1").presses("F9")
        assert at.screen.file.last is not None and at.screen.file.last.outcome.paper == "receipt", at.message()

    def test_a_further_visit_that_was_put_aside_is_told_too(self, at: At) -> None:
        at.types(serve_short(at)).presses("Enter").types("1").presses("F7")
        visited_elsewhere(at, "+628120000007")
        at.presses("Shift+F7", "Enter")
        assert "F5 = ambil yang terbaru" in at.notice() and at.states() == ["Ada"]
        at.presses("F5")
        assert at.value("applicant.phone") == "0812-0000-007" and at.states() == ["Ada"]
        assert "Ketikan Anda" not in at.notice()

    def test_a_file_of_another_agency_is_not_opened(self, at: At) -> None:
        number = serve_short(at)
        with at.window.store.saving(None) as session:
            session.get_one(Counter, at.screen.desk.counter_id).agency_ids = []
        at.window.around.desk = None  # as after another officer: the screens are built anew
        at.window.sign_in(officer_id(at.window.store, "Siti Rahmawati"))
        at.types(number).presses("Enter")
        assert "Arahkan pemohon ke gerainya" in at.notice()


class TestChecklist:
    @pytest.fixture
    def listed(self, at: At) -> At:
        """Five grey lines, and the cursor in the list."""
        at.fills_person().types(KTP).types(CHANGED)
        assert at.focus() == "checklist_list"
        assert at.meaning() == "ANGKA = SYARAT"
        return at

    def test_a_digit_marks_its_line_and_marks_it_back(self, listed: At) -> None:
        assert listed.states() == ["Belum diperiksa"] * 5
        listed.types("2")
        assert listed.states()[1] == "Ada"
        listed.types("2")
        assert listed.states()[1] == "Tidak ada"
        listed.types("2")
        assert listed.states()[1] == "Ada"
        listed.presses("Backspace")
        assert listed.states()[1] == "Belum diperiksa"

    @pytest.mark.parametrize("sign", ["*", "s", "S"])
    def test_one_key_for_all(self, listed: At, sign: str) -> None:
        listed.types(sign)
        assert listed.states() == ["Ada"] * 5
        assert listed.summary() == "LENGKAP"
        assert listed.button() == "F9 · Cetak TANDA TERIMA"

    @pytest.mark.parametrize("sign", ["-", "k", "K"])
    def test_a_line_without_a_reason_was_not_brought(self, listed: At, sign: str) -> None:
        listed.types("*").types(sign)
        assert listed.meaning() == "ANGKA = SYARAT YANG KURANG"
        listed.types("3")
        assert listed.meaning() == "ANGKA = SEBAB"
        listed.presses("Enter")
        assert listed.meaning() == "ANGKA = SYARAT"
        assert listed.states()[2] == "Tidak ada"
        assert listed.focus() == "checklist_list"
        assert listed.summary() == "KURANG 1"
        assert listed.button() == "F9 · Cetak LEMBAR KEKURANGAN (1)"

    @pytest.mark.parametrize(
        ("digit", "word"),
        [*enumerate(
            ["Tidak terbaca", "Masa berlaku habis", "Data tidak sama", "Jumlah lembar kurang",
             "Dokumen asli tidak dibawa", "Belum ditandatangani atau distempel", "Belum bermeterai",
             "Belum dilegalisasi", "Lainnya"],
            start=1,
        )],
    )  # fmt: skip
    def test_nine_faults_by_digit(self, listed: At, digit: int, word: str) -> None:
        listed.types(f"*-1{digit}")
        assert listed.states()[0] == word
        assert listed.meaning() == "ANGKA = SYARAT"

    def test_two_lines_are_marked_one_after_the_other(self, listed: At) -> None:
        listed.types("*-2-4")
        assert listed.states() == ["Ada", "Tidak ada", "Ada", "Tidak ada", "Ada"]

    def test_esc_leaves_a_half_made_choice(self, listed: At) -> None:
        listed.types("*-2").presses("Esc")
        assert (listed.meaning(), listed.states()[1]) == ("ANGKA = SYARAT", "Tidak ada")

    @pytest.mark.parametrize("sign", [".", ",", "t"])
    def test_what_the_standard_asks_cannot_be_skipped(self, listed: At, sign: str) -> None:
        listed.types("2").types(sign)
        assert listed.states()[1] == "Ada"
        assert "tidak boleh dilewati" in listed.message()

    def test_arrows_and_space_do_the_same(self, listed: At) -> None:
        listed.presses("Down", "Space", "Down", "Space", "Space")
        assert listed.states()[:3] == ["Belum diperiksa", "Ada", "Tidak ada"]

    def test_numlock_off_is_understood_and_said_once(self, listed: At) -> None:
        box = listed.screen.panel.checklist.list
        press(box, Qt.Key.Key_Down, Qt.KeyboardModifier.KeypadModifier)
        assert listed.states()[1] == "Ada"
        assert "NumLock mati" in listed.message()
        press(box, Qt.Key.Key_Down, Qt.KeyboardModifier.NoModifier)
        assert listed.states()[2] == "Belum diperiksa"

    def test_the_why_of_the_line_is_told(self, listed: At) -> None:
        listed.types("4")
        assert listed.label("checklist_why") == "Diperlukan karena data berubah."

    def test_a_digit_without_a_line_says_so(self, listed: At) -> None:
        listed.types("9")
        assert listed.message() == "Tidak ada syarat nomor 9."

    def test_a_held_key_is_one_key(self, listed: At) -> None:
        box = listed.screen.panel.checklist.list
        press(box, Qt.Key.Key_2, text="2")
        press(box, Qt.Key.Key_2, text="2", repeated=True)
        assert listed.states()[1] == "Ada"

    def test_a_click_on_the_number_marks_the_line(self, listed: At) -> None:
        view = listed.screen.panel.checklist.list
        place = view.visualRect(view.rows.index(1)).topLeft()
        place.setX(place.x() + 12)
        place.setY(place.y() + 12)
        QTest.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert listed.states()[1] == "Ada"

    def test_a_note_is_one_key_away_and_kept(self, listed: At) -> None:
        listed.types("*/").types("Ibu minta ditelepon").presses("F9")
        assert only(listed.window.store, Note).text == "Ibu minta ditelepon"

    def test_a_paper_beyond_the_standard_needs_a_reason(self, listed: At) -> None:
        listed.types("*").presses("Shift++")
        assert listed.focus() == "extra_name_edit"
        listed.types("Surat RT").presses("Enter").types("2")
        assert listed.lines()[-1] == ("6", "Surat RT", "Belum diperiksa")
        listed.types("6").presses("F9")
        extra = next(c for c in every(listed.window.store, DocumentCheck) if c.is_extra)
        assert extra.state == "present"
        assert any("diminta pejabat yang berwenang" in note.text for note in every(listed.window.store, Note))

    def test_a_bare_plus_beside_the_enter_does_nothing(self, listed: At) -> None:
        press(focus(), Qt.Key.Key_Plus, Qt.KeyboardModifier.KeypadModifier, "+")
        assert listed.focus() == "checklist_list"

    def test_more_than_nine_lines_turn_with_zero(self, make_window, ready_store: Store) -> None:
        with ready_store.saving(None) as session:
            desk = setup.desk_for(session, officer_id(ready_store, "Siti Rahmawati"))
            agency = session.scalars(select(Service.agency_id).where(Service.code == "PTS-07")).one()
            session.get_one(Counter, desk.counter_id).agency_ids = [agency]
        at = At(make_window(ready_store))
        at.fills_person().types("7").types("2")
        while at.focus().startswith("question:"):
            at.types("1")
        names = [name for _digit, name, _state in at.lines()]
        assert len(names) > 9, at.lines()
        assert [digit for digit, *_rest in at.lines()] == [*"123456789", *[""] * (len(names) - 9)]
        at.types("0")
        assert [digit for digit, *_rest in at.lines()][9:] == [str(n + 1) for n in range(len(names) - 9)]
        at.types("1")
        assert at.states()[9] == "Ada"
        at.types("0").types("1")
        assert at.states()[0] == "Ada"


class TestSaving:
    def test_the_paper_comes_out_of_a_kept_record_and_the_desk_is_empty(self, at: At) -> None:
        number = serve(at)
        assert at.is_clear()
        assert at.message() == f"Berkas {number[9:13]}-{number[13]} tersimpan. Kertas sedang dicetak."
        assert at.label("last_number") == f"{number[9:13]}-{number[13]}"
        papers = list((at.window.store.folder / "kertas").glob("*.pdf"))
        assert len(papers) == 1
        assert only(at.window.store, Application).number == number
        assert {p.full_name for p in every(at.window.store, Party)} == {"Siti Aminah"}

    def test_ctrl_enter_is_f9(self, at: At) -> None:
        at.fills_person().types(KTP).types(LOST).types("*").presses("Ctrl+Return")
        assert at.screen.file.last is not None

    def test_the_button_does_the_same(self, at: At) -> None:
        at.fills_person().types(KTP).types(LOST).types("*")
        QTest.mouseClick(at.screen.side.save_button, Qt.MouseButton.LeftButton)
        assert at.screen.file.last is not None

    def test_grey_lines_stop_it_once(self, at: At) -> None:
        at.fills_person().types(KTP).types(CHANGED).types("12").presses("F9")
        assert at.message() == "3 syarat belum diperiksa. F9 lagi = dianggap tidak ada"
        assert at.screen.file.last is None
        at.presses("F9")
        assert at.screen.file.last is not None and at.screen.file.last.outcome.paper == "slip"

    def test_a_look_at_the_list_in_between_asks_again(self, at: At) -> None:
        at.fills_person().types(KTP).types(CHANGED).types("12").presses("F9").types("3").presses("F9")
        assert at.message() == "2 syarat belum diperiksa. F9 lagi = dianggap tidak ada"

    def test_a_slip_needs_a_name_only(self, at: At) -> None:
        at.types("ktp hil").presses("Enter").types(LOST).types("*").types("-1").presses("F9")
        assert at.under("applicant.name") == "Isi nama."
        assert at.focus() == "applicant.name_edit"
        at.types("Pak Karto").presses("F9")
        assert at.screen.file.last is not None and at.screen.file.last.outcome.paper == "slip"

    def test_a_receipt_needs_the_nik_or_why_there_is_none(self, at: At) -> None:
        at.types("ktp hil").presses("Enter").types(LOST).types("*")
        at.screen.people.name.setFocus()
        at.types("Pak Karto").presses("F9")
        assert at.under("applicant.nik") == "Isi NIK, atau pilih alasan tanpa NIK."
        at.presses("Enter").types("3").presses("F9")
        assert at.screen.file.last is not None and at.screen.file.last.outcome.paper == "receipt"

    def test_an_open_question_is_asked_where_it_stands(self, at: At) -> None:
        at.fills_person().types("6")
        at.presses("Enter").types("*").presses("F9")
        assert at.focus().startswith("question:")
        code = at.focus().removesuffix("_edit")
        assert at.under(code).startswith('Belum dijawab: "')

    def test_saved_now_and_printed_later(self, at: At) -> None:
        at.fills_person().types(KTP).types(LOST).types("*").presses("Shift+F9")
        assert "dicetak nanti" in at.message()
        assert not (at.window.store.folder / "kertas").exists()
        at.presses("Ctrl+P")
        assert len(list((at.window.store.folder / "kertas").glob("*.pdf"))) == 1
        assert at.message() == "1 lembar dikirim ke printer."

    def test_a_silent_printer_never_stops_the_desk(self, at: At) -> None:
        (at.window.store.folder / "kertas").write_text("not a folder")
        number = serve(at)
        assert at.is_clear()
        assert "Tulis nomor ini dengan tangan" in at.label("last_state")
        assert at.label("last_number") == f"{number[9:13]}-{number[13]}"
        assert at.screen.file.last is not None and at.screen.file.last.kind == "bad"
        at.types(BUDI)
        assert at.screen.side.last_paper.number.isVisible()
        with at.window.store.reading() as session:
            assert len(issuing.waiting_prints(session)) == 1

    def test_a_full_disk_loses_nothing_that_was_typed(self, at: At, monkeypatch: pytest.MonkeyPatch) -> None:
        def full(*_args: object) -> None:
            raise UserError("Disk PC ini penuh.", code="E-06")

        at.fills_person().types(KTP).types(LOST).types("*")
        monkeypatch.setattr(intake_closing.intake, "receive", full)
        at.presses("F9")
        assert at.message() == "Disk PC ini penuh. (kode E-06)"
        assert at.value("applicant.name") == "Siti Aminah Rahay"
        monkeypatch.undo()
        at.presses("F9")
        assert at.screen.file.last is not None

    def test_undo_voids_the_number_and_gives_everything_back(self, at: At) -> None:
        number = serve(at)
        at.presses("Shift+F12")
        short = f"{number[9:13]}-{number[13]}"
        assert at.message() == f"Berkas {short} diurungkan. Jangan serahkan kertas {short}."
        assert at.value("applicant.nik") == SITI
        assert at.states() == ["Ada"] * 3
        assert [m.to_state for m in every(at.window.store, StatusMove)] == ["REGISTERED", "VOID"]
        at.presses("F9")
        first, second = every(at.window.store, Application)
        assert second.previous_id == first.id
        assert second.number != first.number

    def test_undo_while_the_next_one_is_typed_parks_it(self, at: At) -> None:
        serve(at)
        at.types(BUDI).looks().types("Budi").presses("Shift+F12")
        assert at.value("applicant.name") == "Budi"
        assert len(at.screen.parking.rows) == 1

    def test_undo_of_a_second_visit_leaves_the_file_short(self, at: At) -> None:
        number = serve_short(at)
        at.types(number).presses("Enter").types("*").presses("F9").presses("Shift+F12")
        assert at.screen.returning is not None
        at.presses("F2").types(number).presses("Enter")
        assert at.screen.returning is not None

    def test_a_reprint_asks_why(self, at: At) -> None:
        serve(at)
        at.presses("Ctrl+P")
        assert at.message().startswith("Cetak lagi kertas")
        at.types("2")
        names = sorted(path.name for path in (at.window.store.folder / "kertas").glob("*.pdf"))
        assert len(names) == 2 and "cetak-ulang-1" in names[0] + names[1]

    def test_ctrl_p_before_f9_is_a_hint(self, at: At) -> None:
        at.fills_person().types(KTP).presses("Ctrl+P")
        assert at.message() == "Kertas keluar setelah disimpan: tekan F9."


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


class TestOtherWays:
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
