"""The look: a palette worn by the whole application, lengths, icons, and the plain parts every screen is made of.

To add an icon: an SVG with ``currentColor`` in resources/icons. Nothing here is remembered: the theme is read back from
the application's palette.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

from PySide6.QtCore import QByteArray, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontDatabase, QIcon, QImage, QPainter, QPalette, QPixmap
from PySide6.QtGui import Qt as GuiQt
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QPushButton, QWidget

from desktop.ui.palettes import LIGHT, THEMES, Colours
from desktop.ui.style_sheet import DEFAULT_SIZE, RESOURCES, air, sheet

SMALLEST, LARGEST = 9, 16
# So much of a word without a space may stand on one line.
_ENDLESS = re.compile(r"\S{20}(?=\S)")

# What a state looks like wherever it is shown: an icon with a colour, always beside a word.
KINDS = {
    "good": "circle-check",
    "warning": "triangle-alert",
    "bad": "circle-x",
    "info": "info",
    "muted": "circle",
}


_worn = LIGHT  # every icon of every line that is painted asks: the palette would be read for each


def apply(app: QApplication, theme: str, text_size: int) -> None:
    """Dress the whole application; may be called again at any time (theme or text size changed)."""
    global _worn
    chosen = _worn = THEMES.get(theme, LIGHT)
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
    return _worn


def px(length: float) -> int:
    """Air (margins, gaps) drawn for 11 pt text: it grows less than the text, so that 16 pt still fits 1366 x 768."""
    return round(length * air(QApplication.font().pointSize()))


def em(length: float) -> int:
    """A length that has to hold words or a picture, drawn for 11 pt text: it grows with the text."""
    return round(length * QApplication.font().pointSize() / DEFAULT_SIZE)


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
