"""What has to be known of the centre is said one thing after the other, the gravest first, and each once."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication

from desktop.errors import UserError
from desktop.sync.link import FELL_BACK
from desktop.sync.worker import Standing
from desktop.ui.main_window import MainWindow


def test_each_thing_is_said_once_and_none_takes_the_place_of_another(window: MainWindow) -> None:
    centre, feedback = window.centre, window.feedback
    problem = UserError(FELL_BACK, code="E-28")
    centre.standing = Standing("refused", parted=True, refused_entries=2, problem=problem)
    said = []
    for _news in range(4):
        feedback.clear()
        for _again in range(2):  # the same news while the sentence stands
            centre.changed.emit()
        said.append(feedback.text())
    assert [text[:20] for text in said] == ["Yang menjawab adalah", "Data PC ini ternyata", "2 catatan PC ini dis", ""]
    assert said[0].count("E-28") == 1, "a code that the sentence names is not said twice"


def test_no_cell_of_the_status_line_is_cut_in_half_a_screen(window: MainWindow) -> None:
    """Three counters side by side: what has no room gives way whole."""
    window.centre.standing = Standing("offline", since=window.store.clock())
    window.show_screen("settings")
    for width in range(window.minimumWidth(), 1367, 8):
        window.resize(width, 768)
        window._tick()
        QApplication.processEvents()
        seen = [cell for cell in window.frame.status.cells.values() if cell.isVisible()]
        assert window.frame.status.cells["network"] in seen
        assert all(cell.width() >= cell.sizeHint().width() for cell in seen), width
