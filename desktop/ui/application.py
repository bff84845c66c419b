"""A file's card: number, state, promise, people (covered), the frozen checklist and its story."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QEvent, QObject, QRect, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QBrush, QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPalette
from PySide6.QtWidgets import (
    QGridLayout,
    QGroupBox,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.i18n import _, clock_time, long_date, short_date
from desktop.operations.history import Card, Person
from desktop.ui import style
from desktop.ui.keypad import is_enter, keypad_digit
from desktop.ui.rows import Column, Index, Rows, Table

# How each state looks wherever files are listed: always an icon and a colour beside the word.
_MARKS = {
    "RETURNED": ("warning", "triangle-alert"),
    "REGISTERED": ("good", "circle-check"),
    "APPLICANT_FIX": ("warning", "triangle-alert"),
    "AWAITING_PAYMENT": ("warning", "clock"),
    "AWAITING_STOCK": ("warning", "clock"),
    "READY": ("info", "file-check"),
    "HANDED_OVER": ("muted", "circle-check"),
    "REJECTED": ("bad", "circle-x"),
    "WITHDRAWN": ("muted", "circle-minus"),
    "LAPSED": ("muted", "circle-minus"),
    "VOID": ("bad", "ban"),
    None: ("muted", "circle-help"),
}
# A look at personal data ends by itself, however long the button is held (reliability.md).
MOST_SECONDS = 5


def mark_of(state: str | None) -> tuple[str, str]:
    """Kind and icon of a state."""
    return _MARKS.get(state, ("info", "circle-dot"))


class ApplicationCard(QWidget):
    """Shows one card, and covers what is personal.

    ``looking`` asks for what is covered while the button is held: who owns the card logs the look and calls
    ``uncover``. ``looked`` tells that it is covered again. ``resume``, ``reprint`` and ``menu`` are asked for by their
    buttons, ``chosen`` by Enter or a click on a field of a person ("applicant.phone").
    """

    looking = Signal()
    looked = Signal()
    shown = Signal(str)
    resume = Signal()
    reprint = Signal()
    menu = Signal()
    chosen = Signal(str)
    walked = Signal()  # the cursor came to a field, or left one

    def __init__(self) -> None:
        super().__init__()
        self.card: Card | None = None
        # NIK and phone of each person, where there is something to show
        self._covered: list[tuple[QLabel | None, QLabel | None]] = []
        self._values: list[_Value] = []  # the fields of people, as they are shown now
        self._is_open = False
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self.cover)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(style.px(4))
        column.addLayout(self._head())
        # What wants a decision before the file is read on.
        self.notices = QVBoxLayout()
        column.addLayout(self.notices)
        middle = QHBoxLayout()
        middle.setSpacing(style.px(14))
        column.addLayout(middle, 1)
        left = QVBoxLayout()
        middle.addLayout(left, 5)
        self._facts = self._grid(left, _("Permohonan"))
        self._people = self._grid(left, _("Data pemohon"))
        self.look = style.button(_("Tahan untuk melihat NIK dan HP"), "", "eye")
        self.look.setObjectName("card_look")
        self.look.setParent(self)  # in no layout while nobody is shown, but never nobody's
        self.look.pressed.connect(self._press)
        self.look.released.connect(self.cover)
        self.look.installEventFilter(self)
        self.menu_button = self._button("card_menu", _("Menu tindakan") + "  (F12)", "", "list-checks", self.menu)
        left.addWidget(self.menu_button, 0, Qt.AlignmentFlag.AlignLeft)
        left.addStretch(1)
        right = QVBoxLayout()
        middle.addLayout(right, 6)
        self.checks = self._table(right, 5, "card_checks", _("Persyaratan"), [
            Column(_("No"), lambda line: str(line.ordinal), 44, right=True),
            Column(_("Dokumen"), lambda line: line.name),
            Column(_("Status"), lambda line: line.word, 190, mark=lambda line: (line.kind, "")),
        ])  # fmt: skip
        self.story = self._table(right, 6, "card_story", _("Riwayat"), [
            Column(_("Waktu"), lambda event: f"{short_date(event.at)}  {clock_time(event.at)}", 166),
            Column(_("Peristiwa"), lambda event: event.text, mark=lambda event: (event.kind, event.icon)),
        ])  # fmt: skip

    def _head(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(style.px(18))
        number = QHBoxLayout()
        number.setSpacing(0)
        self.day_and_pc = style.label("", "muted")
        self.day_and_pc.setObjectName("card_number_head")
        self.day_and_pc.setContentsMargins(0, 0, style.px(1), style.px(6))
        self.short = style.label("", "huge")
        self.short.setObjectName("card_number")
        number.addWidget(self.day_and_pc, 0, Qt.AlignmentFlag.AlignBottom)
        number.addWidget(self.short, 0, Qt.AlignmentFlag.AlignBottom)
        row.addLayout(number)
        words = QVBoxLayout()
        words.setSpacing(0)
        self.state = style.Mark(wrap=True)
        self.state.setObjectName("card_state")
        self.promise = style.label("", "muted")
        self.promise.setObjectName("card_promise")
        self.promise.setWordWrap(True)
        words.addStretch(1)
        words.addWidget(self.state)
        words.addWidget(self.promise)
        words.addStretch(1)
        row.addLayout(words, 1)
        self.reprint_button = self._button("card_reprint", _("Cetak ulang") + "  (Ctrl+P)", "", "printer", self.reprint)
        self.resume_button = self._button("card_resume", _("Lanjutkan") + "  (F5)", "primary", "play", self.resume)
        row.addWidget(self.reprint_button)
        row.addWidget(self.resume_button)
        return row

    def _button(self, name: str, words: str, role: str, icon: str, asked: Any) -> QPushButton:
        made = style.button(words, role, icon)
        made.setObjectName(name)
        made.clicked.connect(lambda _checked=False: asked.emit())
        return made

    def _grid(self, column: QVBoxLayout, title: str) -> QGridLayout:
        box = QGroupBox(title)
        grid = QGridLayout(box)
        grid.setHorizontalSpacing(style.px(14))
        grid.setVerticalSpacing(style.px(5))
        grid.setColumnStretch(1, 1)
        column.addWidget(box)
        return grid

    def _table(self, column: QVBoxLayout, share: int, name: str, title: str, columns: Sequence[Column]) -> Table:
        box = QGroupBox(title)
        table = Table(name, title, Rows(columns))
        table.setWordWrap(True)
        table.setItemDelegate(_Wrapped(table))
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        QVBoxLayout(box).addWidget(table)
        column.addWidget(box, share)
        return table

    # --- showing

    def show_card(self, card: Card) -> None:
        """Show this file; everything personal is covered."""
        self.cover()
        self.card = card
        self.day_and_pc.setText(card.number[: -len(card.short)])
        self.short.setText(card.short)
        self.short.setAccessibleName(_("Nomor berkas {number}").format(number=card.number))
        kind, icon = mark_of(card.state)
        self.state.show_state(kind, card.state_word, icon_name=icon)
        self.promise.setText(_("Selesai paling lambat {promise}").format(promise=card.promise) if card.promise else "")
        self.promise.setVisible(bool(card.promise))
        self._show_facts(card)
        self._show_people(card)
        for table, rows in ((self.checks, card.checks), (self.story, card.events)):
            table.show_rows(rows)
            table.parentWidget().setVisible(card.is_ours)
        self.resume_button.setVisible(card.can_resume)
        self.menu_button.setVisible(card.is_ours)
        self.reprint_button.setVisible(card.is_ours and card.paper is not None)
        self.shown.emit(card.id)

    def _show_facts(self, card: Card) -> None:
        _empty(self._facts)
        received = _("{date}, pukul {time}").format(date=long_date(card.received_at), time=clock_time(card.received_at))
        complete = card.complete_at
        for title, words in (
            (_("Layanan"), card.service),
            (_("Jenis"), card.variant),
            (_("Untuk"), card.for_whom),
            (_("Instansi"), "" if card.is_ours else card.agency),
            (_("Diterima"), received),
            (_("Di"), f"{card.counter} · {card.officer}" if card.counter else ""),
            (_("Lengkap"), _("{date}, pukul {time}").format(date=long_date(complete), time=clock_time(complete))
             if complete and complete != card.received_at else ""),
            (_("Standar"), card.standard),
            (_("Menggantikan"), card.replaces),
            (_("Digantikan"), card.replaced_by),
        ):  # fmt: skip
            if words:
                _line(self._facts, title, words)
        if not card.is_ours:
            _line(self._facts, "", _("Berkas instansi lain: hanya nomor, keadaan, dan janjinya yang ditampilkan."))

    def _show_people(self, card: Card) -> None:
        here = self.chosen_field()
        self.look.setParent(self)
        self.look.setVisible(bool(card.people))
        _empty(self._people)
        self._covered, self._values = [], []
        for person in card.people:
            self._field(person, "name", person.role, person.name, "strong")
            nik, phone = (
                self._field(person, field, title, words)
                for field, title, words in (("nik", _("NIK"), person.nik), ("phone", _("HP"), person.phone))
            )
            self._covered.append((nik, phone))
            self._field(person, "village", _("Alamat"), person.place)
        for value in self._values:
            if value.objectName() == here:
                value.show()  # what is not shown yet takes no cursor in a window that stands behind another
                value.setFocus(Qt.FocusReason.OtherFocusReason)
        if card.people:
            self._people.addWidget(self.look, self._people.rowCount(), 1, Qt.AlignmentFlag.AlignLeft)
        self._people.parentWidget().setVisible(bool(card.people))

    def chosen_field(self) -> str:
        """The field of a person that has the focus ("applicant.phone"), or nothing."""
        focus = self.window().focusWidget()  # of this window, which may stand behind another
        return next((value.objectName() for value in self._values if value is focus), "")

    def _field(self, person: Person, field: str, title: str, words: str, role: str = "") -> QLabel | None:
        """A field that Enter opens for correction; under it what stood there before, struck through."""
        was = next((was for was in person.was if was.field == field), None)
        if not words and was is None:
            return None
        value = _Value(f"{person.code}.{field}", words or "–", role)
        self._values.append(value)
        value.chosen.connect(self.chosen)
        value.walked.connect(self.walked)
        value.setAccessibleName(f"{title}: {words or '–'}")
        _put(self._people, title, value)
        if was is not None:
            about = _("diperbaiki {date} {time} oleh {officer}").format(
                date=short_date(was.at), time=clock_time(was.at), officer=was.officer
            )
            before, who = style.struck(was.value), style.label(about, "small")
            before.setAccessibleName(_("Sebelumnya: {was}").format(was=was.value))
            before.setObjectName(f"{person.code}.{field}_was")
            who.setObjectName(f"{person.code}.{field}_who")
            who.setWordWrap(True)
            _put(self._people, "", before)
            _put(self._people, "", who)
        return value

    # --- the held look

    def uncover(self, told: Sequence[tuple[str, str]]) -> None:
        """Show NIK and phone of everybody, in the order of the card, until the button is let go or 5 s are over."""
        self._is_open = True
        self._say(told)
        self._timer.start(MOST_SECONDS * 1000)

    def is_open(self) -> bool:
        """Whether personal data can be read now."""
        return self._is_open

    def cover(self) -> None:
        """Cover NIK and phone again."""
        self._timer.stop()
        if not self._is_open or self.card is None:
            return
        self._is_open = False
        self._say([(person.nik, person.phone) for person in self.card.people])
        self.looked.emit()

    def _say(self, told: Sequence[tuple[str, str]]) -> None:
        for labels, words in zip(self._covered, told, strict=True):
            for label, text in zip(labels, words, strict=True):
                if label is not None:
                    label.setText(text)

    def _press(self) -> None:
        if not self._is_open:
            self.looking.emit()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        # The window may go away under the finger: then no release is ever told.
        if event.type() in (QEvent.Type.FocusOut, QEvent.Type.Hide, QEvent.Type.WindowDeactivate):
            self.cover()
        return super().eventFilter(watched, event)


class _Value(style.Words):
    """A field of a person in the card: Enter or a click asks to correct it, the arrows walk on."""

    chosen = Signal(str)
    walked = Signal()

    def __init__(self, name: str, words: str, role: str) -> None:
        super().__init__(words)
        self.setObjectName(name)
        if role:
            self.setProperty("role", role)
        self.setWordWrap(True)
        self.setIndent(0)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        colours = style.colours()
        self.setStyleSheet(
            f"QLabel {{ border: 2px solid transparent; }} QLabel:focus {{ border-color: {colours.accent}; }}"
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: True, Qt.Key.Key_Up: False}.get(Qt.Key(event.key()))
        if is_enter(event):
            if not event.isAutoRepeat():
                self.chosen.emit(self.objectName())
        elif step is not None and not keypad_digit(event):
            self.focusNextPrevChild(step)
        else:
            event.ignore()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.walked.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.walked.emit()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.rect().contains(event.position().toPoint()):
            self.chosen.emit(self.objectName())


class _Wrapped(QStyledItemDelegate):
    """Cells as tall as their words; the style sheet's padding is more than Qt reckons with, and the last words went."""

    def __init__(self, table: Table) -> None:
        super().__init__(table)
        self._table = table

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        ink = index.data(Qt.ItemDataRole.ForegroundRole) or QBrush(QColor(style.colours().text))
        option.palette.setBrush(QPalette.ColorRole.HighlightedText, ink)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        self.initStyleOption(option, index)
        picture = 0 if option.icon.isNull() else option.decorationSize.width() + style.px(8)
        wide = self._table.columnWidth(index.column()) - picture - style.px(24)
        words = option.fontMetrics.boundingRect(
            QRect(0, 0, max(wide, 1), 10_000), int(Qt.TextFlag.TextWordWrap), option.text
        )
        return QSize(words.width(), words.height() + style.px(11))


def _line(grid: QGridLayout, title: str, words: str, role: str = "") -> QLabel:
    value = style.label(words, role)
    value.setWordWrap(True)
    value.setAccessibleName(f"{title}: {words}" if title else "")
    _put(grid, title, value)
    return value


def _put(grid: QGridLayout, title: str, value: QLabel) -> None:
    row = grid.rowCount()
    grid.addWidget(style.label(title, "muted"), row, 0, Qt.AlignmentFlag.AlignTop)
    grid.addWidget(value, row, 1)


def _empty(grid: QGridLayout) -> None:
    while grid.count():
        item = grid.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
