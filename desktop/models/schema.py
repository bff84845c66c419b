"""What alembic cannot say of the local file: the full-text index, and triggers that keep the journal append-only."""

from __future__ import annotations

from sqlalchemy import Connection

_FTS = """
CREATE VIRTUAL TABLE IF NOT EXISTS party_fts USING fts5(
    name, nik, phone, content='', contentless_delete=1, prefix='2 3 4', tokenize="unicode61 remove_diacritics 2")
"""
# Only the acknowledgement may be added, and only payload and salt may be erased (retention).
_NO_UPDATE = """
CREATE TRIGGER IF NOT EXISTS journal_is_append_only BEFORE UPDATE ON journal
WHEN (NEW.eid, NEW.lane, NEW.scope, NEW.agency_id, NEW.origin, NEW.start_id, NEW.hlc, NEW.table_name, NEW.row_id,
      NEW.op, NEW.base, NEW.schema_v, NEW.officer_id, NEW.body_hash, NEW.prev, NEW.hash)
     IS NOT (OLD.eid, OLD.lane, OLD.scope, OLD.agency_id, OLD.origin, OLD.start_id, OLD.hlc, OLD.table_name, OLD.row_id,
      OLD.op, OLD.base, OLD.schema_v, OLD.officer_id, OLD.body_hash, OLD.prev, OLD.hash)
  OR (NEW.payload IS NOT NULL AND NEW.payload IS NOT OLD.payload)
  OR (NEW.salt IS NOT NULL AND NEW.salt IS NOT OLD.salt)
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""
_NO_DELETE = """
CREATE TRIGGER IF NOT EXISTS journal_is_never_deleted BEFORE DELETE ON journal
BEGIN SELECT RAISE(ABORT, 'the journal is append-only'); END
"""


def ensure(connection: Connection) -> None:
    """Put in place what a batch migration may have dropped; harmless when all is there."""
    for statement in (_FTS, _NO_UPDATE, _NO_DELETE):
        connection.exec_driver_sql(statement)
