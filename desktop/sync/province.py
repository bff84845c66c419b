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
    """Publish the hall-wide records of this centre for one province, as superuser; each call makes a login of its own.

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
    login = new_login()
    with connection.transaction():
        connection.execute(publish_script(connection.info.dbname, login).encode())
    return login


def new_login() -> Publication:
    """A login that nobody has yet."""
    return Publication(f"loket_province_{secrets.token_hex(6)}", scram.new_secret())


def publish_script(database: str, login: Publication) -> str:
    """What a superuser of the hall's server runs, once for each province; it holds no secret, only its verifier."""
    tables = sql.SQL(", ").join(sql.Identifier("record", table) for table in _hall_tables())
    parts = {
        "publication": sql.Identifier(PUBLICATION),
        "name": sql.Literal(PUBLICATION),
        "tables": tables,
        "role": sql.Identifier(login.role),
        "database": sql.Identifier(database),
        "verifier": sql.Literal(scram.verifier(login.secret)),
    }
    return sql.SQL(
        """DO $$ BEGIN
    IF NOT EXISTS (SELECT 1 FROM pg_publication WHERE pubname = {name}) THEN CREATE PUBLICATION {publication}; END IF;
END $$;
ALTER PUBLICATION {publication} SET TABLE {tables};
CREATE ROLE {role} LOGIN REPLICATION NOBYPASSRLS CONNECTION LIMIT 8 PASSWORD {verifier};
GRANT CONNECT ON DATABASE {database} TO {role};
GRANT USAGE ON SCHEMA record TO {role};
GRANT SELECT ON {tables} TO {role};
"""
    ).format(**parts).as_string(None)


def subscribe(connection: psycopg.Connection[Any], hall: str, source: str) -> None:
    """Take what a hall publishes into this province's database, from its beginning and from then on; as superuser.

    ``hall`` is a name of its own for the subscription; ``source`` is the conninfo of the hall's centre as the login
    that ``publish`` made. UserError when the name is taken or the hall does not answer.
    """
    central.install(connection)
    try:
        connection.execute(subscribe_script().encode())
        connection.execute(
            sql.SQL("CREATE SUBSCRIPTION {} CONNECTION {} PUBLICATION {}").format(
                sql.Identifier(f"loket_{hall}"), sql.Literal(source), sql.Identifier(PUBLICATION)
            )
        )
    except psycopg.errors.DuplicateObject as problem:
        raise UserError(_("Mal bernama {hall} sudah diikuti. Pakai nama lain.").format(hall=hall)) from problem
    except psycopg.errors.InsufficientPrivilege as problem:
        raise UserError(
            _("Mengikuti sebuah mal memerlukan hak superuser PostgreSQL. Sebutkan koneksinya dengan --server.")
        ) from problem
    except psycopg.Error as problem:
        raise UserError(
            _("Pusat data mal {hall} tidak terjangkau atau menolak. Tidak ada yang diubah. Periksa alamatnya.").format(
                hall=hall
            )
        ) from problem


def subscribe_script() -> str:
    """What makes a centre a province: the guard on every table that comes from halls, and the view of the day."""
    guards = [
        sql.SQL(
            "CREATE OR REPLACE TRIGGER greatest_wins BEFORE INSERT OR UPDATE ON {0} FOR EACH ROW"
            " EXECUTE FUNCTION province.greatest_wins();\nALTER TABLE {0} ENABLE REPLICA TRIGGER greatest_wins;\n"
        ).format(sql.Identifier("record", table)).as_string(None)
        for table in _hall_tables()
    ]  # fmt: skip
    return GREATEST_WINS + "".join(guards) + DAY


def lag(connection: psycopg.Connection[Any]) -> dict[str, float | None]:
    """Seconds since each hall was last heard; None where its stream is broken or has not begun."""
    rows = connection.execute(
        "SELECT s.subname, extract(epoch FROM now() - t.last_msg_receipt_time) FROM pg_subscription s"
        " LEFT JOIN pg_stat_subscription t ON t.subid = s.oid AND t.relid IS NULL WHERE s.subname LIKE 'loket\\_%'"
    ).fetchall()
    return {name.removeprefix("loket_"): float(seconds) if seconds is not None else None for name, seconds in rows}


def _hall_tables() -> list[str]:
    return sorted(table for table, one in record_classes().items() if one.scope == "hall")
