"""An entry for every saved record, in the save's own transaction: four events of the session maker.

At a flush every record is stamped, and the new ones are written; at the commit each gets its entry (journal.py).
"""

from __future__ import annotations

import json
import secrets
from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session, SessionTransaction, make_transient_to_detached, sessionmaker

from desktop.models import clock, journal
from desktop.models.base import Projection, Record, new_id, now
from desktop.models.kinds import canon


class _Touched(NamedTuple):
    """A record saved in this transaction, and the stamp it got; the base is the version that was edited.

    ``payload`` is what was written; None where the record was edited since, and has to be asked again.
    """

    record: Record
    base: str | None
    eid: str
    hlc: int
    payload: Mapping[str, Any] | None = None


class _Transaction:
    """What one transaction has touched so far, and the journal's state when it began."""

    def __init__(self, session: Session) -> None:
        row = session.connection().exec_driver_sql("SELECT value FROM meta WHERE name = 'journal'").scalar_one()
        self.state: dict[str, Any] = json.loads(row)
        self.touched: dict[int, _Touched] = {}


def attach(maker: sessionmaker[Session]) -> None:
    """Make every session of ``maker`` write its entries. ``session.info`` holds now, officer, start_id and seed."""
    event.listen(maker, "before_flush", _stamp)
    event.listen(maker, "before_commit", _write)
    event.listen(maker, "after_transaction_end", _forget)
    event.listen(maker, "do_orm_execute", _refuse_bulk)


def _stamp(session: Session, _context: object, _instances: object) -> None:
    for gone in session.deleted:
        if isinstance(gone, Record):
            raise RuntimeError("a record is marked deleted, never removed")
    new = [record for record in session.new if isinstance(record, Record)]
    edited = [record for record in session.dirty if isinstance(record, Record) and session.is_modified(record)]
    if not new and not edited:
        return
    transaction = _current(session)
    for record in edited:
        seen = transaction.touched.get(id(record))
        if seen is not None and seen.eid == record.eid:
            transaction.touched[id(record)] = seen._replace(payload=None)
            continue
        if record.insert_only:
            raise RuntimeError(f"{type(record).__name__} is written once and never changed")
        _touch(session, transaction, record)
    for record in new:
        if record.id is None:
            record.id = new_id()
        _touch(session, transaction, record)
    # A savepoint has to be able to undo: there the ORM writes them itself.
    if not session.in_nested_transaction():
        _insert(session, transaction, new)


def _touch(session: Session, transaction: _Transaction, record: Record) -> None:
    seen = transaction.touched.get(id(record))
    base = seen.base if seen is not None else record.eid
    # Rows that every PC makes alike from the same source must lose against any later edit (model.md 1.3).
    hlc = 0 if session.info.get("seed") else clock.tick(
        transaction.state["hlc"], now(session), transaction.state.get("offset_ms", 0)
    )
    if hlc:
        transaction.state["hlc"] = hlc
    record.ehlc, record.eid = hlc, new_id()
    transaction.touched[id(record)] = _Touched(record, base, record.eid, hlc)


def _insert(session: Session, transaction: _Transaction, records: Iterable[Record]) -> None:
    """Write new records as their entries will tell them; the session has them then as if it had read them.

    The ORM's own flush asks every column of every row what became of it, and F9 waits for that.
    """
    by_class: dict[type[Record], list[tuple[Record, Mapping[str, Any]]]] = defaultdict(list)
    for record in records:
        record.fill_defaults()
        payload = record.payload()
        by_class[type(record)].append((record, payload))
        transaction.touched[id(record)] = transaction.touched[id(record)]._replace(payload=payload)
    for record_class, made in by_class.items():
        journal.insert(session.connection(), record_class, made)
    for record in records:
        session.expunge(record)
        make_transient_to_detached(record)
        session.add(record)


def _write(session: Session) -> None:
    # Savepoints fire this event too; their rows are written with the outer commit or not at all.
    if session.in_nested_transaction():
        return
    session.flush()
    transaction: _Transaction | None = session.info.get("journal")
    if transaction is None or not transaction.touched:
        return
    heads = transaction.state["heads"]
    origin = transaction.state["node"]
    rows = []
    stale: dict[Projection, set[str]] = defaultdict(set)
    for record, base, eid, hlc, known in transaction.touched.values():
        if record not in session or record.eid != eid:
            continue  # undone with its savepoint
        payload = record.payload() if known is None else known
        for projection, key in record.projections(payload):
            stale[projection].add(key)
        text_payload = canon(payload)
        salt = secrets.token_hex(16)
        agency_id = record.lane_agency(session) if record.scope == "agency" else None
        if record.scope == "agency" and agency_id is None:
            raise RuntimeError(f"no agency owns this {record.__tablename__}")
        lane = f"{origin}:{agency_id or 'hall'}"
        entry: dict[str, Any] = {
            "eid": eid,
            "lane": lane,
            "scope": record.scope,
            "agency_id": agency_id,
            "origin": origin,
            "start_id": session.info["start_id"],
            "hlc": hlc,
            "ehlc": hlc,
            "table_name": record.__tablename__,
            "row_id": record.id,
            "op": "delete" if record.deleted else "upsert",
            "base": base,
            "schema_v": journal.SCHEMA_VERSION,
            "officer_id": session.info["officer"],
            "payload": text_payload,
            "salt": salt,
            "body_hash": journal.body_hash(salt, text_payload),
            "prev": heads.get(lane, journal.GENESIS),
            "arr": None,
        }
        entry["hash"] = heads[lane] = journal.entry_hash(entry)
        rows.append(tuple(entry[name] for name in journal.COLUMNS))
    connection = session.connection()
    connection.exec_driver_sql(journal.INSERT, rows)
    connection.exec_driver_sql("UPDATE meta SET value = ? WHERE name = 'journal'", (canon(transaction.state),))
    journal.refresh(connection, stale)
    if rows:
        session.info["head"] = rows[-1][0]


def _forget(session: Session, transaction: SessionTransaction) -> None:
    if transaction.parent is None:
        session.info.pop("journal", None)


def _refuse_bulk(state: ORMExecuteState) -> None:
    if state.is_select or not (state.is_insert or state.is_update or state.is_delete):
        return
    mapper = state.bind_mapper
    if mapper is not None and issubclass(mapper.class_, Record):
        raise RuntimeError("bulk statements leave no entry: change records one by one")


def _current(session: Session) -> _Transaction:
    transaction: _Transaction | None = session.info.get("journal")
    if transaction is None:
        transaction = session.info["journal"] = _Transaction(session)
    return transaction


