"""kill -9 while saving and printing: what was acknowledged is there, and no paper names a file that is not."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TextIO

import pypdfium2
import pytest
from sqlalchemy import select, text

from desktop import settings
from desktop.models import journal
from desktop.models.application import Application
from desktop.operations import issuing
from desktop.settings import Printer, Settings
from desktop.store import Store

PROJECT = Path(__file__).resolve().parent.parent.parent
SAVES = 200
Rounds = Callable[[int, int], int]


class Nursery:
    """Starts counters that have the program loaded already."""

    def __init__(self, folder: Path) -> None:
        self._said = folder / "said"
        os.mkfifo(self._said)
        command = [sys.executable, "-m", "tests.faults.counter", "serve"]
        self._process = subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, text=True)

    def counter(self, folder: Path, seed: int) -> tuple[int, TextIO]:
        """The process of a counter that is open and about to receive, and what it says."""
        assert self._process.stdin is not None
        print(folder, seed, self._said, file=self._process.stdin, flush=True)
        said = self._said.open(encoding="ascii")
        process = int(said.readline())
        assert said.readline() == "open\n", "the next start is clean"
        return process, said

    def close(self) -> None:
        self._process.communicate()
        assert self._process.returncode == 0


@pytest.fixture
def nursery(tmp_path: Path) -> Iterator[Nursery]:
    nursery = Nursery(tmp_path)
    yield nursery
    nursery.close()


class Witness:
    """The world outside the program: what the officer saw, and the tray of the printer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tray = folder / "tray"
        self.acknowledged: list[str] = []
        self._read: dict[tuple[str, int], str] = {}
        settings.save(folder, Settings(training=True, printer=Printer(folder=str(self.tray))))

    def watch_until_killed(self, nursery: Nursery, seed: int, luck: random.Random) -> None:
        """Start the counter, kill it at a random moment after some saves, and write down what it said until then."""
        process, said = nursery.counter(self.folder, seed)
        with said:
            lines = [said.readline().rstrip() for _save in range(luck.randrange(14))]
            time.sleep(luck.uniform(0, 0.12))
            os.kill(process, signal.SIGKILL)
            lines += said.read().splitlines()
        while is_there(process):
            time.sleep(0.001)
        # The last line may be half written when the kill falls into it: then the officer has not seen it.
        self.acknowledged += [line.removeprefix("saved ") for line in lines if len(line) == len("saved ") + 14]

    def papers(self) -> set[str]:
        """The numbers on every paper in the tray, read from its print; a print is read once."""
        prints = {(path.name, path.stat().st_mtime_ns) for path in self.tray.glob("*.pdf")}
        for name, written_at in prints - self._read.keys():
            self._read[name, written_at] = number_on(self.tray / name)
        return {self._read[paper] for paper in prints}


def is_there(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def number_on(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    words = document[0].get_textpage().get_text_range()
    document.close()
    named = path.name.split("-")
    number = "".join(named[:4])
    assert "-".join(named[:4]) in words, "the paper is whole and carries its number"
    return number


def kept(folder: Path) -> tuple[set[str], list[journal.Finding], str]:
    store = Store.open(folder)
    try:
        with store.reading() as session:
            numbers = set(session.scalars(select(Application.number)))
            findings = journal.verify(journal.read_entries(session.connection()))
            return numbers, findings, str(session.execute(text("PRAGMA quick_check")).scalar())
    finally:
        store.close()


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_no_acknowledged_save_is_lost_and_every_printed_number_exists(
    nursery: Nursery, hall_folder: Path, tmp_path: Path, rounds: Rounds
) -> None:
    for counter in range(rounds(1, 50)):
        folder = tmp_path / f"pc-{counter}"
        shutil.copytree(hall_folder, folder)
        saves_until_killed(nursery, Witness(folder), seed=7 + counter)
        shutil.rmtree(folder)


def saves_until_killed(nursery: Nursery, witness: Witness, seed: int) -> None:
    folder, luck, lives = witness.folder, random.Random(seed), 0
    while len(witness.acknowledged) < SAVES:
        lives += 1
        witness.watch_until_killed(nursery, 1000 * seed + lives, luck)
        numbers, findings, check = kept(folder)
        assert set(witness.acknowledged) <= numbers, "an acknowledged save is gone"
        assert witness.papers() <= numbers, "a paper names a file that is not there"
        assert len(witness.acknowledged) == len(set(witness.acknowledged)), "a number was given twice"
        assert findings == []
        assert check == "ok"
        assert not list(witness.tray.glob("*.db*"))
    assert lives > 5
    assert witness.papers(), "the control: papers did come out"
    print_the_rest(folder)
    assert kept(folder)[0] == witness.papers(), "in the end every file has its paper"


def print_the_rest(folder: Path) -> None:
    """The next quiet start sends what was still waiting."""
    program = (
        "import sys, os; os.environ['QT_QPA_PLATFORM'] = 'offscreen';"
        "from pathlib import Path; from PySide6.QtCore import QCoreApplication; from desktop import settings;"
        "from desktop.store import Store; from desktop.ui.background import Worker;"
        "from desktop.ui.printing import Printing;"
        "app = QCoreApplication([]); f = Path(sys.argv[1]); s = Store.open(f); w = Worker();"
        "Printing(s, settings.load(f), w).out_waiting(); w.close(); app.processEvents(); s.close()"
    )
    subprocess.run([sys.executable, "-c", program, str(folder)], cwd=PROJECT, check=True)
    store = Store.open(folder)
    with store.reading() as session:
        assert issuing.waiting_prints(session) == []
    store.close()


def test_a_program_that_acknowledges_before_the_commit_is_caught(hall_folder: Path, tmp_path: Path) -> None:
    """Negative control: the same counter, saying "saved" a moment too early."""
    folder = tmp_path / "pc"
    shutil.copytree(hall_folder, folder)
    command = [sys.executable, "-m", "tests.faults.counter", str(folder), "1", "lies"]
    counter = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
    assert counter.stdout is not None
    assert counter.stdout.readline() == "open\n"
    said = counter.stdout.readline()
    counter.kill()
    counter.wait()
    counter.stdout.close()
    assert said.startswith("saved ")
    assert said.split()[1] not in kept(folder)[0]
