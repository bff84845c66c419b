"""What an administrator keeps right without a programmer: days off, weeks, officers, counters, letterhead, pledge.

Every act asks for the administrator itself, edits the record (so that journal and sync follow), and says in words what
else it alters. Papers already printed never change.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from desktop.errors import UserError
from desktop.i18n import N_, _, ngettext, number, plain_date
from desktop.models.access import Officer
from desktop.models.base import natural_id, new_id
from desktop.models.calendar import Holiday, WorkingWeek
from desktop.models.catalog import Agency, Counter, Hall
from desktop.models.local import ApplicationNow, OfficerSecret
from desktop.operations import access, promise
from desktop.operations.cleaning import clean, clean_text
from desktop.operations.counters import agency_ids
from desktop.operations.desk import Desk
from desktop.operations.logo import read_logo

KINDS = {"national": N_("libur nasional"), "joint_leave": N_("cuti bersama"), "local": N_("libur setempat")}
LETTERHEAD = {
    "hours": N_("Jam pelayanan"),
    "place": N_("Kota pada tanda tangan"),
    "phone": N_("Telepon balai"),
    "complaint_phone": N_("Telepon pengaduan"),
}
PLEDGE_LIMIT = 2000
# What stands in the field of a logo that is kept: left alone it stays, emptied it goes, anything else is a file.
LOGO_KEPT = N_("terpasang")


def _named(text: str, limit: int, field: str) -> str:
    text = clean_text(text, limit, field=field)
    if len(text) < 2:
        raise UserError(_("Isi dahulu, paling sedikit 2 huruf."), field=field)
    return text


# Days off


def holidays(session: Session, year: int) -> list[Holiday]:
    """The days off of a year, by date."""
    days = select(Holiday).where(
        Holiday.on_date.between(date(year, 1, 1), date(year, 12, 31)), Holiday.deleted.is_(False)
    )
    return list(session.scalars(days.order_by(Holiday.on_date, Holiday.kind)))


def save_holiday(
    session: Session, desk: Desk, holiday_id: str | None, *, on_date: date | None, kind: str, name: str,
    is_tentative: bool = False,
) -> str:  # fmt: skip
    """A new day off, or another date or name for one; returns what it alters, as a sentence."""
    access.require_admin(session, desk)
    if on_date is None:
        raise UserError(_("Isi tanggalnya: tanggal, bulan, tahun."), field="on_date")
    name = _named(name, 200, "name")
    same = select(Holiday.id).where(Holiday.on_date == on_date, Holiday.kind == kind, Holiday.deleted.is_(False))
    if session.scalars(same.where(Holiday.id != (holiday_id or ""))).first() is not None:
        raise UserError(_("Tanggal itu sudah ada sebagai {kind}.").format(kind=_(KINDS[kind])), field="on_date")
    key = holiday_id or natural_id("holiday", on_date, kind)
    row = session.get(Holiday, key)
    days = {on_date}
    if row is None:
        row = Holiday(id=key, on_date=on_date, kind=kind, name=name, is_tentative=is_tentative)
        session.add(row)
    else:
        days.add(row.on_date)
        row.on_date, row.kind, row.name, row.is_tentative, row.deleted = on_date, kind, name, is_tentative, False
    return kept_promises(session, desk, days)


def remove_holiday(session: Session, desk: Desk, holiday_id: str) -> str:
    """The day is worked after all; returns what that alters."""
    access.require_admin(session, desk)
    row = session.get_one(Holiday, holiday_id)
    row.deleted = True
    return kept_promises(session, desk, {row.on_date})


def fill_year(session: Session, desk: Desk, year: int) -> str:
    """The national holidays and joint leave of a year, where they are decreed; what is there already stays."""
    access.require_admin(session, desk)
    before = len(holidays(session, year))
    session.info["seed"] = True
    decreed = promise.seed_holidays(session, [year])
    session.flush()
    session.info["seed"] = False
    if year not in decreed:
        raise UserError(
            _("Cuti bersama tahun {year} belum dikenal program ini. Isi satu per satu dari SKB 3 Menteri.").format(
                year=year
            )
        )
    found = holidays(session, year)
    added, tentative = len(found) - before, sum(day.is_tentative for day in found)
    words = _("{count} hari libur tahun {year} ditambahkan.").format(count=number(added), year=year)
    if tentative:
        words += " " + _("{count} tanggal masih perkiraan; cocokkan dengan SKB.").format(count=number(tentative))
    return words


def kept_promises(session: Session, desk: Desk, days: set[date]) -> str:
    """How many printed promises run over these days and stay as they are, as a sentence."""
    over = [
        and_(ApplicationNow.complete_at < _midnight(desk, day + timedelta(days=1)),
             ApplicationNow.promised_at >= _midnight(desk, day))
        for day in days
    ]  # fmt: skip
    return _stay(_promises(session, or_(*over)))


def _promises(session: Session, *which: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(ApplicationNow).where(ApplicationNow.state != "VOID", *which)
    return session.scalar(counted) or 0


def _stay(count: int) -> str:
    if not count:
        return _("Tidak ada janji tercetak yang terkena.")
    words = ngettext("{count} janji yang sudah dicetak tidak berubah.",
                     "{count} janji yang sudah dicetak tidak berubah.", count)  # fmt: skip
    return words.format(count=number(count))


def _midnight(desk: Desk, day: date) -> datetime:
    return datetime.combine(day, time(), desk.zone)


# Working weeks


@dataclass(frozen=True)
class Week:
    """An agency's working days from a date on; without an id it is what the agency began with."""

    id: str | None
    agency_id: str
    agency: str
    weekdays: tuple[int, ...]
    from_date: date | None


