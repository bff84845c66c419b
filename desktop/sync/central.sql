-- What only PostgreSQL can say of the centre: the lanes and their journal, and the functions that are all a counter may
-- do there. central.py runs this file at every installation and upgrade, so every statement can be repeated; the record
-- tables themselves come from the same alembic history as the local file, in the schema "record".
--
-- Where tables grow from nothing within an hour, a plan that was right for an empty one reads all of a full one: the
-- functions on the way of every save may only look entries up by their keys (enable_... = off). And since there is but one
-- way to look up, no statement is planned anew for its values: each of a thousand connections, which save now and then,
-- would plan all of a push five times before PostgreSQL keeps a plan, and that was half of what an entry cost.
--
-- Every function runs as the owner with a pinned search_path (an object planted in another schema is never found), and
-- knows its caller by session_user alone: inside SECURITY DEFINER current_user is the owner.
--
-- States of its own:  LK001 an administrator's record from a counter     LK101 this PC was revoked
--                     LK002 a record of an agency the PC does not serve  LK102 not a node of this login
--                     LK003 a table this centre does not know            LK103 an entry of somebody else
--                     LK004 a scope or lane that is not the record's     LK104 more than one push, or one PC, may hold
--                     LK005 something else of a row that is written once LK105 a program too old for this centre
--                                                                        LK106 no device code is left

CREATE TABLE IF NOT EXISTS sync.node (
    node_id text PRIMARY KEY,
    db_role name NOT NULL,
    label text NOT NULL,
    counter_id text,
    agency_ids text[] NOT NULL,
    may_write text NOT NULL CHECK (may_write IN ('counter', 'admin')),
    -- null for the node of a PC's time alone: the code it had drawn then may have been drawn twice
    device_code int UNIQUE,
    spare_code int UNIQUE,
    enrolled_at timestamptz NOT NULL DEFAULT now(),
    revoked_at timestamptz,
    -- the program start that pushed last: a push from a start that does not follow it comes from a copied disk
    start_id text,
    forked_from text,
    last_push_at timestamptz,
    last_seen_at timestamptz,
    skew_ms bigint,
    schema_v int,
    app_version text,
    -- what the PC says of itself with each push: {"serials": {"2026-11-25": {"107": 41}}, "pending": 3},
    -- where pending counts what comes after that push
    says jsonb NOT NULL DEFAULT '{}'
);
CREATE INDEX IF NOT EXISTS node_db_role ON sync.node (db_role);
-- the other logins whose PCs are copies of one that stood alone: what each saved then is of the same node
ALTER TABLE sync.node ADD COLUMN IF NOT EXISTS shared_by name[] NOT NULL DEFAULT '{}';

