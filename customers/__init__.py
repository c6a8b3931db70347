"""Accounts under an agreement and tier, members, monthly usage, API keys."""
