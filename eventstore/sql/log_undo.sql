DROP FUNCTION append_events(jsonb, uuid, text, bytea);
DROP FUNCTION seal_events(integer);
DROP FUNCTION log_generation();
DROP TABLE seals, positions, commands, events, log_generations;
DROP FUNCTION refuse_change();
