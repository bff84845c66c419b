"""What a catalogue file may say, key by key, and its faults of shape in words.

To let the file say something new: a field here, and where the builder in catalog_file.py hands it on.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import ErrorDetails, PydanticCustomError

from desktop.i18n import _
from desktop.models import standard
from desktop.models.standard import Code, LongText, Text
from desktop.operations.requirements import Fault


def _flag(value: Any) -> Any:
    if value not in ("true", "false"):
        raise PydanticCustomError("flag", "true or false")
    return value == "true"


def _count(value: Any) -> Any:
    if not isinstance(value, str) or not re.fullmatch(r"0|[1-9][0-9]{0,14}", value):
        raise PydanticCustomError("count", "a whole number")
    return int(value)


def _day(value: Any) -> Any:
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("day", "a date") from None


Flag = Annotated[bool, BeforeValidator(_flag)]
Count = Annotated[int, BeforeValidator(_count)]
Day = Annotated[date, BeforeValidator(_day)]
AgencyCode = Annotated[str, Field(pattern=r"^[A-Z0-9]{1,10}$")]
ServiceCode = Annotated[str, Field(pattern=r"^[A-Z0-9][A-Z0-9-]{0,19}$")]
Word = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,40}$")]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9_]{1,80}$")]
Name = Annotated[str, Field(min_length=1, max_length=200)]


class Raw(BaseModel):
    """A part of the file; a key it does not know is a fault."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Meta(Raw):
    region_code: Annotated[str, Field(pattern=r"^[0-9.]{2,13}$")]
    region: Name
    version: Name
    agencies: Count | None = None
    services: Count | None = None
    valid_from: Day | None = None


class Source(Raw):
    key: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,40}$")]
    title: Text
    url: str | None = None


class Derive(Raw):
    age_of: Literal["subject", "applicant"] = "subject"
    least: Annotated[Annotated[Count, Field(le=40_000)] | None, Field(alias="from")] = None
    below: Annotated[Count, Field(ge=1, le=40_000)] | None = None
    unit: Literal["years", "days"] = "years"
    asks_inside: Flag = False


class Fact(Raw):
    tag: Code
    question_id: Text
    question_en: Text | None = None
    meaning_en: Text | None = None
    because_id: Text | None = None
    because_en: Text | None = None
    because_not_id: Text | None = None
    because_not_en: Text | None = None
    derive: Derive | None = None


class Agency(Raw):
    code: AgencyCode
    name_id: Name
    name_en: Name
    level: Word
    queue_prefix: Annotated[str, Field(pattern=r"^[A-Z]{1,4}$")] | None = None
    in_mpp_kudus_2022: Flag = False
    source: Text | None = None
    note: LongText | None = None


class Variant(Raw):
    code: Code
    name_id: Text
    name_en: Text
    because_id: Text | None = None
    because_en: Text | None = None


class Accepted(Raw):
    name_id: Text
    name_en: Text


class Group(Raw):
    code: Code
    name_id: Text
    name_en: Text
    need: Annotated[Count, Field(ge=1, le=40)] = 1


class Duration(Raw):
    value: Annotated[Count, Field(ge=1, le=10_000)]
    unit: standard.DurationUnit


class Requirement(Raw):
    code: Code
    name_id: Text
    name_en: Text
    kind: standard.Form
    copies: Annotated[Count, Field(le=99)]
    handling: standard.Handling
    condition: LongText | None = None
    when: Any = None
    optional: Flag = False
    optional_when: Any = None
    enabled: Flag | None = None
    reason_id: Text | None = None
    reason_en: Text | None = None
    clause: Text | None = None
    where_to_get: LongText | None = None
    where_to_get_en: LongText | None = None
    group: Code | None = None
    substitutes: tuple[Accepted, ...] = ()
    max_age_days: Annotated[Count, Field(le=40_000)] | None = None
    age_counts_from: Literal["issued", "expires", "event"] = "issued"
    matched_with_original: Flag = False
    faults: tuple[Fault, ...] | None = None
    not_needed_allowed: Flag = False
    not_needed_when: Any = None
    mapping_note: LongText | None = None
    source: Text | None = None


