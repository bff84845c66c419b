"""What every screen is: a title, the keys that are valid now, the tables it shows, and nothing global.

To add a screen: a file with a Screen in desktop/ui and an Entry in entries.ENTRIES.
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, ClassVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton, QScrollArea, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.operations.access import Unkept
from desktop.operations.desk import Desk
from desktop.settings import Settings
from desktop.store import Store
from desktop.ui import style
from desktop.ui.background import Background
from desktop.ui.centre import Centre
from desktop.ui.clipping import Clipping
from desktop.ui.feedback import Feedback
from desktop.ui.inputs import Field
from desktop.ui.printing import Printing
from desktop.ui.safekeeping import Safekeeping


@dataclass
class Surroundings:
    """Everything a screen may reach. ``desk`` is None before anybody has signed in; ``unkept`` are tries of PINs that a
    full disk could not keep."""

    store: Store
    settings: Settings
    desk: Desk | None
    feedback: Feedback
    background: Background
    printing: Printing
    centre: Centre
    safekeeping: Safekeeping
    unkept: Unkept = dataclasses.field(default_factory=dict)
    clipping: Clipping = dataclasses.field(default_factory=Clipping)


@dataclass(frozen=True)
class Act:
    """Something that can be done now: its key ("F9", "Ctrl+P", "Esc", "" for none), its words, and what it does.

    Every act stands in the bar at the bottom as a button; ``kind`` ("primary", "good", "warning") marks the one that
    matters, ``in_bar=False`` keeps a key out of the bar (it is still shown by F1).
    """

    key: str
    label: str
    slot: Callable[[], None]
    enabled: bool = True
    kind: str = ""
    icon: str = ""
    in_bar: bool = True


class Screen(QWidget):
    """Base of all screens. A subclass says ``name``, ``title``, ``tables`` and fills itself in ``build``.

    Language and theme change by building the screen anew: ``keep`` gives what was typed, ``restore`` shows it again.
    """

    name: ClassVar[str] = ""
    title: ClassVar[str] = ""  # marked with N_
    tables: ClassVar[frozenset[str]] = frozenset()

    acts_changed = Signal()
    go = Signal(str, object)  # another screen by its name, and what it shall show
    sought = Signal(str)  # a file number that is not here: the centre may have it
    worn = Signal(object)  # language, theme or text size shall change
    port_given = Signal()  # the scanner's port was chosen anew
    moved = Signal()  # this PC has become another counter
    rescue = Signal()  # the program shall close for the way back

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self.around = around
        self.setObjectName(f"screen_{self.name}")
        self._is_stale = False
        self._follow: list[tuple[str, QPushButton]] = []
        self.build()
        # Only now: `acts` may ask for anything that `build` makes.
        self.acts_changed.connect(self._refresh_buttons)
        around.feedback.asked.connect(self._catch_up, Qt.ConnectionType.QueuedConnection)
        self._refresh_buttons()
        give_mnemonics(self)

    # --- what a subclass says

    def build(self) -> None:
        """Make the widgets, once, in the language spoken now."""

    def acts(self) -> list[Act]:
        """What can be done now, most important first; emit ``acts_changed`` when the answer changes."""
        return []

    def heading(self) -> str:
        """The title at the top of the window."""
        return _(self.title)

    def help(self) -> list[str]:
        """Sentences for F1, above the list of keys."""
        return []

    def follow(self) -> None:
        """A second went by: tell anew what counts time. Nothing is read for it."""

    def refresh(self) -> None:
        """Read anew what is shown; never touches an open form."""

    def show_thing(self, thing: Any) -> None:
        """Show what another screen sent along with ``go``."""

    def arrive(self) -> None:
        """The screen was just brought up: put the focus where typing begins."""

    def step_back(self) -> bool:
        """Esc: one step back without losing data; False where there was no step to take."""
        return False

    def is_half_done(self) -> bool:
        """Whether something stands here that a scan must not push aside without being told to."""
        return False

    def leave(self) -> None:
        """The desk goes to another officer, or the program closes: put aside what is half done."""

    def keep(self) -> Any:
        """What must survive being built anew: what is typed in the fields, and where the cursor is."""
        focus = QApplication.focusWidget()
        return {
            "fields": {field.objectName(): (field.kept(), field.state, field.sentence()) for field in self._fields()},
            "focus": focus.objectName() if focus is not None and self.isAncestorOf(focus) else "",
        }

    def restore(self, kept: Any) -> None:
        """Show again what ``keep`` gave."""
        for field in self._fields():
            if field.objectName() in kept["fields"]:
                value, _state, _sentence = kept["fields"][field.objectName()]
                field.restore(value)
        if kept["focus"]:
            widget = self.findChild(QWidget, kept["focus"])
            if widget is not None:
                widget.setFocus(Qt.FocusReason.ActiveWindowFocusReason)

    # --- what a subclass uses

    def saving(self) -> AbstractContextManager[Any]:
        """A session that keeps what is done in it, signed by the officer at this desk."""
        return self.around.store.saving(self.around.desk.officer_id if self.around.desk else None)

    def reading(self) -> AbstractContextManager[Any]:
        """A session that only looks."""
        return self.around.store.reading()

    def say(self, kind: str, text: str, seconds: float = 8) -> None:
        """One sentence in the line at the bottom."""
        self.around.feedback.say(kind, text, seconds)

    def act_button(self, key: str) -> QPushButton:
        """A button for the act of that key, made in ``build``; it follows the act's words, kind and validity."""
        made = style.button("")
        made.clicked.connect(lambda _checked=False: self.do(key))
        self._follow.append((key, made))
        return made

    def act(self, key: str) -> Act | None:
        """The act of that key, if there is one now."""
        return next((act for act in self.acts() if act.key == key), None)

    def do(self, key: str) -> bool:
        """Do the act of that key if it is valid now."""
        act = self.act(key)
        if act is None or not act.enabled:
            return False
        act.slot()
        return True

    # --- news

    def heard(self, tables: Iterable[str]) -> None:
        """These tables changed: refresh if the screen is seen and no question stands, else remember to.

        What a question is about must not become something else under the digit that answers it.
        """
        if not self.tables.isdisjoint(tables):
            self._is_stale = True
            self._catch_up()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._catch_up()

    @Slot()
    def _catch_up(self) -> None:
        if self._is_stale and self.isVisible() and not self.around.feedback.is_asking():
            self._is_stale = False
            self.refresh()

    def _fields(self) -> list[Field]:
        return list(self.findChildren(Field))

    def _refresh_buttons(self) -> None:
        if not self._follow:
            return
        acts = {act.key: act for act in self.acts()}
        for key, made in self._follow:
            act = acts.get(key)
            made.setVisible(act is not None)
            if act is not None:
                words = f"{act.label}  ({act.key})" if act.key else act.label
                made.setText(style.literal(words))
                made.setAccessibleName(act.label)
                made.setEnabled(act.enabled)
                style.set_role(made, "role", act.kind)
                if act.icon:
                    ink = style.button_ink(act.kind) if act.enabled else "muted"
                    style.set_icon(made, act.icon, ink)


