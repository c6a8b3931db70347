"""The append-only log: append, aggregates, subscriptions, replay, verification."""
