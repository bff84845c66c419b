"""The screen built anew under the hands (Ctrl++, another language), closed or killed: nothing half done is lost."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from sqlalchemy import select

from desktop.models.catalog import Service, ServiceStandard
from desktop.store import Store
from desktop.ui.set_aside import PAUSE
from tests.conftest import Clock
from tests.ui.desk import SITI, At

KTP, CHANGED = "2", "3"


@pytest.fixture
def listed(at: At) -> At:
    """Five grey lines, and the cursor in the list."""
    at.fills_person().types(KTP).types(CHANGED)
    assert at.focus() == "checklist_list"
    return at


def larger(at: At, key: str = "Ctrl++") -> At:
    """The window is built anew a moment after the key."""
    before = at.screen
    at.presses(key)
    QTest.qWait(1)
    assert at.screen is not before
    return at


class TestChecklist:
    @pytest.mark.parametrize("key", ["Ctrl++", "Ctrl+-"])
    def test_a_fault_that_is_asked_for_is_still_asked_for(self, listed: At, key: str) -> None:
        larger(listed.types("*-2"), key)
        assert listed.meaning() == "ANGKA = SEBAB"
        assert "tidak dibawa" in listed.screen.panel.checklist.choice.question()
        listed.types("3")
        assert listed.states() == ["Ada", "Data tidak sama", "Ada", "Ada", "Ada"]

    def test_so_is_the_line_that_falls_short(self, listed: At) -> None:
        larger(listed.types("*-"))
        assert listed.meaning() == "ANGKA = SYARAT YANG KURANG"
        listed.types("41")
        assert listed.states() == ["Ada", "Ada", "Ada", "Tidak terbaca", "Ada"]

    def test_so_is_the_number_of_sheets(self, at: At, clock: Clock) -> None:
        with at.window.store.saving(None) as session:
            old = session.scalars(
                select(ServiceStandard).join(Service, Service.id == ServiceStandard.service_id)
                .where(Service.code == "DKC-02")
            ).one()
            wanted = [{**line, "copies": 4} for line in old.definition["requirements"]]
            session.add(ServiceStandard(service_id=old.service_id, version_no=2, valid_from=clock(),
                                        definition={**old.definition, "requirements": wanted}))
        clock.forward(seconds=1)
        at.fills_person().types(KTP).types(CHANGED).types("*-24")
        assert at.meaning() == "ANGKA = LEMBAR"
        larger(at)
        assert at.meaning() == "ANGKA = LEMBAR"
        at.types("3")
        assert at.states()[1] == "Kurang 1 lembar"

    def test_the_question_speaks_the_language_of_now(self, listed: At) -> None:
        listed.types("*-2")
        listed.window.wear(language="en")
        assert listed.meaning() == "DIGIT = REASON"
        listed.types("3")
        assert listed.states()[1] == "Data differ"

    def test_the_cursor_stays_on_its_line(self, listed: At) -> None:
        listed.presses("Down", "Down", "Down")
        line = listed.screen.panel.checklist.current_code()
        larger(listed)
        assert listed.screen.panel.checklist.current_code() == line
        assert listed.focus() == "checklist_list"


class TestRowsThatAreOpen:
    def test_why_there_is_no_nik(self, at: At) -> None:
        at.presses("Enter", "Enter")
        assert at.focus() == "applicant.no_nik_reason_edit"
        larger(at)
        assert at.focus() == "applicant.no_nik_reason_edit"

    def test_what_is_seldom_needed(self, at: At) -> None:
        at.presses("Ctrl+T")
        larger(at)
        assert at.focus() == "vulnerable_group_edit"


class TestExtraRequirement:
    @pytest.fixture
    def half(self, listed: At) -> At:
        listed.types("*").presses("Shift++").types("Surat pengantar RT")
        assert listed.focus() == "extra_name_edit"
        return listed

    def assert_goes_on(self, at: At) -> None:
        assert at.screen.panel.extra_name.value() == "Surat pengantar RT"
        at.presses("Enter").types("2").presses("Enter")
        assert at.lines()[-1][1:] == ("Surat pengantar RT", "Belum diperiksa")
        assert at.screen.extras[0].reason == "diminta pejabat yang berwenang"

    def test_survives_larger_letters(self, half: At) -> None:
        larger(half)
        assert half.focus() == "extra_name_edit"
        self.assert_goes_on(half)

    def test_survives_another_language_with_its_reason(self, listed: At) -> None:
        listed.presses("Shift++").types("KK").presses("Enter").types("2")
        assert listed.focus() == "extra_name_edit", "two letters are no name"
        listed.window.wear(language="en")
        assert listed.screen.panel.extra_reason.value() == "diminta pejabat yang berwenang"
        assert listed.screen.panel.extra_name.value() == "KK"

    def test_survives_f7(self, half: At) -> None:
        half.presses("F7", "Shift+F7", "Enter")
        half.screen.panel.extra_name.setFocus()
        self.assert_goes_on(half)

    def test_survives_esc_and_a_second_thought(self, half: At) -> None:
        half.presses("Esc", "Shift++")
        self.assert_goes_on(half)

    def test_survives_a_power_cut(self, half: At, tmp_path: Path, clock: Clock, make_window) -> None:
        QTest.qWait(PAUSE + 100)
        after = tmp_path / "after"
        shutil.copytree(half.window.store.folder, after)
        revived = Store.open(after, clock=clock)
        try:
            again = At(make_window(revived))
            again.screen.panel.extra_name.setFocus()
            self.assert_goes_on(again)
            again.window.close()
        finally:
            revived.close()

    def test_nothing_of_it_is_left_for_the_next_one(self, half: At) -> None:
        half.presses("F2").types(SITI).looks().presses("Esc", "F2")
        half.types("ktp").presses("Enter").types(CHANGED).presses("Shift++")
        assert half.screen.panel.extra_name.value() == ""


def test_a_list_of_lines_that_was_open_leaves_nothing_behind(at: At) -> None:
    at.types("ktp")
    larger(at)
    assert at.screen.bar.line.text() == "ktp"
    assert not [w for w in QApplication.allWidgets() if type(w).__name__ == "_Popup" and w.isVisible()]
