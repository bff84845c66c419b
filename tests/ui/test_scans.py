"""Every scan is answered in its turn: what is short opens, the rest is told beside what stands on the desk."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget
from sqlalchemy import select

from desktop.models.local import OfficerSecret
from desktop.operations.numbering import FileNumber
from desktop.operations.scanning import Answer
from desktop.ui.main_window import MainWindow
from desktop.ui.style_sheet import RESOURCES
from desktop.ui.tones import Tones
from tests.ui.conftest import PIN
from tests.ui.desk import BUDI, SITI, At
from tests.ui.gun import Gun, Stroke, with_wrong_check


@pytest.fixture
def gun(window: MainWindow) -> Gun:
    return Gun(window)


@pytest.fixture
def answers(window: MainWindow) -> list[Answer]:
    heard: list[Answer] = []
    window.scans.answered.connect(heard.append)
    return heard


@pytest.fixture
def tones(window: MainWindow, monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    played: list[bool] = []
    monkeypatch.setattr(window.scans._tones, "play", lambda *, found: played.append(found))
    return played


def files(at: At, keys: str, nik: str = SITI) -> str:
    """Save a file with these checklist keys; its 14 digits."""
    at.presses("F2").fills_person(nik).types("2").types("3").types(keys)
    at.presses("F9")
    last = at.screen.file.last
    assert last is not None
    return last.outcome.number


def short_file(at: At, nik: str = SITI) -> str:
    at.presses("F2").fills_person(nik).types("2").types("3").types("*").types("-2").types("-4").presses("F9")
    last = at.screen.file.last
    assert last is not None and last.outcome.paper == "slip"
    return last.outcome.number


def card(at: At) -> str:
    """Everything the card says."""
    made = at.window.findChild(QWidget, "scan_card")
    return "" if made is None else " | ".join(x.text() for x in made.findChildren(QLabel) if x.isVisible() and x.text())


def enter_key() -> list[Stroke]:
    return [Stroke(500, "\r")]


def test_a_short_file_opens_at_its_missing_lines(gun: Gun, at: At, tones: list[bool]) -> None:
    number = short_file(at)
    gun.shoots(number)
    at.looks()
    assert at.screen.returning is not None and at.screen.returning.number == number
    assert [state for digit, _name, state in at.lines() if digit] == ["Belum diperiksa"] * 2
    assert at.focus() == "checklist_list"
    assert number[9:13] in at.message()
    assert tones == [True]


def test_it_opens_from_every_screen(gun: Gun, at: At) -> None:
    number = short_file(at)
    for name in ("today", "settings", "summary"):
        at.window.show_screen(name)
        gun.shoots(number)
        at.looks()
        assert at.screen.returning is not None, name
        at.screen.clear()


def test_a_file_in_process_is_a_card_with_state_promise_and_days(gun: Gun, at: At, answers: list[Answer]) -> None:
    number = files(at, "*")
    gun.shoots(number)
    at.looks()
    said = card(at)
    assert number[9:13] in said and "Terdaftar" in said
    assert "Masih diproses. Selesai paling lambat" in said
    assert answers[0].days_left is not None and f"{answers[0].days_left} hari lagi" in said
    gun.send(enter_key())
    gun.rests()
    assert at.window.current().name == "today"


def test_a_void_file_says_so(gun: Gun, at: At, tones: list[bool]) -> None:
    number = files(at, "*")
    at.presses("Shift+F12")
    at.presses("F2")
    gun.shoots(number)
    at.looks()
    assert "Dibatalkan" in card(at) and "Kertasnya tidak berlaku" in card(at)


def test_a_number_of_another_pc_tells_where_it_was_made(gun: Gun, at: At, tones: list[bool]) -> None:
    gun.shoots(FileNumber(date(2026, 11, 20), 123, 7).digits)
    at.looks()
    assert "Datanya belum masuk ke PC ini." in card(at)
    assert tones == [False]


def test_a_misread_number_says_what_to_type(gun: Gun, at: At, tones: list[bool]) -> None:
    gun.shoots(with_wrong_check(FileNumber(date(2026, 11, 20), 123, 7)))
    at.looks()
    assert "Ketik 4 angka urut dan angka terakhirnya." in card(at)
    assert tones == [False]


def test_a_test_page_proves_itself(gun: Gun, at: At, tones: list[bool]) -> None:
    gun.shoots(FileNumber(date(2026, 11, 20), 907, 0).digits)
    at.looks()
    assert "lembar uji cetak" in card(at)
    assert tones == [True]


def test_ten_scans_in_two_seconds_are_ten_answers(gun: Gun, at: At, answers: list[Answer], tones: list[bool]) -> None:
    known = files(at, "*")
    codes = [FileNumber(date(2026, 11, 20), 123, serial).digits for serial in range(1, 10)] + [known]
    for code in codes:
        gun.send([Stroke(5 if place else 130, sign) for place, sign in enumerate(code + "\r")])
    at.looks()
    assert [answer.code for answer in answers] == codes
    assert tones == [False] * 9 + [True]
    assert all(code[9:13] in card(at) for code in codes), "each is still told"


def test_a_half_typed_intake_stays_until_enter_switches(gun: Gun, at: At) -> None:
    number = short_file(at)
    at.presses("F2").types(BUDI).looks().types("Budi San")
    before, line = at.screen.desktop(), QApplication.focusWidget()
    gun.shoots(number)
    at.looks()
    assert "Tunda yang di meja, buka ini" in at.window.findChild(QPushButton, "scan_open").text()
    assert at.screen.desktop() == before and QApplication.focusWidget() is line
    gun.send(enter_key())
    gun.rests()
    assert at.screen.returning is not None and at.screen.returning.number == number
    assert [row.who for row in at.screen.parking.rows] == ["Budi San"]
    assert card(at) == ""


def test_escape_returns_to_the_letter_where_it_was(gun: Gun, at: At) -> None:
    number = short_file(at)
    at.presses("F2").types(BUDI).looks().types("Budi San")
    gun.shoots(number)
    at.looks()
    at.presses("Esc")
    assert card(at) == ""
    at.types("toso")
    assert at.value("applicant.name") == "Budi Santoso"


def test_typing_on_puts_the_card_away_and_enter_is_next_again(gun: Gun, at: At) -> None:
    number = short_file(at)
    at.presses("F2").types(BUDI).looks().types("Budi San")
    gun.shoots(number)
    at.looks()
    at.types("t").presses("Enter")
    assert card(at) == "" and at.screen.returning is None
    assert at.focus() == "applicant.phone_edit" and at.value("applicant.name") == "Budi Sant"


def test_a_question_is_not_answered_by_a_scan(gun: Gun, at: At) -> None:
    number = short_file(at)
    at.window.feedback.ask("Sudah keluar?", ["Sudah", "Belum"], lambda _n: pytest.fail("answered"), enter=0)
    gun.shoots(number)
    at.looks()
    assert at.window.feedback.is_asking() and number[9:13] in card(at)


def test_nothing_of_a_file_is_told_while_nobody_is_signed_in(gun: Gun, at: At, answers: list[Answer]) -> None:
    number = short_file(at)
    gun.shoots(number)
    at.looks()
    at.presses("Ctrl+L")
    assert card(at) == ""
    at.window.scans.take(number)
    at.looks()
    assert "Masuk dahulu" in at.message() and card(at) == "" and len(answers) == 1


def wrong_tries(at: At) -> set[int]:
    with at.window.store.reading() as session:
        return set(session.scalars(select(OfficerSecret.wrong_tries)))


@pytest.mark.parametrize("end", ["\r", "\t", ""])
def test_a_scan_at_the_locked_screen_is_no_try_of_a_pin(gun: Gun, at: At, end: str) -> None:
    number = short_file(at)
    at.presses("Ctrl+L")
    gun.shoots(number, end)
    gun.rests()
    assert wrong_tries(at) == {0} and at.message() == "Masuk dahulu, lalu pindai lagi."
    at.types(PIN)
    assert at.window.current().name == "intake", "its first digits do not stand before those of the PIN"


def test_a_pin_is_typed_as_before(gun: Gun, at: At) -> None:
    at.presses("Ctrl+L")
    gun.types(PIN, lambda place: 60 if place % 2 else 5)  # two fingers that roll
    gun.rests()
    assert at.window.current().name == "intake"


def test_another_agencys_file_shows_number_state_and_promise_only(gun: Gun, at: At, monkeypatch) -> None:
    number = files(at, "*")
    at.window.around.desk = replace(at.window.around.desk, agency_ids=("another",))
    gun.shoots(number)
    at.looks()
    assert "Siti" not in card(at) and "Terdaftar" in card(at)
    assert not at.window.findChild(QPushButton, "scan_open").isVisible()


@pytest.mark.parametrize("size", [9, 11, 16])
def test_the_card_fits_the_window(gun: Gun, at: At, size: int) -> None:
    number = files(at, "*")
    at.window.wear(text_size=size)
    for serial in range(1, 10):
        gun.shoots(FileNumber(date(2026, 11, 20), 123, serial).digits)
    gun.shoots(number)
    at.looks()
    made = at.window.scans.card
    assert made is not None and at.window.rect().contains(made.geometry())
    for label in made.findChildren(QLabel):
        if label.isVisible() and label.wordWrap():
            assert label.height() >= label.heightForWidth(label.width()), label.text()


# --- tones


@pytest.fixture
def player(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only player of this PC; writes down what it is asked to play."""
    heard = tmp_path / "heard"
    program = tmp_path / "bin" / "aplay"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\necho "$1" >> {heard}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{program.parent}{os.pathsep}/bin{os.pathsep}/usr/bin")
    return heard


def test_the_two_tones_are_played_by_the_systems_player(qtbot, window: MainWindow, player: Path) -> None:
    tones = Tones(window)
    tones._player = str(player.parent / "bin" / "aplay")
    tones.play(found=True)
    qtbot.waitUntil(player.exists)
    tones.play(found=False)
    qtbot.waitUntil(lambda: len(player.read_text().splitlines()) == 2)
    first, second = (Path(line) for line in player.read_text().splitlines())
    assert first.name == "found.wav" and second.name == "not_found.wav"
    assert all(path.parent == RESOURCES / "sounds" and path.exists() for path in (first, second))


def test_the_sound_can_be_turned_off(gun: Gun, at: At, tones: list[bool]) -> None:
    at.window.around.settings.scanner.sound = False
    gun.shoots(FileNumber(date(2026, 11, 20), 123, 7).digits)
    at.looks()
    assert tones == []
