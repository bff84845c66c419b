"""A day by its hours: bars that open their lists, and the table that says the same to who cannot see them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desktop.i18n import _, number
from desktop.operations.figures import Share
from desktop.ui import style
from desktop.ui.keypad import is_enter, keypad_digit
from desktop.ui.rows import Column, Rows, Table

# The bars of the printed summary, a little darker; they also stand apart in grey.
COMPLETE_BAR, SHORT_BAR, VOID_BAR = "#3b82b8", "#d9892b", "#c0574d"
PAGE_KEYS = {Qt.Key.Key_PageUp: -1, Qt.Key.Key_PageDown: 1}


class DayTable(Table):
    """A table of the summary: PgUp and PgDown change the day, as everywhere on this screen."""

    def __init__(self, name: str, title: str, columns: Sequence[Column]) -> None:
        super().__init__(name, title, Rows(columns, key=lambda row: row.pick))
        self.setMinimumHeight(style.px(112))

    def sizeHint(self) -> QSize:
        return QSize(style.px(200), self.minimumHeight())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in PAGE_KEYS:
            event.ignore()
            return
        super().keyPressEvent(event)


class Hours(QWidget):
    """Applications by hour, as bars, and as the table that says the same to who cannot see them."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._pages = QStackedWidget()
        self.chart = Bars()
        self.chart.opened.connect(self.opened)
        self.table = DayTable("summary_hours", _("Per jam"), [
            Column(_("Jam"), lambda share: _hour(share)),
            Column(_("Lengkap"), lambda share: number(share.complete + share.conditional), 90, right=True),
            Column(_("Dikembalikan"), lambda share: number(share.returned), 124, right=True),
            Column(_("Dibatalkan"), lambda share: number(share.void), 104, right=True),
        ])  # fmt: skip
        self.table.opened.connect(self.opened)
        self._pages.addWidget(self.chart)
        self._pages.addWidget(self.table)
        self.other = style.button(_("Tabel"), "flat")
        self.other.setObjectName("summary_hours_twin")
        self.other.clicked.connect(self._turn)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        legend = QHBoxLayout()
        legend.setSpacing(style.px(7))
        for colour, words in (
            (COMPLETE_BAR, _("lengkap")), (SHORT_BAR, _("dikembalikan")), (VOID_BAR, _("dibatalkan")),
        ):  # fmt: skip
            sample = style.label("■")
            sample.setStyleSheet(f"color: {colour};")
            legend.addWidget(sample)
            legend.addWidget(style.label(words, "small"))
        legend.addStretch(1)
        legend.addWidget(self.other)
        column.addLayout(legend)
        column.addWidget(self._pages, 1)

    def show_shares(self, shares: Sequence[Share]) -> None:
        self.chart.show_shares(shares)
        self.table.show_rows(shares)

    def _turn(self) -> None:
        to_table = self._pages.currentWidget() is self.chart
        self._pages.setCurrentWidget(self.table if to_table else self.chart)
        self.other.setText(_("Grafik") if to_table else _("Tabel"))
        self.other.setAccessibleName(self.other.text())


class Bars(QWidget):
    """Stacked bars by hour. Left and right choose an hour, Enter or a click opens its list."""

    opened = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("summary_bars")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMinimumSize(style.px(200), style.px(96))
        self._shares: list[Share] = []
        self._chosen = 0

    def show_shares(self, shares: Sequence[Share]) -> None:
        """Show these hours."""
        self._shares = list(shares)
        self._chosen = min(self._chosen, max(0, len(self._shares) - 1))
        told = "; ".join(
            _("{hour}: {complete} lengkap, {returned} dikembalikan, {void} dibatalkan").format(
                hour=_hour(share), complete=share.complete + share.conditional, returned=share.returned, void=share.void
            )
            for share in self._shares
        )
        self.setAccessibleName(_("Grafik per jam"))
        self.setAccessibleDescription(told or _("Tidak ada berkas."))
        self.update()

    def open_chosen(self) -> None:
        """Open the list of the hour that is lit."""
        if self._shares:
            self.opened.emit(self._shares[self._chosen])

    def sizeHint(self) -> QSize:
        return self.minimumSize()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = style.colours()
        painter.setFont(self.font())
        line = painter.fontMetrics().height()
        if not self._shares:
            painter.setPen(QColor(colours.muted))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, _("Tidak ada berkas."))
            return
        top, foot = line + style.px(2), self.height() - line - style.px(4)
        most = max(share.received for share in self._shares) or 1
        for place, share in enumerate(self._shares):
            slot = self._slot(place)
            bar = slot.adjusted(slot.width() * 0.18, 0, -slot.width() * 0.18, 0)
            if self.hasFocus() and place == self._chosen:
                painter.setPen(QColor(colours.accent))
                painter.setBrush(QColor(colours.chosen))
                painter.drawRoundedRect(slot.adjusted(2, 1, -2, -1), style.px(4), style.px(4))
            bottom = float(foot)
            painter.setPen(Qt.PenStyle.NoPen)
            for count, colour in (
                (share.complete + share.conditional, COMPLETE_BAR), (share.returned, SHORT_BAR), (share.void, VOID_BAR),
            ):  # fmt: skip
                tall = (foot - top) * count / most
                painter.setBrush(QColor(colour))
                painter.drawRect(QRectF(bar.left(), bottom - tall, bar.width(), tall))
                bottom -= tall
            painter.setPen(QColor(colours.text))
            above = QRectF(slot.left(), bottom - line, slot.width(), line)
            painter.drawText(above, Qt.AlignmentFlag.AlignCenter, number(share.received))
            painter.setPen(QColor(colours.muted))
            below = QRectF(slot.left(), foot + style.px(2), slot.width(), line)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, share.name)
        painter.setPen(QColor(colours.line))
        painter.drawLine(0, foot, self.width(), foot)

    def _slot(self, place: int) -> QRectF:
        # Few hours make no broad blocks: a slot is at most so wide.
        wide = min(self.width() / max(len(self._shares), 1), style.px(72))
        start = (self.width() - wide * len(self._shares)) / 2
        return QRectF(start + place * wide, 0, wide, self.height())

    def _at(self, point: QPoint) -> int | None:
        return next((at for at in range(len(self._shares)) if self._slot(at).contains(point.toPointF())), None)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        place = self._at(event.position().toPoint())
        if place is not None:
            self._chosen = place
            self.open_chosen()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(event.key()), 0)
        if is_enter(event):
            if not event.isAutoRepeat():
                self.open_chosen()
        elif step and not keypad_digit(event):
            self._chosen = max(0, min(self._chosen + step, len(self._shares) - 1))
            self.update()
        else:
            event.ignore()


def _hour(share: Share) -> str:
    hour = int(share.name)
    return _("{start}.00–{end}.00").format(start=f"{hour:02}", end=f"{hour + 1:02}")
