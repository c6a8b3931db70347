"""What the provider owes after an incident besides credit: reports, each by its day."""

from __future__ import annotations

from agreements.terms.limits import CountedFrom, CountedFromText, Limit
from agreements.terms.values import Name


class Report(Limit):
    """A report that is owed within a time: a post-mortem, the month's figures."""

    name: Name
    """What it is called."""
    counted_from: CountedFromText = CountedFrom(("incident_end",))
    """What gives day 0."""
    tiers: tuple[Name, ...] = ()
    """The tiers to which it is owed; without, to all."""
    severities: tuple[Name, ...] = ()
    """The severities of incidents after which it is owed; without, after all."""
    contains: str | None = None
    """What it tells, in words."""

    def owed(self, *, tier: str | None, severity: str | None) -> bool:
        """Tell whether it is owed to the tier after an incident of the severity."""
        to_tier = not self.tiers or tier in self.tiers
        return to_tier and (not self.severities or severity in self.severities)
