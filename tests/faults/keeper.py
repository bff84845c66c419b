"""Changes the key, updates, makes backups or restores one: over and over until it is killed, or once.

The first for test_safekeeping_kills.py, the second for test_safekeeping_power_cut.py.

The careless ways are what a reasonable program might have done instead; each ends itself at its worst moment.
"""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path

from desktop import keys
from desktop.folder import FILE_NAME, SLOTS_NAME
from desktop.safekeeping import backup, restore, salvage
from desktop.safekeeping.backup import ABOUT_NAME
from desktop.store import Store, connect


def change_key(folder: Path, _stick: Path) -> None:
    ring = keys.read(folder / SLOTS_NAME)
    ring.wants_new_key = True
    ring.save()
    Store.open(folder).close()


def update(folder: Path, _stick: Path) -> None:
    Store.open(folder).close()


def make_backup(folder: Path, stick: Path) -> None:
    store = Store.open(folder)
    backup.make(store, stick)
    store.close()


def bring_back(folder: Path, stick: Path) -> None:
    restore.restore(backup.backups(stick)[-1], folder)


def save_what_is_left(folder: Path, _stick: Path) -> None:
    salvage.salvage(folder)


def change_key_and_tell_afterwards(folder: Path, _stick: Path) -> None:
    ring = keys.read(folder / SLOTS_NAME)
    connection = connect(folder / FILE_NAME, ring.this_pc or "")
    connection.execute(f"PRAGMA rekey = \"x'{'ab' * 32}'\"").fetchall()
    os._exit(9)


def copy_under_the_last_name(folder: Path, stick: Path) -> None:
    made = backup.backups(stick)[-1].folder
    there = made.with_name("20270101-000000")
    there.mkdir()
    shutil.copy(made / ABOUT_NAME, there)
    content = (folder / FILE_NAME).read_bytes()
    (there / FILE_NAME).write_bytes(content[: len(content) // 2])
    os._exit(9)


def exchange_without_a_mark(folder: Path, _stick: Path) -> None:
    os.replace(folder / FILE_NAME, folder / "aside")
    os._exit(9)


def main(what: str, folder: str, stick: str) -> None:
    act = globals()[what]
    print("begun", flush=True)
    while True:
        act(Path(folder), Path(stick))


def once(what: str, folder: Path, *, hasty: bool) -> None:
    """Say "done" after it. ``hasty`` leaves out every sync of its own."""
    if hasty:
        os.fsync = lambda _handle: None
    globals()[what](folder / "pc", folder / "stick")
    print("done", flush=True)


if __name__ == "__main__":
    once(sys.argv[2], Path(sys.argv[1]), hasty="hasty" in sys.argv)
