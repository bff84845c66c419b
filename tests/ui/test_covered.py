"""A NIK typed where none belongs: covered as soon as the cursor leaves, everywhere by the one mask (users.md 1.7)."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QApplication, QLineEdit, QPlainTextEdit, QWidget

from desktop.ui.note_field import NoteField
from tests.ui.conftest import focus, paste
from tests.ui.desk import SITI, At

MASK = "3319 •••• •••• 0003"
PARTED = "3319.0752-0389 0003"


def seen(editor: QWidget) -> str:
    """What Qt paints and a screen reader reads."""
    if isinstance(editor, QPlainTextEdit):
        return editor.toPlainText()
    assert isinstance(editor, QLineEdit)
    return QLineEdit.text(editor)


@pytest.mark.parametrize("name", ["applicant.name", "applicant.phone", "applicant.village", "proxy.name",
                                  "subject.name", "applicant.identifier", "note"])
@pytest.mark.parametrize("typed", [SITI, PARTED])
def test_in_any_field_of_the_desk(at: At, name: str, typed: str) -> None:
    at.screen.people.set_usual(2)
    at.screen.people.set_whom(3)
    at.screen.people.open_note()
    if name == "applicant.identifier":
        at.presses("Esc", "Enter", "Enter").types("2")
    field = at.screen.people.fields[name]
    field.setFocus()
    paste(focus(), typed)
    whole = seen(field.editor)
    assert whole.replace(".", "").replace("-", "").replace(" ", "")[-16:] == SITI
    at.screen.bar.setFocus()
    assert seen(field.editor) == MASK
    assert SITI not in field.sentence()
    field.setFocus()
    assert seen(field.editor) == whole
    at.screen.bar.setFocus()
    at.window.wear(text_size=12)
    field = at.screen.people.fields[name]
    if name in ("applicant.name", "note"):
        assert seen(field.editor) == MASK
        field.setFocus()
        assert seen(field.editor) == whole


def test_in_the_bar_that_was_left(at: At) -> None:
    at.types(f"Siti {SITI}")
    assert not any(SITI in option.text for option in at.screen.bar.find(at.screen.bar.line.text()))
    at.screen.people.phone.setFocus()
    assert seen(at.screen.bar.line) == f"Siti {MASK}"


def test_in_the_search_of_the_day_and_what_it_says(at: At) -> None:
    at.presses("F3")
    today = at.window.current()
    at.types(SITI)
    assert seen(today.files.search.line) == SITI, "while it is typed it is seen"
    assert today.files._empty_words.text().startswith(f"Tidak ada yang cocok dengan “{MASK}”.")
    at.presses("F2", "F4")
    assert seen(today.files.search.line) != MASK, "the cursor is in it again"
    today.files.chips.setFocus()
    assert seen(today.files.search.line) == MASK
    assert today.files.search.value() == SITI


def test_a_search_still_finds_by_the_covered_number(at: At) -> None:
    at.fills_person().types("23").types("*").presses("F9", "F3").types(SITI).presses("Down")
    today = at.window.current()
    assert seen(today.files.search.line) == MASK
    assert [row.applicant for row in today.files.table.rows.rows] == ["Siti Aminah Rahay"]
    today.refresh()
    assert len(today.files.table.rows.rows) == 1
    today.files.search.clear()
    assert today.files.search.value() == ""


def test_a_nik_is_no_name(at: At) -> None:
    at.screen.panel.service.setFocus()
    at.types("23*")
    at.screen.people.name.setFocus()
    paste(focus(), SITI)
    at.presses("Enter")
    assert at.under("applicant.name") == "Ini nomor NIK atau KK, bukan nama. Tulis NIK pada isian NIK."
    at.presses("F9")
    assert at.screen.file.last is None
    assert at.message() == "Ini nomor NIK atau KK, bukan nama. Tulis NIK pada isian NIK."
    at.presses("F7")
    assert at.message() == f"Berkas {MASK} ditunda. Shift+F7 membukanya lagi."
    assert at.screen.parking.rows[0].who == MASK


def test_the_number_of_a_plot_may_be_as_long(at: At) -> None:
    at.screen.people.set_whom(5)
    at.screen.people.set_usual(5)
    assert at.screen.people.subject.check is not None
    at.screen.people.subject.setFocus()
    at.types("3319010001000120").presses("Enter")
    assert at.under("subject.name") == ""


def test_in_a_note_whose_lines_stay(qtbot) -> None:
    field = NoteField("note", "Catatan")
    qtbot.addWidget(field)
    field.show()
    field.set_value(f"suami:\n{SITI}")
    assert field.box.toPlainText() == f"suami:\n{MASK}"
    assert field.value() == f"suami:\n{SITI}"
    field.set_value("tidak ada")
    assert field.value() == field.box.toPlainText() == "tidak ada"
    QApplication.processEvents()
