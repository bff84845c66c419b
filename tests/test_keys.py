"""The ways into the data: this PC, a password, the recovery sheet; lost, guessed, forged, changed, damaged."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop import keys
from desktop.errors import UserError
from desktop.folder import FILE_NAME, SLOTS_NAME, WITNESS_NAME
from desktop.keys import FIRST_WAIT, FREE_TRIES, Locked
from desktop.store import Store, connect, opens
from tests.conftest import MORNING, Clock
from tests.test_store import add_agency, names

PASSWORD, OTHER = "kopi pahit di teras", "hujan sore di Kudus"
CODE = "".join(f"{n:04}{keys._check_digit(n, f'{n:04}')}" for n in range(10))


def locked_store(store: Store) -> Path:
    """The data of ``store`` behind a password and a recovery sheet."""
    add_agency(store)
    store.ring.set_password("siti", PASSWORD, MORNING)
    store.ring.set_recovery(CODE, MORNING)
    store.ring.ask_for_password()
    store.close()
    return store.folder


def opened(folder: Path, secret: str | None = None, clock: Clock | None = None) -> list[str]:
    store = Store.open(folder, secret=secret, clock=clock or Clock())
    try:
        return names(store)
    finally:
        store.close()


def bare_key(folder: Path) -> str | None:
    key: str | None = json.loads((folder / SLOTS_NAME).read_text())["this_pc"]
    return key


def test_a_file_of_the_first_form_opens_and_becomes_the_second(store: Store) -> None:
    add_agency(store)
    store.close()
    path = store.folder / SLOTS_NAME
    key = json.loads(path.read_text())["this_pc"]
    path.write_text(json.dumps({"slot": "this-pc", "key": key, "made": True}))
    assert opened(store.folder) == ["Dukcapil"]
    told = json.loads(path.read_text())
    assert (told["form"], told["this_pc"], told["made"]) == (2, key, True)
    assert opened(store.folder) == ["Dukcapil"]


def test_with_the_stricter_choice_nothing_opens_before_a_password(store: Store) -> None:
    folder = locked_store(store)
    for _again in range(2):  # the first opening changes the key, the second finds it changed
        with pytest.raises(Locked) as caught:
            opened(folder)
        assert caught.value.code == "E-09"
        assert opened(folder, PASSWORD) == ["Dukcapil"]
    assert opened(folder, CODE) == ["Dukcapil"]
    assert opened(folder, "-".join(CODE[at : at + 5] for at in range(0, 50, 5))) == ["Dukcapil"]
    assert bare_key(folder) is None


def test_the_key_that_lay_open_before_the_stricter_choice_opens_nothing_afterwards(store: Store) -> None:
    old = store.ring.key
    folder = locked_store(store)
    opened(folder, PASSWORD)
    assert not opens(folder / FILE_NAME, old)
    for path in folder.iterdir():
        assert old.encode() not in path.read_bytes(), path


def test_an_officer_is_ill_and_another_opens(store: Store) -> None:
    store.ring.set_password("rini", OTHER, MORNING)
    folder = locked_store(store)
    again = Store.open(folder, secret=OTHER, clock=Clock())
    assert again.ring.opened_by is not None and again.ring.opened_by.officer_id == "rini"
    again.close()


def test_a_way_in_that_was_closed_opens_nothing_and_the_others_still_do(store: Store) -> None:
    store.ring.set_password("rini", OTHER, MORNING)
    folder = locked_store(store)
    old_file = (folder / SLOTS_NAME).read_bytes()
    again = Store.open(folder, secret=PASSWORD, clock=Clock())
    rini = again.ring.slot_of("rini")
    assert rini is not None
    again.ring.remove(rini)
    again.close()
    assert opened(folder, PASSWORD) == ["Dukcapil"]
    assert opened(folder, CODE) == ["Dukcapil"], "the others got the new key without being asked"
    with pytest.raises(Locked):
        opened(folder, OTHER)
    # Whoever kept the old slots has a key that opens nothing any more.
    (folder / SLOTS_NAME).write_bytes(old_file)
    with pytest.raises(UserError) as caught:
        opened(folder, OTHER)
    assert caught.value.code == "E-02"


def test_the_last_ways_in_cannot_be_closed(store: Store) -> None:
    with pytest.raises(UserError) as caught:
        store.ring.ask_for_password()
    assert caught.value.code == "E-10"
    folder = locked_store(store)
    again = Store.open(folder, secret=PASSWORD, clock=Clock())
    for slot in list(again.ring.slots):
        with pytest.raises(UserError):
            again.ring.remove(slot)
    again.ring.open_by_itself()
    again.close()
    assert opened(folder) == ["Dukcapil"]


def test_a_slot_forged_without_the_key_gets_no_new_one(store: Store) -> None:
    """Negative control of the proof: whoever can write the file, but never opened it, waits for the next new key."""
    add_agency(store)
    store.ring.set_recovery(CODE, MORNING)
    forged = keys._new_slot("password", "thief", OTHER, "0" * 64, MORNING)
    store.ring.slots.append(forged)
    store.ring.wants_new_key = True
    store.ring.save()
    store.close()
    assert opened(store.folder) == ["Dukcapil"]
    assert [slot.kind for slot in keys.read(store.folder / SLOTS_NAME).slots] == ["recovery"]
    assert opened(store.folder, CODE) == ["Dukcapil"], "the control: a proven slot got it"


def test_wrong_passwords_are_never_tried_faster_than_the_schedule(store: Store) -> None:
    folder, clock = locked_store(store), Clock()
    assert opened(folder, PASSWORD, clock) == ["Dukcapil"]
    tried, started = 0, clock()
    for _attempt in range(60):
        before = keys.read(folder / SLOTS_NAME).wrong_tries
        with pytest.raises(Locked):
            keys.read(folder / SLOTS_NAME).candidates("salah sama sekali", clock())
        tried += keys.read(folder / SLOTS_NAME).wrong_tries - before
        clock.forward(seconds=20)
    assert FREE_TRIES <= tried <= FREE_TRIES + 6, "30 s, then 60, 120, 240, 480: twenty minutes allow five more"
    assert clock() - started < timedelta(hours=1)
    with pytest.raises(Locked, match="detik"):
        opened(folder, PASSWORD, clock)
    clock.forward(hours=1)
    assert opened(folder, PASSWORD, clock) == ["Dukcapil"]
    assert keys.read(folder / SLOTS_NAME).wrong_tries == 0


def test_a_kill_while_a_password_is_tried_forgives_nothing(store: Store) -> None:
    folder = locked_store(store)
    program = (
        "import os, sys; from pathlib import Path; from desktop import keys; from tests.conftest import MORNING;"
        "keys.KeyRing._match = lambda *_: os._exit(9);"
        "keys.read(Path(sys.argv[1])).candidates('salah sama sekali', MORNING)"
    )
    root = Path(__file__).parent.parent
    for count in range(1, 4):
        subprocess.run([sys.executable, "-c", program, str(folder / SLOTS_NAME)], cwd=root, check=False)
        assert keys.read(folder / SLOTS_NAME).wrong_tries == count


def test_a_clock_that_was_wrong_locks_nobody_out_for_years(store: Store) -> None:
    folder, clock = locked_store(store), Clock()
    clock.forward(days=9000)
    for _try in range(FREE_TRIES):
        with pytest.raises(Locked):
            keys.read(folder / SLOTS_NAME).candidates("salah sama sekali", clock())
    clock.moment = MORNING
    with pytest.raises(Locked, match="30 detik"):
        opened(folder, PASSWORD, clock)
    clock.forward(seconds=FIRST_WAIT.seconds + 1)
    assert opened(folder, PASSWORD, clock) == ["Dukcapil"]


@pytest.mark.parametrize("password", ["kopi", "1234567890123", "aaaaaaaaaaaaaaa", "abababababab"])
def test_a_password_that_is_guessed_first_is_refused(store: Store, password: str) -> None:
    with pytest.raises(UserError) as caught:
        store.ring.set_password("siti", password, MORNING)
    assert caught.value.field == "password"
    assert store.ring.slots == []


def test_the_same_letters_from_another_keyboard_are_the_same_password(store: Store) -> None:
    store.ring.set_password("siti", "cafe\u0301 di teras", MORNING)
    store.close()
    assert opened(store.folder, "caf\u00e9 di teras") == []


@given(st.lists(st.integers(0, 9), min_size=50, max_size=50), st.integers(0, 49), st.integers(1, 9))
def test_any_wrong_digit_of_the_code_is_found_in_its_group(digits: list[int], at: int, by: int) -> None:
    code = "".join(
        (four := "".join(map(str, digits[place * 5 : place * 5 + 4]))) + keys._check_digit(place, four)
        for place in range(10)
    )
    assert keys.wrong_groups(code) == []
    wrong = code[:at] + str((int(code[at]) + by) % 10) + code[at + 1 :]
    assert keys.wrong_groups(wrong) == [at // 5 + 1]


def test_two_groups_in_each_others_place_are_found() -> None:
    code = keys.new_code()
    groups = [code[at : at + 5] for at in range(0, 50, 5)]
    groups[2], groups[7] = groups[7], groups[2]
    assert set(keys.wrong_groups(" ".join(groups))) == {3, 8}


def test_every_single_changed_bit_of_the_slots_is_found(store: Store) -> None:
    store.ring.set_recovery(CODE, MORNING)
    store.close()
    path = store.folder / SLOTS_NAME
    whole = path.read_bytes()
    for bit in range(0, 8 * len(whole), 7):  # every seventh reaches each bit of a byte
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        path.write_bytes(flipped)
        try:
            read = keys.read(path)
        except UserError as problem:
            assert problem.code == "E-04"
        else:
            assert read.told() == store.ring.told(), "a change that changes nothing (a space, a letter's case)"
    path.write_bytes(whole)
    assert opened(store.folder) == []


def test_a_full_disk_keeps_the_slots_as_they_were(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (store.folder / SLOTS_NAME).read_bytes()

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(UserError) as caught:
        store.ring.set_recovery(CODE, MORNING)
    monkeypatch.undo()
    assert caught.value.code == "E-05"
    assert (store.folder / SLOTS_NAME).read_bytes() == before


def test_an_ordinary_start_imports_no_cryptography(store: Store) -> None:
    store.close()
    program = (
        "import sys; from pathlib import Path; from desktop.store import Store; Store.open(Path(sys.argv[1])).close();"
        "print([name for name in ('cryptography', 'argon2') if name in sys.modules])"
    )
    told = subprocess.run(
        [sys.executable, "-c", program, str(store.folder)],
        cwd=Path(__file__).parent.parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert told.stdout.strip() == "[]"


# --- the witness of the last entry


def test_a_log_file_that_is_gone_is_noticed(store: Store) -> None:
    """Somebody tidies up after a crash: the last saves were only there."""
    add_agency(store, "kept")
    raw = connect(store.folder / FILE_NAME, store.ring.key)
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    raw.close()
    add_agency(store, "only in the log")
    copied = {path.name: path.read_bytes() for path in store.folder.iterdir()}
    store.close()
    for name, content in copied.items():
        (store.folder / name).write_bytes(content)
    again = Store.open(store.folder, clock=Clock())
    assert (again.ended_badly, again.lost_entries) == (True, False), "the control: with its log all is there"
    again.close()
    for name, content in copied.items():
        (store.folder / name).write_bytes(content)
    (store.folder / f"{FILE_NAME}-wal").unlink()
    again = Store.open(store.folder, clock=Clock())
    assert (again.ended_badly, again.lost_entries, names(again)) == (False, True, ["kept"])
    again.close()


def test_a_damaged_witness_says_nothing(store: Store) -> None:
    add_agency(store)
    store.close()
    path = store.folder / WITNESS_NAME
    path.write_bytes(bytes([path.read_bytes()[0] ^ 1]) + path.read_bytes()[1:])
    again = Store.open(store.folder, clock=Clock())
    assert not again.lost_entries
    again.close()
