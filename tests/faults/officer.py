"""The real program and the hands at it, in a process of its own that can be killed; day.py gives the orders.

Every line that comes in is an act, every line that goes out is what stood on the screen after it. The hands read the
screen as an officer does: the field of the cursor, the words of the button, the message at the bottom.
"""

from __future__ import annotations

import json
import os
import sys
import threading
import time
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from desktop.ui import printing, program
from desktop.ui.intake import IntakeScreen
from desktop.ui.program import Program
from desktop.ui.sign_in import SignInScreen
from desktop.ui.summary import SummaryScreen
from desktop.ui.today import TodayScreen
from tests.conftest import Clock
from tests.faults import ways
from tests.faults.ways import PATIENCE
from tests.ui.desk import At
from tests.ui.gun import Gun

PIN = "482915"
WRONG_PIN = "000000"
# A day of six hours goes by in minutes, and so does the rest of a printer.
REST_SECONDS = 2


class Officer(At):
    """Obeys; ``say`` is where answers go."""

    def __init__(self, opened: Program, clock: Clock, say: Callable[[dict[str, Any]], None]) -> None:
        super().__init__(opened.window)
        self.clock, self.say = clock, say
        self.gun = Gun(opened.window)
        self.is_calm = False
        self._kept: tuple[float, float] | None = None
        self._note_when_kept()

    def obey(self, order: dict[str, Any]) -> dict[str, Any]:
        """Do it, and tell what is seen then."""
        given = dict(order)
        act = getattr(self, given.pop("act"))
        self.clock.moment = datetime.fromisoformat(given.pop("at"))
        told: dict[str, Any] = act(**given)
        return {**told, "trouble": self.window.feedback.kind == "trouble"}

    # --- the day

    def sign_in(self, name: str, pins: Sequence[str] = (PIN,)) -> dict[str, Any]:
        """Choose the tile by arrows and type each of these PINs."""
        said = []
        for pin in pins:
            front = self.window.current()
            assert isinstance(front, SignInScreen), front
            names = [person.name for person in front.people]
            chosen = front.chosen()
            assert chosen is not None
            step = names.index(name) - names.index(chosen.name)
            self.presses(*(["Right"] * step if step > 0 else ["Left"] * -step))
            self.types(pin)
            if self.window.is_locked():
                said.append(front.verdict.text())
        self.settle()
        return {"verdicts": said, **self._desk()}

    def lock(self) -> dict[str, Any]:
        self.presses("Ctrl+L")
        return {"locked": self.window.is_locked()}

    def wait(self) -> dict[str, Any]:
        """Until every paper is out or has met its trouble, and the window has nothing more to do."""
        self._until(lambda: not self.window.around.printing.under_way())
        self.settle()
        return self._desk()

    def print_summary(self) -> dict[str, Any]:
        """The supervisor's summary as PDF."""
        button = self.window.frame.navigation.buttons["summary"]
        QTest.mouseClick(button, Qt.MouseButton.LeftButton)
        self.settle()
        assert isinstance(self.window.current(), SummaryScreen)
        self.presses("F9")
        self._until(lambda: self.message().startswith("Ringkasan disimpan: "))
        path = self.message().removeprefix("Ringkasan disimpan: ")
        self.presses("F2")
        return {"path": path}

    # --- people at the desk

    def serve(self, person: dict[str, str], service: str, lacks: int = 0, ends: str = "F9",
              begins: str = "F2", takes: int = 0, is_watched: bool = False) -> dict[str, Any]:
        """A file from the first key to ``ends``; ``takes`` seconds of the hall's clock go by before it."""
        self._at_the_desk()
        self.presses(begins)
        if begins == "F2":
            self.types(person["nik"]).looks()
        self._fill(person, service)
        self._look_at_papers(lacks)
        return self._finish(ends, takes, is_watched=is_watched)

    def come_back(self, number: str, takes: int, *, by_scan: bool) -> dict[str, Any]:
        """The slip is scanned or its five digits typed; only what was missing is looked at."""
        self._at_the_desk()
        self.presses("F2")
        if by_scan:
            self.gun.shoots(number)
            self.gun.rests()
        else:
            self.types(number[9:13] + "-" + number[13]).presses("Enter")
        self.looks()
        assert self.screen.returning is not None, (number, self.message(), self.focus())
        self.types("*")
        return self._finish("F9", takes)

    def go_on(self, takes: int = 0, *, changes: bool = False) -> dict[str, Any]:
        """What stands on the desk is looked at once more and finished; ``changes`` marks the first paper otherwise."""
        self._fill({}, "")
        self._look_at_papers(1 if changes else 0)
        return self._finish("F9", takes)

    def fetch(self, takes: int) -> dict[str, Any]:
        """The file that was parked last."""
        self._at_the_desk()
        self.presses("Shift+F7", "Enter")
        return self._finish("F9", takes)

    def visit(self, digit: str) -> dict[str, Any]:
        self._at_the_desk()
        self.presses("F2", "Shift+F2").types(digit)
        return {"message": self.message()}

    def scan(self, number: str) -> dict[str, Any]:
        """Somebody asks how a file stands; the answer beside the screen is put away."""
        self._at_the_desk()
        self.gun.shoots(number)
        self.gun.rests()
        shown = self.window.scans.shown
        self.presses("Esc")
        return {"answer": f"{shown.short}. {shown.sentence}" if shown is not None else ""}

    # --- mistakes

    def undo(self) -> dict[str, Any]:
        self._at_the_desk()
        self.presses("Shift+F12")
        return self._desk()

    def reprint(self, digit: str) -> dict[str, Any]:
        self._at_the_desk()
        self.presses("Ctrl+P")
        question = self.message()
        if self.window.feedback.is_asking():
            self.types(digit)
        return {"question": question}

    def answer(self, digit: str) -> dict[str, Any]:
        """A question that the program asked by itself."""
        self.types(digit)
        return self._desk()

    def print_waiting(self) -> dict[str, Any]:
        self._at_the_desk()
        self.presses("Ctrl+P")
        return {"message": self.message()}

    def correct(self, number: str, name: str) -> dict[str, Any]:
        """The applicant's name, a typing mistake; the paper comes anew."""
        self._open(number)
        self.presses("F12").types("1").types(name).presses("F9").types("1").presses("F9")
        question = self.message()
        self.presses("Enter")
        return {"question": question, "message": self.message()}

    def void(self, number: str, digit: str) -> dict[str, Any]:
        self._open(number)
        self.presses("F12").types("2").types(digit).presses("F9")
        return {"message": self.message()}

    def change_service(self, number: str, service: str, takes: int) -> dict[str, Any]:
        self._open(number)
        self.presses("F12").types("3")
        self._fill({}, service)
        self._look_at_papers(0)
        return self._finish("F9", takes)

    # --- hands

    def _at_the_desk(self) -> None:
        if self.window.feedback.is_asking():
            self.presses("Esc")
        if not isinstance(self.window.current(), IntakeScreen):
            self.presses("F2")

    def _open(self, number: str) -> None:
        """F4, the five digits people say, Enter on the file."""
        self.presses("F4", "F3").types(number[9:]).presses("Enter", "Enter")
        screen = self.window.current()
        assert isinstance(screen, TodayScreen) and screen.is_card(), (number, screen, self.message())
        assert screen.card.short.text() == f"{number[9:13]}-{number[13]}"

    def _fill(self, person: dict[str, str], service: str) -> None:
        """Go where the cursor goes, until the papers are to be looked at."""
        for _step in range(30):
            field, meaning = self.focus(), self.meaning()
            if field == "checklist_list":
                return
            if field in ("applicant.name_edit", "applicant.phone_edit", "applicant.village_edit"):
                self.types(person[field[10:-5]]).presses("Enter")
            elif field == "service_edit":
                self.types(service).presses("Enter")
            elif field == "subject.name_edit":
                self.types(f"Bayi {person.get('name', 'Pemohon')}").presses("Enter")
            elif field == "subject.birth_date_edit":
                self.types("20102026")
            elif meaning in ("ANGKA = JENIS", "ANGKA = JAWABAN"):
                self.types("1")
            else:
                self.presses("Enter")
        raise AssertionError(f"the cursor never came to the papers: {self.focus()}, {self.message()}")

    def _look_at_papers(self, lacks: int) -> None:
        """All are there but the first ones that are needed, as the button says."""
        self.types("*")
        digits = [digit for digit, _name, _state in self.lines() if digit]
        for digit in digits:
            if self._lacking() >= lacks:
                return
            self.types(f"-{digit}")
        assert self._lacking() >= lacks, self.lines()

    def _lacking(self) -> int:
        words = self.button()
        return int(words.rpartition("(")[2].rstrip(")")) if "LEMBAR KEKURANGAN" in words else 0

    def _finish(self, key: str, takes: int, *, is_watched: bool = False) -> dict[str, Any]:
        """Press it; what the button promised, and what the screen then says."""
        self.clock.forward(seconds=takes)
        offer = self.screen.offer
        assert offer is not None
        promised, service = self.button(), offer.name
        if self.is_calm:
            self._until(lambda: not self.window.around.printing.under_way())
        if is_watched:
            self.say({"pressing": service})
        self._kept, begin = None, ways.now()
        self.presses(key)
        kept, shown = self._kept, ways.now()
        taken = {} if kept is None else {"kept": ways.since(begin, kept), "shown": ways.since(begin, shown)}
        return {"promised": promised, "service": service, **taken, **self._desk()}

    def _desk(self) -> dict[str, Any]:
        screen = self.window.current()
        told: dict[str, Any] = {"message": self.message(), "is_asking": self.window.feedback.is_asking()}
        if isinstance(screen, IntakeScreen):
            paper = screen.side.last_paper
            told |= {
                "is_clear": screen.is_empty(),
                "number": paper.whole.text().replace("-", "") if paper.whole.isVisible() else "",
                "paper_state": self.label("last_state") if paper.isVisible() else "",
                "name": "" if screen.is_empty() else screen.people.name.value(),
                "recent": [row.first for row in screen.side.waiting.recent.rows.rows],
            }
        return told

    def settle(self) -> None:
        self.typist.settle()

    def _until(self, answer: Callable[[], bool]) -> None:
        end = time.monotonic() + PATIENCE
        while not answer():
            assert time.monotonic() < end, f"it never came: {self.message()}"
            QTest.qWait(10)

    def _note_when_kept(self) -> None:
        """The moment F9's save was durable."""
        announce = self.window.store.announce

        def noted(tables: frozenset[str]) -> None:
            if self._kept is None and threading.current_thread() is threading.main_thread():
                self._kept = ways.now()
            announce(tables)

        self.window.store.announce = noted  # type: ignore[method-assign]


def main(folder: str, moment: str, how: str) -> None:
    clock = Clock(datetime.fromisoformat(moment))
    printing.REST_SECONDS = REST_SECONDS
    opened = program.assemble(Path(folder), clock=clock)
    opened.window.feedback.catch_everything()
    opened.begin()
    opened.window.activateWindow()
    officer = Officer(opened, clock, lambda told: print(json.dumps(told), flush=True))
    try:
        if how:
            getattr(ways, how)(officer)
        officer.say({"open": True})
        for line in sys.stdin:
            officer.say(officer.obey(json.loads(line)))
    except Exception:  # what the hands did not find where it should be; the threads of the program would go on
        traceback.print_exc()
        os._exit(1)
    opened.close()
