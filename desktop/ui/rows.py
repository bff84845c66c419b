"""Tables on screen: columns declared as a list, rows handed over as they are, a state shown as icon and word.

To add a column: a Column in the screen's list.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, QSize, Qt, Signal, Slot
from PySide6.QtGui import QBrush, QColor, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QHeaderView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
)

from desktop.ui import style
from desktop.ui.keypad import is_enter, keypad_digit

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()
# A column that takes what is left shall have so much, to tell one name from another, if the others can spare it.
LEAST = 260
# With less than this, columns that yield are hidden.
FEWEST = 110


@dataclass(frozen=True)
class Column:
    """A column: its title and how a row reads in it.

    ``mark`` gives (kind, icon name or "") and colours the cell ("good", "warning", "bad", "info", "muted"); ``width``
    is in pixels at 11 pt, 0 takes what is left; ``right`` sets figures flush right; ``yields`` lets it be hidden where
    the names have no room.
    """

    title: str
    text: Callable[[Any], str]
    width: int = 0
    mark: Callable[[Any], tuple[str, str]] | None = None
    right: bool = False
    yields: bool = False


class Rows(QAbstractTableModel):
    """Any sequence of rows under declared columns; ``key`` tells which row is which across a refresh."""

    def __init__(self, columns: Sequence[Column], key: Callable[[Any], Any] = lambda row: row) -> None:
        super().__init__()
        self.columns = list(columns)
        self.key = key
        self.rows: list[Any] = []

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        column, row = self.columns[index.column()], self.rows[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return column.text(row)
        if role == Qt.ItemDataRole.TextAlignmentRole and column.right:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        if column.mark is not None and role in (Qt.ItemDataRole.DecorationRole, Qt.ItemDataRole.ForegroundRole):
            kind, name = column.mark(row)
            if not kind:
                return None
            if role == Qt.ItemDataRole.ForegroundRole:
                return QBrush(QColor(getattr(style.colours(), "accent" if kind == "info" else kind)))
            return style.icon(name or style.KINDS[kind], kind, 16)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation,
                   role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return self.columns[section].title
        if role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if self.columns[section].right else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class _Painter(QStyledItemDelegate):
    """A state keeps its colour in the selected row."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        ink = index.data(Qt.ItemDataRole.ForegroundRole) or QBrush(QColor(style.colours().text))
        option.palette.setBrush(QPalette.ColorRole.HighlightedText, ink)


class Table(QTableView):
    """The table as the pictures show it. ``opened`` brings the row of Enter or a double click."""

    opened = Signal(object)
    picked = Signal(object)  # the row the cursor came to, or None

    def __init__(self, name: str, title: str, rows: Rows) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.rows = rows
        rows.setParent(self)  # it dies with the table, not when Python's collector finds it in some other thread
        self.setModel(rows)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setIconSize(QSize(style.em(16), style.em(16)))
        self.setCornerButtonEnabled(False)
        self.setItemDelegate(_Painter(self))
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(style.em(20) + style.px(10))
        head = self.horizontalHeader()
        head.setHighlightSections(False)
        head.setSectionsClickable(False)
        head.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        head.setMinimumSectionSize(style.em(40))
        self._widths = {place: style.em(column.width) for place, column in enumerate(rows.columns) if column.width}
        for place in range(len(rows.columns)):
            mode = QHeaderView.ResizeMode.Interactive if place in self._widths else QHeaderView.ResizeMode.Stretch
            head.setSectionResizeMode(place, mode)
        head.sectionResized.connect(self._dragged)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.rows[index.row()]))
        self.selectionModel().currentRowChanged.connect(lambda _now, _before: self.picked.emit(self.current()))

    def show_rows(self, rows: Sequence[Any]) -> None:
        """Show these rows; the row that was current stays current if it is still there."""
        here, bar, place = self.current(), self.verticalScrollBar(), self.visualRect(self.currentIndex())
        key = self.rows.key(here) if here is not None else None
        is_at_top, is_in_sight = not bar.value(), place.intersects(self.viewport().rect())
        self.rows.show_rows(rows)
        self._share_out()
        if key is None or not self.select_key(key):
            return
        # Whoever has scrolled away from the cursor reads on there; at the top, what is new comes into sight.
        moved = self.visualRect(self.currentIndex()).top() - place.top()
        bar.setValue(0 if is_at_top else bar.value() + moved)
        if is_in_sight:
            self.scrollTo(self.currentIndex())

    def set_width(self, place: int, width: int) -> None:
        """Another width for a column that has one, in pixels."""
        self._widths[place] = width
        self._share_out()

    def setColumnHidden(self, place: int, hidden: bool) -> None:
        super().setColumnHidden(place, hidden)
        self._share_out()

    @Slot(int, int, int)
    def _dragged(self, place: int, _before: int, width: int) -> None:
        """The mouse made a column wider or narrower: that is its width from now on."""
        if place in self._widths and QApplication.mouseButtons():
            self._widths[place] = width

    def _share_out(self) -> None:
        yielding = [place for place, column in enumerate(self.rows.columns) if column.yields]
        for are_hidden in (False, True):
            for place in yielding:
                super().setColumnHidden(place, are_hidden)
            if self._fit() >= style.em(FEWEST):
                return

    def _fit(self) -> int:
        """No column narrower than its title; where those that take what is left have too little, the others give way
        as far as their words allow, unless words wrap. Gives what is left for each of them."""
        head = self.horizontalHeader()
        shown = [place for place in range(len(self.rows.columns)) if not self.isColumnHidden(place)]
        titles = {place: head.sectionSizeHint(place) for place in shown if place in self._widths}
        widths = {place: max(self._widths[place], title) for place, title in titles.items()}
        lack = (len(shown) - len(widths)) * style.em(LEAST) - (self.viewport().width() - sum(widths.values()))
        if lack > 0 and not self.wordWrap():
            spare = {place: max(0, width - max(titles[place], self.sizeHintForColumn(place)))
                     for place, width in widths.items()}  # fmt: skip
            part = min(1.0, lack / max(1, sum(spare.values())))
            widths = {place: width - round(spare[place] * part) for place, width in widths.items()}
        for place, width in widths.items():
            self.setColumnWidth(place, width)
        return (self.viewport().width() - sum(widths.values())) // max(1, len(shown) - len(widths))

    def current(self) -> Any:
        """The row under the cursor, or None."""
        at = self.currentIndex().row()
        return self.rows.rows[at] if 0 <= at < len(self.rows.rows) else None

    def select_key(self, key: Any) -> bool:
        """Bring the cursor to the row of that key; False where it is not here."""
        at = next((i for i, row in enumerate(self.rows.rows) if self.rows.key(row) == key), None)
        if at is None:
            return False
        self.selectRow(at)
        return True

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share_out()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            if self.current() is not None and not event.isAutoRepeat():
                self.opened.emit(self.current())
            return
        if keypad_digit(event) or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            event.ignore()
            return
        super().keyPressEvent(event)
