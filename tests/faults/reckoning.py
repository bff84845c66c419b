"""The book of a day, and the reckoning at its end: screen, printer and data have to tell the same day.

Nothing is taken from the program's own figures: what is compared with them was counted by who stood before the screen.
"""

from __future__ import annotations

import re
from collections import Counter as Counting
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from desktop import log
from desktop.models import journal
from desktop.models.access import Officer
from desktop.models.application import Application, PaperPrint, StatusMove
from desktop.models.catalog import Service
from desktop.models.local import OPEN_JOBS, ApplicationNow, Draft, PrintJob
from desktop.models.people import Party
from desktop.store import Store
from tests.papers.reading import codes, scans, squeezed, text_of
from tests.printers.paper_printer import decode

# Bytes of the write-ahead log, and how memory may grow over a day (reliability.md, section 4).
MOST_LOG, MOST_GROWTH = 16 * 2**20, 1.05


@dataclass
class File:
    """A number as the screen gave it, and what has to be true of it in the end.

    ``first`` is its first paper ("receipt", "slip"), ``papers`` counts every one that came out.
    """

    number: str
    name: str
    nik: str
    service: str
    officer: str
    first: str
    state: str = ""
    papers: int = 1
    void_reason: str = ""
    was_completed: bool = False

    def __post_init__(self) -> None:
        self.state = self.state or ("REGISTERED" if self.first == "receipt" else "RETURNED")

    @property
    def short(self) -> str:
        """ "0041-7": what people say."""
        return f"{self.number[9:13]}-{self.number[13]}"


@dataclass
class Book:
    """What was seen. ``lives`` are the runs of the program: bytes of memory held after every person.

    ``f9`` are milliseconds by the wall and by the processor, from the key until the file was kept, and until the
    number was seen; for a measurement also those of its entries written by hand.
    """

    files: list[File] = field(default_factory=list)
    visits: list[str] = field(default_factory=list)
    reprints: list[str] = field(default_factory=list)
    corrections: int = 0
    lives: list[list[int]] = field(default_factory=list)
    f9: list[dict[str, tuple[float, float]]] = field(default_factory=list)
    log_bytes: int = 0
    summary: Path | None = None

    def of(self, day: date) -> list[File]:
        """The files whose number is of that day."""
        return [file for file in self.files if file.number.startswith(f"{day:%y%m%d}")]


def is_flat(book: Book, since: int) -> bool:
    """Whether the last run of the program held as much memory at its end as after so many people."""
    held = book.lives[-1]
    return held[-1] < MOST_GROWTH * held[since]


def numbers_printed(roll: Sequence[bytes], tray: Path, *, spoiled: int = 0) -> Counting[str]:
    """How many papers came out under each number, read by a scanner from the roll and from the files.

    A job that was cut off is a spoiled paper; AssertionError where there are more of them.
    """
    found: Counting[str] = Counting()
    for job in roll:
        try:
            pages = decode(job)
        except AssertionError:
            spoiled -= 1
            continue
        for page in pages:
            found[_number_of(codes(page))] += 1
    for path in tray.glob("*.pdf"):
        if not path.name.startswith("ringkasan-"):
            first, *others = scans(path.read_bytes(), 300)
            assert not any(others), "only the first page of a long paper carries the number as bars"
            found[_number_of(first)] += 1
    assert spoiled >= 0, "a paper is cut short"
    return found


def _number_of(seen: dict[str, str]) -> str:
    assert set(seen) == {"Code 128", "QR Code"} and len(set(seen.values())) == 1, seen
    return seen["Code 128"]


def reckon(book: Book, folder: Path, roll: Sequence[bytes], tray: Path, day: date, *, spoiled: int = 0) -> None:
    """AssertionError, in words, where the day does not add up; ``spoiled`` papers were torn off by a power cut."""
    reckon_numbers(book, folder, roll, tray, spoiled=spoiled)
    assert book.summary is not None
    _summary(book, text_of(book.summary.read_bytes()), day)
    assert book.log_bytes <= MOST_LOG


def reckon_numbers(book: Book, folder: Path, roll: Sequence[bytes], tray: Path, *, spoiled: int) -> None:
    """The part of it that needs no summary: what was on the screen, the data, and the papers that came out."""
    shown = [file.number for file in book.files]
    assert len(shown) == len(set(shown)), "a number was given twice"
    printed = numbers_printed(roll, tray, spoiled=spoiled)
    store = Store.open(folder)
    try:
        with store.reading() as session:
            assert set(printed) <= set(session.scalars(select(Application.number))), "a paper of no file"
            _data(book, session)
    finally:
        store.close()
    assert printed == {file.number: file.papers for file in book.files}, "papers and files do not agree"
    told = folder / log.FILE_NAME
    assert not told.exists() or "ERROR" not in told.read_text(), "the program fell over something and went on"