-- One lane is one chain of one node: its hall records, or those of one agency.
CREATE TABLE IF NOT EXISTS sync.lane (
    lane_id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE,
    node_id text NOT NULL,
    agency_id text,
    last_arr bigint NOT NULL DEFAULT 0,
    last_dig bigint NOT NULL DEFAULT 0,
    last_ehlc bigint NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS lane_node ON sync.lane (node_id);

CREATE TABLE IF NOT EXISTS sync.journal (
    eid text PRIMARY KEY,
    lane_id int NOT NULL,
    arr bigint NOT NULL,
    -- running XOR over the lane: two histories of one lane that differ anywhere differ here
    dig bigint NOT NULL,
    ehlc bigint NOT NULL,
    hlc bigint NOT NULL,
    origin text NOT NULL,
    start_id text NOT NULL,
    scope text NOT NULL,
    agency_id text,
    table_name text NOT NULL,
    row_id text NOT NULL,
    op text NOT NULL,
    base text,
    schema_v int NOT NULL,
    officer_id text,
    -- text, not jsonb: the chain is over these very characters
    payload text,
    salt text,
    body_hash text NOT NULL,
    prev text NOT NULL,
    hash text NOT NULL,
    -- columns that an older program did not send, as the row kept them
    filled jsonb,
    -- the login that brought an entry of a dead PC during a recovery
    donor name,
    received_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    UNIQUE (lane_id, arr)
);
CREATE INDEX IF NOT EXISTS journal_row ON sync.journal (row_id);

-- Entries that are kept but not applied. No value of a row is ever written here (model.md 1.18).
CREATE TABLE IF NOT EXISTS sync.quarantine (
    eid text PRIMARY KEY REFERENCES sync.journal,
    state text NOT NULL,
    at timestamptz NOT NULL DEFAULT clock_timestamp()
);

-- Every push moves a row of these two, and what it leaves behind goes with the next move on the same page. A vacuum or
-- new statistics would gain nothing, and let each of a thousand connections plan all its statements anew.
ALTER TABLE sync.node SET (fillfactor = 50, autovacuum_vacuum_threshold = 100000, autovacuum_analyze_threshold = 100000);
ALTER TABLE sync.lane SET (fillfactor = 50, autovacuum_vacuum_threshold = 100000, autovacuum_analyze_threshold = 100000);

-- The shape of an entry as a counter sends it; never holds a row.
CREATE TABLE IF NOT EXISTS sync.sent (
    eid text, lane text, scope text, agency_id text, origin text, start_id text, hlc bigint, ehlc bigint,
    table_name text, row_id text, op text, base text, schema_v int, officer_id text, payload text, salt text,
    body_hash text, prev text, hash text, is_acknowledged bool
);

CREATE TABLE IF NOT EXISTS sync.kind (
    table_name text PRIMARY KEY,
    scope text NOT NULL,
    written_by text NOT NULL
);

CREATE TABLE IF NOT EXISTS sync.about (
    one bool PRIMARY KEY DEFAULT true CHECK (one),
    schema_v int NOT NULL,
    least_schema_v int NOT NULL,
    recovery_until timestamptz,
    -- the centre's own name: a counter that joined one hall never pours its data into another
    centre_id text NOT NULL DEFAULT gen_random_uuid()::text
);
CREATE TABLE IF NOT EXISTS sync.bell (one bool PRIMARY KEY DEFAULT true CHECK (one), rung_at timestamptz NOT NULL);
INSERT INTO sync.bell VALUES (true, now()) ON CONFLICT DO NOTHING;

-- ---------------------------------------------------------------------------------------------------------------------

-- The caller's node, or the state that says why not.
CREATE OR REPLACE FUNCTION sync.me(p_node text) RETURNS sync.node
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp AS $$
DECLARE
    me sync.node;
BEGIN
    SELECT * INTO me FROM sync.node WHERE node_id = p_node AND db_role = session_user;
    IF NOT FOUND THEN
        RAISE EXCEPTION 'not a node of this login' USING ERRCODE = 'LK102';
    ELSIF me.revoked_at IS NOT NULL THEN
        RAISE EXCEPTION 'revoked' USING ERRCODE = 'LK101', DETAIL = me.revoked_at::text;
    END IF;
    RETURN me;
END $$;

-- What a counter must know before it does anything else.
CREATE OR REPLACE FUNCTION sync.hello(p_node text) RETURNS jsonb
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    me sync.node := sync.me(p_node);
    about sync.about;
BEGIN
    SELECT * INTO about FROM sync.about;
    RETURN jsonb_build_object(
        'centre_id', about.centre_id, 'schema_v', about.schema_v,
        'least_schema_v', about.least_schema_v, 'is_recovering', coalesce(about.recovery_until > now(), false),
        'now_ms', floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint,
        'system_id', (SELECT system_identifier::text FROM pg_control_system()),
        'timeline', CASE WHEN pg_is_in_recovery() THEN NULL
                         ELSE ('x' || lpad(substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8), 16, '0'))::bit(64)::bigint END,
        'may_write', me.may_write, 'agency_ids', to_jsonb(me.agency_ids), 'counter_id', me.counter_id,
        'label', me.label, 'device_code', me.device_code, 'spare_code', me.spare_code);
END $$;

-- Take entries of this PC (or, while recovery is open, of one that is gone) and apply them. One statement, one
-- transaction; sending the same again changes nothing. Returns the centre's time and whether the PC is a copy.
CREATE OR REPLACE FUNCTION sync.push(
    p_node text, p_starts text[], p_entries json, p_sent_ms bigint, p_schema_v int, p_app text, p_says jsonb
) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC' SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    me sync.node := sync.me(p_node);
    about sync.about;
    now_ms bigint := floor(extract(epoch FROM clock_timestamp()) * 1000);
    is_fork bool;
    sent sync.sent[];
    taken text[];
    batch record;
