"""One file that sets up a PC without a click, for whoever puts fifty of them into a hall (README, many counters).

It says what the wizard would ask and what Pengaturan holds. It counts at the first start only: what an officer changes
afterwards stays.
"""

from __future__ import annotations

import tomllib
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from desktop import settings
from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations import setup
from desktop.operations.setup import FirstRun
from desktop.settings import Settings
from desktop.store import Store

# Found in the profile's folder, it is used as if it had been named; it holds a PIN, so it is removed once used.
FILE_NAME = "awal.toml"
MAX_BYTES = 64 * 1024
# The table of the file that the wizard's answers stand in, and those that have to be there.
SETUP = "pengaturan_awal"
NEEDED = ("agency_codes", "counter_name", "officer_name", "pin")
# What the program notes down itself is nothing to be told.
OWN = {"counter_id", "last_officer_id"}


class RolloutError(UserError):
    """The file was refused, and nothing was set up; every fault is told with its key."""

    def __init__(self, path: Path, faults: list[str]) -> None:
        self.faults = faults
        super().__init__(
            _("Berkas pengaturan {path} ditolak; PC ini belum diatur. {faults}").format(
                path=path, faults=" ".join(faults[:8])
            ),
            code="E-14",
        )


def roll_out(folder: Path, named: Path | None) -> None:
    """Set up the PC of ``folder`` by the file named (or lying there), unless it has settings of its own already.

    RolloutError or UserError where the file cannot be used; nothing is kept then.
    """
    lying = folder / FILE_NAME
    source = named or (lying if lying.exists() else None)
    # Only the first start may look into the data: a later one must find them as the last one left them.
    if source is None or (folder / settings.FILE_NAME).exists():
        return
    told, plan = read(source)
    folder.mkdir(parents=True, exist_ok=True)
    if plan is not None:
        store = Store.open(folder)
        try:
            with store.saving(None) as session:
                told.counter_id, told.last_officer_id = setup.first_run(session, plan, setup.shipped_catalogue())
        finally:
            store.close()
    settings.save(folder, told)
    if source == lying:
        lying.unlink(missing_ok=True)


def read(path: Path) -> tuple[Settings, FirstRun | None]:
    """The settings of a file, and the wizard's answers where it has them. RolloutError names each wrong key."""
    try:
        with path.open("rb") as source:
            raw = tomllib.loads(source.read(MAX_BYTES).decode("utf-8-sig"))
    except OSError as problem:
        reason = problem.strerror or type(problem).__name__
        raise RolloutError(path, [_("Tidak dapat dibaca: {reason}.").format(reason=reason)]) from problem
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise RolloutError(path, [_("Bukan berkas TOML yang benar: {reason}.").format(reason=problem)]) from problem
    answers = raw.pop(SETUP, None)
    faults = _unknown(raw, Settings, "")
    told = Settings()
    try:
        told = Settings.model_validate(raw)
    except ValidationError as error:
        faults += [_wrong(one) for one in error.errors(include_url=False)]
    plan = _plan(answers, faults) if answers is not None else None
    if faults:
        raise RolloutError(path, faults)
    return told, plan


def _unknown(raw: dict[str, Any], kind: type[BaseModel], before: str) -> list[str]:
    faults = []
    for key, value in raw.items():
        field = kind.model_fields.get(key)
        if field is None or key in OWN:
            known = ", ".join(name for name in kind.model_fields if name not in OWN)
            faults.append(_("{key} tidak dikenal. Yang dikenal: {known}.").format(key=before + key, known=known))
        elif isinstance(value, dict) and isinstance(field.annotation, type) and issubclass(field.annotation, BaseModel):
            faults += _unknown(value, field.annotation, f"{key}.")
    return faults


def _wrong(error: ErrorDetails) -> str:
    key = ".".join(str(part) for part in error["loc"])
    context = error.get("ctx", {})
    value = str(error.get("input", ""))[:60]
    match error["type"]:
        case "literal_error":
            choices = str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            return _("{key}: {value} tidak dikenal. Pilihannya: {choices}.").format(
                key=key, value=value, choices=choices
            )
        case "greater_than_equal" | "less_than_equal":
            return _("{key}: {value} di luar batas.").format(key=key, value=value)
        case _:
            return _("{key}: {value} salah bentuk.").format(key=key, value=value)


def _plan(answers: Any, faults: list[str]) -> FirstRun | None:
    """The wizard's answers; what is wrong is added to ``faults``."""
    if not isinstance(answers, dict):
        faults.append(_("{key}: {value} salah bentuk.").format(key=SETUP, value=answers))
        return None
    usual = FirstRun()
    known = [field.name for field in fields(FirstRun) if field.name != "officer_role"]
    values: dict[str, Any] = {}
    for key, value in answers.items():
        full = f"{SETUP}.{key}"
        if key not in known:
            faults.append(_("{key} tidak dikenal. Yang dikenal: {known}.").format(key=full, known=", ".join(known)))
        elif not _fits(value, getattr(usual, key)):
            faults.append(_("{key}: {value} salah bentuk.").format(key=full, value=str(value)[:60]))
        else:
            values[key] = tuple(value) if isinstance(value, list) else value
    faults += [_("{key} belum diisi.").format(key=f"{SETUP}.{key}") for key in NEEDED if not answers.get(key)]
    return replace(usual, **values)


def _fits(value: Any, usual: Any) -> bool:
    if isinstance(usual, tuple):
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    if isinstance(usual, dict):
        return isinstance(value, dict) and all(isinstance(item, str) for item in value.values())
    return isinstance(value, str)
