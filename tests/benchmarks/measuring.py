"""How a figure is taken, and how the table shows it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

PAIRS = 7


@dataclass(frozen=True)
class Figure:
    """One line of the table. ``ours`` and ``baseline`` are medians in ``unit``; ``spread`` is the range of the ratios
    pair by pair. ``goal`` is said in words; ``holds`` is None where there is none."""

    name: str
    unit: str
    ours: float
    baseline: float | None = None
    spread: tuple[float, float] | None = None
    goal: str = ""
    holds: bool | None = None
    note: str = ""

    @property
    def ratio(self) -> float | None:
        """Ours over the baseline."""
        return self.ours / self.baseline if self.baseline else None

    def line(self) -> str:
        """As the table shows it."""
        ratio = f"{self.ratio:.2f}" if self.ratio is not None else "-"
        spread = f"{self.spread[0]:.2f}-{self.spread[1]:.2f}" if self.spread else ""
        verdict = {None: "", True: "holds", False: "MISSED"}[self.holds]
        base = _short(self.baseline) if self.baseline is not None else "-"
        parts = (
            f"{self.name:<26}", f"{_short(self.ours):>10}", f"{base:>10}", f"{self.unit:<12}", f"{ratio:>6}",
            f"{spread:<12}", f"{self.goal:<26}", f"{verdict:<7}", self.note,
        )  # fmt: skip
        return " ".join(parts).rstrip()

    def as_json(self) -> dict[str, Any]:
        """For a file that another run can be compared with."""
        return {**self.__dict__, "ratio": self.ratio}


HEAD = f"{'name':<26} {'ours':>10} {'baseline':>10} {'unit':<12} {'ratio':>6} {'spread':<12} {'goal':<26} verdict"


def paired(ours: Callable[[], float], baseline: Callable[[], float], *, pairs: int = PAIRS) -> tuple[
        list[float], list[float]]:  # fmt: skip
    """Each in turn, after one of each that does not count; both give what they measured."""
    ours(), baseline()
    one, other = [], []
    for _ in range(pairs):
        one.append(ours())
        other.append(baseline())
    return one, other


def compared(name: str, unit: str, one: Sequence[float], other: Sequence[float], *, goal: str,
             holds: Callable[[float], bool], note: str = "") -> Figure:  # fmt: skip
    """The figure of pairs; ``holds`` judges the ratio of the medians."""
    ratios = [a / b for a, b in zip(one, other, strict=True)]
    ours, base = statistics.median(one), statistics.median(other)
    return Figure(name, unit, ours, base, (min(ratios), max(ratios)), goal, holds(ours / base), note)


def seconds(work: Callable[[], Any]) -> float:
    """How long it takes."""
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def percentile(values: Sequence[float], share: float) -> float:
    """The value that ``share`` of them do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * len(ordered)))]


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"
