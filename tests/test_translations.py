"""Every sentence has its English, every English has its sentence, and both say the same places and marks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from desktop import i18n

PROJECT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
# Numbers and names of their own that stay as they are in every language.
PLACE = re.compile(r"\{[a-z_0-9]*\}")


def spoken() -> set[str | tuple[str, str]]:
    """Every text the program can say, as it stands in the code."""
    found: set[str | tuple[str, str]] = set()
    for _file, _line, message, _comments, _context in extract_from_dir(
        str(PROJECT / "desktop"), method_map=[("**.py", "python")], keywords=KEYWORDS
    ):
        found.add(message if isinstance(message, str) else tuple(message[:2]))
    return found


def translated(language: str) -> dict[str | tuple[str, str], str | tuple[str, ...]]:
    with (i18n.TRANSLATIONS / f"{language}.po").open("rb") as source:
        catalogue = read_po(source)
    return {message.id: message.string for message in catalogue if message.id}


def forms(said: str | tuple[str, ...]) -> tuple[str, ...]:
    """The one form of a text, or both of a counted one."""
    return (said,) if isinstance(said, str) else said


def test_every_text_has_its_english_and_none_is_left_over() -> None:
    english = translated("en")
    said = spoken()
    alone = {text for text in said if isinstance(text, str)}
    both = {text[0] for text in said if not isinstance(text, str)} & alone
    assert both == set(), "one text cannot be counted in one place and not in another: a catalogue holds it once"
    missing = {text for text in said if text not in english or not all(forms(english[text]))}
    assert missing == set()
    assert set(english) - spoken() == set(), "no longer said anywhere"


def test_the_english_keeps_every_place_to_fill_in() -> None:
    for source, target in translated("en").items():
        for one in forms(target):
            assert set(PLACE.findall(one)) <= set(PLACE.findall(" ".join(forms(source)))), source
            assert isinstance(source, tuple) or set(PLACE.findall(source)) == set(PLACE.findall(one)), source


def test_a_text_is_never_built_before_it_is_translated() -> None:
    """An f-string or a sum inside ``_()`` is not found by the extraction and would stay Indonesian for ever."""
    wrong = re.compile(r"""\b_\(\s*(f["']|["'][^"']*["']\s*(\+|%))""")
    for path in (PROJECT / "desktop").rglob("*.py"):
        assert not wrong.search(path.read_text(encoding="utf-8")), path.name
    assert wrong.search('_(f"Loket {n}")'), "the control"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_language_can_be_spoken(language: str) -> None:
    with i18n.speaking(language):
        said = i18n._("Petugas loket")
    assert said == ("Petugas loket" if language == "id" else translated("en")["Petugas loket"])
    with i18n.speaking("tlh"):
        assert i18n._("Petugas loket") == "Petugas loket", "an unknown language speaks Indonesian"
