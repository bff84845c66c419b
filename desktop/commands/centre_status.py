"""What ``centre status`` says: how the centre stands, every PC in a line, and what wants doing."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from desktop import i18n
from desktop.commands.centre_arguments import to_type
from desktop.i18n import _
from desktop.sync import backup, certificates, server_files
from desktop.sync.central import Node, Status
from desktop.sync.site import Site

OLD_BACKUP = timedelta(days=2)
SILENT = timedelta(days=3)
# From here on a clock is said (sync.md, Clock).
SKEW_MS = 120_000


def lines(found: Status, site: Site, *, now: datetime) -> list[str]:
    """All of it, the urgent last, where it is read."""
    last, zone = backup.last_made_at(site), ZoneInfo(found.timezone)
    return [
        _("Pusat data {hall} di {hosts}").format(hall=found.hall_name or "-", hosts=", ".join(site.hosts)),
        _("PostgreSQL {version} · {size} MB · {count} catatan").format(
            version=found.server_version, size=i18n.number(found.size_bytes // 2**20), count=i18n.number(found.entries)
        ),
        _("Cadangan terakhir: {moment}").format(moment=moment(last, zone) if last else _("belum ada")),
        "",
        # A node without a code is what a PC was before it joined.
        *(_line(node, zone) for node in found.nodes if node.device_code is not None or node.refused),
        "",
        *_wants(found, site, last, now, zone),
    ]


def moment(at: datetime, zone: ZoneInfo | None = None) -> str:
    """ "25-11-2026 08.15" by the hall's clock, as its counters show it; by this PC's where the hall is not known."""
    here = at.astimezone(zone)
    return f"{i18n.short_date(here.date())} {i18n.clock_time(here)}"


def _line(node: Node, zone: ZoneInfo) -> str:
    if node.revoked_at is not None:
        return _("{name}: dicabut {moment}").format(name=node.label, moment=moment(node.revoked_at, zone))
    if node.last_push_at is None:
        return _("{name}: belum pernah mengirim").format(name=node.label)
    said = _("{name}: terakhir mengirim {moment}, Loket {version}").format(
        name=node.label, moment=moment(node.last_push_at, zone), version=node.app_version or "-"
    )
    if abs(node.skew_ms or 0) >= SKEW_MS:
        said += _(", jam selisih {minutes} menit").format(minutes=round(abs(node.skew_ms or 0) / 60_000))
    if node.refused:
        said += _(", {count} catatan disisihkan").format(count=node.refused)
    return said


def _wants(found: Status, site: Site, last: datetime | None, now: datetime, zone: ZoneInfo) -> list[str]:
    wants = []
    if last is None or now - last > OLD_BACKUP:
        wants.append(_("Buat cadangan: {command}").format(command=to_type(site.folder, "backup")))
    if found.recovery_until is not None and found.recovery_until > now:
        until = moment(found.recovery_until, zone)
        wants.append(_("Penerimaan catatan PC yang hilang terbuka sampai {moment}.").format(moment=until))
    labels = {node.db_role: node.label for node in found.nodes if node.revoked_at is None}
    for name, ends in sorted(site.run_out_before(now + certificates.WARN).items()):
        how = 'enrol "{}" --renew'.format(labels.get(name, ""))
        if name in ("server", server_files.ADMIN):
            how = "init --address " + " ".join(site.hosts)
        elif name not in labels:
            continue
        wants.append(
            _("Sertifikat {name} berlaku sampai {moment}. Perbarui: {command}").format(
                name=labels.get(name, name), moment=moment(ends, zone), command=to_type(site.folder, how)
            )
        )
    silent = [node.label for node in found.nodes if node.revoked_at is None and _is_silent(node, now)]
    if silent:
        wants.append(_("Lama tidak mengirim: {names}").format(names=", ".join(sorted(set(silent)))))
    return wants or [_("Tidak ada yang perlu dikerjakan.")]


def _is_silent(node: Node, now: datetime) -> bool:
    return node.last_push_at is not None and now - node.last_push_at > SILENT
