"""What a PC says of itself while it sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from desktop.models.local import Meta
from desktop.sync import push
from desktop.sync.link import Link
from tests.sync.hall import Centre, Pc

Make = Callable[..., Pc]


def test_what_the_centre_is_told_to_lack_is_what_it_lacks(
    make_admin: Make, make_pc: Make, centre: Centre, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_admin()
    pc = make_pc("Loket 1")
    pc.sync()
    for name in ("Siti", "Budi", "Wati"):
        pc.receive("DKC", name)
    waiting = pc.pending()
    monkeypatch.setattr(push, "LIMIT", 2)
    told: list[tuple[int, int]] = []
    real = Link.call

    def heard(self: Link, name: str, *arguments: Any) -> Any:
        answer = real(self, name, *arguments)
        if name == "push":
            come = len(centre.eids() & pc.own_eids()) - before
            told.append((json.loads(arguments[-1])["pending"], waiting - come))
        return answer

    before = len(centre.eids() & pc.own_eids())
    monkeypatch.setattr(Link, "call", heard)
    pc.sync()
    assert len(told) > 2, "the control: it took several pages"
    assert all(said == lacking for said, lacking in told)
    assert centre.rows("SELECT says ->> 'pending' FROM sync.node WHERE label = 'Loket 1'") == [("0",)]


def test_a_pc_that_slept_while_it_was_answered_has_no_wrong_clock(
    make_admin: Make, make_pc: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer lay ready when the lid was closed; half an hour later nothing is known of the clocks but that."""
    make_admin()
    pc = make_pc("Loket 1")
    pc.sync()
    before = offset(pc)
    assert abs(before) > push.SAME_TIME, "the control: this clock is another one than the centre's"
    real = Link.rows

    def asleep(self: Link, name: str, *arguments: Any) -> Any:
        answer = real(self, name, *arguments)
        if name == "push":
            pc.clock.forward(minutes=30)
        return answer

    link = Link(pc.centre.connect(pc.enrolment))
    monkeypatch.setattr(Link, "rows", asleep)
    pushed = push.push(pc.store, link, app_version="1.0.0", is_greeting=True)
    link.close()
    assert pushed.skew_ms is not None
    assert abs(pushed.skew_ms + before) < 60_000
    assert abs(offset(pc) - before) < 60_000


def offset(pc: Pc) -> int:
    with pc.store.reading() as session:
        return int(session.get_one(Meta, "journal").value["offset_ms"])
