"""Papers and their copies: what may come out, once, again, and no more."""

from __future__ import annotations

import pytest

from desktop import i18n
from desktop.errors import UserError
from desktop.models.application import PaperPrint
from desktop.operations import issuing
from desktop.operations.intake_form import Outcome
from desktop.operations.paperwork import SlipFacts
from desktop.operations.requirements import Check, Fault, State
from tests.conftest import Hall
from tests.operations.forms import come_back, looked_at, lost_card, receive, short_file, undo


def open_papers(hall: Hall) -> list[str]:
    with hall.store.reading() as session:
        papers = [session.get_one(PaperPrint, job.print_id).paper for job in issuing.waiting_prints(session)]
        assert issuing.count_waiting(session) == len(papers)
        return papers


def test_a_paper_that_no_longer_holds_does_not_come_out_any_more(hall: Hall) -> None:
    first = short_file(hall)
    assert open_papers(hall) == ["slip"]
    hall.clock.forward(hours=1)
    second = come_back(hall, first)
    assert open_papers(hall) == ["receipt"], "the old slip would deny what was registered"
    with hall.store.saving(None) as session:
        issuing.note_print(session, second.print_id, sentence="no paper")
    undo(hall, second)
    assert open_papers(hall) == []


def reprint(hall: Hall, outcome: Outcome, reason: str) -> str:
    with hall.store.saving(hall.desk.officer_id) as session:
        return issuing.reprint(session, hall.desk, outcome.application_id, reason)


def test_what_is_void_or_taken_back_is_not_printed_again(hall: Hall) -> None:
    void = receive(hall, looked_at(hall, lost_card(hall)))
    undo(hall, void)
    with pytest.raises(UserError, match="tidak punya kertas"):
        reprint(hall, void, "lost")
    first = short_file(hall)
    hall.clock.forward(hours=1)
    undo(hall, come_back(hall, first))
    with hall.store.reading() as session:
        assert issuing.last_paper(session, first.application_id) == "slip"
    again = reprint(hall, first, "lost")
    with hall.store.reading() as session:
        assert isinstance(issuing.facts_of(session, again), SlipFacts)


def test_a_paper_on_its_way_is_not_queued_a_second_time(hall: Hall) -> None:
    outcome = receive(hall, looked_at(hall, lost_card(hall)))
    assert reprint(hall, outcome, "not_out") == outcome.print_id
    assert len(open_papers(hall)) == 1


def test_a_paper_that_was_sent_and_did_not_come_out_is_queued_again(hall: Hall) -> None:
    outcome = receive(hall, looked_at(hall, lost_card(hall)))
    with hall.store.saving(None) as session:
        issuing.note_print(session, outcome.print_id)
    assert open_papers(hall) == []
    heard: list[frozenset[str]] = []
    hall.store.listen(heard.append)
    assert reprint(hall, outcome, "not_out") == outcome.print_id
    assert len(open_papers(hall)) == 1
    assert heard == [frozenset({"print_job"})], "and the list of papers is shown anew"


def test_the_citizens_paper_is_indonesian_whatever_the_screen_speaks(hall: Hall) -> None:
    form = looked_at(hall, lost_card(hall), KK_FC=Check(State.FAULTY, Fault.UNREADABLE))
    outcome = receive(hall, form)
    with i18n.speaking("en"), hall.store.reading() as session:
        facts = issuing.facts_of(session, outcome.print_id)
    assert isinstance(facts, SlipFacts)
    assert facts.missing[0].why == "Tidak terbaca."
    assert facts.variant == "Hilang"


def test_reprints_are_counted_and_a_lost_first_print_is_no_copy(hall: Hall) -> None:
    outcome = receive(hall, looked_at(hall, lost_card(hall)))

    def again(reason: str) -> PaperPrint:
        with hall.store.saving(hall.desk.officer_id) as session:
            print_id = issuing.reprint(session, hall.desk, outcome.application_id, reason)
            return session.get_one(PaperPrint, print_id)

    assert again("not_out").id == outcome.print_id
    assert [again("lost").copy_no, again("damaged").copy_no] == [1, 2]
