"""The hybrid logical clock that puts the saves of all counters in one order.

A stamp is 48 bits of milliseconds since 1970 and 16 bits of counter (Kulkarni et al., 2014): never smaller than the
wall clock, always greater than the one before, so a clock set back cannot make a later save look earlier.
"""

from __future__ import annotations

from datetime import UTC, datetime

COUNTER_BITS = 16


def tick(last: int, wall: datetime, offset_ms: int = 0) -> int:
    """The stamp after ``last`` at wall time ``wall`` (aware), which the centre's clock is ``offset_ms`` ahead of."""
    return max(round(wall.timestamp() * 1000) + offset_ms << COUNTER_BITS, last + 1)


def wall_time(stamp: int) -> datetime:
    """The wall time inside a stamp, to the millisecond."""
    return datetime.fromtimestamp((stamp >> COUNTER_BITS) / 1000, UTC)
