"""A file of ten years, for what has to stay fast in it: some days really received, multiplied by plain SQL.

Every copy has its own ids, numbers, days, names, NIK and phones; only the journal is not multiplied, since nothing that
is measured in such a file reads it by anything but its key.
"""

from __future__ import annotations

import atexit
import functools
import itertools
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from desktop import sample
from desktop.folder import FILE_NAME, SLOTS_NAME
from desktop.keys import read
from desktop.models.names import fold
from desktop.operations import access, setup
from desktop.operations.desk import Desk
from desktop.operations.numbering import FileNumber
from desktop.store import Store, connect

NOW = datetime(2026, 11, 23, 7, 0, tzinfo=UTC)  # a Monday, 14.00 in the hall
FORTNIGHTS = 260
PER_DAY = 100
# So many copies lie on one fortnight of last year: its days have 1,500 visits, as the busiest have.
BUSY, BUSY_FORTNIGHT = 11, 26
FULL, QUICK = 1_000_000, 100_000
_SURNAMES = [
    begin + end
    for begin, end in itertools.product(
        ("Han", "Kus", "Mar", "Nur", "Pra", "Rah", "Sar", "Sul", "Tri", "Wid", "Bam", "Cah", "Dar", "Fir", "Gun"),
        ("adi", "andi", "ani", "awan", "ita", "iyono", "ono", "anto", "ayu", "uwati", "aji", "asih", "eni", "ianti"),
    )
]

_ID = ":prefix || substr({0}, 9)"
_DAY = "date({0}, :shift)"
_AT = "date(substr({0}, 1, 10), :shift) || substr({0}, 11)"
_NAME = "t.full_name || ' ' || (SELECT word FROM temp.surname WHERE n = (t.rowid * 7919 + :copy * 31) % :surnames)"
_NIK = (
    "substr(t.nik, 1, 4) || printf('%02d', 1 + (substr(t.nik, 5, 2) + :copy) % 20) || substr(t.nik, 7, 6)"
    " || printf('%04d', 1 + (substr(t.nik, 13) + :copy * 37) % 9998)"
)
_PHONE = (
    "CASE WHEN t.phone LIKE '+%' THEN"
    " substr(t.phone, 1, length(t.phone) - 6) || printf('%06d', (substr(t.phone, -6) + :copy * 7919) % 1000000)"
    " ELSE t.phone END"
)
_OF_THE_FILE = {name: _ID for name in ("id", "eid", "application_id", "visit_id", "previous_id", "replaced_by")}
_MOMENTS = ("received_at", "called_at", "started_at", "finished_at", "checked_at", "at", "complete_at", "promised_at",
            "state_at")  # fmt: skip
_CHANGED = {**_OF_THE_FILE, **{name: _AT for name in _MOMENTS}, "on_date": _DAY, "due_on": _DAY}
_NUMBER = "file_number(date(t.on_date, :shift), :code, {0})"
_OF_PARTY = "(SELECT p.{} FROM party p WHERE p.application_id = :prefix || substr(t.id, 9) AND p.role = '{}')"
# What the columns of a table become in a copy; all others stay.
TABLES: Mapping[str, Mapping[str, str]] = {
    "application": {"number": _NUMBER.format("t.serial"), "device_code": ":code"},
    "visit": {},
    "document_check": {},
    "status_move": {},
    "paper_print": {"device_code": ":code"},
    "intake_detail": {},
    "party": {"full_name": _NAME, "nik": _NIK, "phone": _PHONE},
    "application_now": {
        "number": _NUMBER.format("substr(t.number, 10, 4)"),
        "said": f"substr({_NUMBER.format('substr(t.number, 10, 4)')}, 10)",
        "applicant": _OF_PARTY.format("full_name", "applicant"),
        "nik": _OF_PARTY.format("nik", "applicant"),
        "subject": _OF_PARTY.format("full_name", "subject"),
    },
    "search_row": {"n": "NULL", "party_id": _ID.format("t.party_id")},
}  # fmt: skip
_INDEX = """
INSERT INTO party_fts (rowid, name, nik, phone)
SELECT s.n, folded(p.full_name), coalesce(p.nik, ''), ltrim(coalesce(p.phone, ''), '+')
FROM search_row s CROSS JOIN party p ON p.id = s.party_id WHERE s.n > ?
"""


