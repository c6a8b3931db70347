"""Claims given as histories of events: constants for the boring, arguments for what matters to a case."""

from datetime import date, datetime, timedelta
from fractions import Fraction
from typing import Final
from uuid import UUID

from claims.events import claim as happened
from claims.events.claim import EvidenceFile, Settlement
from claims.models.claim import Claim
from eventstore import Event, Private
from kernel.ids import derived
from kernel.intervals import Interval
from kernel.money import Money
from kernel.months import Month
from tests.personas import ACME, JONAS, MIRA

OCTOBER: Final = Month(2026, 10)


def at(written: str) -> datetime:
    """Read an instant: 2026-11-09T10:00Z."""
    return datetime.fromisoformat(written)


def dollars(amount: str) -> Money:
    """Give an amount in apicheap's currency."""
    return Money.of(amount, "USD")


MONDAY: Final = at("2026-11-09T10:00Z")
DUE: Final = at("2026-11-23T16:00Z")
TOLD: Final = Private(ACME, "a sealed text")
OUTAGE: Final = Interval(at("2026-10-20T10:00Z"), at("2026-10-21T10:00Z"))

SETTLEMENT: Final = Settlement(
    day_zero=date(2026, 11, 9),
    starts_at=at("2026-11-09T16:00Z"),
    due_at=DUE,
    warn_at=(at("2026-11-16T16:00Z"), at("2026-11-20T20:48Z")),
    zone="Asia/Hong_Kong",
)
LOG_FILE: Final = EvidenceFile(
    id=derived("evidence", "a log"), name=TOLD, media_type="text/plain", size=3, sha256="ab", stored_as="cd"
)

