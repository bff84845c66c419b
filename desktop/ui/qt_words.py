"""Qt's own words (menus of fields, standard buttons) in Indonesian: Qt ships no such translation."""

from __future__ import annotations

from PySide6.QtCore import QTranslator

from desktop.i18n import N_, _, language

_WORDS = {
    "&Undo": N_("Urungkan"), "&Redo": N_("Ulangi lagi"), "Cu&t": N_("Potong"), "&Copy": N_("Salin"),
    "&Paste": N_("Tempel"), "Delete": N_("Hapus"), "Select All": N_("Pilih semua"), "OK": N_("Oke"),
    "Cancel": N_("Batal"), "&Yes": N_("Ya"), "&No": N_("Tidak"), "Save": N_("Simpan"), "Close": N_("Tutup"),
}  # fmt: skip


class QtWords(QTranslator):
    """Installed once; follows the language spoken now."""

    def translate(self, context: str, source: str, disambiguation: str | None = None, n: int = -1) -> str:
        return _(_WORDS[source]) if source in _WORDS and language() != "en" else source

    def isEmpty(self) -> bool:
        return False
