"""What decides whether a version may be drafted, announced and withdrawn, and when it takes effect."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Protocol

from agreements.errors import (
    AnotherIsOnItsWay,
    NotADraft,
    NotWithdrawable,
    StartsBeforeItsPredecessor,
    StartsInThePast,
    StartsWithinAPeriod,
    TooLateToAnnounce,
)
from agreements.standing import BOUND, COMING, WITHDRAWABLE, Standing
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


def digest_of(text: str) -> str:
    """Name a text by its SHA-256."""
    return sha256(text.encode()).hexdigest()


def require_start(terms: Terms, *, others: Sequence[Standed], now: datetime) -> None:
    """Refuse a start that would reach back, or not begin with a billing period (SEMANTICS 25).

    `others` are the agreement's other versions; those that are over or drafts do not count.
    """
    clause = terms.clause("changes")
    start = terms.in_force_from
    taken = [one.in_force_from for one in others if one.standing in BOUND | COMING]
    if taken and start <= max(taken):
        raise StartsBeforeItsPredecessor(clause=clause)
    if start != Month.of(start, terms.zone).start(terms.zone):
        raise StartsWithinAPeriod(clause=clause)
    if start < now:
        raise StartsInThePast(clause=clause)


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


def require_notice(governing: Terms, start: datetime, *, now: datetime) -> datetime:
    """Give the last instant for the announcement. Errors: TooLateToAnnounce."""
    until = notice_until(governing, start)
    if now > until:
        told = shown.instant(until, governing.zone)
        raise TooLateToAnnounce(
            f"The agreement asks for {governing.changes.notice} days' notice: this version had to be announced by "
            f"{told}. Draft it again with a later start.",
            clause=governing.clause("changes", "notice"),
        )
    return until


def require_announceable(version: Standed, *, others: Sequence[Standed]) -> None:
    """Refuse to announce what is no draft, and a second change before the first has come.

    What differs from a version that may still be withdrawn could not be told.
    """
    if version.standing != Standing.DRAFT:
        raise NotADraft
    if any(one.standing in (Standing.ANNOUNCED, Standing.NOTIFIED) for one in others):
        raise AnotherIsOnItsWay


def require_withdrawable(version: Standed, *, now: datetime) -> None:
    """Refuse to take back what is in force or over; a draft binds nobody whatever its start."""
    in_force = version.standing != Standing.DRAFT and version.in_force_from <= now
    if version.standing not in WITHDRAWABLE or in_force:
        raise NotWithdrawable


def taking_effect(versions: Sequence[Standed], *, now: datetime) -> list[tuple[int, int | None, datetime]]:
    """List what comes into force by now: the number, the number that it supersedes, and when."""
    coming = [one for one in versions if one.standing in (Standing.PUBLISHED, Standing.NOTIFIED)]
    due = sorted((one for one in coming if one.in_force_from <= now), key=lambda one: one.in_force_from)
    before = next((one.number for one in versions if one.standing == Standing.IN_FORCE), None)
    found = []
    for one in due:
        found.append((one.number, before, one.in_force_from))
        before = one.number
    return found
