"""Three counters of one hall in the tour: in step, one cut off while all of them work, and in step again."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from desktop.commands.training_hall import TrainingHall
from desktop.operations import intake, reception
from desktop.sample import Hall as Luck
from desktop.sample import offers
from desktop.sync.server import Server
from desktop.ui import program
from desktop.ui.program import Program
from desktop.ui.typist import save_side_by_side, wait_for

COUNTERS, DAYS = 3, 1


def walk(folder: Path) -> list[str]:
    """Leave the three pictures in ``folder``; their names."""
    with tempfile.TemporaryDirectory(prefix="loket-tour-", ignore_cleanup_errors=True) as name:
        home = Path(name)
        os.chmod(home, 0o711)  # the server's account passes through
        server = Server.make(home / "server")
        server.start()
        hall = TrainingHall(home, server)
        programs: dict[str, Program] = {}
        try:
            hall.make(COUNTERS, days=DAYS)
            for counter, profile in hall.counters.items():
                programs[counter] = made = program.assemble(profile)
                made.window.resize(960, 720)
                made.begin()
            _pictures(folder, hall, programs)
        finally:
            for made in programs.values():
                made.close()
            hall.close()
            server.stop()
    return ["hall-in-step", "hall-cut-off", "hall-healed"]


def _pictures(folder: Path, hall: TrainingHall, programs: dict[str, Program]) -> None:
    windows = [made.window for made in programs.values()]
    for counter, made in programs.items():
        wait_for(lambda made=made: made.window.centre.kind() == "in_step")  # type: ignore[misc]
        made.window.sign_in(hall.officers[counter])
        made.window.show_screen("today")
    luck = Luck(seed=8)
    first, *_between, last = programs
    numbers = [_receive(programs[first], luck)]
    _wait_for_all(programs.values(), numbers)
    save_side_by_side(windows, folder / "hall-in-step.png")
    hall.wires[last].cut()
    wait_for(lambda: programs[last].window.centre.kind() == "offline")
    numbers += [_receive(programs[first], luck), _receive(programs[last], luck)]
    programs[last].window.centre.try_now()
    wait_for(lambda: programs[last].window.centre.pending() > 0)
    save_side_by_side(windows, folder / "hall-cut-off.png")
    hall.wires[last].heal()
    programs[last].window.centre.try_now()
    _wait_for_all(programs.values(), numbers)
    wait_for(lambda: programs[last].window.centre.kind() == "in_step")
    save_side_by_side(windows, folder / "hall-healed.png")


def _receive(made: Program, luck: Luck) -> str:
    """A file saved at that counter; its number."""
    desk = made.window.around.desk
    assert desk is not None
    with made.store.reading() as session:
        form = luck.form(offers(session, desk)[0], desk.day(made.store.clock()))
    with made.store.saving(desk.officer_id) as session:
        saved = intake.receive(session, desk, form)
    made.window.around.printing.out(saved.print_id)
    return saved.number


def _wait_for_all(programs: Iterable[Program], numbers: list[str]) -> None:
    """Until every counter holds these files."""

    def are_here() -> bool:
        for made in programs:
            desk = made.window.around.desk
            with made.store.reading() as session:
                if desk is None or not all(reception.files_by_number(session, desk, one) for one in numbers):
                    return False
        return True

    wait_for(are_here)
