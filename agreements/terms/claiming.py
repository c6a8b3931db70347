"""How credit is requested, by when, and by when the provider answers."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from agreements.terms.limits import (
    CountedFrom,
    CountedFromText,
    Limit,
    Reach,
    ShortOpening,
    Within,
    WithinText,
    long_limit,
    require_days,
)
from agreements.terms.part import Part
from agreements.terms.values import Days, MailAddress, Portion, refused

RequestPart = Literal["account", "times", "evidence"]

INCIDENT_END = CountedFrom(("incident_end",))
FILED_IN_A_CLOSED_MONTH = CountedFrom(("filed", "period_end"), "later")


class Request(Part):
    """What a request for credit looks like."""

    to: MailAddress
    """The address that it is sent to."""
    subject: str
    """Its subject; [Month/Year] stands for the month that is claimed."""
    parts: Mapping[RequestPart, str] = Field(default_factory=dict)
    """What it must state, in the document's words; a part that is missing is asked for."""


class Ticket(Limit):
    """A support ticket that must come before the claim."""

    counted_from: CountedFromText = CountedFrom(("incident_start",))
    """What gives day 0."""


class Decision(Limit):
    """By when a claim is granted or rejected."""

    counted_from: CountedFromText = CountedFrom(("filed",))
    """What gives day 0; `complete` is when all information had been received."""


class Payment(Limit):
    """By when a granted credit is paid: within a time, or with the next invoice or billing cycle."""

    counted_from: CountedFromText = CountedFrom(("approved",))
    """What gives day 0."""


_SHORT = BeforeValidator(long_limit, json_schema_input_type=WithinText | Limit)


class NotInDays(LookupError):
    """A time limit that is not counted in days was asked for its days."""


class ClaimTerms(Part):
    """The clocks of a claim. "Within 30 days" counts dates: day 0 is the day of the incident."""

    automatic: bool = False
    """Whether credit comes without a claim; then nothing says by when one is filed."""
    filing: WithinText | None = Field(default=None, alias="file_within")
    """How long after day 0 a claim may still be filed, the last day included."""
    counted_from: CountedFromText = INCIDENT_END
    """What gives day 0: with incident_end, the date on which the outage ended."""
    first_day_counts: bool = False
    """Whether the day of `counted_from` is day 1; without, it is day 0."""
    month_ends: Literal["whole_months", "same_date"] = "whole_months"
    """Where months are counted from a period's end: to the end of a month, or to its same date.

    Three months from the end of February end on 31 May, or on 28 May.
    """
    opens: ShortOpening | None = None
    """When the window opens, if it is not open from the start."""
    no_later_than: Limit | None = None
    """A second limit, which ends the window if it passes first."""
    at_least_until: Limit | None = None
    """A second limit, until which the window is open in any case."""
    ticket: Annotated[Ticket, _SHORT] | None = None
    """A ticket that must be opened before the claim, and by when; the claim then follows."""
    incident: Literal["last_of_month", "each"] = "last_of_month"
    """Which outage of the month is the incident."""
    roll: bool = False
    """Whether a last day that is no business day rolls to the next one."""
    min_after_known: Days = 7
    """For how many days after a miss became known a claim may be filed in any case."""
    remind_before: tuple[Days, ...] = (7, 1)
    """How long before the window closes the customer is reminded."""
    settling: WithinText | None = Field(default=None, alias="settle_within")
    """How long after day 0 a claim is credited or rejected; absent: no time is promised."""
    clock: CountedFromText = Field(default=FILED_IN_A_CLOSED_MONTH, alias="clock_starts")
    """What gives day 0 of the settlement; by default the later of filing and the month's end."""
    decide: Annotated[Decision, _SHORT] | None = None
    """By when a claim is granted or rejected, where the agreement tells it apart from paying."""
    pay: Annotated[Payment, _SHORT] | None = None
    """By when a granted credit is paid: `30 days`, `next invoice`, `next billing cycle`."""
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

    @model_validator(mode="after")
    def _filed_or_automatic(self) -> Self:
        if self.automatic and (self.filing or self.ticket or self.opens or self.no_later_than or self.at_least_until):
            told = "Credit is automatic, and yet a claim has a time limit."
            raise refused(told, "either `automatic: true` or the limits of a claim", "remove one of them")
        if not self.automatic and self.filing is None:
            mend = "add `file_within: ...`, such as `no limit`"
            raise refused("`file_within` is missing.", "a field `file_within`, or `automatic: true`", mend)
        return self

    @model_validator(mode="after")
    def _whole_days(self) -> Self:
        if self.filing is not None:
            require_days(self.filing, first_day_counts=self.first_day_counts, roll=self.roll)
        for name in ("filing", "settling"):
            limit: Within | None = getattr(self, name)
            if limit is not None and limit.reach is Reach.NEXT:
                raise refused(f"{limit.text!r} is when something is paid.", "a time limit", "write it at `pay`")
        return self

    @property
    def file_within(self) -> int:
        """The days after day 0 in which a claim may be filed; NotInDays where it is not in days."""
        return days_of(self.filing, Reach.DAYS)

    @property
    def settle_within(self) -> int:
        """The business days in which a claim is settled; NotInDays where it is not in them."""
        return days_of(self.settling, Reach.BUSINESS_DAYS)

    @property
    def clock_starts(self) -> str:
        """What gives day 0 of the settlement, as it is written."""
        return "later_of_filing_and_month_end" if self.clock == FILED_IN_A_CLOSED_MONTH else str(self.clock)

    @property
    def filing_limit(self) -> Limit | None:
        """The time limit of a claim, told as any other; None where none is filed."""
        if self.filing is None:
            return None
        return Limit(
            within=self.filing,
            counted_from=self.counted_from,
            first_day_counts=self.first_day_counts,
            roll=self.roll,
        )

    @property
    def settlement_limit(self) -> Limit | None:
        """The time limit of the settlement, told as any other; None where no time is promised."""
        return Limit(within=self.settling, counted_from=self.clock) if self.settling else None

    @property
    def required_parts(self) -> tuple[RequestPart, ...]:
        """The parts that a claim must state."""
        return tuple(self.request.parts) if self.request else ()


def days_of(limit: Within | None, reach: Reach) -> int:
    """Give the days of a limit that is counted so; NotInDays if it is counted otherwise."""
    if limit is None or limit.reach is not reach:
        raise NotInDays(str(limit))
    return limit.amount
