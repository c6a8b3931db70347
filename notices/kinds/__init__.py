"""What each mail says: one typed context for each kind, in words and figures ready to read."""

from notices.kinds.base import CustomerNotice, Notice, OperatorNotice
from notices.kinds.claims import (
    AppealLapsed,
    ClaimAppealed,
    ClaimApproved,
    ClaimCredited,
    ClaimFiled,
    ClaimNotice,
    ClaimRefused,
    ClaimRejected,
    ClaimTakenUp,
    ClaimWithdrawn,
    EvidenceLapsed,
    EvidenceWanted,
    SettlementMoved,
)
from notices.kinds.months import (
    EntitlementEnded,
    EntitlementLapsed,
    EntitlementOpened,
    EntitlementReminder,
    StatementCorrected,
)
from notices.kinds.operators import (
    OperatorDeadlineMissed,
    OperatorDeadlineWarning,
    OperatorMonthWaiting,
    OperatorUsageMissing,
)
from notices.kinds.people import Invitation, SignIn
from notices.kinds.versions import Change, OperatorNoticeFailed, VersionAnnounced, VersionWithdrawn

KINDS: dict[str, type[Notice]] = {
    notice.kind: notice
    for notice in (
        ClaimFiled,
        ClaimRefused,
        ClaimTakenUp,
        EvidenceWanted,
        EvidenceLapsed,
        SettlementMoved,
        ClaimApproved,
        ClaimCredited,
        ClaimRejected,
        AppealLapsed,
        ClaimWithdrawn,
        ClaimAppealed,
        EntitlementOpened,
        EntitlementReminder,
        EntitlementLapsed,
        EntitlementEnded,
        StatementCorrected,
        Invitation,
        SignIn,
        OperatorDeadlineWarning,
        OperatorDeadlineMissed,
        OperatorUsageMissing,
        OperatorMonthWaiting,
        VersionAnnounced,
        VersionWithdrawn,
        OperatorNoticeFailed,
    )
}

__all__ = [
    "KINDS",
    "AppealLapsed",
    "Change",
    "ClaimAppealed",
    "ClaimApproved",
    "ClaimCredited",
    "ClaimFiled",
    "ClaimNotice",
    "ClaimRefused",
    "ClaimRejected",
    "ClaimTakenUp",
    "ClaimWithdrawn",
    "CustomerNotice",
    "EntitlementEnded",
    "EntitlementLapsed",
    "EntitlementOpened",
    "EntitlementReminder",
    "EvidenceLapsed",
    "EvidenceWanted",
    "Invitation",
    "Notice",
    "OperatorDeadlineMissed",
    "OperatorDeadlineWarning",
    "OperatorMonthWaiting",
    "OperatorNotice",
    "OperatorNoticeFailed",
    "OperatorUsageMissing",
    "SettlementMoved",
    "SignIn",
    "StatementCorrected",
    "VersionAnnounced",
    "VersionWithdrawn",
]
