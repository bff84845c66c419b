"""One answer changed at the desk: the list of papers and what is closest to complete, evaluated again and painted."""

from __future__ import annotations

import statistics
import time
from dataclasses import replace

from PySide6.QtWidgets import QApplication

from desktop import sample
from desktop.operations.case import questions
from desktop.operations.intake_form import case_of
from desktop.operations.requirements import assess
from tests.benchmarks import million, windows
from tests.benchmarks.measuring import Figure, percentile
from tests.ui import flows
from tests.ui.desk import At


def run(quick: bool) -> list[Figure]:
    """Milliseconds of the rules for the largest service, and of a key on the checklist until it is painted."""
    rounds = 30 if quick else 200
    with windows.shown() as window:
        figures = [rules(window, rounds), painted(window, rounds)]
    return figures


def rules(window: windows.MainWindow, rounds: int) -> Figure:
    desk = window.around.desk
    with window.store.reading() as session:
        offers = sample.offers(session, desk)
    offer = max(offers, key=lambda one: len(one.definition.requirements))
    form = sample.Hall(3).form(offer, desk.day(million.NOW))
    taken = []
    for place in range(rounds):
        answers = {code: (place + at) % 2 == 0 for at, code in enumerate(form.answers)}
        begin = time.process_time()
        case = case_of(replace(form, answers=answers), desk.day(million.NOW))
        questions(offer.definition, case)
        assess(offer.definition, case, form.checks)
        taken.append((time.process_time() - begin) * 1000)
    worst = percentile(taken, 0.95)
    return Figure("check", "ms", statistics.median(taken), goal="p95 <= 5 ms", holds=worst <= 5,
                  note=f"p95 {worst:.2f} ms, {len(offer.definition.requirements)} lines")  # fmt: skip


def painted(window: windows.MainWindow, rounds: int) -> Figure:
    at, app = At(window), QApplication.instance()
    assert app is not None
    at.presses("F2").fills_person().types(flows.KTP).types(flows.CHANGED)
    taken = []
    for place in range(rounds):
        begin = time.process_time()
        at.types("*" if place % 2 else "-2")
        app.processEvents()
        taken.append((time.process_time() - begin) * 1000 / (1 if place % 2 else 2))
    worst = percentile(taken, 0.95)
    return Figure("check, key to paint", "ms", statistics.median(taken), goal="p95 <= 16 ms, a frame",
                  holds=worst <= 16, note=f"p95 {worst:.2f} ms")  # fmt: skip
