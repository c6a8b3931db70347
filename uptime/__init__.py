"""Monitors, checks, outages, minutes of a month."""
