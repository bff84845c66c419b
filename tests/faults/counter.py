"""A counter that receives one applicant after another until it is killed; test_kills.py starts it.

It says "saved NUMBER" only after the commit, exactly when an officer would see it, and prints in the background.
"""

from __future__ import annotations

import random
import time
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from desktop import sample, settings
from desktop.operations import access, intake, setup
from desktop.store import Store
from desktop.ui.background import Worker
from desktop.ui.printing import Printing


def main(place: str, seed: str, how: str = "") -> None:
    """``how``: "lies" says it a moment too early, "rests" sends what was waiting and goes home."""
    app, folder = QCoreApplication([]), Path(place)
    store = Store.open(folder)
    background = Worker()
    printing = Printing(store, settings.load(folder), background)
    if how == "rests":
        printing.out_waiting()
        background.close()
        app.processEvents()
        store.close()
        return
    with store.reading() as session:
        desk = setup.desk_for(session, access.officers(session)[0].id, training=True)
        offered = sample.offers(session, desk)
    hall = sample.Hall(int(seed))
    luck = random.Random(int(seed))
    printing.out_waiting()
    print("open", flush=True)
    while True:
        form = hall.form(luck.choice(offered), desk.day(store.clock()))
        with store.saving(desk.officer_id) as session:
            outcome = intake.receive(session, desk, form)
            if how == "lies":  # what the witness has to find out: said before it was kept
                print("saved", outcome.number, flush=True)
                time.sleep(5)
        print("saved", outcome.number, flush=True)
        printing.out(outcome.print_id)
        app.processEvents()