def weeks(session: Session) -> list[Week]:
    """Every agency's weeks, the newest first."""
    rows = session.scalars(select(WorkingWeek).where(~WorkingWeek.deleted).order_by(WorkingWeek.from_date.desc()))
    later: dict[str, list[WorkingWeek]] = {}
    for row in rows:
        later.setdefault(row.agency_id, []).append(row)
    return [
        week
        for agency in agencies(session)
        for week in (
            *(Week(row.id, agency.id, agency.name_id, tuple(row.weekdays), row.from_date)
              for row in later.get(agency.id, ())),
            Week(None, agency.id, agency.name_id, tuple(agency.week_days), None),
        )
    ]  # fmt: skip


def save_week(session: Session, desk: Desk, *, agency_id: str | None, weekdays: str, from_date: date | None) -> str:
    """The agency works these days ("12345" is Monday to Friday) from a day on; returns what that alters."""
    access.require_admin(session, desk)
    if agency_id is None or session.get(Agency, agency_id) is None:
        raise UserError(_("Pilih instansi."), field="agency")
    days = sorted({int(digit) for digit in weekdays if digit in "1234567"})
    if not days:
        raise UserError(_("Tulis hari kerjanya: 1 Senin sampai 7 Minggu, misalnya 12345."), field="weekdays")
    if from_date is None:
        raise UserError(_("Isi tanggalnya: tanggal, bulan, tahun."), field="from_date")
    same = select(WorkingWeek).where(WorkingWeek.agency_id == agency_id, WorkingWeek.from_date == from_date)
    row = session.scalars(same.where(~WorkingWeek.deleted)).first()
    if row is None:
        session.add(WorkingWeek(agency_id=agency_id, from_date=from_date, weekdays=days))
    else:
        row.weekdays = days
    since = ApplicationNow.promised_at >= _midnight(desk, from_date)
    return _stay(_promises(session, ApplicationNow.agency_id == agency_id, since))


def remove_week(session: Session, desk: Desk, week_id: str) -> str:
    """The week before it counts again."""
    access.require_admin(session, desk)
    row = session.get_one(WorkingWeek, week_id)
    row.deleted = True
    return _("Sejak {date} berlaku lagi pekan sebelumnya.").format(date=plain_date(row.from_date))


# Officers


@dataclass(frozen=True)
class OfficerLine:
    """An officer as the list shows them; ``has_pin`` says whether they can sign in on this PC."""

    id: str
    name: str
    initials: str
    role: str
    agency_id: str
    agency: str
    is_active: bool
    has_pin: bool


def officer_lines(session: Session) -> list[OfficerLine]:
    """Every officer, those who work here first."""
    names = {agency.id: agency.code for agency in session.scalars(select(Agency))}
    with_pin = set(session.scalars(select(OfficerSecret.officer_id)))
    found = session.scalars(
        select(Officer).where(~Officer.deleted).order_by(Officer.is_active.desc(), Officer.display_name)
    )
    return [
        OfficerLine(one.id, one.display_name, one.initials, one.role, one.agency_id, names.get(one.agency_id, ""),
                    one.is_active, one.id in with_pin)
        for one in found
    ]  # fmt: skip


def save_officer(
    session: Session, desk: Desk, officer_id: str | None, *, name: str, role: str, agency_id: str | None,
    is_active: bool = True, pin: str = "", pin_again: str = "",
) -> str:  # fmt: skip
    """A new officer, or what changed of one; ``pin`` empty leaves the PIN as it is. Returns what follows."""
    access.require_admin(session, desk)
    if agency_id is None or session.get(Agency, agency_id) is None:
        raise UserError(_("Pilih instansi."), field="agency")
    if pin != pin_again:
        raise UserError(_("Kedua PIN tidak sama. Ketik PIN yang sama sekali lagi."), field="pin_again")
    if officer_id is None:
        officer = access.add_officer(session, name=name, role=role, pin=pin, agency_id=agency_id)
        return _("{name} sudah dapat masuk di loket ini.").format(name=officer.display_name)
    officer = session.get_one(Officer, officer_id)
    name = _named(name, access.NAME_LIMIT, "name")
    _check_name(session, name, officer_id)
    _check_last_admin(session, officer, role, is_active)
    officer.display_name, officer.role, officer.agency_id, officer.is_active = name, role, agency_id, is_active
    if pin:
        access.give_pin(session, officer_id, pin)
    if not is_active:
        return _("{name} tidak dapat masuk lagi. Berkas yang diterimanya tetap atas namanya.").format(name=name)
    if pin:
        return _("{name} masuk dengan PIN yang baru di PC ini.").format(name=name)
    return _("{name} disimpan.").format(name=name)


