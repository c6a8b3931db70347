"""Which entitlement an account has for a month, and when it opens, moves and ends (SEMANTICS 20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from fractions import Fraction

from agreements.judging import judge
from agreements.terms import Terms
from claims.events.entitlement import Bound, Due
from claims.events.statement import Figures, TierHeld
from claims.rules.filing_bound import (
    BY_PUBLICATION,
    BY_TOLD,
    FilingRule,
    Incident,
    incident_bound,
    known_bound,
    latest,
    publication_bound,
    reminders,
    told_bound,
)
from claims.rules.statement import judging_tier
from kernel.dates import date_at
from kernel.minutes import MonthMinutes

CERTAIN_MISS = "certain_miss"
STATEMENT = "statement"
CORRECTION = "correction"
LATER_OUTAGE = "later_outage"

CAN_BE_MET = "can_be_met"
NOTHING_USED = "nothing_used"
NO_STATEMENT = "no_statement"

WHY_ENDED = {
    "met": "The month meets its target after all.",
    CAN_BE_MET: "The month can meet its target again.",
    NOTHING_USED: "Nothing was used in the month, so there is nothing to credit.",
}
ENDED = "The month pays no credit after all."

OUTAGE_OPEN = "an outage of the month is still open"
OUTAGE_ENDED = "an outage of the month ended later"
MOVED_BY = {BY_PUBLICATION: "a correction was published", BY_TOLD: "a claim was told a later last day"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What a month shows for an account at this moment.

    No `due`: it pays nothing, for the reason `code`. `raised_at` is the publication of the
    last correction that first showed a miss or a higher credit, `version` the statement's.
    """

    due: Due | None
    code: str
    incident: Incident | None
    closed: bool
    raised_at: datetime | None = None
    version: int = 0


def stated(
    figures: Figures | None, incident: Incident | None, raised_at: datetime | None, version: int = 0
) -> Standing:
    """Tell what a closed month shows: what its statement says; None for an account without one."""
    return Standing(
        due=stated_due(figures) if figures else None,
        code=_why_nothing(figures) if figures else NO_STATEMENT,
        incident=incident,
        closed=True,
        raised_at=raised_at,
        version=version,
    )


def _why_nothing(figures: Figures) -> str:
    return figures.code if figures.percent is None else NOTHING_USED


def running(due: Due | None, incident: Incident | None, raised_at: datetime | None) -> Standing:
    """Tell what a month shows that is not closed: what is certain to be owed."""
    return Standing(due=due, code=CAN_BE_MET, incident=incident, closed=False, raised_at=raised_at)


