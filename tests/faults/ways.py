"""What is done to the program at a counter before its day: for a measurement, or for the reckoning to find it out."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from sqlalchemy import text

from desktop.operations import intake, issuing, numbering
from desktop.store import connect
from desktop.ui.delivery import deliver, make_ready, name_of, paper_of
from desktop.ui.intake import IntakeScreen

if TYPE_CHECKING:
    from tests.faults.officer import Officer

PATIENCE = 60  # seconds for what happens in the background


def now() -> tuple[float, float]:
    """The wall's clock, and the processor's of this thread."""
    return time.perf_counter(), time.thread_time()


def since(begin: tuple[float, float], end: tuple[float, float]) -> tuple[float, float]:
    """Milliseconds by either."""
    return (end[0] - begin[0]) * 1000, (end[1] - begin[1]) * 1000


def measure(officer: Officer) -> None:
    """The hands rest until the paper is out, as the minutes of a real person let them, and the entries of each save are
    written once more by hand: one transaction in a file beside, with the same key and durability."""
    officer.is_calm = True
    store, finish = officer.window.store, officer._finish
    beside = connect(store.folder / "beside.db", store.ring.key)
    beside.execute("PRAGMA journal_mode = WAL").fetchall()
    beside.execute("CREATE TABLE IF NOT EXISTS journal (place INTEGER PRIMARY KEY, entry TEXT)")

    def written(after: int) -> list[tuple[int, str]]:
        with store.reading() as session:
            query = text("SELECT rowid, json_array(eid, table_name, row_id, payload, salt, hash) FROM journal "
                         "WHERE rowid > :after")  # fmt: skip
            return [(row[0], row[1]) for row in session.execute(query, {"after": after})]

    def measured(*given: Any, **more: Any) -> dict[str, Any]:
        with store.reading() as session:
            before = session.execute(text("SELECT max(rowid) FROM journal")).scalar_one()
        told = finish(*given, **more)
        entries, begin = written(before), now()
        beside.execute("BEGIN IMMEDIATE")
        beside.executemany("INSERT INTO journal VALUES (?, ?)", entries)
        beside.execute("COMMIT")
        return {**told, "by_hand": since(begin, now())} if "kept" in told else told

    officer._finish = measured  # type: ignore[method-assign]


# --- programs that lie, leak or count twice: what the reckoning has to find out ------------------------------------


def say_before_it_is_kept(officer: Officer) -> None:
    """The number is on the screen a moment before it is on the disk."""
    receive = intake.receive

    def hasty(session: Any, desk: Any, form: Any) -> Any:
        outcome = receive(session, desk, form)
        officer.screen.clear()
        officer.screen.file.made(outcome, officer.screen.desktop(), prints=False)
        officer.say({"promised": "TANDA TERIMA", "service": "", "trouble": False, **officer._desk()})
        time.sleep(PATIENCE)
        return outcome

    intake.receive = hasty


def print_before_it_is_kept(officer: Officer) -> None:
    """The paper is out a moment before the file is on the disk."""
    receive, told = intake.receive, officer.window.around.settings

    def hasty(session: Any, desk: Any, form: Any) -> Any:
        outcome = receive(session, desk, form)
        facts = issuing.facts_of(session, outcome.print_id, training=True)
        ready = make_ready(lambda size: (name_of(facts), paper_of(facts, size)), told.printer)
        deliver(ready, officer.window.store.folder)
        officer.say({"printed": outcome.number, "trouble": False})
        time.sleep(PATIENCE)
        return outcome

    intake.receive = hasty


def leak_a_screen_at_every_save(officer: Officer) -> None:
    leaked, receive = [], intake.receive

    def careless(session: Any, desk: Any, form: Any) -> Any:
        leaked.append(IntakeScreen(officer.window.around))
        return receive(session, desk, form)

    intake.receive = careless


def give_numbers_twice(_officer: Officer) -> None:
    given: list[numbering.FileNumber] = []
    number = numbering.number_here

    def forgetful(session: Any, day: Any) -> numbering.FileNumber:
        if len(given) % 2 == 0:
            given.append(number(session, day))
        else:
            given.append(given[-1])
        return given[-1]

    intake.number_here = numbering.number_here = forgetful
