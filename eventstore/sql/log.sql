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

CREATE TABLE commands (
    id          uuid        PRIMARY KEY,
    name        text        NOT NULL,
    digest      bytea       NOT NULL,
    stream      uuid        NOT NULL,
    version     integer     NOT NULL,
    recorded_at timestamptz NOT NULL DEFAULT clock_timestamp()
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
CREATE FUNCTION log_generation() RETURNS smallint LANGUAGE plpgsql STABLE AS $$
DECLARE
    v_generation smallint;
    v_cluster    bigint;
BEGIN
    SELECT g.generation, g.system_identifier INTO v_generation, v_cluster
    FROM log_generations g ORDER BY g.generation DESC LIMIT 1;
    IF v_cluster IS DISTINCT FROM (SELECT c.system_identifier FROM pg_control_system() c) THEN
        RAISE EXCEPTION 'this log was written in another database cluster: run "manage.py log adopt"'
            USING ERRCODE = 'MG503';
    END IF;
    RETURN v_generation;
END $$;

-- p_events: [[stream, expected version, type, schema version, payload, meta,
-- occurred_at in microseconds], ...], a stream's events adjoining and in order.
-- Returns the last version written. Errors: MG208 command already carried out,
-- MG409 wrong version, MG425 begun too early (in the
-- detail the stream and the version that it is at, as a unique violation words it).
-- The hash is written inline: as a function of its own it is not inlined.
CREATE FUNCTION append_events(p_events jsonb, p_command uuid, p_name text, p_digest bytea)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_generation smallint    := log_generation();
    v_xid        xid8        := pg_current_xact_id();
    v_at         timestamptz := clock_timestamp();
    v_event      jsonb;
    v_stream     uuid;
    v_last       uuid;
    v_version    integer;
    v_type       text;
    v_payload    text;
    v_meta       text;
    v_micros     bigint;
    v_hash       bytea;
    v_before     record;
BEGIN
    IF p_command IS NOT NULL THEN
        INSERT INTO commands (id, name, digest, stream, version)
        VALUES (p_command, p_name, p_digest, (p_events -> 0 ->> 0)::uuid, (p_events -> 0 ->> 1)::integer + 1)
        ON CONFLICT DO NOTHING;
        IF NOT FOUND THEN
            RAISE EXCEPTION 'command % was carried out before', p_command USING ERRCODE = 'MG208';
        END IF;
    END IF;
    FOR v_index IN 0 .. jsonb_array_length(p_events) - 1 LOOP
        v_event  := p_events -> v_index;
        v_stream := (v_event ->> 0)::uuid;
        IF v_stream IS DISTINCT FROM v_last THEN
            v_last    := v_stream;
            v_version := (v_event ->> 1)::integer;
            v_hash    := ''::bytea;
            IF v_version > 0 THEN
                SELECT e.hash, e.xid, e.generation INTO v_before
                FROM events e WHERE e.stream = v_stream AND e.version = v_version;
                IF NOT FOUND THEN
                    RAISE EXCEPTION 'stream % is not at version %', v_stream, v_version
                        USING ERRCODE = 'MG409', DETAIL = format('Key (stream, version)=(%s, %s)', v_stream, (
                            SELECT coalesce(max(e.version), 0) FROM events e WHERE e.stream = v_stream));
                END IF;
                IF v_before.generation = v_generation AND v_before.xid > v_xid THEN
                    RAISE EXCEPTION 'stream % was written by a transaction that began later', v_stream
                        USING ERRCODE = 'MG425', DETAIL = format('Key (stream, version)=(%s, %s)', v_stream, v_version);
                END IF;
                v_hash := v_before.hash;
            END IF;
        END IF;
        v_version := v_version + 1;
        v_type    := v_event ->> 2;
        v_payload := v_event ->> 4;
        v_meta    := v_event ->> 5;
        v_micros  := (v_event ->> 6)::bigint;
        v_hash := sha256(
            'makegood/1'::bytea || v_hash || uuid_send(v_stream) || int4send(v_version)
            || int4send(octet_length(v_type)) || convert_to(v_type, 'UTF8')
            || int2send((v_event ->> 3)::smallint)
            || int4send(octet_length(v_payload)) || convert_to(v_payload, 'UTF8')
            || int4send(octet_length(v_meta)) || convert_to(v_meta, 'UTF8')
            || int8send(v_micros) || int8send((extract(epoch FROM v_at) * 1000000)::bigint));
        INSERT INTO events (generation, stream, version, type, schema_version, payload, meta,
                            occurred_at, recorded_at, hash)
        VALUES (v_generation, v_stream, v_version, v_type, (v_event ->> 3)::smallint, v_payload, v_meta,
                'epoch'::timestamptz + v_micros * interval '1 microsecond', v_at, v_hash);
    END LOOP;
    RETURN v_version;
END $$;

-- Numbers what is below the horizon, in order of (generation, xid, id), and
-- chains one hash over the batch. Horizon and rows are read in one statement;
-- the lock is taken in an earlier one. Returns how many events it numbered.
CREATE FUNCTION seal_events(p_most integer) RETURNS integer LANGUAGE plpgsql AS $$
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
          AND (e.generation < v_generation OR e.xid < pg_snapshot_xmin(pg_current_snapshot()))
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
CREATE TRIGGER positions_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON positions
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER seals_are_never_changed BEFORE UPDATE OR DELETE OR TRUNCATE ON seals
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
