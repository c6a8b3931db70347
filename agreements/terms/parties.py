"""Who promises what to whom: contacts, scope, tiers, and the sentences that only people read."""

from __future__ import annotations

from datetime import timedelta
from typing import Literal

from pydantic import Field

from agreements.terms.part import Part
from agreements.terms.placeholders import placeholder_in
from agreements.terms.values import Days, Duration, MailAddress, Name


class Contacts(Part):
    """Who the provider is and where it is reached."""

    legal_name: str
    """The company that makes the agreement."""
    address: str | None = None
    """Its postal address."""
    general: MailAddress | None = None
    """Where mail about the agreement goes."""
    support: MailAddress | None = None
    """Where support requests go."""
    claims: MailAddress | None = None
    """Where requests for credit go."""
    status_page: str | None = None
    """The address of the status page; a placeholder names no page, and the linter says so."""

    @property
    def named_page(self) -> str | None:
        """The status page, where one is named already."""
        page = self.status_page
        return None if page is None or placeholder_in(page) else page


class Scope(Part):
    """What the agreement is about."""

    covers: str
    """The services and customers that the agreement covers, in words."""


class Tier(Part):
    """One kind of customer under the agreement."""

    title: str
    """The tier's name as customers read it."""
    covered: bool = True
    """Whether the tier is promised uptime and credit; one that is not may have neither."""


class Sentence(Part):
    """A sentence of the document that nothing computes, kept so that the terms say it all."""

    about: Name
    """What it is about, such as client_responsibilities or liability."""
    says: str
    """The sentence."""


class Remedies(Part):
    """What a customer may ask for when the commitment is missed."""

    sole_remedy: bool
    """Whether service credit is the only remedy."""


class Changes(Part):
    """How the agreement may be changed."""

    notice: Days = 30
    """How long before it takes effect a new version is announced."""
    takes_effect: Literal["billing_period_start"] = "billing_period_start"
    """When a new version may begin."""
    retroactive: Literal[False] = False
    """A new version never changes a month that has closed."""


class Billing(Part):
    """How customers are billed."""

    cycle: Literal["calendar_month", "calendar_quarter", "calendar_year", "own_month", "own_year"] = "calendar_month"
    """The billing period; own_month and own_year begin on each account's own day."""
    begins: int | None = Field(default=None, ge=1, le=31, alias="begins_on_day")
    """Of own_month: the day of the month on which all cycles begin, where it is one for all."""
    invoiced_after: Days = 0
    """How many days after a cycle's end it is invoiced."""

    @property
    def months(self) -> int:
        """How many months a cycle has."""
        return {"month": 1, "quarter": 3, "year": 12}[self.cycle.rpartition("_")[2]]

    @property
    def begins_on(self) -> int | None:
        """The day of the month on which cycles begin; None where each account has its own."""
        return self.begins if self.cycle.startswith("own") else 1


class MonthRules(Part):
    """How a month is closed, and which tier judges it."""

    close_grace: Duration = timedelta(hours=24)
    """How long after its last minute a month closes by itself."""
    first_partial_month: Literal["skip", "judge"] = "skip"
    """What happens to a month of which the terms were in force only in part."""
    tier_of_month: Literal["best_during_downtime", "at_month_end"] = "best_during_downtime"
    """Which tier judges a month in which a customer held several."""
