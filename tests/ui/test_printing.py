"""The way from a committed print to paper: a folder, a real print queue, and what is said when neither takes it."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from desktop import sample
from desktop.errors import UserError
from desktop.models.local import PrintJob
from desktop.operations import access, intake, issuing, print_jobs, setup
from desktop.operations.intake_form import Outcome
from desktop.papers.daily_summary import make_summary
from desktop.papers.raster import pictures
from desktop.papers.test_page import make_test_page
from desktop.printers.folder import RECOVERY_SHEET
from desktop.settings import PaperSize, Printer, Settings
from desktop.store import Store
from desktop.ui import printing as printing_module
from desktop.ui.background import AtOnce, Worker
from desktop.ui.delivery import paper_of, print_pages
from desktop.ui.main_window import MainWindow
from desktop.ui.printing import Printing
from tests.conftest import Hall
from tests.papers import samples
from tests.papers.reading import codes, scans
from tests.printers.paper_printer import NO_PAPER, READY, Mood, PaperPrinter, printer
from tests.printers.real_queue import STRANGER, Cups, apart, printed_pdf, until
from tests.ui import flows
from tests.ui.desk import At


def receive(hall: Hall) -> Outcome:
    with hall.store.reading() as session:
        offered = sample.offers(session, hall.desk)
    form = sample.Hall(3).form(offered[0], hall.desk.day(hall.clock()))
    with hall.store.saving(hall.desk.officer_id) as session:
        return intake.receive(session, hall.desk, form)


def jobs(hall: Hall) -> list[tuple[str, str | None]]:
    with hall.store.reading() as session:
        return [(job.state, job.message) for job in session.query(PrintJob)]


def test_a_paper_lies_in_the_folder_and_the_job_is_done(qapp: QApplication, hall: Hall, tmp_path: Path) -> None:
    outcome = receive(hall)
    printing = Printing(hall.store, Settings(printer=Printer(folder=str(tmp_path / "papers"))), AtOnce())
    heard: list[str] = []
    printing.done.connect(lambda print_id, _sentence: heard.append(print_id))
    printing.out(outcome.print_id)
    assert heard == [outcome.print_id]
    assert jobs(hall) == [("sent", None)]
    (paper,) = (tmp_path / "papers").iterdir()
    assert outcome.number in scans(paper.read_bytes(), 150)[0].values()


def test_a_folder_that_is_none_leaves_the_paper_waiting_with_a_sentence(
    qapp: QApplication, hall: Hall, tmp_path: Path
) -> None:
    outcome = receive(hall)
    (tmp_path / "taken").write_text("a file")
    settings = Settings(printer=Printer(folder=str(tmp_path / "taken")))
    printing = Printing(hall.store, settings, AtOnce())
    said: list[str] = []
    printing.trouble.connect(lambda _print_id, sentence: said.append(sentence))
    printing.out(outcome.print_id)
    assert "Data berkas aman" in said[0]
    assert jobs(hall) == [("failed", said[0])]
    settings.printer.folder = str(tmp_path / "papers")
    assert printing.out_waiting() == 1
    assert jobs(hall) == [("sent", None)]


def test_a_printer_that_is_not_there_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CUPS_SERVER", "127.0.0.1:1")
    with pytest.raises(UserError, match="Epson Hilang"):
        apart(print_pages, (), "Epson Hilang", "halaman")


# ---------------------------------------------------------------------------------------------------------------------
# The list of papers: what fails waits, is tried elsewhere and again, and never comes out twice by itself


class Said:
    """What the officer hears of papers."""

    def __init__(self, printing: Printing) -> None:
        self.done: list[str] = []
        self.trouble: list[str] = []
        printing.done.connect(lambda _print_id, sentence: self.done.append(sentence))
        printing.trouble.connect(lambda _print_id, sentence: self.trouble.append(sentence))


def at(device: PaperPrinter) -> Printer:
    return Printer(kind="network", address=device.address, paper="80mm")


EMPTY = {1: READY, 2: READY, 3: READY, 4: NO_PAPER}


def test_an_empty_printer_is_said_once_tried_again_by_itself_and_the_paper_comes_out_once(
    qapp: QApplication, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing_module, "RETRY_SECONDS", (0.05,))
    outcome = receive(hall)
    with printer(Mood(answers=EMPTY)) as device:
        printing = Printing(hall.store, Settings(printer=at(device)), AtOnce())
        said = Said(printing)
        printing.out(outcome.print_id)
        assert said.trouble == ["Kertas printer habis. Pasang gulungan baru."]
        assert jobs(hall) == [("failed", said.trouble[0])]
        asked = device.asked
        until(lambda: QTest.qWait(20) is None and device.asked > asked)
        assert len(said.trouble) == 1, "a retry that fails is no news"
        device.mood = Mood()
        until(lambda: QTest.qWait(20) is None and bool(said.done))
        assert jobs(hall) == [("sent", None)]
        QTest.qWait(200)
    (page,) = device.pages()
    assert codes(page)["Code 128"] == outcome.number


def test_a_paper_that_was_called_back_is_not_tried_again(
    qapp: QApplication, hall: Hall, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(printing_module, "RETRY_SECONDS", (0.05,))
    outcome = receive(hall)
    with printer(Mood(answers=EMPTY)) as device:
        printing = Printing(hall.store, Settings(printer=at(device)), AtOnce())
        printing.out(outcome.print_id)
        with hall.store.saving(hall.desk.officer_id) as session:
            print_jobs.call_back(session, [outcome.print_id])
        device.mood = Mood()
        QTest.qWait(300)
    assert device.printed == []


def test_the_second_printer_stands_in_and_is_named(qapp: QApplication, hall: Hall) -> None:
    first, second = receive(hall), receive(hall)
    with printer(Mood(answers=EMPTY)) as broken, printer() as other:
        settings = Settings(printer=at(broken), second_printer=at(other))
        settings.second_printer.paper = "58mm"
        printing = Printing(hall.store, settings, AtOnce())
        said = Said(printing)
        printing.out(first.print_id)
        asked = broken.asked
        printing.out(second.print_id)
        assert broken.asked == asked, "it rests a while: nobody waits for it with every paper"
    assert said.trouble == []
    assert all("printer kedua" in sentence for sentence in said.done) and len(said.done) == 2
    assert [codes(page)["Code 128"] for page in other.pages()] == [first.number, second.number]
    assert {page.width for page in other.pages()} == {384 + 80}
    assert jobs(hall) == [("sent", None), ("sent", None)]


def test_where_both_fail_the_first_ones_trouble_is_told(qapp: QApplication, hall: Hall, tmp_path: Path) -> None:
    outcome = receive(hall)
    (tmp_path / "taken").write_text("a file")
    with printer(Mood(answers=EMPTY)) as broken:
        settings = Settings(printer=at(broken), second_printer=Printer(kind="pdf", folder=str(tmp_path / "taken")))
        printing = Printing(hall.store, settings, AtOnce())
        said = Said(printing)
        printing.out(outcome.print_id)
    assert said.trouble == ["Kertas printer habis. Pasang gulungan baru."]
    assert jobs(hall) == [("failed", said.trouble[0])]


def test_while_a_paper_is_sent_its_row_says_so(qapp: QApplication, hall: Hall) -> None:
    outcome = receive(hall)
    seen: list[list[tuple[str, str | None]]] = []

    class Watching(AtOnce):
        def run(self, owner, work, done, failed=None):  # type: ignore[no-untyped-def]
            seen.append(jobs(hall))
            super().run(owner, work, done, failed)

    with printer(Mood(is_mute=True)) as device:
        printing = Printing(hall.store, Settings(printer=at(device)), AtOnce(), Watching())
        real_begin = printing._begin

        def begin(print_id: str | None) -> None:
            real_begin(print_id)
            seen.append(jobs(hall))

        printing._begin = begin  # type: ignore[method-assign]
        printing.out(outcome.print_id)
    assert seen == [[("waiting", None)], [("sending", None)]]
    assert jobs(hall) == [("sent", None)]


def test_a_paper_that_was_being_sent_when_the_program_died_is_asked_about(qapp: QApplication, hall: Hall) -> None:
    sure, unsure = receive(hall), receive(hall)
    with hall.store.saving(None) as session:
        issuing.begin_print(session, unsure.print_id)
    with hall.store.reading() as session:
        assert issuing.unsure_prints(session) == [(unsure.print_id, unsure.number)]
        assert {job.print_id for job in issuing.waiting_prints(session)} == {sure.print_id, unsure.print_id}


def test_two_threads_take_papers_out_in_turn_and_both_end_with_the_program(qtbot, hall: Hall) -> None:
    outcomes = [receive(hall) for _paper in range(3)]
    background, line = Worker(), Worker("printers")
    with printer(Mood(is_mute=True)) as device:
        printing = Printing(hall.store, Settings(printer=at(device)), background, line)
        for outcome in outcomes:
            printing.out(outcome.print_id)
        background.close()
        printing.close()
    assert [codes(page)["Code 128"] for page in device.pages()] == [outcome.number for outcome in outcomes]
    assert jobs(hall) == [("sent", None)] * 3


def test_a_program_that_ends_waits_for_no_more_than_one_dead_printer(qtbot, hall: Hall) -> None:
    outcomes = [receive(hall) for _paper in range(3)]
    background, line = Worker(), Worker("printers")
    with printer(Mood(answers=EMPTY)) as device:
        printing = Printing(hall.store, Settings(printer=at(device)), background, line)
        printing._is_closing = True
        for outcome in outcomes:
            printing.out(outcome.print_id)
        background.close()
        printing.close()
        assert device.asked == 4, "one look at the printer, not three"
    assert sorted(state for state, _message in jobs(hall)) == ["failed", "waiting", "waiting"]


def test_a_summary_of_a4_is_forced_onto_no_roll(qapp: QApplication, hall: Hall, tmp_path: Path) -> None:
    answers: list[object] = []
    with printer() as device:
        printing = Printing(hall.store, Settings(printer=at(device)), AtOnce())
        printing.send(lambda _size: make_summary(samples.SUMMARY), "ringkasan.pdf", QObject(), answers.append, print)
    assert device.printed == []
    assert answers == [hall.store.folder / "kertas" / "ringkasan.pdf"]


# ---------------------------------------------------------------------------------------------------------------------
# A real queue: cupsd with one raw printer behind a socket, which stands for the paper


PRINT = """
import sys
import time
from pathlib import Path
from PySide6.QtWidgets import QApplication
from desktop.papers.raster import pictures
from desktop.ui.delivery import print_pages
app = QApplication([])
print_pages(tuple(pictures(Path(sys.argv[1]).read_bytes(), 300)), sys.argv[2], sys.argv[3])
"""


def printed_apart(cups: Cups, queue: str, paper: bytes, folder: Path, *, title: str = "halaman",
                  user: str = "") -> str:
    """Print on a queue in a process of its own, for CUPS remembers the first server it was ever asked for; its words.
    """
    (folder / "paper.pdf").write_bytes(paper)
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "CUPS_SERVER": cups.server,
                   "PYTHONPATH": str(Path.cwd())}  # fmt: skip
    if user:
        environment["CUPS_USER"] = user
    command = [sys.executable, "-c", PRINT, str(folder / "paper.pdf"), queue, title]
    return subprocess.run(command, env=environment, capture_output=True, text=True).stderr


def test_a_real_queue_takes_the_paper_and_its_barcode_can_be_read(hall: Hall, tmp_path: Path) -> None:
    outcome = receive(hall)
    with hall.store.reading() as session:
        paper = paper_of(issuing.facts_of(session, outcome.print_id), "a5")
    with printer() as device, Cups() as cups:
        cups.add("Loket", device.address)
        assert printed_apart(cups, "Loket", paper, tmp_path) == ""
        until(lambda: bool(device.printed))
    assert outcome.number in scans(device.printed[0], 300)[0].values()


@pytest.mark.skipif(os.geteuid() != 0, reason="cups-pdf works for a CUPS that root started")
@pytest.mark.parametrize("size", ["a5", "a4"])
def test_a_driver_between_us_and_the_paper_leaves_size_and_barcode_as_they_are(
    hall: Hall, tmp_path: Path, size: PaperSize
) -> None:
    outcome, title = receive(hall), f"loket-{os.getpid()}-{size}"
    with hall.store.reading() as session:
        paper = paper_of(issuing.facts_of(session, outcome.print_id), size)
    with Cups() as cups:
        cups.add_pdf("PDF")
        assert printed_apart(cups, "PDF", paper, tmp_path, title=title, user=STRANGER) == ""
        printed = printed_pdf(title)  # the job is over when it is called done: nothing to wait for
    assert [code_of(page) for page in (paper, printed)] == [outcome.number] * 2
    ours, theirs = (next(pictures(pdf, 72)) for pdf in (paper, printed))
    assert abs(ours.width - theirs.width) <= 1 and abs(ours.height - theirs.height) <= 1


def code_of(paper: bytes) -> str:
    """The barcode, as a scanner reads it at the dots of a cheap printer."""
    return scans(paper, 200)[0]["Code 128"]


def test_a_sheet_printer_that_is_stopped_is_not_taken_for_one_that_prints(hall: Hall, tmp_path: Path) -> None:
    with hall.store.reading() as session:
        paper = make_test_page(issuing.test_page_facts(session, hall.desk, "Loket"), "a5")
    with printer() as device, Cups() as cups:
        cups.add("Loket", device.address)
        cups.stop("Loket")
        assert "berhenti atau menolak" in printed_apart(cups, "Loket", paper, tmp_path)
        assert cups.jobs("Loket") == ""


def test_after_a_crash_the_officer_is_asked_whether_the_paper_is_out(
    make_window: Callable[..., MainWindow], ready_store: Store
) -> None:
    with ready_store.reading() as session:
        desk = setup.desk_for(session, access.officers(session)[0].id)
        offered = sample.offers(session, desk)
    outcomes = []
    for seed in (3, 4):
        with ready_store.saving(desk.officer_id) as session:
            form = sample.Hall(seed).form(offered[0], desk.day(ready_store.clock()))
            outcomes.append(intake.receive(session, replace(desk, training=True), form))
            issuing.begin_print(session, outcomes[-1].print_id)
    window = make_window(ready_store)
    assert window.feedback.is_asking()
    assert outcomes[0].short[:4] in window.feedback.text()
    QTest.keyClick(window.feedback, Qt.Key.Key_1)  # it came out
    assert outcomes[1].short[:4] in window.feedback.text()
    QTest.keyClick(window.feedback, Qt.Key.Key_2)  # it did not
    with ready_store.reading() as session:
        states = {job.print_id: job.state for job in session.query(PrintJob)}
    assert states == {outcomes[0].print_id: "out", outcomes[1].print_id: "sent"}
    papers = [path.name for path in (ready_store.folder / "kertas").iterdir()]
    assert len(papers) == 1 and papers[0][11:15] == outcomes[1].short[:4]
    assert not window.feedback.is_asking()


def test_a_printer_in_trouble_takes_no_question_away(window: MainWindow) -> None:
    at = At(window)
    at.fills_person().types(flows.KTP).types(flows.CHANGED).types("*").presses("F9", "Ctrl+P")
    question, last = at.message(), at.screen.file.last
    assert question.startswith("Cetak lagi kertas") and last is not None
    window.around.printing.trouble.emit(last.outcome.print_id, "Kertas printer habis.")
    assert window.feedback.is_asking() and at.message() == question
    assert at.label("last_state").startswith("Kertas printer habis."), "the paper's own line tells it meanwhile"
    at.types("2")
    assert at.screen.file.last is not None and at.screen.file.last.outcome.print_id != last.outcome.print_id


def test_a_start_sweeps_what_has_had_its_days_though_nothing_is_printed_there_any_more(
    qapp: QApplication, hall: Hall, tmp_path: Path
) -> None:
    papers = [hall.store.folder / "kertas", tmp_path / "other"]
    for place in papers:
        place.mkdir()
        for name, days in (("261123-107-0041-3-tanda-terima-1.pdf", 3), ("261101-107-0001-2-label.pdf", 40)):
            (place / name).write_bytes(b"%PDF-")
            os.utime(place / name, (time.time() - days * 86400,) * 2)
        (place / RECOVERY_SHEET).write_bytes(b"%PDF-")  # a program was killed while it waited to be typed back
    settings = Settings(printer=Printer(kind="network"), second_printer=Printer(kind="pdf", folder=str(papers[1])))
    settings.printer.keep_days = 1
    Printing(hall.store, settings, AtOnce()).sweep()
    assert list(papers[0].iterdir()) == []
    assert [path.name for path in papers[1].iterdir()] == ["261123-107-0041-3-tanda-terima-1.pdf"]
