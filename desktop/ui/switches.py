"""The small window beside a training hall: each counter's network, cut and healed by its digit or a click."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from desktop.i18n import _
from desktop.ui import style


class Cuttable(Protocol):
    """A network that can be cut."""

    is_cut: bool

    def cut(self) -> None:
        """Nothing passes any more."""

    def heal(self) -> None:
        """It passes again."""


class Switches(QWidget):
    """Stays above the counters' windows; closing it ends the demo."""

    def __init__(self, wires: Mapping[str, Cuttable], words: str) -> None:
        super().__init__()
        self.setWindowTitle(_("Loket latihan: jaringan"))
        self.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
        self._wires = dict(wires)
        self.buttons: dict[str, QPushButton] = {}
        column = QVBoxLayout(self)
        column.setContentsMargins(style.px(16), style.px(14), style.px(16), style.px(16))
        column.setSpacing(style.px(8))
        column.addWidget(style.label(_("Jaringan tiap loket"), "heading"))
        for name in self._wires:
            made = style.button("")
            made.clicked.connect(lambda _checked=False, name=name: self.turn(name))
            self.buttons[name] = made
            column.addWidget(made)
        hint = style.label(_("Angka memutus dan menyambung. Menutup jendela ini mengakhiri latihan."), "small")
        hint.setWordWrap(True)
        column.addWidget(hint)
        column.addWidget(style.label(words, "strong"))
        for name in self._wires:
            self._show(name)

    def turn(self, name: str) -> None:
        """Cut this counter off, or let it back."""
        wire = self._wires[name]
        if wire.is_cut:
            wire.heal()
        else:
            wire.cut()
        self._show(name)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        names = list(self._wires)
        place = event.key() - Qt.Key.Key_1
        if 0 <= place < len(names):
            self.turn(names[place])
        else:
            super().keyPressEvent(event)

    def _show(self, name: str) -> None:
        is_cut, place = self._wires[name].is_cut, list(self._wires).index(name) + 1
        words = _("{counter}: TERPUTUS, sambungkan") if is_cut else _("{counter}: tersambung, putuskan")
        said = words.format(counter=name)
        made = self.buttons[name]
        made.setText(style.literal(f"{place}  {said}"))
        made.setAccessibleName(said)
        style.set_icon(made, "circle-minus" if is_cut else "circle-check", "warning" if is_cut else "good")
