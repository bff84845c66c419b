"""One form and two counters: whatever both typed, nothing of it is lost in silence."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from desktop.operations.intake_form import IntakeForm, PartyForm
from desktop.operations.meanwhile import TOGETHER, caught_up
from desktop.operations.requirements import Check, Extra, State

people = st.builds(
    PartyForm, name=st.sampled_from(["", "Siti", "Sitti"]), nik=st.sampled_from(["", "1", "2"]),
    phone=st.sampled_from(["", "081", "082"]), phone_declined=st.booleans(),
    village_code=st.sampled_from([None, "3319"]), place_text=st.sampled_from(["", "Barongan"]),
)  # fmt: skip
checks = st.dictionaries(st.sampled_from("abcd"), st.builds(Check, st.sampled_from([State.PRESENT, State.MISSING])))
extras = st.lists(st.builds(Extra, st.just("EXTRA_1"), st.sampled_from(["map", "foto"])), max_size=1).map(tuple)
forms = st.builds(IntakeForm, st.just("s"), people, checks=checks, extras=extras)


@given(forms, forms, forms)
def test_what_was_typed_here_stays_and_the_rest_is_as_it_stands_there(
    opened: IntakeForm, mine: IntakeForm, theirs: IntakeForm
) -> None:
    form, both = caught_up(opened, mine, theirs)
    told = {one.field for one in both}
    for field, parts in TOGETHER.items():
        was, here, there, became = (
            [getattr(one.applicant, part) for part in parts] for one in (opened, mine, theirs, form)
        )
        assert became == (there if here == was else here)
        assert (field in told) == (was != here != there != was), "what one of them loses is said"
    assert form.checks.items() >= theirs.checks.items(), "accepted there is accepted"
    assert form.checks.keys() >= mine.checks.keys() - opened.checks.keys() - {"EXTRA_1"}
    names = {extra.name for extra in form.extras}
    assert names >= {extra.name for extra in theirs.extras}
    assert names >= {extra.name for extra in mine.extras if extra not in opened.extras}
    assert len({extra.code for extra in form.extras}) == len(form.extras)


def test_a_mark_goes_with_its_paper_to_the_next_number() -> None:
    opened = IntakeForm("s", PartyForm(name="Siti"))
    mine = replace(opened, extras=(Extra("EXTRA_1", "map", "mudah rusak"),), checks={"EXTRA_1": Check(State.PRESENT)})
    theirs = replace(opened, extras=(Extra("EXTRA_1", "foto", "buram"),))
    form, _both = caught_up(opened, mine, theirs)
    assert [(extra.code, extra.name) for extra in form.extras] == [("EXTRA_1", "foto"), ("EXTRA_2", "map")]
    assert form.checks == {"EXTRA_2": Check(State.PRESENT)}
