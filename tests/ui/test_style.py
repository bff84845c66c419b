"""The look: contrast, icons, plain labels, and nothing remembered outside Qt."""

import dataclasses
import itertools
import re

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel

from desktop.ui import style, style_sheet
from desktop.ui.palettes import CONTRAST, LIGHT, THEMES
from desktop.ui.style_sheet import RESOURCES

SURFACES = ("window", "side", "card", "field", "head", "stripe", "hover")
INKS = ("text", "muted", "accent", "good", "warning", "bad")


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart (WCAG 2: 1 to 21; 4.5 is wanted for text)."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
@pytest.mark.parametrize(("ink", "surface"), [
    *itertools.product(INKS, (*SURFACES, "chosen")),
    ("good", "good_back"), ("warning", "warning_back"), ("bad", "bad_back"), ("accent", "info_back"),
    *itertools.product(("text",), ("good_back", "warning_back", "bad_back", "info_back")),
    *itertools.product(("on_accent",), ("accent", "good", "warning", "training")),
])
def test_text_reads_on_every_surface(colours, ink, surface):
    assert contrast(getattr(colours, ink), getattr(colours, surface)) >= 4.5


@pytest.mark.parametrize("colours", THEMES.values(), ids=THEMES)
def test_frames_of_inputs_are_seen(colours):
    # WCAG 1.4.11 asks 3:1 of what shows where one can type or press.
    for surface in ("card", "window"):
        assert contrast(colours.edge, getattr(colours, surface)) >= 3
        assert contrast(colours.accent, getattr(colours, surface)) >= 3


def test_the_high_contrast_theme_is_what_it_says():
    # WCAG 1.4.6 asks 7:1 of text; frames are as plain as the text itself.
    for ink, surface in itertools.product(INKS, (*SURFACES, "chosen", "good_back", "warning_back", "bad_back")):
        assert contrast(getattr(CONTRAST, ink), getattr(CONTRAST, surface)) >= 7, (ink, surface)
    assert contrast(CONTRAST.edge, CONTRAST.card) >= 15
    assert contrast(CONTRAST.line, CONTRAST.card) >= 7


def test_contrast_is_measured_as_wcag_does():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") < 4.5 < contrast("#767676", "#ffffff")


def test_every_icon_takes_the_colour_it_is_given(qapp):
    for path in (RESOURCES / "icons").glob("*.svg"):
        assert "currentColor" in path.read_text(), path.name
        image = style.pixmap(path.stem, "#ff0000", 24).toImage()
        inks = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(image.height())
                if image.pixelColor(x, y).alpha() == 255}
        assert inks <= {"#ff0000"}, path.name


def test_pictures_of_the_sheet_have_the_colours_of_their_theme():
    for theme, colours in THEMES.items():
        assert f'stroke="{colours.on_accent}"' in (RESOURCES / "icons" / theme / "check.svg").read_text()


def test_icons_are_drawn_for_sharp_screens(qapp):
    icon = style.icon("printer", "text", 18)
    assert icon.pixmap(icon.availableSizes()[0], 2.0).width() == 36


@pytest.mark.parametrize("theme", THEMES)
def test_the_theme_is_read_back_from_the_application(qapp, theme):
    style.apply(qapp, theme, 12)
    assert style.colours() is THEMES[theme]
    assert qapp.font().pointSize() == 12
    assert qapp.font().family() == "Inter"


@pytest.mark.parametrize(("asked", "worn"), [(3, 9), (16, 16), (40, 16)])
def test_text_size_stays_in_bounds(qapp, asked, worn):
    style.apply(qapp, "light", asked)
    assert qapp.font().pointSize() == worn


def test_lengths_grow_with_the_text_and_air_grows_less(qapp):
    style.apply(qapp, "light", 16)
    assert style.em(110) == 160
    assert 110 < style.px(110) < 130


def test_a_label_never_reads_markup(qtbot):
    label = style.label("<b>Budi</b><img src='x'>")
    qtbot.addWidget(label)
    assert label.textFormat() == Qt.TextFormat.PlainText
    assert label.text() == "<b>Budi</b><img src='x'>"


def test_a_tip_never_reads_markup(qtbot):
    label = QLabel()
    qtbot.addWidget(label)
    style.tip(label, "<img src=x> & co")
    assert label.toolTip() == "<qt>&lt;img src=x&gt; &amp; co</qt>"


def test_a_button_shows_an_ampersand(qtbot):
    button = style.button("Tanda & Jasa")
    qtbot.addWidget(button)
    assert button.text() == "Tanda && Jasa"
    assert button.accessibleName() == "Tanda & Jasa"


def test_a_state_is_always_icon_and_word(qtbot):
    for kind in style.KINDS:
        mark = style.Mark(kind, "Ada")
        qtbot.addWidget(mark)
        picture, words = mark.findChildren(QLabel)
        assert not picture.pixmap().isNull()
        assert words.text() == "Ada"


def test_the_sheet_names_no_colour_of_its_own():
    made = style_sheet.sheet(LIGHT, 11)
    named = set(dataclasses.asdict(LIGHT).values())
    assert set(re.findall(r"#[0-9a-f]{6}", made)) <= named
    assert all(QColor(colour).isValid() for colour in named)
