"""A real CUPS of our own, with queues that lead to a paper printer; no other program's printers are touched."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

PATH = os.environ["PATH"] + ":/usr/sbin"
PDF_DRIVER = "/usr/share/ppd/cups-pdf/CUPS-PDF_opt.ppd"
# Where cups-pdf puts the papers of people who have no account on this machine.
PDF_FOLDER = Path("/var/spool/cups-pdf/ANONYMOUS")
STRANGER = "loket-uji"


def program(name: str) -> str:
    """Where a program of CUPS is; bootstrap installs them for the tests."""
    found = shutil.which(name, path=PATH)
    assert found is not None, f"{name} is not here"
    return found


def apart(function: Callable[..., Any], *arguments: Any) -> Any:
    """Call it in a thread of its own: libcups remembers the first server that a thread asks for."""
    answer: list[Any] = []

    def call() -> None:
        try:
            answer.append((function(*arguments), None))
        except BaseException as problem:
            answer.append((None, problem))

    thread = threading.Thread(target=call)
    thread.start()
    thread.join()
    result, problem = answer[0]
    if problem is not None:
        raise problem
    return result


class Cups:
    """cupsd in a folder of its own, stopped and swept afterwards."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="loket-cups-", ignore_cleanup_errors=True)

    def __enter__(self) -> Cups:
        root = Path(self._folder.name)
        root.chmod(0o755)
        for name in ("spool", "cache", "state", "tmp"):
            (root / name).mkdir(mode=0o777)
            (root / name).chmod(0o777)
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = int(free.getsockname()[1])
        self.server = f"127.0.0.1:{port}"
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
            [program("cupsd"), "-f", "-c", str(root / "cupsd.conf"), "-s", str(root / "cups-files.conf")],
            stderr=subprocess.DEVNULL,
        )
        until(lambda: answers(port))
        return self

    def add(self, name: str, printer: str) -> None:
        """A raw queue to a printer's address."""
        self._tell("lpadmin", "-p", name, "-v", f"socket://{printer}", "-m", "raw", "-E")

    def add_pdf(self, name: str) -> None:
        """A queue of cups-pdf: filters and driver as of any sheet printer, and a PDF for its paper."""
        self._tell("lpadmin", "-p", name, "-v", "cups-pdf:/", "-P", PDF_DRIVER, "-E")

    def _tell(self, command: str, *words: str) -> None:
        environment = {**os.environ, "CUPS_SERVER": self.server}
        subprocess.run([program(command), *words], check=True, capture_output=True, env=environment)

    def reject(self, name: str) -> None:
        self._tell("cupsreject", name)

    def stop(self, name: str) -> None:
        self._tell("cupsdisable", name)

    def jobs(self, name: str) -> str:
        """What still waits in the queue, as lpstat lists it."""
        environment = {**os.environ, "CUPS_SERVER": self.server, "LC_ALL": "C"}
        told = subprocess.run([program("lpstat"), "-o", name], capture_output=True, text=True, env=environment)
        return told.stdout

    def __exit__(self, *_error: object) -> None:
        self._process.terminate()
        self._process.wait(10)
        self._folder.cleanup()


def printed_pdf(title: str) -> bytes:
    """What cups-pdf made of a stranger's job, taken out of its folder."""
    (made,) = PDF_FOLDER.glob(f"{title}*.pdf")
    data = made.read_bytes()
    made.unlink()
    return data


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def until(true: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, "waited too long"
        time.sleep(0.05)
