"""The program itself: one window on one folder."""

from __future__ import annotations

from pathlib import Path

from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations.rollout import roll_out
from desktop.ui import program, rescue


def run(folder: Path, settings: Path | None = None, place: str | None = None) -> int:
    """Show the window and stay until it is closed; a second start brings the first one's window to the front.

    ``settings`` sets the PC up at its first start (operations/rollout.py). What a password or a backup can help is
    asked for in a window of its own, and the start is tried again. ``place`` ("2/3") is beside other counters' windows.
    """
    app = program.application()
    secret: str | None = None
    while True:
        try:
            roll_out(folder, settings)
            open_program = program.assemble(folder, secret=secret or None)
        except UserError as problem:
            if problem.code == "E-01" and program.call_to_front(folder):
                print(_("Program sudah terbuka. Jendelanya ditampilkan."))
                return 0
            if problem.code not in rescue.CURABLE:
                program.show_trouble(problem)
                return 1
            secret = _rescued(folder, problem)
            if secret is None:
                return 1
            continue
        secret = None  # the day is long, and nobody needs it any more
        server = program.answer_calls(open_program, folder)
        open_program.window.feedback.catch_everything()
        open_program.begin()
        if place is not None:
            program.put_beside(open_program.window, place)
        code = app.exec()
        server.close()
        open_program.close()
        if not open_program.window.wants_rescue:
            return code
        secret = _rescued(folder, UserError(_("Pilih cadangan yang akan dipulihkan.")))


def _rescued(folder: Path, problem: UserError) -> str | None:
    """What was typed in the window before the window (may be empty); None where it was only closed."""
    window = rescue.RescueWindow(folder, problem)
    window.run()
    return window.secret if window.again else None
