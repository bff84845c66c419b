"""One of many: a line in which what is typed narrows a list under it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QHideEvent, QKeyEvent, QPainter, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QFrame,
    QLineEdit,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import _
from desktop.operations.identity import cover_niks
from desktop.ui import style
from desktop.ui.choices import Option
from desktop.ui.inputs import Field, Line, cleaned
from desktop.ui.keypad import keypad_digit


def within(options: Sequence[Option]) -> Callable[[str], list[Option]]:
    """A finder over a fixed list: every typed word begins some word of the option, in any order."""
    pool = [(option, re.findall(r"\w+", f"{option.text} {option.detail} {option.words}".casefold()))
            for option in options]

    def find(typed: str) -> list[Option]:
        asked = re.findall(r"\w+", typed.casefold())
        found = [(option, words) for option, words in pool
                 if all(any(word.startswith(part) for word in words) for part in asked)]
        # Those whose own text begins with what was typed come first; the order is kept otherwise.
        start = typed.strip().casefold()
        found.sort(key=lambda pair: not pair[0].text.casefold().startswith(start))
        return [option for option, _words in found]

    return find


class ListField(Field):
    """Type-ahead: what is typed narrows a list under the field; Enter or Tab takes the line that is lit.

    ``find`` gives the options for a typed text (empty text: what to offer first). ``free`` also takes a text that is in
    no list: ``value`` is then None and ``typed`` has the text, which is remarked on unless ``says_unlisted`` is False.
    """

    find: Callable[[str], Sequence[Option]]  # type: ignore[assignment]  # Qt's own finds windows by number

    def __init__(self, name: str, title: str, find: Callable[[str], Sequence[Option]], *, hint: str = "",
                 limit: int = 100, free: bool = False, says_unlisted: bool = True, lines: int = 8) -> None:
        super().__init__(name, title)
        self.find = find
        self.free = free
        self.says_unlisted = says_unlisted
        self.lines = lines
        self.chosen: Option | None = None
        self._popup: _Popup | None = None
        self.line = _ListLine()
        self.line.setMaxLength(limit)
        self.line.setPlaceholderText(hint)
        self.line.entered.connect(self._enter)
        self.line.textEdited.connect(self._typed)
        self.line.numlock_off.connect(self.numlock_off)
        arrow = self.line.addAction(style.icon("chevron-down", "muted"), QLineEdit.ActionPosition.TrailingPosition)
        arrow.triggered.connect(self._toggle)
        self.line.findChild(QToolButton).setAccessibleName(_("Buka daftar"))
        self.line.stepped.connect(self._step)
        self.line.asked.connect(self._open)
        self.line.dismissed.connect(self._close)
        self.line.leaving.connect(self._take_lit)
        self.line.focused.connect(self._focus_moved)
        self._place(self.line)

    def value(self) -> Any:
        return self.chosen.value if self.chosen else None

    def typed(self) -> str:
        """The text in the field, in the list or not."""
        return self.line.text().strip()

    def set_value(self, value: Any) -> None:
        """Show the option of that value among those offered for an empty text."""
        self.set_option(next((o for o in self.find("") if value is not None and o.value == value), None))

    def set_option(self, option: Option | None) -> None:
        """Show this option (None: empty)."""
        self.chosen = option
        self.line.setText(option.text if option else "")
        self.line.setCursorPosition(0)

    def set_typed(self, text: str) -> None:
        """Show a text that is in no list."""
        self.chosen = None
        self.line.setText(cleaned(text))

    def kept(self) -> Any:
        return (self.chosen, self.line.text())

    def restore(self, kept: Any) -> None:
        option, text = kept
        if option is not None:
            # Found again by its value, so that it reads in the language spoken now.
            self.set_option(next((o for o in self.find("") if o.value == option.value), option))
        else:
            self.line.setText(text)

    def is_open(self) -> bool:
        return self._popup is not None and self._popup.isVisible()

    def _typed(self, text: str) -> None:
        tidy = cleaned(text)
        if tidy != text:
            self.line.setText(tidy)
        self.chosen = None
        self._edited()
        self._offer(tidy)

    def _offer(self, text: str) -> None:
        options = list(self.find(text))
        if not options or not self.line.hasFocus():
            self._close()
            return
        if self._popup is None:
            self._popup = _Popup(self.window())
            self._popup.picked.connect(self._pick)
        self._popup.offer(options, self.line, self.lines)
        self.line.has_list = True

    def _toggle(self) -> None:
        self.line.setFocus(Qt.FocusReason.MouseFocusReason)
        if self.is_open():
            self._close()
        else:
            self._open()

    def _open(self) -> None:
        self._offer("" if self.chosen else self.line.text())

    def _close(self) -> None:
        self.line.has_list = False
        if self._popup is not None:
            self._popup.hide()

    def _pick(self, option: Option) -> None:
        self._close()
        changed = option != self.chosen
        self.set_option(option)
        if changed:
            self.chosen = option
            self._edited()

    def _take_lit(self) -> None:
        if self.is_open() and self._popup is not None and self._popup.lit() is not None and self.line.text().strip():
            self._pick(self._popup.lit())  # type: ignore[arg-type]
        self._close()

    def _settle(self) -> None:
        if self.chosen is None and self.typed():
            same = [o for o in self.find(self.typed()) if o.text.casefold() == self.typed().casefold()]
            if len(same) == 1:
                self._pick(same[0])
            elif self.free:
                if self.says_unlisted:
                    self.say("warning", _("Tidak ada dalam daftar; disimpan seperti yang ditulis."))
            else:
                self.say("error", _("Tidak ada yang cocok dengan “{typed}”. Periksa ketikannya.").format(
                    typed=cover_niks(self.typed())))

    def _enter(self) -> None:
        if self.is_open() and not self.line.text().strip() and self._popup is not None and self._popup.moved:
            option = self._popup.lit()
            if option is not None:
                self._pick(option)
        self._take_lit()
        self._settle()
        if self.chosen is not None:
            self.judge()
        self.finished.emit(False)

    def _step(self, by: int) -> None:
        if self._popup is not None:
            self._popup.move_lit(by)

    def _focus_moved(self, here: bool) -> None:
        # A click on the list takes the focus for a moment; the click itself then chooses.
        if not here and not (self._popup is not None and self.is_open() and self._popup.underMouse()):
            self._close()
            self._settle()


class _ListLine(Line):
    """The line of a type-ahead field: arrows, Esc and Tab belong to the list while it is open."""

    stepped = Signal(int)
    asked = Signal()
    dismissed = Signal()
    leaving = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.has_list = False

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()), 0)
        if step and self.has_list and not keypad_digit(event):
            self.stepped.emit(step)
        elif step == 1 and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self.asked.emit()
        elif event.key() == Qt.Key.Key_Escape and self.has_list:
            self.dismissed.emit()
        else:
            super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        if forward:
            self.leaving.emit()
        return super().focusNextPrevChild(forward)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self.dismissed.emit()


class _Popup(QFrame):
    """The list under a type-ahead field: a child of the window, so no window manager is asked and no focus is taken."""

    picked = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setProperty("role", "popup")
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.moved = False
        self._options: list[Option] = []
        self._model = QStandardItemModel(self)
        self._list = QListView()
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.setModel(self._model)
        self._list.setItemDelegate(_OptionPainter(self._list))
        self._list.setEditTriggers(QListView.EditTrigger.NoEditTriggers)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.setProperty("role", "bare")
        self._list.clicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(2, 2, 2, 2)
        column.addWidget(self._list)
        self.hide()

    def offer(self, options: list[Option], under: QWidget, lines: int) -> None:
        self._options = options
        self.moved = False
        self._model.clear()
        for option in options:
            item = QStandardItem(option.text)
            item.setData(option.detail, Qt.ItemDataRole.UserRole)
            self._model.appendRow(item)
        self._list.setCurrentIndex(self._model.index(0, 0))
        tall = self._list.sizeHintForRow(0) * min(len(options), lines) + style.px(6)
        top = under.mapTo(self.parentWidget(), QPoint(0, under.height() + 2))
        room = self.parentWidget().height() - top.y() - 4
        if room < tall:
            above = under.mapTo(self.parentWidget(), QPoint(0, 0)).y() - 2
            if above > room:
                tall = min(tall, above)
                top.setY(above - tall)
            else:
                tall = room
        wanted = max(self._list.sizeHintForColumn(0) + style.px(24), under.width())
        wide = min(wanted, self.parentWidget().width() - top.x() - 8)
        self.setGeometry(QRect(top, QSize(wide, tall)))
        self.show()
        self.raise_()

    def lit(self) -> Option | None:
        row = self._list.currentIndex().row()
        return self._options[row] if 0 <= row < len(self._options) else None

    def move_lit(self, by: int) -> None:
        self.moved = True
        row = max(0, min(self._list.currentIndex().row() + by, len(self._options) - 1))
        self._list.setCurrentIndex(self._model.index(row, 0))

    def _clicked(self, index: QModelIndex) -> None:
        self.picked.emit(self._options[index.row()])


class _OptionPainter(QStyledItemDelegate):
    """A line of the list: the text, and its remark muted at the right."""

    def paint(self, painter: QPainter, option: QStyleOptionViewItem,
              index: QModelIndex | QPersistentModelIndex) -> None:
        colours = style.colours()
        lit = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        painter.fillRect(option.rect, QColor(colours.chosen if lit else colours.card))
        box = option.rect.adjusted(style.px(10), 0, -style.px(10), 0)
        painter.setFont(option.font)
        metrics = QFontMetrics(option.font)
        detail = str(index.data(Qt.ItemDataRole.UserRole) or "")
        wide = metrics.horizontalAdvance(detail)
        painter.setPen(QColor(colours.text))
        text_box = box.adjusted(0, 0, -(wide + style.px(14)) if detail else 0, 0)
        text = metrics.elidedText(str(index.data() or ""), Qt.TextElideMode.ElideRight, text_box.width())
        painter.drawText(text_box, int(Qt.AlignmentFlag.AlignVCenter), text)
        painter.setPen(QColor(colours.muted))
        painter.drawText(box, int(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight), detail)
        painter.restore()

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        metrics = QFontMetrics(option.font)
        wide = metrics.horizontalAdvance(f"{index.data() or ''}{index.data(Qt.ItemDataRole.UserRole) or ''}")
        return QSize(wide + style.px(44), metrics.lineSpacing() + style.px(10))
