"""Putting the people of a kept file right: who may, what is kept of it, and what its paper says afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from desktop.errors import Conflict, UserError
from desktop.models import journal
from desktop.models.access import Officer
from desktop.models.application import Correction, Note, StatusMove
from desktop.models.people import Party
from desktop.operations import amending, correcting, history, issuing
from desktop.operations.amending import FREE, ConsentWanted
from desktop.operations.correcting import Opened
from desktop.operations.intake_form import Outcome, PartyForm
from desktop.operations.paperwork import ReceiptFacts, SlipFacts
from tests.conftest import Clock
from tests.operations.small_hall import BUDI, KTP, POL, RINI, SARI, AtTheDesk, desk_of

NIK, OTHER_NIK = "3319014107900003", "3319014107900011"


@pytest.fixture
def file(desk: AtTheDesk) -> Outcome:
    return desk.receive(KTP, "Siti Amina", nik=NIK, phone="081234567890")


def opened(desk: AtTheDesk, file: Outcome) -> tuple[Opened, ...]:
    with desk.store.saving(desk.desk.officer_id) as session:
        return correcting.opened(session, desk.desk, file.application_id)


def correct(desk: AtTheDesk, file: Outcome, reason: str = "typing", words: str = "", *,
            seen: Opened | None = None, **changes: Any) -> bool:  # fmt: skip
    seen = seen or opened(desk, file)[0]
    with desk.store.saving(desk.desk.officer_id) as session:
        edit = (seen, replace(seen.form, **changes))
        return correcting.correct(session, desk.desk, file.application_id, [edit], reason, words)


def party(desk: AtTheDesk, file: Outcome) -> Party:
    with desk.store.reading() as session:
        return session.scalars(select(Party).where(Party.application_id == file.application_id)).one()


def corrections(desk: AtTheDesk) -> list[Correction]:
    with desk.store.reading() as session:
        return list(session.scalars(select(Correction).order_by(Correction.ehlc)))


def newest(desk: AtTheDesk, file: Outcome) -> str:
    with desk.store.reading() as session:
        return history.card(session, desk.desk, file.application_id).events[0].text


def facts(desk: AtTheDesk, print_id: str) -> ReceiptFacts | SlipFacts:
    with desk.store.reading() as session:
        return issuing.facts_of(session, print_id)


def again(desk: AtTheDesk, file: Outcome, reason: str) -> str:
    with desk.store.saving(desk.desk.officer_id) as session:
        return issuing.reprint(session, desk.desk, file.application_id, reason)


# What is kept --------------------------------------------------------------------------------------------------------


def test_a_name_is_put_right_and_the_old_one_stays_readable(desk: AtTheDesk, file: Outcome, clock: Clock) -> None:
    clock.forward(minutes=5)
    assert correct(desk, file, name="Siti Aminah")  # the receipt carries the name
    assert party(desk, file).full_name == "Siti Aminah"
    (line,) = corrections(desk)
    assert (line.field, line.reason_code, line.officer_id, line.about_id) == (
        "name", "typing", RINI, party(desk, file).id,
    )  # fmt: skip
    assert newest(desk, file) == "Nama pemohon diperbaiki oleh Rini (salah ketik): Siti Amina → Siti Aminah"
    with desk.store.reading() as session:
        (applicant,) = history.card(session, desk.desk, file.application_id).people
    (was,) = applicant.was
    assert (was.field, was.value, was.officer, f"{was.at:%H.%M}") == ("name", "Siti Amina", "Rini", "08.17")


def test_each_changed_field_is_a_line_and_numbers_stay_covered(desk: AtTheDesk, file: Outcome) -> None:
    assert not correct(desk, file, "asked", phone="081298765432", place_text="Bae")
    assert {line.field for line in corrections(desk)} == {"phone", "village"}
    with desk.store.reading() as session:
        told = " ".join(e.text for e in history.card(session, desk.desk, file.application_id).events)
    assert "HP pemohon diperbaiki oleh Rini (pemohon meminta): 0812-••••-890 → 0812-••••-432" in told
    assert "Alamat pemohon diperbaiki oleh Rini (pemohon meminta): – → Bae" in told


def test_a_nik_is_never_told_whole(desk: AtTheDesk, file: Outcome) -> None:
    correct(desk, file, nik=OTHER_NIK)
    assert newest(desk, file) == (
        "NIK pemohon diperbaiki oleh Rini (salah ketik): 3319 •••• •••• 0003 → 3319 •••• •••• 0011"
    )
    correct(desk, file, nik="3319024107900011")
    assert newest(desk, file).endswith("angka yang tertutup berubah, 3319 •••• •••• 0011")


def test_a_nik_brings_its_birth_date_along(desk: AtTheDesk, file: Outcome) -> None:
    correct(desk, file, nik="3319014207900003", birth_date=None)
    assert {line.field for line in corrections(desk)} == {"nik", "birth_date"}
    assert party(desk, file).birth_date is not None and party(desk, file).birth_date.day == 2
    with desk.store.reading() as session:
        told = [e.text for e in history.card(session, desk.desk, file.application_id).events]
    assert told[0].endswith("angka yang tertutup berubah, ••-••-1990")  # the day stands in the NIK's covered digits


def test_words_explain_the_reason_and_stay_with_the_agency(desk: AtTheDesk, file: Outcome) -> None:
    with pytest.raises(UserError) as refused:
        correct(desk, file, "other", name="Siti Aminah")
    assert refused.value.field == "words"
    assert party(desk, file).full_name == "Siti Amina" and corrections(desk) == []
    correct(desk, file, "other", "KTP lama keliru", name="Siti Aminah")
    with desk.store.reading() as session:
        assert session.scalars(select(Note.text)).all() == ["KTP lama keliru"]
    assert newest(desk, file) == (
        "Nama pemohon diperbaiki oleh Rini (lainnya: KTP lama keliru): Siti Amina → Siti Aminah"
    )


def test_nothing_changed_or_no_reason_is_refused(desk: AtTheDesk, file: Outcome) -> None:
    with pytest.raises(UserError, match="Belum ada yang diubah"):
        correct(desk, file)
    with pytest.raises(UserError) as refused:
        correct(desk, file, "", name="Siti Aminah")
    assert refused.value.field == "reason"


@pytest.mark.parametrize(("changes", "where"), [
    ({"name": ""}, "applicant.name"),
    ({"nik": "331901"}, "applicant.nik"),
    ({"phone": "12"}, "applicant.phone"),
])  # fmt: skip
def test_what_f9_refuses_a_correction_refuses(
    desk: AtTheDesk, file: Outcome, changes: dict[str, str], where: str
) -> None:
    with pytest.raises(UserError) as refused:
        correct(desk, file, **changes)
    assert refused.value.field == where
    assert corrections(desk) == []


def test_without_its_entries_the_line_still_says_that_it_was_corrected(desk: AtTheDesk, file: Outcome) -> None:
    correct(desk, file, name="Siti Aminah")
    with desk.store.arriving() as connection:
        for (trigger,) in connection.exec_driver_sql(
            "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'journal'"
        ).all():
            connection.exec_driver_sql(f"DROP TRIGGER {trigger}")
        connection.exec_driver_sql("UPDATE journal SET payload = NULL WHERE table_name = 'party'")
    assert newest(desk, file) == "Nama diperbaiki oleh Rini (salah ketik)."


# Who may -------------------------------------------------------------------------------------------------------------


def test_ten_minutes_are_free_to_the_officer_who_kept_it(desk: AtTheDesk, file: Outcome, clock: Clock) -> None:
    clock.forward(seconds=FREE.total_seconds())
    correct(desk, file, name="Siti Aminah")
    clock.forward(seconds=1)
    with pytest.raises(UserError, match="Sudah lewat 10 menit"):
        correct(desk, file, name="Siti Aminah Rahayu")
    correct(desk.as_officer(SARI), file, name="Siti Aminah Rahayu")
    assert [line.officer_id for line in corrections(desk)] == [RINI, SARI]


def test_a_clock_set_back_makes_the_ten_minutes_no_longer(desk: AtTheDesk, file: Outcome, clock: Clock) -> None:
    clock.moment -= timedelta(hours=2)
    with pytest.raises(UserError, match="Sudah lewat 10 menit"):
        opened(desk, file)


def test_others_need_a_supervisor_and_strangers_get_nothing(desk: AtTheDesk, file: Outcome) -> None:
    seen = opened(desk, file)[0]
    for officer, sentence in ((BUDI, "petugas lain"),):
        with pytest.raises(UserError, match=sentence):
            correct(desk.as_officer(officer), file, seen=seen, name="Siti Aminah")
    police = AtTheDesk(desk.store, desk_of(SARI, agencies=(POL,)))
    with pytest.raises(UserError, match="instansi lain"):
        correct(police, file, seen=seen, name="Siti Aminah")
    assert party(desk, file).full_name == "Siti Amina"


def test_only_a_supervisor_can_consent_at_the_desk(desk: AtTheDesk, file: Outcome, clock: Clock) -> None:
    clock.forward(minutes=20)
    for who, may in ((BUDI, False), (SARI, True)):
        desk.desk = replace(desk_of(), authorised_by=who)
        if may:
            assert opened(desk, file)
        else:
            with pytest.raises(ConsentWanted):
                opened(desk, file)
    with desk.store.saving(None) as session:
        session.get_one(Officer, SARI).is_active = False
    with pytest.raises(ConsentWanted):
        opened(desk, file)


def test_an_officers_own_pin_is_no_consent(desk: AtTheDesk) -> None:
    with desk.store.saving(None) as session, pytest.raises(UserError, match="pengawas atau admin"):
        amending.consent(session, BUDI, "482915")


def test_the_second_officer_of_the_visit_may_too(desk: AtTheDesk) -> None:
    file = desk.receive(KTP, "Siti Amina", served_with=BUDI)
    assert correct(desk.as_officer(BUDI), file, name="Siti Aminah")


def test_after_hand_over_only_a_supervisor(desk: AtTheDesk, file: Outcome, clock: Clock) -> None:
    with desk.store.saving(RINI) as session:
        session.add(
            StatusMove(application_id=file.application_id, to_state="HANDED_OVER", at=clock(), officer_id=RINI)
        )
    with pytest.raises(UserError, match="sudah diserahkan"):
        opened(desk, file)
    assert correct(desk.as_officer(SARI), file, name="Siti Aminah")


def test_a_void_file_is_corrected_by_nobody(desk: AtTheDesk, file: Outcome) -> None:
    desk.undo(file)
    with pytest.raises(UserError, match="sudah dibatalkan"):
        opened(desk.as_officer(SARI), file)


# Two at once ---------------------------------------------------------------------------------------------------------


def test_who_saves_second_is_shown_both_values(desk: AtTheDesk, file: Outcome) -> None:
    seen = opened(desk, file)[0]
    correct(desk.as_officer(SARI), file, name="Siti Aminah")
    with pytest.raises(Conflict) as met:
        correct(desk, file, seen=seen, name="Siti Aminahh")
    assert met.value.values == (("Nama", "Siti Aminah", "Siti Aminahh"),)
    assert "sudah diubah Sari" in met.value.message and "kini Siti Aminah, Anda mengetik Siti Aminahh" in (
        met.value.message
    )
    assert party(desk, file).full_name == "Siti Aminah" and len(corrections(desk)) == 1
    # who has seen both may decide
    correct(desk, file, seen=replace(opened(desk, file)[0]), name="Siti Aminahh")
    assert party(desk, file).full_name == "Siti Aminahh"


def test_without_the_guard_the_first_would_be_lost_silently(desk: AtTheDesk, file: Outcome,
                                                            monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    seen = opened(desk, file)[0]
    correct(desk.as_officer(SARI), file, phone="081298765432")
    monkeypatch.setattr(correcting, "_refuse_stale", lambda *_told: None)
    correct(desk, file, seen=seen, name="Siti Aminah")
    assert party(desk, file).phone == "+6281234567890"  # what Sari wrote is gone


def test_a_conflict_tells_no_covered_digit(desk: AtTheDesk, file: Outcome) -> None:
    seen = opened(desk, file)[0]
    correct(desk.as_officer(SARI), file, nik=OTHER_NIK)
    with pytest.raises(Conflict) as met:
        correct(desk, file, seen=seen, phone="081298765432")
    assert OTHER_NIK not in repr(met.value.values) and "98765" not in met.value.message


def test_somebody_untouched_here_may_have_changed_elsewhere(desk: AtTheDesk) -> None:
    file = desk.receive(KTP, "Siti", for_whom=2, subject=PartyForm(name="Bayi Siti"))
    applicant, child = opened(desk, file)
    correct(desk.as_officer(SARI), file, seen=applicant, name="Siti Aminah")
    correct(desk, file, seen=child, name="Ahmad")
    with desk.store.reading() as session:
        assert {p.full_name for p in history.parties(session, file.application_id)} == {"Siti Aminah", "Ahmad"}


# Its paper -----------------------------------------------------------------------------------------------------------


def test_the_paper_after_a_correction_is_a_new_issue_and_says_when(
    desk: AtTheDesk, file: Outcome, clock: Clock
) -> None:
    clock.forward(minutes=3)
    correct(desk, file, name="Siti Aminah")
    clock.forward(minutes=1)
    new = facts(desk, again(desk, file, issuing.CORRECTED))
    assert (new.applicant, new.copy_no) == ("Siti Aminah", 0)
    assert new.corrected_at is not None and f"{new.corrected_at:%H.%M}" == "08.15"
    assert newest(desk, file).startswith("Tanda terima")
    copy = facts(desk, again(desk, file, "lost"))
    assert (copy.copy_no, copy.corrected_at) == (1, new.corrected_at)


def test_a_lost_paper_whose_name_was_corrected_is_no_copy(desk: AtTheDesk, file: Outcome) -> None:
    correct(desk, file, name="Siti Aminah")
    assert facts(desk, again(desk, file, "lost")).copy_no == 0
    assert facts(desk, again(desk, file, "lost")).copy_no == 1


def test_what_no_paper_says_leaves_its_copies_copies(desk: AtTheDesk, file: Outcome) -> None:
    assert not correct(desk, file, phone="081298765432")
    copy = facts(desk, again(desk, file, "lost"))
    assert (copy.copy_no, copy.corrected_at) == (1, None)


@pytest.mark.parametrize("missing", [(), ("PHOTO",)])
@pytest.mark.parametrize(("changes", "field"), [
    ({"name": "Siti Aminah"}, "name"), ({"nik": OTHER_NIK}, "nik"), ({"phone": "081298765432"}, "phone"),
    ({"place_text": "Bae"}, "village"),
])  # fmt: skip
def test_what_changes_the_facts_of_a_paper_makes_it_a_new_issue(
    desk: AtTheDesk, missing: tuple[str, ...], changes: dict[str, str], field: str
) -> None:
    """The question at the save and the rule of the reprint agree, whatever the field and the paper."""
    file = desk.receive(KTP, "Siti Amina", nik=NIK, phone="081234567890", missing=missing)
    is_changed = correct(desk, file, **changes)
    assert is_changed is (field == "name" or (field == "nik" and not missing))
    assert (facts(desk, again(desk, file, "lost")).copy_no == 0) is is_changed


def test_a_further_visit_of_a_corrected_file_has_a_paper_of_its_own(desk: AtTheDesk, clock: Clock) -> None:
    file = desk.receive(KTP, "Siti Amina", missing=("PHOTO",))
    correct(desk, file, name="Siti Aminah")
    clock.forward(hours=2)
    receipt = desk.receive(KTP, "Siti Aminah", file=file.application_id)
    assert facts(desk, receipt.print_id).corrected_at is None


# With undo -----------------------------------------------------------------------------------------------------------


def test_a_corrected_file_cannot_be_taken_back(desk: AtTheDesk) -> None:
    first = desk.receive(KTP, "Siti Amina", missing=("PHOTO",))
    second = desk.receive(KTP, "Siti Amina", file=first.application_id)
    correct(desk, second, name="Siti Aminah")
    with pytest.raises(UserError, match="sudah berubah"):
        desk.undo(second)
    assert party(desk, first).full_name == "Siti Aminah"


def test_the_journal_holds(desk: AtTheDesk, file: Outcome) -> None:
    correct(desk, file, name="Siti Aminah")
    correct(desk, file, nik=OTHER_NIK)
    with desk.store.arriving() as connection:
        assert journal.verify(journal.read_entries(connection)) == []
