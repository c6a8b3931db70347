"""May a claim be filed, approved, rejected, appealed (SEMANTICS 16 to 18, 20)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from uuid import UUID

from claims.errors import TimesInFuture, TimesOutsideMonth
from claims.events.claim import Times
from claims.events.entitlement import Bound
from kernel import shown
from kernel.dates import date_at
from kernel.intervals import EPOCH, MINUTE, Interval, Ranges, instant_of, minute_of
from kernel.minutes import MonthMinutes
from kernel.months import Month

TIMES = "times"
EVIDENCE = "evidence"
PARTS = (TIMES, EVIDENCE)
MOST_TIMES = 50  # that one message may state, by form or by API

OTHER_ACCOUNT = "other_account"
NO_CREDIT = "no_credit"
NOT_BEGUN = "month_not_begun"
DUPLICATE = "duplicate"
NO_TIER = "no_tier"
FREE_TIER = "free_tier"
LATE = "late"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a filing may not be made; `code` is stable, `rule` names the terms that say so."""

    code: str
    sentence: str
    rule: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlierClaim:
    """Another claim of the account for the month, as far as a new filing is concerned.

    `rejected_by` is the statement's version by which it was rejected.
    """

    id: UUID
    state: str
    rejected_at: datetime | None
    rejected_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Entitled:
    """The newest entitlement of the account and month.

    `opened_at` is the instant at which the review began that opened it, `used_by` the claim that
    used it, `version` the statement's as it is now.
    """

    opened_at: datetime
    used_by: UUID | None = None
    ended: bool = False
    version: int = 0

    def came_after(self, rejected: EarlierClaim) -> bool:
        """Whether it opened after the rejection, or by a later statement than the rejection knew.

        A review of all accounts that had begun before the rejection may come to this one after it.
        """
        if rejected.rejected_at is None:
            return False
        shows_more = rejected.rejected_by is not None and rejected.rejected_by < self.version
        overtaken = shows_more and self.used_by != rejected.id and not self.ended
        return overtaken or rejected.rejected_at < self.opened_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """A filing and everything that decides whether it may be made."""

    received_at: datetime
    month: Month
    month_begins: datetime
    zone: tzinfo
    stated_account: str | None
    account_number: str
    promises_credit: bool
    tiers: tuple[str, ...]
    tiers_that_earn: frozenset[str]
    blocking: UUID | None
    bound: Bound | None


def refuse(filing: Filing) -> Refusal | None:
    """Find the first rule that the filing breaks; None: it may be made (SEMANTICS 17)."""
    for check in (_other_account, _no_credit, _not_begun, _duplicate, _tier, _late):
        if refusal := check(filing):
            return refusal
    return None


def _other_account(filing: Filing) -> Refusal | None:
    if filing.stated_account in (None, filing.account_number):
        return None
    sentence = "The claim names another account than the one that sent it."
    return Refusal(OTHER_ACCOUNT, sentence, ("claims", "request", "parts", "account"))


def _no_credit(filing: Filing) -> Refusal | None:
    if filing.promises_credit:
        return None
    sentence = f"No agreement that pays credit was in force in {filing.month}."
    return Refusal(NO_CREDIT, sentence, ("commitments",))


def _not_begun(filing: Filing) -> Refusal | None:
    if filing.received_at >= filing.month_begins:
        return None
    return Refusal(NOT_BEGUN, f"The month {filing.month} has not begun.", ("claims",))


def _duplicate(filing: Filing) -> Refusal | None:
    if filing.blocking is None:
        return None
    sentence = f"There is a claim for {filing.month} already, and it stands."
    return Refusal(DUPLICATE, sentence, ("claims",))


def _tier(filing: Filing) -> Refusal | None:
    if not filing.tiers:
        return Refusal(NO_TIER, f"The account held no tier in {filing.month}.", ("tiers",))
    if filing.tiers_that_earn.isdisjoint(filing.tiers):
        held = ", ".join(filing.tiers)
        sentence = f"The tier held in {filing.month} ({held}) earns no credit."
        return Refusal(FREE_TIER, sentence, ("tiers", filing.tiers[-1]))
    return None


