"""The terms of an agreement: the whole file, and the questions that others ask of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from functools import cached_property
from typing import Any, Literal
from zoneinfo import ZoneInfo

from pydantic import Field, PrivateAttr

from agreements.terms.chronic import ChronicFailures
from agreements.terms.claiming import ClaimTerms
from agreements.terms.commitments import Commitment, Together
from agreements.terms.examples import Example
from agreements.terms.excusing import Channel, Excuses, Maintenance, Treatment
from agreements.terms.measuring import Measurement, Service
from agreements.terms.office import Office
from agreements.terms.part import Part
from agreements.terms.parties import (
    Billing,
    Changes,
    Contacts,
    MonthRules,
    Remedies,
    Scope,
    Sentence,
    Tier,
)
from agreements.terms.problems import Path, written
from agreements.terms.settling import Report
from agreements.terms.supporting import Promise, Support
from agreements.terms.tables import Credits
from agreements.terms.values import Currency, Day, DayOrInstant, Name, Zone
from kernel.business_time import BusinessCalendar
from kernel.dates import start_of

Holidays = Mapping[date, str]


class NoBusinessCalendar(LookupError):
    """The terms count business time, and name no business hours."""


class Terms(Part):
    """An agreement as data. Parts that a document does not have are absent, not zero."""

    format: Literal[1]
    """The version of this format."""
    agreement: Name
    """The name by which accounts and programs refer to the agreement."""
    title: str
    """Its title."""
    document_date: Day
    """The date that the document bears."""
    effective: DayOrInstant = Field(alias="in_force_from")
    """From when it is in force: a date, from its midnight in `time_zone`, or an instant."""
    time_zone: Zone
    """The zone of its months and calendar days."""
    currency: Currency
    """The currency of fees and credits."""
    contacts: Contacts
    """Who the provider is and where it is reached."""
    scope: Scope | None = None
    """What it is about."""
    tiers: Mapping[Name, Tier] = Field(min_length=1)
    """The kinds of customers, the lowest first."""
    services: Mapping[Name, Service] = Field(min_length=1)
    """What is measured, the main service first."""
    measurement: Measurement = Measurement()
    """How checks become minutes."""
    commitments: tuple[Commitment, ...] = ()
    """The promises, each with its target and what a miss pays."""
    credits_together: Together = Together()
    """How the credits of several promises for one period become one."""
    varies_by: Mapping[Name, Mapping[Name, str]] = {}
    """Kinds besides the tier that targets and tables differ by: {region: {eu: Europe, us: America}}."""
    bases: Mapping[Name, str] = {}
    """Fees of the file's own that credits are a share of, each in words."""
    excuses: Excuses = Field(default_factory=dict, alias="excused")
    """How downtime of each category counts; of a category that is not named, it is downtime."""
    maintenance: Maintenance = Maintenance()
    """How maintenance is planned and announced."""
    claims: ClaimTerms | None = None
    """How credit is requested and settled; without, there is none to request."""
    reports: tuple[Report, ...] = ()
    """Reports that are owed after an incident or a period, each by its day."""
    chronic_failure: ChronicFailures = ()
    """Rights to end the contract, and what gives them."""
    support: Support | None = None
    """Promised answers to support requests."""
    business_hours: Office | None = None
    """The business calendar; needed where business days or hours are counted."""
    calendars: Mapping[Name, Office] = Field(default_factory=dict)
    """Further business calendars, by name: support in longer hours, another country's office."""
    remedies: Remedies | None = None
    """What a customer may ask for."""
    changes: Changes = Changes()
    """How the agreement may be changed."""
    billing: Billing = Billing()
    """How customers are billed."""
    months: MonthRules = MonthRules()
    """How a month is closed and judged."""
    sentences: tuple[Sentence, ...] = ()
    """Sentences that nothing computes."""
    examples: tuple[Example, ...] = ()
    """Worked examples, which the terms must fulfil."""

    _clauses: Mapping[Path, str] = PrivateAttr(default_factory=dict)
    _holidays: Holidays | None = PrivateAttr(default=None)

    def model_post_init(self, context: Any) -> None:
        """Keep what the loader knows besides the values: clauses, and holidays once published."""
        if context:
            self._clauses = context.get("clauses", {})
            self._holidays = context.get("holidays")

    # Time

    @property
    def zone(self) -> ZoneInfo:
        """The zone of months and calendar days."""
        return self.time_zone

    @cached_property
    def in_force_from(self) -> datetime:
        """The instant from which the terms are in force, in UTC."""
        if isinstance(self.effective, datetime):
            return self.effective
        return start_of(self.effective, self.time_zone)

    @cached_property
    def holidays(self) -> Holidays:
        """The holidays as they were when the version was published; of a draft, as known now."""
        if self._holidays is not None:
            return self._holidays
        return self.business_hours.holiday_dates() if self.business_hours else {}

    def calendar(self, name: str | None = None) -> BusinessCalendar:
        """Give the business calendar, or a further one by name, compiled once. Errors: NoBusinessCalendar."""
        if name is None:
            return self._calendar
        if name not in self.calendars:
            raise NoBusinessCalendar(name)
        return self.calendars[name].calendar()

    @cached_property
    def _calendar(self) -> BusinessCalendar:
        office = self.business_hours
        if office is None:
            raise NoBusinessCalendar(self.agreement)
        return office.calendar(self.holidays)

    # Tiers and targets

    def tier_rank(self, tier: str) -> int:
        """Tell the tier's place, the lowest being 0; KeyError if there is none of this name."""
        if tier not in self.tiers:
            raise KeyError(tier)
        return list(self.tiers).index(tier)

    @property
    def commitment(self) -> Commitment | None:
        """The first promise, by which a month's statement is judged."""
        return self.commitments[0] if self.commitments else None

    @property
    def credits(self) -> Credits | None:
        """What a miss of the first promise pays, where it pays."""
        return self.commitment.credits if self.commitment else None

    def target(self, tier: str) -> Fraction | None:
        """Give the tier's target, where it has one."""
        found = self.commitment.target_of(tier) if self.commitment else None
        return found.share if found and self.covers(tier) else None

    def covers(self, tier: str) -> bool:
        """Tell whether the agreement promises the tier uptime and credit."""
        return tier in self.tiers and self.tiers[tier].covered

    @property
    def service(self) -> str:
        """The service that the first promise is about, or the first one listed."""
        named = self.commitment.service if self.commitment else None
        return named or next(iter(self.services))

    @property
    def tier_of_month(self) -> Literal["best_during_downtime", "at_month_end"]:
        """Which tier judges a month in which a customer held several."""
        return self.months.tier_of_month

    @property
    def first_partial_month(self) -> Literal["skip", "judge"]:
        """What happens to a month of which the terms were in force only in part."""
        return self.months.first_partial_month

    @property
    def close_grace(self) -> timedelta:
        """How long after its last minute a month closes by itself."""
        return self.months.close_grace

    # Excused time

    def excused(self, category: str) -> Treatment | None:
        """Tell how excused downtime of the category is treated; None if it is not excused."""
        found = {str(name): excuse.treatment for name, excuse in self.excuses.items()}
        treatment = found.get(category)
        return None if treatment is Treatment.COUNTS_AS_DOWN else treatment

    @property
    def planned_notice(self) -> timedelta | None:
        """How long before its start a planned window is announced; None: only before it."""
        return self.maintenance.planned.notice

    @property
    def notice_channels(self) -> tuple[Channel, ...]:
        """The means of announcement that count: the page only where a page is named."""
        planned = self.maintenance.planned
        page = planned.schedule_page or self.contacts.named_page
        return tuple(way for way in planned.announce_by if way != "page" or page)

    @property
    def notice_by_mail(self) -> Literal["own_delivery", "first_delivery"]:
        """Whether a mailed announcement counts for its recipient or for all."""
        return self.maintenance.planned.notice_by_mail

    # Support

    def promise(self, tier: str, severity: str) -> Promise | None:
        """Give the promised time to answer, where the agreement has a cell for it."""
        return self.support.promise("response", tier, severity) if self.support else None

    # Where it stands in the document

    def clause(self, *path: str | int) -> str:
        """Name the clause of a field, or of the nearest part around it; "" where none is named."""
        for end in range(len(path), -1, -1):
            if clause := self._clauses.get(path[:end]):
                return clause
        return ""

    def clauses(self) -> dict[str, str]:
        """Name the clause of every rule that has one, by its path as it is written."""
        return {written(path): clause for path, clause in self._clauses.items()}