def scrolled(screen: QWidget) -> QWidget:
    """A page inside ``screen`` that scrolls where the window is too small for it; lay things out on what comes back."""
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    page = QWidget()
    page.setObjectName("scrolled")
    area.setWidget(page)
    column = QVBoxLayout(screen)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(area)
    return page


def give_mnemonics(root: QWidget) -> None:
    """Give every titled field and plain button under ``root`` an Alt letter of its own.

    Made here and not written into the texts, so that no translation can give the same letter twice.
    """
    taken: set[str] = set()
    spoken: list[QLabel | QAbstractButton] = [label for label in root.findChildren(QLabel) if label.buddy() is not None]
    spoken += [
        button for button in root.findChildren(QPushButton)
        if button.property("role") in ("", "primary", "good", "warning") and button.text() and not button.menu()
    ]
    for part in spoken:
        plain = part.text().replace("&&", "\0").replace("&", "").replace("\0", "&")
        place = _free_letter(plain, taken)
        if place is None:
            part.setText(style.literal(plain))
        else:
            taken.add(_letter(plain[place]))
            part.setText(f"{style.literal(plain[:place])}&{style.literal(plain[place:])}")


def mnemonic_of(text: str) -> str:
    """The Alt letter in a text with one, else an empty string."""
    rest = text.replace("&&", "")
    at = rest.find("&")
    return _letter(rest[at + 1]) if 0 <= at < len(rest) - 1 else ""


def press_mnemonic(root: QWidget, key: int) -> bool:
    """Do what Alt and this key do under ``root``; False where nothing seen has that letter."""
    if not 0 < key < 0x110000:
        return False
    letter = _letter(chr(key))
    for label in root.findChildren(QLabel):
        buddy = label.buddy()
        if buddy is not None and label.isVisible() and buddy.isEnabled() and mnemonic_of(label.text()) == letter:
            buddy.setFocus(Qt.FocusReason.ShortcutFocusReason)
            return True
    for button in root.findChildren(QPushButton):
        if button.isVisible() and button.isEnabled() and mnemonic_of(button.text()) == letter:
            button.click()
            return True
    return False


def _free_letter(text: str, taken: set[str]) -> int | None:
    starts = [i for i, c in enumerate(text) if c.isalpha() and (i == 0 or not text[i - 1].isalnum())]
    others = [i for i, c in enumerate(text) if c.isalpha() and i not in starts]
    return next((i for i in starts + others if _letter(text[i]) not in taken and text[i].isascii()), None)


def _letter(character: str) -> str:
    return unicodedata.normalize("NFKD", character)[0].casefold()
