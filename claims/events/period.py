"""What happens to an agreement's month on its way to being closed (SEMANTICS 27)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from eventstore import Event, event
from kernel.intervals import Ranges
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class WaitingReason:
    """Why a month cannot close by itself, and about which of its minutes.

    `kind` is "unknown", "exclusion" (one is undecided) or "claim" (an open one contests
    minutes); `reference` is the id of the exclusion or claim.
    """

    kind: str
    reference: str
    minutes: Ranges
    sentence: str


@event("claims.period_opened")
class PeriodOpened(Event):
    """A month that the agreement judges began."""

    agreement: str
    month: Month
    terms_version: int
    begins_at: datetime
    ends_at: datetime
    close_due_at: datetime


@event("claims.period_waiting")
class PeriodWaiting(Event):
    """The month could not close by itself: an operator resolves or accepts the reasons."""

    reasons: tuple[WaitingReason, ...]
    since: datetime


@event("claims.period_unknown_accepted")
class PeriodUnknownAccepted(Event):
    """An operator accepted, by name and reason, that the month closes as it stands.

    `minutes` and `references` are all that was ever accepted for the month: unknown minutes
    and undecided items that appear later make it wait again.
    """

    accepted_by: str
    reason: str
    minutes: Ranges
    references: tuple[str, ...]
    accepted_at: datetime


@event("claims.period_closing")
class PeriodClosing(Event):
    """Nothing stands in the way any more: the statements are being issued.

    `measurement` names what the month shows, and so what they are made from.
    """

    measurement: str
    started_at: datetime


@event("claims.period_closed")
class PeriodClosed(Event):
    """Every account of the month has its statement, and none of them changes any more."""

    statements: int
    closed_at: datetime


@event("claims.period_review_asked")
class PeriodReviewAsked(Event):
    """Something happened that may change what accounts are told about the month.

    `published_at` is set where a correction or a revoked exclusion was published: an
    entitlement that only it shows counts its days from there (SEMANTICS 20).
    """

    cause: str
    reason: str
    published_at: datetime | None
    asked_at: datetime


@event("claims.period_reviewed")
class PeriodReviewed(Event):
    """Statements and entitlements of the month agree with what is known.

    `asked` counts the requests that this answered, `shown` names what the measurement shows.
    """

    asked: int
    shown: str
    statements: int
    entitlements: int
    reviewed_at: datetime
