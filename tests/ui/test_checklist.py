"""The checklist under the fingers: digits, signs, arrows and clicks."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from sqlalchemy import select

from desktop.models.application import DocumentCheck, Note
from desktop.models.catalog import Counter, Service
from desktop.operations import setup
from desktop.store import Store
from tests.ui.conftest import focus, officer_id, press
from tests.ui.desk import CHANGED, KTP, At, every, only


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
