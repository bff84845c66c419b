"""Two small lists: rows chosen by a key that is drawn before them, and rows of an icon with two lines of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QKeyEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.ui import style
from desktop.ui.keypad import is_enter, keypad_digit

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()


@dataclass(frozen=True)
class Keyed:
    """A row that a key chooses: the key as it is drawn, the words, and a remark under them."""

    key: str
    words: str
    remark: str = ""


@dataclass(frozen=True)
class TwoLines:
    """A row of an icon and two lines; ``thing`` is what it stands for, ``kind`` the colour of icon and second line."""

    thing: Any
    first: str
    second: str
    kind: str = "muted"
    icon: str = "circle"


class Rows(QAbstractListModel):
    """Rows of either shape; screen readers hear them as one sentence."""

    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Any] = []

    def show(self, rows: Sequence[Any]) -> None:
        """Show these instead."""
        self.beginResetModel()
        self.rows = list(rows)
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return f"{row.key} {row.words}" if isinstance(row, Keyed) else f"{row.first}, {row.second}"
        return None


class _List(QListView):
    """Named, with rows of its own, and never wider than its place."""

    def __init__(self, name: str, title: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.rows = Rows()
        self.rows.setParent(self)
        self.setModel(self.rows)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)


class KeyList(_List):
    """Choices with their keys; a click does what the key does. Whoever has the focus hears the keys themselves."""

    chosen = Signal(str)

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name, title)
        self.setItemDelegate(_KeyPainter(self))
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QListView.SelectionMode.NoSelection)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setMouseTracking(True)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.clicked.connect(lambda index: self.chosen.emit(self.rows.rows[index.row()].key))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class LineList(_List):
    """Things that can be opened: arrows choose, Enter or a double click opens."""

    opened = Signal(object)

    def __init__(self, name: str, title: str) -> None:
        super().__init__(name, title)
        self.setItemDelegate(_LinePainter(self))
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setTabKeyNavigation(False)
        self.doubleClicked.connect(lambda index: self.opened.emit(self.rows.rows[index.row()].thing))

    def show_rows(self, rows: Sequence[TwoLines]) -> None:
        """Show these instead; the cursor stays on its thing, by its id, where that is still listed."""
        at = self.currentIndex().row()
        chosen = self.rows.rows[at].thing.id if 0 <= at < len(self.rows.rows) else None
        self.rows.show(rows)
        place = next((place for place, row in enumerate(rows) if row.thing.id == chosen), None)
        if place is not None:
            self.setCurrentIndex(self.rows.index(place))

    def begin(self) -> None:
        """The cursor on the first row."""
        if self.rows.rows:
            self.setCurrentIndex(self.rows.index(0))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        at = self.currentIndex().row()
        if is_enter(event):
            if 0 <= at < len(self.rows.rows) and not event.isAutoRepeat():
                self.opened.emit(self.rows.rows[at].thing)
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End) and not keypad_digit(
            event
        ):
            super().keyPressEvent(event)
        else:
            event.ignore()


def paint_key(painter: QPainter, row: QRect, font: QFont, key: str, *, strong: bool) -> None:
    """The key at the left end of a row, drawn as a cap."""
    colours = style.colours()
    bold = QFont(font)
    bold.setWeight(QFont.Weight.DemiBold)
    bold.setPointSizeF(font.pointSizeF() * 0.9)
    side = style.em(20)
    width = max(side, QFontMetrics(bold).horizontalAdvance(key) + style.em(8))
    box = QRect(row.left() + style.em(9), row.center().y() - side // 2, width, side)
    painter.setPen(QColor(colours.edge if strong else colours.line))
    painter.setBrush(QColor(colours.head))
    painter.drawRoundedRect(box, style.px(4), style.px(4))
    painter.setFont(bold)
    painter.setPen(QColor(colours.text if strong else colours.muted))
    painter.drawText(box, int(Qt.AlignmentFlag.AlignCenter), key)
    painter.setFont(font)


def small_font(font: QFont) -> QFont:
    """The size of remarks."""
    small = QFont(font)
    small.setPointSizeF(font.pointSizeF() * 0.91)
    return small


class _KeyPainter(QStyledItemDelegate):
    def _left(self, row: Keyed, font: QFont) -> int:
        return style.em(38) + max(0, QFontMetrics(font).horizontalAdvance(row.key) - style.em(14))

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view, row = self.parent(), index.data(Qt.ItemDataRole.UserRole)
        width = view.viewport().width() if isinstance(view, QListView) else 300
        metrics = QFontMetrics(option.font)
        room = QRect(0, 0, width - self._left(row, option.font) - style.px(8), 1000)
        tall = metrics.boundingRect(room, int(Qt.TextFlag.TextWordWrap), row.words).height()
        return QSize(width, tall + (metrics.lineSpacing() if row.remark else 0) + style.px(11))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, row = style.colours(), index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if option.state & QStyle.StateFlag.State_MouseOver:
            painter.fillRect(option.rect, QColor(colours.hover))
        paint_key(painter, option.rect, option.font, row.key, strong=True)
        box = option.rect.adjusted(self._left(row, option.font), style.px(5), -style.px(8), -style.px(5))
        painter.setPen(QColor(colours.text))
        place = Qt.AlignmentFlag.AlignTop if row.remark else Qt.AlignmentFlag.AlignVCenter
        painter.drawText(box, int(place | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap), row.words)
        if row.remark:
            painter.setPen(QColor(colours.muted))
            painter.setFont(small_font(option.font))
            words = painter.fontMetrics().elidedText(row.remark, Qt.TextElideMode.ElideRight, box.width())
            painter.drawText(box, int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom), words)
        painter.restore()


class _LinePainter(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(100, 2 * QFontMetrics(option.font).lineSpacing() + style.px(9))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        colours, row = style.colours(), index.data(Qt.ItemDataRole.UserRole)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        view = self.parent()
        if option.state & QStyle.StateFlag.State_Selected and isinstance(view, QListView) and view.hasFocus():
            painter.fillRect(option.rect, QColor(colours.chosen))
        box = option.rect.adjusted(style.em(10), style.px(4), -style.px(8), -style.px(4))
        ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
        side = style.em(16)
        painter.drawPixmap(
            QPoint(box.left(), box.center().y() - side // 2), style.pixmap(row.icon, row.kind, 16, ratio)
        )
        box.setLeft(box.left() + style.em(25))
        elide = Qt.TextElideMode.ElideRight
        painter.setFont(option.font)
        painter.setPen(QColor(colours.text))
        first = painter.fontMetrics().elidedText(row.first, elide, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft), first)
        painter.setFont(small_font(option.font))
        painter.setPen(QColor(colours.accent if row.kind == "info" else getattr(colours, row.kind)))
        second = painter.fontMetrics().elidedText(row.second, elide, box.width())
        painter.drawText(box, int(Qt.AlignmentFlag.AlignBottom | Qt.AlignmentFlag.AlignLeft), second)
        painter.restore()
