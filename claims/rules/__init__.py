"""Decisions about statements, claims and credits, on plain values."""
