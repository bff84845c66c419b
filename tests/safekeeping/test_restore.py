"""The way back: tried beside the data, proven, numbered anew, nothing deleted; and what no backup can bring back."""

from __future__ import annotations

import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import select, text

from desktop import keys
from desktop.errors import UserError
from desktop.folder import FILE_NAME, SLOTS_NAME, WORK_NAME
from desktop.keys import Locked
from desktop.models import journal
from desktop.models.application import Application
from desktop.models.local import Meta
from desktop.safekeeping import backup, health, restore, salvage
from desktop.safekeeping.backup import Backup
from desktop.store import Store
from tests.conftest import MORNING, Clock
from tests.safekeeping.conftest import receive
from tests.test_keys import CODE, PASSWORD

OpenStore = Callable[..., Store]
PAGE = 4096


def numbers(store: Store) -> set[str]:
    with store.reading() as session:
        return set(session.scalars(select(Application.number)))


def backed_up(store: Store, stick: Path) -> Backup:
    made = backup.make(store, stick)
    store.close()
    return made


def destroy(path: Path, pages: list[int]) -> None:
    content = bytearray(path.read_bytes())
    for page in pages:
        content[page * PAGE : page * PAGE + 200] = random.Random(page).randbytes(200)
    path.write_bytes(content)


def is_sound(store: Store) -> bool:
    with store.reading() as session:
        entries = journal.read_entries(session.connection())
        return journal.verify(entries) == [] and session.execute(text("PRAGMA quick_check")).scalar() == "ok"


def test_a_drill_changes_nothing(open_store: OpenStore, folder: Path, stick: Path) -> None:
    store = open_store()
    receive(store)
    made = backup.make(store, stick)
    before = {path.name for path in folder.iterdir()}
    assert restore.drill(made, folder).last_number == made.contents.last_number
    assert {path.name for path in folder.iterdir()} == before
    assert backup.make(store, stick).contents == made.contents


def test_the_damaged_file_stays_aside_and_the_numbers_begin_anew(
    open_store: OpenStore, folder: Path, stick: Path, clock: Clock
) -> None:
    store = open_store()
    first = receive(store)
    made = backup.make(store, stick)
    forgotten = receive(store)
    store.close()
    destroy(folder / FILE_NAME, [0])
    damaged = (folder / FILE_NAME).read_bytes()
    restore.restore(made, folder, clock=clock)
    again = open_store()
    assert first in numbers(again) and forgotten not in numbers(again)
    assert is_sound(again)
    given = receive(again)
    assert given[6:9] != forgotten[6:9] and 900 <= int(given[6:9]) <= 989
    assert not again.lost_entries, "the witness of the file that was there is aside with it"
    with again.reading() as session:
        assert session.get_one(Meta, "restored").value is True
    aside = next(folder.glob("disisihkan-*"))
    assert (aside / FILE_NAME).read_bytes() == damaged


def test_the_spare_code_of_the_centre_comes_first(
    open_store: OpenStore, folder: Path, stick: Path, clock: Clock
) -> None:
    store = open_store()
    with store.saving(None) as session:
        desk = session.get_one(Meta, "desk")
        desk.value = {**desk.value, "spare_code": 142}
    made = backed_up(store, stick)
    restore.restore(made, folder, clock=clock)
    again = Store.open(folder, clock=clock)
    assert receive(again)[6:9] == "142"
    again.close()
    restore.restore(made, folder, clock=clock)
    assert int(receive(open_store())[6:9]) >= 900, "the spare is spent, whatever the backup says"


def test_no_number_is_given_twice_however_often_the_same_backup_comes_back(
    open_store: OpenStore, folder: Path, stick: Path, clock: Clock, rounds: Callable[[int, int], int]
) -> None:
    """With a code drawn each time and forgotten each time, 16 restores gave numbers twice in most runs."""
    store = open_store()
    on_paper = numbers(store)
    made = backed_up(store, stick)
    for _time in range(rounds(16, 40)):
        restore.restore(made, folder, clock=clock)
        store = Store.open(folder, clock=clock)
        number = receive(store)
        store.close()
        assert number not in on_paper
        on_paper.add(number)


