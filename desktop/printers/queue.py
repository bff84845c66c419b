"""Raw bytes to a named queue of the system, whichever system it is."""

from __future__ import annotations

import sys

from desktop.errors import UserError
from desktop.i18n import _


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


def missing(name: str) -> UserError:
    """The queue is not there."""
    words = _(
        'Printer "{name}" tidak ditemukan. Data berkas aman. Periksa kabel dan daya printer, atau pilih '
        "printer lain di Pengaturan."
    )
    return UserError(words.format(name=name))


def stopped(name: str) -> UserError:
    """The queue takes nothing, or keeps what it took."""
    words = _('Printer "{name}" berhenti atau menolak cetakan. Periksa kertas; bila tetap, minta admin menjalankannya.')
    return UserError(words.format(name=name))
