"""Versions of a standard: the hour of intake decides, an edit never reaches back, a decree is named on paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import event, select

from desktop.errors import Conflict, UserError
from desktop.models import journal
from desktop.models.access import Officer
from desktop.models.catalog import Service, ServiceStandard
from desktop.operations import intake, issuing, reception, standards
from desktop.operations.catalog import definition_of, newest_standard, standard_in_force
from desktop.operations.intake_form import OutageForm
from desktop.operations.standards import Decree
from tests.conftest import Hall
from tests.operations.forms import looked_at, lost_card, receive, refused, service_id

TUESDAY = date(2026, 11, 24)
EIGHT = datetime(2026, 11, 24, 1, tzinfo=UTC)  # 08.00 on Tuesday in the hall


@pytest.fixture
def admin(hall: Hall) -> Hall:
    with hall.store.saving(None) as session:
        session.get_one(Officer, hall.desk.officer_id).role = "admin"
    return hall


def renewed(hall: Hall, row: dict[str, str], decree: Decree | None = None, code: str = "") -> ServiceStandard:
    """The next version of KTP-el hilang with its first line (or the named one) as these words say it."""
    key = service_id(hall, "DKC-02")
    with hall.store.saving(hall.desk.officer_id) as session:
        base = newest_standard(session, key)
        assert base is not None
        definition = definition_of(base)
        made = standards.line_changed(definition, code or definition.requirements[0].code, row)
        return standards.renew(session, hall.desk, key, made, base_id=base.id, decree=decree or Decree())


def in_force(hall: Hall, at: datetime) -> int:
    with hall.store.reading() as session:
        row = standard_in_force(session, service_id(hall, "DKC-02"), at)
        assert row is not None
        return row.version_no


def test_a_minute_before_and_a_minute_after_the_start_use_the_old_and_the_new(admin: Hall) -> None:
    form = lost_card(admin)
    renewed(admin, {"Lembar": "2"}, Decree("SK 5/2026", date(2026, 11, 20), EIGHT))
    assert in_force(admin, EIGHT - timedelta(minutes=1)) == 1
    assert in_force(admin, EIGHT) == in_force(admin, EIGHT + timedelta(minutes=1)) == 2
    for minutes, version in ((-1, 1), (1, 2)):
        admin.clock.moment = EIGHT + timedelta(minutes=minutes)
        outcome = receive(admin, looked_at(admin, form))
        with admin.store.reading() as session:
            application = session.get_one(intake.Application, outcome.application_id)
            assert session.get_one(ServiceStandard, application.standard_id).version_no == version
            with_decree = issuing.facts_of(session, outcome.print_id).standard_text
        words = "Standar pelayanan SK 5/2026, versi 2"
        assert with_decree == (words if version == 2 else None), "a sample names no decree"


def test_what_comes_is_said_and_an_open_intake_is_told_when_it_came(admin: Hall) -> None:
    renewed(admin, {"Lembar": "2"}, Decree("SK 5/2026", date(2026, 11, 20), EIGHT))
    with admin.store.reading() as session:
        shown = reception.standard_of(session, admin.desk, service_id(admin, "DKC-02"))
    sentence = reception.next_standard_sentence(admin.desk, shown, admin.clock())
    assert sentence == "Standar baru berlaku besok pukul 08.00. Hari ini masih standar lama."
    form = looked_at(admin, lost_card(admin, standard_id=shown.id))
    admin.clock.moment = EIGHT + timedelta(minutes=1)
    problem = refused(admin, form)
    assert isinstance(problem, intake.StandardReplaced)
    assert problem.message.startswith("Standar baru berlaku sejak pukul 08.00.")
    admin.clock.moment = EIGHT - timedelta(minutes=1)
    receive(admin, form)  # the control: before the hour the same form is received


def test_a_file_of_an_outage_is_asked_by_the_standard_of_the_papers_hour(admin: Hall) -> None:
    paper = OutageForm(TUESDAY, "0730", "power_cut")
    key = service_id(admin, "DKC-02")
    form = replace(lost_card(admin), outage=paper)
    renewed(admin, {"Lembar": "2"}, Decree("SK 5/2026", date(2026, 11, 20), EIGHT))
    admin.clock.moment = EIGHT + timedelta(hours=2)
    with admin.store.reading() as session:
        now_shown, then_shown = (reception.standard_of(session, admin.desk, key, when) for when in (None, paper))
        half_typed = reception.standard_of(session, admin.desk, key, OutageForm(TUESDAY))
    assert [one.is_sample for one in (now_shown, then_shown, half_typed)] == [False, True, False]
    assert reception.next_standard_sentence(admin.desk, then_shown, admin.clock()) == ""  # it came long ago
    problem = refused(admin, looked_at(admin, replace(form, standard_id=now_shown.id)))
    assert isinstance(problem, intake.StandardReplaced)
    assert problem.message.startswith("Pada Selasa, 24 November 2026 berlaku standar lain.")
    outcome = receive(admin, looked_at(admin, replace(form, standard_id=then_shown.id)))
    later = receive(admin, looked_at(admin, replace(form, outage=replace(paper, clock="0830"))))
    with admin.store.reading() as session:
        kept = [session.get_one(intake.Application, one.application_id).standard_id for one in (outcome, later)]
    assert kept == [then_shown.id, now_shown.id]


def test_the_look_up_stays_one_query_by_index(admin: Hall) -> None:
    for copies in range(2, 7):
        renewed(admin, {"Lembar": str(copies)})
    said: list[str] = []
    with admin.store.reading() as session:
        connection = session.connection()
        event.listen(connection, "before_cursor_execute", lambda *given: said.append(given[2]))
        row = standard_in_force(session, service_id(admin, "DKC-02"), admin.clock())
        assert row is not None and row.version_no == 6
        looked = [one for one in said if "service_standard" in one]
        assert len(looked) == 1
        plan = connection.exec_driver_sql(
            "EXPLAIN QUERY PLAN " + looked[0].replace("?", "''")
        ).all()
    assert any("USING INDEX ix_service_standard_service_id" in step[3] for step in plan), plan


def test_the_last_decision_counts_also_over_one_that_still_waits(admin: Hall) -> None:
    renewed(admin, {"Lembar": "5"}, Decree(valid_from=EIGHT))
    renewed(admin, {"Lembar": "6"})
    assert in_force(admin, admin.clock()) == 3
    assert in_force(admin, EIGHT + timedelta(days=1)) == 3
    with admin.store.reading() as session:
        found = reception.standard_of(session, admin.desk, service_id(admin, "DKC-02"))
    assert found.next_from is None, "what no longer comes is not announced"


def test_an_edit_of_a_decreed_standard_stays_under_its_decree_and_never_begins_in_the_past(admin: Hall) -> None:
    renewed(admin, {"Lembar": "5"}, Decree("SK 5/2026", date(2026, 11, 20), EIGHT - timedelta(days=99)))
    made = renewed(admin, {"Lembar": "6"})
    assert (made.state, made.decree_no, made.decree_date) == ("decreed", "SK 5/2026", date(2026, 11, 20))
    with admin.store.reading() as session:
        found = standards.versions(session, service_id(admin, "DKC-02"))
        assert [(one.number, one.standing) for one in found] == [(3, "in_force"), (2, "replaced"), (1, "replaced")]
        assert all(one.valid_from >= admin.clock() for one in found[:2])


def test_a_line_switched_off_is_not_asked_of_the_next_applicant(admin: Hall) -> None:
    form = lost_card(admin)
    first = looked_at(admin, form)
    code = next(iter(first.checks))
    renewed(admin, {"Dipakai": "tidak"}, code=code)
    assert code not in looked_at(admin, form).checks and code in first.checks


def test_a_whole_agency_is_decreed_at_once(admin: Hall) -> None:
    with admin.store.saving(admin.desk.officer_id) as session:
        services = [branch.service_id for _agency, found in standards.tree(session) for branch in found
                    if branch.code.startswith("DKC")]  # fmt: skip
        given = Decree("SK 5/2026", date(2026, 11, 20))
        assert standards.decree(session, admin.desk, services, given) == 12
        assert {one.is_sample for _agency, found in standards.tree(session) for one in found
                if one.code.startswith("DKC")} == {False}  # fmt: skip


@pytest.mark.parametrize(("row", "field"), [
    ({"Lembar": "banyak"}, "Lembar"), ({"Syarat": " "}, "Syarat"), ({"Diminta bila": "kalau perlu"}, "Diminta bila"),
    ({"Dasar hukum": ""}, "Dasar hukum"),
])  # fmt: skip
def test_a_wrong_word_is_told_at_its_field(admin: Hall, row: dict[str, str], field: str) -> None:
    with pytest.raises(UserError) as caught:
        renewed(admin, row)
    assert caught.value.field == field


@pytest.mark.parametrize(("decree", "field"), [
    (Decree("SK 5/2026"), "decree_date"), (Decree("", date(2026, 1, 1)), "decree_no"),
    (Decree("x" * 121, date(2026, 1, 1)), "decree_no"),
])  # fmt: skip
def test_half_a_decree_is_refused(admin: Hall, decree: Decree, field: str) -> None:
    with pytest.raises(UserError) as caught:
        renewed(admin, {"Lembar": "9"}, decree)
    assert caught.value.field == field


def test_nothing_changed_makes_no_version_and_two_at_once_are_a_conflict(admin: Hall) -> None:
    with pytest.raises(UserError, match="Tidak ada yang berubah"):
        renewed(admin, {})
    key = service_id(admin, "DKC-02")
    with admin.store.reading() as session:
        base = newest_standard(session, key)
    assert base is not None
    renewed(admin, {"Lembar": "9"})
    with pytest.raises(Conflict), admin.store.saving(admin.desk.officer_id) as session:
        standards.renew(session, admin.desk, key, definition_of(base), base_id=base.id,
                        decree=Decree("SK 1", date(2026, 1, 1)))  # fmt: skip


@pytest.mark.parametrize("role", ["officer", "supervisor"])
def test_only_an_admin_makes_versions(admin: Hall, role: str) -> None:
    with admin.store.saving(None) as session:
        session.get_one(Officer, admin.desk.officer_id).role = role
    with pytest.raises(UserError, match="untuk admin"):
        renewed(admin, {"Lembar": "9"})
    with admin.store.saving(None) as session:
        officer = session.get_one(Officer, admin.desk.officer_id)
        officer.role, officer.is_active = "admin", False
    with pytest.raises(UserError, match="untuk admin"):
        renewed(admin, {"Lembar": "9"})


def test_a_version_is_an_entry_of_the_journal_signed_by_the_admin(admin: Hall) -> None:
    made = renewed(admin, {"Lembar": "9"})
    with admin.store.reading() as session:
        entry = session.scalars(select(journal.Entry).where(journal.Entry.row_id == made.id)).one()
        assert (entry.table_name, entry.officer_id) == ("service_standard", admin.desk.officer_id)
        assert session.scalars(select(Service).where(Service.code == "DKC-02")).one().id == made.service_id
