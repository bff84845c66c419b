"""The style sheet of the whole program, made of a palette and the text size."""

from __future__ import annotations

from pathlib import Path

from desktop.ui.palettes import THEMES, Colours

RESOURCES = Path(__file__).resolve().parents[2] / "resources"
DEFAULT_SIZE = 11


def air(size: int) -> float:
    """How much margins grow at this text size: less than the text, so that 16 pt still fits 1366 x 768."""
    return size / DEFAULT_SIZE if size <= DEFAULT_SIZE else 1 + 0.35 * (size - DEFAULT_SIZE) / DEFAULT_SIZE


def sheet(c: Colours, size: int) -> str:
    """The whole style sheet for one theme and text size; lengths grow with the text."""

    def p(length: float) -> str:
        return f"{max(1, round(length * air(size)))}px"

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
