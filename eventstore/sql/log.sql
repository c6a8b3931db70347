-- The append-only log. docs/eventlog.md says why it has this form.

CREATE TABLE log_generations (
    generation        smallint    PRIMARY KEY,
    system_identifier bigint      NOT NULL,
    opened_at         timestamptz NOT NULL DEFAULT clock_timestamp()
);

INSERT INTO log_generations (generation, system_identifier)
SELECT 1, system_identifier FROM pg_control_system();

CREATE TABLE events (
    id             bigint      GENERATED ALWAYS AS IDENTITY,
    generation     smallint    NOT NULL,
    xid            xid8        NOT NULL DEFAULT pg_current_xact_id(),
    stream         uuid        NOT NULL,
    version        integer     NOT NULL,
    type           text        NOT NULL,
    schema_version smallint    NOT NULL,
    payload        text        NOT NULL,
    meta           text        NOT NULL,
    occurred_at    timestamptz NOT NULL,
    recorded_at    timestamptz NOT NULL,
    hash           bytea       NOT NULL,
    CONSTRAINT events_one_per_version PRIMARY KEY (stream, version),
    CONSTRAINT events_versions_begin_at_one CHECK (version > 0)
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05);

CREATE UNIQUE INDEX events_in_order ON events (generation, xid, id);

-- A command that was carried out, and the first event that it recorded; null where it recorded none.
CREATE TABLE commands (
    id          uuid        PRIMARY KEY,
    name        text        NOT NULL,
    digest      bytea       NOT NULL,
    stream      uuid,
    version     integer,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT commands_name_an_event_or_none CHECK ((stream IS NULL) = (version IS NULL))
);

-- What a command returned, where that is not the stream of its first event.
CREATE TABLE outcomes (
    command uuid PRIMARY KEY REFERENCES commands,
    result  uuid
);

CREATE TABLE positions (
    position bigint  PRIMARY KEY,
    stream   uuid    NOT NULL,
    version  integer NOT NULL
) WITH (autovacuum_vacuum_insert_scale_factor = 0.05);

CREATE UNIQUE INDEX positions_of_events ON positions (stream, version);

CREATE TABLE seals (
    batch      bigint      PRIMARY KEY,
    first      bigint      NOT NULL,
    last       bigint      NOT NULL,
    generation smallint    NOT NULL,
    xid        xid8        NOT NULL,
    id         bigint      NOT NULL,
    hash       bytea       NOT NULL,
    sealed_at  timestamptz NOT NULL DEFAULT clock_timestamp(),
    CONSTRAINT seals_hold_something CHECK (first <= last)
);

-- A cluster made by restore or copy begins its transaction ids anew; until
-- `manage.py log adopt` has opened a generation for it, nothing may be written.
-- The cluster of a connection never changes, so it is read from disk once in each.
-- Replaced by the function of known_generation.sql.
CREATE FUNCTION log_generation() RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
    v_here text := current_setting('makegood.cluster', true);
    v_log  record;
BEGIN
    IF v_here IS NULL OR v_here = '' THEN
        v_here := set_config('makegood.cluster', (SELECT c.system_identifier::text FROM pg_control_system() c), false);
    END IF;
    SELECT g.generation, g.system_identifier INTO v_log FROM log_generations g ORDER BY g.generation DESC LIMIT 1;
    IF v_log.system_identifier::text IS DISTINCT FROM v_here THEN
        RAISE EXCEPTION 'this log was written in another database cluster: run "manage.py log adopt"'
            USING ERRCODE = 'MG503';
    END IF;
    RETURN v_log.generation;
END $$;

