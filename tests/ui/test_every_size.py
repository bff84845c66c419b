"""The desk at work, in every size of text, theme and language: nothing is cut, and English is English throughout."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QLineEdit, QWidget

from desktop.i18n import speaking
from desktop.models.standard import Frozen
from desktop.operations import setup
from desktop.ui.main_window import MainWindow
from desktop.ui.style_sheet import DEFAULT_SIZE
from tests.papers.reading import text_of
from tests.papers.test_every_paper import MAKERS
from tests.test_translations import translated
from tests.ui.desk import BUDI, At
from tests.ui.gun import Gun
from tests.ui.test_every_screen import check_fits
from tests.ui.test_scans import short_file

# Those between are no tighter: what folds, folds from 12 and from 14.
SIZES = {"id": (9, 12, 14, 15, 16), "en": (12, 16)}


def states(at: At) -> Iterator[str]:
    """The desk as an officer has it in front of them, one state after the other."""
    number = short_file(at)
    for name in ("today", "settings", "summary", "intake"):
        at.window.show_screen(name)
        yield name
    at.presses("F2").fills_person(BUDI, "Budi Santoso")
    yield "person"
    at.types("2").types("3").types("*")
    yield "checklist"
    at.types("-2")
    yield "fault"
    Gun(at.window).shoots(number)
    at.looks()
    yield "scanned"
    at.presses("Esc", "F2", "Ctrl+T")
    yield "priority"
    Gun(at.window).shoots(number)
    at.looks()
    at.presses("F1")
    yield "keys"
    at.presses("Esc", "Ctrl+L")
    yield "locked"


def settled(at: At) -> None:
    QTest.qWait(20)
    at.typist.settle()


@pytest.mark.slow
@pytest.mark.parametrize("language", ["id", "en"])
def test_nothing_is_cut_in_any_size(window: MainWindow, language: str) -> None:
    at = At(window)
    cut = {}
    for state in states(at):
        for size in SIZES[language] if state not in ("scanned", "keys") else [window.around.settings.text_size]:
            window.wear(text_size=size, language=language)
            settled(at)
            try:
                check_fits(window)
            except AssertionError as problem:
                cut[state, size] = str(problem)
        window.wear(text_size=DEFAULT_SIZE)
        settled(at)
    assert cut == {}


# --- English


def indonesian() -> dict[str, str]:
    """Sentences that read otherwise in English."""
    return {text: said for text, said in translated("en").items() if isinstance(text, str) and text != said}  # type: ignore[misc]


def heard(window: QWidget) -> set[str]:
    """Every text that can be seen or is read aloud."""
    words: set[str] = set()
    for part in window.findChildren(QWidget):
        if not part.isVisible():
            continue
        words |= {part.accessibleName(), part.accessibleDescription(), part.toolTip()}
        if isinstance(part, QLabel | QAbstractButton):
            words.add(part.text().replace("&", ""))
        if isinstance(part, QLineEdit):
            words.add(part.placeholderText())
    return words - {""}


def test_every_screen_speaks_english(window: MainWindow) -> None:
    at = At(window)
    window.wear(language="en")
    english = set(translated("en").values())
    left = {
        (state, words) for state in states(at) for words in heard(window) & set(indonesian()) if words not in english
    }
    assert left == set()
    assert "Pengaturan" in indonesian(), "the control"


def test_every_first_run_page_speaks_english(make_window, store) -> None:
    window = make_window(store, signed_in=False)
    window.wear(language="en")
    english = set(translated("en").values())
    left: set[str] = set()
    for _page in range(6):
        left |= {words for words in heard(window) & set(indonesian()) if words not in english}
        window.current()._show_page(min(window.current()._place + 1, 5))
        QApplication.processEvents()
    assert left == set()


@pytest.mark.parametrize("name", sorted(MAKERS))
def test_every_paper_speaks_english(name: str) -> None:
    with speaking("en"):
        lines = {line.strip() for line in text_of(MAKERS[name]()).splitlines()}
    english = set(translated("en").values())
    assert {line for line in lines & set(indonesian()) if line not in english} == set()


# --- the catalogue's own words


def parts(thing: object) -> Iterator[Frozen]:
    """Every part of a standard, however deep."""
    if isinstance(thing, Frozen):
        yield thing
        for name in type(thing).model_fields:
            yield from parts(getattr(thing, name))
    elif isinstance(thing, list | tuple):
        for one in thing:
            yield from parts(one)


def told(part: Frozen) -> dict[str, str]:
    """What a part says by itself, in the language spoken now."""
    names = [name for name, kind in vars(type(part)).items() if isinstance(kind, property)]
    return {name: words for name in names if isinstance(words := getattr(part, name), str)}


def without_english(part: Frozen) -> Frozen:
    """The same part as an agency that knows no English would write it."""
    return part.model_copy(update={name: "" for name in type(part).model_fields if name.endswith("_en")})


def test_words_without_english_are_indonesian_and_never_nothing() -> None:
    every = [part for service in setup.shipped_catalogue().services for part in parts(service.definition)]
    assert len(every) > 1000
    for part in every:
        alone = without_english(part)
        written = told(part)
        with speaking("en"):
            assert {name for name, words in told(part).items() if not words} == {n for n, w in written.items() if not w}
            for name, words in told(alone).items():
                source = getattr(part, f"{name}_id", None)
                assert words == source if source else bool(words) == bool(written[name])