def _late(filing: Filing) -> Refusal | None:
    if filing.bound is None or filing.received_at < filing.bound.until:
        return None
    received = date_at(filing.received_at, filing.zone)
    sentence = (
        f"The claim was received on {_told(received)}; the last day to file it was "
        f"{_told(filing.bound.last_day)} ({filing.zone})."
    )
    return Refusal(LATE, sentence, ("claims", "file_within"))


def _told(day: date) -> str:
    return f"{day.day} {day:%B %Y}"


def blocking(claims: Iterable[EarlierClaim], *, entitled: Entitled | None) -> UUID | None:
    """Find the claim that a new one for the month would repeat (SEMANTICS 17, 20).

    A withdrawn one is none, and a rejected one is none for an entitlement that opened after
    the rejection, or by a later version of the statement than it was rejected by.
    """
    standing = (one for one in claims if not _made_way(one, entitled))
    return next((one.id for one in standing), None)


def _made_way(claim: EarlierClaim, entitled: Entitled | None) -> bool:
    if claim.state == "withdrawn":
        return True
    return claim.state == "rejected" and entitled is not None and entitled.came_after(claim)


def claimed_until(times: Times) -> datetime | None:
    """Tell the end of the last claimed stretch; None without times."""
    return max((one.end for one in times), default=None)


def merged(before: Times, added: Times) -> Times:
    """Add claimed times to those stated before, each once, in order."""
    return tuple(sorted({*before, *added}, key=lambda one: (one.start, one.end)))


def missing(required: Sequence[str], *, times: Times, files: int) -> tuple[str, ...]:
    """Tell which parts the claim lacks; the account is known from who sent it."""
    present = {TIMES: bool(times), EVIDENCE: files > 0}
    return tuple(part for part in required if not present.get(part, True))


def claimed_minutes(stretch: Interval) -> Ranges:
    """Give the minutes that lie wholly in a claimed stretch, or the ones that it touches."""
    first, end = -((EPOCH - stretch.start) // MINUTE), minute_of(stretch.end)
    if first < end:
        return Ranges.of((first, end))
    return Ranges.of((minute_of(stretch.start), -((EPOCH - stretch.end) // MINUTE)))


def contested(times: Times, minutes: MonthMinutes, *, denied: Times = ()) -> Ranges:
    """Find the claimed minutes of the month that were measured up or unknown (SEMANTICS 17).

    A stretch stops being contested when it is denied, or when a correction shows it down.
    """
    claimed = Ranges.union(claimed_minutes(one) for one in times)
    settled = Ranges.union(claimed_minutes(one) for one in denied)
    return claimed & (minutes.up | minutes.unknown) - settled


def stretches_of(minutes: Ranges) -> Times:
    """Write minutes as the stretches of time that they make."""
    return tuple(Interval(instant_of(start), instant_of(end)) for start, end in minutes)


def require_times(times: Times, month: Month, zone: tzinfo, *, received_at: datetime) -> None:
    """Refuse times that no claim of the month can mean. Errors: TimesOutsideMonth, TimesInFuture.

    Where nothing was measured, the bound runs from their end: one that lies ahead would make any filing timely.
    """
    for number, one in enumerate(times):
        if one.end <= month.start(zone) or one.start >= month.end(zone):
            ends = one.end <= month.start(zone)
            edge = f"ends on {shown.instant(one.end, zone)}" if ends else f"begins on {shown.instant(one.start, zone)}"
            sentence = f"The claimed time {edge}, and does not touch {shown.month(month)}."
            raise TimesOutsideMonth(sentence, number=number)
        require_past(one, zone, now=received_at, number=number)


def require_past(stretch: Interval, zone: tzinfo, *, now: datetime, number: int | None = None) -> None:
    """Refuse a stretch that goes on. Errors: TimesInFuture."""
    if stretch.end > now:
        sentence = f"The claimed time ends on {shown.instant(stretch.end, zone)}, which has not passed yet."
        raise TimesInFuture(sentence, number=number)
