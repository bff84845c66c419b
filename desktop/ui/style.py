"""The look: two palettes, one style sheet made from a few named colours and the text size, icons and plain labels.

To add a colour: a line in Colours and its value in LIGHT and DARK; to add an icon: an SVG with ``currentColor`` in
resources/icons. Nothing here is remembered: the theme is read back from the application's palette.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass, fields
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QWidget

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
DEFAULT_SIZE = 11
SMALLEST, LARGEST = 9, 16
# So much of a word without a space may stand on one line.
_ENDLESS = re.compile(r"\S{20}(?=\S)")


@dataclass(frozen=True)
class Colours:
    """Named by what they are for; every text colour reads at 4.5:1 or better on the surfaces it is put on."""

    window: str  # behind the cards
    side: str  # navigation and status bar
    card: str
    field: str  # inputs and plain buttons
    head: str  # table head, keycaps
    stripe: str  # every second row
    chosen: str  # the selected row
    hover: str
    line: str  # hairlines between areas
    edge: str  # the frame of something that can be typed in or pressed
    text: str
    muted: str
    accent: str
    on_accent: str
    good: str
    warning: str
    bad: str
    good_back: str  # behind a sentence of that kind
    warning_back: str
    bad_back: str
    info_back: str
    training: str


LIGHT = Colours(
    window="#f5f7fa", side="#ffffff", card="#ffffff", field="#ffffff", head="#f1f5f9", stripe="#f8fafc",
    chosen="#dbeafe", hover="#eef3f9", line="#e2e8f0", edge="#7f8ea4", text="#1f2937", muted="#5b687c",
    accent="#1d5fa8", on_accent="#ffffff", good="#15703a", warning="#a14a07", bad="#b91c1c",
    good_back="#e9f7ee", warning_back="#fdf3e2", bad_back="#fdecec", info_back="#e8f1fb", training="#c2410c",
)
DARK = Colours(
    window="#111827", side="#0f172a", card="#1b2536", field="#0f172a", head="#172033", stripe="#1e293b",
    chosen="#1e3a5f", hover="#22304a", line="#334155", edge="#64748b", text="#e5e7eb", muted="#9fb0c6",
    accent="#60a5fa", on_accent="#0f172a", good="#4ade80", warning="#fbbf24", bad="#fca5a5",
    good_back="#12301f", warning_back="#33280c", bad_back="#3a1a1e", info_back="#16294a", training="#fb923c",
)
# For tired or weak eyes and bad screens: black and white, every word at 7:1 or better, every frame as plain as text.
CONTRAST = Colours(
    window="#000000", side="#000000", card="#000000", field="#000000", head="#1a1a1a", stripe="#121212",
    chosen="#00264d", hover="#262626", line="#bfbfbf", edge="#ffffff", text="#ffffff", muted="#d9d9d9",
    accent="#ffd400", on_accent="#000000", good="#6bff8a", warning="#ffb84d", bad="#ffa3a3",
    good_back="#00260d", warning_back="#2b1a00", bad_back="#330000", info_back="#1f1a00", training="#ff9d4d",
)
THEMES = {"light": LIGHT, "dark": DARK, "contrast": CONTRAST}

# What a state looks like wherever it is shown: an icon with a colour, always beside a word.
KINDS = {
    "good": "circle-check",
    "warning": "triangle-alert",
    "bad": "circle-x",
    "info": "info",
    "muted": "circle",
}


def apply(app: QApplication, theme: str, text_size: int) -> None:
    """Dress the whole application; may be called again at any time (theme or text size changed)."""
    chosen = THEMES.get(theme, LIGHT)
    size = max(SMALLEST, min(LARGEST, text_size))
    _load_fonts()
    if app.style().objectName() != "fusion":
        app.setStyle("Fusion")
    font = QFont("Inter", size)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    app.setFont(font)
    app.setPalette(_palette(chosen))
    app.setStyleSheet(sheet(chosen, size))


def colours() -> Colours:
    """The colours of the theme worn now."""
    app = QApplication.instance()
    assert isinstance(app, QApplication)
    worn = app.palette().color(QPalette.ColorRole.Window).name()
    return next((theme for theme in THEMES.values() if theme.window == worn), LIGHT)


def px(length: float) -> int:
    """Air (margins, gaps) drawn for 11 pt text: it grows less than the text, so that 16 pt still fits 1366 x 768."""
    return round(length * _air(QApplication.font().pointSize()))


def em(length: float) -> int:
    """A length that has to hold words or a picture, drawn for 11 pt text: it grows with the text."""
    return round(length * QApplication.font().pointSize() / DEFAULT_SIZE)


def _air(size: int) -> float:
    return size / DEFAULT_SIZE if size <= DEFAULT_SIZE else 1 + 0.35 * (size - DEFAULT_SIZE) / DEFAULT_SIZE


@lru_cache(maxsize=1)
def _load_fonts() -> None:
    for path in sorted((RESOURCES / "fonts").glob("Inter-*.ttf")):
        QFontDatabase.addApplicationFont(str(path))


def _palette(c: Colours) -> QPalette:
    palette = QPalette()
    role = QPalette.ColorRole
    for where, colour in (
        (role.Window, c.window), (role.WindowText, c.text), (role.Base, c.field), (role.AlternateBase, c.stripe),
        (role.Text, c.text), (role.Button, c.field), (role.ButtonText, c.text), (role.BrightText, c.bad),
        (role.ToolTipBase, c.card), (role.ToolTipText, c.text), (role.PlaceholderText, c.muted),
        (role.Highlight, c.accent), (role.HighlightedText, c.on_accent), (role.Link, c.accent),
        (role.LinkVisited, c.accent), (role.Light, c.card), (role.Midlight, c.line), (role.Mid, c.edge),
        (role.Dark, c.edge), (role.Shadow, c.line), (role.Accent, c.accent),
    ):
        palette.setColor(where, QColor(colour))
    for where in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, where, QColor(c.muted))
    return palette


# --- icons ---------------------------------------------------------------------------------------------------------


def icon(name: str, colour: str = "text", side: int = 18) -> QIcon:
    """The icon in a named colour of the theme (or "#rrggbb"), drawn for its size at 1x, 1.5x and 2x: always crisp."""
    return _icon(name, _hex(colour), em(side))


def pixmap(name: str, colour: str = "text", side: int = 18, ratio: float = 1.0) -> QPixmap:
    """One picture of the icon for a screen with that many dots per pixel."""
    return QPixmap.fromImage(_drawn(name, _hex(colour), em(side), ratio))


def _hex(colour: str) -> str:
    if colour.startswith("#"):
        return colour
    return str(getattr(colours(), "accent" if colour == "info" else colour))


@lru_cache(maxsize=512)
def _icon(name: str, colour: str, side: int, air: int = 0) -> QIcon:
    made = QIcon()
    for ratio in (1.0, 1.5, 2.0):
        made.addPixmap(QPixmap.fromImage(_drawn(name, colour, side, ratio, air)))
    return made


@lru_cache(maxsize=1024)
def _drawn(name: str, colour: str, side: int, ratio: float, air: int = 0) -> QImage:
    dots = round(side * ratio)
    image = QImage(QSize(dots + round(air * ratio), dots), QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    QSvgRenderer(QByteArray(_source(name).replace("currentColor", colour).encode())).render(
        painter, QRectF(0, 0, dots, dots)
    )
    painter.end()
    image.setDevicePixelRatio(ratio)
    return image


@lru_cache(maxsize=128)
def _source(name: str) -> str:
    return (RESOURCES / "icons" / f"{name}.svg").read_text(encoding="utf-8")


# --- the small parts every screen is made of -------------------------------------------------------------------------


class Words(QLabel):
    """A label that shows its text literally: a name is data and never markup.

    Where it wraps, a word without end is broken too, so that nothing that is said can widen the window.
    """

    def __init__(self, text: str = "") -> None:
        super().__init__()
        self._text = text
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)

    def text(self) -> str:
        return self._text

    def setText(self, text: str) -> None:
        self._text = text
        super().setText(_ENDLESS.sub("\\g<0>\u200b", text) if self.wordWrap() else text)

    def setWordWrap(self, on: bool) -> None:
        super().setWordWrap(on)
        self.setText(self._text)


def label(text: str = "", role: str = "") -> QLabel:
    """A label in one of the roles "title", "heading", "muted", "strong", "small", "huge", "good", "warning", "bad",
    "info"."""
    made = Words(text)
    if role:
        made.setProperty("role", role)
    return made


def struck(text: str) -> QLabel:
    """What no longer holds: small, muted, and struck through."""
    made = label(text, "small")
    made.setWordWrap(True)
    made.setStyleSheet("text-decoration: line-through;")
    return made


def button(text: str, role: str = "", icon_name: str = "") -> QPushButton:
    """A push button that shows its text literally (give it a mnemonic through ``screen.give_mnemonics``).

    Roles: "" plain, "primary", "good", "warning", "flat", "nav", "tile", "key".
    """
    made = QPushButton(literal(text))
    made.setAutoDefault(False)
    made.setCursor(Qt.CursorShape.PointingHandCursor)
    made.setProperty("role", role)
    made.setAccessibleName(text)
    if icon_name:
        set_icon(made, icon_name, button_ink(role))
    return made


def set_icon(made: QPushButton, name: str, colour: str) -> None:
    """An icon before a button's words, with the air between them that style sheets cannot give."""
    air = px(6) if made.text() else 0
    made.setIcon(_icon(name, _hex(colour), em(18), air))
    made.setIconSize(QSize(em(18) + air, em(18)))


