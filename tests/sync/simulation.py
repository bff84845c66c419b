"""A hall that lives through everything at once, by a seed: the program's own sync on real files and a real PostgreSQL.

PCs save and edit, sync over links that lose requests and answers, crash inside a sync, run with wrong clocks, are
copied, put back from old images and destroyed; rows come that the centre cannot hold; the centre is put back from a
backup, and lets go what was replaced long ago. At the end everybody syncs in peace, and then nothing that counts may be
missing and all copies agree.
"""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg

from desktop.models import journal
from desktop.models.catalog import Agency
from desktop.store import Store
from desktop.sync import memory, retention
from desktop.sync.link import Link
from tests.conftest import MORNING, Clock
from tests.sync.hall import AGENCIES, Centre, Pc, copy_of, shown, shown_at_centre, versions

YEAR = 365 * 86_400
JUMPS = (1, 5, 60, 3600, -3600, -3 * 86_400, -16 * YEAR, 50 * YEAR)


class Crash(Exception):
    """kill -9 at this very place: whatever is not committed is gone."""


class Faulty(Link):
    """A link that loses what is sent, or the answer, or says everything twice."""

    luck = random.Random(0)
    rate = 0.0

    def rows(self, name: str, *arguments: Any) -> list[dict[str, Any]]:
        fate = self.luck.random() / self.rate if self.rate else 1.0
        if fate < 0.3:
            raise psycopg.OperationalError("lost on the way there")
        answer = super().rows(name, *arguments)
        if fate < 0.7:
            raise psycopg.OperationalError("lost on the way back")
        if fate < 0.8:
            answer = super().rows(name, *arguments)
        elif fate < 0.9:
            raise Crash
        return answer


class World:
    """One run: the PCs of a hall that has been set up (``image``), around its centre as it was then."""

    def __init__(self, seed: int, folder: Path, image: Path, centre: Centre, enrolments: list[Any]) -> None:
        self.luck = random.Random(seed)
        self.folder, self.centre = folder, centre
        self.pcs: list[Pc] = []
        self.images: list[Pc] = []
        self.has_backup = False
        self.was_restored = False
        self.gone: list[Pc] = []
        self.copies = 0
        for place, enrolment in enumerate(enrolments):
            shutil.copytree(image / str(place), folder / str(place))
            agencies = tuple(AGENCIES) if place == 0 else ("DKC",)
            self.pcs.append(Pc(folder / str(place), centre, enrolment, Clock(MORNING), agencies).open())

    # --- what may happen

    def live(self, steps: int) -> None:
        acts = [self.save] * 8 + [self.edit] * 5 + [self.sync] * 8 + [
            self.wrong_clock, self.right_clock, self.restart, self.bad_row, self.take_image, self.put_image_back,
            self.copy_disk, self.back_up, self.restore_centre, self.destroy, self.edit_agency, self.let_go,
        ]  # fmt: skip
        for _ in range(steps):
            self.luck.choice(acts)(self.luck.choice(self.pcs))

    def save(self, pc: Pc) -> None:
        pc.clock.forward(seconds=self.luck.choice((0, 1, 40)))
        pc.receive(self.luck.choice(pc.agencies), f"Siti {self.luck.randrange(1000)}")

    def edit(self, pc: Pc) -> None:
        if parties := pc.parties():
            pc.clock.forward(seconds=self.luck.choice((0, 1, 40)))
            pc.rename(self.luck.choice(parties), f"Rini {self.luck.randrange(1000)}")

    def edit_agency(self, _pc: Pc) -> None:
        self.pcs[0].save(
            lambda session: setattr(session.get_one(Agency, AGENCIES["DKC"]), "name_id", str(self.luck.random()))
        )

    def bad_row(self, _pc: Pc) -> None:
        wrong = "x" * 100 if self.luck.random() < 0.7 else "regency"
        self.pcs[0].save(lambda session: setattr(session.get_one(Agency, AGENCIES["PTS"]), "level", wrong))

    def sync(self, pc: Pc) -> None:
        Faulty.luck, Faulty.rate = self.luck, self.luck.choice((0, 0, 0.2, 0.5))
        try:
            with crashes_between_pieces(self.luck, self.luck.choice((0, 0, 0.2))):
                pc.sync(Faulty)
        except psycopg.OperationalError:
            pass
        except Crash:
            self.restart(pc)

    def restart(self, pc: Pc) -> None:
        pc.store.close()
        pc.open()

    def wrong_clock(self, pc: Pc) -> None:
        pc.clock.forward(seconds=self.luck.choice(JUMPS))

    def right_clock(self, pc: Pc) -> None:
        pc.clock.moment = MORNING

    def take_image(self, pc: Pc) -> None:
        pc.close()
        self.images.append(copy_of(pc, self.new_folder()))
        pc.open()

    def put_image_back(self, pc: Pc) -> None:
        """The disk of a PC dies, and an older image of it is put in."""
        images = [image for image in self.images if image.enrolment == pc.enrolment]
        if images and pc is not self.pcs[0]:
            image = self.luck.choice(images)
            pc.close()
            shutil.rmtree(pc.folder)
            shutil.copytree(image.folder, pc.folder)
            # What was saved since and never sent is lost with the disk, and nobody was told otherwise.
            self.gone.append(Pc(pc.folder, pc.centre, pc.enrolment, pc.clock, pc.agencies, pc.saved, pc.acknowledged))
            pc.saved = set()
            pc.open()

    def copy_disk(self, pc: Pc) -> None:
        if len(self.pcs) < 5:
            pc.close()
            clone = copy_of(pc, self.new_folder())
            pc.open()
            self.pcs.append(clone.open())

    def back_up(self, _pc: Pc) -> None:
        snapshot(self.centre)
        self.has_backup = True

    def restore_centre(self, _pc: Pc) -> None:
        if self.has_backup:
            put_back(self.centre)
            self.was_restored = True

    def let_go(self, _pc: Pc) -> None:
        """So much time passes that the centre empties all that was replaced; who syncs next was away that long."""
        self.centre.connection.execute("UPDATE sync.journal SET received_at = received_at - interval '14 months'")
        retention.let_go(self.centre.connection)

    def destroy(self, pc: Pc) -> None:
        if pc is not self.pcs[0] and len(self.pcs) > 2 and self.luck.random() < 0.3:
            pc.close()
            self.pcs.remove(pc)
            self.gone.append(pc)

    # --- the end

    def make_peace(self) -> None:
        """Everybody syncs without faults, an administrator has opened recovery, until nothing is new."""
        self.centre.connection.execute("UPDATE sync.about SET recovery_until = now() + interval '1 hour'")
        for pc in self.pcs:
            pc.clock.moment = MORNING
        for _turn in range(4):
            for pc in self.pcs:
                pc.sync()

    def faults(self) -> list[str]:
        """What must never be; empty when all is well."""
        found = []
        at_centre = self.centre.eids()
        # Of a version that came empty nothing can be sent again; its author still has it, or it was replaced.
        living = {eid for pc in self.pcs for eid in pc.journal_column("eid", "payload IS NOT NULL")}
        if lost := living - at_centre:
            found.append(f"{len(lost)} entries of living PCs are not at the centre")
        for pc in self.pcs:
            if pc.saved - at_centre:
                found.append("a save of a living PC is lost")
            if pc.pending():
                found.append("something still waits")
            if pc.astray():
                found.append("a row is not what its newest entry says")
            if kinds := {finding.kind for finding in journal.verify(pc.entries())} - {"gap", "fork"}:
                found.append(f"a chain is broken: {kinds}")
        if not self.was_restored:
            for pc in self.gone:
                if pc.acknowledged - at_centre:
                    found.append("an acknowledged entry is lost")
        reference = shown_at_centre(self.centre)
        personal = {"party"}
        for pc in self.pcs:
            mine = versions(shown(pc))
            for table, rows in reference.items():
                if table in personal and len(pc.agencies) == 1:
                    continue
                if mine[table] != rows and not self.holds_refused(pc, table, mine[table], rows):
                    found.append(f"{table} differs from the centre")
        parties = [shown(pc)["party"] for pc in self.pcs if len(pc.agencies) == 1]
        if any(one != parties[0] for one in parties):
            found.append("persons differ between counters")
        return found

    def holds_refused(self, pc: Pc, table: str, mine: list[Any], centre: list[Any]) -> bool:
        """A row of its own that the centre could not take stays visible where it was made, and only there."""
        refused = {eid for (eid,) in self.centre.rows("SELECT eid FROM sync.quarantine")}
        return pc.enrolment == self.pcs[0].enrolment and {row for row in mine if row[2] not in refused} <= set(centre)

    def new_folder(self) -> Path:
        self.copies += 1
        return self.folder / f"copy{self.copies}"

    def close(self) -> None:
        for pc in self.pcs:
            pc.close()


