"""Void files and files that stand in for them: the number stays, the reason is told, the paper no longer holds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from desktop.errors import UserError
from desktop.models import journal
from desktop.models.application import Application, Correction, Note, PaperPrint, StatusMove, Visit
from desktop.models.local import ApplicationNow, PrintJob
from desktop.operations import daily, history, issuing, notes, reception, voiding
from desktop.operations.figures import Figure, Pick
from desktop.operations.history import Card
from desktop.operations.intake_form import Outcome
from tests.conftest import Clock
from tests.operations.random_days import ACTS, live
from tests.operations.small_hall import BUDI, KK, KTP, POL, RINI, SARI, SKCK, AtTheDesk, desk_of

TODAY, TOMORROW = date(2026, 11, 23), date(2026, 11, 24)


def void(desk: AtTheDesk, file: Outcome, reason: str = "typing", words: str = "") -> str:
    with desk.store.saving(desk.desk.officer_id) as session:
        return voiding.void(session, desk.desk, file.application_id, reason, words)


def card(desk: AtTheDesk, file: Outcome) -> Card:
    with desk.store.reading() as session:
        return history.card(session, desk.desk, file.application_id)


def scanned(desk: AtTheDesk, file: Outcome) -> str:
    with desk.store.reading() as session:
        return reception.file_sentence(session, desk.desk, file.application_id)


# Void ----------------------------------------------------------------------------------------------------------------


def test_the_number_stays_and_says_why(desk: AtTheDesk) -> None:
    file = desk.receive()
    number = void(desk, file)
    assert number == f"{file.short[:4]}-{file.short[4:]}"
    told = card(desk, file)
    assert (told.number.replace("-", ""), told.state_word, told.paper) == (file.number, "Dibatalkan", None)
    assert told.events[0].text == (
        "Dibatalkan oleh Rini (salah ketik). Nomornya tetap tercatat dan tidak dipakai lagi."
    )
    assert scanned(desk, file) == "Dibatalkan 23 November (salah ketik). Kertasnya tidak berlaku."
    with pytest.raises(UserError, match="sudah dibatalkan"):
        void(desk.as_officer(SARI), file)
    with pytest.raises(UserError, match="kertas yang berlaku"), desk.store.saving(RINI) as session:
        issuing.reprint(session, desk.desk, file.application_id, "lost")


def test_a_paper_that_has_not_come_out_stays_in(desk: AtTheDesk) -> None:
    void(desk, desk.receive())
    with desk.store.reading() as session:
        assert session.scalars(select(PrintJob.state)).all() == ["out"]


def test_lainnya_needs_words_and_keeps_them_out_of_the_hall(desk: AtTheDesk) -> None:
    file = desk.receive()
    with pytest.raises(UserError) as refused:
        void(desk, file, "other")
    assert refused.value.field == "words" and card(desk, file).state == "REGISTERED"
    void(desk, file, "other", "Pemohon pindah kabupaten")
    with desk.store.reading() as session:
        move = session.scalars(select(StatusMove).where(StatusMove.to_state == "VOID")).one()
        assert "pindah" not in str(move.payload())
    assert "(lainnya: Pemohon pindah kabupaten)" in card(desk, file).events[0].text


def test_who_may(desk: AtTheDesk, clock: Clock) -> None:
    file = desk.receive()
    with pytest.raises(UserError, match="petugas lain"):
        void(desk.as_officer(BUDI), file)
    with pytest.raises(UserError, match="instansi lain"):
        void(AtTheDesk(desk.store, desk_of(SARI, agencies=(POL,))), file)
    clock.forward(minutes=11)
    with pytest.raises(UserError, match="Sudah lewat 10 menit"):
        void(desk, file)
    with pytest.raises(UserError, match="Sudah lewat 10 menit"):
        desk.undo(file)  # the same act by another key
    assert card(desk, file).state == "REGISTERED"
    void(desk.as_officer(SARI), file)
    assert card(desk, file).events[0].text.startswith("Dibatalkan oleh Sari")


def test_without_the_right_asked_for_anybody_could(desk: AtTheDesk, clock: Clock,
                                                   monkeypatch: pytest.MonkeyPatch) -> None:  # fmt: skip
    file = desk.receive()
    clock.forward(days=30)
    monkeypatch.setattr(voiding, "amendable", lambda session, _desk, id_: session.get(Application, id_))
    void(desk.as_officer(BUDI), file)
    assert card(desk, file).state == "VOID"


# Another service -----------------------------------------------------------------------------------------------------


def test_the_wrong_service_is_void_and_new_in_one_act(desk: AtTheDesk, clock: Clock) -> None:
    wrong = desk.receive(KTP, "Siti Aminah")
    clock.forward(minutes=2)
    right = desk.receive(KK, "Siti Aminah", previous_id=wrong.application_id)
    assert right.takes_back == card(desk, wrong).short
    told = card(desk, wrong)
    assert (told.state, told.replaced_by) == ("VOID", card(desk, right).short)
    assert told.events[0].text == (
        "Dibatalkan oleh Rini (salah layanan). Nomornya tetap tercatat dan tidak dipakai lagi. "
        f"Berkas pengganti: {card(desk, right).short}."
    )
    assert card(desk, right).replaces == told.number
    assert scanned(desk, wrong) == (
        f"Dibatalkan 23 November (salah layanan). Berkas pengganti: {card(desk, right).short}."
    )
    with desk.store.reading() as session:
        assert session.get_one(Application, right.application_id).previous_id == wrong.application_id


def test_both_or_neither(desk: AtTheDesk, clock: Clock) -> None:
    wrong = desk.receive(KTP)
    clock.forward(minutes=11)
    with pytest.raises(UserError, match="Sudah lewat 10 menit"):
        desk.receive(KK, previous_id=wrong.application_id)
    with desk.store.reading() as session:
        assert session.scalars(select(ApplicationNow.state)).all() == ["REGISTERED"]
    desk.as_officer(SARI).receive(KK, previous_id=wrong.application_id)
    with desk.store.reading() as session:
        numbers = session.scalars(select(Application.serial).order_by(Application.serial)).all()
    assert numbers == [1, 2]  # the refused one used up no number


def test_what_replaces_a_void_file_makes_nothing_void(desk: AtTheDesk) -> None:
    undone = desk.receive()
    desk.undo(undone)
    again = desk.receive(previous_id=undone.application_id)
    assert again.takes_back == ""
    with desk.store.reading() as session:
        assert len(session.scalars(select(StatusMove).where(StatusMove.to_state == "VOID")).all()) == 1


def test_another_agencys_file_cannot_be_replaced(desk: AtTheDesk) -> None:
    police = AtTheDesk(desk.store, desk_of(agencies=(POL,)))
    theirs = police.receive(SKCK)
    with pytest.raises(UserError, match="instansi lain"):
        desk.receive(KK, previous_id=theirs.application_id)


# Notes ---------------------------------------------------------------------------------------------------------------


def test_a_note_is_told_in_the_story(desk: AtTheDesk, clock: Clock) -> None:
    file = desk.receive()
    clock.forward(days=3)
    with desk.store.saving(BUDI) as session:
        notes.add_note(session, replace(desk.desk, officer_id=BUDI), file.application_id, "Menelepon, minta kabar")
    assert card(desk, file).events[0].text == "Catatan Budi: Menelepon, minta kabar"


def test_an_empty_note_or_a_strangers_is_refused(desk: AtTheDesk) -> None:
    file = desk.receive()
    with pytest.raises(UserError) as refused, desk.store.saving(RINI) as session:
        notes.add_note(session, desk.desk, file.application_id, "  ")
    assert refused.value.field == "words"
    police = desk_of(agencies=(POL,))
    with pytest.raises(UserError, match="instansi lain"), desk.store.saving(RINI) as session:
        notes.add_note(session, police, file.application_id, "apa")
    with desk.store.reading() as session:
        assert session.scalars(select(Note)).all() == []


# In the figures ------------------------------------------------------------------------------------------------------


def test_reasons_are_counted_and_each_opens_its_list(desk: AtTheDesk, clock: Clock) -> None:
    old = desk.receive(name="Lama")
    clock.forward(days=1)
    void(desk, desk.receive(name="Satu"))
    void(desk, desk.receive(name="Dua"), "double")
    desk.receive(KK, "Tiga", previous_id=desk.receive(KTP, "Tiga").application_id)
    void(desk.as_officer(SARI), old, "wrong_person")
    with desk.store.reading() as session:
        day = daily.day_of(session, replace(desk.desk, officer_id=SARI), TOMORROW)
        double = daily.lines(session, day, Pick(Figure.VOID, outcome="double"))
        (row,) = daily.lines(session, day, Pick(Figure.VOIDED_LATER))
    assert [(word, count) for word, _pick, count in day.parts(Figure.VOID)] == [
        ("salah ketik", 1), ("berkas ganda", 1), ("salah layanan", 1),
    ]  # fmt: skip
    assert [line.applicant for line in double] == ["Dua"]
    assert (row.applicant, row.officer, row.remark) == ("Lama", "Sari", "Dibatalkan (salah orang)")
    assert list(daily.reason_sentences(day)) == [
        "Dibatalkan: 1 salah ketik, 1 berkas ganda, 1 salah layanan.",
        "Berkas lama yang dibatalkan hari ini: 1 salah orang.",
    ]
    assert day.is_consistent


# Over random histories -----------------------------------------------------------------------------------------------


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(ACTS, max_size=20))
def test_whatever_is_put_right_nothing_disappears(
    anew: Callable[[], AtTheDesk],
    acts: list[tuple[str, object, object, object]],
) -> None:
    desk = anew()
    outcomes = live(desk, acts)
    with desk.store.reading() as session:
        kept = {row.id: row.number for row in session.scalars(select(Application))}
        assert {outcome.application_id: outcome.number for outcome in outcomes} == kept
        told = {id_: history.card(session, replace(desk.desk, officer_id=SARI), id_).events for id_ in kept}
        for id_, events in told.items():
            icons = [event.icon for event in events]
            assert [event.at for event in events] == sorted((event.at for event in events), reverse=True)
            for kind, icon in ((Correction, "pencil"), (PaperPrint, "printer")):
                rows = session.scalars(select(kind).where(kind.application_id == id_)).all()
                assert icons.count(icon) == len(rows)
            moves = session.scalars(select(StatusMove).where(StatusMove.application_id == id_)).all()
            voids = [move for move in moves if move.to_state == "VOID"]
            assert len(voids) <= 1 and icons.count("ban") == len(voids)
            assert session.get_one(ApplicationNow, id_).state == ("VOID" if voids else moves[-1].to_state)
            visits = session.scalars(select(Visit).where(Visit.application_id == id_)).all()
            assert len(events) >= len(visits) + icons.count("printer") + icons.count("pencil")
    with desk.store.arriving() as connection:
        assert journal.verify(journal.read_entries(connection)) == []
