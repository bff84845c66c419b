"""What is counted of a day, each figure defined once: a card, a table, a list and the printed summary read the same.

To add a figure: a member of Figure with its name, and its happenings in operations/day_reading.py.
"""

from __future__ import annotations

from collections import Counter as Counting
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cached_property
from math import ceil, floor
from typing import Any, NamedTuple, TypeVar

from desktop.i18n import N_, _
from desktop.operations import correcting, voiding
from desktop.operations.hall import Completeness
from desktop.operations.story import REPRINT_REASONS

Part = TypeVar("Part", bound=Hashable)


class Figure(StrEnum):
    """What is counted of a day (screens.md 8, users.md 3)."""

    RECEIVED = "received"  # applications whose first visit is that day
    COMPLETE = "complete"  # of them, complete at their first F9
    RETURNED = "returned"  # of them, given back with a slip at their first F9
    CONDITIONAL = "conditional"  # of them, accepted with a promise of the applicant
    VOID = "void"  # of them, void by now; counted here only
    UNKNOWN = "unknown"  # of them, those whose first visit has not arrived here
    LATER = "later"  # files of earlier days completed that day
    VOIDED_LATER = "voided_later"  # files of earlier days made void that day
    VISITS = "visits"  # comings to the desk without a file
    REPRINTS = "reprints"  # papers issued again because they were lost or damaged
    CORRECTIONS = "corrections"  # fields put right
    EXTRAS = "extras"  # papers asked for outside the standard


NAMES = {
    Figure.RECEIVED: N_("Permohonan masuk"),
    Figure.COMPLETE: N_("Langsung lengkap"),
    Figure.RETURNED: N_("Dikembalikan"),
    Figure.CONDITIONAL: N_("Diterima bersyarat"),
    Figure.VOID: N_("Dibatalkan"),
    Figure.UNKNOWN: N_("Data belum sampai"),
    Figure.LATER: N_("Berkas lama yang dilengkapi hari ini"),
    Figure.VOIDED_LATER: N_("Berkas lama yang dibatalkan hari ini"),
    Figure.VISITS: N_("Kunjungan tanpa berkas"),
    Figure.REPRINTS: N_("Cetak ulang"),
    Figure.CORRECTIONS: N_("Data diperbaiki"),
    Figure.EXTRAS: N_("Syarat di luar daftar"),
}
# One of these, and only one, is what became of a received application.
FATES = (Figure.COMPLETE, Figure.RETURNED, Figure.CONDITIONAL, Figure.VOID, Figure.UNKNOWN)
# Papers beyond the standard have no code of their own; they count as one kind.
EXTRA = "*"
VISIT_OUTCOMES = {
    "consulted": N_("Konsultasi"),
    "wrong_counter": N_("Salah loket"),
    "outage": N_("Sistem instansi sedang gangguan"),
    "left": N_("Pulang tanpa berkas"),
    "complete": N_("Dicatat saja"),
}


# What the happenings of a figure are told apart by, in the order in which it is told.
PARTS: Mapping[Figure, Mapping[str, str]] = {
    Figure.VOID: voiding.ALL_REASONS,
    Figure.VOIDED_LATER: voiding.ALL_REASONS,
    Figure.VISITS: VISIT_OUTCOMES,
    Figure.REPRINTS: REPRINT_REASONS,
    Figure.CORRECTIONS: correcting.ALL_REASONS,
}


@dataclass(frozen=True)
class Pick:
    """Which happenings a number counts, and so the very list it opens: a figure, narrowed where a part is given.

    ``requirement`` is (service id, code) of a paper that was lacking; ``outcome`` that of a visit without a file, or
    the reason of an act.
    """

    figure: Figure
    service_id: str | None = None
    officer_id: str | None = None
    hour: int | None = None
    requirement: tuple[str, str] | None = None
    outcome: str | None = None


class Happening(NamedTuple):
    """One thing of the day that a figure counts: of which file, when (UTC, as it is kept), and by whom.

    ``hour`` is that of the hall's clock; ``file_id`` is None for a visit without a file, which alone names its agency
    and counter; ``remark`` is what the list adds.
    """

    figure: Figure
    file_id: str | None
    at: str
    hour: int
    service_id: str
    officer_id: str
    state: str | None
    outcome: str = ""
    remark: str = ""
    lacking: frozenset[tuple[str, str]] = frozenset()
    agency_id: str = ""
    counter_id: str = ""


