"""Names as they are searched for: folded so that spelling habits do not hide a person (users.md 1.19)."""

from __future__ import annotations

import re
import unicodedata

# They stand inside a word: Ma'ruf = Ma’ruf = Maruf. NFKD would turn ´ into a space and a mark.
_APOSTROPHES = re.compile("['\u2018\u2019\u201b\u02b9\u02bb\u02bc\u02bd\u2032\uff07`\u00b4]")
_WORD = re.compile(r"[^\W_]+")

_TITLES = frozenset({
    "DR", "DRA", "DRS", "DRG", "DRH", "IR", "PROF", "NS", "APT", "H", "HJ", "KH", "TN", "NY", "NN",
    "SDR", "SDRI", "BPK", "ALM", "ALMH",
})  # fmt: skip
# Known by their dots or by the comma before them; without either many are also names (Mei, Sari SE).
_DEGREES = frozenset({
    "AMD", "AMDKEB", "AMDKEP", "AMDKOM", "SAG", "SAP", "SE", "SEI", "SFARM", "SGZ", "SH", "SHI", "SHUM",
    "SIKOM", "SIP", "SKED", "SKEP", "SKG", "SKH", "SKM", "SKOM", "SP", "SPD", "SPDI", "SPDSD", "SPI",
    "SPSI", "SPT", "SS", "SSI", "SSN", "SSOS", "SST", "SSTP", "ST", "STP", "STRKEB", "STRKEP", "BA",
    "BSC", "LC", "MA", "MAG", "MAP", "MBA", "MENG", "MH", "MHUM", "MIKOM", "MKES", "MKEP", "MKN",
    "MKOM", "MM", "MPD", "MPDI", "MPH", "MPSI", "MSC", "MSI", "MSN", "MSOS", "MT", "PHD", "SPA", "SPAN",
    "SPB", "SPJP", "SPKK", "SPM", "SPOG", "SPPD", "SPRAD", "SPTHT",
})  # fmt: skip
_MUHAMMAD = "MUHAMMAD"
_ALSO_MUHAMMAD = frozenset({
    "MUHAMAD", "MUHAMAT", "MUHAMED", "MUHAMMED", "MOHAMAD", "MOHAMAT", "MOHAMED", "MOHAMMAD",
    "MOHAMMED", "MUCHAMAD", "MUCHAMMAD", "MOCHAMAD", "MOCHAMMAD", "MUKHAMAD", "MUKHAMMAD", "MOKHAMAD",
    "MOKHAMMAD", "MUH", "MOH", "MUCH", "MOCH", "MUKH", "MOKH", "MUHD", "MOHD", "MHD", "MHMD",
})  # fmt: skip


def fold(name: str) -> str:
    """The words of a name as the search index keeps them: capitals without marks, titles or old spelling.

    Mohammad, Muhamad, Moh. and a leading M. are one name; Soeharto is Suharto, Djoko is Joko. Folding twice
    changes nothing. Whoever is called by a title alone ("Hj.") keeps it, so that nobody becomes unfindable.
    """
    words = [_MUHAMMAD if word in _ALSO_MUHAMMAD else word for word in _words(name)]
    if len(words) > 1 and words[0] == "M":
        words[0] = _MUHAMMAD
    return " ".join(words)


def wanted(text: str) -> tuple[tuple[str, ...], ...]:
    """What to look for while a name is typed: for each word its possible beginnings, one to be met.

    The beginning of any spelling that ``fold`` knows leads to the name: "moch" and "muh" both to Muhammad.
    """
    return tuple(
        (word, _MUHAMMAD) if any(spelt.startswith(word) for spelt in _ALSO_MUHAMMAD) else (word,)
        for word in _words(text)
    )


def meets(looked_for: tuple[tuple[str, ...], ...], folded: str) -> bool:
    """Whether a folded name has, for every word looked for, a word that begins with one of its beginnings."""
    return all(any(word.startswith(starts) for word in folded.split()) for starts in looked_for)


def _words(name: str) -> list[str]:
    before, *after = _plain(name).split(",")
    words = _pieces(before)
    for part in after:
        # "S. Pd., M.Si" are degrees, often spaced; "Aminah, Siti" is the rest of the name.
        pieces = _pieces(part)
        words += [] if "".join(pieces) in _DEGREES else pieces
    while len(words) > 1 and words[0] in _TITLES:
        del words[0]
    return words


def _pieces(part: str) -> list[str]:
    words = []
    for written in part.split():
        pieces = [_new_spelling(piece) for piece in _WORD.findall(written)]
        # "S.Pd." is one degree, "M.Ridwan" and "Siti-Aminah" are two words.
        words += [] if "." in written and "".join(pieces) in _DEGREES else pieces
    return words


def _plain(name: str) -> str:
    # Twice: the capitals of some letters come apart again, and apostrophes with them.
    for _round in range(2):
        name = unicodedata.normalize("NFKD", _APOSTROPHES.sub("", name)).upper()
        name = "".join(character for character in name if not unicodedata.combining(character))
    return _APOSTROPHES.sub("", name)


def _new_spelling(word: str) -> str:
    return re.sub("D+J", "J", re.sub("OE", "U", word))
