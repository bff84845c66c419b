"""The one window: which screen is up, for whom, and who is told when something changes."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from shiboken6 import delete

from desktop import i18n
from desktop import settings as settings_file
from desktop.errors import UserError
from desktop.i18n import _, clock_time
from desktop.keys import Slot as Way
from desktop.operations import access, setup
from desktop.settings import Settings
from desktop.store import Store
from desktop.ui import style
from desktop.ui.background import Background
from desktop.ui.centre import Centre
from desktop.ui.changes import Changes
from desktop.ui.entries import ENTRIES, Entry
from desktop.ui.feedback import Feedback
from desktop.ui.frame import Frame
from desktop.ui.fronts import Fronts
from desktop.ui.hall_news import HallNews
from desktop.ui.pc_news import PcNews
from desktop.ui.printing import Printing
from desktop.ui.qt_words import QtWords
from desktop.ui.safekeeping import Safekeeping
from desktop.ui.scans import Scans
from desktop.ui.screen import Screen, Surroundings
from desktop.ui.sign_in import IdleWatch, SignInScreen
from desktop.ui.system_lock import SystemLock
from desktop.ui.window_keys import WindowKeys

# For so many seconds a second close goes through although what is typed cannot be kept, and any close while the
# system ends the session.
CLOSE_AGAIN = 30
SESSION_ENDS = 60


class MainWindow(QWidget):
    """Put together by app.py; ``start`` brings up the first run or the sign-in."""

    def __init__(self, store: Store, settings: Settings, background: Background, printing: Printing, *,
                 entries: Sequence[Entry] = ENTRIES, monotonic: Callable[[], float] = time.monotonic,
                 keeping: Background | None = None) -> None:
        super().__init__()
        self.setObjectName("window")
        self.entries = tuple(entries)
        self.store = store
        self.feedback = Feedback()
        self.feedback.setParent(self)
        self.centre = Centre(store, background)
        safekeeping = Safekeeping(store, settings, keeping or background)
        self.around = Surroundings(
            store, settings, None, self.feedback, background, printing, self.centre, safekeeping)
        # The program closed for the way back, which needs the file for itself.
        self.wants_rescue = False
        self.role = ""
        self._screens: dict[str, Screen] = {}
        self._kept: dict[str, Any] = {}
        self._name = ""
        self.fronts = Fronts(self)
        self.keys = WindowKeys(self)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self.changes = Changes(store)
        self.changes.happened.connect(self._heard)
        self._monotonic = monotonic
        self._closes_anyway_until = monotonic()
        self.idle = IdleWatch(self, settings, monotonic)
        self.idle.expired.connect(self.lock)
        self.system_lock = SystemLock(self)
        self.system_lock.locked.connect(self.lock)
        self.scans = Scans(self)
        self.pc_news = PcNews(self, printing, safekeeping)
        self.hall_news = HallNews(self)
        self.hall_news.changed.connect(self._tick)
        self._clock = QTimer(self)
        self._clock.timeout.connect(self._tick)
        self._clock.start(1000)
        app = QGuiApplication.instance()
        assert isinstance(app, QGuiApplication)
        app.commitDataRequest.connect(self._session_ends)
        self._qt_words = QtWords(self)
        app.installTranslator(self._qt_words)
        self.setMinimumSize(960, 600)
        self.resize(1366, 768)
        if self.screen().availableGeometry().width() >= self.minimumWidth():
            # A counter's PC has one program: it gets the whole screen.
            self.setWindowState(Qt.WindowState.WindowMaximized)
        self._dress()

    # --- what app.py and screens ask

    def start(self) -> None:
        """Bring up the sign-in, or the first run on a PC that has not been set up."""
        self.centre.load()
        self.fronts.begin()

    @Slot()
    def begin_anew(self) -> None:
        """The wizard is through: what was chosen there (training) also changes what is around the screens."""
        self.fronts.take()
        self._undress()
        self._dress()
        self.start()

    def welcome(self, way: Way | None, code: int | None) -> None:
        """Sign in whose password opened the data; say what was lost, where numbers begin anew with ``code``."""
        if way is not None:
            with self.store.reading() as session:
                may = {officer.id for officer in access.officers(session)}
            if way.officer_id in may:
                self.sign_in(way.officer_id)
        if code is not None:
            words = _("Catatan terakhir di PC ini hilang. Nomor berkas sekarang memakai kode {code}, jadi tidak ada "
                      "nomor kembar. Cocokkan berkas terakhir dengan kertasnya.")
            self.feedback.say("warning", words.format(code=code), 0)

    @Slot()
    def rescue(self) -> None:
        """Close for the way back."""
        self.wants_rescue = True
        self.close()

    def sign_in(self, officer_id: str) -> None:
        """The officer is at the desk: show the screens, as they were left if it is the same officer as before."""
        with self.store.reading() as session:
            desk = setup.desk_for(session, officer_id, training=self.around.settings.training)
            role = setup.place(session, desk).role
        # The same officer may come back to a counter that an administrator gave other agencies.
        is_same = (self.around.desk, self.role) == (desk, role)
        if not is_same and (problem := self._put_aside()) is not None:
            self.feedback.say("bad", _("{sentence} Sebelum itu hanya petugas terakhir yang dapat masuk.").format(
                sentence=problem.message), 30)
            if self.around.desk is None or self.around.desk.officer_id != officer_id:
                return
            is_same = True  # what is typed stays at the desk as it was
        front = self.fronts.take()
        if not is_same:
            front = None  # goes with everything else
            self._undress()
            self.role = role
            self.around = replace(self.around, desk=desk)
            self._dress()
        if self.around.settings.last_officer_id != officer_id:
            self.around.settings.last_officer_id = officer_id
            self.save_settings()
        if front is not None:
            front.hide()
            front.deleteLater()
        self.frame.cover(False)
        self.pc_news.show_count()
        self._tick()
        if not self._may_see(self._name):
            self._name = self.allowed()[0].screen.name
        self.show_screen(self._name)
        self.scans.begin()
        self.idle.begin()

    @Slot()
    def lock(self) -> None:
        """Cover everything at once; what was being typed stays where it is, out of sight."""
        if self.around.desk is not None and not self.is_locked():
            self.fronts.show(SignInScreen)

    @Slot(str, object)
    def show_screen(self, name: str, thing: Any = None) -> None:
        """Bring up a screen by its name, and hand it what it shall show."""
        if self.is_locked():
            return
        if not self._may_see(name):
            self.feedback.say(
                "warning", _("Bagian ini untuk pengawas atau admin. Minta yang berwenang untuk masuk.")
            )
            return
        self.keys.close_sheet()
        if self.feedback.is_asking():
            self.feedback.cancel()  # it was about the screen before
        if name not in self._screens:
            self._add_screen(self._entry(name).screen(self.around))
        screen = self._screens[name]
        self._name = name
        self.frame.stack.setCurrentWidget(screen)
        self.frame.navigation.show_chosen(name)
        kept = self._kept.pop(name, None)
        if kept is not None:
            screen.arrive()
            screen.restore(kept)
        if thing is not None:
            screen.show_thing(thing)
        self.keys.show_acts()
        if kept is None or thing is not None:
            screen.arrive()

    def allowed(self) -> list[Entry]:
        """The lines of the navigation for the officer at the desk."""
        return [entry for entry in self.entries if not entry.roles or self.role in entry.roles]

    def current(self) -> Screen | None:
        """The screen that is up."""
        return self.fronts.up or self._screens.get(self._name)

    def is_busy(self) -> bool:
        """Whether a scan has to wait beside what is half done, or beside a question."""
        return self.feedback.is_asking() or any(screen.is_half_done() for screen in self._built())

    def is_locked(self) -> bool:
        """Whether nobody is at the desk."""
        return self.fronts.up is not None

    def save_settings(self) -> None:
        """Keep the settings; trouble with the disk is said, and the program goes on with them."""
        try:
            settings_file.save(self.store.folder, self.around.settings)
        except OSError:
            self.feedback.say("bad", _("Pengaturan tidak dapat disimpan. Periksa ruang disk dan izin folder."))

    def wear(self, *, language: str = "", theme: str = "", text_size: int = 0) -> None:
        """Change language, theme or text size now; nothing that is typed is lost.

        The widgets of now are deleted at once: what happens in one of them asks through ``wear_soon`` or an act.
        """
        settings = self.around.settings
        settings.language = language or settings.language  # type: ignore[assignment]
        settings.theme = theme or settings.theme  # type: ignore[assignment]
        settings.text_size = max(style.SMALLEST, min(style.LARGEST, text_size or settings.text_size))
        self.save_settings()
        i18n.use(settings.language)
        self.scans.close_card()
        self._kept |= {name: screen.keep() for name, screen in self._screens.items()}
        front = self.fronts.take()
        front_kind, front_kept = type(front), front.keep() if front is not None else None
        self._undress(at_once=True)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        # Only now: a new sheet is worked out for every widget that is still there.
        style.apply(app, settings.theme, settings.text_size)
        self._dress()
        if front_kept is not None:
            self.fronts.show(front_kind).restore(front_kept)
        elif self._name:
            self.show_screen(self._name)

    @Slot(object)
    def wear_soon(self, change: dict[str, Any]) -> None:
        """``wear``, once the slot of the screen that asked has returned: that screen is built anew."""
        QTimer.singleShot(0, self, lambda: self.wear(**change))

    # --- building

    def _dress(self) -> None:
        """Make everything around the screens anew, in the language, theme and size of now."""
        settings, desk = self.around.settings, self.around.desk
        self.feedback.setAccessibleName(_("Pesan"))
        title = [_("Loket")]
        if settings.training:  # the windows of a training hall stand side by side
            with self.store.reading() as session:
                title += [_("LATIHAN"), setup.counter_name(session)]
        self.setWindowTitle(" · ".join(part for part in title if part))
        self.frame = Frame(self.allowed(), self.feedback, training=settings.training)
        self.frame.navigation.chosen.connect(self.show_screen)
        self.frame.head.pressed_officer.connect(self.lock)
        self.frame.keys.pressed.connect(self.keys.press)
        self.frame.status.pressed.connect(self.hall_news.open)
        self._layout.addWidget(self.frame)
        if desk is not None:
            with self.store.reading() as session:
                place = setup.place(session, desk)
            self.frame.head.show_place(f"{place.counter} · {place.agency}", place.officer)
            self.frame.status.show_cell("desk", "muted", f"{place.counter} · {place.officer}", "user")
        else:
            self.frame.head.show_place("", "")
        self._fold()
        self.pc_news.show_all()
        self._tick()
        self.frame.cover(self.is_locked())

    def _add_screen(self, screen: Screen) -> None:
        self._screens[screen.name] = screen
        screen.acts_changed.connect(self.keys.show_acts)
        screen.go.connect(self.show_screen)
        screen.sought.connect(self.scans.seek)
        screen.worn.connect(self.wear_soon)
        screen.port_given.connect(self.scans.read_port)
        screen.rescue.connect(self.rescue)
        screen.moved.connect(self._moved, Qt.ConnectionType.QueuedConnection)
        self.frame.stack.addWidget(screen)

    def _fold(self) -> None:
        self.frame.navigation.fold(self.width() < 114 * self.around.settings.text_size)

    def _undress(self, *, at_once: bool = False) -> None:
        self.feedback.setParent(self)
        self.keys.close_sheet()
        self._screens = {}
        if at_once:
            # What leaves the focus while it is being deleted would still be told of it.
            focus = self.focusWidget()
            if focus is not None:
                focus.clearFocus()
            delete(self.frame)
        else:
            self.frame.hide()
            self.frame.deleteLater()

    def _built(self) -> list[Screen]:
        """Every screen with something in it, also those that only wait to be built anew."""
        for name in [name for name in self._kept if name not in self._screens]:
            self._add_screen(self._entry(name).screen(self.around))
            self._screens[name].restore(self._kept.pop(name))
        return list(self._screens.values())

    def _entry(self, name: str) -> Entry:
        return next(entry for entry in self.entries if entry.screen.name == name)

    def _may_see(self, name: str) -> bool:
        return any(entry.screen.name == name for entry in self.allowed())

    # --- news

    @Slot(object)
    def _heard(self, tables: frozenset[str]) -> None:
        for screen in list(self._screens.values()):
            screen.heard(tables)
        self.pc_news.heard(tables)
        self.fronts.heard(tables)

    @Slot()
    def _moved(self) -> None:
        """This PC has become another counter: the officer at the desk goes on there."""
        desk = self.around.desk
        if desk is None:
            return
        self.sign_in(desk.officer_id)
        here = self.frame.head.place.whole
        self.feedback.say("good", _("PC ini sekarang {place}. Berkas dan PIN tetap ada.").format(place=here), 20)

    @Slot()
    def _tick(self) -> None:
        self.frame.status.show_cell("network", *self.hall_news.network())
        desk = self.around.desk
        if desk is not None and not self.is_locked():
            self.frame.status.show_cell("clock", *self.hall_news.clock(clock_time(desk.local(self.store.clock()))))

    # --- Qt

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if not self.keys.take(event):
            event.ignore()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.idle.watch(self.windowHandle())
        self.scans.watch(self.windowHandle())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.keys.place_sheet()
        self.scans.place()
        self._fold()

    def closeEvent(self, event: QCloseEvent) -> None:
        problem = self._put_aside()
        if problem is None or self._monotonic() < self._closes_anyway_until:
            self.scans.close_port()
            self.around.clipping.forget()
            event.accept()
            return
        event.ignore()
        self._closes_anyway_until = self._monotonic() + CLOSE_AGAIN
        words = _("{sentence} Tutup sekali lagi = program ditutup, yang sedang diketik hilang.")
        self.feedback.say("bad", words.format(sentence=problem.message), CLOSE_AGAIN)

    def _session_ends(self, _manager: object) -> None:
        # The system does not ask twice: what can be kept is kept, and the window does not stand in its way.
        self._put_aside()
        self._closes_anyway_until = self._monotonic() + SESSION_ENDS

    def _put_aside(self) -> UserError | None:
        """Every screen keeps what is half done; gives what stood in the way."""
        found = None
        for screen in self._built():
            try:
                screen.leave()
            except UserError as problem:
                found = problem
        return found
