"""The lines of the checklist as they are drawn, clicked and read aloud: what each row is, and how it looks."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import QListView, QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.i18n import _
from desktop.operations.requirements import FAULT_LABELS, Assessment, Fault, Line, State
from desktop.ui import style
from desktop.ui.lines import paint_key
from desktop.ui.palettes import Colours

if TYPE_CHECKING:
    from desktop.ui.checklist import Checklist

Index = QModelIndex | QPersistentModelIndex
_NOWHERE = QModelIndex()

# How many lines the digits 1 to 9 reach at once; 0 turns to the next ones.
PAGE = 9


@dataclass(frozen=True)
class Row:
    """A row of the list: a line with the digit that reaches it, the head of a group, the fold of accepted lines, or the
    place where 0 turns to the next nine."""

    line: Line | None
    text: str
    digit: str = ""
    fold: bool = False
    turns: bool = False


def state_of(line: Line) -> tuple[str, str, str]:
    """Kind (colour and icon), icon, and word of a line's state."""
    if line.state is State.PRESENT:
        return "good", "circle-check", _("Ada")
    if line.state is State.NOT_NEEDED:
        return "muted", "circle-minus", _("Tidak diperlukan")
    if line.state is State.MISSING:
        return "bad", "circle-x", _("Tidak ada")
    if line.state is State.FAULTY:
        if line.copies_short:
            return "warning", "triangle-alert", _("Kurang {count} lembar").format(count=line.copies_short)
        words = _(FAULT_LABELS[line.fault or Fault.OTHER])
        return "warning", "triangle-alert", words[:1].upper() + words[1:]
    return "muted", "circle", _("Bila ada") if line.optional else _("Belum diperiksa")


def rows_of(assessment: Assessment, lines: Sequence[Line], page: int) -> list[Row]:
    """These lines with the heads of their groups; the digits reach those of this page."""
    rows: list[Row] = []
    shown_groups: set[str] = set()
    for place, line in enumerate(lines):
        if place and place % PAGE == 0:
            rows.append(Row(None, _("baris lain, atau kembali"), "0", turns=True))
        if line.group and line.group not in shown_groups:
            shown_groups.add(line.group)
            rows.append(Row(None, _group_words(assessment, line.group)))
        digit = str(place % PAGE + 1) if place // PAGE == page else ""
        rows.append(Row(line, line.requirement.name, digit))
    return rows


def _group_words(assessment: Assessment, code: str) -> str:
    group = next(g for g in assessment.groups if g.group.code == code)
    if group.need == 1:
        return _("{group}: cukup salah satu").format(group=group.group.name)
    return _("{group}: cukup {need} dari {count}").format(
        group=group.group.name, need=group.need, count=len(group.codes)
    )


class LineRows(QAbstractListModel):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[Row] = []

    def show(self, rows: list[Row]) -> None:
        if len(rows) == len(self.rows):
            # The same rows in another state: the cursor and the scroll bar stay where they are.
            self.rows = rows
            if rows:
                self.dataChanged.emit(self.index(0), self.index(len(rows) - 1))
            return
        self.beginResetModel()
        self.rows = rows
        self.endResetModel()

    def rowCount(self, parent: Index = _NOWHERE) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole):
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return row
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            if row.line is None:
                return row.text
            return f"{row.digit} {row.text}: {state_of(row.line)[2]}".strip()
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        row = self.rows[index.row()]
        enabled = Qt.ItemFlag.ItemIsEnabled
        return enabled | Qt.ItemFlag.ItemIsSelectable if row.line or row.fold else enabled


class LineList(QListView):
    def __init__(self, owner: Checklist) -> None:
        super().__init__()
        self.setObjectName("checklist_list")
        self.setAccessibleName(_("Persyaratan"))
        self._owner = owner
        self.unfolded = False
        self.rows = LineRows()
        self.rows.setParent(self)
        self.setModel(self.rows)
        self.setItemDelegate(_Painter(self))
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self.setUniformItemSizes(False)
        self.setTabKeyNavigation(False)
        self.selectionModel().currentChanged.connect(lambda _now, _before: owner.tell_why())

    def row(self) -> Row | None:
        at = self.currentIndex().row()
        return self.rows.rows[at] if 0 <= at < len(self.rows.rows) else None

    def go_to(self, at: int) -> None:
        if at < len(self.rows.rows):
            self.setCurrentIndex(self.rows.index(at))

    def go_to_code(self, code: str) -> None:
        at = next((i for i, row in enumerate(self.rows.rows) if row.line and row.line.code == code), None)
        if at is not None:
            self.go_to(at)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._owner.take_key(event):
            return
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
        else:
            event.ignore()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        at = self.indexAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.LeftButton and at.isValid():
            row = self.rows.rows[at.row()]
            x = event.position().x()
            if row.fold or row.turns or x < style.em(34) or x > self.viewport().width() - style.em(_Painter.STATE):
                self._owner.press(row)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()


