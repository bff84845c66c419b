"""kill -9 while saving and printing: what was acknowledged is there, and no paper names a file that is not."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from pathlib import Path

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


class Witness:
    """The world outside the program: what the officer saw, and the tray of the printer."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.tray = folder / "tray"
        self.acknowledged: list[str] = []
        settings.save(folder, Settings(training=True, printer=Printer(folder=str(self.tray))))

    def start(self, seed: int, *how: str) -> subprocess.Popen[str]:
        """The counter, open and about to receive."""
        command = [sys.executable, "-m", "tests.faults.counter", str(self.folder), str(seed), *how]
        counter = subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        assert counter.stdout is not None
        assert counter.stdout.readline() == "open\n", "the next start is clean"
        return counter

    def watch_until_killed(self, seed: int, luck: random.Random) -> None:
        """Start the counter, kill it after a random while, and write down what it said until then."""
        counter = self.start(seed)
        assert counter.stdout is not None
        time.sleep(luck.uniform(0.05, 0.9))
        counter.kill()
        said = counter.stdout.read().splitlines()
        counter.wait()
        counter.stdout.close()
        # The last line may be half written when the kill falls into it: then the officer has not seen it.
        self.acknowledged += [line.removeprefix("saved ") for line in said if len(line) == len("saved ") + 14]

    def papers(self) -> set[str]:
        """The numbers on every paper in the tray, read from its print."""
        return {number_on(path) for path in self.tray.glob("*.pdf")}


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
@pytest.mark.timeout(600)
def test_no_acknowledged_save_is_lost_and_every_printed_number_exists(hall_folder: Path, tmp_path: Path) -> None:
    folder = tmp_path / "pc"
    shutil.copytree(hall_folder, folder)
    witness = Witness(folder)
    luck = random.Random(7)
    lives = 0
    while len(witness.acknowledged) < SAVES:
        lives += 1
        witness.watch_until_killed(lives, luck)
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
    witness = Witness(folder)
    counter = witness.start(1, "lies")
    assert counter.stdout is not None
    said = counter.stdout.readline()
    counter.kill()
    counter.wait()
    counter.stdout.close()
    assert said.startswith("saved ")
    assert said.split()[1] not in kept(folder)[0]
