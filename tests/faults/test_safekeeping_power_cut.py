"""A power cut inside a change of key, a backup, a restore, an update: what was there, or what comes after."""

from __future__ import annotations

import random
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from desktop import keys
from desktop.errors import UserError
from desktop.folder import FILE_NAME, MARK_NAME, SLOTS_NAME, WORK_NAME, size
from desktop.models.local import Meta
from desktop.models.migrations import HEAD
from desktop.safekeeping import backup
from desktop.safekeeping.backup import Contents
from desktop.store import Store
from tests.faults.disk import PROJECT, Call, Disk, cuts, lay, record

Rounds = Callable[[int, int], int]
RELEASE = PROJECT / "tests" / "files" / "release-1"
ACTS = ("change_key", "make_backup", "bring_back", "update")


class PowerCuts:
    """An act at a counter that worked for some days, recorded, and every disk that the loss of power could leave."""

    def __init__(self, folder: Path, what: str, *how: str) -> None:
        self.folder, self.pc, self.stick = folder, folder / "pc", folder / "stick"
        self._judge: Callable[[bool], bool] = getattr(self, f"_{what}")
        if what == "update":
            shutil.rmtree(self.pc)
            shutil.copytree(RELEASE, self.pc)
        else:
            self._first = self._next_start()
        self._key = keys.read(self.pc / SLOTS_NAME).this_pc
        if what == "change_key":
            ring = keys.read(self.pc / SLOTS_NAME)
            ring.wants_new_key = True
            ring.save()
        self._disk = Disk(folder)
        self._calls = record(folder, "tests.faults.keeper", what, *how)
        self._after = {str(path): path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    def judged(self, states: int) -> Counter[str]:
        """So many different states: how many were "whole", and how many were "lost" or "damaged"."""
        verdicts = Counter[str]()
        done = next(place for place, call in enumerate(self._calls, start=1) if is_told(call))
        for place, left in cuts(self._disk, self._calls, states, random.Random(self.folder.name)):
            lay(left, self.folder)
            try:
                verdicts["whole" if self._judge(place >= done) else "lost"] += 1
            except (UserError, driver.DatabaseError, ValueError):  # of the last: a mark that names nothing
                verdicts["damaged"] += 1
        assert self._disk.written() == self._after, "the calls were lived as they were"
        return verdicts

    def _next_start(self) -> Contents:
        """What it finds, every page of it read."""
        Store.open(self.pc).close()
        return backup.proven(self.pc / FILE_NAME, keys.read(self.pc / SLOTS_NAME).this_pc or "")

    def _change_key(self, _is_done: bool) -> bool:
        held, ring = self._next_start(), keys.read(self.pc / SLOTS_NAME)
        return held == self._first and ring.next is None and ring.this_pc != self._key

    def _make_backup(self, is_done: bool) -> bool:
        made = backup.backups(self.stick)
        are_whole = all(backup.proven(one.folder / FILE_NAME, self._key or "") == one.contents for one in made)
        return self._next_start() == self._first and are_whole and len(made) >= 1 + is_done

    def _bring_back(self, is_done: bool) -> bool:
        held = self._next_start()
        aside = [size(folder / FILE_NAME) for folder in self.pc.glob("disisihkan-*")]
        assert not (self.pc / WORK_NAME / MARK_NAME).exists()
        store = Store.open(self.pc)
        with store.reading() as session:
            is_restored = session.get(Meta, "restored") is not None
        store.close()
        is_there = (held.node, held.applications) == (self._first.node, self._first.applications)
        return is_there and is_restored >= is_done and (not is_restored or (len(aside) == 1 and aside[0] > 0))

    def _update(self, _is_done: bool) -> bool:
        held = self._next_start()
        before = backup.proven(self.pc / f"{FILE_NAME}.before-0001", self._key or "")
        return (held.applications, held.schema, before.schema) == (12, HEAD, "0001")


def is_told(call: Call) -> bool:
    return call.name == "write" and call.handle == 1 and call.texts[0].startswith(b"done")


@pytest.fixture
def power_cuts(worn_folder: Path, tmp_path: Path) -> Callable[..., PowerCuts]:
    def make(what: str, *how: str) -> PowerCuts:
        shutil.copytree(worn_folder, tmp_path / "worn")
        return PowerCuts(tmp_path / "worn", what, *how)

    return make


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("what", ACTS)
def test_every_disk_holds_the_old_or_the_new(power_cuts: Callable[..., PowerCuts], what: str, rounds: Rounds) -> None:
    states = rounds(24, 2000)
    verdicts = power_cuts(what).judged(states)
    assert verdicts.total() > states / 2
    assert set(verdicts) == {"whole"}


@pytest.mark.slow
@pytest.mark.parametrize("what", ACTS)
def test_without_its_syncs_it_leaves_damage(power_cuts: Callable[..., PowerCuts], what: str) -> None:
    """Negative control."""
    verdicts = power_cuts(what, "hasty").judged(40)
    assert verdicts["damaged"] + verdicts["lost"] > 0, verdicts
