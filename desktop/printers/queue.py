"""Raw bytes to a named queue of the system, whichever system it is."""

from __future__ import annotations

import sys


def send(name: str, data: bytes, title: str) -> None:
    """Give a finished job to the queue ``name`` and see it through. UserError where it is not there or does not print.

    ``title`` is shown in the system's list of jobs: it must name nobody.
    """
    if sys.platform == "win32":
        from desktop.printers import winspool

        winspool.send(name, data, title)
    else:
        from desktop.printers import cups

        cups.send(name, data, title)
