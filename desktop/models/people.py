"""The people and things an application is about, each in its role."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, Session, mapped_column

from desktop.models.application import agency_of_application
from desktop.models.base import Projection, Record
from desktop.models.kinds import Day, Key
from desktop.models.local import refresh_applications, refresh_search


class Party(Record):
    """Pemohon, subjek, kuasa or pengambil of one application, as they were written down that day.

    There is no shared master of persons: two counters without a network would make two, and an edit would rewrite old
    receipts. ``phone`` is E.164, or "declined" where the applicant has none or gives none.
    """

    __tablename__ = "party"
    scope = "agency"

    application_id: Mapped[str] = mapped_column(Key(), index=True)
    role: Mapped[str] = mapped_column(String(12))  # applicant | subject | proxy | collector
    kind: Mapped[str] = mapped_column(String(12), default="person")  # person | company | object
    full_name: Mapped[str] = mapped_column(String(200), default="")
    titles: Mapped[str | None] = mapped_column(String(60), default=None)
    nik: Mapped[str | None] = mapped_column(String(16), default=None, index=True)
    no_nik_reason: Mapped[str | None] = mapped_column(String(20), default=None)
    id_kind: Mapped[str | None] = mapped_column(String(20), default=None)
    id_no: Mapped[str | None] = mapped_column(String(60), default=None)
    birth_date: Mapped[date | None] = mapped_column(Day(), default=None)
    sex: Mapped[str | None] = mapped_column(String(1), default=None)
    phone: Mapped[str | None] = mapped_column(String(20), default=None, index=True)
    village_code: Mapped[str | None] = mapped_column(String(13), default=None)
    place_text: Mapped[str | None] = mapped_column(String(200), default=None)
    address: Mapped[str | None] = mapped_column(String(200), default=None)
    rt: Mapped[str | None] = mapped_column(String(3), default=None)
    rw: Mapped[str | None] = mapped_column(String(3), default=None)
    nib: Mapped[str | None] = mapped_column(String(13), default=None)
    npwp: Mapped[str | None] = mapped_column(String(22), default=None)
    seen_on_card: Mapped[bool] = mapped_column(default=False)

    def lane_agency(self, session: Session) -> str | None:
        return agency_of_application(session, self.application_id)

    @classmethod
    def projections(cls, row: Mapping[str, Any]) -> Iterable[tuple[Projection, str]]:
        return [(refresh_applications, row["application_id"]), (refresh_search, row["id"])]
