"""Record: inherit it and a row is versioned, journalled, and later synced."""

import uuid
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any, ClassVar, Literal

import uuid_utils
from sqlalchemy import BigInteger, Boolean, Connection, MetaData, Row
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

from desktop.models.kinds import Key, Tree, pack

# Brings the rows of one projection that belong to these keys up to date, from the records alone.
Projection = Callable[[Connection, Collection[str]], None]

_NAMESPACE = uuid.UUID("6f4f2f6e-6c6f-5b65-9f74-6d70706b6473")


def new_id() -> str:
    """A UUIDv7 as text: unique, and rising in time on this PC."""
    return str(uuid_utils.uuid7())


def natural_id(*parts: object) -> str:
    """The id of a thing that two PCs may make from the same source: the same parts give the same id (UUIDv5)."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join(str(part) for part in parts)))


def now(session: Session) -> datetime:
    """The moment of this transaction (aware, UTC), one and the same for all its rows."""
    moment: datetime = session.info["now"]
    return moment


def plain(session: Session, statement: str, *values: object, changes: str | None = None) -> Sequence[Row[Any]]:
    """The rows of a statement of SQLite, for the few that every F9 waits for: SQLAlchemy takes longer to word and to
    read one of them than SQLite to answer it, and at a program's first F9 ten times as long.

    Values and columns are as they are stored; nothing that waits in the session is written first. ``changes`` names
    the local table whose listeners are to hear of it.
    """
    result = session.connection().exec_driver_sql(statement, values)
    if changes is not None:
        session.info["tables"].add(changes)
    return result.all() if result.returns_rows else ()


class Base(DeclarativeBase):
    """Everything the local file holds. Plain local tables use it directly and never leave the PC."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        }
    )


class Record(Base):
    """A row kept at every counter its scope allows, each save of which is one journal entry.

    ``scope``: "hall" (no personal data, seen by all) or "agency" (personal, seen by the service's agency).
    ``written_by``: who may write it at the centre. ``insert_only``: an act; it is written once and never changed.
    Relations carry no foreign key: rows may arrive in any order, and a counter never holds another agency's persons.
    """

    __abstract__ = True

    scope: ClassVar[Literal["hall", "agency"]] = "hall"
    written_by: ClassVar[Literal["counter", "admin"]] = "counter"
    insert_only: ClassVar[bool] = False

    id: Mapped[str] = mapped_column(Key(), primary_key=True, default=new_id)
    # The clock and the entry of the version shown; the greater pair wins, wherever the two meet.
    ehlc: Mapped[int] = mapped_column(BigInteger)
    eid: Mapped[str] = mapped_column(Key())
    deleted: Mapped[bool] = mapped_column(Boolean, default=False)
    # Columns a newer program sent; kept whole so that this one never erases them.
    extra: Mapped[dict[str, Any] | None] = mapped_column(Tree(), default=None)

    def lane_agency(self, session: Session) -> str | None:
        """The agency whose lane this row travels in; None for the hall's."""
        return None

    def payload(self) -> dict[str, Any]:
        """The whole row as its entry carries it: what is unknown here first, then every known column."""
        row = {name: pack(getattr(self, name)) for name in type(self).payload_columns()}
        return {**(self.extra or {}), **row}

    def fill_defaults(self) -> None:
        """Give every column that was not set what the model says, as the row will have it."""
        values = vars(self)
        for name, make in _defaults(type(self)):
            if name not in values:
                values[name] = make()

    @classmethod
    def payload_columns(cls) -> tuple[str, ...]:
        """The columns that travel: all but the versioning ones, which the entry itself carries."""
        cached = cls.__dict__.get("_payload_columns")
        if cached is None:
            cached = tuple(c.key for c in cls.__table__.columns if c.key not in {"ehlc", "eid", "extra"})
            cls._payload_columns = cached
        return cached

    @classmethod
    def projections(cls, row: Mapping[str, Any]) -> Iterable[tuple[Projection, str]]:
        """Which local projections a saved or arriving row makes stale, and the key to refresh in each."""
        return ()


def record_classes() -> dict[str, type[Record]]:
    """Every record class by its table name."""
    return {
        mapper.class_.__tablename__: mapper.class_
        for mapper in Base.registry.mappers
        if issubclass(mapper.class_, Record)
    }


@cache
def _defaults(record_class: type[Record]) -> tuple[tuple[str, Callable[[], Any]], ...]:
    """What makes the default of each column; None where it has none."""
    return tuple((column.key, _maker(column.default)) for column in record_class.__table__.columns)


def _maker(default: Any) -> Callable[[], Any]:
    if default is None or default.is_scalar:
        return partial(getattr, default, "arg", None)
    return partial(default.arg, None)
