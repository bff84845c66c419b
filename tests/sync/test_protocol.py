"""What the protocol promises, one promise a test, on real files and a real centre."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from desktop.models import journal
from desktop.models.catalog import Agency
from desktop.sync import central
from desktop.sync.link import Link, Refused
from tests.conftest import Clock
from tests.sync.hall import AGENCIES, Centre, Make, make_lone, shown, shown_at_centre, two, versions


class Lossy(Link):
    """A link on which the answer to the n-th call of a function is lost: the centre did it, and nobody heard."""

    def __init__(self, connection: psycopg.Connection[Any], name: str) -> None:
        super().__init__(connection)
        self._name = name

    def rows(self, name: str, *arguments: Any) -> list[dict[str, Any]]:
        answer = super().rows(name, *arguments)
        if name == self._name:
            self._name = ""
            raise psycopg.OperationalError("the connection was reset")
        return answer


def test_a_file_received_at_one_counter_is_at_the_other_with_its_person(make_admin: Make, make_pc: Make) -> None:
    _admin, a, b = two(make_admin, make_pc)
    made = a.receive("DKC", "Siti Aminah")
    a.sync()
    b.sync()
    with b.store.reading() as session:
        name, state = session.execute(
            text("SELECT applicant, state FROM application_now WHERE id = :id"), {"id": made}
        ).one()
    assert (name, state) == ("Siti Aminah", "REGISTERED")
    assert shown(a) == shown(b)
    assert a.pending() == b.pending() == 0


def test_the_centre_shows_the_versions_that_the_counters_show(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "Siti Aminah")
    b.receive("DKC", "H. Ma'ruf")
    for pc in (a, b, admin, a, b):
        pc.sync()
    assert versions(shown(a)) == versions(shown(b)) == versions(shown(admin)) == shown_at_centre(centre)


@pytest.mark.parametrize("lost", ["push", "pull"])
def test_an_answer_that_is_lost_costs_nothing(make_admin: Make, make_pc: Make, centre: Centre, lost: str) -> None:
    _admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "Siti Aminah")
    with pytest.raises(psycopg.OperationalError):
        a.sync(lambda connection: Lossy(connection, lost))
    before = len(centre.eids())
    a.sync()
    b.sync()
    assert len(centre.eids()) == before, "nothing is taken twice"
    assert a.pending() == 0
    assert shown(a) == shown(b)


def test_a_clock_that_runs_ahead_orders_nothing_beyond_five_minutes(make_admin: Make, make_pc: Make) -> None:
    _admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "Siti")
    a.sync()
    b.sync()
    [party] = a.parties()
    a.clock.forward(days=365 * 50)
    a.rename(party, "from 2076")
    a.sync()
    a.clock.forward(days=-365 * 50)
    b.clock.forward(minutes=6)
    b.sync()
    b.rename(party, "from today")
    b.sync()
    a.sync()
    assert shown(a)["party"][0]["full_name"] == shown(b)["party"][0]["full_name"] == "from today"
    # And once it is put right, what is saved here next is of today again.
    a.clock.forward(minutes=20)
    a.rename(party, "today again")
    a.sync()
    b.sync()
    assert shown(b)["party"][0]["full_name"] == "today again"


def test_a_row_the_centre_cannot_hold_is_put_aside_and_does_not_block_what_follows(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    admin, a, b = two(make_admin, make_pc)
    admin.save(lambda session: setattr(session.get_one(Agency, AGENCIES["DKC"]), "level", "x" * 100))
    admin.receive("DKC", "Siti")
    admin.sync()
    a.sync()
    assert centre.rows("SELECT state FROM sync.quarantine") == [("22001",)]
    assert shown(a)["agency"] == shown(b)["agency"], "nobody else shows it"
    assert len(shown(a)["application"]) == 1
    with admin.store.reading() as session:
        assert session.execute(text("SELECT state, is_own FROM refused_entry")).all() == [("22001", 1)]
    centre.connection.execute("ALTER TABLE record.agency ALTER level TYPE text")
    centre.connection.execute("SELECT sync.retry(NULL)")
    for pc in (admin, a):
        pc.sync()
    assert shown(a)["agency"] == shown(admin)["agency"]
    assert {row["level"] for row in shown(a)["agency"]} == {"regency", "x" * 100}


def test_an_administrators_record_from_a_counter_is_not_applied(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    _admin, a, b = two(make_admin, make_pc)
    a.save(lambda session: setattr(session.get_one(Agency, AGENCIES["DKC"]), "name_id", "Dinas Palsu"))
    a.sync()
    b.sync()
    assert centre.rows("SELECT state FROM sync.quarantine") == [("LK001",)]
    assert [row["name_id"] for row in shown(b)["agency"]] == [row["name_id"] for row in shown(a)["agency"]]
    assert "Dinas Palsu" not in str(shown(a))


def test_persons_stay_with_their_agency(make_admin: Make, make_pc: Make) -> None:
    make_admin()
    a, other = make_pc("a", ("DKC",)), make_pc("other", ("PTS",))
    a.receive("DKC", "Siti Penanda Rahasia")
    a.sync()
    other.sync()
    assert len(shown(other)["application"]) == 1, "everybody can answer a scan"
    assert shown(other)["party"] == []
    assert not [text_ for text_ in other.journal_column("payload") if "Penanda" in (text_ or "")]


def test_a_long_page_comes_in_order_whatever_the_plan(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    admin = make_admin()
    pc = make_pc("a")
    for serial in range(500):
        admin.receive("DKC", f"Siti {serial}")
    admin.sync()
    # As in a large centre: rows come as the planner's hash has them.
    centre.connection.execute(f"ALTER ROLE {pc.enrolment.db_role} SET enable_nestloop = off")
    centre.connection.execute(f"ALTER ROLE {pc.enrolment.db_role} SET enable_mergejoin = off")
    pc._line = None
    pc.sync()
    assert len(shown(pc)["application"]) == 500
    assert pc.pending() == admin.pending() == 0


def test_a_page_with_a_gap_is_not_taken(make_admin: Make, make_pc: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    admin = make_admin()
    pc = make_pc("a")
    admin.receive("DKC", "Siti")
    admin.sync()
    real = Link.rows

    def leaky(self: Link, name: str, *arguments: Any) -> list[dict[str, Any]]:
        answer = real(self, name, *arguments)
        return answer[1:] if name == "pull" else answer

    monkeypatch.setattr(Link, "rows", leaky)
    with pytest.raises(psycopg.DataError):
        pc.sync()
    monkeypatch.undo()
    pc.sync()
    assert shown(pc)["application"] == shown(admin)["application"]


def test_a_revoked_pc_is_shut_out_at_once_and_its_data_stay(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    _admin, a, _b = two(make_admin, make_pc)
    a.receive("DKC", "Siti")
    link = Link(centre.connect(a.enrolment))
    central.revoke(centre.connection, "a")
    with pytest.raises(psycopg.OperationalError):
        link.call("hello", a.node())
    with pytest.raises(psycopg.OperationalError, match="not permitted to log in"):
        a.sync()
    assert a.pending() > 0


def test_the_chains_of_every_lane_verify_at_every_counter(make_admin: Make, make_pc: Make) -> None:
    _admin, a, b = two(make_admin, make_pc)
    a.receive("DKC", "Siti")
    a.rename(a.parties()[0], "Siti Aminah")
    a.sync()
    b.sync()
    assert journal.verify(b.entries()) == []


def test_a_pc_that_stood_alone_brings_its_files_along(
    make_admin: Make, centre: Centre, empty_folder: Path, tmp_path: Path, clock: Clock
) -> None:
    admin = make_admin()
    pc = make_lone(empty_folder, tmp_path / "alone", centre, "Loket 9", clock)
    try:
        with pc.store.saving(None) as session:
            session.info["seed"] = True
            session.add(Agency(
                id=AGENCIES["DKC"], hall_id="h", code="DKC", name_id="Nama lama", name_en="x", level="regency"))
        pc.receive("DKC", "from the time alone")
        pc.join()
        admin.sync()
        pc.sync()
        assert [row["full_name"] for row in shown(admin)["party"]] == ["from the time alone"]
        assert shown(pc)["agency"] == shown(admin)["agency"], "the hall's catalogue holds"
        with pc.store.reading() as session:
            assert 101 <= pc.device_code(session) <= 899
    finally:
        pc.close()


def test_an_entry_of_another_pc_is_refused_whole(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    _admin, a, b = two(make_admin, make_pc)
    b.receive("DKC", "Siti")
    with b.store.arriving() as connection:
        connection.exec_driver_sql("UPDATE journal SET arr = -1 WHERE table_name = 'party'")
    # b's own login may send its own; under a's name it may not.
    link = Link(centre.connect(a.enrolment))
    with b.store.reading() as session:
        from desktop.sync import memory

        known = memory.read(session.connection())
        assert known is not None
        entries, count, _last = memory.unsent(session.connection(), known, 0, 100, 10**6)
    assert count
    with pytest.raises(Refused) as caught:
        link.call("push", a.node(), ["s"], entries, 0, 1, "1", "{}")
    assert caught.value.code == "E-31"
    with pytest.raises(Refused):
        link.call("push", b.node(), ["s"], "[]", 0, 1, "1", "{}")
    link.close()
