"""What this PC is told (language, look, printer, counter): one typed TOML file in the program's own folder.

To add a setting: a line in a class below; the file, its checks and the defaults follow.
"""

from __future__ import annotations

import json
import os
import tomllib
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from desktop.errors import UserError
from desktop.i18n import _

FILE_NAME = "loket.toml"
# A shorter pause between keys would cut a scan in two, a longer one would be a hand's (milliseconds).
LEAST_MS, MOST_MS = 20, 60


class _Section(BaseModel):
    # An unknown key is a newer program's: it is kept by `save`, never a reason to refuse to start.
    model_config = ConfigDict(extra="allow", validate_assignment=True)


PaperSize = Literal["a5", "a4", "80mm", "58mm"]


class Printer(_Section):
    """Where papers come out; ``none`` is a second printer that is not there.

    ``system``: a sheet printer, by the name of its queue. ``thermal``: an ESC/POS printer on a cable, by the name of
    its queue or its device file. ``network``: the same at an address, port 9100 unless it says another. ``pdf``: a
    folder of files, which nothing encrypts; ``keep_days`` later they are swept.
    """

    kind: Literal["none", "pdf", "system", "thermal", "network"] = "pdf"
    name: str = ""
    address: str = ""
    paper: PaperSize = "a5"
    folder: str = ""
    keep_days: int = Field(default=7, ge=1, le=365)


class Scanner(_Section):
    """How the scanner of this PC types. ``gap_ms``: its longest pause between two keys, as a scanned test page showed.

    ``sound``: a tone answers every scan. ``port``: where a serial scanner is ("COM3", "/dev/ttyUSB0"); empty: none.
    """

    gap_ms: int = Field(default=35, ge=LEAST_MS, le=MOST_MS)
    sound: bool = True
    port: str = ""


class Backups(_Section):
    """Where copies of the data go (a USB stick, a network folder; empty: beside the data) and how often."""

    folder: str = ""
    every_minutes: int = Field(default=60, ge=5, le=24 * 60)


class Settings(_Section):
    """The settings of one PC; ``counter_id`` and ``last_officer_id`` are record ids."""

    language: Literal["id", "en"] = "id"
    theme: Literal["light", "dark", "contrast"] = "light"
    text_size: int = Field(default=11, ge=9, le=16)
    idle_minutes: int = Field(default=10, ge=1, le=120)
    counter_id: str = ""
    last_officer_id: str = ""
    has_numpad: bool = True
    training: bool = False
    printer: Printer = Field(default_factory=Printer)
    second_printer: Printer = Field(default_factory=lambda: Printer(kind="none"))
    scanner: Scanner = Field(default_factory=Scanner)
    backups: Backups = Field(default_factory=Backups)


def load(folder: Path) -> Settings:
    """The settings kept in ``folder``, or the defaults where there is no file yet.

    Raises UserError when the file cannot be read as settings; it is left as it is.
    """
    path = folder / FILE_NAME
    try:
        return Settings.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        return Settings()
    except NotADirectoryError:
        return Settings()  # the store says what is wrong with the folder
    except (OSError, tomllib.TOMLDecodeError, UnicodeDecodeError, ValidationError) as problem:
        raise UserError(
            _(
                "Berkas pengaturan {path} tidak terbaca. Data pelayanan tidak terpengaruh. "
                "Perbaiki atau hapus berkas itu, lalu buka lagi."
            ).format(path=path),
            code="E-11",
        ) from problem


def save(folder: Path, settings: Settings) -> None:
    """Write the settings so that a power cut leaves the old file or the new one, never half of each."""
    path = folder / FILE_NAME
    draft = path.with_suffix(".tmp")
    with draft.open("w", encoding="utf-8") as out:
        out.write(_toml(settings.model_dump()))
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


def _toml(values: dict[str, Any]) -> str:
    # A JSON string is a TOML basic string, and so are JSON's numbers, booleans and flat lists.
    tables = {key: value for key, value in values.items() if isinstance(value, dict)}
    lines = [f"{key} = {_quoted(value)}" for key, value in values.items() if key not in tables]
    for name, table in tables.items():
        lines += ["", f"[{name}]", *(f"{key} = {_quoted(value)}" for key, value in table.items())]
    return "\n".join(lines) + "\n"


def _quoted(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
