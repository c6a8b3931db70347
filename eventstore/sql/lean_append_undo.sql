ALTER TABLE events ADD CONSTRAINT events_versions_begin_at_one CHECK (version > 0);
ALTER TABLE commands ADD CONSTRAINT commands_name_an_event_or_none CHECK ((stream IS NULL) = (version IS NULL));
