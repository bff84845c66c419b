"""F9 and what follows it: the paper, its copies, and the way back."""

from __future__ import annotations

import contextlib
import gc
from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop.errors import UserError
from desktop.models.application import Application, StatusMove
from desktop.models.catalog import Counter
from desktop.models.people import Party
from desktop.operations import intake, issuing
from desktop.store import Store
from desktop.ui import collector, intake_closing
from desktop.ui.main_window import MainWindow
from desktop.ui.notice import Notice
from tests.operations.small_hall import COUNTER, POL, RINI, furnish
from tests.ui.desk import BUDI, CHANGED, KTP, LOST, SITI, At, every, only, serve, serve_short


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

    def test_the_cursor_goes_straight_to_the_bar(self, at: At, qapp: QApplication) -> None:
        """Each field it passes on its way would have the whole screen shown anew."""
        passed: list[str] = []
        qapp.focusChanged.connect(lambda _old, new: passed.append(new.objectName() if new is not None else ""))
        at.fills_person().types(KTP).types(LOST).types("*")
        assert at.focus() == "checklist_list"
        passed.clear()
        at.presses("F9")
        assert passed == ["entry_bar"]
        at.fills_person(BUDI).types(KTP).types(LOST).types("*")
        passed.clear()
        at.screen.panel.show_service(None, [])
        assert passed and passed != ["entry_bar"], "the control: by itself it tries the others"

    @pytest.mark.parametrize("waits", [True, False])
    def test_the_collector_waits_until_the_file_is_kept(
        self, at: At, monkeypatch: pytest.MonkeyPatch, waits: bool
    ) -> None:
        if not waits:  # the control
            monkeypatch.setattr(collector, "waiting", contextlib.nullcontext)
        ran: list[str] = []
        receive = intake.receive

        def noted(*asked: Any) -> Any:
            ran.clear()
            return receive(*asked)

        monkeypatch.setattr(intake, "receive", noted)
        kept: list[bool] = []
        at.window.store.listen(lambda tables: kept.append(bool(ran)) if "application" in tables else None)
        at.fills_person().types(KTP).types(LOST).types("*")
        before = gc.get_threshold()
        gc.callbacks.append(heard := lambda phase, _about: ran.append(phase))
        gc.set_threshold(50, 5, 5)
        try:
            at.presses("F9")
        finally:
            gc.set_threshold(*before)
            gc.callbacks.remove(heard)
        assert kept == [not waits]
        assert gc.isenabled()

    def test_a_saved_file_is_shown_once_and_again_where_the_news_come(
        self, at: At, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        at.fills_person().types(KTP).types(LOST).types("*")
        shown: list[str] = []
        say = Notice.say

        def noted(notice: Notice, kind: str, text: str, **more: Any) -> None:
            shown.append(text)
            say(notice, kind, text, **more)

        monkeypatch.setattr(Notice, "say", noted)
        with at.screen.at_once():
            at.screen.clear()
            at.screen.walk.to(at.screen.bar)
            assert shown == []
        assert shown == ["Siap. Tekan F2 untuk berkas baru, atau pindai barcode."]

    def test_f9_pressed_twice_at_a_counter_of_one_service_does_it_once(
        self, store: Store, make_window: Callable[..., MainWindow]
    ) -> None:
        furnish(store)
        with store.saving(None) as session:
            session.get_one(Counter, COUNTER).agency_ids = [POL]
        window = make_window(store, signed_in=False)
        window.sign_in(RINI)
        at = At(window).fills_person().types("*").presses("F9")
        said = at.message()
        assert said.endswith("tersimpan. Kertas sedang dicetak.") and at.screen.offer is not None, "of the next one"
        at.presses("F9", "Shift+F9")
        assert (at.message(), at.focus(), len(every(store, Application))) == (said, "entry_bar", 1)
        at.types("Budi").presses("Enter", "F9")
        assert at.message() == "1 syarat belum diperiksa. F9 lagi = dianggap tidak ada"

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
