"""The only way to change statements, entitlements, claims and credits."""
