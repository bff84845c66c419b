"""A real window on a new hall, for what is measured by its keys."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desktop import i18n
from desktop.operations import setup
from desktop.settings import Printer, Settings
from desktop.store import Store
from desktop.ui import program, style
from desktop.ui.background import AtOnce, Background, Worker
from desktop.ui.main_window import MainWindow
from desktop.ui.printing import Printing
from tests.conftest import Clock


@contextmanager
def shown() -> Iterator[MainWindow]:
    """The intake screen of a first officer; papers are made at once."""
    with tempfile.TemporaryDirectory(prefix="loket-window-") as name:
        store = Store.open(Path(name) / "counter", clock=Clock())
        with store.saving(None) as session:
            plan = setup.FirstRun(counter_name="Loket 07", officer_name="Siti Rahmawati", pin="482915")
            _counter_id, officer_id = setup.first_run(session, plan, setup.shipped_catalogue())
        with shown_on(store, officer_id) as window:
            yield window
        store.close()


@contextmanager
def shown_on(store: Store, officer_id: str, *, in_background: bool = False) -> Iterator[MainWindow]:
    """The intake screen on this file; papers are made at once, or beside the keys as in the real program."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    app = program.application()
    i18n.use("id")
    style.apply(app, "light", 11)
    with tempfile.TemporaryDirectory(prefix="loket-papers-") as name:
        told = Settings(printer=Printer(folder=name))
        background: Background = Worker() if in_background else AtOnce()
        printing = Printing(store, told, background, Worker("printers") if in_background else None)
        window = MainWindow(store, told, background, printing, keeping=AtOnce())
        window.show()
        window.activateWindow()
        window.start()
        window.sign_in(officer_id)
        app.processEvents()
        try:
            yield window
        finally:
            window.close()
            background.close()
            printing.close()
            window.deleteLater()
            app.processEvents()
