"""kill -9 inside a change of key, a backup, a restore, a salvage: what was there, or what comes after, never less."""

from __future__ import annotations

import random
import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as driver

from desktop import keys
from desktop.errors import UserError
from desktop.folder import FILE_NAME, MARK_NAME, SLOTS_NAME, WORK_NAME, size
from desktop.models.migrations import HEAD
from desktop.safekeeping import backup
from desktop.safekeeping.backup import Contents
from desktop.store import Store, opens
from tests.faults.nursery import Nursery
from tests.test_keys import CODE

PROJECT = Path(__file__).resolve().parent.parent.parent
RELEASE = PROJECT / "tests" / "files" / "release-1"
Rounds = Callable[[int, int], int]


class Kills:
    """A counter whose keeper is killed again and again."""

    def __init__(self, folder: Path, nursery: Nursery) -> None:
        self.pc, self.stick, self._nursery = folder / "pc", folder / "stick", nursery
        self.first = self.held()

    def kill(self, what: str, luck: random.Random, longest: float = 0.4) -> None:
        keeper = self._nursery.start("keeper", what, str(self.pc), str(self.stick))
        assert keeper.said.readline() == "begun\n"
        time.sleep(luck.uniform(0, longest))
        keeper.kill()

    def careless(self, what: str) -> None:
        assert self._nursery.start("keeper", what, str(self.pc), str(self.stick)).end() == 9

    def held(self, secret: str | None = None) -> Contents:
        """What the next start finds; it reads every page."""
        Store.open(self.pc, secret=secret).close()
        return backup.proven(self.pc / FILE_NAME, keys.read(self.pc / SLOTS_NAME).this_pc or "")


@pytest.fixture
def kills(worn_folder: Path, nursery: Nursery, tmp_path: Path) -> Kills:
    shutil.copytree(worn_folder, tmp_path / "worn")
    return Kills(tmp_path / "worn", nursery)


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_key_being_changed_leaves_exactly_one_that_opens(kills: Kills, rounds: Rounds) -> None:
    luck, seen, interrupted = random.Random(1), set(), 0
    for _round in range(rounds(24, 400)):
        kills.kill("change_key", luck)
        ring = keys.read(kills.pc / SLOTS_NAME)
        candidates = [ring.this_pc, ring.next.this_pc if ring.next else None]
        interrupted += ring.next is not None
        assert [opens(kills.pc / FILE_NAME, key) for key in candidates if key].count(True) == 1
        assert kills.held() == kills.first
        assert keys.read(kills.pc / SLOTS_NAME).next is None
        seen.add(keys.read(kills.pc / SLOTS_NAME).this_pc)
    assert len(seen) > 8 and interrupted > 2, "the control: keys did change, and kills fell into the change"
    assert kills.held(CODE) == kills.first, "the recovery sheet went along every time"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_file_of_the_first_release_being_updated_is_the_old_or_the_new(kills: Kills, rounds: Rounds) -> None:
    luck, interrupted = random.Random(4), 0
    for _round in range(rounds(10, 100)):
        shutil.rmtree(kills.pc)
        shutil.copytree(RELEASE, kills.pc)
        kills.kill("update", luck, 0.5)
        interrupted += (kills.pc / f"{FILE_NAME}-wal").exists()
        held = kills.held()
        assert (held.applications, held.schema) == (12, HEAD)
        before = kills.pc / f"{FILE_NAME}.before-0001"
        assert backup.proven(before, keys.read(RELEASE / SLOTS_NAME).this_pc or "").schema == "0001"
    assert interrupted > 2, "the control: kills fell into the update"


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_backup_being_made_is_whole_or_has_no_name(kills: Kills, rounds: Rounds) -> None:
    luck, half_made = random.Random(2), 0
    for _round in range(rounds(14, 300)):
        kills.kill("make_backup", luck)
        half_made += len(list(kills.stick.glob("loket-*/*.tmp")))
        for made in backup.backups(kills.stick):
            key = keys.read(kills.pc / SLOTS_NAME).this_pc or ""
            assert backup.proven(made.folder / FILE_NAME, key) == made.contents
        assert kills.held() == kills.first
    assert half_made > 2, "the control: kills fell into the making"


@pytest.mark.slow
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("what", ["bring_back", "save_what_is_left"])
def test_data_being_exchanged_are_the_old_or_the_new(kills: Kills, rounds: Rounds, what: str) -> None:
    luck, interrupted = random.Random(3), 0
    for _round in range(rounds(14, 300)):
        kills.kill(what, luck, 1.5)
        interrupted += (kills.pc / WORK_NAME).exists()
        held = kills.held()
        assert (held.applications, held.node) == (kills.first.applications, kills.first.node)
        assert not (kills.pc / WORK_NAME / MARK_NAME).exists()
        for aside in kills.pc.glob("disisihkan-*"):
            assert size(aside / FILE_NAME) > 0, "what was in place is still there"
            shutil.rmtree(aside)
    assert interrupted > 2, "the control: kills fell into the exchange"


def test_a_key_told_after_it_was_changed_locks_everybody_out(kills: Kills) -> None:
    """Negative control."""
    kills.careless("change_key_and_tell_afterwards")
    with pytest.raises(UserError) as caught:
        kills.held()
    assert caught.value.code == "E-02"


def test_a_backup_written_under_its_last_name_lies(kills: Kills) -> None:
    """Negative control."""
    kills.careless("copy_under_the_last_name")
    newest = backup.backups(kills.stick)[0]
    with pytest.raises(driver.DatabaseError):
        backup.proven(newest.folder / FILE_NAME, keys.read(kills.pc / SLOTS_NAME).this_pc or "")


def test_an_exchange_without_a_mark_leaves_nothing(kills: Kills) -> None:
    """Negative control."""
    kills.careless("exchange_without_a_mark")
    with pytest.raises(UserError) as caught:
        kills.held()
    assert caught.value.code == "E-08"
