"""What decides whether a version may be drafted, announced and withdrawn, and when it takes effect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final, Protocol, TypeVar

from agreements.errors import (
    AnotherIsOnItsWay,
    CurrencyChanged,
    EndsBeforeItBegins,
    NotADraft,
    NotAgreeable,
    NotWithdrawable,
    StartsBeforeItsPredecessor,
    StartsInThePast,
    StartsWithinAPeriod,
    TooLateToAnnounce,
)
from agreements.standing import BOUND, CERTAIN, COMING, WITHDRAWABLE, Standing
from agreements.terms import Terms
from kernel import shown
from kernel.dates import date_at, start_of
from kernel.months import Month


class Standed(Protocol):
    """A version as these rules see it."""

    @property
    def number(self) -> int:
        """Its number."""

    @property
    def standing(self) -> Standing:
        """How it stands."""

    @property
    def in_force_from(self) -> datetime:
        """Its first instant."""

    @property
    def ends_at(self) -> datetime | None:
        """From when it applies no more without another in its place, if that was said in advance."""


One = TypeVar("One", bound=Standed)


def digest_of(text: str) -> str:
    """Name a text by its SHA-256."""
    return sha256(text.encode()).hexdigest()


def require_start(terms: Terms, start: datetime, *, others: Sequence[Standed], now: datetime) -> None:
    """Refuse a start that would reach back, or not begin with a billing period (SEMANTICS 25).

    `others` are the other versions of the same; those that are over or drafts do not count.
    """
    clause = terms.clause("changes")
    taken = [one.in_force_from for one in others if one.standing in BOUND | COMING]
    if taken and start <= max(taken):
        raise StartsBeforeItsPredecessor(clause=clause)
    if not _begins_a_period(terms, start):
        raise StartsWithinAPeriod(clause=clause)
    if start < now:
        raise StartsInThePast(clause=clause)


def newest(versions: Sequence[One]) -> One:
    """Give the version that is in force last, of those that are or will be; a draft is none of them."""
    return max((one for one in versions if one.standing in BOUND | COMING), key=lambda one: one.in_force_from)


def require_currency(terms: Terms, first: Terms) -> None:
    """Refuse a version in another currency than the first: credit is held, drawn and capped in one."""
    if terms.currency != first.currency:
        raise CurrencyChanged(clause=terms.clause("changes"))


def require_end(terms: Terms, start: datetime, end: datetime | None) -> None:
    """Refuse an end within a billing period, or before the first of them is over."""
    if end is not None and (end <= start or not _begins_a_period(terms, end)):
        raise EndsBeforeItBegins(clause=terms.clause("changes"))


def _begins_a_period(terms: Terms, at: datetime) -> bool:
    return at == Month.of(at, terms.zone).start(terms.zone)


def notice_until(governing: Terms, start: datetime) -> datetime:
    """Tell the last instant at which an announcement of a version that starts then is in time.

    The notice is that of the version which the new one replaces, in calendar days of its zone:
    a version from 1 February with 30 days' notice goes out by the first instant of 2 January.
    """
    notice = governing.changes.notice
    if not notice:
        return start
    day = date_at(start, governing.zone) - timedelta(days=notice)
    return min(start_of(day, governing.zone), start)


LATER: Final = "Draft it again with a later start."


def require_notice(governing: Terms, start: datetime, *, now: datetime, mend: str = LATER) -> datetime:
    """Give the last instant for the announcement. Errors: TooLateToAnnounce."""
    until = notice_until(governing, start)
    if now > until:
        told = shown.instant(until, governing.zone)
        raise TooLateToAnnounce(
            f"The agreement asks for {governing.changes.notice} days' notice: this version had to be announced by "
            f"{told}. {mend}",
            clause=governing.clause("changes", "notice"),
        )
    return until


def require_announceable(version: Standed, *, others: Sequence[Standed]) -> None:
    """Refuse to announce what is no draft, and a second change before the first has come.

    What differs from a version that may still be withdrawn could not be told.
    """
    if version.standing != Standing.DRAFT:
        raise NotADraft
    _require_alone(others)


def require_withdrawable(version: Standed, *, now: datetime) -> None:
    """Refuse to take back what is in force or over; a draft binds nobody whatever its start."""
    in_force = version.standing != Standing.DRAFT and version.in_force_from <= now
    if version.standing not in WITHDRAWABLE or in_force:
        raise NotWithdrawable


def require_agreeable(version: Standed, *, others: Sequence[Standed]) -> None:
    """Refuse consent to what is in force, over, or agreed on already, and to a second change before the first."""
    if version.standing not in (Standing.DRAFT, Standing.ANNOUNCED):
        raise NotAgreeable
    _require_alone(others)


def _require_alone(others: Sequence[Standed]) -> None:
    if any(one.standing in (Standing.ANNOUNCED, Standing.NOTIFIED, Standing.AGREED) for one in others):
        raise AnotherIsOnItsWay


@dataclass(frozen=True, slots=True)
class Begins:
    """A version that comes into force, and the one that it supersedes."""

    number: int
    superseded: int | None
    at: datetime


@dataclass(frozen=True, slots=True)
class Ends:
    """A version whose time is over, with none in its place."""

    number: int
    at: datetime


def in_turn(versions: Sequence[Standed], *, now: datetime) -> list[Begins | Ends]:
    """List what comes into force and what ends by now, in that order of time."""
    coming = [one for one in versions if one.standing in CERTAIN and one.in_force_from <= now]
    present = next((one for one in versions if one.standing == Standing.IN_FORCE), None)
    found: list[Begins | Ends] = []
    for one in sorted(coming, key=lambda one: one.in_force_from):
        if present and (end := _ended(present, by=one.in_force_from)):
            found.append(Ends(present.number, end))
            present = None
        found.append(Begins(one.number, present.number if present else None, one.in_force_from))
        present = one
    if present and (end := _ended(present, by=now)):
        found.append(Ends(present.number, end))
    return found


def _ended(version: Standed, *, by: datetime) -> datetime | None:
    return version.ends_at if version.ends_at is not None and version.ends_at <= by else None
