"""The bar of the intake screen: what is typed into it is seen for what it is."""

from __future__ import annotations

from dataclasses import replace

from tests.ui.desk import LOST, SITI, At, serve, serve_short


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

    def test_nobody_of_another_agencys_file_is_named(self, at: At) -> None:
        number = serve(at)
        at.screen.bar._desk = replace(at.screen.desk, agency_ids=("another",))
        at.types(number[9:])
        assert at.screen.bar._popup is not None
        lit = at.screen.bar._popup.lit()
        assert lit is not None and lit.text.endswith("· " + lit.value[1].service) and "Aminah" not in str(lit)

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
