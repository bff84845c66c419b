"""How this PC stands with its centre, in the words of the status line: an icon, a colour and a sentence."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from desktop.i18n import _, clock_time, ngettext, number
from desktop.operations.hall import MOST_SKEW, moment_words
from desktop.sync.address import REVOKED_CODE
from desktop.ui.centre import Centre

if TYPE_CHECKING:
    from desktop.sync.worker import Standing

# Kind, words, icon: as StatusLine.show_cell and Mark.show_state take them.
Shown = tuple[str, str, str]


def network(centre: Centre, now: datetime, local: Callable[[datetime], datetime]) -> Shown:
    """The network cell."""
    standing = centre.standing
    if centre.problem is not None:
        return "bad", _("Alamat pusat data tidak terbaca · pelayanan tetap jalan ({code})").format(
            code=centre.problem.code), "circle-x"  # fmt: skip
    if standing is None and centre.address is None:
        return "muted", _("PC ini berdiri sendiri"), "monitor"
    if standing is None:  # its thread is not there yet
        return _connecting()
    if standing.kind == "joining":
        return "info", came_words(standing.came), "arrow-right"
    if standing.kind == "offline":
        words = [_("Jaringan putus sejak {time}").format(time=_time(standing.since, now, local))]
        words += [_("pelayanan tetap jalan"), *_pending(standing)]
        return "warning", " · ".join(words), "circle-minus"
    if standing.kind == "refused":
        return "bad", " · ".join([*_refused(standing), *_pending(standing)]), "ban"
    if standing.kind == "broken" and standing.problem is not None:
        words = [_("Data tidak bertukar dengan pusat (kode {code})").format(code=standing.problem.code)]
        words += [_("pelayanan tetap jalan"), *_pending(standing)]
        return "bad", " · ".join(words), "circle-x"
    if standing.kind == "sending":
        return "info", "".join(_pending(standing)), "circle-dot"
    if standing.at is None:
        return _connecting()
    return "good", _("Tersambung · data terbaru {ago}").format(ago=ago(now - standing.at)), "circle-check"


def _connecting() -> Shown:
    return "muted", _("Menyambung ke pusat data …"), "circle"


def _refused(standing: Standing) -> list[str]:
    code = standing.problem.code if standing.problem is not None else ""
    if code == REVOKED_CODE:
        return [_("Izin PC ini dicabut"), _("data aman di PC ini, hubungi admin (kode {code})").format(code=code)]
    return [_("Pusat data menolak (kode {code})").format(code=code), _("pelayanan tetap jalan")]


def _pending(standing: Standing) -> list[str]:
    count = standing.pending
    if not count:
        return []
    words = ngettext("{count} catatan belum terkirim", "{count} catatan belum terkirim", count)
    return [words.format(count=number(count))]


def lasting(centre: Centre, local: Callable[[datetime], datetime]) -> str:
    """All that a page shows of the standing and that does not change by the second."""
    now = centre.standing
    if now is None:
        return str(centre.problem)
    at = moment(now.at, local) if now.at is not None else ""
    return repr((now.kind, now.pending, at, now.refused_entries, now.problem, skew(centre), centre.address is None))


def moment(when: datetime, local: Callable[[datetime], datetime]) -> str:
    """ "24 November 15.02"."""
    return moment_words(local(when))


def _time(moment: datetime | None, now: datetime, local: Callable[[datetime], datetime]) -> str:
    if moment is None:
        return "–"
    then = local(moment)
    return clock_time(then) if then.date() == local(now).date() else moment_words(then)


def came_words(count: int) -> str:
    """How far the first load is: "1.200 catatan sudah masuk"."""
    if not count:
        return _("Mengambil data dari pusat …")
    return ngettext("{count} catatan sudah masuk", "{count} catatan sudah masuk", count).format(count=number(count))


def ago(span: timedelta) -> str:
    """ "12 detik lalu"; a minute and more in minutes."""
    seconds = max(0, int(span.total_seconds()))
    if seconds < 60:
        return ngettext("{count} detik lalu", "{count} detik lalu", seconds).format(count=seconds)
    return ngettext("{count} menit lalu", "{count} menit lalu", seconds // 60).format(count=number(seconds // 60))


def skew(centre: Centre) -> str:
    """What is wrong with the clock of this PC; nothing within two minutes."""
    standing = centre.standing
    if standing is None or abs(standing.skew_ms) <= MOST_SKEW.total_seconds() * 1000:
        return ""
    minutes = round(abs(standing.skew_ms) / 60_000)
    words = ngettext("Jam PC ini selisih {count} menit. Beri tahu admin.",
                     "Jam PC ini selisih {count} menit. Beri tahu admin.", minutes)  # fmt: skip
    return words.format(count=number(minutes))
