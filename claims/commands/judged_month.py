"""A month under judgement: one measurement and one judgement for all accounts that share them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final, Protocol
from uuid import UUID

from agreements.overrides import events_behind, overrides_at, terms_laid
from agreements.queries import PublishedTerms, terms_version
from agreements.terms import Terms
from claims import measuring
from claims.events.entitlement import Due
from claims.events.finding import MonthFound
from claims.events.statement import Figures, TierHeld
from claims.measuring import Group, MeasuredMonth
from claims.models.finding import Finding
from claims.models.period import Period
from claims.rules.allowance import passed
from claims.rules.entitlement import certain_due
from claims.rules.filing_bound import Incident, last_incident
from claims.rules.statement import Assessor, Holding, tiers_held
from customers import queries as customers
from eventstore.changing import Batch
from eventstore.codec import encode
from kernel.ids import AccountId, derived
from kernel.intervals import minute_of
from kernel.money import Money

PAGE: Final = 10_000


class Holder(Protocol):
    """An account and the tiers that it held."""

    @property
    def id(self) -> AccountId:
        """The account."""
        ...

    @property
    def holdings(self) -> tuple[Holding, ...]:
        """Its tiers in order of time."""
        ...


def holders_under(agreement: str, *, at_once: int) -> Iterator[Sequence[Holder]]:
    """Give the accounts of an agreement in portions to be written at once; they are read in larger ones.

    A transaction is kept short, and a page of accounts costs as much to find as a small one.
    """
    for page in customers.accounts_under(agreement, chunk=PAGE):
        for start in range(0, len(page), at_once):
            yield page[start : start + at_once]


def negotiated_assessors(published: PublishedTerms, begins_at: datetime) -> dict[UUID, Assessor]:
    """Give who judges each account with whom something was negotiated that was in force at the month's start."""
    return {
        account: Assessor(
            terms=terms_laid(published.agreement, published.version, one).terms,
            terms_version=published.version,
            override=one.number,
        )
        for account, one in overrides_at(published.agreement, begins_at).items()
    }


