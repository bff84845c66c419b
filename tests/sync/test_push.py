"""What a PC says of itself while it sends."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

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
