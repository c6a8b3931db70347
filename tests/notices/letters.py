"""One of each notice, as an agreement's month would write it."""

from notices import kinds
from notices.kinds import Notice

_CUSTOMER = {
    "provider": "LOOM AGENCY LIMITED",
    "link": "https://sla.example/claims/C-7",
    "account": "Acme & Sons",
    "account_number": "A-1001",
    "contact": "admin@apicheap.net",
}
_CLAIM = {**_CUSTOMER, "month": "October 2026", "claim": "C-7", "clause": "§3.4"}
_FIGURES = {"uptime": "94.00 %", "target": "99.5 %", "percent": "25 %", "credit": "50.00 USD"}
_CONTESTED = {"starts_at": "7 October 2026, 10:00 (UTC)", "ends_at": "7 October 2026, 12:00 (UTC)"}
_ENTITLEMENT = {
    **_CUSTOMER,
    **_FIGURES,
    "month": "October 2026",
    "file_by": "Wednesday, 4 November 2026 (UTC)",
    "clause": "§3.3",
}
_OPERATORS = {"provider": "apicheap", "link": "https://sla.example/admin/claims/C-7"}
_SETTLE_BY = "Thursday, 19 November 2026 (Asia/Hong_Kong)"

FILED = kinds.ClaimFiled(
    **_CLAIM, filed_at="5 November 2026, 10:12 (UTC)", settle_by=_SETTLE_BY, missing=(), parts_clause=""
)
REJECTED = kinds.ClaimRejected(
    **_CLAIM, reason="The uptime of October was 99.61 %, above your target.", appeal_by="Saturday, 19 December 2026"
)
OPENED = kinds.EntitlementOpened(**_ENTITLEMENT, credit_clause="§3.1")
INVITATION = kinds.Invitation(
    provider="LOOM AGENCY LIMITED",
    link="https://sla.example/invitations/a-secret",
    account="Acme & Sons",
    inviter="Mira",
    role="owner",
    expires_at="Monday, 9 November 2026, 09:00 (UTC)",
)

