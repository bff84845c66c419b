"""The way from a committed print to paper: a folder, a real print queue, and what is said when neither takes it."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from desktop import sample
from desktop.errors import UserError
from desktop.models.local import PrintJob
from desktop.operations import intake, issuing
from desktop.operations.intake_form import Outcome
from desktop.settings import Printer, Settings
from desktop.ui.background import AtOnce
from desktop.ui.printing import Printing, keep_pdf, paper_of, print_pdf
from tests.conftest import Hall
from tests.papers.reading import scans


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
    printing.done.connect(heard.append)
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


def test_a_printer_that_is_not_there_is_named(qapp: QApplication) -> None:
    with pytest.raises(UserError, match="Epson Hilang"):
        print_pdf(b"", "Epson Hilang")


def test_a_paper_is_in_the_folder_whole_or_not_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_args: object) -> None:
        raise OSError(28, "No space left on device")

    keep_pdf(b"first", tmp_path, "a.pdf")
    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(UserError):
        keep_pdf(b"second", tmp_path, "a.pdf")
    assert (tmp_path / "a.pdf").read_bytes() == b"first"


# ---------------------------------------------------------------------------------------------------------------------
# A real queue: cupsd with one raw printer behind a socket, which stands for the paper


class Tray:
    """A network printer: keeps what it is sent."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.received = bytearray()
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _address = self._server.accept()
            except OSError:
                return
            with connection:
                while block := connection.recv(65536):
                    self.received += block

    def close(self) -> None:
        self._server.close()
        self._thread.join(5)


@pytest.fixture
def tray() -> Iterator[Tray]:
    made = Tray()
    yield made
    made.close()


@pytest.fixture
def queue(tray: Tray, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A CUPS of our own with the queue "Loket"; no other program's printers are touched."""
    cupsd = shutil.which("cupsd", path=os.environ["PATH"] + ":/usr/sbin")
    if cupsd is None:
        pytest.skip("no cupsd here")
    with TemporaryQueue(cupsd) as port:
        monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{port}")
        lpadmin = shutil.which("lpadmin", path=os.environ["PATH"] + ":/usr/sbin")
        assert lpadmin is not None
        command = [lpadmin, "-p", "Loket", "-v", f"socket://127.0.0.1:{tray.port}", "-m", "raw", "-E"]
        subprocess.run(command, check=True, capture_output=True)
        yield "Loket"


class TemporaryQueue:
    """cupsd in a folder of its own, stopped and swept afterwards."""

    def __init__(self, cupsd: str) -> None:
        self._cupsd = cupsd
        self._folder = tempfile.TemporaryDirectory(prefix="loket-cups-", ignore_cleanup_errors=True)

    def __enter__(self) -> int:
        root = Path(self._folder.name)
        root.chmod(0o755)
        for name in ("spool", "cache", "state", "tmp"):
            (root / name).mkdir(mode=0o777)
            (root / name).chmod(0o777)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        (root / "cupsd.conf").write_text(
            f"Listen 127.0.0.1:{port}\nDefaultAuthType None\nWebInterface No\nBrowsing Off\n"
            "<Location />\nOrder allow,deny\nAllow all\n</Location>\n"
            "<Policy default>\n<Limit All>\nOrder deny,allow\nAllow all\n</Limit>\n</Policy>\n"
        )
        (root / "cups-files.conf").write_text(
            f"ServerRoot {root}\nRequestRoot {root}/spool\nCacheDir {root}/cache\nStateDir {root}/state\n"
            f"TempDir {root}/tmp\nAccessLog {root}/access\nErrorLog {root}/error\nPageLog {root}/page\n"
        )
        self._process = subprocess.Popen(
            [self._cupsd, "-f", "-c", str(root / "cupsd.conf"), "-s", str(root / "cups-files.conf")],
            stderr=subprocess.DEVNULL,
        )
        until(lambda: answers(port))
        return port

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)


PRINT = """
import sys
from pathlib import Path
from PySide6.QtWidgets import QApplication
from desktop.ui.printing import print_pdf
app = QApplication([])
print_pdf(Path(sys.argv[1]).read_bytes(), sys.argv[2])
"""


def test_a_real_queue_takes_the_paper_and_its_barcode_can_be_read(
    hall: Hall, queue: str, tray: Tray, tmp_path: Path
) -> None:
    outcome = receive(hall)
    with hall.store.reading() as session:
        paper = paper_of(issuing.facts_of(session, outcome.print_id), "a5")
    (tmp_path / "paper.pdf").write_bytes(paper)
    # A process of its own: CUPS remembers the first server it was ever asked for.
    command = [sys.executable, "-c", PRINT, str(tmp_path / "paper.pdf"), queue]
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "PYTHONPATH": str(Path.cwd())}
    subprocess.run(command, env=environment, check=True)
    until(lambda: tray.received.rstrip().endswith(b"%%EOF"))
    assert outcome.number in scans(bytes(tray.received), 300)[0].values()
