"""Two versions of one person as answers: told apart by counter and hour, nothing private is seen."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton

from desktop.operations.conflicts import Met, Version
from desktop.operations.intake_form import DECLINED
from desktop.ui import conflicts
from tests.ui.desk import At


def met_at(at: At) -> Met:
    """Everything of one person, at two counters."""
    store = at.window.store
    ours = {"nik": "3319075203890003", "birth_date": "1989-03-12", "phone": "+6281234567890", "full_name": "Siti"}
    theirs = {"nik": "3319074104910007", "birth_date": "1991-04-01", "phone": DECLINED,
              "full_name": "Siti 3319075203890003"}
    versions = [
        Version("e1", ours, "Loket 2", "Rini", store.clock()), Version("e2", theirs, "Loket 5", "Budi", store.clock()),
    ]  # fmt: skip
    return Met("party", "p", "a", *versions, fields=tuple(ours))


def test_the_list_tells_whose_and_where_and_a_key_shows_both(at: At) -> None:
    at.window.show_screen("health")
    page = at.window.current()
    assert "F6" not in [act.key for act in page.acts()]
    table = page.conflicts
    table.show_rows([replace(met_at(at), fields=("phone",))])
    page._join.hide()
    page._hall.show()
    page._conflicts.show()
    QTest.qWait(20)
    cells = [table.model().index(0, place).data() for place in range(4)]
    assert cells == ["Nomor HP", "Siti", "Loket 5 dan Loket 2", "Loket 2, pukul 08.12"]
    assert all(table.columnWidth(place) >= table.sizeHintForColumn(place) for place in range(4)), "nothing ends in dots"
    table.ask()
    assert at.window.feedback.text() == "Mana yang benar?"


def test_what_met_is_shown_covered(at: At) -> None:
    conflicts.ask(at.window.around, met_at(at))
    answers = [button.accessibleName() for button in at.window.feedback.findChildren(QPushButton)]
    first, second, *_cancel = filter(None, answers)
    hour = "pukul 08.12"
    assert first == f"3319 •••• •••• 0003, ••-••-1989, 0812-••••-890, Siti · Loket 2, {hour} · Rini"
    assert second == (
        "3319 •••• •••• 0007, ••-••-1991, tidak punya atau tidak bersedia, Siti 3319 •••• •••• 0003"
        f" · Loket 5, {hour} · Budi"
    )