LETTERS: tuple[Notice, ...] = (
    FILED,
    kinds.ClaimRefused(
        **_CLAIM,
        filed_at="5 November 2026, 10:12 (UTC)",
        reason="The claim came after the last day on which it could be filed.",
        remedy="You can ask for the decision to be looked at again.",
    ),
    kinds.ClaimTakenUp(**_CLAIM, settle_by=_SETTLE_BY),
    kinds.EvidenceWanted(
        **_CLAIM,
        wanted=("the times of the downtime", "an error log"),
        answer_by="Thursday, 19 November 2026",
        settle_by=_SETTLE_BY,
        pauses=True,
    ),
    kinds.EvidenceLapsed(**_CLAIM, wanted=("an error log",), settle_by=_SETTLE_BY),
    kinds.AnswerArrived(
        **_CLAIM, settle_by=_SETTLE_BY, wanted=("an error log",), answer_by="Tuesday, 24 November 2026 (Asia/Hong_Kong)"
    ),
    kinds.RequestDropped(
        **_CLAIM,
        wanted=("an error log",),
        reason="Our own log shows it.",
        settle_by=_SETTLE_BY,
        is_open=True,
    ),
    kinds.SettlementMoved(
        **_CLAIM,
        settled_by=_SETTLE_BY,
        settle_by="Thursday, 26 November 2026 (Asia/Hong_Kong)",
        reason="The report of the network operator is awaited.",
    ),
    kinds.ContestGranted(
        **_CLAIM,
        **_CONTESTED,
        finding="Our monitoring failed to see it.",
        reason="The probe in Frankfurt was down.",
        consequence="Our measurement is corrected for your account.",
    ),
    kinds.ContestDenied(
        **_CLAIM,
        **_CONTESTED,
        finding="The failures came from outside the service.",
        reason="The log shows a failure of name resolution.",
        remedy="Until the claim is decided you can add evidence.",
    ),
    kinds.ClaimApproved(
        **_CLAIM,
        **_FIGURES,
        usage="200.00 USD",
        settle_by=_SETTLE_BY,
        undecided=("7 October 2026, 10:00 (UTC) to 7 October 2026, 12:00 (UTC)",),
    ),
    kinds.CreditRaised(**_CLAIM, **_FIGURES, usage="200.00 USD", version="2", before="20.00 USD", settle_by=_SETTLE_BY),
    kinds.ClaimCredited(
        **_CLAIM,
        **_FIGURES,
        usage="200.00 USD",
        balance="62.50 USD",
        applies_to="the billing cycle of December 2026",
    ),
    kinds.CreditReversed(
        **_CLAIM, credit="50.00 USD", left="0.00 USD", balance="12.50 USD", reason="It was posted to the wrong account."
    ),
    REJECTED,
    kinds.AppealLapsed(**_CLAIM, appeal_by="Saturday, 19 December 2026 (UTC)"),
    kinds.ClaimWithdrawn(**_CLAIM, file_again_by="Wednesday, 4 November 2026 (UTC)", outage_open=False),
    kinds.ClaimAppealed(**_CLAIM, settle_by=_SETTLE_BY),
    OPENED,
    kinds.EntitlementReminder(**_ENTITLEMENT, left="7 days"),
    kinds.EntitlementLapsed(**_ENTITLEMENT),
    kinds.EntitlementEnded(
        **_CUSTOMER,
        month="October 2026",
        reason="The outage of 7 October was approved as a third-party outage.",
        clause="§4",
    ),
    kinds.StatementCorrected(
        **_CUSTOMER,
        month="October 2026",
        version="2",
        reason="Two probes were broken on 7 October.",
        uptime_before="94.00 %",
        uptime_after="93.10 %",
        credit_before="50.00 USD",
        credit_after="50.00 USD",
        consequence="The credit stays as it is.",
        clause="§2.2",
    ),
    INVITATION,
    kinds.SignIn(provider="Makegood", link="", about="Password reset", words="Hello,\n\nhttps://sla.example/reset/1"),
    kinds.OperatorDeadlineWarning(
        **_OPERATORS,
        what="claim C-7 of Acme & Sons",
        duty="credit it, or reject it with a reason",
        due=_SETTLE_BY,
        left="2 business days",
        clause="§3.4",
    ),
    kinds.OperatorDeadlineMissed(
        **_OPERATORS,
        what="claim C-7 of Acme & Sons",
        duty="credit it, or reject it with a reason",
        due=_SETTLE_BY,
        consequence="Nothing is paid for the delay (§7).",
        clause="§3.4",
    ),
    kinds.OperatorUsageMissing(
        **_OPERATORS, month="October 2026", count="2 accounts", accounts=("A-1001 Acme & Sons", "A-1002 Rival")
    ),
    kinds.OperatorMonthWaiting(
        **_OPERATORS,
        month="October 2026",
        reasons=("41 minutes are unknown", "an exclusion is undecided"),
        nearest_deadline=_SETTLE_BY,
    ),
    kinds.VersionAnnounced(
        **_CUSTOMER,
        agreement="Service Level Agreement of apicheap.net",
        version="2",
        begins_on="1 February 2027",
        begins_at="1 February 2027, 00:00 (UTC)",
        clause="§8",
        changes=(
            kinds.Change(
                clause="§2.1",
                what="Uptime target, Pro",
                old="99.5%",
                new="99.9%",
                sentence="Uptime target, Pro: 99.9% instead of 99.5%.",
            ),
        ),
    ),
    kinds.VersionWithdrawn(
        **_CUSTOMER,
        agreement="Service Level Agreement of apicheap.net",
        version="2",
        begins_on="1 February 2027",
        reason="We found a mistake in it.",
    ),
    kinds.TermsNegotiated(
        **_CUSTOMER,
        agreement="Service Level Agreement of apicheap.net",
        version="1",
        where="Order form 17, §2",
        agreed="20 November 2026",
        begins_on="1 January 2027",
        begins_at="1 January 2027, 00:00 (UTC)",
        ends_at="1 January 2028, 00:00 (UTC)",
        clause="§8",
        changes=(
            kinds.Change(
                clause="Order form 17, §2",
                what="Uptime target, Enterprise",
                old="99.9%",
                new="99.95%",
                sentence="Uptime target, Enterprise: 99.95% instead of 99.9%.",
            ),
        ),
    ),
    kinds.NegotiatedWithdrawn(
        **_CUSTOMER,
        agreement="Service Level Agreement of apicheap.net",
        version="1",
        begins_on="1 January 2027",
        reason="The order form was not signed.",
    ),
    kinds.OperatorNoticeFailed(
        **_OPERATORS,
        version="2",
        begins_on="1 February 2027",
        notice_until="2 January 2027, 00:00 (UTC)",
        count="1 account",
        accounts=("Acme & Sons",),
    ),
)
