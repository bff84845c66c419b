"""kill -9 while saving and printing: what was acknowledged is there, and no paper names a file that is not."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
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
from tests.faults.nursery import Nursery

Rounds = Callable[[int, int], int]
PIECES = 10  # each can be run alone; all of them at length are ten thousand kills


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
        counter = nursery.start("counter", str(self.folder), str(seed))
        assert counter.said.readline() == "open\n", "the next start is clean"
        lines = [counter.said.readline().rstrip() for _save in range(luck.choice((0, 0, 1, 2, 5)))]
        time.sleep(luck.uniform(0, 0.12))
        # What was half said when the kill fell into it the officer has not seen.
        self.acknowledged += [line.removeprefix("saved ") for line in lines + counter.kill()]

    def papers(self) -> set[str]:
        """The numbers on every paper in the tray, read from its print; a print is read once."""
        prints = {(path.name, path.stat().st_mtime_ns) for path in self.tray.glob("*.pdf")}
        for name, written_at in prints - self._read.keys():
            self._read[name, written_at] = number_on(self.tray / name)
        return {self._read[paper] for paper in prints}


def number_on(path: Path) -> str:
    document = pypdfium2.PdfDocument(path)
    words = document[0].get_textpage().get_text_range()
    document.close()
    named = path.name.split("-")
    number = "".join(named[:4])
    assert "-".join(named[:4]) in words, "the paper is whole and carries its number"
    return number


def kept(folder: Path) -> tuple[set[str], list[journal.Finding], str]:
    """What the file really holds: the numbers, what is wrong with its chains, and what SQLite says of it."""
    store = Store.open(folder)
    try:
        with store.reading() as session:
            numbers = set(session.scalars(select(Application.number)))
            findings = journal.verify(journal.read_entries(session.connection()))
            check = str(session.execute(text("PRAGMA quick_check")).scalar())
        return numbers, findings, check
    finally:
        store.close()


@pytest.mark.slow
@pytest.mark.timeout(7200)
@pytest.mark.parametrize("piece", range(PIECES))
def test_no_acknowledged_save_is_lost_and_every_printed_number_exists(
    nursery: Nursery, hall_folder: Path, tmp_path: Path, rounds: Rounds, piece: int
) -> None:
    for counter in range(rounds(1, 20)):
        folder = tmp_path / f"pc-{counter}"
        shutil.copytree(hall_folder, folder)
        killed_again_and_again(nursery, Witness(folder), 100 * piece + counter, kills=rounds(5, 50))
        shutil.rmtree(folder)


def killed_again_and_again(nursery: Nursery, witness: Witness, seed: int, kills: int) -> None:
    folder, luck = witness.folder, random.Random(seed)
    for life in range(kills):
        witness.watch_until_killed(nursery, 1000 * seed + life, luck)
        numbers, findings, check = kept(folder)
        assert set(witness.acknowledged) <= numbers, "an acknowledged save is gone"
        assert witness.papers() <= numbers, "a paper names a file that is not there"
        assert len(witness.acknowledged) == len(set(witness.acknowledged)), "a number was given twice"
        assert findings == []
        assert check == "ok"
        assert not list(witness.tray.glob("*.db*"))
    # The next quiet start sends what was still waiting.
    counter = nursery.start("counter", str(folder), "0", "rests")
    assert counter.end() == 0
    store = Store.open(folder)
    with store.reading() as session:
        assert issuing.waiting_prints(session) == []
    store.close()
    assert kept(folder)[0] == witness.papers(), "in the end every file has its paper"
    assert witness.papers(), "the control: papers did come out"


def test_a_program_that_acknowledges_before_the_commit_is_caught(
    nursery: Nursery, hall_folder: Path, tmp_path: Path
) -> None:
    """Negative control: the same counter, saying "saved" a moment too early."""
    folder = tmp_path / "pc"
    shutil.copytree(hall_folder, folder)
    counter = nursery.start("counter", str(folder), "1", "lies")
    assert counter.said.readline() == "open\n"
    said = counter.said.readline()
    counter.kill()
    assert said.startswith("saved ")
    assert said.split()[1] not in kept(folder)[0]
