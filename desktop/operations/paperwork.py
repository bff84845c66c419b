"""What a paper says: plain facts gathered from the records, so that papers know no database and no screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

# Texts from records, the catalogue or the letterhead arrive as they shall be read; the fixed words of a paper
# ("Selesai paling lambat") belong to the paper itself. Moments are already in the hall's time.


@dataclass(frozen=True)
class Letterhead:
    """The head of every paper; ``logo`` is a PNG or JPEG, without one the letters of ``mark`` stand there."""

    hall: str
    agency: str = ""
    place_and_hours: str = ""
    mark: str = "MPP"
    logo: bytes | None = None
    accent: str = "#1d5fa8"


@dataclass(frozen=True)
class Document:
    """A paper that was received: "Kartu Keluarga", "fotokopi 1 lembar, dicocokkan dengan asli"."""

    name: str
    how: str = ""


@dataclass(frozen=True)
class Missing:
    """A paper to bring: what (form, count), why it is lacking, where to get it, which clause asks for it."""

    title: str
    why: str
    where: str = ""
    clause: str = ""


@dataclass(frozen=True, kw_only=True)
class FileFacts:
    """What every paper of F9 says of its file.

    ``barcode`` and ``qr`` hold digits only; ``copy_no`` counts reprints of the PC ``copy_from`` (0 = first print);
    ``corrected_at`` makes it a new issue after a correction; ``standard_text`` names the decree and is None for a
    sample standard.
    """

    letterhead: Letterhead
    number: str
    short: str
    barcode: str
    qr: str
    service: str
    applicant: str
    officer: str
    counter: str
    printed_at: datetime
    record_code: str
    complaint: str
    variant: str | None = None
    for_whom_text: str | None = None
    subject: str | None = None
    proxy: str | None = None
    queue_no: str | None = None
    visit_no: int = 1
    standard_text: str | None = None
    corrected_at: datetime | None = None
    copy_no: int = 0
    copy_from: int = 0
    training: bool = False


@dataclass(frozen=True, kw_only=True)
class ReceiptFacts(FileFacts):
    """A complete file: TANDA TERIMA BERKAS.

    ``nik_masked`` is the mask or the reason why there is no NIK; ``withdrawn`` are originals that stay with the office;
    ``extra`` was asked for outside the standard; ``two_copies`` adds one for the file.
    """

    complete_at: datetime
    product: str
    promise_text: str
    fee_text: str
    documents: tuple[Document, ...]
    follow_up: str = ""
    nik_masked: str = ""
    withdrawn: tuple[str, ...] = ()
    extra: tuple[str, ...] = ()
    two_copies: bool = False


@dataclass(frozen=True, kw_only=True)
class SlipFacts(FileFacts):
    """A short file that was given back: LEMBAR KEKURANGAN BERKAS.

    ``smallest`` is the sentence about the smallest missing set, only where alternatives exist; ``come_back``
    is a place ("gerai Disdukcapil (lantai 1, Loket 5–8)"); ``goes_first`` only where the agency agreed
    to it; ``is_free`` says that the service costs nothing.
    """

    missing_count: int
    asked_count: int
    checked_at: datetime
    missing: tuple[Missing, ...]
    accepted: tuple[str, ...]
    come_back: str
    valid_until: date
    smallest: str | None = None
    goes_first: bool = False
    is_free: bool = True


@dataclass(frozen=True)
class LeafletFacts:
    """What to bring for a service: DAFTAR PERSYARATAN, from its standard.

    ``pledge`` is the agency's maklumat pelayanan, empty where it has none; ``presence`` says why one must come in
    person; ``procedure`` is how the service goes, ``channels`` where the agency takes complaints beside the hall's own;
    ``standard_text`` names the decree and is None for a sample standard.
    """

    letterhead: Letterhead
    service: str
    product: str
    duration: str
    fee_text: str
    documents: tuple[Missing, ...]
    printed_at: datetime
    complaint: str
    presence: str = ""
    procedure: str = ""
    channels: str = ""
    pledge: str = ""
    standard_text: str | None = None
    training: bool = False


@dataclass(frozen=True)
class LabelFacts:
    """The label on a file's folder (map berkas); ``barcode`` and ``qr`` hold digits only."""

    letterhead: Letterhead
    number: str
    short: str
    barcode: str
    qr: str
    service: str
    applicant: str
    received_at: datetime
    counter: str
    subject: str | None = None
    training: bool = False


@dataclass(frozen=True)
class EmergencyFacts:
    """A blank form for hours without power or program; ``services`` are those of the desk, to be ticked."""

    letterhead: Letterhead
    services: tuple[str, ...]
    phone: str = ""
    training: bool = False


@dataclass(frozen=True)
class Tally:
    """One line of a day's table: a service, an officer or a counter with its counts of applications."""

    name: str
    received: int
    complete: int
    returned: int
    void: int
    conditional: int = 0


@dataclass(frozen=True)
class HourTally:
    """Applications whose first visit ended within the hour that begins at ``hour`` (0 to 23)."""

    hour: int
    complete: int
    short: int


@dataclass(frozen=True)
class MissingTally:
    """How often a paper was lacking today: the requirement, its service, and the number of returned files."""

    requirement: str
    service: str
    count: int


@dataclass(frozen=True)
class SummaryFacts:
    """The day of a desk or a hall as its supervisor signs it.

    ``total`` counts applications whose first visit is that day (its name is not shown); ``state`` says in words
    how much of the data is there; ``usual_minutes`` and ``most_minutes`` are the median and the ninth
    decile of the time from start to F9; ``is_consistent`` is the outcome of the check of its sums; ``reasons`` say in
    sentences why files were made void, data corrected and papers printed again. A day that was not ``is_open`` shows
    "–" and never 0 (screens.md T9).
    """

    letterhead: Letterhead
    day: date
    as_of: datetime
    scope: str
    state: str
    total: Tally
    completed_later: int
    reprints: int
    corrections: int
    is_consistent: bool
    by_service: tuple[Tally, ...]
    by_officer: tuple[Tally, ...]
    by_hour: tuple[HourTally, ...]
    missing: tuple[MissingTally, ...]
    printed_at: datetime
    printed_by: str
    visits_without_file: int = 0
    extra_demands: int = 0
    voided_later: int = 0
    reasons: tuple[str, ...] = ()
    usual_minutes: int | None = None
    most_minutes: int | None = None
    place: str = ""
    signer_position: str = ""
    signer_name: str = ""
    signer_staff_no: str = ""
    is_open: bool = True
    training: bool = False


@dataclass(frozen=True)
class RecoveryFacts:
    """The sheet that opens the data in need; ``code`` is 50 digits, of which every fifth checks four."""

    letterhead: Letterhead
    counter: str
    code: str
    printed_at: datetime
    training: bool = False


@dataclass(frozen=True)
class TestPageFacts:
    """A sheet that proves a printer and a scanner in one act; ``barcode`` and ``qr`` hold digits only."""

    letterhead: Letterhead
    printer: str
    counter: str
    barcode: str
    qr: str
    printed_at: datetime
    training: bool = False
