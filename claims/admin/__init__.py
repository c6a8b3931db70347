"""Claims at the desk: looked at, never edited; what is decided is a form that calls a command."""

from claims.admin import claims, credit, entitlements, periods, statements

__all__ = ["claims", "credit", "entitlements", "periods", "statements"]
