"""The tree of the catalogue: agency, service, version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent
from PySide6.QtWidgets import QTreeWidget, QTreeWidgetItem

from desktop.i18n import _
from desktop.operations.standards import Branch, Version
from desktop.ui import style
from desktop.ui.keypad import is_enter, keypad_digit

KEY = Qt.ItemDataRole.UserRole


@dataclass(frozen=True)
class Place:
    """Where the cursor is: an agency, one of its services, or one version of that."""

    agency_id: str
    service_id: str = ""
    version_id: str = ""


class CatalogTree(QTreeWidget):
    """Arrows walk and open it; ``came_to`` tells where the cursor is, ``opened`` that Enter was pressed there."""

    came_to = Signal(object)
    opened = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("catalog_tree")
        self.setAccessibleName(_("Instansi, layanan, dan versinya"))
        self.setHeaderHidden(True)
        self.setEditTriggers(QTreeWidget.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformRowHeights(True)
        self.setIndentation(style.em(16))
        self.currentItemChanged.connect(self._moved)

    def show_agencies(self, agencies: Sequence[tuple[str, str, Sequence[Branch]]]) -> None:
        """Show these (id, name, services); what was open and chosen stays so."""
        here = self.place()
        unfolded = {item.data(0, KEY).agency_id for item in self._top() if item.isExpanded()}
        self.blockSignals(True)
        self.clear()
        for agency_id, name, services in agencies:
            item = self._item(None, name, Place(agency_id))
            for one in services:
                text = one.name if one.is_open else _("{name} (ditutup)").format(name=one.name)
                child = self._item(item, text, Place(agency_id, one.service_id))
                if one.is_sample or not one.is_open:
                    child.setForeground(0, QColor(style.colours().muted))
            item.setExpanded(agency_id in unfolded)
        self.blockSignals(False)
        if here is not None:
            self.go_to(here)
        if here is not None and here.version_id:
            self.go_to(here)  # the versions hang under their service only now that the cursor is there

    def show_versions(self, place: Place, versions: Sequence[tuple[Version, str]]) -> None:
        """Hang these versions (with their words) under the service of that place."""
        item = self._find(Place(place.agency_id, place.service_id))
        if item is None or [item.child(n).data(0, KEY).version_id for n in range(item.childCount())] == [
            version.id for version, _words in versions
        ]:
            return
        self.blockSignals(True)
        item.takeChildren()
        for version, words in versions:
            self._item(item, words, Place(place.agency_id, place.service_id, version.id))
        self.blockSignals(False)

    def place(self) -> Place | None:
        """Where the cursor is."""
        item = self.currentItem()
        place: Place | None = item.data(0, KEY) if item is not None else None
        return place

    def go_to(self, place: Place) -> bool:
        """Bring the cursor there, or to the service where that version is not shown."""
        item = self._find(place) or self._find(Place(place.agency_id, place.service_id))
        if item is None:
            return False
        self.setCurrentItem(item)
        return True

    def _item(self, parent: QTreeWidgetItem | None, text: str, place: Place) -> QTreeWidgetItem:
        item = QTreeWidgetItem([text])
        item.setData(0, KEY, place)
        item.setToolTip(0, text)
        if parent is None:
            self.addTopLevelItem(item)
        else:
            parent.addChild(item)
        return item

    def _top(self) -> list[QTreeWidgetItem]:
        return [self.topLevelItem(place) for place in range(self.topLevelItemCount())]

    def _find(self, place: Place) -> QTreeWidgetItem | None:
        items = self._top()
        while items:
            item = items.pop()
            if item.data(0, KEY) == place:
                return item
            items += [item.child(n) for n in range(item.childCount())]
        return None

    def _moved(self, item: QTreeWidgetItem | None, _before: QTreeWidgetItem | None) -> None:
        if item is not None:
            self.came_to.emit(item.data(0, KEY))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if is_enter(event):
            if not event.isAutoRepeat():
                self.opened.emit()
        elif keypad_digit(event) or event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_F2):
            event.ignore()
        else:
            super().keyPressEvent(event)
