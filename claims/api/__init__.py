"""The API of months, claims and credit: translate in, one call, translate out."""
