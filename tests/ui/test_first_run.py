"""The wizard: Enter all the way gives a working counter, nothing typed is lost, and every page says what is wrong."""

import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton

from desktop import settings as settings_file
from desktop.operations import access, setup
from desktop.ui.first_run import STEPS, SUMMARY, FirstRunScreen
from desktop.ui.sign_in import SignInScreen
from tests.papers.reading import codes, scans
from tests.printers.paper_printer import NO_PAPER, READY, Mood, printer
from tests.ui.conftest import focus
from tests.ui.gun import Gun

Key = Qt.Key


@pytest.fixture
def window(make_window, store):
    return make_window(store, signed_in=False)


@pytest.fixture
def wizard(window):
    assert isinstance(window.current(), FirstRunScreen)
    return window.current()


def enter(times=1):
    for _time in range(times):
        QTest.keyClick(focus(), Key.Key_Return)


def to_page(wizard, page):
    while wizard._place < page:
        enter()


def retype(text):
    focus().selectAll()
    QTest.keyClicks(focus(), text)


def words(window):
    return " ".join(label.text() for label in window.findChildren(QLabel) if label.isVisible())


def test_enter_all_the_way_gives_a_working_counter(window, wizard, store, qtbot):
    to_page(wizard, SUMMARY)
    pin = window.findChild(QLabel, "proposed_pin").text().replace(" ", "")
    access.check_pin(pin)
    enter()
    qtbot.waitUntil(lambda: isinstance(window.current(), SignInScreen))
    assert window.current().chosen().name == "Petugas 1"
    QTest.keyClicks(focus(), pin)
    assert not window.is_locked()
    with store.reading() as session:
        place = setup.place(session, window.around.desk)
        assert (place.counter, place.officer, place.role) == ("Loket 1", "Petugas 1", "admin")
        assert setup.services(session, window.around.desk)
    told = settings_file.load(store.folder)
    assert told.counter_id == window.around.desk.counter_id
    assert told.training is False


def test_it_takes_few_keys(wizard):
    keys = 0
    while wizard._place < SUMMARY:
        enter()
        keys += 1
    assert keys <= 16


def test_pages_go_forward_and_back_and_keep_what_is_typed(window, wizard):
    to_page(wizard, 2)
    retype("Loket 12")
    QTest.keyClick(focus(), Key.Key_Escape)
    assert wizard._place == 1
    QTest.keyClick(focus(), Key.Key_F9)
    assert wizard._place == 2
    assert wizard.counter.value() == "Loket 12"
    QTest.mouseClick(next(made for key, made in wizard._follow if key == "Esc"), Qt.MouseButton.LeftButton)
    assert wizard._place == 1
    QTest.keyClick(focus(), Key.Key_Escape)
    QTest.keyClick(focus(), Key.Key_Escape)
    assert wizard._place == 0


def test_every_page_says_where_one_is(window, wizard):
    for place, step in enumerate(STEPS):
        assert f"{place + 1} dari {len(STEPS)}" in words(window)
        assert step in words(window)
        wizard.forward() if place < SUMMARY else None


def test_what_is_chosen_is_what_is_made(window, wizard, store, qtbot):
    QTest.keyClick(focus(), Key.Key_Return)
    QTest.keyClick(focus(), Key.Key_2)  # training
    assert wizard._place == 1
    retype("Mal Pelayanan Publik Contoh")
    enter(2)
    retype("kesehatan")
    enter()
    assert wizard._place == 2
    retype("Loket 03")
    enter()
    retype("Gerai Kesehatan")
    enter()
    retype("Lantai 2")
    enter()
    assert wizard._place == 3
    retype("Rini Astuti")
    enter()
    QTest.keyClicks(focus(), "482915")
    assert wizard.forms[3].fields["pin_again"].editor is focus()
    QTest.keyClicks(focus(), "482915")
    assert wizard._place == 4
    to_page(wizard, SUMMARY)
    qtbot.wait(1)
    shown = words(window)
    for part in ("Coba dulu (latihan)", "Mal Pelayanan Publik Contoh", "Kesehatan",
                 "Loket 03 · Gerai Kesehatan · Lantai 2", "Rini Astuti"):
        assert part in shown
    assert not window.findChild(QLabel, "proposed_pin").isVisible()
    enter()
    qtbot.waitUntil(lambda: isinstance(window.current(), SignInScreen))
    assert window.findChild(QLabel, "training_word") is not None
    QTest.keyClicks(focus(), "482915")
    with store.reading() as session:
        place = setup.place(session, window.around.desk)
    assert place.hall == "Mal Pelayanan Publik Contoh"
    assert "Kesehatan" in place.agency
    assert window.around.desk.training