@dataclass(frozen=True, slots=True)
class JudgedMonth:
    """A measured month and the terms that judge it, for one run over its accounts.

    `first` is the month's first minute and `end` the one after its last, also while it runs.
    `negotiated` judge the accounts with whom something was negotiated that was in force when
    it began; everybody else shares the agreement's assessor.
    """

    measured: MeasuredMonth
    assessor: Assessor
    first: int
    end: int
    now: datetime
    negotiated: Mapping[UUID, Assessor] = field(default_factory=dict)
    _findings: dict[int, UUID] = field(default_factory=dict)
    _wanted: dict[UUID, Group] = field(default_factory=dict)
    _dues: dict[tuple[int, tuple[TierHeld, ...], UUID | None], Due | None] = field(default_factory=dict)
    _incidents: dict[int, Incident | None] = field(default_factory=dict)

    @classmethod
    def of(cls, period: Period, *, now: datetime) -> JudgedMonth:
        """Measure the period's month once, as it stands now."""
        return cls._judging(period, measuring.measured(period.agreement, period.month, now=now), now)

    @classmethod
    def before(cls, instant: datetime, period: Period, *, now: datetime) -> JudgedMonth:
        """Do the same without the corrections and revocations since the instant."""
        return cls._judging(period, measuring.measured_before(instant, period.agreement, period.month, now=now), now)

    @classmethod
    def _judging(cls, period: Period, measured: MeasuredMonth, now: datetime) -> JudgedMonth:
        published = terms_version(period.agreement, period.terms_version)
        return cls(
            measured=measured,
            assessor=Assessor(terms=published.terms, terms_version=published.version),
            first=minute_of(period.begins_at),
            end=minute_of(period.ends_at),
            now=now,
            negotiated=negotiated_assessors(published, period.begins_at),
        )

    @property
    def terms(self) -> Terms:
        """The agreement's terms that judge the month."""
        return self.assessor.terms

    @property
    def reaches_back(self) -> bool:
        """Whether an outage began before the month, for anybody."""
        found = (outage for group in self.measured.groups for outage in group.minutes.outages)
        return any(outage.start_minute < self.first for outage in found)

    def every_terms(self) -> Iterator[Terms]:
        """Give the agreement's terms, and those of each account with whom something was negotiated."""
        yield self.terms
        yield from (one.terms for one in self.negotiated.values())

    def assessor_of(self, account: UUID) -> Assessor:
        """Give who judges the account."""
        return self.negotiated.get(account, self.assessor)

    def terms_of(self, account: UUID) -> Terms:
        """Give the terms that judge the account's month."""
        return self.assessor_of(account).terms

    def override_of(self, account: UUID) -> int | None:
        """Tell which version of what was negotiated with the account judges it, if any."""
        return self.assessor_of(account).override

    def _held(self, holder: Holder) -> tuple[TierHeld, ...]:
        return tiers_held(holder.holdings, first=self.first, last=self.end)

    def figures_for(self, holder: Holder, base: Money | None) -> Figures:
        """Say what the month was for the account."""
        group = self.measured.group_for(holder.id)
        finding, held = self._finding_of(group), self._held(holder)
        return self.assessor_of(holder.id).assess(group.minutes, finding=finding, held=held, base=base)

    def _finding_of(self, group: Group) -> UUID:
        """Name the group's finding by what it says, and remember that it has to be recorded."""
        known = self._findings.get(id(group))
        if known is None:
            month = self.measured
            said = encode([group.minutes, group.exclusions])
            known = derived("finding", month.agreement, month.month, said)
            self._findings[id(group)] = known
            self._wanted[known] = group
        return known

    def certain_due(self, holder: Holder) -> Due | None:
        """Tell what the month owes the account in any case, before it is closed."""
        whose = holder.id if holder.id in self.negotiated else None
        return self._certain(self.measured.group_for(holder.id), self._held(holder), whose)

    def certain_dues(self) -> Iterator[Due | None]:
        """Tell for each group, and each account with terms of its own, what a month-long holder is owed in any case."""
        for group in self.measured.groups:
            yield from self._certain_by_tier(group, None)
        for account in self.negotiated:
            yield from self._certain_by_tier(self.measured.group_for(account), account)

    def _certain_by_tier(self, group: Group, whose: UUID | None) -> Iterator[Due | None]:
        for tier in self.terms.tiers:
            yield self._certain(group, (TierHeld(tier=tier, first=self.first, last=self.end),), whose)

    def _certain(self, group: Group, held: tuple[TierHeld, ...], whose: UUID | None) -> Due | None:
        key = (id(group), held, whose)
        if key not in self._dues:
            so_far = passed(group.minutes, present=minute_of(self.now))
            terms = self.terms if whose is None else self.terms_of(whose)
            self._dues[key] = certain_due(so_far, held, terms, end=self.end)
        return self._dues[key]

    def incident_of(self, account: UUID) -> Incident | None:
        """Find the last claimable outage of the account's month."""
        group = self.measured.group_for(account)
        if id(group) not in self._incidents:
            self._incidents[id(group)] = last_incident(group.minutes)
        return self._incidents[id(group)]

    def shown(self) -> str:
        """Name what the month shows to its accounts; it changes when they may have to be told.

        While the month runs that is what it owes in any case and when its last outage ended,
        afterwards every minute and what is undecided.
        """
        groups = list(self.measured.groups)
        if minute_of(self.now) >= self.end:
            undecided = [str(one.exclusion) for one in self.measured.undecided]
            return str(derived("shown", encode([[group.minutes for group in groups], undecided])))
        dues = [due and (due.tier, due.percent) for due in self.certain_dues()]
        ends = [last_incident(group.minutes) for group in groups] if any(dues) else []
        return str(derived("shown", encode([dues, ends])))

    def record_findings(self, batch: Batch) -> None:
        """Record the findings that figures named and nobody recorded before.

        They are wanted until they are seen to be there: a transaction that failed recorded none.
        """
        if not self._wanted:
            return
        there = set(Finding.objects.filter(id__in=list(self._wanted)).values_list("id", flat=True))
        for finding in there:
            del self._wanted[finding]
        for finding, group in self._wanted.items():
            batch.begin(Finding, finding).record(self._found(group))

    def _found(self, group: Group) -> MonthFound:
        return MonthFound(
            agreement=self.measured.agreement,
            month=self.measured.month,
            minutes=group.minutes,
            exclusions=group.exclusions,
            sources=self.measured.sources,
        )


class Judging:
    """A month under judgement for as long as a run over its accounts takes.

    What a run read when it began is overtaken by what others record before it comes to an account.
    `before` leaves out the corrections and revocations since that instant.
    """

    def __init__(self, period: Period, *, now: datetime, before: datetime | None = None) -> None:
        self._period, self._now, self._before = period, now, before
        self._judge()

    def _judge(self) -> None:
        """Measure and judge; what that stands on is read first, so that it is never newer than what is judged."""
        self._standing = self._stands_on()
        if self._before is None:
            self._judged = JudgedMonth.of(self._period, now=self._now)
        else:
            self._judged = JudgedMonth.before(self._before, self._period, now=self._now)

    def _stands_on(self) -> tuple[object, int]:
        agreement = self._period.agreement
        return measuring.standing(agreement, self._period.month), events_behind(agreement)

    def current(self) -> JudgedMonth:
        """Give the month as it stands by now, measured again if anything was recorded that it is made from.

        Who read what an account was told before asking for this knows no less than whoever told it did.
        """
        if self._stands_on() != self._standing:
            self._judge()
        return self._judged
