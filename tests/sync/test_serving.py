"""The agencies a PC serves change: what it may see comes, what it may not comes no more, and nothing is lost."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy import text

from desktop.errors import UserError
from desktop.sync import central
from tests.sync.hall import AGENCIES, Centre, Pc, shown, shown_at_centre, versions

Make = Callable[..., Pc]


def names(pc: Pc) -> set[str]:
    return {row["full_name"] for row in shown(pc)["party"]}


def serve(centre: Centre, label: str, *codes: str) -> int:
    return central.serve(centre.connection, label, [AGENCIES[code] for code in codes])


def test_who_is_given_an_agency_gets_all_that_was_out_of_its_sight(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    admin = make_admin()
    pc, other = make_pc("a"), make_pc("other", ("PTS",))
    other.receive("PTS", "Siti dari PTS")
    other.sync()
    pc.sync()
    assert names(pc) == set()
    assert serve(centre, "a", "DKC", "PTS") == 0
    other.receive("PTS", "Budi dari PTS")
    other.sync()
    pc.sync()
    assert names(pc) == {"Siti dari PTS", "Budi dari PTS"}
    admin.sync()
    assert shown(pc) == shown(admin)


def test_who_loses_an_agency_gets_nothing_more_of_it_and_keeps_what_it_has(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    pc, other = make_pc("a", ("DKC", "PTS")), make_pc("other", ("PTS",))
    other.receive("PTS", "before")
    other.sync()
    pc.sync()
    serve(centre, "a", "DKC")
    other.receive("PTS", "Penanda sesudahnya")
    other.sync()
    pc.sync()
    assert names(pc) == {"before"}
    assert len(shown(pc)["application"]) == 2, "what is of the hall comes as before"
    assert not [one for one in pc.journal_column("payload") if "Penanda" in (one or "")]
    # Given back, it goes on where it was.
    serve(centre, "a", "DKC", "PTS")
    pc.sync()
    assert names(pc) == {"before", "Penanda sesudahnya"}
    assert shown(pc) == shown(other)


def test_what_was_put_aside_for_want_of_the_agency_becomes_rows_everywhere(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    admin = make_admin()
    pc, other = make_pc("a", ("PTS",)), make_pc("other", ("DKC",))
    pc.receive("DKC", "Siti")
    pc.sync()
    other.sync()
    assert centre.rows("SELECT state FROM sync.quarantine") == [("LK002",)]
    assert names(other) == set()
    centre.connection.execute("SELECT sync.retry(NULL)")
    assert centre.rows("SELECT state FROM sync.quarantine") == [("LK002",)], "nothing is admitted by the way"
    assert serve(centre, "a", "PTS", "DKC") == 1
    for one in (pc, other, admin):
        one.sync()
    assert names(pc) == names(other) == {"Siti"}
    assert shown(pc)["party"] == shown(other)["party"]
    assert versions(shown(admin)) == shown_at_centre(centre)
    with pc.store.reading() as session:
        assert session.execute(text("SELECT count(*) FROM refused_entry")).scalar_one() == 0


def test_saved_before_the_agency_was_taken_and_sent_after_it_waits_for_the_administrator(
    make_admin: Make, make_pc: Make, centre: Centre
) -> None:
    make_admin()
    pc, other = make_pc("a", ("DKC", "PTS")), make_pc("other", ("PTS",))
    pc.receive("PTS", "saved offline")
    serve(centre, "a", "DKC")
    pc.receive("DKC", "of its own")
    pc.sync()
    other.sync()
    assert pc.pending() == 0
    assert names(other) == set()
    assert centre.rows("SELECT state FROM sync.quarantine") == [("LK002",)]
    assert serve(centre, "a", "DKC", "PTS") == 1
    other.sync()
    assert names(other) == {"saved offline"}


def test_a_parted_pc_serves_the_same_and_a_stranger_is_told(make_admin: Make, make_pc: Make, centre: Centre) -> None:
    make_admin()
    pc = make_pc("a")
    with centre.connect(pc.enrolment) as connection:
        connection.execute("SELECT sync.part(%s)", (pc.node(),))
    serve(centre, "a", "PTS")
    agencies = centre.rows("SELECT DISTINCT agency_ids FROM sync.node WHERE db_role = %s", pc.enrolment.db_role)
    assert agencies == [([AGENCIES["PTS"]],)]
    central.revoke(centre.connection, "a")
    for label in ("a", "nobody"):
        with pytest.raises(UserError, match="Tidak ada PC bernama"):
            serve(centre, label, "DKC")
