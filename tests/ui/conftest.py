"""Real windows on real files: a set-up counter made once and copied, and a maker of windows that closes them again."""

from __future__ import annotations

import contextlib
import resource
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QMimeData, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget

from desktop import i18n
from desktop.models.base import natural_id
from desktop.operations import access, setup
from desktop.settings import Settings
from desktop.store import Store
from desktop.ui import style
from desktop.ui.background import AtOnce
from desktop.ui.centre import Centre
from desktop.ui.entries import ENTRIES, Entry
from desktop.ui.feedback import Feedback
from desktop.ui.main_window import MainWindow
from desktop.ui.printing import Printing
from desktop.ui.safekeeping import Safekeeping
from desktop.ui.screen import Surroundings
from tests.conftest import Clock
from tests.operations.conftest import desk
from tests.sync.conftest import postgres, server_folder
from tests.ui.desk import At, forget
from tests.ui.hall import training_hall, windows

# The desk of a small hall; the fixtures of a real centre and of windows around it.
__all__ = ["desk", "postgres", "server_folder", "training_hall", "windows"]

PIN = "482915"
OTHER_PIN = "739154"


class Seconds:
    """A monotonic clock that moves only when told to."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture(autouse=True)
def dressed(qapp: QApplication) -> Iterator[None]:
    """Every test begins in Indonesian, light, 11 pt, and leaves nothing on the clipboard."""
    i18n.use("id")
    style.apply(qapp, "light", 11)
    yield
    i18n.use("id")
    QApplication.clipboard().clear()
    # Closed windows go now, not when Python happens to collect them in the middle of another test.
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture(scope="session")
def ready_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a working counter with three officers, to be copied."""
    folder = tmp_path_factory.mktemp("ready")
    store = Store.open(folder, clock=Clock())
    with store.saving(None) as session:
        plan = setup.FirstRun(counter_name="Loket 07", officer_name="Siti Rahmawati", pin=PIN)
        setup.first_run(session, plan, setup.shipped_catalogue())
    with store.saving(None) as session:
        for name, role in (("Rini Astuti", "officer"), ("Bambang Santoso", "supervisor")):
            access.add_officer(session, name=name, role=role, pin=OTHER_PIN, agency_id=natural_id("agency", "DKC"))
    store.close()
    return folder


@pytest.fixture
def ready_store(ready_folder: Path, tmp_path: Path, clock: Clock) -> Iterator[Store]:
    """The file of a working counter, this test's own."""
    folder = tmp_path / "counter"
    shutil.copytree(ready_folder, folder)
    store = Store.open(folder, clock=clock)
    yield store
    store.close()


def officer_id(store: Store, name: str) -> str:
    with store.reading() as session:
        return next(one.id for one in access.officers(session) if one.display_name == name)


@pytest.fixture
def around(ready_store: Store) -> Iterator[Surroundings]:
    """What a screen gets, with Siti (admin) at the desk."""
    settings, background = Settings(), AtOnce()
    with ready_store.reading() as session:
        desk = setup.desk_for(session, officer_id(ready_store, "Siti Rahmawati"))
    feedback = Feedback()
    yield Surroundings(ready_store, settings, desk, feedback, background, Printing(ready_store, settings, background),
                       Centre(ready_store, background), Safekeeping(ready_store, settings, background))
    feedback.deleteLater()


@pytest.fixture
def make_window(qtbot, seconds: Seconds) -> Iterator[Callable[..., MainWindow]]:
    """Makes windows that are shown, active and started; signed in as Siti unless asked otherwise."""
    made: list[MainWindow] = []

    def make(store: Store, *, signed_in: bool = True, entries: tuple[Entry, ...] = ENTRIES,
             settings: Settings | None = None) -> MainWindow:
        told = settings or Settings()
        background = AtOnce()
        window = MainWindow(store, told, background, Printing(store, told, background), entries=entries,
                            monotonic=seconds)
        made.append(window)
        window.show()
        # On a display without a window manager nobody gives a window the focus unless it asks.
        window.activateWindow()
        window.start()
        if signed_in:
            window.sign_in(officer_id(store, "Siti Rahmawati"))
        qtbot.waitUntil(window.isActiveWindow)
        qtbot.wait(1)
        return window

    yield make
    for window in made:
        window.close()
        forget(window)


@pytest.fixture
def window(make_window: Callable[..., MainWindow], ready_store: Store) -> MainWindow:
    return make_window(ready_store)


@pytest.fixture
def at(window: MainWindow) -> At:
    """Eyes and hands at the intake screen of the window."""
    return At(window)


@contextlib.contextmanager
def full_disk() -> Iterator[None]:
    """Every write to any file fails as on a full disk: the kernel itself refuses it."""
    least, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, most))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (least, most))


def paste(widget: QWidget, text: str) -> None:
    """What Ctrl+V does, with any text."""
    data = QMimeData()
    data.setText(text)
    QApplication.clipboard().setMimeData(data)
    QTest.keyClick(widget, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)


def press(widget: QWidget, key: Qt.Key, modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
          text: str = "", *, repeated: bool = False) -> None:
    """One key event just as the system sends it (a numpad key with NumLock off, a key held down)."""
    event = QKeyEvent(QKeyEvent.Type.KeyPress, key, modifiers, text, repeated)
    QApplication.sendEvent(widget, event)


def focus() -> QWidget | None:
    return QApplication.focusWidget()
