"""What is half typed: kept at every pause, parked on demand, and found again after a power cut."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Slot

from desktop.errors import UserError
from desktop.operations import drafts
from desktop.operations.desk import Desk
from desktop.store import Store
from desktop.ui.intake_draft import Desktop, unpacked

# A pause of so long keeps the draft (milliseconds).
PAUSE = 500


class SetAside(QObject):
    """The drafts of one screen. ``desktop`` gives what stands there, or None where nothing could be lost."""

    def __init__(self, owner: QObject, store: Store, desk: Desk, desktop: Callable[[], Desktop | None],
                 tell: Callable[[UserError], None]) -> None:  # fmt: skip
        super().__init__(owner)
        self._store, self._desk, self._desktop, self._tell = store, desk, desktop, tell
        self.draft_id: str | None = None
        self.is_dirty = False
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
        self.is_dirty = False
        self.draft_id = draft_id

    @Slot()
    def keep(self) -> None:
        """Durable now; an empty desk leaves no draft."""
        self._keep(is_parked=False)

    def park(self) -> Desktop | None:
        """Put aside what stands there; gives it back, or None where there was nothing."""
        return self._keep(is_parked=True)

    def park_also(self, desktop: Desktop) -> None:
        """Put aside something that is not on the desk."""
        self._write(desktop, None, is_parked=True)

    def drop(self) -> None:
        """What stands there need not be kept any more."""
        self.is_dirty = False
        if self.draft_id is not None:
            draft_id, self.draft_id = self.draft_id, None
            self.forget(draft_id)

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

    def _keep(self, *, is_parked: bool) -> Desktop | None:
        self._pause.stop()
        self.is_dirty = False
        desktop = self._desktop()
        if desktop is None:
            self.drop()
            return None
        self._write(desktop, self.draft_id, is_parked=is_parked, is_here=True)
        return desktop

    def _write(self, desktop: Desktop, draft_id: str | None, *, is_parked: bool, is_here: bool = False) -> None:
        content = replace(desktop, parked_at=self._store.clock() if is_parked else None).packed()
        try:
            with self._store.saving(self._desk.officer_id) as session:
                kept = drafts.keep(session, self._desk.officer_id, content, draft_id=draft_id, is_parked=is_parked)
        except UserError as problem:
            self._tell(problem)
        else:
            self.draft_id = kept if is_here else self.draft_id

    def _read(self, *, is_parked: bool | None) -> list[tuple[str, Desktop]]:
        with self._store.reading() as session:
            kept = [(draft.id, unpacked(draft.content)) for draft in drafts.drafts(session, is_parked=is_parked)]
        return [(id_, desktop) for id_, desktop in kept if desktop is not None]
