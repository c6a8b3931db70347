"""What happens to statements, entitlements, claims and credits."""
