"""F9 of a file with six papers: every rule, number, journal, durable commit; against the same rows and entries written
by hand on the same connection, in one transaction, made ready beforehand. And in a long file against a new one."""

from __future__ import annotations

import gc
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from desktop import sample
from desktop.models import Base
from desktop.models.base import new_id, record_classes
from desktop.operations import intake
from desktop.operations.desk import Desk
from desktop.operations.intake_form import IntakeForm, Outcome
from desktop.store import Store
from tests.benchmarks import million
from tests.benchmarks.measuring import Figure, compared, paired, percentile

PAPERS = 6
# Each save of a pair; the median of them is what the pair is judged by.
A_PAIR = 12


def run(quick: bool) -> list[Figure]:
    """Milliseconds of a save by the wall and by the processor, and its slowest hundredth."""
    pairs = 5 if quick else 15
    large = million.large(million.QUICK if quick else million.FULL)
    with large.opened() as (store, desk):
        writing = Writing(store, desk)
        walls = paired(lambda: writing.ours(time.perf_counter), lambda: writing.by_hand(time.perf_counter), pairs=pairs)
        slowest = percentile(writing.taken, 0.99)
        cpus = paired(lambda: writing.ours(time.process_time), lambda: writing.by_hand(time.process_time), pairs=pairs)
        with tempfile.TemporaryDirectory(prefix="loket-new-") as folder:
            new = Store.open(Path(folder), clock=lambda: million.NOW)
            _officer_id, desk = sample.make_hall(new, ("DKC", "PTS"))
            writing_anew = Writing(new, desk)
            years = paired(
                lambda: writing.ours(time.process_time), lambda: writing_anew.ours(time.process_time), pairs=pairs
            )
            new.close()
    note = f"{large.applications:,} applications, {PAPERS} papers"
    limit = "<= 2.5 x written by hand"
    return [
        compared("save", "ms", *walls, goal=limit, holds=lambda ratio: ratio <= 2.5, note=note),
        compared("save, processor", "ms", *cpus, goal=limit, holds=lambda ratio: ratio <= 2.5, note=note),
        Figure("save, slowest of 100", "ms", slowest, goal="<= 20 ms", holds=slowest <= 20),
        compared("save, long or new file", "ms", *years, goal="<= 1.2 x a new file", holds=lambda ratio: ratio <= 1.2,
                 note="by the processor"),
    ]  # fmt: skip


class Writing:
    """One file, written to by the program and by hand in turn."""

    def __init__(self, store: Store, desk: Desk) -> None:
        self.store, self.desk = store, desk
        self.luck = sample.Hall(11)
        self.taken: list[float] = []
        with store.reading() as session:
            self.offers = sample.offers(session, desk)
        self.raw: Any = store._writer.raw_connection().driver_connection
        self.statements = {
            table: f'INSERT INTO "{table}" VALUES ({", ".join("?" * len(Base.metadata.tables[table].columns))})'
            for table in (*record_classes(), "journal", "print_job", "application_now", "search_row")
        }

    def form(self) -> IntakeForm:
        while True:
            form = self.luck.form(self.luck.luck.choice(self.offers), self.desk.day(million.NOW), is_short=False)
            if len(form.checks) == PAPERS:
                return form

    def save(self, form: IntakeForm) -> Outcome:
        with self.store.saving(self.desk.officer_id) as session:
            return intake.receive(session, self.desk, form)

    def ours(self, clock: Callable[[], float]) -> float:
        forms = [self.form() for _ in range(A_PAIR)]
        return self._median([partial(self.save, form) for form in forms], clock, kept=self.taken)

    def by_hand(self, clock: Callable[[], float]) -> float:
        rows = self._rows_of(self.save(self.form()))
        made = [self._renamed(rows) for _ in range(A_PAIR)]
        return self._median([partial(self._write, rows) for rows in made], clock)

    def _median(self, works: list[Callable[[], Any]], clock: Callable[[], float],
                kept: list[float] | None = None) -> float:  # fmt: skip
        gc.collect()
        found = []
        for work in works:
            begin = clock()
            work()
            found.append((clock() - begin) * 1000)
        if kept is not None and clock is time.perf_counter:
            kept += found
        return percentile(found, 0.5)

    def _rows_of(self, outcome: Outcome) -> dict[str, list[tuple[Any, ...]]]:
        """Every row that a save has left: records, entries, projections, the print job."""
        found: dict[str, list[tuple[Any, ...]]] = {}
        of = "application_id = ?"
        for table, columns in ((name, Base.metadata.tables[name].columns) for name in self.statements):
            where = of if "application_id" in columns else ""
            if table in ("application", "application_now"):
                where = "id = ?"
            if where:
                found[table] = self._all(f'SELECT * FROM "{table}" WHERE {where}', outcome.application_id)
        ids = [row[list(Base.metadata.tables[table].columns.keys()).index("id")]
               for table, rows in found.items() if table in record_classes() for row in rows]  # fmt: skip
        marks = ", ".join("?" * len(ids))
        found["journal"] = self._all(f"SELECT * FROM journal WHERE row_id IN ({marks}) ORDER BY rowid", *ids)
        found["print_job"] = self._all("SELECT * FROM print_job WHERE print_id = ?", outcome.print_id)
        return {table: rows for table, rows in found.items() if rows}

    def _all(self, query: str, *values: Any) -> list[tuple[Any, ...]]:
        return list(self.raw.execute(query, values).fetchall())

    def _renamed(self, rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
        """The same rows under new ids."""
        known: dict[str, str] = {}
        for table in (*record_classes(), "journal", "print_job"):
            columns = list(Base.metadata.tables[table].columns.keys())
            for row in rows.get(table, ()):
                for name in ("id", "eid"):
                    if name in columns:
                        known.setdefault(row[columns.index(name)], new_id())

        def anew(value: Any) -> Any:
            if not isinstance(value, str):
                return value
            if value.startswith("{"):
                for old, new in known.items():
                    value = value.replace(old, new)
            return known.get(value, value)

        made = {table: [tuple(map(anew, row)) for row in found] for table, found in rows.items()}
        made["search_row"] = [(None, *row[1:]) for row in made["search_row"]]
        return made

    def _write(self, rows: dict[str, list[tuple[Any, ...]]]) -> None:
        raw = self.raw
        raw.execute("BEGIN IMMEDIATE")
        for table, found in rows.items():
            raw.executemany(self.statements[table], found)
        raw.execute("UPDATE meta SET value = value WHERE name = 'journal'")
        raw.execute("UPDATE serial SET last = last WHERE on_date = ?", (million.NOW.date().isoformat(),))
        raw.execute(
            "INSERT INTO party_fts (rowid, name, nik, phone) SELECT max(n), 'SITI AMINAH RAHAYU', ?, ? FROM search_row",
            ("9901014510920007", "6281234567890"),
        )
        raw.execute("COMMIT")
