"""Leaflet, label and emergency form, each by its key from the screen where it is wanted."""

from __future__ import annotations

from pathlib import Path

from desktop.ui.main_window import MainWindow
from tests.papers.reading import scans, squeezed, text_of
from tests.ui.desk import KTP, LOST, At


def papers(window: MainWindow, pattern: str) -> list[Path]:
    return sorted((window.store.folder / "kertas").glob(pattern))


def test_the_leaflet_of_the_service_on_the_desk(window: MainWindow) -> None:
    at = At(window)
    at.presses("Ctrl+Shift+S")
    assert papers(window, "daftar*") == []
    at.presses("Ctrl+1", "Ctrl+Shift+S")
    (paper,) = papers(window, "daftar-persyaratan.pdf")
    assert at.screen.offer is not None
    assert squeezed(at.screen.offer.name) in squeezed(text_of(paper.read_bytes()))
    assert str(paper) in at.message()


def test_the_label_of_the_last_file_and_of_any_file_in_the_list(window: MainWindow) -> None:
    at = At(window)
    at.fills_person().types(KTP).types(LOST).types("*").presses("F9")
    assert at.screen.file.last is not None
    number = at.screen.file.last.outcome.number
    at.presses("Ctrl+Shift+B")
    (paper,) = papers(window, "*-label.pdf")
    assert scans(paper.read_bytes(), 300)[0] == {"Code 128": number, "QR Code": number}
    paper.unlink()
    at.presses("F4", "Ctrl+Shift+B")
    assert len(papers(window, "*-label.pdf")) == 1
    at.presses("Enter", "Ctrl+Shift+B")
    assert str(papers(window, "*-label.pdf")[0]) in at.message()


def test_the_emergency_form_is_printed_before_it_is_needed(window: MainWindow) -> None:
    at = At(window)
    at.presses("Ctrl+Shift+D")
    (paper,) = papers(window, "formulir-darurat.pdf")
    assert "FORMULIR DARURAT" in text_of(paper.read_bytes())


def test_a_handout_that_cannot_be_printed_says_why(window: MainWindow) -> None:
    (window.store.folder / "kertas").write_text("a file")
    at = At(window)
    at.presses("Ctrl+Shift+D")
    assert "Periksa folder" in at.message()
