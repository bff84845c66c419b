"""A small or old monitor: 960 dots wide are enough, and nothing that is said, however long, asks for more."""

from __future__ import annotations

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QWidget

from desktop.errors import UserError
from desktop.ui import style
from desktop.ui.choices import Chip
from desktop.ui.entries import ENTRIES
from desktop.ui.main_window import MainWindow
from desktop.ui.rows import Table
from desktop.ui.upkeep import UpkeepScreen
from tests.ui.desk import SITI, At

# The widest letter, as many as a name may have, and no space to break it at.
NAME = "W" * 100
WIDTH = 960


@pytest.fixture
def at(window: MainWindow) -> At:
    window.resize(WIDTH, 700)
    QTest.qWait(20)
    return At(window)


def wanted(at: At) -> int:
    QTest.qWait(20)
    return at.window.minimumSizeHint().width()


def test_every_screen_finds_room(at: At) -> None:
    for entry in ENTRIES:
        at.window.show_screen(entry.screen.name)
        assert wanted(at) <= WIDTH, entry.screen.name


def test_what_scrolls_is_no_wider_than_its_place(at: At) -> None:
    # A page that scrolls asks the window for nothing: it would be cut off at the right, where its buttons are.
    seen = set()
    for entry in ENTRIES:
        at.window.show_screen(entry.screen.name)
        QTest.qWait(20)
        for page in at.window.current().findChildren(QWidget, "scrolled"):
            if page.isVisible():
                seen.add(entry.screen.name)
                assert page.minimumSizeHint().width() <= page.parentWidget().width(), entry.screen.name
    assert seen > {"summary", "settings", "health", "safe"}


def test_no_table_hides_what_its_rows_are_about(at: At) -> None:
    seen = set()
    for entry in ENTRIES:
        at.window.show_screen(entry.screen.name)
        screen = at.window.current()
        for part in range(len(screen.sections) if isinstance(screen, UpkeepScreen) else 1):
            if isinstance(screen, UpkeepScreen):
                screen.part.set_value(part)
                screen._show_part(part)
            QTest.qWait(20)
            for table in screen.findChildren(Table):
                if table.isVisible():
                    seen.add(table.objectName())
                    head = table.horizontalHeader()
                    shown = [place for place in range(head.count()) if not table.isColumnHidden(place)]
                    cut = [place for place in shown if table.columnWidth(place) < head.sectionSizeHint(place)]
                    assert not cut, (table.objectName(), cut)
                    names = [table.columnWidth(place) for place in shown if not table.rows.columns[place].width]
                    assert min(names, default=200) >= style.em(100), (table.objectName(), names)
    assert seen > {"backups", "summary_officers", "summary_missing", "upkeep_weeks", "upkeep_officers"}


def test_no_button_of_the_last_paper_is_clipped(at: At) -> None:
    at.fills_person().types("23").types("*").types("-2").presses("F9", "F9")
    QTest.qWait(20)
    chips = at.screen.side.last_paper.findChildren(QPushButton)
    assert [chip.accessibleName() for chip in chips] == ["Urungkan", "Cetak ulang"]
    for chip in chips:
        assert chip.isVisible() and chip.width() >= chip.sizeHint().width(), chip.accessibleName()
        assert chip.parentWidget().rect().contains(chip.geometry()), chip.accessibleName()


def test_a_long_kind_ends_in_dots_and_pushes_no_card_over_another(at: At) -> None:
    at.fills_person().types("5")
    QTest.qWait(20)
    screen = at.screen
    assert wanted(at) <= WIDTH
    assert screen.people_card.geometry().right() < screen.panel.x()
    assert screen.panel.geometry().right() < screen.side.x()
    chip = next(chip for chip in screen.panel.variant.findChildren(Chip) if chip.words().startswith("Terlambat"))
    assert chip.width() < chip.sizeHint().width() and chip.toolTip() == chip.words()
    assert chip.parentWidget().rect().contains(chip.geometry())
    at.window.resize(1366, 768)
    QTest.qWait(20)
    assert chip.width() == chip.sizeHint().width() and chip.toolTip() == ""


def test_a_name_without_end_widens_nothing(at: At) -> None:
    at.fills_person(name=NAME).types("23").types("*").types("-2")
    assert wanted(at) <= WIDTH
    at.presses("F9")
    assert wanted(at) <= WIDTH, at.message()
    at.types(SITI).looks()
    assert NAME in at.notice()
    assert wanted(at) <= WIDTH, at.notice()
    at.presses("F7")
    assert NAME in at.message()
    assert wanted(at) <= WIDTH, at.message()
    at.presses("F4")
    assert wanted(at) <= WIDTH
    at.typist.press("Enter")
    assert at.window.current().is_card()
    assert wanted(at) <= WIDTH
    at.typist.press("F3")
    at.types(NAME)
    assert wanted(at) <= WIDTH


@pytest.mark.parametrize("size", [style.SMALLEST, style.LARGEST])
def test_what_is_said_never_changes_the_width_at_any_size(at: At, size: int) -> None:
    at.window.wear(text_size=size)
    at.presses("F4", "F2")  # every screen has found its places
    before = wanted(at)
    for say in (
        lambda: at.window.feedback.say("bad", NAME * 3),
        lambda: at.window.feedback.tell(UserError(NAME, code="E-06")),
        lambda: at.window.feedback.ask(NAME, ["ya", "tidak"], lambda place: None),
        lambda: at.screen.people.name.say("error", NAME),
        lambda: at.screen.bar.say("warning", NAME),
    ):
        say()
        assert wanted(at) <= max(before, WIDTH)


def test_a_broken_word_is_still_the_same_word(qapp) -> None:
    words = style.label(NAME)
    words.setWordWrap(True)
    assert words.text() == NAME
    assert QLabel.text(words) != NAME
    words.setText("Siti Aminah")
    assert QLabel.text(words) == "Siti Aminah"