class Timing(NamedTuple):
    """One visit with a file: seconds from its start to F9, and how many of them it lay parked."""

    officer_id: str
    seconds: float
    parked: int


@dataclass(frozen=True)
class Share:
    """A line of a table: what it is called, the pick of its applications, and how many met each fate."""

    name: str
    pick: Pick
    received: int
    complete: int
    returned: int
    conditional: int
    void: int


@dataclass(frozen=True)
class Lacking:
    """A paper that was lacking: in how many of the returned files, and the pick that lists them."""

    name: str
    service: str
    count: int
    pick: Pick


@dataclass(frozen=True)
class SerialCheck:
    """The serials of one PC and day: how many were issued, which are void, which have no record at all."""

    device_code: int
    last: int
    void: tuple[str, ...]
    missing: tuple[int, ...]

    @property
    def issued(self) -> int:
        """Numbers with a record, void ones among them."""
        return self.last - len(self.missing)


@dataclass(frozen=True)
class Day:
    """A day of a desk's agencies as this PC knows it; ``as_of`` is on the hall's clock.

    ``is_open``: somebody worked, or should have; a day that was not open shows "–" and never 0 (screens.md T9).
    ``hall`` tells how much of the hall's data of that day is here, None without a centre; ``problems`` are sentences;
    without one the sums agree.
    """

    day: date
    as_of: datetime
    is_open: bool
    is_own: bool
    happenings: tuple[Happening, ...]
    timings: tuple[Timing, ...]
    serials: tuple[SerialCheck, ...]
    problems: tuple[str, ...]
    papers: Mapping[tuple[str, str], str]
    services: Mapping[str, str]
    officers: Mapping[str, str]
    hall: Completeness | None = None

    @property
    def is_consistent(self) -> bool:
        """Whether every sum agrees with the records and no serial is without one."""
        return not self.problems

    def of(self, pick: Pick) -> Sequence[Happening]:
        """The happenings a pick counts, which are the lines of the list that its number opens."""
        happenings = self._of_figure.get(pick.figure, ())
        return happenings if pick == Pick(pick.figure) else [one for one in happenings if _counts(pick, one)]

    def count(self, figure: Figure, **narrowed: Any) -> int:
        """How many happenings of a figure there are; narrowed as a Pick is."""
        return len(self.of(Pick(figure, **narrowed)))

    def total(self) -> Share:
        """All applications of the day."""
        return _share(_("Jumlah"), Pick(Figure.RECEIVED), self.of(Pick(Figure.RECEIVED)))

    def by_service(self) -> list[Share]:
        """Applications by service, the most asked for first."""
        parts = self._parted(lambda happening: happening.service_id)
        shares = [
            _share(self.services.get(id_, ""), Pick(Figure.RECEIVED, service_id=id_), of) for id_, of in parts.items()
        ]
        return sorted(shares, key=lambda share: (-share.received, share.name.casefold()))

    def by_officer(self) -> list[Share]:
        """Applications by the officer who received them, by name."""
        parts = self._parted(lambda happening: happening.officer_id)
        shares = [
            _share(self.officers.get(id_, ""), Pick(Figure.RECEIVED, officer_id=id_), of) for id_, of in parts.items()
        ]
        return sorted(shares, key=lambda share: share.name.casefold())

    def by_hour(self) -> list[Share]:
        """Applications by the hour of the hall's clock, with the empty hours between the first and the last."""
        parts = self._parted(lambda happening: happening.hour)
        hours = range(min(parts), max(parts) + 1) if parts else ()
        return [_share(f"{hour:02}", Pick(Figure.RECEIVED, hour=hour), parts.get(hour, [])) for hour in hours]

    def parts(self, figure: Figure) -> list[tuple[str, Pick, int]]:
        """What the visits of a figure were about, or why its acts were done: words, pick and count of each.

        What did not happen is left out; a reason that a newer program gave has no words here.
        """
        words = PARTS[figure]
        given = {happening.outcome for happening in self.of(Pick(figure))}
        codes = [*(code for code in words if code in given), *sorted(given - set(words))]
        picks = [(_(words.get(code, N_("alasan lain"))), Pick(figure, outcome=code)) for code in codes]
        return [(word, pick, len(self.of(pick))) for word, pick in picks]

    def lacking(self, most: int = 10) -> list[Lacking]:
        """The papers that were lacking most often in returned files."""
        counted = Counting(key for happening in self.of(Pick(Figure.RETURNED)) for key in happening.lacking)
        lines = [
            Lacking(self._paper(key), self.services.get(key[0], ""), count, Pick(Figure.RETURNED, requirement=key))
            for key, count in counted.items()
        ]
        return sorted(lines, key=lambda line: (-line.count, line.service.casefold(), line.name))[:most]

    def returned_later_completed(self) -> int:
        """How many of the returned files have been completed since."""
        return sum(h.state not in (None, "RETURNED") for h in self.of(Pick(Figure.RETURNED)))

    def usual_minutes(self) -> int | None:
        """The median time from start to F9 in minutes, at least 1; parked time does not count."""
        seconds = sorted(timing.seconds for timing in self.timings)
        if not seconds:
            return None
        middle = len(seconds) // 2
        median = seconds[middle] if len(seconds) % 2 else (seconds[middle - 1] + seconds[middle]) / 2
        return max(1, round(median / 60))

    def most_minutes(self) -> int | None:
        """The least whole number of minutes under which nine of ten visits stay."""
        seconds = sorted(timing.seconds for timing in self.timings)
        return floor(seconds[ceil(0.9 * len(seconds)) - 1] / 60) + 1 if seconds else None

    def parked_minutes(self) -> int:
        """How long files lay parked, told apart from the time of service."""
        return round(sum(timing.parked for timing in self.timings) / 60)

    def of_officer(self, officer_id: str) -> Day:
        """The same day, with what this officer did only."""
        return replace(
            self,
            is_own=True,
            happenings=tuple(h for h in self.happenings if h.officer_id == officer_id),
            timings=tuple(timing for timing in self.timings if timing.officer_id == officer_id),
            serials=(),
        )

    @cached_property
    def _of_figure(self) -> Mapping[Figure, Sequence[Happening]]:
        """The happenings of each figure; a page asks for a hundred numbers, and the day has thousands of them."""
        found: dict[Figure, list[Happening]] = {}
        for happening in self.happenings:
            found.setdefault(happening.figure, []).append(happening)
            if happening.figure in FATES:
                found.setdefault(Figure.RECEIVED, []).append(happening)
        return found

    def _paper(self, key: tuple[str, str]) -> str:
        return _("Syarat di luar daftar") if key[1] == EXTRA else self.papers.get(key, key[1])

    def _parted(self, key: Callable[[Happening], Part]) -> dict[Part, list[Happening]]:
        """The applications of the day by what a table has a line for: all its lines in one pass."""
        parts: dict[Part, list[Happening]] = {}
        for happening in self.of(Pick(Figure.RECEIVED)):
            parts.setdefault(key(happening), []).append(happening)
        return parts


