"""Which event is told to whom, and in which words."""