@contextmanager
def crashes_between_pieces(luck: random.Random, rate: float) -> Iterator[None]:
    """Kills in the middle of a piece's transaction, and just after its commit."""
    announce, move_on = Store.announce, memory.move_on

    def announced(self: Store, tables: frozenset[str]) -> None:
        if luck.random() < rate:
            raise Crash
        announce(self, tables)

    def moved(connection: Any, reached: Any) -> None:
        if luck.random() < rate:
            raise Crash
        move_on(connection, reached)

    Store.announce, memory.move_on = announced, moved  # type: ignore[method-assign]
    try:
        yield
    finally:
        Store.announce, memory.move_on = announce, move_on  # type: ignore[method-assign]


def snapshot(centre: Centre) -> None:
    """Keep every row of the centre aside, in the schema "kept"."""
    centre.connection.execute("DROP SCHEMA IF EXISTS kept CASCADE")
    centre.connection.execute("CREATE SCHEMA kept")
    for schema, table in tables_of(centre):
        centre.connection.execute(f'CREATE TABLE kept."{schema}.{table}" AS SELECT * FROM {schema}.{table}')
    centre.connection.execute("CREATE TABLE kept.sequence AS SELECT last_value, is_called FROM sync.lane_lane_id_seq")


def put_back(centre: Centre) -> None:
    """The centre as it was at the snapshot."""
    found = tables_of(centre)
    with centre.connection.transaction():
        centre.connection.execute(f"TRUNCATE {', '.join(f'{schema}.{table}' for schema, table in found)} CASCADE")
        centre.connection.execute("SET LOCAL session_replication_role = replica")
        for schema, table in found:
            centre.connection.execute(
                f'INSERT INTO {schema}.{table} OVERRIDING SYSTEM VALUE SELECT * FROM kept."{schema}.{table}"'
            )
        centre.connection.execute(
            "SELECT setval('sync.lane_lane_id_seq', last_value, is_called) FROM kept.sequence"
        )


def tables_of(centre: Centre) -> list[tuple[Any, ...]]:
    found = "SELECT schemaname, tablename FROM pg_tables WHERE schemaname IN ('sync', 'record') ORDER BY 1, 2"
    return centre.rows(found)


def run(world: World, steps: int) -> list[str]:
    """Live, make peace, and say what is wrong."""
    try:
        world.live(steps)
        world.make_peace()
        return world.faults()
    finally:
        with suppress(Exception):
            world.close()

