"""A thousand standards as a spreadsheet, each spoilt once: refused in words or read as a plan, and nothing changes."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import text

from desktop.models import Base
from desktop.operations import standard_import, standard_workbook
from desktop.operations.spreadsheet import SpreadsheetError
from tests.conftest import Hall
from tests.operations.workbooks import Sheets, saved, sheets_of

Rounds = Callable[[int, int], int]
CELLS = ("", "=1+1", "@x", " ", "x" * 3000, "ya", "tidak", "KTP", "1", "-1", "0", 1.5, 10**14, 10**20, True, "\u202ex",
         "<b>", "dan", "bila (", "bila pemohon sudah kawin", "\x0b", "😀", "DKC-02")  # fmt: skip


def spoilt(data: bytes, luck: random.Random) -> bytes:
    """One injury, of the kinds that transfers, hands and enemies make."""
    way = luck.randrange(9)
    if way == 0:
        content = bytearray(data)
        for _change in range(luck.choice((1, 1, 8))):
            content[luck.randrange(len(content))] = luck.randrange(256)
        return bytes(content)
    if way == 1:
        return data[: luck.randrange(len(data))]
    sheets = sheets_of(data)
    name = luck.choice(list(sheets))
    _by_hand(way, sheets, name, luck)
    return saved(sheets)


def _by_hand(way: int, sheets: Sheets, name: str, luck: random.Random) -> None:
    rows: list[list[Any]] = sheets[name]
    row, other = luck.randrange(len(rows)), luck.randrange(len(rows))
    if way == 2:
        del sheets[name]
    elif way == 3:
        del rows[row]
    elif way == 4:
        rows.insert(row, list(rows[other]))
    elif way == 5:
        rows[row], rows[other] = rows[other], rows[row]
    elif way == 6:
        place = luck.randrange(len(rows[0]))
        sheets[name] = [cells[:place] + cells[place + 1 :] for cells in rows]
    elif way == 7:
        sheets[luck.choice(("Lain", "Layanan 2"))] = rows
    else:
        rows[row][luck.randrange(len(rows[row]))] = luck.choice(CELLS)


def contents(hall: Hall) -> dict[str, list[Any]]:
    """Every row of the file."""
    with hall.store.reading() as session:
        return {table.name: [tuple(row) for row in session.execute(text(f'SELECT * FROM "{table.name}"'))]
                for table in Base.metadata.sorted_tables}  # fmt: skip


@pytest.mark.slow
@pytest.mark.timeout(7200)
def test_a_spoilt_workbook_is_refused_or_read_and_changes_nothing(hall: Hall, rounds: Rounds) -> None:
    with hall.store.reading() as session:
        whole = standard_workbook.export(session)
    before, luck, refused, read = contents(hall), random.Random(8), 0, 0
    for _round in range(rounds(25, 1000)):
        data = spoilt(whole, luck)
        with hall.store.reading() as session:
            try:
                standard_import.read_plan(session, data)
                read += 1
            except SpreadsheetError as problem:
                refused += 1
                assert problem.faults and all(fault.words for fault in problem.faults)
    assert contents(hall) == before
    assert refused and read, "the control: harm and harmless"
