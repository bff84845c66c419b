"""What the window says of its centre: the network's cell, a clock that is wrong, and once each what has to be known."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.i18n import _, ngettext, number
from desktop.ui import standing
from desktop.ui.health import HealthScreen

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow


class HallNews(QObject):
    """``changed`` asks the window to show its cells again."""

    changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.centre.changed.connect(self._heard)

    def network(self) -> standing.Shown:
        """The network's cell now; counted by the second, nothing is read for it."""
        window = self._window
        screen = window.current()
        if isinstance(screen, HealthScreen):
            screen.follow()
        return standing.network(window.centre, window.store.clock(), self._local)

    def clock(self, time: str) -> standing.Shown:
        """The clock's cell: red, with a sentence, where it differs from the centre's."""
        wrong = standing.skew(self._window.centre)
        return ("bad", f"{time} · {wrong}", "clock") if wrong else ("muted", time, "clock")

    @Slot(str)
    def open(self, cell: str) -> None:
        """A cell was clicked."""
        if cell == "network":
            self._window.show_screen(HealthScreen.name)

    @Slot()
    def _heard(self) -> None:
        self.changed.emit()
        now, feedback = self._window.centre.standing, self._window.feedback
        if now is None or feedback.is_asking():
            return
        if now.parted:
            words = _(
                "Data PC ini ternyata salinan dari PC lain, jadi nomor berkas mulai sekarang memakai kode baru. "
                "Berkas yang sudah ada tetap berlaku. Beri tahu admin."
            )
            feedback.say_once("parted", "warning", words)
        if now.refused_entries:
            words = ngettext(
                "{count} catatan PC ini disisihkan pusat. Data aman. Lihat Keadaan PC (Shift+F1).",
                "{count} catatan PC ini disisihkan pusat. Data aman. Lihat Keadaan PC (Shift+F1).",
                now.refused_entries,
            ).format(count=number(now.refused_entries))
            feedback.say_once(f"refused {now.refused_entries}", "warning", words)
        if now.problem is not None:
            feedback.say_once(f"centre {now.problem.code}", "bad", standing.with_code(now.problem))

    def _local(self, moment: datetime) -> datetime:
        desk = self._window.around.desk
        return desk.local(moment) if desk is not None else moment.astimezone()
