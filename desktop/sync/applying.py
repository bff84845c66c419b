"""The SQL by which entries become rows at the centre, made from the record classes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from psycopg import sql
from psycopg.types.json import Jsonb

from desktop.models.base import Record
from desktop.models.journal import SCHEMA_VERSION
from desktop.models.kinds import pack


def apply_function(record_class: type[Record]) -> str:
    """The SQL that turns entries of one table into rows; generated, because its columns are the class's.

    Keys an older program did not send keep what the row has, and what was kept is noted beside the entry, so that every
    reader completes it alike (merging at each end in the order of arrival diverged). A row that is written once keeps
    what came first; only who makes the very same of it (two PCs from one source) may set its version.
    """
    table = record_class.__tablename__
    names = record_class.payload_columns()
    columns = ", ".join(f'"{name}"' for name in names)
    known = "{" + ",".join(names) + "}"
    values = ", ".join("w.row_id" if name == "id" else f'r."{name}"' for name in names)
    changed = ("ehlc", "eid") if record_class.insert_only else (*names, "ehlc", "eid", "extra")
    changes = ", ".join(f'"{name}" = excluded."{name}"' for name in changed if name != "id")
    once = _written_once(table, names, known) if record_class.insert_only else ""
    is_same = f" AND {_row('t', names)} IS NOT DISTINCT FROM {_row('excluded', names)}" if once else ""
    defaults = sql.Literal(Jsonb(_defaults(record_class))).as_string(None)
    return f"""
CREATE OR REPLACE FUNCTION sync.apply_{table}(p_eids text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC'
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $apply$
DECLARE
    has_old bool := EXISTS (SELECT 1 FROM sync.journal WHERE eid = ANY (p_eids) AND schema_v < {SCHEMA_VERSION});
    made int;
BEGIN
    IF has_old THEN
        -- Only these rows: to lock others before inserting deadlocks two PCs that make the same row.
        PERFORM 1 FROM record.{table} WHERE id IN (
            SELECT row_id FROM sync.journal WHERE eid = ANY (p_eids) AND schema_v < {SCHEMA_VERSION})
        ORDER BY id FOR UPDATE;
    END IF;
    INSERT INTO record.{table} AS t ({columns}, ehlc, eid, extra)
    SELECT {values}, w.ehlc, w.eid, nullif(w.body - '{known}'::text[], '{{}}')
    FROM (
        SELECT DISTINCT ON (row_id) row_id, eid, ehlc, schema_v, payload::jsonb AS body FROM sync.journal
        WHERE eid = ANY (p_eids) AND payload IS NOT NULL ORDER BY row_id, ehlc DESC, eid DESC) w
    LEFT JOIN record.{table} c ON has_old AND w.schema_v < {SCHEMA_VERSION} AND c.id = w.row_id
    CROSS JOIN LATERAL jsonb_populate_record(
        CASE WHEN w.schema_v < {SCHEMA_VERSION}
             THEN coalesce(c, jsonb_populate_record(NULL::record.{table}, {defaults})) END, w.body) r
    ORDER BY w.row_id
    ON CONFLICT (id) DO UPDATE SET {changes} WHERE (excluded.ehlc, excluded.eid) > (t.ehlc, t.eid){is_same};{once}
    IF has_old THEN
        UPDATE sync.journal j SET filled = nullif(
            (to_jsonb(t) - '{{ehlc,eid,extra}}'::text[] || coalesce(t.extra, '{{}}'))
            - ARRAY(SELECT jsonb_object_keys(j.payload::jsonb)), '{{}}')
        FROM record.{table} t WHERE t.eid = j.eid AND j.eid = ANY (p_eids) AND j.schema_v < {SCHEMA_VERSION};
    END IF;
END $apply$;"""


def _row(of: str, names: Sequence[str]) -> str:
    columns = ", ".join(f'{of}."{name}"' for name in (*names, "extra"))
    return f"({columns})"


def _written_once(table: str, names: Sequence[str], known: str) -> str:
    """Raises where an entry would make something else of a row that is there; sync.apply then finds out which one."""
    return f"""
    GET DIAGNOSTICS made = ROW_COUNT;
    IF made < cardinality(p_eids) AND EXISTS (
        SELECT 1 FROM sync.journal j JOIN record.{table} t ON t.id = j.row_id AND t.eid <> j.eid
        CROSS JOIN LATERAL jsonb_populate_record(t, j.payload::jsonb - '{{id,ehlc,eid,extra}}'::text[]) r
        WHERE j.eid = ANY (p_eids) AND ({_row("r", names)} IS DISTINCT FROM {_row("t", names)}
            OR nullif(j.payload::jsonb - '{known}'::text[], '{{}}') IS DISTINCT FROM t.extra)
    ) THEN
        RAISE EXCEPTION 'written once' USING ERRCODE = 'LK005';
    END IF;"""


def _defaults(record_class: type[Record]) -> dict[str, Any]:
    found = {}
    for column in record_class.__table__.columns:
        default: Any = column.default
        if default is not None and column.key != "id":
            found[column.key] = pack(default.arg if default.is_scalar else default.arg(None))
    return found
