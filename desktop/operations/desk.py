"""The desk an act is done at: which counter, which officer, and the hall's own time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class Desk:
    """One officer at one counter; ``agency_ids`` are the agencies it may serve.

    ``authorised_by`` is the supervisor who consented at this desk to what is about to be done (operations/amending.py).
    """

    hall_id: str
    counter_id: str
    agency_ids: tuple[str, ...]
    officer_id: str
    zone: ZoneInfo
    training: bool = False
    authorised_by: str | None = None

    def local(self, moment: datetime) -> datetime:
        """The moment on the hall's clock (never the PC's zone, model.md 1.12)."""
        return moment.astimezone(self.zone)

    def day(self, moment: datetime) -> date:
        """The hall's calendar day of the moment."""
        return self.local(moment).date()