def button_ink(role: str) -> str:
    """The colour an icon takes on a button of this role."""
    return {"primary": "on_accent", "good": "on_accent", "warning": "on_accent", "flat": "muted"}.get(role, "text")


def literal(text: str) -> str:
    """The text for a button or buddy label, where a lone ampersand would be eaten."""
    return text.replace("&", "&&")


def tip(widget: QWidget, text: str) -> None:
    """A tool tip that shows its text literally, and is read so where a widget has no other description."""
    # Markup only where the text itself would be taken for some: a screen reader reads the tags out.
    widget.setToolTip(f"<qt>{html.escape(text)}</qt>" if GuiQt.mightBeRichText(text) else text)


def set_role(widget: QWidget, name: str, value: str) -> None:
    """Change a property the style sheet selects by, and let it take effect."""
    if widget.property(name) != value:
        widget.setProperty(name, value)
        widget.style().unpolish(widget)
        widget.style().polish(widget)


class Mark(QWidget):
    """A state as it is shown everywhere: an icon and a word in the state's colour."""

    def __init__(self, kind: str = "", text: str = "", *, icon_name: str = "", wrap: bool = False) -> None:
        super().__init__()
        self.kind = kind
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(px(6))
        self._picture = label()
        self._words = label()
        self._words.setWordWrap(wrap)
        for part in (self._picture, self._words):
            part.setAlignment(Qt.AlignmentFlag.AlignTop if wrap else Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self._picture)
        row.addWidget(self._words, 1)
        self.show_state(kind, text, icon_name=icon_name)

    def show_state(self, kind: str, text: str, *, icon_name: str = "") -> None:
        """Show another state; an empty text leaves nothing to be seen."""
        self.kind = kind
        name = icon_name or KINDS.get(kind, "")
        self._picture.setVisible(bool(name and text))
        if name:
            self._picture.setPixmap(pixmap(name, kind or "muted", 16, self.devicePixelRatioF()))
        set_role(self._words, "role", kind)
        self._words.setText(text)

    def text(self) -> str:
        return self._words.text()