BEGIN
    SELECT * INTO about FROM sync.about;
    IF p_schema_v < about.least_schema_v THEN
        RAISE EXCEPTION 'program too old' USING ERRCODE = 'LK105';
    ELSIF pg_column_size(p_entries) > 8 * 1024 * 1024 OR pg_column_size(p_says) > 65536 THEN
        RAISE EXCEPTION 'too much at once' USING ERRCODE = 'LK104';
    END IF;
    -- This row's lock lets one push of a node at a time through, and nobody else waits for it.
    SELECT * INTO me FROM sync.node WHERE node_id = p_node FOR NO KEY UPDATE;
    is_fork := me.start_id IS NOT NULL AND NOT me.start_id = ANY (p_starts);
    UPDATE sync.node SET
        start_id = CASE WHEN is_fork THEN start_id ELSE p_starts[array_upper(p_starts, 1)] END,
        last_push_at = clock_timestamp(), last_seen_at = clock_timestamp(), skew_ms = p_sent_ms - now_ms,
        schema_v = p_schema_v, app_version = p_app, says = p_says
    WHERE node_id = p_node;

    -- Read once: a megabyte of JSON costs more than all that is done with it.
    sent := ARRAY(SELECT x FROM json_populate_recordset(NULL::sync.sent, p_entries) x);
    IF cardinality(sent) > 1000 THEN
        RAISE EXCEPTION 'too much at once' USING ERRCODE = 'LK104';
    END IF;
    taken := sync.take(sent, now_ms, coalesce(about.recovery_until > now(), false));
    FOR batch IN
        SELECT table_name, array_agg(eid ORDER BY row_id, eid) AS eids FROM sync.journal
        WHERE eid = ANY (taken) AND NOT EXISTS (SELECT 1 FROM sync.quarantine q WHERE q.eid = journal.eid)
        GROUP BY table_name ORDER BY table_name
    LOOP
        PERFORM sync.apply(batch.table_name, batch.eids);
    END LOOP;
    IF cardinality(taken) > 0 THEN
        PERFORM sync.ring();
    END IF;
    RETURN jsonb_build_object('now_ms', now_ms, 'is_fork', is_fork, 'taken', cardinality(taken));
END $$;

-- Journal what is new, in the order it was sent, with contiguous arrival numbers; returns the new ids.
CREATE OR REPLACE FUNCTION sync.take(p_sent sync.sent[], p_now_ms bigint, p_is_recovering bool) RETURNS text[]
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC' SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
DECLARE
    -- A clock that runs ahead orders nothing beyond the next five minutes.
    latest bigint := (p_now_ms + 300000) << 16;
    known text[];
    taken text[];
