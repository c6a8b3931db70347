"""Durable timers: due, warned, met, missed."""
