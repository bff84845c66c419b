"""A counter that receives one applicant after another until it is killed; run by test_kills.py as a program of its own.

It says "saved NUMBER" only after the commit, exactly when an officer would see it, and prints in the background.
``serve`` starts such counters one after another, each a process of its own, without loading the program every time.
"""

from __future__ import annotations

import os
import random
import signal
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import QCoreApplication
from sqlalchemy.orm import configure_mappers

from desktop import sample, settings
from desktop.operations import access, intake, setup
from desktop.store import Store
from desktop.ui.background import Worker
from desktop.ui.printing import Printing


def main(folder: Path, seed: int, *, lies: bool = False) -> None:
    app = QCoreApplication([])
    store = Store.open(folder)
    background = Worker()
    printing = Printing(store, settings.load(folder), background)
    with store.reading() as session:
        desk = setup.desk_for(session, access.officers(session)[0].id, training=True)
        offered = sample.offers(session, desk)
    hall = sample.Hall(seed)
    luck = random.Random(seed)
    printing.out_waiting()
    print("open", flush=True)
    while True:
        form = hall.form(luck.choice(offered), desk.day(store.clock()))
        with store.saving(desk.officer_id) as session:
            outcome = intake.receive(session, desk, form)
            if lies:  # what the witness has to find out: said before it was kept
                print("saved", outcome.number, flush=True)
                time.sleep(5)
        print("saved", outcome.number, flush=True)
        printing.out(outcome.print_id)
        app.processEvents()


def serve() -> None:
    """Start a counter for every line "FOLDER SEED OUTPUT"; what it says, its process first, goes to its OUTPUT."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the dead leave nothing behind
    configure_mappers()
    for line in sys.stdin:
        folder, seed, output = line.split()
        if os.fork() == 0:
            os.dup2(os.open(output, os.O_WRONLY), sys.stdout.fileno())
            print(os.getpid(), flush=True)
            main(Path(folder), int(seed))


if __name__ == "__main__" and sys.argv[1:] == ["serve"]:
    serve()
elif __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), lies="lies" in sys.argv)