def _data(book: Book, session: Session) -> None:
    kept = {row.number: row for row in session.scalars(select(ApplicationNow))}
    assert set(kept) == {file.number for file in book.files}, "numbers on the screen and in the data do not agree"
    services = dict(session.execute(select(Service.id, Service.name_id)).all())
    officers = dict(session.execute(select(Officer.id, Officer.display_name)).all())
    for file in book.files:
        row = kept[file.number]
        applicant = select(Party.full_name).where(Party.application_id == row.id, Party.role == "applicant")
        told = (row.state, session.scalar(applicant), services[row.service_id], officers[row.received_by])
        assert told == (file.state, file.name, file.service, file.officer), file
    serials: dict[str, list[int]] = {}
    for number in sorted(kept):
        serials.setdefault(number[:9], []).append(int(number[9:13]))
    assert all(found == list(range(1, len(found) + 1)) for found in serials.values()), "a number is missing"
    per_number = (
        select(Application.number, func.count())
        .join(PaperPrint, PaperPrint.application_id == Application.id)
        .group_by(Application.number)
    )
    prints = dict(session.execute(per_number).all())
    assert prints == {file.number: file.papers for file in book.files}, "a paper was issued that nobody asked for"
    assert session.scalars(select(PrintJob).where(PrintJob.state.in_(OPEN_JOBS))).all() == []
    assert session.scalars(select(Draft)).all() == [], "something half typed was left behind"
    void = select(func.count()).select_from(StatusMove).where(StatusMove.to_state == "VOID")
    assert session.scalar(void) == sum(file.state == "VOID" for file in book.files)
    assert journal.verify(journal.read_entries(session.connection())) == []
    assert session.execute(text("PRAGMA quick_check")).scalar() == "ok"


def _summary(book: Book, paper: str, day: date) -> None:
    """Every figure of the printed summary, against the book."""
    files = book.of(day)
    sums = re.search(r"jumlah cocok: (\d+) masuk = (\d+) lengkap \+ (\d+) dikembalikan \+ (\d+) bersyarat \+ "
                     r"(\d+) batal", paper)  # fmt: skip
    assert sums is not None and tuple(map(int, sums.groups())) == _fates(files), paper
    cards = re.search(r"(\d+)Berkaslamayangdilengkapihariini(\d+)Kunjungantanpaberkas0Syaratdiluardaftar"
                      r"(\d+)Cetakulang(\d+)Datadiperbaiki", squeezed(paper))  # fmt: skip
    assert cards is not None, paper
    later = sum(file.was_completed for file in book.files if file not in files)
    expected = later, len(book.visits), len(book.reprints), book.corrections
    assert tuple(map(int, cards.groups())) == expected, paper
    void = Counting(file.void_reason for file in files if file.void_reason)
    for title, reasons in (("Dibatalkan", void), ("Cetak ulang", Counting(book.reprints))):
        assert _reasons(paper, title) == reasons, paper
    assert _rows(paper, "Layanan") == _shares(files, "service"), paper
    assert _rows(paper, "Petugas") == _shares(files, "officer"), paper


def _fates(files: Sequence[File]) -> tuple[int, ...]:
    """Received = complete + returned + conditional + void, as users.md counts them."""
    live = [file for file in files if file.state != "VOID"]
    complete = sum(file.first == "receipt" for file in live)
    return len(files), complete, len(live) - complete, 0, len(files) - len(live)


def _shares(files: Sequence[File], part: str) -> dict[str, tuple[int, ...]]:
    names = {getattr(file, part) for file in files}
    return {squeezed(name): _fates([file for file in files if getattr(file, part) == name]) for name in names}


def _reasons(paper: str, title: str) -> Counting[str]:
    line = re.search(rf"^{title}: (.+)\.$", paper, re.MULTILINE)
    parts = line[1].split(", ") if line is not None else []
    return Counting({words: int(count) for count, _space, words in (part.partition(" ") for part in parts)})


def _rows(paper: str, head: str) -> dict[str, tuple[int, ...]]:
    """The lines of a table; a long name goes on below its figures, and a page may end between two lines."""
    _before, _head, rest = paper.partition(f"{head} Masuk Langsung lengkap Dikembalikan Bersyarat Dibatalkan\n")
    found: dict[str, tuple[int, ...]] = {}
    name = ""
    for line in rest.splitlines():
        figures = re.fullmatch(r"(.+?) (\d+) (\d+) (\d+) (\d+) (\d+)", line)
        if figures is not None and figures[1] == "Jumlah":
            return found
        if figures is not None:
            name, counts = squeezed(figures[1]), tuple(map(int, figures.groups()[1:]))
            found[name] = counts
        elif name:
            counts = found.pop(name)
            name += squeezed(line)
            found[name] = counts
    raise AssertionError(f"the table of {head} has no end")
