"""A file's card: what it says, what it covers, and its story in the order things happened."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from desktop.errors import UserError
from desktop.models.access import AccessEvent
from desktop.models.application import StatusMove
from desktop.models.local import PrintJob
from desktop.operations import history, issuing
from desktop.operations.history import Card
from desktop.operations.requirements import Extra
from tests.conftest import Clock
from tests.operations.small_hall import BUDI, DKC, KK, KTP, POL, RINI, SARI, AtTheDesk, desk_of

NIK = "3319014107900003"


def card(desk: AtTheDesk, application_id: str, officer: str = RINI) -> Card:
    with desk.store.reading() as session:
        return history.card(session, replace(desk.desk, officer_id=officer), application_id)


def story(desk: AtTheDesk, application_id: str, officer: str = RINI) -> list[str]:
    return [f"{event.at:%d %H.%M} {event.text}" for event in card(desk, application_id, officer).events]


def came_out(desk: AtTheDesk) -> None:
    with desk.store.saving(None) as session:
        for job in session.scalars(select(PrintJob)):
            job.state = "sent"


def test_the_story_of_a_file_that_came_back(desk: AtTheDesk, clock: Clock) -> None:
    first = desk.receive(KTP, "Siti Aminah", missing=("POLICE",), faulty=("PHOTO",))
    came_out(desk)
    clock.forward(days=1, minutes=40)
    desk.as_officer(BUDI).receive(KTP, "Siti Aminah", file=first.application_id)
    came_out(desk)
    clock.forward(minutes=3)
    with desk.store.saving(BUDI) as session:
        issuing.reprint(session, replace(desk.desk, officer_id=BUDI), first.application_id, "lost")
    assert story(desk, first.application_id) == [
        "24 08.55 Tanda terima belum tercetak.",
        "24 08.52 Tanda terima dicetak.",
        "24 08.52 Dilengkapi di Loket 3 oleh Budi: lengkap dan terdaftar.",
        "23 08.12 Lembar kekurangan dicetak.",
        "23 08.12 Diterima di Loket 3 oleh Rini: kurang 2 syarat (Surat keterangan kehilangan dari kepolisian; "
        "Pas foto 3×4). Berkas dikembalikan.",
    ]
    came_out(desk)
    newest = story(desk, first.application_id)[0]
    assert newest == "24 08.55 CETAK ULANG ke-1 di PC 907: tanda terima (hilang), oleh Budi."


def test_taken_back(desk: AtTheDesk, clock: Clock) -> None:
    outcome = desk.receive()
    came_out(desk)
    clock.forward(seconds=8)
    desk.undo(outcome)
    told = card(desk, outcome.application_id)
    assert (told.state_word, told.complete_at, told.promise, told.can_resume) == ("Dibatalkan", None, "", False)
    assert told.events[0].text == (
        "Dibatalkan oleh Rini (diurungkan). Nomornya tetap tercatat dan tidak dipakai lagi."
    )


def test_a_further_visit_taken_back_leaves_the_file_as_it_was(desk: AtTheDesk, clock: Clock) -> None:
    first = desk.receive(missing=("PHOTO",))
    clock.forward(hours=1)
    desk.undo(desk.receive(file=first.application_id))
    told = card(desk, first.application_id)
    assert (told.state_word, told.promise, told.can_resume) == ("Belum lengkap, kurang 1 syarat", "", True)
    assert [line.word for line in told.checks] == ["Ada", "Ada", "Belum dibawa"]
    assert told.events[0].text == "Kunjungan terakhir diurungkan oleh Rini; berkas kembali belum lengkap."


def test_what_the_card_says(desk: AtTheDesk) -> None:
    outcome = desk.receive(KTP, "Siti Aminah", nik=NIK, phone="081234567890")
    told = card(desk, outcome.application_id)
    assert told.number.endswith(told.short) and told.short == f"{outcome.number[9:13]}-{outcome.number[13]}"
    assert (told.state_word, told.service) == ("Terdaftar", "KTP-el hilang")
    assert (told.counter, told.officer) == ("Loket 3", "Rini")
    assert told.promise == "Selasa, 24 November 2026"
    assert told.standard == "Contoh (belum ditetapkan)"
    assert told.paper == "receipt"
    (applicant,) = told.people
    assert (applicant.role, applicant.name) == ("Pemohon", "Siti Aminah")
    assert (applicant.nik, applicant.phone) == ("3319 •••• •••• 0003", "0812-••••-890")
    assert NIK not in repr(told) and "34567" not in repr(told)


def test_a_paper_beyond_the_standard_is_told_with_its_reason(desk: AtTheDesk) -> None:
    extra = Extra("EXTRA_1", "Surat RT", "alamat berbeda")
    outcome = desk.receive(KK, extras=(extra,), missing=("EXTRA_1",), note="Pemohon tergesa")
    told = story(desk, outcome.application_id)
    assert "23 08.12 Syarat di luar daftar: Surat RT" in told
    assert "23 08.12 Alasan syarat di luar daftar: alamat berbeda" in told
    assert "23 08.12 Catatan Rini: Pemohon tergesa" in told
    assert card(desk, outcome.application_id).checks[-1].name == "Surat RT"


def test_a_look_at_the_nik_is_written_down_and_told_to_supervisors(desk: AtTheDesk, clock: Clock) -> None:
    outcome = desk.receive(nik=NIK, phone="081234567890")
    clock.forward(minutes=1)
    with desk.store.saving(RINI) as session:
        assert history.reveal(session, desk.desk, outcome.application_id) == [("3319 0141 0790 0003", "0812-3456-7890")]
    with desk.store.reading() as session:
        (look,) = session.scalars(select(AccessEvent))
    assert (look.act, look.officer_id, look.application_id) == ("reveal", RINI, outcome.application_id)
    assert "23 08.13 Data pribadi dilihat oleh Rini." in story(desk, outcome.application_id, SARI)
    assert not any("dilihat" in line for line in story(desk, outcome.application_id, RINI))


def test_another_agencys_file_tells_number_state_and_promise_only(desk: AtTheDesk) -> None:
    outcome = desk.receive(KTP, "Siti Aminah", nik=NIK)
    police = AtTheDesk(desk.store, desk_of(agencies=(POL,)))
    told = card(police, outcome.application_id)
    assert (told.is_ours, told.state_word) == (False, "Terdaftar")
    assert told.promise and not told.people and not told.checks and not told.events and not told.can_resume
    assert "Siti" not in repr(told)
    with pytest.raises(UserError), desk.store.saving(RINI) as session:
        history.reveal(session, police.desk, outcome.application_id)
    with desk.store.reading() as session:
        assert session.scalars(select(AccessEvent)).all() == []


def test_a_file_that_is_not_here(desk: AtTheDesk) -> None:
    with pytest.raises(UserError, match="belum sampai"):
        card(desk, "00000000-0000-0000-0000-000000000000")


def test_later_steps_of_the_work_are_told_by_their_state(desk: AtTheDesk, clock: Clock) -> None:
    outcome = desk.receive()
    clock.forward(hours=3)
    with desk.store.saving(BUDI) as session:
        session.add(StatusMove(application_id=outcome.application_id, to_state="READY", at=clock(), officer_id=BUDI))
    told = card(desk, outcome.application_id)
    assert told.state_word == "Siap diambil"
    assert told.events[0].text == "Siap diambil, oleh Budi."
    assert DKC in desk.desk.agency_ids
