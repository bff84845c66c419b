"""The one window: what is always around a screen, which screen is up, and what a key does now.

To add a screen: a file with a Screen in desktop/ui and an Entry in ENTRIES.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QKeyCombination, Qt, QTimer, Slot
from PySide6.QtGui import QCloseEvent, QGuiApplication, QKeyEvent, QKeySequence, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget
from shiboken6 import delete

from desktop import i18n
from desktop import settings as settings_file
from desktop.errors import UserError
from desktop.i18n import N_, _, clock_time
from desktop.keys import Slot as Way
from desktop.operations import access, setup
from desktop.settings import Settings
from desktop.store import Store
from desktop.ui import style
from desktop.ui.background import Background
from desktop.ui.bars import Head, KeyBar, KeySheet, Navigation, StatusLine
from desktop.ui.catalog import CatalogScreen
from desktop.ui.centre import Centre
from desktop.ui.changes import Changes
from desktop.ui.feedback import Feedback
from desktop.ui.first_run import FirstRunScreen
from desktop.ui.hall_news import HallNews
from desktop.ui.health import HealthScreen
from desktop.ui.intake import IntakeScreen
from desktop.ui.join_front import JoinScreen
from desktop.ui.pc_news import PcNews
from desktop.ui.printing import Printing
from desktop.ui.qt_words import QtWords
from desktop.ui.safe_screen import SafeScreen
from desktop.ui.safekeeping import Safekeeping
from desktop.ui.scans import Scans
from desktop.ui.screen import Act, Screen, Surroundings
from desktop.ui.settings_screen import SettingsScreen
from desktop.ui.sign_in import IdleWatch, SignInScreen
from desktop.ui.summary import SummaryScreen
from desktop.ui.system_lock import SystemLock
from desktop.ui.today import TodayScreen
from desktop.ui.upkeep import UpkeepScreen

# For so many seconds a second close goes through although what is typed cannot be kept, and any close while the
# system ends the session.
CLOSE_AGAIN = 30
SESSION_ENDS = 60


@dataclass(frozen=True)
class Entry:
    """A line of the navigation. ``roles`` are those that see it; empty means everybody."""

    label: str  # marked with N_
    icon: str
    screen: type[Screen]
    key: str = ""
    roles: tuple[str, ...] = ()


ENTRIES: tuple[Entry, ...] = (
    Entry(N_("Permohonan baru"), "file-plus", IntakeScreen, "F2"),
    Entry(N_("Hari ini"), "list-checks", TodayScreen, "F4"),
    Entry(N_("Ringkasan harian"), "chart-column", SummaryScreen),
    Entry(N_("Katalog"), "file-check", CatalogScreen, roles=("admin",)),
    Entry(N_("Kelola balai"), "calendar", UpkeepScreen, roles=("admin",)),
    Entry(N_("Pengaturan"), "settings", SettingsScreen),
    Entry(N_("Keadaan PC"), "monitor", HealthScreen, "Shift+F1"),
    Entry(N_("Cadangan dan kunci"), "save", SafeScreen, roles=("admin",)),
)


# What covers everything until somebody has signed in.
Front = SignInScreen | FirstRunScreen | JoinScreen


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
        self.front: Front | None = None
        self._name = ""
        self._sheet: KeySheet | None = None
        self._body: QFrame | None = None
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
        with self.store.reading() as session:
            is_ready, has_officers = setup.is_ready(session), bool(access.officers(session))
        if is_ready and (has_officers or self.centre.address is None):
            self._show_front(SignInScreen)
            self.around.safekeeping.start()
        else:
            # A PC that was cut off while it joined goes on joining.
            self._show_front(JoinScreen if self.centre.address is not None else FirstRunScreen)

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
        front, self.front = self.front, None
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
        self._cover(False)
        self.pc_news.show_count()
        self._tick()
        if self._name not in self._allowed():
            self._name = self._allowed()[0]
        self.show_screen(self._name)
        self.scans.begin()
        self.idle.begin()

    @Slot()
    def lock(self) -> None:
        """Cover everything at once; what was being typed stays where it is, out of sight."""
        if self.around.desk is not None and self.front is None:
            self._show_front(SignInScreen)

    @Slot(str, object)
    def show_screen(self, name: str, thing: Any = None) -> None:
        """Bring up a screen by its name, and hand it what it shall show."""
        if self.front is not None:
            return
        if name not in self._allowed():
            self.feedback.say(
                "warning", _("Bagian ini untuk pengawas atau admin. Minta yang berwenang untuk masuk.")
            )
            return
        self._close_sheet()
        if name not in self._screens:
            self._add_screen(self._entry(name).screen(self.around))
        screen = self._screens[name]
        self._name = name
        self._stack.setCurrentWidget(screen)
        self._navigation.show_chosen(name)
        kept = self._kept.pop(name, None)
        if kept is not None:
            screen.arrive()
            screen.restore(kept)
        if thing is not None:
            screen.show_thing(thing)
        self._show_acts()
        if kept is None or thing is not None:
            screen.arrive()

    def current(self) -> Screen | None:
        """The screen that is up."""
        return self.front or self._screens.get(self._name)

    def is_busy(self) -> bool:
        """Whether a scan has to wait beside what is half done, or beside a question."""
        return self.feedback.is_asking() or any(screen.is_half_done() for screen in self._built())

    def is_locked(self) -> bool:
        """Whether nobody is at the desk."""
        return self.front is not None

    def save_settings(self) -> None:
        """Keep the settings; trouble with the disk is said, and the program goes on with them."""
        try:
            settings_file.save(self.store.folder, self.around.settings)
        except OSError:
            self.feedback.say("bad", _("Pengaturan tidak dapat disimpan. Periksa ruang disk dan izin folder."))

    def wear(self, *, language: str = "", theme: str = "", text_size: int = 0) -> None:
        """Change language, theme or text size now; nothing that is typed is lost.

        The widgets of now are deleted at once: what happens in one of them asks through ``worn`` or an act.
        """
        settings = self.around.settings
        settings.language = language or settings.language  # type: ignore[assignment]
        settings.theme = theme or settings.theme  # type: ignore[assignment]
        settings.text_size = max(style.SMALLEST, min(style.LARGEST, text_size or settings.text_size))
        self.save_settings()
        i18n.use(settings.language)
        self.scans.close_card()
        self._kept |= {name: screen.keep() for name, screen in self._screens.items()}
        front, self.front = self.front, None
        front_kind, front_kept = type(front), front.keep() if front is not None else None
        self._undress(at_once=True)
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        # Only now: a new sheet is worked out for every widget that is still there.
        style.apply(app, settings.theme, settings.text_size)
        self._dress()
        if front_kept is not None:
            self._show_front(front_kind).restore(front_kept)
        elif self._name:
            self.show_screen(self._name)

    # --- building

    def _dress(self) -> None:
        """Make everything around the screens anew, in the language, theme and size of now."""
        settings, desk = self.around.settings, self.around.desk
        self.feedback.setAccessibleName(_("Pesan"))
        self.setWindowTitle(_("Loket") + (f" · {_('LATIHAN')}" if settings.training else ""))
        self._body = QFrame()
        if settings.training:
            self._body.setObjectName("training_frame")
        column = QVBoxLayout(self._body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        middle = QHBoxLayout()
        middle.setSpacing(0)
        self._navigation = Navigation([
            (entry.screen.name, _(entry.label), entry.icon, entry.key)
            for entry in self.entries if entry.screen.name in self._allowed()
        ])
        self._navigation.chosen.connect(self.show_screen)
        middle.addWidget(self._navigation)
        page = QFrame()
        page.setProperty("role", "page")
        inner = QVBoxLayout(page)
        inner.setContentsMargins(0, 0, 0, 0)
        inner.setSpacing(0)
        self._head = Head(training=settings.training)
        self._head.pressed_officer.connect(self.lock)
        self._stack = QStackedWidget()
        inner.addWidget(self._head)
        inner.addWidget(self._stack, 1)
        middle.addWidget(page, 1)
        column.addLayout(middle, 1)
        self._keys = KeyBar()
        self._keys.pressed.connect(self._press)
        column.addWidget(self._keys)
        self.status = StatusLine(self.feedback)
        column.addWidget(self.status)
        self.status.pressed.connect(self.hall_news.open)
        self._layout.addWidget(self._body)
        if desk is not None:
            with self.store.reading() as session:
                place = setup.place(session, desk)
            self._head.show_place(f"{place.counter} · {place.agency}", place.officer)
            self.status.show_cell("desk", "muted", f"{place.counter} · {place.officer}", "user")
        else:
            self._head.show_place("", "")
        self._fold()
        self.pc_news.show_all()
        self._tick()
        self._cover(self.front is not None)

    def _add_screen(self, screen: Screen) -> None:
        self._screens[screen.name] = screen
        screen.acts_changed.connect(self._show_acts)
        screen.go.connect(self.show_screen)
        screen.sought.connect(self.scans.seek)
        if isinstance(screen, SettingsScreen):
            screen.worn.connect(self._worn)
            screen.port_given.connect(self.scans.read_port)
        elif isinstance(screen, SafeScreen):
            screen.rescue.connect(self.rescue)
        elif isinstance(screen, HealthScreen):
            screen.moved.connect(self._moved, Qt.ConnectionType.QueuedConnection)
        self._stack.addWidget(screen)

    def _show_front(self, kind: type[Front]) -> Screen:
        self._close_sheet()
        self.scans.close_card()
        self.feedback.clear()
        if self.front is not None:
            self.front.deleteLater()
        front = kind(self.around)
        if isinstance(front, SignInScreen):
            front.signed_in.connect(self.sign_in)
        else:
            front.ready.connect(self._set_up)
        if isinstance(front, FirstRunScreen):
            front.rescue.connect(self.rescue)
            front.worn.connect(self._worn)
            front.joining.connect(self._join)
        elif isinstance(front, JoinScreen):
            front.left.connect(self._leave_joining)
        front.acts_changed.connect(self._show_acts)
        self.front = front
        self._stack.addWidget(front)
        self._stack.setCurrentWidget(front)
        self._cover(True)
        self._show_acts()
        front.arrive()
        return front

    def _fold(self) -> None:
        self._navigation.fold(self.width() < 114 * self.around.settings.text_size)

    def _cover(self, covered: bool) -> None:
        # Nothing of the desk is seen while nobody is signed in, not even how many came today.
        self._navigation.setVisible(not covered)
        self._head.setVisible(not covered or self.around.settings.training)
        self.status.cover(covered)

    def _undress(self, *, at_once: bool = False) -> None:
        self.feedback.setParent(self)
        self._close_sheet()
        self._screens = {}
        body, self._body = self._body, None
        if body is None:
            return
        if at_once:
            # What leaves the focus while it is being deleted would still be told of it.
            focus = self.focusWidget()
            if focus is not None:
                focus.clearFocus()
            delete(body)
        else:
            body.hide()
            body.deleteLater()

    def _built(self) -> list[Screen]:
        """Every screen with something in it, also those that only wait to be built anew."""
        for name in [name for name in self._kept if name not in self._screens]:
            self._add_screen(self._entry(name).screen(self.around))
            self._screens[name].restore(self._kept.pop(name))
        return list(self._screens.values())

    def _entry(self, name: str) -> Entry:
        return next(entry for entry in self.entries if entry.screen.name == name)

    def _allowed(self) -> list[str]:
        return [entry.screen.name for entry in self.entries if not entry.roles or self.role in entry.roles]

    # --- keys

    def _window_acts(self) -> list[Act]:
        acts = [Act("F1", _("Bantuan"), self._toggle_sheet)]
        if self.front is None and self.around.desk is not None:
            acts.append(Act("Ctrl+L", _("Kunci / ganti petugas"), self.lock))
        return acts

    def _quiet_acts(self) -> list[Act]:
        size = self.around.settings.text_size
        acts = [
            Act("F11", _("Layar penuh"), self._toggle_full_screen),
            Act("Ctrl++", _("Huruf lebih besar"), lambda: self._worn({"text_size": size + 1}), size < style.LARGEST),
            Act("Ctrl+-", _("Huruf lebih kecil"), lambda: self._worn({"text_size": size - 1}), size > style.SMALLEST),
        ]
        if self.front is None:
            acts += [
                Act(entry.key, _(entry.label), lambda name=entry.screen.name: self.show_screen(name))  # type: ignore[misc]
                for entry in self.entries if entry.key and entry.screen.name in self._allowed()
            ]
            if TodayScreen.name in self._allowed():
                acts.append(Act("F3", _("Cari"), self._search))
        return acts

    def _search(self) -> None:
        self.show_screen(TodayScreen.name)
        screen = self.current()
        if screen is not None:
            screen.do("F3")

    @Slot()
    def _show_acts(self) -> None:
        screen = self.current()
        if screen is not None:
            self._head.title.setText(screen.heading())
            self._keys.show_acts(screen.acts(), self._window_acts())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = key_name(event)
        if not key or not self._key(key, repeated=event.isAutoRepeat()):
            event.ignore()

    def _key(self, key: str, *, repeated: bool = False) -> bool:
        screen = self.current()
        if key == "Esc":
            return self._step_back()
        acts = [*(screen.acts() if screen is not None else []), *self._window_acts(), *self._quiet_acts()]
        act = next((act for act in acts if act.key == key), None)
        if act is None:
            return False
        # A key held down is one act, not twenty.
        if act.enabled and not repeated:
            self._press(act)
        return True

    @Slot(object)
    def _press(self, act: Act) -> None:
        if act.key != "F1":
            self._close_sheet()
        if self.feedback.is_asking():
            self.feedback.cancel()
        act.slot()

    def _step_back(self) -> bool:
        screen = self.current()
        if self._sheet is not None:
            self._close_sheet()
        elif self.feedback.is_asking():
            self.feedback.cancel()
        elif screen is not None and screen.do("Esc"):
            pass
        elif screen is None or not screen.step_back():
            self.feedback.clear()
        return True

    def _toggle_sheet(self) -> None:
        if self._sheet is not None:
            self._close_sheet()
            return
        screen = self.current()
        if screen is None:
            return
        # Where two acts have the same key, the first is the one the key does.
        acts: dict[str, Act] = {}
        for act in [*screen.acts(), *self._window_acts(), *self._quiet_acts()]:
            if act.key:
                acts.setdefault(act.key, act)
        self._sheet = KeySheet(self, _("Tombol di layar ini"), screen.help(), list(acts.values()))
        self._sheet.pressed.connect(self._press)
        self._place_sheet()
        self._sheet.show()
        self._sheet.raise_()

    def _place_sheet(self) -> None:
        if self._sheet is not None:
            size = self._sheet.sizeHint()
            self._sheet.setGeometry(
                max(0, (self.width() - size.width()) // 2), max(0, (self.height() - size.height()) // 2),
                min(size.width(), self.width()), min(size.height(), self.height()),
            )

    def _close_sheet(self) -> None:
        if self._sheet is not None:
            self._sheet.hide()
            self._sheet.deleteLater()
            self._sheet = None

    def _toggle_full_screen(self) -> None:
        self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen)

    # --- news

    @Slot(object)
    def _heard(self, tables: frozenset[str]) -> None:
        for screen in list(self._screens.values()):
            screen.heard(tables)
        self.pc_news.heard(tables)

    @Slot(object)
    def _worn(self, change: dict[str, Any]) -> None:
        # The screen that asked is built anew: let its own slot return first.
        QTimer.singleShot(0, self, lambda: self.wear(**change))

    @Slot()
    def _set_up(self) -> None:
        # What was chosen in the wizard (training) also changes what is around the screens.
        self.front = None
        self._undress()
        self._dress()
        self.start()

    @Slot()
    def _join(self) -> None:
        self._show_front(JoinScreen)

    @Slot()
    def _leave_joining(self) -> None:
        self._show_front(FirstRunScreen)

    @Slot()
    def _moved(self) -> None:
        """This PC has become another counter: the officer at the desk goes on there."""
        desk = self.around.desk
        if desk is None:
            return
        self.sign_in(desk.officer_id)
        here = self._head.place.whole
        self.feedback.say("good", _("PC ini sekarang {place}. Berkas dan PIN tetap ada.").format(place=here), 20)

    @Slot()
    def _tick(self) -> None:
        self.status.show_cell("network", *self.hall_news.network())
        desk = self.around.desk
        if desk is not None and self.front is None:
            self.status.show_cell("clock", *self.hall_news.clock(clock_time(desk.local(self.store.clock()))))

    # --- Qt

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.idle.watch(self.windowHandle())
        self.scans.watch(self.windowHandle())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_sheet()
        self.scans.place()
        self._fold()

    def closeEvent(self, event: QCloseEvent) -> None:
        problem = self._put_aside()
        if problem is None or self._monotonic() < self._closes_anyway_until:
            self.scans.close_port()
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


def key_name(event: QKeyEvent) -> str:
    """ "F9", "Ctrl+P", "Enter": a key as acts name it. Ctrl+Enter is F9; plus is plus on every layout."""
    key, modifiers = Qt.Key(event.key()), event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    control = Qt.KeyboardModifier.ControlModifier
    if key in (Qt.Key.Key_Shift, Qt.Key.Key_Control, Qt.Key.Key_Alt, Qt.Key.Key_Meta, Qt.Key.Key_AltGr):
        return ""
    if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and modifiers & control:
        return "F9"
    if key == Qt.Key.Key_Return:
        key = Qt.Key.Key_Enter
    if modifiers & control and key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
        return "Ctrl++"
    if modifiers & control and key in (Qt.Key.Key_Minus, Qt.Key.Key_Underscore):
        return "Ctrl+-"
    return QKeySequence(QKeyCombination(modifiers, key)).toString(QKeySequence.SequenceFormat.PortableText)