def test_the_slots_alone_come_back_without_touching_the_data(
    open_store: OpenStore, folder: Path, stick: Path
) -> None:
    store = open_store()
    made = backup.make(store, stick)
    later = receive(store)
    store.close()
    (folder / SLOTS_NAME).write_bytes(b"{")
    assert restore.give_keys_back(folder, [made]) == made
    assert later in numbers(open_store())
    assert (folder / "loket.rusak").read_bytes() == b"{"


def test_another_pc_takes_over_with_the_recovery_sheet(open_store: OpenStore, stick: Path, tmp_path: Path) -> None:
    store = open_store()
    store.ring.set_recovery(CODE, MORNING)
    store.ring.set_password("siti", PASSWORD, MORNING)
    number = receive(store)
    made = backed_up(store, stick)
    other = tmp_path / "other pc"
    other.mkdir()
    for wrong in (None, keys.new_code(), "bukan kata sandinya"):
        with pytest.raises(Locked):
            restore.restore(made, other, wrong)
        assert not (other / FILE_NAME).exists()
    restore.restore(made, other, CODE, clock=Clock())
    again = Store.open(other, clock=Clock())
    assert number in numbers(again)
    again.close()


def test_a_strict_pc_stays_strict(open_store: OpenStore, folder: Path, stick: Path, clock: Clock) -> None:
    store = open_store()
    store.ring.set_recovery(CODE, MORNING)
    store.ring.set_password("siti", PASSWORD, MORNING)
    store.ring.ask_for_password()
    made = backed_up(store, stick)
    destroy(folder / FILE_NAME, [0])
    restore.restore(made, folder, PASSWORD, clock=clock)
    with pytest.raises(Locked):
        open_store()
    assert is_sound(open_store(PASSWORD))
    assert '"this_pc": null' in (folder / SLOTS_NAME).read_text()


