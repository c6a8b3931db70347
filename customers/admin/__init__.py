"""Customers at the desk: accounts, usage, keys of the provider's programs, and people."""

from customers.admin import accounts, keys, people, usage

__all__ = ["accounts", "keys", "people", "usage"]
