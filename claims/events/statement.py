"""What happens to an account's statement of a month."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from uuid import UUID

from eventstore import Event, event
from kernel.ids import AccountId
from kernel.money import Money
from kernel.months import Month


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """How many minutes of the month are in each class; they sum to the month (SEMANTICS 8).

    `unmeasured` counts the minutes that were unknown before the agreement's treatment of
    missing data: they are in one of the classes as well (SEMANTICS 5).
    """

    window: int
    unknown: int
    excused_leaving: int
    excused_as_up: int
    down: int
    up: int
    unmeasured: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TierHeld:
    """A tier and the minutes of the month, last exclusive, at whose start it was held."""

    tier: str
    first: int
    last: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What one version of a statement says (SEMANTICS 11 to 14).

    No `uptime`: not measurable. No `percent`: nothing is owed, `code` says why. A percent
    without a `base`: the amount awaits usage. `finding` holds the minutes themselves. `override`
    is the number of what was negotiated with the account and laid over the version, if anything was.
    """

    finding: UUID
    classes: Classes
    uptime: Fraction | None
    tier: str | None
    tiers: tuple[TierHeld, ...]
    target: Fraction | None
    row: str | None
    percent: Fraction | None
    base: Money | None
    credit: Money | None
    cap: Money | None
    code: str
    clause: str
    terms_version: int
    override: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What a later version changes: the new value less the old; None where there is no number."""

    down_minutes: int
    uptime: Fraction | None
    percent: Fraction | None
    credit: Money | None


@event("claims.statement_issued")
class StatementIssued(Event):
    """The month closed and the account was told what it was: version 1.

    `raised_at` is set where that came only after the close and pays: the account could claim
    nothing before it (SEMANTICS 20).
    """

    account: AccountId
    agreement: str
    month: Month
    figures: Figures
    issued_at: datetime
    raised_at: datetime | None = None


@event("claims.statement_completed")
class StatementCompleted(Event):
    """The usage that the amount was waiting for arrived (SEMANTICS 13)."""

    figures: Figures
    completed_at: datetime


@event("claims.statement_corrected")
class StatementCorrected(Event):
    """A correction, an exclusion or changed usage made a new version (SEMANTICS 13, 27).

    `raised_at` is the last instant at which a version first showed a miss that pays, or a
    higher credit than the version before it: entitlements count from it (SEMANTICS 20).
    """

    statement_version: int
    figures: Figures
    difference: Difference
    cause: str
    reason: str
    corrected_at: datetime
    raised_at: datetime | None
