"""What happens to a claim, in the words of the people who file and decide it."""

from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from uuid import UUID

from claims.events.ledger import reserved_for
from eventstore import Event, Private, event
from kernel.intervals import Interval
from kernel.money import Money
from kernel.months import Month

Times = tuple[Interval, ...]


@dataclass(frozen=True, slots=True)
class EvidenceFile:
    """One file of evidence: what it holds is on disk under `stored_as`, its hash is here."""

    id: UUID
    name: Private
    media_type: str
    size: int
    sha256: str
    stored_as: str


@dataclass(frozen=True, slots=True)
class SkippedDay:
    """A date that did not count towards a deadline, and why."""

    day: date
    why: str


@dataclass(frozen=True, slots=True)
class Settlement:
    """The deadline of the decision as it was computed, with how (SEMANTICS 18, 19).

    The first late instant is `due_at`, the midnight that ends the last counted day.
    """

    day_zero: date
    starts_at: datetime
    due_at: datetime
    warn_at: tuple[datetime, ...]
    zone: str
    counted: tuple[date, ...] = ()
    skipped: tuple[SkippedDay, ...] = ()


@event("claims.claim_filed")
class ClaimFiled(Event):
    """A customer claimed the credit of a month, in time; the whole month is claimed."""

    account: UUID
    agreement: str
    month: Month
    number: int
    terms_version: int
    received_at: datetime
    times: Times
    evidence: tuple[EvidenceFile, ...]
    words: Private | None
    missing: tuple[str, ...]
    bound: datetime | None
    bound_from: str
    settlement: Settlement
    override: int | None = None


@event("claims.filing_refused")
class FilingRefused(Event):
    """A filing could not be made; what was sent is kept, and the rule that it broke is named."""

    account: UUID
    agreement: str
    month: Month
    terms_version: int | None
    received_at: datetime
    times: Times
    evidence: tuple[EvidenceFile, ...]
    words: Private | None
    code: str
    clause: str
    sentence: str
    bound: datetime | None
    existing: UUID | None
    override: int | None = None


@event("claims.claim_taken_up")
class ClaimTakenUp(Event):
    """An operator began to examine the claim or its appeal."""

    taken_up_by: str


@event("claims.evidence_requested")
class EvidenceRequested(Event):
    """An operator asked the customer for parts of the claim.

    `pausing` are those that were missing at filing: only they stop the clock.
    """

    parts: tuple[str, ...]
    pausing: tuple[str, ...]
    question: Private
    requested_by: str
    requested_at: datetime
    answer_due_at: datetime
    settlement: Settlement


@event("claims.evidence_added")
class EvidenceAdded(Event):
    """The customer added files of evidence."""

    evidence: tuple[EvidenceFile, ...]
    words: Private | None
    added_by: str


@event("claims.times_added")
class TimesAdded(Event):
    """The customer added dates and times; `times` are all that the claim states now."""

    added: Times
    times: Times
    words: Private | None
    added_by: str


@event("claims.clock_resumed")
class ClockResumed(Event):
    """The last part that stopped the clock came; another that was asked for is still awaited (SEMANTICS 18)."""

    parts: tuple[str, ...]
    resumed_at: datetime
    pauses: tuple[Interval, ...]
    settlement: Settlement


@event("claims.request_answered")
class RequestAnswered(Event):
    """The customer gave every part that was asked for; the clock runs again."""

    parts: tuple[str, ...]
    answered_at: datetime
    pauses: tuple[Interval, ...]
    settlement: Settlement


@event("claims.request_lapsed")
class RequestLapsed(Event):
    """Ten business days passed without an answer: our own measurement decides (SEMANTICS 18)."""

    parts: tuple[str, ...]
    lapsed_at: datetime
    pauses: tuple[Interval, ...]
    settlement: Settlement


@event("claims.request_dropped")
class RequestDropped(Event):
    """An operator goes on without the parts that were asked for."""

    parts: tuple[str, ...]
    reason: str
    dropped_by: str
    dropped_at: datetime
    pauses: tuple[Interval, ...]
    settlement: Settlement


