"""What a customer is told about a month: the credit it may claim, and corrections."""

from dataclasses import dataclass
from typing import ClassVar

from notices.kinds.base import CustomerNotice


@dataclass(frozen=True, kw_only=True)
class EntitlementNotice(CustomerNotice):
    """A month below its target; `credit` is empty while the month's usage is not known."""

    month: str
    uptime: str
    target: str
    percent: str
    credit: str
    file_by: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class EntitlementOpened(EntitlementNotice):
    """The account may claim a credit, by `file_by`."""

    kind: ClassVar[str] = "entitlement_opened"
    subject: ClassVar[str] = "{month} was below target: you can claim a credit"

    credit_clause: str


@dataclass(frozen=True, kw_only=True)
class EntitlementReminder(EntitlementNotice):
    """The time to claim ends soon; `left` as "7 days" or "1 day"."""

    kind: ClassVar[str] = "entitlement_reminder"
    subject: ClassVar[str] = "{left} left to claim your credit for {month}"

    left: str


@dataclass(frozen=True, kw_only=True)
class EntitlementLapsed(EntitlementNotice):
    """The time to claim has passed."""

    kind: ClassVar[str] = "entitlement_lapsed"
    subject: ClassVar[str] = "The time to claim a credit for {month} has passed"


@dataclass(frozen=True, kw_only=True)
class EntitlementEnded(CustomerNotice):
    """There is nothing to claim after all, for a reason."""

    kind: ClassVar[str] = "entitlement_ended"
    subject: ClassVar[str] = "{month}: no credit to claim any more"

    month: str
    reason: str
    clause: str


@dataclass(frozen=True, kw_only=True)
class StatementCorrected(CustomerNotice):
    """A closed month has a new version; `consequence` is the sentence that says what follows."""

    kind: ClassVar[str] = "statement_corrected"
    subject: ClassVar[str] = "Your statement for {month} was corrected"

    month: str
    version: str
    reason: str
    uptime_before: str
    uptime_after: str
    credit_before: str
    credit_after: str
    consequence: str
    clause: str
