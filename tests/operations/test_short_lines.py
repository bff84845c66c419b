"""How many syarat are lacking is one number: on the label of F9, the slip, the list, the card and its story."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.models import local
from desktop.models.base import new_id
from desktop.models.catalog import Service, ServiceStandard
from desktop.models.local import ApplicationNow
from desktop.models.standard import Definition
from desktop.operations import history, intake, issuing
from desktop.operations.intake_form import SLIP, IntakeForm, PartyForm, case_of
from desktop.operations.requirements import Check, Fault, State, as_missing, assess
from desktop.store import Store
from tests.operations.small_hall import DKC, desk_of, furnish

DESK = desk_of()


@pytest.fixture
def hall(store: Store) -> Store:
    furnish(store)
    return store


def line(code: str, ordinal: int, group: str | None, optional: bool = False) -> dict[str, Any]:
    return {"code": code, "ordinal": ordinal, "group": group, "optional": optional, "name_id": f"Surat {code}",
            "name_en": code, "form": "original", "copies": 0, "clause": "PP 1/2020"}  # fmt: skip


def standard(groups: dict[str, int], lines: list[tuple[str | None, bool]]) -> dict[str, Any]:
    """A standard whose groups need so many of their lines; ``lines``: the group of each, and whether it is optional."""
    return {
        "legal_basis": ["PP 1/2020"], "needs": ["applicant_name"],
        "groups": [{"code": code, "name_id": code, "name_en": code, "need": need} for code, need in groups.items()],
        "requirements": [
            line(f"L{place}", place, group, optional) for place, (group, optional) in enumerate(lines, start=1)
        ],
    }  # fmt: skip


def open_service(store: Store, definition: dict[str, Any]) -> tuple[str, str]:
    service, standard_id = new_id(), new_id()
    with store.saving(None) as session:
        session.add(Service(id=service, agency_id=DKC, code=service[-8:], slug=service, name_id="Layanan",
                            name_en="Service", category="civil"))  # fmt: skip
        session.add(ServiceStandard(id=standard_id, service_id=service, version_no=1,
                                    valid_from=session.info["now"], definition=definition))  # fmt: skip
    return service, standard_id


def receive(store: Store, service: str, checks: dict[str, Check], file: str | None = None) -> Any:
    with store.saving(DESK.officer_id) as session:
        form = IntakeForm(service_id=service, applicant=PartyForm(name="Siti Aminah"), checks=checks,
                          unchecked_is_missing=True, application_id=file)  # fmt: skip
        return intake.receive(session, DESK, form)


def numbers(store: Store, outcome: Any) -> dict[str, int]:
    """What each place says."""
    with store.reading() as session:
        card = history.card(session, DESK, outcome.application_id)
        now = session.get_one(ApplicationNow, outcome.application_id)
        found = {"list": now.missing, "card": card.missing}
        if outcome.paper == SLIP:
            facts = issuing.facts_of(session, outcome.print_id)
            story = next(event.text for event in card.events if " kurang " in event.text)
            found |= {"slip": facts.missing_count, "story": int(story.split(" kurang ")[1].split()[0])}
        return found


STATES = st.sampled_from([
    Check(State.PRESENT), Check(State.MISSING), Check(State.UNCHECKED), Check(State.FAULTY, Fault.UNREADABLE),
])  # fmt: skip
NEEDS = st.dictionaries(st.sampled_from(["A", "B"]), st.integers(1, 4), max_size=2)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(needs=NEEDS, data=st.data())
def test_every_place_says_the_same_number(hall: Store, needs: dict[str, int], data: st.DataObject) -> None:
    group = st.sampled_from([None, *needs])
    lines = data.draw(st.lists(st.tuples(group, st.booleans()), min_size=1, max_size=7))
    used = {name for name, _optional in lines}
    written = standard({code: need for code, need in needs.items() if code in used}, lines)
    rules = Definition.model_validate(written)
    service, _standard = open_service(hall, written)
    file = None
    for _visit in range(2):
        checks = {
            requirement.code: check
            for requirement in rules.requirements
            if (check := data.draw(STATES)).state is not State.UNCHECKED
        }
        found = assess(rules, case_of(IntakeForm(service_id=service, applicant=PartyForm(), checks=checks),
                                      DESK.day(hall.clock())), checks)  # fmt: skip
        label = assess(rules, case_of(IntakeForm(service_id=service, applicant=PartyForm()),
                                      DESK.day(hall.clock())), as_missing(found, checks)).missing_count  # fmt: skip
        outcome = receive(hall, service, checks, file)
        assert set(numbers(hall, outcome).values()) == {label}
        if outcome.paper != SLIP:
            return
        file = outcome.application_id


def test_three_of_four_with_one_at_hand_lacks_two(hall: Store) -> None:
    service, _standard = open_service(hall, standard({"A": 3}, [("A", False)] * 4 + [(None, False)]))
    outcome = receive(hall, service, {"L1": Check(State.PRESENT)})
    assert numbers(hall, outcome) == {"list": 3, "card": 3, "slip": 3, "story": 3}
    again = receive(hall, service, {"L1": Check(State.PRESENT), "L3": Check(State.PRESENT),
                                    "L5": Check(State.PRESENT)}, outcome.application_id)  # fmt: skip
    assert numbers(hall, again) == {"list": 1, "card": 1, "slip": 1, "story": 1}


def test_a_standard_that_arrives_late_puts_the_number_right(hall: Store) -> None:
    service, standard_id = open_service(hall, standard({"A": 3}, [("A", False)] * 4))
    outcome = receive(hall, service, {"L1": Check(State.PRESENT)})
    with hall._writer.begin() as connection:
        row = connection.exec_driver_sql("SELECT * FROM service_standard WHERE id = ?", (standard_id,)).mappings().one()
        kept = dict(row)
        connection.exec_driver_sql("DELETE FROM service_standard WHERE id = ?", (standard_id,))
        local.refresh_applications(connection, [outcome.application_id])
    with hall.reading() as session:
        now = session.get_one(ApplicationNow, outcome.application_id)
        assert now.missing == 1, "the control: how many are needed is not known here"
    with hall._writer.begin() as connection:
        names = ", ".join(f'"{name}"' for name in kept)
        marks = ", ".join("?" * len(kept))
        connection.exec_driver_sql(f"INSERT INTO service_standard ({names}) VALUES ({marks})", tuple(kept.values()))
        for refresh, key in ServiceStandard.projections({"id": standard_id}):
            refresh(connection, [key])
    with hall.reading() as session:
        assert session.get_one(ApplicationNow, outcome.application_id).missing == 2
