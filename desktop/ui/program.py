"""Puts the running program together: settings, log, store, background, printing, window."""

from __future__ import annotations

import contextlib
import hashlib
import signal
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import FrameType

from PySide6.QtCore import Qt, QTimer
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QApplication, QMessageBox

from desktop import i18n, log, settings
from desktop.errors import UserError
from desktop.i18n import _
from desktop.safekeeping import restore
from desktop.settings import Settings
from desktop.store import Store, utc_now
from desktop.ui import style
from desktop.ui.background import Background, Worker
from desktop.ui.main_window import MainWindow
from desktop.ui.printing import Printing


@dataclass
class Program:
    """Everything that is open while the program runs."""

    store: Store
    settings: Settings
    background: Background
    keeping: Background
    window: MainWindow

    def begin(self) -> None:
        """Show the window, and then keep in step with the centre, if this PC has one."""
        self.window.show()
        self.window.centre.begin()

    def close(self) -> None:
        """Put aside what is half typed, finish what is printing, make the last backup, give the file back."""
        self.window.close()
        self.window.centre.close()
        self.window.around.safekeeping.keep_up()
        self.background.close()
        self.window.around.printing.close()
        self.keeping.close()
        self.store.close()


def application() -> QApplication:
    """The one QApplication, made at first use."""
    app = QApplication.instance()
    if isinstance(app, QApplication):
        return app
    QApplication.setHighDpiScaleFactorRoundingPolicy(Qt.HighDpiScaleFactorRoundingPolicy.PassThrough)
    app = QApplication(["loket"])
    app.setApplicationName("Loket")
    app.setDesktopFileName("loket")
    return app


@contextlib.contextmanager
def ended_from_outside(app: QApplication) -> Iterator[None]:
    """A signal that ends the program (a stop, Ctrl+C, a closed terminal) ends what runs inside as a closed window does:
    what comes after is tidied up. Where no window is up yet it raises SystemExit."""
    numbers = [getattr(signal, name) for name in ("SIGTERM", "SIGINT", "SIGHUP") if hasattr(signal, name)]

    def end(number: int, _frame: FrameType | None) -> None:
        for one in numbers:
            signal.signal(one, signal.SIG_IGN)  # a second one must not cut the tidying short
        if app.thread().loopLevel() == 0:
            raise SystemExit(128 + number)
        app.quit()

    before = [(one, signal.signal(one, end)) for one in numbers]
    # Inside Qt's loop Python hears of a signal only when it is called.
    beat = QTimer(app, interval=200)
    beat.timeout.connect(lambda: None)
    beat.start()
    try:
        yield
    finally:
        beat.stop()
        for one, handler in before:
            signal.signal(one, handler)


def assemble(
    folder: Path,
    *,
    secret: str | None = None,
    clock: Callable[[], datetime] = utc_now,
    background: Background | None = None,
) -> Program:
    """Open the program's folder and make its window, not yet shown. UserError when the file cannot be opened.

    ``secret`` is the password or the code that opens the data; whose password it is, is signed in.
    """
    app = application()
    told = settings.load(folder)
    i18n.use(told.language)
    style.apply(app, told.theme, told.text_size)
    store = Store.open(folder, secret=secret, clock=clock)
    log.start(folder)
    # Printers and backups get threads of their own: one that hangs must not keep papers and lists from being made.
    work, keeping = background or Worker(), background or Worker("backups")
    code = restore.number_anew(store) if store.lost_entries else None
    printing = Printing(store, told, work, Worker("printers") if background is None else None)
    window = MainWindow(store, told, work, printing, keeping=keeping)
    window.start()
    printing.sweep()
    window.welcome(store.ring.opened_by, code)
    return Program(store, told, work, keeping, window)


def address(folder: Path) -> str:
    """The name under which the program of this folder can be called to the front."""
    return "loket-" + hashlib.sha256(str(folder.resolve()).encode()).hexdigest()[:16]


def call_to_front(folder: Path) -> bool:
    """Ask the program that has this folder open to show its window; False where none answers."""
    socket = QLocalSocket()
    socket.connectToServer(address(folder))
    if not socket.waitForConnected(1000):
        return False
    socket.write(b"front")
    socket.waitForBytesWritten(1000)
    socket.disconnectFromServer()
    return True


def answer_calls(program: Program, folder: Path) -> QLocalServer:
    """Come to the front whenever a second start calls."""
    server = QLocalServer(program.window)
    # A server that was killed leaves its socket file behind; the kernel lock says that we are the only one.
    QLocalServer.removeServer(address(folder))
    server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
    server.listen(address(folder))

    def called() -> None:
        while (caller := server.nextPendingConnection()) is not None:
            caller.disconnected.connect(caller.deleteLater)
        window = program.window
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.show()
        window.raise_()
        window.activateWindow()

    server.newConnection.connect(called)
    return server


def put_beside(window: MainWindow, place: str) -> None:
    """Put the window where the second of three ("2/3") stands; on a small screen they overlap."""
    at, of = (int(part) for part in place.split("/"))
    room = window.screen().availableGeometry()
    wide = max(window.minimumWidth(), room.width() // of)
    left = (room.width() - wide) * (at - 1) // max(1, of - 1)
    window.setWindowState(Qt.WindowState.WindowNoState)
    window.setGeometry(room.x() + left, room.y(), min(wide, room.width()), room.height())


def show_trouble(problem: UserError) -> None:
    """Say in a window of its own why the program cannot open; who started it by a click sees no console."""
    box = QMessageBox(QMessageBox.Icon.Warning, "Loket", "")
    box.setTextFormat(Qt.TextFormat.PlainText)
    box.setText(problem.message)
    if problem.code:
        box.setInformativeText(_("Kode {code}").format(code=problem.code))
    box.addButton(_("Tutup"), QMessageBox.ButtonRole.AcceptRole)
    box.exec()