BEGIN
    IF EXISTS (
        SELECT 1 FROM unnest(p_sent) x
        LEFT JOIN sync.node n ON n.node_id = x.origin
        WHERE x.lane IS DISTINCT FROM x.origin || ':' || coalesce(x.agency_id, 'hall')
           OR n.db_role IS DISTINCT FROM session_user AND session_user <> ALL (coalesce(n.shared_by, '{}'))
              AND NOT p_is_recovering
    ) THEN
        RAISE EXCEPTION 'an entry of another PC' USING ERRCODE = 'LK103';
    END IF;
    INSERT INTO sync.lane (name, node_id, agency_id)
    SELECT DISTINCT x.lane, x.origin, x.agency_id
    FROM unnest(p_sent) x
    WHERE NOT EXISTS (SELECT 1 FROM sync.lane l WHERE l.name = x.lane)
    ORDER BY 1
    ON CONFLICT (name) DO NOTHING;
    -- Every lane costs every poll: no PC has more than an honest one could ever need.
    IF EXISTS (
        SELECT 1 FROM sync.lane l WHERE l.node_id = ANY (ARRAY(SELECT DISTINCT x.origin FROM unnest(p_sent) x))
        GROUP BY l.node_id HAVING count(*) > 64 + (SELECT count(*) FROM record.agency)
    ) THEN
        RAISE EXCEPTION 'too many lanes' USING ERRCODE = 'LK104';
    END IF;
    -- Before looking what is new: two donors of one dead PC must not both find an entry missing.
    PERFORM 1 FROM sync.lane l
    WHERE l.name IN (SELECT x.lane FROM unnest(p_sent) x)
    ORDER BY l.lane_id FOR NO KEY UPDATE;
    -- By the array, not by a join: a planner that thinks the journal empty joins it row by row.
    known := ARRAY(SELECT j.eid FROM sync.journal j WHERE j.eid = ANY (ARRAY(SELECT x.eid FROM unnest(p_sent) x)));

    WITH sent AS MATERIALIZED (
        SELECT DISTINCT ON (x.eid) x.*, l.lane_id, l.last_arr, l.last_dig, l.last_ehlc,
            (SELECT b.ehlc FROM sync.journal b WHERE b.eid = x.base) AS base_ehlc
        FROM unnest(p_sent) WITH ORDINALITY AS x (
            eid, lane, scope, agency_id, origin, start_id, hlc, ehlc, table_name, row_id, op, base, schema_v,
            officer_id, payload, salt, body_hash, prev, hash, is_acknowledged, n)
        JOIN sync.lane l ON l.name = x.lane
        WHERE x.eid <> ALL (known)
        ORDER BY x.eid, x.n
    ), numbered AS (
        SELECT s.*, row_number() OVER (PARTITION BY lane_id ORDER BY n) AS place,
            -- What was acknowledged before keeps its stamp, and what every PC makes alike (0) stays the least.
            CASE WHEN hlc = 0 THEN 0
                 WHEN is_acknowledged THEN least(ehlc, latest)
                 ELSE greatest(least(hlc, latest), coalesce(base_ehlc, 0) + 1) END AS bounded
        FROM sent s
    ), stamped AS (
        SELECT *, CASE WHEN bounded = 0 OR is_acknowledged THEN bounded
                       ELSE place + greatest(last_ehlc, max(bounded - place) OVER lane) END AS stamp
        FROM numbered WINDOW lane AS (PARTITION BY lane_id ORDER BY place)
    ), kept AS (
        INSERT INTO sync.journal (
            eid, lane_id, arr, dig, ehlc, hlc, origin, start_id, scope, agency_id, table_name, row_id, op, base,
            schema_v, officer_id, payload, salt, body_hash, prev, hash, donor)
        SELECT eid, lane_id, last_arr + place,
            last_dig # bit_xor(hashtextextended(eid, stamp)) OVER (PARTITION BY lane_id ORDER BY place),
            stamp, hlc, origin, start_id, scope, agency_id, table_name, row_id, op, base, schema_v, officer_id, payload,
            salt, body_hash, prev, hash,
            CASE WHEN NOT EXISTS (SELECT 1 FROM sync.node n WHERE n.node_id = origin AND n.db_role = session_user)
                 THEN session_user END
        FROM stamped
        RETURNING eid, lane_id, arr, dig, ehlc, origin, scope, agency_id, table_name, row_id
    ), moved AS (
        UPDATE sync.lane l SET last_arr = k.arr, last_dig = k.dig, last_ehlc = greatest(l.last_ehlc, k.stamp)
        FROM (SELECT DISTINCT ON (lane_id) lane_id, arr, dig, max(ehlc) OVER (PARTITION BY lane_id) AS stamp
              FROM kept ORDER BY lane_id, arr DESC) k
        WHERE l.lane_id = k.lane_id
    ), refused AS (
        INSERT INTO sync.quarantine (eid, state)
        SELECT eid, state FROM (
            SELECT k.eid, CASE
                WHEN d.table_name IS NULL THEN 'LK003'
                WHEN d.scope <> k.scope OR (k.scope = 'agency') <> (k.agency_id IS NOT NULL) THEN 'LK004'
                -- what a PC is called is said by that PC alone
                WHEN k.table_name = 'node' AND EXISTS (
                    SELECT 1 FROM sync.node m WHERE m.node_id = k.row_id AND m.db_role <> n.db_role) THEN 'LK004'
                WHEN d.written_by = 'admin' AND n.may_write IS DISTINCT FROM 'admin' THEN 'LK001'
                WHEN k.agency_id <> ALL (n.agency_ids) AND n.may_write <> 'admin' THEN 'LK002' END AS state
            FROM kept k
            LEFT JOIN sync.node o ON o.node_id = k.origin
            -- who shares a node has no right by it that it has not itself
            LEFT JOIN sync.node n ON n.node_id = CASE WHEN session_user = ANY (o.shared_by) THEN (
                SELECT s.node_id FROM sync.node s WHERE s.db_role = session_user LIMIT 1) ELSE k.origin END
            LEFT JOIN sync.kind d ON d.table_name = k.table_name) judged
        WHERE state IS NOT NULL
    )
    SELECT coalesce(array_agg(eid), '{}') INTO taken FROM kept;
    RETURN taken;
