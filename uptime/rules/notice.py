"""Whether and for whom a planned window was announced in time (SEMANTICS 10)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal
from uuid import UUID

from kernel.intervals import EMPTY, Interval, Ranges
from uptime.events import Announcement, CalledOff
from uptime.rules.stretches import of_interval, until


@dataclass(frozen=True, slots=True)
class NoticeRule:
    """What the agreement asks of an announcement.

    `before` is the least time between notice and start; None asks only that the notice stood
    before the window began. A channel that is not named does not count. A mail counts for the
    account to which it was accepted, or from its first delivery for everybody.
    """

    before: timedelta | None
    channels: frozenset[str]
    by_mail: Literal["own_delivery", "first_delivery"] = "own_delivery"

    def in_time(self, announced_at: datetime, start: datetime) -> bool:
        """Judge one instant of notice: one second late is late, exactly in time is in time."""
        if self.before is None:
            return announced_at < start
        return announced_at <= start - self.before


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A planned window: its announcements, and how it went."""

    announcements: tuple[Announcement, ...]
    completed_at: datetime | None = None
    called_off: CalledOff | None = None


@dataclass(slots=True)
class Granted:
    """The stretches that the notice excuses, in microseconds: for everybody, and by account."""

    everybody: Ranges = EMPTY
    accounts: dict[UUID, Ranges] = field(default_factory=dict)

    def for_account(self, account: UUID | None) -> Ranges:
        """Give what is excused for one account; None stands for one that got no mail."""
        own = self.accounts.get(account, EMPTY) if account else EMPTY
        return self.everybody | own


def granted(window: Window, rule: NoticeRule) -> Granted:
    """Judge each announcement of the window by its own stretch's start.

    What is granted begins at the announced start, however late the work, and ends at the announced
    end or at the completion, whichever is earlier; a window that was called off grants nothing.
    """
    told = Granted()
    if window.called_off:
        return told
    for announcement in standing(window.announcements):
        stretch = until(of_interval(announcement.stretch), window.completed_at)
        _grant(told, announcement, stretch, rule)
    return told


def standing(announcements: Iterable[Announcement]) -> list[Announcement]:
    """Leave out what a later move took back; a move told again by another channel is one move."""
    kept: list[Announcement] = []
    moved_to: Interval | None = None
    for announcement in sorted(announcements, key=lambda told: told.announced_at):
        if announcement.act == "moved_window" and announcement.stretch != moved_to:
            kept, moved_to = [], announcement.stretch
        kept.append(announcement)
    return kept


def _grant(told: Granted, announcement: Announcement, stretch: Ranges, rule: NoticeRule) -> None:
    """Add a stretch for those whom this announcement reached in time."""
    start = announcement.stretch.start
    if announcement.channel not in rule.channels:
        return
    if announcement.channel == "page":
        if rule.in_time(announcement.announced_at, start):
            told.everybody |= stretch
        return
    in_time = [taken.account for taken in announcement.accepted if rule.in_time(taken.at, start)]
    if in_time and rule.by_mail == "first_delivery":
        told.everybody |= stretch
        return
    for account in in_time:
        told.accounts[account] = told.accounts.get(account, EMPTY) | stretch
