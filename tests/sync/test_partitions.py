"""Counters cut off for long, with clocks that are wrong, and PCs put back from old images: in the end one state."""

from __future__ import annotations

import hashlib
import json
import random
import shutil
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest
from sqlalchemy import text

from desktop.models import journal
from tests.conftest import MORNING, Clock
from tests.sync.hall import AGENCIES, Centre, Pc, copy_of, shown, shown_at_centre, versions
from tests.sync.simulation import Crash, Faulty, crashes_between_pieces
from tests.sync.test_simulation import own_stamps_not_read_back

Make = Callable[..., Pc]
Rounds = Callable[[int, int], int]
# A little off, and far: seconds (a day behind, a day and a year ahead).
SKEWS = (-90, -20, 0, 35, 250, -86_400, 86_400, 365 * 86_400)
# So many times one PC is put back; the centre gives a login no twenty-first name.
OFTEN = 5


class Hall:
    """Counters of one agency that share people: each act is a save, an edit of anybody, or a turn of the sync."""

    def __init__(self, make_pc: Make, centre: Centre, seed: int, counters: int) -> None:
        self.luck, self.centre = random.Random(seed), centre
        self.faults = 0
        self.cut: dict[str, int] = {}  # for so many more acts the counter reaches nobody
        self.pcs = [make_pc(f"{seed}-{place}", clock=Clock(MORNING)) for place in range(counters)]
        for pc in self.pcs:
            pc.clock.forward(seconds=self.luck.choice(SKEWS))

    def live(self, acts: int) -> None:
        for _act in range(acts):
            for pc in self.pcs:
                self.act(pc)

    def act(self, pc: Pc) -> None:
        luck = self.luck
        pc.clock.forward(seconds=luck.choice((0, 1, 40)))
        if luck.random() < 0.6 or not (people := pc.parties()):
            pc.receive("DKC", f"Siti {luck.randrange(1000)}")
        else:
            pc.rename(luck.choice(people[:20]), f"Rini {luck.randrange(1000)}")
        name = pc.enrolment.node_id
        if luck.random() < 0.01:
            self.cut[name] = luck.randrange(10, 60)
        self.cut[name] = max(0, self.cut.get(name, 0) - 1)
        if not self.cut[name] and luck.random() < 0.15:
            self.sync(pc)

    def sync(self, pc: Pc) -> None:
        Faulty.luck, Faulty.rate = self.luck, self.luck.choice((0, 0.2, 0.5))
        try:
            with crashes_between_pieces(self.luck, self.luck.choice((0, 0, 0.1))):
                pc.sync(Faulty)
        except (psycopg.OperationalError, Crash):
            self.faults += 1
            pc.store.close()
            pc.open()

    def heal(self) -> None:
        for _turn in range(3):
            for pc in self.pcs:
                pc.sync()

    def states(self) -> set[str]:
        """What every counter shows, byte by byte; and the versions at the centre, with those of the first."""
        found = {digest(shown(pc)) for pc in self.pcs}
        ours = {table: [tuple(row) for row in rows] for table, rows in versions(shown(self.pcs[0])).items()}
        if ours != shown_at_centre(self.centre):
            found.add("the centre")
        return found

    def journals(self) -> set[str]:
        """Every entry with the place it was given, at each counter and at the centre."""
        asked = "SELECT eid, ehlc, payload FROM sync.journal WHERE scope = 'hall' OR agency_id = %s ORDER BY eid"
        found = {digest(self.centre.rows(asked, AGENCIES["DKC"]))}
        for pc in self.pcs:
            with pc.store.reading() as session:
                kept = session.execute(text("SELECT eid, ehlc, payload FROM journal WHERE arr > 0 ORDER BY eid"))
                found.add(digest([tuple(row) for row in kept]))
        return found


def digest(what: object) -> str:
    return hashlib.sha256(json.dumps(what, sort_keys=True, default=str).encode()).hexdigest()


@pytest.mark.slow
@pytest.mark.timeout(0)
def test_partitions_and_wrong_clocks_end_in_one_state(
    make_admin: Make, make_pc: Make, centre: Centre, rounds: Rounds
) -> None:
    make_admin().sync()
    for seed in range(rounds(1, 5)):
        hall = Hall(make_pc, centre, seed, rounds(4, 12))
        hall.live(rounds(40, 1000))
        hall.heal()
        assert hall.faults >= rounds(5, 100), "the faults were there"
        assert len(hall.states()) == 1, f"seed {seed}"
        assert len(hall.journals()) == 1, f"seed {seed}"
        assert set().union(*(pc.saved for pc in hall.pcs)) <= centre.eids()
        print(f"seed {seed}: {sum(len(pc.saved) for pc in hall.pcs)} entries, {hall.faults} faults, one state")
        for pc in hall.pcs:
            pc.close()


def test_without_reading_back_the_bounded_clock_they_diverge(
    make_admin: Make, make_pc: Make, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_admin().sync()
    own_stamps_not_read_back(monkeypatch)
    hall = Hall(make_pc, centre, 1, 3)
    hall.pcs[0].clock.forward(days=365)
    hall.live(25)
    hall.heal()
    assert len(hall.states()) > 1


def put_back(pc: Pc, image: Pc) -> Pc:
    """The disk of the PC is the old one again; what the centre had acknowledged is not forgotten by the test."""
    pc.close()
    image.acknowledged |= pc.acknowledged
    return image.open()


def image_of(pc: Pc, folder: Path) -> Pc:
    """The disk as it is now; the PC works on."""
    pc.close()
    image = copy_of(pc, folder)
    pc.open()
    return image


@pytest.mark.timeout(0)
def test_a_pc_put_back_from_an_old_image_never_forks_while_the_centre_answers(
    make_admin: Make, make_pc: Make, centre: Centre, rounds: Rounds, tmp_path: Path
) -> None:
    make_admin().sync()
    luck, a, b = random.Random(3), make_pc("a0"), make_pc("b")
    came_back = 0
    for n in range(rounds(6, 200)):
        if n and n % OFTEN == 0:
            assert journal.verify(a.entries()) == []
            a.close()
            a = make_pc(f"a{n}")
            a.sync()
        a.receive("DKC", f"before the image {n}")
        if luck.random() < 0.7:
            a.sync()
        image = image_of(a, tmp_path / f"image{n}")
        for _more in range(luck.randrange(1, 4)):
            a.receive("DKC", f"after the image {n}")
        if luck.random() < 0.8:
            a.sync()
        a = put_back(a, image)
        came_back += len(a.acknowledged - set(a.journal_column("eid")))
        a.sync()  # as the program does before the desk is ready: what it lost comes back through its own lane
        assert a.acknowledged <= set(a.journal_column("eid")), n
        a.receive("DKC", f"on the old image {n}")
        a.sync()
        b.sync()
        a.sync()
        assert shown(a) == shown(b), n
        shutil.rmtree(tmp_path / f"image{n - 1}", ignore_errors=True)
    assert came_back, "images were older than the centre"
    assert journal.verify(a.entries()) == journal.verify(b.entries()) == []
    print(f"{n + 1} images put back, {came_back} entries fetched back, 0 forks")

    # The control, and the reason for the order: saved before the centre was asked, the line has two ends, and is shown.
    image = image_of(a, tmp_path / "last")
    a.receive("DKC", "after the image")
    a.sync()
    a = put_back(a, image)
    a.receive("DKC", "on the old image, cut off")
    a.sync()
    b.sync()
    a.sync()
    assert {finding.kind for finding in journal.verify(b.entries())} == {"fork"}
    assert shown(a) == shown(b), "and nothing of it is lost"
    a.close()
