"""Real windows around a real centre: what one officer types, another one sees."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import psycopg
import pytest

from desktop.commands.training_hall import TrainingHall
from desktop.operations import intake
from desktop.operations.intake_form import IntakeForm, Outcome
from desktop.sample import Hall as Luck
from desktop.sample import offers
from desktop.sync.server import Server
from desktop.ui import program
from desktop.ui.main_window import MainWindow
from desktop.ui.program import Program
from tests.conftest import Clock
from tests.ui.desk import forget

_names = itertools.count(1)


class Windows:
    """A training hall whose programs run in this process."""

    def __init__(self, hall: TrainingHall, qtbot) -> None:
        self.hall, self.qtbot = hall, qtbot
        self.programs: list[Program] = []

    def open(self, name: str, *, signed_in: bool = True, clock: Clock | None = None) -> MainWindow:
        """The window of that counter, in step."""
        window = self.begin(self.hall.counters[name], clock=clock)
        self.until(window, "in_step")
        if signed_in:
            window.sign_in(self.hall.officers[name])
        return window

    def begin(self, folder: Path, *, clock: Clock | None = None) -> MainWindow:
        """The program of a folder, begun; whatever comes up."""
        made = program.assemble(folder, **({"clock": clock} if clock else {}))
        self.programs.append(made)
        made.begin()
        made.window.activateWindow()
        self.qtbot.waitUntil(made.window.isActiveWindow)
        return made.window

    def until(self, window: MainWindow, kind: str) -> None:
        self.wait(lambda: window.centre.standing is not None and window.centre.standing.kind == kind)

    def wait(self, answer: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(answer, timeout=30_000)

    def receive(self, window: MainWindow, *, is_short: bool = False) -> Outcome:
        """A whole file saved at that desk, as the screen's own save does it."""
        luck, desk = Luck(next(_names)), window.around.desk
        with window.store.reading() as session:
            form: IntakeForm = luck.form(offers(session, desk)[0], desk.day(window.store.clock()), is_short=is_short)
        with window.store.saving(desk.officer_id) as session:
            return intake.receive(session, desk, form)

    def close(self) -> None:
        for made in self.programs:
            made.close()
            forget(made.window)


@pytest.fixture
def training_hall(postgres: Server, tmp_path: Path) -> Iterator[TrainingHall]:
    """Two counters of a hall that joined a centre of this test's own."""
    hall = TrainingHall(tmp_path / "hall", postgres, database=f"training_{next(_names)}")
    hall.make(2, days=0)
    yield hall
    hall.close()
    with psycopg.connect(postgres.dsn(hall.database), autocommit=True) as connection:
        roles = [row[0] for row in connection.execute("SELECT DISTINCT db_role FROM sync.node").fetchall()]
    with psycopg.connect(postgres.dsn(), autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{hall.database}" WITH (FORCE)')
        for role in roles:
            connection.execute(f'DROP ROLE IF EXISTS "{role}"')


@pytest.fixture
def windows(training_hall: TrainingHall, qtbot, dressed) -> Iterator[Windows]:
    made = Windows(training_hall, qtbot)
    yield made
    made.close()


def cell(window: MainWindow, name: str = "network") -> str:
    """What a cell of the status line says."""
    window._tick()
    return window.frame.status.cells[name].text()


