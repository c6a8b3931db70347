"""What a customer is told about a claim, at each of its steps."""

from dataclasses import dataclass
from typing import ClassVar

from notices.kinds.base import CustomerNotice


@dataclass(frozen=True, kw_only=True)
class ClaimNotice(CustomerNotice):
    """A step of one claim: `month` as "October 2026", `claim` its reference, `clause` the rule."""

    month: str
    claim: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class ClaimFiled(ClaimNotice):
    """A claim has arrived; it is settled by `settle_by`. What it lacks is asked for under `parts_clause`."""

    kind: ClassVar[str] = "claim_filed"
    subject: ClassVar[str] = "Your claim for {month} has arrived ({claim})"

    filed_at: str
    settle_by: str
    missing: tuple[str, ...] = ()
    parts_clause: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimRefused(ClaimNotice):
    """A filing may not be made; `remedy` says what can be done instead, if anything."""

    kind: ClassVar[str] = "claim_refused"
    subject: ClassVar[str] = "Your claim for {month} could not be accepted"

    filed_at: str
    reason: str
    remedy: str = ""


@dataclass(frozen=True, kw_only=True)
class ClaimTakenUp(ClaimNotice):
    """A person has begun to check the claim."""

    kind: ClassVar[str] = "claim_taken_up"
    subject: ClassVar[str] = "We are checking your claim for {month} ({claim})"

    settle_by: str


@dataclass(frozen=True, kw_only=True)
class EvidenceWanted(ClaimNotice):
    """Something is missing; `pauses` tells whether the time to settle stands still meanwhile."""

    kind: ClassVar[str] = "evidence_wanted"
    subject: ClassVar[str] = "We need something for your claim for {month} ({claim})"

    wanted: tuple[str, ...]
    answer_by: str
    settle_by: str
    pauses: bool


@dataclass(frozen=True, kw_only=True)
class EvidenceLapsed(ClaimNotice):
    """What was asked for did not come in time; the claim is decided without it, by `settle_by`."""

    kind: ClassVar[str] = "evidence_lapsed"
    subject: ClassVar[str] = "We go on with your claim for {month} ({claim})"

    wanted: tuple[str, ...]
    settle_by: str


@dataclass(frozen=True, kw_only=True)
class AnswerArrived(ClaimNotice):
    """What was asked for has come, or the part that stopped the clock; `wanted` is still awaited by `answer_by`."""

    kind: ClassVar[str] = "answer_arrived"
    subject: ClassVar[str] = "What you sent for {month} has arrived ({claim})"

    settle_by: str
    wanted: tuple[str, ...] = ()
    answer_by: str = ""


@dataclass(frozen=True, kw_only=True)
class RequestDropped(ClaimNotice):
    """What was asked for is not waited for any more, for a reason; `is_open` tells whether it can be added still."""

    kind: ClassVar[str] = "request_dropped"
    subject: ClassVar[str] = "We go on with your claim for {month} ({claim})"

    wanted: tuple[str, ...]
    reason: str
    settle_by: str
    is_open: bool


@dataclass(frozen=True, kw_only=True)
class SettlementMoved(ClaimNotice):
    """The provider moved the last day of the decision from `settled_by` to `settle_by`, for a reason."""

    kind: ClassVar[str] = "settlement_moved"
    subject: ClassVar[str] = "Your claim for {month} takes longer ({claim})"

    settled_by: str
    settle_by: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ContestGranted(ClaimNotice):
    """The customer was right about a time that had been measured otherwise; `consequence` says what follows."""

    kind: ClassVar[str] = "contest_granted"
    subject: ClassVar[str] = "You were right about a time in your claim for {month} ({claim})"

    starts_at: str
    ends_at: str
    finding: str
    reason: str
    consequence: str


@dataclass(frozen=True, kw_only=True)
class ContestDenied(ClaimNotice):
    """The measurement stands against a time that the customer claimed; `remedy` says what can be done."""

    kind: ClassVar[str] = "contest_denied"
    subject: ClassVar[str] = "A time in your claim for {month} does not count as down ({claim})"

    starts_at: str
    ends_at: str
    finding: str
    reason: str
    remedy: str


@dataclass(frozen=True, kw_only=True)
class ClaimApproved(ClaimNotice):
    """The credit is granted and will be posted by `settle_by`, which is empty where that has passed.

    `undecided` are times that are decided after it.
    """

    kind: ClassVar[str] = "claim_approved"
    subject: ClassVar[str] = "Your claim for {month} is approved: {credit}"

    uptime: str
    target: str
    percent: str
    usage: str
    credit: str
    settle_by: str
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class CreditRaised(ClaimNotice):
    """A corrected statement gives more than was approved, before it was posted; `settle_by` as in an approval."""

    kind: ClassVar[str] = "credit_raised"
    subject: ClassVar[str] = "Your credit for {month} is higher: {credit}"

    version: str
    before: str
    uptime: str
    target: str
    percent: str
    usage: str
    credit: str
    settle_by: str


@dataclass(frozen=True, kw_only=True)
class ClaimCredited(ClaimNotice):
    """The credit is on the account; `applies_to` names the billing cycle that draws it."""

    kind: ClassVar[str] = "claim_credited"
    subject: ClassVar[str] = "{credit} credited for {month}"

    uptime: str
    target: str
    percent: str
    usage: str
    credit: str
    balance: str
    applies_to: str


@dataclass(frozen=True, kw_only=True)
class CreditReversed(ClaimNotice):
    """A credit that should not have been posted is undone; `left` is what stands of the claim's credit."""

    kind: ClassVar[str] = "credit_reversed"
    subject: ClassVar[str] = "{credit} of your credit for {month} is taken back ({claim})"

    credit: str
    left: str
    balance: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class ClaimRejected(ClaimNotice):
    """The claim is rejected for a reason; `appeal_by` is empty where no appeal is left."""

    kind: ClassVar[str] = "claim_rejected"
    subject: ClassVar[str] = "Your claim for {month} is rejected ({claim})"

    reason: str
    appeal_by: str = ""


@dataclass(frozen=True, kw_only=True)
class AppealLapsed(ClaimNotice):
    """Nobody appealed in time; `appeal_by` was the last day."""

    kind: ClassVar[str] = "appeal_lapsed"
    subject: ClassVar[str] = "The decision on your claim for {month} is final ({claim})"

    appeal_by: str


@dataclass(frozen=True, kw_only=True)
class ClaimWithdrawn(ClaimNotice):
    """The customer took the claim back; `file_again_by` is empty where it is too late for that.

    It is empty too where there is no last day yet, for an outage of the month is open.
    """

    kind: ClassVar[str] = "claim_withdrawn"
    subject: ClassVar[str] = "Your claim for {month} is withdrawn ({claim})"

    file_again_by: str = ""
    outage_open: bool = False


@dataclass(frozen=True, kw_only=True)
class ClaimAppealed(ClaimNotice):
    """The rejection is looked at again, with a new time to settle."""

    kind: ClassVar[str] = "claim_appealed"
    subject: ClassVar[str] = "Your appeal for {month} has arrived ({claim})"

    settle_by: str
