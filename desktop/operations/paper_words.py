"""Words that several papers share: whose it is, what to bring, what it costs, where to complain."""

from __future__ import annotations

from desktop.i18n import _, rupiah
from desktop.models.catalog import Agency, Counter, Hall, ServiceStandard
from desktop.models.standard import Definition, Requirement
from desktop.operations.logo import logo_of
from desktop.operations.paperwork import Letterhead

COMPLAINT = "lapor.go.id"


def letterhead_of(hall: Hall, agency: Agency | None, counter: Counter | None) -> Letterhead:
    """The head of every paper of an agency at a counter."""
    told = hall.letterhead
    place = ", ".join(part for part in ((counter.floor, counter.booth) if counter else ()) if part)
    hours = str((agency.policies if agency else {}).get("hours", told.get("hours", "")))
    return Letterhead(
        hall=hall.name,
        agency=agency.name_id if agency else "",
        place_and_hours=" · ".join(part for part in (place, hours) if part),
        logo=logo_of(str(told.get("logo", ""))),
    )


def to_bring(requirement: Requirement) -> str:
    """ "Surat keterangan kelahiran, asli, 1 lembar": what is asked, in which form, how many."""
    what = [requirement.name]
    if requirement.form == "original" and "asli" not in requirement.name.casefold().split():
        what.append(_("asli"))
    if requirement.copies:
        what.append(_("{count} lembar").format(count=requirement.copies))
    return ", ".join(what)


def decree_text(standard: ServiceStandard) -> str | None:
    """The decree of a standard; a sample standard names none (users.md 1.9)."""
    if standard.state != "decreed" or not standard.decree_no:
        return None
    return _("Standar pelayanan {number}, versi {version}").format(
        number=standard.decree_no, version=standard.version_no
    )


def complaint_text(hall: Hall) -> str:
    """Where to complain: the hall's desk and phone, and the national channel."""
    phone = str(hall.letterhead.get("complaint_phone", ""))
    return ", ".join(part for part in (_("loket informasi"), phone, COMPLAINT) if part)


def fee_text(definition: Definition, complaint: str) -> str:
    """ "GRATIS (Rp0). Bila diminta membayar, lapor: …", an amount, or how the fee is found."""
    fee = definition.fee
    if fee.amount == 0:
        return _("GRATIS (Rp0). Bila diminta membayar, lapor: {where}").format(where=complaint)
    if fee.amount is None:
        return _("Sesuai ketentuan; tanyakan rincian resminya kepada petugas.")
    return rupiah(fee.amount)
