"""A believable history, made by the real commands under simulated time."""
