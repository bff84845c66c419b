"""A folder of PDF files in a printer's place. They are not encrypted, so they do not stay for ever."""

from __future__ import annotations

import contextlib
import os
import re
import time
from pathlib import Path

from desktop.errors import UserError
from desktop.i18n import _

# The names that ui/delivery.py gives to papers of people: only these are ever swept, whatever else lies there.
OF_PEOPLE = re.compile(r"\d{6}-\d{3}-\d{4}-\d-[a-z0-9-]+\.(pdf|tmp)")
# A key to all data, in the open until it was printed from here and typed back (ui/keys_form.py).
RECOVERY_SHEET = "lembar-pemulihan.pdf"
DAY = 24 * 60 * 60


def keep(pdf: bytes, folder: Path, name: str) -> Path:
    """Put a PDF into the folder, whole or not at all. UserError when the folder cannot be written."""
    path = folder / name
    draft = path.with_suffix(".tmp")
    try:
        folder.mkdir(parents=True, exist_ok=True)
        draft.write_bytes(pdf)
        os.replace(draft, path)
    except OSError as problem:
        raise UserError(
            _(
                "Kertas tidak dapat disimpan di folder {folder}. Data berkas aman. Periksa folder atau ruang disk, "
                "lalu cetak lagi."
            ).format(folder=folder)
        ) from problem
    return path


def forget_recovery_sheet(folder: Path) -> None:
    """Delete a recovery sheet that a program left which did not come to its end."""
    with contextlib.suppress(OSError):
        (folder / RECOVERY_SHEET).unlink()


def sweep(folder: Path, days: int) -> int:
    """Delete papers of people that are older than so many days; returns how many went."""
    gone, limit = 0, time.time() - days * DAY
    try:
        found = [entry for entry in os.scandir(folder) if OF_PEOPLE.fullmatch(entry.name)]
    except OSError:
        return 0  # no folder yet, or not ours to read: there is nothing to sweep
    for entry in found:
        try:
            if entry.is_file(follow_symlinks=False) and entry.stat(follow_symlinks=False).st_mtime < limit:
                os.unlink(entry.path)
                gone += 1
        except OSError:
            continue  # open in a viewer: it goes the next time
    return gone