@pytest.mark.parametrize(("pin", "again", "field"), [
    ("123456", "123456", "pin"), ("111111", "111111", "pin"), ("482915", "482916", "pin_again"),
])
def test_a_bad_pin_stays_on_its_page(window, wizard, pin, again, field):
    to_page(wizard, 3)
    enter()
    QTest.keyClicks(focus(), pin)
    QTest.keyClicks(focus(), again)
    assert wizard._place == 3
    assert wizard.forms[3].fields[field].state == "error"
    assert wizard.forms[3].fields[field].editor is focus()


def test_half_a_pin_is_refused(wizard):
    to_page(wizard, 3)
    enter()
    QTest.keyClicks(focus(), "482")
    enter(2)
    assert wizard._place == 3
    assert wizard.forms[3].fields["pin"].sentence() == "PIN terdiri dari 6 angka."


@pytest.mark.parametrize(("page", "field"), [(1, "hall_name"), (2, "counter_name"), (3, "name")])
def test_what_is_missing_is_said_on_its_page(window, wizard, store, qtbot, page, field):
    to_page(wizard, page)
    retype(" ")
    to_page(wizard, SUMMARY)
    enter()
    qtbot.waitUntil(lambda: wizard._place == page)
    assert wizard.forms[page].fields[field].state == "error"
    assert wizard.forms[page].fields[field].editor is focus()
    with store.reading() as session:
        assert not setup.is_ready(session)
    retype("Nama yang benar")
    to_page(wizard, SUMMARY)
    enter()
    qtbot.waitUntil(lambda: isinstance(window.current(), SignInScreen))


def test_an_unknown_agency_is_said(wizard, qtbot):
    to_page(wizard, 1)
    enter(2)
    retype("zzz")
    to_page(wizard, SUMMARY)
    enter()
    qtbot.waitUntil(lambda: wizard._place == 1)
    assert wizard.agency.state == "error"


def test_the_language_changes_at_once_and_nothing_is_lost(window, wizard, qtbot):
    to_page(wizard, 2)
    retype("Loket 12")
    for _time in range(2):
        QTest.keyClick(focus(), Key.Key_Escape)
    QTest.keyClick(focus(), Key.Key_2)
    qtbot.waitUntil(lambda: window.current() is not wizard)
    again = window.current()
    assert again.language.value() == "en"
    assert window.around.settings.language == "en"
    assert again.counter.value() == "Loket 12"
    assert again._place == 0
    assert again.use.editor is focus()
    assert again._pin == wizard._pin


def test_the_test_page_comes_out(window, wizard, store, qtbot):
    to_page(wizard, 4)
    button = window.findChild(QPushButton, "print_test")
    assert button.isVisible()
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "halaman-uji.pdf" in window.feedback.text())
    assert (store.folder / "kertas" / "halaman-uji.pdf").read_bytes().startswith(b"%PDF")