@dataclass(frozen=True)
class Large:
    """A folder whose file holds so many ``applications``; ``busy_day`` had most visits."""

    folder: Path
    officer_id: str
    applications: int
    busy_day: date

    @contextmanager
    def opened(self) -> Iterator[tuple[Store, Desk]]:
        """The file at 14.00 of its last day, and the desk of its officer."""
        store = Store.open(self.folder, clock=lambda: NOW)
        try:
            with store.reading() as session:
                desk = setup.desk_for(session, self.officer_id, training=True)
            yield store, desk
        finally:
            store.close()


@functools.cache
def large(applications: int) -> Large:
    """Made once a run, and deleted at its end."""
    folder = Path(tempfile.mkdtemp(prefix="loket-large-"))
    atexit.register(shutil.rmtree, folder)
    store = Store.open(folder, clock=lambda: NOW)
    _officer_id, desk = sample.make_hall(store, ("DKC", "PTS"))
    sample.fill(store, desk, days=13, per_day=PER_DAY)
    with store.reading() as session:
        officer_id = access.officers(session)[0].id
    store.close()
    connection = connect(folder / FILE_NAME, read(folder / SLOTS_NAME).candidates(None, NOW)[0])
    try:
        _multiply(connection, applications)
        made = connection.execute("SELECT count(*) FROM application").fetchone()[0]
        busy = connection.execute("SELECT on_date FROM application GROUP BY on_date ORDER BY count(*) DESC").fetchone()
    finally:
        connection.close()
    return Large(folder, officer_id, made, date.fromisoformat(busy[0]))


def _multiply(connection: Any, applications: int) -> None:
    connection.create_function("file_number", 3, _file_number, deterministic=True)
    connection.create_function("folded", 1, functools.lru_cache(maxsize=2**16)(fold), deterministic=True)
    for pragma in ("synchronous = OFF", "cache_size = -1000000", "temp_store = MEMORY"):
        connection.execute(f"PRAGMA {pragma}").fetchall()
    connection.execute("CREATE TEMP TABLE surname (n INTEGER PRIMARY KEY, word TEXT)")
    connection.executemany("INSERT INTO temp.surname VALUES (?, ?)", enumerate(_SURNAMES))
    for table in TABLES:
        connection.execute(f"CREATE TEMP TABLE seed_{table} AS SELECT * FROM main.{table} ORDER BY rowid")
        connection.execute(f"DELETE FROM main.{table}")
    connection.execute("DELETE FROM party_fts")
    made = connection.execute("SELECT count(*) FROM temp.seed_application").fetchone()[0]
    statements = [_copy(connection, table) for table in TABLES]
    for copy, (fortnight, code) in enumerate(_places(max(1, round(applications / made)))):
        values = {"prefix": f"{0x01000000 + copy:08x}", "shift": f"-{14 * fortnight} days", "code": code,
                  "copy": copy, "surnames": len(_SURNAMES)}  # fmt: skip
        connection.execute("BEGIN")
        (before,) = connection.execute("SELECT coalesce(max(n), 0) FROM search_row").fetchone()
        for statement in statements:
            connection.execute(statement, values)
        connection.execute(_INDEX, (before,))
        connection.execute("COMMIT")
    connection.execute("INSERT INTO party_fts (party_fts) VALUES ('optimize')")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def _places(copies: int) -> Iterator[tuple[int, int]]:
    """How many fortnights back each copy lies, oldest first, and the number code of its PC."""
    many = min(BUSY, copies - 1)
    back = [BUSY_FORTNIGHT] * many + [place * FORTNIGHTS // (copies - many) for place in range(copies - many)]
    for fortnight, same in itertools.groupby(sorted(back, reverse=True)):
        yield from ((fortnight, 101 + place) for place, _same in enumerate(same))


def _copy(connection: Any, table: str) -> str:
    names = [row[1] for row in connection.execute(f"PRAGMA main.table_info({table})")]
    made = [TABLES[table].get(name) or _CHANGED.get(name, "{0}").format(f't."{name}"') for name in names]
    columns = ", ".join(f'"{name}"' for name in names)
    return f"INSERT INTO main.{table} ({columns}) SELECT {', '.join(made)} FROM temp.seed_{table} t ORDER BY t.rowid"


@functools.lru_cache(maxsize=2**14)
def _file_number(day: str, code: int, serial: int | str) -> str:
    return FileNumber(date.fromisoformat(day), int(code), int(serial)).digits