END $$;

-- Let these entries of one table become rows: the whole set at once, or one by one with the bad ones put aside.
-- Only what bad data raise is caught: to swallow a deadlock would lose good entries.
CREATE OR REPLACE FUNCTION sync.apply(p_table text, p_eids text[]) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    one text;
BEGIN
    EXECUTE format('SELECT sync.%I($1)', 'apply_' || p_table) USING p_eids;
EXCEPTION WHEN data_exception OR integrity_constraint_violation OR SQLSTATE 'LK005' THEN
    IF cardinality(p_eids) = 1 THEN
        INSERT INTO sync.quarantine (eid, state) VALUES (p_eids[1], SQLSTATE)
        ON CONFLICT (eid) DO UPDATE SET state = excluded.state;
        RETURN;
    END IF;
    FOREACH one IN ARRAY p_eids LOOP
        PERFORM sync.apply(p_table, ARRAY[one]);
    END LOOP;
END $$;

-- Try again what was put aside: after an upgrade, once a PC was given the agency, or once an administrator admits the
-- records of a PC that had stood alone (``p_admitted``: its entries count as an administrator's). How many became rows.
CREATE OR REPLACE FUNCTION sync.retry(p_admitted text) RETURNS int
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC' AS $$
DECLARE
    batch record;
    before int := (SELECT count(*) FROM sync.quarantine);
BEGIN
    FOR batch IN
        SELECT j.table_name, array_agg(j.eid ORDER BY j.row_id, j.eid) AS eids
        FROM sync.quarantine q JOIN sync.journal j USING (eid) JOIN sync.kind d ON d.table_name = j.table_name
        WHERE q.state NOT IN ('LK001', 'LK002', 'LK004') OR q.state = 'LK001' AND j.origin = p_admitted
           OR q.state = 'LK002' AND EXISTS (
                SELECT 1 FROM sync.node n WHERE j.agency_id = ANY (n.agency_ids)
                  AND CASE WHEN j.donor IS NULL THEN n.node_id = j.origin ELSE n.db_role = j.donor END)
        GROUP BY j.table_name ORDER BY j.table_name
    LOOP
        DELETE FROM sync.quarantine WHERE eid = ANY (batch.eids);
        PERFORM sync.apply(batch.table_name, batch.eids);
    END LOOP;
    RETURN before - (SELECT count(*) FROM sync.quarantine);
END $$;

-- Wake the counters that listen, at most ten times a second and only in a hall: with a thousand listeners the bell
-- would cost more than the polling it spares. Who finds the bell being rung just now is heard with it. NOTIFY cannot be
-- taken from a login: one may fill the server's queue, and a NOTIFY that finds it full ends its whole transaction.
CREATE OR REPLACE FUNCTION sync.ring() RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp AS $$
BEGIN
    -- A moment that is still to come was told by a clock that has been put back since: it silences nobody.
    PERFORM 1 FROM sync.bell WHERE rung_at NOT BETWEEN clock_timestamp() - interval '100 ms' AND clock_timestamp()
    FOR NO KEY UPDATE SKIP LOCKED;
    IF NOT FOUND THEN
        RETURN;
    END IF;
    UPDATE sync.bell SET rung_at = clock_timestamp();
    -- The hundred and first ends the search.
    IF NOT EXISTS (SELECT FROM sync.node WHERE last_seen_at > now() - interval '10 minutes' OFFSET 100)
        AND pg_notification_queue_usage() <= 0.5 THEN
        NOTIFY loket;
    END IF;
END $$;

-- What the lanes this PC may read hold beyond the positions it has. Its own entries come back without their contents
-- (they are the acknowledgement), unless it lost them and still serves their agency; what is put aside comes without
-- contents to everybody else. A page ends at p_limit entries or with the one that makes it four million characters long: a few
-- large entries must not be more than a slow line can carry before the deadline.
CREATE OR REPLACE FUNCTION sync.pull(p_node text, p_lanes int[], p_arrs bigint[], p_limit int, p_with_own bool)
RETURNS TABLE (
    lane_id int, arr bigint, dig bigint, is_own bool, state text, eid text, lane text, scope text, agency_id text,
    origin text, start_id text, hlc bigint, ehlc bigint, table_name text, row_id text, op text, base text, schema_v int,
    officer_id text, payload text, salt text, body_hash text, prev text, hash text, filled text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC' SET enable_seqscan = off
SET enable_hashjoin = off SET enable_mergejoin = off SET plan_cache_mode = force_generic_plan AS $$
#variable_conflict use_column
DECLARE
    me sync.node := sync.me(p_node);
    own text[] := ARRAY(SELECT node_id FROM sync.node WHERE db_role = session_user OR session_user = ANY (shared_by));
BEGIN
    IF me.last_seen_at IS NULL OR me.last_seen_at < now() - interval '1 minute' THEN
        UPDATE sync.node SET last_seen_at = clock_timestamp() WHERE node_id = p_node;
    END IF;
    RETURN QUERY
    -- By grouping, not by a join: here a join may only go row by row, and of 2,000 lanes that would be four million.
    WITH news AS MATERIALIZED (
        SELECT x.lane_id, max(x.had) AS had
        FROM (
            SELECT l.lane_id, l.last_arr, 0::bigint AS had FROM sync.lane l
            WHERE l.agency_id IS NULL OR l.agency_id = ANY (me.agency_ids) OR l.node_id = ANY (own)
            UNION ALL SELECT v.lane_id, 0, v.arr FROM unnest(p_lanes, p_arrs) AS v (lane_id, arr)) x
        GROUP BY x.lane_id HAVING max(x.last_arr) > max(x.had)
    ), behind AS MATERIALIZED (
        SELECT l.lane_id, l.name, w.had, l.node_id = ANY (own) AS is_own,
            l.agency_id IS NULL OR l.agency_id = ANY (me.agency_ids) AS is_served,
            -- arrival numbers have no gap: so many entries stand before this lane's, and beyond a page none is looked up
            sum(l.last_arr - w.had) OVER (ORDER BY l.lane_id) - l.last_arr + w.had AS before
        FROM news w JOIN sync.lane l USING (lane_id)
        ORDER BY l.lane_id
    ), page AS (
        SELECT b.name, b.is_own, b.is_served, j.*
        FROM behind b
        CROSS JOIN LATERAL (
            SELECT * FROM sync.journal e WHERE e.lane_id = b.lane_id AND e.arr > b.had ORDER BY e.arr LIMIT p_limit) j
        WHERE b.before < p_limit
        ORDER BY j.lane_id, j.arr LIMIT p_limit
    ), shown AS (
        SELECT p.*, q.state,
            CASE WHEN p.is_served AND (CASE WHEN p.is_own THEN p_with_own ELSE q.state IS NULL END)
                 THEN p.payload END AS contents
        FROM page p LEFT JOIN sync.quarantine q ON q.eid = p.eid
    ), sized AS (
        SELECT s.*, sum(coalesce(length(contents), 0)) OVER (ORDER BY lane_id, arr) - coalesce(length(contents), 0) AS size
        FROM shown s
    )
    SELECT j.lane_id, j.arr, j.dig, j.is_own, j.state, j.eid, j.name, j.scope, j.agency_id, j.origin, j.start_id, j.hlc,
        j.ehlc, j.table_name, j.row_id, j.op, j.base, j.schema_v, j.officer_id, j.contents,
        CASE WHEN j.contents IS NOT NULL THEN j.salt END, j.body_hash, j.prev, j.hash, j.filled::text
    FROM sized j WHERE j.size < 4000000
    -- The reader's position is the last it was given: an order that only the plan makes would skip entries.
    ORDER BY j.lane_id, j.arr;
END $$;

-- Which of these entries, put aside when they were pulled, have become rows since; with their contents.
CREATE OR REPLACE FUNCTION sync.healed(p_node text, p_eids text[]) RETURNS TABLE (
    eid text, lane text, scope text, agency_id text, origin text, start_id text, hlc bigint, ehlc bigint,
    table_name text, row_id text, op text, base text, schema_v int, officer_id text, payload text, salt text,
    body_hash text, prev text, hash text, filled text, arr bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC' AS $$
    SELECT j.eid, l.name, j.scope, j.agency_id, j.origin, j.start_id, j.hlc, j.ehlc, j.table_name, j.row_id, j.op,
        j.base, j.schema_v, j.officer_id, j.payload, j.salt, j.body_hash, j.prev, j.hash, j.filled::text, j.arr
    FROM sync.me(p_node) me, sync.journal j JOIN sync.lane l USING (lane_id)
    WHERE j.eid = ANY (p_eids) AND NOT EXISTS (SELECT 1 FROM sync.quarantine q WHERE q.eid = j.eid)
      AND (l.agency_id IS NULL OR l.agency_id = ANY (me.agency_ids))
$$;

-- The lanes whose history here is not the one that the reader has seen: the centre was restored, or fell back.
CREATE OR REPLACE FUNCTION sync.stale(p_node text, p_lanes int[], p_arrs bigint[], p_digs bigint[]) RETURNS SETOF int
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp AS $$
    SELECT v.lane_id FROM sync.me(p_node) me, unnest(p_lanes, p_arrs, p_digs) AS v (lane_id, arr, dig)
    WHERE v.dig IS DISTINCT FROM (
        SELECT j.dig FROM sync.journal j WHERE j.lane_id = v.lane_id AND j.arr = v.arr)
$$;

-- Which of these entries the centre does not have.
CREATE OR REPLACE FUNCTION sync.missing(p_node text, p_eids text[]) RETURNS SETOF text
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp AS $$
    SELECT x.eid FROM sync.me(p_node) me, unnest(p_eids) AS x (eid)
    EXCEPT SELECT j.eid FROM sync.journal j WHERE j.eid = ANY (p_eids)
$$;

-- A new identity for a PC that turned out to be a copy, or an old image, of another: its own lane and number codes.
CREATE OR REPLACE FUNCTION sync.part(p_node text) RETURNS jsonb
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp AS $$
DECLARE
    me sync.node := sync.me(p_node);
    made sync.node;
BEGIN
    IF (SELECT count(*) FROM sync.node WHERE db_role = session_user) >= 20 THEN
        RAISE EXCEPTION 'this login has parted too often' USING ERRCODE = 'LK106';
    END IF;
    made := sync.add_node(me.db_role, me.label, me.counter_id, me.agency_ids, me.may_write, me.node_id);
    RETURN jsonb_build_object(
        'node_id', made.node_id, 'label', made.label, 'counter_id', made.counter_id,
        'device_code', made.device_code, 'spare_code', made.spare_code);
END $$;

-- A node becomes one of this login: the one a PC had while it stood alone, so that what it saved then may come in; one
-- that a restored centre has forgotten, with the device codes it was granted; or one of a login that was revoked, where
-- an administrator has let a PC of the same name in again. Two copies of a PC that stood alone share the node of then.
CREATE OR REPLACE FUNCTION sync.adopt(p_node text, p_other text, p_code int, p_spare int) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp AS $$
DECLARE
    me sync.node := sync.me(p_node);
    codes int[] := ARRAY(
        SELECT c FROM unnest(ARRAY[p_code, p_spare]) c
        WHERE c BETWEEN 101 AND 899 AND NOT EXISTS (SELECT 1 FROM sync.node n WHERE c IN (n.device_code, n.spare_code)));
BEGIN
    IF (SELECT count(*) FROM sync.node WHERE db_role = session_user) >= 20 THEN
        RAISE EXCEPTION 'this login has too many nodes' USING ERRCODE = 'LK106';
    END IF;
    INSERT INTO sync.node (node_id, db_role, label, counter_id, agency_ids, may_write, device_code, spare_code)
    VALUES (p_other, me.db_role, me.label, me.counter_id, me.agency_ids, me.may_write, codes[1], codes[2])
    ON CONFLICT (node_id) DO NOTHING;
    UPDATE sync.node SET db_role = me.db_role, agency_ids = me.agency_ids, may_write = me.may_write
    WHERE node_id = p_other AND db_role <> session_user AND revoked_at IS NOT NULL AND label = me.label;
    UPDATE sync.node SET shared_by = shared_by || session_user
    WHERE node_id = p_other AND db_role <> session_user AND session_user <> ALL (shared_by)
      AND device_code IS NULL AND spare_code IS NULL;
    IF NOT EXISTS (
        SELECT 1 FROM sync.node WHERE node_id = p_other AND (db_role = session_user OR session_user = ANY (shared_by))
    ) THEN
        RAISE EXCEPTION 'the node of another login' USING ERRCODE = 'LK102';
    END IF;
END $$;

-- A node with two device codes that nobody ever had (model.md 1.12: 101 to 899 are the centre's to give).
CREATE OR REPLACE FUNCTION sync.add_node(
    p_role name, p_label text, p_counter text, p_agencies text[], p_may_write text, p_forked_from text
) RETURNS sync.node
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp AS $$
DECLARE
    codes int[];
    made sync.node;
BEGIN
    -- One at a time; not by a lock on the nodes themselves, which a login that never commits could hold against all.
    PERFORM 1 FROM sync.about FOR NO KEY UPDATE;
    codes := ARRAY(
        SELECT c FROM generate_series(101, 899) c
        WHERE NOT EXISTS (SELECT 1 FROM sync.node n WHERE c IN (n.device_code, n.spare_code))
          -- a restored centre may have forgotten a node, but its PC brings this record back
          AND NOT EXISTS (SELECT 1 FROM record.device_code d WHERE d.code = c)
        ORDER BY c LIMIT 2);
    IF cardinality(codes) < 2 THEN
        RAISE EXCEPTION 'no device code is left' USING ERRCODE = 'LK106';
    END IF;
    INSERT INTO sync.node (node_id, db_role, label, counter_id, agency_ids, may_write, device_code, spare_code, forked_from)
    VALUES (gen_random_uuid()::text, p_role, p_label, p_counter, p_agencies, p_may_write, codes[1], codes[2], p_forked_from)
    RETURNING * INTO made;
    RETURN made;
END $$;

-- The hall-wide entries of one number, for a counter that does not hold it yet; nothing personal is among them.
CREATE OR REPLACE FUNCTION sync.find(p_node text, p_number text) RETURNS TABLE (
    eid text, lane text, scope text, agency_id text, origin text, start_id text, hlc bigint, ehlc bigint,
    table_name text, row_id text, op text, base text, schema_v int, officer_id text, payload text, salt text,
    body_hash text, prev text, hash text, filled text, arr bigint)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC' AS $$
    WITH file AS (
        SELECT a.id FROM sync.me(p_node) me, record.application a WHERE a.number = p_number
    ), shown AS (
        SELECT a.eid FROM record.application a WHERE a.id IN (SELECT id FROM file)
        UNION ALL SELECT v.eid FROM record.visit v WHERE v.application_id IN (SELECT id FROM file)
        UNION ALL SELECT c.eid FROM record.document_check c WHERE c.application_id IN (SELECT id FROM file)
        UNION ALL SELECT m.eid FROM record.status_move m WHERE m.application_id IN (SELECT id FROM file)
        UNION ALL SELECT p.eid FROM record.paper_print p WHERE p.application_id IN (SELECT id FROM file)
    )
    SELECT j.eid, l.name, j.scope, j.agency_id, j.origin, j.start_id, j.hlc, j.ehlc, j.table_name, j.row_id, j.op,
        j.base, j.schema_v, j.officer_id, j.payload, j.salt, j.body_hash, j.prev, j.hash, j.filled::text, j.arr
    FROM shown JOIN sync.journal j USING (eid) JOIN sync.lane l USING (lane_id)
$$;

-- Every PC of the hall: when it was last heard, and the numbers it says it has given.
CREATE OR REPLACE FUNCTION sync.counters(p_node text) RETURNS TABLE (
    node_id text, counter_id text, label text, last_push_at timestamptz, last_seen_at timestamptz, skew_ms bigint,
    says jsonb, is_revoked bool)
LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, sync, pg_temp SET timezone = 'UTC' AS $$
    SELECT n.node_id, n.counter_id, n.label, n.last_push_at, n.last_seen_at, n.skew_ms, n.says, n.revoked_at IS NOT NULL
    FROM sync.me(p_node) me, sync.node n ORDER BY n.label, n.node_id
$$;