@event("claims.contest_granted")
class ContestGranted(Event):
    """An operator found the customer right about minutes measured up or unknown.

    The measurement is corrected by an event of its own; until then the stretch stays contested.
    `undecided` is what is left after this of what an approval left to be decided.
    """

    stretch: Interval
    code: str
    reason: str
    granted_by: str
    undecided: Times = ()


@event("claims.contest_denied")
class ContestDenied(Event):
    """An operator found the measurement right about minutes that the claim contests.

    `undecided` is what is left after this of what an approval left to be decided.
    """

    stretch: Interval
    code: str
    reason: str
    denied_by: str
    undecided: Times = ()


@event("claims.claim_prepared")
class ClaimPrepared(Event):
    """One person worked out the approval, for another to give where the amount asks for two."""

    statement_version: int
    credit: Money
    note: str
    prepared_by: str


@event("claims.claim_approved")
class ClaimApproved(Event):
    """The credit of the newest statement was granted; from here nothing is reduced.

    `undecided` are contested stretches that an approval by a missed deadline left to be decided:
    what is granted of them pays the difference.
    """

    statement_version: int
    terms_version: int
    tier: str | None
    uptime: Fraction | None
    percent: Fraction | None
    base: Money
    credit: Money
    cap: Money | None
    clause: str
    approved_by: str
    approved_at: datetime
    because: str
    override: int | None = None
    undecided: Times = ()


@event("claims.claim_rejected")
class ClaimRejected(Event):
    """The claim was rejected for a coded reason, with a time to appeal, or finally."""

    statement_version: int | None
    code: str
    clause: str
    sentence: str
    rejected_by: str
    rejected_at: datetime
    appeal_bound: datetime | None
    final_at: datetime | None


@event("claims.claim_appealed")
class ClaimAppealed(Event):
    """The customer appealed in time: ten new business days begin."""

    words: Private
    received_at: datetime
    settlement: Settlement


@event("claims.appeal_lapsed")
class AppealLapsed(Event):
    """Nobody appealed in time: the rejection is final."""

    lapsed_at: datetime


@event("claims.claim_withdrawn")
class ClaimWithdrawn(Event):
    """The claim was taken back while it was open; the month can be claimed again in time."""

    words: Private | None
    withdrawn_by: str
    withdrawn_at: datetime


@event("claims.credit_raised")
class CreditRaised(Event):
    """A newer statement shows a higher credit than the one approved, before it was posted."""

    statement_version: int
    before: Money
    credit: Money
    cap: Money | None


@event("claims.claim_credited")
class ClaimCredited(Event):
    """The approved credit stands in the account's ledger: the promise is kept.

    `cycle` is the one in which it was posted.
    """

    posted: Money
    cycle: Month
    credited_at: datetime

    @property
    def applies_to(self) -> Month:
        """The billing cycle whose bill it is set aside for."""
        return reserved_for(self.cycle)


@event("claims.difference_credited")
class DifferenceCredited(Event):
    """A newer statement shows a higher credit: the difference was posted without a new claim.

    `cycle` is the one in which it was posted.
    """

    statement_version: int
    before: Money
    credit: Money
    cap: Money | None
    posted: Money
    posted_in_all: Money
    cycle: Month

    @property
    def applies_to(self) -> Month:
        """The billing cycle whose bill it is set aside for."""
        return reserved_for(self.cycle)


@event("claims.credit_reversed")
class CreditReversed(Event):
    """An operator undid a posting of the credit; what was granted for it is never paid again.

    `posting` is its number in the account's ledger, `posted_in_all` what is left of all that was posted.
    """

    posting: int
    amount: Money
    posted_in_all: Money
    reason: str
    reversed_by: str


@event("claims.settlement_warned")
class SettlementWarned(Event):
    """Part of the time to decide has passed (SEMANTICS 19); `settlement` has the warnings left."""

    moment: datetime
    due_at: datetime
    settlement: Settlement


@event("claims.settlement_moved")
class SettlementMoved(Event):
    """An operator moved the deadline by name and reason (SEMANTICS 24)."""

    settlement: Settlement
    before: datetime
    reason: str
    moved_by: str


@event("claims.settlement_missed")
class SettlementMissed(Event):
    """The claim was neither credited nor rejected within its time; it is still to be decided.

    `then` is what the agreement says: "escalate" or "approve".
    """

    due_at: datetime
    then: str