def raises(before: Fraction | None, after: Fraction | None) -> bool:
    """Whether the percent that is owed is the first, or higher than it was (SEMANTICS 20)."""
    return (before or 0) < (after or 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimsOfMonth:
    """What became of the account's claims for the month; refused filings do not count.

    `rejected_by` is the statement's version by which the last of them was rejected. `told_until`
    is the latest bound that a filing was answered with, at `told_at`.
    """

    covering: bool = False
    withdrawn: bool = False
    rejected_at: datetime | None = None
    rejected_by: int | None = None
    told_until: datetime | None = None
    told_at: datetime | None = None

    def told(self, zone: tzinfo) -> Bound | None:
        """Give the latest bound that a filing was answered with, which never moves earlier."""
        if self.told_until is None or self.told_at is None:
            return None
        return told_bound(self.told_until, self.told_at, zone)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The newest entitlement of an account and month, as it was told.

    `bound` is None while an outage is open; `promised` is the latest bound ever told. `version` is
    that of its stream when it was read.
    """

    number: int
    state: str
    opened_on: date
    opened_at: datetime
    bound: Bound | None
    promised: Bound | None
    version: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Open:
    """Open the entitlement of this number."""

    number: int
    cause: str
    due: Due
    bound: Bound | None
    remind_at: tuple[datetime, ...]
    opened_on: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Tell a later bound, or that there is none while an outage is open."""

    bound: Bound | None
    remind_at: tuple[datetime, ...]
    due: Due
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restore:
    """Give back what a withdrawn claim had used, and `then` tell the bound that it has by now."""

    remind_at: tuple[datetime, ...]
    then: Move | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class End:
    """End what nobody used: the month pays nothing after all."""

    code: str


Decision = Open | Move | Restore | End


@dataclass(frozen=True, slots=True, kw_only=True)
class Reviewed:
    """One account's month under review: what was told, what it shows, what was claimed."""

    rule: FilingRule
    told: Told | None
    standing: Standing
    claims: ClaimsOfMonth
    now: datetime

    def decision(self) -> Decision | None:
        """Tell what has to change; None: what was told is what should be told."""
        if self.told is not None and self.told.state == "open":
            return self._kept(self.told)
        due = self.standing.due
        if due is None or self.claims.covering:
            return None
        if self.told is not None and self._may_be_filed_again(self.told):
            return Restore(remind_at=self._remind_at(self.told.bound), then=self._moved(self.told, due))
        return self._opened(due) if self._may_open() else None

    def _kept(self, told: Told) -> Decision | None:
        """Decide about an open one: end it, move its bound later, or leave it."""
        if self.claims.covering:
            return None
        if self.standing.due is None:
            return End(code=self.standing.code)
        return self._moved(told, self.standing.due)

    def _moved(self, told: Told, due: Due) -> Move | None:
        """Tell the bound if it is another than was told; it never moves earlier."""
        bound = self._bound(told.opened_on, promised=told.promised)
        if bound == told.bound or (told.bound and bound and bound.until <= told.bound.until):
            return None
        return Move(bound=bound, remind_at=self._remind_at(bound), due=due, reason=_reason(bound))

    def _opened(self, due: Due) -> Open:
        opened_on = date_at(self.now, self.rule.zone)
        bound = self._bound(opened_on, promised=self.told.promised if self.told else None)
        return Open(
            number=self.told.number + 1 if self.told else 1,
            cause=self._cause(),
            due=due,
            bound=bound,
            remind_at=self._remind_at(bound),
            opened_on=opened_on,
        )

    def _bound(self, opened_on: date, *, promised: Bound | None) -> Bound | None:
        """Take the latest of all bounds that apply; none while an outage is open."""
        incident = self.standing.incident
        if incident is not None and incident.ended_at is None:
            return None
        known = known_bound(opened_on, self.rule)
        told = self.claims.told(self.rule.zone)
        return latest(promised, self._incident_bound(), self._publication(), known, told)

    def _incident_bound(self) -> Bound | None:
        incident = self.standing.incident
        if incident is None or incident.ended_at is None:
            return None
        return incident_bound(incident.ended_at, self.rule)

    def _publication(self) -> Bound | None:
        raised_at = self.standing.raised_at
        return publication_bound(raised_at, self.rule) if raised_at else None

    def _remind_at(self, bound: Bound | None) -> tuple[datetime, ...]:
        return reminders(bound, self.rule, after=self.now) if bound else ()

    def _may_be_filed_again(self, told: Told) -> bool:
        """Whether the claim that used it was withdrawn within the bound (SEMANTICS 17).

        Where an outage was open when it was used, none had been told: what it is by now counts.
        """
        if told.state != "used" or self.claims.rejected_at:
            return False
        bound = told.bound or self._bound(told.opened_on, promised=told.promised)
        return self.claims.withdrawn and (bound is None or self.now < bound.until)

    def _may_open(self) -> bool:
        """Whether there is news: a first miss, a raise, or an outage after what lapsed."""
        if self._raised_since():
            return True
        if self.claims.rejected_at is not None:
            return False
        if self.told is None or self.told.state == "ended":
            return True
        return self._later_outage(self.told)

    def _raised_since(self) -> bool:
        """Whether a correction raised the month after all that was told and rejected."""
        raised_at = self.standing.raised_at
        if raised_at is None or self._rejected_with(raised_at):
            return False
        return self.told is None or raised_at > self.told.opened_at

    def _rejected_with(self, raised_at: datetime) -> bool:
        """Whether a rejection knew what was raised: one by an earlier version did not, whenever it was given.

        A run over all accounts bears the instant at which it began.
        """
        rejected_at, by = self.claims.rejected_at, self.claims.rejected_by
        overtaken = by is not None and by < self.standing.version
        return rejected_at is not None and raised_at <= rejected_at and not overtaken

    def _later_outage(self, told: Told) -> bool:
        """Whether an outage that came to light may be claimed longer than what was told, or a filing was told so."""
        incident, bound = self.standing.incident, latest(self._incident_bound(), self.claims.told(self.rule.zone))
        if incident is not None and incident.ended_at is None:
            return True
        promised = told.promised
        if bound is None or promised is None:
            return False
        return promised.until < bound.until and self.now < bound.until

    def _cause(self) -> str:
        if self._raised_since():
            return CORRECTION
        if self.told is not None and self.told.state != "ended":
            return LATER_OUTAGE
        return STATEMENT if self.standing.closed else CERTAIN_MISS


def _reason(bound: Bound | None) -> str:
    if bound is None:
        return OUTAGE_OPEN
    return MOVED_BY.get(bound.by, OUTAGE_ENDED)


def certain_due(so_far: MonthMinutes, held: tuple[TierHeld, ...], terms: Terms, *, end: int) -> Due | None:
    """Tell what a month that is not closed owes in any case: None while it can meet its target.

    `so_far` has the month's minutes up to now, `end` is the minute after the month's last. The
    best case is a month in which every minute counts and every minute that was not measured down
    is up: what is unknown may be found to be up, also where the agreement counts it as down, and a
    window may be cancelled, so that both can make a miss certain only at the close.
    """
    best = MonthMinutes(first=so_far.first, last=end, down=so_far.down - so_far.unmeasured)
    tier = judging_tier(best, held, terms)
    judged = judge(terms, tier=tier, uptime=best.uptime, base=None)
    if not judged.missed or not judged.percent or judged.target is None:
        return None
    return Due(
        tier=tier or "",
        target=judged.target,
        uptime=best.uptime or Fraction(0),
        percent=judged.percent,
        credit=None,
        down_minutes=best.down.total,
    )


def stated_due(figures: Figures) -> Due | None:
    """Tell what a statement owes; one that would pay nothing opens nothing."""
    nothing = figures.credit is not None and not figures.credit
    if figures.percent is None or figures.target is None or nothing:
        return None
    return Due(
        tier=figures.tier or "",
        target=figures.target,
        uptime=figures.uptime or Fraction(0),
        percent=figures.percent,
        credit=figures.credit,
        down_minutes=figures.classes.down,
    )
