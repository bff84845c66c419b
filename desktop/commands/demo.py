"""A throw-away training hall: 45 days of invented people, LATIHAN on frame and paper, gone when the window closes."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from desktop import sample, settings
from desktop.i18n import _
from desktop.settings import Settings
from desktop.store import Store, utc_now
from desktop.ui import program

DAYS = 45


def run() -> int:
    """Show the training hall until its window is closed; nothing outside its own folder is touched."""
    app = program.application()
    with (
        program.ended_from_outside(app),
        tempfile.TemporaryDirectory(prefix="loket-latihan-", ignore_cleanup_errors=True) as name,
    ):
        folder = Path(name)
        print(_("Menyiapkan loket latihan, beberapa detik …"), flush=True)
        officer_id = prepare(folder, DAYS)
        hall = program.assemble(folder)
        hall.window.feedback.catch_everything()
        hall.window.sign_in(officer_id)
        hall.window.show()
        code = app.exec()
        hall.close()
    return code


def prepare(folder: Path, days: int, *, told: Settings | None = None, clock: Callable[[], datetime] = utc_now) -> str:
    """Fill ``folder`` with a training hall of so many days; returns the officer who sits there."""
    folder.mkdir(parents=True, exist_ok=True)
    settings.save(folder, (told or Settings()).model_copy(update={"training": True}))
    store = Store.open(folder, clock=clock)
    try:
        officer_id, desk = sample.make_hall(store)
        sample.fill(store, desk, days=days)
    finally:
        store.close()
    return officer_id
