"""A whole day through the real window adds up; a program that lies, leaks or counts twice is caught."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import MORNING
from tests.faults.day import Hall, set_up
from tests.faults.reckoning import is_flat, reckon

Rounds = Callable[[int, int], int]
NewHall = Callable[..., Hall]
pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def counter_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A set-up counter, to be copied."""
    folder = tmp_path_factory.mktemp("counter") / "pc"
    set_up(folder)
    return folder


@pytest.fixture
def new_hall(counter_folder: Path, tmp_path: Path) -> Iterator[NewHall]:
    made: list[Hall] = []

    def make(seed: int, people: int, how: str = "") -> Hall:
        shutil.copytree(counter_folder, tmp_path / "pc")
        made.append(Hall(tmp_path / "pc", seed, people, how=how))
        return made[-1]

    yield make
    for hall in made:
        hall.close()


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_a_day_adds_up(new_hall: NewHall, rounds: Rounds) -> None:
    hall = new_hall(seed=rounds(23, 300), people=rounds(18, 300))
    book = hall.live()
    reckon(book, hall.folder, hall.printer.printed, hall.tray, MORNING.date(), spoiled=1)
    assert is_flat(book, since=rounds(10, 30)), book.lives[-1]
    assert hall.printer.printed and list(hall.tray.glob("*.pdf")), "the control: both printers had their share"
    assert len(book.lives) == 3 and {file.state for file in book.files} == {"REGISTERED", "RETURNED", "VOID"}


def test_a_number_that_was_shown_too_early_is_missed(new_hall: NewHall) -> None:
    """Negative control: the screen says it a moment before the disk has it, and the mains are cut."""
    hall = new_hall(seed=1, people=1, how="say_before_it_is_kept")
    begin(hall)
    hall.new()
    hall.kill()
    with pytest.raises(AssertionError, match="numbers on the screen and in the data do not agree"):
        settle_up(hall)


def test_a_number_given_twice_is_found(new_hall: NewHall) -> None:
    """Negative control."""
    hall = new_hall(seed=1, people=2, how="give_numbers_twice")
    begin(hall)
    for _person in range(2):
        hall.new()
    hall.go_home()
    with pytest.raises(AssertionError, match="a number was given twice"):
        settle_up(hall)


def test_a_screen_that_stays_behind_at_every_save_is_found(new_hall: NewHall) -> None:
    """Negative control."""
    hall = new_hall(seed=1, people=5, how="leak_a_screen_at_every_save")
    begin(hall)
    for _person in range(5):
        hall.comes("new")
    hall.go_home()
    assert not is_flat(hall.book, since=1), hall.book.lives


def begin(hall: Hall) -> None:
    hall.start()
    hall.order("sign_in", name=hall.officer)


def settle_up(hall: Hall) -> None:
    reckon(hall.book, hall.folder, hall.printer.printed, hall.tray, MORNING.date())
