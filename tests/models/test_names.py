"""Search finds a person however the name was spelled then and is spelled now."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from desktop.models.names import fold, meets, wanted

SAME = [
    ["Ma'ruf", "Ma’ruf", "Ma‘ruf", "Maʼruf", "Ma`ruf", "Ma´ruf", "MARUF", "maruf"],
    ["Mohammad Ridwan", "Muhammad Ridwan", "Muhamad Ridwan", "Moh. Ridwan", "Moch. Ridwan", "Mochamad Ridwan",
     "M. Ridwan", "M.Ridwan",
     "MUH RIDWAN", "Mochammad Ridwan", "Mohd. Ridwan", "H. M. Ridwan, S.E."],
    ["Soeharto", "Suharto", "SOEHARTO"],
    ["Djoko Soesilo", "Joko Susilo", "Djoko Susilo", "Ir. Joko Susilo, M.T."],
    ["Siti Aminah", "Hj. Siti Aminah", "dr. Hj. Siti Aminah, Sp.A.", "Siti Aminah, S.Pd.", "Siti Aminah, S. Pd., M. Si",
     "SITI  AMINAH S.Pd.I", "Siti-Aminah", "Dra. Siti Aminah, MM", "Prof. Dr. Siti Aminah, Ph.D."],
    ["René", "Rene", "RENE\u0301"],
    ["Sam'ani Intakoris", "Samani Intakoris"],
]  # fmt: skip


@pytest.mark.parametrize("names", SAME, ids=lambda names: names[0])
def test_one_person_one_fold(names: list[str]) -> None:
    assert len({fold(name) for name in names}) == 1
    for typed in names:
        assert all(meets(wanted(typed), fold(name)) for name in names), typed


@pytest.mark.parametrize(
    ("name", "folded"),
    [
        ("Siti Mei", "SITI MEI"),  # a name, though M.E.I. is a degree
        ("Sari Se", "SARI SE"),
        ("M", "M"),
        ("H.", "H"),
        ("dr.", "DR"),
        ("S.Pd.", ""),
        ("", ""),
        ("'’", ""),
        ("Aminah, Siti", "AMINAH SITI"),
        ("B.J. Habibie", "B J HABIBIE"),
        ("Siti M.", "SITI M"),
        ("Hadi", "HADI"),  # no title, though it begins with H
        ("Irma", "IRMA"),
        ("Muhtar", "MUHTAR"),
        ("Ahmad bin Ali", "AHMAD BIN ALI"),
        ("CV. Jaya 3", "CV JAYA 3"),
        ("Straße", "STRASSE"),
        ("李明", "李明"),
    ],
)
def test_what_is_kept_for_search(name: str, folded: str) -> None:
    assert fold(name) == folded


def test_different_people_stay_different() -> None:
    names = ["Siti Aminah", "Siti Aminatun", "Suharto", "Suhartono", "Joko", "Jaka", "Muhtar", "Muhammad", "Ridwan"]
    assert len(set(map(fold, names))) == len(names)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("sit", "Siti Aminah"),
        ("ami si", "Siti Aminah"),
        ("moch rid", "M. Ridwan"),
        ("muh", "Mohammad Ridwan"),
        ("muh", "Muhtar"),
        ("moha", "Muhammad Ridwan"),
        ("m", "Muhammad Ridwan"),
        ("soe", "Suharto"),
        ("su", "Soeharto"),
        ("djo", "Joko"),
        ("ma'r", "Maruf"),
        ("maru", "Ma’ruf"),
        ("hj siti", "Siti Aminah"),
        ("siti aminah, s.pd", "Siti Aminah"),
    ],
)
def test_typing_finds(typed: str, name: str) -> None:
    assert meets(wanted(typed), fold(name))


@pytest.mark.parametrize(("typed", "name"), [("sita", "Siti"), ("siti z", "Siti Aminah"), ("mina", "Siti Aminah")])
def test_typing_does_not_find(typed: str, name: str) -> None:
    assert not meets(wanted(typed), fold(name))


def test_nothing_typed_wants_nothing() -> None:
    assert wanted("") == wanted("' .") == ()


anything = st.text(st.characters(exclude_categories=()), max_size=30)
SPELLED = [
    "Siti", "Aminah", "Ma'ruf", "Mohammad", "Moh.", "M.", "Muhtar", "Soeharto", "Djoko", "Noer", "Hadi",
    "Irma", "Mei", "H.", "Hj.", "dr.", "bin", "Muchamad", "Mukhamad", "Ng", "S.Pd.", "Sam’ani",
    "Hardjo", "Boedi", "Oentoeng",
]  # fmt: skip
spelled = st.lists(st.sampled_from(SPELLED), min_size=1, max_size=4).map(" ".join)


@given(anything | spelled)
@example("Addji")
def test_folding_twice_changes_nothing(name: str) -> None:
    assert fold(fold(name)) == fold(name)
    fold(name).encode("utf-16", "surrogatepass")


@given(anything | spelled)
def test_a_whole_name_finds_itself(name: str) -> None:
    assert meets(wanted(name), fold(name))


@given(spelled, st.integers(0, 3), st.integers(2, 12))
def test_every_beginning_of_a_word_finds_the_name(name: str, which: int, length: int) -> None:
    words = [word for word in name.split() if word not in ("H.", "Hj.", "dr.", "S.Pd.")]
    if not words:
        return
    typed = words[which % len(words)][:length]
    if typed.endswith(("o", "d", "O", "D")) and len(typed) < len(words[which % len(words)]):
        return  # the next key may turn it into oe or dj
    assert meets(wanted(typed), fold(name)), (typed, fold(name))
