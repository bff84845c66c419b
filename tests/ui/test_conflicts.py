"""Two versions of one person as answers: told apart by counter and hour, nothing private is seen."""

from __future__ import annotations

from PySide6.QtWidgets import QPushButton

from desktop.operations.conflicts import Met, Version
from desktop.operations.intake_form import DECLINED
from desktop.ui import conflicts
from tests.ui.desk import At


def test_what_met_is_shown_covered(at: At) -> None:
    store = at.window.store
    ours = {"nik": "3319075203890003", "birth_date": "1989-03-12", "phone": "+6281234567890", "full_name": "Siti"}
    theirs = {"nik": "3319074104910007", "birth_date": "1991-04-01", "phone": DECLINED,
              "full_name": "Siti 3319075203890003"}
    versions = [
        Version("e1", ours, "Loket 2", "Rini", store.clock()), Version("e2", theirs, "Loket 5", "Budi", store.clock()),
    ]  # fmt: skip
    conflicts.ask(at.window.around, Met("party", "p", "a", *versions, fields=tuple(ours)))
    answers = [button.accessibleName() for button in at.window.feedback.findChildren(QPushButton)]
    first, second, *_cancel = filter(None, answers)
    hour = "pukul 08.12"
    assert first == f"3319 •••• •••• 0003, ••-••-1989, 0812-••••-890, Siti · Loket 2, {hour} · Rini"
    assert second == (
        "3319 •••• •••• 0007, ••-••-1991, tidak punya atau tidak bersedia, Siti 3319 •••• •••• 0003"
        f" · Loket 5, {hour} · Budi"
    )
