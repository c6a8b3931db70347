-- A connection's cluster never changes, and a log gets a generation only by being brought into another cluster:
-- so what was found once holds as long as the connection and the table do, and no append asks the table again.
-- The setting that remembers it bears the table's number: a log that was restored under a connection is another table.

-- Refuses a log that was written in another cluster, until `manage.py log adopt` has opened a generation here.
-- Errors: MG503.
CREATE OR REPLACE FUNCTION log_generation() RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
    v_known text := current_setting('makegood.log_' || 'log_generations'::regclass::oid::text, true);
    v_log   record;
BEGIN
    IF v_known <> '' THEN
        RETURN v_known;
    END IF;
    SELECT g.generation, g.system_identifier = here.system_identifier AS is_here INTO v_log
    FROM log_generations g, pg_control_system() here ORDER BY g.generation DESC LIMIT 1;
    IF v_log.is_here IS NOT TRUE THEN
        RAISE EXCEPTION 'this log was written in another database cluster: run "manage.py log adopt"'
            USING ERRCODE = 'MG503';
    END IF;
    PERFORM set_config('makegood.log_' || 'log_generations'::regclass::oid::text, v_log.generation::text, false);
    RETURN v_log.generation;
END $$;

-- Appends one event, or several: p_more is [[stream, expected version, type,
-- schema version, payload, occurred_at in microseconds], ...], a stream's events
-- adjoining and in order. p_meta is common to all. p_command is carried out once.
-- Returns the last version written. Errors: a unique violation of commands_pkey
-- where the command was carried out before, MG409 wrong version, MG425 begun too
-- early (in the detail the stream and the version that it is at, as a unique
-- violation words it), MG503 another cluster.
-- The hash is written inline: as a function of its own it is not inlined.
CREATE OR REPLACE FUNCTION append_events(
    p_stream uuid, p_expected integer, p_type text, p_shape smallint, p_payload text, p_micros bigint,
    p_meta text, p_command uuid, p_name text, p_digest bytea, p_more jsonb
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_generation smallint    := nullif(
        current_setting('makegood.log_' || 'log_generations'::regclass::oid::text, true), '');
    v_at         timestamptz := clock_timestamp();
    v_index      integer     := 0;
    v_last       record;
    v_next       jsonb;
BEGIN
    IF v_generation IS NULL THEN
        v_generation := log_generation();
    END IF;
    IF p_command IS NOT NULL THEN
        INSERT INTO commands (id, name, digest, stream, version, recorded_at)
        VALUES (p_command, p_name, p_digest, p_stream, p_expected + 1, v_at);
    END IF;
    LOOP
        SELECT e.version, e.hash, e.xid > pg_current_xact_id() AND e.generation = v_generation AS is_later
        INTO v_last FROM events e WHERE e.stream = p_stream ORDER BY e.version DESC LIMIT 1;
        IF coalesce(v_last.version, 0) <> p_expected OR v_last.is_later THEN
            RAISE EXCEPTION 'stream % can not be continued from version %', p_stream, p_expected USING
                ERRCODE = CASE WHEN v_last.is_later AND v_last.version = p_expected THEN 'MG425' ELSE 'MG409' END,
                DETAIL = format('Key (stream, version)=(%s, %s)', p_stream, coalesce(v_last.version, 0));
        END IF;
        INSERT INTO events (generation, stream, version, type, schema_version, payload, meta,
                            occurred_at, recorded_at, hash)
        VALUES (v_generation, p_stream, p_expected + 1, p_type, p_shape, p_payload, p_meta,
                'epoch'::timestamptz + p_micros * interval '1 microsecond', v_at, sha256(
            'makegood/1'::bytea || coalesce(v_last.hash, '') || uuid_send(p_stream) || int4send(p_expected + 1)
            || int4send(octet_length(p_type)) || convert_to(p_type, 'UTF8') || int2send(p_shape)
            || int4send(octet_length(p_payload)) || convert_to(p_payload, 'UTF8')
            || int4send(octet_length(p_meta)) || convert_to(p_meta, 'UTF8')
            || int8send(p_micros) || int8send((extract(epoch FROM v_at) * 1000000)::bigint)));
        v_next := p_more -> v_index;
        IF v_next IS NULL THEN
            RETURN p_expected + 1;
        END IF;
        v_index := v_index + 1;
        p_stream := v_next ->> 0; p_expected := v_next ->> 1; p_type := v_next ->> 2;
        p_shape := v_next ->> 3; p_payload := v_next ->> 4; p_micros := v_next ->> 5;
    END LOOP;
END $$;
