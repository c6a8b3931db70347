"""What uptime measured, said in the words of claims: the one place that knows both."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from agreements.terms import Terms
from claims import measuring
from claims.events.finding import ExclusionUsed, Source
from claims.measuring import Group, Undecided
from claims.queries.periods import judging_terms
from kernel.intervals import Ranges
from kernel.minutes import MonthMinutes
from kernel.months import Month
from uptime import queries as uptime
from uptime.errors import ServiceUnknown
from uptime.rules.months import AppliedExclusion, MeasuredMonth
from uptime.rules.stretches import whole_minutes

NOTHING_MEASURED = "nothing"


def measured_month(agreement: str, month: Month, now: datetime) -> measuring.MeasuredMonth:
    """Give an agreement's month as it stands measured; what is not measured yet is unknown.

    Errors: LookupError where no version of the agreement judges the month.
    """
    published = judging_terms(agreement, month)
    if published is None:
        raise LookupError(f"{agreement} does not judge {month}")
    return measured_by(published.terms, agreement, month, now=now)


def measured_before(instant: datetime, agreement: str, month: Month, now: datetime) -> measuring.MeasuredMonth:
    """Give the same without the corrections and revocations since the instant.

    Errors: LookupError where no version of the agreement judges the month.
    """
    published = judging_terms(agreement, month)
    if published is None:
        raise LookupError(f"{agreement} does not judge {month}")
    terms = published.terms
    try:
        found = uptime.measured_before(instant, agreement, terms.service, month, terms=terms, now=now)
    except ServiceUnknown:
        return _unmeasured(agreement, month, terms)
    return _told(found, terms)


def measured_from(agreement: str, month: Month) -> int:
    """Tell cheaply what an agreement's month is measured from: another number where anything was recorded."""
    published = judging_terms(agreement, month)
    if published is None:
        return 0
    try:
        return uptime.events_behind(agreement, published.terms.service)
    except ServiceUnknown:
        return 0


def measured_by(terms: Terms, agreement: str, month: Month, *, now: datetime) -> measuring.MeasuredMonth:
    """Give an agreement's month as these terms measure, excuse and count it, whichever terms judge it."""
    try:
        found = uptime.measured(agreement, terms.service, month, terms=terms, now=now)
    except ServiceUnknown:
        return _unmeasured(agreement, month, terms)
    return _told(found, terms)


def _unmeasured(agreement: str, month: Month, terms: Terms) -> measuring.MeasuredMonth:
    first, last = month.first_minute(terms.zone), month.last_minute(terms.zone)
    nothing = Ranges.of((first, last))
    minutes = MonthMinutes(first=first, last=last, unknown=nothing, unmeasured=nothing)
    everybody = Group(minutes=minutes)
    return measuring.MeasuredMonth(agreement=agreement, month=month, reference=NOTHING_MEASURED, everybody=everybody)


def _told(found: MeasuredMonth, terms: Terms) -> measuring.MeasuredMonth:
    end = found.month.last_minute(terms.zone)
    groups = list(found.groups())
    named = {
        account: told
        for group in groups
        if group.accounts
        for told in [_group(found, group.minutes, group.accounts[0], terms, end)]
        for account in group.accounts
    }
    return measuring.MeasuredMonth(
        agreement=found.agreement,
        month=found.month,
        reference=str(uptime.month_id(uptime.service_id(found.agreement, found.service), found.month)),
        everybody=_group(found, found.minutes_for_others(), None, terms, end),
        named=named,
        sources=tuple(
            Source(service=found.service, monitor=one.monitor, checks=one.checks, digest=one.digest)
            for one in found.monitors
        ),
        undecided=tuple(_undecided(found.undecided, found.first, end)),
    )


def _group(found: MeasuredMonth, minutes: MonthMinutes, account: UUID | None, terms: Terms, end: int) -> Group:
    used = (_used(one, account, minutes, terms) for one in found.exclusions)
    return Group(minutes=_whole(minutes, end), exclusions=tuple(one for one in used if one))


def _whole(minutes: MonthMinutes, end: int) -> MonthMinutes:
    """Let a running month reach to its end: what has not happened yet is unknown."""
    if minutes.last >= end:
        return minutes
    ahead = Ranges.of((minutes.last, end))
    return replace(minutes, last=end, unknown=minutes.unknown | ahead, unmeasured=minutes.unmeasured | ahead)


def _used(applied: AppliedExclusion, account: UUID | None, minutes: MonthMinutes, terms: Terms) -> ExclusionUsed | None:
    """Say which minutes of the month an exclusion covers for the account, and by which clause."""
    excuse = applied.judged.excuse_for(account)
    if excuse is None:
        return None
    row = uptime.exclusion(applied.id)
    return ExclusionUsed(
        exclusion=applied.id,
        category=row.category,
        treatment=str(excuse.treatment),
        minutes=whole_minutes(excuse.stretches).clip(minutes.first, minutes.last),
        reason=row.reason,
        clause=terms.clause("excused", row.category),
    )


def _undecided(exclusions: Iterable[UUID], first: int, last: int) -> Iterable[Undecided]:
    for exclusion in exclusions:
        row = uptime.exclusion(exclusion)
        yield Undecided(
            exclusion=exclusion,
            minutes=Ranges.union(one.minutes_inside() for one in row.intervals).clip(first, last),
            sentence=f"An exclusion ({row.category.replace('_', ' ')}) is proposed and not decided: {row.reason}",
        )
