"""A page of what others saved: never more than a slow line carries, and no entry in it keeps out the next."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from desktop.models import journal
from desktop.models.base import new_id
from desktop.sync.link import Link
from tests.sync.hall import Centre, Pc, shown
from tests.sync.test_versions import push_raw, raw_entry

Make = Callable[..., Pc]

# PostgreSQL makes rows of all these.
NO_ROWS: list[dict[str, Any]] = [
    {"number": {"a": 1}}, {"number": [1]}, {"received_at": "infinity"}, {"received_at": "today"},
    {"received_at": "0044-03-15 00:00:00 BC"}, {"on_date": "infinity"}, {"variant": 10**30}, {"service_id": 5},
    {"is_outage_entry": "yes"}, {"serial": " 7 "},
]  # fmt: skip


def forged(pc: Pc, **changes: Any) -> dict[str, Any]:
    row = shown(pc)["application"][0]
    payload = {name: value for name, value in row.items() if name not in ("ehlc", "eid")}
    return raw_entry(pc, "application", {**payload, "id": new_id(), **changes}, journal.SCHEMA_VERSION)


@pytest.mark.parametrize("changes", NO_ROWS, ids=str)
def test_a_row_of_the_centre_that_cannot_be_kept_here_is_journalled_and_holds_nobody_up(
    make_admin: Make, make_pc: Make, centre: Centre, changes: dict[str, Any]
) -> None:
    make_admin()
    hostile, other = make_pc("hostile"), make_pc("other")
    hostile.receive("DKC", "Siti")
    hostile.sync()
    entry = forged(hostile, **changes)
    push_raw(hostile, entry)
    assert centre.rows("SELECT 1 FROM record.application WHERE eid = %s", entry["eid"]), "the centre took it"
    hostile.receive("DKC", "Budi")
    hostile.sync()
    other.sync()
    assert len(shown(other)["application"]) == 2
    assert entry["eid"] in other.journal_column("eid")


def test_a_payload_too_deep_to_be_read_holds_nobody_up(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    make_admin()
    hostile, other = make_pc("hostile"), make_pc("other")
    hostile.receive("DKC", "Siti")
    hostile.sync()
    entry = forged(hostile, more=0)
    entry["payload"] = entry["payload"].replace('"more":0', '"more":' + "[" * 3000 + "]" * 3000)
    push_raw(hostile, entry)
    assert centre.rows("SELECT 1 FROM record.application WHERE eid = %s", entry["eid"]), "the centre took it"
    other.sync()
    assert len(shown(other)["application"]) == 1


def test_an_entry_cannot_name_another_row_inside(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    make_admin()
    hostile, other = make_pc("hostile"), make_pc("other")
    made = hostile.receive("DKC", "Siti")
    hostile.sync()
    entry = forged(hostile, id=made, number="9999999999999")
    entry["row_id"] = new_id()
    push_raw(hostile, entry)
    other.sync()
    numbers = {row["id"]: row["number"] for row in shown(other)["application"]}
    assert numbers == dict(centre.rows("SELECT id, number FROM record.application"))
    assert numbers[made] != "9999999999999"


def test_large_entries_come_a_few_at_a_time(
    make_admin: Make, make_pc: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_admin()
    hostile, other = make_pc("hostile"), make_pc("other")
    hostile.receive("DKC", "Siti")
    hostile.sync()
    for _turn in range(3):
        push_raw(hostile, *[forged(hostile, more="x" * 1_500_000) for _entry in range(4)])
    pages = []
    real = Link.rows

    def weighed(self: Link, name: str, *arguments: Any) -> list[dict[str, Any]]:
        answer = real(self, name, *arguments)
        if name == "pull":
            pages.append(sum(len(row["payload"] or "") for row in answer))
        return answer

    monkeypatch.setattr(Link, "rows", weighed)
    other.sync()
    assert len(shown(other)["application"]) == 13
    assert max(pages) < 6_000_000 < sum(pages)
