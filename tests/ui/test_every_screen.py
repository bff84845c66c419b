"""Gates that every screen must pass: names, Alt letters, plain labels, nothing cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QGroupBox,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from desktop.ui.entries import ENTRIES
from desktop.ui.screen import mnemonic_of

NAMES = [entry.screen.name for entry in ENTRIES]


@pytest.fixture(params=NAMES)
def any_screen(request, make_window, ready_store):
    window = make_window(ready_store)
    window.show_screen(request.param)
    return window


@pytest.fixture(params=["sign_in", "first_run"])
def any_front(request, make_window, ready_store, new_store):
    return make_window(ready_store if request.param == "sign_in" else new_store(), signed_in=False)


def check_names(window):
    nameless = [
        widget for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.focusPolicy() != Qt.FocusPolicy.NoFocus
        and not QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)
    ]
    assert not nameless, [(type(widget).__name__, widget.objectName()) for widget in nameless]


def check_mnemonics(window):
    hidden = [screen for screen in window._screens.values() if screen is not window.current()]
    letters = [
        mnemonic_of(part.title() if isinstance(part, QGroupBox) else part.text())
        for kind in (QLabel, QAbstractButton, QGroupBox) for part in window.findChildren(kind)
        if (not isinstance(part, QLabel) or part.buddy() is not None)
        and not any(screen.isAncestorOf(part) for screen in hidden)
    ]
    given = [letter for letter in letters if letter]
    assert len(given) == len(set(given)), sorted(given)


def check_labels(window):
    rich = [label for label in window.findChildren(QLabel) if label.textFormat() != Qt.TextFormat.PlainText]
    assert not rich, [(label.objectName(), label.text()) for label in rich]


def check_fits(window):
    """Nothing is cut: every label and button has the room it asks for, and lies inside the window."""
    assert (window.width(), window.height()) == (1366, 768)
    cut = []
    for part in [*window.findChildren(QPushButton), *window.findChildren(QLineEdit), *window.findChildren(QLabel)]:
        if not part.isVisible() or not part.visibleRegion().boundingRect().isValid():
            continue
        asked = part.minimumSizeHint()
        if isinstance(part, QLabel) and part.wordWrap():
            asked.setHeight(part.heightForWidth(part.width()))
            asked.setWidth(0)
        if isinstance(part, QLabel) and not part.wordWrap() and part.sizePolicy().horizontalPolicy().name == "Ignored":
            asked.setWidth(0)
        if part.width() < asked.width() or part.height() < asked.height():
            cut.append((type(part).__name__, part.objectName(), part.text(), part.size(), asked))
        corner = part.mapTo(window, part.rect().bottomRight())
        if corner.x() >= window.width() or corner.y() >= window.height():
            cut.append((type(part).__name__, part.objectName(), part.text(), corner))
    assert not cut, cut


def test_every_focusable_widget_has_a_name(any_screen):
    check_names(any_screen)


def test_alt_letters_are_unique(any_screen):
    check_mnemonics(any_screen)


def test_labels_are_plain(any_screen):
    check_labels(any_screen)


@pytest.mark.parametrize("language", ["id", "en"])
@pytest.mark.parametrize("size", [9, 11, 16])
def test_every_screen_fits_the_smallest_window(any_screen, size, language, qtbot):
    any_screen.wear(text_size=size, language=language)
    qtbot.wait(5)
    check_fits(any_screen)


@pytest.mark.parametrize("size", [9, 11, 16])
def test_fronts_pass_the_same_gates(any_front, size, qtbot):
    any_front.wear(text_size=size)
    qtbot.wait(5)
    check_names(any_front)
    check_mnemonics(any_front)
    check_labels(any_front)
    check_fits(any_front)


def test_the_gates_see_what_is_wrong(window):
    """Negative control: a nameless field, a letter given twice, a rich label and a cut button are all found."""
    home = QWidget(window.current())
    column = QVBoxLayout(home)
    for part in (QPushButton("&Satu"), QPushButton("&Sana"), QLabel("<b>x</b>"), QLineEdit()):
        column.addWidget(part)
    home.setGeometry(0, 0, 30, 40)
    home.show()
    QApplication.processEvents()
    for check in (check_names, check_mnemonics, check_labels, check_fits):
        with pytest.raises(AssertionError):
            check(window)
