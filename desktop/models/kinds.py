"""Column kinds that keep their meaning in SQLite, in PostgreSQL and in a journal entry alike.

SQLAlchemy's stock kinds do not: DateTime drops the zone on SQLite, Uuid loses its hyphens, JSON None becomes 'null'.
Every kind here has one canonical JSON form, ``pack``, and it is also the text that SQLite stores.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial
from typing import Any

from sqlalchemy import Date, DateTime, String, Text
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator, TypeEngine

_encoder = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def canon(value: Any) -> str:
    """Canonical JSON text: sorted keys, no spaces; equal values give equal text and so equal hashes."""
    return _encoder.encode(value)


def moment_text(value: datetime) -> str:
    """ "2026-11-23T01:00:00.123456Z": always UTC, always 27 characters, so that text sorts as time does.

    ValueError for a moment without its zone: it has already lost its meaning.
    """
    if value.tzinfo is None:
        raise ValueError("a moment needs its zone")
    return value.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


class Moment(TypeDecorator[datetime]):
    """An instant. Only aware datetimes are accepted."""

    impl = String(27)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name == "postgresql":
            return dialect.type_descriptor(DateTime(timezone=True))
        return dialect.type_descriptor(String(27))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> Any:
        if value is None:
            return None
        text = moment_text(value)
        return value if dialect.name == "postgresql" else text

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        if isinstance(value, str):
            return datetime.fromisoformat(value)
        return value.astimezone(UTC) if value is not None else None


class Day(TypeDecorator[date]):
    """A calendar day: ISO text in the local file, DATE at the centre."""

    impl = String(10)
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        return dialect.type_descriptor(Date() if dialect.name == "postgresql" else String(10))

    def process_bind_param(self, value: date | None, dialect: Dialect) -> Any:
        if value is None or dialect.name == "postgresql":
            return value
        return value.isoformat()

    def process_result_value(self, value: Any, dialect: Dialect) -> date | None:
        return date.fromisoformat(value) if isinstance(value, str) else value


class Tree(TypeDecorator[Any]):
    """A JSON document: canonical text in the local file, jsonb at the centre. Assign a new one to change it."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        if dialect.name != "postgresql":
            return dialect.type_descriptor(Text())
        from sqlalchemy.dialects.postgresql import JSONB  # only a centre pays for its import

        return dialect.type_descriptor(JSONB(none_as_null=True))

    def process_bind_param(self, value: Any, dialect: Dialect) -> Any:
        return value if value is None or dialect.name == "postgresql" else canon(value)

    def process_result_value(self, value: Any, dialect: Dialect) -> Any:
        return json.loads(value) if isinstance(value, str) else value


def Key() -> String:
    """A record's id: a UUID in its 36-character text form, the same everywhere."""
    return String(36)


def pack(value: Any) -> Any:
    """A column's value as it stands in an entry's payload."""
    if isinstance(value, datetime):
        return moment_text(value)
    return value.isoformat() if isinstance(value, date) else value


def stored(kind: TypeEngine[Any]) -> Callable[[Any], Any]:
    """How a payload's value (not None) becomes what the local file stores.

    ValueError or TypeError for what could not be read again: PostgreSQL takes "infinity" for a day and "yes" for true.
    """
    if isinstance(kind, Tree):
        return canon
    if isinstance(kind, Moment):
        return _one_form
    if isinstance(kind, Day):
        return lambda text: date.fromisoformat(text).isoformat()
    return partial(_exactly, kind.python_type)


def stored_as_it_is(kind: TypeEngine[Any]) -> type | None:
    """The type whose values ``stored`` would give back unchanged; None where it has to look at each."""
    return None if isinstance(kind, Tree | Moment | Day) else kind.python_type


def _one_form(text: str) -> str:
    """What the centre completed of a row has its moments in PostgreSQL's form."""
    moment = datetime.fromisoformat(text)
    return text if len(text) == 27 and text.endswith("Z") else moment_text(moment)


def _exactly(kind: type, value: Any) -> Any:
    if type(value) is not kind:
        raise TypeError(f"{kind.__name__} expected")
    return value


def unpack(kind: TypeEngine[Any], value: Any) -> Any:
    """The column's value out of a payload; the inverse of ``pack``."""
    if isinstance(kind, Moment) and isinstance(value, str):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if isinstance(kind, Day) and isinstance(value, str) else value