@pytest.mark.parametrize("name", [FILE_NAME, SLOTS_NAME])
@pytest.mark.parametrize("seed", range(8))
def test_one_changed_bit_in_a_backup_is_found_or_harmless(
    open_store: OpenStore, folder: Path, stick: Path, clock: Clock, name: str, seed: int
) -> None:
    store = open_store()
    made = backed_up(store, stick)
    content = bytearray((made.folder / name).read_bytes())
    at = random.Random(seed).randrange(len(content) * 8)
    content[at // 8] ^= 1 << at % 8
    (made.folder / name).write_bytes(content)
    before = (folder / FILE_NAME).read_bytes()
    try:
        restore.restore(made, folder, clock=clock)
    except UserError as problem:
        assert problem.code in ("E-13", "E-04", "E-02")
        assert (folder / FILE_NAME).read_bytes() == before, "nothing was exchanged"
    else:
        assert name == SLOTS_NAME, "the slots of this PC open it as well"
    assert is_sound(open_store())


def test_the_stricter_choice_survives_lost_slots_and_a_new_pc(
    open_store: OpenStore, folder: Path, stick: Path, tmp_path: Path, clock: Clock
) -> None:
    store = open_store()
    store.ring.set_recovery(CODE, MORNING)
    store.ring.set_password("siti", PASSWORD, MORNING)
    store.ring.ask_for_password()
    made = backed_up(store, stick)
    (folder / SLOTS_NAME).unlink()
    assert restore.give_keys_back(folder, [made]) is None, "nothing opens without a secret"
    assert restore.give_keys_back(folder, [made], CODE) == made
    (tmp_path / "new").mkdir()
    restore.restore(made, tmp_path / "new", CODE, clock=clock)
    for place in (folder, tmp_path / "new"):
        with pytest.raises(Locked):
            Store.open(place, clock=clock)
        Store.open(place, secret=PASSWORD, clock=clock).close()


def test_a_restore_asked_for_again_first_ends_the_one_that_was_interrupted(
    open_store: OpenStore, folder: Path, stick: Path, clock: Clock
) -> None:
    """The slots are exchanged, the database is not yet: to sweep the work folder now would lose it."""
    made = backed_up(open_store(), stick)
    real, moved = os.replace, []

    def dies(source: Path, target: Path) -> None:
        if Path(source).parent.name == WORK_NAME and Path(source).name == FILE_NAME:
            raise KeyboardInterrupt
        moved.append(source)
        real(source, target)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("desktop.folder.os.replace", dies)
        with pytest.raises(KeyboardInterrupt):
            restore.restore(made, folder, clock=clock)
    assert moved and not (folder / FILE_NAME).exists()
    restore.restore(made, folder, clock=clock)
    assert is_sound(open_store())
    assert len(list(folder.glob("disisihkan-*"))) == 2, "both that were in place before are still there"


def test_an_open_program_is_never_restored_over(open_store: OpenStore, folder: Path, stick: Path) -> None:
    made = backup.make(open_store(), stick)
    with pytest.raises(UserError) as caught:
        restore.restore(made, folder)
    assert caught.value.code == "E-01"


# --- what is left of a damaged file


def test_a_damaged_page_is_found_by_the_weekly_look(open_store: OpenStore, folder: Path, clock: Clock) -> None:
    store = open_store()
    assert health.is_due(store)
    assert health.is_whole(store)
    assert not health.is_due(store), "noted"
    clock.forward(days=8)
    assert health.is_due(store)
    store.close()
    pages = (folder / FILE_NAME).stat().st_size // PAGE
    destroy(folder / FILE_NAME, [pages // 2])
    assert not health.is_whole(open_store())


def test_what_a_whole_file_holds_is_saved_whole(open_store: OpenStore, folder: Path, clock: Clock) -> None:
    store = open_store()
    receive(store)
    before, facts = numbers(store), backup_facts(store)
    store.close()
    saved = salvage.salvage(folder, clock=clock)
    assert (saved.unreadable, saved.broken_chain) == (0, 0)
    assert "Tidak ada yang terlihat hilang" in saved.words()
    again = open_store()
    assert numbers(again) == before
    assert is_sound(again)
    assert backup_facts(again)["node"] == facts["node"]
    assert backup_facts(again)["desk"]["device_code"] != facts["desk"]["device_code"]
    receive(again)


@pytest.mark.parametrize("seed", range(5))
def test_most_of_a_file_with_destroyed_pages_comes_out(
    open_store: OpenStore, folder: Path, clock: Clock, seed: int
) -> None:
    store = open_store()
    receive(store)
    before = numbers(store)
    store.close()
    pages = (folder / FILE_NAME).stat().st_size // PAGE
    luck = random.Random(seed)
    destroy(folder / FILE_NAME, luck.sample(range(60, pages), 3))
    saved = salvage.salvage(folder, clock=clock)
    again = open_store()
    assert saved.applications == len(numbers(again))
    assert len(numbers(again) & before) >= 0.9 * len(before), (len(numbers(again)), len(before))
    with again.reading() as session:
        assert session.execute(text("PRAGMA quick_check")).scalar() == "ok"
        assert session.execute(text("SELECT count(*) FROM application_now")).scalar() == len(numbers(again))
    assert receive(again) not in before
    assert next(folder.glob("disisihkan-*")).is_dir()


def test_a_destroyed_head_is_left_to_the_backup(open_store: OpenStore, folder: Path) -> None:
    open_store().close()
    destroy(folder / FILE_NAME, [0])
    with pytest.raises(UserError) as caught:
        salvage.salvage(folder)
    assert caught.value.code == "E-02"
    assert not (folder / WORK_NAME).exists()


def backup_facts(store: Store) -> dict[str, object]:
    with store.reading() as session:
        return {
            "node": session.get_one(Meta, "journal").value["node"],
            "desk": session.get_one(Meta, "desk").value,
        }
