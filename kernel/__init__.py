"""Money, intervals, business time, clock: pure Python, no Django."""
