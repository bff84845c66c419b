"""Measures the program against the least that could do the same work, and prints one table."""

from __future__ import annotations

import gc
import importlib
import json
import pkgutil
import platform
from pathlib import Path
from typing import Any

from desktop.errors import UserError
from desktop.i18n import _

PACKAGE = "tests.benchmarks"


def run(names: list[str], *, quick: bool, into: Path | None) -> int:
    """Run the benchmarks of these names (all of them where there is none); 1 if a goal is missed.

    ``quick`` takes fewer and smaller rounds, for a look; ``into`` gets the figures as JSON.
    """
    known = available()
    for name in names:
        if name not in known:
            raise UserError(
                _("Tidak ada pengukuran bernama {name}. Yang ada: {names}.").format(name=name, names=", ".join(known))
            )
    measuring: Any = importlib.import_module(f"{PACKAGE}.measuring")
    print(measuring.HEAD, flush=True)
    figures = []
    for name in names or known:
        benchmark = importlib.import_module(f"{PACKAGE}.bench_{name}")
        gc.collect()
        gc.freeze()  # what was imported, as the program does at its start
        for figure in benchmark.run(quick):
            print(figure.line(), flush=True)
            figures.append(figure)
    if into is not None:
        told = {"python": platform.python_version(), "machine": platform.machine(), "quick": quick}
        into.write_text(json.dumps({**told, "figures": [figure.as_json() for figure in figures]}, indent=1))
    return 1 if any(figure.holds is False for figure in figures) else 0


def available() -> list[str]:
    """The names that can be asked for. UserError where the program was installed without its tests."""
    try:
        package = importlib.import_module(PACKAGE)
    except ImportError as problem:
        raise UserError(_("Pengukuran ada di folder tests, yang tidak ikut dipasang di sini.")) from problem
    found = [module.name for module in pkgutil.iter_modules(package.__path__)]
    return sorted(name.removeprefix("bench_") for name in found if name.startswith("bench_"))
