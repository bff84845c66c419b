"""The program itself: one window on one folder."""

from __future__ import annotations

from pathlib import Path

from desktop.errors import UserError
from desktop.i18n import _
from desktop.ui import program


def run(folder: Path) -> int:
    """Show the window and stay until it is closed; a second start brings the first one's window to the front."""
    app = program.application()
    try:
        open_program = program.assemble(folder)
    except UserError as problem:
        if problem.code == "E-01" and program.call_to_front(folder):
            print(_("Program sudah terbuka. Jendelanya ditampilkan."))
            return 0
        program.show_trouble(problem)
        return 1
    server = program.answer_calls(open_program, folder)
    open_program.window.feedback.catch_everything()
    open_program.window.show()
    code = app.exec()
    server.close()
    open_program.close()
    return code
