"""A claim as the library eventsourcing would have it: the same fields as the event that we append."""

from __future__ import annotations

from eventsourcing.domain import Aggregate, event


class TheirClaim(Aggregate):
    """A claim with the one event that is measured."""

    @event("Filed")
    def __init__(self, *, reason: str) -> None:
        self.said = ("", reason, "")

    @event("ContestDenied")
    def deny(self, *, code: str, reason: str, denied_by: str) -> None:
        """Keep what was said last."""
        self.said = (code, reason, denied_by)
