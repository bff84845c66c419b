"""Diterima saat gangguan: a file that was taken in by hand, on the emergency form, and is typed in later."""

from __future__ import annotations

import re
from datetime import datetime, time, timedelta

from desktop.errors import UserError
from desktop.i18n import N_, _
from desktop.operations.desk import Desk
from desktop.operations.intake_form import OutageForm

REASONS = {
    "power_cut": N_("listrik padam"),
    "network_down": N_("sistem gangguan"),
    "device_broken": N_("PC atau printer rusak"),
    "outage_other": N_("lainnya"),
}
# Older papers are not typed in by themselves: whoever has one asks the admin first.
MOST_DAYS = 30


def received_at(paper: OutageForm, desk: Desk, moment: datetime, *, not_before: datetime | None = None) -> datetime:
    """The moment on the paper, on the hall's clock. UserError (with ``field``) where it cannot be right.

    ``not_before``: when the file began, for a paper that continues one.
    """
    if paper.day is None:
        raise UserError(_("Isi tanggal pada formulir darurat."), field="outage.day")
    if not re.fullmatch(r"([01][0-9]|2[0-3])[0-5][0-9]", paper.clock):
        raise UserError(_("Isi pukul pada formulir darurat, misalnya 09 15."), field="outage.clock")
    if paper.reason not in REASONS:
        raise UserError(_("Pilih sebab gangguan."), field="outage.reason")
    clock = time(int(paper.clock[:2]), int(paper.clock[2:]))
    at = datetime.combine(paper.day, clock, desk.zone).astimezone(moment.tzinfo)
    if at > moment:
        raise UserError(
            _("Waktu pada formulir belum tiba. Periksa tanggal dan pukulnya."), field="outage.day"
        )
    if moment - at > timedelta(days=MOST_DAYS):
        words = _("Formulir ini lebih dari {days} hari. Periksa tanggalnya, atau hubungi admin.")
        raise UserError(words.format(days=MOST_DAYS), field="outage.day")
    if not_before is not None and at < not_before:
        raise UserError(_("Waktu pada formulir mendahului kunjungan pertama berkas ini."), field="outage.day")
    return at
