"""Two counters of a real hall and one file: what the other one saves is said here, and F9 never writes over it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import select

from desktop.models.application import Visit
from desktop.models.people import Party
from desktop.operations import correcting, intake, reception
from desktop.operations.intake_form import IntakeForm, Outcome
from desktop.operations.requirements import Check, State
from desktop.sample import Hall as Luck
from desktop.sample import offers
from desktop.store import Store
from desktop.ui.today import TodayScreen
from tests.ui.desk import At
from tests.ui.hall import Windows

BROUGHT = Check(State.PRESENT)
MISSING = Check(State.MISSING)


class Two:
    """A file with two papers missing, received at Loket 7 and known at Loket 8, which has a keyboard."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        self.seven, self.eight = windows.open("Loket 7"), windows.open("Loket 8")
        self.at = At(self.eight)
        luck, desk = Luck(5), self.seven.around.desk
        with self.seven.store.reading() as session:
            for offer in offers(session, desk):
                form = luck.form(offer, desk.day(self.seven.store.clock()), is_short=False)
                plain = {line.code for line in offer.definition.requirements if line.group is None}
                codes = [code for code, check in form.checks.items() if check.state is State.PRESENT and code in plain]
                if len(codes) >= 3:
                    break
        self.missing = codes[:2]
        form = replace(form, checks={**form.checks, **dict.fromkeys(self.missing, MISSING)})
        with self.seven.store.saving(desk.officer_id) as session:
            self.file: Outcome = intake.receive(session, desk, form)
        assert self.file.paper == "slip"
        self.windows.wait(lambda: self.known(self.file.visit_id))

    def known(self, visit_id: str) -> bool:
        with self.eight.store.reading() as session:
            return session.get(Visit, visit_id) is not None

    def opens(self) -> None:
        """The officer of Loket 8 opens it again, and is asked for the two papers."""
        self.eight.show_screen("intake")
        self.at.types(self.file.number).presses("Enter")
        assert self.at.states() == ["Belum diperiksa"] * 2, self.at.lines()

    def visits_at_seven(self, found: dict[str, Check], phone: str = "") -> Outcome:
        """Meanwhile they are at Loket 7 with these papers, and perhaps another phone."""
        desk = self.seven.around.desk
        with self.seven.store.reading() as session:
            form: IntakeForm = reception.returning(session, desk, self.file.application_id).form
        if phone:
            form = replace(form, applicant=replace(form.applicant, phone=phone, phone_declined=False))
        form = replace(form, checks={**form.checks, **found}, unchecked_is_missing=True)
        with self.seven.store.saving(desk.officer_id) as session:
            return intake.receive(session, desk, form)

    def phone(self, store: Store) -> str | None:
        with store.reading() as session:
            return session.scalars(select(Party.phone).where(
                Party.application_id == self.file.application_id, Party.role == "applicant")).one()

    def visits(self) -> int:
        with self.eight.store.reading() as session:
            return len(session.scalars(
                select(Visit.id).where(Visit.application_id == self.file.application_id)).all())


@pytest.fixture
def two(windows: Windows) -> Two:
    return Two(windows)


def test_another_counters_visit_is_said_and_f9_waits_for_one_key(two: Two) -> None:
    two.opens()
    two.at.types("2")  # the second paper was brought
    two.visits_at_seven({two.missing[0]: BROUGHT}, phone="+628120000007")
    two.windows.wait(lambda: two.at.notice().startswith("Diubah di Loket 7 oleh "))
    assert two.at.notice().endswith("Ketikan Anda tetap di sini. F5 = ambil yang terbaru")
    assert two.at.states() == ["Belum diperiksa", "Ada"], "nothing under the officer's hands was touched"
    two.at.presses("F9", "F9")
    assert two.at.message().startswith("Diubah di Loket 7 oleh ") and "Belum ada yang disimpan" in two.at.message()
    assert two.visits() == 2 and two.at.states() == ["Belum diperiksa", "Ada"]
    two.at.presses("F5")
    assert two.at.states() == ["Ada"] and "Yang terbaru sudah dipakai" in two.at.message()
    assert two.at.value("applicant.phone") == "0812-0000-007"
    assert "Diubah di" not in two.at.notice()
    two.at.presses("F9")
    assert two.at.screen.file.last is not None and two.at.screen.file.last.outcome.paper == "receipt"
    assert two.visits() == 3
    assert two.phone(two.eight.store) == "+628120000007"


def test_without_the_guard_f9_writes_over_what_the_other_saved(two: Two, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "refuse_changed", lambda *_what: None)
    two.opens()
    before = two.phone(two.eight.store)
    two.visits_at_seven({two.missing[0]: BROUGHT}, phone="+628120000007")
    two.windows.wait(lambda: two.phone(two.eight.store) == "+628120000007")
    two.at.types("2").presses("F9", "F9")
    assert two.phone(two.eight.store) == before != "+628120000007"
    assert two.at.screen.file.last.outcome.paper == "slip", "and the paper accepted at Loket 7 is asked for once more"


def test_a_file_that_was_completed_elsewhere_stays_on_the_desk_and_f5_shows_it(two: Two) -> None:
    two.opens()
    two.at.types("2")
    two.visits_at_seven(dict.fromkeys(two.missing, BROUGHT))
    two.windows.wait(lambda: "Kini: Terdaftar" in two.at.notice())
    two.at.presses("F9", "F9")
    assert "Belum ada yang disimpan" in two.at.message() and two.visits() == 2
    two.eight.wear(theme="dark")  # everything is built anew, and what is typed is still there
    assert two.at.states() == ["Belum diperiksa", "Ada"] and "Kini: Terdaftar" in two.at.notice()
    two.at.presses("F5")
    screen = two.eight.current()
    assert isinstance(screen, TodayScreen) and screen.card.card.id == two.file.application_id
    two.windows.wait(lambda: screen.card.card.state == "REGISTERED")
    desk = two.seven.around.desk
    with two.seven.store.saving(desk.officer_id) as session:  # and now the card is what is open
        (seen, *_others) = correcting.opened(session, desk, two.file.application_id)
        there = replace(seen.form, phone="+628120000007", phone_declined=False)
        correcting.correct(session, desk, two.file.application_id, [(seen, there)], "asked")
    two.windows.wait(lambda: two.at.message().endswith("Yang tampil sudah yang terbaru."))
    assert two.at.message().startswith("Diubah di Loket 7 oleh ")
    assert screen.card.card.people[0].phone.endswith("007")
