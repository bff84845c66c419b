"""A power cut at any moment: what was acknowledged is there, whatever the disk had not yet written, or wrote torn."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import func, select, text

from desktop.errors import UserError
from desktop.models import journal
from desktop.models.application import Application
from desktop.store import Store
from tests.faults.disk import Call, Disk, cuts, lay, record

Rounds = Callable[[int, int], int]
OFTEN = "wal_autocheckpoint = 200"  # every third save, so that many cuts fall where the log is folded in


@dataclass(frozen=True)
class Saved:
    number: str
    entries: int


class PowerCuts:
    """A counter recorded while it saves, and every disk that the loss of power could have left."""

    def __init__(self, folder: Path, saves: int, *pragmas: str) -> None:
        self.folder = folder
        self._disk = Disk(folder)
        self.calls = record(folder, "tests.faults.saver", str(saves), *pragmas)
        told = [call.texts[0].decode().split() for call in self.calls if is_told(call)]
        self.saves = [Saved(number, int(entries)) for _saved, number, entries in told]
        assert len(self.saves) == saves
        self._after = {str(path): path.read_bytes() for path in folder.iterdir()}

    def judged(self, states: int) -> Counter[str]:
        """So many different states, and how many of them were "whole", had "lost" a save, or were "damaged"."""
        verdicts = Counter[str]()
        told = [place for place, call in enumerate(self.calls, start=1) if is_told(call)]
        for place, left in cuts(self._disk, self.calls, states, random.Random(self.folder.name)):
            verdicts[self._verdict(left, sum(at <= place for at in told))] += 1
        assert self._disk.written() == self._after, "the calls were lived as they were"
        return verdicts

    def _verdict(self, left: dict[str, bytes], acknowledged: int) -> str:
        lay(left, self.folder)
        try:
            store = Store.open(self.folder)
        except UserError:
            return "damaged"
        try:
            with store.reading() as session:
                numbers = list(session.scalars(select(Application.number).order_by(Application.received_at)))
                entries = session.scalar(select(func.count()).select_from(journal.Entry))
                is_sound = str(session.execute(text("PRAGMA quick_check")).scalar()) == "ok"
                is_chained = not journal.verify(journal.read_entries(session.connection()))
        except UserError:
            return "damaged"
        finally:
            store.close()
        if not (is_sound and is_chained):
            return "damaged"
        assert numbers == [save.number for save in self.saves[: len(numbers)]], "a save is kept with those before it"
        if numbers:
            assert entries == self.saves[len(numbers) - 1].entries, "a save is whole or not there"
        is_lost = len(numbers) < acknowledged
        assert not store.lost_entries or is_lost, "the witness never tells of a loss that is none"
        return "lost" if is_lost else "whole"


def is_told(call: Call) -> bool:
    return call.name == "write" and call.handle == 1 and call.texts[0].startswith(b"saved ")


@pytest.fixture
def power_cuts(hall_folder: Path, tmp_path: Path) -> Callable[..., PowerCuts]:
    def make(saves: int, *pragmas: str) -> PowerCuts:
        shutil.copytree(hall_folder, tmp_path / "pc")
        return PowerCuts(tmp_path / "pc", saves, *pragmas)

    return make


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_no_power_cut_takes_an_acknowledged_save(power_cuts: Callable[..., PowerCuts], rounds: Rounds) -> None:
    states = rounds(300, 6000)
    verdicts = power_cuts(rounds(8, 60), OFTEN).judged(states)
    assert verdicts.total() > states * 0.8
    assert set(verdicts) == {"whole"}


def test_without_a_sync_at_every_commit_acknowledged_saves_are_lost(power_cuts: Callable[..., PowerCuts]) -> None:
    """Negative control."""
    verdicts = power_cuts(8, OFTEN, "synchronous = NORMAL").judged(60)
    assert verdicts["lost"] > 0 and verdicts["damaged"] == 0


def test_without_any_sync_the_file_is_damaged(power_cuts: Callable[..., PowerCuts]) -> None:
    """Negative control."""
    verdicts = power_cuts(8, OFTEN, "synchronous = OFF").judged(60)
    assert verdicts["damaged"] > 0
