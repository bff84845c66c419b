"""What the window says of its centre: the network's cell, a clock that is wrong, and once each what has to be known."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

from desktop.i18n import _, ngettext, number
from desktop.ui import standing
from desktop.ui.feedback import with_code

if TYPE_CHECKING:
    from desktop.sync.worker import Standing
    from desktop.ui.main_window import MainWindow


class HallNews(QObject):
    """``changed`` asks the window to show its cells again."""

    changed = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._said = ""
        window.centre.changed.connect(self._heard)

    def network(self) -> standing.Shown:
        """The network's cell now; counted by the second, nothing is read for it."""
        window = self._window
        screen = window.current()
        if screen is not None:
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
            self._window.show_screen("health")

    @Slot()
    def _heard(self) -> None:
        self.changed.emit()
        now, feedback = self._window.centre.standing, self._window.feedback
        # One sentence at a time: the next one comes with the news after it.
        if now is None or feedback.is_asking() or (self._said and feedback.text() == self._said):
            return
        for topic, kind, words in _news(now):
            if feedback.say_once(topic, kind, words):
                self._said = feedback.text()
                return

    def _local(self, moment: datetime) -> datetime:
        desk = self._window.around.desk
        return desk.local(moment) if desk is not None else moment.astimezone()


def _news(now: Standing) -> Iterator[tuple[str, str, str]]:
    """What has to be known, the gravest first: a topic, how bad it is, and the sentence."""
    if now.problem is not None:
        yield f"centre {now.problem.code}", "bad", with_code(now.problem)
    if now.parted:
        words = _(
            "Data PC ini ternyata salinan dari PC lain, jadi nomor berkas mulai sekarang memakai kode baru. "
            "Berkas yang sudah ada tetap berlaku. Beri tahu admin."
        )
        yield "parted", "warning", words
    if now.refused_entries:
        words = ngettext(
            "{count} catatan PC ini disisihkan pusat. Data aman. Lihat Keadaan PC (Shift+F1).",
            "{count} catatan PC ini disisihkan pusat. Data aman. Lihat Keadaan PC (Shift+F1).",
            now.refused_entries,
        ).format(count=number(now.refused_entries))
        yield f"refused {now.refused_entries}", "warning", words
