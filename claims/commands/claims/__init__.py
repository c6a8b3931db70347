"""File a claim, examine it, decide it, appeal, keep its deadlines."""
