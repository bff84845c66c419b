"""What is half typed: kept at every pause, parked on demand, and found again after a power cut."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.errors import UserError
from desktop.operations import drafts
from desktop.operations.desk import Desk
from desktop.store import Store
from desktop.ui.intake_draft import Desktop, unpacked

# A pause of so long keeps the draft (milliseconds).
PAUSE = 500


class SetAside(QObject):
    """The drafts of one screen. ``desktop`` gives what stands there, or None where nothing could be lost.

    Whatever takes something off the desk raises UserError where it could not be kept; only ``keep``, which nobody asked
    for, tells it instead.
    """

    def __init__(self, owner: QObject, store: Store, desk: Desk, desktop: Callable[[], Desktop | None],
                 tell: Callable[[UserError], None]) -> None:  # fmt: skip
        super().__init__(owner)
        self._store, self._desk, self._desktop, self._tell = store, desk, desktop, tell
        self.draft_id: str | None = None
        self.is_dirty = False
        self._was_refused = False
        self._pause = QTimer(self)
        self._pause.setSingleShot(True)
        self._pause.setInterval(PAUSE)
        self._pause.timeout.connect(self.keep)

    def touched(self) -> None:
        """Something was typed: keep it when the hands rest."""
        self.is_dirty = True
        self._pause.start()

    def begin(self, draft_id: str | None = None) -> None:
        """Another desktop stands on the desk now, which is this draft or none yet."""
        self._pause.stop()
        self.is_dirty = self._was_refused = False
        self.draft_id = draft_id

    @Slot()
    def keep(self) -> None:
        """Durable now; an empty desk leaves no draft. What the disk refuses is tried again at the next occasion."""
        self._pause.stop()
        try:
            if (desktop := self._desktop()) is None:
                self.drop()
            else:
                self._keep(desktop, is_parked=False)
        except UserError as problem:
            if not self._was_refused:  # said once, not at every field
                self._tell(problem)
            self._was_refused = self.is_dirty = True
        else:
            self._was_refused = False

    def park(self) -> Desktop | None:
        """Put aside what stands there; gives it back, or None where there was nothing."""
        self._pause.stop()
        desktop = self._desktop()
        if desktop is not None:
            self._keep(desktop, is_parked=True)
        else:
            with contextlib.suppress(UserError):  # an emptied draft that stays in the file is no loss
                self.drop()
        return desktop

    def park_also(self, session: Any, desktop: Desktop) -> None:
        """Put aside something that is not on the desk, in the same save as what took it away."""
        self._put(session, desktop, None, is_parked=True)

    def drop(self) -> None:
        """What stands there need not be kept any more."""
        if self.draft_id is not None:
            self.forget(self.draft_id)
        self.begin()

    def forget(self, draft_id: str) -> None:
        """Remove a draft."""
        with self._store.saving(self._desk.officer_id) as session:
            drafts.drop(session, draft_id)

    def parked(self) -> list[tuple[str, Desktop]]:
        """The parked ones, newest first."""
        return self._read(is_parked=True)

    def open(self, draft_id: str) -> Desktop | None:
        """A draft as it goes on from now; None if it is gone."""
        found = dict(self._read(is_parked=None)).get(draft_id)
        return found.woken(self._store.clock()) if found is not None else None

    def left_behind(self) -> list[tuple[str, Desktop]]:
        """What another run of the program, which ended badly, had on its desk."""
        here = self._store.start_id
        return [(id_, desktop) for id_, desktop in self._read(is_parked=False) if desktop.start_id != here]

    def park_left(self, draft_id: str, desktop: Desktop) -> None:
        """A draft that was left behind and finds no place on the desk."""
        self._write(desktop, draft_id, is_parked=True)

    def _keep(self, desktop: Desktop, *, is_parked: bool) -> None:
        self.draft_id = self._write(desktop, self.draft_id, is_parked=is_parked)
        self.is_dirty = False

    def _write(self, desktop: Desktop, draft_id: str | None, *, is_parked: bool) -> str:
        with self._store.saving(self._desk.officer_id) as session:
            return self._put(session, desktop, draft_id, is_parked=is_parked)

    def _put(self, session: Any, desktop: Desktop, draft_id: str | None, *, is_parked: bool) -> str:
        content = replace(desktop, parked_at=self._store.clock() if is_parked else None).packed()
        return drafts.keep(session, self._desk.officer_id, content, draft_id=draft_id, is_parked=is_parked)

    def _read(self, *, is_parked: bool | None) -> list[tuple[str, Desktop]]:
        with self._store.reading() as session:
            kept = [(draft.id, unpacked(draft.content)) for draft in drafts.drafts(session, is_parked=is_parked)]
        return [(id_, desktop) for id_, desktop in kept if desktop is not None]
