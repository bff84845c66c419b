"""What is said under the fields of people: what a reading of a name, NIK, phone or date found, in one line."""

from __future__ import annotations

from datetime import date

from desktop.i18n import _, short_date
from desktop.operations.identity import Nik, Reading, age_on, read_name
from desktop.ui.inputs import Verdict


def nik_words(nik: Nik, today: date) -> str:
    """What the digits say, to be compared with the card: "Kaliwungu, Kudus · perempuan", "12-07-1989 · 37 th"."""
    regency = (nik.regency or "").removeprefix("Kabupaten ")
    sex = {"F": _("perempuan"), "M": _("laki-laki")}.get(nik.sex or "", "")
    place = ", ".join(part for part in (nik.district, regency) if part)
    born = ""
    if nik.birth is not None:
        born = _("{date} · {age} th").format(date=short_date(nik.birth), age=age_on(nik.birth, today))
    return "\n".join(line for line in (" · ".join(part for part in (place, sex) if part), born) if line)


def name_verdict(text: str) -> Verdict | None:
    """What is to be said about a name."""
    return verdict_of(read_name(text)) if text else None


def verdict_of(reading: Reading) -> Verdict | None:
    """The first thing a reading finds wrong or doubtful."""
    if reading.errors:
        return Verdict("error", reading.errors[0])
    if reading.warnings:
        return Verdict("warning", reading.warnings[0])
    return None
