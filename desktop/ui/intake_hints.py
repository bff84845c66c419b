"""What the line under the entry bar says: the one warning that matters, or what can be pressed where the cursor is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.i18n import N_, _, day_month, join_words
from desktop.operations.desk import Desk
from desktop.operations.intake_form import OpenFile
from desktop.operations.meanwhile import Meanwhile
from desktop.operations.reception import Returning
from desktop.operations.search import Found, number_text, state_word

# What digits mean while a field has the focus (users.md 1.18), by the field's name.
MEANINGS = {
    "service": N_("ANGKA = LAYANAN"),
    "variant": N_("ANGKA = JENIS"),
    "question": N_("ANGKA = JAWABAN"),
    "for_whom": N_("ANGKA = UNTUK"),
    "applicant.no_nik_reason": N_("ANGKA = ALASAN"),
    "extra_reason": N_("ANGKA = ALASAN"),
    "vulnerable_group": N_("ANGKA = PRIORITAS"),
    "outage.reason": N_("ANGKA = SEBAB"),
    "record": N_("ANGKA = HASIL"),
}
ANYWHERE = N_("Enter = isian berikutnya · Esc = isian sebelumnya")
WAYS = {
    "entry_bar": N_("Enter memakai baris yang terpilih · panah bawah = pilihan lain"),
    "applicant.nik": N_("16 angka lalu maju sendiri · kosong + Enter = tanpa NIK"),
    "applicant.phone": N_("Kosong + Enter = tidak punya atau tidak bersedia"),
    "applicant.village": N_("Beberapa huruf, lalu Enter · yang tidak ada dalam daftar boleh ditulis"),
    "for_whom": N_(
        "1 sendiri · 2 anak · 3 diwakilkan dengan surat kuasa · 4 badan usaha · 5 tanah, kendaraan, objek lain"
    ),
    "service": N_("Angka memilih dari daftar · huruf mencari · Enter memakai baris yang terpilih"),
    "question": N_("1 ya · 2 tidak · Enter lanjut · Esc kembali"),
    "checklist": N_(
        "Angka ada/tidak ada · * semua ada · − kurang atau salah · / catatan · Shift dan + syarat di luar daftar"
    ),
}


@dataclass(frozen=True)
class Hint:
    """What stands in the line; ``file`` is what F5 opens, ``act`` the words for that."""

    kind: str
    text: str
    file: OpenFile | Found | Meanwhile | None = None
    act: str = ""


def meaning_of(name: str) -> str:
    """What a digit does in the field of this name, or nothing."""
    return _(MEANINGS.get(name.split(":")[0], ""))


def way_of(name: str) -> Hint:
    """The keys that are useful in the field of this name."""
    return Hint("muted", _(WAYS.get(name.split(":")[0], ANYWHERE)))


def ready() -> Hint:
    """An empty desk."""
    return Hint("muted", _("Siap. Tekan F2 untuk berkas baru, atau pindai barcode."))


def duplicate(desk: Desk, file: OpenFile) -> Hint:
    """The same service for the same person and subject is not finished yet."""
    if file.state == "RETURNED":
        how = _("kurang {count} syarat").format(count=file.missing)
    else:
        how = _("terdaftar {date}").format(date=day_month(desk.day(file.received_at)))
    words = _("Permohonan yang sama sudah ada: {number} ({how}). F5 = buka yang itu · Enter = tetap buat baru")
    return Hint("warning", words.format(number=number_text(file.number), how=how), file, _("Buka yang itu"))


def short_files(files: Sequence[OpenFile]) -> Hint:
    """The person has short files; the newest is offered."""
    words = _("{name} punya {count} berkas belum lengkap (kurang {missing} syarat). F5 = lanjutkan").format(
        name=files[0].applicant, count=len(files), missing=files[0].missing
    )
    return Hint("info", words, files[0], _("Lanjutkan berkas"))


def replacing(number: str) -> Hint:
    """Another service for the people of a file that had the wrong one."""
    words = _("Pengganti berkas {number}: pilih layanan yang benar. F9 membatalkan {number}; tarik kertas lamanya.")
    return Hint("warning", words.format(number=number))


def changed_elsewhere(desk: Desk, changed: Meanwhile) -> Hint:
    """Somebody changed the file of this further visit, or the one to be replaced, while it stood here."""
    if changed.goes_on:
        words, act = _("{changed} Ketikan Anda tetap di sini. F5 = ambil yang terbaru"), _("Ambil yang terbaru")
    else:
        words, act = _("{changed} Kini: {state}. Ketikan Anda tetap di sini. F5 = buka berkasnya"), _("Buka berkasnya")
    said = words.format(changed=changed.words(desk), state=state_word(changed.state))
    return Hint("warning", said, changed, act)


def returning_file(returning: Returning) -> Hint:
    """A further visit, and which standard it goes by."""
    day = day_month(returning.first_on)
    if returning.is_older_standard:
        words = _("Berkas ini memakai standar yang berlaku saat kunjungan pertama, {date}.")
    else:
        words = _("Berkas ini belum lengkap pada {date}. Periksa yang kurang saja.")
    return Hint("info", words.format(date=day))


def accepted_words(returning: Returning) -> str:
    """What the fold says over the lines accepted at earlier visits."""
    sentence = _("{count} syarat sudah dinyatakan sesuai pada {date} oleh {name}")
    return join_words(
        [sentence.format(count=part.count, date=day_month(part.on), name=part.by) for part in returning.accepted]
    )
