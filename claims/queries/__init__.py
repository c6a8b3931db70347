"""The only way to read statements, entitlements, claims and credits from outside."""