def _share(name: str, pick: Pick, received: Sequence[Happening]) -> Share:
    counts = Counting(happening.figure for happening in received)
    return Share(
        name,
        pick,
        len(received),
        counts[Figure.COMPLETE],
        counts[Figure.RETURNED],
        counts[Figure.CONDITIONAL],
        counts[Figure.VOID],
    )


def _counts(pick: Pick, happening: Happening) -> bool:
    return (
        pick.service_id in (None, happening.service_id)
        and pick.officer_id in (None, happening.officer_id)
        and pick.hour in (None, happening.hour)
        and pick.outcome in (None, happening.outcome)
        and (pick.requirement is None or pick.requirement in happening.lacking)
    )


def serial_sentence(check: SerialCheck) -> str:
    """The serials of one PC in words: how many, which void, which missing."""
    parts = [_("Nomor urut 0001–{last:04}: {count} terbit").format(last=check.last, count=check.issued)]
    if check.void:
        parts.append(_("{count} dibatalkan ({numbers})").format(count=len(check.void), numbers=_listed(check.void)))
    if check.missing:
        numbers = _listed(f"{serial:04}" for serial in check.missing)
        parts.append(_("{count} tanpa catatan ({numbers})").format(count=len(check.missing), numbers=numbers))
    else:
        parts.append(_("tidak ada yang hilang"))
    return ", ".join(parts) + "."


def _listed(numbers: Iterable[str], most: int = 5) -> str:
    shown = list(numbers)
    more = [_("dan {count} lagi").format(count=len(shown) - most)] if len(shown) > most else []
    return ", ".join([*shown[:most], *more])