def _once(kinds: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(kinds))


class Service(Raw):
    code: ServiceCode
    agency: AgencyCode
    slug: Slug
    name_id: Name
    name_en: Name
    category: Word
    mode: Literal["full", "record_only"] = "full"
    applicant_types: Annotated[tuple[Literal["person", "company"], ...], Field(min_length=1), AfterValidator(_once)]
    default_for_whom: Annotated[Count, Field(ge=1, le=5)] | None = None
    variants: tuple[Variant, ...] = ()
    groups: tuple[Group, ...] = ()
    duration: Duration | None = None
    duration_note_id: LongText | None = None
    duration_note: LongText | None = None
    fee_idr: Annotated[Count, Field(le=10**12)] | None
    fee_kind: Word
    fee_note_id: LongText | None = None
    fee_note: LongText | None = None
    product: Text
    legal_basis: Annotated[tuple[Text, ...], Field(min_length=1)]
    clause: Text | None = None
    channel: tuple[Text, ...] = ()
    back_system: Text | None = None
    proxy_allowed: Flag
    personal_presence_id: LongText | None = None
    personal_presence: LongText | None = None
    validity_id: Text | None = None
    validity: Text | None = None
    notes_id: LongText | None = None
    notes: LongText | None = None
    components: dict[str, LongText] = {}
    needs: tuple[standard.Need, ...] | None = None
    sources: tuple[Text, ...] = ()
    requirements: Annotated[tuple[Requirement, ...], Field(min_length=1, max_length=99)]


class File(Raw):
    meta: Meta
    sources: tuple[Source, ...] = ()
    facts: tuple[Fact, ...] = ()
    agencies: Annotated[tuple[Agency, ...], Field(min_length=1)]
    services: Annotated[tuple[Service, ...], Field(min_length=1)]


def sentence(error: ErrorDetails) -> str:
    """A fault of the file's shape in words."""
    key = next((part for part in reversed(error["loc"]) if isinstance(part, str)), "")[:60]
    context = error.get("ctx", {})
    value = str(error.get("input", ""))[:60]
    match error["type"]:
        case "missing":
            return _("{key} belum diisi.").format(key=key)
        case "extra_forbidden":
            return _("Kunci {key} tidak dikenal.").format(key=key)
        case "literal_error" | "enum":
            return _("{key}: {value} tidak dikenal. Pilihannya: {choices}.").format(
                key=key, value=value, choices=str(context.get("expected", "")).replace("'", "").replace(" or ", ", ")
            )
        case "string_pattern_mismatch":
            return _("{key}: {value} tidak berbentuk seperti seharusnya.").format(key=key, value=value)
        case "string_too_long":
            return _("{key} lebih panjang dari {count} huruf.").format(key=key, count=context.get("max_length"))
        case "flag":
            return _("{key}: tulis true atau false, bukan {value}.").format(key=key, value=value)
        case "count":
            return _("{key}: tulis bilangan bulat tanpa nol di depan, bukan {value}.").format(key=key, value=value)
        case "day":
            return _("{key}: tulis tanggal seperti 2026-11-23, bukan {value}.").format(key=key, value=value)
        case "greater_than_equal" | "less_than_equal":
            return _("{key}: {value} di luar batas.").format(key=key, value=value)
        case "string_too_short" | "too_short":
            return _("{key} kosong.").format(key=key)
        case "too_long":
            return _("{key}: paling banyak {count}.").format(key=key, count=context.get("max_length"))
        case "string_type" if error.get("input") is None:
            return _("{key} belum diisi.").format(key=key)
        case _:
            return _("{key} salah bentuk.").format(key=key or _("Isi berkas"))
