"""Every sentence has its English, every English has its sentence, and both say the same places and marks."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from desktop import i18n

PROJECT = Path(__file__).resolve().parent.parent
KEYWORDS = {"_": 1, "N_": 1, "ngettext": 2}
# Numbers and names of their own that stay as they are in every language.
PLACE = re.compile(r"\{[a-z_0-9]*(?::[^}]*)?\}")


def calls(source: str) -> Iterator[list[ast.expr]]:
    """What is given to ``_``, ``N_`` and ``ngettext``: the texts only, also of a call within another."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in KEYWORDS:
            yield node.args[: KEYWORDS[node.func.id]]


def sources() -> Iterator[tuple[str, str]]:
    for path in sorted((PROJECT / "desktop").rglob("*.py")):
        yield path.name, path.read_text(encoding="utf-8")


def spoken() -> set[str | tuple[str, ...]]:
    """Every text the program can say, as it stands in the code."""
    found: set[str | tuple[str, ...]] = set()
    for _name, source in sources():
        for given in calls(source):
            texts = tuple(text.value for text in given if isinstance(text, ast.Constant) and text.value)
            if texts:
                found.add(texts[0] if len(given) == 1 else texts)
    return found


def translated(language: str) -> dict[str | tuple[str, ...], str | tuple[str, ...]]:
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
    assert set(english) - said == set(), "no longer said anywhere"


def test_the_english_keeps_every_place_to_fill_in() -> None:
    for source, target in translated("en").items():
        for one in forms(target):
            assert set(PLACE.findall(one)) <= set(PLACE.findall(" ".join(forms(source)))), source
            assert isinstance(source, tuple) or set(PLACE.findall(source)) == set(PLACE.findall(one)), source


def test_a_text_is_never_built_before_it_is_translated() -> None:
    """An f-string or a sum inside ``_()`` is no text of the catalogue and would stay Indonesian for ever."""

    def built(source: str) -> list[str]:
        return [
            ast.unparse(text)
            for given in calls(source)
            for text in given
            if any(isinstance(part, ast.JoinedStr | ast.BinOp) for part in ast.walk(text))
        ]

    assert [(name, wrong) for name, source in sources() if (wrong := built(source))] == []
    assert built('_(f"Loket {n}")') and built('_("Loket " + n)') and built('_("Loket %s" % n)'), "the control"


@pytest.mark.parametrize("language", ["id", "en"])
def test_a_language_can_be_spoken(language: str) -> None:
    with i18n.speaking(language):
        said = i18n._("Petugas loket")
    assert said == ("Petugas loket" if language == "id" else translated("en")["Petugas loket"])
    with i18n.speaking("tlh"):
        assert i18n._("Petugas loket") == "Petugas loket", "an unknown language speaks Indonesian"
