"""How credit is requested, by when, and by when the provider answers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Literal

from pydantic import Field

from agreements.terms.part import Part
from agreements.terms.values import BusinessDays, Days, MailAddress, Portion

RequestPart = Literal["account", "times", "evidence"]


class Request(Part):
    """What a request for credit looks like."""

    to: MailAddress
    """The address that it is sent to."""
    subject: str
    """Its subject; [Month/Year] stands for the month that is claimed."""
    parts: Mapping[RequestPart, str] = Field(default_factory=dict)
    """What it must state, in the document's words; a part that is missing is asked for."""


class ClaimTerms(Part):
    """The clocks of a claim. "Within 30 days" counts dates: day 0 is the day of the incident."""

    file_within: Days
    """How many days after day 0 a claim may still be filed, the last one included."""
    counted_from: Literal["incident_end"] = "incident_end"
    """What gives day 0: the date on which the outage ended."""
    incident: Literal["last_of_month", "each"] = "last_of_month"
    """Which outage of the month is the incident."""
    roll: bool = False
    """Whether a last day that is no business day rolls to the next one."""
    min_after_known: Days = 7
    """For how many days after a miss became known a claim may be filed in any case."""
    remind_before: tuple[Days, ...] = (7, 1)
    """How long before the window closes the customer is reminded."""
    settle_within: BusinessDays
    """How many business days after day 0 a claim is credited or rejected."""
    clock_starts: Literal["later_of_filing_and_month_end"] = "later_of_filing_and_month_end"
    """What gives day 0 of the settlement."""
    pause_for_evidence: bool = True
    """Whether the settlement's clock pauses for parts that were missing at filing."""
    warn_at: tuple[Portion, ...] = (Fraction(1, 2), Fraction(4, 5))
    """At which parts of the settlement's time the operator is warned."""
    on_missed_deadline: Literal["escalate", "approve"] = "escalate"
    """What happens at a deadline that was missed."""
    appeal_within: Days = 30
    """How many days after a rejection it may be appealed, once."""
    request: Request | None = None
    """How a claim is requested by mail."""

    @property
    def required_parts(self) -> tuple[RequestPart, ...]:
        """The parts that a claim must state."""
        return tuple(self.request.parts) if self.request else ()
