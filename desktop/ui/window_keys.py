"""What a key does now, whichever screen is up, and the sheet of F1 that shows every one of them."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QKeyCombination, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence

from desktop.i18n import _
from desktop.ui import style
from desktop.ui.bars import KeySheet
from desktop.ui.screen import Act
from desktop.ui.today import TodayScreen

if TYPE_CHECKING:
    from desktop.ui.main_window import MainWindow


class WindowKeys(QObject):
    """The acts of the screen that is up come first, then those of the window; Esc goes one step back."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self.sheet: KeySheet | None = None

    @Slot()
    def show_acts(self) -> None:
        """The title of the screen, and its keys as buttons at the bottom."""
        screen = self._window.current()
        if screen is not None:
            self._window.frame.head.title.setText(screen.heading())
            self._window.frame.keys.show_acts(screen.acts(), self._acts())

    def take(self, event: QKeyEvent) -> bool:
        """Do what this key does now; False where it does nothing."""
        key = key_name(event)
        if not key:
            return False
        if key == "Esc":
            self._step_back()
            return True
        screen = self._window.current()
        acts = [*(screen.acts() if screen is not None else []), *self._acts(), *self._quiet_acts()]
        act = next((act for act in acts if act.key == key), None)
        if act is None:
            return False
        # A key held down is one act, not twenty.
        if act.enabled and not event.isAutoRepeat():
            self.press(act)
        return True

    @Slot(object)
    def press(self, act: Act) -> None:
        """Do an act, by its key or by its button."""
        if act.key != "F1":
            self.close_sheet()
        if self._window.feedback.is_asking():
            self._window.feedback.cancel()
        act.slot()

    # --- the window's own

    def _acts(self) -> list[Act]:
        acts = [Act("F1", _("Bantuan"), self._toggle_sheet)]
        if not self._window.is_locked() and self._window.around.desk is not None:
            acts.append(Act("Ctrl+L", _("Kunci / ganti petugas"), self._window.lock))
        return acts

    def _quiet_acts(self) -> list[Act]:
        window, size = self._window, self._window.around.settings.text_size
        is_smaller, is_larger = size > style.SMALLEST, size < style.LARGEST
        acts = [
            Act("F11", _("Layar penuh"), self._toggle_full_screen),
            Act("Ctrl++", _("Huruf lebih besar"), lambda: window.wear_soon({"text_size": size + 1}), is_larger),
            Act("Ctrl+-", _("Huruf lebih kecil"), lambda: window.wear_soon({"text_size": size - 1}), is_smaller),
        ]
        if not window.is_locked():
            acts += [
                Act(entry.key, _(entry.label), partial(window.show_screen, entry.screen.name))
                for entry in window.allowed() if entry.key
            ]
            if TodayScreen.name in [entry.screen.name for entry in window.allowed()]:
                acts.append(Act("F3", _("Cari"), self._search))
        return acts

    def _search(self) -> None:
        self._window.show_screen(TodayScreen.name)
        screen = self._window.current()
        if screen is not None:
            screen.do("F3")

    def _toggle_full_screen(self) -> None:
        self._window.setWindowState(self._window.windowState() ^ Qt.WindowState.WindowFullScreen)

    def _step_back(self) -> None:
        screen = self._window.current()
        if self.sheet is not None:
            self.close_sheet()
        elif self._window.feedback.is_asking():
            self._window.feedback.cancel()
        elif screen is not None and screen.do("Esc"):
            pass
        elif screen is None or not screen.step_back():
            self._window.feedback.clear()

    # --- the sheet

    def _toggle_sheet(self) -> None:
        if self.sheet is not None:
            self.close_sheet()
            return
        screen = self._window.current()
        if screen is None:
            return
        # Where two acts have the same key, the first is the one the key does.
        acts: dict[str, Act] = {}
        for act in [*screen.acts(), *self._acts(), *self._quiet_acts()]:
            if act.key:
                acts.setdefault(act.key, act)
        self.sheet = KeySheet(self._window, _("Tombol di layar ini"), screen.help(), list(acts.values()))
        self.sheet.pressed.connect(self.press)
        self.place_sheet()
        self.sheet.show()
        self.sheet.raise_()

    def place_sheet(self) -> None:
        """The sheet in the middle of the window, which may have another size now."""
        if self.sheet is not None:
            size, window = self.sheet.sizeHint(), self._window
            self.sheet.setGeometry(
                max(0, (window.width() - size.width()) // 2), max(0, (window.height() - size.height()) // 2),
                min(size.width(), window.width()), min(size.height(), window.height()),
            )

    def close_sheet(self) -> None:
        """Put the sheet away, if it is up."""
        if self.sheet is not None:
            self.sheet.hide()
            self.sheet.deleteLater()
            self.sheet = None


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
