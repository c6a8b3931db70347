"""Parcels: a small app whose aggregate, timers and subscription try the log and the deadlines."""
