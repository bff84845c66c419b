"""The day in figures for the supervisor: every number opens the very list it counts, and the same is printed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QGroupBox, QHBoxLayout, QVBoxLayout, QWidget

from desktop.errors import UserError
from desktop.i18n import N_, _, long_date, ngettext, number, percent, speaking
from desktop.operations import daily, figures, hall
from desktop.operations.figures import Day, Figure, Lacking, Pick, Share
from desktop.papers.daily_summary import make_summary
from desktop.ui import style
from desktop.ui.day_bar import DayBar
from desktop.ui.figure_cards import LARGE, SMALL, Card, Length
from desktop.ui.file_list import Listing
from desktop.ui.hours import PAGE_KEYS, DayTable, Hours
from desktop.ui.rows import Column, Table
from desktop.ui.screen import Act, Screen, scrolled

VOID_COLUMN = 4
FEW = 3  # rows of serials told one by one
NARROW = 900  # pixels at 11 pt: half of an ordinary screen


class SummaryScreen(Screen):
    """A supervisor sees everybody's day, an officer their own; what is whose is decided by operations/daily.py."""

    name = "summary"
    title = N_("Ringkasan harian")
    tables = frozenset({
        "application", "visit", "status_move", "document_check", "correction", "paper_print", "officer", "service",
        hall.NEWS,
    })  # fmt: skip

    def build(self) -> None:
        self._day: date | None = None
        self._told: Day | None = None
        page = scrolled(self)
        column = QVBoxLayout(page)
        column.setContentsMargins(style.px(20), style.px(2), style.px(20), style.px(12))
        column.setSpacing(style.px(8))
        column.addLayout(self._head())
        self.cards = {figure: Card(figure) for figure in (*LARGE, *SMALL)}
        large, small = QHBoxLayout(), QHBoxLayout()
        for row, shown in ((large, LARGE), (small, SMALL)):
            row.setSpacing(style.px(10))
            column.addLayout(row)
            for figure in shown:
                card = self.cards[figure]
                card.clicked.connect(lambda _checked=False, figure=figure: self._open(Pick(figure)))
                card.walked.connect(self._walk)
                row.addWidget(card, 1)
        self.length = Length()
        small.addWidget(self.length, 2)
        grid = QGridLayout()
        grid.setSpacing(style.px(12))
        grid.setColumnStretch(0, 7)
        grid.setColumnStretch(1, 5)
        column.addLayout(grid, 1)
        counts = [
            Column(_("Masuk"), lambda share: number(share.received), 74, right=True),
            Column(_("Lengkap"), lambda share: number(share.complete + share.conditional), 90, right=True),
            Column(_("Dikembalikan"), lambda share: number(share.returned), 124, right=True),
            Column(_("Dibatalkan"), lambda share: number(share.void), 104, right=True),
        ]
        self.services = self._table("summary_services", _("Layanan"), counts)
        self.officers = self._table("summary_officers", _("Petugas"), counts)
        self.missing = DayTable("summary_missing", _("Kekurangan berkas terbanyak"), [
            Column(_("Syarat"), lambda line: line.name),
            Column(_("Layanan"), lambda line: line.service, 196),
            Column(_("Jumlah"), lambda line: number(line.count), 78, right=True),
            Column(_("Bagian"), self._share_of_returned, 78, right=True),
        ])  # fmt: skip
        self.missing.opened.connect(self._open_lacking)
        self.hours = Hours()
        self.hours.opened.connect(self._open_share)
        self._boxes = (
            _box(_("Per layanan"), self.services), _box(_("Per jam"), self.hours),
            _box(_("Kekurangan berkas terbanyak"), self.missing), _box(_("Per petugas"), self.officers),
        )  # fmt: skip
        self._grid = grid
        self._laid: tuple[bool, int] | None = None
        # Left alone, the page would scroll by these keys before the window hears of them.
        area = page.parentWidget().parentWidget()
        area.installEventFilter(self)
        self.refresh()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress and event.key() in PAGE_KEYS:
            self._move_day(PAGE_KEYS[Qt.Key(event.key())])
            return True
        return super().eventFilter(watched, event)

    def _head(self) -> QVBoxLayout:
        head = QVBoxLayout()
        head.setSpacing(style.px(2))
        row = QHBoxLayout()
        row.setSpacing(style.px(14))
        self.check = style.Mark()
        self.check.setObjectName("summary_check")
        self.scope = style.label("", "muted")
        self.scope.setObjectName("summary_scope")
        self.scope.setWordWrap(True)  # in half a screen it gives way to the button beside it
        row.addWidget(self.check)
        row.addWidget(self.scope, 1)
        self.days = DayBar("PgUp", "PgDown")
        self.days.moved.connect(self._move_day)
        row.addWidget(self.days)
        row.addWidget(self.act_button("F9"))
        head.addLayout(row)
        self.remarks = style.Mark(wrap=True)
        self.remarks.setObjectName("summary_remarks")
        head.addWidget(self.remarks)
        return head

    def _lay_boxes(self) -> None:
        """Two side by side, one's own day without the officers; in half a screen one below the other, where names can
        be read."""
        is_own = self._told is not None and self._told.is_own
        beside = 2 if self.width() >= style.em(NARROW) else 1
        if self._laid == (is_own, beside):
            return
        self._laid = (is_own, beside)
        for place, box in enumerate(self._boxes):
            is_alone = beside == 1 or (is_own and box is self._boxes[-2])
            self._grid.addWidget(box, place // beside, place % beside, 1, 2 if is_alone else 1)
        self._boxes[-1].setVisible(not is_own)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._lay_boxes()

    def _table(self, name: str, title: str, counts: Sequence[Column]) -> Table:
        table = DayTable(name, title, [Column(title, lambda share: share.name), *counts])
        table.opened.connect(self._open_share)
        return table

    # --- what is shown

    def today(self) -> date:
        """The hall's day now."""
        assert self.around.desk is not None
        return self.around.desk.day(self.around.store.clock())

    def shown_day(self) -> date:
        """The day whose figures are up."""
        return self._day or self.today()

    def refresh(self) -> None:
        desk = self.around.desk
        if desk is None:
            return
        with self.reading() as session:
            self._told = told = daily.day_of(session, desk, self.shown_day())
        self.days.show_day(told.day, self.today())
        self._show_head(told)
        for card in self.cards.values():
            card.show_day(told)
        self.length.show_day(told)
        for table, shares in ((self.services, told.by_service()), (self.officers, told.by_officer())):
            table.show_rows(shares)
            # A void number is rare, and names need the room.
            table.setColumnHidden(VOID_COLUMN, not any(share.void for share in shares))
        self._lay_boxes()
        self.missing.show_rows(told.lacking())
        self.hours.show_shares(told.by_hour())
        self.acts_changed.emit()

    def _show_head(self, told: Day) -> None:
        if told.is_consistent:
            self.check.show_state("good", _("jumlah cocok"), icon_name="check")
        else:
            self.check.show_state("bad", _("jumlah TIDAK cocok"))
        is_hall = told.hall is not None and not told.is_own
        self.scope.setText(" · ".join([daily.as_of_sentence(told), *([] if is_hall else [daily.scope_sentence(told)])]))
        sentences = [*([daily.scope_sentence(told)] if is_hall else []), *told.problems]
        whole = [figures.serial_sentence(check) for check in told.serials if not check.missing and check.last]
        # Of a whole hall only their number can be read.
        sentences += whole if len(whole) <= FEW else [
            ngettext("{count} deret nomor urut lengkap.", "{count} deret nomor urut lengkap.", len(whole)).format(
                count=number(len(whole)))]
        if not told.is_open:
            sentences.insert(0, _("Loket tidak buka pada tanggal ini."))
        elif not told.happenings:
            is_today = told.day == self.today()
            sentences.insert(
                0, _("Belum ada berkas hari ini.") if is_today else _("Tidak ada berkas pada tanggal ini.")
            )
        kind = "muted" if told.hall is None or told.hall.is_whole or told.is_own else "warning"
        self.remarks.show_state(kind if told.is_consistent else "bad", " ".join(sentences), icon_name="list-checks")
        self.remarks.setVisible(bool(sentences))

    def _share_of_returned(self, line: Lacking) -> str:
        return percent(line.count, self._told.count(Figure.RETURNED) if self._told else 0)

    # --- acts and keys

    def acts(self) -> list[Act]:
        acts = [
            Act("PgUp", _("Hari sebelumnya"), lambda: self._move_day(-1)),
            Act("PgDown", _("Hari berikutnya"), lambda: self._move_day(1), self.shown_day() < self.today()),
            Act("Enter", _("Buka daftarnya"), self._enter),
        ]
        if self._told is not None and not self._told.is_own:
            acts.insert(0, Act("F9", _("Cetak PDF"), self._print, kind="primary", icon="printer"))
        return acts

    def help(self) -> list[str]:
        return [
            _("Setiap angka membuka daftar yang dihitungnya: pindah dengan Tab atau panah, lalu Enter."),
            _("Permohonan masuk = langsung lengkap + dikembalikan + diterima bersyarat + dibatalkan."),
        ]

    def arrive(self) -> None:
        self.around.centre.try_now()
        self.refresh()
        self.cards[Figure.RECEIVED].setFocus(Qt.FocusReason.OtherFocusReason)

    def step_back(self) -> bool:
        if self._day is None:
            return False
        self._day = None
        self.refresh()
        return True

    def keep(self) -> Any:
        return {**super().keep(), "day": self._day}

    def restore(self, kept: Any) -> None:
        self._day = kept["day"]
        self.refresh()
        super().restore(kept)

    def _move_day(self, by: int) -> None:
        day = min(self.shown_day() + timedelta(days=by), self.today())
        self._day = None if day == self.today() else day
        self.refresh()

    def _walk(self, step: int) -> None:
        cards = [card for card in self.cards.values() if card.isVisibleTo(self)]
        here = next((place for place, card in enumerate(cards) if card.hasFocus()), 0)
        if 0 <= here + step < len(cards):
            cards[here + step].setFocus(Qt.FocusReason.OtherFocusReason)

    def _enter(self) -> None:
        focus = self.focusWidget()
        if isinstance(focus, Card):
            focus.click()
        elif isinstance(focus, Table) and focus.current() is not None:
            focus.opened.emit(focus.current())
        elif focus is self.hours.chart:
            self.hours.chart.open_chosen()

    def _open_share(self, share: Share) -> None:
        name = _("pukul {hour}").format(hour=share.name) if share.pick.hour is not None else share.name
        self._open(share.pick, name)

    def _open_lacking(self, line: Lacking) -> None:
        self._open(line.pick, _("kurang: {paper}").format(paper=line.name))

    def _open(self, pick: Pick, part: str = "") -> None:
        words = [_(figures.NAMES[pick.figure]), long_date(self.shown_day()), part]
        self.go.emit("today", Listing(self.shown_day(), pick, " · ".join(filter(None, words))))

    # --- the paper

    def _print(self) -> None:
        desk = self.around.desk
        if desk is None:
            return
        try:
            # An official paper speaks Indonesian, whatever the screen does.
            with speaking("id"), self.reading() as session:
                facts = daily.summary_facts(session, desk, self.shown_day())
        except UserError as problem:
            self.around.feedback.tell(problem)
            return

        def make(_size: object) -> bytes:
            with speaking("id"):
                return make_summary(facts)

        name = f"ringkasan-harian-{self.shown_day():%Y-%m-%d}.pdf"
        self.say("info", _("Ringkasan sedang dicetak."))
        self.around.printing.send(make, name, self, self._printed, self._not_printed)

    def _printed(self, path: object) -> None:
        if isinstance(path, Path):
            self.say("good", _("Ringkasan disimpan: {path}").format(path=path), 15)
        else:
            self.say("good", _("Ringkasan dikirim ke printer."))

    def _not_printed(self, problem: Exception) -> None:
        if not isinstance(problem, UserError):
            raise problem
        self.around.feedback.tell(problem)


def _box(title: str, widget: QWidget) -> QGroupBox:
    box = QGroupBox(title)
    column = QVBoxLayout(box)
    column.addWidget(widget)
    return box
