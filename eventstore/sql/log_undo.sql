DROP FUNCTION append_events(uuid, integer, text, smallint, text, bigint, text, uuid, text, bytea, jsonb);
DROP FUNCTION seal_events(integer);
DROP FUNCTION log_generation();
DROP TABLE seals, positions, outcomes, commands, events, log_generations;
DROP FUNCTION refuse_change();
