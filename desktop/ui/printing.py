"""Sends papers out: made from the committed record, in the background, and never in the way of the next applicant.

The rows of print_job are the truth: what they do not call sent is still to come out, today or after a restart. What
fails is tried at the second printer, then again after a while, until it is out or somebody prints it by hand.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desktop.errors import UserError
from desktop.i18n import _
from desktop.operations import issuing
from desktop.printers import folder
from desktop.settings import PaperSize, Printer, Settings
from desktop.store import Store
from desktop.ui.background import AtOnce, Background, hand_over
from desktop.ui.delivery import Ready, deliver, make_ready, name_of, paper_of

log = logging.getLogger("loket.printing")

PAPERS = "kertas"  # the folder of PDF papers, where the settings name no other
RETRY_SECONDS = (5, 15, 30, 60)  # from then on every minute
REST_SECONDS = 60  # the second printer stands in for so long before the first is tried again


class Called(Exception):
    """The paper was called back while it was being made: nothing comes out, and nothing is wrong."""


class Printing(QObject):
    """The way from a print's id to paper. ``done`` and ``trouble`` tell how it went, on the UI thread, in a sentence.

    ``background`` makes papers; ``line`` waits for printers, which may take long, and holds nothing else up.
    """

    done = Signal(str, str)
    trouble = Signal(str, str)
    _answered = Signal(object)
    _stands_in = Signal(bool)

    def __init__(self, store: Store, settings: Settings, background: Background,
                 line: Background | None = None) -> None:  # fmt: skip
        super().__init__()
        self._store, self._settings, self._background = store, settings, background
        self._line: Background = line or AtOnce()
        self._under_way: set[str] = set()
        self._failed: dict[str, int] = {}  # prints that did not come out in this run, and how often
        self._has_failed, self._is_closing = False, False
        self._answered.connect(self._hand_over)
        self._retry = QTimer(self)
        self._retry.setSingleShot(True)
        self._retry.timeout.connect(self._again)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._stands_in.connect(self._second_helped)

    @property
    def folder(self) -> Path:
        """Where PDF papers are put."""
        return Path(self._settings.printer.folder) if self._settings.printer.folder else self._store.folder / PAPERS

    def sweep(self) -> None:
        """At the start: delete the PDF papers of people that have had their days, wherever this PC puts them now.

        And a recovery sheet that waited to be typed back when the program was killed.
        """
        told = self._settings
        folders = {Path(one.folder) if one.folder else self._store.folder / PAPERS: one.keep_days
                   for one in (told.second_printer, told.printer)}  # fmt: skip

        def clean() -> None:
            for path, days in folders.items():
                folder.sweep(path, days)
                folder.forget_recovery_sheet(path)

        self._line.run(self, clean, _ignored)

    def close(self) -> None:
        """Let the paper that is being printed come out; the others too, unless the printer gave up."""
        self._is_closing = True
        self._retry.stop()
        self._line.close()

    # --- papers of files

    def out(self, print_id: str, *, quietly: bool = False) -> None:
        """Make the paper of a committed print and send it; the record is already safe whatever happens here.

        A print that is under way, or was called back meanwhile, does not come out a second time. ``quietly`` tells
        no trouble that was told before.
        """
        if print_id in self._under_way:
            return
        self._under_way.add(print_id)

        def make(size: PaperSize) -> tuple[str, bytes]:
            with self._store.reading() as session:
                if not issuing.is_open(session, print_id):
                    raise Called
                facts = issuing.facts_of(session, print_id, training=self._settings.training)
            return name_of(facts), paper_of(facts, size)

        def done(result: object) -> None:
            self._under_way.discard(print_id)
            self._failed.pop(print_id, None)
            self.done.emit(print_id, str(result))

        def failed(problem: Exception) -> None:
            self._under_way.discard(print_id)
            if not isinstance(problem, UserError | Called):
                log.error("a paper could not be made", exc_info=problem)
            if not isinstance(problem, Called):
                self._did_not_come_out(print_id, problem, quietly=quietly)

        self._try(make, self._printers(), self, done, failed, print_id)

    def under_way(self) -> frozenset[str]:
        """Prints that are being made or sent now."""
        return frozenset(self._under_way)

    def out_waiting(self) -> int:
        """Send every paper that has not left yet, oldest first; returns how many."""
        with self._store.reading() as session:
            waiting = list(dict.fromkeys(job.print_id for job in issuing.waiting_prints(session)))
        for print_id in waiting:
            self.out(print_id)
        return len(waiting)

    def _did_not_come_out(self, print_id: str, problem: Exception, *, quietly: bool) -> None:
        sentence = _said(problem)
        times = self._failed.get(print_id, 0)
        self._failed[print_id] = times + 1
        if not self._retry.isActive() and not self._is_closing:
            self._retry.start(1000 * RETRY_SECONDS[min(times, len(RETRY_SECONDS) - 1)])
        if not quietly:
            self.trouble.emit(print_id, sentence)

    @Slot()
    def _again(self) -> None:
        for print_id in list(self._failed):
            with self._store.reading() as session:
                if not issuing.is_open(session, print_id):
                    self._failed.pop(print_id)  # called back, or seen by the officer
                    continue
            self.out(print_id, quietly=True)

    def _note(self, print_id: str, sentence: str | None) -> None:
        # The paper is out or not whether this can be written down or not; at worst it is offered once more.
        try:
            with self._store.saving(None) as session:
                issuing.note_print(session, print_id, sentence=sentence)
        except UserError as problem:
            log.error("the state of a paper could not be kept: %s", problem.code)

    # --- other papers

    def send(
        self,
        make: Callable[[PaperSize], bytes],
        name: str,
        owner: QObject,
        done: Callable[[object], None],
        failed: Callable[[Exception], None],
        *,
        only: Printer | None = None,
    ) -> None:
        """Any other paper (leaflet, label, summary): ``make`` gives its PDF in the background.

        ``done`` is given the path of a file, else a sentence. ``only`` asks for this one printer (its test page).
        """
        printers = [only] if only is not None else self._printers()
        self._try(lambda size: (name, make(size)), printers, owner, done, failed)

    # --- the way of every paper

    def _printers(self) -> list[Printer]:
        first, second = self._settings.printer, self._settings.second_printer
        if second.kind == "none":
            return [first]
        return [second, first] if self._rest.isActive() else [first, second]

    def _try(
        self,
        make: Callable[[PaperSize], tuple[str, bytes]],
        printers: Sequence[Printer],
        owner: QObject,
        done: Callable[[object], None],
        failed: Callable[[Exception], None],
        print_id: str | None = None,
        first_problem: UserError | None = None,
    ) -> None:
        """Make the paper for the first of these printers and send it there, and where that fails, to the others."""
        printer, *others = printers

        def fail(problem: Exception) -> None:
            told = problem if isinstance(problem, Called) else first_problem or problem
            if print_id is not None and not isinstance(problem, Called):
                self._note(print_id, _said(told))  # here and now: the program may be about to end
            if others and isinstance(problem, UserError):
                self._try(make, others, owner, done, failed, print_id, problem)
            else:
                self._answered.emit((owner, failed, told, problem))

        def prepare() -> None:
            try:
                ready = make_ready(make, printer)
            except Exception as problem:
                fail(problem)
            else:
                self._line.run(self, lambda: print_it(ready), _ignored)

        def print_it(ready: Ready) -> None:
            if self._is_closing and self._has_failed:
                return
            try:
                self._begin(print_id)
                path = deliver(ready, self._store.folder / PAPERS)
            except Exception as problem:
                self._has_failed = not isinstance(problem, Called)
                fail(problem)
                return
            self._has_failed = False
            if print_id is not None:
                self._note(print_id, None)
            words = _("Kertas dikirim ke printer.")
            if printer is self._settings.second_printer:
                words = _("Kertas dikirim ke printer kedua, karena printer pertama tidak mencetak.")
                self._stands_in.emit(first_problem is not None)
            self._answered.emit((owner, done, path if print_id is None and path else words, None))

        self._background.run(self, prepare, _ignored)

    def _begin(self, print_id: str | None) -> None:
        if print_id is None:
            return
        try:
            with self._store.saving(None) as session:
                is_wanted = issuing.begin_print(session, print_id)
        except UserError as problem:  # a full disk is no reason to keep the paper from the citizen
            log.error("the state of a paper could not be kept: %s", problem.code)
            return
        if not is_wanted:
            raise Called

    @Slot(bool)
    def _second_helped(self, has_just_begun: bool) -> None:
        if has_just_begun:
            self._rest.start(1000 * REST_SECONDS)

    @Slot(object)
    def _hand_over(self, answer: tuple[Any, ...]) -> None:
        hand_over(*answer)


def _ignored(_result: object) -> None:
    """Papers answer through a signal: two threads take part in each."""


def _said(problem: Exception) -> str:
    return problem.message if isinstance(problem, UserError) else _("Printer tidak mencetak. Periksa kertas.")
