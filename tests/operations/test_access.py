"""PINs on this PC: tries are counted in the file, waits grow, and nothing is forgiven by a restart."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from desktop import sample
from desktop.errors import UserError
from desktop.models.access import AccessEvent, Officer
from desktop.models.journal import Entry
from desktop.models.local import OfficerSecret
from desktop.operations import access
from desktop.store import Store
from tests.conftest import Hall


def attempt(hall: Hall, pin: str, store: Store | None = None) -> access.SignIn:
    with (store or hall.store).saving(None) as session:
        return access.sign_in(session, hall.desk.officer_id, pin)


def test_the_right_pin_opens_and_forgives(hall: Hall) -> None:
    assert attempt(hall, "111222").sentence == "PIN salah. Sisa 4 kesempatan."
    assert attempt(hall, "111222").sentence == "PIN salah. Sisa 3 kesempatan."
    signed_in = attempt(hall, sample.PIN)
    assert signed_in.officer is not None
    assert signed_in.officer.id == hall.desk.officer_id
    assert attempt(hall, "111222").sentence == "PIN salah. Sisa 4 kesempatan."


def test_after_five_wrong_pins_even_the_right_one_waits_and_the_wait_doubles(hall: Hall) -> None:
    for _ in range(5):
        last = attempt(hall, "111222")
    assert "30 detik" in str(last.sentence)
    assert attempt(hall, sample.PIN).officer is None
    hall.clock.forward(seconds=31)
    assert "60 detik" in str(attempt(hall, "111222").sentence)
    hall.clock.forward(seconds=61)
    assert attempt(hall, sample.PIN).officer is not None


def test_a_restart_does_not_shorten_the_wait(hall: Hall) -> None:
    for _ in range(5):
        attempt(hall, "111222")
    hall.store.close()
    again = Store.open(hall.store.folder, clock=hall.clock)
    assert attempt(hall, sample.PIN, again).officer is None
    again.close()


def test_an_officer_who_left_cannot_sign_in(hall: Hall) -> None:
    with hall.store.saving(None) as session:
        session.get_one(Officer, hall.desk.officer_id).is_active = False
    assert "dinonaktifkan" in str(attempt(hall, sample.PIN).sentence)


@pytest.mark.parametrize("pin", ["", "12345", "1234567", "123456", "654321", "000000", "12a456", "１２３４５６"])
def test_pins_that_anybody_would_try_are_refused(pin: str) -> None:
    with pytest.raises(UserError):
        access.check_pin(pin)


@given(st.integers(0, 20))
def test_a_proposed_pin_is_always_a_good_one(_seed: int) -> None:
    access.check_pin(access.proposed_pin())


def test_no_pin_and_no_verifier_ever_reaches_the_journal(hall: Hall) -> None:
    with hall.store.saving(None) as session:
        access.add_officer(session, name="Budi", role="officer", pin="902417", agency_id=hall.desk.agency_ids[0])
    with hall.store.reading() as session:
        secrets = session.scalars(select(OfficerSecret.pin_hash)).all()
        told = " ".join(session.scalars(select(Entry.payload)).all())
    assert len(secrets) == 2
    assert all(secret.startswith("$argon2id$") for secret in secrets)
    assert "902417" not in told
    assert not any(secret in told for secret in secrets)


def test_two_officers_cannot_share_a_name(hall: Hall) -> None:
    with pytest.raises(UserError) as caught, hall.store.saving(None) as session:
        access.add_officer(session, name=" siti  RAHMAWATI ", role="officer", pin="902417", agency_id="x")
    assert caught.value.field == "name"


def test_what_is_for_supervisors_is_refused_to_officers(hall: Hall) -> None:
    with hall.store.saving(None) as session:
        budi = access.add_officer(
            session, name="Budi", role="officer", pin="902417", agency_id=hall.desk.agency_ids[0]
        )
        access.require(session, hall.desk.officer_id, "supervisor", "admin")
        with pytest.raises(UserError):
            access.require(session, budi.id, "supervisor", "admin")


def test_a_look_at_a_nik_is_written_down_in_the_agencys_own_lane(hall: Hall) -> None:
    with hall.store.saving(hall.desk.officer_id) as session:
        access.record_access(session, hall.desk, "reveal")
    with hall.store.reading() as session:
        assert session.scalars(select(AccessEvent.act)).all() == ["reveal"]
        entry = session.scalars(select(Entry).where(Entry.table_name == "access_event")).one()
        assert (entry.scope, entry.agency_id) == ("agency", hall.desk.agency_ids[0])