def test_a_folder_that_cannot_be_written_is_said(window, wizard, tmp_path, qtbot):
    to_page(wizard, 4)
    (tmp_path / "file").write_text("")
    wizard.printer.folder.setFocus()
    QTest.keyClicks(focus(), str(tmp_path / "file" / "under"))
    QTest.mouseClick(window.findChild(QPushButton, "print_test"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: "Periksa folder" in window.feedback.text())


def test_a_system_printer_is_chosen_from_a_list_or_its_lack_is_said(wizard):
    to_page(wizard, 4)
    wizard.printer._printers = ["Epson TM-T82", "Canon"]
    enter()
    QTest.keyClick(focus(), Key.Key_2)
    assert wizard.printer.device.editor is focus()
    QTest.keyClicks(focus(), "eps")
    enter()
    assert wizard.printer.device.value() == "Epson TM-T82"
    assert "Epson TM-T82" in wizard.printer.summary()


def test_the_proposed_pin_is_large_and_only_on_the_last_page(window, wizard):
    shown = window.findChild(QLabel, "proposed_pin")
    for _page in range(SUMMARY):
        assert not shown.isVisible()
        wizard.forward()
    assert shown.isVisible()
    assert re.fullmatch(r"\d{3} \d{3}", shown.text())
    assert shown.fontInfo().pointSizeF() > 20


# --- the test page, scanned back


def print_page(window, wizard, qtbot):
    to_page(wizard, 4)
    QTest.mouseClick(window.findChild(QPushButton, "print_test"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(wizard.printer.scan_back.isVisible)
    assert focus() is wizard.printer.scan_back.line
    # What a scanner would read on the paper that came out.
    return scans((window.store.folder / "kertas" / "halaman-uji.pdf").read_bytes(), 300)[0]["Code 128"]


@pytest.mark.parametrize(("gap", "learned"), [(2, 20), (9, 27), (40, 60)])
def test_the_page_scanned_back_proves_all_three_and_teaches_the_gap(window, wizard, qtbot, gap, learned):
    code = print_page(window, wizard, qtbot)
    Gun(window).shoots(code, "\r", gap)
    assert "berfungsi" in window.feedback.text()
    assert window.around.settings.scanner.gap_ms == learned
    assert wizard._place == SUMMARY


def test_a_number_typed_by_hand_proves_no_scanner(window, wizard, qtbot):
    code = print_page(window, wizard, qtbot)
    Gun(window).shoots(code, "\r", 90)
    assert "diketik" in wizard.printer.scan_back.sentence()
    assert wizard._place == 4
    assert window.around.settings.scanner.gap_ms == 35


def test_another_barcode_is_refused_and_asked_again(window, wizard, qtbot):
    code = print_page(window, wizard, qtbot)
    gun = Gun(window)
    gun.shoots("8991002101234")
    assert "Pindai sekali lagi" in wizard.printer.scan_back.sentence()
    gun.shoots(code)
    assert wizard._place == SUMMARY


def test_scanning_back_can_be_skipped(window, wizard, qtbot):
    print_page(window, wizard, qtbot)
    enter()
    assert wizard._place == SUMMARY
    assert window.around.settings.scanner.gap_ms == 35


def test_a_network_printer_and_a_second_one_are_set_by_keys_and_each_proves_itself(window, wizard, store, qtbot):
    to_page(wizard, 4)
    with printer() as first, printer() as second:
        enter()
        QTest.keyClick(focus(), Key.Key_4)
        QTest.keyClicks(focus(), "bukan alamat")
        enter()
        assert "Tulis seperti" in wizard.printer.address.sentence()
        QTest.keyClick(focus(), Key.Key_Up)
        retype(first.address)
        enter()
        QTest.keyClick(focus(), Key.Key_2)  # 58 mm; the last question, so the page turns
        QTest.keyClick(focus(), Key.Key_Escape)
        QTest.mouseClick(window.findChild(QPushButton, "print_test"), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "Pindai barcode" in window.feedback.text())
        wizard.printer.start()
        QTest.keyClick(focus(), Key.Key_2)  # the second printer
        QTest.keyClick(focus(), Key.Key_4)
        QTest.keyClicks(focus(), second.address)
        enter()
        QTest.keyClick(focus(), Key.Key_1)
        QTest.keyClick(focus(), Key.Key_Escape)
        window.feedback.clear()
        QTest.mouseClick(window.findChild(QPushButton, "print_test"), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "Pindai barcode" in window.feedback.text())
    assert [page.width for page in first.pages()] == [384 + 80]
    assert [page.width for page in second.pages()] == [576 + 80]
    assert codes(first.pages()[0]) == codes(second.pages()[0]) != {}
    told = window.around.settings
    assert (told.printer.kind, told.printer.paper, told.printer.address) == ("network", "58mm", first.address)
    assert (told.second_printer.kind, told.second_printer.paper) == ("network", "80mm")


def test_a_printer_without_paper_says_so_on_its_test_page(window, wizard, qtbot):
    to_page(wizard, 4)
    with printer(Mood(answers={1: READY, 2: READY, 3: READY, 4: NO_PAPER})) as device:
        enter()
        QTest.keyClick(focus(), Key.Key_4)
        QTest.keyClicks(focus(), device.address)
        QTest.mouseClick(window.findChild(QPushButton, "print_test"), Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: "Kertas printer habis" in window.feedback.text())