# --- the sheet -------------------------------------------------------------------------------------------------------


def sheet(c: Colours, size: int) -> str:
    """The whole style sheet for one theme and text size; lengths grow with the text."""

    def p(length: float) -> str:
        return f"{max(1, round(length * _air(size)))}px"

    def e(length: float) -> str:
        return f"{round(length * size / DEFAULT_SIZE)}px"

    def pt(scale: float) -> str:
        return f"{round(size * scale, 1)}pt"

    theme = next(name for name, worn in THEMES.items() if worn is c)
    pictures = (RESOURCES / "icons" / theme).as_posix()
    # Windows does not pass the application's font to item views, headers and bars: name it for everything.
    return f"""
* {{ font-family: "Inter"; font-size: {size}pt; }}
QWidget {{ color: {c.text}; }}
QToolTip {{ background: {c.card}; color: {c.text}; border: 1px solid {c.edge}; padding: {p(4)}; }}
QFrame#hairline {{ background: {c.line}; border: none; }}

QLabel {{ background: transparent; }}
QLabel[role="title"] {{ font-size: {pt(1.55)}; font-weight: 600; }}
QLabel[role="heading"] {{ color: {c.accent}; font-weight: 600; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="muted"] {{ color: {c.muted}; }}
QLabel[role="small"] {{ color: {c.muted}; font-size: {pt(0.91)}; }}
QLabel[role="huge"] {{ font-size: {pt(2.2)}; font-weight: 600; }}
QLabel[role="good"] {{ color: {c.good}; }}
QLabel[role="warning"] {{ color: {c.warning}; }}
QLabel[role="bad"] {{ color: {c.bad}; }}
QLabel[role="info"] {{ color: {c.accent}; }}

QGroupBox {{ background: {c.card}; border: 1px solid {c.line}; border-radius: {p(8)};
    margin-top: {e(10)}; padding: {p(14)} {p(6)} {p(6)} {p(6)}; font-weight: 600; }}
QGroupBox::title {{ subcontrol-origin: margin; subcontrol-position: top left; left: {p(12)}; padding: 0 {p(5)};
    color: {c.accent}; background: qlineargradient(x1: 0, y1: 0, x2: 0, y2: 1, stop: 0 {c.window},
    stop: 0.54 {c.window}, stop: 0.55 {c.card}, stop: 1 {c.card}); }}
QFrame[role="card"] {{ background: {c.card}; border: 1px solid {c.line}; border-radius: {p(8)}; }}
QFrame[role="side"] {{ background: {c.side}; border: none; border-right: 1px solid {c.line}; }}
QFrame[role="bar"] {{ background: {c.side}; border: none; border-top: 1px solid {c.line}; }}
QFrame[role="page"] {{ background: {c.window}; border: none; }}
QFrame[role="popup"] {{ background: {c.card}; border: 1px solid {c.edge}; border-radius: {p(6)}; }}
QFrame#training_frame {{ border: {p(5)} solid {c.training}; }}
QLabel#training_word {{ background: {c.training}; color: {c.on_accent}; font-weight: 600; border-radius: {p(4)};
    padding: {p(2)} {p(9)}; }}

QFrame[say="good"] {{ background: {c.good_back}; }}
QFrame[say="warning"] {{ background: {c.warning_back}; }}
QFrame[say="bad"] {{ background: {c.bad_back}; }}
QFrame[say="info"] {{ background: {c.info_back}; }}
QFrame[say="question"] {{ background: {c.info_back}; border: 2px solid {c.accent}; border-radius: {p(6)}; }}

QLineEdit, QPlainTextEdit {{ background: {c.field}; border: 1px solid {c.edge}; border-radius: {p(5)};
    padding: {p(5)} {p(9)}; selection-background-color: {c.accent}; selection-color: {c.on_accent};
    placeholder-text-color: {c.muted}; }}
QLineEdit:focus, QPlainTextEdit:focus {{ border: 2px solid {c.accent}; padding: {p(4)} {p(8)}; }}
QLineEdit[state="ok"] {{ border-color: {c.good}; }}
QLineEdit[state="warning"] {{ border-color: {c.warning}; }}
QLineEdit[state="error"] {{ border-color: {c.bad}; }}
QLineEdit:disabled, QLineEdit[readOnly="true"] {{ background: {c.window}; color: {c.muted}; border-color: {c.line}; }}
QLineEdit#entry_bar {{ font-size: {pt(1.18)}; padding: {p(4)} {p(12)}; }}
QLineEdit QToolButton {{ border: none; background: transparent; padding: 0; }}

QPushButton {{ background: {c.field}; border: 1px solid {c.edge}; border-radius: {p(5)}; padding: {p(6)} {p(15)}; }}
QPushButton:hover {{ background: {c.hover}; }}
QPushButton:pressed {{ background: {c.chosen}; }}
QPushButton:focus {{ border: 2px solid {c.accent}; padding: {p(5)} {p(14)}; }}
QPushButton:disabled {{ color: {c.muted}; background: {c.window}; border-color: {c.line}; }}
QPushButton[role="primary"], QPushButton[role="good"], QPushButton[role="warning"] {{ color: {c.on_accent};
    font-weight: 600; padding: {p(7)} {p(17)}; border: 1px solid transparent; }}
QPushButton[role="primary"] {{ background: {c.accent}; }}
QPushButton[role="good"] {{ background: {c.good}; }}
QPushButton[role="warning"] {{ background: {c.warning}; }}
QPushButton[role="primary"]:focus, QPushButton[role="good"]:focus, QPushButton[role="warning"]:focus {{
    border: 2px solid {c.text}; padding: {p(6)} {p(16)}; }}
QPushButton[role="primary"]:disabled, QPushButton[role="good"]:disabled, QPushButton[role="warning"]:disabled {{
    background: {c.head}; color: {c.muted}; border-color: {c.line}; }}
QPushButton[role="flat"] {{ background: transparent; border: 1px solid transparent; color: {c.muted};
    padding: {p(4)} {p(8)}; }}
QPushButton[role="flat"]:hover {{ background: {c.hover}; color: {c.text}; }}
QPushButton[role="flat"]:focus {{ border: 1px solid {c.accent}; }}
QPushButton[role="nav"] {{ background: transparent; border: 2px solid transparent; border-radius: {p(6)};
    text-align: left; padding: {p(9)} {p(9)}; }}
QPushButton[role="nav"]:hover {{ background: {c.hover}; }}
QPushButton[role="nav"]:checked {{ background: {c.accent}; color: {c.on_accent}; }}
QPushButton[role="nav"]:focus {{ border: 2px solid {c.accent}; }}
QPushButton[role="nav"]:checked:focus {{ border: 2px solid {c.text}; }}
QPushButton[role="key"] {{ background: transparent; border: none; border-radius: {p(5)}; padding: 0; }}
QPushButton[role="key"]:hover {{ background: {c.hover}; }}
QPushButton[role="key"]:pressed {{ background: {c.chosen}; }}
QLabel[role="navkey"] {{ color: {c.muted}; font-size: {pt(0.91)}; }}
QLabel[role="navkey"][chosen="true"] {{ color: {c.on_accent}; }}
QLabel[role="keycap"] {{ background: {c.head}; border: 1px solid {c.edge}; border-radius: {p(4)}; color: {c.text};
    padding: 0 {p(5)}; font-size: {pt(0.86)}; font-weight: 600; }}
QLabel[role="keycap"][off="true"], QLabel[off="true"] {{ color: {c.muted}; border-color: {c.line}; }}
QPushButton[role="tile"] {{ background: {c.card}; border: 1px solid {c.line}; border-radius: {p(10)};
    text-align: left; padding: {p(10)} {p(12)}; }}
QPushButton[role="tile"]:hover {{ background: {c.hover}; }}
QPushButton[role="tile"]:checked {{ border: 2px solid {c.accent}; background: {c.info_back};
    padding: {p(9)} {p(11)}; }}
QPushButton[role="chip"] {{ border-radius: {p(5)}; padding: {p(4)} {p(11)}; }}
QPushButton[role="chip"][lit="true"] {{ border-color: {c.accent}; }}
QPushButton[role="chip"]:checked {{ background: {c.chosen}; border: 1px solid {c.accent}; }}
QPushButton[role="chip"][lit="true"]:checked {{ background: {c.accent}; }}
QLabel[role="chipkey"] {{ color: {c.muted}; font-size: {pt(0.86)}; }}
QLabel[role="chipkey"][ink="chosen"] {{ color: {c.accent}; }}
QLabel[role="chipword"][ink="chosen"] {{ color: {c.text}; }}
QLabel[ink="lit"] {{ color: {c.on_accent}; }}

QCheckBox {{ spacing: {p(8)}; padding: {p(2)}; }}
QCheckBox::indicator {{ width: {e(17)}; height: {e(17)}; border: 1px solid {c.edge}; border-radius: {p(4)};
    background: {c.field}; }}
QCheckBox::indicator:focus, QCheckBox::indicator:hover {{ border-color: {c.accent}; }}
QCheckBox::indicator:checked {{ background: {c.accent}; border-color: {c.accent}; image: url("{pictures}/check.svg"); }}
QComboBox {{ background: {c.field}; border: 1px solid {c.edge}; border-radius: {p(5)}; padding: {p(5)} {p(9)}; }}
QComboBox:focus {{ border: 2px solid {c.accent}; padding: {p(4)} {p(8)}; }}
QComboBox::drop-down {{ border: none; width: {p(28)}; }}
QComboBox::down-arrow {{ image: url("{pictures}/chevron-down.svg"); width: {e(16)}; height: {e(16)}; }}
QComboBox QAbstractItemView {{ background: {c.card}; border: 1px solid {c.edge}; outline: 0;
    selection-background-color: {c.chosen}; selection-color: {c.text}; }}

QTableView, QListView, QTreeView {{ background: {c.card}; alternate-background-color: {c.stripe};
    border: 1px solid {c.line}; border-radius: {p(6)}; outline: 0; gridline-color: transparent;
    selection-background-color: {c.chosen}; }}
QTableView:focus, QListView:focus, QTreeView:focus {{ border: 1px solid {c.accent}; }}
QTableView::item, QListView::item {{ padding: 0 {p(8)}; border: none; }}
QTableView::item:selected, QListView::item:selected {{ background: {c.chosen}; }}
QListView::item {{ padding: {p(5)} {p(9)}; }}
QTreeView::item {{ padding: {p(3)} 0; border: none; }}
QTreeView::item:selected {{ background: {c.chosen}; color: {c.text}; }}
QListView[role="bare"] {{ border: none; border-radius: 0; background: transparent; }}
QHeaderView {{ background: {c.head}; border: none; border-top-left-radius: {p(6)}; border-top-right-radius: {p(6)}; }}
QHeaderView::section {{ background: transparent; color: {c.muted}; border: none; border-bottom: 1px solid {c.line};
    padding: {p(7)} {p(8)} {p(7)} {p(11)}; font-weight: 600; }}
QTableCornerButton::section {{ background: {c.head}; border: none; }}

QScrollArea {{ background: transparent; border: none; }}
QScrollArea > QWidget > QWidget#scrolled {{ background: transparent; }}
QScrollBar:vertical {{ background: transparent; width: {p(10)}; margin: {p(2)}; }}
QScrollBar:horizontal {{ background: transparent; height: {p(10)}; margin: {p(2)}; }}
QScrollBar::handle {{ background: {c.edge}; border-radius: {p(3)}; min-height: {p(30)}; min-width: {p(30)}; }}
QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QProgressBar {{ background: {c.line}; border: none; border-radius: {p(4)}; text-align: center; height: {e(16)}; }}
QProgressBar::chunk {{ background: {c.accent}; border-radius: {p(4)}; }}
QMenu {{ background: {c.card}; border: 1px solid {c.edge}; padding: {p(4)}; }}
QMenu::item {{ padding: {p(6)} {p(18)}; border-radius: {p(4)}; }}
QMenu::item:selected {{ background: {c.chosen}; }}
QMenu::item:disabled {{ color: {c.muted}; }}
"""


def contrast(one: str, other: str) -> float:
    """How far two colours stand apart (WCAG 2: 1 to 21; 4.5 is wanted for text)."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        r, g, b = (v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in parts)
        return 0.2126 * r + 0.7152 * g + 0.0722 * b

    dark, bright = sorted((light(one), light(other)))
    return (bright + 0.05) / (dark + 0.05)


def names_of_colours() -> list[str]:
    """The names a style may use."""
    return [field.name for field in fields(Colours)]
