"""A throw-away hall on one PC: a centre of its own, real counters side by side, and a switch for each one's network."""

from __future__ import annotations

import os
import subprocess
import tempfile
from pathlib import Path

from desktop import itself, sample
from desktop.commands.training_hall import TrainingHall
from desktop.errors import UserError
from desktop.i18n import _
from desktop.sync.server import Server
from desktop.ui import program, style
from desktop.ui.switches import Switches

DAYS = 8
MOST = 6


def run(counters: int) -> int:
    """Show ``counters`` counters, each a program of its own, until the switches are closed; nothing is left behind."""
    if not 2 <= counters <= MOST:
        raise UserError(_("Pilih 2 sampai {most} loket.").format(most=MOST))
    app = program.application()
    style.apply(app, "light", 11)
    with (
        program.ended_from_outside(app),
        tempfile.TemporaryDirectory(prefix="loket-latihan-", ignore_cleanup_errors=True) as name,
    ):
        folder = Path(name)
        os.chmod(folder, 0o711)  # the server's account passes through, and sees nothing
        print(_("Menyiapkan pusat data dan {count} loket latihan, sekitar setengah menit …").format(count=counters),
              flush=True)  # fmt: skip
        server = Server.make(folder / "server")
        hall = TrainingHall(folder, server)
        programs: list[subprocess.Popen[bytes]] = []
        try:
            server.start()
            hall.make(counters, days=DAYS)
            programs = [start(profile, place, counters) for place, profile in enumerate(hall.counters.values())]
            switches = Switches(hall.wires, _("PIN semua petugas: {pin}").format(pin=sample.PIN))
            switches.show()
            return app.exec()
        finally:
            for one in programs:
                one.terminate()
            for one in programs:
                one.wait()
            hall.close()
            server.stop()


def start(profile: Path, place: int, of: int) -> subprocess.Popen[bytes]:
    """The program of one counter, beside the others."""
    return subprocess.Popen(itself.command("--profile", str(profile), "--place", f"{place + 1}/{of}"))