class _Painter(QStyledItemDelegate):
    """A row: its digit as a key, the name, how many sheets; at the right the state as icon and word."""

    STATE = 150

    def _is_narrow(self, width: int) -> bool:
        """Large letters in a small window: the state stands under the name instead of beside it."""
        return width < style.em(self.STATE + 210)

    def _name_box(self, width: int) -> QRect:
        left = style.em(38)
        side = style.px(4) if self._is_narrow(width) else style.em(self.STATE) + style.px(6)
        return QRect(left, 0, width - left - side, 10_000)

    def _name(self, row: Row) -> str:
        line = row.line
        if line is None:
            return row.text
        words = row.text
        if line.copies_wanted > 1:
            words = _("{document} · {count} lembar").format(document=words, count=line.copies_wanted)
        if line.optional and line.state is not State.UNCHECKED:
            words = _("{document} (bila ada)").format(document=words)
        if line.is_extra:
            words = _("{document} (di luar daftar)").format(document=words)
        return words

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else 400
        metrics = QFontMetrics(option.font)
        wrap = int(Qt.TextFlag.TextWordWrap)
        if row.line is None:
            room = QRect(0, 0, width - style.em(38) - style.px(9), 1000)
            return QSize(width, metrics.boundingRect(room, wrap, row.text).height() + style.px(10))
        tall = metrics.boundingRect(self._name_box(width), wrap, self._name(row)).height()
        if self._is_narrow(width):
            return QSize(width, tall + metrics.lineSpacing() + style.px(10))
        state_box = QRect(0, 0, style.em(self.STATE - 36), 10_000)
        tall = max(tall, metrics.boundingRect(state_box, wrap, state_of(row.line)[2]).height())
        return QSize(width, tall + style.px(10))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        row: Row = index.data(Qt.ItemDataRole.UserRole)
        colours = style.colours()
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        view = self.parent()
        focused = isinstance(view, QListView) and view.hasFocus()
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(option.font)
        if row.line is None:
            self._paint_head(painter, option, row, colours)
            painter.restore()
            return
        if chosen:
            painter.fillRect(option.rect, QColor(colours.chosen if focused else colours.head))
        if row.digit:
            paint_key(painter, option.rect, option.font, row.digit, strong=focused)
        width = option.rect.width()
        narrow = self._is_narrow(width)
        left = int(Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap)
        box = self._name_box(width).translated(option.rect.topLeft())
        box.setHeight(option.rect.height())
        line_height = QFontMetrics(option.font).lineSpacing()
        painter.setPen(QColor(colours.text))
        if narrow:
            painter.drawText(box.adjusted(0, style.px(5), 0, 0), left | int(Qt.AlignmentFlag.AlignTop), self._name(row))
            state = QRect(box.left(), option.rect.bottom() - line_height - style.px(4), box.width(), line_height)
        else:
            painter.drawText(box, left | int(Qt.AlignmentFlag.AlignVCenter), self._name(row))
            start = option.rect.right() - style.em(self.STATE) + style.px(2)
            state = QRect(start, option.rect.top(), style.em(self.STATE - 14), option.rect.height())
        kind, icon, word = state_of(row.line)
        ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
        side = style.em(16)
        painter.drawPixmap(QPoint(state.left(), state.center().y() - side // 2), style.pixmap(icon, kind, 16, ratio))
        painter.setPen(QColor(getattr(colours, kind)))
        words = state.adjusted(style.em(22), 0, 0, 0)
        painter.drawText(words, left | int(Qt.AlignmentFlag.AlignVCenter), word)
        painter.restore()

    def _paint_head(self, painter: QPainter, option: QStyleOptionViewItem, row: Row, colours: Colours) -> None:
        box = option.rect.adjusted(style.px(9), 0, -style.px(9), 0)
        if row.turns:
            paint_key(painter, option.rect, option.font, row.digit, strong=False)
            box.setLeft(option.rect.left() + style.em(38))
        painter.setPen(QColor(colours.good if row.fold else colours.muted))
        if row.fold:
            view = self.parent()
            unfolded = isinstance(view, LineList) and view.unfolded
            if option.state & QStyle.StateFlag.State_Selected:
                painter.fillRect(option.rect, QColor(colours.chosen))
            ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
            picture = style.pixmap("chevron-down" if unfolded else "chevron-right", "good", 16, ratio)
            side = style.em(16)
            painter.drawPixmap(QPoint(box.left() + style.px(2), option.rect.center().y() - side // 2), picture)
            box = box.adjusted(style.em(29), 0, 0, 0)
        place = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, int(place | Qt.TextFlag.TextWordWrap), row.text)
