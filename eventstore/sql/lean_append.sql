-- Most of what a short transaction consists of is set up anew for each statement: expressions, checks,
-- a second function. Here is less of it.

-- The function gives an event its version, and a command both or none of its event's names; where a row
-- comes alone, its checks are parsed again for it.
ALTER TABLE events DROP CONSTRAINT events_versions_begin_at_one;
ALTER TABLE commands DROP CONSTRAINT commands_name_an_event_or_none;

-- Replaced by the function of known_generation.sql, which does the same.
-- Appends one event, or several: p_more is [[stream, expected version, type,
-- schema version, payload, occurred_at in microseconds], ...], a stream's events
-- adjoining and in order. p_meta is common to all. p_command is carried out once.
-- Returns the last version written. Errors: a unique violation of commands_pkey
-- where the command was carried out before, MG409 wrong version, MG425 begun too
-- early (in the detail the stream and the version that it is at, as a unique
-- violation words it), MG503 another cluster.
-- The hash is written inline: as a function of its own it is not inlined. What
-- is asked of the log is asked in one statement; log_generation tells a connection
-- its cluster the first time, and refuses a log that was written in another.
CREATE OR REPLACE FUNCTION append_events(
    p_stream uuid, p_expected integer, p_type text, p_shape smallint, p_payload text, p_micros bigint,
    p_meta text, p_command uuid, p_name text, p_digest bytea, p_more jsonb
) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
    v_here  text        := current_setting('makegood.cluster', true);
    v_at    timestamptz := clock_timestamp();
    v_index integer     := 0;
    v_log   record;
    v_next  jsonb;
BEGIN
    IF p_command IS NOT NULL THEN
        INSERT INTO commands (id, name, digest, stream, version, recorded_at)
        VALUES (p_command, p_name, p_digest, p_stream, p_expected + 1, v_at);
    END IF;
    LOOP
        SELECT g.generation, g.cluster, coalesce(e.version, 0) AS version, e.hash,
               e.xid > pg_current_xact_id() AND e.generation = g.generation AS is_later
        INTO v_log
        FROM (SELECT l.generation, l.system_identifier::text AS cluster
              FROM log_generations l ORDER BY l.generation DESC LIMIT 1) g
        LEFT JOIN (SELECT h.version, h.hash, h.xid, h.generation FROM events h
                   WHERE h.stream = p_stream ORDER BY h.version DESC LIMIT 1) e ON true;
        IF v_log.cluster IS DISTINCT FROM v_here THEN
            PERFORM log_generation();
        END IF;
        IF v_log.version <> p_expected OR v_log.is_later THEN
            RAISE EXCEPTION 'stream % can not be continued from version %', p_stream, p_expected USING
                ERRCODE = CASE WHEN v_log.version = p_expected THEN 'MG425' ELSE 'MG409' END,
                DETAIL = format('Key (stream, version)=(%s, %s)', p_stream, v_log.version);
        END IF;
        INSERT INTO events (generation, stream, version, type, schema_version, payload, meta,
                            occurred_at, recorded_at, hash)
        VALUES (v_log.generation, p_stream, p_expected + 1, p_type, p_shape, p_payload, p_meta,
                'epoch'::timestamptz + p_micros * interval '1 microsecond', v_at, sha256(
            'makegood/1'::bytea || coalesce(v_log.hash, '') || uuid_send(p_stream) || int4send(p_expected + 1)
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