FILED: Final = happened.ClaimFiled(
    account=ACME,
    agreement="apicheap",
    month=OCTOBER,
    number=0,
    terms_version=1,
    received_at=MONDAY,
    times=(OUTAGE,),
    evidence=(LOG_FILE,),
    words=None,
    missing=(),
    bound=at("2026-11-21T00:00Z"),
    bound_from="incident",
    settlement=SETTLEMENT,
)
REFUSED: Final = happened.FilingRefused(
    account=ACME,
    agreement="apicheap",
    month=OCTOBER,
    terms_version=1,
    received_at=MONDAY,
    times=(),
    evidence=(),
    words=None,
    code="late",
    clause="§3.3",
    sentence="The claim came too late.",
    bound=None,
    existing=None,
)
TAKEN_UP: Final = happened.ClaimTakenUp(taken_up_by=MIRA.id)
ASKED: Final = happened.EvidenceRequested(
    parts=("evidence",),
    pausing=(),
    question=TOLD,
    requested_by=MIRA.id,
    requested_at=MONDAY,
    answer_due_at=DUE,
    settlement=SETTLEMENT,
)
EVIDENCE_ADDED: Final = happened.EvidenceAdded(evidence=(LOG_FILE,), words=None, added_by="ada")
TIMES_ADDED: Final = happened.TimesAdded(added=(OUTAGE,), times=(OUTAGE,), words=None, added_by="ada")
RESUMED: Final = happened.ClockResumed(parts=("times",), resumed_at=MONDAY, pauses=(), settlement=SETTLEMENT)
ANSWERED: Final = happened.RequestAnswered(parts=("evidence",), answered_at=MONDAY, pauses=(), settlement=SETTLEMENT)
LAPSED: Final = happened.RequestLapsed(parts=("evidence",), lapsed_at=DUE, pauses=(), settlement=SETTLEMENT)
DROPPED: Final = happened.RequestDropped(
    parts=("evidence",),
    reason="it is clear without it",
    dropped_by=MIRA.id,
    dropped_at=MONDAY,
    pauses=(),
    settlement=SETTLEMENT,
)
GRANTED: Final = happened.ContestGranted(
    stretch=OUTAGE, code="monitoring_failed", reason="the probe was down", granted_by=MIRA.id
)
DENIED: Final = happened.ContestDenied(
    stretch=OUTAGE, code="measured_up", reason="all probes answered", denied_by=MIRA.id
)
PREPARED_BY_MIRA: Final = happened.ClaimPrepared(
    statement_version=1, credit=dollars("50"), note="", prepared_by=MIRA.id
)
APPROVED: Final = happened.ClaimApproved(
    statement_version=1,
    terms_version=1,
    tier="pro",
    uptime=Fraction(94, 100),
    percent=Fraction(1, 4),
    base=dollars("200"),
    credit=dollars("50"),
    cap=dollars("100"),
    clause="§3.1",
    approved_by=JONAS.id,
    approved_at=MONDAY,
    because="examined",
)
REJECTED: Final = happened.ClaimRejected(
    statement_version=1,
    code="met",
    clause="§2.1",
    sentence="The month met its target.",
    rejected_by=MIRA.id,
    rejected_at=MONDAY,
    appeal_bound=at("2026-12-10T00:00Z"),
    final_at=None,
)
APPEALED: Final = happened.ClaimAppealed(words=TOLD, received_at=MONDAY, settlement=SETTLEMENT)
APPEAL_LAPSED: Final = happened.AppealLapsed(lapsed_at=at("2026-12-10T00:00Z"))
WITHDRAWN: Final = happened.ClaimWithdrawn(words=None, withdrawn_by="ada", withdrawn_at=MONDAY)
RAISED: Final = happened.CreditRaised(
    statement_version=2, before=dollars("50"), credit=dollars("60"), cap=dollars("100")
)
CREDITED: Final = happened.ClaimCredited(posted=dollars("50"), cycle=Month(2026, 11), credited_at=MONDAY)
DIFFERENCE: Final = happened.DifferenceCredited(
    statement_version=2,
    before=dollars("50"),
    credit=dollars("60"),
    cap=dollars("100"),
    posted=dollars("10"),
    posted_in_all=dollars("60"),
    cycle=Month(2026, 11),
)
REVERSED: Final = happened.CreditReversed(
    posting=1, amount=dollars("50"), posted_in_all=dollars("0"), reason="posted to the wrong month", reversed_by=MIRA.id
)
WARNED: Final = happened.SettlementWarned(moment=SETTLEMENT.warn_at[0], due_at=DUE, settlement=SETTLEMENT)
MOVED: Final = happened.SettlementMoved(
    settlement=SETTLEMENT, before=DUE, reason="the office was flooded", moved_by=MIRA.id
)
MISSED: Final = happened.SettlementMissed(due_at=DUE, then="escalate")

TO_STATE: Final[dict[str, tuple[Event, ...]]] = {
    "new": (),
    "filed": (FILED,),
    "verifying": (FILED, TAKEN_UP),
    "waiting": (FILED, TAKEN_UP, ASKED),
    "approved": (FILED, TAKEN_UP, APPROVED),
    "credited": (FILED, TAKEN_UP, APPROVED, CREDITED),
    "rejected": (FILED, TAKEN_UP, REJECTED),
    "appealed": (FILED, TAKEN_UP, REJECTED, APPEALED),
    "withdrawn": (FILED, WITHDRAWN),
    "refused": (REFUSED,),
}
EVERY_EVENT: Final[tuple[Event, ...]] = (
    FILED,
    REFUSED,
    TAKEN_UP,
    ASKED,
    EVIDENCE_ADDED,
    TIMES_ADDED,
    RESUMED,
    ANSWERED,
    LAPSED,
    DROPPED,
    GRANTED,
    DENIED,
    PREPARED_BY_MIRA,
    APPROVED,
    REJECTED,
    APPEALED,
    APPEAL_LAPSED,
    WITHDRAWN,
    RAISED,
    CREDITED,
    DIFFERENCE,
    REVERSED,
    WARNED,
    MOVED,
    MISSED,
)


def claim_after(*events: Event, stream: UUID | None = None) -> Claim:
    """Give a claim with this history, in memory, ready to record more."""
    row = Claim.fold(stream or derived("claim", "of a test"), events)
    row.open(now=MONDAY + timedelta(days=1))
    return row
