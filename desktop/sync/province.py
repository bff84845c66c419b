"""Many halls, one province: PostgreSQL's own logical replication of what holds no personal data, and a view of the day.

Each hall keeps its own centre and publishes its hall-wide records; a province subscribes to all of them. The province
is a centre to which nobody pushes. What two halls made alike from the same catalogue has one id in both: as everywhere,
the greater version is shown.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg import sql

from desktop.errors import UserError
from desktop.i18n import _
from desktop.models.base import record_classes
from desktop.sync import central, scram

PUBLICATION = "loket_hall"

# The last word on two rows of one id is the same as at a counter (models/journal.py). Replication would stop at the
# second hall's copy of an agency without it.
GREATEST_WINS = """
CREATE SCHEMA IF NOT EXISTS province;
CREATE OR REPLACE FUNCTION province.greatest_wins() RETURNS trigger
LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE
    is_greater bool;
BEGIN
    IF TG_OP = 'UPDATE' THEN
        RETURN CASE WHEN (NEW.ehlc, NEW.eid) > (OLD.ehlc, OLD.eid) THEN NEW END;
    END IF;
    EXECUTE format('SELECT (%s, %L) > (ehlc, eid) FROM %I.%I WHERE id = %L',
        NEW.ehlc, NEW.eid, TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id) INTO is_greater;
    IF is_greater THEN
        EXECUTE format('DELETE FROM %I.%I WHERE id = %L', TG_TABLE_SCHEMA, TG_TABLE_NAME, NEW.id);
    END IF;
    RETURN CASE WHEN coalesce(is_greater, true) THEN NEW END;
END $$;
"""
# Definitions as in operations/figures.py: by the day of the number; complete and returned by the first visit.
DAY = """
CREATE OR REPLACE VIEW province.day AS
SELECT h.code AS hall_code, h.name AS hall, a.on_date, count(*) AS received,
    count(*) FILTER (WHERE f.outcome = 'complete' AND NOT v.is_void) AS complete_at_first,
    count(*) FILTER (WHERE f.outcome = 'returned' AND NOT v.is_void) AS returned,
    count(*) FILTER (WHERE v.is_void) AS void
FROM record.application a
JOIN record.counter c ON c.id = a.counter_id
JOIN record.hall h ON h.id = c.hall_id
LEFT JOIN LATERAL (
    SELECT outcome FROM record.visit WHERE application_id = a.id ORDER BY ehlc, eid LIMIT 1) f ON true
CROSS JOIN LATERAL (
    SELECT EXISTS (SELECT 1 FROM record.status_move WHERE application_id = a.id AND to_state = 'VOID') AS is_void) v
GROUP BY h.code, h.name, a.on_date;
GRANT USAGE ON SCHEMA province TO loket_report;
GRANT SELECT ON province.day TO loket_report;
"""


@dataclass(frozen=True)
class Publication:
    """What a province needs to subscribe to a hall: a login that may read its hall-wide tables and nothing else."""

    role: str
    secret: str


def publish(connection: psycopg.Connection[Any]) -> Publication:
    """Publish the hall-wide records of this centre for one province; each call makes a login of its own.

    UserError where the server does not keep its log for replication.
    """
    row = connection.execute("SELECT current_setting('wal_level')").fetchone()
    if row != ("logical",):
        raise UserError(
            _(
                "Server ini belum disetel untuk provinsi. Tulis wal_level = logical di postgresql.conf, nyalakan ulang "
                "PostgreSQL, lalu ulangi. Data tidak berubah."
            )
        )
    tables = sql.SQL(", ").join(sql.Identifier("record", table) for table in _hall_tables())
    role, secret = f"loket_province_{secrets.token_hex(6)}", scram.new_secret()
    name = sql.Identifier(role)
    with connection.transaction():
        published = connection.execute("SELECT 1 FROM pg_publication WHERE pubname = %s", (PUBLICATION,)).fetchone()
        order = "ALTER PUBLICATION {} SET TABLE {}" if published else "CREATE PUBLICATION {} FOR TABLE {}"
        connection.execute(sql.SQL(order).format(sql.Identifier(PUBLICATION), tables))
        connection.execute(
            sql.SQL("CREATE ROLE {} LOGIN REPLICATION NOBYPASSRLS CONNECTION LIMIT 8 PASSWORD {}").format(
                name, sql.Literal(scram.verifier(secret))
            )
        )
        connection.execute(
            sql.SQL(
                "GRANT CONNECT ON DATABASE {0} TO {1}; GRANT USAGE ON SCHEMA record TO {1}; GRANT SELECT ON {2} TO {1}"
            ).format(sql.Identifier(connection.info.dbname), name, tables)
        )
    return Publication(role, secret)


def subscribe(connection: psycopg.Connection[Any], hall: str, source: str) -> None:
    """Take what a hall publishes into this province's database, from its beginning and from then on.

    ``hall`` is a name of its own for the subscription; ``source`` is the conninfo of the hall's centre as the login
    that ``publish`` made. Run as superuser. UserError when the name is taken or the hall does not answer.
    """
    central.install(connection)
    connection.execute(GREATEST_WINS.encode())
    for table in _hall_tables():
        at = sql.Identifier("record", table)
        connection.execute(
            sql.SQL(
                "CREATE OR REPLACE TRIGGER greatest_wins BEFORE INSERT OR UPDATE ON {0} FOR EACH ROW"
                " EXECUTE FUNCTION province.greatest_wins(); ALTER TABLE {0} ENABLE REPLICA TRIGGER greatest_wins"
            ).format(at)
        )
    connection.execute(DAY.encode())
    name = sql.Identifier(f"loket_{hall}")
    try:
        connection.execute(
            sql.SQL("CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {}").format(
                name, sql.Literal(source), sql.Identifier(PUBLICATION)
            )
        )
    except psycopg.errors.DuplicateObject as problem:
        raise UserError(_("Mal bernama {hall} sudah diikuti. Pakai nama lain.").format(hall=hall)) from problem
    except psycopg.Error as problem:
        raise UserError(
            _("Pusat data mal {hall} tidak terjangkau atau menolak. Tidak ada yang diubah. Periksa alamatnya.").format(
                hall=hall
            )
        ) from problem


def lag(connection: psycopg.Connection[Any]) -> dict[str, float | None]:
    """Seconds since each hall was last heard; None where its stream is broken or has not begun."""
    rows = connection.execute(
        "SELECT s.subname, extract(epoch FROM now() - t.last_msg_receipt_time) FROM pg_subscription s"
        " LEFT JOIN pg_stat_subscription t ON t.subid = s.oid AND t.relid IS NULL WHERE s.subname LIKE 'loket\\_%'"
    ).fetchall()
    return {name.removeprefix("loket_"): float(seconds) if seconds is not None else None for name, seconds in rows}


def _hall_tables() -> list[str]:
    return sorted(table for table, one in record_classes().items() if one.scope == "hall")
