"""A whole day through the real window adds up, and so does one of kills; a program that lies, leaks or counts twice is
caught."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.conftest import MORNING
from tests.faults.day import Hall, set_up
from tests.faults.nursery import Nursery
from tests.faults.reckoning import is_flat, reckon, reckon_numbers

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
def new_hall(counter_folder: Path, nursery: Nursery, tmp_path: Path) -> Iterator[NewHall]:
    made: list[Hall] = []

    def make(seed: int, people: int, how: str = "") -> Hall:
        shutil.copytree(counter_folder, tmp_path / "pc")
        made.append(Hall(tmp_path / "pc", nursery, seed, people, how=how))
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


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_window_killed_in_f9_has_kept_the_file_or_what_was_typed(new_hall: NewHall, rounds: Rounds) -> None:
    """Before the disk has it, after it, while the number is shown and while the paper comes out."""
    hall, ends = new_hall(seed=11, people=0), set()
    hall.now = MORNING
    begin(hall)
    hall.serve(hall.person())  # its number tells this PC's code: a kill may leave only five digits on the screen
    hall.order("wait")
    for kill in range(rounds(6, 100)):
        ends.add(hall.cut_power(within=0.05 if kill % 2 else 0.4))
    hall.go_home()
    reckon_numbers(hall.book, hall.folder, hall.printer.printed, hall.tray, spoiled=hall.cuts)
    assert hall.printer.printed and len(ends) >= rounds(1, 3), "the control: kills fell everywhere"


def test_a_paper_that_came_out_too_early_is_found(new_hall: NewHall) -> None:
    """Negative control: it is printed a moment before the disk has its file, and the mains are cut."""
    hall = new_hall(seed=1, people=1, how="print_before_it_is_kept")
    begin(hall)
    assert "printed" in hall.order("serve", person=hall.person(), service="ktp el baru")
    hall.kill()
    with pytest.raises(AssertionError, match="a paper of no file"):
        settle_up(hall)


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