def _check_name(session: Session, name: str, officer_id: str) -> None:
    others = select(Officer.display_name).where(Officer.id != officer_id, Officer.is_active, ~Officer.deleted)
    if any(other.casefold() == name.casefold() for other in session.scalars(others)):
        raise UserError(
            _("Nama petugas ini sudah ada. Tambahkan pembeda, misalnya huruf awal nama kedua."), field="name"
        )


def _check_last_admin(session: Session, officer: Officer, role: str, is_active: bool) -> None:
    if role == "admin" and is_active:
        return
    others = select(Officer.id).where(
        Officer.role == "admin", Officer.is_active, ~Officer.deleted, Officer.id != officer.id
    )
    if session.scalars(others).first() is None:
        field = "role" if role != "admin" else "is_active"
        raise UserError(_("Ini admin yang terakhir. Angkat admin lain dahulu."), field=field)


# Counters


def agencies(session: Session) -> list[Agency]:
    """Every agency of the hall, by name."""
    return list(session.scalars(select(Agency).where(~Agency.deleted).order_by(Agency.name_id)))


def counters(session: Session) -> list[Counter]:
    """Every counter of the hall, by name."""
    return list(session.scalars(select(Counter).where(~Counter.deleted).order_by(Counter.name)))


def codes_of(session: Session, counter: Counter) -> str:
    """ "DKC, PTS": the agencies a counter serves."""
    known = {agency.id: agency.code for agency in agencies(session)}
    return ", ".join(known.get(agency_id, "?") for agency_id in counter.agency_ids)


def save_counter(
    session: Session, desk: Desk, counter_id: str | None, *, name: str, booth: str, floor: str, codes: str,
    is_open: bool = True,
) -> str:  # fmt: skip
    """A counter's name, place and agencies ("DKC, PTS"); returns what follows."""
    access.require_admin(session, desk)
    name = _named(name, 60, "counter_name")
    if any(one.name.casefold() == name.casefold() for one in counters(session) if one.id != counter_id):
        raise UserError(_("Nama loket ini sudah ada."), field="counter_name")
    values = {
        "name": name,
        "booth": clean_text(booth, 80, field="booth") or None,
        "floor": clean_text(floor, 40, field="floor") or None,
        "agency_ids": list(dict.fromkeys(agency_ids(session, codes.replace(",", " ").split()))),
        "is_open": is_open,
    }
    if counter_id is None:
        session.add(Counter(id=new_id(), hall_id=desk.hall_id, **values))
    else:
        row = session.get_one(Counter, counter_id)
        for key, value in values.items():
            if getattr(row, key) != value:
                setattr(row, key, value)
    if counter_id == desk.counter_id:
        return _("Kertas memakai nama dan tempat yang baru. Daftar layanan ikut berubah setelah masuk lagi (Ctrl+L).")
    return _("{name} disimpan.").format(name=name)


# Letterhead and pledge


def hall_of(session: Session, desk: Desk) -> Hall:
    """The hall of this desk."""
    return session.get_one(Hall, desk.hall_id)


def save_letterhead(session: Session, desk: Desk, name: str, told: dict[str, str]) -> str:
    """The hall's name and what stands beside it on every paper; ``told["logo"]`` as LOGO_KEPT says."""
    access.require_admin(session, desk)
    hall = hall_of(session, desk)
    name = _named(name, 200, "hall_name")
    head = {**hall.letterhead, **{key: clean_text(told.get(key, ""), 200, field=key) for key in LETTERHEAD}}
    picture = told.get("logo", _(LOGO_KEPT)).strip()
    if not picture:
        head.pop("logo", None)
    elif picture != _(LOGO_KEPT):
        head["logo"] = read_logo(Path(picture).expanduser())
    if (hall.name, hall.letterhead) != (name, head):
        hall.name, hall.letterhead = name, head
    return _("Kertas mulai sekarang memakai kop ini; yang sudah dicetak tidak berubah.")


def save_pledge(session: Session, desk: Desk, agency_id: str | None, text: str) -> str:
    """The agency's maklumat pelayanan, which F1 shows at its counters; empty takes it away."""
    access.require_admin(session, desk)
    agency = session.get(Agency, agency_id) if agency_id else None
    if agency is None:
        raise UserError(_("Pilih instansi."), field="agency")
    clean_text(text, PLEDGE_LIMIT, field="pledge")
    pledge = "\n".join(clean(line) for line in text.splitlines()).strip()
    if (agency.pledge or "") != pledge:
        agency.pledge = pledge or None
    return _("Maklumat {agency} disimpan.").format(agency=agency.name_id)


def pledges(session: Session, desk: Desk) -> list[str]:
    """The pledges of the agencies at this desk, for F1."""
    found = session.scalars(select(Agency).where(Agency.id.in_(desk.agency_ids)).order_by(Agency.code))
    return [_("Maklumat {agency}: {pledge}").format(agency=a.name_id, pledge=a.pledge) for a in found if a.pledge]

