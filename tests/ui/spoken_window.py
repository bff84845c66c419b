"""The real window in a process of its own, moved by lines on its standard input, for the screen reader to read."""

from __future__ import annotations

import select
import sys
from pathlib import Path

from PySide6.QtWidgets import QApplication

from desktop.operations import access
from desktop.ui import program
from desktop.ui.background import AtOnce
from tests.conftest import Clock
from tests.ui.desk import Hand


def main() -> None:
    running = program.assemble(Path(sys.argv[1]), clock=Clock(), background=AtOnce())
    window = running.window
    window.show()
    with running.store.reading() as session:
        window.sign_in(next(one.id for one in access.officers(session) if one.display_name == "Siti Rahmawati"))
    hand = Hand(window, pause_ms=0)
    while not window.isActiveWindow():
        window.activateWindow()
        QApplication.processEvents()
    print("shown", flush=True)
    while line := served_until_next():
        act, _space, what = line.rstrip("\n").partition(" ")
        if act == "type":
            hand.type(what)
        elif act == "press":
            hand.press(what)
        else:
            window.feedback.say("good", what)
        hand.settle()
        print("done", flush=True)
    running.close()


def served_until_next() -> str:
    """Answer the reader's questions until the next line is there."""
    while not select.select([sys.stdin], [], [], 0)[0]:
        QApplication.processEvents()
    return sys.stdin.readline()


if __name__ == "__main__":
    main()
