"""The keys of the intake screen: what can be done now, and what F9 says will come out."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from desktop.i18n import _
from desktop.operations.requirements import Assessment
from desktop.ui.screen import Act

if TYPE_CHECKING:
    from desktop.ui.intake import IntakeScreen


def acts(screen: IntakeScreen) -> list[Act]:
    """All of them, in the order of the bar."""
    busy = not screen.is_empty()
    parked = len(screen.parking.rows)
    label, kind = save_label(screen.assessment)
    hint = screen.lookup.hint()
    made = [
        Act("F9", label, screen.closing.save, can_save(screen), kind, "printer"),
        Act("F2", _("Berkas baru"), screen.parking.new),
    ]
    if hint.file is not None:
        made.append(Act("F5", hint.act, screen.lookup.open_hinted, kind="warning"))
    made += [
        Act("F6", _("Layanan lain, pemohon sama"), screen.parking.next_service, screen.parking.can_repeat()),
        Act("F7", _("Tunda dulu"), screen.parking.park, busy),
        Act("Shift+F7", _("Ditunda ({count})").format(count=parked), screen.parking.show_parked, parked > 0),
        Act("Shift+F12", _("Urungkan"), screen.closing.undo, screen.file.last is not None, icon="undo-2"),
        Act("Ctrl+P", _("Cetak ulang"), screen.closing.reprint, icon="printer"),
        Act("Shift+F2", _("Catat kunjungan"), screen.closing.record_visit),
        Act("Shift+F9", _("Simpan, cetak nanti"), screen.closing.save_only, can_save(screen)),
        Act("Ctrl+T", _("Prioritas, antrean, catatan"), screen.people.show_more),
        Act(
            "Shift++", _("Syarat di luar daftar"), screen.panel.open_extra, screen.assessment is not None, in_bar=False
        ),
        Act("Ctrl+G", _("Diterima saat gangguan"), screen.people.show_outage),
        Act("Ctrl+Shift+S", _("Cetak daftar persyaratan"), partial(_give_leaflet, screen), screen.offer is not None),
        Act("Ctrl+Shift+B", _("Label map"), partial(_give_label, screen), screen.file.last is not None),
        Act("Ctrl+Shift+D", _("Cetak formulir darurat"), screen.handouts.emergency_form, in_bar=False),
        Act("Ctrl+Shift+N", _("Salin NIK"), lambda: screen.closing.copy("nik"), in_bar=False),
        Act("Ctrl+Shift+M", _("Salin nama"), lambda: screen.closing.copy("name"), in_bar=False),
    ]
    made += [
        Act(f"Ctrl+{digit}", offer.name, partial(screen.choosing.choose, offer.service_id), in_bar=False)
        for digit, offer in enumerate(screen.panel.pins(), start=1)
    ]
    return made


def can_save(screen: IntakeScreen) -> bool:
    """Whether F9 does something: the only service of a counter stands there for the next person too, and a second
    press must not take the word of the first from the screen and the cursor from the bar."""
    return screen.offer is not None and (screen.offer.record_only or not screen.is_empty())


def save_label(assessment: Assessment | None) -> tuple[str, str]:
    """What F9 will do, in words, and the kind of act that is."""
    if assessment is None or not assessment.is_decided:
        return _("Simpan dan cetak"), "primary"
    if assessment.complete:
        return _("Cetak TANDA TERIMA"), "good"
    words = _("Cetak LEMBAR KEKURANGAN ({count})")
    return words.format(count=assessment.missing_count), "warning"


def help_lines() -> list[str]:
    """What F1 says of the keys that are no acts."""
    return [
        _("Enter selalu ke isian berikutnya dan tidak pernah memutuskan apa pun."),
        _("Daftar syarat: angka = ada atau tidak ada, * atau S = semua ada, − atau K lalu angka = kurang, "
          ". atau T = tidak diperlukan, / = catatan, Shift dan + = syarat di luar daftar, 0 = baris lain."),
        _("Tanpa angka: panah memilih baris, spasi menandai."),
    ]  # fmt: skip


def _give_leaflet(screen: IntakeScreen) -> None:
    if screen.offer is not None:
        screen.handouts.leaflet(screen.offer.service_id)


def _give_label(screen: IntakeScreen) -> None:
    if screen.file.last is not None:
        screen.handouts.label(screen.file.last.outcome.application_id)