-- Replaced by the function of known_generation.sql, which does the same.
-- Appends one event, or several: p_more is [[stream, expected version, type,
-- schema version, payload, occurred_at in microseconds], ...], a stream's events
-- adjoining and in order. p_meta is common to all. p_command is carried out once.
-- Returns the last version written. Errors: MG208 command already carried out,
-- MG409 wrong version, MG425 begun too early (in the detail the stream and the
-- version that it is at, as a unique violation words it).
-- The hash is written inline: as a function of its own it is not inlined.
CREATE FUNCTION append_events(
    p_stream uuid, p_expected integer, p_type text, p_shape smallint, p_payload text, p_micros bigint,
    p_meta text, p_command uuid, p_name text, p_digest bytea, p_more jsonb
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_generation smallint    := log_generation();
    v_at         timestamptz := clock_timestamp();
    v_recorded   bytea       := int8send((extract(epoch FROM v_at) * 1000000)::bigint);
    v_about      bytea       := int4send(octet_length(p_meta)) || convert_to(p_meta, 'UTF8');
    v_more       integer     := coalesce(jsonb_array_length(p_more), 0);
    v_version    integer     := p_expected;
    v_hash       bytea;
    v_before     record;
    v_next       jsonb;
BEGIN
    IF p_command IS NOT NULL THEN
        INSERT INTO commands (id, name, digest, stream, version)
        VALUES (p_command, p_name, p_digest, p_stream, p_expected + 1)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'command % was carried out before', p_command USING ERRCODE = 'MG208';
        END IF;
    END IF;
    FOR v_index IN 0 .. v_more LOOP
        IF v_hash IS NULL THEN
            SELECT e.version, e.hash, e.xid, e.generation INTO v_before
            FROM events e WHERE e.stream = p_stream ORDER BY e.version DESC LIMIT 1;
            IF coalesce(v_before.version, 0) <> v_version THEN
                RAISE EXCEPTION 'stream % is not at version %', p_stream, v_version
                    USING ERRCODE = 'MG409',
                          DETAIL = format('Key (stream, version)=(%s, %s)', p_stream, coalesce(v_before.version, 0));
            END IF;
            IF v_before.generation = v_generation AND v_before.xid > pg_current_xact_id() THEN
                RAISE EXCEPTION 'stream % was written by a transaction that began later', p_stream
                    USING ERRCODE = 'MG425', DETAIL = format('Key (stream, version)=(%s, %s)', p_stream, v_version);
            END IF;
            v_hash := coalesce(v_before.hash, '');
        END IF;
        v_version := v_version + 1;
        v_hash := sha256(
            'makegood/1'::bytea || v_hash || uuid_send(p_stream) || int4send(v_version)
            || int4send(octet_length(p_type)) || convert_to(p_type, 'UTF8') || int2send(p_shape)
            || int4send(octet_length(p_payload)) || convert_to(p_payload, 'UTF8')
            || v_about || int8send(p_micros) || v_recorded);
        INSERT INTO events (generation, stream, version, type, schema_version, payload, meta,
                            occurred_at, recorded_at, hash)
        VALUES (v_generation, p_stream, v_version, p_type, p_shape, p_payload, p_meta,
                'epoch'::timestamptz + p_micros * interval '1 microsecond', v_at, v_hash);
        IF v_index < v_more THEN
            v_next := p_more -> v_index;
            IF (v_next ->> 0)::uuid <> p_stream THEN
                p_stream := v_next ->> 0; v_version := v_next ->> 1; v_hash := NULL;
            END IF;
            p_type := v_next ->> 2; p_shape := v_next ->> 3; p_payload := v_next ->> 4; p_micros := v_next ->> 5;
        END IF;
    END LOOP;
    RETURN v_version;
END $$;

-- Numbers what is below the horizon, in order of (generation, xid, id), and
-- chains one hash over the batch. Horizon and rows are read in one statement;
-- the lock is taken in an earlier one. Returns how many events it numbered.
-- The planner takes a comparison of rows for a ninth of the table, whatever it
-- is: without the settings it would sort the log to find its last few events.
CREATE FUNCTION seal_events(p_most integer) RETURNS integer LANGUAGE plpgsql
SET enable_seqscan = off SET enable_bitmapscan = off SET enable_sort = off AS $$
DECLARE
    v_generation smallint := log_generation();
    v_batch      bigint   := 0;
    v_last       bigint   := 0;
    v_mark       smallint := 0;
    v_xid        xid8     := '0';
    v_id         bigint   := 0;
    v_hash       bytea    := '';
    v_sealed     integer;
    v_seal       record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtext('makegood sealer'));
    SELECT s.* INTO v_seal FROM seals s ORDER BY s.batch DESC LIMIT 1;
    IF FOUND THEN
        v_batch := v_seal.batch; v_last := v_seal.last; v_hash := v_seal.hash;
        v_mark := v_seal.generation; v_xid := v_seal.xid; v_id := v_seal.id;
    END IF;
    WITH fresh AS MATERIALIZED (
        SELECT e.stream, e.version, e.hash, e.generation, e.xid, e.id,
               v_last + row_number() OVER (ORDER BY e.generation, e.xid, e.id) AS position
        FROM events e
        WHERE (e.generation, e.xid, e.id) > (v_mark, v_xid, v_id)
          AND (e.generation, e.xid) < (v_generation, pg_snapshot_xmin(pg_current_snapshot()))
        ORDER BY e.generation, e.xid, e.id LIMIT p_most
    ), numbered AS (
        INSERT INTO positions (position, stream, version)
        SELECT f.position, f.stream, f.version FROM fresh f ORDER BY f.position
        RETURNING position
    ), chained AS (
        INSERT INTO seals (batch, first, last, generation, xid, id, hash)
        SELECT v_batch + 1, b.first, b.last, t.generation, t.xid, t.id,
               sha256('makegood/1 seal'::bytea || v_hash || int8send(b.first) || int8send(b.last) || b.hashes)
        FROM (SELECT f.generation, f.xid, f.id FROM fresh f ORDER BY f.position DESC LIMIT 1) t,
             (SELECT min(f.position) AS first, max(f.position) AS last,
                     string_agg(f.hash, ''::bytea ORDER BY f.position) AS hashes FROM fresh f) b
    )
    SELECT count(*) INTO v_sealed FROM numbered;
    RETURN v_sealed;
END $$;

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'rows of % are never changed or removed', TG_TABLE_NAME USING ERRCODE = 'MG403';
END $$;

CREATE TRIGGER events_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON events
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER commands_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON commands
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER outcomes_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON outcomes
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER positions_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON positions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER seals_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
