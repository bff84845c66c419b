"""Days made of acts at random, to try rules on histories nobody would think of."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from desktop.errors import UserError
from desktop.operations import correcting, issuing, notes, voiding
from desktop.operations.intake_form import Outcome
from tests.conftest import Clock
from tests.operations.small_hall import BUDI, KK, KTP, RINI, SARI, SERVICES, AtTheDesk

NAMES = ("Siti Aminah", "Siti Amina", "Aminah")
ACTS = st.one_of(
    st.tuples(st.just("receive"), st.sampled_from([KTP, KK]), st.integers(0, 7), st.sampled_from([RINI, BUDI])),
    st.tuples(st.just("come_back"), st.integers(0, 3), st.booleans(), st.just(0)),
    st.tuples(st.just("undo"), st.just(0), st.just(0), st.just(0)),
    st.tuples(st.just("visit"), st.sampled_from(["consulted", "left", "outage"]), st.just(0), st.just(0)),
    st.tuples(st.just("reprint"), st.integers(0, 9), st.sampled_from(["lost", "not_out"]), st.just(0)),
    st.tuples(st.just("correct"), st.integers(0, 9), st.sampled_from(NAMES), st.sampled_from([RINI, SARI])),
    st.tuples(st.just("void"), st.integers(0, 9), st.sampled_from([*voiding.REASONS]), st.sampled_from([RINI, SARI])),
    st.tuples(st.just("replace"), st.integers(0, 9), st.sampled_from([KTP, KK]), st.sampled_from([RINI, SARI])),
    st.tuples(st.just("note"), st.integers(0, 9), st.just(0), st.just(0)),
    st.tuples(st.just("wait"), st.sampled_from([3, 47, 9 * 60, 24 * 60]), st.just(0), st.just(0)),
)


def live(desk: AtTheDesk, acts: list[tuple[str, object, object, object]]) -> list[Outcome]:
    """Do the acts one after the other; those that make no sense now are refused and leave nothing behind."""
    clock: Clock = desk.store.clock  # type: ignore[assignment]
    outcomes: list[Outcome] = []
    short: list[tuple[str, str]] = []
    for act, one, two, three in acts:
        if act == "wait":
            clock.forward(minutes=one)  # type: ignore[arg-type]
        elif act == "receive":
            codes = SERVICES[str(one)][2]
            missing = [code for place, code in enumerate(codes) if int(str(two)) >> place & 1]
            outcomes.append(desk.as_officer(str(three)).receive(str(one), missing=missing))
            if missing:
                short.append((outcomes[-1].application_id, str(one)))
        elif act == "visit":
            desk.visit(str(one))
        else:
            try:
                if act == "come_back" and short:
                    file, service_id = short[int(str(one)) % len(short)]
                    missing = [SERVICES[service_id][2][0]] if two else []
                    outcomes.append(desk.receive(service_id, file=file, missing=missing))
                elif act == "undo" and outcomes:
                    desk.undo(outcomes[-1])
                elif outcomes:
                    amend(desk, act, outcomes[int(str(one)) % len(outcomes)], str(two), str(three), outcomes)
            except UserError:
                pass
    return outcomes


def amend(desk: AtTheDesk, act: str, outcome: Outcome, how: str, officer: str, outcomes: list[Outcome]) -> None:
    """One of the acts about a file that is kept already."""
    file = outcome.application_id
    if act == "replace":
        outcomes.append(desk.as_officer(officer).receive(how, previous_id=file))
        return
    with desk.store.saving(officer or RINI) as session:
        place = replace(desk.desk, officer_id=officer if officer in (RINI, SARI) else RINI)
        if act == "reprint":
            issuing.reprint(session, place, file, how)
        elif act == "correct":
            (seen,) = correcting.opened(session, place, file)
            correcting.correct(session, place, file, [(seen, replace(seen.form, name=how))], "typing")
        elif act == "void":
            voiding.void(session, place, file, how, "karena" if how == "other" else "")
        elif act == "note":
            notes.add_note(session, place, file, "Pemohon menelepon")
