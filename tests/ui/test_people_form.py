"""The people of an application: their fields, what is said of them, and what is filled in."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from desktop.models.access import AccessEvent
from tests.ui.desk import BUDI, SITI, At, only, serve, serve_short


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
