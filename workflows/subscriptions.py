"""The subscriptions that `manage.py log run` feeds: what follows, and who is told."""

from agreements.events import NoticeFailed
from claims.events import claim, entitlement, period, statement
from eventstore import Event, Subscription
from eventstore.subscriptions import Handler
from workflows.following import HANDLERS, now_handling
from workflows.mails import claims, months, operators, versions
from workflows.mails.addressing import together

MAILS: dict[type[Event], Handler] = {
    claim.ClaimFiled: now_handling(claims.filed),
    claim.FilingRefused: now_handling(claims.refused),
    claim.ClaimTakenUp: now_handling(claims.taken_up),
    claim.EvidenceRequested: now_handling(claims.evidence_requested),
    claim.RequestLapsed: now_handling(claims.evidence_lapsed),
    claim.RequestAnswered: now_handling(claims.answer_arrived),
    claim.ClockResumed: now_handling(claims.answer_arrived),
    claim.RequestDropped: now_handling(claims.request_dropped),
    claim.SettlementMoved: now_handling(claims.settlement_moved),
    claim.ContestGranted: now_handling(claims.contest_granted),
    claim.ContestDenied: now_handling(claims.contest_denied),
    claim.ClaimApproved: now_handling(claims.approved),
    claim.CreditRaised: now_handling(claims.credit_raised),
    claim.ClaimCredited: now_handling(claims.credited),
    claim.DifferenceCredited: now_handling(claims.difference_credited),
    claim.CreditReversed: now_handling(claims.credit_reversed),
    claim.ClaimRejected: now_handling(claims.rejected),
    claim.AppealLapsed: now_handling(claims.appeal_lapsed),
    claim.ClaimAppealed: now_handling(claims.appealed),
    claim.ClaimWithdrawn: now_handling(claims.withdrawn),
    claim.SettlementWarned: now_handling(operators.settlement_warned),
    claim.SettlementMissed: now_handling(operators.settlement_missed),
    entitlement.EntitlementOpened: now_handling(months.opened),
    entitlement.EntitlementBoundMoved: now_handling(months.bound_known),
    entitlement.EntitlementReminded: now_handling(months.reminded),
    entitlement.EntitlementLapsed: now_handling(months.lapsed),
    entitlement.EntitlementEnded: now_handling(months.ended),
    statement.StatementCorrected: now_handling(months.corrected),
    period.PeriodWaiting: now_handling(operators.period_waiting),
    period.PeriodClosed: now_handling(operators.usage_missing),
    NoticeFailed: now_handling(versions.notice_failed),
}

FOLLOWING = Subscription("workflows", HANDLERS, batch=20)
TELLING = Subscription("mails", MAILS, batch=100, around=together)
SUBSCRIPTIONS: tuple[Subscription, ...] = (FOLLOWING, TELLING)
